//! What is to be predicted: classes, yes/no labels or numbers, and their way to Y and back.

use std::collections::BTreeMap;

use nablab_engine::{Float, Y};
use serde::{Deserialize, Serialize};

use super::encoding::{no_number, weights_of};
use super::inputs::wrong;
use super::levels::{levels, longer_than_a_name};
use super::spelling::places;
use super::{AskedTask, Scaling, Task, Type};
use crate::table::{LONGEST_NAME, Table, Values};
use crate::{DataError, Wording, readable};

/// The target columns as they were found in the training rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", deny_unknown_fields)]
pub enum Target {
    /// One column, a class in each row.
    Classes {
        /// Of the column.
        name: String,
        /// The classes; of two, the second one is what a probability is of.
        levels: Vec<String>,
    },
    /// Several columns with two values each.
    Labels {
        /// Of the columns.
        names: Vec<String>,
        /// Of each column the value that counts as no, and the one that counts as yes.
        levels: Vec<[String; 2]>,
    },
    /// Columns of numbers, scaled for training and scaled back in predictions.
    Numbers {
        /// Of the columns.
        names: Vec<String>,
        /// Subtracted.
        center: Vec<f64>,
        /// Divided by.
        scale: Vec<f64>,
    },
}

/// A column of whole numbers with no more different values is taken for classes.
const MOST_CLASSES_OF_NUMBERS: usize = 20;
/// More classes are a mistake.
const MOST_CLASSES: usize = 10_000;

impl Target {
    /// Find out what the target columns hold in the rows that are `taught`, with `rows` of them for the scale of numbers.
    ///
    /// A column of texts holds classes, and so does one of whole numbers with at most 20 different values, each there
    /// twice on average; other numbers are regression. Several columns are yes/no labels if each has two values, else
    /// numbers. `weights` say how much each row of the table counts for that scale; none where all count the same. The `types` of columns decide otherwise, and so does the task `asked` for.
    ///
    /// # Errors
    /// [`DataError::Format`] for a column that is not there, has missing values, only one value, a class of more than 1000
    /// characters, or does not fit its type or the task asked for.
    pub fn fit(
        table: &Table,
        taught: &[usize],
        rows: &[usize],
        names: &[String],
        asked: Option<AskedTask>,
        types: &BTreeMap<String, Type>,
        weights: &[f64],
    ) -> Result<Self, DataError> {
        let mut columns = Vec::new();
        for (i, name) in names.iter().enumerate() {
            if names[..i].contains(name) {
                return Err(wrong(table, name, "each target once", "it twice", "name it once"));
            }
            columns.push((name, Levels::of(table, name, taught)?));
        }
        let task = match asked {
            Some(asked) => asked.of_counts(columns.iter().map(|(_, column)| column.count())),
            None => guess(&columns, types),
        };
        check_types(table, names, task, types)?;
        if task != Task::Regression {
            columns.iter().try_for_each(|(name, column)| column.check_length(table, name, taught))?;
        }
        let misfit = |name: &str, expected: &str, got: &str| {
            Err(wrong(table, name, expected, got, "choose another task, or another target"))
        };
        match (task, columns.as_slice()) {
            (_, []) => Err(table.error("columns", "a target", "none", "name one")),
            (Task::Binary | Task::Multiclass, [(name, column)]) => {
                let count = column.count();
                let hint = "choose another target, or regression for numbers";
                match task {
                    Task::Binary if count != 2 => {
                        misfit(name, "two classes", &format!("{count} different values"))
                    }
                    _ if count > MOST_CLASSES => {
                        let expected = format!("at most {MOST_CLASSES} classes");
                        Err(wrong(table, name, &expected, &count.to_string(), hint))
                    }
                    _ => Ok(Self::Classes { name: (*name).clone(), levels: column.levels() }),
                }
            }
            (Task::Binary | Task::Multiclass, [_, (name, _), ..]) => {
                misfit(name, "one target column", &format!("{} target columns", columns.len()))
            }
            (Task::Multilabel, columns) => {
                let mut levels = Vec::new();
                for (name, column) in columns {
                    match <[String; 2]>::try_from(column.levels()) {
                        Ok(two) => levels.push(two),
                        Err(all) => {
                            return misfit(name, "two different values", &format!("{}", all.len()));
                        }
                    }
                }
                Ok(Self::Labels { names: names.to_vec(), levels })
            }
            (Task::Regression, columns) => {
                let (mut center, mut scale) = (Vec::new(), Vec::new());
                for (name, column) in columns {
                    let number = column.values.numbers();
                    let hint = "a regression is of numbers; correct the cell, or choose another task";
                    let number =
                        |&row: &usize| number(row).map_err(|text| no_number(table, name, row, text, hint));
                    // Those that are held out are predicted, too.
                    taught.iter().try_for_each(|row| number(row).map(|_| ()))?;
                    let numbers = rows.iter().map(number).collect::<Result<Vec<f64>, _>>()?;
                    let (c, s) =
                        Scaling::Standard.fit_weighted(&numbers, &weights_of(rows, weights, |_| true));
                    center.push(c);
                    scale.push(s);
                }
                Ok(Self::Numbers { names: names.to_vec(), center, scale })
            }
        }
    }

