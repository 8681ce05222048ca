//! The flags that make a recipe.

use std::path::PathBuf;

use anyhow::{anyhow, bail};
use clap::Args as ClapArgs;
use nablab::data::prepare::{Scaling, Task, Type};
use nablab::engine::{Activation, Hidden, Optimizer, Precision, Seed, Settings as TrainingSettings};
use nablab::study::Kept;
use nablab::tables::recipe::{ClassWeight, Document, by_name, canonical};
use nablab::tables::{Error, Settings, Threshold};

use crate::list::{self, List};
use crate::reading::ReadingFlags;

/// A flag, beside what it does nothing, and why.
type Idle = (&'static str, fn(&Settings) -> bool, &'static str);

/// Flags that cannot act. What stands in a recipe as well is refused where recipes are checked ([`Settings::warnings`] and its
/// like), and what depends on the table where that is prepared.
const IDLE: [Idle; 6] = [
    ("--activation", has_no_layers, WITHOUT_LAYERS),
    ("--dropout", has_no_layers, WITHOUT_LAYERS),
    ("--batch-norm", has_no_layers, WITHOUT_LAYERS),
    (
        "--learning-rate",
        |settings| matches!(settings.training.optimizer, Optimizer::LBfgs { .. }),
        "with l-bfgs, which searches the length of each step",
    ),
    ("--class-weight", is_regression, "in a regression, which has no classes"),
    ("--label-smoothing", is_regression, "in a regression, which has no labels"),
];
const WITHOUT_LAYERS: &str = "without hidden layers";

fn has_no_layers(settings: &Settings) -> bool {
    settings.training.hidden.is_empty()
}

fn is_regression(settings: &Settings) -> bool {
    settings.data.task == Some(Task::Regression)
}

#[derive(ClapArgs, Clone, Debug, Default, PartialEq)]
pub(crate) struct Flags {
    /// What is to be predicted; several columns separated by commas. Here and below, a name that has a comma stands in quotes:
    /// '"a,b",c'
    #[arg(long, value_name = "COLUMN")]
    target: Option<Vec<List>>,
    /// Kind of the prediction [default: found out]
    #[arg(long, value_name = "TASK", value_parser = |name: &str| by_name::<Task>("task", name))]
    task: Option<Task>,
    /// Leave out the rows without a target, which are an error otherwise
    #[arg(long)]
    drop_missing_target: bool,
    /// Learn from these columns only
    #[arg(long, value_name = "COLUMNS")]
    features: Option<Vec<List>>,
    /// Do not learn from these columns
    #[arg(long, value_name = "COLUMNS")]
    ignore: Option<Vec<List>>,
    /// Types of columns, number, category or date, where the one found out is wrong; date-day-first and date-month-first say
    /// what no day above 12 does
    #[arg(long, value_name = "COLUMN=TYPE")]
    types: Option<Vec<List>>,
    /// How numbers are scaled [default: standard]
    #[arg(long, value_name = "SCALING", value_parser = |name: &str| by_name::<Scaling>("scaling", name))]
    scaling: Option<Scaling>,
    /// A column that says how much each row counts
    #[arg(long, value_name = "COLUMN")]
    weight: Option<String>,
    /// balanced: every class counts the same, however many rows it has [default: none]
    #[arg(long, value_name = "HOW", value_parser = |name: &str| by_name::<ClassWeight>("class_weight", name))]
    class_weight: Option<ClassWeight>,
    /// Share of each class's target that goes to all classes alike [default: 0]
    #[arg(long, value_name = "SHARE")]
    label_smoothing: Option<f64>,
    /// From which probability on the second of two classes is predicted: a number, or f1 or balanced-accuracy, which is to be
    /// high on the rows held out [default: 0.5]
    #[arg(long, value_name = "P|METRIC", value_parser = threshold)]
    threshold: Option<Threshold>,
    /// Share of the rows to judge on, or another table; 0 for none [default: 0.1]
    #[arg(long, value_name = "SHARE|FILE")]
    validation: Option<String>,
    /// Rows with the same value in this column are held out together
    #[arg(long, value_name = "COLUMN")]
    group: Option<String>,
    /// Hold out the last rows by this column of numbers or dates; with --folds, each fold is judged by what was before it
    #[arg(long, value_name = "COLUMN")]
    validation_by: Option<String>,
    /// Stop after N epochs without a lower validation loss, and keep the best; 0 for never [default: 0; of a
    /// table of more than 700 rows 40, except with l-bfgs]
    #[arg(long, value_name = "N")]
    early_stopping: Option<u64>,
    /// Units of the hidden layers; none for a linear model [default: 128,64]
    #[arg(long, value_name = "UNITS")]
    layers: Option<String>,
    /// Activation of the hidden layers [default: relu]
    #[arg(long, value_name = "NAME")]
    activation: Option<String>,
    /// Initial weights [default: he]
    #[arg(long, value_name = "NAME")]
    init: Option<String>,
    /// Update rule [default: adam]
    #[arg(long, value_name = "NAME")]
    optimizer: Option<String>,
    /// Learning rate, or find for a range test on this table [default: 0.001]
    #[arg(long, value_name = "RATE|find")]
    learning_rate: Option<String>,
    /// Learning rate over time [default: constant]
    #[arg(long, value_name = "NAME")]
    schedule: Option<String>,
    /// Rows per step; all for full batches [default: 32]
    #[arg(long, value_name = "ROWS")]
    batch_size: Option<String>,
    /// Passes over the data at most [default: 200]
    #[arg(long, value_name = "N")]
    epochs: Option<u64>,
    /// Penalty on squared weights, part of the cost: l2 / 2m · Σ w², m the rows of a full batch [default:
    /// 0.2; of a table of more than 700 rows 140 / rows]
    #[arg(long, value_name = "LAMBDA")]
    l2: Option<f64>,
    /// Penalty on absolute weights: l1 / m · Σ abs(w) [default: 0]
    #[arg(long, value_name = "LAMBDA")]
    l1: Option<f64>,
    /// AdamW's pull of the weights to 0, no part of the cost; chooses adam-w
    #[arg(long, value_name = "RATE")]
    weight_decay: Option<f64>,
    /// Share of the hidden units silenced while training [default: 0.2]
    #[arg(long, value_name = "RATE")]
    dropout: Option<f64>,
    /// Normalise the hidden units over each batch
    #[arg(long)]
    batch_norm: bool,
    /// Limit on the gradient [default: none]
    #[arg(long, value_name = "NAME")]
    clip: Option<String>,
    /// f32 or f64 [default: f32]
    #[arg(long, value_name = "TYPE", value_parser = |name: &str| by_name::<Precision>("precision", name))]
    precision: Option<Precision>,
    /// Decides all that is random [default: 0]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    #[command(flatten)]
    reading: ReadingFlags,
}

