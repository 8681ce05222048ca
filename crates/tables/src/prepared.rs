//! A table made ready: what it holds, which rows are held out, and X, Y and weights of both parts.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};

use nablab_data::prepare::{Choice, Inputs, LeftOut, Seen, Split, Target, Task, Type, spellings};
use nablab_data::table::{Kept, Table, Values};
use nablab_data::{Wording, readable};
use nablab_diagnosis::{Lookalike, Untaught};
use nablab_engine::{Float, Loss, MatRef, Recipe, Trainer, Y, YRef};

use crate::evidence::Features;
use crate::label_smoothing::smoothed;
use crate::lookalikes::lookalikes;
use crate::recipe::{ClassWeight, Columns, nearest};
use crate::split::{split, taught};
use crate::{Error, Settings, Tables};

/// What was found in the table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableSummary {
    /// How columns become features.
    pub inputs: Inputs,
    /// What is predicted.
    pub target: Target,
    /// Rows left out because they have no target.
    pub without_target: usize,
    /// Columns that became no feature.
    pub left_out: Vec<LeftOut>,
    /// Columns that became features and look like ids or dates.
    pub lookalikes: Vec<Lookalike>,
    /// How the text was read that the table is from.
    pub kept: Kept,
    /// What the held-out rows have that the training rows have not.
    pub seen: Seen,
    /// Classes of which there is nothing to learn.
    pub untaught: Vec<Untaught>,
}

/// Rows in the engine's layout.
#[derive(Clone, Debug, PartialEq)]
pub struct Part<F> {
    /// Number of rows.
    pub m: usize,
    /// Which rows of their table they are, from 0.
    pub rows: Vec<usize>,
    /// X (features, m).
    pub x: Vec<F>,
    /// Y (outputs, m), without label smoothing.
    pub y: Y<F>,
    /// How much each row counts in the metrics; empty where all count the same.
    pub weights: Vec<f64>,
    /// How much it counts in the loss: also by its class; empty where all count 1.
    pub loss_weights: Vec<f64>,
}

/// A table made ready for a training. A copy shares its rows.
#[derive(Clone, Debug)]
pub struct Prepared<F> {
    /// The settings of the training with the loss of the task, checked.
    pub recipe: Recipe,
    /// What was found in the table.
    pub found: Arc<TableSummary>,
    /// To learn from.
    pub train: Arc<Part<F>>,
    /// To judge on.
    pub validation: Option<Arc<Part<F>>>,
    /// Those rows are another table's.
    pub is_judged_on_other: bool,
    features: Arc<OnceLock<Features>>,
}

impl<F: Float> Part<F> {
    /// All `m` rows of X (features, m) and Y (outputs, m), with how much each counts in the loss; none where all count the same.
    pub fn of(x: Vec<F>, y: Y<F>, m: usize, loss_weights: Vec<f64>) -> Self {
        Self { m, rows: (0..m).collect(), x, y, weights: Vec::new(), loss_weights }
    }

    /// X as the engine reads it.
    pub fn x(&self) -> MatRef<'_, F> {
        MatRef::new(&self.x, self.x.len() / self.m, self.m)
    }

    /// What its rows count for in the loss together: a row of weight k is k rows.
    pub fn count(&self) -> f64 {
        if self.loss_weights.is_empty() { self.m as f64 } else { self.loss_weights.iter().sum() }
    }

    /// Rows of weight 0 alone are no rows.
    fn check_weights(&self, wanted: &Columns, what: &str, table: &Table) -> Result<(), Error> {
        if self.loss_weights.is_empty() || self.loss_weights.iter().any(|&w| w > 0.0) {
            return Ok(());
        }
        let place = match &wanted.weight {
            Some(column) => format!("column {column}"),
            None => "class weights".into(),
        };
        let expected = format!("a weight above 0 in at least one {what} row");
        let got = format!("0 in all {} of them", self.m);
        let hint = "weigh some of them, or hold out other rows: [seed], [validation], [folds]";
        Err(table.error(place, expected, got, Wording::with_settings(hint)).into())
    }

    /// Y as the engine reads it.
    pub fn y(&self) -> YRef<'_, F> {
        self.y.view(self.m)
    }
}

