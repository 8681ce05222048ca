//! A training that is alive: steps on, back and ahead, and is changed on the way.

use std::num::NonZeroUsize;

use nablab_data::prepare::{Inputs, Target};
use nablab_diagnosis::Evidence;
use nablab_engine::{Divergence, Evaluation, Float, Recipe, SearchEnd, State, Trainer};
use nablab_tables::{Ending, Part, Prepared, Settings};

use crate::by_hand::Followed;
use crate::change::{carried, goes_on_by};
use crate::checkpoints::Checkpoints;
use crate::curve::{Curve, Point};
use crate::event::{At, Ended};
use crate::grid::Plane;
use crate::observed::Observed;
use crate::outputs::{accuracy, said, said_by_units, single, told};
use crate::plan::too_large;
use crate::{Change, SessionError, Stop};

/// A training, whatever its numbers are.
pub(crate) trait Live {
    /// So many steps, or as many as there are.
    fn advance(&mut self, steps: u64);
    /// Steps to the end of the epoch.
    fn steps_of_epoch(&self) -> u64;
    /// To the instant after so many steps, or towards it by so many at most.
    fn seek(&mut self, step: u64, most: u64);
    /// Change it here.
    fn change(&mut self, change: &Change, settings: Option<&Settings>) -> Result<(), SessionError>;
    /// Where it stands.
    fn at(&mut self) -> At;
    /// The step it stands at.
    fn step(&self) -> u64;
    /// Points of the curve from a step on.
    fn curve(&self, from: u64) -> &[Point];
    /// All parameters.
    fn parameters(&self) -> Vec<f32>;
    /// What it says of the rows learned from and held out, each output in its own units.
    fn predictions(&self) -> Vec<f32>;
    /// What it says over the plane, each output in its own units.
    fn boundary(&self, plane: &Plane, cells: usize) -> Result<Vec<f32>, SessionError>;
    /// What its hidden units say over the plane.
    fn units(&self, plane: &Plane, cells: usize) -> Result<Vec<f32>, SessionError>;
    /// The next step, to be followed by hand.
    fn followed(&mut self) -> Result<Followed, SessionError>;
    /// What a diagnosis knows by now.
    fn evidence(&mut self) -> Evidence;
    /// The settings that hold where it stands.
    fn settings(&self) -> &Settings;
    /// What was found in the table, and the recipe it trains by.
    fn described(&self) -> Described<'_>;
}

/// What a page draws before the first step.
pub(crate) struct Described<'l> {
    pub(crate) inputs: &'l Inputs,
    pub(crate) target: &'l Target,
    pub(crate) recipe: &'l Recipe,
    pub(crate) layout: &'l nablab_engine::Layout,
    /// Rows of the table that are learned from, and held out, with the targets.
    pub(crate) rows: [Vec<(usize, f64)>; 2],
    pub(crate) batches: u64,
}

/// A stretch of a training by one recipe, from a change on to the next.
struct Stretch<F> {
    prepared: Prepared<F>,
    settings: Settings,
    checkpoints: Checkpoints<F>,
    first: u64,
}

/// A training of one type of number.
pub(crate) struct Training<F: Float> {
    stretches: Vec<Stretch<F>>,
    /// The one it stands in.
    here: usize,
    trainer: Trainer<F>,
    train: Evaluation<F>,
    held_out: Option<Evaluation<F>>,
    /// Loss and accuracy of both, at this instant, once they were asked for.
    judged: Option<Judged>,
    curve: Curve,
    /// What a diagnosis is made of, where the way is kept.
    observed: Option<Observed<F>>,
    divergence: Option<Divergence>,
    stop: Stop,
}

/// Loss and accuracy of the rows learned from, and of those held out.
type Judged = ([f64; 2], Option<[f64; 2]>);

/// What is kept of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// States to go back to, and curves.
    Way,
    /// Nothing: only the end is wanted.
    Nothing,
}

/// Parameters of a network that a session takes: its maps and checkpoints are for eyes.
const MOST_PARAMETERS: usize = 2_000_000;
/// Cells along a side, and numbers of all units over the plane.
const MOST_CELLS: usize = 400;
const MOST_NUMBERS: usize = 8_000_000;
/// What the network says of all rows.
const MOST_OUTPUTS: usize = 16_000_000;

