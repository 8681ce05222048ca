//! Every setting that people can change, described once: its name, what it means, and how its text is read. A command makes flags
//! of them, a function keyword arguments, a page a form.

mod data;
mod judging;
mod macros;
mod network;
mod read;
mod reading;
mod training;

use super::Changes;
use crate::Error;
use crate::recipe::{names_of, plain};

/// One setting: what it is called, what it means, and how its text is read.
///
/// ```
/// use nablab_tables::{Changes, Rate, Setting};
/// let rate = Setting::named("lr").unwrap();
/// assert_eq!((rate.name, rate.default), ("learning_rate", Some("0.001")));
/// let mut changes = Changes::default();
/// rate.read(&mut changes, "0.01")?;
/// assert_eq!(changes.learning_rate, Some(Rate::At(0.01)));
/// let error = rate.read(&mut changes, "fast").unwrap_err().to_string();
/// assert_eq!(error, "`learning_rate` must be a number, or find, got fast\nhint: such as 0.001");
/// # Ok::<(), nablab_tables::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name in [`Changes`]; a flag has `-` for `_`.
    pub name: &'static str,
    /// What it is called elsewhere.
    pub aliases: &'static [&'static str],
    /// Its letter, where it has one.
    pub letter: Option<char>,
    /// What it belongs to.
    pub group: SettingGroup,
    /// What it means.
    pub meaning: &'static str,
    /// What its text looks like; none for a switch, which is there or not.
    pub values: Option<&'static str>,
    /// A text that it takes.
    pub example: &'static str,
    /// What it is where nothing is said, if that is anything.
    pub default: Option<&'static str>,
    /// Where it stands in a recipe, if it has another name there or elsewhere: the table, and the key.
    pub(crate) key: Option<(&'static str, &'static str)>,
    is_choice: bool,
    read: Read,
    is_given: fn(&Changes) -> bool,
}

/// Reads a text, or says what is wrong with it: `must be …, got …`.
type Read = fn(&mut Changes, &str) -> Result<(), String>;

/// What settings belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingGroup {
    /// What is predicted, and from what.
    Data,
    /// Which rows judge, and when the training stops.
    Judging,
    /// The layers.
    Network,
    /// How they learn.
    Training,
    /// How a file is read.
    Reading,
}

impl SettingGroup {
    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Data => "Data",
            Self::Judging => "Judging and stopping",
            Self::Network => "Network",
            Self::Training => "Training",
            Self::Reading => "How the file is read",
        }
    }
}

impl Setting {
    /// All of them, group by group.
    ///
    /// ```
    /// use nablab_tables::Setting;
    /// let switches = Setting::all().filter(|setting| setting.values.is_none());
    /// assert!(switches.map(|setting| setting.name).eq(["drop_missing_target", "batch_norm"]));
    /// ```
    pub fn all() -> impl Iterator<Item = &'static Self> {
        let groups: [&[Self]; 5] = [
            &data::SETTINGS,
            &judging::SETTINGS,
            &network::SETTINGS,
            &training::SETTINGS,
            &reading::SETTINGS,
        ];
        groups.into_iter().flatten()
    }

    /// The one with this name, or with this alias, however that is written.
    pub fn named(name: &str) -> Option<&'static Self> {
        let name = plain(name);
        Self::all().find(|setting| {
            plain(setting.name) == name || setting.aliases.iter().any(|alias| plain(alias) == name)
        })
    }

    /// The names to choose from, where it is a choice.
    ///
    /// ```
    /// use nablab_tables::Setting;
    /// let names = Setting::named("scaling").unwrap().choices();
    /// assert!(names.eq(["standard", "min-max", "robust", "none"]));
    /// ```
    pub fn choices(&self) -> impl Iterator<Item = &'static str> + use<> {
        names_of(if self.is_choice { self.name } else { "" })
    }

    /// What it means, with its choices and its default.
    ///
    /// ```
    /// use nablab_tables::Setting;
    /// let said = Setting::named("precision").unwrap().described();
    /// assert_eq!(said, "Number type: f32, f64 [default: f32]");
    /// ```
    pub fn described(&self) -> String {
        let choices: Vec<_> = self.choices().collect();
        let colon = if choices.is_empty() { "" } else { ": " };
        let default = self.default.map_or_else(String::new, |default| format!(" [default: {default}]"));
        format!("{}{colon}{}{default}", self.meaning, choices.join(", "))
    }

    /// Change what the text says; a list grows, anything else is what was said last. A switch takes yes and no.
    ///
    /// # Errors
    /// [`Error::Value`].
    pub fn read(&self, changes: &mut Changes, text: &str) -> Result<(), Error> {
        (self.read)(changes, text).map_err(|what| Error::Value {
            setting: self.name,
            what,
            example: self.example,
        })
    }

    /// It changes something. A share or count of 0 that only says the default again does not.
    pub(super) fn is_given(&self, changes: &Changes) -> bool {
        (self.is_given)(changes)
    }
}

/// A setting, piece by piece.
impl Setting {
    const fn new(
        name: &'static str,
        group: SettingGroup,
        meaning: &'static str,
        read: Read,
        is_given: fn(&Changes) -> bool,
    ) -> Self {
        Self {
            name,
            aliases: &[],
            letter: None,
            group,
            meaning,
            values: None,
            example: "yes",
            default: None,
            key: None,
            is_choice: false,
            read,
            is_given,
        }
    }

