//! Exercises on paper: questions, solutions, a sheet without answers, and its key.

use nablab_report::{Block, Document, Lang, Section, number};

use super::judgement::paragraph;
use super::reading::lettered;
use super::{Answer, Exercise, Expects, Solution, Tolerance, Unit, of};
use crate::document::whose;
use crate::{Lab, LabError};

/// Lines to write on below a question.
const LINES: u8 = 3;

impl Exercise {
    /// `2.3 Zeros: the accuracy`
    pub fn heading(&self, lang: Lang) -> String {
        format!("{} {}", self.id, self.question.title.of(lang))
    }

    /// The question with all it gives, and what kind of answer is expected.
    ///
    /// ```
    /// use nablab_labs::exercises::exercise;
    /// use nablab_report::{Block, Lang};
    /// let blocks = exercise("4.2".parse()?, 0).asked(Lang::En);
    /// let Block::Paragraph(question) = &blocks[0] else { panic!("a paragraph") };
    /// assert!(question.starts_with("148 examples are cut into mini-batches of 64"));
    /// # Ok::<(), nablab_labs::exercises::ExerciseError>(())
    /// ```
    pub fn asked(&self, lang: Lang) -> Vec<Block> {
        let question = &self.question;
        let mut blocks = vec![Block::Paragraph(question.text.of(lang).to_owned())];
        if !question.given.is_empty() {
            blocks.push(Block::Code(question.given.clone()));
        }
        if let Expects::Choice(choices) = &question.expects {
            blocks.push(Block::List(lettered(choices, lang)));
        }
        let expects = question.expects.sentence();
        blocks.push(Block::Paragraph(
            lang.choose(format!("Answer: {}.", expects.en), format!("答案：{}。", expects.zh)),
        ));
        blocks
    }

    /// The hint, and how one finds out.
    ///
    /// ```
    /// use nablab_labs::exercises::exercise;
    /// use nablab_report::{Block, Lang};
    /// let blocks = exercise("4.2".parse()?, 0).hint(Lang::En);
    /// assert!(matches!(&blocks[2], Block::Code(python) if python.contains("148")));
    /// # Ok::<(), nablab_labs::exercises::ExerciseError>(())
    /// ```
    pub fn hint(&self, lang: Lang) -> Vec<Block> {
        let hint = self.question.hint.of(lang);
        vec![
            Block::Paragraph(lang.choose(format!("Hint: {hint}"), format!("提示：{hint}"))),
            Block::Paragraph(lang.choose("To find out:", "可以这样求得：").to_owned()),
            Block::Code(self.question.command.of(lang).to_owned()),
        ]
    }

    /// The answer, why it is so, and what wrong answers come from.
    ///
    /// ```
    /// use nablab_labs::exercises::exercise;
    /// use nablab_report::{Block, Lang};
    /// let last = exercise("4.2".parse()?, 0);
    /// let blocks = last.solved(&last.solution()?, Lang::En);
    /// assert!(matches!(&blocks[0], Block::Paragraph(answer) if answer.starts_with("Answer: **20"))); // 148 − 2 · 64
    /// # Ok::<(), nablab_labs::exercises::ExerciseError>(())
    /// ```
    pub fn solved(&self, solution: &Solution, lang: Lang) -> Vec<Block> {
        let answer = self.answer_words(solution.answer, lang);
        let mut blocks = vec![
            Block::Paragraph(lang.choose(format!("Answer: **{answer}**"), format!("答案：**{answer}**"))),
            Block::Paragraph(paragraph(&solution.explanation, lang)),
        ];
        if !solution.misconceptions.is_empty() {
            let wrong = lang.choose("Wrong answers, and what they come from:", "常见的错误答案及其原因：");
            blocks.push(Block::Paragraph(wrong.to_owned()));
            let item = |wrong: &super::Misconception| {
                let answer = self.answer_words(wrong.answer, lang);
                format!("{answer}{}{}", lang.choose(": ", "："), wrong.sentence.of(lang))
            };
            blocks.push(Block::List(solution.misconceptions.iter().map(item).collect()));
        }
        blocks
    }

    /// An answer for reading.
    pub fn answer_words(&self, answer: Answer, lang: Lang) -> String {
        match (answer, &self.question.expects) {
            (Answer::Choice(choice), Expects::Choice(choices)) => {
                lettered(choices, lang).into_iter().nth(choice).unwrap_or_default()
            }
            (Answer::Number(share), Expects::Number { unit: Unit::Share, .. }) => {
                format!("{} ({} %)", number(share, 4), number(100.0 * share, 4))
            }
            (Answer::Number(value), Expects::Number { unit: Unit::Of(things), .. }) => lang.choose(
                format!("{} ({})", number(value, 6), things.en),
                format!("{}（{}）", number(value, 6), things.zh),
            ),
            (Answer::Number(value), Expects::Entry { name, .. }) => format!("{name} = {}", number(value, 6)),
            (answer, _) => match answer {
                Answer::Number(value) => number(value, 6),
                Answer::Choice(_) => self.typed(answer),
            },
        }
    }
}

