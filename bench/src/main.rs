//! nablab's side of the benchmarks: `nablab-bench W1-f64 5` trains workload W1 five times and prints the seconds of
//! each run. What a workload is: `bench/README.md`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints")]

use std::hint::black_box;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Instant;

use nablab_data::Generator;
use nablab_data::generate::pitch_parts;
use nablab_engine::population::{Member, train_many};
use nablab_engine::rng::NumpyRng;
use nablab_engine::{
    Float, Hidden, Init, Isa, Loss, MatRef, Network, Optimizer, Penalty, Seed, Settings, Trainer,
};

/// X, Y and their shapes, in the engine's layout.
struct Data<F> {
    x: Vec<F>,
    y: Vec<F>,
    features: usize,
    m: usize,
}

impl<F: Float> Data<F> {
    fn of(set: &nablab_data::Dataset) -> Self {
        let convert = |v: &[f64]| v.iter().map(|&v| F::from_f64(v)).collect();
        Self { x: convert(set.x()), y: convert(&set.targets()), features: set.features(), m: set.examples() }
    }

    fn views(&self) -> (MatRef<'_, F>, MatRef<'_, F>) {
        (MatRef::new(&self.x, self.features, self.m), MatRef::new(&self.y, self.y.len() / self.m, self.m))
    }

    fn train(&self, settings: &Settings) -> (Network, Vec<F>) {
        let recipe = settings.clone().check().expect("a recipe");
        let (x, y) = self.views();
        let isa = std::env::var("NABLAB_ISA").ok().and_then(|name| Isa::named(&name)).unwrap_or(Isa::best());
        let mut trainer = Trainer::new(&recipe, x, y).expect("fitting data").with_isa(isa);
        let trained = trainer.run(&mut ());
        black_box((trainer.network().clone(), trained.params))
    }

    /// Share of examples whose largest prediction is that of their class.
    fn train_and_judge(&self, settings: &Settings) -> f64 {
        let (network, params) = self.train(settings);
        let (x, y) = self.views();
        let p = network.predict(&params, x);
        let p = MatRef::new(&p, y.rows(), y.cols());
        let class = |of: MatRef<'_, F>, j| {
            (1..of.rows()).fold(0, |best, k| if of.at(k, j) > of.at(best, j) { k } else { best })
        };
        (0..self.m).filter(|&j| class(p, j) == class(y, j)).count() as f64 / self.m as f64
    }
}

fn circles() -> nablab_data::Dataset {
    Generator::Circles { samples: 300, noise: 0.05, factor: 0.8, seed: 1 }.generate().expect("circles")
}

fn relu(units: &[usize], dropout: f64) -> Vec<Hidden> {
    units.iter().map(|&units| Hidden { dropout, ..Hidden::relu(units) }).collect()
}

fn w1() -> Settings {
    Settings {
        hidden: relu(&[10, 5], 0.0),
        loss: Loss::SigmoidCrossEntropy,
        init: Init::He,
        optimizer: Optimizer::GradientDescent,
        learning_rate: 0.01,
        epochs: 15_000,
        ..Settings::default()
    }
}

fn w2(l2: f64, dropout: f64) -> Settings {
    Settings {
        hidden: relu(&[20, 3], dropout),
        init: Init::Lecun,
        penalty: Penalty { l2, l1: 0.0 },
        learning_rate: 0.3,
        epochs: 30_000,
        ..w1()
    }
}

fn w3() -> Settings {
    Settings {
        hidden: relu(&[5, 2], 0.0),
        optimizer: Optimizer::ADAM,
        learning_rate: 0.0007,
        batch_size: Some(64),
        epochs: 10_000,
        ..w1()
    }
}

fn small<F: Float>(name: &str) -> Option<Box<dyn Fn()>> {
    let pitch = || Data::<F>::of(&pitch_parts(5).expect("pitch").train);
    let (data, settings) = match name {
        "W1" => (Data::of(&circles()), w1()),
        "W2a" => (pitch(), w2(0.0, 0.0)),
        "W2b" => (pitch(), w2(0.7, 0.0)),
        "W2c" => (pitch(), w2(0.0, 0.14)),
        "W3" => {
            let moons = Generator::Moons { samples: 300, noise: 0.2, seed: 3 }.generate().expect("moons");
            (Data::of(&moons), w3())
        }
        _ => return None,
    };
    Some(Box::new(move || drop(data.train(&settings))))
}

