//! What is said to an answer.

use nablab_report::{Lang, number};

use super::solution::is_near;
use super::{Answer, Exercise, ExerciseError, Solution, Text};

/// Off by no more than this share of the answer is nearly right.
const NEARLY: f64 = 0.1;
/// Or by so many tolerances.
const TOLERANCES: f64 = 3.0;

/// An answer, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// What it is.
    pub verdict: Verdict,
    /// The same in words, with what follows from it.
    pub sentences: Vec<Text>,
}

/// What an answer is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// Within the tolerance.
    Right,
    /// Not far off.
    Nearly,
    /// What one gets by a mistake that has a name: its place in [`Solution::misconceptions`].
    Misconception(usize),
    /// Wrong in a way nobody thought of.
    Wrong,
}

impl Verdict {
    /// In JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Nearly => "nearly",
            Self::Misconception(_) => "misconception",
            Self::Wrong => "wrong",
        }
    }
}

impl Judgement {
    /// Its sentences as a paragraph.
    pub fn text(&self, lang: Lang) -> String {
        paragraph(&self.sentences, lang)
    }
}

/// Sentences, one behind the other.
pub(super) fn paragraph(sentences: &[Text], lang: Lang) -> String {
    sentences.iter().map(|sentence| sentence.of(lang)).collect::<Vec<_>>().join(lang.choose(" ", ""))
}

impl Exercise {
    /// Judge an answer as somebody typed it.
    ///
    /// ```
    /// use nablab_labs::exercises::{Verdict, exercise};
    /// use nablab_report::Lang;
    /// let parameters = exercise("2.1".parse()?, 0);
    /// assert_eq!(parameters.check("91")?.verdict, Verdict::Right);
    /// let biases = parameters.check("75")?;
    /// assert!(matches!(biases.verdict, Verdict::Misconception(_)));
    /// assert_eq!(biases.text(Lang::En), "Not right. These are the weights alone: each unit also has a bias.");
    /// # Ok::<(), nablab_labs::exercises::ExerciseError>(())
    /// ```
    ///
    /// # Errors
    /// [`ExerciseError::Unreadable`] where the text has no answer; [`ExerciseError::Lab`] where a training cannot run.
    pub fn check(&self, text: &str) -> Result<Judgement, ExerciseError> {
        Ok(self.judge(self.read(text)?, &self.solution()?)?)
    }

    /// Judge an answer by the solution.
    pub fn judge(&self, answer: Answer, solution: &Solution) -> Result<Judgement, crate::LabError> {
        let trial = match (answer, &self.work.attempt) {
            (Answer::Number(number), Some(attempt)) => Some(attempt(number)?),
            _ => None,
        };
        let right = trial.as_ref().map_or_else(|| self.within(answer, solution.answer), |trial| trial.passed);
        let mistaken =
            || solution.misconceptions.iter().position(|other| self.comes_from(answer, other.answer));
        let off = self.off(answer, solution.answer);
        let nearly = trial.as_ref().map_or(off.is_some(), |trial| trial.nearly);
        let verdict = match mistaken() {
            _ if right => Verdict::Right,
            Some(misconception) => Verdict::Misconception(misconception),
            None if nearly => Verdict::Nearly,
            None => Verdict::Wrong,
        };
        let opening = match verdict {
            Verdict::Right => Text::new("Right.", "正确。"),
            Verdict::Nearly => Text::new("Nearly.", "接近了。"),
            Verdict::Misconception(_) | Verdict::Wrong => Text::new("Not right.", "不对。"),
        };
        let mut sentences = vec![opening];
        sentences.extend(trial.map(|trial| trial.seen));
        match verdict {
            Verdict::Right => sentences.extend(solution.explanation.iter().cloned()),
            Verdict::Misconception(which) => sentences.push(solution.misconceptions[which].sentence.clone()),
            Verdict::Nearly if self.work.attempt.is_none() => sentences.extend(off),
            // What was tried has said what is wrong.
            Verdict::Wrong if self.work.attempt.is_none() => {
                sentences.extend(direction(answer, solution.answer))
            }
            Verdict::Nearly | Verdict::Wrong => {}
        }
        Ok(Judgement { verdict, sentences })
    }

    /// How far off a number is that is not far off.
    fn off(&self, answer: Answer, right: Answer) -> Option<Text> {
        let (Answer::Number(answer), Answer::Number(right)) = (answer, right) else { return None };
        let tolerance = self.question.expects.tolerance()?.around(right);
        let (off, size) = ((answer - right).abs(), right.abs());
        let is_nearly = is_near(answer, right, (NEARLY * size).max(TOLERANCES * tolerance));
        let far = number(off, 2);
        let share =
            if size > 0.0 { format!(" ({} %)", number(100.0 * off / size, 2)) } else { String::new() };
        let is_large = answer > right;
        is_nearly.then(|| {
            Text::new(
                format!("It is too {} by {far}{share}.", if is_large { "large" } else { "small" }),
                format!("{}了 {far}{share}。", if is_large { "大" } else { "小" }),
            )
        })
    }
}

/// Which way a number is off.
fn direction(answer: Answer, right: Answer) -> Option<Text> {
    let (Answer::Number(answer), Answer::Number(right)) = (answer, right) else { return None };
    Some(match answer > right {
        true => Text::new("It is too large.", "偏大。"),
        false => Text::new("It is too small.", "偏小。"),
    })
}
