//! The trajectories of trainings through their weights.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use nablab_engine::{Float, Observer, Progress, Trainer};

/// Parts of equal length that a training is cut into; a trajectory has a point after each.
const POINTS: u64 = 60;

/// Where a training has been: the parameters after some of its epochs.
pub(super) struct Trajectory {
    every: u64,
    pub(super) points: Vec<(u64, Vec<f64>)>,
}

impl Trajectory {
    /// Train to the end.
    pub(super) fn of<F: Float>(trainer: &mut Trainer<F>, epochs: u64) -> Self {
        let mut trajectory =
            Self { every: epochs.div_ceil(POINTS), points: vec![(0, wide(trainer.params()))] };
        trainer.run(&mut trajectory);
        trajectory.points.retain(|(_, params)| params.iter().all(|p| p.is_finite()));
        trajectory
    }

    /// As a text, from which [`Trajectory::read`] makes the same bits.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for (epoch, params) in &self.points {
            let _ = write!(text, "{epoch}");
            for p in params {
                let _ = write!(text, " {p:?}");
            }
            text.push(';');
        }
        text
    }

    /// Of a network of so many parameters.
    pub(super) fn read(text: &str, params: usize) -> Option<Self> {
        let point = |text: &str| {
            let mut numbers = text.split(' ');
            let epoch = numbers.next()?.parse().ok()?;
            let all: Vec<f64> = numbers.map(|p| p.parse().ok()).collect::<Option<_>>()?;
            (all.len() == params).then_some((epoch, all))
        };
        let points = text.split_terminator(';').map(point).collect::<Option<_>>()?;
        Some(Self { every: 1, points })
    }
}

impl<F: Float> Observer<F> for Trajectory {
    fn wants_cost(&mut self, _: &Progress) -> bool {
        false
    }

    fn cost(&mut self, _: &Progress, _: F) {}

    fn epoch_end(&mut self, epochs_done: u64, params: &[F]) -> ControlFlow<()> {
        // The trajectory is long at first and short at the end.
        if epochs_done.is_multiple_of(self.every) || epochs_done.is_power_of_two() {
            self.points.push((epochs_done, wide(params)));
        }
        ControlFlow::Continue(())
    }
}

fn wide<F: Float>(params: &[F]) -> Vec<f64> {
    params.iter().map(|p| p.to_f64()).collect()
}
