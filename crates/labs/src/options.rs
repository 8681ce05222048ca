//! What is asked of the labs.

use nablab_data::Parts;
use nablab_engine::{Hidden, Precision, Settings};

use crate::experiment::Difference;
use crate::{Bug, Lab, LabError};

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which labs.
    pub labs: Vec<Lab>,
    /// Data of the regularisation lab; without, the embedded pitch.
    pub data: Option<Parts>,
    /// Also train each variant with this many other seeds.
    pub seeds: u32,
    /// What to change.
    pub knobs: Knobs,
    /// A mistake to be planted in the gradient-checking lab.
    pub bug: Option<Bug>,
}

impl Options {
    /// The fields that are set and act on a lab.
    fn acting_on(&self, lab: Lab) -> Vec<&'static str> {
        let mut acting = self.knobs.turned(lab);
        acting.extend((self.data.is_some() && lab == Lab::Regularization).then_some("data"));
        acting.extend((self.bug.is_some() && lab == Lab::GradientChecking).then_some("bug"));
        acting.extend((self.seeds > 0 && lab.trains()).then_some("seeds"));
        acting
    }

    /// What is asked for must act on one of the labs chosen.
    pub(crate) fn check(&self) -> Result<(), LabError> {
        for lab in Lab::ALL {
            let used = |option: &&str| self.labs.iter().any(|lab| self.acting_on(*lab).contains(option));
            if let Some(option) = self.acting_on(lab).into_iter().find(|option| !used(option)) {
                let acts = |lab: &&Lab| self.acting_on(**lab).contains(&option);
                let labs: Vec<_> = Lab::ALL.iter().filter(acts).map(|lab| lab.key()).collect();
                return Err(LabError::Unused { option, labs: labs.join(", ") });
            }
        }
        Ok(())
    }
}

/// Knobs a learner may turn. The trainings they change are no longer compared with the published numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knobs {
    /// Of all trainings.
    pub learning_rate: Option<f64>,
    /// Of all trainings.
    pub epochs: Option<u64>,
    /// Units of the hidden layers of all trainings.
    pub hidden: Option<Vec<usize>>,
    /// Number type of all trainings.
    pub precision: Option<Precision>,
    /// Of the variant with L2.
    pub l2: Option<f64>,
    /// Dropout rate of the variant with dropout.
    pub dropout: Option<f64>,
}

impl Knobs {
    /// The fields of the knobs turned that change a lab.
    pub fn turned(&self, lab: Lab) -> Vec<&'static str> {
        let regularizes = lab == Lab::Regularization;
        let knobs = [
            ("learning_rate", self.learning_rate.is_some() && lab.trains()),
            ("epochs", self.epochs.is_some() && lab.trains()),
            ("hidden", self.hidden.is_some() && lab.trains()),
            ("precision", self.precision.is_some() && lab.trains()),
            ("l2", self.l2.is_some() && regularizes),
            ("dropout", self.dropout.is_some() && regularizes),
        ];
        knobs.into_iter().filter(|(_, turned)| *turned).map(|(knob, _)| knob).collect()
    }

    /// The same as differences from the course.
    pub(crate) fn differences(&self, lab: Lab) -> Vec<Difference> {
        self.turned(lab).into_iter().map(Difference::Knob).collect()
    }

    /// A course recipe with the knobs applied; `l2` and `dropout` only where the recipe has them.
    pub(crate) fn turn(&self, mut settings: Settings) -> Settings {
        if let Some(units) = &self.hidden {
            // Further layers are like the last one.
            let like = |l: usize| settings.hidden.get(l).or(settings.hidden.last()).copied();
            let layer = |(l, &units): (usize, &usize)| Hidden { units, ..like(l).unwrap_or(Hidden::relu(1)) };
            settings.hidden = units.iter().enumerate().map(layer).collect();
        }
        settings.learning_rate = self.learning_rate.unwrap_or(settings.learning_rate);
        settings.epochs = self.epochs.unwrap_or(settings.epochs);
        settings.precision = self.precision.unwrap_or(settings.precision);
        if let Some(l2) = self.l2.filter(|_| settings.penalty.l2 > 0.0) {
            settings.penalty.l2 = l2;
        }
        if let Some(rate) = self.dropout {
            settings.hidden.iter_mut().filter(|h| h.dropout > 0.0).for_each(|h| h.dropout = rate);
        }
        settings
    }
}
