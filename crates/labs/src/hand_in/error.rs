//! What can be wrong with what is handed in, before it can be judged.

use nablab_report::Lang;

/// Why a hand-in cannot be judged, or a problem cannot be handed out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HandInError {
    /// A name that nothing has.
    #[error("{name}: nothing of this name is to be handed in{}\nhint: expected {expected}", nearest.as_ref().map_or(String::new(), |name| format!("; did you mean {name}?")))]
    Unknown {
        /// The name.
        name: String,
        /// One that is like it.
        nearest: Option<String>,
        /// All names.
        expected: String,
    },
    /// Something is not there.
    #[error("{missing} {} missing: expected {expected}, got {}\nhint: hand in all of them in one file", if missing.contains(", ") { "are" } else { "is" }, if got.is_empty() { "nothing" } else { got })]
    Missing {
        /// The names.
        missing: String,
        /// All that are needed.
        expected: String,
        /// All that came.
        got: String,
    },
    /// One thing under two names.
    #[error("{first} and {second} are both {name}: expected one of them\nhint: leave out the other")]
    Twice {
        /// A name in the file.
        first: String,
        /// Another.
        second: String,
        /// What both mean.
        name: String,
    },
    /// A shape that no known mistake makes.
    #[error(
        "{name}: expected shape {expected}, got {got}\nhint: a row is a unit, a column an input or an example; print(…shape) says where it went wrong"
    )]
    Shape {
        /// The matrix.
        name: String,
        /// Its shape.
        expected: String,
        /// What came.
        got: String,
    },
    /// Infinite, or not a number.
    #[error(
        "{name}{entry}: expected a finite number, got {value}\nhint: look where the first such number comes up: a division by 0, a power of too large a number, or a logarithm of a number below 0, such as of an output without its activation"
    )]
    NotFinite {
        /// The matrix.
        name: String,
        /// Row and column.
        entry: String,
        /// What came.
        value: f64,
    },
    /// A problem whose right answer is infinite, or not a number: nothing could be compared with it.
    #[error(
        "{name}{entry}: expected a right answer that is a finite number, got {value}\nhint: the numbers of the problem are too large for its formulas: scale the columns of the data, or take smaller weights"
    )]
    Answer {
        /// What is to be computed.
        name: String,
        /// Row and column.
        entry: String,
        /// What comes of the formulas.
        value: f64,
    },
    /// A network that would take too long to judge: each pair of mistakes is a pass through all of it.
    #[error(
        "{parameters} parameters on {examples} examples, with {pairs} pairs of mistakes: expected a product up to {most:e}, got {got:.1e}\nhint: take fewer examples, or a smaller network"
    )]
    TooLarge {
        /// Of the network.
        parameters: usize,
        /// Of the problem.
        examples: usize,
        /// Mistakes that could be made together.
        pairs: usize,
        /// The largest product.
        most: f64,
        /// Theirs.
        got: f64,
    },
    /// Right as far as can be seen, which is not far.
    #[error(
        "{name} is written with too few digits to tell right from wrong\nhint: write five digits or more, such as with fmt=\"%.9g\""
    )]
    TooFewDigits {
        /// The matrix.
        name: String,
    },
    /// The problem that was handed out has been changed, or is none.
    #[error("{place}: expected {expected}, got {got}\nhint: hand the problem out again")]
    Problem {
        /// What of it.
        place: String,
        /// What fits.
        expected: String,
        /// What is there.
        got: String,
    },
    /// A recipe that cannot be a problem of this subject.
    #[error("{what}: expected {expected}, got {got}\nhint: {hint}")]
    Recipe {
        /// What of it.
        what: &'static str,
        /// What fits.
        expected: String,
        /// What is there.
        got: String,
        /// What to do.
        hint: &'static str,
    },
}

impl HandInError {
    /// What is wrong, and what to do. Of what goes wrong before a problem is handed out there are English words alone.
    ///
    /// ```
    /// use nablab_labs::hand_in::{CourseFunction, CourseProblem};
    /// use nablab_report::Lang;
    /// let problem = CourseProblem::new(CourseFunction::Cost, 0);
    /// let nothing = problem.judge(&[]).unwrap_err();
    /// assert!(nothing.words(Lang::Zh).starts_with("缺少 J："));
    /// ```
    pub fn words(&self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::Zh, Self::Missing { missing, expected, got }) => {
                let got = if got.is_empty() { "空" } else { got };
                format!("缺少 {missing}：应有 {expected}，得到 {got}\n提示：把它们一起交上来")
            }
            (Lang::Zh, Self::Twice { first, second, name }) => {
                format!("{first} 和 {second} 都是 {name}：只应有一个\n提示：去掉另一个")
            }
            (Lang::Zh, Self::Shape { name, expected, got }) => format!(
                "{name}：形状应为 {expected}，得到 {got}\n提示：一行是一个单元，一列是一个输入或一个样本；用 print(…shape) 看从哪里开始不对"
            ),
            (Lang::Zh, Self::NotFinite { name, entry, value }) => format!(
                "{name}{entry}：应为有限的数，得到 {value}\n提示：找到第一个这样的数出现的地方：除以 0、过大的数的幂，或小于 0 的数的对数，例如没有经过激活函数的输出的对数"
            ),
            (Lang::Zh, Self::TooFewDigits { name }) => {
                format!("{name} 的位数太少，分不出对错\n提示：写五位或更多有效数字")
            }
            _ => self.to_string(),
        }
    }
}

/// A shape as NumPy prints it.
pub(super) fn shape(shape: &[usize]) -> String {
    match shape {
        [n] => format!("({n},)"),
        shape => format!("({})", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
    }
}
