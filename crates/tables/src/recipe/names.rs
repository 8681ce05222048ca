//! What people call things: the names of Keras, PyTorch and scikit-learn are understood, in any case, with `_`, `-` or neither; a
//! recipe that is written has the one name of the house.
//!
//! A word stands here only if it is the same thing. What is not is said in [`INSTEAD`].

use serde::de::value::{Error as NameError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};
// Letters put in, taken out, exchanged with another or with their neighbour.
use strsim::osa_distance;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A name of the house, and what else it is called.
type Name = (&'static str, &'static [&'static str]);

/// All names, under the last part of their keys.
const NAMES: [(&str, &[Name]); 16] = [
    (
        "optimizer",
        &[
            ("gradient-descent", &["sgd", "gd"]),
            ("momentum", &[]),
            ("nesterov", &[]),
            ("heavy-ball", &[]),
            ("rms-prop", &[]),
            ("adam", &[]),
            ("adam-w", &[]),
            ("l-bfgs", &[]),
        ],
    ),
    (
        "activation",
        &[
            ("relu", &[]),
            ("leaky-relu", &[]),
            ("tanh", &[]),
            ("sigmoid", &["logistic"]),
            ("identity", &["linear", "none"]),
        ],
    ),
    (
        "init",
        &[
            ("zeros", &["zero"]),
            ("normal", &["random-normal"]),
            ("he", &["he-normal", "kaiming", "kaiming-normal"]),
            ("he-uniform", &["kaiming-uniform"]),
            ("xavier", &["xavier-normal", "glorot", "glorot-normal"]),
            ("xavier-uniform", &["glorot-uniform"]),
            ("lecun", &["lecun-normal"]),
            ("lecun-uniform", &[]),
            ("orthogonal", &[]),
        ],
    ),
    (
        "schedule",
        &[
            ("constant", &["none"]),
            ("step", &["step-lr"]),
            ("exponential", &["exponential-lr"]),
            ("inverse-time", &["inverse-time-decay"]),
            ("cosine", &["cosine-annealing", "cosine-annealing-lr", "cosine-decay"]),
        ],
    ),
    ("clip", &[("none", &[]), ("norm", &["global-norm", "global-clipnorm"]), ("value", &["clipvalue"])]),
    ("batch_size", &[("all", &["full", "full-batch"])]),
    ("precision", &[("f32", &["float32", "float", "single"]), ("f64", &["float64", "double"])]),
    (
        "loss",
        &[
            ("sigmoid-cross-entropy", &["binary-crossentropy", "bce-with-logits"]),
            ("sigmoid-cross-entropy-direct", &[]),
            ("softmax-cross-entropy", &["categorical-crossentropy", "cross-entropy"]),
            ("squared-error", &["mse"]),
            ("poisson", &[]),
        ],
    ),
    (
        "scaling",
        &[
            ("standard", &["standard-scaler", "z-score", "standardize", "standardise"]),
            ("min-max", &["min-max-scaler"]),
            ("robust", &["robust-scaler"]),
            ("none", &["no", "passthrough"]),
        ],
    ),
    (
        "task",
        &[
            ("binary", &["binary-classification"]),
            ("multiclass", &["multiclass-classification"]),
            ("multilabel", &["multilabel-classification"]),
            ("regression", &["regressor"]),
            ("classification", &["classifier"]),
        ],
    ),
    ("class_weight", &[("none", &[]), ("balanced", &[])]),
    (
        "threshold",
        &[("f1", &["f1-score"]), ("balanced-accuracy", &["balanced-accuracy-score", "youden", "j"])],
    ),
    (
        "types",
        &[
            ("number", &["numeric", "numerical", "continuous", "float", "int", "integer"]),
            ("category", &["categorical", "cat", "factor", "object", "str", "string"]),
            ("date", &["datetime"]),
            ("date-day-first", &["dayfirst"]),
            ("date-month-first", &["monthfirst"]),
        ],
    ),
    (
        "sampler",
        &[
            ("grid", &["grid-search", "grid-sampler"]),
            ("random", &["random-search", "random-sampler"]),
            ("sobol", &[]),
            ("tpe", &["tpe-sampler"]),
            ("cma-es", &["cma-es-sampler"]),
        ],
    ),
    (
        "scheduler",
        &[
            ("none", &["no"]),
            ("median", &["median-pruner", "median-stopping"]),
            ("asha", &["successive-halving", "successive-halving-pruner"]),
            ("hyperband", &["hyperband-pruner"]),
        ],
    ),
    (
        "metric",
        &[
            ("accuracy", &["acc"]),
            ("balanced_accuracy", &[]),
            ("log_loss", &[]),
            ("roc_auc", &["auc", "auroc"]),
            ("average_precision", &["pr-auc", "auprc", "ap"]),
            ("f1", &["f1-score"]),
            ("r2", &["r-squared", "r2-score"]),
            ("rmse", &["root-mean-squared-error"]),
            ("mae", &["mean-absolute-error"]),
        ],
    ),
];

/// What is not there, and what is instead.
const INSTEAD: [(&str, &str); 29] = [
    ("adagrad", "rms-prop, which forgets old gradients, and adam are there instead"),
    ("adadelta", "rms-prop and adam are there instead"),
    ("adamax", "adam is there instead"),
    ("nadam", "adam and nesterov are there instead"),
    ("radam", "adam with schedule = { cosine = { warmup = 5 } } is there instead"),
    ("lion", "adam-w is there instead"),
    ("ftrl", "gradient-descent with an L1 penalty is there instead"),
    ("lbfgsb", "l-bfgs is there instead: the weights have no bounds"),
    ("newton", "l-bfgs is there instead"),
    ("newtoncg", "l-bfgs is there instead"),
    ("elu", "leaky-relu is there instead"),
    ("selu", "leaky-relu, or relu with batch normalisation, is there instead"),
    ("gelu", "relu is there instead"),
    ("silu", "relu is there instead"),
    ("swish", "relu is there instead"),
    ("mish", "relu is there instead"),
    ("softplus", "relu is there instead"),
    ("softmax", "the output layer has it by itself where there are several classes"),
    ("ones", "all units would stay the same; he and xavier are there instead"),
    ("truncatednormal", "normal is there instead, without its ends cut off"),
    ("uniform", "he-uniform, xavier-uniform and lecun-uniform are there instead"),
    ("variancescaling", "he, xavier and lecun are there instead, each with its own scale"),
    ("invscaling", "inverse-time is there instead: { inverse-time = { decay = 0.01 } }"),
    ("adaptive", "step and cosine are there instead"),
    ("reducelronplateau", "early stopping, and step and cosine, are there instead"),
    ("onecyclelr", "cosine with a warm-up is there instead: { cosine = { warmup = 5 } }"),
    ("clipnorm", "norm is there instead: it limits the whole gradient, not each layer's"),
    ("float16", "f32 is the smallest there is"),
    ("maxabs", "min-max and robust are there instead"),
];

/// The same for all ways to write a word.
pub(crate) fn plain(word: &str) -> String {
    word.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn names(key: &str) -> &'static [Name] {
    NAMES.iter().find(|(known, _)| *known == key).map_or(&[], |(_, names)| names)
}

/// The names of the house under a key; none where it is no choice.
///
/// ```
/// use nablab_tables::recipe::names_of;
/// assert!(names_of("precision").eq(["f32", "f64"]));
/// assert_eq!(names_of("epochs").count(), 0);
/// ```
pub fn names_of(key: &str) -> impl Iterator<Item = &'static str> + use<> {
    names(key).iter().map(|(name, _)| *name)
}

/// The name of the house for a word under this key; a word that is none stays as it is.
///
/// ```
/// use nablab_tables::recipe::canonical;
/// assert_eq!(canonical("optimizer", "SGD"), "gradient-descent");
/// assert_eq!(canonical("init", "Glorot_Uniform"), "xavier-uniform");
/// assert_eq!(canonical("optimizer", "adagrad"), "adagrad");
/// ```
pub fn canonical<'w>(key: &str, word: &'w str) -> &'w str {
    let asked = plain(word);
    let is_it = |(name, others): &&(&str, &[&str])| {
        plain(name) == asked || others.iter().any(|other| plain(other) == asked)
    };
    names(key).iter().find(is_it).map_or(word, |(name, _)| name)
}

