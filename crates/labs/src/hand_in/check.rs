//! Gradient checks, as the course's assignments write them: of one number, and of a network.

use nablab_data::named_arrays::NamedArray;

use super::Text;
use super::formulas::{Formulas, Listed, Quantity, Slip, mistakes};
use super::task::{Computed, array};
use crate::by_hand::{Matrix, Problem, relative_difference};

mistakes! {
    /// (J(θ + ε) − J(θ)) / ε.
    OneSided "one-sided" "gradapprox"
        "the difference is taken on one side, from J(θ) itself; it is (J(θ + ε) − J(θ − ε)) / 2ε"
        "只取了一侧的差分；应为 (J(θ + ε) − J(θ − ε)) / 2ε";
    /// Divided by ε.
    HalfMissing "missing-half" "gradapprox"
        "it is divided by ε; the points are 2ε apart"
        "除以了 ε；两点相距 2ε";
    /// Not divided.
    DivisionMissing "missing-division" "gradapprox"
        "the division by 2ε is missing"
        "没有除以 2ε";
    /// θ − ε is taken off θ + ε: both names are one array.
    NotCopied "not-copied" "gradapprox"
        "it is half of a difference on one side: thetaplus and thetaminus are one array; each needs a copy of the parameters"
        "只有单侧差分的一半：thetaplus 与 thetaminus 是同一个数组；各自都要先复制参数";
    /// ‖g − ĝ‖.
    DenominatorMissing "missing-denominator" "difference"
        "the division by the sum of both norms is missing"
        "没有除以两个范数之和";
    /// Divided by ‖g + ĝ‖.
    NormOfSum "norm-of-sum" "difference"
        "it is divided by the norm of the sum; it is to be the sum of both norms"
        "除以了和的范数；应除以范数之和";
    /// Divided by ‖g‖.
    OneNorm "one-norm" "difference"
        "it is divided by the norm of the gradient alone; it is to be the sum of both norms"
        "只除以了梯度的范数；应除以两个范数之和";
    /// (‖g‖ − ‖ĝ‖) / ….
    DifferenceOfNorms "difference-of-norms" "difference"
        "the numerator is the difference of the norms; it is to be the norm of the difference"
        "分子是范数之差；应为差的范数";
    /// Squares of the norms.
    Squared "squared" "difference"
        "the norms are squared"
        "范数取了平方";
}

/// ‖g − ĝ‖ / (‖g‖ + ‖ĝ‖) of a gradient and a function, by its values around a point.
struct Check {
    analytic: Vec<f64>,
    /// J at the point.
    here: f64,
    /// J with each parameter moved forth, and back.
    around: Vec<[f64; 2]>,
    epsilon: f64,
    /// Mistakes that make other numbers here.
    known: Vec<Mistake>,
    /// How large the terms are: of a right gradient the difference is 0, and only round-off is left.
    terms: f64,
}

impl Check {
    fn difference(&self, has: &dyn Fn(Mistake) -> bool) -> f64 {
        let epsilon = self.epsilon;
        let numeric = |&[plus, minus]: &[f64; 2]| match () {
            () if has(Mistake::OneSided) => (plus - self.here) / epsilon,
            () if has(Mistake::HalfMissing) => (plus - minus) / epsilon,
            () if has(Mistake::DivisionMissing) => plus - minus,
            () if has(Mistake::NotCopied) => (plus - self.here) / (2.0 * epsilon),
            () => (plus - minus) / (2.0 * epsilon),
        };
        let numeric: Vec<f64> = self.around.iter().map(numeric).collect();
        let norm = |of: &dyn Fn(f64, f64) -> f64| {
            self.analytic.iter().zip(&numeric).map(|(g, h)| of(*g, *h).powi(2)).sum::<f64>().sqrt()
        };
        let [analytic, estimate, apart] = [norm(&|g, _| g), norm(&|_, h| h), norm(&|g, h| g - h)];
        match () {
            () if has(Mistake::DenominatorMissing) => apart,
            () if has(Mistake::NormOfSum) => apart / norm(&|g, h| g + h),
            () if has(Mistake::OneNorm) => apart / analytic,
            () if has(Mistake::DifferenceOfNorms) => (analytic - estimate).abs() / (analytic + estimate),
            () if has(Mistake::Squared) => apart.powi(2) / (analytic.powi(2) + estimate.powi(2)),
            () => relative_difference(&self.analytic, &numeric),
        }
    }
}

impl Formulas for Check {
    fn quantities(&self) -> Vec<Quantity> {
        vec![Quantity::required("difference")]
    }

    fn slips(&self) -> Vec<Slip> {
        self.known.iter().map(|mistake| mistake.slip(1)).collect()
    }

    fn values(&self, made: &[usize]) -> Vec<Matrix> {
        let made: Vec<Mistake> = made.iter().map(|&i| self.known[i]).collect();
        vec![Matrix::new(1, 1, [self.difference(&|mistake| made.contains(&mistake))])]
    }

