//! A finding: what was measured, how sure it is, and where it is explained.

use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::advice::UsefulAdvice;
use crate::{Advice, Evidence};

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Worth knowing; nothing need be wrong.
    Note,
    /// The numbers speak for it; others could cause the same.
    Likely,
    /// It follows from what was measured.
    Certain,
}

/// What is said of what was found.
pub(crate) trait Describe {
    /// How sure it is.
    fn certainty(&self) -> Certainty;

    /// Where the threshold comes from.
    fn source(&self) -> &'static str;

    /// What was measured, and what it means: short, plain, no more certain than the numbers.
    fn sentence(&self, lang: Lang) -> String;

    /// What may help; nothing where that is in use already.
    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>>;
}

/// Defines the enum of all findings, so that none has a place in it without a name and a description.
macro_rules! findings {
    ($($name:ident = $code:literal, $zh:literal;)+) => {
        /// Something found. Layers count from 1; layers beyond the hidden ones are the output.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "code")]
        #[allow(missing_docs, reason = "each holds a struct of its name, which is documented")]
        pub enum Finding {
            $(#[serde(rename = $code)] $name(crate::findings::$name),)+
        }

        impl Finding {
            /// All names.
            pub const CODES: &[&str] = &[$($code,)+];

            /// Its name, which stays.
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $code,)+
                }
            }

            /// Its name in Chinese.
            ///
            /// ```
            /// use nablab_diagnosis::{Evidence, Fit, diagnose};
            /// let fit = |metric| Fit { rows: 1000, loss: 1.0 - metric, deviation: 0.1, metric };
            /// let evidence = Evidence { train: Some(fit(1.0)), validation: Some(fit(0.7)), ..Evidence::default() };
            /// let found = &diagnose(&evidence)[0];
            /// assert_eq!((found.code(), found.chinese()), ("overfitting", "过拟合"));
            /// ```
            pub fn chinese(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $zh,)+
                }
            }

            fn described(&self) -> &dyn Describe {
                match self {
                    $(Self::$name(found) => found,)+
                }
            }
        }

        $(impl From<crate::findings::$name> for Finding {
            fn from(found: crate::findings::$name) -> Self {
                Self::$name(found)
            }
        })+
    };
}

findings! {
    SymmetricUnits = "symmetric-units", "单元对称";
    InitialLoss = "initial-loss", "初始损失过高";
    SaturatedOutput = "saturated-output", "输出饱和";
    LargeWeights = "large-weights", "初始权重过大";
    VanishingGradients = "vanishing-gradients", "梯度消失";
    ExplodingGradients = "exploding-gradients", "梯度爆炸";
    WrongGradient = "wrong-gradient", "梯度错误";
    DeadUnits = "dead-units", "单元死亡";
    SaturatedUnits = "saturated-units", "单元饱和";
    Diverged = "diverged", "发散";
    LearningRateTooHigh = "learning-rate-too-high", "学习率过大";
    LearningRateTooLow = "learning-rate-too-low", "学习率过小";
    EdgeOfStability = "edge-of-stability", "处于稳定边缘";
    StoppedTooEarly = "stopped-too-early", "停得过早";
    Plateau = "plateau", "停滞";
    Overfitting = "overfitting", "过拟合";
    NoSkill = "no-skill", "没有学到规律";
    RisingValidationLoss = "rising-validation-loss", "验证损失上升";
    Underfitting = "underfitting", "欠拟合";
    PenaltyTooStrong = "penalty-too-strong", "惩罚过强";
    PenaltyOvershoots = "penalty-overshoots", "惩罚步长过大";
    DropoutTooStrong = "dropout-too-strong", "dropout 过强";
    PenaltyWithoutEffect = "penalty-without-effect", "惩罚不起作用";
    DropoutWithoutEffect = "dropout-without-effect", "dropout 不起作用";
    UntaughtClass = "untaught-class", "类别没有训练行";
    ClassCollapse = "class-collapse", "类别从未被预测";
    ClassImbalance = "class-imbalance", "类别不均衡";
    UnscaledInputs = "unscaled-inputs", "输入未缩放";
    ConstantInput = "constant-input", "输入恒定";
    IdAsFeature = "id-as-feature", "标识列当作特征";
    DateAsNumber = "date-as-number", "日期当作数值";
    LeakingFeature = "leaking-feature", "特征泄漏目标";
    SharedRows = "shared-rows", "训练与留出行重复";
    NoBetterThanShuffled = "no-better-than-shuffled", "不优于打乱的目标";
    SuspectLabels = "suspect-labels", "标签可疑";
    UnfittingLoss = "unfitting-loss", "损失函数不合适";
    BatchTooSmall = "batch-too-small", "批太小";
    ValidationTooSmall = "validation-too-small", "留出行太少";
}

impl Finding {
    /// How sure it is.
    pub fn certainty(&self) -> Certainty {
        self.described().certainty()
    }

    /// What was measured, and what it means, in a sentence or two.
    pub fn sentence(&self, lang: Lang) -> String {
        self.described().sentence(lang)
    }

    /// Changes that may help: nothing that is in use already, and nothing that the training's own settings refuse.
    pub fn advice(&self, evidence: &Evidence) -> Vec<Advice> {
        self.described().advice(&UsefulAdvice::of(evidence)).into_iter().flatten().collect()
    }

    /// Where the threshold comes from.
    pub fn source(&self) -> &'static str {
        self.described().source()
    }

    /// Where it is explained, in the handbook.
    pub fn page(&self, lang: Lang) -> String {
        let file = lang.choose("diagnosis.md", "diagnosis.zh.md");
        format!("{}/blob/main/docs/handbook/{file}#{}", env!("CARGO_PKG_REPOSITORY"), self.code())
    }
}
