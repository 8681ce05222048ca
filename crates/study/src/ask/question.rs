//! What is searched by asking, and how; and where that is written down.

use nablab_engine::name_or_table::name_or_table;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::plan::LARGEST;
use crate::space::Parameter;
use crate::storage::{Record, Storage, StorageError};
use crate::{Direction, Sampler, Scheduler, Space, Study, StudyError};

/// What is searched, and how.
///
/// ```
/// use nablab_study::{Direction, Question};
/// let text = r#"{ "space": [{ "name": "x", "domain": { "float": { "low": 0.0, "high": 1.0 } } }] }"#;
/// let question: Question = serde_json::from_str(text)?;
/// assert_eq!(question.directions, [Direction::Minimize]);
/// assert!(question.check().is_ok());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What is searched.
    pub space: Space,
    /// What is better, for each value of a trial. Default: less, of one.
    #[serde(default = "less")]
    pub directions: Vec<Direction>,
    /// Who chooses. Default TPE.
    #[serde(default, deserialize_with = "name_or_table")]
    pub sampler: Sampler,
    /// Who is given up early. Default none.
    #[serde(default, deserialize_with = "name_or_table")]
    pub scheduler: Scheduler,
    /// The last step that a trial reports, by which halving finds its first rung. Default unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<u64>,
    /// Decides what the sampler draws. Default 0.
    #[serde(default)]
    pub seed: u64,
}

fn less() -> Vec<Direction> {
    vec![Direction::Minimize]
}

/// Under this name a question is attached to its study.
pub(crate) const QUESTION: &str = "nablab:question";
/// More are a typing error.
const MOST_DIRECTIONS: usize = 100;

impl Question {
    /// Of this space, with all else by default.
    pub fn new(space: Space) -> Self {
        let (sampler, scheduler) = (Sampler::default(), Scheduler::default());
        Self { space, directions: less(), sampler, scheduler, steps: None, seed: 0 }
    }

    /// What a study of recipes asks: who tells what comes of its points helps with it.
    ///
    /// # Errors
    /// [`StudyError::Training`] for settings that are none.
    pub fn of_study(study: &Study, directions: Vec<Direction>) -> Result<Self, StudyError> {
        let (plan, steps) = (&study.plan, study.first_settings()?.training.epochs);
        let (sampler, scheduler) = (plan.sampler, plan.scheduler);
        Ok(Self {
            space: study.space.clone(),
            directions,
            sampler,
            scheduler,
            steps: Some(steps),
            seed: plan.seed,
        })
    }

    /// An error for what cannot be searched.
    ///
    /// # Errors
    /// [`StudyError::Asked`].
    pub fn check(&self) -> Result<(), StudyError> {
        let wrong = |field, expected: &str, got: String| {
            Err(StudyError::Asked { field, expected: expected.to_owned(), got })
        };
        let several = self.directions.len();
        if !(1..=MOST_DIRECTIONS).contains(&several) {
            let expected = format!("1 to {MOST_DIRECTIONS}");
            return wrong("directions", &expected, several.to_string());
        }
        if let Some((expected, got)) = self.sampler.wrong() {
            return wrong("sampler", expected, got);
        }
        if let Some((expected, got)) = self.scheduler.wrong() {
            return wrong("scheduler", expected, got);
        }
        if several > 1 && self.scheduler != Scheduler::None {
            return wrong("scheduler", "none with several directions", "another one".into());
        }
        if self.steps == Some(0) {
            return wrong("steps", "at least 1", "0".into());
        }
        if self.steps.is_none() && self.scheduler.counts_steps() {
            let expected = "the last step that a trial reports, by which this scheduler finds its rungs";
            return wrong("steps", expected, "none".into());
        }
        let points = self.sampler.points(&self.space, LARGEST).len();
        if points > LARGEST {
            let expected =
                format!("a grid of at most {LARGEST} points: fewer of each range, or larger steps");
            return wrong("sampler", &expected, "more".into());
        }
        Ok(())
    }
}

impl Storage {
    /// Begin a study that asks this, or go on with it.
    ///
    /// # Errors
    /// [`StudyError::Storage`] if there is another one of that name.
    pub fn ask_under(&mut self, name: &str, question: &Question) -> Result<Record, StudyError> {
        question.check()?;
        let record = self.create_study(name, &question.directions)?;
        let differs = |what: String| StorageError::Study {
            url: self.address(),
            study: name.to_owned(),
            what: format!("it is there already with {what}"),
            hint: "choose another name for this one, or make it the same to go on".into(),
        };
        if record.directions != question.directions {
            return Err(differs("other directions".into()).into());
        }
        match self.asked(&record)? {
            Some(began) => {
                if let Some(what) = began.space.difference(&question.space) {
                    return Err(differs(format!("another space: {what}")).into());
                }
            }
            None => self.of_one_kind(&record, &question.space)?,
        }
        if self.is_of_recipes(&record) {
            // Its text says what is searched, and who goes on with it has the same in mind.
            return Ok(record);
        }
        self.write_choices(record.id, &question.space)?;
        let text = serde_json::to_value(question).expect("a question is plain data");
        self.set_attribute(record.id, QUESTION, &text)?;
        self.study(name)?.ok_or_else(|| self.without_study(name).into())
    }

    /// What a study asks: as it was begun, by us or by a file of recipes.
    fn asked(&self, record: &Record) -> Result<Option<Question>, StudyError> {
        if self.is_of_recipes(record) {
            return Question::of_study(&self.registered(record)?, record.directions.clone()).map(Some);
        }
        let Some(question) = record.attributes.get(QUESTION) else { return Ok(None) };
        let wrong = |error: serde_json::Error| StorageError::Study {
            url: self.address(),
            study: record.name.clone(),
            what: format!("what it asks cannot be read: {error}"),
            hint: "a newer nablab may have begun it".into(),
        };
        Ok(Some(serde_json::from_value(Value::clone(question)).map_err(wrong)?))
    }

    /// What a study asks; of one that Optuna began, what its trials have tried, by the default sampler.
    ///
    /// # Errors
    /// [`StudyError::Storage`] where no trial says what is searched.
    pub fn question(&mut self, record: &Record) -> Result<Question, StudyError> {
        if let Some(question) = self.asked(record)? {
            return Ok(question);
        }
        let known = self.domains(record.id)?;
        let parameter = |(name, domain): (String, Option<crate::Domain>)| {
            Some(Parameter { name, domain: domain?, when: Vec::new() })
        };
        let mut parameters: Vec<Parameter> = known.into_iter().filter_map(parameter).collect();
        parameters.sort_by(|a, b| a.name.cmp(&b.name));
        parameters.dedup_by(|a, b| a.name == b.name);
        if parameters.is_empty() {
            let what = "it does not say what is searched, and no trial of it does".into();
            let hint = "begin it with a space".into();
            let (url, study) = (self.address(), record.name.clone());
            return Err(StorageError::Study { url, study, what, hint }.into());
        }
        Ok(Question { directions: record.directions.clone(), ..Question::new(Space::new(parameters)?) })
    }
}
