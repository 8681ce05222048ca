//! What a study found, as plain data and in words.

use std::fmt::Write as _;

use nablab_report::{File, Lang, number};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::confirm::difference;
use crate::report::counts;
use crate::storage::Record;
use crate::{Confirmation, SearchStart, Space, State, Study, StudyFolder, Trial, best, first, leaders};

/// What a study found.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    schema: &'static str,
    study: String,
    storage: String,
    metric: Vec<String>,
    trials: Counts,
    /// Every point of the space has a trial.
    exhausted: bool,
    best: Option<Listed>,
    first: Option<Listed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmation: Option<Confirmation>,
    recipe: String,
    report: String,
}

/// How many trials stand how.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Counts {
    complete: usize,
    pruned: usize,
    failed: usize,
    running: usize,
    waiting: usize,
}

/// A trial.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Listed {
    number: u64,
    state: State,
    values: Vec<f64>,
    parameters: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

impl Counts {
    pub(crate) fn of(trials: &[Trial]) -> Self {
        let count = |state| trials.iter().filter(|trial| trial.state == state).count();
        Self {
            complete: count(State::Complete),
            pruned: count(State::Pruned),
            failed: count(State::Fail),
            running: count(State::Running),
            waiting: count(State::Waiting),
        }
    }
}

impl Listed {
    pub(crate) fn new(space: Option<&Space>, trial: &Trial) -> Self {
        let shown = |name: &str, value: f64| {
            let domain = space.and_then(|space| space.parameter(name)).map(|parameter| &parameter.domain);
            match domain {
                Some(domain) if domain.is_choice() => json!(domain.show(value)),
                _ => json!(value),
            }
        };
        let parameters =
            trial.point.iter().map(|(name, &value)| (name.clone(), shown(name, value))).collect();
        Self {
            number: trial.number,
            state: trial.state,
            values: trial.values.clone(),
            parameters,
            why: trial.why.clone(),
        }
    }

    fn parameters(&self) -> String {
        let shown = |value: &Value| match value {
            Value::Number(number) => short(number.as_f64().unwrap_or(f64::NAN)),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let said: Vec<_> =
            self.parameters.iter().map(|(name, value)| format!("{name} {}", shown(value))).collect();
        said.join(", ")
    }
}

impl Summary {
    pub(crate) fn new(
        study: &Study,
        record: &Record,
        trials: &[Trial],
        confirmation: Option<&Confirmation>,
        url: &str,
        folder: &StudyFolder,
    ) -> Self {
        let listed = |trial: &Trial| Listed::new(Some(&study.space), trial);
        Self {
            schema: "nablab.study/1",
            study: record.name.clone(),
            storage: url.to_owned(),
            metric: study.plan.metric.clone(),
            trials: Counts::of(trials),
            exhausted: study.is_exhausted(trials),
            best: best(trials, &record.directions).map(listed),
            first: first(trials).map(listed),
            confirmation: confirmation.cloned(),
            recipe: folder.best().display().to_string(),
            report: folder.report().display().to_string(),
        }
    }

    /// In a few lines.
    pub fn text(&self, trials: &[Trial]) -> String {
        let mut text = heading(&self.study, trials) + &failures(trials);
        let metric = self.metric.first().map_or("value", String::as_str);
        let Some(best) = &self.best else {
            text += "no trial has come to its end: there is no best one\n";
            return text;
        };
        let value = |listed: &Listed| listed.values.first().map_or_else(String::new, |&value| short(value));
        if self.exhausted {
            text += "every point of the space was tried\n";
        }
        let _ = writeln!(text, "best: trial {}, {metric} {}", best.number, value(best));
        let _ = writeln!(text, "  {}", best.parameters());
        if let Some(first) = self.first.as_ref().filter(|first| first.number != best.number) {
            let _ = writeln!(text, "first: trial {}, {metric} {}", first.number, value(first));
        }
        if let Some(confirmed) = &self.confirmation {
            text += &confirmed.text();
            if let Some(chosen) = confirmed.candidates.first().filter(|chosen| chosen.trial != best.number) {
                let _ =
                    writeln!(text, "the best over new seeds, and of {}: trial {}", self.recipe, chosen.trial);
            }
        }
        let _ = writeln!(text, "report: {}", self.report);
        text
    }

    /// The file with the best recipe, if any trial has come to its end.
    pub fn recipe(&self) -> Option<&str> {
        self.best.as_ref().map(|_| &*self.recipe)
    }

