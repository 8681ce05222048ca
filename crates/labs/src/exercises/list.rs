//! Exercises by name, and one of them as a text.

use nablab_report::{Block, Document, Lang, Section, markdown};
use serde_json::{Value, json};

use super::Exercise;

/// Exercises by name, lab by lab.
///
/// ```
/// use nablab_labs::exercises::{all, list};
/// use nablab_report::Lang;
/// let list = list(&all(0), Lang::En);
/// assert!(list.starts_with("Regularization\n  1.1   ") && list.contains("\n\nInitialization\n  2.1   How many parameters\n"), "{list}");
/// ```
pub fn list(exercises: &[Exercise], lang: Lang) -> String {
    let labs = exercises.chunk_by(|one, next| one.id.lab() == next.id.lab());
    let name = |exercise: &Exercise| {
        format!("  {:<5} {}\n", exercise.id.to_string(), exercise.question.title.of(lang))
    };
    let lab = |exercises: &[Exercise]| {
        format!("{}\n{}", exercises[0].id.lab().title(lang), exercises.iter().map(name).collect::<String>())
    };
    labs.map(lab).collect::<Vec<_>>().join("\n")
}

/// Exercises as JSON.
///
/// ```
/// use nablab_labs::exercises::{all, list_json};
/// use nablab_report::Lang;
/// let exercises = list_json(&all(0), Lang::En);
/// assert_eq!((&exercises["schema"], &exercises["exercises"][39]["id"]), (&"nablab.exercises/1".into(), &"4.10".into()));
/// ```
pub fn list_json(exercises: &[Exercise], lang: Lang) -> Value {
    let exercises: Vec<_> = exercises.iter().map(|exercise| exercise.json(lang)).collect();
    json!({ "schema": "nablab.exercises/1", "exercises": exercises })
}

impl Exercise {
    /// Blocks under its heading, as Markdown: what [`Exercise::asked`] and its like give.
    ///
    /// ```
    /// use nablab_labs::exercises::exercise;
    /// use nablab_report::Lang;
    /// let parameters = exercise("2.1".parse()?, 0);
    /// let text = parameters.text(parameters.asked(Lang::En), Lang::En);
    /// assert!(text.starts_with("# 2.1 How many parameters\n\n") && text.ends_with('\n'), "{text}");
    /// # Ok::<(), nablab_labs::exercises::ExerciseError>(())
    /// ```
    pub fn text(&self, blocks: Vec<Block>, lang: Lang) -> String {
        let section = Section { blocks, ..Section::default() };
        let title = self.heading(lang);
        let page = markdown(&Document { title, sections: vec![section], ..Document::default() });
        page.trim_end().to_owned() + "\n"
    }

    /// As JSON, with more about it, each part by its name.
    ///
    /// ```
    /// use nablab_labs::exercises::exercise;
    /// use nablab_report::Lang;
    /// let parameters = exercise("2.1".parse()?, 0);
    /// let judged = parameters.json_with([("judgement", parameters.check("91")?.json(Lang::En))], Lang::En);
    /// assert_eq!((&judged["id"], &judged["judgement"]["verdict"]), (&"2.1".into(), &"right".into()));
    /// # Ok::<(), nablab_labs::exercises::ExerciseError>(())
    /// ```
    pub fn json_with<'n>(&self, more: impl IntoIterator<Item = (&'n str, Value)>, lang: Lang) -> Value {
        let mut value = self.json(lang);
        value["schema"] = json!("nablab.exercise/1");
        for (name, part) in more {
            value[name] = part;
        }
        value
    }
}