    const fn takes(self, values: &'static str, example: &'static str) -> Self {
        Self { values: Some(values), example, ..self }
    }

    /// A name, or a name with parameters.
    const fn chooses(self, example: &'static str) -> Self {
        Self { is_choice: true, ..self.takes("NAME", example) }
    }

    const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    /// It stands under this key of a recipe's table.
    const fn key(self, table: &'static str, key: &'static str) -> Self {
        Self { key: Some((table, key)), ..self }
    }

    const fn also(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    const fn letter(self, letter: char) -> Self {
        Self { letter: Some(letter), ..self }
    }

    const fn given_if(self, is_given: fn(&Changes) -> bool) -> Self {
        Self { is_given, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::ClassWeight;

    fn read(setting: &Setting, texts: &[&str]) -> Changes {
        let mut changes = Changes::default();
        texts.iter().for_each(|text| setting.read(&mut changes, text).unwrap());
        changes
    }

    #[test]
    fn no_name_means_two_settings() {
        let mut names: Vec<String> = Setting::all()
            .flat_map(|setting| setting.aliases.iter().chain([&setting.name]))
            .map(|n| plain(n))
            .collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
        let mut letters: Vec<_> = Setting::all().filter_map(|setting| setting.letter).collect();
        letters.dedup();
        assert_eq!(letters, ['t']);
    }

    /// Of two weights of a class nobody knows which is meant; of several classes they may come one by one.
    #[test]
    fn a_class_has_one_weight() {
        let setting = Setting::all().find(|setting| setting.name == "class_weight").unwrap();
        let both = read(setting, &["yes=2", "no=5"]).class_weight;
        assert_eq!(both, Some(ClassWeight::Of([("no".into(), 5.0), ("yes".into(), 2.0)].into())));
        for texts in [&["yes=2,yes=5"][..], &["yes=2", "no=1,yes=5"]] {
            let mut changes = Changes::default();
            let read: Result<Vec<()>, _> =
                texts.iter().map(|text| setting.read(&mut changes, text)).collect();
            let error = read.unwrap_err().to_string();
            assert!(error.contains("must be of each class once, got yes=2 and yes=5"), "{error}");
        }
    }

    /// What is shown as an example is read, and each setting changes something of its own.
    #[test]
    fn examples_are_read() {
        let mut seen = Vec::new();
        for setting in Setting::all() {
            let changes = read(setting, &[setting.example]);
            assert!(setting.is_given(&changes), "{}", setting.name);
            let others: Vec<_> = Setting::all().filter(|other| other.is_given(&changes)).collect();
            assert_eq!(others.len(), 1, "{}", setting.name);
            assert!(!seen.contains(&changes), "{}", setting.name);
            seen.push(changes);
        }
    }

    #[test]
    fn every_change_has_a_setting() {
        let mut changes = Changes::default();
        for setting in Setting::all() {
            setting.read(&mut changes, setting.example).unwrap();
        }
        let said = format!("{changes:?}");
        assert!(!["None", "false", "[]"].iter().any(|nothing| said.contains(nothing)), "{said}");
    }

    /// All names of a choice can be read, but those that need values, which are answered with an example.
    #[test]
    fn choices_are_read() {
        let mut read = 0;
        for setting in Setting::all() {
            for name in setting.choices() {
                match setting.read(&mut Changes::default(), name) {
                    Ok(()) => read += 1,
                    Err(error) => assert!(error.to_string().contains("it needs a value"), "{error}"),
                }
            }
        }
        assert!(read > 30, "{read}");
    }

    #[test]
    fn lists_grow_and_other_settings_are_what_was_said_last() {
        let of = |name: &str, texts: &[&str]| read(Setting::named(name).unwrap(), texts);
        assert_eq!(of("ignore", &["a", "\"b,c\",d"]).ignore.unwrap(), ["a", "b,c", "d"]);
        assert_eq!(of("types", &["a=date", "b=number"]).types.len(), 2);
        assert_eq!(of("epochs", &["3", "4"]).epochs, Some(4));
        assert_eq!(of("group", &["\"a,b\""]).group.unwrap(), "a,b");
        assert_eq!(of("layers", &[" None "]).layers.unwrap(), [0; 0]);
        assert!(!of("batch_norm", &["no"]).batch_norm);
    }

    #[test]
    fn what_cannot_be_read_is_answered_with_what_can() {
        for (name, text, said) in [
            ("epochs", "ten", "`epochs` must be a whole number, 0 or more, got ten\nhint: such as 200"),
            (
                "epochs",
                "99999999999999999999",
                "must be a whole number below 2^64, got 99999999999999999999\nhint",
            ),
            ("dropout", "", "`dropout` must be a number, got \"\"\nhint: such as 0.2"),
            ("ignore", "a,\"b", "`ignore` a,\"b: a quote is not closed"),
            ("types", "district", "must be a list of COLUMN=TYPE, got district"),
            ("types", "a=dat", "`types` a=dat: unknown name `dat`: did you mean `date`?"),
            ("scaling", "standrad", "`scaling` standrad: unknown name `standrad`: did you mean `standard`?"),
            ("header", "maybe", "`header` must be yes or no, got maybe"),
            ("decimal", "dot", "`decimal` dot: expected point or comma, got \"dot\""),
        ] {
            let setting = Setting::named(name).unwrap();
            let error = setting.read(&mut Changes::default(), text).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