impl<F: Float> Training<F> {
    pub(crate) fn new(
        prepared: Prepared<F>,
        settings: &Settings,
        kept: Kept,
        stop: &Stop,
    ) -> Result<Self, SessionError> {
        let trainer = prepared.trainer(settings, NonZeroUsize::MIN)?;
        too_large("parameters", MOST_PARAMETERS, trainer.network().layout().len())?;
        let rows = prepared.train.m + prepared.validation.as_deref().map_or(0, |part| part.m);
        too_large("outputs of all rows", MOST_OUTPUTS, rows * trainer.network().outputs())?;
        let judge = |part: &Part<F>| trainer.evaluation(part.x(), part.y(), &part.weights);
        let (train, held_out) =
            (judge(&prepared.train)?, prepared.validation.as_deref().map(judge).transpose()?);
        let (checkpoints, curve, observed) = match kept {
            Kept::Way => {
                let observed = Observed::new(settings, &prepared, &trainer)?;
                (Checkpoints::new(trainer.state()), Curve::default(), Some(observed))
            }
            Kept::Nothing => (Checkpoints::of_start(trainer.state()), Curve::of_start(), None),
        };
        let stretches = vec![Stretch { prepared, settings: settings.clone(), checkpoints, first: 0 }];
        let (judged, divergence, stop) = (None, None, stop.clone());
        let mut training =
            Self { stretches, here: 0, trainer, train, held_out, judged, curve, observed, divergence, stop };
        training.judge();
        Ok(training)
    }

    fn prepared(&self) -> &Prepared<F> {
        &self.stretches[self.here].prepared
    }

    /// Steps that the recipe still has.
    fn left(&self) -> u64 {
        let epochs = self.prepared().recipe.epochs.saturating_sub(self.trainer.epochs_done());
        let steps = epochs.saturating_mul(self.trainer.batches() as u64);
        steps.saturating_sub(self.trainer.batches_done() as u64)
    }

    /// A point of the curve, where one is due.
    fn judge(&mut self) {
        let step = self.trainer.steps_done();
        if self.curve.wants(step) {
            let (train, held_out) = self.judged();
            let none = [f64::NAN; 2];
            self.curve.add(Point { step, train, held_out: held_out.unwrap_or(none) });
        }
    }

    fn judged(&mut self) -> Judged {
        if let Some(judged) = self.judged {
            return judged;
        }
        let Prepared { found, train, validation, .. } = &self.stretches[self.here].prepared;
        let (network, params) = (self.trainer.network(), self.trainer.params());
        let judge = |evaluation: &mut Evaluation<F>, part: &Part<F>| {
            let loss = evaluation.loss(network, params);
            [loss, accuracy(evaluation.predictions(), part.y(), &part.weights, &found.target)]
        };
        let held_out = self.held_out.as_mut().zip(validation.as_deref());
        let judged =
            (judge(&mut self.train, train), held_out.map(|(evaluation, part)| judge(evaluation, part)));
        self.judged = Some(judged);
        judged
    }

    /// Enter a stretch at a state of it.
    fn enter(&mut self, stretch: usize, state: State<F>) {
        if stretch != self.here {
            let Stretch { prepared, settings, .. } = &self.stretches[stretch];
            self.trainer = prepared.trainer(settings, NonZeroUsize::MIN).expect("it was made of this before");
            self.here = stretch;
            self.observe_here().expect("it was observed before");
        }
        self.trainer.resume(state).expect("a state of this stretch");
        (self.judged, self.divergence) = (None, None);
    }

    /// Observe it by the settings that hold here.
    fn observe_here(&mut self) -> Result<(), SessionError> {
        let Stretch { prepared, settings, .. } = &self.stretches[self.here];
        let initial = &self.stretches[0].checkpoints.before(0).params;
        let observed = self.observed.as_mut();
        observed.map_or(Ok(()), |observed| observed.enter(settings, prepared, &self.trainer, initial))
    }

