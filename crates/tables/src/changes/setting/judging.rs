//! Which rows judge, and when the training stops.

use super::macros::one;
use super::{Setting, SettingGroup, read};

const OF: SettingGroup = SettingGroup::Judging;

pub(super) const SETTINGS: [Setting; 5] = [
    one!(OF, validation, read::held_out, "Validation rows, which are not learned from: a share of the table, or another table; 0 for none")
        .takes("SHARE|FILE", "0.2")
        .or("0.1"),
    one!(OF, group, read::name, "Rows with the same value in this column are held out together").takes("COLUMN", "patient"),
    one!(
        OF,
        validation_by,
        read::name,
        "Hold out the last rows by this column of numbers or dates; in a cross-validation, each fold is judged by what was \
         before it"
    )
    .takes("COLUMN", "when")
    .key("validation", "by"),
    one!(OF, early_stopping, read::whole, "Stop after N epochs without a lower validation loss, and keep the best; 0 for never")
        .takes("N", "20")
        .or("0; of a table of more than 700 rows 40, except with l-bfgs")
    .also(&["patience"])
    .key("validation", "patience")
        .given_if(|changes| changes.early_stopping.is_some_and(|epochs| epochs > 0)),
    one!(
        OF,
        threshold,
        read::threshold,
        "From which probability on the second of two classes is predicted: a number, or f1 or balanced-accuracy, which is to be \
         high on the validation rows"
    )
    .takes("P|METRIC", "0.3")
    .or("0.5"),
];
