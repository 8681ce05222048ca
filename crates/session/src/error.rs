//! What a command cannot have.

use thiserror::Error;

/// Why a command was not carried out. Nothing has changed then.
#[derive(Debug, Error)]
pub enum SessionError {
    /// The text of a command is not one.
    #[error("command: {0}")]
    Command(#[from] serde_json::Error),
    /// The JSON of a recipe has something that no recipe has.
    #[error("recipe: {0}")]
    Json(#[from] toml::ser::Error),
    /// The bytes of a file are not in base64.
    #[error("base64: {0}")]
    Base64(#[from] base64::DecodeError),
    /// The data cannot be made or read.
    #[error(transparent)]
    Data(#[from] nablab_data::DataError),
    /// The recipe does not hold together, or does not fit the data.
    #[error(transparent)]
    Recipe(#[from] nablab_tables::Error),
    /// The engine does not take it.
    #[error(transparent)]
    Engine(#[from] nablab_engine::EngineError),
    /// A command that needs a training came before one was begun.
    #[error("no training has begun: send `begin` with a plan first")]
    NotBegun,
    /// Somebody has stopped the session.
    #[error("stopped: nobody waits for the answer any more")]
    Stopped,
    /// Something is larger than a session takes.
    #[error("{what}: expected at most {most}, got {got}")]
    TooLarge {
        /// What.
        what: &'static str,
        /// The bound.
        most: u64,
        /// What came.
        got: u64,
    },
    /// Such a change asks for other rows or another network, which cannot go on from here.
    #[error("`{field}` cannot change in the middle of a training: begin anew with it")]
    NotOnTheWay {
        /// The part of the recipe.
        field: &'static str,
    },
    /// There is no such place.
    #[error("{what}: expected a number below {count}, got {got}")]
    NoSuch {
        /// Of what.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// What came.
        got: usize,
    },
    /// A number is none.
    #[error("{what}: expected a finite number, got {got}")]
    NotFinite {
        /// Of what.
        what: &'static str,
        /// What came.
        got: f64,
    },
    /// A cure changes what is learned from or judged on.
    #[error(
        "a cure leaves the data and the rows held out as they are: change the network, its start or the learning"
    )]
    OtherRows,
    /// What is to be compared does not come in pairs.
    #[error("expected two rows of numbers of one length, from the same seeds, got {first} and {second}")]
    Pairs {
        /// Numbers of the first.
        first: usize,
        /// Numbers of the second.
        second: usize,
    },
    /// The formulas by hand have no such thing.
    #[error("{what} cannot be followed by hand here: take a recipe without it")]
    NotByHand {
        /// What the recipe has.
        what: &'static str,
    },
    /// There is no such mistake, or none at this place.
    #[error("bugs: expected one that this network has a place for, got {bug}")]
    NoBug {
        /// What came.
        bug: String,
    },
    /// With a mistake planted, a matrix has another shape than its parameters.
    #[error("{}: a matrix of this gradient has another shape than its parameters, so there is nothing to compare", bugs.join(", "))]
    Shapes {
        /// What was planted.
        bugs: Vec<String>,
    },
    /// The cost is no number.
    #[error(transparent)]
    Check(#[from] nablab_engine::gradcheck::CheckError),
}
