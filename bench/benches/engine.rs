//! `cargo bench -p nablab-bench`: a training step, a prediction and the products, each alone. For work on the engine; what
//! is compared with other libraries is measured by `bench/run.py`.
#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use nablab_bench::{Data, predictor, w1, w3, w4};
use nablab_engine::{Float, Isa, MatRef, Settings, Tiles};
use nablab_kernel::{Kernels, Then};

const WIDE: [usize; 4] = [784, 512, 256, 10];

/// `epochs` of a training, whose elements are its steps.
fn train<F: Float>(c: &mut Criterion, name: &str, data: &Data<F>, settings: Settings, epochs: u64) {
    let recipe = Settings { epochs, ..settings }.check().expect("a recipe");
    let m = data.views().0.cols();
    let steps = epochs * m.div_ceil(recipe.batch_size.unwrap_or(m)) as u64;
    let mut trainer = data.trainer(&recipe);
    let mut group = c.benchmark_group("step");
    group.throughput(Throughput::Elements(steps));
    group.bench_function(name, |b| b.iter(|| trainer.run(&mut ())));
}

fn steps(c: &mut Criterion) {
    train(c, "W1-f64", &Data::<f64>::circles(), w1(), 100);
    train(c, "W1-f32", &Data::<f32>::circles(), w1(), 100);
    train(c, "W3-f64", &Data::<f64>::moons(), w3(), 20);
    train(c, "W3-f32", &Data::<f32>::moons(), w3(), 20);
    train(c, "W4/128-f32", &Data::<f32>::random(784, 10, 128), w4(128), 8);
    train(c, "W4/128-f64", &Data::<f64>::random(784, 10, 128), w4(128), 8);
}

fn predictions(c: &mut Criterion) {
    let mut group = c.benchmark_group("predict");
    for (sizes, m) in [(&[2, 10, 5, 1][..], 1), (&[2, 10, 5, 1], 300), (&WIDE, 1), (&WIDE, 128)] {
        let (network, params, data) = predictor::<f32>(sizes, m);
        group.throughput(Throughput::Elements(m as u64));
        let sizes: Vec<_> = sizes.iter().map(ToString::to_string).collect();
        group.bench_function(format!("{}/{m}-f32", sizes.join("-")), |b| {
            b.iter(|| network.predict(black_box(&params), data.views().0));
        });
    }
}

/// The elements are floating-point operations.
fn products(c: &mut Criterion) {
    let mut group = c.benchmark_group("product");
    for (n_out, n_in, m) in [(10, 2, 300), (20, 20, 211), (256, 512, 128), (512, 784, 128)] {
        let numbers = |rows, cols| Data::<f32>::random(rows, 1, cols).views().0.data().to_vec();
        let (w, x, dz) = (numbers(n_out, n_in), numbers(n_in, m), numbers(n_out, m));
        let w = MatRef::new(&w, n_out, n_in);
        let x = Tiles::from_matrix(MatRef::new(&x, n_in, m));
        let dz = Tiles::from_matrix(MatRef::new(&dz, n_out, m));
        let (b, isa) = (vec![0.0; n_out], Isa::best());
        let (mut z, mut dx) = (dz.view().lines().to_vec(), x.view().lines().to_vec());
        group.throughput(Throughput::Elements(2 * (n_out * n_in * m) as u64));
        group.bench_function(format!("W·X+b/{n_out}×{n_in}×{m}-f32"), |bench| {
            bench.iter(|| f32::set_w_x_plus_b(isa, w, black_box(x.view()), &b, Then::Nothing, &mut z));
        });
        group.bench_function(format!("Wᵀ·dZ/{n_out}×{n_in}×{m}-f32"), |bench| {
            bench.iter(|| f32::set_wt_dz(isa, w, black_box(dz.view()), None, &mut dx));
        });
    }
}

criterion_group! {
    name = engine;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .sample_size(20);
    targets = steps, predictions, products
}
criterion_main!(engine);
