//! nablab's side of the benchmarks: `nablab-bench W1-f64 5` trains workload W1 five times and prints the seconds of
//! each run. What a workload is: `bench/README.md`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints")]

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use nablab_data::Generator;
use nablab_data::generate::pitch_parts;
use nablab_engine::{Float, Hidden, Init, Isa, Loss, MatRef, Optimizer, Penalty, Settings, Trainer};

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

    fn train(&self, settings: &Settings) {
        let recipe = settings.clone().check().expect("a recipe");
        let x = MatRef::new(&self.x, self.features, self.m);
        let y = MatRef::new(&self.y, self.y.len() / self.m, self.m);
        let isa = std::env::var("NABLAB_ISA").ok().and_then(|name| Isa::named(&name)).unwrap_or(Isa::best());
        let mut trainer = Trainer::new(&recipe, x, y).expect("fitting data").with_isa(isa);
        black_box(trainer.run(&mut ()));
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
    Some(Box::new(move || data.train(&settings)))
}

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (name, runs) =
        (args.next().unwrap_or_default(), args.next().and_then(|n| n.parse().ok()).unwrap_or(5));
    let (workload, precision) = name.split_once('-').unwrap_or((&name, "f64"));
    let run = if precision == "f32" { small::<f32>(workload) } else { small::<f64>(workload) };
    let Some(run) = run else {
        eprintln!("usage: nablab-bench <W1|W2a|W2b|W2c|W3>-<f64|f32> [RUNS]");
        return ExitCode::from(2);
    };
    for _ in 0..runs {
        let start = Instant::now();
        run();
        println!("{:.6}", start.elapsed().as_secs_f64());
    }
    ExitCode::SUCCESS
}
