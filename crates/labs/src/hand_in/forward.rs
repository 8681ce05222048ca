//! The forward pass and the cost.

mod pass;

use nablab_engine::{Activation, Loss};

use super::Text;
use super::formulas::{Formulas, Listed, Quantity, Slip, mistakes};
use crate::by_hand::{Matrix, Problem};

mistakes! {
    /// Z = W · A.
    BiasMissing "missing-bias" "Z{n}"
        "the bias b{n} is missing"
        "缺少偏置 b{n}";
    /// Wᵀ in place of a square W.
    WeightsTransposed "weights-transposed" "Z{n}"
        "it has the transpose of W{n}"
        "用了 W{n} 的转置";
    /// Z of the layer before in place of its A.
    InputBeforeActivation "input-before-activation" "Z{n}"
        "it has Z{before} in place of A{before}"
        "用了 Z{before}，应当用 A{before}";
    /// A of the layer before as it was before dropout.
    InputBeforeMask "input-before-mask" "Z{n}"
        "it has A{before} as it was before dropout"
        "用了 dropout 之前的 A{before}";
    /// A = Z.
    ActivationMissing "missing-activation" "A{n}"
        "the activation is missing: it is Z{n}"
        "缺少激活函数：只是 Z{n}";
    /// relu where another activation belongs.
    IsRelu "is-relu" "A{n}"
        "it has relu, which is not this layer's activation"
        "用了 relu，而这一层的激活函数不是它";
    /// tanh where another activation belongs.
    IsTanh "is-tanh" "A{n}"
        "it has tanh, which is not this layer's activation"
        "用了 tanh，而这一层的激活函数不是它";
    /// The sigmoid where another activation belongs.
    IsSigmoid "is-sigmoid" "A{n}"
        "it has the sigmoid, which is not this layer's activation"
        "用了 sigmoid，而这一层的激活函数不是它";
    /// The sigmoid of −z.
    ExponentSign "exponent-sign" "A{n}"
        "the sigmoid has the wrong sign in its exponent: it is 1 / (1 + e^−z)"
        "sigmoid 的指数符号反了：应为 1 / (1 + e^−z)";
    /// Shares over the examples.
    SoftmaxOtherAxis "softmax-other-axis" "A{n}"
        "the sum of the softmax runs over the examples; it is to run over the outputs of each"
        "softmax 的求和沿样本了；应当对每个样本沿输出求和";
    /// A without the mask and its division.
    MaskMissing "missing-mask" "A{n}"
        "dropout's mask is missing"
        "缺少 dropout 的掩码";
    /// A ∘ D.
    MaskNotScaled "mask-not-scaled" "A{n}"
        "the division by the keep probability is missing"
        "没有除以保留概率";
    /// A ∘ D · keep.
    MaskMultiplied "mask-multiplied" "A{n}"
        "it is multiplied by the keep probability; it is to be divided"
        "乘了保留概率；应当除以它";
    /// A ∘ (1 − D) / keep.
    MaskInverted "mask-inverted" "A{n}"
        "the mask is inverted: the units that are to be silent speak"
        "掩码反了：该丢弃的单元反而保留了";
    /// A ∘ D / (1 − keep).
    DividedByRate "divided-by-rate" "A{n}"
        "it is divided by 1 − keep, the share that is dropped"
        "除以了 1 − keep，即被丢弃的比例";
    /// g(Z ∘ D / keep).
    MaskBeforeActivation "mask-before-activation" "A{n}"
        "the mask is applied to Z{n}, before the activation"
        "掩码作用在了 Z{n} 上，即激活函数之前";
    /// D of another layer.
    MaskOfAnotherLayer "mask-of-another-layer" "A{n}"
        "it has dropout's mask of another layer"
        "用了另一层的 dropout 掩码";
    /// A handed in before dropout, though Z of the next layer has it behind.
    HandedBeforeMask "handed-before-mask" "A{n}"
        "it is as it was before dropout; Z{next} has it right, so only what is handed in is the wrong one"
        "是 dropout 之前的值；Z{next} 用的是对的，只是交上来的不对";
    /// Σ in place of 1/m Σ.
    MeanMissing "missing-mean" "J"
        "the factor 1/m is missing before the losses"
        "损失前缺少因子 1/m";
    /// The mean over outputs, too.
    MeanOverOutputs "mean-over-outputs" "J"
        "the mean is taken over the outputs, too; they are to be added up"
        "对输出也取了平均；应当把各输出相加";
    /// Without the minus.
    Sign "sign" "J"
        "the minus before the losses is missing"
        "损失前缺少负号";
    /// −1/m Σ y ln a alone.
    SecondTermMissing "missing-second-term" "J"
        "the term (1 − Y) ln(1 − A) is missing"
        "缺少 (1 − Y) ln(1 − A) 一项";
    /// log₂.
    Log2 "log2" "J"
        "the logarithm is to the base 2; it is to be the natural one"
        "用了以 2 为底的对数；应为自然对数";
    /// log₁₀.
    Log10 "log10" "J"
        "the logarithm is to the base 10; it is to be the natural one"
        "用了以 10 为底的对数；应为自然对数";
    /// Σ (a − y)².
    HalfMissing "missing-half" "J"
        "the factor 1/2 before the squares is missing"
        "平方前缺少因子 1/2";
    /// Without λ/2m Σ W².
    PenaltyMissing "missing-penalty" "J"
        "the penalty is missing"
        "缺少惩罚项";
    /// λ/m.
    PenaltyNotHalved "penalty-not-halved" "J"
        "the penalty is λ/m · Σ W²; it is to be λ/2m · Σ W²"
        "惩罚项写成了 λ/m · Σ W²；应为 λ/2m · Σ W²";
    /// λ/2.
    PenaltyNotDivided "penalty-not-divided" "J"
        "the penalty is λ/2 · Σ W², without the division by m"
        "惩罚项写成了 λ/2 · Σ W²，没有除以 m";
    /// Σ W.
    PenaltyNotSquared "penalty-not-squared" "J"
        "the weights of the penalty are not squared"
        "惩罚项中的权重没有平方";
    /// √ Σ W² of each layer.
    PenaltyOfNorm "penalty-of-norm" "J"
        "the penalty has the norms of the weights in place of their squares, as np.linalg.norm gives them"
        "惩罚项用了权重的范数（np.linalg.norm），应当用范数的平方";
    /// Σ b², too.
    PenaltyOfBiases "penalty-of-biases" "J"
        "the penalty has the biases in it, and is to be on weights only"
        "惩罚项中含有偏置；惩罚只作用于权重";
    /// One layer's weights are left out.
    PenaltyOfLayerMissing "penalty-of-layer-missing" "J"
        "W{n} is missing in the penalty"
        "惩罚项中缺少 W{n}";
}

