//! Trainings that are healthy, and trainings that are sick in a known way.

use std::num::NonZeroUsize;

use nablab_data::table::csv;
use nablab_diagnosis::Evidence;
use nablab_engine::rng::NumpyRng;
use nablab_tables::{Ending, Prepared, Settings, Tables, Training};

use super::rows::{CLASSES, Rows, blobs, circles, friedman, healthy_rows, keep, moons, plane};

/// A training with what is planted in it: nothing, or sicknesses each of which may go by several names.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) planted: Vec<&'static [&'static str]>,
    table: String,
    recipe: String,
}

impl Case {
    /// A healthy one.
    pub(crate) fn new(name: &str, table: String, recipe: String) -> Self {
        Self { name: name.to_owned(), planted: Vec::new(), table, recipe }
    }

    /// Train, and gather what it shows.
    pub(crate) fn evidence(&self) -> Evidence {
        let table = csv::read(self.table.as_bytes(), &self.name).unwrap();
        let settings = Settings::from_toml(&self.recipe, &self.name).unwrap();
        let prepared = Prepared::<f32>::new(&settings, &Tables::from(&table), NonZeroUsize::MIN).unwrap();
        let mut training = Training::new(&settings, &prepared, std::num::NonZeroUsize::MIN).unwrap();
        let ended: Ending = loop {
            if let Err(ended) = training.epoch(&|| 0.0, &|| false) {
                break ended;
            }
        };
        training.evidence(Some(&ended))
    }
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
    let mut add = |name: &str, table: String, text: &str| {
        cases.push(Case { name: name.to_owned(), planted: Vec::new(), table, recipe: recipe(text) });
    };
    let rng = &mut NumpyRng::new(seed + 100);
    // What is no sickness: a convex problem may start at 0, classes may be uneven, categories repeat.
    add("logistic from 0", blobs(1000, 5, 2, 2.0, rng).csv(), "epochs = 60\nhidden = []\ninit = \"zeros\"\n");
    add(
        "l-bfgs",
        moons(800, 0.2, rng).csv(),
        "epochs = 80\nhidden = [{ units = 8 }]\noptimizer = \"l-bfgs\"\npenalty = { l2 = 1.0 }\n",
    );
    for (name, weights) in [("uneven", ""), ("uneven, weighed", "[data]\nclass_weight = \"balanced\"\n")] {
        let mut rows = blobs(2000, 6, 2, 2.0, rng);
        keep(&mut rows, |j, y| y == "a" || j % 8 == 1);
        add(name, rows.csv(), &format!("epochs = 40\nhidden = [{{ units = 16 }}]\n{weights}"));
    }
    let colour = |j: usize| ["red", "green", "blue"][j % 3];
    let rows = friedman(1500, 1.0, rng).csv();
    let with_colours = rows.lines().enumerate().map(|(j, line)| match j {
        0 => format!("colour,{line}\n"),
        _ => format!("{},{line}\n", colour(j * 7 / 2)),
    });
    add("categories", with_colours.collect(), "epochs = 60\nhidden = [{ units = 32 }]\n");
    let few = (0..600).map(|j| {
        let (a, b) = (j / 2 % 5, j / 10 % 6);
        format!("{a},{b},{}\n", if a + b > 4 { "many" } else { "few" })
    });
    let few: String = few.collect();
    add(
        "few whole numbers",
        format!("a,b,y\n{few}"),
        "epochs = 100\nhidden = [{ units = 32 }, { units = 16 }]\nlearning_rate = 0.005\n",
    );
    cases
}

const SYMMETRIC: &[&str] = &["symmetric-units"];
const LARGE: &[&str] = &["large-weights"];
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
const DIVERGED: &[&str] = &["diverged"];
const EDGE: &[&str] = &["edge-of-stability"];
const PLATEAU: &[&str] = &["plateau"];
const EARLY: &[&str] = &["stopped-too-early"];
const RISING: &[&str] = &["rising-validation-loss"];
const NO_SKILL: &[&str] = &["no-skill"];
const IDLE_PENALTY: &[&str] = &["penalty-without-effect"];
const IDLE_DROPOUT: &[&str] = &["dropout-without-effect"];
const COLLAPSE: &[&str] = &["class-collapse"];
const CONSTANT: &[&str] = &["constant-input"];
const UNFITTING: &[&str] = &["unfitting-loss"];
const SMALL_BATCH: &[&str] = &["batch-too-small"];
const SMALL_VALIDATION: &[&str] = &["validation-too-small"];
const SATURATED: &[&str] = &["saturated-units"];

fn layers(count: usize, units: usize, activation: &str) -> String {
    let layer = format!("{{ units = {units}, activation = \"{activation}\" }}");
    format!("hidden = [{}]\n", vec![layer; count].join(", "))
}

