//! The functions that a deep-learning course's assignments ask for, each as a problem of its own.

use nablab_data::named_arrays::NamedArray;
use nablab_engine::Activation;
use nablab_engine::rng::NumpyRng;

use super::batches::Batches;
use super::check::{Line, LinePart, OfNetwork};
use super::formulas::is_telling;
use super::given::Given;
use super::init::Init;
use super::init_scales::Scheme;
use super::masks::Masks;
use super::network::{Network, Pass, SIZES, drawn};
use super::task::{Computed, Task, Written};
use super::update::{NAMES, Steps, Update};
use super::zeros::Zeros;
use super::{HandInError, Judgement};
use crate::by_hand::{Dropout, Matrix, Problem, backward, gradient};
use crate::numbers::rng_of;

/// Makes the list of functions: of each its name, its key, and the course's name for it.
macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident $key:literal;)*) => {
        /// A function of the course's assignments.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum CourseFunction {
            $($(#[$doc])* $name,)*
        }

        impl CourseFunction {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name.
            ///
            /// ```
            /// use nablab_labs::hand_in::CourseFunction;
            /// assert_eq!(CourseFunction::BackwardWithDropout.key(), "backward-with-dropout");
            /// ```
            pub fn key(self) -> &'static str {
                match self {
                    $(Self::$name => $key,)*
                }
            }
        }
    };
}

functions! {
    /// W and b, all 0.
    InitializeZeros "initialize-zeros";
    /// W = randn · 10 with seed 3, b = 0.
    InitializeRandom "initialize-random";
    /// W = randn · √(2 / n_in) with seed 3, b = 0.
    InitializeHe "initialize-he";
    /// Z and A of relu, relu, sigmoid.
    Forward "forward";
    /// The same with the cost.
    ForwardWithCost "forward-with-cost";
    /// The mean cross-entropy J.
    Cost "cost";
    /// dW and db; dZ and dA if they are there.
    Backward "backward";
    /// J with λ/2m Σ W².
    CostWithRegularization "cost-with-regularization";
    /// dW with λ/m W.
    BackwardWithRegularization "backward-with-regularization";
    /// D1 and D2, with seed 1.
    Masks "masks";
    /// Z and A with masks.
    ForwardWithDropout "forward-with-dropout";
    /// dW and db with masks.
    BackwardWithDropout "backward-with-dropout";
    /// J(θ) = θ x.
    LineCost "line-cost";
    /// dJ/dθ of it.
    LineDerivative "line-derivative";
    /// The check of it.
    LineCheck "line-check";
    /// The check of a network's gradient in which one matrix is doubled.
    NetworkCheck "network-check";
    /// A step of gradient descent.
    GradientDescent "gradient-descent";
    /// Mini-batches.
    MiniBatches "mini-batches";
    /// v at rest.
    InitializeVelocity "initialize-velocity";
    /// Two steps with momentum.
    Momentum "momentum";
    /// v and s of Adam at the start.
    InitializeAdam "initialize-adam";
    /// Two steps of Adam.
    Adam "adam";
}

/// The course's seed of initial weights.
const SEED: u32 = 3;
/// The network of the course's gradient check: its way from a vector to matrices knows no other.
const OF_CHECK: [usize; 4] = [4, 5, 3, 1];
/// Parameters of which an update rule remembers something: no square, which a transpose of zeros would be, too.
const OF_MEMORY: [[usize; 2]; 4] = [[4, 3], [4, 1], [2, 4], [2, 1]];
const KEEP: f64 = 0.8;
const LAMBDA: f64 = 0.7;

/// A problem of one of the course's functions: what it is given, and what is said of what it gives.
///
/// The networks are the course's relu, relu and sigmoid, smaller, with square weights, so that each mistake has a place; the numbers of each
/// variant are others.
///
/// ```
/// use nablab_labs::hand_in::{CourseFunction, CourseProblem};
/// use nablab_report::Lang;
/// let problem = CourseProblem::new(CourseFunction::Cost, 0);
/// let mut mine = problem.right();
/// mine[0].values[0] *= -1.0;
/// let judgement = problem.judge(&mine)?;
/// assert_eq!(judgement.ways[0].mistakes[0].said.of(Lang::En), "J: the minus before the losses is missing");
/// # Ok::<(), nablab_labs::hand_in::HandInError>(())
/// ```
pub struct CourseProblem {
    function: CourseFunction,
    task: Box<dyn Task>,
}

impl CourseProblem {
    /// A built-in problem, drawn until every mistake that is known makes other numbers.
    ///
    /// ```
    /// use nablab_labs::hand_in::{CourseFunction, CourseProblem};
    /// let [one, other] = [1, 2].map(|variant| CourseProblem::new(CourseFunction::Adam, variant));
    /// assert_ne!(one.given(), other.given());
    /// ```
    pub fn new(function: CourseFunction, variant: u64) -> Self {
        Self { function, task: task(function, variant) }
    }

