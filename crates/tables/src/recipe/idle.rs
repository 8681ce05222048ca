//! What would be asked for and do nothing: refused or warned of, so that nobody waits for it.

use nablab_data::Wording;
use nablab_engine::{Init, Schedule, Seed};

use super::{Settings, Validation};
use crate::{Error, Threshold};

/// A setting that cannot act beside another one.
struct Idle {
    field: &'static str,
    /// Its value, where it is given and would do nothing.
    got: fn(&Settings) -> Option<String>,
    /// As [`Wording::with_settings`] takes it.
    expected: &'static str,
}

/// Rows of the table itself are held out.
fn is_cut(settings: &Settings) -> bool {
    let Validation { fold, file, share, .. } = &settings.validation;
    fold.is_some() || (file.is_none() && *share > 0.0)
}

/// What the threshold is to make high.
fn chosen(settings: &Settings) -> Option<String> {
    match settings.validation.threshold {
        Some(Threshold::Best(goal)) => Some(goal.name().into()),
        _ => None,
    }
}

const REFUSED: [Idle; 12] = [
    Idle {
        field: "data.weight",
        got: |s| s.data.weight.clone().filter(|weight| s.data.target.contains(weight)),
        expected: "another column than the target: a weight says how much a row counts, not what it is",
    },
    Idle {
        field: "data.ignore",
        got: |s| s.data.ignore.iter().find(|name| s.data.target.contains(name)).cloned(),
        expected: "without the target, which is not learned from anyway",
    },
    Idle {
        field: "data.features",
        got: |s| s.data.features.iter().find(|name| s.data.target.contains(name)).cloned(),
        expected: "without the target: it is what is to be told from the others",
    },
    Idle {
        field: "validation.patience",
        got: |s| {
            (s.validation.patience > 0 && !s.validation.is_wanted())
                .then(|| s.validation.patience.to_string())
        },
        expected: "0 where no rows are held out: [early_stopping] waits for their loss, and [validation 0.1] holds some out",
    },
    Idle {
        field: "validation.group",
        got: |s| s.validation.group.clone().filter(|_| !is_cut(s)),
        expected: "left away where no rows of the table are held out: [group] says which of them are held out together, and \
                   [ignore] that a column is not learned from",
    },
    Idle {
        field: "validation.group",
        got: |s| s.validation.group.clone().filter(|group| s.data.target.contains(group)),
        expected: "another column than the target: rows held out would be of classes that nobody has learned",
    },
    Idle {
        field: "validation.by",
        got: |s| s.validation.by.clone().filter(|_| !is_cut(s)),
        expected: "left away where no rows of the table are held out: [validation_by] says which of them are the last",
    },
    Idle {
        field: "validation.by",
        got: |s| s.validation.by.clone().filter(|_| s.validation.group.is_some()),
        expected: "left away beside a group: [group] keeps rows together wherever they are in time, [validation_by] cuts the \
                   table at a time",
    },
    Idle {
        field: "validation.by",
        got: |s| s.validation.by.clone().filter(|by| s.data.target.contains(by)),
        expected: "another column than the target, by which nothing may be chosen before it is known",
    },
    Idle {
        field: "validation.file",
        got: |s| {
            s.validation
                .file
                .as_ref()
                .filter(|_| s.validation.fold.is_some())
                .map(|file| file.display().to_string())
        },
        expected: "left away in a cross-validation, which judges on parts of the table itself",
    },
    Idle {
        field: "validation.threshold",
        got: |s| chosen(s).filter(|_| !s.validation.is_wanted()),
        expected: "a number where no rows are held out: on those it is chosen, and [validation 0.1] holds some out",
    },
    Idle {
        field: "validation.threshold",
        got: |s| chosen(s).filter(|_| s.validation.fold.is_some()),
        expected: "a number in a cross-validation: rows that choose a threshold cannot judge it",
    },
];

