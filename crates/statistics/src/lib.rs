//! What chance explains: quantiles, confidence intervals and tests.
//!
//! All that nablab's reports, findings, labs and studies say of chance is computed here, and compared with SciPy in tests.
//!
//! ```
//! use nablab_statistics::{t_interval, wilson};
//! // 45 of 50 answers are right: what other rows like these may give.
//! let (low, high) = wilson(0.9, 50.0).unwrap();
//! assert!(0.78 < low && high < 0.96);
//! // The mean of five trainings.
//! let (low, high) = t_interval(&[0.91, 0.93, 0.90, 0.92, 0.94]).unwrap();
//! assert!((low - 0.9004).abs() < 1e-4 && (high - 0.9396).abs() < 1e-4);
//! ```

mod counts;
mod draws;
mod interval;
mod paired;
mod quantile;

pub use counts::{fisher_less, mcnemar};
pub use draws::{mean_is_zero, variance_is};
pub use interval::{Z, mean_and_deviation, t_interval, t_quantile_near, wilson};
pub use paired::{share_of_wins, wilcoxon};
pub use quantile::{quantile, quantile_of_sorted};
