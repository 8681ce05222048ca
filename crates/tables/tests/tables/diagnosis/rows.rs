//! Sets of rows to train on, made by script.

use nablab_engine::rng::NumpyRng;

/// A set of rows: features, and a target that is a class or a number.
pub(super) struct Rows {
    pub(super) name: &'static str,
    pub(super) x: Vec<Vec<f64>>,
    pub(super) y: Vec<String>,
}

impl Rows {
    pub(super) fn csv(&self) -> String {
        let names: Vec<String> = (0..self.x[0].len()).map(|i| format!("x{i}")).collect();
        let mut text = names.join(",") + ",y\n";
        for (x, y) in self.x.iter().zip(&self.y) {
            let x: Vec<String> = x.iter().map(f64::to_string).collect();
            text += &format!("{},{y}\n", x.join(","));
        }
        text
    }
}

pub(super) const CLASSES: [&str; 4] = ["a", "b", "c", "d"];

/// Clouds around corners, `apart` deviations from each other.
pub(super) fn blobs(rows: usize, features: usize, classes: usize, apart: f64, rng: &mut NumpyRng) -> Rows {
    let class = |j: usize| j % classes;
    let x = (0..rows)
        .map(|j| {
            let center = |i: usize| if i % classes == class(j) { apart } else { 0.0 };
            (0..features).map(|i| center(i) + rng.gaussian()).collect()
        })
        .collect();
    Rows { name: "blobs", x, y: (0..rows).map(|j| CLASSES[class(j)].to_owned()).collect() }
}

/// Two half moons.
pub(super) fn moons(rows: usize, noise: f64, rng: &mut NumpyRng) -> Rows {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for j in 0..rows {
        let angle = std::f64::consts::PI * rng.uniform();
        let (a, b) =
            if j % 2 == 0 { (angle.cos(), angle.sin()) } else { (1.0 - angle.cos(), 0.5 - angle.sin()) };
        x.push(vec![a + noise * rng.gaussian(), b + noise * rng.gaussian()]);
        y.push(CLASSES[j % 2].to_owned());
    }
    Rows { name: "moons", x, y }
}

/// One circle inside another.
pub(super) fn circles(rows: usize, noise: f64, rng: &mut NumpyRng) -> Rows {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for j in 0..rows {
        let (angle, radius) = (std::f64::consts::TAU * rng.uniform(), if j % 2 == 0 { 1.0 } else { 0.5 });
        x.push(vec![
            radius * angle.cos() + noise * rng.gaussian(),
            radius * angle.sin() + noise * rng.gaussian(),
        ]);
        y.push(CLASSES[j % 2].to_owned());
    }
    Rows { name: "circles", x, y }
}

/// Friedman's first function of ten features.
pub(super) fn friedman(rows: usize, noise: f64, rng: &mut NumpyRng) -> Rows {
    let x: Vec<Vec<f64>> = (0..rows).map(|_| (0..10).map(|_| rng.uniform()).collect()).collect();
    let f = |x: &Vec<f64>| {
        10.0 * (std::f64::consts::PI * x[0] * x[1]).sin()
            + 20.0 * (x[2] - 0.5).powi(2)
            + 10.0 * x[3]
            + 5.0 * x[4]
    };
    let y = x.iter().map(|x| (f(x) + noise * rng.gaussian()).to_string()).collect();
    Rows { name: "friedman", x, y }
}

/// A plane in eight dimensions.
pub(super) fn plane(rows: usize, noise: f64, rng: &mut NumpyRng) -> Rows {
    let x: Vec<Vec<f64>> = (0..rows).map(|_| (0..8).map(|_| rng.gaussian()).collect()).collect();
    let f = |x: &Vec<f64>| x.iter().enumerate().map(|(i, v)| (i as f64 - 3.0) * v).sum::<f64>();
    let y = x.iter().map(|x| (100.0 + f(x) + noise * rng.gaussian()).to_string()).collect();
    Rows { name: "plane", x, y }
}

/// Only those rows for which this holds.
pub(super) fn keep(rows: &mut Rows, holds: impl Fn(usize, &str) -> bool) {
    let kept: Vec<usize> = (0..rows.y.len()).filter(|&j| holds(j, &rows.y[j])).collect();
    rows.x = kept.iter().map(|&j| rows.x[j].clone()).collect();
    rows.y = kept.iter().map(|&j| rows.y[j].clone()).collect();
}

pub(super) fn healthy_rows(seed: u32) -> Vec<Rows> {
    let rng = &mut NumpyRng::new(seed);
    vec![
        blobs(1200, 6, 3, 3.0, rng),
        blobs(2000, 12, 2, 2.0, rng),
        moons(1500, 0.15, rng),
        moons(3000, 0.3, rng),
        circles(1500, 0.08, rng),
        friedman(2000, 1.0, rng),
        plane(1000, 2.0, rng),
    ]
}
