//! What a page asks for.

use nablab_report::Lang;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clinic::{Difficulty, Treated};
use crate::gradient_check::Bug;
use crate::{Plan, SessionError};

/// A command, and what is to be shown once it is done: a page gets its picture in one reply.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What is to be done.
    pub command: Command,
    /// What is to be shown after it.
    pub views: Vec<View>,
}

/// What a session is asked to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Command {
    /// Begin a training, in place of the one before. Answer: [`crate::Event::Began`], [`crate::Event::At`].
    Begin {
        /// What is trained on what.
        plan: Plan,
    },
    /// So many steps more, or fewer where the recipe ends or the training does.
    Step {
        /// How many.
        steps: u64,
    },
    /// To the end of the epoch that is begun, or of the next one.
    Epoch,
    /// To the instant after so many steps, back or ahead: exactly as it was, or will be.
    Seek {
        /// Steps made by then.
        step: u64,
        /// Steps to make at most, now: where they do not suffice, the same command goes on. So a way that is long can be shown, or left.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        most: Option<u64>,
    },
    /// Set a parameter by hand, now. What was after this instant is forgotten.
    Set {
        /// Its place among all parameters: `W1` row by row, `b1`, `W2`, ….
        parameter: usize,
        /// Its new value.
        value: f64,
    },
    /// Go on from here by another recipe. What was after this instant is forgotten.
    Change {
        /// The recipe, whole, as in a plan.
        recipe: Value,
    },
    /// Nothing but what is to be shown.
    Look,
    /// The plan as it is by now, with the changes on the way, and the commands that repeat it in a terminal.
    Repeat,
    /// Train each of these from its beginning, beside the training that has begun, which stays as it is. Answer:
    /// [`crate::Event::Trained`].
    Train {
        /// What all of them are.
        plan: Plan,
        /// Keys that replace those of the plan's recipe, for each of them; what is changed on the way stays changed.
        variants: Vec<Value>,
        /// Steps of each; without, those of its recipe.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        steps: Option<u64>,
    },
    /// Is one recipe better than another, over the same seeds? Answer: [`crate::Event::Compared`].
    Compare {
        /// What one reached with each seed.
        first: Vec<f64>,
        /// What the other reached, in the same order.
        second: Vec<f64>,
    },
    /// Look for a learning rate by a range test from the start of the recipe that holds now. Answer: [`crate::Event::Rate`].
    FindRate,
    /// A sick training, or one that looks sick, always the same of a seed. Answer: [`crate::Event::Patient`].
    Patient {
        /// Which.
        seed: u32,
        /// How hard.
        difficulty: Difficulty,
    },
    /// What is wrong with a patient. Answer: [`crate::Event::Revealed`].
    Reveal {
        /// Which.
        seed: u32,
        /// How hard.
        difficulty: Difficulty,
    },
    /// Try a cure of a patient, and the healthy recipe beside it, with one of many seeds. Answer: [`crate::Event::Treated`].
    Treat {
        /// Which.
        seed: u32,
        /// How hard.
        difficulty: Difficulty,
        /// The cure: a recipe, whole, for the same rows.
        recipe: Value,
        /// Which of the trials, from 0.
        trial: u32,
    },
    /// What the trials of a cure say. Answer: [`crate::Event::Healed`].
    Healed {
        /// Each of them.
        trials: Vec<Treated>,
    },
}

/// Something that can be looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "view", rename_all = "kebab-case", deny_unknown_fields)]
pub enum View {
    /// What the network says over the plane of two features.
    Boundary {
        /// Cells along each side.
        cells: usize,
    },
    /// The output of each unit over the same plane, layer by layer.
    Units {
        /// Cells along each side.
        cells: usize,
    },
    /// All parameters.
    Parameters,
    /// What the network says of each row.
    Predictions,
    /// A unit opened: its arithmetic in the next step, forward and backward.
    Unit {
        /// Its layer, from 0; the last one is the output.
        layer: usize,
        /// Its place in the layer.
        unit: usize,
        /// The example, by its place in the batch of the step.
        example: usize,
    },
    /// The gradient of the next step against differences of its cost.
    GradientCheck {
        /// Mistakes to plant in the backward pass.
        #[serde(default)]
        bugs: Vec<Bug>,
        /// The language of its words.
        #[serde(default)]
        language: Language,
    },
    /// Losses and accuracies on the way here, from a step on.
    Curve {
        /// Steps before the first point that is wanted.
        from: u64,
    },
    /// What is wrong with the training as it stands, how that is known, and what may help.
    Diagnosis {
        /// The language of its words.
        #[serde(default)]
        language: Language,
    },
}

/// A language of words in an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::Zh => Self::Zh,
        }
    }
}

impl Request {
    /// A command as a page writes it, with its views beside it.
    ///
    /// # Errors
    /// [`SessionError::Command`], with line and column.
    ///
    /// ```
    /// use nablab_session::{Command, Request, View};
    /// let request = Request::from_json(r#"{"do": "step", "steps": 9, "views": [{"view": "boundary", "cells": 40}]}"#)?;
    /// assert_eq!(request.command, Command::Step { steps: 9 });
    /// assert_eq!(request.views, [View::Boundary { cells: 40 }]);
    /// # Ok::<(), nablab_session::SessionError>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Self, SessionError> {
        let mut value: Value = serde_json::from_str(text)?;
        let views = value.as_object_mut().and_then(|fields| fields.remove("views"));
        let views = views.map(serde_json::from_value).transpose()?.unwrap_or_default();
        Ok(Self { command: serde_json::from_value(value)?, views })
    }
}
