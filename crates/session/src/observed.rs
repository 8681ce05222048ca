//! What a diagnosis has to know of the way here: seen while steps are made, where they are made for the first time.

use nablab_diagnosis::Evidence;
use nablab_engine::{Divergence, Float, Trainer};
use nablab_tables::{Costs, Ending, Monitor, Prepared, Settings};

use crate::{SessionError, Stop};

/// A training, observed.
pub(crate) struct Observed<F: Float> {
    monitor: Monitor<F>,
    /// Of the epoch that was begun last.
    costs: Option<Costs<'static, F>>,
    /// Steps that were seen.
    seen: u64,
}

impl<F: Float> Observed<F> {
    /// Of a trainer before its first step.
    pub(crate) fn new(
        settings: &Settings,
        prepared: &Prepared<F>,
        trainer: &Trainer<F>,
    ) -> Result<Self, SessionError> {
        let monitor = Monitor::new(settings, prepared, trainer, trainer.params())?;
        Ok(Self { monitor, costs: None, seen: 0 })
    }

    /// Make so many steps, or as many as there are. Whoever went back makes known steps again, which are not seen twice.
    pub(crate) fn steps(
        &mut self,
        trainer: &mut Trainer<F>,
        count: u64,
        stop: &Stop,
    ) -> Result<u64, Divergence> {
        let mut made = 0;
        while made < count {
            let known = self.seen.saturating_sub(trainer.steps_done());
            if known > 0 {
                let some = known.min(count - made);
                let done = trainer.steps(some, &mut stop.beside(&mut ()))?;
                made += done;
                if done < some {
                    break;
                }
                continue;
            }
            let costs = self.costs.get_or_insert_with(|| self.monitor.costs(trainer));
            let some = ((trainer.batches() - trainer.batches_done()) as u64).min(count - made);
            let epochs = trainer.epochs_done();
            let done = trainer.steps(some, &mut stop.beside(costs));
            self.seen = trainer.steps_done();
            let done = done?;
            made += done;
            if done < some {
                break;
            }
            if trainer.epochs_done() > epochs
                && let Some(costs) = self.costs.take()
            {
                self.monitor.epoch(trainer, &costs);
            }
        }
        Ok(made)
    }

    /// It stands where other settings hold; what was seen stays. `initial` are the parameters before the first step of all.
    pub(crate) fn enter(
        &mut self,
        settings: &Settings,
        prepared: &Prepared<F>,
        trainer: &Trainer<F>,
        initial: &[F],
    ) -> Result<(), SessionError> {
        self.monitor = Monitor::new(settings, prepared, trainer, initial)?.with_past_of(&self.monitor);
        Ok(())
    }

    /// What was seen of later steps will not come again.
    pub(crate) fn forget_after(&mut self, step: u64, epoch: u64) {
        if self.seen > step {
            (self.seen, self.costs) = (step, None);
        }
        self.monitor.forget_after(epoch);
    }

    /// What is known by now.
    pub(crate) fn evidence(
        &mut self,
        prepared: &Prepared<F>,
        trainer: &Trainer<F>,
        ended: Option<&Ending>,
    ) -> Evidence {
        self.monitor.evidence(prepared, trainer, ended)
    }
}
