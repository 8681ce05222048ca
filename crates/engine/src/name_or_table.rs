//! Lets a recipe say `"adam"` where it means `{ adam = {} }`: a choice with all its fields left at default.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, MapDeserializer};
use serde::de::{IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Read an externally tagged enum from its bare name or from a table; for `#[serde(deserialize_with)]`.
pub fn name_or_table<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(NameOrTable(PhantomData))
}

struct NameOrTable<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for NameOrTable<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name such as \"adam\", or a table such as { adam = { beta1 = 0.9 } }")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<T, E> {
        let no_fields = MapDeserializer::new(std::iter::empty::<(&str, &str)>());
        let table = MapDeserializer::new(std::iter::once((name, FieldsLeftOut(no_fields))));
        // A variant without fields reads from the name alone; its error is also the better one, since it
        // lists the names there are.
        T::deserialize(MapAccessDeserializer::new(table)).or_else(|table_error: E| {
            T::deserialize(name.into_deserializer()).map_err(|error: E| {
                // A known name whose fields have no default: say which field is missing.
                if error.to_string().contains("unknown variant") { error } else { table_error }
            })
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

/// `{}` as a value inside a map.
struct FieldsLeftOut<D>(D);

impl<'de, D: Deserializer<'de>> IntoDeserializer<'de, D::Error> for FieldsLeftOut<D> {
    type Deserializer = D;
    fn into_deserializer(self) -> D {
        self.0
    }
}