/// Give every word of a recipe, or of a space of recipes, the name of the house.
pub(super) fn rename_all(root: &mut DeTable<'_>) {
    for (key, value) in root.iter_mut() {
        match (key.get_ref().as_ref(), value.get_mut()) {
            ("data" | "validation" | "study", DeValue::Table(table)) => rename_all(table),
            ("types", DeValue::Table(columns)) => {
                columns.iter_mut().for_each(|(_, kind)| rename("types", kind));
            }
            ("hidden", DeValue::Array(layers)) => {
                for layer in layers.iter_mut() {
                    if let DeValue::Table(layer) = layer.get_mut() {
                        rename_all(layer);
                    }
                }
            }
            ("hidden", DeValue::Table(layers)) => rename_all(layers),
            (key, _) => rename(key, value),
        }
    }
}

fn rename(key: &str, value: &mut Spanned<DeValue<'_>>) {
    if names(key).is_empty() {
        return;
    }
    match value.get_mut() {
        DeValue::String(word) => *word = canonical(key, word).to_owned().into(),
        DeValue::Array(several) => several.iter_mut().for_each(|value| rename(key, value)),
        DeValue::Table(table) => match table.get_mut("choices") {
            Some(choices) => rename(key, choices),
            // Classes are called what the table calls them.
            None if key == "class_weight" => {}
            // A choice with its parameters.
            None => {
                let renamed = std::mem::take(table).into_iter().map(|(name, parameters)| {
                    let word = canonical(key, name.get_ref()).to_owned();
                    (Spanned::new(name.span(), word.into()), parameters)
                });
                *table = renamed.collect();
            }
        },
        _ => {}
    }
}