/// What is asked for of a forward pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Z, A and the cost.
    All,
    /// Z and A.
    Activations,
    /// The cost, from the right A.
    Cost,
}

impl Asked {
    /// A quantity, or the place of a mistake, belongs to what is asked for.
    fn is(self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Activations => name != "J",
            Self::Cost => name == "J",
        }
    }
}

/// The forward pass of a problem.
pub(super) struct Forward<'a> {
    problem: &'a Problem,
    asked: Asked,
    places: Vec<(Mistake, usize)>,
}

impl<'a> Forward<'a> {
    pub(super) fn new(problem: &'a Problem, asked: Asked) -> Self {
        let layers = problem.layers.len();
        let is_asked = |mistake: Mistake, l: usize| asked.is(&mistake.slip(l + 1).place);
        let fits = |mistake: Mistake, l: usize| match mistake {
            // No cost is taken of the output: it may be without its activation, or have another one.
            Mistake::ActivationMissing | Mistake::IsRelu | Mistake::IsTanh
                if asked == Asked::Activations && l + 1 == layers =>
            {
                problem.loss != Loss::SquaredError
            }
            _ => fits(mistake, problem, l),
        };
        let at = |mistake: Mistake| {
            (0..layers).filter(move |&l| fits(mistake, l) && is_asked(mistake, l)).map(move |l| (mistake, l))
        };
        Self { problem, asked, places: Mistake::ALL.iter().copied().flat_map(at).collect() }
    }
}

impl Formulas for Forward<'_> {
    fn quantities(&self) -> Vec<Quantity> {
        let last = self.problem.layers.len();
        let layer = |n: usize| {
            let a = Quantity::required(format!("A{n}"));
            let a = if n == last { a.or("AL").or("Yhat") } else { a };
            [Quantity::required(format!("Z{n}")), a]
        };
        let cost = Quantity::required("J").or("cost").or("loss");
        let all = (1..=last).flat_map(layer).chain([cost]);
        all.filter(|quantity| self.asked.is(&quantity.name)).collect()
    }

    fn slips(&self) -> Vec<Slip> {
        self.places.iter().map(|&(mistake, l)| mistake.slip(l + 1)).collect()
    }

    fn values(&self, made: &[usize]) -> Vec<Matrix> {
        let made: Vec<(Mistake, usize)> = made.iter().map(|&i| self.places[i]).collect();
        let values = pass::values(self.problem, &made);
        let cost = values.len() - 1;
        match self.asked {
            Asked::All => values,
            Asked::Activations => values[..cost].to_vec(),
            Asked::Cost => values[cost..].to_vec(),
        }
    }

    fn of_examples(&self) -> Vec<bool> {
        self.quantities().iter().map(|quantity| quantity.name != "J").collect()
    }

    fn where_to_begin(&self, right: &[Option<bool>]) -> Text {
        let first = right.iter().position(|&right| right == Some(false));
        let first = first.map_or(String::new(), |k| self.quantities()[k].name.clone());
        Text::new(
            format!("begin with {first}: what comes before it is right, and what comes behind depends on it"),
            format!("先查 {first}：它之前的都对，之后的都依赖它"),
        )
    }
}

