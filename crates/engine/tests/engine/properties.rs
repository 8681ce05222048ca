//! Laws that hold for any network, batch and seed.

use nablab_engine::rng::NumpyRng;
use nablab_engine::{
    Activation, Clip, Gradient, Hidden, Init, Loss, MatRef, Network, Pass, Penalty, Recipe, Schedule,
    Settings, Tiles, Workspace,
};
use proptest::prelude::*;
use proptest::sample::select;

/// A network with parameters, and a batch that fits it.
#[derive(Debug)]
struct Case {
    network: Network,
    params: Vec<f64>,
    m: usize,
    x: Vec<f64>,
    y: Vec<f64>,
}

fn cases() -> impl Strategy<Value = Case> {
    let activations = select(vec![
        Activation::Relu,
        Activation::LeakyRelu { slope: 0.2 },
        Activation::Tanh,
        Activation::Sigmoid,
        Activation::Identity,
    ]);
    let losses = select(vec![Loss::SigmoidCrossEntropy, Loss::SoftmaxCrossEntropy, Loss::SquaredError]);
    let layers = prop::collection::vec((1..20_usize, activations), 0..4);
    (1..9_usize, layers, 1..5_usize, losses, 2..80_usize, any::<u32>()).prop_map(
        |(inputs, layers, outputs, loss, m, seed)| {
            let layer = |(units, activation)| Hidden { units, activation, dropout: 0.0, batch_norm: false };
            let hidden: Vec<_> = layers.into_iter().map(layer).collect();
            let network = Network::new(inputs, &hidden, outputs, loss);
            let mut rng = NumpyRng::new(seed);
            let mut params = vec![0.0; network.layout().len()];
            Init::Xavier.fill(network.layout(), &mut rng, &mut params);
            let x = (0..inputs * m).map(|_| rng.gaussian()).collect();
            let mut y: Vec<f64> = (0..outputs * m).map(|_| rng.uniform()).collect();
            if loss == Loss::SoftmaxCrossEntropy {
                // Shares of one label among several: they sum to 1, or the derivative is not p − y.
                let total = |j: usize| (0..outputs).map(|k| y[k * m + j]).sum::<f64>();
                let totals: Vec<f64> = (0..m).map(total).collect();
                y.iter_mut().enumerate().for_each(|(i, y)| *y /= totals[i % m]);
            }
            Case { network, params, m, x, y }
        },
    )
}

impl Case {
    /// Cost and gradient of the mean loss over some of the examples, in this order.
    fn gradient(&self, examples: &[usize]) -> (f64, Vec<f64>) {
        let columns = |from: &[f64]| -> Vec<f64> {
            from.chunks_exact(self.m).flat_map(|row| examples.iter().map(|&j| row[j])).collect()
        };
        let (x, y) = (columns(&self.x), columns(&self.y));
        let x = Tiles::from_matrix(MatRef::new(&x, self.network.inputs(), examples.len()));
        let y = Tiles::from_matrix(MatRef::new(&y, self.network.outputs(), examples.len()));
        let (x, y) = (x.view(), y.view());
        let mut work = Workspace::new(&self.network, examples.len());
        let mut gradient = Gradient::new(&self.network);
        self.network.forward(&self.params, x, Pass::Train, &mut work);
        let cost = self.network.cost(y, &work);
        let mut grads = vec![0.0; self.params.len()];
        self.network.backward(&self.params, y, &mut work);
        gradient.add(x, &work);
        gradient.take(1.0 / examples.len() as f64, &mut grads);
        (cost, grads)
    }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-11 * (1.0 + a.abs())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The mean over two parts of a batch, by their sizes, is the mean over the batch.
    #[test]
    fn a_batch_can_be_cut(case in cases(), cut in 0.0..1.0) {
        let all: Vec<usize> = (0..case.m).collect();
        let (left, right) = all.split_at(1 + (cut * (case.m - 1) as f64) as usize);
        prop_assume!(!right.is_empty());
        let ((cost, whole), (cost1, part1), (cost2, part2)) =
            (case.gradient(&all), case.gradient(left), case.gradient(right));
        let share = left.len() as f64 / case.m as f64;
        prop_assert!(near(cost, share * cost1 + (1.0 - share) * cost2));
        for ((g, g1), g2) in whole.iter().zip(part1).zip(part2) {
            prop_assert!(near(*g, share * g1 + (1.0 - share) * g2));
        }
    }

    /// The order of the examples decides round-off, and nothing else.
    #[test]
    fn order_does_not_matter(case in cases(), seed in any::<u32>()) {
        let all: Vec<usize> = (0..case.m).collect();
        let mut mixed = all.clone();
        NumpyRng::new(seed).shuffle(&mut mixed);
        let ((cost, grads), (mixed_cost, mixed_grads)) = (case.gradient(&all), case.gradient(&mixed));
        prop_assert!(near(cost, mixed_cost));
        prop_assert!(grads.iter().zip(mixed_grads).all(|(a, b)| near(*a, b)));
    }

    /// A small step against the gradient goes down.
    #[test]
    fn the_gradient_points_uphill(mut case in cases()) {
        let all: Vec<usize> = (0..case.m).collect();
        let (cost, grads) = case.gradient(&all);
        let squared: f64 = grads.iter().map(|g| g * g).sum();
        prop_assume!(squared > 1e-12);
        case.params.iter_mut().zip(&grads).for_each(|(w, g)| *w -= 1e-6 * g);
        prop_assert!(case.gradient(&all).0 < cost);
    }

