//! How much the rows of a class count in the loss.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// How much the rows of a class count in the loss.
///
/// ```
/// use nablab_tables::Settings;
/// use nablab_tables::recipe::ClassWeight;
/// let of = |text: &str| Settings::from_toml(text, "r.toml").map(|settings| settings.data.class_weight);
/// assert_eq!(of("[data]\nclass_weight = \"balanced\"")?, ClassWeight::Balanced);
/// let weights = of("[data]\nclass_weight = { yes = 2 }")?;
/// assert_eq!(weights, ClassWeight::Of([("yes".into(), 2.0)].into()));
/// # Ok::<(), nablab_tables::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ClassWeight {
    /// Every row the same.
    #[default]
    None,
    /// Every class the same: a row counts rows / (classes · rows of its class), as in scikit-learn.
    Balanced,
    /// A row of a class that is named counts so much relative to the rows of other classes, any other 1. The loss is Σ w · loss / Σ w:
    /// weights are scaled to a mean of 1, so that those of 2 for every class are as none. Where all rows are one batch, a weight of
    /// k is as k copies of the row against the penalty, too, as with scikit-learn's `class_weight`; in smaller batches the penalty is
    /// divided by the rows of a batch, whatever they weigh.
    Of(BTreeMap<String, f64>),
}

const NONE: &str = "none";
const BALANCED: &str = "balanced";

impl fmt::Display for ClassWeight {
    /// `balanced`, or `no = 1, yes = 2`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str(NONE),
            Self::Balanced => f.write_str(BALANCED),
            Self::Of(weights) => {
                let weights = weights.iter().map(|(class, weight)| format!("{class} = {weight}"));
                f.write_str(&weights.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

impl Serialize for ClassWeight {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => to.serialize_str(NONE),
            Self::Balanced => to.serialize_str(BALANCED),
            Self::Of(weights) => weights.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for ClassWeight {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct NameOrWeights;

        impl<'de> Visitor<'de> for NameOrWeights {
            type Value = ClassWeight;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("none, balanced, or a table such as { yes = 2.0 }")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<ClassWeight, E> {
                match name {
                    NONE => Ok(ClassWeight::None),
                    BALANCED => Ok(ClassWeight::Balanced),
                    other => Err(E::unknown_variant(other, &[NONE, BALANCED])),
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, weights: A) -> Result<ClassWeight, A::Error> {
                let weights = BTreeMap::deserialize(MapAccessDeserializer::new(weights))?;
                match weights.is_empty() {
                    true => Err(A::Error::invalid_length(0, &self)),
                    false => Ok(ClassWeight::Of(weights)),
                }
            }
        }
        from.deserialize_any(NameOrWeights)
    }
}
