//! From values to positions: limits, scale and ticks.

use super::Axis;

/// An axis with its limits settled, mapping values to positions.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    log: bool,
    names: Vec<String>,
    whole: bool,
    /// Positions of `low` and `high`.
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Scale {
    /// Limits of the axis, or of the data with 5 % more at each end (matplotlib's margin).
    pub(super) fn new(axis: &Axis, data: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let log = axis.log;
        let forward = |v: f64| if log { v.log10() } else { v };
        let limits = axis.limits.map(|(low, high)| (forward(low), forward(high)));
        let (low, high) = limits.unwrap_or_else(|| {
            let usable = data.map(forward).filter(|v| v.is_finite());
            let (low, high) =
                usable.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
            if low > high {
                return (0.0, 1.0);
            }
            // A constant curve still needs an axis around it.
            let margin = if high > low { 0.05 * (high - low) } else { 0.05 * low.abs().max(0.2) };
            (low - margin, high + margin)
        });
        let high = if high > low { high } else { low + 1.0 };
        Self { low, high, log, names: axis.names.clone(), whole: axis.whole, from, to }
    }

    /// Position of a value; `None` where it cannot be drawn.
    pub(super) fn at(&self, value: f64) -> Option<f64> {
        let v = if self.log { value.log10() } else { value };
        v.is_finite().then(|| self.from + (v - self.low) / (self.high - self.low) * (self.to - self.from))
    }

    /// Names stand on it, not numbers.
    pub(super) fn is_named(&self) -> bool {
        !self.names.is_empty()
    }

    /// Values and labels of about `count` ticks, or of every name.
    pub(super) fn ticks(&self, count: usize) -> Vec<(f64, String)> {
        if !self.names.is_empty() {
            return self.names.iter().enumerate().map(|(i, name)| (i as f64, name.clone())).collect();
        }
        if self.log && self.high - self.low > 1.0 {
            let (first, last) = (self.low.ceil() as i32, self.high.floor() as i32);
            // One or two powers of ten are no scale to read values off.
            if last - first < 2 {
                return self.between_powers();
            }
            let step = ((last - first) / count.max(1) as i32 + 1).max(1);
            return (first..=last).step_by(step as usize).map(|e| (10_f64.powi(e), label_power(e))).collect();
        }
        let back = |v: f64| if self.log { 10_f64.powf(v) } else { v };
        let (low, high) = (back(self.low), back(self.high));
        let step = nice_step((high - low) / count.max(1) as f64);
        let step = if self.whole { nice_step(step.ceil()) } else { step };
        let decimals = -step.log10().floor() + f64::from(u8::from(needs_digit(step)));
        let decimals = decimals.max(0.0) as usize;
        // A hair of slack keeps a tick that lies on the limit itself.
        let first = (low / step - 1e-9).ceil() as i64;
        let last = (high / step + 1e-9).floor() as i64;
        (first..=last)
            .map(|k| k as f64 * step)
            .map(|v| (v, format!("{:.decimals$}", v + 0.0).replace('-', "−")))
            .collect()
    }
}

impl Scale {
    /// 1, 2 and 5 times the powers of ten.
    fn between_powers(&self) -> Vec<(f64, String)> {
        let powers = self.low.floor() as i32..=self.high.floor() as i32;
        let values = powers.flat_map(|e| [1.0, 2.0, 5.0].map(|m| (e, m * 10_f64.powi(e))));
        let inside = |v: f64| (self.low - 1e-9..=self.high + 1e-9).contains(&v.log10());
        let label = |e: i32, v: f64| match e {
            -3..=3 => format!("{v:.*}", (-e).max(0) as usize),
            _ => format!("{v:.0e}"),
        };
        values.filter(|&(_, v)| inside(v)).map(|(e, v)| (v, label(e, v))).collect()
    }
}

