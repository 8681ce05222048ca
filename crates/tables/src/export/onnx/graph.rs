//! A graph while it is put together: values go by name, and no name is given twice.

use super::proto::{Attribute, Dimension, Element, Node, STRING, Shape, Size, Tensor, TensorType, Type};
use super::proto::{Graph as Message, ValueInfo};

/// The domain of the operators of classical machine learning.
pub(super) const ML: &str = "ai.onnx.ml";

/// A graph while it is put together.
pub(super) struct Graph {
    message: Message,
    /// Begins every name that is neither a column's nor an output's.
    prefix: String,
}

impl Graph {
    /// A graph that gives no value the name of one of these columns.
    pub(super) fn new(columns: &[&str]) -> Self {
        let mut prefix = String::from("nablab/");
        while columns.iter().any(|column| column.starts_with(&prefix)) {
            prefix.insert(0, '_');
        }
        Self { message: Message { name: Some("nablab".into()), ..Message::default() }, prefix }
    }

    pub(super) fn finish(self) -> Message {
        self.message
    }

    /// The name of an input.
    pub(super) fn input(&mut self, name: &str, elements: i32, about: &str) -> String {
        self.message.input.push(value(name, elements, &[1], about));
        name.to_owned()
    }

    /// Declare an output of rows of `width` numbers or texts, or of one alone, and give the name it has: a column of that
    /// name keeps it, and the output goes by another.
    pub(super) fn output(&mut self, name: &str, elements: i32, width: &[usize], about: &str) -> String {
        let mut name = name.to_owned();
        while self.message.input.iter().any(|input| input.name.as_ref() == Some(&name)) {
            name.push('_');
        }
        self.message.output.push(value(&name, elements, width, about));
        name
    }

    /// A constant of numbers.
    pub(super) fn numbers<T: Element>(&mut self, name: &str, dims: &[usize], numbers: &[T]) -> String {
        let mut bytes = Vec::with_capacity(size_of_val(numbers));
        numbers.iter().for_each(|number| number.push(&mut bytes));
        self.constant(name, dims, Tensor { raw_data: Some(bytes), ..tensor(T::TYPE) })
    }

    /// A constant of texts.
    pub(super) fn texts<'a>(
        &mut self,
        name: &str,
        dims: &[usize],
        texts: impl Iterator<Item = &'a String>,
    ) -> String {
        let string_data = texts.map(|text| text.as_bytes().to_vec()).collect();
        self.constant(name, dims, Tensor { string_data, ..tensor(STRING) })
    }

    fn constant(&mut self, name: &str, dims: &[usize], tensor: Tensor) -> String {
        let name = format!("{}{name}", self.prefix);
        let dims = dims.iter().map(|&n| n as i64).collect();
        self.message.initializer.push(Tensor { name: Some(name.clone()), dims, ..tensor });
        name
    }

    /// The value of an operation.
    pub(super) fn node(&mut self, operator: &str, inputs: &[&str], attributes: Vec<Attribute>) -> String {
        let name = format!("{}{}_{operator}", self.prefix, self.message.node.len() + 1);
        self.node_as(&name, operator, inputs, attributes);
        name
    }

    /// Compute an output.
    pub(super) fn node_as(
        &mut self,
        name: &str,
        operator: &str,
        inputs: &[&str],
        attributes: Vec<Attribute>,
    ) {
        self.message.node.push(Node {
            input: inputs.iter().map(|&input| input.to_owned()).collect(),
            output: vec![name.to_owned()],
            name: Some(name.to_owned()),
            op_type: Some(operator.to_owned()),
            attribute: attributes,
            domain: (operator == "LabelEncoder").then(|| ML.to_owned()),
        });
    }

    /// Side by side, along this axis; one alone stays as it is.
    pub(super) fn concat(&mut self, values: &[String], axis: i64) -> String {
        match values {
            [only] => only.clone(),
            _ => {
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                self.node("Concat", &values, vec![Attribute::int("axis", axis)])
            }
        }
    }

    /// As numbers of another type.
    pub(super) fn cast(&mut self, value: &str, to: i32) -> String {
        self.node("Cast", &[value], vec![Attribute::int("to", to.into())])
    }
}

fn tensor(elements: i32) -> Tensor {
    Tensor { data_type: Some(elements), ..Tensor::default() }
}

/// N rows of these dimensions.
fn value(name: &str, elements: i32, dims: &[usize], about: &str) -> ValueInfo {
    let dims = dims.iter().map(|&n| Size::Known(n as i64));
    let dims = [Size::Named("N".into())].into_iter().chain(dims);
    let shape = Shape { dim: dims.map(|size| Dimension { size: Some(size) }).collect() };
    let tensor_type = TensorType { elem_type: Some(elements), shape: Some(shape) };
    ValueInfo {
        name: Some(name.to_owned()),
        kind: Some(Type { tensor_type: Some(tensor_type) }),
        doc_string: Some(about.to_owned()),
    }
}
