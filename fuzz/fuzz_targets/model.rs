//! Models: any bytes, and such as were sealed anew, so that what is inside gets past the digest.
//!
//! An input is the data of a model as JSON, a zero, a line for each tensor (`W1 F32 3,2`), a zero, and bytes that fill the
//! tensors, again and again.
#![no_main]

use std::collections::HashMap;

use libfuzzer_sys::fuzz_target;
use nablab_tables::{Model, Params};
use nablab_data::table::{Categories, Column, Table, Values};
use nablab_fuzz::within;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Bytes that all tensors together may have.
const MOST: usize = 1 << 16;

struct Tensor {
    name: String,
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

/// The file that a sealed input makes.
fn sealed(input: &[u8]) -> Option<Vec<u8>> {
    let mut parts = input.splitn(3, |&byte| byte == 0);
    let mut data: Map<String, Value> = serde_json::from_slice(parts.next()?).ok()?;
    let lines = std::str::from_utf8(parts.next().unwrap_or_default()).ok()?;
    let filling = Some(parts.next().unwrap_or_default()).filter(|bytes| !bytes.is_empty()).unwrap_or(&[0]);
    let mut filling = filling.iter().copied().cycle();
    let (mut tensors, mut left) = (Vec::new(), MOST);
    for line in lines.lines() {
        let mut words = line.split(' ');
        let (name, dtype, shape) = (words.next()?.to_owned(), words.next()?, words.next()?);
        let (dtype, size) = match dtype {
            "F32" => (Dtype::F32, 4),
            "F64" => (Dtype::F64, 8),
            _ => (Dtype::U8, 1),
        };
        let shape = shape.split(',').map(|n| n.parse().ok()).collect::<Option<Vec<usize>>>()?;
        let bytes = shape.iter().try_fold(size, |bytes: usize, &n| bytes.checked_mul(n))?;
        left = left.checked_sub(bytes)?;
        tensors.push(Tensor { name, dtype, shape, bytes: filling.by_ref().take(bytes).collect() });
    }
    tensors.sort_by(|a, b| a.name.cmp(&b.name));
    tensors.dedup_by(|a, b| a.name == b.name);

    data.shift_remove("digest");
    let mut hash = Sha256::new();
    hash.update(Value::Object(data.clone()).to_string());
    for Tensor { name, dtype, shape, bytes } in &tensors {
        hash.update(format!("\n{name} {dtype:?} {shape:?} {}\n", bytes.len()));
        hash.update(bytes);
    }
    let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    data.insert("digest".into(), digest.into());
    let views =
        tensors.iter().map(|t| (&t.name, TensorView::new(t.dtype, t.shape.clone(), &t.bytes).unwrap()));
    let metadata = HashMap::from([("nablab".to_owned(), Value::Object(data).to_string())]);
    safetensors::serialize(views, Some(metadata)).ok()
}

/// A table with these columns, the first few as texts.
fn table(model: &Model, texts: usize) -> Option<Table> {
    let inputs = model.inputs.columns().iter().map(|input| &input.name);
    let mut names: Vec<_> = inputs.chain(model.target.names()).cloned().collect();
    names.sort_unstable();
    names.dedup();
    let values = |i: usize| match i < texts {
        true => Values::Categories([Some("a"), None, Some("b")].into_iter().collect::<Categories>()),
        false => Values::Numbers([0.0, f64::NAN, 1e300].into_iter().collect()),
    };
    let columns = names.into_iter().enumerate().map(|(i, name)| Column { name, values: values(i) });
    Table::new(columns.collect(), "t.csv").ok()
}

fuzz_target!(|bytes: &[u8]| {
    let _ = within(bytes.len(), || Model::from_bytes(bytes, "m.safetensors"));
    let Some(file) = sealed(bytes) else { return };
    let Ok(model) = within(file.len(), || Model::from_bytes(&file, "m.safetensors")) else { return };
    let again = Model::from_bytes(&model.to_bytes(), "again").unwrap();
    let finite = match &model.params {
        Params::F32(params) => params.iter().all(|v| v.is_finite()),
        Params::F64(params) => params.iter().all(|v| v.is_finite()),
    };
    // What is not a number does not equal itself.
    assert!(again == model || !finite || model.settings.to_toml().contains("nan"));
    for texts in [0, 1, usize::MAX] {
        let Some(table) = table(&model, texts) else { continue };
        if let Ok(predictions) = model.predict(&table) {
            assert_eq!(predictions.rows().count(), 3);
            assert_eq!(predictions.answers().count(), 3);
            assert_eq!(predictions.names().len(), predictions.width);
        }
        let _ = model.evaluate(&table);
    }
});
