//! What a lab shows, as plain data: items with values, figures and comparisons, and a summary.

use nablab_engine::{Layout, MatRef};
use nablab_report::{Block, Cell, Figure, Kind, Lang, Table, counted};
use serde::{Serialize, Serializer};
use serde_json::{Map, json};

use crate::Lab;
use crate::experiment::Experiment;
use crate::lesson::{Lesson, lesson};
use crate::reference::{Comparison, Reference};
use crate::turned::Turned;

/// Digits of numbers in tables of the report; JSON has them all.
const DIGITS: usize = 9;

/// A lab's items and what they show together.
#[derive(Clone, Debug, Serialize)]
pub struct LabRecord {
    /// The lab.
    pub lab: Lab,
    /// In the order of the course.
    pub items: Vec<Item>,
    /// Variants side by side.
    pub summary: Summary,
    /// What turned knobs change, where any are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turned: Option<Turned>,
    /// Why the trainings are not compared, where they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not_compared: Option<String>,
    /// The language of its words.
    #[serde(skip)]
    pub lang: Lang,
}

/// Variants side by side, and what this run shows of them.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// The leading variant and its number; empty where nothing is trained.
    pub best: String,
    /// Sentences computed from this run; the first says the most.
    pub statements: Vec<String>,
    /// Per variant, the numbers the sentences stand on.
    pub variants: Map<String, serde_json::Value>,
    /// Per pair of variants, what many seeds say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<serde_json::Value>,
    /// Tables and figures of the report.
    #[serde(skip)]
    pub blocks: Vec<Block>,
}

/// One thing the course prints or draws.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// `regularization.2`
    pub id: String,
    /// What it is.
    pub title: String,
    /// By name: numbers (infinity as `"inf"`), texts, matrices as rows, pairs of iteration and cost.
    pub values: Map<String, serde_json::Value>,
    /// Paths in the report's folder.
    pub figures: Vec<String>,
    /// Every published or recomputed number beside ours.
    pub reference: Vec<Comparison>,
    /// How the report shows it.
    #[serde(skip)]
    pub blocks: Vec<Block>,
    /// What it teaches.
    #[serde(skip)]
    pub lesson: Lesson,
    /// The answer that the item itself does not give.
    #[serde(skip)]
    pub key: Option<String>,
    #[serde(skip)]
    compared: bool,
}

impl LabRecord {
    /// The record of an experiment.
    pub(crate) fn new(experiment: &Experiment, mut items: Vec<Item>, summary: Summary, lang: Lang) -> Self {
        items.iter_mut().for_each(|item| item.lesson = lesson(&item.id, experiment, lang));
        Self {
            lab: experiment.lab,
            items,
            summary,
            turned: None,
            why_not_compared: experiment.why_not_compared(lang),
            lang,
        }
    }

    /// What is not compared although there are published numbers for it, and why: a sentence.
    pub fn not_compared(&self) -> Option<String> {
        let why = self.why_not_compared.as_deref()?;
        let skipped = |item: &&Item| !item.compared && !Reference::course().names(&item.id).is_empty();
        let skipped: Vec<_> = self.items.iter().filter(skipped).collect();
        let trainings = skipped.iter().filter(|item| item.values.contains_key("costs")).count();
        let ids: Vec<_> = skipped.iter().map(|item| format!("`{}`", item.id)).collect();
        let lab = self.lab.title(self.lang);
        Some(self.lang.choose(
            format!(
                "{lab}: not compared: {} ({}), because {why}.",
                counted(trainings as u64, "training"),
                ids.join(", ")
            ),
            format!("{lab}：{trainings} 次训练未作比较（{}），原因：{why}。", ids.join("、")),
        ))
    }
}

/// How many numbers were compared, and how many agree.
pub fn tally(records: &[LabRecord]) -> (usize, usize) {
    let all = || records.iter().flat_map(|record| &record.items).flat_map(|item| &item.reference);
    (all().count(), all().filter(|comparison| comparison.agrees).count())
}

