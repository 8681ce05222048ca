//! Y as classes is Y as a matrix, to the bit, wherever it goes.

use std::num::NonZeroUsize;

use nablab_engine::gradcheck::NetworkCheck;
use nablab_engine::rng::NumpyRng;
use nablab_engine::signals::Probe;
use nablab_engine::{
    EngineError, Evaluation, Hidden, Init, Loss, MatRef, Network, Optimizer, Penalty, Settings, Trainer, Y,
    YRef,
};

const M: usize = 700;
const CLASSES: usize = 37;

/// X (3, M), and the class of each example; smoothed, so that no value of Y is 0 or 1.
fn rows() -> (Vec<f32>, Y<f32>) {
    let x = (0..3 * M).map(|i| (i * 7919 % 1000) as f32 / 500.0 - 1.0).collect();
    let classes = (0..M).map(|j| (j * j % CLASSES) as u32).collect();
    (x, Y::classes(classes, CLASSES).map(|y: f32| 0.9 * y + 0.1 / CLASSES as f32))
}

/// Parameters after some epochs, loss and predictions of an evaluation, and what a survey says.
fn trained(settings: &Settings, y: YRef<'_, f32>, threads: usize) -> (Vec<f32>, f64, Vec<f32>, Vec<f64>) {
    let (x, _) = rows();
    let x = MatRef::new(&x, 3, M);
    let weights: Vec<f64> = (0..M).map(|j| (j % 3) as f64).collect();
    let recipe = settings.clone().check().unwrap();
    let trainer = Trainer::weighted(&recipe, x, y, &weights).unwrap();
    let mut trainer = trainer.with_threads(NonZeroUsize::new(threads).unwrap());
    let params = trainer.run(&mut ()).params;
    let mut evaluation = trainer.evaluation(x, y, &weights).unwrap();
    let loss = evaluation.loss(trainer.network(), &params);
    evaluation.release();
    assert_eq!(evaluation.loss(trainer.network(), &params), loss, "in fresh room");
    let survey = trainer.survey(&params, x, y);
    assert_eq!(survey.losses, trainer.network().losses(&params, x, y));
    (params, loss, evaluation.predictions().to_vec(), survey.losses)
}

#[test]
fn trainings_are_the_same() {
    let (_, y) = rows();
    let matrix = y.view(M).to_vec();
    let small = Settings { loss: Loss::SoftmaxCrossEntropy, epochs: 3, ..Settings::default() };
    let large = Settings { hidden: vec![Hidden::relu(40)], ..small.clone() };
    let whole = Settings { batch_size: None, ..large.clone() };
    let batches = Settings { batch_size: Some(96), ..large };
    let search = Settings { optimizer: Optimizer::LBfgs { memory: 4 }, ..whole.clone() };
    for settings in [&small, &whole, &batches, &search] {
        for threads in [1, 3] {
            let of_classes = trained(settings, y.view(M), threads);
            let of_matrix = trained(settings, MatRef::new(&matrix, CLASSES, M).into(), threads);
            assert!(of_classes == of_matrix, "{settings:?} on {threads} threads");
        }
    }
}

#[test]
fn what_looks_inside_sees_the_same() {
    let (x, y) = rows();
    let (x, matrix) = (MatRef::new(&x, 3, M), y.view(M).to_vec());
    let ys = [y.view(M), MatRef::new(&matrix, CLASSES, M).into()];
    let network = Network::new(3, &[Hidden::relu(5)], CLASSES, Loss::SoftmaxCrossEntropy);
    let mut params = vec![0.0; network.layout().len()];
    Init::He.fill(network.layout(), &mut NumpyRng::new(3), &mut params);
    let signals = ys.map(|y| {
        let mut probe = Probe::new(&network, x, y, &[], &params).unwrap();
        probe.measure(&params, &Penalty::default(), M as f64)
    });
    // As text: what is not known is not a number, and no such number is equal to another.
    let [of_classes, of_matrix] = signals.map(|signals| format!("{signals:?}"));
    assert_eq!(of_classes, of_matrix);

    let wide = |numbers: &[f32]| numbers.iter().copied().map(f64::from).collect::<Vec<f64>>();
    let (x, params) = (wide(x.data()), wide(&params));
    let classes = Y::classes((0..M).map(|j| (j % CLASSES) as u32).collect(), CLASSES);
    let matrix = classes.view(M).to_vec();
    let ys: [YRef<'_, f64>; 2] = [classes.view(M), MatRef::new(&matrix, CLASSES, M).into()];
    let gradients = ys.map(|y| {
        let (x, mut masks) = (MatRef::new(&x, 3, M), NumpyRng::new(1));
        NetworkCheck::new(&network, &params, x, y, Penalty::default(), &mut masks).gradient()
    });
    assert_eq!(gradients[0], gradients[1]);
}

#[test]
fn what_does_not_fit_is_refused() {
    let network = Network::new(1, &[], 4, Loss::SoftmaxCrossEntropy);
    let x = [0.0, 1.0];
    let refused = |y: &Y<f64>| Evaluation::new(&network, MatRef::new(&x, 1, 2), y.view(2), &[]).unwrap_err();
    assert!(matches!(refused(&Y::classes(vec![0, 1], 3)), EngineError::Shape { .. }));
    let none = Y::classes(vec![0, 1], 4).map(|_| f64::NAN);
    assert!(matches!(refused(&none), EngineError::NotFinite { what: "Y", .. }));
}
