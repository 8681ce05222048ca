//! A study and its storage: begun, or gone on with if it is the same.

use nablab_tables::Error as RecipeError;
use serde_json::Value;

use crate::ask::QUESTION;
use crate::plan::Study;
use crate::space::{Domain, Parameter, Space};
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
                self.write_choices(record.id, &study.space)?;
            }
            None if record.attributes.contains_key(QUESTION) => {
                return Err(differs(
                    "it is there already, and what its trials are worth is told by a program".into(),
                ));
            }
            None => self.of_one_kind(&record, &study.space)?,
        }
        self.set_metrics(record.id, &study.plan.metric)?;
        self.set_attribute(record.id, TEXT, &study.text.clone().into())?;
        self.study(name)?.ok_or_else(|| self.without_study(name))
    }

    /// Check that what trials of a study that does not say what is searched have tried is of the kind of this space.
    pub(crate) fn of_one_kind(&mut self, record: &Record, space: &Space) -> Result<(), StorageError> {
        for (parameter, domain) in self.domains(record.id)? {
            let ours = space.parameter(&parameter).map(|parameter| &parameter.domain);
            if let Some(ours) = ours
                && !domain.is_some_and(|theirs| are_of_one_kind(ours, &theirs))
            {
                return Err(StorageError::Study {
                    url: self.address(),
                    study: record.name.clone(),
                    what: format!("it is there already with another kind of {parameter}"),
                    hint: "choose another name for this one, or make it the same to go on".into(),
                });
            }
        }
        Ok(())
    }

    /// A file of recipes began it.
    pub(crate) fn is_of_recipes(&self, record: &Record) -> bool {
        record.attributes.contains_key(TEXT)
    }

    /// The parameters that may be more than when the study of this name was begun; what was tried stays as it is.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn widened(&mut self, name: &str, study: &Study) -> Result<Vec<String>, StorageError> {
        let Some(record) = self.study(name)? else { return Ok(Vec::new()) };
        let Ok(began) = self.registered(&record) else { return Ok(Vec::new()) };
        let is_other = |now: &&Parameter| {
            began.space.parameter(&now.name).is_none_or(|before| before.domain != now.domain)
        };
        Ok(study.space.parameters().iter().filter(is_other).map(|now| now.name.clone()).collect())
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
                hint: "give it the same table, unchanged, or choose another name for this study".into(),
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
    if let Some(difference) = began.space.difference(&now.space) {
        return Some(format!("space: {difference}"));
    }
    // What stands inside of a choice is looked at, too.
    for point in began.space.corners() {
        let (Ok(a), Ok(b)) = (began.settings(&point), now.settings(&point)) else { continue };
        if let Some(difference) = a.difference(&b) {
            return Some(format!("recipe: {difference}"));
        }
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
