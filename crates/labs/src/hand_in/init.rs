//! Initial parameters: their draws cannot be compared, what they are draws of can be tested.

use nablab_data::named_arrays::NamedArray;
use nablab_engine::rng::NumpyRng;
use nablab_report::number;
use nablab_statistics::{mean_is_zero, variance_is};
use serde_json::{Value, json};

use super::error::shape;
use super::formulas::Quantity;
use super::given::{Given, problem};
use super::hand_out::PROBLEM;
use super::handed::{Handed, fits};
use super::init_scales::{Draw, Drawn, Scheme, ways_to_draw};
use super::judgement::{Judged, Judgement, Made, Way};
use super::task::{Instructions, Task, Written};
use super::{HandInError, Text};
use crate::by_hand::Matrix;
use crate::numbers::seed_of;

/// How seldom something right is called wrong: in one of so many hand-ins, over all tests of it together.
const LEVEL: f64 = 1e-4;
/// More weights than this are not drawn.
const MOST_WEIGHTS: f64 = 4e6;

/// The sizes of a network, and how its weights are to be drawn.
pub(super) struct Init {
    scheme: Scheme,
    sizes: Vec<usize>,
    seed: u32,
}

impl Init {
    /// Layers that narrow, so that n_in and n_out tell apart, and are large enough to tell √2 from 1.
    pub(super) fn built_in(variant: u64) -> Self {
        const SCHEMES: u64 = Scheme::ALL.len() as u64;
        let scheme = Scheme::ALL[(variant % SCHEMES + 2) as usize % Scheme::ALL.len()];
        let narrower = 2 * (variant / SCHEMES % 5) as usize;
        Self { scheme, sizes: vec![80 - narrower, 50 - narrower, 32, 20], seed: seed_of(variant) }
    }

    /// Drawn so, with this seed; each of five variants has other sizes.
    pub(super) fn new(scheme: Scheme, variant: u64, seed: u32) -> Self {
        let of_sizes = Self::built_in(variant % 5 * Scheme::ALL.len() as u64);
        Self { scheme, seed, ..of_sizes }
    }

    pub(super) fn read(names: &Value, given: Given<'_>) -> Result<Self, HandInError> {
        let scheme = serde_json::from_value(names["scheme"].clone())
            .map_err(|error| problem(PROBLEM, "a scheme", error.to_string()))?;
        let is_size = |value: &f64| *value >= 1.0 && value.fract() == 0.0;
        let sizes = given.find("sizes").map_or(&[][..], |array| &array.values);
        let weights: f64 = sizes.windows(2).map(|pair| pair[0] * pair[1]).sum();
        if sizes.len() < 2 || !sizes.iter().all(is_size) || weights > MOST_WEIGHTS {
            let expected = format!("two whole numbers or more, from 1, of {MOST_WEIGHTS} weights at most");
            return Err(problem("sizes", &expected, nablab_data::readable(&format!("{sizes:?}"))));
        }
        let is_seed = |seed: f64| (0.0..=f64::from(u32::MAX)).contains(&seed) && seed.fract() == 0.0;
        let seed = given.number("seed", "a whole number, 0 or more, below 2^32", is_seed)? as u32;
        Ok(Self { scheme, sizes: sizes.iter().map(|&size| size as usize).collect(), seed })
    }

    fn layers(&self) -> usize {
        self.sizes.len() - 1
    }

    /// n_in and n_out.
    fn fans(&self, l: usize) -> [f64; 2] {
        [self.sizes[l] as f64, self.sizes[l + 1] as f64]
    }

    fn quantities(&self) -> Vec<Quantity> {
        (1..=self.layers()).flat_map(|n| [format!("W{n}"), format!("b{n}")].map(Quantity::required)).collect()
    }

