//! The flags that make a recipe.

use anyhow::{anyhow, bail};
use clap::Args as ClapArgs;
use nablab::data::prepare::{Scaling, Task, Type};
use nablab::engine::Precision;
use nablab::tables::recipe::{ClassWeight, by_name, canonical, choice};
use nablab::tables::{BatchSize, Changes, Error, HeldOut, Rate, Threshold};

use crate::list::{self, List};
use crate::reading::ReadingFlags;

#[derive(ClapArgs, Clone, Debug, Default, PartialEq)]
pub(crate) struct Flags {
    /// What is to be predicted; several columns separated by commas. In all flags, a name that has a comma stands in quotes:
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
    /// What is to be changed.
    pub(crate) fn changes(&self) -> anyhow::Result<Changes> {
        let typed = |flag: &str, value: &Option<String>| value.clone().map(|value| (flag.to_owned(), value));
        let types = list::all(&self.types).unwrap_or_default();
        Ok(Changes {
            target: list::all(&self.target),
            task: self.task,
            drop_missing_target: self.drop_missing_target,
            features: list::all(&self.features),
            ignore: list::all(&self.ignore),
            types: types.iter().map(|text| column_type(text)).collect::<Result<_, _>>()?,
            scaling: self.scaling,
            weight: self.weight.as_deref().map(one),
            class_weight: self.class_weight,
            label_smoothing: self.label_smoothing,
            threshold: self.threshold,
            validation: self.validation.as_ref().map(|text| match text.parse() {
                Ok(share) => HeldOut::Share(share),
                Err(_) => HeldOut::File(text.into()),
            }),
            group: self.group.as_deref().map(one),
            validation_by: self.validation_by.as_deref().map(one),
            early_stopping: self.early_stopping,
            layers: self.layers.as_deref().map(layers).transpose()?,
            activation: choice(typed("--activation", &self.activation), choice::activation)?,
            init: choice(typed("--init", &self.init), choice::init)?,
            optimizer: choice(typed("--optimizer", &self.optimizer), choice::optimizer)?,
            learning_rate: self.learning_rate.as_deref().map(learning_rate).transpose()?,
            schedule: choice(typed("--schedule", &self.schedule), choice::schedule)?,
            batch_size: self.batch_size.as_deref().map(batch_size).transpose()?,
            epochs: self.epochs,
            l2: self.l2,
            l1: self.l1,
            weight_decay: self.weight_decay,
            dropout: self.dropout,
            batch_norm: self.batch_norm,
            clip: choice(typed("--clip", &self.clip), choice::clip)?,
            precision: self.precision,
            seed: self.seed,
            reading: self.reading.dialect(),
        })
    }
}

/// The flag of a change.
pub(crate) fn flag(field: &str) -> String {
    format!("--{}", field.replace('_', "-"))
}

/// A single name, in quotes or not.
fn one(text: &str) -> String {
    let quoted = text.strip_prefix('"').and_then(|_| text.parse::<List>().ok());
    quoted.and_then(List::only).unwrap_or_else(|| text.to_owned())
}

fn layers(text: &str) -> anyhow::Result<Vec<usize>> {
    if text.trim().eq_ignore_ascii_case("none") {
        return Ok(Vec::new());
    }
    let units = text.split(',').map(str::trim);
    let layer = |text: &str| {
        let wrong = || {
            anyhow!(
                "--layers must be whole numbers separated by commas, got {text:?}\nhint: --layers 64,32, or none"
            )
        };
        text.parse().map_err(|_| wrong())
    };
    units.map(layer).collect()
}

fn learning_rate(text: &str) -> anyhow::Result<Rate> {
    if text.eq_ignore_ascii_case("find") {
        return Ok(Rate::Find);
    }
    text.parse().map(Rate::At).map_err(|_| {
        anyhow!("--learning-rate must be a number, or find, got {text}\nhint: --learning-rate 0.001")
    })
}