    fn terms(&self) -> Vec<f64> {
        vec![self.terms]
    }

    fn where_to_begin(&self, _: &[Option<bool>]) -> Text {
        Text::new(
            "print gradapprox beside the gradient: they are to agree in most digits",
            "把 gradapprox 与梯度并排打印：大部分位数应一致",
        )
    }
}

/// The check of a network's gradient, in which one matrix is wrong, so that the difference is no round-off.
pub(super) struct OfNetwork {
    pub(super) problem: Problem,
    /// dW1, db1, …, one of them wrong.
    pub(super) gradient: Vec<(String, Matrix)>,
}

/// Large enough that a difference on one side is seen to be another.
const EPSILON: f64 = 0.01;

impl Computed for OfNetwork {
    fn formulas(&self) -> Box<dyn Formulas + '_> {
        let around = |i: usize| [EPSILON, -EPSILON].map(|by| self.problem.cost_moved(i, by));
        Box::new(Check {
            analytic: self.gradient.iter().flat_map(|(_, matrix)| matrix.entries()).copied().collect(),
            here: self.problem.cost(&self.problem.forward()),
            around: (0..self.problem.parameters().len()).map(around).collect(),
            epsilon: EPSILON,
            known: Mistake::ALL.to_vec(),
            terms: 0.0,
        })
    }

    fn given(&self) -> Vec<NamedArray> {
        let Problem { x, y, layers, .. } = &self.problem;
        let of_layer = |(l, layer): (usize, &crate::by_hand::Layer)| {
            [array(format!("W{}", l + 1), &layer.w), array(format!("b{}", l + 1), &layer.b)]
        };
        let parameters = layers.iter().enumerate().flat_map(of_layer);
        let gradient = self.gradient.iter().map(|(name, matrix)| array(name.clone(), matrix));
        let epsilon = NamedArray::new("epsilon", [], [EPSILON]);
        [array("X", x), array("Y", y)]
            .into_iter()
            .chain(parameters)
            .chain(gradient)
            .chain([epsilon])
            .collect()
    }
}

/// J(θ) = θ x, its derivative, and their check.
pub(super) struct Line {
    pub(super) part: LinePart,
    pub(super) x: f64,
    pub(super) theta: f64,
}

/// What is asked for of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinePart {
    Cost,
    Derivative,
    Check,
}

impl Computed for Line {
    fn formulas(&self) -> Box<dyn Formulas + '_> {
        let (x, theta) = (self.x, self.theta);
        match self.part {
            LinePart::Check => Box::new(Check {
                analytic: vec![x],
                here: theta * x,
                around: vec![[(theta + EPSILON) * x, (theta - EPSILON) * x]],
                epsilon: EPSILON,
                // The function is a line: the others make the same numbers.
                known: vec![Mistake::HalfMissing, Mistake::DivisionMissing],
                terms: 1.0,
            }),
            LinePart::Cost => {
                let taken = [
                    ("sum", theta + x, "it is the sum; J is the product θ x", "写成了和；J 是乘积 θ x"),
                    ("input-alone", x, "θ is missing: J is θ x", "缺少 θ：J 为 θ x"),
                ];
                Box::new(Number { name: "J", right: theta * x, taken: taken.into() })
            }
            LinePart::Derivative => {
                let taken = [
                    (
                        "other-derivative",
                        theta,
                        "it is θ, the derivative by x; by θ it is x",
                        "是 θ，即对 x 的导数；对 θ 的导数为 x",
                    ),
                    (
                        "function",
                        theta * x,
                        "it is J itself; its derivative by θ is x",
                        "是 J 本身；它对 θ 的导数为 x",
                    ),
                ];
                Box::new(Number { name: "dtheta", right: x, taken: taken.into() })
            }
        }
    }

    fn given(&self) -> Vec<NamedArray> {
        let number = |name: &str, value: f64| NamedArray::new(name, [], [value]);
        vec![number("x", self.x), number("theta", self.theta), number("epsilon", EPSILON)]
    }
}

/// One number, and what people take for it: the mistake, the number, and what is wrong, in English and Chinese.
struct Number {
    name: &'static str,
    right: f64,
    taken: Vec<(&'static str, f64, &'static str, &'static str)>,
}

impl Formulas for Number {
    fn quantities(&self) -> Vec<Quantity> {
        vec![Quantity::required(self.name)]
    }

    fn slips(&self) -> Vec<Slip> {
        let slip = |&(key, _, en, zh): &(&'static str, f64, &str, &str)| Slip {
            key,
            place: self.name.to_owned(),
            what: Text::new(en, zh),
        };
        self.taken.iter().map(slip).collect()
    }

    fn values(&self, made: &[usize]) -> Vec<Matrix> {
        let value = made.first().map_or(self.right, |&i| self.taken[i].1);
        vec![Matrix::new(1, 1, [value])]
    }

    fn where_to_begin(&self, _: &[Option<bool>]) -> Text {
        Text::new("J(θ) = θ x", "J(θ) = θ x")
    }
}