    /// The address of the database, as Optuna has it.
    pub fn storage_of_optuna(&self) -> String {
        let url = &self.storage;
        if url.contains("://") { url.clone() } else { format!("sqlite:///{url}") }
    }
}

impl SearchStart {
    /// What is to be known before the search, a line each: that the space is wider than it was, what a space of few points means
    /// for the search, and what a grid leaves out.
    pub fn lines(&self, study: &Study) -> Vec<String> {
        let wider = (!self.wider.is_empty()).then(|| {
            let names = self.wider.join(", ");
            format!(
                "the space is wider than it was: {names}; the trials of before count, and none is trained again"
            )
        });
        let few = self.wanted.limit.map(|points| {
            let (all, asked) = (self.wanted.trials, study.trials());
            format!("the space has {points} points, and each is tried once: {all} trials instead of {asked}")
        });
        let thinned = study.plan.sampler.thinned(&study.space);
        let thinned = thinned.into_iter().map(|(name, taken, all)| {
            format!(
                "the grid takes {taken} of the {all} values of {name}\nhint: step = 1 in the range takes all, \
                 sampler = {{ grid = {{ points = N }} }} N of them"
            )
        });
        wider.into_iter().chain(few).chain(thinned).collect()
    }
}

/// All trials, for JSON.
pub fn listed(space: Option<&Space>, record: &Record, trials: &[Trial]) -> Value {
    let all: Vec<Listed> = trials.iter().map(|trial| Listed::new(space, trial)).collect();
    json!({ "schema": "nablab.trials/1", "study": record.name, "trials": all })
}

/// All trials as CSV, a row each.
pub fn csv(space: Option<&Space>, record: &Record, trials: &[Trial]) -> Vec<u8> {
    let names: std::collections::BTreeSet<&String> =
        trials.iter().flat_map(|trial| trial.point.keys()).collect();
    let metric = |k| record.metrics.get(k).cloned().unwrap_or_else(|| format!("value {k}"));
    let metrics = (0..record.directions.len()).map(metric);
    let header = ["trial", "state"].map(str::to_owned).into_iter().chain(metrics);
    let header: Vec<String> = header.chain(names.iter().map(|name| (*name).clone())).collect();
    let row = |trial: &Trial| {
        let listed = Listed::new(space, trial);
        let values = (0..record.directions.len())
            .map(|k| trial.values.get(k).map_or_else(String::new, f64::to_string));
        let parameters = names.iter().map(|name| match listed.parameters.get(*name) {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => String::new(),
        });
        let state = format!("{:?}", trial.state).to_lowercase();
        [trial.number.to_string(), state].into_iter().chain(values).chain(parameters).collect::<Vec<_>>()
    };
    File::csv("trials.csv", header, trials.iter().map(row)).bytes
}

/// The best trials, a line each.
pub fn table(space: Option<&Space>, record: &Record, trials: &[Trial], top: usize) -> String {
    let mut text = heading(&record.name, trials);
    if record.directions.len() > 1 {
        text += "those than which no other is better in one metric and as good in all:\n";
    }
    text += &failures(trials);
    let names = if record.metrics.is_empty() { "value".to_owned() } else { record.metrics.join(", ") };
    for trial in leaders(trials, &record.directions).into_iter().take(top) {
        let listed = Listed::new(space, trial);
        let values: Vec<_> = trial.values.iter().map(|&value| short(value)).collect();
        let _ = writeln!(
            text,
            "trial {:>4}  {names} {}  {}",
            trial.number,
            values.join(" "),
            listed.parameters()
        );
    }
    text
}

fn heading(study: &str, trials: &[Trial]) -> String {
    format!("study {study}: {}\n", counts(trials, Lang::En))
}

/// Why the first of those that failed did; where none came to its end, also of those that diverged.
fn failures(trials: &[Trial]) -> String {
    let none_ended = !trials.iter().any(|trial| trial.state == State::Complete);
    let counts = |trial: &&Trial| trial.state == State::Fail || none_ended;
    let why = |trial: &Trial| Some(format!("trial {} failed: {}\n", trial.number, trial.why.as_ref()?));
    trials.iter().filter(counts).find_map(why).unwrap_or_default()
}

impl Confirmation {
    /// Means with intervals, and how the best compares with the first trial.
    pub fn text(&self) -> String {
        let Some(best) = self.candidates.first() else { return String::new() };
        let interval = |interval: Option<(f64, f64)>| {
            interval.map_or_else(String::new, |(low, high)| format!(" [{}, {}]", short(low), short(high)))
        };
        let seeds = best.values.len();
        let mut text = format!("over {seeds} new seeds, {} with 95 % intervals:\n", self.metric);
        for candidate in &self.candidates {
            let _ = writeln!(
                text,
                "  trial {:>4}  {}{}",
                candidate.trial,
                short(candidate.mean()),
                interval(candidate.interval())
            );
        }
        if let Some(first) = self.first().filter(|first| first.trial != best.trial) {
            let by = difference(&best.values, &first.values);
            let _ = writeln!(
                text,
                "  trial {} minus trial {}, seed by seed: {}{}",
                best.trial,
                first.trial,
                short(best.mean() - first.mean()),
                interval(by)
            );
        }
        text
    }
}

/// Four digits that count.
pub fn short(value: f64) -> String {
    number(value, 4)
}
