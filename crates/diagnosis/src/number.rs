//! Numbers in JSON, which has no infinity and no not-a-number: these are the texts `inf`, `-inf` and `nan`.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Number {
    Finite(f64),
    Text(String),
}

impl From<f64> for Number {
    fn from(v: f64) -> Self {
        if v.is_finite() { Self::Finite(v) } else { Self::Text(v.to_string().to_lowercase()) }
    }
}

impl Number {
    fn value<E: Error>(self) -> Result<f64, E> {
        match self {
            Self::Finite(v) => Ok(v),
            Self::Text(text) => {
                text.parse().map_err(|_| E::custom(format!("expected a number, got {text:?}")))
            }
        }
    }
}

pub(crate) fn serialize<S: Serializer>(v: &f64, to: S) -> Result<S::Ok, S::Error> {
    Number::from(*v).serialize(to)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    Number::deserialize(from)?.value()
}

/// Several of them.
pub(crate) mod list {
    use super::{Deserialize, Deserializer, Number, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(numbers: &[f64], to: S) -> Result<S::Ok, S::Error> {
        numbers.iter().map(|&v| Number::from(v)).collect::<Vec<_>>().serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f64>, D::Error> {
        Vec::<Number>::deserialize(from)?.into_iter().map(Number::value).collect()
    }
}
