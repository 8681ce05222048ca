//! Metrics: scikit-learn's numbers (tests/oracles/metrics.py writes them), what must hold of any, and what is refused.

use nablab_tables::metrics::{
    Classification, MetricsError, Multilabel, Regression, classification, multilabel, regression,
};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Deserialize)]
struct Oracle {
    classification: Vec<Case>,
    multilabel: Vec<Case>,
    regression: Vec<Case>,
}

/// `targets` are labels, and `outputs` is the number of classes, where there is one label among several.
#[derive(Deserialize)]
struct Case {
    name: String,
    predictions: Vec<f64>,
    targets: Vec<f64>,
    outputs: usize,
    weights: Option<Vec<f64>>,
    expected: Value,
}

impl Case {
    fn labels(&self) -> Vec<usize> {
        self.targets.iter().map(|&label| label as usize).collect()
    }

    fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }
}

fn oracle() -> Oracle {
    serde_json::from_str(include_str!("../oracles/metrics.json")).unwrap()
}

/// What is not the same, by name: numbers up to round-off, everything else exactly.
fn differences(place: &str, ours: &Value, theirs: &Value, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().for_each(|(key, value)| differences(&format!("{place}.{key}"), value, &b[key], found));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let pairs = a.iter().zip(b).enumerate();
            pairs.for_each(|(k, (a, b))| differences(&format!("{place}[{k}]"), a, b, found));
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            if (a - b).abs() > 1e-12 * b.abs() + 1e-15 {
                found.push(format!("{place}: {a} is not {b}"));
            }
        }
        _ if ours == theirs => {}
        _ => found.push(format!("{place}: {ours} is not {theirs}")),
    }
}