impl Expects {
    /// What is expected, and how near it must be.
    pub fn sentence(&self) -> super::Text {
        let words = self.words();
        let (en, zh) = match self.tolerance() {
            None | Some(Tolerance::Tried) => return words,
            Some(Tolerance::Absolute(distance)) if distance <= 1e-6 => {
                (", exactly".into(), "，须精确".into())
            }
            Some(Tolerance::Absolute(distance)) => {
                let distance = match self {
                    Self::Number { unit: Unit::Share, .. } => format!("{} %", number(100.0 * distance, 3)),
                    _ => number(distance, 3),
                };
                (format!(", to within {distance}"), format!("，误差不超过 {distance}"))
            }
            Some(Tolerance::Relative(share)) => {
                let share = number(100.0 * share, 3);
                (format!(", to within {share} % of its size"), format!("，相对误差不超过 {share} %"))
            }
        };
        super::Text::new(words.en + &en, words.zh + &zh)
    }
}

/// What a sheet says of each exercise besides its question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Help {
    /// Nothing.
    None,
    /// A hint, and how one finds out.
    Hint,
}

/// Questions on paper, lab by lab, without answers; below each there is room to write.
///
/// ```
/// use nablab_labs::{Lab, exercises::{Help, sheet}};
/// use nablab_report::{Lang, markdown};
/// let [without, with] = [Help::None, Help::Hint].map(|help| markdown(&sheet(&[Lab::Initialization], 0, help, Lang::En)));
/// assert!(without.contains("### 2.1 How many parameters") && !without.contains("91") && !without.contains("To find out"));
/// assert!(with.contains("To find out:"));
/// ```
pub fn sheet(labs: &[Lab], variant: u64, help: Help, lang: Lang) -> Document {
    let title = lang.choose("Exercises", "练习题");
    let asked = |exercise: &Exercise| {
        let hint = if help == Help::Hint { exercise.hint(lang) } else { Vec::new() };
        Ok([exercise.asked(lang), hint, vec![Block::Space(LINES)]].concat())
    };
    let sheet = paper(labs, variant, title, lang, &asked)
        .unwrap_or_else(|_: std::convert::Infallible| unreachable!("a question is not computed"));
    Document { subtitle: whose(lang).into(), ..sheet }
}

/// The key of a sheet: each answer, computed now, with its explanation and the wrong answers that have a name.
///
/// ```
/// use nablab_labs::{Lab, exercises::key};
/// use nablab_report::{Lang, markdown};
/// let key = markdown(&key(&[Lab::Initialization], 0, Lang::En)?);
/// assert!(key.contains("Answer: **91 (parameters)**") && key.contains("Answer: **0.693147**"));
/// # Ok::<(), nablab_labs::LabError>(())
/// ```
///
/// # Errors
/// [`LabError`] where a training cannot run.
pub fn key(labs: &[Lab], variant: u64, lang: Lang) -> Result<Document, LabError> {
    let title = lang.choose("Exercises: the key", "练习题答案");
    paper(labs, variant, title, lang, &|exercise| Ok(exercise.solved(&exercise.solution()?, lang)))
}

/// A section for each lab, in it one for each exercise.
fn paper<E>(
    labs: &[Lab],
    variant: u64,
    title: &str,
    lang: Lang,
    blocks: &dyn Fn(&Exercise) -> Result<Vec<Block>, E>,
) -> Result<Document, E> {
    let exercise = |exercise: &Exercise| {
        Ok(Section {
            id: format!("exercise-{}", exercise.id),
            title: exercise.heading(lang),
            blocks: blocks(exercise)?,
            sections: Vec::new(),
        })
    };
    let lab = |lab: &Lab| {
        Ok(Section {
            id: format!("exercises-{}", lab.key()),
            title: lab.title(lang).to_owned(),
            blocks: Vec::new(),
            sections: of(*lab, variant).iter().map(exercise).collect::<Result<_, E>>()?,
        })
    };
    let of_variant = lang.choose(format!("variant {variant}"), format!("第 {variant} 套"));
    Ok(Document {
        lang,
        title: lang.choose(format!("{title} ({of_variant})"), format!("{title}（{of_variant}）")),
        subtitle: String::new(),
        made_by: String::new(),
        sections: labs.iter().map(lab).collect::<Result<_, E>>()?,
    })
}