fn label_power(exponent: i32) -> String {
    if (-3..=5).contains(&exponent) { format!("{}", 10_f64.powi(exponent)) } else { format!("1e{exponent}") }
}

/// 2.5·10ᵏ needs one digit more than its power of ten.
fn needs_digit(step: f64) -> bool {
    let mantissa = step / 10_f64.powf(step.log10().floor());
    (mantissa - 2.5).abs() < 1e-6
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `raw`.
fn nice_step(raw: f64) -> f64 {
    let power = 10_f64.powf(raw.abs().max(f64::MIN_POSITIVE).log10().floor());
    let nice = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|m| m * power >= raw * (1.0 - 1e-9));
    nice.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(low: f64, high: f64) -> Vec<String> {
        let axis = Axis { limits: Some((low, high)), ..Axis::default() };
        Scale::new(&axis, std::iter::empty(), 0.0, 1.0).ticks(6).into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round_numbers_inside_the_limits() {
        assert_eq!(ticks(-1.5, 1.5), ["−1.5", "−1.0", "−0.5", "0.0", "0.5", "1.0", "1.5"]);
        assert_eq!(ticks(0.0, 30.0), ["0", "5", "10", "15", "20", "25", "30"]);
        assert_eq!(ticks(-0.75, 0.4), ["−0.6", "−0.4", "−0.2", "0.0", "0.2", "0.4"]);
        assert_eq!(ticks(0.7131, 0.7132).len(), 6);
        assert_eq!(ticks(0.0, 150.0), ["0", "25", "50", "75", "100", "125", "150"]);
        assert_eq!(ticks(0.0, 15.0), ["0.0", "2.5", "5.0", "7.5", "10.0", "12.5", "15.0"]);
    }

    #[test]
    fn ticks_of_whole_numbers_are_whole() {
        let ticks = |low, high, count| -> Vec<String> {
            let axis = Axis { limits: Some((low, high)), whole: true, ..Axis::default() };
            let scale = Scale::new(&axis, std::iter::empty(), 0.0, 1.0);
            scale.ticks(count).into_iter().map(|(_, label)| label).collect()
        };
        assert_eq!(ticks(1.0, 3.0, 8), ["1", "2", "3"]);
        assert_eq!(ticks(0.0, 10.0, 4), ["0", "5", "10"]);
    }

    #[test]
    fn short_logarithmic_axes_have_ticks_between_the_powers() {
        let axis = |limits| Axis { limits: Some(limits), log: true, ..Axis::default() };
        let labels = |limits| -> Vec<_> {
            let scale = Scale::new(&axis(limits), std::iter::empty(), 0.0, 1.0);
            scale.ticks(6).into_iter().map(|(_, label)| label).collect()
        };
        assert_eq!(labels((0.03, 1.2)), ["0.05", "0.1", "0.2", "0.5", "1"]);
        assert_eq!(labels((0.0009, 20.0)), ["0.001", "0.01", "0.1", "1", "10"]);
    }

    #[test]
    fn names_stand_for_0_1_2() {
        let axis = Axis { names: vec!["a".into(), "b".into()], ..Axis::default() };
        let ticks = Scale::new(&axis, [0.0, 1.0].into_iter(), 0.0, 1.0).ticks(6);
        assert_eq!(ticks, [(0.0, "a".to_owned()), (1.0, "b".to_owned())]);
    }

    #[test]
    fn limits_follow_the_data_with_a_margin() {
        let scale = Scale::new(&Axis::default(), [0.0, f64::INFINITY, 10.0].into_iter(), 0.0, 110.0);
        assert_eq!(scale.at(-0.5), Some(0.0));
        assert_eq!(scale.at(10.5), Some(110.0));
        assert_eq!(scale.at(f64::NAN), None);
        let flat = Scale::new(&Axis::default(), [3.0, 3.0].into_iter(), 0.0, 1.0);
        assert_eq!(flat.at(3.0), Some(0.5));
    }
}
