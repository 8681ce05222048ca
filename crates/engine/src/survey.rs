//! What a network says of many examples, once: in blocks, on several threads.

use crate::threads::Threads;
use crate::{Float, MatRef, Network, Pass, Tiles, TilesRef, Trainer, Workspace, YRef};

/// What a network says of examples.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey<F> {
    /// What it predicts, (outputs, m), as [`Network::predict`].
    pub predictions: Vec<F>,
    /// The loss of each example, as [`Network::losses`].
    pub losses: Vec<f64>,
}

impl<F: Float> Trainer<F> {
    /// What the network says of many examples at these parameters, on the threads of this training.
    ///
    /// ```
    /// use nablab_engine::{Loss, MatRef, Settings, Trainer};
    /// let recipe = Settings { loss: Loss::SquaredError, ..Settings::default() }.check()?;
    /// let (x, y) = ([1.0, 2.0], [0.0, 0.0]);
    /// let (x, y) = (MatRef::new(&x, 1, 2), MatRef::new(&y, 1, 2));
    /// let survey = Trainer::new(&recipe, x, y)?.survey(&[2.0, 0.0], x, y);
    /// assert_eq!(survey.predictions, [2.0, 4.0]);
    /// assert_eq!(survey.losses, [2.0, 8.0]);
    /// # Ok::<(), nablab_engine::EngineError>(())
    /// ```
    pub fn survey<'y>(&self, params: &[F], x: MatRef<'_, F>, y: impl Into<YRef<'y, F>>) -> Survey<F> {
        F::survey(self, params, x, y.into())
    }

    pub(crate) fn survey_of(&self, params: &[F], x: MatRef<'_, F>, y: YRef<'_, F>) -> Survey<F> {
        survey(self.network(), params, (x, y), &self.threads)
    }
}

/// Blocks that a thread takes at a time.
const AT_ONCE: usize = 16;

/// Neighbouring examples, and where what is said of them goes.
struct Part<'a, F> {
    first: usize,
    predictions: Vec<&'a mut [F]>,
    losses: &'a mut [f64],
}

/// X (inputs, m) is laid out a block at a time: a table may fill the memory.
fn survey<F: Float>(
    network: &Network,
    params: &[F],
    (x, y): (MatRef<'_, F>, YRef<'_, F>),
    threads: &Threads,
) -> Survey<F> {
    let (m, size) = (x.cols(), network.block::<F>(x.cols()));
    let mut predictions = vec![F::ZERO; network.outputs() * m];
    let mut losses = vec![0.0; m];
    let mut rows: Vec<&mut [F]> = predictions.chunks_mut(m.max(1)).collect();
    let mut parts = Vec::new();
    for (number, losses) in losses.chunks_mut(size * AT_ONCE).enumerate() {
        let predictions = take_start(&mut rows, losses.len());
        parts.push(Part { first: number * size * AT_ONCE, predictions, losses });
    }
    let of_part = |mut part: Part<'_, F>| {
        let mut work = Workspace::new(network, size);
        let mut tiles = Tiles::zeros(network.inputs(), size);
        let mut said = Vec::new();
        for (number, losses) in part.losses.chunks_mut(size).enumerate() {
            let first = part.first + number * size;
            tiles.fill_columns(x, first..first + losses.len());
            network.forward(params, tiles.view(), Pass::Predict, &mut work);
            judge(network, &work, (y, first), losses);
            predict(network, &work, &mut said, &mut take_start(&mut part.predictions, losses.len()));
        }
    };
    threads.each(parts.into_iter(), of_part);
    Survey { predictions, losses }
}

/// The next `count` numbers of each row.
pub(crate) fn take_start<'a, F>(rows: &mut [&'a mut [F]], count: usize) -> Vec<&'a mut [F]> {
    rows.iter_mut().map(|row| row.split_off_mut(..count).expect("so many are left")).collect()
}

/// The losses of the examples of the last forward pass, whose targets begin with the `first` of Y.
pub(crate) fn judge<F: Float>(
    network: &Network,
    work: &Workspace<F>,
    (y, first): (YRef<'_, F>, usize),
    losses: &mut [f64],
) {
    let logits = work.logits();
    let (mut of_logits, mut of_targets) = (vec![0.0; network.outputs()], vec![0.0; network.outputs()]);
    for (j, loss) in losses.iter_mut().enumerate() {
        for k in 0..network.outputs() {
            of_logits[k] = logits.at(k, j).to_f64();
            of_targets[k] = y.at(k, first + j).to_f64();
        }
        *loss = network.loss().of_example(&of_logits, &of_targets);
    }
}

/// The predictions for the examples of the last forward pass, a row for each output; `room` is used again and again.
pub(crate) fn predict<F: Float>(
    network: &Network,
    work: &Workspace<F>,
    room: &mut Vec<F::Line>,
    rows: &mut [&mut [F]],
) {
    let logits = work.logits();
    room.clear();
    room.extend_from_slice(logits.lines());
    network.loss().predict::<F>(work.isa, room, network.outputs());
    TilesRef::new(room, network.outputs(), logits.m()).copy_rows(rows);
}