    /// The function.
    ///
    /// ```
    /// use nablab_labs::hand_in::{CourseFunction, CourseProblem};
    /// let problem = CourseProblem::new(CourseFunction::Masks, 0);
    /// assert_eq!(problem.function(), CourseFunction::Masks);
    /// ```
    pub fn function(&self) -> CourseFunction {
        self.function
    }

    /// The numbers that the function is given, and those that it is judged by, such as masks.
    ///
    /// ```
    /// use nablab_labs::hand_in::{CourseFunction, CourseProblem};
    /// let given = CourseProblem::new(CourseFunction::GradientDescent, 0).given();
    /// let names: Vec<_> = given.iter().map(|array| &array.name[..]).collect();
    /// assert_eq!(names, ["W1", "b1", "W2", "b2", "dW1_3", "db1_3", "dW2_3", "db2_3", "t", "alpha"]);
    /// ```
    pub fn given(&self) -> Vec<NamedArray> {
        self.task.given()
    }

    /// What is right.
    ///
    /// ```
    /// use nablab_labs::hand_in::{CourseFunction, CourseProblem};
    /// // np.random.seed(1); np.random.rand(3, 6) < 0.8
    /// let masks = CourseProblem::new(CourseFunction::Masks, 0).right();
    /// assert_eq!(masks[0].values[..6], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    /// assert_eq!(masks[1].values[4..6], [1.0, 1.0]);
    /// ```
    pub fn right(&self) -> Vec<NamedArray> {
        self.task.right()
    }

    /// What comes of each mistake at each of its places: the mistake, the place, and all that the function gives.
    ///
    /// ```
    /// use nablab_labs::hand_in::{CourseFunction, CourseProblem};
    /// let planted = CourseProblem::new(CourseFunction::LineCost, 0).planted();
    /// let mistakes: Vec<_> = planted.iter().map(|(mistake, ..)| &mistake[..]).collect();
    /// assert_eq!(mistakes, ["sum", "input-alone"]); // θ + x and x in place of θ x
    /// ```
    pub fn planted(&self) -> Vec<(String, String, Vec<NamedArray>)> {
        self.task.planted()
    }

    /// What is said of what the function gave.
    ///
    /// ```
    /// use nablab_labs::hand_in::{CourseFunction, CourseProblem};
    /// let problem = CourseProblem::new(CourseFunction::Backward, 0);
    /// assert!(problem.judge(&problem.right())?.right);
    /// # Ok::<(), nablab_labs::hand_in::HandInError>(())
    /// ```
    ///
    /// # Errors
    /// As of [`super::HandOut::judge`].
    pub fn judge(&self, handed: &[NamedArray]) -> Result<Judgement, HandInError> {
        self.task.judge(handed)
    }

    /// The forward pass with dropout under other masks, D1 and D2: those that the function drew itself.
    ///
    /// ```
    /// use nablab_data::named_arrays::NamedArray;
    /// use nablab_labs::hand_in::CourseProblem;
    /// let silent = NamedArray::new("D2", [3, 6], [0.0; 18]);
    /// let right = CourseProblem::with_masks(0, &[silent])?.right();
    /// assert!(right.iter().find(|array| array.name == "A2").unwrap().values.iter().all(|&a| a == 0.0));
    /// # Ok::<(), nablab_labs::hand_in::HandInError>(())
    /// ```
    ///
    /// # Errors
    /// [`HandInError::Problem`] for masks of another shape, or with other numbers than 0 and 1.
    pub fn with_masks(variant: u64, masks: &[NamedArray]) -> Result<Self, HandInError> {
        let function = CourseFunction::ForwardWithDropout;
        let network = network(Pass::Activations, variant, Dropped::AsInTheCourse, 0.0);
        let mut given = Task::given(&network);
        for array in &mut given {
            if let Some(mask) = masks.iter().find(|mask| mask.name == array.name) {
                *array = mask.clone();
            }
        }
        let network = Network::read(Pass::Activations, &network.names(), Given::new(&given)?)?;
        Ok(Self { function, task: Box::new(network) })
    }
}

