//! Trainings that are healthy, and trainings that are sick in a known way.

use nablab::{Ended, Prepared, Settings, Training};
use nablab_data::table::csv;
use nablab_diagnosis::{Certainty, Evidence, Finding, diagnose};
use nablab_engine::rng::NumpyRng;

/// A training with what is planted in it: nothing, or sicknesses each of which may go by several names.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) planted: Vec<&'static [&'static str]>,
    table: String,
    recipe: String,
}

impl Case {
    /// Train, and gather what it shows.
    pub(crate) fn evidence(&self) -> Evidence {
        let table = csv::read(self.table.as_bytes(), &self.name).unwrap();
        let settings = Settings::from_toml(&self.recipe, &self.name).unwrap();
        let prepared = Prepared::<f32>::new(&settings, &table, None, &self.name).unwrap();
        let mut training = Training::new(&settings, &prepared, std::num::NonZeroUsize::MIN).unwrap();
        let ended: Ended = loop {
            if let Err(ended) = training.epoch(&|| 0.0) {
                break ended;
            }
        };
        training.evidence(Some(&ended))
    }

    /// What is found in it, without notes.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let all = diagnose(&self.evidence());
        all.into_iter().filter(|finding| finding.certainty() > Certainty::Note).collect()
    }
}

/// A set of rows: features, and a target that is a class or a number.
struct Rows {
    name: &'static str,
    x: Vec<Vec<f64>>,
    y: Vec<String>,
}

impl Rows {
    fn csv(&self) -> String {
        let names: Vec<String> = (0..self.x[0].len()).map(|i| format!("x{i}")).collect();
        let mut text = names.join(",") + ",y\n";
        for (x, y) in self.x.iter().zip(&self.y) {
            let x: Vec<String> = x.iter().map(f64::to_string).collect();
            text += &format!("{},{y}\n", x.join(","));
        }
        text
    }
}

const CLASSES: [&str; 4] = ["a", "b", "c", "d"];

