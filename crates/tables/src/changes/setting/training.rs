//! How the layers learn.

use super::macros::one;
use super::{Setting, SettingGroup, read};
use crate::recipe::choice;

const OF: SettingGroup = SettingGroup::Training;

pub(super) const SETTINGS: [Setting; 11] = [
    one!(OF, epochs, read::whole, "Passes over the data at most").takes("N", "200").or("200"),
    one!(OF, batch_size, read::batch_size, "Rows per step; all for full batches")
        .takes("ROWS", "32")
        .or("32"),
    one!(OF, optimizer, |text| read::choice(choice::optimizer, text), "Update rule")
        .chooses("adam")
        .or("adam"),
    one!(OF, learning_rate, read::rate, "Learning rate, or find for a range test on this table")
        .takes("RATE|find", "0.001")
        .or("0.001")
        .also(&["lr"])
        .key("", "learning_rate"),
    one!(OF, schedule, |text| read::choice(choice::schedule, text), "Learning rate over time")
        .chooses("cosine")
        .or("constant"),
    one!(
        OF,
        l2,
        read::number,
        "Penalty on squared weights, part of the cost: l2 / 2m · Σ w², m the rows of a full batch"
    )
    .takes("LAMBDA", "0.2")
    .or("0.2; of a table of more than 700 rows 140 / rows"),
    one!(OF, l1, read::number, "Penalty on absolute weights: l1 / m · Σ abs(w)")
        .takes("LAMBDA", "0.1")
        .or("0"),
    one!(
        OF,
        weight_decay,
        read::number,
        "AdamW's pull of the weights to 0, no part of the cost; chooses adam-w"
    )
    .takes("RATE", "0.01"),
    one!(OF, clip, |text| read::choice(choice::clip, text), "Limit on the gradient")
        .chooses("{ norm = { max = 1 } }")
        .or("none"),
    one!(OF, label_smoothing, read::number, "Share of each class's target that goes to all classes alike")
        .takes("SHARE", "0.1")
        .or("0")
        .given_if(|changes| changes.label_smoothing.is_some_and(|share| share > 0.0)),
    one!(OF, seed, read::whole, "Decides all that is random").takes("N", "1").or("0"),
];