    /// Of what kind a prediction is.
    pub fn task(&self) -> Task {
        match self {
            Self::Classes { levels, .. } if levels.len() == 2 => Task::Binary,
            Self::Classes { .. } => Task::Multiclass,
            Self::Labels { .. } => Task::Multilabel,
            Self::Numbers { .. } => Task::Regression,
        }
    }

    /// The columns.
    pub fn names(&self) -> &[String] {
        match self {
            Self::Classes { name, .. } => std::slice::from_ref(name),
            Self::Labels { names, .. } | Self::Numbers { names, .. } => names,
        }
    }

    /// Number of logits: one for two classes, else one for each class, label or number.
    pub fn outputs(&self) -> usize {
        match self {
            Self::Classes { levels, .. } if levels.len() == 2 => 1,
            Self::Classes { levels, .. } => levels.len(),
            Self::Labels { names, .. } | Self::Numbers { names, .. } => names.len(),
        }
    }

    /// Y (outputs, rows): 0 and 1, or scaled numbers; of more than two classes, the class of each row.
    ///
    /// # Errors
    /// [`DataError::Format`] for a column that is not there, and with its row for a missing value or a class that the
    /// training did not have.
    pub fn encode<F: Float>(&self, table: &Table, rows: &[usize]) -> Result<Y<F>, DataError> {
        let bit = |yes: bool| if yes { F::ONE } else { F::ZERO };
        match self {
            Self::Classes { levels, .. } => {
                let classes = self.classes(table, rows)?.unwrap_or_default();
                Ok(match levels.len() {
                    2 => Y::Matrix(classes.into_iter().map(|class| bit(class == 1)).collect()),
                    several => Y::classes(classes.into_iter().map(|class| class as u32).collect(), several),
                })
            }
            Self::Labels { names, levels } => {
                let mut y = Vec::with_capacity(names.len() * rows.len());
                for (name, levels) in names.iter().zip(levels) {
                    y.extend(codes(table, name, levels, rows)?.into_iter().map(|code| bit(code == 1)));
                }
                Ok(Y::Matrix(y))
            }
            Self::Numbers { names, center, scale } => {
                let mut y = Vec::with_capacity(names.len() * rows.len());
                for ((name, center), scale) in names.iter().zip(center).zip(scale) {
                    let number = table.required(name)?.values.numbers();
                    for &row in rows {
                        let value = number(row).map_err(|text| {
                            no_number(table, name, row, text, "the model predicts numbers")
                        })?;
                        if value.is_nan() {
                            return Err(missing(table, name, row));
                        }
                        y.push(F::from_f64((value - center) / scale));
                    }
                }
                Ok(Y::Matrix(y))
            }
        }
    }

    /// The class of each row; none where the target is no class.
    ///
    /// # Errors
    /// As [`Target::encode`].
    pub fn classes(&self, table: &Table, rows: &[usize]) -> Result<Option<Vec<usize>>, DataError> {
        match self {
            Self::Classes { name, levels } => codes(table, name, levels, rows).map(Some),
            _ => Ok(None),
        }
    }
}

/// A target column with its different values.
struct Levels<'t> {
    values: &'t Values,
    /// Rows that have one.
    rows: usize,
    different: Different,
}

/// Different values, in their order.
enum Different {
    /// Numbers whose texts are not kept: there may be as many as rows.
    Numbers(Vec<f64>),
    Texts(Vec<String>),
}

impl<'t> Levels<'t> {
    fn of(table: &'t Table, name: &str, taught: &[usize]) -> Result<Self, DataError> {
        let values = &table.required(name)?.values;
        let (different, without) = match values {
            Values::Numbers(numbers) if numbers.written().is_none() => {
                let without = taught.iter().copied().find(|&row| numbers.get(row).is_nan());
                let mut different: Vec<f64> = taught.iter().map(|&row| numbers.get(row)).collect();
                different.sort_unstable_by(f64::total_cmp);
                different.dedup_by_key(|value| value.to_bits());
                (Different::Numbers(different), without)
            }
            // A word among the numbers of a column whose texts are kept is a class like another.
            _ => {
                let (texts, without) = levels(values, &values.categories(), taught);
                (Different::Texts(texts), without)
            }
        };
        if let Some(row) = without {
            return Err(missing(table, name, row));
        }
        let levels = Self { values, rows: taught.len(), different };
        match levels.count() {
            1 => {
                let hint = "there is nothing to learn where every row has the same target";
                let got = format!("{} in every row", levels.levels().concat());
                Err(wrong(table, name, "at least two different values", &got, hint))
            }
            _ => Ok(levels),
        }
    }

