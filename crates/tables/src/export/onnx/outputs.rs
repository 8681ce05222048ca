//! From features to predictions: the layers, and what their logits mean.

use nablab_data::prepare::Target;
use nablab_engine::{Activation, Network, Slot, batch_norm};

use crate::decision_threshold::HALF;

use super::graph::Graph;
use super::proto::{Attribute, Element, Real, STRING};

/// The logits (N, outputs).
pub(super) fn logits<F: Real>(
    graph: &mut Graph,
    network: &Network,
    params: &[F],
    features: String,
) -> String {
    let mut value = features;
    for (l, slots) in network.layout().by_layer().enumerate() {
        let w = &slots[0];
        let weights = graph.numbers(&w.name, &[w.rows, w.cols], &params[w.range.clone()]);
        let column = |slot: &Slot| graph.numbers(&slot.name, &[slot.rows], &params[slot.range.clone()]);
        let columns: Vec<String> = slots[1..].iter().map(column).collect();
        let by_rows = vec![Attribute::int("transB", 1)];
        let z = match &columns[..] {
            [bias] => graph.node("Gemm", &[&value, &weights, bias], by_rows),
            [beta, gamma, mean, variance] => {
                let z = graph.node("Gemm", &[&value, &weights], by_rows);
                let epsilon = vec![Attribute::float("epsilon", batch_norm::EPSILON as f32)];
                graph.node("BatchNormalization", &[&z, gamma, beta, mean, variance], epsilon)
            }
            _ => unreachable!("a layer has a bias, and is normalised or not"),
        };
        value = activate::<F>(graph, network.activation(l), z, &w.name);
    }
    value
}

fn activate<F: Real>(graph: &mut Graph, activation: Activation, z: String, layer: &str) -> String {
    match activation {
        Activation::Relu => graph.node("Relu", &[&z], vec![]),
        Activation::LeakyRelu { slope } if F::TYPE == f32::TYPE => {
            graph.node("LeakyRelu", &[&z], vec![Attribute::float("alpha", slope as f32)])
        }
        // ONNX keeps the slope of its own operator in single precision, and ONNX Runtime has it in no other.
        // With a slope below 1 the larger of the two is the same.
        Activation::LeakyRelu { slope } => {
            let slope = graph.numbers(&format!("slope_after_{layer}"), &[], &[F::from_f64(slope)]);
            let sloped = graph.node("Mul", &[&slope, &z], vec![]);
            graph.node("Max", &[&z, &sloped], vec![])
        }
        Activation::Tanh => graph.node("Tanh", &[&z], vec![]),
        Activation::Sigmoid => graph.node("Sigmoid", &[&z], vec![]),
        Activation::Identity => z,
    }
}

/// What the logits say: `label` and `probabilities`, or `prediction`.
pub(super) fn outputs<F: Real>(graph: &mut Graph, target: &Target, threshold: f64, logits: &str) {
    match target {
        Target::Classes { levels, .. } => {
            let says = match threshold {
                HALF => "the most probable class; of equals, the first".into(),
                _ => format!("the second class where its probability is above {threshold}"),
            };
            let label = graph.output("label", STRING, &[], &says);
            let about = format!("of the classes {}", levels.join(", "));
            let probabilities = graph.output("probabilities", F::TYPE, &[levels.len()], &about);
            let class = if levels.len() == 2 {
                let second = binary::<F>(graph, logits, &probabilities);
                let threshold = graph.numbers("threshold", &[], &[threshold]);
                let is_second = graph.node("Greater", &[&second, &threshold], vec![]);
                let class = graph.cast(&is_second, i64::TYPE);
                let axes = graph.numbers("class_axes", &[1], &[1_i64]);
                graph.node("Squeeze", &[&class, &axes], vec![])
            } else {
                graph.node_as(&probabilities, "Softmax", &[logits], vec![Attribute::int("axis", 1)]);
                let attributes = vec![Attribute::int("axis", 1), Attribute::int("keepdims", 0)];
                graph.node("ArgMax", &[&probabilities], attributes)
            };
            let levels = graph.texts("levels", &[levels.len()], levels.iter());
            graph.node_as(&label, "Gather", &[&levels, &class], vec![Attribute::int("axis", 0)]);
        }
        Target::Labels { names, levels } => {
            let width = [names.len()];
            let label = graph.output("label", STRING, &width, &format!("of {}", names.join(", ")));
            let about = format!("of the second value of {}", names.join(", "));
            let probabilities = graph.output("probabilities", F::TYPE, &width, &about);
            let (one, divisor) = sigmoid::<F>(graph, logits);
            graph.node_as(&probabilities, "Div", &[&one, &divisor], vec![]);
            let half = graph.numbers("half", &[], &[F::from_f64(0.5)]);
            let yes = graph.node("Greater", &[&probabilities, &half], vec![]);
            let of_no = graph.texts("no", &width, levels.iter().map(|[no, _]| no));
            let of_yes = graph.texts("yes", &width, levels.iter().map(|[_, yes]| yes));
            graph.node_as(&label, "Where", &[&yes, &of_yes, &of_no], vec![]);
        }
        Target::Numbers { names, center, scale } => {
            let width = [names.len()];
            let prediction = graph.output("prediction", f64::TYPE, &width, &names.join(", "));
            let center = graph.numbers("target_center", &width, center);
            let scale = graph.numbers("target_scale", &width, scale);
            let wide = graph.cast(logits, f64::TYPE);
            let scaled = graph.node("Mul", &[&wide, &scale], vec![]);
            graph.node_as(&prediction, "Add", &[&scaled, &center], vec![]);
        }
    }
}

/// The probability of the second class in double precision, as [`crate::Predictions`] have it, so that the same rows lie above a
/// threshold. Those of both go to the output in the network's precision.
fn binary<F: Real>(graph: &mut Graph, logits: &str, probabilities: &str) -> String {
    let (one, divisor) = sigmoid::<F>(graph, logits);
    let p = graph.node("Div", &[&one, &divisor], vec![]);
    let second = graph.cast(&p, f64::TYPE);
    let one = graph.numbers("double_one", &[], &[1.0_f64]);
    let first = graph.node("Sub", &[&one, &second], vec![]);
    let both = graph.concat(&[first, second.clone()], 1);
    graph.node_as(probabilities, "Cast", &[&both], vec![Attribute::int("to", F::TYPE.into())]);
    second
}

/// 1 and 1 + e⁻ᶻ, whose quotient is the probability. Not the operator `Sigmoid`: ONNX Runtime's is as good near ½, but has
/// no digits left near 0 (in single precision it is 0 at z = −20), and a logarithm is taken of probabilities.
fn sigmoid<F: Real>(graph: &mut Graph, logits: &str) -> (String, String) {
    let one = graph.numbers("one", &[], &[F::ONE]);
    let negative = graph.node("Neg", &[logits], vec![]);
    let power = graph.node("Exp", &[&negative], vec![]);
    let divisor = graph.node("Add", &[&one, &power], vec![]);
    (one, divisor)
}
