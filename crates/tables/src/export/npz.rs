//! NumPy's archive of arrays: the parameters, and what it takes to use them by hand.

use std::io::Cursor;

use nablab_data::dataset_file::npz::Archive;
use nablab_data::prepare::{Dates, Encoding, Target};
use nablab_engine::{Activation, Layout};
use zip::ZipArchive;

use crate::model::{Model, Params};

/// The parameters as `np.load` reads them, with what it takes to use them by hand.
///
/// | array | shape | holds |
/// | --- | --- | --- |
/// | `W1`, `b1`, `W2`, … | (units, inputs), (units,) | the parameters, in the precision they were trained in |
/// | `gamma1`, `mean1`, `variance1`, … | (units,) | of normalised layers: γ (z − mean) / √(variance + 10⁻⁵) + b, z without b |
/// | `activations` | (layers,) | of each layer: `relu`, `leaky-relu`, `tanh`, `sigmoid`, `identity`; the last layer gives logits |
/// | `slopes` | (layers,) | of each leaky-relu; not a number for the others |
/// | `feature_names` | (features,) | such as `age`, `age is missing`, `city = Paris` |
/// | `fill`, `center`, `scale` | (features,) | a feature is (x − center) / scale, x the fill where it is missing |
/// | `target_names` | (targets,) | the columns that are predicted |
/// | `classes` | (classes,) or (labels, 2) | the classes; of two, and of each label, the probability is of the second |
/// | `threshold` | () | of two classes: the probability above which the second is predicted |
/// | `target_center`, `target_scale` | (targets,) | of numbers: a prediction is logit · scale + center |
///
/// Of a date, x are the days since the beginning of 1970. Features that are 0 or 1, sines and cosines have center 0 and scale 1. Which arrays of the last two rows there are depends on the task.
/// NumPy cuts zero characters off the end of texts.
pub fn npz(model: &Model) -> Vec<u8> {
    let mut archive = Archive::new();
    let network = &model.network;
    match &model.params {
        Params::F32(params) => parameters(&mut archive, network.layout(), params, "<f4", f32::to_le_bytes),
        Params::F64(params) => parameters(&mut archive, network.layout(), params, "<f8", f64::to_le_bytes),
    }
    let layers: Vec<Activation> = (0..=network.hidden().len()).map(|l| network.activation(l)).collect();
    archive.texts("activations", &[layers.len()], layers.iter().map(|&layer| name(layer)));
    archive.numbers("slopes", &[layers.len()], &layers.iter().map(|&layer| slope(layer)).collect::<Vec<_>>());

    let names = model.inputs.names();
    let features = [names.len()];
    archive.texts("feature_names", &features, names.iter().map(String::as_str));
    let scaling: Vec<[f64; 3]> = model.inputs.columns().iter().flat_map(|i| scaling(&i.encoding)).collect();
    for (i, name) in ["fill", "center", "scale"].into_iter().enumerate() {
        archive.numbers(name, &features, &scaling.iter().map(|of_feature| of_feature[i]).collect::<Vec<_>>());
    }

    let target = &model.target;
    archive.texts("target_names", &[target.names().len()], target.names().iter().map(String::as_str));
    match target {
        Target::Classes { levels, .. } => {
            archive.texts("classes", &[levels.len()], levels.iter().map(String::as_str));
            if levels.len() == 2 {
                archive.numbers("threshold", &[], &[model.threshold]);
            }
        }
        Target::Labels { levels, .. } => {
            archive.texts("classes", &[levels.len(), 2], levels.iter().flatten().map(String::as_str));
        }
        Target::Numbers { center, scale, .. } => {
            archive.numbers("target_center", &[center.len()], center);
            archive.numbers("target_scale", &[scale.len()], scale);
        }
    }
    archive.into_bytes()
}

/// It has the arrays that every archive of ours has.
pub(super) fn is_ours(bytes: &[u8]) -> bool {
    const ALWAYS: [&str; 4] = ["activations.npy", "slopes.npy", "feature_names.npy", "target_names.npy"];
    let archive = ZipArchive::new(Cursor::new(bytes));
    archive.is_ok_and(|archive| ALWAYS.iter().all(|name| archive.index_for_name(name).is_some()))
}

/// As in a recipe.
fn name(activation: Activation) -> &'static str {
    match activation {
        Activation::Relu => "relu",
        Activation::LeakyRelu { .. } => "leaky-relu",
        Activation::Tanh => "tanh",
        Activation::Sigmoid => "sigmoid",
        Activation::Identity => "identity",
    }
}

fn slope(activation: Activation) -> f64 {
    match activation {
        Activation::LeakyRelu { slope } => slope,
        _ => f64::NAN,
    }
}

/// Fill, center and scale of each feature of a column.
fn scaling(encoding: &Encoding) -> Vec<[f64; 3]> {
    const AS_IT_IS: [f64; 3] = [0.0, 0.0, 1.0];
    let mut features = vec![AS_IT_IS; encoding.width()];
    let of_number = match encoding {
        Encoding::Number { fill, center, scale, .. } | Encoding::Date(Dates { fill, center, scale, .. }) => {
            Some([*fill, *center, *scale])
        }
        Encoding::Category { .. } => None,
    };
    features.first_mut().zip(of_number).into_iter().for_each(|(feature, of_number)| *feature = of_number);
    features
}

/// In the precision they were trained in.
fn parameters<F: Copy, const N: usize>(
    archive: &mut Archive,
    layout: &Layout,
    params: &[F],
    kind: &str,
    bytes: fn(F) -> [u8; N],
) {
    for slot in layout.slots() {
        let is_weight = slot.role == nablab_engine::Role::Weight;
        let shape = if is_weight { vec![slot.rows, slot.cols] } else { vec![slot.rows] };
        archive.array(&slot.name, &shape, kind, params[slot.range.clone()].iter().copied().map(bytes));
    }
}
