//! Covariance matrix adaptation. Points are drawn from N(m, σ²C); after each generation the mean m moves to the good ones,
//! C is stretched where they went, and σ grows while steps go one way and shrinks while they go back and forth.
//!
//! With C = AAᵀ, A triangular (Krause, Arbonès & Igel 2016, CMA-ES with optimal covariance update and storage complexity): no
//! eigenvectors are needed. A generation is λ numbers of trials in a row, so that any worker finds the distribution again from
//! the trials alone; one that comes when those before are still trained does without them.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use super::SearchState;
use crate::space::{Parameter, Point};
use crate::trial::{State, Trial};

pub(super) fn point(search: &SearchState<'_>, sigma: f64, number: u64, given: &Point) -> Point {
    // What is not in every point has no place in a covariance.
    let ranges: Vec<&Parameter> =
        search.space.parameters().iter().filter(|p| !p.domain.is_choice() && p.when.is_empty()).collect();
    let mut rng = search.rng(number);
    let drawn = match ranges.len() {
        0 => Vec::new(),
        n => {
            let mut distribution = Distribution::new(n, sigma);
            let size = distribution.size as u64;
            for generation in 0..number / size {
                let members = generation * size..(generation + 1) * size;
                let costs = |trial: &Trial| cost(trial, search);
                let mut ended: Vec<(f64, Vec<f64>)> = search
                    .trials
                    .iter()
                    .filter(|trial| members.contains(&trial.origin))
                    .filter_map(|trial| Some((costs(trial)?, coordinates(trial, &ranges)?)))
                    .collect();
                ended.sort_by(|a, b| a.0.total_cmp(&b.0));
                distribution.update(&ended.into_iter().map(|(_, x)| x).collect::<Vec<_>>());
            }
            distribution.draw(&mut rng)
        }
    };
    search.space.draw(given, &mut |parameter| {
        let number = ranges.iter().position(|p| p.name == parameter.name);
        parameter.domain.at_unit(number.map_or_else(|| rng.random(), |i| drawn[i]))
    })
}

/// What a trial is judged by: its value, or the last one known.
fn cost(trial: &Trial, search: &SearchState<'_>) -> Option<f64> {
    let value = match trial.state {
        State::Complete => *trial.values.first()?,
        // Worse than all that came to their end.
        State::Pruned => return Some(f64::INFINITY),
        _ => return None,
    };
    Some(search.directions[0].cost(value))
}

fn coordinates(trial: &Trial, ranges: &[&Parameter]) -> Option<Vec<f64>> {
    let value = |parameter: &&Parameter| {
        trial.point.get(&parameter.name).map(|&value| parameter.domain.to_unit(value))
    };
    ranges.iter().map(value).collect()
}

/// N(m, σ²AAᵀ) over the unit cube, and the paths by which it learns.
struct Distribution {
    n: usize,
    /// Points of a generation, λ.
    size: usize,
    /// Weights of the better half, Σ = 1.
    weights: Vec<f64>,
    mean: Vec<f64>,
    sigma: f64,
    /// Lower triangle of A, row by row, (n, n).
    a: Vec<f64>,
    /// Where the steps have gone, as σ sees them and as C does.
    path_sigma: Vec<f64>,
    path_c: Vec<f64>,
    generations: i32,
}

impl Distribution {
    fn new(n: usize, sigma: f64) -> Self {
        let size = 4 + (3.0 * (n as f64).ln()).floor() as usize;
        let half = size / 2;
        let raw: Vec<f64> = (1..=half).map(|i| ((size as f64 + 1.0) / 2.0).ln() - (i as f64).ln()).collect();
        let total: f64 = raw.iter().sum();
        let mut a = vec![0.0; n * n];
        (0..n).for_each(|i| a[i * n + i] = 1.0);
        Self {
            n,
            size,
            weights: raw.iter().map(|w| w / total).collect(),
            mean: vec![0.5; n],
            sigma,
            a,
            path_sigma: vec![0.0; n],
            path_c: vec![0.0; n],
            generations: 0,
        }
    }

    /// m + σAz, anew until it lies in the cube, or pushed into it.
    fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<f64> {
        const TRIES: usize = 100;
        let mut x = Vec::new();
        for _ in 0..TRIES {
            let z: Vec<f64> = (0..self.n).map(|_| normal(rng)).collect();
            x = (0..self.n)
                .map(|i| self.mean[i] + self.sigma * dot(&self.a[i * self.n..=i * self.n + i], &z))
                .collect();
            if x.iter().all(|x| (0.0..1.0).contains(x)) {
                return x;
            }
        }
        x.iter().map(|x| x.clamp(0.0, 1.0 - f64::EPSILON)).collect()
    }

