//! Exercises as JSON.

use nablab_report::Lang;
use serde_json::{Value, json};

use super::reading::lettered;
use super::{Answer, Exercise, Expects, Judgement, Solution, Text, Tolerance, Unit};

impl Exercise {
    /// The question in a language, without hint.
    pub fn json(&self, lang: Lang) -> Value {
        let question = &self.question;
        json!({
            "id": self.id.to_string(),
            "lab": self.id.lab,
            "variant": self.variant,
            "title": question.title.of(lang),
            "question": question.text.of(lang),
            "given": question.given,
            "expects": expects(&question.expects, lang),
        })
    }

    /// The solution in a language. Numbers have all their digits; infinity is `"inf"`, a choice its letter.
    pub fn solution_json(&self, solution: &Solution, lang: Lang) -> Value {
        let words = |text: &Text| text.of(lang).to_owned();
        let misconception = |wrong: &super::Misconception| json!({ "answer": self.answer_json(wrong.answer), "sentence": words(&wrong.sentence) });
        json!({
            "answer": self.answer_json(solution.answer),
            "explanation": solution.explanation.iter().map(words).collect::<Vec<_>>(),
            "misconceptions": solution.misconceptions.iter().map(misconception).collect::<Vec<_>>(),
        })
    }

    fn answer_json(&self, answer: Answer) -> Value {
        match answer {
            Answer::Number(number) if number.is_finite() => json!(number),
            _ => json!(self.typed(answer)),
        }
    }
}

impl Judgement {
    /// In a language.
    pub fn json(&self, lang: Lang) -> Value {
        json!({ "verdict": self.verdict.key(), "text": self.text(lang) })
    }
}

fn expects(expects: &Expects, lang: Lang) -> Value {
    let tolerance = |tolerance: &Tolerance| match tolerance {
        Tolerance::Relative(share) => json!({ "relative": share }),
        Tolerance::Absolute(distance) => json!({ "absolute": distance }),
        Tolerance::Tried => json!("tried"),
    };
    match expects {
        Expects::Number { unit, tolerance: near } => {
            let unit = match unit {
                Unit::None => Value::Null,
                Unit::Share => json!("share"),
                Unit::Of(things) => json!(things.of(lang)),
            };
            json!({ "kind": "number", "unit": unit, "tolerance": tolerance(near) })
        }
        Expects::Entry { name, tolerance: near } => {
            json!({ "kind": "entry", "name": name, "tolerance": tolerance(near) })
        }
        Expects::Choice(choices) => json!({ "kind": "choice", "choices": lettered(choices, lang) }),
    }
}