/// A choice without parameters by its name.
///
/// # Errors
/// What there is, with the nearest.
pub fn by_name<T: DeserializeOwned>(key: &str, word: &str) -> Result<T, String> {
    let name: StrDeserializer<'_, NameError> = canonical(key, word).into_deserializer();
    T::deserialize(name).map_err(|error| unknown(&error.to_string()).unwrap_or_else(|| error.to_string()))
}

/// Values without which a name says too little, and how they are written.
const VALUES: [(&str, &str); 7] = [
    ("max", "{ norm = { max = 1.0 } } or { value = { max = 0.5 } }"),
    ("slope", "{ leaky-relu = { slope = 0.01 } }"),
    ("scale", "{ normal = { scale = 0.05 } }"),
    ("gain", "{ orthogonal = { gain = 1.0 } }"),
    ("every", "{ step = { every = 30, factor = 0.1 } }"),
    ("factor", "{ exponential = { factor = 0.95 } } or { step = { every = 30, factor = 0.1 } }"),
    ("decay", "{ inverse-time = { decay = 0.01 } }"),
];

/// The words of the library for a name that is none, in ours, with the nearest of those there are; and for one whose values
/// are left out, with an example.
pub(super) fn unknown(message: &str) -> Option<String> {
    if let Some(field) = message.strip_prefix("missing field `") {
        let (field, example) = VALUES.iter().find(|(known, _)| field.strip_suffix('`') == Some(known))?;
        return Some(format!("it needs a value `{field}`, as in {example} (in quotes behind a flag)"));
    }
    let (kind, rest) = [("unknown variant `", "name"), ("unknown field `", "field")]
        .into_iter()
        .find_map(|(theirs, ours)| Some((ours, message.strip_prefix(theirs)?)))?;
    let (word, rest) = rest.split_once('`')?;
    let there: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    Some(none_of(kind, word, &there))
}

