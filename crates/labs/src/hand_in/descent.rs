//! Gradient descent.

use super::formulas::mistakes;
use super::update::{PerParameter, Rule, Update, combine};

mistakes! {
    /// W + α dW.
    Sign "sign" "W"
        "the sign of the step is turned: it is W − α dW"
        "步的符号反了：应为 W − α dW";
    /// W − dW.
    RateMissing "missing-rate" "W"
        "the learning rate is missing"
        "缺少学习率";
    /// −α dW.
    StepAlone "step-alone" "W"
        "it is the step −α dW alone; W itself is missing"
        "只有步 −α dW，缺少 W 本身";
    /// W − W ∘ α dW.
    Multiplied "multiplied" "W"
        "the step is multiplied by W: it is W − α dW, not W − α W ∘ dW"
        "步多乘了 W：应为 W − α dW，而不是 W − α W ∘ dW";
    /// dW of the other layer.
    GradientOfAnother "gradient-of-another" "W{n}"
        "it goes along the gradient of the other layer's weights"
        "用了另一层权重的梯度";
    /// b as it was.
    BiasNotUpdated "bias-not-updated" "b{n}"
        "it is as it was: biases are updated, too"
        "没有变：偏置也要更新";
    /// W and b as they were.
    LayerNotUpdated "layer-not-updated" "W{n}"
        "W{n} and b{n} are as they were: the loop has to run over all layers"
        "W{n} 和 b{n} 没有变：循环应遍历所有层";
}

/// The rule at given numbers.
pub(super) struct Descent<'a> {
    update: &'a Update,
    places: Vec<(Mistake, usize)>,
}

impl<'a> Descent<'a> {
    pub(super) fn new(update: &'a Update) -> Self {
        let layers = |mistake: Mistake| match mistake {
            Mistake::GradientOfAnother | Mistake::BiasNotUpdated | Mistake::LayerNotUpdated => 1..3,
            _ => 1..2,
        };
        let fits = |mistake: &Mistake| *mistake != Mistake::GradientOfAnother || update.has_equal_layers();
        let all = Mistake::ALL.iter().copied().filter(fits);
        let places = all.flat_map(|mistake| layers(mistake).map(move |n| (mistake, n))).collect();
        Self { update, places }
    }

    /// The parameters behind the step.
    fn run(&self, made: &[(Mistake, usize)]) -> PerParameter {
        let Update { alpha, gradients, parameters, .. } = self.update;
        let has = |mistake: Mistake| made.iter().any(|(known, _)| *known == mistake);
        let rate = if has(Mistake::RateMissing) { 1.0 } else { *alpha };
        let rate = if has(Mistake::Sign) { -rate } else { rate };
        let [gradient, ..] = &gradients[..] else { return parameters.clone() };
        std::array::from_fn(|i| {
            let is_of = |mistake: Mistake| made.contains(&(mistake, i / 2 + 1));
            if is_of(Mistake::LayerNotUpdated) || (i % 2 == 1 && is_of(Mistake::BiasNotUpdated)) {
                return parameters[i].clone();
            }
            let of = if i % 2 == 0 && is_of(Mistake::GradientOfAnother) { 2 - i } else { i };
            combine(&parameters[i], &gradient[of], |w, g| match () {
                () if has(Mistake::StepAlone) => -rate * g,
                () if has(Mistake::Multiplied) => w - rate * w * g,
                () => w - rate * g,
            })
        })
    }
}

impl Rule for Descent<'_> {
    type Mistake = Mistake;
    const MOMENTS: &'static [&'static str] = &[];

    fn places(&self) -> &[(Mistake, usize)] {
        &self.places
    }

    fn after(&self, made: &[(Mistake, usize)]) -> Vec<PerParameter> {
        vec![self.run(made)]
    }
}
