//! What cannot be told, since nothing was handed over that shows it.

use nablab_report::Lang;

use crate::checks::FEWEST_EPOCHS;
use crate::{Certainty, Evidence, Finding};

/// A part of a diagnosis for which the evidence is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untold {
    /// Nothing was measured inside.
    Inside,
    /// Nothing was measured before the first step.
    Start,
    /// Too few epochs to read a curve.
    Curve,
    /// The settings are not known.
    Settings,
    /// How it does on the rows that it learned from is not known.
    Learning,
    /// No rows were held out.
    OtherRows,
    /// Numbers after a divergence tell of nothing else.
    Divergence,
}

impl Untold {
    /// Its name, which stays.
    pub fn code(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Start => "start",
            Self::Curve => "curve",
            Self::Settings => "settings",
            Self::Learning => "learning",
            Self::OtherRows => "other-rows",
            Self::Divergence => "divergence",
        }
    }

    /// What cannot be told, and why: to be read after those words.
    pub fn sentence(self, lang: Lang) -> String {
        let (en, zh) = match self {
            Self::Inside => (
                "units, weights and gradients: nothing was measured inside the network",
                "单元、权重和梯度：没有测量网络内部",
            ),
            Self::Start => {
                ("how it began: nothing was measured before the first step", "初始状态：第一步之前没有测量")
            }
            Self::Curve => (
                "the learning rate, and when to stop: too few epochs for a curve",
                "学习率和何时停止：轮次太少，画不出曲线",
            ),
            Self::Settings => (
                "learning rate, penalty, dropout and batches: the settings are not known",
                "学习率、惩罚项、dropout 和批大小：不知道训练的设置",
            ),
            Self::Learning => (
                "what it learned: how it does on the rows learned from is not known",
                "学到了什么：不知道它在训练行上的表现",
            ),
            Self::OtherRows => (
                "whether what it learned holds elsewhere: no rows were held out",
                "学到的东西在别处是否成立：没有留出行",
            ),
            Self::Divergence => (
                "what else may be wrong: it diverged, and numbers after that tell of nothing else",
                "其他问题：训练发散，此后的数值说明不了别的",
            ),
        };
        lang.choose(en, zh).to_owned()
    }
}

impl Evidence {
    /// What cannot be told from it.
    ///
    /// ```
    /// use nablab_diagnosis::{Evidence, Untold};
    /// assert!(Evidence::default().untold().contains(&Untold::Inside));
    /// ```
    pub fn untold(&self) -> Vec<Untold> {
        let all = [
            (self.signals.is_empty(), Untold::Inside),
            (!self.signals.is_empty() && self.start().is_none(), Untold::Start),
            (self.history.len() < FEWEST_EPOCHS, Untold::Curve),
            (self.settings.is_none(), Untold::Settings),
            (self.train.is_none(), Untold::Learning),
            (self.validation.is_none(), Untold::OtherRows),
            (self.diverged.is_some(), Untold::Divergence),
        ];
        all.into_iter().filter_map(|(is_missing, untold)| is_missing.then_some(untold)).collect()
    }
}

/// What is to be said where no finding speaks of something wrong.
pub fn all_clear(findings: &[Finding], lang: Lang) -> Option<String> {
    if findings.iter().any(|finding| finding.certainty() > Certainty::Note) {
        return None;
    }
    Some(lang.choose("nothing wrong was found in what was measured", "在测得的数值中没有发现问题").to_owned())
}