/// What a recipe says of the defaults that the rows of a table decide.
#[derive(Clone, Copy, Default)]
pub(crate) struct Said {
    penalty: bool,
    patience: bool,
}

impl Said {
    pub(crate) fn by(recipe: &Document<'_>) -> Self {
        let section = |name: &str| recipe.root().get(name);
        let validation = section("validation").and_then(|section| section.get_ref().as_table());
        Self {
            penalty: section("penalty").is_some(),
            patience: validation.is_some_and(|section| section.contains_key("patience")),
        }
    }
}

fn column_type(text: &str) -> anyhow::Result<(String, Type)> {
    let Some((column, kind)) = text.rsplit_once('=') else {
        bail!(
            "--types: expected COLUMN=number, COLUMN=category or COLUMN=date, got {text}\nhint: --types district=category"
        );
    };
    let of = by_name("types", kind).map_err(|what| anyhow!("--types {text}: {what}"))?;
    Ok((column.to_owned(), of))
}

fn threshold(text: &str) -> Result<Threshold, String> {
    match text.parse() {
        Ok(at) => Ok(Threshold::At(at)),
        Err(_) => by_name("threshold", text).map(Threshold::Best),
    }
}

impl Flags {
    /// The learning rate is to be found by a range test.
    pub(crate) fn finds_learning_rate(&self) -> bool {
        self.learning_rate.as_deref().is_some_and(|rate| rate.eq_ignore_ascii_case("find"))
    }

    /// The rows to judge on are given.
    pub(crate) fn says_what_to_judge_on(&self) -> bool {
        self.validation.is_some()
    }

    /// What was asked for and is not to be tuned.
    pub(crate) fn kept(&self) -> Kept {
        Kept {
            learning_rate: self.learning_rate.is_some(),
            schedule: self.schedule.is_some(),
            layers: self.layers.is_some(),
            dropout: self.dropout.is_some(),
            l2: self.l2.is_some(),
            batch_size: self.batch_size.is_some(),
        }
    }

