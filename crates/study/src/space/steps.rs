//! Where the steps of a range end, in the decimals that its text has.

/// The largest of low, low + step, low + 2 step, … that is not above `high`, as Optuna reckons it: in decimals, so that three
/// steps of 0.1 are 0.3.
pub(super) fn last_step(low: f64, high: f64, step: f64) -> f64 {
    let decimals = [low, high, step].map(decimals).into_iter().max().unwrap_or_default();
    let exact = || {
        let [low, high, step] = [low, high, step].map(|value| scaled(value, decimals));
        let high = high?;
        let last = high - high.checked_sub(low?)? % step?;
        format!("{last}e-{decimals}").parse().ok()
    };
    // With more digits than we can count with, the last ones are nothing to be seen.
    exact().unwrap_or_else(|| low + ((high - low) / step + 1e-9).floor() * step)
}

/// Digits after the point.
fn decimals(value: f64) -> usize {
    value.to_string().split_once('.').map_or(0, |(_, digits)| digits.len())
}

/// The value times a power of ten, if that is a number we can count with.
fn scaled(value: f64, decimals: usize) -> Option<i128> {
    let text = value.to_string();
    let (whole, digits) = text.split_once('.').unwrap_or((&text, ""));
    format!("{whole}{digits}{}", "0".repeat(decimals - digits.len())).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::last_step;

    /// `optuna.distributions.FloatDistribution(low, high, step=step).high` of Optuna 5.
    #[test]
    fn steps_end_where_optuna_says() {
        for (low, high, step, expected) in [
            (0.0, 1.0, 0.3, 0.9),
            (0.1, 1.0, 0.3, 1.0),
            (0.0, 0.5, 0.1, 0.5),
            (0.0, 0.05, 0.1, 0.0),
            (-1.0, 1.0, 0.7, 0.4),
            (1e-5, 1e-2, 1e-4, 0.00991),
            (0.5, 2.0, 0.25, 2.0),
            (1e22, 1e23, 3e22, 1e23),
        ] {
            assert_eq!(last_step(low, high, step), expected, "{low} … {high} in steps of {step}");
        }
        assert!(last_step(0.1, 1.0, 1e-300) <= 1.0);
    }
}