    /// Learn from a generation, best first (Hansen 2016, equations 41 to 49, with its default constants).
    fn update(&mut self, ended: &[Vec<f64>]) {
        let n = self.n as f64;
        let half = ended.len() / 2;
        if half == 0 {
            return;
        }
        let total: f64 = self.weights.iter().take(half).sum();
        let weights: Vec<f64> = self.weights.iter().take(half).map(|w| w / total).collect();
        let mu = 1.0 / weights.iter().map(|w| w * w).sum::<f64>();
        let c_sigma = (mu + 2.0) / (n + mu + 5.0);
        let damping = 1.0 + 2.0 * (((mu - 1.0) / (n + 1.0)).sqrt() - 1.0).max(0.0) + c_sigma;
        let c_c = (4.0 + mu / n) / (n + 4.0 + 2.0 * mu / n);
        let c_1 = 2.0 / ((n + 1.3).powi(2) + mu);
        let c_mu = (1.0 - c_1).min(2.0 * (mu - 2.0 + 1.0 / mu).max(0.0) / ((n + 2.0).powi(2) + mu));

        let steps: Vec<Vec<f64>> = ended
            .iter()
            .take(weights.len())
            .map(|x| x.iter().zip(&self.mean).map(|(x, m)| (x - m) / self.sigma).collect())
            .collect();
        let step: Vec<f64> =
            (0..self.n).map(|i| weights.iter().zip(&steps).map(|(w, y)| w * y[i]).sum()).collect();
        (0..self.n).for_each(|i| self.mean[i] += self.sigma * step[i]);

        let keep = (c_sigma * (2.0 - c_sigma) * mu).sqrt();
        let white = self.solve(&step);
        (0..self.n).for_each(|i| self.path_sigma[i] = (1.0 - c_sigma) * self.path_sigma[i] + keep * white[i]);
        let length = dot(&self.path_sigma, &self.path_sigma).sqrt();
        // What a step that knows no direction would have.
        let expected = n.sqrt() * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n));
        self.generations += 1;
        let grown = (1.0 - (1.0 - c_sigma).powi(2 * self.generations)).sqrt();
        let is_short = length / grown < (1.4 + 2.0 / (n + 1.0)) * expected;
        let keep = if is_short { (c_c * (2.0 - c_c) * mu).sqrt() } else { 0.0 };
        (0..self.n).for_each(|i| self.path_c[i] = (1.0 - c_c) * self.path_c[i] + keep * step[i]);

        let missing = if is_short { 0.0 } else { c_1 * c_c * (2.0 - c_c) };
        let mut c = vec![0.0; self.n * self.n];
        for i in 0..self.n {
            for j in 0..=i {
                let before = dot(&self.a[i * self.n..=i * self.n + j], &self.a[j * self.n..=j * self.n + j]);
                let of_steps: f64 = weights.iter().zip(&steps).map(|(w, y)| w * y[i] * y[j]).sum();
                c[i * self.n + j] = (1.0 - c_1 - c_mu + missing) * before
                    + c_1 * self.path_c[i] * self.path_c[j]
                    + c_mu * of_steps;
            }
        }
        self.sigma *= ((c_sigma / damping) * (length / expected - 1.0)).exp();
        if let Some(a) = cholesky(&c, self.n) {
            self.a = a;
        }
    }

    /// A⁻¹y.
    fn solve(&self, y: &[f64]) -> Vec<f64> {
        let mut x = vec![0.0; self.n];
        for i in 0..self.n {
            let row = &self.a[i * self.n..];
            x[i] = (y[i] - dot(&row[..i], &x[..i])) / row[i];
        }
        x
    }
}

/// The lower triangle A with AAᵀ = C; none of a matrix that is not positive definite.
fn cholesky(c: &[f64], n: usize) -> Option<Vec<f64>> {
    let mut a = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let rest = c[i * n + j] - dot(&a[i * n..i * n + j], &a[j * n..j * n + j]);
            a[i * n + j] = match i == j {
                true if rest > 0.0 => rest.sqrt(),
                true => return None,
                false => rest / a[j * n + j],
            };
        }
    }
    Some(a)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Box and Muller's.
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let (u, v): (f64, f64) = (1.0 - rng.random::<f64>(), rng.random());
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}
