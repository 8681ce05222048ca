//! An answer as somebody typed it.

use nablab_report::Lang;

use super::expression::value;
use super::solution::letter;
use super::{Answer, Exercise, ExerciseError, Expects, Text, Unit};

impl Exercise {
    /// The answer in a text: a number (`0.38`, `38 %`, `1e-3`, `ln 2`, `1 - 0.9^3`), or a choice by its letter or its words.
    ///
    /// ```
    /// use nablab_labs::exercises::{Answer, exercise};
    /// let zeros = exercise("2.3".parse()?, 0);
    /// assert_eq!(zeros.read("50 %")?, Answer::Number(0.5));
    /// let error = zeros.read("half").unwrap_err().to_string();
    /// assert_eq!(error, "expected a share from 0 to 1 or per cent, got \"half\"\nhint: for instance 0.38 or 38 %");
    /// # Ok::<(), nablab_labs::exercises::ExerciseError>(())
    /// ```
    ///
    /// # Errors
    /// [`ExerciseError::Unreadable`] where there is none in it.
    pub fn read(&self, text: &str) -> Result<Answer, ExerciseError> {
        let refused = |hint: &str| ExerciseError::Unreadable {
            expected: self.question.expects.words().en,
            got: shortened(text),
            hint: hint.to_owned(),
        };
        match &self.question.expects {
            Expects::Choice(choices) => chosen(choices, text)
                .ok_or_else(|| refused("its letter, or its words as they stand in the question")),
            Expects::Number { unit, .. } => {
                let number = value(without_unit(behind_equals(text), unit));
                match (number, unit) {
                    (Some(share), Unit::Share) if (0.0..=1.0).contains(&share) => Ok(Answer::Number(share)),
                    (Some(share), Unit::Share)
                        if (1.0..=100.0).contains(&share) && !text.contains(['%', '％']) =>
                    {
                        Err(refused(&format!("{share} % if per cent are meant")))
                    }
                    (_, Unit::Share) => Err(refused("for instance 0.38 or 38 %")),
                    (Some(number), _) => Ok(Answer::Number(number)),
                    (None, _) => Err(refused(NUMBERS)),
                }
            }
            Expects::Entry { .. } => {
                value(behind_equals(text)).map(Answer::Number).ok_or_else(|| refused(NUMBERS))
            }
        }
    }
}

/// How numbers may be written.
const NUMBERS: &str = "for instance 0.38, 1e-3, 3/8, ln 2, sqrt(2/10) or 1 - 0.9^3";

impl Expects {
    /// What is expected, in a few words.
    pub fn words(&self) -> Text {
        match self {
            Self::Number { unit: Unit::None, .. } => Text::new("a number", "一个数"),
            Self::Number { unit: Unit::Share, .. } => {
                Text::new("a share from 0 to 1 or per cent", "一个比例（0 到 1，或百分数）")
            }
            Self::Number { unit: Unit::Of(things), .. } => {
                Text::new(format!("a number ({})", things.en), format!("一个数（{}）", things.zh))
            }
            Self::Entry { name, .. } => Text::new(format!("a number, {name}"), format!("一个数，{name}")),
            Self::Choice(choices) => {
                let last = letter(choices.len().saturating_sub(1));
                Text::new(format!("a choice from a to {last}"), format!("一个选项（a 到 {last}）"))
            }
        }
    }
}

/// The number alone, where what it is stands before it: `dW1[0, 1] = 0.3`.
fn behind_equals(text: &str) -> &str {
    text.rsplit('=').next().unwrap_or(text)
}

/// The number alone, where the name of what it counts stands behind it.
fn without_unit<'t>(text: &'t str, unit: &Unit) -> &'t str {
    let text = text.trim();
    let Unit::Of(things) = unit else { return text };
    let name = |name: &str| text.strip_suffix(name).map(str::trim_end).filter(|rest| !rest.is_empty());
    name(&things.en).or_else(|| name(&things.zh)).unwrap_or(text)
}

/// By its letter, with or without brackets; or by its words in either language, or by a part of them that only it has.
fn chosen(choices: &[Text], text: &str) -> Option<Answer> {
    let plain = |text: &str| text.trim().trim_end_matches(['.', '。']).replace('`', "").to_lowercase();
    let typed = plain(text);
    let bare = typed.trim_matches(['(', ')', '（', '）', '.', ' ']);
    let by_letter = (0..choices.len()).find(|&choice| bare == letter(choice).to_string());
    let says =
        |choice: &Text, test: &dyn Fn(&str) -> bool| test(&plain(&choice.en)) || test(&plain(&choice.zh));
    let by_words = || choices.iter().position(|choice| says(choice, &|words| words == typed));
    let by_part = |is: &dyn Fn(&str) -> bool| {
        let mut those = (0..choices.len()).filter(|&choice| !typed.is_empty() && says(&choices[choice], is));
        those.next().filter(|_| those.next().is_none())
    };
    let by_beginning = || by_part(&|words| words.starts_with(&typed));
    // A single letter stands in many words, and means none of them.
    let anywhere = || by_part(&|words| typed.chars().count() > 1 && words.contains(&typed));
    by_letter.or_else(by_words).or_else(by_beginning).or_else(anywhere).map(Answer::Choice)
}

/// What came, in quotes, as much of it as fits a line.
fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    match text.chars().count() > MOST {
        true => format!("{:?}…", text.chars().take(MOST).collect::<String>()),
        false => format!("{text:?}"),
    }
}

/// The choices, each behind its letter.
pub(super) fn lettered(choices: &[Text], lang: Lang) -> Vec<String> {
    let lettered = |(choice, text): (usize, &Text)| format!("({}) {}", letter(choice), text.of(lang));
    choices.iter().enumerate().map(lettered).collect()
}
