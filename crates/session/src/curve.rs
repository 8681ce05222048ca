//! Losses and accuracies on the way: few enough to be drawn, whatever the training is long.

/// How good the parameters are at an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) step: u64,
    /// Loss and accuracy of the rows learned from; no number where there is none.
    pub(crate) train: [f64; 2],
    /// Those of the rows held out.
    pub(crate) held_out: [f64; 2],
}

/// Points at equal distances, in order of steps.
#[derive(Clone, Debug)]
pub(crate) struct Curve {
    points: Vec<Point>,
    every: u64,
}

/// A page has no more pixels for them.
const MOST: usize = 1000;

impl Default for Curve {
    fn default() -> Self {
        Self { points: Vec::new(), every: 1 }
    }
}

impl Curve {
    /// Of the start alone, where nobody looks at the others.
    pub(crate) fn of_start() -> Self {
        Self { points: Vec::new(), every: u64::MAX }
    }

    /// Steps until the next point is due.
    pub(crate) fn due_in(&self, step: u64) -> u64 {
        self.every - step % self.every
    }

    /// Is a point wanted at this step?
    pub(crate) fn wants(&self, step: u64) -> bool {
        step.is_multiple_of(self.every) && self.points.last().is_none_or(|last| last.step < step)
    }

    /// Add a point that is wanted. Where there are too many, every other one goes, and fewer come.
    pub(crate) fn add(&mut self, point: Point) {
        self.points.push(point);
        if self.points.len() > MOST {
            self.every *= 2;
            self.points.retain(|point| point.step.is_multiple_of(self.every));
        }
    }

    /// The points from a step on.
    pub(crate) fn from(&self, step: u64) -> &[Point] {
        &self.points[self.points.partition_point(|point| point.step < step)..]
    }

    /// Forget those after this step.
    pub(crate) fn forget_after(&mut self, step: u64) {
        self.points.truncate(self.points.partition_point(|point| point.step <= step));
    }
}