    /// What NumPy's generator gives with the seed, times the factor: W1 first, row by row. From −1 to 1, `rand` is stretched.
    fn drawn(&self, drawn: &Drawn) -> Vec<Matrix> {
        let mut rng = NumpyRng::new(self.seed);
        let layer = |l: usize| {
            let ([n_in, n_out], factor) = (self.fans(l), &drawn.factor);
            let mut draw = || match drawn.draw {
                Draw::Normal => rng.gaussian(),
                Draw::Positive => rng.uniform(),
                Draw::Uniform => 2.0 * rng.uniform() - 1.0,
            };
            let (rows, cols) = (self.sizes[l + 1], self.sizes[l]);
            let entries: Vec<f64> = (0..rows * cols).map(|_| factor(n_in, n_out) * draw()).collect();
            Matrix::new(rows, cols, entries)
        };
        (0..self.layers()).map(layer).collect()
    }

    /// With these weights, and biases of 0.
    fn arrays(&self, weights: &[Matrix]) -> Vec<NamedArray> {
        let layer = |(l, w): (usize, &Matrix)| {
            let b = NamedArray::new(format!("b{}", l + 1), [w.rows(), 1], vec![0.0; w.rows()]);
            [NamedArray::new(format!("W{}", l + 1), [w.rows(), w.cols()], w.entries()), b]
        };
        weights.iter().enumerate().flat_map(layer).collect()
    }

    /// What is wrong with the weights: nothing where they are right, else each of the mistakes that may have been made, if any is known.
    /// And whether that is certain.
    fn wrong(&self, handed: &Handed) -> (Option<Vec<Made>>, bool) {
        if let Some(made) = self.not_drawn(handed) {
            return (Some(vec![made]), true);
        }
        // The first is the right one.
        let ways = ways_to_draw(self.scheme);
        let is_of_seed = |way: &Drawn| {
            self.drawn(way).iter().enumerate().all(|(l, w)| handed.is(2 * l, w, 1.0, 0.0, true))
        };
        let can_be = |way: &Drawn| (0..self.layers()).all(|l| self.can_be(way, l, weights(handed, l)));
        // With the seed there is no doubt; without, whatever no test rules out.
        let of_seed = ways.iter().position(is_of_seed);
        let fitting: Vec<usize> = match of_seed {
            Some(exact) => vec![exact],
            None => (0..ways.len()).filter(|&i| can_be(&ways[i])).collect(),
        };
        let places = || (1..=self.layers()).map(|n| format!("W{n}")).collect();
        let made = |i: usize| made(ways[i].key, places(), &ways[i].what.en, &ways[i].what.zh);
        let wrong = (fitting.first() != Some(&0)).then(|| fitting.into_iter().map(made).collect());
        (wrong, of_seed.is_some())
    }

    /// Neither mean nor variance of a layer's weights rules the way out; what cannot be tested does not.
    fn can_be(&self, way: &Drawn, l: usize, weights: &[f64]) -> bool {
        let [n_in, n_out] = self.fans(l);
        let mean = way.mean(n_in, n_out);
        let centred: Vec<f64> = weights.iter().map(|w| w - mean).collect();
        let level = LEVEL / (2 * self.layers()) as f64;
        let above = |p: Option<f64>| p.is_none_or(|p| p > level);
        above(mean_is_zero(&centred)) && above(variance_is(&centred, way.deviation(n_in, n_out)))
    }

    /// What is measured of a layer's weights.
    fn measured(&self, l: usize, weights: &[f64]) -> Text {
        let ([n_in, n_out], count) = (self.fans(l), weights.len() as f64);
        let mean = weights.iter().sum::<f64>() / count;
        let variance = weights.iter().map(|w| w * w).sum::<f64>() / count;
        let expected = self.scheme.variance(n_in, n_out);
        let p = |p: Option<f64>| match p {
            Some(p) if p < 1e-4 => Text::new("p < 0.0001", "p < 0.0001"),
            Some(p) => Text::new(format!("p = {}", number(p, 2)), format!("p = {}", number(p, 2))),
            None => Text::new("too few numbers to be tested", "数太少，无法检验"),
        };
        let (of_mean, of_variance) = (p(mean_is_zero(weights)), p(variance_is(weights, expected.sqrt())));
        let (mean, variance, expected) = (number(mean, 3), number(variance, 4), number(expected, 4));
        let size = shape(&[self.sizes[l + 1], self.sizes[l]]);
        Text::new(
            format!(
                "{size}, mean {mean} ({}), mean square {variance}, expected {expected} ({})",
                of_mean.en, of_variance.en
            ),
            format!(
                "{size}，均值 {mean}（{}），均方 {variance}，应为 {expected}（{}）",
                of_mean.zh, of_variance.zh
            ),
        )
    }

