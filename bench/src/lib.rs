//! nablab's side of the workloads, by the names that `bench/README.md` explains.

use std::hint::black_box;
use std::num::NonZeroUsize;

use nablab_data::Generator;
use nablab_data::generate::pitch_parts;
use nablab_engine::population::{Member, train_many};
use nablab_engine::rng::NumpyRng;
use nablab_engine::{
    Float, Hidden, Init, Isa, Loss, MatRef, Network, Optimizer, Penalty, Recipe, Seed, Settings, Trainer,
};

/// What is timed. Making the data is not.
pub type Run = Box<dyn FnMut()>;

/// X, Y and their shapes, in the engine's layout.
#[derive(Clone, Debug)]
pub struct Data<F> {
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

    /// W1's data.
    pub fn circles() -> Self {
        let circles = Generator::Circles { samples: 300, noise: 0.05, factor: 0.8, seed: 1 };
        Self::of(&circles.generate().expect("circles"))
    }

    fn pitch() -> Self {
        Self::of(&pitch_parts(5).expect("pitch").train)
    }

    /// W3's data.
    pub fn moons() -> Self {
        Self::of(&Generator::Moons { samples: 300, noise: 0.2, seed: 3 }.generate().expect("moons"))
    }

    /// Uniform features and classes, with nothing to learn.
    pub fn random(features: usize, classes: usize, m: usize) -> Self {
        let mut rng = NumpyRng::new(0);
        let x = (0..features * m).map(|_| F::from_f64(rng.uniform())).collect();
        let mut y = vec![F::ZERO; classes * m];
        (0..m).for_each(|j| y[rng.up_to(classes as u32 - 1) as usize * m + j] = F::ONE);
        Self { x, y, features, m }
    }

    /// X and Y.
    pub fn views(&self) -> (MatRef<'_, F>, MatRef<'_, F>) {
        (MatRef::new(&self.x, self.features, self.m), MatRef::new(&self.y, self.y.len() / self.m, self.m))
    }