/// Clouds around corners, `apart` deviations from each other.
fn blobs(rows: usize, features: usize, classes: usize, apart: f64, rng: &mut NumpyRng) -> Rows {
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
fn moons(rows: usize, noise: f64, rng: &mut NumpyRng) -> Rows {
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
fn circles(rows: usize, noise: f64, rng: &mut NumpyRng) -> Rows {
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
fn friedman(rows: usize, noise: f64, rng: &mut NumpyRng) -> Rows {
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
fn plane(rows: usize, noise: f64, rng: &mut NumpyRng) -> Rows {
    let x: Vec<Vec<f64>> = (0..rows).map(|_| (0..8).map(|_| rng.gaussian()).collect()).collect();
    let f = |x: &Vec<f64>| x.iter().enumerate().map(|(i, v)| (i as f64 - 3.0) * v).sum::<f64>();
    let y = x.iter().map(|x| (100.0 + f(x) + noise * rng.gaussian()).to_string()).collect();
    Rows { name: "plane", x, y }
}

fn healthy_rows(seed: u32) -> Vec<Rows> {
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

/// A recipe's text: the common part, then what differs.
fn recipe(more: &str) -> String {
    let data = "[data]\ntarget = [\"y\"]\n";
    match more.split_once("[data]") {
        Some((top, rest)) => format!("{top}\n{data}{rest}\n[validation]\nshare = 0.25\n"),
        None => format!("{more}\n{data}[validation]\nshare = 0.25\n"),
    }
}

/// At least sixty, of ten kinds on seven sets of rows.
pub(crate) fn healthy(seed: u32) -> Vec<Case> {
    let recipes = [
        ("defaults", "epochs = 60\n"),
        ("no dropout", "epochs = 60\nhidden = [{ units = 32 }, { units = 16 }]\n"),
        (
            "tanh",
            "epochs = 60\nhidden = [{ units = 24, activation = \"tanh\" }, { units = 24, activation = \"tanh\" }]\ninit = \"xavier\"\n",
        ),
        (
            "four layers",
            "epochs = 60\nhidden = [{ units = 32 }, { units = 32 }, { units = 32 }, { units = 32 }]\nlearning_rate = 0.0005\n",
        ),
        (
            "momentum",
            "epochs = 80\nhidden = [{ units = 32 }]\noptimizer = \"momentum\"\nlearning_rate = 0.1\n",
        ),
        (
            "descent",
            "epochs = 120\nhidden = [{ units = 32 }]\noptimizer = \"gradient-descent\"\nlearning_rate = 0.1\n",
        ),
        (
            "batch norm",
            "epochs = 60\nhidden = [{ units = 32, batch_norm = true }, { units = 16, batch_norm = true }]\n",
        ),
        (
            "cosine",
            "epochs = 80\nhidden = [{ units = 48 }, { units = 24 }]\nlearning_rate = 0.003\nschedule = \"cosine\"\nbatch_size = 64\n",
        ),
        ("rms-prop", "epochs = 60\nhidden = [{ units = 32 }]\noptimizer = \"rms-prop\"\n"),
        (
            "leaky",
            "epochs = 60\nhidden = [{ units = 40, activation = { leaky-relu = { slope = 0.05 } }, dropout = 0.1 }]\noptimizer = \"adam-w\"\npenalty = { l2 = 0.0 }\n",
        ),
    ];
    let mut cases = Vec::new();
    for rows in healthy_rows(seed) {
        for (name, text) in recipes {
            let name = format!("{} {}, {name}", rows.x.len(), rows.name);
            cases.push(Case { name, planted: Vec::new(), table: rows.csv(), recipe: recipe(text) });
        }
    }
    cases
}

const SYMMETRIC: &[&str] = &["symmetric-units"];
const LARGE: &[&str] = &["large-weights", "saturated-output", "initial-loss"];
const VANISHING: &[&str] = &["vanishing-gradients"];
const EXPLODING: &[&str] = &["exploding-gradients"];
const TOO_HIGH: &[&str] = &["learning-rate-too-high", "diverged"];
const TOO_LOW: &[&str] = &["learning-rate-too-low"];
const OVERFITTING: &[&str] = &["overfitting"];
const UNDERFITTING: &[&str] = &["underfitting"];
const PENALTY: &[&str] = &["penalty-too-strong"];
const DROPOUT: &[&str] = &["dropout-too-strong"];
const UNSCALED: &[&str] = &["unscaled-inputs"];
const LEAK: &[&str] = &["leaking-feature"];
const SHARED: &[&str] = &["shared-rows"];
const SUSPECT: &[&str] = &["suspect-labels"];
const IMBALANCE: &[&str] = &["class-imbalance"];
const SATURATED: &[&str] = &["saturated-units"];

fn layers(count: usize, units: usize, activation: &str) -> String {
    let layer = format!("{{ units = {units}, activation = \"{activation}\" }}");
    format!("hidden = [{}]\n", vec![layer; count].join(", "))
}

/// At least sixty, each sick in one way or two.
pub(crate) fn sick(seed: u32) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |rows: &Rows, planted: &[&'static [&'static str]], text: &str| {
        let codes: Vec<_> = planted.iter().map(|names| names[0]).collect();
        let name =
            format!("{} {}, {}: {}", rows.x.len(), rows.name, codes.join(" and "), text.replace('\n', "; "));
        cases.push(Case { name, planted: planted.to_vec(), table: rows.csv(), recipe: recipe(text) });
    };
    let sets = healthy_rows(seed);
    let small = "epochs = 40\nhidden = [{ units = 24 }, { units = 12 }]\n";
    for rows in [&sets[0], &sets[2], &sets[4], &sets[5]] {
        add(rows, &[SYMMETRIC], &format!("{small}init = \"zeros\"\n"));
        add(rows, &[LARGE], &format!("{small}init = {{ normal = {{ scale = 10.0 }} }}\n"));
        add(rows, &[LARGE], &format!("{small}init = {{ normal = {{ scale = 3.0 }} }}\n"));
        add(rows, &[TOO_LOW], &format!("{small}learning_rate = 1e-7\n"));
        add(rows, &[TOO_LOW], &format!("{small}optimizer = \"gradient-descent\"\nlearning_rate = 1e-4\n"));
        add(rows, &[TOO_HIGH], &format!("{small}learning_rate = 0.5\n"));
        add(rows, &[TOO_HIGH], &format!("{small}optimizer = \"momentum\"\nlearning_rate = 30.0\n"));
        add(rows, &[PENALTY], &format!("{small}penalty = {{ l2 = 60.0 }}\n"));
        add(rows, &[VANISHING], &format!("epochs = 20\n{}init = \"xavier\"\n", layers(8, 16, "sigmoid")));
        add(
            rows,
            &[EXPLODING],
            &format!(
                "epochs = 20\n{}init = {{ normal = {{ scale = 0.8 }} }}\nlearning_rate = 0.0001\n",
                layers(6, 32, "relu")
            ),
        );
    }
    for rows in [&sets[0], &sets[2], &sets[5]] {
        let text = "epochs = 40\nhidden = [{ units = 16, dropout = 0.95 }, { units = 8, dropout = 0.95 }]\n";
        add(rows, &[DROPOUT], text);
    }
    for rows in [&sets[2], &sets[4]] {
        let saturated =
            format!("epochs = 30\n{}init = {{ normal = {{ scale = 8.0 }} }}\n", layers(2, 24, "tanh"));
        add(rows, &[SATURATED, LARGE], &saturated);
    }
    let rng = &mut NumpyRng::new(seed + 1);
    for (rows, features) in [(160, 20), (120, 30), (200, 40)] {
        // As many features as would let one learn anything by heart, and labels that say little.
        let mut noisy = blobs(rows, features, 2, 0.15, rng);
        noisy.name = "noise";
        add(
            &noisy,
            &[OVERFITTING],
            "epochs = 300\nhidden = [{ units = 128 }, { units = 64 }]\npenalty = { l2 = 0.0 }\n",
        );
        add(
            &noisy,
            &[OVERFITTING],
            "epochs = 200\nhidden = [{ units = 64, activation = \"tanh\" }]\npenalty = { l2 = 0.0 }\nlearning_rate = 0.01\n",
        );
    }
    for noise in [0.05, 0.08] {
        add(&circles(1500, noise, rng), &[UNDERFITTING], "epochs = 40\nhidden = []\n");
    }
    for rows in 0..3 {
        let mut set = healthy_rows(seed + 10 + rows).swap_remove(rows as usize);
        set.name = "unscaled";
        for x in &mut set.x {
            x[0] = 5000.0 + 3000.0 * x[0];
        }
        add(&set, &[UNSCALED], &format!("{small}[data]\nscaling = \"none\"\n"));
        add(&set, &[SYMMETRIC, UNSCALED], &format!("{small}init = \"zeros\"\n[data]\nscaling = \"none\"\n"));
    }
    for seed in 0..3 {
        let mut set = if seed == 2 { friedman(1000, 1.0, rng) } else { blobs(1000, 8, 2, 0.8, rng) };
        set.name = "leaking";
        for j in 0..set.x.len() {
            let told = set.y[j].parse().unwrap_or(f64::from(u8::from(set.y[j] == "b")));
            set.x[j].push(told * 3.0 + 0.1 * rng.gaussian());
        }
        add(&set, &[LEAK], small);
    }
    for apart in [1.0, 2.0, 3.0] {
        let mut set = blobs(400, 6, 2, apart, rng);
        set.name = "repeated";
        let copies: Vec<usize> = (0..150).map(|i| i * 2).collect();
        for j in copies {
            set.x.push(set.x[j].clone());
            set.y.push(set.y[j].clone());
        }
        add(&set, &[SHARED], small);
    }
    for classes in [2, 3, 4] {
        let mut set = blobs(1500, 8, classes, 5.0, rng);
        set.name = "mislabelled";
        for j in (0..30).map(|i| 47 * i + 3) {
            set.y[j] = CLASSES[(j % classes + 1) % classes].to_owned();
        }
        add(&set, &[SUSPECT], "epochs = 40\n");
    }
    for apart in [0.7, 0.9, 1.1] {
        let mut set = blobs(3000, 6, 2, apart, rng);
        set.name = "imbalanced";
        let keep: Vec<bool> = set.y.iter().enumerate().map(|(j, y)| y == "a" || j % 20 == 1).collect();
        let mut at = keep.iter();
        set.x.retain(|_| *at.next().unwrap());
        let mut at = keep.iter();
        set.y.retain(|_| *at.next().unwrap());
        add(&set, &[IMBALANCE], "epochs = 40\n");
    }
    for units in [16, 32] {
        let text = format!(
            "epochs = 60\nhidden = [{{ units = {units} }}]\noptimizer = \"gradient-descent\"\nlearning_rate = 1.5\ninit = {{ normal = {{ scale = 3.0 }} }}\n[data]\nscaling = \"none\"\n"
        );
        let mut set = plane(600, 1.0, rng);
        set.name = "dead";
        add(&set, &[&["dead-units", "diverged", "learning-rate-too-high"], LARGE], &text);
    }
    // Pairs.
    for rows in [&sets[0], &sets[2]] {
        add(
            rows,
            &[LARGE, TOO_LOW],
            &format!("{small}init = {{ normal = {{ scale = 4.0 }} }}\nlearning_rate = 1e-6\n"),
        );
        add(
            rows,
            &[LARGE, TOO_HIGH],
            &format!("{small}init = {{ normal = {{ scale = 4.0 }} }}\nlearning_rate = 1.0\n"),
        );
    }
    cases
}