    /// The penalty doubles with its strength, and a strength of 0 is no penalty.
    #[test]
    fn a_penalty_is_linear_in_its_strength(case in cases(), l2 in 0.0..3.0, l1 in 0.0..3.0) {
        let layout = case.network.layout();
        let of = |factor: f64| {
            let penalty = Penalty { l2: factor * l2, l1: factor * l1 };
            let mut grads = vec![0.0; layout.len()];
            penalty.add_gradient(layout, &case.params, case.m as f64, &mut grads);
            (penalty.value(layout, &case.params, case.m as f64), grads)
        };
        let ((none, none_grads), (one, one_grads), (two, two_grads)) = (of(0.0), of(1.0), of(2.0));
        prop_assert!(none == 0.0 && none_grads.iter().all(|g| *g == 0.0));
        prop_assert!(near(two, 2.0 * one));
        prop_assert!(one_grads.iter().zip(two_grads).all(|(a, b)| near(2.0 * a, b)));
    }

    /// Clipped to a length, the gradient keeps its direction; never longer, and untouched if short enough.
    #[test]
    fn clipping_by_norm_keeps_the_direction(g in prop::collection::vec(-1e3..1e3, 1..40), max in 1e-3..1e4) {
        let norm = |g: &[f64]| g.iter().map(|g| g * g).sum::<f64>().sqrt();
        let mut clipped = g.clone();
        Clip::Norm { max }.apply(&mut clipped);
        if norm(&g) <= max * (1.0 - 1e-12) {
            prop_assert_eq!(&clipped, &g);
        }
        prop_assert!(norm(&clipped) <= max * (1.0 + 1e-12));
        let scale = norm(&clipped) / norm(&g).max(f64::MIN_POSITIVE);
        prop_assert!(g.iter().zip(&clipped).all(|(g, c)| near(g * scale, *c)));
    }

    /// Also where squares of its components overflow, or vanish.
    #[test]
    fn clipping_by_norm_knows_no_size(g in prop::collection::vec(-1e3_f32..1e3, 1..40), power in -30..36_i32) {
        prop_assume!(g.iter().any(|g| g.abs() > 1.0));
        let size = 10_f32.powi(power);
        let mut clipped: Vec<f32> = g.iter().map(|g| g * size).collect();
        Clip::Norm { max: f64::from(size) }.apply(&mut clipped);
        let norm = g.iter().map(|&g| f64::from(g).powi(2)).sum::<f64>().sqrt();
        for (g, c) in g.iter().zip(&clipped) {
            let (c, expected) = (f64::from(*c) / f64::from(size), f64::from(*g) / norm);
            prop_assert!((c - expected).abs() < 1e-5, "{} is not {}", c, expected);
        }
    }

    /// No schedule raises the rate above the recipe's, or below 0.
    #[test]
    fn factors_lie_between_0_and_1(
        t in 0.0..200.0, every in 0.1..50.0, factor in 0.01..1.0, warmup in 0.0..50.0, floor in 0.0..1.0
    ) {
        for schedule in [
            Schedule::Constant,
            Schedule::Step { every, factor },
            Schedule::Exponential { factor },
            Schedule::InverseTime { decay: factor },
            Schedule::Cosine { warmup, floor },
        ] {
            let got = schedule.factor(t, 0.1, 200.0);
            prop_assert!((0.0..=1.0 + 1e-12).contains(&got), "{schedule:?} {got}");
        }
    }

    /// ⌊t / every⌋ of t in whole steps and every in whole tenths, by whole numbers.
    #[test]
    fn a_step_schedule_changes_where_the_quotient_is_whole(step in 0..100_000_u64, batches in 1..400_u64, tenths in 1..50_u64) {
        let every = tenths as f64 / 10.0;
        let time = (step / batches) as f64 + (step % batches) as f64 / batches as f64;
        let got = Schedule::Step { every, factor: 0.999 }.factor(time, 1.0 / batches as f64, 1e6);
        let drops = 10 * step / (tenths * batches);
        prop_assert_eq!(got, 0.999_f64.powf(drops as f64));
    }

    /// Warm-up climbs evenly from above 0 to 1, whatever the number of batches.
    #[test]
    fn warm_up_starts_above_0(batches in 1..200_u32, warmup in 1..20_u32) {
        let schedule = Schedule::Cosine { warmup: f64::from(warmup), floor: 0.0 };
        let steps = batches * warmup;
        for step in 0..steps {
            let time = f64::from(step / batches) + f64::from(step % batches) / f64::from(batches);
            let got = schedule.factor(time, 1.0 / f64::from(batches), 100.0);
            prop_assert!((got - f64::from(step + 1) / f64::from(steps)).abs() < 1e-12, "step {}: {}", step, got);
        }
    }

    /// A recipe written and read again is the same recipe.
    #[test]
    fn a_recipe_survives_being_written(rate in 1e-9..1e3, units in 1..99_usize, dropout in 0.0..0.99, seed in any::<u64>()) {
        let hidden = vec![Hidden { units, activation: Activation::LeakyRelu { slope: 0.3 }, dropout, batch_norm: false }];
        let schedule = Schedule::Cosine { warmup: 3.0, floor: dropout };
        let settings = Settings {
            hidden, schedule, learning_rate: rate, seed: nablab_engine::Seed::Streams(seed), ..Settings::default()
        };
        let recipe = settings.check().unwrap();
        let read: Recipe = serde_json::from_str(&serde_json::to_string(&recipe).unwrap()).unwrap();
        prop_assert_eq!(read, recipe);
    }
}
