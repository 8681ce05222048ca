//! The settings of a training as flags, one for each that the library describes.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use nablab::tables::{Changes, Error, Setting, SettingGroup};

/// What is typed of each setting: of all, or only of how a file is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flags<const ALL: bool = true>(Vec<(&'static Setting, String)>);

/// How a file is read.
pub(crate) type ReadingFlags = Flags<false>;

impl<const ALL: bool> Flags<ALL> {
    fn settings() -> impl Iterator<Item = &'static Setting> {
        Setting::all().filter(|setting| ALL || setting.group == SettingGroup::Reading)
    }

    /// What is to be changed.
    pub(crate) fn changes(&self) -> Result<Changes, Error> {
        let mut changes = Changes::default();
        self.0.iter().try_for_each(|(setting, text)| setting.read(&mut changes, text))?;
        Ok(changes)
    }
}

impl<const ALL: bool> Args for Flags<ALL> {
    fn augment_args(command: Command) -> Command {
        command.args(Self::settings().map(arg))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<const ALL: bool> FromArgMatches for Flags<ALL> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let typed = |setting: &'static Setting| {
            let texts: Vec<String> = match setting.values {
                Some(_) => matches.get_many(setting.name).unwrap_or_default().cloned().collect(),
                None => vec!["yes".into(); usize::from(matches.get_flag(setting.name))],
            };
            texts.into_iter().map(move |text| (setting, text))
        };
        Ok(Self(Self::settings().flat_map(typed).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The flag of a setting.
pub(crate) fn flag(name: &str) -> String {
    format!("--{}", long(name))
}

fn long(name: &str) -> String {
    name.replace('_', "-")
}

fn arg(setting: &'static Setting) -> Arg {
    let arg = Arg::new(setting.name)
        .long(long(setting.name))
        .short(setting.letter)
        .visible_aliases(setting.aliases.iter().map(|alias| long(alias)))
        .help_heading(setting.group.title())
        .help(setting.described());
    match setting.values {
        // What comes again is read as well: a list grows, anything else is what was said last.
        Some(values) => arg.value_name(values).action(ArgAction::Append),
        None => arg.action(ArgAction::SetTrue),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use nablab::diagnosis::{Advice, Column, Evidence, Handling};
    use nablab::engine::{Hidden, Optimizer};
    use nablab::tables::Settings;
    use nablab_testing::samples;

    use super::*;

    /// Flags as they are pasted.
    #[derive(Parser)]
    struct Pasted {
        #[command(flatten)]
        flags: Flags,
    }

    fn changes(advice: &Advice) -> Changes {
        let words = shlex::split(&advice.flags()).unwrap();
        let pasted = Pasted::try_parse_from(["flags".to_owned()].into_iter().chain(words));
        pasted.unwrap_or_else(|refused| panic!("{refused}")).flags.changes().unwrap()
    }

    fn evidence(settings: &Settings) -> Evidence {
        let (name, source) = ("width, in \"mm\"".into(), "it's width".into());
        let column = Column { name, source, mean: 0.0, deviation: 1.0, is_indicator: false, alone: f64::NAN };
        let handling = Handling { is_scaled: true, ..Handling::default() };
        let settings = Some(settings.training.clone());
        Evidence { settings, handling, rows: 500, columns: vec![column], ..Evidence::default() }
    }

    /// Whatever is advised is a flag that the command takes, means what the advice means, and changes something.
    #[test]
    fn advice_can_be_pasted() {
        let of = |hidden: &[Hidden]| {
            let mut settings = Settings::default();
            settings.training.hidden = hidden.to_vec();
            settings
        };
        let normalised = Hidden { batch_norm: true, dropout: 0.5, ..Hidden::relu(300) };
        let by_memory = Settings::by(Optimizer::LBfgs { memory: 10 });
        let mut used = 0;
        for settings in [Settings::default(), of(&[]), of(&[normalised; 2]), by_memory] {
            let evidence = evidence(&settings);
            for advice in samples().iter().flat_map(|finding| finding.advice(&evidence)) {
                used += 1;
                // Folds are many trainings, not another one.
                let Some(meant) = Changes::of(&advice) else { continue };
                assert_eq!(changes(&advice), meant, "{}", advice.flags());
                let mut changed = settings.clone();
                meant.apply(&mut changed).unwrap_or_else(|error| panic!("{}: {error}", advice.flags()));
                let acts = changed != settings || meant.finds_learning_rate();
                assert!(acts, "{} changes nothing", advice.flags());
            }
        }
        assert!(used > 100, "{used}");
    }

    /// A name that a shell or a list would take apart is quoted, or not advised; what is ignored already stays so.
    #[test]
    fn names_are_quoted() {
        let mut evidence = evidence(&Settings::default());
        evidence.handling.ignored = vec!["id".into()];
        let leak = samples().into_iter().find(|finding| finding.code() == "leaking-feature").unwrap();
        let ignored = |evidence: &Evidence| changes(&leak.advice(evidence)[0]).ignore.unwrap();
        assert_eq!(ignored(&evidence), ["id", "it's width"]);
        evidence.columns[0].source = "a,b".into();
        assert_eq!(ignored(&evidence), ["id", "a,b"]);
        evidence.columns[0].source = "a\nb".into();
        assert_eq!(leak.advice(&evidence), []);
    }
}
