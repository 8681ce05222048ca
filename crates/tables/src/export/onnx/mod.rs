//! ONNX: a model that takes the columns of a table as they are.

mod graph;
mod inputs;
mod outputs;
mod proto;

use nablab_data::DataError;
use nablab_data::prepare::{Encoding, Task};
use prost::Message;
use serde_json::json;

use crate::Error;
use crate::model::{Model, Params};
use graph::Graph;
use proto::{Entry, Opset, Real};

/// ONNX 1.12, the first version of 2022 and later runtimes: operators 17, those of `ai.onnx.ml` 3.
const IR_VERSION: i64 = 8;
const OPSET: i64 = 17;
const ML_OPSET: i64 = 3;

/// Who has written it.
const PRODUCER: &str = "nablab";

/// Schema of the metadata.
const SCHEMA: &str = "nablab.onnx/1";

/// Protocol buffers have no longer message.
const MOST_BYTES: usize = i32::MAX as usize;

/// The model as ONNX, with all that is done to the columns of a table.
///
/// # Inputs
/// One for each column, called as the column, of shape (N, 1):
///
/// | column | type | missing |
/// | --- | --- | --- |
/// | numbers | `tensor(double)` | not-a-number |
/// | categories | `tensor(string)` | the empty text |
///
/// Numbers are double because large ones lose their digits before they are centred otherwise. A text that was no level
/// in training is none of them here, too; the words that nablab takes for missing (`NA`, `?`) are missing. What a table's
/// reader makes of a text that it takes for a number is that text: `1` and `1.0` are `01`, unless they are levels
/// themselves ([`nablab_data::prepare::spellings`]).
///
/// # Outputs
/// | task | output | type | shape |
/// | --- | --- | --- | --- |
/// | one class | `label` | `tensor(string)` | (N) |
/// | | `probabilities` | the model's precision | (N, classes), two of them where there are two classes |
/// | several labels | `label` | `tensor(string)` | (N, labels) |
/// | | `probabilities` of the second value of each | the model's precision | (N, labels) |
/// | numbers | `prediction`, in their own units | `tensor(double)` | (N, numbers) |
///
/// These are the names, order and shapes of sklearn-onnx with `zipmap=False`. Where a column has the name of an output,
/// the column keeps it and the output gets `_` at its end; the order stays. Numbers are scaled back in double precision
/// even if the model's is single: large ones need its digits.
///
/// In the metadata, `schema` is `nablab.onnx/1`, `task` the kind of the prediction, and `inputs` and `target` are JSON of
/// how the columns are taken; `threshold` is the probability from which on the second of two classes is the label.
///
/// # Errors
/// [`DataError::Format`] for what ONNX cannot say: dates, a column without a name, one with the empty text as a category beside
/// missing values, and more than 2 GiB.
pub fn onnx(model: &Model) -> Result<Vec<u8>, Error> {
    check_columns(model)?;
    let columns: Vec<&str> = model.inputs.columns().iter().map(|input| input.name.as_str()).collect();
    let mut graph = Graph::new(&columns);
    match &model.params {
        Params::F32(params) => fill(&mut graph, model, params),
        Params::F64(params) => fill(&mut graph, model, params),
    }
    let task = match model.target.task() {
        Task::Binary => "binary",
        Task::Multiclass => "multiclass",
        Task::Multilabel => "multilabel",
        Task::Regression => "regression",
    };
    let opset = |domain: &str, version| Opset { domain: Some(domain.to_owned()), version: Some(version) };
    let entry = |key: &str, value: String| Entry { key: Some(key.to_owned()), value: Some(value) };
    let message = proto::Model {
        ir_version: Some(IR_VERSION),
        producer_name: Some(PRODUCER.into()),
        producer_version: Some(env!("CARGO_PKG_VERSION").into()),
        doc_string: Some(format!("{task} of {}", model.target.names().join(", "))),
        graph: Some(graph.finish()),
        opset_import: vec![opset("", OPSET), opset(graph::ML, ML_OPSET)],
        metadata_props: vec![
            entry("schema", SCHEMA.into()),
            entry("task", task.into()),
            entry("inputs", json!(model.inputs).to_string()),
            entry("target", json!(model.target).to_string()),
            entry("threshold", model.threshold.to_string()),
        ],
    };
    match message.encoded_len() {
        length if length > MOST_BYTES => {
            let hint = "export it as npz: that has no limit, or train a smaller network";
            Err(cannot("model", "at most 2 GiB", &format!("{length} bytes"), hint))
        }
        _ => Ok(message.encode_to_vec()),
    }
}

/// It names us as its producer.
pub(super) fn is_ours(bytes: &[u8]) -> bool {
    proto::Model::decode(bytes).is_ok_and(|model| model.producer_name.as_deref() == Some(PRODUCER))
}

fn fill<F: Real>(graph: &mut Graph, model: &Model, params: &[F]) {
    let features = inputs::features::<F>(graph, &model.inputs);
    let logits = outputs::logits(graph, &model.network, params, features);
    outputs::outputs::<F>(graph, &model.target, model.threshold, &logits);
}

/// Every column needs a name, and the empty text one meaning.
fn check_columns(model: &Model) -> Result<(), Error> {
    for (i, input) in model.inputs.columns().iter().enumerate() {
        if input.name.is_empty() {
            let hint = "name it in the table, and train again";
            return Err(cannot(&format!("input {}", i + 1), "a name", "none", hint));
        }
        match &input.encoding {
            Encoding::Date(_) => {
                let place = format!("column {}", input.name);
                let hint = "ONNX reads no dates: give the table columns of numbers instead (days, month, …) and train on those, or \
                            predict with nablab; an export as NPZ has the parameters";
                return Err(cannot(&place, "numbers or categories", "dates", hint));
            }
            Encoding::Category { levels, indicator: true } if levels.iter().any(String::is_empty) => {
                let place = format!("column {}", input.name);
                let hint = "give the empty category a word in the table, and train again";
                return Err(cannot(
                    &place,
                    "the empty text for missing values only",
                    "it as a category",
                    hint,
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

fn cannot(place: &str, expected: &str, got: &str, hint: &str) -> Error {
    DataError::format("ONNX", place, expected, got, hint).into()
}
