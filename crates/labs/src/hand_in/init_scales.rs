//! How large the weights of a layer are drawn: right, and as people get it wrong.

use serde::{Deserialize, Serialize};

use super::Text;

/// An initialisation that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Scheme {
    He,
    Xavier,
    Lecun,
    /// The course's large random numbers: randn · 10, whatever the layer.
    Tenfold,
}

impl Scheme {
    /// Those whose variance follows from the sizes of the layer.
    pub(super) const ALL: [Self; 3] = [Self::He, Self::Xavier, Self::Lecun];

    /// The variance of a weight.
    pub(super) fn variance(self, n_in: f64, n_out: f64) -> f64 {
        match self {
            Self::He => 2.0 / n_in,
            Self::Xavier => 2.0 / (n_in + n_out),
            Self::Lecun => 1.0 / n_in,
            Self::Tenfold => 100.0,
        }
    }

    /// Its name, and the deviation.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::He => ("He", "√(2 / n_in)"),
            Self::Xavier => ("Xavier", "√(2 / (n_in + n_out))"),
            Self::Lecun => ("LeCun", "√(1 / n_in)"),
            Self::Tenfold => ("randn · 10", "10"),
        }
    }
}

/// From which numbers weights are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Draw {
    /// `randn`: mean 0, deviation 1.
    Normal,
    /// `rand`: from 0 to 1.
    Positive,
    /// From −1 to 1.
    Uniform,
}

/// A way to draw weights: numbers times a factor.
pub(super) struct Drawn {
    pub(super) key: &'static str,
    pub(super) what: Text,
    pub(super) draw: Draw,
    /// By n_in and n_out.
    pub(super) factor: Box<dyn Fn(f64, f64) -> f64>,
}

impl Drawn {
    /// The deviation from the mean.
    pub(super) fn deviation(&self, n_in: f64, n_out: f64) -> f64 {
        let of_draw = match self.draw {
            Draw::Normal => 1.0,
            Draw::Positive => (1.0_f64 / 12.0).sqrt(),
            Draw::Uniform => (1.0_f64 / 3.0).sqrt(),
        };
        of_draw * (self.factor)(n_in, n_out)
    }

    pub(super) fn mean(&self, n_in: f64, n_out: f64) -> f64 {
        if self.draw == Draw::Positive { 0.5 * (self.factor)(n_in, n_out) } else { 0.0 }
    }
}

/// Ways to draw: the right one for this scheme, then those that are mistakes.
pub(super) fn ways_to_draw(scheme: Scheme) -> Vec<Drawn> {
    let (name, deviation) = scheme.words();
    let drawn =
        |key, draw, what: Text, factor: Box<dyn Fn(f64, f64) -> f64>| Drawn { key, what, draw, factor };
    let variance = move |n_in: f64, n_out: f64| scheme.variance(n_in, n_out);
    let mut all = vec![
        drawn(
            "right",
            Draw::Normal,
            Text::new(format!("it is as {name} draws it"), format!("符合 {name} 的方法")),
            Box::new(move |n_in, n_out| variance(n_in, n_out).sqrt()),
        ),
        drawn(
            "missing-root",
            Draw::Normal,
            Text::new(
                format!("the root is missing: the factor is {deviation}"),
                format!("缺少根号：系数应为 {deviation}"),
            ),
            Box::new(variance),
        ),
        drawn(
            "fixed-scale",
            Draw::Normal,
            Text::new(
                format!("the factor is 0.01 in every layer; it is to be {deviation}"),
                format!("每层的系数都是 0.01；应为 {deviation}"),
            ),
            Box::new(|_, _| 0.01),
        ),
        drawn(
            "unscaled",
            Draw::Normal,
            Text::new(format!("the factor {deviation} is missing"), format!("缺少系数 {deviation}")),
            Box::new(|_, _| 1.0),
        ),
        drawn(
            "divided",
            Draw::Normal,
            Text::new(
                format!("it is divided by {deviation}; it is to be multiplied"),
                format!("除以了 {deviation}；应当乘以它"),
            ),
            Box::new(move |n_in, n_out| 1.0 / variance(n_in, n_out).sqrt()),
        ),
        drawn(
            "uniform-from-0",
            Draw::Positive,
            Text::new(
                "it is drawn with rand, from 0 to 1, so that no weight is negative; randn has mean 0",
                "用了 rand，取值在 0 到 1 之间，没有负的权重；randn 的均值为 0",
            ),
            Box::new(move |n_in, n_out| variance(n_in, n_out).sqrt()),
        ),
        drawn(
            "uniform-too-narrow",
            Draw::Uniform,
            Text::new(
                format!(
                    "it is drawn evenly between −{deviation} and {deviation}, which is the deviation; the limits are √3 times that"
                ),
                format!("在 −{deviation} 与 {deviation} 之间均匀取值，而那是标准差；上下限应为它的 √3 倍"),
            ),
            Box::new(move |n_in, n_out| variance(n_in, n_out).sqrt()),
        ),
    ];
    if scheme == Scheme::Tenfold {
        // There is no root, and no layer in its factor.
        all.retain(|way| way.key != "missing-root");
    }
    if let Scheme::He | Scheme::Lecun = scheme {
        all.push(drawn(
            "outputs-for-inputs",
            Draw::Normal,
            Text::new("n_out stands in place of n_in", "用了 n_out，应当用 n_in"),
            Box::new(move |n_in, n_out| variance(n_out, n_in).sqrt()),
        ));
    }
    for other in Scheme::ALL.into_iter().filter(|&other| other != scheme) {
        let (other_name, other_deviation) = other.words();
        all.push(drawn(
            match other {
                Scheme::He => "is-he",
                Scheme::Xavier => "is-xavier",
                Scheme::Lecun => "is-lecun",
                Scheme::Tenfold => "is-tenfold",
            },
            Draw::Normal,
            Text::new(
                format!("the factor is {other_name}'s, {other_deviation}; {name}'s is {deviation}"),
                format!("用了 {other_name} 的系数 {other_deviation}；{name} 的是 {deviation}"),
            ),
            Box::new(move |n_in, n_out| other.variance(n_in, n_out).sqrt()),
        ));
    }
    all
}
