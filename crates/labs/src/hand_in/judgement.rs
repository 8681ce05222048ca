//! What is said of a hand-in.

use nablab_report::{Lang, number};
use serde::Serialize;

use super::Text;

/// What is right, what is wrong, where, and which mistake it looks like.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judgement {
    /// All of it is right, maybe in another convention.
    pub right: bool,
    /// Numbers were compared; otherwise it was tested which draws they may be.
    pub exact: bool,
    /// Each of what was handed in, in the order of the formulas.
    pub parts: Vec<Judged>,
    /// In which other way than the formulas' it is written.
    pub convention: Option<Text>,
    /// Each of these alone makes exactly what was handed in; none if nothing known does.
    pub ways: Vec<Way>,
    /// What else is to be said: what was left aside, what these numbers cannot tell, where to begin.
    pub notes: Vec<Text>,
}

/// One of the matrices, or whatever else is handed in by name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    /// As in the formulas.
    pub name: String,
    /// As it should be.
    pub right: bool,
    /// In a few words, of what is right too if there is something to say: its size, or what was measured.
    pub extent: Text,
    /// The entry that is off the most; none if the shape is another.
    pub worst: Option<Worst>,
    /// What it looks like by itself, where no known mistakes explain all.
    pub looks_like: Vec<Text>,
}

/// The entry of a matrix that is off the most.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Worst {
    /// `[2, 0]`: row and column, from 0.
    pub entry: String,
    /// What was handed in.
    pub got: f64,
    /// What is right.
    pub expected: f64,
}

/// Mistakes that together make what was handed in: one, or two.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Way {
    /// Each of them.
    pub mistakes: Vec<Made>,
}

/// A mistake that was made, at one place or at all that have one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Made {
    /// Its name: `missing-mean`.
    pub mistake: String,
    /// What it is in: `dW1`.
    pub places: Vec<String>,
    /// What is wrong.
    pub said: Text,
}

impl Judgement {
    /// All of it, as text.
    ///
    /// ```
    /// use nablab_labs::hand_in::{HandOut, Subject};
    /// use nablab_report::Lang;
    /// let out = HandOut::built_in(Subject::Gradient, 1);
    /// let mut mine = out.right();
    /// mine[1].values.iter_mut().for_each(|value| *value *= 6.0); // db1, on six examples
    /// let words = out.judge(&mine)?.words(Lang::En);
    /// assert!(words.contains("db1: the factor 1/m is missing"), "{words}");
    /// # Ok::<(), nablab_labs::hand_in::HandInError>(())
    /// ```
    pub fn words(&self, lang: Lang) -> String {
        let width = self.parts.iter().map(|part| part.name.chars().count()).max().unwrap_or_default();
        let mut text: String = self.parts.iter().map(|part| part.line(width, lang)).collect();
        text += "\n";
        if self.right {
            text += &self.all_right(lang);
        } else {
            text += &self.explanation(lang);
        }
        for note in &self.notes {
            text += &format!("{}{}\n", lang.choose("note: ", "说明："), note.of(lang));
        }
        text
    }

    fn all_right(&self, lang: Lang) -> String {
        match &self.convention {
            None if self.exact => lang.choose("All of it is right.\n", "全部正确。\n").into(),
            None => lang
                .choose("All of it is right, as far as tests tell.\n", "就检验所能分辨的，全部正确。\n")
                .into(),
            Some(said) => {
                let right = lang.choose("All of it is right, ", "全部正确，");
                format!("{right}{}{}\n", said.of(lang), lang.choose(".", "。"))
            }
        }
    }

    fn explanation(&self, lang: Lang) -> String {
        let mut text = match (self.ways.len(), self.ways.first().map_or(0, |way| way.mistakes.len())) {
            (0, _) => lang.choose(
                "No known mistake explains it, and no two together do.\n",
                "没有一个已知的错误能解释，任意两个合在一起也不能。\n",
            ),
            _ if !self.exact => lang.choose(
                "Draws like these come of this, as far as tests tell:\n",
                "就检验所能分辨的，这样的抽样来自：\n",
            ),
            (1, 1) => lang.choose("One mistake explains all of it:\n", "下面这一个错误就能解释全部：\n"),
            (1, _) => lang.choose(
                "These mistakes together explain all of it:\n",
                "下面这些错误合在一起就能解释全部：\n",
            ),
            _ => lang.choose("Each of these explains all of it:\n", "下面的每一项都能解释全部：\n"),
        }
        .to_owned();
        for way in &self.ways {
            let said: Vec<&str> = way.mistakes.iter().map(|made| made.said.of(lang)).collect();
            text += &format!("  {}\n", said.join(lang.choose("\n  and ", "\n  以及 ")));
        }
        if let Some(said) = &self.convention {
            let written = lang.choose("It is written ", "写法：");
            text += &format!("{written}{}{}\n", said.of(lang), lang.choose(".", "。"));
        }
        for part in &self.parts {
            for looks in &part.looks_like {
                text += &format!("  {}{}{}\n", part.name, lang.choose(": ", "："), looks.of(lang));
            }
        }
        text
    }
}

impl Judged {
    fn line(&self, width: usize, lang: Lang) -> String {
        let verdict = match self.right {
            true => lang.choose("right", "正确"),
            false => lang.choose("WRONG", "错误"),
        };
        let worst = self.worst.as_ref().map(|Worst { entry, got, expected }| {
            let (got, expected) = (number(*got, 7), number(*expected, 7));
            lang.choose(
                format!("; most at {}{entry}: got {got}, expected {expected}", self.name),
                format!("；差得最多的是 {}{entry}：得到 {got}，应为 {expected}", self.name),
            )
        });
        let text = format!(
            "{:<width$}  {verdict}  {}{}",
            self.name,
            self.extent.of(lang),
            worst.unwrap_or_default()
        );
        format!("{}\n", text.trim_end())
    }
}
