//! Tensors and plain data in one safetensors file that notices any change: what models and checkpoints are kept in.
//!
//! The metadata hold one entry `nablab`, a JSON object. Its `digest` is the SHA-256 of the rest of it and of all tensors
//! with their names, types and shapes. Any reader of safetensors reads the tensors; this one refuses a file in which a
//! bit has changed.

use std::collections::HashMap;
use std::fmt::Write;

use nablab_data::DataError;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::Error;

/// A tensor by name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tensor {
    pub(crate) name: String,
    pub(crate) dtype: Dtype,
    pub(crate) shape: Vec<usize>,
    /// Little-endian.
    pub(crate) bytes: Vec<u8>,
}

/// Numbers that can be kept.
pub(crate) trait Number: Copy {
    const DTYPE: Dtype;
    const SIZE: usize;
    /// Their bytes, little-endian, behind those that are there.
    fn push(numbers: &[Self], bytes: &mut Vec<u8>);
    fn read(bytes: &[u8]) -> Self;
}

macro_rules! number {
    ($($t:ty: $dtype:ident),*) => {$(
        impl Number for $t {
            const DTYPE: Dtype = Dtype::$dtype;
            const SIZE: usize = size_of::<$t>();
            fn push(numbers: &[Self], bytes: &mut Vec<u8>) {
                let before = bytes.len();
                bytes.resize(before + size_of_val(numbers), 0);
                let (each, _) = bytes[before..].as_chunks_mut();
                each.iter_mut().zip(numbers).for_each(|(bytes, number)| *bytes = number.to_le_bytes());
            }
            fn read(bytes: &[u8]) -> Self {
                let mut whole = [0; size_of::<$t>()];
                whole.copy_from_slice(bytes);
                Self::from_le_bytes(whole)
            }
        }
    )*};
}
number!(f32: F32, f64: F64, u64: U64);

impl Tensor {
    pub(crate) fn new<T: Number>(name: impl Into<String>, shape: &[usize], numbers: &[T]) -> Self {
        let mut bytes = Vec::with_capacity(size_of_val(numbers));
        T::push(numbers, &mut bytes);
        Self { name: name.into(), dtype: T::DTYPE, shape: shape.to_vec(), bytes }
    }

    fn numbers<T: Number>(&self) -> Option<Vec<T>> {
        (self.dtype == T::DTYPE).then(|| self.bytes.chunks_exact(T::SIZE).map(T::read).collect())
    }
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sealed {
    file: String,
    pub(crate) data: Map<String, Value>,
    tensors: HashMap<String, Tensor>,
}

/// The bytes of a file. `data` begins with its `schema`.
pub(crate) fn seal(mut data: Map<String, Value>, tensors: &[Tensor]) -> Vec<u8> {
    data.insert("digest".into(), digest(&data, tensors.iter()).into());
    let views = tensors.iter().map(|t| {
        let view =
            TensorView::new(t.dtype, t.shape.clone(), &t.bytes).expect("bytes for each number of the shape");
        (t.name.as_str(), view)
    });
    let metadata = HashMap::from([("nablab".to_owned(), Value::Object(data).to_string())]);
    safetensors::serialize(views, Some(metadata)).expect("names are given once")
}

/// Read a file of this schema (`nablab.model/2`) or an earlier version of it.
///
/// # Errors
/// [`DataError::Format`] if it is none, of a later version, or damaged.
pub(crate) fn open(bytes: &[u8], file: &str, schema: &str) -> Result<Sealed, Error> {
    let wrong = |place: &str, expected: &str, got: String, hint: &str| {
        Error::from(DataError::format(file, place, expected, got, hint))
    };
    let damaged =
        |got: String| wrong("file", "a whole file of nablab", got, "take another copy; this one is damaged");
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| damaged(error.to_string()))?;
    let text = header.metadata().as_ref().and_then(|metadata| metadata.get("nablab"));
    let data = text.and_then(|text| serde_json::from_str::<Map<String, Value>>(text).ok());
    let mut data = data.ok_or_else(|| damaged("no entry nablab in its metadata".into()))?;
    let read = SafeTensors::deserialize(bytes).map_err(|error| damaged(error.to_string()))?;
    let tensor = |(name, view): (&str, TensorView<'_>)| Tensor {
        name: name.to_owned(),
        dtype: view.dtype(),
        shape: view.shape().to_vec(),
        bytes: view.data().to_vec(),
    };
    let mut tensors: Vec<Tensor> = read.iter().map(tensor).collect();
    tensors.sort_unstable_by(|a, b| a.name.cmp(&b.name));

    let expected = data.shift_remove("digest");
    if expected != Some(digest(&data, tensors.iter()).into()) {
        return Err(damaged("other bits than were written".into()));
    }
    let version = |schema: &str| {
        let (kind, version) = schema.split_once('/')?;
        Some((kind.to_owned(), version.parse::<u64>().ok()?))
    };
    let written = data.get("schema").and_then(Value::as_str).unwrap_or("none").to_owned();
    match (version(&written), version(schema)) {
        (Some((kind, theirs)), Some((ours, highest))) if kind == ours && theirs <= highest => {}
        (Some((kind, _)), Some((ours, _))) if kind == ours => {
            return Err(wrong("schema", schema, written, "a newer nablab wrote it: update this one"));
        }
        _ => return Err(wrong("schema", schema, written, "is it the right file?")),
    }
    let tensors = tensors.into_iter().map(|tensor| (tensor.name.clone(), tensor)).collect();
    Ok(Sealed { file: file.to_owned(), data, tensors })
}

/// SHA-256 of data and tensors, in the order of their names.
fn digest<'t>(data: &Map<String, Value>, tensors: impl Iterator<Item = &'t Tensor>) -> String {
    let mut tensors: Vec<_> = tensors.collect();
    tensors.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    let mut hash = Sha256::new();
    hash.update(Value::Object(data.clone()).to_string());
    for Tensor { name, dtype, shape, bytes } in tensors {
        hash.update(format!("\n{name} {dtype:?} {shape:?} {}\n", bytes.len()));
        hash.update(bytes);
    }
    hex(&hash.finalize())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Sealed {
    /// What stands under a key of the data.
    pub(crate) fn get<T: serde::de::DeserializeOwned>(&self, key: &str) -> Result<T, Error> {
        let value = self.data.get(key).cloned().unwrap_or_default();
        serde_json::from_value(value).map_err(|error| self.unfit(key, &error.to_string()))
    }

    /// The numbers of a tensor.
    pub(crate) fn numbers<T: Number>(&self, name: &str) -> Result<Vec<T>, Error> {
        let tensor = self.tensors.get(name).ok_or_else(|| self.unfit(name, "no such tensor"))?;
        tensor.numbers().ok_or_else(|| self.unfit(name, &format!("numbers of type {:?}", tensor.dtype)))
    }

    /// Bytes of all tensors.
    pub(crate) fn tensor_bytes(&self) -> usize {
        self.tensors.values().map(|tensor| tensor.bytes.len()).sum()
    }

    /// The seal is whole, but what is in it does not fit together.
    pub(crate) fn unfit(&self, what: &str, got: &str) -> Error {
        let expected = "what a model or a training consists of";
        DataError::format(&self.file, what, expected, got, "another program wrote it").into()
    }
}
