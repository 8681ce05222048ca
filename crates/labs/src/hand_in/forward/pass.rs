//! The pass itself, in which mistakes can be made.

use nablab_engine::Activation;

use super::{Mistake, other_mask};
use crate::by_hand::{Cache, Dropout, Layer, Matrix, Problem, activate, predict};

/// Z and A of each layer, and the cost, with mistakes made in layers.
pub(super) fn values(problem: &Problem, made: &[(Mistake, usize)]) -> Vec<Matrix> {
    Pass { problem, made }.values()
}

struct Pass<'a> {
    problem: &'a Problem,
    made: &'a [(Mistake, usize)],
}

impl Pass<'_> {
    fn has(&self, mistake: Mistake, l: usize) -> bool {
        self.made.contains(&(mistake, l))
    }

    fn values(&self) -> Vec<Matrix> {
        let mut cache = Cache { z: Vec::new(), activated: Vec::new(), a: Vec::new() };
        for l in 0..self.problem.layers.len() {
            let z = self.z(l, &cache);
            let activated = self.activated(l, &z);
            cache.a.push(self.masked(l, &z, &activated));
            cache.z.push(z);
            cache.activated.push(activated);
        }
        let cost = self.cost(&cache);
        let handed = |l: usize| {
            let a = if self.has(Mistake::HandedBeforeMask, l) { &cache.activated[l] } else { &cache.a[l] };
            [cache.z[l].clone(), a.clone()]
        };
        (0..cache.z.len()).flat_map(handed).chain([Matrix::new(1, 1, [cost])]).collect()
    }

    /// Z = W · A_before + b.
    fn z(&self, l: usize, cache: &Cache) -> Matrix {
        let Layer { w, b, .. } = &self.problem.layers[l];
        let input = match l.checked_sub(1) {
            Some(before) if self.has(Mistake::InputBeforeActivation, l) => &cache.z[before],
            Some(before) if self.has(Mistake::InputBeforeMask, l) => &cache.activated[before],
            _ => self.problem.input(l, cache),
        };
        let weight = |i: usize, k: usize| match self.has(Mistake::WeightsTransposed, l) {
            true => w.at(k, i),
            false => w.at(i, k),
        };
        let bias = |i: usize| if self.has(Mistake::BiasMissing, l) { 0.0 } else { b.at(i, 0) };
        Matrix::from_fn(w.rows(), input.cols(), |i, j| {
            (0..w.cols()).map(|k| weight(i, k) * input.at(k, j)).sum::<f64>() + bias(i)
        })
    }

    /// g(Z), or what the loss makes of Z.
    fn activated(&self, l: usize, z: &Matrix) -> Matrix {
        let is_output = l + 1 == self.problem.layers.len();
        let each = |activation: Activation| z.map(|z| activate(activation, z));
        match () {
            () if self.has(Mistake::ActivationMissing, l) => z.clone(),
            () if self.has(Mistake::IsRelu, l) => each(Activation::Relu),
            () if self.has(Mistake::IsTanh, l) => each(Activation::Tanh),
            () if self.has(Mistake::IsSigmoid, l) => each(Activation::Sigmoid),
            () if self.has(Mistake::ExponentSign, l) => z.map(|z| activate(Activation::Sigmoid, -z)),
            () if self.has(Mistake::SoftmaxOtherAxis, l) => {
                predict(self.problem.loss, &z.transposed()).transposed()
            }
            () if is_output => predict(self.problem.loss, z),
            () => each(self.problem.layers[l].activation),
        }
    }

    /// A = g(Z) ∘ D / keep.
    fn masked(&self, l: usize, z: &Matrix, activated: &Matrix) -> Matrix {
        let Some(Dropout { mask, keep }) = &self.problem.layers[l].dropout else { return activated.clone() };
        let mask = match self.has(Mistake::MaskOfAnotherLayer, l) {
            true => other_mask(self.problem, l).unwrap_or(mask),
            false => mask,
        };
        let stays = |i: usize, j: usize| match self.has(Mistake::MaskInverted, l) {
            true => 1.0 - mask.at(i, j),
            false => mask.at(i, j),
        };
        let scale = match () {
            () if self.has(Mistake::MaskNotScaled, l) => 1.0,
            () if self.has(Mistake::MaskMultiplied, l) => 1.0 / keep,
            () if self.has(Mistake::DividedByRate, l) => 1.0 - keep,
            () => *keep,
        };
        match () {
            () if self.has(Mistake::MaskMissing, l) => activated.clone(),
            () if self.has(Mistake::MaskBeforeActivation, l) => {
                let masked = Matrix::from_fn(z.rows(), z.cols(), |i, j| z.at(i, j) * stays(i, j) / scale);
                self.activated(l, &masked)
            }
            () => Matrix::from_fn(z.rows(), z.cols(), |i, j| activated.at(i, j) * stays(i, j) / scale),
        }
    }

    /// The mean loss and the penalty.
    fn cost(&self, cache: &Cache) -> f64 {
        let last = self.problem.layers.len() - 1;
        let has = |mistake: Mistake| self.has(mistake, last);
        let m = self.problem.examples() as f64;
        let loss = match has(Mistake::SecondTermMissing) {
            true => {
                let terms = cache.a[last].entries().iter().zip(self.problem.y.entries());
                -terms.map(|(a, y)| if *y == 0.0 { 0.0 } else { y * a.ln() }).sum::<f64>() / m
            }
            false => self.problem.mean_loss(cache),
        };
        let factors = [
            (Mistake::MeanMissing, m),
            (Mistake::MeanOverOutputs, 1.0 / self.problem.y.rows() as f64),
            (Mistake::Sign, -1.0),
            (Mistake::Log2, 1.0 / std::f64::consts::LN_2),
            (Mistake::Log10, 1.0 / std::f64::consts::LN_10),
            (Mistake::HalfMissing, 2.0),
        ];
        let made = factors.iter().filter(|(mistake, _)| has(*mistake)).map(|(_, factor)| factor);
        loss * made.product::<f64>() + self.penalty(&has)
    }

    /// λ/2m · Σ W².
    fn penalty(&self, has: &dyn Fn(Mistake) -> bool) -> f64 {
        let Problem { layers, l2, .. } = self.problem;
        let m = self.problem.examples() as f64;
        let squares = |matrix: &Matrix| matrix.entries().iter().map(|w| w * w).sum::<f64>();
        let of_layer = |(l, layer): (usize, &Layer)| match () {
            () if self.has(Mistake::PenaltyOfLayerMissing, l) => 0.0,
            () if has(Mistake::PenaltyNotSquared) => layer.w.entries().iter().sum(),
            () if has(Mistake::PenaltyOfNorm) => squares(&layer.w).sqrt(),
            () if has(Mistake::PenaltyOfBiases) => squares(&layer.w) + squares(&layer.b),
            () => squares(&layer.w),
        };
        let strength = match () {
            () if has(Mistake::PenaltyMissing) => 0.0,
            () if has(Mistake::PenaltyNotHalved) => l2 / m,
            () if has(Mistake::PenaltyNotDivided) => l2 / 2.0,
            () => l2 / (2.0 * m),
        };
        strength * layers.iter().enumerate().map(of_layer).sum::<f64>()
    }
}
