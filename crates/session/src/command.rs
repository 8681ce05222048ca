//! What a page asks for.

use serde::{Deserialize, Serialize};

use crate::{Plan, SessionError};

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
        recipe: serde_json::Value,
    },
    /// Show something as it is now.
    Look {
        /// What.
        views: Vec<View>,
    },
    /// The plan as it is by now, with the changes on the way, and the commands that repeat it in a terminal.
    Repeat,
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
    /// Losses and accuracies on the way here, from a step on.
    Curve {
        /// Steps before the first point that is wanted.
        from: u64,
    },
}

impl Command {
    /// A command as a page writes it.
    ///
    /// # Errors
    /// [`SessionError::Command`], with line and column.
    ///
    /// ```
    /// use nablab_session::{Command, View};
    /// let command = Command::from_json(r#"{"do": "look", "views": [{"view": "boundary", "cells": 40}]}"#)?;
    /// assert_eq!(command, Command::Look { views: vec![View::Boundary { cells: 40 }] });
    /// # Ok::<(), nablab_session::SessionError>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Self, SessionError> {
        Ok(serde_json::from_str(text)?)
    }
}