impl<F: Float> Prepared<F> {
    /// Make a table ready, with another one to judge on where there is one, on so many threads, which change nothing of it.
    ///
    /// # Errors
    /// Whatever is wrong with the settings, or does not fit the table.
    pub fn new(settings: &Settings, tables: &Tables<'_>, threads: NonZeroUsize) -> Result<Self, Error> {
        settings.check()?;
        let (table, judged_on) = (&*tables.table, tables.judged_on.as_deref());
        let all = taught(settings, table)?;
        let wanted = &settings.data;
        let weights = row_weights(table, wanted.weight.as_deref(), &all)?;
        // Classes are those of all rows: a class that is held out as a whole is still one.
        let fit = |rows: &[usize]| {
            Target::fit(table, &all, rows, &wanted.target, wanted.task, &wanted.types, &weights)
        };
        let classes = fit(&all)?;
        let split = match judged_on {
            Some(_) => Split { train: all.clone(), validation: Vec::new() },
            None => split(settings, table, &classes)?,
        };
        let target = fit(&split.train)?;
        let mut ignore = wanted.ignore.clone();
        ignore.extend(wanted.target.iter().chain(&wanted.weight).chain(&settings.validation.group).cloned());
        let choice = Choice {
            features: &wanted.features,
            ignore: &ignore,
            types: types(settings, table)?,
            scaling: wanted.scaling,
            weights: &weights,
        };
        let (inputs, left_out) = Inputs::fit(table, &split.train, &choice, threads)?;

        if let (Task::Regression, true) = (target.task(), wanted.label_smoothing > 0.0) {
            let expected = "0 where the target is a number: there are no labels to be smoothed".into();
            let got = wanted.label_smoothing.to_string();
            return Err(Error::Setting { field: "data.label_smoothing", expected, got });
        }
        let recipe = recipe_for(settings, &target)?;
        let class_weights = class_weights(wanted, &target, table, &split.train)?;
        let part = |table: &Table, rows: &[usize]| {
            part::<F>(wanted, &inputs, &target, &class_weights, table, rows, threads)
        };
        let (train, _) = part(table, &split.train)?;
        train.check_weights(wanted, "training", table)?;
        let judged = match judged_on {
            Some(other) => Some(part(other, &taught(settings, other)?)?),
            None if split.validation.is_empty() => None,
            None => Some(part(table, &split.validation)?),
        };
        let (validation, seen) = judged.map_or((None, Seen::default()), |(part, seen)| (Some(part), seen));
        if let Some(part) = &validation {
            part.check_weights(wanted, "validation", judged_on.unwrap_or(table))?;
        }
        if let Some(threshold) = settings.validation.threshold {
            threshold.check(&target, validation.as_ref())?;
        }
        let untaught = untaught(&target, &train, validation.as_ref());
        let mut kept = table.kept().clone();
        let is_used =
            |name: &String| inputs.columns().iter().any(|c| c.name == *name) || target.names().contains(name);
        kept.numerals.retain(|name, _| is_used(name));
        let lookalikes = lookalikes(table, &inputs, threads);
        let without_target = table.rows() - all.len()
            + judged_on.zip(validation.as_ref()).map_or(0, |(table, part)| table.rows() - part.m);
        let found =
            TableSummary { inputs, target, without_target, left_out, lookalikes, kept, seen, untaught };
        Ok(Self {
            recipe,
            found: Arc::new(found),
            train: Arc::new(train),
            validation: validation.map(Arc::new),
            is_judged_on_other: judged_on.is_some(),
            features: Arc::default(),
        })
    }

    /// The same rows for a training by other settings, which ask for the same rows: nothing of them is copied.
    ///
    /// # Errors
    /// Whatever is wrong with the settings.
    pub fn for_training(&self, settings: &Settings) -> Result<Self, Error> {
        settings.check()?;
        Ok(Self { recipe: recipe_for(settings, &self.found.target)?, ..self.clone() })
    }

    /// The engine's training of these rows, before its first step, on so many threads.
    ///
    /// # Errors
    /// [`nablab_engine::EngineError`] where the engine does not take the data, or memory cannot be had.
    pub fn trainer(&self, settings: &Settings, threads: NonZeroUsize) -> Result<Trainer<F>, Error> {
        let Self { recipe, found, train, .. } = self;
        let y = smoothed(&train.y, &found.target, settings.data.label_smoothing);
        let trainer = Trainer::weighted(recipe, train.x(), y.view(train.m), &train.loss_weights)?;
        Ok(trainer.with_threads(threads))
    }

    /// What a diagnosis asks of the features, whatever is learned of them: looked for once.
    pub(crate) fn features(&self) -> &Features {
        self.features.get_or_init(|| Features::of(self))
    }
}