/// 784-512-256-10 with Adam: `steps` batches, in ten epochs.
fn w4<F: Float>(batch: usize, steps: usize) -> Box<dyn Fn()> {
    let m = batch * steps / 10;
    let mut rng = NumpyRng::new(0);
    let x = (0..784 * m).map(|_| F::from_f64(rng.uniform())).collect();
    let mut y = vec![F::ZERO; 10 * m];
    (0..m).for_each(|j| y[rng.up_to(9) as usize * m + j] = F::ONE);
    let data = Data { x, y, features: 784, m };
    let settings = Settings {
        hidden: relu(&[512, 256], 0.0),
        loss: Loss::SoftmaxCrossEntropy,
        optimizer: Optimizer::ADAM,
        learning_rate: 0.001,
        batch_size: Some(batch),
        epochs: 10,
        ..w1()
    };
    Box::new(move || drop(data.train(&settings)))
}

/// scikit-learn's defaults on its digits, from the file that `run.py` writes.
fn w5<F: Float>() -> Option<Box<dyn Fn()>> {
    let file = std::env::var_os("DIGITS")?;
    let digits = nablab_data::load(file.as_ref()).expect("digits.csv").train;
    let data = Data::<F>::of(&digits);
    let settings = Settings {
        hidden: relu(&[100], 0.0),
        loss: Loss::SoftmaxCrossEntropy,
        optimizer: Optimizer::ADAM,
        learning_rate: 0.001,
        batch_size: Some(200),
        // scikit-learn's alpha, in our convention: of a batch, not of the set.
        penalty: Penalty { l2: 0.0001, l1: 0.0 },
        epochs: 100,
        ..w1()
    };
    Some(Box::new(move || {
        let accuracy = data.train_and_judge(&settings);
        assert!(accuracy > 0.99, "learned the digits: {accuracy}");
    }))
}

/// 256 networks of W1 side by side.
fn w6<F: Float>() -> Box<dyn Fn()> {
    let data = Data::<F>::of(&circles());
    let recipe = |seed| Settings { seed: Seed::Streams(seed), ..w1() }.check().expect("a recipe");
    let recipes: Vec<_> = (0..256).map(recipe).collect();
    let threads = std::env::var("THREADS").ok().and_then(|n| n.parse().ok()).unwrap_or(NonZeroUsize::MIN);
    Box::new(move || {
        let (x, y) = data.views();
        let members: Vec<_> = recipes.iter().map(|recipe| Member { recipe, x, y }).collect();
        black_box(train_many(&members, threads, |_| ()).expect("fitting data"));
    })
}

fn workload<F: Float>(name: &str) -> Option<Box<dyn Fn()>> {
    let mut parts = name.split('/');
    let (name, sizes) = (parts.next()?, parts.map(|n| n.parse().ok()).collect::<Option<Vec<usize>>>()?);
    match (name, sizes.as_slice()) {
        ("W4", &[batch, steps]) => Some(w4::<F>(batch, steps)),
        ("W5", []) => w5::<F>(),
        ("W6", []) => Some(w6::<F>()),
        (name, []) => small::<F>(name),
        _ => None,
    }
}

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (name, runs) =
        (args.next().unwrap_or_default(), args.next().and_then(|n| n.parse().ok()).unwrap_or(5));
    let (name, precision) = name.split_once('-').unwrap_or((&name, "f64"));
    let run = if precision == "f32" { workload::<f32>(name) } else { workload::<f64>(name) };
    let Some(run) = run else {
        eprintln!("usage: nablab-bench <W1|W2a|W2b|W2c|W3|W4/BATCH/STEPS|W5|W6>-<f64|f32> [RUNS]");
        return ExitCode::from(2);
    };
    for _ in 0..runs {
        let start = Instant::now();
        run();
        println!("{:.6}", start.elapsed().as_secs_f64());
    }
    ExitCode::SUCCESS
}
