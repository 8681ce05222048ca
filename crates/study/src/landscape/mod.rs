//! Landscapes: what becomes of a network everywhere on a plane. Over two knobs of its recipe, a training for each point
//! ([`trainability()`]); over two directions of its weights, the loss ([`surface()`]).

mod error;
mod figures;
mod files;
mod folder;
mod knob;
mod plane;
mod request;
mod surface;
mod trainability;
mod trajectory;
mod unfinished;

pub use error::LandscapeError;
pub use folder::LandscapeFolder;
pub use knob::{Knob, KnobError};
pub use plane::{DrawnLandscape, Plane};
pub use request::{Axes, LandscapeRequest};
pub use surface::{Directions, Path, Surface, surface};
pub use trainability::{Cell, Landscape, Plan as LandscapePlan, trainability};
pub use unfinished::{Fingerprint, FolderState, Unfinished};

use nablab_engine::{Float, MatRef, YRef};

/// What networks learn: X (features, m) and Y (outputs, m).
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a, F> {
    /// Features.
    pub x: MatRef<'a, F>,
    /// Targets.
    pub y: YRef<'a, F>,
}

/// The loss of parameters on all rows, without penalty.
fn loss<F: Float>(
    evaluation: &mut nablab_engine::Evaluation<F>,
    network: &nablab_engine::Network,
    params: &[F],
) -> f64 {
    if params.iter().any(|p| !p.to_f64().is_finite()) {
        return f64::NAN;
    }
    evaluation.loss(network, params)
}
