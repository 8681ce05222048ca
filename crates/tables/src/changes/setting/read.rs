//! Texts as values of settings. What is wrong with one is said so that it can stand behind the setting's name.

use std::collections::BTreeMap;
use std::num::IntErrorKind;
use std::str::FromStr;

use nablab_data::prepare::Type;
use nablab_data::readable;
use serde::de::DeserializeOwned;

use crate::changes::list::names_in;
use crate::changes::{BatchSize, HeldOut, Rate};
use crate::recipe::{ClassWeight, by_name, canonical};
use crate::{Error, Threshold};

fn must_be(expected: &str, got: &str) -> String {
    let got = if got.is_empty() { "\"\"".into() } else { readable(got) };
    format!("must be {expected}, got {got}")
}

/// Something else is wrong with this text.
fn is_wrong(text: &str, what: &str) -> String {
    format!("{}: {what}", readable(text))
}

pub(super) fn number(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| must_be("a number", text))
}

pub(super) fn whole<N: FromStr<Err = std::num::ParseIntError>>(text: &str) -> Result<N, String> {
    text.parse().map_err(|error: std::num::ParseIntError| {
        let is_large = *error.kind() == IntErrorKind::PosOverflow;
        must_be(if is_large { "a whole number below 2^64" } else { "a whole number, 0 or more" }, text)
    })
}

pub(super) fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" => Ok(true),
        "no" | "false" => Ok(false),
        _ => Err(must_be("yes or no", text)),
    }
}

/// What says itself what is wrong.
pub(super) fn parsed<T: FromStr<Err = String>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|what: String| is_wrong(text, &what))
}

pub(super) fn list(text: &str) -> Result<Vec<String>, String> {
    names_in(text).map_err(|what| is_wrong(text, &what))
}

/// A single name, in quotes or not.
pub(super) fn name(text: &str) -> Result<String, String> {
    let quoted = text.strip_prefix('"').and_then(|_| <[String; 1]>::try_from(names_in(text).ok()?).ok());
    Ok(quoted.map_or_else(|| text.to_owned(), |[name]| name))
}

/// A choice without parameters.
pub(super) fn named<T: DeserializeOwned>(key: &str, text: &str) -> Result<T, String> {
    by_name(key, text).map_err(|what| is_wrong(text, &what))
}

/// A choice that may have parameters, written as in a recipe.
pub(super) fn choice<T>(read: fn(&str) -> Result<T, Error>, text: &str) -> Result<T, String> {
    read(text).map_err(|error| match error {
        Error::Recipe { what, .. } => is_wrong(text, &what),
        other => other.to_string(),
    })
}

pub(super) fn types(text: &str) -> Result<Vec<(String, Type)>, String> {
    let of = |item: &String| {
        let (column, of) = item.rsplit_once('=').ok_or_else(|| must_be("a list of COLUMN=TYPE", text))?;
        Ok((column.to_owned(), by_name("types", of).map_err(|what| is_wrong(item, &what))?))
    };
    list(text)?.iter().map(of).collect()
}

pub(super) fn class_weight(text: &str) -> Result<ClassWeight, String> {
    if !text.contains('=') {
        return named("class_weight", text);
    }
    let of = |item: &String| {
        let weight =
            item.rsplit_once('=').and_then(|(class, weight)| Some((class.to_owned(), weight.parse().ok()?)));
        weight.ok_or_else(|| must_be("balanced, or a list of CLASS=WEIGHT with numbers", item))
    };
    let weights = list(text)?.iter().map(of).collect::<Result<Vec<_>, _>>()?;
    Ok(ClassWeight::Of(once_each(weights.into_iter())?))
}

/// Each class has one weight: of two nobody knows which is meant.
pub(super) fn once_each(
    weights: impl Iterator<Item = (String, f64)>,
) -> Result<BTreeMap<String, f64>, String> {
    let mut once = BTreeMap::new();
    for (class, weight) in weights {
        if let Some(first) = once.insert(class.clone(), weight) {
            let class = readable(&class);
            return Err(format!("must be of each class once, got {class}={first} and {class}={weight}"));
        }
    }
    Ok(once)
}

pub(super) fn threshold(text: &str) -> Result<Threshold, String> {
    match text.parse() {
        Ok(at) => Ok(Threshold::At(at)),
        Err(_) => named("threshold", text).map(Threshold::Best),
    }
}

pub(super) fn held_out(text: &str) -> Result<HeldOut, String> {
    Ok(text.parse().map_or_else(|_| HeldOut::File(text.into()), HeldOut::Share))
}

pub(super) fn layers(text: &str) -> Result<Vec<usize>, String> {
    if text.trim().eq_ignore_ascii_case("none") {
        return Ok(Vec::new());
    }
    let layer =
        |units: &str| units.parse().map_err(|_| must_be("whole numbers separated by commas, or none", units));
    text.split(',').map(str::trim).map(layer).collect()
}

pub(super) fn rate(text: &str) -> Result<Rate, String> {
    match text {
        text if text.eq_ignore_ascii_case("find") => Ok(Rate::Find),
        text => text.parse().map(Rate::At).map_err(|_| must_be("a number, or find", text)),
    }
}

pub(super) fn batch_size(text: &str) -> Result<BatchSize, String> {
    match canonical("batch_size", text) {
        "all" => Ok(BatchSize::All),
        text => text.parse().map(BatchSize::Rows).map_err(|_| must_be("a whole number, or all", text)),
    }
}
