//! A study and its storage: begun, or gone on with if it is the same.

use nablab::Error as RecipeError;
use serde_json::Value;

use crate::plan::Study;
use crate::space::{Domain, Point};
use crate::storage::{Record, Storage, StorageError};
use crate::trial::Direction;

/// Under this name the text of a study is attached to it, so that workers need nothing but its storage.
const TEXT: &str = "nablab:study";
/// And the fingerprint of its table under this one.
const DATA: &str = "nablab:data";

impl Storage {
    /// Begin a study under this name, or go on with the one that is there: ours of the same space, or one that Optuna began
    /// with parameters of ours.
    ///
    /// # Errors
    /// [`StorageError::Study`] if there is another one of that name.
    pub fn register(&mut self, name: &str, study: &Study) -> Result<Record, StorageError> {
        let directions = study.directions();
        let record = self.create_study(name, &directions)?;
        let url = self.address();
        let differs = |what: String| StorageError::Study {
            url: url.clone(),
            study: name.to_owned(),
            what,
            hint: "choose another name for this one, or make it the same to go on".into(),
        };
        if record.directions != directions
            || record.metrics.iter().zip(&study.plan.metric).any(|(a, b)| a != b)
        {
            let names = |of: &[Direction], metrics: &[String]| {
                let name = |(i, d): (usize, &Direction)| {
                    format!("{} {}", d.name(), metrics.get(i).map_or("", |m| m))
                };
                of.iter().enumerate().map(name).collect::<Vec<_>>().join(", ").to_lowercase()
            };
            return Err(differs(format!(
                "it is there already and is to {}, this one to {}",
                names(&record.directions, &record.metrics),
                names(&directions, &study.plan.metric)
            )));
        }
        match record.attributes.get(TEXT).and_then(Value::as_str) {
            Some(text) => {
                let began = Study::parse(text, name).map_err(|error| differs(error.to_string()))?;
                if let Some(what) = difference(&began, study) {
                    return Err(differs(format!("it is there already with another {what}")));
                }
            }
            None => {
                for (parameter, domain) in self.domains(record.id)? {
                    let ours = study.space.parameter(&parameter).map(|parameter| &parameter.domain);
                    if let Some(ours) = ours
                        && !domain.is_some_and(|theirs| are_of_one_kind(ours, &theirs))
                    {
                        return Err(differs(format!("it is there already with another kind of {parameter}")));
                    }
                }
            }
        }
        self.set_metrics(record.id, &study.plan.metric)?;
        self.set_attribute(record.id, TEXT, &study.text.clone().into())?;
        self.study(name)?.ok_or_else(|| self.without_study(name))
    }

    /// Say which table a study's trials are judged on, or check that it is the same: values on others cannot be compared.
    ///
    /// # Errors
    /// [`StorageError::Study`] if it is another one.
    pub fn judge_on(&mut self, record: &Record, fingerprint: &str) -> Result<(), StorageError> {
        match record.attributes.get(DATA).and_then(Value::as_str) {
            None => self.set_attribute(record.id, DATA, &fingerprint.into()),
            Some(began) if began == fingerprint => Ok(()),
            Some(_) => Err(StorageError::Study {
                url: self.address(),
                study: record.name.clone(),
                what: "its trials were judged on another table, or on other rows of it".into(),
                hint: "give it the same file, unchanged, or choose another name for this study".into(),
            }),
        }
    }

    /// The study that a record was registered with.
    ///
    /// # Errors
    /// [`StorageError::Study`] if it was begun by Optuna and nobody has registered it.
    pub fn registered(&self, record: &Record) -> Result<Study, StorageError> {
        let wrong = |what: String| StorageError::Study {
            url: self.address(),
            study: record.name.clone(),
            what,
            hint: "nablab study run STUDY.toml says what is searched".into(),
        };
        let text = record.attributes.get(TEXT).and_then(Value::as_str);
        let text =
            text.ok_or_else(|| wrong("it does not say what is searched: nablab did not begin it".into()))?;
        let mut study =
            Study::parse(text, &record.name).map_err(|error: RecipeError| wrong(error.to_string()))?;
        // Where the text says nothing, what was found out.
        study.plan.metric.clone_from(&record.metrics);
        Ok(study)
    }
}

/// What makes values of two studies incomparable.
fn difference(began: &Study, now: &Study) -> Option<String> {
    let (a, b) = (began.space.parameters(), now.space.parameters());
    if let Some(other) = a.iter().find(|parameter| !b.contains(parameter)) {
        return Some(format!("space: {} was another range or is none now", other.name));
    }
    if let Some(new) = b.iter().find(|parameter| !a.contains(parameter)) {
        return Some(format!("space: {} is a new range", new.name));
    }
    let recipe = |study: &Study| {
        let point = study.space.draw(&Point::new(), &mut |parameter| parameter.domain.first());
        let mut settings = study.space.recipe(&point).ok()?;
        // Where the table lies does not matter.
        (settings.data.file, settings.validation.file) = (None, settings.validation.file.map(|_| "…".into()));
        Some(settings.to_toml())
    };
    let (a, b) = (recipe(began)?, recipe(now)?);
    if let Some(line) = b.lines().find(|line| !a.lines().any(|other| other == *line)) {
        return Some(format!("recipe: {line} is new"));
    }
    if let Some(line) = a.lines().find(|line| !b.lines().any(|other| other == *line)) {
        return Some(format!("recipe: {line} is gone"));
    }
    let judged = |study: &Study| (study.plan.seeds, study.plan.folds);
    (judged(began) != judged(now)).then(|| "number of seeds or folds".into())
}

/// Their values can be told apart by the same samplers; as Optuna has it, ends of ranges may move.
fn are_of_one_kind(a: &Domain, b: &Domain) -> bool {
    match (a, b) {
        (Domain::Choice(a), Domain::Choice(b)) => a == b,
        (Domain::Choice(_), _) | (_, Domain::Choice(_)) => false,
        _ => std::mem::discriminant(a) == std::mem::discriminant(b) && a.is_log() == b.is_log(),
    }
}
