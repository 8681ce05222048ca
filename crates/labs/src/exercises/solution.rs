//! What is computed of an exercise: the answer, why it is so, and what wrong answers come from.

use super::{Exercise, Expects, Text, Tolerance};
use crate::LabError;

/// Nobody types more digits of a number with many.
const TYPED: f64 = 1e-3;

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// A number.
    Number(f64),
    /// One of the choices, counted from 0.
    Choice(usize),
}

/// A wrong answer, and what it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Misconception {
    /// What one gets so.
    pub answer: Answer,
    /// What is wrong.
    pub sentence: Text,
}

/// The answer of an exercise, computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// The right one; where answers are tried, one of the right ones.
    pub answer: Answer,
    /// Why, in sentences.
    pub explanation: Vec<Text>,
    /// Wrong answers, no two alike, none that counts as right.
    pub misconceptions: Vec<Misconception>,
}

impl Solution {
    /// A number.
    pub(super) fn number(answer: f64) -> Self {
        Self { answer: Answer::Number(answer), explanation: Vec::new(), misconceptions: Vec::new() }
    }

    /// One of the choices.
    pub(super) fn choice(answer: usize) -> Self {
        Self { answer: Answer::Choice(answer), ..Self::number(0.0) }
    }

    /// With a sentence that explains.
    pub(super) fn because(mut self, en: impl Into<String>, zh: impl Into<String>) -> Self {
        self.explanation.push(Text::new(en, zh));
        self
    }

    /// With what a number comes from that is not the answer.
    pub(super) fn not(mut self, answer: f64, en: impl Into<String>, zh: impl Into<String>) -> Self {
        self.misconceptions
            .push(Misconception { answer: Answer::Number(answer), sentence: Text::new(en, zh) });
        self
    }

    /// With what is wrong with a choice.
    pub(super) fn not_choice(mut self, choice: usize, sentence: Text) -> Self {
        self.misconceptions.push(Misconception { answer: Answer::Choice(choice), sentence });
        self
    }

    /// Without misconceptions that in this variant lead to the right answer, to that of another, or to no number: what a training
    /// never comes to, nobody answers.
    fn unambiguous(mut self, exercise: &Exercise) -> Result<Self, LabError> {
        let is_given = |answer: Answer| !matches!(answer, Answer::Number(number) if !number.is_finite());
        if !is_given(self.answer) {
            return Err(LabError::NoAnswer { why: "what is asked for is no finite number".into() });
        }
        let mut kept: Vec<Misconception> = Vec::new();
        for misconception in std::mem::take(&mut self.misconceptions) {
            let answer = misconception.answer;
            if !is_given(answer) {
                continue;
            }
            let is_right = exercise.is_right(answer, &self)?;
            if !is_right && kept.iter().all(|other| !exercise.are_alike(answer, other.answer)) {
                kept.push(misconception);
            }
        }
        Ok(Self { misconceptions: kept, ..self })
    }
}

/// What came of trying a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// It does what is asked.
    pub passed: bool,
    /// It fails by little.
    pub nearly: bool,
    /// What was seen.
    pub seen: Text,
}

impl Exercise {
    /// Compute the answer, by running the library.
    ///
    /// ```
    /// use nablab_labs::exercises::exercise;
    /// let zeros = exercise("2.2".parse()?, 0);
    /// assert_eq!(zeros.typed(zeros.solution()?.answer), "0.693147"); // ln 2, the cost of not knowing
    /// # Ok::<(), nablab_labs::exercises::ExerciseError>(())
    /// ```
    ///
    /// # Errors
    /// [`LabError`] where a training cannot run.
    pub fn solution(&self) -> Result<Solution, LabError> {
        (self.work.solve)()?.unambiguous(self)
    }

    /// Within tolerance of the answer, or passes the trial.
    pub(super) fn is_right(&self, answer: Answer, solution: &Solution) -> Result<bool, LabError> {
        match (answer, &self.work.attempt) {
            (Answer::Number(number), Some(attempt)) => Ok(attempt(number)?.passed),
            _ => Ok(self.within(answer, solution.answer)),
        }
    }

