//! Adam.

use super::formulas::mistakes;
use super::update::{NAMES, PerParameter, Rule, Update, combine, zeros};

mistakes! {
    /// v in place of v / (1 − β1ᵗ).
    CorrectionOfVMissing "missing-correction" "v"
        "the division by 1 − β1^t is missing"
        "没有除以 1 − β1^t";
    /// s in place of s / (1 − β2ᵗ).
    CorrectionOfSMissing "missing-correction" "s"
        "the division by 1 − β2^t is missing"
        "没有除以 1 − β2^t";
    /// t − 1.
    StepsFromZero "steps-from-0" "t"
        "the steps are counted from 0; they count from 1, so that this t is one too small"
        "步数从 0 数起了；应从 1 数起，这里的 t 少了 1";
    /// t is the first step's in all.
    StepNotCounted "step-not-counted" "t"
        "t stays what it was in the first step"
        "t 一直停在第一步的值";
    /// 1 − β.
    PowerMissing "missing-power" "t"
        "it is divided by 1 − β; that is to be 1 − β^t"
        "除以了 1 − β；应为 1 − β^t";
    /// v · (1 − βᵗ).
    CorrectionMultiplied "correction-multiplied" "t"
        "v and s are multiplied by 1 − β^t; they are to be divided"
        "v 和 s 乘了 1 − β^t；应当除以它";
    /// What is corrected is stored.
    CorrectionKept "correction-kept" "t"
        "v and s are stored as they are when divided by 1 − β^t; the next step is to begin from what they were before that"
        "把除以 1 − β^t 之后的 v 和 s 存了回去；下一步应从修正前的值开始";
    /// √(s + ε).
    EpsilonInside "epsilon-inside" "W"
        "ε stands inside the root; it is added to the root"
        "ε 放在了根号里面；应加在根号外面";
    /// √s.
    EpsilonMissing "missing-epsilon" "W"
        "ε is missing"
        "缺少 ε";
    /// v ← β1 v + dW.
    ShareOfVMissing "missing-share" "v"
        "the factor 1 − β1 is missing before the gradient"
        "梯度前缺少因子 1 − β1";
    /// s ← β2 s + dW².
    ShareOfSMissing "missing-share" "s"
        "the factor 1 − β2 is missing before the squares"
        "平方前缺少因子 1 − β2";
    /// β2 for v and β1 for s.
    BetasExchanged "betas-exchanged" "v"
        "β1 and β2 are exchanged"
        "β1 和 β2 互换了";
    /// s ← β2 s + (1 − β2) dW.
    NotSquared "not-squared" "s"
        "the gradient is not squared"
        "梯度没有平方";
    /// s ← β2 s + (1 − β2) v².
    SquareOfVelocity "square-of-velocity" "s"
        "it has the squares of v in place of those of the gradient"
        "用了 v 的平方，应当用梯度的平方";
    /// v / (s + ε).
    RootMissing "missing-root" "W"
        "the root of s is missing"
        "s 没有开平方根";
    /// dW in place of v.
    VelocityUnused "velocity-unused" "W"
        "it has the gradient in place of v, as RMSProp has"
        "用了梯度而不是 v，像 RMSProp 那样";
    /// v alone.
    SecondUnused "second-unused" "W"
        "it is not divided by the root of s"
        "没有除以 s 的平方根";
    /// W + ….
    Sign "sign" "W"
        "the sign of the step is turned: it is W − α …"
        "步的符号反了：应为 W − α …";
    /// Without α.
    RateMissing "missing-rate" "W"
        "the learning rate is missing"
        "缺少学习率";
    /// v = s = 0 before the first of the steps.
    MomentsNotGiven "moments-not-given" "v"
        "v and s begin at 0; they are given as they stand before the first step"
        "v 和 s 从 0 开始了；题目已给出第一步之前的值";
    /// The gradients of the first step in all.
    SameGradient "same-gradient" "W"
        "all steps use the gradients of the first"
        "每一步都用了第一步的梯度";
    /// The last step is left out.
    StepMissing "missing-step" "W"
        "the last step is missing"
        "缺少最后一步";
    /// v of the other layer's weights.
    VelocityOfAnother "velocity-of-another" "W{n}"
        "it has the v of the other layer's weights"
        "用了另一层权重的 v";
    /// s of the other layer's weights.
    SecondOfAnother "second-of-another" "W{n}"
        "it has the s of the other layer's weights"
        "用了另一层权重的 s";
    /// b as it was.
    BiasNotUpdated "bias-not-updated" "b{n}"
        "it is as it was: biases are updated, too"
        "没有变：偏置也要更新";
    /// W, b, v and s as they were.
    LayerNotUpdated "layer-not-updated" "W{n}"
        "W{n} and b{n} are as they were: the loop has to run over all layers"
        "W{n} 和 b{n} 没有变：循环应遍历所有层";
}

/// The rule at given numbers.
pub(super) struct Adam<'a> {
    update: &'a Update,
    places: Vec<(Mistake, usize)>,
}

