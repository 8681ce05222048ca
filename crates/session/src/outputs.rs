//! What a network says of examples, and how right that is.

use nablab_data::prepare::Target;
use nablab_engine::{Float, MatRef, Network, Pass, Tiles, Workspace, YRef};

/// The nearest number that a page draws.
pub(crate) fn single<F: Float>(number: F) -> f32 {
    number.to_f64() as f32
}

/// What the network says of X (features, m), output by output, each in its own units.
pub(crate) fn said<F: Float>(
    network: &Network,
    params: &[F],
    target: &Target,
    x: &[F],
    m: usize,
) -> Vec<Vec<f32>> {
    let said = network.predict(params, MatRef::new(x, network.inputs(), m));
    let own = |output: usize, said: F| match target {
        Target::Numbers { center, scale, .. } => (center[output] + scale[output] * said.to_f64()) as f32,
        _ => single(said),
    };
    let of_output = |output: usize| said[output * m..][..m].iter().map(|&said| own(output, said)).collect();
    (0..network.outputs()).map(of_output).collect()
}

/// What each hidden unit says of X (features, m), layer by layer: units × m.
pub(crate) fn said_by_units<F: Float>(network: &Network, params: &[F], x: &[F], m: usize) -> Vec<f32> {
    let mut said: Vec<Vec<f32>> = network.hidden().iter().map(|h| vec![0.0; h.units * m]).collect();
    // Some cells at a time: a network is wide for a few of them, not for m.
    let size = network.block::<F>(m);
    let mut work = Workspace::new(network, size);
    let mut tiles = Tiles::zeros(network.inputs(), size);
    for first in (0..m).step_by(size.max(1)) {
        let some = first..m.min(first + size);
        tiles.fill_columns(MatRef::new(x, network.inputs(), m), some.clone());
        network.forward(params, tiles.view(), Pass::Predict, &mut work);
        for (l, said) in said.iter_mut().enumerate() {
            let output = work.output(l);
            for unit in 0..output.rows() {
                for (cell, said) in said[unit * m..][some.clone()].iter_mut().enumerate() {
                    *said = single(output.at(unit, cell));
                }
            }
        }
    }
    said.concat()
}

/// The target of an example: a class's place among the names, or the number in its own units; of several, the first.
pub(crate) fn told<F: Float>(y: YRef<'_, F>, j: usize, target: &Target) -> f64 {
    match target {
        Target::Classes { levels, .. } if levels.len() > 2 => {
            (0..levels.len()).find(|&class| y.at(class, j) > F::ZERO).unwrap_or(0) as f64
        }
        Target::Numbers { center, scale, .. } => center[0] + scale[0] * y.at(0, j).to_f64(),
        Target::Classes { .. } | Target::Labels { .. } => y.at(0, j).to_f64(),
    }
}

/// The share of weight on examples whose classes are all said right; not a number where targets are numbers.
pub(crate) fn accuracy<F: Float>(said: &[F], y: YRef<'_, F>, weights: &[f64], target: &Target) -> f64 {
    let (m, outputs) = (y.m(), y.outputs());
    let half = F::from_f64(0.5);
    let is_right = |j: usize| match target {
        Target::Classes { levels, .. } if levels.len() > 2 => {
            let best =
                (1..outputs).fold(0, |best, k| if said[k * m + j] > said[best * m + j] { k } else { best });
            y.at(best, j) > F::ZERO
        }
        _ => (0..outputs).all(|k| (said[k * m + j] > half) == (y.at(k, j) > half)),
    };
    if matches!(target, Target::Numbers { .. }) {
        return f64::NAN;
    }
    let weight = |j: usize| weights.get(j).copied().unwrap_or(1.0);
    let right: f64 = (0..m).filter(|&j| is_right(j)).map(weight).sum();
    right / (0..m).map(weight).sum::<f64>()
}
