//! What several exercises are made of: a lab's training, a small problem with short numbers, matrices as Python has them.

use std::sync::{Mutex, PoisonError};

use nablab_engine::rng::NumpyRng;
use nablab_engine::{Activation, Init, Layout, Loss};
use nablab_report::number;

use super::Text;
use super::draw::rounded;
use crate::by_hand::{Dropout, Layer, Matrix, Problem};
use crate::experiment::Experiment;
use crate::training::VariantTraining;
use crate::variant::Run;
use crate::{Knobs, Lab, LabError};

/// A variant of a lab, trained with knobs turned.
pub(super) fn trained(lab: Lab, knobs: &Knobs, variant: &str) -> Result<Run, LabError> {
    trained_on(&lab.plan(None, &Knobs::default())?, knobs, variant)
}

/// What trainings come to, by a number that each is made with: a search, an answer and its misconceptions often ask for the same one.
pub(super) struct Remembered<F> {
    train: F,
    known: Mutex<Vec<(f64, f64)>>,
}

impl<F: Fn(f64) -> Result<f64, LabError>> Remembered<F> {
    pub(super) fn new(train: F) -> Self {
        Self { train, known: Mutex::default() }
    }

    /// Trained at most once, unless two ask at the same time.
    pub(super) fn of(&self, number: f64) -> Result<f64, LabError> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known().iter().find(|(other, _)| *other == number).map(|&(_, value)| value);
        if let Some(value) = found {
            return Ok(value);
        }
        let value = (self.train)(number)?;
        known().push((number, value));
        Ok(value)
    }
}

/// The same on the data of an experiment.
pub(super) fn trained_on(lab: &Experiment, knobs: &Knobs, variant: &str) -> Result<Run, LabError> {
    let course = lab.training(variant)?;
    match course.variant().turned(knobs)? {
        Some(turned) => VariantTraining::new(&turned, &lab.data)?.finish(&()),
        None => VariantTraining::finish(course, &()),
    }
}

/// A network of these sizes on m Gaussian examples, all numbers with one decimal. No label is the same for all examples.
pub(super) fn small_problem(
    rng: &mut NumpyRng,
    sizes: &[usize],
    m: usize,
    activation: Activation,
) -> Problem {
    let mut gaussian = |rows, cols| {
        let entries: Vec<_> = (0..rows * cols).map(|_| rounded(rng.gaussian(), 1)).collect();
        Matrix::new(rows, cols, entries)
    };
    let x = gaussian(sizes[0], m);
    let last = sizes.len() - 2;
    let layers = sizes.windows(2).enumerate().map(|(l, size)| Layer {
        w: gaussian(size[1], size[0]),
        b: gaussian(size[1], 1),
        activation: if l == last { Activation::Sigmoid } else { activation },
        dropout: None,
    });
    let layers = layers.collect();
    let y = Matrix::from_fn(1, m, |_, j| f64::from(u8::from(j % 3 != 1)));
    Problem { x, y, layers, loss: Loss::SigmoidCrossEntropy, l2: 0.0 }
}

/// A mask that keeps and silences at least one unit for some example.
pub(super) fn mask(rng: &mut NumpyRng, rows: usize, cols: usize, keep: f64) -> Dropout {
    loop {
        let entries: Vec<_> = (0..rows * cols).map(|_| f64::from(u8::from(rng.uniform() < keep))).collect();
        if entries.contains(&0.0) && entries.contains(&1.0) {
            return Dropout { mask: Matrix::new(rows, cols, entries), keep };
        }
    }
}

/// A network whose weights an initialiser draws, on Gaussian examples.
pub(super) fn initialized(
    init: Init,
    seed: u32,
    sizes: &[usize],
    m: usize,
    activation: Activation,
) -> Problem {
    let layout = Layout::dense(sizes);
    let mut params = vec![0.0; layout.len()];
    init.fill(&layout, &mut NumpyRng::new(seed), &mut params);
    let mut problem = small_problem(&mut NumpyRng::new(seed), sizes, m, activation);
    for (l, layer) in problem.layers.iter_mut().enumerate() {
        let (w, b) = layout.layer(l, &params);
        layer.w = Matrix::new(w.rows(), w.cols(), w.data());
        layer.b = Matrix::new(w.rows(), 1, b);
    }
    problem
}

/// A command that runs a lab, and where its report has the answer.
pub(super) fn lab_command(args: &str, en: &str, zh: &str) -> Text {
    Text::new(
        format!("nablab lab {args}        # {en}"),
        format!("nablab lab {args} --lang zh        # {zh}"),
    )
}

/// A matrix as Python has it, with so many digits.
pub(super) fn python(name: &str, matrix: &Matrix, digits: usize) -> String {
    let row = |i: usize| {
        let entries = matrix.row(i).iter().map(|&entry| number(entry, digits).replace('−', "-"));
        format!("[{}]", entries.collect::<Vec<_>>().join(", "))
    };
    let rows: Vec<_> = (0..matrix.rows()).map(row).collect();
    let start = format!("{name} = np.array([");
    let is_long = start.len() + rows.iter().map(|row| row.len() + 2).sum::<usize>() > LINE;
    let between = if is_long { format!(",\n{}", " ".repeat(start.len())) } else { ", ".to_owned() };
    format!("{start}{}])", rows.join(&between))
}

/// Letters of a line; of a longer matrix each row has its own.
const LINE: usize = 90;

/// With so many decimals, for what need not be exact.
pub(super) fn shortened(matrix: &Matrix, decimals: i32) -> Matrix {
    Matrix::from_fn(matrix.rows(), matrix.cols(), |i, j| rounded(matrix.at(i, j), decimals))
}

/// The place of the entry of the largest size.
pub(super) fn largest(matrix: &Matrix) -> (usize, usize) {
    let size = |k: &usize| matrix.entries()[*k].abs();
    let place = (0..matrix.entries().len()).max_by(|a, b| size(a).total_cmp(&size(b))).unwrap_or(0);
    (place / matrix.cols(), place % matrix.cols())
}
