//! What can go wrong with a landscape.

use std::path::PathBuf;

use nablab_data::DataError;
use nablab_engine::EngineError;
use nablab_report::figure::PngError;

/// Why there is no landscape.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LandscapeError {
    /// Settings that cannot be trained, on the plane or beside it.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Settings or a table that cannot be trained on.
    #[error(transparent)]
    Training(Box<nablab_tables::Error>),
    /// A folder or a file that cannot be read or written.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A knob that turns nothing.
    #[error("{name}: {what}")]
    Knob {
        /// The knob.
        name: String,
        /// What is wrong with it.
        what: String,
    },
    /// A range test belongs to a single training.
    #[error("the learning rate is to be found by a range test, which is for a single training")]
    RangeTest,
    /// A change of what a landscape does not look at.
    #[error(
        "`{field}` is for a training that is judged, and a landscape looks at the training on all rows, each alike"
    )]
    Judging {
        /// Its name in [`Changes`](nablab_tables::Changes).
        field: &'static str,
    },
    /// A change of what only a table has.
    #[error("`{field}` is for a table, and none is given")]
    OfTable {
        /// Its name in [`Changes`](nablab_tables::Changes).
        field: &'static str,
    },
    /// A change of what a knob turns.
    #[error("`{field}` has no say where {knob} is a knob")]
    Turned {
        /// Its name in [`Changes`](nablab_tables::Changes).
        field: &'static str,
        /// The knob.
        knob: &'static str,
    },
    /// Both axes are the same setting.
    #[error("expected two knobs, got {name} twice")]
    SameKnob {
        /// The knob.
        name: String,
    },
    /// A file where a folder is to be.
    #[error("cannot write to {}: it is no folder", folder.display())]
    NoFolder {
        /// What is no folder.
        folder: PathBuf,
    },
    /// A folder where somebody is at work.
    #[error("{}: another landscape is being trained there", folder.display())]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// Ways over one plane are those of networks of one shape.
    #[error("expected networks of one shape, got different ones: they share no plane")]
    Shapes,
    /// A surface lies around the end of a training.
    #[error("expected at least one recipe, got none")]
    NoRecipe,
    /// A figure that cannot be drawn.
    #[error(transparent)]
    Png(#[from] PngError),
    /// Whoever follows wanted no more.
    #[error("stopped")]
    Stopped,
}

impl LandscapeError {
    /// It says only that whoever watched wanted it to stop.
    pub fn is_stopped(&self) -> bool {
        match self {
            Self::Training(error) => error.is_stopped(),
            error => matches!(error, Self::Stopped | Self::Data(DataError::Cancelled)),
        }
    }
}

impl From<nablab_tables::Error> for LandscapeError {
    fn from(error: nablab_tables::Error) -> Self {
        Self::Training(Box::new(error))
    }
}