    /// A training as `NABLAB_ISA` says, so that every instruction set can be measured.
    pub fn trainer<'a>(&'a self, recipe: &'a Recipe) -> Trainer<F> {
        let (x, y) = self.views();
        let isa = std::env::var("NABLAB_ISA").ok().and_then(|name| Isa::named(&name)).unwrap_or(Isa::best());
        Trainer::new(recipe, x, y).expect("fitting data").with_isa(isa).with_threads(threads())
    }

    fn train(&self, settings: &Settings) -> (Network, Vec<F>) {
        let recipe = settings.clone().check().expect("a recipe");
        let mut trainer = self.trainer(&recipe);
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

/// Threads of the workloads that can use several: `THREADS`, or one.
fn threads() -> NonZeroUsize {
    std::env::var("THREADS").ok().and_then(|n| n.parse().ok()).unwrap_or(NonZeroUsize::MIN)
}

fn relu(units: &[usize], dropout: f64) -> Vec<Hidden> {
    units.iter().map(|&units| Hidden { dropout, ..Hidden::relu(units) }).collect()
}

/// W1's recipe.
pub fn w1() -> Settings {
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

/// W3's recipe.
pub fn w3() -> Settings {
    Settings {
        hidden: relu(&[5, 2], 0.0),
        optimizer: Optimizer::ADAM,
        learning_rate: 0.0007,
        batch_size: Some(64),
        epochs: 10_000,
        ..w1()
    }
}

/// Epochs of W4.
const W4_EPOCHS: usize = 10;

/// The recipe of W4: 784-512-256-10 with Adam.
pub fn w4(batch: usize) -> Settings {
    Settings {
        hidden: relu(&[512, 256], 0.0),
        loss: Loss::SoftmaxCrossEntropy,
        optimizer: Optimizer::ADAM,
        learning_rate: 0.001,
        batch_size: Some(batch),
        epochs: W4_EPOCHS as u64,
        ..w1()
    }
}

fn training<F: Float>(data: Data<F>, settings: Settings) -> Run {
    Box::new(move || drop(data.train(&settings)))
}

/// W1, W2 or W3, of another length where one is given.
fn small<F: Float>(name: &str, epochs: Option<usize>) -> Option<Run> {
    let (data, settings) = match name {
        "W1" => (Data::<F>::circles(), w1()),
        "W2a" => (Data::pitch(), w2(0.0, 0.0)),
        "W2b" => (Data::pitch(), w2(0.7, 0.0)),
        "W2c" => (Data::pitch(), w2(0.0, 0.14)),
        "W3" => (Data::moons(), w3()),
        _ => return None,
    };
    let epochs = epochs.map_or(settings.epochs, |epochs| epochs as u64);
    Some(training(data, Settings { epochs, ..settings }))
}

/// scikit-learn's defaults on its digits, from the file that `run.py` writes.
fn w5<F: Float>() -> Option<Run> {
    let file = std::env::var_os("DIGITS")?;
    let digits = nablab_data::load(file.as_ref()).expect("digits.csv").train;
    let data = Data::<F>::of(&digits);
    let settings = Settings {
        hidden: relu(&[100], 0.0),
        // scikit-learn's alpha, in our convention: of a batch, not of the set.
        penalty: Penalty { l2: 0.0001, l1: 0.0 },
        epochs: 100,
        ..w4(200)
    };
    Some(Box::new(move || {
        let accuracy = data.train_and_judge(&settings);
        assert!(accuracy > 0.99, "learned the digits: {accuracy}");
    }))
}

/// Networks of W1 side by side.
fn w6<F: Float>(steps: usize, networks: usize) -> Run {
    let data = Data::<F>::circles();
    let settings = |seed| Settings { seed: Seed::Streams(seed), epochs: steps as u64, ..w1() };
    let recipes: Vec<_> = (0..networks).map(|i| settings(i as u64).check().expect("a recipe")).collect();
    Box::new(move || {
        let (x, y) = data.views();
        let members: Vec<_> = recipes.iter().map(|recipe| Member { recipe, x, y: y.into() }).collect();
        black_box(train_many(&members, threads(), |_| ()).expect("fitting data"));
    })
}

/// A network of any sizes, by gradient descent on one batch: the products and little else.
fn net<F: Float>(sizes: &[usize], batch: usize, steps: usize) -> Option<Run> {
    let &[features, ref hidden @ .., classes] = sizes else { return None };
    let settings =
        Settings { hidden: relu(hidden, 0.0), loss: Loss::SoftmaxCrossEntropy, epochs: steps as u64, ..w1() };
    // A trainer borrows both, and this one lives as long as the process.
    let data = Box::leak(Box::new(Data::<F>::random(features, classes, batch)));
    let recipe = Box::leak(Box::new(settings.check().ok()?));
    let mut trainer = data.trainer(recipe);
    Some(Box::new(move || drop(black_box(trainer.run(&mut ())))))
}

/// A network that predicts, its parameters and features for it.
pub fn predictor<F: Float>(sizes: &[usize], m: usize) -> (Network, Vec<F>, Data<F>) {
    let &[features, ref hidden @ .., outputs] = sizes else { panic!("at least two sizes") };
    let data = Data::random(features, outputs, m);
    let recipe = Settings { hidden: relu(hidden, 0.0), ..w1() }.check().expect("a recipe");
    let trainer = data.trainer(&recipe);
    let (network, params) = (trainer.network().clone(), trainer.params().to_vec());
    (network, params, data)
}

/// So many predictions of a batch.
fn predict<F: Float>(sizes: &[usize], batch: usize, times: usize) -> Run {
    let (network, params, data) = predictor::<F>(sizes, batch);
    Box::new(move || {
        for _ in 0..times {
            black_box(network.predict(black_box(&params), data.views().0));
        }
    })
}

/// The workload of a name, as `W4/128/300` or `NET/64-32-10/256/50`.
pub fn workload<F: Float>(name: &str) -> Option<Run> {
    let mut parts = name.split('/');
    let name = parts.next()?;
    let numbers = parts.map(|part| part.split('-').map(|n| n.parse().ok().filter(|&n| n > 0)).collect());
    let numbers = numbers.collect::<Option<Vec<Vec<usize>>>>()?;
    let numbers: Vec<_> = numbers.iter().map(Vec::as_slice).collect();
    match (name, numbers.as_slice()) {
        ("W4", &[&[batch], &[steps]]) => {
            let m = batch * steps.checked_div(W4_EPOCHS).filter(|&batches| batches > 0)?;
            Some(training(Data::<F>::random(784, 10, m), w4(batch)))
        }
        ("W5", &[]) => w5::<F>(),
        ("W6", &[&[steps]]) => Some(w6::<F>(steps, 256)),
        ("W6", &[&[steps], &[networks]]) => Some(w6::<F>(steps, networks)),
        ("NET", &[sizes, &[batch], &[steps]]) => net::<F>(sizes, batch, steps),
        ("PREDICT1", &[]) => Some(predict::<F>(&[2, 10, 5, 1], 1, 10_000)),
        ("PREDICT", &[&[batch]]) => Some(predict::<F>(&[784, 512, 256, 10], batch, 1)),
        (name, &[]) => small::<F>(name, None),
        (name, &[&[epochs]]) => small::<F>(name, Some(epochs)),
        _ => None,
    }
}
