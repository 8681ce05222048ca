//! Advice as flags of `nablab train`, ready to be pasted behind the command.

use super::Advice;

impl Advice {
    /// The flags of the command that say so, as a shell takes them.
    ///
    /// ```
    /// use nablab_diagnosis::Advice;
    /// assert_eq!(Advice::L2(0.5).flags(), "--l2 0.5");
    /// assert_eq!(Advice::Ignore(vec!["id".into(), "a,b".into()]).flags(), "--ignore='id,\"a,b\"'");
    /// ```
    pub fn flags(&self) -> String {
        match self {
            Self::He => "--init he".into(),
            Self::Xavier => "--init xavier".into(),
            Self::Relu => "--activation relu --init he".into(),
            Self::LeakyRelu(slope) => format!("--activation '{{ leaky-relu = {{ slope = {slope} }} }}'"),
            Self::BatchNorm => "--batch-norm".into(),
            Self::FindLearningRate => "--learning-rate find".into(),
            Self::LearningRate(rate) => format!("--learning-rate {rate}"),
            Self::Adam(rate) => format!("--optimizer adam --learning-rate {rate}"),
            Self::Cosine => "--schedule cosine".into(),
            Self::ClipNorm(max) => format!("--clip '{{ norm = {{ max = {max} }} }}'"),
            Self::L2(strength) => format!("--l2 {strength}"),
            Self::L1(strength) => format!("--l1 {strength}"),
            Self::WeightDecay(rate) => format!("--weight-decay {rate}"),
            Self::Dropout(rate) => format!("--dropout {rate}"),
            Self::Layers(units) if units.is_empty() => "--layers none".into(),
            Self::Layers(units) => format!("--layers {}", joined(units.iter().map(usize::to_string))),
            Self::EarlyStopping(epochs) => format!("--early-stopping {epochs}"),
            Self::Epochs(epochs) => format!("--epochs {epochs}"),
            Self::BatchSize(rows) => format!("--batch-size {rows}"),
            Self::BalancedClasses => "--class-weight balanced".into(),
            Self::BalancedThreshold => "--threshold balanced-accuracy".into(),
            Self::Scaled => "--scaling standard".into(),
            Self::Ignore(columns) => {
                format!("--ignore={}", quoted(&joined(columns.iter().map(|name| item(name)))))
            }
            Self::Types(types) => {
                let types = types.iter().map(|(column, of)| format!("{}={of}", item(column)));
                format!("--types {}", quoted(&joined(types)))
            }
            Self::LabelSmoothing(share) => format!("--label-smoothing {share}"),
            Self::Binary => "--task binary".into(),
            Self::Regression => "--task regression".into(),
            Self::Folds(folds) => format!("--folds {folds}"),
        }
    }
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(",")
}

/// A name among others in a flag, which separates them by commas: one that has a comma stands in quotes, as in CSV.
///
/// ```
/// use nablab_diagnosis::item;
/// assert_eq!([item("a"), item("a,b"), item("\"a")], ["a", "\"a,b\"", "\"\"\"a\""]);
/// ```
pub fn item(name: &str) -> String {
    match name.contains(',') || name.starts_with('"') {
        true => format!("\"{}\"", name.replace('"', "\"\"")),
        false => name.to_owned(),
    }
}

/// As a shell takes it.
///
/// ```
/// use nablab_diagnosis::quoted;
/// assert_eq!([quoted("column 1"), quoted("a=1"), quoted("")], ["'column 1'", "a=1", "''"]);
/// ```
pub fn quoted(text: &str) -> String {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "_-.,=/".contains(c));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