    fn count(&self) -> usize {
        match &self.different {
            Different::Numbers(numbers) => numbers.len(),
            Different::Texts(texts) => texts.len(),
        }
    }

    /// None is too long for the name of a class.
    fn check_length(&self, table: &Table, name: &str, taught: &[usize]) -> Result<(), DataError> {
        let long = match self.different {
            Different::Numbers(_) => None,
            Different::Texts(_) => longer_than_a_name(&self.values.categories(), taught),
        };
        match long {
            None => Ok(()),
            Some((characters, row)) => {
                let place = format!("column {name}, row {}", row + 1);
                let expected = format!("a class of at most {LONGEST_NAME} characters");
                let hint = "shorten the text, or choose another target";
                Err(table.error(place, expected, format!("one of {characters}"), hint))
            }
        }
    }

    fn levels(&self) -> Vec<String> {
        match &self.different {
            Different::Numbers(numbers) => numbers.iter().map(f64::to_string).collect(),
            Different::Texts(texts) => texts.clone(),
        }
    }

    fn are_classes(&self) -> bool {
        match self.values {
            Values::Numbers(numbers) => {
                let count = self.count();
                let few = count <= MOST_CLASSES_OF_NUMBERS && (count == 2 || 2 * count <= self.rows);
                few && numbers.iter().all(|v| v.is_nan() || v.fract() == 0.0)
            }
            _ => true,
        }
    }
}

fn guess(columns: &[(&String, Levels<'_>)], types: &BTreeMap<String, Type>) -> Task {
    let are_classes = |name: &String, column: &Levels<'_>| match types.get(name) {
        Some(Type::Category) => true,
        Some(Type::Number) => false,
        _ => column.are_classes(),
    };
    let two = |(_, column): &(&String, Levels<'_>)| column.count() == 2;
    let number = |(name, _): &(&String, Levels<'_>)| types.get(*name) == Some(&Type::Number);
    match columns {
        [(name, column)] if !are_classes(name, column) => Task::Regression,
        [column] if two(column) => Task::Binary,
        [_] => Task::Multiclass,
        columns if columns.iter().all(two) && !columns.iter().any(number) => Task::Multilabel,
        _ => Task::Regression,
    }
}

/// The types of targets and the task say the same.
fn check_types(
    table: &Table,
    names: &[String],
    task: Task,
    types: &BTreeMap<String, Type>,
) -> Result<(), DataError> {
    let wanted = match task {
        Task::Regression => Type::Number,
        Task::Binary | Task::Multiclass | Task::Multilabel => Type::Category,
    };
    let word = |of: Type| match of {
        Type::Number => "a number",
        Type::Category => "a category",
        Type::Date | Type::DateDayFirst | Type::DateMonthFirst => "a date",
    };
    match names.iter().find_map(|name| Some((name, *types.get(name)?)).filter(|(_, of)| *of != wanted)) {
        None => Ok(()),
        Some((name, of)) => {
            let task = match task {
                Task::Regression => "a regression, which predicts numbers",
                _ => "classes",
            };
            let hint = "choose another type, or another task";
            Err(wrong(table, name, &format!("{}, as its type says", word(of)), task, hint))
        }
    }
}

fn missing(table: &Table, name: &str, row: usize) -> DataError {
    let place = format!("column {name}, row {}", row + 1);
    let hint = Wording::with_settings(
        "remove the rows without a target, or leave them out with [drop_missing_target]; where the cell holds a word such as None, ",
    );
    let hint = hint.set("missing_target", "").and(" reads it as a class");
    table.error(place, "a target", "a missing value", hint)
}

/// The rows in which each of these columns has a value.
///
/// # Errors
/// [`DataError::Format`] for a column that is not there.
pub fn with_values(table: &Table, names: &[String]) -> Result<Vec<usize>, DataError> {
    let mut rows: Vec<usize> = (0..table.rows()).collect();
    for name in names {
        match &table.required(name)?.values {
            Values::Numbers(numbers) => rows.retain(|&row| !numbers.get(row).is_nan()),
            Values::Categories(texts) | Values::Dates(texts) => rows.retain(|&row| texts.code(row).is_some()),
        }
    }
    Ok(rows)
}

/// For each row the place of its value among the levels.
fn codes(table: &Table, name: &str, levels: &[String], rows: &[usize]) -> Result<Vec<usize>, DataError> {
    let texts = table.required(name)?.values.categories();
    let places = places(levels, &texts);
    let code = |&row: &usize| {
        let code = texts.code(row).ok_or_else(|| missing(table, name, row))?;
        let text = &texts.levels()[code];
        places[code].ok_or_else(|| {
            let place = format!("column {name}, row {}", row + 1);
            let hint = "the model was trained without this class";
            let expected = format!("one of {}", readable(&levels.join(", ")));
            table.error(place, expected, format!("{text:?}"), hint)
        })
    };
    rows.iter().map(code).collect()
}
