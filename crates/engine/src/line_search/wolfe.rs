//! How far to go along a direction: a step that lowers the cost enough and leaves little slope.
//!
//! The strong conditions of Wolfe, with the slope φ′ of the cost along the way, which is below 0 at the start:
//!
//! ```text
//! φ(t) ≤ φ(0) + c₁ t φ′(0)        |φ′(t)| ≤ c₂ |φ′(0)|
//! ```
//!
//! An interval that must hold such a step is widened until it does, then narrowed by cubic interpolation (Nocedal & Wright
//! 2006, section 3.5; PyTorch's `strong_wolfe`).

/// c₁ and c₂ of quasi-Newton methods (Nocedal & Wright 2006, section 3.1).
const ENOUGH: f64 = 1e-4;
const FLAT: f64 = 0.9;
/// Steps tried at most: PyTorch's number.
const MOST: usize = 25;

/// A step and what the cost is there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Trial {
    /// t
    pub(crate) step: f64,
    /// φ(t); infinite or not a number where it cannot be computed.
    pub(crate) cost: f64,
    /// φ′(t)
    pub(crate) slope: f64,
}

/// Find a step from the start (step 0), trying `first` first. A cost that is higher by no more than `round_off` counts as
/// no higher. What comes back was tried last, except where only the first condition could be met.
pub(crate) fn strong_wolfe(
    start: Trial,
    first: f64,
    round_off: f64,
    mut at: impl FnMut(f64) -> Trial,
) -> Option<Trial> {
    // The lowest so far that meets the first condition, and the other end of the interval, once there is one.
    let (mut low, mut high) = (start, None::<Trial>);
    let mut step = first;
    for _ in 0..MOST {
        let trial = at(step);
        let is_low = trial.cost <= start.cost + ENOUGH * step * start.slope + round_off
            && trial.cost <= low.cost + round_off
            && trial.slope.is_finite();
        if !is_low {
            high = Some(trial);
        } else if trial.slope.abs() <= -FLAT * start.slope {
            return Some(trial);
        } else {
            // The minimum lies where the slope leads down to.
            let towards_high = high.map_or(1.0, |high| high.step - low.step);
            if trial.slope * towards_high >= 0.0 {
                high = Some(low);
            }
            low = trial;
        }
        step = match high {
            None => 2.0 * low.step,
            Some(high) => between(&low, &high),
        };
        if (step - low.step).abs() <= f64::EPSILON * low.step.abs() {
            break;
        }
    }
    (low.step > 0.0).then_some(low)
}

/// The slopes at both ends of a step say that it leads down, by as much as the first condition asks of the costs: the
/// approximate condition of Hager & Zhang (2005, A new conjugate gradient method), (2 c₁ − 1) φ′(0) ≥ φ′(t). Its round-off is
/// that of a gradient, which loses half as many digits near a minimum as a difference of costs.
pub(crate) fn proves_descent(start: &Trial, found: &Trial) -> bool {
    found.slope <= (2.0 * ENOUGH - 1.0) * start.slope
}

/// The minimum of the cubic through both ends with their slopes, kept a tenth of the interval away from them; its middle
/// where there is none.
fn between(a: &Trial, b: &Trial) -> f64 {
    let width = b.step - a.step;
    let d1 = a.slope + b.slope - 3.0 * (b.cost - a.cost) / width;
    let d2 = width.signum() * (d1 * d1 - a.slope * b.slope).sqrt();
    let share = 1.0 - (b.slope + d2 - d1) / (b.slope - a.slope + 2.0 * d2);
    a.step + width * if share.is_finite() { share.clamp(0.1, 0.9) } else { 0.5 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Minimum at `bottom`, as steep as `power` makes it.
    fn valley(bottom: f64, power: i32) -> impl FnMut(f64) -> Trial {
        move |step| Trial {
            step,
            cost: (step - bottom).powi(power),
            slope: f64::from(power) * (step - bottom).powi(power - 1),
        }
    }

    #[test]
    fn a_step_meets_both_conditions_wherever_the_first_one_falls() {
        for bottom in [1e-6, 0.3, 1.0, 50.0, 1e5] {
            for power in [2, 4] {
                for first in [1e-3, 1.0, 1e3] {
                    let mut at = valley(bottom, power);
                    let start = at(0.0);
                    let found = strong_wolfe(start, first, 0.0, &mut at).expect("there is one");
                    let what = format!("bottom {bottom}, power {power}, first {first}: {found:?}");
                    assert_eq!(found, at(found.step), "{what}");
                    assert!(found.cost <= start.cost + ENOUGH * found.step * start.slope, "{what}");
                    assert!(found.slope.abs() <= FLAT * start.slope.abs(), "{what}");
                }
            }
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "any wall does")]
    fn walls_are_kept_away_from() {
        // ln: no number beyond 2.
        let at =
            |step: f64| Trial { step, cost: -step - (2.0 - step).ln(), slope: -1.0 + 1.0 / (2.0 - step) };
        let found = strong_wolfe(at(0.0), 64.0, 0.0, at).unwrap();
        assert!(found.step > 0.0 && found.step < 2.0 && found.cost < at(0.0).cost, "{found:?}");
    }

    #[test]
    fn no_step_is_found_where_the_slope_lies() {
        let uphill = |step: f64| Trial { step, cost: step, slope: if step == 0.0 { -1.0 } else { 1.0 } };
        assert_eq!(strong_wolfe(uphill(0.0), 1.0, 0.0, uphill), None);
    }
}
