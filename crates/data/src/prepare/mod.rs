//! From the columns of a table to the matrices a network learns from, and back from its predictions.
//!
//! What is found out from the data (means, levels, …) is found out from the training rows alone, kept as plain data, and
//! applied unchanged to whatever rows come later.

mod date;
mod encoding;
mod inputs;
mod left_out;
mod levels;
mod range;
mod scaling;
mod seen;
mod spelling;
mod split;
mod target;
mod task;
mod types;
mod whole;

pub use date::{Dates, Part, form_of};
pub use encoding::Encoding;
pub use inputs::{Choice, Input, Inputs};
pub use left_out::{LeftOut, Reason};
pub use range::{Learned, Outside};
pub use scaling::Scaling;
pub use seen::Seen;
pub use spelling::spellings;
pub use split::{Split, folds, folds_forward, hold_out, hold_out_last};
pub use target::{Target, with_values};
pub use task::{AskedTask, Task};
pub use types::Type;