impl Prepared<f64> {
    /// SHA-256 of the rows that are learned from and judged on: what other rows have not.
    pub fn fingerprint(&self) -> String {
        crate::run::fingerprint(self)
    }
}

/// The types of columns that are learned from. Those of targets are [`Target::fit`]'s; a group is a name anyway.
fn types(settings: &Settings, table: &Table) -> Result<BTreeMap<String, Type>, Error> {
    let (wanted, group) = (&settings.data, &settings.validation.group);
    let mut types = wanted.types.clone();
    types.retain(|name, _| !wanted.target.contains(name));
    // What is only cut by still is a date of this form.
    let is_learned_from = |name: &String| {
        !wanted.ignore.contains(name) && (wanted.features.is_empty() || wanted.features.contains(name))
    };
    let by = settings.validation.by.as_ref();
    types.retain(|name, of| by != Some(name) || !of.is_date() || is_learned_from(name));
    match group.as_ref().and_then(|group| types.remove(group)) {
        Some(of) if of != Type::Category => {
            let place = format!("column {}", group.as_deref().unwrap_or_default());
            let hint = "rows of one group have the same text there; leave the type away";
            Err(table
                .error(place, "a category, because it is a group", format!("the type {}", of.name()), hint)
                .into())
        }
        _ => Ok(types),
    }
}

/// The recipe of the training: the loss is that of the task.
pub(crate) fn recipe_for(settings: &Settings, target: &Target) -> Result<Recipe, Error> {
    let loss = match target.task() {
        Task::Binary | Task::Multilabel => Loss::SigmoidCrossEntropy,
        Task::Multiclass => Loss::SoftmaxCrossEntropy,
        Task::Regression => Loss::SquaredError,
    };
    let mut training = settings.training.clone();
    training.loss = loss;
    Ok(training.check()?)
}

pub(crate) fn values<'t>(table: &'t Table, name: &str) -> Result<&'t Values, Error> {
    Ok(&table.required(name)?.values)
}

/// Classes without a row to learn from.
fn untaught<F: Float>(target: &Target, train: &Part<F>, validation: Option<&Part<F>>) -> Vec<Untaught> {
    let classes: Vec<(String, usize, usize)> = match target {
        Target::Classes { levels, .. } if levels.len() == 2 => {
            levels.iter().enumerate().map(|(level, class)| (class.clone(), 0, level)).collect()
        }
        Target::Classes { levels, .. } => {
            levels.iter().enumerate().map(|(output, class)| (class.clone(), output, 1)).collect()
        }
        Target::Labels { names, levels } => {
            let both = names.iter().zip(levels).enumerate().map(|(output, (name, levels))| {
                [0, 1].map(|level| (format!("{name} = {}", levels[level]), output, level))
            });
            both.flatten().collect()
        }
        Target::Numbers { .. } => return Vec::new(),
    };
    let (learned, judged) = (rows_at_levels(train), validation.map(rows_at_levels));
    let without = classes.into_iter().filter(|&(_, output, level)| learned[output][level] == 0);
    let judged = |output: usize, level: usize| judged.as_ref().map_or(0, |rows| rows[output][level]);
    without.map(|(class, output, level)| Untaught { class, judged: judged(output, level) }).collect()
}

/// How many rows of weight above 0 have 0, and how many 1, in each row of Y.
fn rows_at_levels<F: Float>(part: &Part<F>) -> Vec<[usize; 2]> {
    let counting = || (0..part.m).filter(|&j| part.loss_weights.get(j).is_none_or(|&w| w > 0.0));
    let of_all = counting().count();
    let mut ones = vec![0; part.y().outputs()];
    match part.y() {
        YRef::Matrix(y) => {
            ones.iter_mut()
                .enumerate()
                .for_each(|(i, n)| *n = counting().filter(|&j| y.at(i, j) == F::ONE).count());
        }
        YRef::OneHot(y) => counting().for_each(|j| ones[y.class(j)] += 1),
    }
    ones.into_iter().map(|ones| [of_all - ones, ones]).collect()
}

