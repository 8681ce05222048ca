//! What a training on a table shows, for `nablab-diagnosis` to judge.

use std::collections::HashSet;

use nablab_data::prepare::{Encoding, Task};
use nablab_diagnosis::{Class, Column, Evidence, Fit, Suspect, thresholds::IMPROBABLE};
use nablab_engine::{Float, Network};

use crate::model::Predictions;
use crate::prepared::{Part, Prepared};
use crate::training::{Ended, Epoch, Training};

/// Features whose power alone is computed, and rows it is computed on.
const MOST_FEATURES: usize = 2000;
const MOST_ROWS: usize = 5000;

impl<F: Float> Training<'_, F> {
    /// What is known of this training by now.
    pub fn evidence(&mut self, ended: Option<&Ended>) -> Evidence {
        let prepared = self.prepared();
        let history = self.history().iter().map(Epoch::moment).collect();
        let signals = self.readings();
        let (network, params) = (self.network(), self.params());
        let judged = |part: &Part<F>| Judged::new(network, params, part, prepared);
        let train = judged(&prepared.train);
        let validation = prepared.validation.as_ref().map(judged);
        let (ignorant, constant) = baselines(prepared);
        let (mut suspects, mut unsure_rows) = (Vec::new(), 0);
        for judged in [Some(&train), validation.as_ref()].into_iter().flatten() {
            suspects.extend(judged.suspects.iter().cloned());
            unsure_rows += judged.unsure;
        }
        suspects.sort_by(|a, b| a.probability.total_cmp(&b.probability));
        Evidence {
            settings: Some((*prepared.recipe).clone()),
            rows: prepared.train.m,
            ignorant: Some(ignorant),
            constant: Some(constant),
            history,
            signals,
            diverged: match ended {
                Some(Ended::Diverged(at)) => Some((at.step, at.place.to_string())),
                _ => None,
            },
            is_finished: matches!(ended, Some(Ended::Finished)),
            classes: validation.as_ref().unwrap_or(&train).classes.clone(),
            train: Some(train.fit),
            validation: validation.map(|judged| judged.fit),
            columns: columns(prepared),
            shared_rows: shared_rows(prepared),
            suspects,
            unsure_rows,
        }
    }
}

/// A network on some rows.
struct Judged {
    fit: Fit,
    classes: Vec<Class>,
    suspects: Vec<Suspect>,
    unsure: usize,
}

impl Judged {
    fn new<F: Float>(network: &Network, params: &[F], part: &Part<F>, prepared: &Prepared<F>) -> Self {
        let target = &prepared.found.target;
        let p = network.predict(params, part.x());
        let (m, outputs) = (part.m, network.outputs());
        let losses: Vec<f64> = (0..m)
            .map(|j| (0..outputs).map(|k| loss(target.task(), p[k * m + j], part.y[k * m + j])).sum())
            .collect();
        let mean = losses.iter().sum::<f64>() / m as f64;
        let variance = losses.iter().map(|loss| (loss - mean).powi(2)).sum::<f64>() / m as f64;
        let predictions = Predictions::new(target, &p, m, Default::default());
        let metric = predictions.metrics(&part.y, &[]).map_or(f64::NAN, |metrics| metrics.headline());
        let mut judged = Self {
            fit: Fit { rows: m, loss: mean, deviation: variance.sqrt(), metric },
            classes: Vec::new(),
            suspects: Vec::new(),
            unsure: 0,
        };
        if matches!(target.task(), Task::Binary | Task::Multiclass) {
            judged.look_at_classes(&predictions, part);
        }
        judged
    }

    fn look_at_classes<F: Float>(&mut self, predictions: &Predictions, part: &Part<F>) {
        let (names, m) = (predictions.names(), part.m);
        let empty = |name: &String| Class { name: name.clone(), rows: 0.0, predicted: 0.0, right: 0.0 };
        self.classes = names.iter().map(empty).collect();
        for (j, row) in predictions.rows().enumerate() {
            let label = match names.len() {
                2 => usize::from(part.y[j].to_f64() > 0.5),
                n => (0..n).find(|k| part.y[k * m + j].to_f64() > 0.5).unwrap_or_default(),
            };
            let predicted = crate::metrics::argmax(row);
            self.classes[label].rows += 1.0;
            self.classes[predicted].predicted += 1.0;
            self.classes[label].right += f64::from(u8::from(label == predicted));
            self.unsure += usize::from((IMPROBABLE..1.0 - IMPROBABLE).contains(&row[label]));
            if row[label] < IMPROBABLE {
                self.suspects.push(Suspect {
                    row: part.rows[j] + 1,
                    label: names[label].clone(),
                    predicted: names[predicted].clone(),
                    probability: row[label],
                });
            }
        }
    }
}