/// Whether the formulas of layer `l` have a place for it; those of the cost are in the last layer.
fn fits(mistake: Mistake, problem: &Problem, l: usize) -> bool {
    let layers = &problem.layers;
    let (layer, is_output) = (&layers[l], l + 1 == layers.len());
    let before = l.checked_sub(1).map(|before| &layers[before]);
    let is_sigmoid = match is_output {
        true => matches!(problem.loss, Loss::SigmoidCrossEntropy | Loss::SigmoidCrossEntropyDirect),
        false => layer.activation == Activation::Sigmoid,
    };
    let is_affine =
        if is_output { problem.loss == Loss::SquaredError } else { layer.activation == Activation::Identity };
    let is_free = !is_output || problem.loss == Loss::SquaredError;
    let is_curved = matches!(layer.activation, Activation::Tanh | Activation::Sigmoid);
    match mistake {
        Mistake::BiasMissing => layer.b.entries().iter().any(|&b| b != 0.0),
        Mistake::WeightsTransposed => layer.w.rows() > 1 && layer.w.rows() == layer.w.cols(),
        Mistake::InputBeforeActivation => {
            before.is_some_and(|before| before.activation != Activation::Identity)
        }
        Mistake::InputBeforeMask => before.is_some_and(|before| before.dropout.is_some()),
        // Of outputs that are no probabilities cross-entropy has no logarithm: what comes of these is no number, and is refused as such.
        Mistake::ActivationMissing => !is_affine && !is_output,
        Mistake::IsRelu => is_free && layer.activation != Activation::Relu,
        Mistake::IsTanh => is_free && layer.activation != Activation::Tanh,
        Mistake::IsSigmoid => !is_sigmoid,
        Mistake::ExponentSign => is_sigmoid,
        Mistake::SoftmaxOtherAxis => is_output && problem.loss == Loss::SoftmaxCrossEntropy,
        Mistake::MaskMissing | Mistake::MaskNotScaled | Mistake::MaskMultiplied => layer.dropout.is_some(),
        Mistake::MaskInverted | Mistake::HandedBeforeMask => layer.dropout.is_some(),
        Mistake::DividedByRate => {
            layer.dropout.as_ref().is_some_and(|dropout| dropout.keep < 1.0 && dropout.keep != 0.5)
        }
        Mistake::MaskBeforeActivation => is_curved && layer.dropout.is_some(),
        Mistake::MaskOfAnotherLayer => other_mask(problem, l).is_some(),
        Mistake::MeanMissing => is_output && problem.examples() > 1,
        Mistake::MeanOverOutputs => is_output && problem.y.rows() > 1,
        Mistake::Sign | Mistake::Log2 | Mistake::Log10 => is_output && problem.loss.is_classification(),
        Mistake::SecondTermMissing => is_output && is_sigmoid,
        Mistake::HalfMissing => is_output && problem.loss == Loss::SquaredError,
        Mistake::PenaltyMissing
        | Mistake::PenaltyNotHalved
        | Mistake::PenaltyNotDivided
        | Mistake::PenaltyNotSquared
        | Mistake::PenaltyOfNorm => is_output && problem.l2 > 0.0,
        Mistake::PenaltyOfBiases => {
            let has_biases = layers.iter().any(|layer| layer.b.entries().iter().any(|&b| b != 0.0));
            is_output && problem.l2 > 0.0 && has_biases
        }
        Mistake::PenaltyOfLayerMissing => problem.l2 > 0.0 && layers.len() > 1,
    }
}

/// The first mask of another layer that has the shape of this one's and is not the same.
fn other_mask(problem: &Problem, l: usize) -> Option<&Matrix> {
    let own = &problem.layers[l].dropout.as_ref()?.mask;
    let masks = problem.layers.iter().filter_map(|layer| Some(&layer.dropout.as_ref()?.mask));
    masks.into_iter().find(|mask| *mask != own && (mask.rows(), mask.cols()) == (own.rows(), own.cols()))
}