fn batch_size(text: &str) -> anyhow::Result<BatchSize> {
    match canonical("batch_size", text) {
        "all" => Ok(BatchSize::All),
        text => text.parse().map(BatchSize::Rows).map_err(|_| {
            anyhow!("--batch-size must be a whole number, or all, got {text}\nhint: --batch-size 32")
        }),
    }
}

/// A choice that may have parameters, written as in a recipe, beside its flag.
fn choice<T>(
    typed: Option<(String, String)>,
    read: fn(&str) -> Result<T, Error>,
) -> anyhow::Result<Option<T>> {
    let Some((flag, value)) = typed else { return Ok(None) };
    read(&value).map(Some).map_err(|error| match error {
        Error::Recipe { what, hint, .. } => anyhow!("{flag} {value}: {what}\nhint: {hint}"),
        other => other.into(),
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use nablab::diagnosis::{Advice, Column, Evidence, Handling};
    use nablab::engine::{Hidden, Optimizer};
    use nablab::tables::Settings;
    use nablab_testing::samples;

    use super::*;

    /// Flags as they are pasted.
    #[derive(Parser)]
    struct Pasted {
        #[command(flatten)]
        flags: Flags,
    }

    fn changes(advice: &Advice) -> Changes {
        let words = shlex::split(&advice.flags()).unwrap();
        let pasted = Pasted::try_parse_from(["flags".to_owned()].into_iter().chain(words));
        pasted.unwrap_or_else(|refused| panic!("{refused}")).flags.changes().unwrap()
    }

    fn evidence(settings: &Settings) -> Evidence {
        let column = Column {
            name: "width, in \"mm\"".into(),
            source: "it's width".into(),
            mean: 0.0,
            deviation: 1.0,
            is_indicator: false,
            alone: f64::NAN,
        };
        let training = settings.training.clone();
        let handling = Handling { is_scaled: true, ..Handling::default() };
        Evidence {
            settings: Some(training),
            handling,
            rows: 500,
            columns: vec![column],
            ..Evidence::default()
        }
    }

    /// Whatever is advised is a flag that the command takes, means what the advice means, and changes something.
    #[test]
    fn advice_can_be_pasted() {
        let linear = |mut settings: Settings| {
            settings.training.hidden = Vec::new();
            settings
        };
        let memory = Optimizer::LBfgs { memory: 10 };
        let mut normalised = Settings::default();
        let layer = Hidden { batch_norm: true, dropout: 0.5, ..Hidden::relu(300) };
        normalised.training.hidden = vec![layer; 2];
        let mut used = 0;
        for settings in [Settings::default(), linear(Settings::default()), Settings::by(memory), normalised] {
            let evidence = evidence(&settings);
            for advice in samples().iter().flat_map(|finding| finding.advice(&evidence)) {
                used += 1;
                // Folds are many trainings, not another one.
                let Some(meant) = Changes::of(&advice) else { continue };
                assert_eq!(changes(&advice), meant, "{}", advice.flags());
                let mut changed = settings.clone();
                meant.apply(&mut changed).unwrap_or_else(|error| panic!("{}: {error}", advice.flags()));
                assert!(
                    changed != settings || meant.finds_learning_rate(),
                    "{} changes nothing",
                    advice.flags()
                );
            }
        }
        assert!(used > 100, "{used}");
    }

    /// A name that a shell or a list would take apart is quoted, or not advised; what is ignored already stays so.
    #[test]
    fn names_are_quoted() {
        let mut evidence = evidence(&Settings::default());
        evidence.handling.ignored = vec!["id".into()];
        let leak = samples().into_iter().find(|finding| finding.code() == "leaking-feature").unwrap();
        let ignored = |evidence: &Evidence| changes(&leak.advice(evidence)[0]).ignore.unwrap();
        assert_eq!(ignored(&evidence), ["id", "it's width"]);
        evidence.columns[0].source = "a,b".into();
        assert_eq!(ignored(&evidence), ["id", "a,b"]);
        evidence.columns[0].source = "a\nb".into();
        assert_eq!(leak.advice(&evidence), []);
    }
}
