//! Gradient descent with momentum.

use super::formulas::mistakes;
use super::update::{NAMES, PerParameter, Rule, Update, combine, zeros};

mistakes! {
    /// v ← β v + dW.
    ShareMissing "missing-share" "v"
        "the factor 1 − β is missing before the gradient, as in PyTorch's form, whose learning rate means another step"
        "梯度前缺少因子 1 − β（PyTorch 的写法如此，其学习率含义不同）";
    /// v ← v + (1 − β) dW.
    DecayMissing "missing-decay" "v"
        "the factor β is missing before v"
        "v 前缺少因子 β";
    /// v ← (1 − β) v + β dW.
    SharesExchanged "shares-exchanged" "v"
        "β and 1 − β are exchanged"
        "β 和 1 − β 互换了";
    /// v begins anew in each step.
    VelocityReset "velocity-reset" "v"
        "v is set to 0 before each step"
        "每一步之前 v 都被清零";
    /// v begins at 0 before the first of the steps.
    VelocityNotGiven "velocity-not-given" "v"
        "v begins at 0; it is given as it stands before the first step"
        "v 从 0 开始了；题目已给出第一步之前的 v";
    /// v̂ = v / (1 − βᵗ).
    Corrected "corrected" "W"
        "v is divided by 1 − β^t, which Adam does and momentum does not"
        "v 除以了 1 − β^t；那是 Adam 的做法，动量没有";
    /// W + α v.
    Sign "sign" "W"
        "the sign of the step is turned: it is W − α v"
        "步的符号反了：应为 W − α v";
    /// W − v.
    RateMissing "missing-rate" "W"
        "the learning rate is missing"
        "缺少学习率";
    /// W − α dW.
    VelocityUnused "velocity-unused" "W"
        "it goes along the gradient; v is not used"
        "沿梯度走了，没有用 v";
    /// W − α v of before the step.
    VelocityBefore "velocity-before" "W"
        "it goes along v as it was before this step's gradient came in"
        "用了加入这一步梯度之前的 v";
    /// W − α (β v + (1 − β) dW).
    Nesterov "nesterov" "W"
        "it is Nesterov's form: the gradient comes in twice"
        "这是 Nesterov 的写法：梯度进来了两次";
    /// The gradients of the first step in all.
    SameGradient "same-gradient" "W"
        "all steps use the gradients of the first"
        "每一步都用了第一步的梯度";
    /// The last step is left out.
    StepMissing "missing-step" "W"
        "the last step is missing"
        "缺少最后一步";
    /// Velocity of the other layer's weights.
    VelocityOfAnother "velocity-of-another" "W{n}"
        "it goes along the velocity of the other layer's weights"
        "用了另一层权重的 v";
    /// b as it was.
    BiasNotUpdated "bias-not-updated" "b{n}"
        "it is as it was: biases are updated, too"
        "没有变：偏置也要更新";
    /// W, b and v as they were.
    LayerNotUpdated "layer-not-updated" "W{n}"
        "W{n} and b{n} are as they were: the loop has to run over all layers"
        "W{n} 和 b{n} 没有变：循环应遍历所有层";
}

/// The rule at given numbers.
pub(super) struct Momentum<'a> {
    update: &'a Update,
    places: Vec<(Mistake, usize)>,
}

impl<'a> Momentum<'a> {
    pub(super) fn new(update: &'a Update) -> Self {
        let layers = |mistake: Mistake| match mistake {
            Mistake::VelocityOfAnother | Mistake::BiasNotUpdated | Mistake::LayerNotUpdated => 1..3,
            _ => 1..2,
        };
        let fits = |mistake: &Mistake| match mistake {
            Mistake::SameGradient => update.gradients.len() > 1,
            Mistake::VelocityOfAnother => update.has_equal_layers(),
            _ => true,
        };
        let all = Mistake::ALL.iter().copied().filter(fits);
        let places = all.flat_map(|mistake| layers(mistake).map(move |n| (mistake, n))).collect();
        Self { update, places }
    }

    /// The parameters and v behind all steps.
    fn run(&self, made: &[(Mistake, usize)]) -> [PerParameter; 2] {
        let Update { alpha, beta1: beta, gradients, step, .. } = self.update;
        let has = |mistake: Mistake| made.iter().any(|(known, _)| *known == mistake);
        let [decay, share] = match () {
            () if has(Mistake::SharesExchanged) => [1.0 - beta, *beta],
            () => [*beta, 1.0 - beta],
        };
        let decay = if has(Mistake::DecayMissing) { 1.0 } else { decay };
        let share = if has(Mistake::ShareMissing) { 1.0 } else { share };
        let rate = match () {
            () if has(Mistake::RateMissing) => 1.0,
            () => *alpha,
        };
        let rate = if has(Mistake::Sign) { -rate } else { rate };
        let mut w = self.update.parameters.clone();
        let mut v = self.update.first.clone();
        if has(Mistake::VelocityNotGiven) {
            v = zeros(&v);
        }
        let steps = gradients.len() - usize::from(has(Mistake::StepMissing));
        for k in 0..steps {
            let g = if has(Mistake::SameGradient) { &gradients[0] } else { &gradients[k] };
            let before = if has(Mistake::VelocityReset) { zeros(&v) } else { v.clone() };
            let is_out = |i: usize| made.contains(&(Mistake::LayerNotUpdated, i / 2 + 1));
            v = std::array::from_fn(|i| match is_out(i) {
                true => v[i].clone(),
                false => combine(&before[i], &g[i], |v, g| decay * v + share * g),
            });
            let correction = if has(Mistake::Corrected) { 1.0 - beta.powi((step + k) as i32) } else { 1.0 };
            for i in 0..NAMES.len() {
                let other = made.contains(&(Mistake::VelocityOfAnother, i / 2 + 1)) && i % 2 == 0;
                let of = if other { 2 - i } else { i };
                let direction = match () {
                    () if has(Mistake::VelocityUnused) => g[of].clone(),
                    () if has(Mistake::VelocityBefore) => before[of].clone(),
                    () if has(Mistake::Nesterov) => combine(&v[of], &g[of], |v, g| decay * v + share * g),
                    () => v[of].clone(),
                };
                let is_left = i % 2 == 1 && made.contains(&(Mistake::BiasNotUpdated, i / 2 + 1));
                if !is_left && !is_out(i) {
                    w[i] = combine(&w[i], &direction, |w, d| w - rate * d / correction);
                }
            }
        }
        [w, v]
    }
}

impl Rule for Momentum<'_> {
    type Mistake = Mistake;
    const MOMENTS: &'static [&'static str] = &["v"];

    fn places(&self) -> &[(Mistake, usize)] {
        &self.places
    }

    fn after(&self, made: &[(Mistake, usize)]) -> Vec<PerParameter> {
        self.run(made).into()
    }
}
