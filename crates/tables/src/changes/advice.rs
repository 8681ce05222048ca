//! What an advice changes.

use nablab_data::prepare::{AskedTask, Scaling};
use nablab_diagnosis::Advice;
use nablab_engine::{Activation, Clip, Init, Optimizer, Schedule};

use super::{BatchSize, Changes, Rate};
use crate::recipe::{ClassWeight, by_name};
use crate::{Goal, Threshold};

impl Changes {
    /// What an advice changes; none where it is not one training that changes.
    pub fn of(advice: &Advice) -> Option<Self> {
        let default = Self::default();
        Some(match advice.clone() {
            Advice::He => Self { init: Some(Init::He), ..default },
            Advice::Xavier => Self { init: Some(Init::Xavier), ..default },
            Advice::Relu => Self { activation: Some(Activation::Relu), init: Some(Init::He), ..default },
            Advice::LeakyRelu(slope) => Self { activation: Some(Activation::LeakyRelu { slope }), ..default },
            Advice::BatchNorm => Self { batch_norm: true, ..default },
            Advice::FindLearningRate => Self { learning_rate: Some(Rate::Find), ..default },
            Advice::LearningRate(rate) => Self { learning_rate: Some(Rate::At(rate)), ..default },
            Advice::Adam(rate) => {
                Self { optimizer: Some(Optimizer::ADAM), learning_rate: Some(Rate::At(rate)), ..default }
            }
            Advice::Cosine => {
                Self { schedule: Some(Schedule::Cosine { warmup: 0.0, floor: 0.0 }), ..default }
            }
            Advice::ClipNorm(max) => Self { clip: Some(Clip::Norm { max }), ..default },
            Advice::L2(strength) => Self { l2: Some(strength), ..default },
            Advice::L1(strength) => Self { l1: Some(strength), ..default },
            Advice::WeightDecay(rate) => Self { weight_decay: Some(rate), ..default },
            Advice::Dropout(rate) => Self { dropout: Some(rate), ..default },
            Advice::Layers(units) => Self { layers: Some(units), ..default },
            Advice::EarlyStopping(epochs) => Self { early_stopping: Some(epochs), ..default },
            Advice::Epochs(epochs) => Self { epochs: Some(epochs), ..default },
            Advice::BatchSize(rows) => Self { batch_size: Some(BatchSize::Rows(rows)), ..default },
            Advice::BalancedClasses => Self { class_weight: Some(ClassWeight::Balanced), ..default },
            Advice::BalancedThreshold => {
                Self { threshold: Some(Threshold::Best(Goal::BalancedAccuracy)), ..default }
            }
            Advice::Scaled => Self { scaling: Some(Scaling::Standard), ..default },
            Advice::Ignore(columns) => Self { ignore: Some(columns), ..default },
            Advice::Types(types) => {
                let of = |(column, of): (String, String)| Some((column, by_name("types", &of).ok()?));
                Self { types: types.into_iter().map(of).collect::<Option<_>>()?, ..default }
            }
            Advice::LabelSmoothing(share) => Self { label_smoothing: Some(share), ..default },
            Advice::Binary => Self { task: Some(AskedTask::Binary), ..default },
            Advice::Regression => Self { task: Some(AskedTask::Regression), ..default },
            Advice::Folds(_) => return None,
        })
    }
}