/// What would do nothing, as a sentence that [`Wording::with_settings`] takes.
type Warning = (fn(&Settings) -> bool, &'static str);

const WARNINGS: [Warning; 4] = [
    (
        |s| s.validation.patience > 0 && s.validation.patience >= s.training.epochs,
        "early stopping waits for as many epochs as there are: it never stops; more [epochs], or a smaller [early_stopping]",
    ),
    (
        |s| matches!(s.training.schedule, Schedule::Cosine { warmup, .. } if warmup > 0.0 && warmup >= s.training.epochs as f64),
        "the warm-up is as long as the training: the learning rate only rises; more [epochs], or a shorter warm-up",
    ),
    (
        |s| {
            let epochs = s.training.epochs as f64;
            match s.training.schedule {
                Schedule::Constant => false,
                Schedule::Step { every, factor } => factor == 1.0 || every >= epochs,
                Schedule::Exponential { factor } => factor == 1.0,
                Schedule::InverseTime { decay } => decay == 0.0,
                Schedule::Cosine { warmup, floor } => warmup == 0.0 && floor == 1.0,
            }
        },
        "the schedule never changes the learning rate in so many epochs: more [epochs], or another [schedule]",
    ),
    (
        |s| {
            let draws_weights = s.training.init != Init::Zeros;
            let drops = s.training.hidden.iter().any(|layer| layer.dropout > 0.0);
            let draws_rows =
                s.validation.is_wanted() && s.validation.file.is_none() && s.validation.by.is_none();
            let is_other = s.training.seed != Seed::Streams(0);
            is_other && !draws_weights && !drops && !draws_rows && s.training.batch_size.is_none()
        },
        "the seed decides nothing: no weights, batches, units or rows are drawn",
    ),
];

impl Settings {
    /// Refuse what would do nothing.
    pub(super) fn check_idle(&self) -> Result<(), Error> {
        let idle = REFUSED.iter().find_map(|idle| Some((idle, (idle.got)(self)?)));
        idle.map_or(Ok(()), |(Idle { field, expected, .. }, got)| {
            Err(Error::Setting { field, expected: Wording::with_settings(expected), got })
        })
    }

    /// What is asked for and will do nothing, a sentence each.
    pub fn warnings(&self) -> Vec<Wording> {
        let idle = WARNINGS.iter().filter(|(is_idle, _)| is_idle(self));
        idle.map(|(_, said)| Wording::with_settings(said)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Settings {
        Settings::from_toml(text, "r.toml").unwrap()
    }

    #[test]
    fn what_cannot_act_is_refused() {
        for (text, field) in [
            ("[data]\ntarget = [\"y\"]\nweight = \"y\"", "data.weight"),
            ("[data]\ntarget = [\"y\"]\nignore = [\"a\", \"y\"]", "data.ignore"),
            ("[data]\ntarget = [\"y\"]\nfeatures = [\"y\"]", "data.features"),
            ("[validation]\npatience = 5\nshare = 0.0", "validation.patience"),
            ("[validation]\ngroup = \"g\"\nshare = 0.0", "validation.group"),
            ("[data]\ntarget = [\"y\"]\n[validation]\ngroup = \"y\"", "validation.group"),
            ("[validation]\ngroup = \"g\"\nfile = \"v.csv\"", "validation.group"),
            ("[validation]\nby = \"t\"\nshare = 0.0", "validation.by"),
            ("[validation]\nby = \"t\"\nfile = \"v.csv\"", "validation.by"),
            ("[validation]\nby = \"t\"\ngroup = \"g\"", "validation.by"),
            ("[data]\ntarget = [\"t\"]\n[validation]\nby = \"t\"", "validation.by"),
            ("[validation]\nfile = \"v.csv\"\nfold = { number = 1, of = 3 }", "validation.file"),
            ("[validation]\nthreshold = \"f1\"\nshare = 0.0", "validation.threshold"),
            ("[validation]\nthreshold = \"f1\"\nfold = { number = 1, of = 3 }", "validation.threshold"),
            ("[validation]\nthreshold = 1.0", "validation.threshold"),
        ] {
            let said = settings(text).check().unwrap_err().to_string();
            assert!(said.starts_with(&format!("`{field}` must be ")), "{text}: {said}");
        }
        for text in [
            "[validation]\npatience = 5",
            "[validation]\nthreshold = \"f1\"",
            "[validation]\nthreshold = 0.3\nshare = 0.0",
            "[validation]\npatience = 5\nfile = \"v.csv\"",
            "[validation]\nby = \"t\"\nshare = 0.0\nfold = { number = 1, of = 3 }",
            "[validation]\npatience = 5\ngroup = \"g\"\nshare = 0.0\nfold = { number = 1, of = 3 }",
        ] {
            settings(text).check().unwrap();
        }
    }

    #[test]
    fn what_will_not_act_is_warned_of() {
        for (text, said) in [
            ("schedule = { step = { every = 30, factor = 0.5 } }\nepochs = 30", 1),
            ("schedule = { step = { every = 30, factor = 0.5 } }\nepochs = 31", 0),
            ("schedule = { inverse-time = { decay = 0.0 } }", 1),
            ("schedule = { cosine = { warmup = 50 } }\nepochs = 3", 1),
            ("epochs = 3\n[validation]\npatience = 5", 1),
            ("schedule = \"cosine\"", 0),
            ("seed = 3", 0),
            ("seed = 3\ninit = \"zeros\"\nhidden = []\nbatch_size = \"full\"\n[validation]\nshare = 0.0", 1),
            ("seed = 3\ninit = \"zeros\"\nhidden = []\nbatch_size = \"full\"", 0),
            ("seed = 3\ninit = \"zeros\"\nhidden = []\nbatch_size = \"full\"\n[validation]\nby = \"t\"", 1),
        ] {
            assert_eq!(settings(text).warnings().len(), said, "{text}");
        }
    }
}
