//! The layers.

use super::macros::{one, switch};
use super::{Setting, SettingGroup, read};
use crate::recipe::choice;

const OF: SettingGroup = SettingGroup::Network;

pub(super) const SETTINGS: [Setting; 6] = [
    one!(OF, layers, read::layers, "Units of the hidden layers; none for a linear model")
        .takes("UNITS", "64,32")
        .or("128,64")
        .also(&["hidden"])
        .key("", "hidden"),
    one!(OF, activation, |text| read::choice(choice::activation, text), "Activation of the hidden layers")
        .chooses("tanh")
        .or("relu"),
    one!(OF, init, |text| read::choice(choice::init, text), "Initial weights").chooses("xavier").or("he"),
    one!(OF, dropout, read::number, "Share of the hidden units silenced while training")
        .takes("RATE", "0.2")
        .or("0.2")
        .given_if(|changes| changes.dropout.is_some_and(|rate| rate > 0.0)),
    switch!(OF, batch_norm, "Normalise the hidden units over each batch"),
    one!(OF, precision, |text| read::named("precision", text), "Number type").chooses("f64").or("f32"),
];
