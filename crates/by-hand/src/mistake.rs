//! The mistakes people make in a backward pass.

use nablab_engine::Activation;
use nablab_report::Lang;

use crate::Problem;

/// Makes the list of mistakes: of each its name, its key, the matrix it is in, and what is wrong in English and Chinese, where `{n}`
/// is the layer it is in, `{before}` the one before and `{next}` the one behind.
macro_rules! mistakes {
    ($($(#[$doc:meta])* $name:ident $key:literal $place:literal $en:literal $zh:literal;)*) => {
        /// A mistake in the formulas of one layer.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Mistake {
            $($(#[$doc])* $name,)*
        }

        impl Mistake {
            /// All of them, the more common ones first.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// As on the command line and in JSON.
            pub fn key(self) -> &'static str {
                match self {
                    $(Self::$name => $key,)*
                }
            }

            fn texts(self) -> [&'static str; 3] {
                match self {
                    $(Self::$name => [$place, $en, $zh],)*
                }
            }
        }
    };
}

mistakes! {
    /// dW without 1/m.
    MeanMissing "missing-mean" "dW{n}"
        "the factor 1/m is missing"
        "缺少因子 1/m";
    /// db without 1/m.
    BiasMeanMissing "bias-missing-mean" "db{n}"
        "the factor 1/m is missing"
        "缺少因子 1/m";
    /// dW without λ/m · W.
    PenaltyMissing "missing-penalty" "dW{n}"
        "the penalty's term λ/m · W is missing"
        "缺少惩罚项 λ/m · W";
    /// dA without the mask and its division.
    MaskMissing "missing-mask" "dA{n}"
        "dropout's mask is missing, and the division by the keep probability with it"
        "缺少 dropout 的掩码，也没有除以保留概率";
    /// dA ∘ D, not divided by keep.
    MaskNotScaled "mask-not-scaled" "dA{n}"
        "the division by the keep probability is missing"
        "没有除以保留概率";
    /// dZ = dA.
    DerivativeMissing "missing-derivative" "dZ{n}"
        "the derivative of the activation is missing"
        "缺少激活函数的导数";
    /// db summed over the units instead of the examples.
    BiasOtherAxis "bias-other-axis" "db{n}"
        "it is summed over the units; it is to be summed over the examples"
        "沿单元求和了；应当沿样本求和";
    /// db not summed at all.
    BiasSumMissing "bias-missing-sum" "db{n}"
        "the sum over the examples is missing"
        "缺少对样本的求和";
    /// dW handed on as its transpose.
    Transposed "transposed" "dW{n}"
        "it is the transpose"
        "是转置后的矩阵";
    /// dZ = Y − A.
    Sign "sign" "dZ{n}"
        "the sign is turned: it is A − Y, not Y − A"
        "符号反了：应为 A − Y，而不是 Y − A";
    /// 2 dW.
    Factor "factor" "dW{n}"
        "a factor 2 is there that does not belong"
        "多了一个不该有的因子 2";
    /// dW left at 0.
    NeverComputed "never-computed" "dW{n}"
        "it is 0 everywhere"
        "全部为 0";
    /// dW with 1/m².
    MeanTwice "mean-twice" "dW{n}"
        "the factor 1/m is there twice"
        "因子 1/m 乘了两次";
    /// λ · W in place of λ/m · W.
    PenaltyNotDivided "penalty-not-divided" "dW{n}"
        "the penalty's term is λ · W; it is to be λ/m · W"
        "惩罚项写成了 λ · W；应为 λ/m · W";
    /// 2λ/m · W.
    PenaltyDoubled "penalty-doubled" "dW{n}"
        "the penalty's term is 2λ/m · W; it is to be λ/m · W"
        "惩罚项写成了 2λ/m · W；应为 λ/m · W";
    /// λ/2m · W: the factor of the cost, not of its derivative.
    PenaltyHalved "penalty-halved" "dW{n}"
        "the penalty's term is λ/2m · W, as in the cost; its derivative is λ/m · W"
        "惩罚项写成了代价中的 λ/2m · W；它的导数是 λ/m · W";
    /// −λ/m · W.
    PenaltySign "penalty-sign" "dW{n}"
        "the penalty's term has the wrong sign"
        "惩罚项的符号反了";
    /// db with a penalty.
    PenaltyOfBiases "penalty-of-biases" "db{n}"
        "it has a term of the penalty, which is on weights only"
        "含有惩罚项；惩罚只作用于权重";
    /// dW with Z of the layer before in place of A.
    InputBeforeActivation "input-before-activation" "dW{n}"
        "it has Z{before} in place of A{before}"
        "用了 Z{before}，应当用 A{before}";
    /// dW with A of the layer before as it was before dropout.
    InputBeforeMask "input-before-mask" "dW{n}"
        "it has A{before} as it was before dropout"
        "用了 dropout 之前的 A{before}";
    /// dZ = (A − Y) ∘ A ∘ (1 − A): the derivative of the output, which cross-entropy has cancelled, once more.
    OutputDerivative "output-derivative" "dZ{n}"
        "the derivative A(1 − A) is multiplied in once more: with cross-entropy dZ is A − Y"
        "多乘了一次导数 A(1 − A)：配合交叉熵时 dZ 就是 A − Y";
    /// dZ = 2 (A − Y): the derivative of squares that have no ½ before them.
    LossDoubled "loss-doubled" "dZ{n}"
        "it is 2(A − Y): the factor 1/2 of the loss is missing, which makes dZ A − Y"
        "写成了 2(A − Y)：漏了损失中的因子 1/2，有它时 dZ 就是 A − Y";
    /// dA ∘ D / keep².
    MaskScaledTwice "mask-scaled-twice" "dA{n}"
        "it is divided by the keep probability twice"
        "除了两次保留概率";
    /// dA ∘ (1 − D) / keep.
    MaskInverted "mask-inverted" "dA{n}"
        "the mask is inverted: the units that were silent get the gradient"
        "掩码反了：被丢弃的单元得到了梯度";
    /// dA with the mask of another layer.
    MaskOfAnotherLayer "mask-of-another-layer" "dA{n}"
        "it has dropout's mask of another layer"
        "用了另一层的 dropout 掩码";
    /// dZ = dA ∘ A ∘ (1 − A) where the activation is another.
    DerivativeOfSigmoid "derivative-of-sigmoid" "dZ{n}"
        "it has the derivative of the sigmoid, which is not this layer's activation"
        "用了 sigmoid 的导数，而这一层的激活函数不是 sigmoid";
    /// dZ = dA ∘ (1 − A) where it is 1 − A².
    DerivativeNotSquared "derivative-not-squared" "dZ{n}"
        "the derivative of tanh is 1 − A², not 1 − A"
        "tanh 的导数是 1 − A²，不是 1 − A";
    /// dZ = dA ∘ (1 − tanh² A): the derivative at A in place of Z.
    DerivativeOfOutput "derivative-of-output" "dZ{n}"
        "the derivative is taken at A{n} in place of Z{n}"
        "导数取在了 A{n} 处，应取在 Z{n} 处";
    /// dZ = dA ∘ g′ of A as it is after dropout: tanh's 1 − A² and the sigmoid's A (1 − A) are of A before it.
    DerivativeAfterMask "derivative-after-mask" "dZ{n}"
        "the derivative is taken from A{n} as it is after dropout; it is to be taken from the activation before the mask"
        "导数用了 dropout 之后的 A{n}；应当用乘掩码之前的激活值";
    /// dZ = dA where dA > 0: relu applied to the gradient.
    ReluOfGradient "relu-of-gradient" "dZ{n}"
        "relu is applied to the gradient: what counts is where Z{n} > 0, not where dA{n} > 0"
        "把 relu 用在了梯度上：应看 Z{n} > 0 之处，而不是 dA{n} > 0 之处";
    /// dA = W dZ in place of Wᵀ dZ, which fits only where W is square.
    WeightsNotTransposed "weights-not-transposed" "dA{n}"
        "it has W{next} in place of its transpose"
        "用了 W{next}，应当用它的转置";
}

/// A mistake at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Planted {
    /// What is wrong.
    pub mistake: Mistake,
    /// Of which layer the formula is, counted from 0.
    pub layer: usize,
}

impl Mistake {
    /// Whether the formulas of a layer have a place for it: no mask is forgotten where nothing is dropped.
    pub fn fits(self, problem: &Problem, layer: usize) -> bool {
        let of = |l: usize| problem.layers.get(l);
        let Some(this) = of(layer) else { return false };
        let is_output = layer + 1 == problem.layers.len();
        let before = layer.checked_sub(1).and_then(of);
        match self {
            Self::Sign => is_output,
            Self::LossDoubled => is_output && !problem.loss.is_classification(),
            Self::OutputDerivative => is_output && problem.loss.is_classification(),
            Self::MeanMissing | Self::MeanTwice | Self::BiasMeanMissing => problem.examples() > 1,
            Self::BiasSumMissing | Self::Transposed | Self::Factor | Self::NeverComputed => true,
            // Of one unit no sum would do nothing else.
            Self::BiasOtherAxis => this.b.rows() > 1,
            Self::InputBeforeActivation => {
                before.is_some_and(|before| before.activation != Activation::Identity)
            }
            Self::InputBeforeMask => before.is_some_and(|before| before.dropout.is_some()),
            Self::PenaltyMissing
            | Self::PenaltyNotDivided
            | Self::PenaltyDoubled
            | Self::PenaltyHalved
            | Self::PenaltySign
            | Self::PenaltyOfBiases => problem.l2 > 0.0,
            Self::MaskMissing | Self::MaskNotScaled | Self::MaskScaledTwice | Self::MaskInverted => {
                this.dropout.is_some()
            }
            Self::MaskOfAnotherLayer => this.dropout.as_ref().is_some_and(|own| {
                let masks = problem.layers.iter().filter_map(|layer| layer.dropout.as_ref());
                masks.filter(|other| other.mask.rows() == own.mask.rows()).count() > 1
            }),
            Self::DerivativeMissing => !is_output && this.activation != Activation::Identity,
            Self::DerivativeOfSigmoid => !is_output && this.activation != Activation::Sigmoid,
            Self::DerivativeNotSquared | Self::DerivativeOfOutput => {
                !is_output && this.activation == Activation::Tanh
            }
            Self::DerivativeAfterMask => {
                let is_curved = matches!(this.activation, Activation::Tanh | Activation::Sigmoid);
                !is_output && is_curved && this.dropout.is_some()
            }
            Self::ReluOfGradient => !is_output && this.activation == Activation::Relu,
            Self::WeightsNotTransposed => of(layer + 1).is_some_and(|next| next.w.rows() == next.w.cols()),
        }
    }

    /// What is wrong, of any layer l.
    ///
    /// ```
    /// use nablab_by_hand::Mistake;
    /// use nablab_report::Lang;
    /// assert_eq!(Mistake::InputBeforeActivation.words(Lang::En), "dW[l]: it has Z[l−1] in place of A[l−1]");
    /// ```
    pub fn words(self, lang: Lang) -> String {
        let [place, en, zh] = self.texts();
        let text = format!("{place}{}{}", lang.choose(": ", "："), lang.choose(en, zh));
        text.replace("{before}", "[l−1]").replace("{n}", "[l]").replace("{next}", "[l+1]")
    }

    /// Every mistake at every place that has one.
    pub fn places(problem: &Problem) -> impl Iterator<Item = Planted> + '_ {
        let layers = 0..problem.layers.len();
        Self::ALL.iter().flat_map(move |&mistake| {
            layers
                .clone()
                .filter(move |&l| mistake.fits(problem, l))
                .map(move |layer| Planted { mistake, layer })
        })
    }
}