    /// Weights that are no draws at all, or draws of one seed in each layer.
    fn not_drawn(&self, handed: &Handed) -> Option<Made> {
        let layers = || (0..self.layers()).map(|l| weights(handed, l));
        let names = |is: &dyn Fn(&[f64]) -> bool| -> Vec<String> {
            layers().enumerate().filter(|(_, w)| is(w)).map(|(l, _)| format!("W{}", l + 1)).collect()
        };
        let zeros = names(&|w| w.iter().all(|&w| w == 0.0));
        if !zeros.is_empty() {
            return Some(made(
                "zeros",
                zeros,
                "it is 0 everywhere, so that all units of a layer stay the same",
                "全部为 0，同一层的单元会一直相同",
            ));
        }
        let equal = names(&|w| w.len() > 1 && w.iter().all(|&x| x == w[0]));
        if !equal.is_empty() {
            return Some(made(
                "equal",
                equal,
                "all its entries are the same, so that all units of a layer stay the same",
                "所有元素相同，同一层的单元会一直相同",
            ));
        }
        // Two layers drawn from one seed begin with the same numbers, up to the factor.
        let first = weights(handed, 0);
        let again = (1..self.layers()).filter(|&l| {
            let other = weights(handed, l);
            let ratio = other[0] / first[0];
            let is_same = |(a, b): (&f64, &f64)| (a * ratio - b).abs() <= 1e-5 * b.abs();
            first.len().min(other.len()) > 3 && first.iter().zip(other).all(is_same)
        });
        let again: Vec<String> = again.map(|l| format!("W{}", l + 1)).collect();
        (!again.is_empty()).then(|| {
            made(
                "seeded-again",
                again,
                "it has the same numbers as W1, up to a factor: the generator is seeded anew for each layer",
                "与 W1 只差一个系数：每一层都重新设了随机种子",
            )
        })
    }
}

fn weights(handed: &Handed, l: usize) -> &[f64] {
    handed.arrays[2 * l].as_ref().map_or(&[], |array| &array.values)
}

fn made(mistake: &str, places: Vec<String>, en: &str, zh: &str) -> Made {
    let said = Text::new(format!("{}: {en}", places.join(", ")), format!("{}：{zh}", places.join("、")));
    Made { mistake: mistake.into(), places, said }
}

impl Task for Init {
    fn given(&self) -> Vec<NamedArray> {
        let sizes: Vec<f64> = self.sizes.iter().map(|&size| size as f64).collect();
        vec![
            NamedArray::new("sizes", [sizes.len()], sizes),
            NamedArray::new("seed", [], [f64::from(self.seed)]),
        ]
    }

    fn right(&self) -> Vec<NamedArray> {
        self.arrays(&self.drawn(&ways_to_draw(self.scheme)[0]))
    }

    fn planted(&self) -> Vec<(String, String, Vec<NamedArray>)> {
        let places: Vec<String> = (1..=self.layers()).map(|n| format!("W{n}")).collect();
        let of = |way: Drawn| (way.key.to_owned(), places.join(", "), self.arrays(&self.drawn(&way)));
        ways_to_draw(self.scheme).into_iter().skip(1).map(of).collect()
    }

