//! Words in which settings are named, as data: a flag, an argument and a field of a form are written each in its own way.

use std::fmt;

/// Words in which settings are named. A library says what may help; a door writes the settings as they are set there.
///
/// ```
/// use nablab_data::Wording;
/// let hint = Wording::with_settings("[scaling standard] makes large numbers small, or ").set("types", "v=date").and(" helps");
/// assert_eq!(hint.to_string(), "`scaling` standard makes large numbers small, or `types` v=date helps");
/// let flag = |name: &str, value: Option<&str>| format!("--{name} {}", value.unwrap_or_default());
/// assert_eq!(hint.worded(&flag), "--scaling standard makes large numbers small, or --types v=date helps");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Words(String),
    Setting { name: &'static str, value: Option<String> },
}

impl Wording {
    /// Words of ours, in which each setting stands in brackets: its name, and perhaps a value behind it.
    pub fn with_settings(text: &'static str) -> Self {
        let mut parts = Vec::new();
        for piece in text.split_inclusive(']') {
            let (words, setting) = piece.split_once('[').unwrap_or((piece, ""));
            parts.push(Part::Words(words.to_owned()));
            if let Some(setting) = setting.strip_suffix(']') {
                let (name, value) =
                    setting.split_once(' ').map_or((setting, None), |(name, v)| (name, Some(v)));
                parts.push(Part::Setting { name, value: value.map(str::to_owned) });
            }
        }
        Self(parts)
    }

    /// And a setting with a value.
    pub fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push(Part::Setting { name, value: Some(value.into()) });
        self
    }

    /// And more words, plain or with settings.
    pub fn and(mut self, more: impl Into<Self>) -> Self {
        self.0.extend(more.into().0);
        self
    }

    /// The words, with each setting, and its value if there is one, as `setting` writes it.
    pub fn worded(&self, setting: &dyn Fn(&str, Option<&str>) -> String) -> String {
        let word = |part: &Part| match part {
            Part::Words(words) => words.clone(),
            Part::Setting { name, value } => setting(name, value.as_deref()),
        };
        self.0.iter().map(word).collect()
    }
}

impl fmt::Display for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let setting = |name: &str, value: Option<&str>| match value {
            Some("") => format!("`{name}` \"\""),
            Some(value) => format!("`{name}` {value}"),
            None => format!("`{name}`"),
        };
        f.write_str(&self.worded(&setting))
    }
}

/// Words that name no setting.
impl From<String> for Wording {
    fn from(words: String) -> Self {
        Self(vec![Part::Words(words)])
    }
}

/// Words that name no setting.
impl From<&str> for Wording {
    fn from(words: &str) -> Self {
        words.to_owned().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_else_wrote_names_no_setting() {
        let flag = |name: &str, _: Option<&str>| format!("--{name}");
        assert_eq!(Wording::from("a column [types]").worded(&flag), "a column [types]");
        let said =
            Wording::with_settings("[missing], or ").and("[a]").and(Wording::with_settings(" [header no]."));
        assert_eq!(said.worded(&flag), "--missing, or [a] --header.");
    }
}