/// At least sixty, each sick in one way or two.
#[expect(clippy::too_many_lines, reason = "a case after the other")]
pub(crate) fn sick(seed: u32) -> Vec<Case> {
    let (mut cases, mut coded) = (Vec::new(), Vec::new());
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
        add(rows, &[TOO_HIGH], &format!("{small}learning_rate = 2.0\n"));
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
    for apart in [0.6, 0.8, 1.0] {
        let mut set = blobs(3000, 6, 2, apart, rng);
        set.name = "imbalanced";
        keep(&mut set, |j, y| y == "a" || j % 20 == 1);
        add(&set, &[IMBALANCE], "epochs = 40\n");
    }
    for noise in [0.2, 0.3] {
        // A third class where the first one is, with fewer rows.
        let mut set = moons(1500, noise, rng);
        set.name = "hidden class";
        for j in (0..1500).step_by(6) {
            set.y[j] = "c".to_owned();
        }
        add(&set, &[COLLAPSE], "epochs = 40\nhidden = [{ units = 16 }]\n");
    }
    for (rows, optimizer) in
        [(&sets[5], "gradient-descent"), (&sets[6], "gradient-descent"), (&sets[5], "momentum")]
    {
        add(rows, &[DIVERGED], &format!("{small}optimizer = \"{optimizer}\"\nlearning_rate = 1e4\n"));
    }
    for (rows, rate) in [(&sets[2], 2.0), (&sets[5], 0.4), (&sets[6], 0.6)] {
        let text = format!(
            "epochs = 400\n{}init = \"xavier\"\noptimizer = \"gradient-descent\"\nlearning_rate = {rate}\nbatch_size = 5000\npenalty = {{ l2 = 0.0 }}\n",
            layers(2, 24, "tanh")
        );
        add(rows, &[EDGE], &text);
    }
    let overlapping = blobs(2000, 6, 2, 0.8, rng);
    for rows in [&overlapping, &sets[3], &sets[6]] {
        let text =
            "epochs = 200\nhidden = []\nlearning_rate = 0.01\nschedule = \"cosine\"\nbatch_size = 64\n";
        add(rows, &[PLATEAU], text);
        add(rows, &[IDLE_PENALTY], &format!("{small}penalty = {{ l2 = 1e-6 }}\n"));
        add(rows, &[IDLE_DROPOUT], "epochs = 30\nhidden = [{ units = 16, dropout = 0.01 }]\n");
    }
    for rows in [&sets[2], &sets[5], &sets[6]] {
        add(rows, &[EARLY], "epochs = 10\nhidden = [{ units = 24 }]\nbatch_size = 64\n");
    }
    for features in [80, 100] {
        // Labels that have nothing to do with the features.
        let mut set = blobs(400, features, 2, 0.0, rng);
        set.name = "chance";
        add(
            &set,
            &[NO_SKILL],
            "epochs = 40\nhidden = []\nbatch_size = 32\nlearning_rate = 0.01\npenalty = { l2 = 0.2 }\n",
        );
    }
    for rows in [400, 500] {
        let mut set = moons(rows, 0.4, rng);
        set.name = "noisy moons";
        add(
            &set,
            &[OVERFITTING, RISING],
            "epochs = 600\nhidden = [{ units = 64 }, { units = 64 }]\npenalty = { l2 = 0.0 }\nlearning_rate = 0.003\nbatch_size = 32\n",
        );
    }
    for rows in [&sets[0], &sets[5]] {
        let mut set = Rows { name: "constant column", x: rows.x.clone(), y: rows.y.clone() };
        set.x.iter_mut().for_each(|x| x.push(4.5));
        add(&set, &[CONSTANT], small);
    }
    for rows in [&sets[1], &sets[4]] {
        let number = |y: &String| f64::from(u8::from(y == "b")).to_string();
        let set = Rows { name: "yes or no", x: rows.x.clone(), y: rows.y.iter().map(number).collect() };
        add(&set, &[UNFITTING], &format!("{small}[data]\ntask = \"regression\"\n"));
    }
    for apart in [0.5, 0.7] {
        let set = blobs(3000, 4, 2, apart, rng);
        add(
            &set,
            &[SMALL_BATCH],
            "epochs = 12\nhidden = [{ units = 16 }]\nbatch_size = 1\nlearning_rate = 0.00005\npenalty = { l2 = 0.0 }\n",
        );
    }
    for rows in [60, 90] {
        let set = blobs(rows, 4, 2, 1.0, rng);
        add(&set, &[SMALL_VALIDATION], "epochs = 100\nhidden = [{ units = 4 }]\nlearning_rate = 0.01\n");
    }
    // A code that stands for the class, in words.
    for classes in [2, 4] {
        let mut set = blobs(1000, 5, classes, 0.8, rng);
        set.name = "code";
        let codes = set.y.clone();
        let table = set.csv();
        let lines = table.lines().enumerate().map(|(j, line)| match j {
            0 => format!("code,{line}\n"),
            _ => format!("{}{},{line}\n", codes[j - 1], rng.up_to(1)),
        });
        let name = format!("a code of {classes} classes, leaking-feature");
        coded.push(Case { name, planted: vec![LEAK], table: lines.collect(), recipe: recipe(small) });
    }
    for rows in [&sets[5], &sets[6]] {
        add(
            rows,
            &[TOO_HIGH],
            "epochs = 100\nhidden = [{ units = 32 }, { units = 16 }]\nlearning_rate = 0.2\n",
        );
    }
    for rows in [&sets[2], &sets[5]] {
        let text = "optimizer = { adam-w = { weight_decay = 100.0 } }\n";
        add(rows, &[PENALTY], &format!("{small}{text}"));
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
            &format!("{small}init = {{ normal = {{ scale = 4.0 }} }}\nlearning_rate = 4.0\n"),
        );
    }
    cases.extend(coded);
    cases
}