/// The one that was probably meant.
pub(crate) fn nearest<'t>(word: &str, there: &[&'t str]) -> Option<&'t str> {
    let distance = |name: &str| osa_distance(&plain(word), &plain(name));
    // A third of the letters, at least two: more is another word.
    let most = (plain(word).len() / 3).max(2);
    let nearest = there.iter().copied().min_by_key(|name| distance(name));
    nearest.filter(|name| distance(name) <= most && distance(name) < plain(name).len())
}

/// That a word is none of these, with the nearest, or what there is instead.
///
/// ```
/// use nablab_tables::recipe::none_of;
/// assert_eq!(none_of("name", "tahn", &["relu", "tanh"]), "unknown name `tahn`: did you mean `tanh`? There are relu, tanh");
/// ```
pub fn none_of(kind: &str, word: &str, there: &[&str]) -> String {
    let shown = format!("`{}`", nablab_data::readable(word));
    let all = match there {
        [] => "nothing may stand here".to_owned(),
        [only] => format!("there is {only}"),
        there => format!("there are {}", there.join(", ")),
    };
    if let Some((_, instead)) = INSTEAD.iter().find(|(known, _)| *known == plain(word)) {
        return format!("unknown {kind} {shown}: {instead}; {all}");
    }
    match nearest(word, there) {
        Some(name) => format!("unknown {kind} {shown}: did you mean `{name}`? T{}", &all[1..]),
        None => format!("unknown {kind} {shown}: {all}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_means_two_things() {
        for (key, names) in NAMES {
            let mut words: Vec<String> = names
                .iter()
                .flat_map(|(name, others)| std::iter::once(name).chain(*others))
                .map(|w| plain(w))
                .collect();
            let all = words.len();
            words.sort();
            words.dedup();
            assert_eq!(words.len(), all, "{key}");
            let is_instead = |word: &String| key != "types" && INSTEAD.iter().any(|(known, _)| known == word);
            assert!(!words.iter().any(is_instead), "{key}");
        }
    }

    /// The words of the library are not shown, and what is said in their place can be typed.
    #[test]
    fn names_that_need_values_are_answered_with_an_example() {
        for (key, word, example) in [
            ("clip", "norm", "{ norm = { max = 1.0 } }"),
            ("clip", "value", "{ value = { max = 0.5 } }"),
            ("init", "normal", "{ normal = { scale = 0.05 } }"),
            ("init", "orthogonal", "{ orthogonal = { gain = 1.0 } }"),
            ("schedule", "step", "{ step = { every = 30, factor = 0.1 } }"),
            ("schedule", "exponential", "{ exponential = { factor = 0.95 } }"),
            ("schedule", "inverse-time", "{ inverse-time = { decay = 0.01 } }"),
            ("activation", "leaky-relu", "{ leaky-relu = { slope = 0.01 } }"),
        ] {
            let read = |value: &str| {
                let text = match key {
                    "activation" => format!("hidden = [{{ units = 3, activation = {value} }}]"),
                    _ => format!("{key} = {value}"),
                };
                crate::Settings::from_toml(&text, "r.toml").map_err(|error| error.to_string())
            };
            let error = read(&format!("{word:?}")).unwrap_err();
            assert!(error.contains("it needs a value `") && error.contains(example), "{key} {word}: {error}");
            assert!(read(example).is_ok(), "{example}: {:?}", read(example));
        }
    }

    #[test]
    fn letters_that_are_exchanged_are_one_mistake() {
        for (a, b, expected) in [
            ("tahn", "tanh", 1),
            ("adm", "adam", 1),
            ("", "adam", 4),
            ("relu", "relu", 0),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(osa_distance(a, b), expected, "{a}, {b}");
        }
    }
}
