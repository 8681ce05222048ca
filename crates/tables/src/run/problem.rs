//! What can be wrong with a run folder.

use std::path::PathBuf;

use super::RECIPE;

/// What is wrong with a run folder. What helps is for a door to say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FolderProblem {
    /// It has no recipe.
    #[error("it is no run folder: there is no {RECIPE} in it")]
    NoRun,
    /// The runs of a cross-validation are in it.
    #[error("it holds a cross-validation, a training each fold")]
    CrossValidation {
        /// The first of them.
        first: PathBuf,
    },
    /// It lies among the folds of a cross-validation, and is none of them.
    #[error("it is no fold of the same cross-validation as {}", first.display())]
    OtherFold {
        /// The first fold.
        first: PathBuf,
    },
    /// Its recipe was changed.
    #[error("{RECIPE} is not what the run learned by: {differences}")]
    ChangedRecipe {
        /// The settings that are other ones.
        differences: String,
    },
    /// A part of its recipe is gone, of a run that has learned nothing yet.
    #[error("{RECIPE} is not whole: there is no `{key}` in it")]
    CutRecipe {
        /// What is missing.
        key: &'static str,
    },
    /// Another process trains there.
    #[error("another training is using it")]
    InUse,
    /// The training is to go on with another table.
    #[error("the training began with other data: {difference}")]
    OtherData {
        /// What is other.
        difference: String,
    },
    /// It is to end before where it is.
    #[error("{done} epochs are done already, and {asked} were asked for")]
    Shorter {
        /// Epochs done.
        done: u64,
        /// Epochs asked for.
        asked: u64,
    },
    /// Its training has not come to an end.
    #[error("there is no {file} in it: the training has not come to an end")]
    Unfinished {
        /// The file that is written at the end.
        file: &'static str,
    },
    /// No model is in it, or none is where one should be.
    #[error("there is no model")]
    NoModel,
}