    fn judge(&self, handed: &[NamedArray]) -> Result<Judgement, HandInError> {
        let quantities = self.quantities();
        let handed = Handed::new(handed, &quantities, &["sizes".into(), "seed".into()])?;
        let expected = self.arrays(&self.drawn(&ways_to_draw(self.scheme)[0]));
        for (k, (array, right)) in handed.arrays.iter().flatten().zip(&expected).enumerate() {
            let zeros = Matrix::from_fn(right.shape[0], right.shape[1], |_, _| 0.0);
            if !fits(&array.shape, &zeros) {
                let (expected, got) = (shape(&right.shape), shape(&array.shape));
                return Err(HandInError::Shape { name: quantities[k].name.clone(), expected, got });
            }
        }
        let (wrong, exact) = self.wrong(&handed);
        let ways_to_draw = ways_to_draw(self.scheme);
        let is_zero = |l: usize| handed.arrays[2 * l + 1].iter().all(|b| b.values.iter().all(|&b| b == 0.0));
        let biased: Vec<String> =
            (0..self.layers()).filter(|&l| !is_zero(l)).map(|l| format!("b{}", l + 1)).collect();
        let of_biases = (!biased.is_empty()).then(|| {
            made("biases-not-zero", biased, "it is not 0: biases begin at 0", "不为 0：偏置应从 0 开始")
        });
        let way = |of_weights: Option<Made>| Way {
            mistakes: of_weights.into_iter().chain(of_biases.clone()).collect(),
        };
        let ways: Vec<Way> = match &wrong {
            None => of_biases.iter().map(|_| way(None)).collect(),
            Some(mistakes) => mistakes.iter().map(|made| way(Some(made.clone()))).collect(),
        };
        let part = |l: usize| {
            let (w, name) = (weights(&handed, l), format!("W{}", l + 1));
            let right = match wrong.as_deref() {
                None => true,
                Some([]) => self.can_be(&ways_to_draw[0], l, w),
                Some([first, ..]) => !first.places.contains(&name),
            };
            let looks_like = match right || !ways.is_empty() {
                true => Vec::new(),
                false => ways_to_draw
                    .iter()
                    .filter(|way| self.can_be(way, l, w))
                    .map(|way| way.what.clone())
                    .collect(),
            };
            let size = shape(&[self.sizes[l + 1], 1]);
            let extent = Text::new(size.clone(), size);
            [
                Judged { name, right, extent: self.measured(l, w), worst: None, looks_like },
                Judged {
                    name: format!("b{}", l + 1),
                    right: is_zero(l),
                    extent,
                    worst: None,
                    looks_like: Vec::new(),
                },
            ]
        };
        let parts = (0..self.layers()).flat_map(part).collect();
        let right = wrong.is_none() && of_biases.is_none();
        // Biases are compared as they are.
        let exact = exact || (wrong.is_none() && of_biases.is_some());
        Ok(Judgement { right, exact, parts, convention: None, ways, notes: handed.notes })
    }
}

impl Written for Init {
    fn names(&self) -> Value {
        json!({ "scheme": self.scheme })
    }

    fn text(&self) -> Instructions {
        let (name, deviation) = self.scheme.words();
        let (sizes, last) = (&self.sizes, self.layers());
        let all: Vec<String> = sizes.iter().map(usize::to_string).collect();
        let formulas = Text::new(
            format!(
                "Draw the initial parameters of a network {}, as {name} does: each weight is normally distributed with mean 0 and deviation\n\n\
                ```text\n{deviation}\n```\n\nn_in is the number of inputs of the layer, n_out of its units; W has a row for each unit. Biases are 0. \
                Mean and variance of each matrix are tested. If you draw with `np.random.seed({})` and `np.random.randn(n_out, n_in)`, \
                W1 first, each number is compared.",
                all.join("-"),
                self.seed
            ),
            format!(
                "按 {name} 的方法抽取网络 {} 的初始参数：每个权重服从正态分布，均值为 0，标准差为\n\n```text\n{deviation}\n```\n\n\
                n_in 是该层的输入数，n_out 是单元数；W 的每一行对应一个单元。偏置为 0。对每个矩阵检验均值和方差。\
                若用 `np.random.seed({})` 和 `np.random.randn(n_out, n_in)` 从 W1 开始抽取，则逐个比较。",
                all.join("-"),
                self.seed
            ),
        );
        let given = vec![
            Text::new("inputs, and the units of each layer", "输入数和各层的单元数"),
            Text::new("for np.random.seed, if you like", "供 np.random.seed 使用，可选"),
        ];
        let layer = |n: usize| {
            let (w, b) = (shape(&[sizes[n], sizes[n - 1]]), shape(&[sizes[n], 1]));
            [(format!("W{n}"), w, true), (format!("b{n}"), b, true)]
        };
        let title = Text::new("The initial parameters of a network", "网络的初始参数");
        Instructions { title, formulas, given, wanted: (1..=last).flat_map(layer).collect() }
    }
}