/// The loss of one output.
fn loss<F: Float>(task: Task, p: F, y: F) -> f64 {
    let (p, y) = (p.to_f64(), y.to_f64());
    let log = |p: f64| p.max(f64::MIN_POSITIVE).ln();
    match task {
        Task::Binary | Task::Multilabel => -y * log(p) - (1.0 - y) * log(1.0 - p),
        Task::Multiclass => -y * log(p),
        Task::Regression => 0.5 * (p - y) * (p - y),
    }
}

/// The losses of a network that says nothing yet, and of the best answer that looks at no feature.
fn baselines<F: Float>(prepared: &Prepared<F>) -> (f64, f64) {
    let (train, task) = (&prepared.train, prepared.found.target.task());
    let rows = train.y.chunks_exact(train.m);
    let outputs = rows.len() as f64;
    let mean = |row: &[F]| row.iter().map(|y| y.to_f64()).sum::<f64>() / train.m as f64;
    let entropy = |p: f64| if p > 0.0 { -p * p.ln() } else { 0.0 };
    match task {
        Task::Binary | Task::Multilabel => {
            let both = |row: &[F]| entropy(mean(row)) + entropy(1.0 - mean(row));
            (outputs * std::f64::consts::LN_2, rows.map(both).sum())
        }
        Task::Multiclass => (outputs.ln(), rows.map(|row| entropy(mean(row))).sum()),
        Task::Regression => {
            let squares = |row: &[F]| row.iter().map(|y| y.to_f64().powi(2)).sum::<f64>() / train.m as f64;
            let all: f64 = rows.clone().map(squares).sum();
            (all / 2.0, (all - rows.map(|row| mean(row).powi(2)).sum::<f64>()) / 2.0)
        }
    }
}

/// The features as the network sees them.
fn columns<F: Float>(prepared: &Prepared<F>) -> Vec<Column> {
    let (train, target) = (&prepared.train, &prepared.found.target);
    let is_indicator = prepared.found.inputs.columns().iter().flat_map(|input| match &input.encoding {
        Encoding::Number { indicator, .. } => {
            [false].into_iter().chain(indicator.then_some(true)).collect::<Vec<_>>()
        }
        encoding => vec![true; encoding.width()],
    });
    let names = prepared.found.inputs.names();
    let few = names.len() <= MOST_FEATURES;
    let rows = train.m.min(MOST_ROWS);
    let y: Vec<f64> = train.y[..train.m].iter().take(rows).map(|y| y.to_f64()).collect();
    let of_feature = |((name, is_indicator), x): ((String, bool), &[F])| {
        let x: Vec<f64> = x.iter().map(|v| v.to_f64()).collect();
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        let variance = x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / x.len() as f64;
        let alone = match target.task() {
            Task::Binary if few => area(&x[..rows], &y),
            Task::Regression if few && target.outputs() == 1 => correlation(&x[..rows], &y),
            _ => f64::NAN,
        };
        Column { name, mean, deviation: variance.sqrt(), is_indicator, alone }
    };
    names.into_iter().zip(is_indicator).zip(train.x.chunks_exact(train.m)).map(of_feature).collect()
}

/// The area under the ROC curve of a feature, whichever way it points.
fn area(x: &[f64], y: &[f64]) -> f64 {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|&a, &b| x[a].total_cmp(&x[b]));
    let (mut ranks, mut start) = (0.0, 0);
    while start < order.len() {
        let end = (start..order.len()).find(|&i| x[order[i]] != x[order[start]]).unwrap_or(order.len());
        // Equal values share the mean of their ranks.
        let rank = (start + end + 1) as f64 / 2.0;
        ranks += rank * order[start..end].iter().filter(|&&j| y[j] > 0.5).count() as f64;
        start = end;
    }
    let ones = y.iter().filter(|&&y| y > 0.5).count() as f64;
    let area = (ranks - ones * (ones + 1.0) / 2.0) / (ones * (y.len() as f64 - ones));
    area.max(1.0 - area)
}

fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let both: f64 = x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum();
    let square = |v: &[f64], m: f64| v.iter().map(|v| (v - m).powi(2)).sum::<f64>();
    (both / (square(x, mx) * square(y, my)).sqrt()).abs()
}

/// Rows held out with the features of a row learned from; 0 where all features are made of categories, which repeat.
fn shared_rows<F: Float>(prepared: &Prepared<F>) -> usize {
    let is_number = |input: &nablab_data::prepare::Input| matches!(input.encoding, Encoding::Number { .. });
    let Some(validation) = &prepared.validation else { return 0 };
    if !prepared.found.inputs.columns().iter().any(is_number) {
        return 0;
    }
    let row = |part: &Part<F>, j: usize| -> Vec<u64> {
        part.x.chunks_exact(part.m).map(|feature| (feature[j].to_f64() + 0.0).to_bits()).collect()
    };
    let train = &prepared.train;
    let known: HashSet<Vec<u64>> = (0..train.m).map(|j| row(train, j)).collect();
    (0..validation.m).filter(|&j| known.contains(&row(validation, j))).count()
}
