//! What the evidence does not show: questions that a diagnosis leaves open.

use nablab_report::Lang;

use crate::findings::{FEWEST_EPOCHS, gap_perhaps_by_chance, too_few_held_out};
use crate::words::name;
use crate::{Certainty, Evidence, Finding, Fit, Score, Thresholds};

/// A part of a diagnosis for which the evidence is missing.
#[derive(Clone, Debug, PartialEq)]
pub enum OpenQuestion {
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
    /// The score is lower on the rows held out, but these are so few that it may be chance.
    Gap {
        /// Which score.
        score: Score,
        /// On the rows learned from.
        train: Fit,
        /// On the rows held out.
        validation: Fit,
    },
    /// The rows themselves were not looked at.
    Rows,
    /// Of these classes too few rows are held out.
    Classes(Vec<String>),
    /// Numbers after a divergence tell of nothing else.
    Divergence,
    /// It goes on.
    UnderWay {
        /// Epochs done.
        epochs: u64,
        /// Epochs asked for.
        of: u64,
    },
}

impl OpenQuestion {
    /// Its name, which stays.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Start => "start",
            Self::Curve => "curve",
            Self::Settings => "settings",
            Self::Learning => "learning",
            Self::OtherRows => "other-rows",
            Self::Gap { .. } => "gap",
            Self::Rows => "rows",
            Self::Classes(_) => "classes",
            Self::Divergence => "divergence",
            Self::UnderWay { .. } => "under-way",
        }
    }

    /// What cannot be told, and why: to be read after those words.
    pub fn sentence(&self, lang: Lang) -> String {
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
            Self::Gap { score, train, validation } => {
                let [learned, held_out] = [train, validation].map(|fit| score.number(fit.metric));
                let (rows, name) = (validation.rows, score.name(lang));
                return lang.choose(
                    format!(
                        "whether it overfits: {name} is {learned} on the rows learned from and {held_out} on those held out, which \
                         are too few ({rows}) to tell that from chance"
                    ),
                    format!("是否过拟合：训练行上的{name}为 {learned}，留出行上为 {held_out}，但留出行太少（{rows} 行），可能只是偶然"),
                );
            }
            Self::Classes(classes) => {
                const SHOWN: usize = 8;
                let mut shown: Vec<String> =
                    classes.iter().take(SHOWN).map(|class| format!("`{}`", name(class))).collect();
                if classes.len() > SHOWN {
                    shown.push("…".to_owned());
                }
                return lang.choose(
                    format!(
                        "whether these classes are found: too few of their rows are held out: {}",
                        shown.join(", ")
                    ),
                    format!("这些类别能否被找出：它们的留出行太少：{}", shown.join("、")),
                );
            }
            Self::UnderWay { epochs, of } => {
                return lang.choose(
                    format!("what comes of it: {epochs} of {of} epochs are done"),
                    format!("最后的结果：共 {of} 轮，才完成 {epochs} 轮"),
                );
            }
            Self::Rows => (
                "whether rows are copies of others, labels are wrong, or a column gives the answer away: only a training on a table \
                 looks for that",
                "是否有重复的行、错误的标签，或泄露答案的列：只有在表格上的训练才会检查",
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
    /// use nablab_diagnosis::{Evidence, OpenQuestion};
    /// assert!(Evidence::default().open_questions().contains(&OpenQuestion::Inside));
    /// ```
    pub fn open_questions(&self) -> Vec<OpenQuestion> {
        let by = Thresholds::default();
        let gap = gap_perhaps_by_chance(self, &by);
        let gap = gap.map(|(score, train, validation)| OpenQuestion::Gap { score, train, validation });
        let classes =
            Some(too_few_held_out(self, &by)).filter(|few| !few.is_empty() && self.validation.is_some());
        let all = [
            (self.signals.is_empty(), OpenQuestion::Inside),
            (!self.signals.is_empty() && self.start().is_none(), OpenQuestion::Start),
            (self.history.len() < FEWEST_EPOCHS, OpenQuestion::Curve),
            (self.settings.is_none(), OpenQuestion::Settings),
            (self.train.is_none(), OpenQuestion::Learning),
            (self.validation.is_none(), OpenQuestion::OtherRows),
            (self.are_rows_unseen, OpenQuestion::Rows),
            (self.diverged.is_some(), OpenQuestion::Divergence),
        ];
        let missing = all.into_iter().filter_map(|(is_missing, question)| is_missing.then_some(question));
        let to_come = self.epochs_to_come().map(|(epochs, of)| OpenQuestion::UnderWay { epochs, of });
        missing.chain(gap).chain(classes.map(OpenQuestion::Classes)).chain(to_come).collect()
    }
}

/// What is to be said where no finding speaks of something wrong, and whether that is health: what cannot be told, or is
/// known of few rows only, may be anything.
pub fn all_clear(findings: &[Finding], questions: &[OpenQuestion], lang: Lang) -> Option<(bool, String)> {
    // A loss that has risen by a tenth is not nothing.
    let is_wrong = |finding: &Finding| match finding {
        Finding::RisingValidationLoss(found) => found.rise > 0.1,
        _ => finding.certainty() > Certainty::Note,
    };
    if findings.iter().any(is_wrong) {
        return None;
    }
    let is_short = |finding: &Finding| matches!(finding, Finding::ValidationTooSmall(_));
    let is_health = questions.is_empty() && !findings.iter().any(is_short);
    let text = match is_health {
        true => lang.choose("nothing wrong was found in what was measured", "在测得的数值中没有发现问题"),
        false => lang.choose(
            "nothing wrong was found, but too little is known to call it healthy",
            "没有发现问题，但所知太少，不能说是健康的",
        ),
    };
    Some((is_health, text.to_owned()))
}
