//! What helps against an error of the library, by the flags of the command.

use std::error::Error as StdError;
use std::path::Path;

use nablab::data::{DataError, Wording};
use nablab::diagnosis::quoted;
use nablab::labs::LabError;
use nablab::study::landscape::LandscapeError;
use nablab::study::{StorageError, StudyError};
use nablab::tables::run::FolderProblem;
use nablab::tables::{Error, Overwritten, PageProblem};

use crate::train::flag;

/// What an error says, with the flags that help where the library has only the cause.
pub(crate) fn worded(error: &(dyn StdError + 'static)) -> String {
    if let Some(error) = error.downcast_ref() {
        of_training(error)
    } else if let Some(error) = error.downcast_ref() {
        of_study(error)
    } else if let Some(error) = error.downcast_ref() {
        of_storage(error)
    } else if let Some(error) = error.downcast_ref() {
        of_landscape(error)
    } else if let Some(error) = error.downcast_ref() {
        of_data(error)
    } else if let Some(LabError::Data(error)) = error.downcast_ref() {
        of_data(error)
    } else {
        error.to_string()
    }
}

/// Words of the library, with the flag of each setting.
pub(crate) fn with_flags(wording: &Wording) -> String {
    wording.worded(&|name, value| match value {
        Some(value) => format!("{} {}", flag(name), quoted(value)),
        None => flag(name),
    })
}

fn of_data(error: &DataError) -> String {
    match error {
        DataError::Format { file, place, expected, got, hint } => {
            format!("{file}: {place}: expected {expected}, got {got}\nhint: {}", with_flags(hint))
        }
        DataError::Occupied { .. } => format!("{error}\nhint: choose another folder, such as --out report"),
        _ => error.to_string(),
    }
}

fn of_training(error: &Error) -> String {
    let hint = match error {
        Error::Data(error) => return of_data(error),
        Error::Setting { field, expected, got } => {
            return format!("`{field}` must be {}, got {got}", with_flags(expected));
        }
        Error::Recipe { hint: None, .. } => {
            "nablab check --help, train --help and study --help show what may stand here"
        }
        Error::Value { setting, what, example } => {
            return format!("{0} {what}\nhint: {0} {1}", flag(setting), quoted(example));
        }
        Error::Idle { field, why } => {
            return format!("{} has no say {why}\nhint: leave it away", flag(field));
        }
        Error::NotEmpty { .. } => "--resume goes on with a run; a new one needs another --out",
        Error::SameRun { .. } => "name each run once",
        Error::OtherSettings { .. } => "leave the flags away to resume it, or begin another run with --out",
        Error::Overwrites { what, .. } => match what {
            Overwritten::Other => "--force replaces it; or choose another file with --out",
            Overwritten::InFolder => {
                "--force replaces what has the same names; or choose another folder with --out"
            }
            _ => "choose another file with --out",
        },
        Error::Page { problem: PageProblem::Folder, .. } => "name a file in it with --out",
        Error::Page { .. } => "choose another file with --out",
        Error::Damaged { .. } => "nablab train --resume writes it anew",
        Error::Folder { folder, problem } => &*against(folder, problem),
        _ => return error.to_string(),
    };
    format!("{error}\nhint: {hint}")
}

fn against(folder: &Path, problem: &FolderProblem) -> String {
    let place = folder.display();
    let hint = match problem {
        FolderProblem::CrossValidation { first } => return format!("name one of them: {}", first.display()),
        FolderProblem::Unfinished { .. } => return format!("nablab train --resume --out {place}"),
        FolderProblem::ChangedRecipe { .. } => {
            let recipe = folder.join("recipe.toml");
            let again = format!("nablab train --recipe {} --out NEW", recipe.display());
            return format!("put it back as it was; another recipe is another run: {again}");
        }
        FolderProblem::CutRecipe { .. } => {
            "nothing was learned yet: begin again with nablab train and another --out"
        }
        FolderProblem::OtherFold { .. } => "train the cross-validation anew with --folds and another --out",
        FolderProblem::InUse => "wait for that one, or choose another --out",
        FolderProblem::OtherData { .. } => {
            "give it the same file, unchanged, or begin a new run with another --out"
        }
        FolderProblem::Shorter { .. } => "begin another run with --out for fewer epochs",
        FolderProblem::NoModel => "nablab train makes one; an interrupted training goes on with --resume",
        _ => "nablab train makes one",
    };
    hint.to_owned()
}

fn of_storage(error: &StorageError) -> String {
    match error {
        StorageError::WithoutPostgres { .. } => {
            format!("{error}\nhint: cargo install --locked --path crates/cli --features postgres")
        }
        StorageError::Unsuitable { .. } => format!("{error} with --storage"),
        StorageError::Name { url, study, what } => format!(
            "{url}: study {study}: {what}\nhint: choose a shorter one with --study, or name the file otherwise"
        ),
        _ => error.to_string(),
    }
}

fn of_study(error: &StudyError) -> String {
    let hint = match error {
        StudyError::Training(error) => return of_training(error),
        StudyError::Data(error) => return of_data(error),
        StudyError::Storage(error) => return of_storage(error),
        StudyError::Nowhere => {
            return "which study?\nhint: nablab study show studies/NAME, or --storage URL --study NAME"
                .into();
        }
        StudyError::RangeTest => {
            return "--learning-rate find is for a single training\nhint: leave it away: the rate is what is tuned first".into();
        }
        StudyError::FoldsAndRows => {
            return "--folds judges on parts of the table, --validation on a share or another one\nhint: leave one of them away".into();
        }
        StudyError::Foreign { .. } | StudyError::Other { .. } | StudyError::Name { .. } => {
            "choose another folder with --out"
        }
        StudyError::Confirmation { .. } => "nablab study confirm writes it again",
        StudyError::NoDatabase { has_study: true, .. } => {
            "its trials are kept where --storage of nablab study run said: --storage with the same address, and --study where it \
             holds several"
        }
        StudyError::NoDatabase { .. } => {
            "name the folder of a study, as studies/NAME where it was run, or its database: --storage FILE, --storage \
             postgresql://USER@HOST/DATABASE"
        }
        StudyError::NoFile { .. } => "nablab study run makes it",
        StudyError::NoStudy { .. } => "nablab study run makes one",
        StudyError::Several { names, .. } => &format!("--study with one of {}", names.join(", ")),
        StudyError::NoTarget => "target = [\"…\"] in the study's table [data]",
        StudyError::NoTable => "file = \"…\" in the study's table [data]",
        _ => return error.to_string(),
    };
    format!("{error}\nhint: {hint}")
}

fn of_landscape(error: &LandscapeError) -> String {
    match error {
        LandscapeError::Training(error) => of_training(error),
        LandscapeError::Data(error @ DataError::Format { .. }) => of_data(error),
        LandscapeError::RangeTest => {
            "--learning-rate find is for a single training\nhint: give a number, or leave it away".into()
        }
        LandscapeError::Judging { field } => format!(
            "{} is for a training that is judged\nhint: leave it away: it is the training on all rows that is looked at, each alike",
            flag(field)
        ),
        LandscapeError::OfTable { field } => format!(
            "{} is for a table, and none is given\nhint: nablab landscape FILE --target COLUMN",
            flag(field)
        ),
        LandscapeError::Turned { field, knob } => format!(
            "{} has no say where {knob} is a knob\nhint: leave it away, or turn another with --x or --y",
            flag(field)
        ),
        LandscapeError::SameKnob { name } => format!("--x and --y are both {name}\nhint: choose two knobs"),
        LandscapeError::NoFolder { .. } => format!("{error}\nhint: choose another one with --out"),
        LandscapeError::Busy { .. } => {
            format!("{error}\nhint: wait for that one, or choose another folder with --out")
        }
        error if error.to_string().contains("\nhint:") => error.to_string(),
        error => format!("{error}\nhint: nablab landscape --help has examples"),
    }
}
