//! Labels that may be wrong, by confident learning (Northcutt, Jiang & Chuang 2021): the network gives another class at
//! least the probability that it gives, on average, to rows of that class.

use nablab_diagnosis::Suspect;
use nablab_diagnosis::thresholds::{IMPROBABLE, USUAL};
use nablab_engine::Float;
use serde::Serialize;

use crate::metrics::argmax;
use crate::model::Predictions;
use crate::prepared::Part;

/// Predicted rows, and what each is labelled.
pub(crate) struct Labelled {
    pub(crate) predictions: Predictions,
    pub(crate) labels: Vec<usize>,
    /// Which rows of the table, from 0.
    pub(crate) rows: Vec<usize>,
    /// The network has not learned from them.
    pub(crate) are_held_out: bool,
}

impl Labelled {
    /// The rows of a part, of which `predictions` are.
    pub(crate) fn new<F: Float>(predictions: Predictions, part: &Part<F>, are_held_out: bool) -> Self {
        let m = part.m;
        let label = |j: usize| match part.y.len() / m {
            1 => usize::from(part.y[j].to_f64() > 0.5),
            n => (0..n).find(|k| part.y[k * m + j].to_f64() > 0.5).unwrap_or_default(),
        };
        Self { predictions, labels: (0..m).map(label).collect(), rows: part.rows.clone(), are_held_out }
    }
}

/// Suspect rows that are listed; more would be a matter of the labels as a whole.
const MOST_SUSPECTS: usize = 100;

/// Labels that networks doubt.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Doubted {
    /// The least probable first; of very many, some.
    pub suspects: Vec<Suspect>,
    /// How many there are.
    pub rows: usize,
    /// Other rows whose label is less probable than is usual of its class.
    pub unsure: usize,
}

impl Doubted {
    pub(crate) fn new(parts: &[&Labelled]) -> Self {
        let Some(names) = parts.first().map(|part| part.predictions.names()) else { return Self::default() };
        let rows = || {
            parts.iter().flat_map(|part| {
                let of_part = part.predictions.rows().zip(&part.labels).zip(&part.rows);
                of_part.map(|((p, &label), &row)| (p, label, row, part.are_held_out))
            })
        };
        let mut usual = vec![(0.0, 0.0); names.len()];
        for (p, label, ..) in rows() {
            let (sum, count) = &mut usual[label];
            (*sum, *count) = (*sum + p[label], *count + 1.0);
        }
        // Not a number of a class without rows: nothing is as probable.
        let usual: Vec<f64> = usual.into_iter().map(|(sum, count)| sum / count).collect();
        let mut doubted = Self::default();
        for (p, label, row, is_held_out) in rows() {
            let confident = (0..p.len()).filter(|&k| p[k] >= usual[k]);
            let is_other = confident.max_by(|&a, &b| p[a].total_cmp(&p[b])).is_some_and(|k| k != label);
            if is_other && p[label] < IMPROBABLE * usual[label] {
                doubted.suspects.push(Suspect {
                    row: row + 1,
                    label: names[label].clone(),
                    predicted: names[argmax(p)].clone(),
                    probability: p[label],
                    is_held_out,
                });
            } else if p[label] < USUAL * usual[label] {
                doubted.unsure += 1;
            }
        }
        doubted.suspects.sort_by(|a, b| a.probability.total_cmp(&b.probability));
        doubted.rows = doubted.suspects.len();
        doubted.suspects.truncate(MOST_SUSPECTS);
        doubted
    }
}

#[cfg(test)]
mod tests {
    use nablab_data::prepare::{Seen, Target};

    use super::*;

    /// cleanlab 2.9.0's compute_confident_joint(labels, P, return_indices_of_off_diagonals=True): rows 2, 7 and 11 from 0.
    #[test]
    fn rows_are_those_of_cleanlab() {
        let p = [
            [0.77, 0.04, 0.19],
            [0.79, 0.18, 0.03],
            [0.03, 0.96, 0.01],
            [0.7, 0.26, 0.04],
            [0.4, 0.35, 0.25],
            [0.26, 0.6, 0.14],
            [0.0, 0.93, 0.07],
            [0.02, 0.02, 0.96],
            [0.06, 0.63, 0.31],
            [0.04, 0.86, 0.1],
            [0.07, 0.26, 0.67],
            [0.94, 0.05, 0.01],
            [0.13, 0.18, 0.69],
            [0.17, 0.08, 0.75],
            [0.27, 0.04, 0.69],
        ];
        let levels = ["a", "b", "c"].map(str::to_owned).to_vec();
        let predictions = Predictions {
            target: Target::Classes { name: "y".into(), levels },
            values: p.concat(),
            width: 3,
            threshold: 0.5,
            seen: Seen::default(),
        };
        let labels = (0..15).map(|j| j / 5).collect();
        let part = Labelled { predictions, labels, rows: (0..15).collect(), are_held_out: true };
        let doubts = Doubted::new(&[&part]);
        let mut rows: Vec<usize> = doubts.suspects.iter().map(|suspect| suspect.row - 1).collect();
        rows.sort_unstable();
        assert_eq!(rows, [2, 7, 11]);
        // Row 4 has 0.4 where 0.538 is usual.
        assert_eq!(doubts.unsure, 1);
        assert_eq!((doubts.suspects[0].label.as_str(), doubts.suspects[0].predicted.as_str()), ("c", "a"));
    }
}
