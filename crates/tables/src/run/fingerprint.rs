//! Which rows a training learns from and is judged on, so that none goes on with others.

use nablab_data::prepare::Target;
use nablab_data::readable;
use nablab_engine::Y;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::sealed;
use crate::model::Kept;
use crate::prepared::{Part, Prepared};

/// SHA-256 of the rows a training learns from and is judged on.
pub(crate) fn fingerprint<F: Kept>(prepared: &Prepared<F>) -> String {
    let mut hash = Hash::default();
    for Part { m, x, y, loss_weights, .. } in parts(prepared) {
        hash.add(x);
        hash.add_y(y, *m);
        hash.add(loss_weights);
    }
    hash.end()
}

fn parts<F>(prepared: &Prepared<F>) -> impl Iterator<Item = &Part<F>> {
    [Some(&*prepared.train), prepared.validation.as_deref()].into_iter().flatten()
}

#[derive(Default)]
struct Hash(Sha256);

impl Hash {
    /// Their bytes, as [`add_bytes`](Self::add_bytes) takes them; a few at a time, because they may fill the memory.
    fn add<T: sealed::Number>(&mut self, numbers: &[T]) {
        self.add_length::<T>(numbers.len());
        self.add_numbers(numbers);
    }

    fn add_length<T>(&mut self, numbers: usize) {
        self.0.update(((numbers * size_of::<T>()) as u64).to_le_bytes());
    }

    fn add_numbers<T: sealed::Number>(&mut self, numbers: &[T]) {
        const FEW: usize = 1 << 13;
        let mut bytes = Vec::with_capacity(FEW * size_of::<T>());
        for few in numbers.chunks(FEW) {
            bytes.clear();
            T::push(few, &mut bytes);
            self.0.update(&bytes);
        }
    }

    /// All numbers of Y (outputs, m), as [`add`](Self::add) takes them; of classes, a row after the other is made.
    fn add_y<F: Kept>(&mut self, y: &Y<F>, m: usize) {
        let classes = match y {
            Y::Matrix(numbers) => return self.add(numbers),
            Y::OneHot(classes) => classes,
        };
        let outputs = y.view(m).outputs();
        let mut examples: Vec<usize> = (0..m).collect();
        examples.sort_by_key(|&j| classes.class(j));
        self.add_length::<F>(outputs * m);
        let (mut row, mut rest) = (vec![F::ZERO; m], &examples[..]);
        for class in 0..outputs {
            let (own, others) = rest.split_at(rest.partition_point(|&j| classes.class(j) == class));
            own.iter().for_each(|&j| row[j] = F::ONE);
            self.add_numbers(&row);
            own.iter().for_each(|&j| row[j] = F::ZERO);
            rest = others;
        }
    }

    fn add_bytes(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn end(self) -> String {
        sealed::hex(&self.0.finalize())
    }
}

/// The same column by column, so that it can be said what is other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Contents {
    /// To learn from, and to judge on.
    rows: (usize, usize),
    /// Name and SHA-256 of each column that is learned from, then of those that are predicted, then of the weights.
    columns: Vec<(String, String)>,
}

impl Contents {
    pub(super) fn of<F: Kept>(prepared: &Prepared<F>) -> Self {
        let mut columns = Vec::new();
        let mut add = |name: &str, features: &[String], cut: &dyn Fn(&Part<F>, &mut Hash)| {
            let mut hash = Hash::default();
            features.iter().for_each(|feature| hash.add_bytes(feature.as_bytes()));
            parts(prepared).for_each(|part| cut(part, &mut hash));
            columns.push((name.to_owned(), hash.end()));
        };
        let found = &prepared.found;
        let (features, mut from) = (found.inputs.names(), 0);
        for input in found.inputs.columns() {
            let to = from + input.encoding.width();
            add(&input.name, &features[from..to], &|part, hash| {
                hash.add(&part.x[from * part.m..to * part.m])
            });
            from = to;
        }
        let names = found.target.names();
        for (k, name) in names.iter().enumerate() {
            let levels = match &found.target {
                Target::Classes { levels, .. } => levels.clone(),
                Target::Labels { levels, .. } => levels[k].to_vec(),
                Target::Numbers { .. } => Vec::new(),
            };
            add(name, &levels, &|part, hash| match &part.y {
                Y::Matrix(y) => hash.add(&y[k * part.m..(k + 1) * part.m]),
                y => hash.add_y(y, part.m),
            });
        }
        if !prepared.train.loss_weights.is_empty() {
            add("of the weights", &[], &|part, hash| hash.add(&part.loss_weights));
        }
        Self { rows: (prepared.train.m, prepared.validation.as_ref().map_or(0, |part| part.m)), columns }
    }

