//! A training that is watched, and what its evidence says.

use nablab::data::prepare::Target;
use nablab::diagnosis::{Advice, Diagnosis, EpochLosses, Evidence as Known, Handling, diagnose};
use nablab::engine::{Float, Settings};
use nablab::report::html;
use nablab::tables::{Part, report};
use numpy::Element;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::arrays::{Array1, Array2, Matrix, Targets, numbers};
use crate::language::language;

/// X, Y and weights.
pub(crate) type Examples<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>, Option<Array1<'py, f64>>);

/// Examples as the library keeps them.
pub(crate) fn part<F: Float + Element>((x, y, weights): &Examples<'_>) -> PyResult<Part<F>> {
    let x: Array2<'_, F> = x.extract()?;
    let y: Targets<'_, F> = match y.extract() {
        Ok(numbers) => Targets::Numbers(numbers),
        Err(_) => Targets::Classes(y.extract()?),
    };
    let weights = weights.as_ref().map(numbers).unwrap_or_default();
    let (x, m) = Matrix::of_rows(&x).into_numbers();
    Ok(Part::of(x, y.to_y()?, m, weights))
}

/// What is predicted, from the names of classes: those of one target, or a no and a yes of each of several; none of numbers.
pub(crate) fn target(outputs: usize, names: Vec<String>, is_labels: bool) -> Target {
    match (is_labels, names.is_empty()) {
        (true, _) => {
            Target::Labels { levels: names.iter().map(|_| ["0".to_owned(), "1".to_owned()]).collect(), names }
        }
        (false, false) => Target::Classes { name: "y".into(), levels: names },
        (false, true) => Target::Numbers {
            names: (0..outputs).map(|output| format!("y{output}")).collect(),
            center: vec![0.0; outputs],
            scale: vec![1.0; outputs],
        },
    }
}

/// What was done around a training: every class counts the same, rows are held out, and it stops after so many epochs without gain.
pub(crate) fn handling(is_balanced: bool, is_held_out: bool, patience: u64) -> Handling {
    Handling {
        is_balanced,
        patience: if is_held_out { patience } else { 0 },
        has_own_validation: false,
        ..Handling::default()
    }
}

/// What is known of a training.
#[pyclass(frozen, module = "nablab._core")]
pub(crate) struct Evidence(pub(crate) Known);

/// A row for each number of an epoch.
type History = Vec<(u64, f64, f64, f64, f64)>;

#[pymethods]
impl Evidence {
    /// From plain data: JSON, and what the epochs were.
    #[new]
    fn new(json: &str, history: History) -> PyResult<Self> {
        let known: Known =
            serde_json::from_str(json).map_err(|error| PyValueError::new_err(error.to_string()))?;
        let row = |(epoch, cost, train_loss, validation_loss, validation_metric)| EpochLosses {
            epoch,
            cost,
            train_loss,
            validation_loss,
            validation_metric,
        };
        Ok(Self(Known { history: history.into_iter().map(row).collect(), ..known }))
    }

    /// As plain data.
    fn __getnewargs__(&self) -> PyResult<(String, History)> {
        let json =
            serde_json::to_string(&self.0).map_err(|error| PyValueError::new_err(error.to_string()))?;
        let row =
            |at: &EpochLosses| (at.epoch, at.cost, at.train_loss, at.validation_loss, at.validation_metric);
        Ok((json, self.0.history.iter().map(row).collect()))
    }

    /// What is wrong, as a text with what cannot be told; `en` or `zh`.
    fn diagnosis(&self, lang: &str, is_classifier: bool) -> PyResult<String> {
        let worded = |advice: &Advice| advised(advice, is_classifier);
        Ok(Diagnosis::new(&diagnose(&self.0), &self.0, language(lang)?, &worded).text())
    }

    /// The codes of what is wrong.
    fn findings(&self) -> Vec<&'static str> {
        diagnose(&self.0).iter().map(nablab::diagnosis::Finding::code).collect()
    }

    /// The page; `code` trains it again.
    fn report(
        &self,
        py: Python<'_>,
        name: &str,
        code: &str,
        lang: &str,
        is_classifier: bool,
    ) -> PyResult<String> {
        let lang = language(lang)?;
        let worded = |advice: &Advice| advised(advice, is_classifier);
        Ok(py.detach(|| html(&report::watched(name, code, &self.0, lang, &worded))))
    }
}

/// The settings that are judged.
pub(crate) fn judged(settings: &str) -> PyResult<Settings> {
    serde_json::from_str(settings).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// An advice in the arguments of scikit-learn's networks.
fn advised(advice: &Advice, is_classifier: bool) -> String {
    let one = if is_classifier { "Classifier" } else { "Regressor" };
    match advice {
        Advice::He => r#"initializer="he""#.into(),
        Advice::Xavier => r#"initializer="xavier""#.into(),
        Advice::Relu => r#"activation="relu", initializer="he""#.into(),
        Advice::LeakyRelu(slope) => format!(r#"activation={{"leaky-relu": {{"slope": {slope}}}}}"#),
        Advice::BatchNorm => "batch_norm=True".into(),
        Advice::FindLearningRate => format!(r#"Nablab{one}(learning_rate="find")"#),
        Advice::LearningRate(rate) => format!("learning_rate_init={rate}"),
        Advice::Adam(rate) => format!(r#"solver="adam", learning_rate_init={rate}"#),
        Advice::Cosine => r#"learning_rate="cosine""#.into(),
        Advice::ClipNorm(max) => format!("clip_norm={max}"),
        Advice::L2(strength) => format!("alpha={strength}"),
        Advice::L1(strength) => format!("l1={strength}"),
        Advice::WeightDecay(rate) => format!(r#"solver={{"adam-w": {{"weight_decay": {rate}}}}}"#),
        Advice::Dropout(rate) => format!("dropout={rate}"),
        Advice::Layers(units) if units.is_empty() => "a linear model".into(),
        Advice::Layers(units) => format!(
            "hidden_layer_sizes=({},)",
            units.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
        ),
        Advice::EarlyStopping(epochs) => format!("early_stopping=True, n_iter_no_change={epochs}"),
        Advice::Epochs(epochs) => format!("max_iter={epochs}"),
        Advice::BatchSize(rows) => format!("batch_size={rows}"),
        Advice::BalancedClasses => r#"class_weight="balanced""#.into(),
        Advice::BalancedThreshold => "sklearn.model_selection.TunedThresholdClassifierCV(estimator)".into(),
        Advice::Scaled => "make_pipeline(StandardScaler(), estimator)".into(),
        Advice::Ignore(columns) => format!("X without the columns {}", columns.join(", ")),
        Advice::LabelSmoothing(share) => format!("Nablab{one}(label_smoothing={share})"),
        Advice::Types(types) => {
            let types = types.iter().map(|(column, of)| format!("{column:?}: {of:?}"));
            format!("Nablab{one}(types={{{}}})", types.collect::<Vec<_>>().join(", "))
        }
        Advice::Binary => "MLPClassifier instead of MLPRegressor".into(),
        Advice::Regression => "MLPRegressor instead of MLPClassifier".into(),
        Advice::Folds(folds) => {
            format!("sklearn.model_selection.cross_validate(estimator, X, y, cv={folds})")
        }
    }
}