impl<'a> Adam<'a> {
    pub(super) fn new(update: &'a Update) -> Self {
        let layers = |mistake: Mistake| match mistake {
            Mistake::VelocityOfAnother
            | Mistake::SecondOfAnother
            | Mistake::BiasNotUpdated
            | Mistake::LayerNotUpdated => 1..3,
            _ => 1..2,
        };
        let is_single = update.gradients.len() == 1;
        let fits = |mistake: &Mistake| match mistake {
            Mistake::SameGradient | Mistake::StepNotCounted | Mistake::CorrectionKept => !is_single,
            // 1 − β⁰ is 0: what comes of it is no number.
            Mistake::StepsFromZero => update.step > 1,
            Mistake::PowerMissing => update.step > 1 || !is_single,
            Mistake::VelocityOfAnother | Mistake::SecondOfAnother => update.has_equal_layers(),
            _ => true,
        };
        let all = Mistake::ALL.iter().copied().filter(fits);
        let places = all.flat_map(|mistake| layers(mistake).map(move |n| (mistake, n))).collect();
        Self { update, places }
    }

    /// The parameters, v and s behind all steps.
    fn run(&self, made: &[(Mistake, usize)]) -> [PerParameter; 3] {
        let has = |mistake: Mistake| made.iter().any(|(known, _)| *known == mistake);
        let Update { gradients, step, .. } = self.update;
        let [beta1, beta2] = match has(Mistake::BetasExchanged) {
            true => [self.update.beta2, self.update.beta1],
            false => [self.update.beta1, self.update.beta2],
        };
        let mut w = self.update.parameters.clone();
        let [mut v, mut s] = [&self.update.first, &self.update.second]
            .map(|moment| if has(Mistake::MomentsNotGiven) { zeros(moment) } else { moment.clone() });
        let share = |beta: f64, mistake: Mistake| if has(mistake) { 1.0 } else { 1.0 - beta };
        let [of_v, of_s] = [share(beta1, Mistake::ShareOfVMissing), share(beta2, Mistake::ShareOfSMissing)];
        let steps = gradients.len() - usize::from(has(Mistake::StepMissing));
        for k in 0..steps {
            let g = if has(Mistake::SameGradient) { &gradients[0] } else { &gradients[k] };
            let is_out = |i: usize| made.contains(&(Mistake::LayerNotUpdated, i / 2 + 1));
            let before = [v.clone(), s.clone()];
            v = std::array::from_fn(|i| combine(&v[i], &g[i], |v, g| beta1 * v + of_v * g));
            let of = if has(Mistake::SquareOfVelocity) { &v } else { g };
            let power = if has(Mistake::NotSquared) { 1 } else { 2 };
            s = std::array::from_fn(|i| combine(&s[i], &of[i], |s, g| beta2 * s + of_s * g.powi(power)));
            for i in (0..NAMES.len()).filter(|&i| is_out(i)) {
                (v[i], s[i]) = (before[0][i].clone(), before[1][i].clone());
            }
            let t = match () {
                () if has(Mistake::StepsFromZero) => step + k - 1,
                () if has(Mistake::StepNotCounted) => *step,
                () if has(Mistake::PowerMissing) => 1,
                () => step + k,
            };
            let divided = |moment: &PerParameter, beta: f64, missing: Mistake| -> PerParameter {
                let rest = 1.0 - beta.powi(t as i32);
                let factor = match () {
                    () if has(missing) => 1.0,
                    () if has(Mistake::CorrectionMultiplied) => rest,
                    () => 1.0 / rest,
                };
                moment.clone().map(|matrix| matrix.map(|entry| factor * entry))
            };
            let corrected_v = divided(&v, beta1, Mistake::CorrectionOfVMissing);
            let corrected_s = divided(&s, beta2, Mistake::CorrectionOfSMissing);
            for (i, w) in w.iter_mut().enumerate() {
                let is_of = |mistake: Mistake| made.contains(&(mistake, i / 2 + 1));
                let another = |mistake: Mistake| if i % 2 == 0 && is_of(mistake) { 2 - i } else { i };
                let v = match has(Mistake::VelocityUnused) {
                    true => &g[i],
                    false => &corrected_v[another(Mistake::VelocityOfAnother)],
                };
                let s = &corrected_s[another(Mistake::SecondOfAnother)];
                let is_left = i % 2 == 1 && is_of(Mistake::BiasNotUpdated);
                if !is_left && !is_out(i) {
                    let step = combine(v, s, |v, s| self.step(v, s, &has));
                    *w = combine(w, &step, |w, step| w - step);
                }
            }
            if has(Mistake::CorrectionKept) {
                (v, s) = (corrected_v, corrected_s);
            }
        }
        [w, v, s]
    }

    /// α · v / (√s + ε).
    fn step(&self, v: f64, s: f64, has: &dyn Fn(Mistake) -> bool) -> f64 {
        let Update { alpha, epsilon, .. } = *self.update;
        let epsilon = if has(Mistake::EpsilonMissing) { 0.0 } else { epsilon };
        let below = match () {
            () if has(Mistake::SecondUnused) => 1.0,
            () if has(Mistake::EpsilonInside) => (s + epsilon).sqrt(),
            () if has(Mistake::RootMissing) => s + epsilon,
            () => s.sqrt() + epsilon,
        };
        let rate = if has(Mistake::RateMissing) { 1.0 } else { alpha };
        let rate = if has(Mistake::Sign) { -rate } else { rate };
        rate * v / below
    }
}

impl Rule for Adam<'_> {
    type Mistake = Mistake;
    const MOMENTS: &'static [&'static str] = &["v", "s"];

    fn places(&self) -> &[(Mistake, usize)] {
        &self.places
    }

    fn after(&self, made: &[(Mistake, usize)]) -> Vec<PerParameter> {
        self.run(made).into()
    }
}