impl Planted {
    /// What is wrong, with the name of the matrix it is in.
    ///
    /// ```
    /// use nablab_by_hand::{Mistake, Planted};
    /// use nablab_report::Lang;
    /// let planted = Planted { mistake: Mistake::MeanMissing, layer: 1 };
    /// assert_eq!(planted.words(Lang::En), "dW2: the factor 1/m is missing");
    /// assert_eq!(planted.words(Lang::Zh), "dW2：缺少因子 1/m");
    /// ```
    pub fn words(self, lang: Lang) -> String {
        format!("{}{}{}", self.place(), lang.choose(": ", "："), self.what(lang))
    }

    /// The matrix it is in.
    ///
    /// ```
    /// use nablab_by_hand::{Mistake, Planted};
    /// assert_eq!(Planted { mistake: Mistake::MaskMissing, layer: 1 }.place(), "dA2");
    /// ```
    pub fn place(self) -> String {
        numbered(self.mistake.texts()[0], self.layer + 1)
    }

    /// What is wrong there.
    ///
    /// ```
    /// use nablab_by_hand::{Mistake, Planted};
    /// use nablab_report::Lang;
    /// let planted = Planted { mistake: Mistake::InputBeforeMask, layer: 1 };
    /// assert_eq!(planted.what(Lang::En), "it has A1 as it was before dropout");
    /// ```
    pub fn what(self, lang: Lang) -> String {
        let [_, en, zh] = self.mistake.texts();
        numbered(lang.choose(en, zh), self.layer + 1)
    }
}

/// A text of a mistake with numbers in it: `{n}` is the layer or step, `{before}` the one before and `{next}` the one behind.
///
/// ```
/// assert_eq!(nablab_by_hand::numbered("dW{n} of A{before}", 3), "dW3 of A2");
/// ```
pub fn numbered(text: &str, n: usize) -> String {
    let numbers = [("{before}", n.saturating_sub(1)), ("{n}", n), ("{next}", n + 1)];
    numbers.iter().fold(text.to_owned(), |text, (name, number)| text.replace(name, &number.to_string()))
}