fn compare<T: Serialize>(cases: &[Case], measure: impl Fn(&Case) -> Result<T, MetricsError>) {
    assert!(!cases.is_empty());
    let mut found = vec![];
    for case in cases {
        let ours = serde_json::to_value(measure(case).unwrap()).unwrap();
        differences(&case.name, &ours, &case.expected, &mut found);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn classification_is_scikit_learns() {
    compare(&oracle().classification, |c| {
        classification(&c.predictions, &c.labels(), c.outputs, c.weights())
    });
}

#[test]
fn several_outputs_are_scikit_learns() {
    compare(&oracle().multilabel, |c| multilabel(&c.predictions, &c.targets, c.outputs, c.weights()));
}

#[test]
fn regression_is_scikit_learns() {
    compare(&oracle().regression, |c| regression(&c.predictions, &c.targets, c.outputs, c.weights()));
}

/// np.argmax([[0.5, 0.5], [0.3, nan], [nan, nan]], axis=1): [0, 1, 0].
#[test]
fn equal_probabilities_and_not_a_number_are_decided_as_by_numpy() {
    let probabilities = [0.5, 0.5, 0.3, f64::NAN, f64::NAN, f64::NAN];
    let metrics = classification(&probabilities, &[0, 0, 0], 2, None).unwrap();
    assert_eq!(metrics.confusion, [[2.0, 1.0], [0.0, 0.0]]);
    // p > 0.5, so that one half is no.
    assert_eq!(multilabel(&[0.5], &[1.0], 1, None).unwrap().exact_match, 0.0);
}

#[test]
fn a_diverged_model_has_metrics_that_survive_json() {
    let nan = f64::NAN;
    let metrics = classification(&[0.2, 0.8, nan, nan, 0.9, 0.1], &[1, 0, 0], 2, None).unwrap();
    assert!(metrics.log_loss.is_nan() && metrics.calibration_error.is_nan());
    assert_eq!((metrics.roc_auc, metrics.accuracy), (None, 1.0));
    // Spoilt by the class that it is not, too.
    assert!(classification(&[0.2, nan], &[0], 2, None).unwrap().log_loss.is_nan());
    let json = serde_json::to_string(&metrics).unwrap();
    assert!(json.contains(r#""log_loss":null,"roc_auc":null"#), "{json}");
    let back: Classification = serde_json::from_str(&json).unwrap();
    assert!(back.log_loss.is_nan() && back.confusion == metrics.confusion);

    let metrics = multilabel(&[0.2, nan, 0.8, 0.4], &[0.0, 1.0, 1.0, 0.0], 2, None).unwrap();
    assert!(metrics.log_loss.is_nan());
    assert_eq!((metrics.roc_auc, metrics.per_output[0].roc_auc), (None, Some(1.0)));
    let back: Multilabel = serde_json::from_str(&serde_json::to_string(&metrics).unwrap()).unwrap();
    assert!(back.per_output[1].log_loss.is_nan());

    for wrong in [nan, f64::INFINITY, 1e200] {
        let metrics = regression(&[1.0, wrong], &[1.0, 2.0], 1, None).unwrap();
        assert!(!metrics.rmse.is_finite());
        assert_eq!((metrics.r2, metrics.per_target[0].r2), (None, None));
        let back: Regression = serde_json::from_str(&serde_json::to_string(&metrics).unwrap()).unwrap();
        assert!(back.rmse.is_nan());
    }
}

#[test]
fn what_is_undefined_is_none() {
    let one = classification(&[0.25, 0.75], &[1], 2, None).unwrap();
    assert_eq!((one.examples, one.accuracy, one.balanced_accuracy, one.roc_auc), (1, 1.0, 1.0, None));
    assert_eq!((one.log_loss, one.calibration_error), (-0.75_f64.ln(), 0.25));
    // A class whose examples weigh nothing does not occur.
    let weighted = classification(&[0.3, 0.7, 0.6, 0.4], &[1, 0], 2, Some(&[2.0, 0.0])).unwrap();
    assert_eq!(
        (weighted.roc_auc, weighted.balanced_accuracy, weighted.per_class[0].support),
        (None, 1.0, 0.0)
    );

    assert_eq!(regression(&[1.0], &[2.0], 1, None).unwrap().r2, None);
    // The sum of ten times 0.1, over 10, is 0.09999999999999999: a variance that is not 0.
    assert_eq!(regression(&[0.2; 10], &[0.1; 10], 1, None).unwrap().r2, None);
    let two = regression(&[1.0, 5.0, 2.0, 5.0], &[1.0, 5.0, 2.0, 5.0], 2, None).unwrap();
    assert_eq!((two.r2, two.per_target[0].r2, two.per_target[1].r2), (None, Some(1.0), None));
}

/// The sure mistake costs −ln ε = 52 ln 2: `log_loss([1], [[1, 0]], labels=[0, 1])` is 36.04365338911715.
#[test]
fn a_sure_mistake_is_not_infinite() {
    let metrics = classification(&[1.0, 0.0], &[1], 2, None).unwrap();
    assert!((metrics.log_loss - 36.04365338911715).abs() < 1e-13);
    let metrics = multilabel(&[1.0], &[0.0], 1, None).unwrap();
    assert!((metrics.log_loss - 36.04365338911715).abs() < 1e-13);
}

/// f1_score([0, 1, 0], [0, 0, 2], average="macro"): 1 occurs, 2 is predicted, 3 is neither.
#[test]
fn the_mean_f1_is_over_classes_that_occur_or_are_predicted() {
    let probabilities = [[1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]];
    let metrics = classification(probabilities.as_flattened(), &[0, 1, 0], 4, None).unwrap();
    assert_eq!(metrics.f1, 0.16666666666666666);
}

/// 0.1 + (0.4 + 0.2) is more than 0.1 + 0.4 + 0.2.
#[test]
fn rounding_makes_no_area_above_1() {
    let (probabilities, weights) = ([0.1, 0.9, 0.7, 0.3, 0.8, 0.2, 0.8, 0.2], [1.0, 0.1, 0.4, 0.2]);
    let metrics = classification(&probabilities, &[1, 0, 0, 0], 2, Some(&weights)).unwrap();
    assert_eq!(metrics.roc_auc, Some(1.0));
}

#[test]
fn tiny_and_huge_weights_do_not_underflow_or_overflow() {
    let (probabilities, labels) = ([0.4, 0.6, 0.7, 0.3, 0.45, 0.55], [1, 1, 0]);
    for weight in [1.0, 1e-300, 5e307] {
        let metrics = classification(&probabilities, &labels, 2, Some(&[weight; 3])).unwrap();
        assert_eq!((metrics.roc_auc, metrics.f1), (Some(0.5), 0.5));
    }
}

#[test]
fn what_does_not_fit_is_refused_with_the_place() {
    let message = |result: Result<Classification, MetricsError>| result.unwrap_err().to_string();
    let (p, nan) = ([0.5, 0.5, 0.25, 0.75], f64::NAN);
    assert_eq!(
        message(classification(&p, &[0], 2, None)),
        "number of probabilities: expected 2 for each of 1 labels, got 4\n\
         hint: a row is an example, and all its numbers are together"
    );
    assert_eq!(
        message(classification(&p, &[0, 2], 2, None)),
        "label of example 1 (from 0): expected a class below 2, got 2\nhint: classes are numbered from 0"
    );
    assert_eq!(
        message(classification(&[0.5, 0.5, -1.0, 3.5], &[0, 1], 2, None)),
        "probability of example 1 (from 0): expected a number from 0 to 1, got -1\n\
         hint: metrics take probabilities, not logits"
    );
    assert!(message(classification(&p, &[0; 4], 1, None)).starts_with("number of classes"));
    assert!(message(classification(&p, &[0, 1], 2, Some(&[1.0]))).starts_with("number of weights"));
    for weights in [[1.0, -1.0], [0.0, nan], [1.0, f64::INFINITY], [1e308, 1e308]] {
        let message = message(classification(&p, &[0, 1], 2, Some(&weights)));
        assert!(message.starts_with("weight of example 1"), "{message}");
    }
    assert_eq!(classification(&[], &[], 2, None), Err(MetricsError::NoExamples));
    assert_eq!(classification(&p, &[0, 1], 2, Some(&[0.0, 0.0])), Err(MetricsError::NoExamples));

    let refused = |result: Result<Multilabel, MetricsError>, start: &str| {
        assert!(result.unwrap_err().to_string().starts_with(start), "{start}");
    };
    refused(multilabel(&p, &[1.0; 4], 0, None), "number of outputs");
    refused(multilabel(&p, &[1.0; 4], 3, None), "number of targets");
    refused(multilabel(&p, &[1.0; 2], 2, None), "number of probabilities");
    refused(multilabel(&p, &[1.0, 0.0, 1.0, 0.5], 2, None), "target of example 1");
    refused(multilabel(&[0.5, 1.5], &[1.0, 0.0], 1, None), "probability of example 1");
    assert_eq!(multilabel(&[], &[], 2, None), Err(MetricsError::NoExamples));

    let refused = regression(&p, &[1.0, 2.0, nan, 4.0], 2, None).unwrap_err().to_string();
    assert!(
        refused.starts_with("target of example 1 (from 0): expected a finite number, got NaN"),
        "{refused}"
    );
    assert_eq!(regression(&[], &[], 1, None), Err(MetricsError::NoExamples));
}

/// Examples of one label among several; probabilities are multiples of 1/20, so that many are equal.
#[derive(Clone, Debug)]
struct Labelled {
    classes: usize,
    rows: Vec<(Vec<f64>, usize, u8)>,
}

impl Labelled {
    fn metrics(&self) -> Classification {
        let (mut p, mut labels, mut weights) = (vec![], vec![], vec![]);
        for (row, label, weight) in &self.rows {
            p.extend(row);
            labels.push(*label);
            weights.push(f64::from(*weight));
        }
        classification(&p, &labels, self.classes, Some(&weights)).unwrap()
    }
}

fn labelled(classes: impl Strategy<Value = usize>) -> impl Strategy<Value = Labelled> {
    classes.prop_flat_map(|classes| {
        let row = prop::collection::vec(0..=20, classes).prop_map(|row| {
            let total = row.iter().sum::<i32>().max(1);
            row.iter().map(|&p| f64::from(p * 20 / total) / 20.0).collect()
        });
        prop::collection::vec((row, 0..classes, 1..5_u8), 1..30)
            .prop_map(move |rows| Labelled { classes, rows })
    })
}

/// Targets, predictions and weights of two outputs.
fn numbers() -> impl Strategy<Value = Vec<([f64; 2], [f64; 2], u8)>> {
    let pair = || [-10.0..10.0, -10.0..10.0];
    prop::collection::vec((pair(), pair(), 1..5_u8), 1..30)
}

type Measure<T> = fn(&[f64], &[f64], usize, Option<&[f64]>) -> Result<T, MetricsError>;

fn of_pairs<T>(measure: Measure<T>, rows: &[([f64; 2], [f64; 2], u8)]) -> T {
    let (p, t): (Vec<_>, Vec<_>) = rows.iter().map(|(p, t, _)| (*p, *t)).unzip();
    let weights: Vec<f64> = rows.iter().map(|row| f64::from(row.2)).collect();
    measure(p.as_flattened(), t.as_flattened(), 2, Some(&weights)).unwrap()
}

/// Numbers as yes/no questions.
fn questions(rows: &[([f64; 2], [f64; 2], u8)]) -> Vec<([f64; 2], [f64; 2], u8)> {
    let yes = |t: f64| f64::from(u8::from(t > 0.0));
    rows.iter().map(|(p, t, w)| (p.map(|p| (p + 10.0).round() / 20.0), t.map(yes), *w)).collect()
}

fn same<T: Serialize>(a: &T, b: &T) -> Result<(), TestCaseError> {
    let [a, b] = [a, b].map(|metrics| serde_json::to_value(metrics).unwrap());
    let mut found = vec![];
    differences("", &a, &b, &mut found);
    prop_assert!(found.is_empty(), "{found:?}");
    Ok(())
}

/// Each row once more for each unit of its weight; a row of weight 0 disappears.
fn repeated<T: Clone>(rows: &[T], weight: impl Fn(&mut T) -> &mut u8) -> Vec<T> {
    let mut all = vec![];
    for row in rows {
        let mut row = row.clone();
        let times = std::mem::replace(weight(&mut row), 1);
        all.extend(std::iter::repeat_n(row, times.into()));
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// A weight of n is n copies, and the order of examples does not matter; the number of examples aside.
    #[test]
    fn a_weight_is_a_number_of_copies(
        case in labelled(2..5_usize), rows in numbers(), order in any::<prop::sample::Index>(),
    ) {
        let mut copies = Labelled { rows: repeated(&case.rows, |row| &mut row.2), ..case.clone() };
        let turn = order.index(copies.rows.len());
        copies.rows.rotate_left(turn);
        copies.rows.reverse();
        same(&copies.metrics(), &Classification { examples: copies.rows.len(), ..case.metrics() })?;

        let mut copies = repeated(&rows, |row| &mut row.2);
        copies.reverse();
        let examples = copies.len();
        let weighted = of_pairs(regression, &rows);
        let close = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * (1.0 + a.abs()),
            _ => a == b,
        };
        let copied = of_pairs(regression, &copies);
        // 1 − a quotient loses digits.
        prop_assert!(close(copied.r2, weighted.r2));
        prop_assert!(close(Some(copied.rmse), Some(weighted.rmse)) && close(Some(copied.mae), Some(weighted.mae)));
        let weighted = of_pairs(multilabel, &questions(&rows));
        same(&of_pairs(multilabel, &questions(&copies)), &Multilabel { examples, ..weighted })?;
    }

    /// An example of weight 0 changes no bit, whatever it says.
    #[test]
    fn weight_0_is_absent(case in labelled(2..5_usize), rows in numbers(), at in any::<prop::sample::Index>()) {
        let mut more = case.clone();
        let nonsense = (vec![f64::NAN; case.classes], usize::MAX, 0);
        more.rows.insert(at.index(case.rows.len() + 1), nonsense);
        prop_assert_eq!(more.metrics(), case.metrics());
        let insert = |mut rows: Vec<_>| {
            rows.insert(at.index(rows.len() + 1), ([f64::NAN; 2], [f64::NAN; 2], 0));
            rows
        };
        prop_assert_eq!(of_pairs(regression, &insert(rows.clone())), of_pairs(regression, &rows));
        let asked = questions(&rows);
        prop_assert_eq!(of_pairs(multilabel, &insert(asked.clone())), of_pairs(multilabel, &asked));
    }

    /// The area depends on the order of the scores alone, and turns over with it.
    #[test]
    fn the_area_sees_only_the_order(case in labelled(Just(2_usize))) {
        let with = |score: fn(f64) -> f64| {
            let rows = case.rows.iter().map(|(p, label, w)| (vec![0.0, score(p[1])], *label, *w)).collect();
            Labelled { classes: 2, rows }.metrics().roc_auc
        };
        let plain = with(|p| p);
        prop_assert_eq!(with(|p| p * p * p / 2.0), plain);
        prop_assert_eq!(with(f64::sqrt), plain);
        let turned = with(|p| 1.0 - p).zip(plain);
        prop_assert!(turned.is_none_or(|(turned, plain)| (turned + plain - 1.0).abs() < 1e-12));
    }

    /// By the definition: the share of pairs in the right order.
    #[test]
    fn the_area_is_a_share_of_pairs(case in labelled(Just(2_usize))) {
        let (mut right, mut pairs) = (0.0, 0.0);
        for (p, _, w) in case.rows.iter().filter(|row| row.1 == 1) {
            for (q, _, v) in case.rows.iter().filter(|row| row.1 == 0) {
                let pair = f64::from(*w) * f64::from(*v);
                pairs += pair;
                right += pair * if p[1] > q[1] { 1.0 } else if p[1] == q[1] { 0.5 } else { 0.0 };
            }
        }
        let expected = (pairs > 0.0).then(|| right / pairs);
        match (case.metrics().roc_auc, expected) {
            (Some(ours), Some(expected)) => prop_assert!((ours - expected).abs() < 1e-12),
            (ours, expected) => prop_assert_eq!(ours, expected),
        }
    }

    #[test]
    fn everything_is_in_its_range(case in labelled(2..5_usize), rows in numbers()) {
        let share = |v: f64| (0.0..=1.0).contains(&v);
        let m = case.metrics();
        for v in [m.accuracy, m.balanced_accuracy, m.f1, m.calibration_error, m.roc_auc.unwrap_or(0.0)] {
            prop_assert!(share(v), "{m:?}");
        }
        prop_assert!(m.log_loss > 0.0 && m.log_loss < 36.1);
        prop_assert!(m.per_class.iter().all(|c| share(c.precision) && share(c.recall) && share(c.f1)));
        let weight: f64 = case.rows.iter().map(|row| f64::from(row.2)).sum();
        prop_assert_eq!(m.confusion.as_slice().concat().iter().sum::<f64>(), weight);

        let m = of_pairs(multilabel, &questions(&rows));
        for v in [m.exact_match, m.hamming_loss, m.f1, m.roc_auc.unwrap_or(0.0)] {
            prop_assert!(share(v), "{m:?}");
        }
        prop_assert!(1.0 - m.exact_match >= m.hamming_loss - 1e-12);
        let m = of_pairs(regression, &rows);
        prop_assert!(m.mae >= 0.0 && m.rmse >= m.mae - 1e-12 && m.r2.is_none_or(|r2| r2 <= 1.0));
    }
}
