//! A problem that is handed out.

use nablab_data::named_arrays::{NamedArray, csv, npz};
use nablab_data::{Dataset, FolderKind};
use nablab_engine::Recipe;
use nablab_report::{File, Lang};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::batches::Batches;
use super::fingerprint::fingerprint;
use super::given::{Given, problem as refused};
use super::init::Init;
use super::network::{Network, Pass};
use super::task::{Instructions, Written};
use super::update::{Steps, Update};
use super::{HandInError, Judgement, Text};

/// What is to be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// dW and db of every layer, from a backward pass.
    Gradient,
    /// Z and A of every layer and the cost, from a forward pass.
    Forward,
    /// Parameters behind some steps of gradient descent with momentum.
    Momentum,
    /// Parameters behind some steps of Adam.
    Adam,
    /// The initial parameters of a network.
    Init,
    /// Mini-batches of examples.
    Batches,
}

impl Subject {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::Gradient, Self::Forward, Self::Momentum, Self::Adam, Self::Init, Self::Batches];

    /// As on the command line and in JSON.
    ///
    /// ```
    /// use nablab_labs::hand_in::Subject;
    /// assert_eq!(Subject::ALL.iter().map(|subject| subject.key()).last(), Some("batches"));
    /// ```
    pub fn key(self) -> &'static str {
        match self {
            Self::Gradient => "gradient",
            Self::Forward => "forward",
            Self::Momentum => "momentum",
            Self::Adam => "adam",
            Self::Init => "init",
            Self::Batches => "batches",
        }
    }

    /// Of a network, which a recipe can describe.
    ///
    /// ```
    /// use nablab_labs::hand_in::Subject;
    /// assert!(Subject::Forward.is_of_a_network() && !Subject::Adam.is_of_a_network());
    /// ```
    pub fn is_of_a_network(self) -> bool {
        matches!(self, Self::Gradient | Self::Forward)
    }
}

/// A problem that is handed out, and judges what is handed in.
///
/// ```
/// use nablab_labs::hand_in::{HandOut, Subject};
/// let out = HandOut::built_in(Subject::Gradient, 1);
/// let names: Vec<_> = out.given().into_iter().take(4).map(|array| array.name).collect();
/// assert_eq!(names, ["X", "Y", "W1", "b1"]);
/// assert!(out.judge(&out.right())?.right);
/// # Ok::<(), nablab_labs::hand_in::HandInError>(())
/// ```
pub struct HandOut {
    subject: Subject,
    task: Box<dyn Written>,
}

/// The file that makes a folder a problem.
pub const PROBLEM: &str = "problem.json";
/// The numbers of a problem.
pub const GIVEN: &str = "problem.npz";
const README: &str = "README.md";
const TEXT: &str = "problem.csv";
const SCHEMA: &str = "nablab.hand-out/1";

/// The folder of a problem, with the files of [`HandOut::files`].
///
/// ```
/// use nablab_labs::hand_in::{FOLDER, HandOut, Subject};
/// let out = HandOut::built_in(Subject::Forward, 1);
/// assert!(out.problem().starts_with(FOLDER.proof.1));
/// ```
pub const FOLDER: FolderKind = FolderKind {
    what: "problem",
    files: &[README, GIVEN, TEXT, PROBLEM],
    folder: None,
    proof: (PROBLEM, "{\n  \"schema\": \"nablab.hand-out/"),
};

impl HandOut {
    /// A small problem in which every mistake of the subject makes other numbers; those of each variant are others.
    pub fn built_in(subject: Subject, variant: u64) -> Self {
        let task: Box<dyn Written> = match subject {
            Subject::Gradient => Box::new(Network::built_in(Pass::Gradient, variant)),
            Subject::Forward => Box::new(Network::built_in(Pass::Forward, variant)),
            Subject::Momentum => Box::new(Update::built_in(Steps::Momentum, variant)),
            Subject::Adam => Box::new(Update::built_in(Steps::Adam, variant)),
            Subject::Init => Box::new(Init::built_in(variant)),
            Subject::Batches => Box::new(Batches::built_in(variant)),
        };
        Self { subject, task }
    }

