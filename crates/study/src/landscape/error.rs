//! What can go wrong with a landscape.

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
    /// What is trained cannot be kept.
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