    /// What is other in the data that there are now.
    pub(super) fn difference(&self, now: &Self) -> String {
        let lacks = |of: &Self, name: &String| of.columns.iter().all(|(other, _)| other != name);
        let only_in = |one: &Self, other: &Self| -> Vec<String> {
            one.columns.iter().map(|(name, _)| name).filter(|name| lacks(other, name)).cloned().collect()
        };
        let mut said = Vec::new();
        let (gone, new) = (only_in(self, now), only_in(now, self));
        if !gone.is_empty() {
            let (was, is) = if gone.len() == 1 { ("was", "is") } else { ("were", "are") };
            said.push(format!("{} {was} learned from and {is} not now", columns(&gone)));
        }
        if !new.is_empty() {
            let (is, was) = if new.len() == 1 { ("is", "was") } else { ("are", "were") };
            said.push(format!("{} {is} learned from now and {was} not", columns(&new)));
        }
        if self.rows != now.rows {
            let ((train, judged), (train_now, judged_now)) = (self.rows, now.rows);
            said.push(format!(
                "there were {train} training rows and {judged} validation rows, now there are {train_now} and {judged_now}"
            ));
        }
        if said.is_empty() {
            let changed = self.columns.iter().filter(|column| !now.columns.contains(column));
            let changed: Vec<String> = changed.map(|(name, _)| name.clone()).collect();
            said.push(match changed.is_empty() {
                true => "its columns come in another order".into(),
                // Other classes are enough for other rows to be held out.
                false if changed.len() == self.columns.len() => {
                    "other values, rows in another order, or other rows held out".into()
                }
                false => format!("there are other values in {}", columns(&changed)),
            });
        }
        said.join("; ")
    }
}

/// "column a" or "columns a, b, c and 7 more".
fn columns(names: &[String]) -> String {
    const MOST: usize = 5;
    let shown: Vec<String> = names.iter().take(MOST).map(|name| readable(name)).collect();
    let more = names.len().saturating_sub(MOST);
    let kind = if names.len() == 1 { "column" } else { "columns" };
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{kind} {}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A checkpoint of a version that kept all of Y is taken up.
    #[test]
    fn classes_have_the_hash_of_the_matrix_they_stand_for() {
        let y = Y::<f32>::classes(vec![2, 0, 3, 0, 2], 5);
        let (mut of_classes, mut of_matrix) = (Hash::default(), Hash::default());
        of_classes.add_y(&y, 5);
        of_matrix.add_y(&Y::Matrix(y.view(5).to_vec()), 5);
        assert_eq!(of_classes.end(), of_matrix.end());
    }

    #[test]
    fn what_is_other_is_said_in_words() {
        let contents = |rows, columns: &[&str]| Contents {
            rows,
            columns: columns.iter().map(|c| (c[..1].to_owned(), (*c).to_owned())).collect(),
        };
        let before = contents((8, 2), &["a", "b", "y"]);
        for (rows, columns, words) in [
            ((8, 2), &["a", "y"][..], "column b was learned from and is not now"),
            ((8, 2), &["a", "b", "c", "y"], "column c is learned from now and was not"),
            (
                (8, 1),
                &["a", "b", "y"],
                "there were 8 training rows and 2 validation rows, now there are 8 and 1",
            ),
            ((8, 2), &["a1", "b", "y1"], "there are other values in columns a, y"),
            ((8, 2), &["a1", "b1", "y1"], "other values, rows in another order, or other rows held out"),
            ((8, 2), &["y"], "columns a, b were learned from and are not now"),
            ((8, 2), &["b", "a", "y"], "its columns come in another order"),
        ] {
            assert_eq!(before.difference(&contents(rows, columns)), words);
        }
        let many: Vec<String> = (0..7).map(|i| i.to_string()).collect();
        assert_eq!(columns(&many), "columns 0, 1, 2, 3, 4 and 2 more");
    }
}
