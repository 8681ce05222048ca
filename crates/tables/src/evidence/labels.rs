//! Labels that may be wrong, by confident learning (Northcutt, Jiang & Chuang 2021): the network gives another class at
//! least the probability that it gives, on average, to rows of that class.

use nablab_data::prepare::Target;
use nablab_diagnosis::Suspect;
use nablab_diagnosis::thresholds::{IMPROBABLE, USUAL};
use nablab_engine::Float;
use serde::Serialize;

use crate::metrics::{Top, class, fold_rows};
use crate::outputs::Outputs;
use crate::prepared::Part;

/// Predicted rows, and what each is labelled.
#[derive(Debug)]
pub(crate) struct Labelled<F> {
    said: Outputs<F>,
    labels: Vec<usize>,
    /// Which rows of the table, from 0.
    rows: Vec<usize>,
    /// The network has not learned from them.
    are_held_out: bool,
}

impl<F: Float> Labelled<F> {
    /// The rows of a part, of which something is said.
    pub(crate) fn new(said: Outputs<F>, part: &Part<F>, are_held_out: bool) -> Self {
        Self {
            said,
            labels: (0..part.m).map(|j| class(part.y(), j)).collect(),
            rows: part.rows.clone(),
            are_held_out,
        }
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
    pub(crate) fn new<F: Float>(parts: &[&Labelled<F>]) -> Self {
        let Some(Target::Classes { levels, .. }) = parts.first().map(|part| part.said.target()) else {
            return Self::default();
        };
        let mut usual = vec![(0.0, 0.0); levels.len()];
        for part in parts {
            for (j, &label) in part.labels.iter().enumerate() {
                let (sum, count) = &mut usual[label];
                (*sum, *count) = (*sum + part.said.at(j, label), *count + 1.0);
            }
        }
        // Not a number of a class without rows: nothing is as probable.
        let usual: Vec<f64> = usual.into_iter().map(|(sum, count)| sum / count).collect();
        let (mut unsure, mut found) = (0, Vec::new());
        for part in parts {
            let add = |row: &mut Row, k: usize, p: f64| {
                row.top.add(k, p);
                if p >= usual[k] && row.confident.is_none_or(|(_, most)| p >= most) {
                    row.confident = Some((k, p));
                }
            };
            let said = |j: usize, k: usize| part.said.at(j, k);
            fold_rows([part.said.rows(), part.said.width()], said, Row::default(), add, |j, row| {
                let (label, p) = (part.labels[j], said(j, part.labels[j]));
                if row.confident.is_some_and(|(k, _)| k != label) && p < IMPROBABLE * usual[label] {
                    found.push((p, part.rows[j] + 1, label, row.top.place, part.are_held_out));
                } else if p < USUAL * usual[label] {
                    unsure += 1;
                }
            });
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        let rows = found.len();
        let suspect =
            |(probability, row, label, predicted, is_held_out): (f64, usize, usize, usize, bool)| {
                let [label, predicted] = [label, predicted].map(|k| levels[k].clone());
                Suspect { row, label, predicted, probability, is_held_out }
            };
        Self { suspects: found.into_iter().take(MOST_SUSPECTS).map(suspect).collect(), rows, unsure }
    }
}

/// What is found of a row while its probabilities are looked at.
#[derive(Clone, Copy, Default)]
struct Row {
    top: Top,
    /// The most probable class that has at least the probability usual of it, the last of several, and its probability.
    confident: Option<(usize, f64)>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision_threshold::HALF;

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
        let target = Target::Classes { name: "y".into(), levels };
        let by_class: Vec<f64> = (0..3).flat_map(|k| p.iter().map(move |p| p[k])).collect();
        let part = Labelled {
            said: Outputs::new(target, by_class, 15, HALF),
            labels: (0..15).map(|j| j / 5).collect(),
            rows: (0..15).collect(),
            are_held_out: true,
        };
        let doubts = Doubted::new(&[&part]);
        let mut rows: Vec<usize> = doubts.suspects.iter().map(|suspect| suspect.row - 1).collect();
        rows.sort_unstable();
        assert_eq!(rows, [2, 7, 11]);
        // Row 4 has 0.4 where 0.538 is usual.
        assert_eq!(doubts.unsure, 1);
        assert_eq!((doubts.suspects[0].label.as_str(), doubts.suspects[0].predicted.as_str()), ("c", "a"));
    }
}
