//! What is asked of the labs.

use nablab_data::Parts;

use crate::experiment::Experiment;
use crate::own_data::is_of_the_course;
use crate::{Bug, Knobs, Lab, LabError};

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which labs.
    pub labs: Vec<Lab>,
    /// Points on a plane in two classes, in place of the data of the labs that train. The course's file is the regularisation
    /// lab's own: chosen with others, only that lab takes it.
    pub data: Option<Parts>,
    /// Also train with this many other seeds: each training with turned knobs and the one beside it, or, where none is turned,
    /// each variant. Left out, [`SEEDS_BESIDE`] where a knob is turned, else none.
    pub seeds: Option<u32>,
    /// What to change.
    pub knobs: Knobs,
    /// A mistake to be planted in the gradient-checking lab.
    pub bug: Option<Bug>,
}

/// Seeds that tell whether what a knob changes is more than luck, where nobody says how many.
pub const SEEDS_BESIDE: u32 = 20;

impl Options {
    /// The data that takes the place of a lab's own.
    pub(crate) fn data_of(&self, lab: Lab) -> Option<&Parts> {
        let is_elsewhere = |data: &Parts| {
            lab != Lab::Regularization && self.labs.contains(&Lab::Regularization) && is_of_the_course(data)
        };
        self.data.as_ref().filter(|data| lab.trains() && !is_elsewhere(data))
    }

    /// What is asked for must act on one of the labs chosen, of which these are the plans.
    pub(crate) fn check(&self, planned: &[Experiment]) -> Result<(), LabError> {
        let trains = |lab: Lab| lab.trains();
        self.check_use("data", self.data.is_some(), &trains)?;
        self.check_use("bug", self.bug.is_some(), &|lab| lab == Lab::GradientChecking)?;
        self.check_use("seeds", self.seeds.is_some_and(|seeds| seeds > 0), &trains)?;
        for knob in self.knobs.given() {
            let acts = |experiment: &Experiment| {
                experiment.variants.iter().any(|variant| self.knobs.acts_on(knob, variant))
            };
            if !planned.iter().any(acts) {
                let of = |lab: Lab| lab.planned(&Self::default()).is_ok_and(|experiment| acts(&experiment));
                self.check_use(knob, true, &of)?;
                return Err(LabError::Unused { option: knob, labs: String::new() });
            }
        }
        let is_turned = planned.iter().any(|experiment| experiment.twins().next().is_some());
        match self.knobs.given()[..] {
            [knob, ..] if !is_turned => Err(LabError::Unturned { knob }),
            _ => Ok(()),
        }
    }

    fn check_use(
        &self,
        option: &'static str,
        is_given: bool,
        acts: &dyn Fn(Lab) -> bool,
    ) -> Result<(), LabError> {
        let acting: Vec<_> = Lab::ALL.into_iter().filter(|&lab| acts(lab)).collect();
        if !is_given || acting.is_empty() || acting.iter().any(|lab| self.labs.contains(lab)) {
            return Ok(());
        }
        let labs: Vec<_> = acting.iter().map(|lab| lab.key()).collect();
        Err(LabError::Unused { option, labs: labs.join(", ") })
    }
}