    /// The network of a recipe at its initial parameters, on the first `examples` of its data, with the masks that a training draws first.
    ///
    /// ```
    /// use nablab_data::Dataset;
    /// use nablab_engine::{Hidden, Settings};
    /// use nablab_labs::hand_in::{HandOut, Subject};
    /// let recipe = Settings { hidden: vec![Hidden::relu(3)], ..Settings::default() }.check().unwrap();
    /// let data = Dataset::from_rows(2, &[0.1, 0.2, 0.3, 0.4], vec![0, 1])?;
    /// let out = HandOut::of_recipe(Subject::Gradient, &recipe, &data, 20)?;
    /// assert_eq!(out.right().len(), 4); // dW1, db1, dW2, db2
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`HandInError::Recipe`] for a subject that is of no network, and for what the formulas have no place for;
    /// [`HandInError::Answer`] where the right answer is no finite number; [`HandInError::TooLarge`].
    pub fn of_recipe(
        subject: Subject,
        recipe: &Recipe,
        data: &Dataset,
        examples: usize,
    ) -> Result<Self, HandInError> {
        if !subject.is_of_a_network() {
            return Err(HandInError::Recipe {
                what: "the subject",
                expected: "gradient or forward, which are of a network".into(),
                got: subject.key().into(),
                hint: "leave the recipe out: the problem has numbers of its own",
            });
        }
        let pass = if subject == Subject::Forward { Pass::Forward } else { Pass::Gradient };
        let task = Box::new(Network::of_recipe(pass, recipe, data, examples)?);
        Ok(Self { subject, task })
    }

    /// The problem that was handed out: the text of its file [`PROBLEM`], and the arrays it gave.
    ///
    /// ```
    /// use nablab_labs::hand_in::{HandOut, Subject};
    /// let out = HandOut::built_in(Subject::Gradient, 1);
    /// let again = HandOut::read(&out.problem(), &out.given())?;
    /// assert_eq!(again.right(), out.right());
    /// # Ok::<(), nablab_labs::hand_in::HandInError>(())
    /// ```
    ///
    /// # Errors
    /// [`HandInError::Problem`] for what is no problem any more, or numbers that are not those it was handed out with; as
    /// [`HandOut::with_given`].
    pub fn read(problem: &str, given: &[NamedArray]) -> Result<Self, HandInError> {
        #[derive(Deserialize)]
        struct Problem {
            subject: Subject,
            #[serde(default)]
            names: Value,
            fingerprint: String,
        }
        let value: Value = serde_json::from_str(problem)
            .map_err(|error| refused(PROBLEM, "a problem", error.to_string()))?;
        // First the schema: of another one nothing else is known.
        if value["schema"] != SCHEMA {
            let got = format!("schema {}", value["schema"]);
            return Err(refused(
                PROBLEM,
                &format!("a problem of schema {SCHEMA}"),
                nablab_data::readable(&got),
            ));
        }
        let Problem { subject, names, fingerprint: known } = serde_json::from_value(value)
            .map_err(|error| refused(PROBLEM, "a problem", error.to_string()))?;
        if fingerprint(given) != known {
            let expected = format!("the numbers that {PROBLEM} was written with");
            return Err(refused(GIVEN, &expected, "others: one of both files was changed".into()));
        }
        Self::of(subject, &names, given)
    }

    /// The same problem with other numbers, such as a teacher's own: arrays of the names that [`HandOut::given`] gives.
    ///
    /// ```
    /// use nablab_labs::hand_in::{HandOut, Subject};
    /// let out = HandOut::built_in(Subject::Momentum, 1);
    /// let mut given = out.given();
    /// given.iter_mut().filter(|array| array.name == "alpha").for_each(|alpha| alpha.values[0] = 0.0);
    /// let still = out.with_given(&given)?;
    /// assert_eq!(still.right()[0].values, given[0].values); // W1 stays where it is
    /// # Ok::<(), nablab_labs::hand_in::HandInError>(())
    /// ```
    ///
    /// # Errors
    /// [`HandInError::Problem`] for arrays that are missing, or have another shape or numbers than the formulas need;
    /// [`HandInError::Answer`] where the right answer is no finite number; [`HandInError::TooLarge`].
    pub fn with_given(&self, given: &[NamedArray]) -> Result<Self, HandInError> {
        Self::of(self.subject, &self.task.names(), given)
    }

    fn of(subject: Subject, names: &Value, given: &[NamedArray]) -> Result<Self, HandInError> {
        let given = Given::new(given)?;
        let task: Box<dyn Written> = match subject {
            Subject::Gradient => Box::new(Network::read(Pass::Gradient, names, given)?),
            Subject::Forward => Box::new(Network::read(Pass::Forward, names, given)?),
            Subject::Momentum => Box::new(Update::read(Steps::Momentum, given)?),
            Subject::Adam => Box::new(Update::read(Steps::Adam, given)?),
            Subject::Init => Box::new(Init::read(names, given)?),
            Subject::Batches => Box::new(Batches::read(given)?),
        };
        Ok(Self { subject, task })
    }

    /// What is to be computed.
    ///
    /// ```
    /// use nablab_labs::hand_in::{HandOut, Subject};
    /// assert_eq!(HandOut::built_in(Subject::Init, 1).subject(), Subject::Init);
    /// ```
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// The numbers of the problem.
    ///
    /// ```
    /// use nablab_labs::hand_in::{HandOut, Subject};
    /// let given = HandOut::built_in(Subject::Batches, 1).given();
    /// assert_eq!((&given[0].name[..], &given[0].shape[..]), ("X", &[3, 148][..]));
    /// ```
    pub fn given(&self) -> Vec<NamedArray> {
        self.task.given()
    }

    /// What is right, with the names of the formulas: all that must be handed in. Where chance decides, one of many: initial parameters
    /// drawn with the seed that is given, mini-batches in the order of seed 0.
    ///
    /// ```
    /// use nablab_labs::hand_in::{HandOut, Subject};
    /// let names: Vec<_> = HandOut::built_in(Subject::Adam, 1).right().into_iter().map(|array| array.name).collect();
    /// assert_eq!(names, ["W1", "b1", "W2", "b2"]);
    /// ```
    pub fn right(&self) -> Vec<NamedArray> {
        self.task.right()
    }

    /// What comes of each mistake of the subject at each of its places, as [`HandOut::right`] gives what is right: the mistake, the place,
    /// and all that must be handed in. For teachers, and for tests; of [`Subject::Batches`] these are a few of the mistakes that are known.
    ///
    /// ```
    /// use nablab_labs::hand_in::{HandOut, Subject};
    /// let out = HandOut::built_in(Subject::Forward, 1);
    /// let planted = out.planted();
    /// let (mistake, place, handed) = &planted[0];
    /// assert_eq!((&mistake[..], &place[..]), ("missing-bias", "Z1"));
    /// assert!(!out.judge(handed)?.right);
    /// # Ok::<(), nablab_labs::hand_in::HandInError>(())
    /// ```
    pub fn planted(&self) -> Vec<(String, String, Vec<NamedArray>)> {
        self.task.planted()
    }

    /// What is right of what is handed in, what is wrong, and by which mistake.
    ///
    /// ```
    /// use nablab_labs::hand_in::{HandOut, Subject};
    /// let out = HandOut::built_in(Subject::Gradient, 1);
    /// let mut mine = out.right();
    /// mine[4].shape.reverse(); // dW3 (1, 3)
    /// let judgement = out.judge(&mine)?;
    /// assert_eq!(judgement.ways[0].mistakes[0].mistake, "transposed");
    /// assert!(judgement.parts[0].right && !judgement.parts[4].right);
    /// # Ok::<(), nablab_labs::hand_in::HandInError>(())
    /// ```
    ///
    /// # Errors
    /// Names that nothing has, or something missing; a shape that no known mistake makes; numbers that are none, or written with too
    /// few digits.
    pub fn judge(&self, handed: &[NamedArray]) -> Result<Judgement, HandInError> {
        self.task.judge(handed)
    }

    /// The text of the file [`PROBLEM`].
    pub fn problem(&self) -> String {
        // A structure, not a map: it begins with the schema, by which the folder is known.
        #[derive(Serialize)]
        struct Problem {
            schema: &'static str,
            subject: Subject,
            names: Value,
            fingerprint: String,
        }
        let (names, fingerprint) = (self.task.names(), fingerprint(&self.given()));
        let problem = Problem { schema: SCHEMA, subject: self.subject, names, fingerprint };
        serde_json::to_string_pretty(&problem).expect("plain data") + "\n"
    }

    /// What is given away: the numbers twice, as `problem.npz` and `problem.csv`, what [`HandOut::read`] needs besides, and a text that
    /// says what is to be done; how to have it judged, which each door knows for itself, is its last sentence.
    ///
    /// ```
    /// use nablab_labs::hand_in::{HandOut, Subject};
    /// use nablab_report::Lang;
    /// let files = HandOut::built_in(Subject::Gradient, 1).files(Lang::En, "Ask your teacher.");
    /// let names: Vec<_> = files.iter().map(|file| &file.name[..]).collect();
    /// assert_eq!(names, ["README.md", "problem.npz", "problem.csv", "problem.json"]);
    /// ```
    pub fn files(&self, lang: Lang, how_to_judge: &str) -> Vec<File> {
        let given = self.given();
        vec![
            File::new(README, self.readme(lang, how_to_judge)),
            File::new(GIVEN, npz::write(&given)),
            File::new(TEXT, csv::write(&given)),
            File::new(PROBLEM, self.problem()),
        ]
    }

    fn readme(&self, lang: Lang, how_to_judge: &str) -> String {
        let Instructions { title, formulas, given, wanted } = self.task.text();
        let row = |(array, said): (&NamedArray, &Text)| {
            format!("| `{}` | {} | {} |\n", array.name, super::error::shape(&array.shape), said.of(lang))
        };
        let arrays = self.given();
        let given: String = arrays.iter().zip(&given).map(row).collect();
        let row = |(name, shape, required): &(String, String, bool)| {
            let optional =
                if *required { lang.choose("yes", "必交") } else { lang.choose("if you like", "可选") };
            format!("| `{name}` | {shape} | {optional} |\n")
        };
        let rows: String = wanted.iter().map(row).collect();
        let names: Vec<String> = wanted
            .iter()
            .filter(|(_, _, required)| *required)
            .map(|(name, ..)| format!("{name}={name}"))
            .collect();
        let save = format!("np.savez(\"mine.npz\", {})", names.join(", "));
        let load = format!("{0} = given[\"{0}\"]", arrays[0].name);
        let (title, formulas) = (title.of(lang), formulas.of(lang));
        lang.choose(
            format!(
                "# {title}\n\n{formulas}\n\n## Given\n\nIn `problem.npz`; the same stands in `problem.csv`, a line for each number.\n\n\
                | name | shape | what |\n| --- | --- | --- |\n{given}\n## To be handed in\n\n\
                | name | shape | needed |\n| --- | --- | --- |\n{rows}\n\
                Run in this folder:\n\n\
                ```python\nimport numpy as np\n\ngiven = np.load(\"problem.npz\")\n{load}\n# …\n{save}\n```\n\n\
                Instead of an archive, a text will do: `mine.csv` with the first line `name,row,column,value`, rows and columns\n\
                counted from 0.\n\n{how_to_judge}\n"
            ),
            format!(
                "# {title}\n\n{formulas}\n\n## 已知\n\n见 `problem.npz`；`problem.csv` 内容相同，每个数一行。\n\n\
                | 名称 | 形状 | 含义 |\n| --- | --- | --- |\n{given}\n## 要交的结果\n\n\
                | 名称 | 形状 | 要求 |\n| --- | --- | --- |\n{rows}\n\
                在这个文件夹中运行：\n\n\
                ```python\nimport numpy as np\n\ngiven = np.load(\"problem.npz\")\n{load}\n# …\n{save}\n```\n\n\
                也可以交文本：`mine.csv`，首行为 `name,row,column,value`，行和列从 0 数起。\n\n{how_to_judge}\n"
            ),
        )
    }
}
