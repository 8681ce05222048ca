//! A training cut short: whether it would have learned, nobody can tell.

use nablab_diagnosis::Finding;
use nablab_report::{Lang, number};

use crate::variant::{Run, Variant};

/// What a training is said to suffer from that has not come down, whether or not it had the time.
const NOT_COME_DOWN: [&str; 2] = ["underfitting", "learning-rate-too-low"];
/// Fewer than this share of the course's epochs are few.
const FEW: f64 = 0.5;

/// A training that has not come down in few of the course's epochs.
pub(crate) struct FewEpochs {
    epochs: u64,
    course: u64,
    loss: f64,
}

impl FewEpochs {
    /// In verdicts, beside the codes of the diagnosis.
    pub(crate) const CODE: &'static str = "too-few-epochs";
    /// The same for a Chinese reader.
    pub(crate) const ZH: &'static str = "轮次太少，无法判断";

    /// Takes the place of what is found of a training that has not come down, if it had less time than the course gives it.
    pub(crate) fn in_place_of(found: &mut Vec<Finding>, variant: &Variant, run: &Run) -> Option<Self> {
        let (epochs, course) = (variant.recipe.epochs, variant.course_epochs);
        let says_so = |finding: &Finding| NOT_COME_DOWN.contains(&finding.code());
        if epochs as f64 >= FEW * course as f64 || !found.iter().any(says_so) {
            return None;
        }
        found.retain(|finding| !says_so(finding));
        Some(Self { epochs, course, loss: run.train.cost })
    }

    pub(crate) fn sentence(&self, lang: Lang) -> String {
        let Self { epochs, course, loss } = self;
        let loss = number(*loss, 3);
        lang.choose(
            format!(
                "The loss is {loss} after {epochs} epochs, where the course has {course}: too few to tell whether the learning rate is \
                 too low, or whether the network cannot learn it."
            ),
            format!("{epochs} 轮之后损失为 {loss}，而课程训练 {course} 轮：轮次太少，无法判断是学习率太小，还是网络学不会。"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::VariantTraining;
    use crate::verdict::Verdict;
    use crate::{Knobs, initialization};

    /// He's weights with knobs turned: the codes of the verdict, and its Chinese words.
    fn verdict(knobs: &Knobs) -> (Vec<&'static str>, String) {
        let lab = initialization::plan(None, &Knobs::default()).unwrap();
        let he = lab.variants.iter().find(|variant| variant.key == "he").unwrap();
        let turned = he.turned(knobs).unwrap().unwrap();
        let run = VariantTraining::new(&turned, &lab.data).unwrap().finish(&()).unwrap();
        let verdict = Verdict::of(&turned, &run);
        (verdict.codes(), verdict.words(Lang::Zh))
    }

    /// By the diagnosis alone the rate is too low after 20 epochs, and the network too small after 500; after the course's
    /// 15000 it has learned nearly all.
    #[test]
    fn of_few_epochs_nothing_is_said_but_that() {
        for epochs in [20, 500] {
            let (codes, words) = verdict(&Knobs { epochs: Some(epochs), ..Knobs::default() });
            assert_eq!(codes, ["too-few-epochs"], "{epochs}");
            assert_eq!(words, "轮次太少，无法判断 `too-few-epochs`");
        }
        let (codes, words) = verdict(&Knobs { learning_rate: Some(1e-6), ..Knobs::default() });
        assert_eq!((codes, &*words), (vec!["learning-rate-too-low"], "学习率过小 `learning-rate-too-low`"));
    }
}