/// How much a row of each class counts: as much as is said, or so that each class of which there are rows counts the same.
fn class_weights(
    wanted: &Columns,
    target: &Target,
    table: &Table,
    rows: &[usize],
) -> Result<Option<Vec<f64>>, Error> {
    let refused = |expected: String, got: &dyn Display| {
        Err(Error::Setting {
            field: "data.class_weight",
            expected: expected.into(),
            got: readable(&got.to_string()),
        })
    };
    let levels = match (&wanted.class_weight, target) {
        (ClassWeight::None, _) => return Ok(None),
        (_, Target::Classes { levels, .. }) => levels,
        (other, _) => return refused("none where the target is no class".into(), other),
    };
    if let ClassWeight::Of(weights) = &wanted.class_weight {
        let (mut of_levels, spelled) = (vec![None; levels.len()], spellings(levels));
        for (class, &weight) in weights {
            match spelled.get(class).map(|&level| &mut of_levels[level]) {
                Some(of_level @ None) => *of_level = Some(weight),
                Some(_) => return refused("of each class once".into(), class),
                None => {
                    let there: Vec<&str> = levels.iter().map(String::as_str).collect();
                    let meant = nearest(class, &there).map(|near| format!("; did you mean {near}?"));
                    let got = format!("{class}{}", meant.unwrap_or_default());
                    return refused(format!("of the classes {}", readable(&levels.join(", "))), &got);
                }
            }
        }
        return Ok(Some(of_levels.into_iter().map(|weight| weight.unwrap_or(1.0)).collect()));
    }
    let classes = target.classes(table, rows)?.unwrap_or_default();
    let of_rows = wanted.weight.as_ref().map(|name| weights(table, name, rows)).transpose()?;
    let mut counts = vec![0.0; target.outputs().max(2)];
    for (j, &class) in classes.iter().enumerate() {
        counts[class] += of_rows.as_ref().map_or(1.0, |w| w[j]);
    }
    let total: f64 = counts.iter().sum();
    let present = counts.iter().filter(|&&count| count > 0.0).count() as f64;
    // A class without rows has none to weigh; those that are judged on count as any other row.
    let weight = |&count: &f64| if count > 0.0 { total / (present * count) } else { 1.0 };
    Ok(Some(counts.iter().map(weight).collect()))
}

fn part<F: Float>(
    wanted: &Columns,
    inputs: &Inputs,
    target: &Target,
    class_weights: &Option<Vec<f64>>,
    table: &Table,
    rows: &[usize],
    threads: NonZeroUsize,
) -> Result<(Part<F>, Seen), Error> {
    let (x, seen) = inputs.encode(table, rows, threads)?;
    let y = target.encode(table, rows)?;
    let weights = wanted.weight.as_ref().map(|name| weights(table, name, rows)).transpose()?;
    let classes = class_weights.as_ref().and(target.classes(table, rows)?);
    let loss_weight = |j: usize| {
        let of_class = class_weights.as_ref().zip(classes.as_ref());
        weights.as_ref().map_or(1.0, |w| w[j])
            * of_class.map_or(1.0, |(weights, classes)| weights[classes[j]])
    };
    let is_weighted = weights.is_some() || class_weights.is_some();
    let loss_weights = (0..rows.len()).filter(|_| is_weighted).map(loss_weight).collect();
    Ok((
        Part { m: rows.len(), rows: rows.to_vec(), x, y, weights: weights.unwrap_or_default(), loss_weights },
        seen,
    ))
}

/// The weights of all rows of the table, 0 of those that are not taught; none without such a column.
fn row_weights(table: &Table, name: Option<&str>, taught: &[usize]) -> Result<Vec<f64>, Error> {
    let Some(name) = name else { return Ok(Vec::new()) };
    let mut of_rows = vec![0.0; table.rows()];
    for (&row, weight) in taught.iter().zip(weights(table, name, taught)?) {
        of_rows[row] = weight;
    }
    Ok(of_rows)
}

pub(crate) fn weights(table: &Table, name: &str, rows: &[usize]) -> Result<Vec<f64>, Error> {
    let wrong = |row: usize, got: String| {
        let place = format!("column {name}, row {}", row + 1);
        table.error(place, "a weight, 0 or more", got, "a weight says how much a row counts")
    };
    let number = values(table, name)?.numbers();
    let weight = |&row: &usize| number(row).map_err(|text| wrong(row, format!("{text:?}")));
    let weights = rows.iter().map(weight).collect::<Result<Vec<f64>, _>>()?;
    match weights.iter().position(|w| !w.is_finite() || *w < 0.0) {
        Some(j) => Err(wrong(rows[j], weights[j].to_string()).into()),
        None => Ok(weights),
    }
}