impl Item {
    /// An item, compared with the published numbers or not.
    pub(crate) fn new(id: &str, title: &str, compared: bool) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            values: Map::new(),
            figures: Vec::new(),
            reference: Vec::new(),
            blocks: Vec::new(),
            lesson: Lesson::default(),
            key: None,
            compared,
        }
    }

    fn compare(&mut self, name: &str, got: impl Into<crate::reference::Value>) {
        if self.compared {
            self.reference.extend(Reference::course().compare(&self.id, name, got));
        }
    }

    /// A number of this name.
    pub(crate) fn number(&mut self, name: &str, value: f64) {
        self.values.insert(name.to_owned(), Number(value).into());
        self.compare(name, value);
    }

    /// A text compared under its name, kept in JSON as it is.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.values.insert(name.to_owned(), text.into());
        self.compare(name, text.to_owned());
    }

    /// A matrix; its entries are compared as `name[i, j]`.
    pub(crate) fn matrix(&mut self, name: &str, matrix: MatRef<'_, f64>) {
        let rows: Vec<_> = (0..matrix.rows()).map(|i| json!(matrix.row(i))).collect();
        self.values.insert(name.to_owned(), rows.into());
        for i in 0..matrix.rows() {
            for j in 0..matrix.cols() {
                self.compare(&format!("{name}[{i}, {j}]"), matrix.at(i, j));
            }
        }
    }

    /// All matrices of a layout, each under `prefix` and its name, and a table of them.
    pub(crate) fn parameters(&mut self, caption: &str, prefix: &str, layout: &Layout, flat: &[f64]) {
        let mut rows = Vec::new();
        for slot in layout.slots() {
            let name = format!("{prefix}{}", slot.name);
            let matrix = MatRef::new(&flat[slot.range.clone()], slot.rows, slot.cols);
            self.matrix(&name, matrix);
            rows.extend(matrix_rows(&name, matrix));
        }
        // As NumPy writes a column.
        self.blocks.push(matrix_table(caption, rows, |k| format!("`[:, {k}]`")));
    }

    /// Pairs of iteration and value; each is compared as `entry[iteration]`.
    pub(crate) fn series(&mut self, name: &str, entry: &str, pairs: &[(u64, f64)]) {
        let list: Vec<_> = pairs.iter().map(|&(at, value)| json!([at, Number(value)])).collect();
        self.values.insert(name.to_owned(), list.into());
        pairs.iter().for_each(|&(at, value)| self.compare(&format!("{entry}[{at}]"), value));
    }

    /// Anything else in JSON, not compared.
    pub(crate) fn value(&mut self, name: &str, value: serde_json::Value) {
        self.values.insert(name.to_owned(), value);
    }

    /// Texts by part (training, test), each compared as `name_part`.
    pub(crate) fn texts(&mut self, name: &str, parts: &[(&str, &str)]) {
        let map: Map<_, _> = parts.iter().map(|&(part, text)| (part.to_owned(), text.into())).collect();
        self.values.insert(name.to_owned(), map.into());
        parts.iter().for_each(|&(part, text)| self.compare(&format!("{name}_{part}"), text.to_owned()));
    }

    /// Running text.
    pub(crate) fn paragraph(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Paragraph(text.into()));
    }

    /// Text set apart.
    pub(crate) fn note(&mut self, title: &str, text: impl Into<String>) {
        self.blocks.push(note(Kind::Info, title, text));
    }

    /// Figures side by side.
    pub(crate) fn figures(&mut self, figures: Vec<Figure>) {
        self.figures.extend(figures.iter().map(|figure| format!("figures/{}.svg", figure.name)));
        self.blocks.push(Block::Figures(figures));
    }
}

/// Text set apart.
pub(crate) fn note(kind: Kind, title: &str, text: impl Into<String>) -> Block {
    Block::Note { kind, title: title.to_owned(), text: text.into() }
}

/// A table row per row of a matrix.
pub(crate) fn matrix_rows(name: &str, matrix: MatRef<'_, f64>) -> Vec<Vec<Cell>> {
    let row = |i: usize| {
        let name = if matrix.rows() == 1 { name.to_owned() } else { format!("{name}[{i}]") };
        let entries = matrix.row(i).iter().map(|&entry| Cell::Number(entry, DIGITS));
        std::iter::once(Cell::text(format!("`{name}`"))).chain(entries).collect()
    };
    (0..matrix.rows()).map(row).collect()
}

/// A table of such rows, short ones filled up with empty cells, with a name for each column.
pub(crate) fn matrix_table(
    caption: &str,
    mut rows: Vec<Vec<Cell>>,
    column: impl Fn(usize) -> String,
) -> Block {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    rows.iter_mut().for_each(|row| row.resize(width, Cell::text("")));
    let columns = std::iter::once(String::new()).chain((1..width).map(|k| column(k - 1))).collect();
    Block::Table(Table { caption: caption.to_owned(), columns, rows })
}

/// The name of a column that is an example.
pub(crate) fn example(j: usize, lang: Lang) -> String {
    lang.choose(format!("example {j}"), format!("样本 {j}"))
}

/// A number in JSON, which has none for infinity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number(pub(crate) f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        crate::reference::Value::Number(self.0).serialize(serializer)
    }
}

impl From<Number> for serde_json::Value {
    fn from(value: Number) -> Self {
        if value.0.is_finite() { value.0.into() } else { value.0.to_string().into() }
    }
}