    /// The defaults of a table of so many rows, for what neither flags say nor the recipe does.
    pub(crate) fn suit_rows(&self, settings: &mut Settings, rows: usize, recipe: Said) {
        settings.suit_rows(
            rows,
            self.l2.is_some() || recipe.penalty,
            self.early_stopping.is_some() || recipe.patience,
        );
    }

    /// Override what was typed.
    pub(crate) fn apply(&self, settings: &mut Settings) -> anyhow::Result<()> {
        let Settings { data, validation, training } = settings;
        self.reading.apply(&mut data.reading);
        set(&mut data.target, &list::all(&self.target));
        data.drop_missing_target |= self.drop_missing_target;
        set(&mut data.features, &list::all(&self.features));
        set(&mut data.ignore, &list::all(&self.ignore));
        set(&mut data.scaling, &self.scaling);
        set(&mut data.class_weight, &self.class_weight);
        set(&mut data.label_smoothing, &self.label_smoothing);
        data.task = self.task.or(data.task);
        data.weight = self.weight.clone().or(data.weight.take());
        for text in list::all(&self.types).unwrap_or_default() {
            let (column, of) = column_type(&text)?;
            data.types.insert(column, of);
        }
        validation.group = self.group.clone().or(validation.group.take());
        validation.by = self.validation_by.clone().or(validation.by.take());
        set(&mut validation.patience, &self.early_stopping);
        validation.threshold = self.threshold.or(validation.threshold);
        match self.validation.as_ref().map(|text| (text.parse::<f64>(), text)) {
            Some((Ok(share), _)) => (validation.share, validation.file) = (share, None),
            Some((Err(_), file)) => validation.file = Some(PathBuf::from(file)),
            None => {}
        }
        if let Some(text) = self.learning_rate.as_ref().filter(|_| !self.finds_learning_rate()) {
            training.learning_rate = text.parse().map_err(|_| {
                anyhow!("--learning-rate must be a number, or find, got {text}\nhint: --learning-rate 0.001")
            })?;
        }
        set(&mut training.epochs, &self.epochs);
        set(&mut training.penalty.l2, &self.l2);
        set(&mut training.penalty.l1, &self.l1);
        set(&mut training.precision, &self.precision);
        if let Some(seed) = self.seed {
            training.seed = Seed::Streams(seed);
        }
        match self.batch_size.as_deref().map(|size| canonical("batch_size", size)) {
            None => {}
            Some("all") => training.batch_size = None,
            Some(text) => match text.parse() {
                Ok(size) => training.batch_size = Some(size),
                Err(_) => {
                    bail!("--batch-size must be a whole number, or all, got {text}\nhint: --batch-size 32")
                }
            },
        }
        self.apply_choices(training)?;
        self.apply_layers(training)?;
        if self.optimizer.is_some() {
            settings.suit_optimizer(self.batch_size.is_some(), self.dropout.is_some());
        }
        self.check_idle(settings)?;
        Ok(settings.check()?)
    }

    /// Refuse a flag that would do nothing.
    fn check_idle(&self, settings: &Settings) -> anyhow::Result<()> {
        let given = self.given();
        match IDLE.iter().find(|(flag, is_idle, _)| given.contains(flag) && is_idle(settings)) {
            Some((flag, _, why)) => bail!("{flag} has no say {why}\nhint: leave it away"),
            None => Ok(()),
        }
    }