    /// How it ended, if it did.
    fn ending(&self) -> Option<Ending> {
        match (&self.divergence, self.trainer.search_end()) {
            (Some(divergence), _) => Some(Ending::Diverged(divergence.clone())),
            (None, Some(SearchEnd::Converged)) => Some(Ending::Converged),
            (None, Some(SearchEnd::Failed)) => Some(Ending::SearchFailed),
            (None, None) => (self.left() == 0).then_some(Ending::Finished),
        }
    }

    /// The stretch of a step: of two that begin there, the later one.
    fn stretch_of(&self, step: u64) -> usize {
        self.stretches.partition_point(|stretch| stretch.first <= step) - 1
    }

    /// What the network says of X (features, m), output by output, each in its own units.
    fn said(&self, x: &[F], m: usize) -> Vec<Vec<f32>> {
        said(self.trainer.network(), self.trainer.params(), &self.prepared().found.target, x, m)
    }

    fn maps(&self, plane: &Plane, cells: usize) -> Result<Vec<F>, SessionError> {
        too_large("cells", MOST_CELLS, cells)?;
        let network = self.trainer.network();
        let units: usize =
            network.hidden().iter().map(|layer| layer.units).sum::<usize>() + network.outputs();
        too_large("numbers of all units over the plane", MOST_NUMBERS, units * cells * cells)?;
        plane.features(&self.prepared().found.inputs, cells)
    }
}

impl<F: Float> Live for Training<F> {
    fn advance(&mut self, steps: u64) {
        let goal = self.step().saturating_add(steps);
        while self.step() < goal && self.divergence.is_none() {
            let step = self.step();
            if let Some(next) = self.stretches.get(self.here + 1).filter(|next| next.first == step) {
                let start = next.checkpoints.before(step).clone();
                self.enter(self.here + 1, start);
                continue;
            }
            let next = self.stretches.get(self.here + 1).map_or(goal, |next| next.first);
            let checkpoints = &self.stretches[self.here].checkpoints;
            let due = checkpoints.due_in(step).min(self.curve.due_in(step));
            let count = due.min(goal.min(next) - step).min(self.left());
            self.judged = None;
            let made = match &mut self.observed {
                Some(observed) => observed.steps(&mut self.trainer, count, &self.stop),
                None => self.trainer.steps(count, &mut self.stop.beside(&mut ())),
            };
            match made {
                Ok(made) if made < count || count == 0 => break,
                Ok(_) => {}
                Err(divergence) => self.divergence = Some(divergence),
            }
            let (step, trainer) = (self.step(), &self.trainer);
            self.stretches[self.here].checkpoints.offer(step, || trainer.state());
            self.judge();
        }
    }

    fn steps_of_epoch(&self) -> u64 {
        (self.trainer.batches() - self.trainer.batches_done()) as u64
    }

    fn seek(&mut self, step: u64, most: u64) {
        if step < self.step() || self.stretch_of(step) != self.here {
            let stretch = self.stretch_of(step);
            let state = self.stretches[stretch].checkpoints.before(step).clone();
            self.enter(stretch, state);
        }
        self.advance(step.saturating_sub(self.step()).min(most));
    }

