//! A table made ready: what it holds, which rows are held out, and X, Y and weights of both parts.

use std::collections::BTreeMap;

use nablab_data::DataError;
use nablab_data::prepare::{Choice, Inputs, LeftOut, Seen, Split, Target, Task, Type, folds, hold_out};
use nablab_data::table::{Kept, Table, Values};
use nablab_engine::rng::{NumpyRng, Stream};
use nablab_engine::{Float, Loss, MatRef, Recipe, Seed};

use crate::recipe::{ClassWeight, Columns, Fold, name_of};
use crate::{Error, Settings};

/// What was found in the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// How columns become features.
    pub inputs: Inputs,
    /// What is predicted.
    pub target: Target,
    /// Columns that became no feature.
    pub left_out: Vec<LeftOut>,
    /// How the text was read that the table is from.
    pub kept: Kept,
    /// What the held-out rows have that the training rows have not.
    pub seen: Seen,
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
    pub y: Vec<F>,
    /// How much each row counts in the metrics; empty where all count the same.
    pub weights: Vec<f64>,
    /// How much it counts in the loss: also by its class. Mean 1 over the training rows.
    pub loss_weights: Vec<F>,
}

/// A table made ready for a training.
#[derive(Clone, Debug)]
pub struct Prepared<F> {
    /// The settings of the training with the loss of the task, checked.
    pub recipe: Recipe,
    /// What was found in the table.
    pub found: Found,
    /// To learn from.
    pub train: Part<F>,
    /// To judge on.
    pub validation: Option<Part<F>>,
    /// Those rows are another table's.
    pub is_judged_on_other: bool,
}

impl<F: Float> Part<F> {
    /// X as the engine reads it.
    pub fn x(&self) -> MatRef<'_, F> {
        MatRef::new(&self.x, self.x.len() / self.m, self.m)
    }

    /// Y as the engine reads it.
    pub fn y(&self) -> MatRef<'_, F> {
        MatRef::new(&self.y, self.y.len() / self.m, self.m)
    }
}

impl<F: Float> Prepared<F> {
    /// Make a table ready, with another one to judge on where the settings name one; `file` is the first one's name in
    /// errors.
    ///
    /// # Errors
    /// Whatever is wrong with the settings, or does not fit the table.
    pub fn new(
        settings: &Settings,
        table: &Table,
        judged_on: Option<&Table>,
        file: &str,
    ) -> Result<Self, Error> {
        settings.check()?;
        let all: Vec<usize> = (0..table.rows()).collect();
        let wanted = &settings.data;
        // Classes are those of all rows: a class that is held out as a whole is still one.
        let fit = |rows: &[usize]| Target::fit(table, rows, &wanted.target, wanted.task, &wanted.types, file);
        let classes = fit(&all)?;
        let split = match judged_on {
            Some(_) => Split { train: all.clone(), validation: Vec::new() },
            None => split(settings, table, &classes, file)?,
        };
        let target = fit(&split.train)?;
        let mut ignore = wanted.ignore.clone();
        ignore.extend(wanted.target.iter().chain(&wanted.weight).chain(&settings.validation.group).cloned());
        let choice = Choice {
            features: &wanted.features,
            ignore: &ignore,
            types: types(settings, file)?,
            scaling: wanted.scaling,
        };
        let (inputs, left_out) = Inputs::fit(table, &split.train, &choice, file)?;

        let recipe = recipe_for(settings, &target)?;
        let class_weights = class_weights(wanted, &target, table, &split.train, file)?;
        let part = |table: &Table, rows: &[usize], file: &str| {
            part::<F>(wanted, &inputs, &target, &class_weights, table, rows, file)
        };
        let (mut train, _) = part(table, &split.train, file)?;
        let other = settings.validation.file.as_deref().map_or_else(|| file.to_owned(), name_of);
        let judged = match judged_on {
            Some(table) => Some(part(table, &(0..table.rows()).collect::<Vec<_>>(), &other)?),
            None if split.validation.is_empty() => None,
            None => Some(part(table, &split.validation, file)?),
        };
        let (mut validation, seen) =
            judged.map_or((None, Seen::default()), |(part, seen)| (Some(part), seen));
        let total: f64 = train.loss_weights.iter().map(|w| w.to_f64()).sum();
        let factor = F::from_f64(train.m as f64 / total);
        for part in [Some(&mut train), validation.as_mut()].into_iter().flatten() {
            part.loss_weights.iter_mut().for_each(|w| *w *= factor);
        }
        let mut kept = table.kept().clone();
        let is_used =
            |name: &String| inputs.columns().iter().any(|c| c.name == *name) || target.names().contains(name);
        kept.numerals.retain(|name, _| is_used(name));
        let found = Found { inputs, target, left_out, kept, seen };
        Ok(Self { recipe, found, train, validation, is_judged_on_other: judged_on.is_some() })
    }
}

impl Prepared<f64> {
    /// SHA-256 of the rows that are learned from and judged on: what other rows have not.
    pub fn fingerprint(&self) -> String {
        crate::run::fingerprint(self)
    }
}