    /// The flags that are given.
    pub(crate) fn given(&self) -> Vec<&'static str> {
        let flags = [
            ("--target", self.target.is_some()),
            ("--task", self.task.is_some()),
            ("--drop-missing-target", self.drop_missing_target),
            ("--features", self.features.is_some()),
            ("--ignore", self.ignore.is_some()),
            ("--types", self.types.is_some()),
            ("--scaling", self.scaling.is_some()),
            ("--weight", self.weight.is_some()),
            ("--class-weight", self.class_weight.is_some_and(|how| how != ClassWeight::None)),
            ("--label-smoothing", self.label_smoothing.is_some_and(|share| share > 0.0)),
            ("--threshold", self.threshold.is_some()),
            ("--validation", self.validation.is_some()),
            ("--group", self.group.is_some()),
            ("--validation-by", self.validation_by.is_some()),
            ("--early-stopping", self.early_stopping.is_some_and(|epochs| epochs > 0)),
            ("--layers", self.layers.is_some()),
            ("--activation", self.activation.is_some()),
            ("--init", self.init.is_some()),
            ("--optimizer", self.optimizer.is_some()),
            ("--learning-rate", self.learning_rate.is_some()),
            ("--schedule", self.schedule.is_some()),
            ("--batch-size", self.batch_size.is_some()),
            ("--epochs", self.epochs.is_some()),
            ("--l2", self.l2.is_some()),
            ("--l1", self.l1.is_some()),
            ("--weight-decay", self.weight_decay.is_some()),
            ("--dropout", self.dropout.is_some_and(|rate| rate > 0.0)),
            ("--batch-norm", self.batch_norm),
            ("--clip", self.clip.is_some()),
            ("--precision", self.precision.is_some()),
            ("--seed", self.seed.is_some()),
        ];
        flags.into_iter().filter(|(_, is_given)| *is_given).map(|(flag, _)| flag).collect()
    }

    /// Choices that may have parameters, written as in a recipe.
    fn apply_choices(&self, training: &mut TrainingSettings) -> anyhow::Result<()> {
        if let Some(init) = &self.init {
            training.init = choice("--init", "init", init)?.init;
        }
        if let Some(optimizer) = &self.optimizer {
            training.optimizer = choice("--optimizer", "optimizer", optimizer)?.optimizer;
        }
        if let Some(schedule) = &self.schedule {
            training.schedule = choice("--schedule", "schedule", schedule)?.schedule;
        }
        if let Some(clip) = &self.clip {
            training.clip = choice("--clip", "clip", clip)?.clip;
        }
        if let Some(decay) = self.weight_decay {
            training.optimizer = match training.optimizer {
                Optimizer::Adam { beta1, beta2, epsilon, .. }
                | Optimizer::AdamW { beta1, beta2, epsilon, .. } => {
                    Optimizer::AdamW { beta1, beta2, epsilon, weight_decay: decay }
                }
                _ => bail!("--weight-decay belongs to adam-w\nhint: leave --optimizer away, or use --l2"),
            };
        }
        Ok(())
    }

    fn apply_layers(&self, training: &mut TrainingSettings) -> anyhow::Result<()> {
        if let Some(layers) = &self.layers {
            let is_none = layers.trim().eq_ignore_ascii_case("none");
            let units = layers.split(',').map(str::trim).filter(|text| !text.is_empty() && !is_none);
            // Other sizes keep activation and dropout.
            let like = training.hidden.first().copied().unwrap_or(Hidden::relu(1));
            let layer = |text: &str| match text.parse() {
                Ok(units) => Ok(Hidden { units, ..like }),
                Err(_) => Err(anyhow!(
                    "--layers must be whole numbers separated by commas, got {text}\nhint: --layers 64,32"
                )),
            };
            training.hidden = units.map(layer).collect::<Result<_, _>>()?;
        }
        let activation: Option<Activation> = match &self.activation {
            Some(name) => {
                let text = format!("hidden = [{{ units = 1, activation = {} }}]", toml_value(name));
                read("--activation", name, &text)?.hidden.first().map(|layer| layer.activation)
            }
            None => None,
        };
        for layer in &mut training.hidden {
            set(&mut layer.activation, &activation);
            set(&mut layer.dropout, &self.dropout);
            layer.batch_norm |= self.batch_norm;
        }
        Ok(())
    }
}

fn set<T: Clone>(field: &mut T, flag: &Option<T>) {
    if let Some(value) = flag {
        field.clone_from(value);
    }
}

/// Settings in which one field has the value of a flag.
fn choice(flag: &str, key: &str, value: &str) -> anyhow::Result<TrainingSettings> {
    read(flag, value, &format!("{key} = {}", toml_value(value)))
}

/// A name gets quotes; a table is written as it is.
fn toml_value(text: &str) -> String {
    if text.trim_start().starts_with('{') { text.to_owned() } else { format!("{text:?}") }
}

fn read(flag: &str, value: &str, text: &str) -> anyhow::Result<TrainingSettings> {
    let read = Document::parse(text, flag).and_then(|document| document.training());
    read.map_err(|error| match error {
        Error::Recipe { what, hint, .. } => anyhow!("{flag} {value}: {what}\nhint: {hint}"),
        other => other.into(),
    })
}