    fn change(&mut self, change: &Change, settings: Option<&Settings>) -> Result<(), SessionError> {
        let step = self.step();
        let Stretch { prepared, settings: before, .. } = &self.stretches[self.here];
        let settings = settings.unwrap_or(before).clone();
        goes_on_by(before, &settings)?;
        let prepared = prepared.for_training(&settings)?;
        let mut trainer = prepared.trainer(&settings, NonZeroUsize::MIN)?;
        let mut state =
            carried(self.trainer.state(), trainer.state(), &self.prepared().recipe, &prepared.recipe);
        if trainer.batches() != self.trainer.batches() {
            state.batch = 0;
        }
        if let Some((parameter, value)) = change.set {
            let count = state.params.len();
            if !value.is_finite() {
                return Err(SessionError::NotFinite { what: "value", got: value });
            }
            *state.params.get_mut(parameter).ok_or(SessionError::NoSuch {
                what: "parameter",
                count,
                got: parameter,
            })? = F::from_f64(value);
        }
        trainer.resume(state.clone())?;
        self.trainer = trainer;
        (self.judged, self.divergence) = (None, None);
        self.stretches.truncate(self.here + 1);
        self.stretches[self.here].checkpoints.forget_after(step);
        // Of a stretch that only begins here, nothing can be come back to.
        if self.here > 0 && self.stretches[self.here].first == step {
            self.stretches.pop();
        }
        self.stretches.push(Stretch {
            prepared,
            settings,
            checkpoints: Checkpoints::new(state),
            first: step,
        });
        self.here = self.stretches.len() - 1;
        if let Some(observed) = &mut self.observed {
            observed.forget_after(step, self.trainer.epochs_done());
        }
        self.observe_here()?;
        // Of this instant, what it is after the change.
        self.curve.forget_after(step.saturating_sub(1));
        self.judge();
        Ok(())
    }

    fn at(&mut self) -> At {
        let ([loss, accuracy], held_out) = self.judged();
        let batches = self.trainer.batches() as u64;
        let known = |share: f64| (!share.is_nan()).then_some(share);
        At {
            step: self.step(),
            epoch: self.trainer.epochs_done(),
            batch: self.trainer.batches_done(),
            steps: [batches, self.step().saturating_add(self.left())],
            loss,
            accuracy: known(accuracy),
            held_out_loss: held_out.map(|[loss, _]| loss),
            held_out_accuracy: held_out.and_then(|[_, accuracy]| known(accuracy)),
            ended: self.ending().and_then(Ended::of),
        }
    }

    fn step(&self) -> u64 {
        self.trainer.steps_done()
    }

    fn curve(&self, from: u64) -> &[Point] {
        self.curve.from(from)
    }

    fn parameters(&self) -> Vec<f32> {
        self.trainer.params().iter().map(|&parameter| single(parameter)).collect()
    }

    fn predictions(&self) -> Vec<f32> {
        let Prepared { train, validation, .. } = self.prepared();
        let of_part = |part: &Part<F>| self.said(&part.x, part.m);
        let (train, held_out) = (of_part(train), validation.as_deref().map(of_part).unwrap_or_default());
        let outputs = train.into_iter().zip(held_out.into_iter().chain(std::iter::repeat(Vec::new())));
        outputs.flat_map(|(train, held_out)| train.into_iter().chain(held_out)).collect()
    }

    fn boundary(&self, plane: &Plane, cells: usize) -> Result<Vec<f32>, SessionError> {
        Ok(self.said(&self.maps(plane, cells)?, cells * cells).concat())
    }

    fn units(&self, plane: &Plane, cells: usize) -> Result<Vec<f32>, SessionError> {
        let x = self.maps(plane, cells)?;
        Ok(said_by_units(self.trainer.network(), self.trainer.params(), &x, cells * cells))
    }

    fn followed(&mut self) -> Result<Followed, SessionError> {
        let Stretch { prepared, settings, .. } = &self.stretches[self.here];
        Followed::new(&mut self.trainer, prepared, settings)
    }

    fn settings(&self) -> &Settings {
        &self.stretches[self.here].settings
    }

    fn evidence(&mut self) -> Evidence {
        let (ended, prepared) = (self.ending(), &self.stretches[self.here].prepared);
        let observed = self.observed.as_mut();
        observed.map_or_else(Evidence::default, |observed| {
            observed.evidence(prepared, &self.trainer, ended.as_ref())
        })
    }

    fn described(&self) -> Described<'_> {
        let Prepared { recipe, found, train, validation, .. } = self.prepared();
        let rows = |part: &Part<F>| -> Vec<(usize, f64)> {
            part.rows.iter().enumerate().map(|(j, &row)| (row, told(part.y(), j, &found.target))).collect()
        };
        Described {
            inputs: &found.inputs,
            target: &found.target,
            recipe,
            layout: self.trainer.network().layout(),
            rows: [rows(train), validation.as_deref().map(rows).unwrap_or_default()],
            batches: self.trainer.batches() as u64,
        }
    }
}