/// The types of columns that are learned from. Those of targets are [`Target::fit`]'s; a group is a name anyway.
fn types(settings: &Settings, file: &str) -> Result<BTreeMap<String, Type>, Error> {
    let (wanted, group) = (&settings.data, &settings.validation.group);
    let mut types = wanted.types.clone();
    types.retain(|name, _| !wanted.target.contains(name));
    match group.as_ref().and_then(|group| types.remove(group)) {
        Some(Type::Number) => {
            let place = format!("column {}", group.as_deref().unwrap_or_default());
            let hint = "rows of one group have the same text there; leave the type away";
            Err(DataError::format(file, place, "a category, because it is a group", "the type number", hint)
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

/// Which rows are held out: the same share of each class, or whole groups; or the fold's.
pub(crate) fn split(settings: &Settings, table: &Table, target: &Target, file: &str) -> Result<Split, Error> {
    let (validation, rows) = (&settings.validation, table.rows());
    let all: Vec<usize> = (0..rows).collect();
    if !validation.is_wanted() {
        return Ok(Split { train: all, validation: Vec::new() });
    }
    let mut rng = split_rng(settings.training.seed);
    let kinds = match &validation.group {
        Some(group) => groups(table, group, file)?,
        None => target.classes(table, &all, file)?.unwrap_or_else(|| vec![0; rows]),
    };
    let together = validation.group.is_some();
    match validation.fold {
        None => Ok(hold_out(&kinds, validation.share, together, &mut rng)?),
        Some(Fold { number, of }) => Ok(folds(&kinds, of, together, &mut rng)?.swap_remove(number - 1)),
    }
}

/// The generator that says which rows are held out.
pub(crate) fn split_rng(seed: Seed) -> NumpyRng {
    match seed {
        Seed::Streams(seed) => Stream::Split.rng(seed),
        Seed::Course { shuffle, .. } => Stream::Split.rng(u64::from(shuffle)),
    }
}

/// A number for each group of rows that stay together.
fn groups(table: &Table, name: &str, file: &str) -> Result<Vec<usize>, Error> {
    let values = values(table, name, file)?;
    let mut numbers = std::collections::HashMap::new();
    let text = values.texts();
    let group = |row| match text(row) {
        Some(text) => {
            let next = numbers.len();
            Ok(*numbers.entry(text).or_insert(next))
        }
        None => {
            let place = format!("column {name}, row {}", row + 1);
            Err(DataError::format(file, place, "a group", "a missing value", "every row belongs to a group")
                .into())
        }
    };
    (0..table.rows()).map(group).collect()
}

fn values<'t>(table: &'t Table, name: &str, file: &str) -> Result<&'t Values, Error> {
    Ok(&table.required(name, file)?.values)
}

/// How much a row of each class counts.
fn class_weights(
    wanted: &Columns,
    target: &Target,
    table: &Table,
    rows: &[usize],
    file: &str,
) -> Result<Option<Vec<f64>>, Error> {
    let (ClassWeight::Balanced, Some(classes)) = (wanted.class_weight, target.classes(table, rows, file)?)
    else {
        return match wanted.class_weight {
            ClassWeight::None => Ok(None),
            ClassWeight::Balanced => Err(Error::Setting {
                field: "data.class_weight",
                expected: "none where the target is no class".into(),
                got: "balanced".into(),
            }),
        };
    };
    let count = |class: usize| classes.iter().filter(|&&c| c == class).count();
    let number = target.outputs().max(2);
    Ok(Some((0..number).map(|class| classes.len() as f64 / (number * count(class)) as f64).collect()))
}

fn part<F: Float>(
    wanted: &Columns,
    inputs: &Inputs,
    target: &Target,
    class_weights: &Option<Vec<f64>>,
    table: &Table,
    rows: &[usize],
    file: &str,
) -> Result<(Part<F>, Seen), Error> {
    let (x, seen) = inputs.encode(table, rows, file)?;
    let y = target.encode(table, rows, file)?;
    let weights = wanted.weight.as_ref().map(|name| weights(table, name, rows, file)).transpose()?;
    let classes = class_weights.as_ref().and(target.classes(table, rows, file)?);
    let loss_weight = |j: usize| {
        let of_class = class_weights.as_ref().zip(classes.as_ref());
        weights.as_ref().map_or(1.0, |w| w[j])
            * of_class.map_or(1.0, |(weights, classes)| weights[classes[j]])
    };
    let is_weighted = weights.is_some() || class_weights.is_some();
    let loss_weights = (0..rows.len()).filter(|_| is_weighted).map(|j| F::from_f64(loss_weight(j))).collect();
    Ok((
        Part { m: rows.len(), rows: rows.to_vec(), x, y, weights: weights.unwrap_or_default(), loss_weights },
        seen,
    ))
}

pub(crate) fn weights(table: &Table, name: &str, rows: &[usize], file: &str) -> Result<Vec<f64>, Error> {
    let wrong = |row: usize, got: String| {
        let place = format!("column {name}, row {}", row + 1);
        DataError::format(file, place, "a weight, 0 or more", got, "a weight says how much a row counts")
    };
    let number = values(table, name, file)?.numbers();
    let weight = |&row: &usize| number(row).map_err(|text| wrong(row, format!("{text:?}")));
    let weights = rows.iter().map(weight).collect::<Result<Vec<f64>, _>>()?;
    match weights.iter().position(|w| w.is_nan() || *w < 0.0) {
        Some(j) => Err(wrong(rows[j], weights[j].to_string()).into()),
        None if weights.iter().sum::<f64>() <= 0.0 => Err(wrong(rows[0], "0 in every row".into()).into()),
        None => Ok(weights),
    }
}