fn task(function: CourseFunction, variant: u64) -> Box<dyn Task> {
    use CourseFunction as F;
    let plain = |pass| network(pass, variant, Dropped::Nothing, 0.0);
    let line = |part| {
        telling(variant, |rng| {
            let mut number = || (100.0 * (1.5 + 2.0 * rng.uniform())).round() / 100.0;
            Line { part, x: number(), theta: 1.0 + number() }
        })
    };
    let remembered = |letters: &[&str]| {
        let mut rng = rng_of(variant);
        let parameters = NAMES.into_iter().zip(OF_MEMORY).map(|(name, [rows, cols])| {
            let entries: Vec<f64> =
                (0..rows * cols).map(|_| (100.0 * rng.gaussian()).round() / 100.0).collect();
            (name, Matrix::new(rows, cols, entries))
        });
        let parameters: Vec<(&str, Matrix)> = parameters.collect();
        Zeros::of_parameters(letters, &parameters)
    };
    match function {
        F::InitializeZeros => Box::new(Zeros::of_sizes(&[4 + (variant % 3) as usize, 3, 1])),
        F::InitializeRandom => Box::new(Init::new(Scheme::Tenfold, variant, SEED)),
        F::InitializeHe => Box::new(Init::new(Scheme::He, variant, SEED)),
        F::Forward => Box::new(plain(Pass::Activations)),
        F::ForwardWithCost => Box::new(plain(Pass::Forward)),
        F::Cost => Box::new(plain(Pass::Cost)),
        F::Backward => Box::new(plain(Pass::MeanGradient)),
        F::CostWithRegularization => Box::new(network(Pass::Cost, variant, Dropped::Nothing, LAMBDA)),
        F::BackwardWithRegularization => {
            Box::new(network(Pass::MeanGradient, variant, Dropped::Nothing, LAMBDA))
        }
        F::Masks => {
            let network = network(Pass::Activations, variant, Dropped::AsInTheCourse, 0.0);
            Box::new(masks_of(&network.problem))
        }
        F::ForwardWithDropout => Box::new(network(Pass::Activations, variant, Dropped::AsInTheCourse, 0.0)),
        F::BackwardWithDropout => {
            let by_z = network(Pass::MeanGradient, variant, Dropped::AsDrawn, 0.0);
            let by_output = by_z.with_pass(Pass::GradientByOutput);
            Box::new(Either([by_z, by_output]))
        }
        F::LineCost => Box::new(line(LinePart::Cost)),
        F::LineDerivative => Box::new(line(LinePart::Derivative)),
        F::LineCheck => Box::new(line(LinePart::Check)),
        F::NetworkCheck => Box::new(telling(variant, |rng| {
            let problem = without_dropout(drawn(rng, OF_CHECK, [Activation::Relu; 2]));
            let mut gradient = gradient(&backward(&problem, &problem.forward(), &[]));
            // W2, as in the course.
            gradient[2].1 = gradient[2].1.map(|dw| 2.0 * dw);
            OfNetwork { problem, gradient }
        })),
        F::GradientDescent => Box::new(Update::built_in(Steps::Descent, variant)),
        F::MiniBatches => Box::new(Batches::built_in(variant)),
        F::InitializeVelocity => Box::new(remembered(&["v"])),
        F::Momentum => Box::new(Update::built_in(Steps::Momentum, variant)),
        F::InitializeAdam => Box::new(remembered(&["v", "s"])),
        F::Adam => Box::new(Update::built_in(Steps::Adam, variant)),
    }
}

/// One problem in two ways to write its formulas, which differ only where something is wrong.
struct Either([Network; 2]);

impl Task for Either {
    fn given(&self) -> Vec<NamedArray> {
        Task::given(&self.0[0])
    }

    fn right(&self) -> Vec<NamedArray> {
        self.0[0].right()
    }

    fn planted(&self) -> Vec<(String, String, Vec<NamedArray>)> {
        self.0[0].planted()
    }

    /// By the way that explains more.
    fn judge(&self, handed: &[NamedArray]) -> Result<Judgement, HandInError> {
        let [first, second] = &self.0;
        let judged = first.judge(handed)?;
        if judged.right || !judged.ways.is_empty() {
            return Ok(judged);
        }
        let other = second.judge(handed)?;
        Ok(if other.ways.is_empty() { judged } else { other })
    }
}

/// Drawn until all mistakes make other numbers.
fn telling<T: Computed>(variant: u64, mut draw: impl FnMut(&mut NumpyRng) -> T) -> T {
    let mut rng = rng_of(variant);
    loop {
        let drawn = draw(&mut rng);
        if is_telling(&*drawn.formulas()) {
            return drawn;
        }
    }
}

fn without_dropout(mut problem: Problem) -> Problem {
    problem.layers.iter_mut().for_each(|layer| layer.dropout = None);
    Problem { l2: 0.0, ..problem }
}

/// Which outputs of the hidden layers are dropped.
#[derive(Clone, Copy)]
enum Dropped {
    Nothing,
    /// Those of a built-in problem.
    AsDrawn,
    /// Those that the course's seed drops.
    AsInTheCourse,
}

fn network(pass: Pass, variant: u64, dropped: Dropped, l2: f64) -> Network {
    Network::drawn(pass, variant, |rng| {
        let mut problem = Problem { l2, ..drawn(rng, SIZES, [Activation::Relu; 2]) };
        let mut masks = masks_of(&problem).as_in_the_course().into_iter();
        for layer in &mut problem.layers {
            layer.dropout = match dropped {
                Dropped::Nothing => None,
                Dropped::AsDrawn => layer.dropout.take(),
                Dropped::AsInTheCourse => masks.next().map(|mask| Dropout { mask, keep: KEEP }),
            };
        }
        problem
    })
}

/// Of both hidden layers.
fn masks_of(problem: &Problem) -> Masks {
    let units = std::array::from_fn(|l| problem.layers[l].w.rows());
    Masks { units, m: problem.examples(), keep: KEEP }
}
