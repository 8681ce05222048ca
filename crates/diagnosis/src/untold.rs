//! What cannot be told, since nothing was handed over that shows it.

use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::checks::FEWEST_EPOCHS;
use crate::{Certainty, Evidence, Finding};

/// A part of a diagnosis for which the evidence is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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

    /// What cannot be told, and why.
    pub fn sentence(self, lang: Lang) -> String {
        let (en, zh) = match self {
            Self::Inside => (
                "nothing was measured inside the network: nothing on units, weights and gradients",
                "没有测量网络内部：无法判断单元、权重和梯度",
            ),
            Self::Start => (
                "nothing was measured before the first step: nothing on how it began",
                "第一步之前没有测量：无法判断初始状态",
            ),
            Self::Curve => (
                "too few epochs for a curve: little on the learning rate and on when to stop",
                "轮次太少，画不出曲线：难以判断学习率和何时停止",
            ),
            Self::Settings => (
                "the settings are not known: nothing on learning rate, penalty, dropout and batches",
                "不知道训练的设置：无法判断学习率、惩罚项、dropout 和批量",
            ),
            Self::Learning => (
                "how it does on the rows learned from is not known: nothing on what it learned",
                "不知道它在训练行上的表现：无法判断学到了什么",
            ),
            Self::OtherRows => (
                "no rows were held out: nothing on whether what it learned holds elsewhere",
                "没有留出行：无法判断学到的东西在别处是否成立",
            ),
            Self::Divergence => (
                "it diverged: what else may be wrong shows in a training that does not",
                "训练发散：其他问题要等训练不再发散才能看出",
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
pub fn all_clear(findings: &[Finding], evidence: &Evidence, lang: Lang) -> Option<String> {
    if findings.iter().any(|finding| finding.certainty() > Certainty::Note) {
        return None;
    }
    let is_known = evidence.untold().is_empty();
    let (en, zh) = match is_known {
        true => (
            "nothing wrong was found: what was measured is what a healthy training shows",
            "没有发现问题：测得的数值与健康的训练相符",
        ),
        false => ("nothing wrong was found in what was measured", "在测得的数值中没有发现问题"),
    };
    Some(lang.choose(en, zh).to_owned())
}