    /// The first within the tolerance of the second.
    pub(super) fn within(&self, answer: Answer, of: Answer) -> bool {
        match (answer, of) {
            (Answer::Choice(a), Answer::Choice(b)) => a == b,
            (Answer::Number(a), Answer::Number(b)) => {
                let tolerance = self.question.expects.tolerance().unwrap_or(Tolerance::EXACT);
                // A hair more: the answer itself is rounded.
                is_near(a, b, tolerance.around(b) * (1.0 + 1e-9))
            }
            _ => false,
        }
    }

    /// One that comes from a misconception, which no answer need be as near to as to the right one: a third is typed as 0.333.
    pub(super) fn comes_from(&self, answer: Answer, misconception: Answer) -> bool {
        match (answer, misconception) {
            (Answer::Number(a), Answer::Number(b)) if is_near(a, b, TYPED * b.abs()) => true,
            _ => self.within(answer, misconception),
        }
    }

    /// Neither could be told from the other.
    fn are_alike(&self, a: Answer, b: Answer) -> bool {
        self.comes_from(a, b) || self.comes_from(b, a)
    }

    /// The answer as one would type it.
    pub fn typed(&self, answer: Answer) -> String {
        match (answer, &self.question.expects) {
            (Answer::Choice(choice), _) => letter(choice).to_string(),
            (Answer::Number(number), Expects::Choice(_)) => number.to_string(),
            (Answer::Number(number), _) => {
                nablab_report::number(number, 6).replace('−', "-").replace('∞', "inf")
            }
        }
    }
}

/// The two are no further apart than that. Any number is infinitely far from infinity, which only itself is near to.
pub(super) fn is_near(a: f64, b: f64, distance: f64) -> bool {
    a == b || (a.is_finite() && b.is_finite() && (a - b).abs() <= distance)
}

/// The letter of a choice.
pub(super) fn letter(choice: usize) -> char {
    (b'a' + choice.min(25) as u8) as char
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercises::{Question, Unit, Verdict};

    /// An exercise of this solution, and a tolerance that is a share of the answer.
    fn of(solution: Solution) -> Exercise {
        let expects = Expects::Number { unit: Unit::None, tolerance: Tolerance::Relative(0.1) };
        let text = || Text::new("", "");
        let question = Question {
            title: text(),
            text: text(),
            given: String::new(),
            hint: text(),
            command: text(),
            expects,
        };
        let work = crate::exercises::Work::new(move || Ok(solution.clone()));
        Exercise { id: "2.10".parse().unwrap(), variant: 0, question, work }
    }

    #[test]
    fn what_is_never_reached_is_no_misconception_and_no_answer() {
        let exercise = of(Solution::number(7000.0).not(f64::INFINITY, "", "").not(3000.0, "", ""));
        let solution = exercise.solution().unwrap();
        assert_eq!(solution.misconceptions.len(), 1);
        let verdict = |answer| exercise.judge(Answer::Number(answer), &solution).unwrap().verdict;
        assert_eq!(verdict(1e9), Verdict::Wrong);
        assert_eq!(verdict(f64::INFINITY), Verdict::Wrong);
        assert_eq!(verdict(3000.0), Verdict::Misconception(0));
        let error = of(Solution::number(f64::INFINITY)).solution().unwrap_err().to_string();
        assert!(error.contains("no answer in this variant") && error.contains("\nhint: "), "{error}");
    }

    #[test]
    fn nothing_but_infinity_is_near_to_infinity() {
        let exercise = of(Solution::number(1.0));
        let number = Answer::Number;
        for (a, b) in [(5.0, f64::INFINITY), (f64::INFINITY, 5.0), (f64::NEG_INFINITY, f64::INFINITY)] {
            assert!(!exercise.within(number(a), number(b)), "{a} {b}");
            assert!(!exercise.comes_from(number(a), number(b)), "{a} {b}");
        }
        assert!(exercise.within(number(f64::INFINITY), number(f64::INFINITY)));
        // An infinite answer that somebody judges by a solution of his own is not nearly any number.
        let infinite = Solution::number(f64::INFINITY);
        assert_eq!(exercise.judge(number(5.0), &infinite).unwrap().verdict, Verdict::Wrong);
    }
}
