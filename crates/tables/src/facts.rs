//! What was found in a table, a fact each, in words. Which flag or argument changes something is for a door to say.

use std::fmt;

use nablab_data::prepare::{Encoding, LeftOut, Reason, Target};
use nablab_data::readable;
use nablab_diagnosis::{Lookalike, Untaught};
use nablab_report::Lang;

use crate::prepared::TableSummary;
use crate::report::seen;

/// Something that was found in a table, or follows from it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fact<'f> {
    /// Columns that became features.
    Columns {
        /// `numbers`, `categories` or `dates`.
        kind: &'static str,
        /// Each by its name, and what is to be said of it.
        columns: Vec<String>,
    },
    /// What is predicted.
    Target(&'f Target),
    /// So many rows are left out because they have no target.
    WithoutTarget(usize),
    /// A column that became no feature.
    LeftOut(&'f LeftOut),
    /// A column that became a feature although it looks like an id or a date.
    Lookalike(&'f Lookalike),
    /// What is trained.
    Network {
        /// Rows to learn from.
        train: usize,
        /// Rows to judge on.
        validation: usize,
        /// Features, units of each hidden layer, outputs.
        sizes: Vec<usize>,
        /// Numbers that are learned.
        parameters: usize,
    },
    /// A class without a row to learn from.
    Untaught(&'f Untaught),
    /// Something that the rows to judge on have, and the training rows have not.
    Unseen(String),
}

impl TableSummary {
    /// What there is to say before a training begins, in the order in which people want to know it. `train` and `validation`
    /// are the rows to learn from and to judge on, `hidden` the units of the hidden layers.
    ///
    /// ```
    /// use std::num::NonZeroUsize;
    /// use nablab_tables::{Prepared, Settings, Tables};
    /// let table = nablab_data::table::read(b"x,colour,y\n1,red,a\n2,blue,b\n3,red,a\n4,blue,b\n", "t.csv")?;
    /// let settings = Settings::from_toml("hidden = []\n[data]\ntarget = [\"y\"]\n[validation]\nshare = 0.0", "r")?;
    /// let prepared = Prepared::<f32>::new(&settings, &Tables::from(&table), NonZeroUsize::MIN)?;
    /// let facts: Vec<_> = prepared.found.facts((4, 0), &[], 4).iter().map(|fact| fact.to_string()).collect();
    /// assert_eq!(facts, [
    ///     "1 column of numbers: x",
    ///     "1 column of categories: colour (2 texts)",
    ///     "target y: 2 classes (a, b)",
    ///     "4 training rows; network 3-1, 4 parameters",
    /// ]);
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    pub fn facts(
        &self,
        (train, validation): (usize, usize),
        hidden: &[usize],
        parameters: usize,
    ) -> Vec<Fact<'_>> {
        let sizes = [self.inputs.width()].into_iter().chain(hidden.iter().copied());
        let sizes = sizes.chain([self.target.outputs()]).collect();
        let mut facts = self.columns();
        facts.push(Fact::Target(&self.target));
        facts.extend(Some(self.without_target).filter(|&rows| rows > 0).map(Fact::WithoutTarget));
        facts.extend(self.left_out.iter().map(Fact::LeftOut));
        facts.extend(self.lookalikes.iter().map(Fact::Lookalike));
        facts.push(Fact::Network { train, validation, sizes, parameters });
        facts.extend(self.untaught.iter().map(Fact::Untaught));
        facts.extend(seen(&self.seen, "the validation rows", Lang::En).into_iter().map(Fact::Unseen));
        facts
    }

    /// Columns that became features, of each kind that there is.
    fn columns(&self) -> Vec<Fact<'_>> {
        let (mut numbers, mut categories, mut dates) = (Vec::new(), Vec::new(), Vec::new());
        for column in self.inputs.columns() {
            let name = readable(&column.name);
            match &column.encoding {
                Encoding::Number { .. } => numbers.push(name),
                Encoding::Category { levels, .. } => {
                    categories.push(format!("{name} ({} texts)", levels.len()));
                }
                Encoding::Date(of) => {
                    let [first, last] = of.span();
                    dates.push(format!("{name} (written as {}, {first} to {last})", of.form.example()));
                }
            }
        }
        let kinds = [("numbers", numbers), ("categories", categories), ("dates", dates)];
        let there = kinds.into_iter().filter(|(_, columns)| !columns.is_empty());
        there.map(|(kind, columns)| Fact::Columns { kind, columns }).collect()
    }
}

impl Fact<'_> {
    /// Somebody should look at it: the result may not be what is wanted.
    pub fn is_warning(&self) -> bool {
        matches!(self, Self::Lookalike(_) | Self::Untaught(_) | Self::Unseen(_))
    }
}

impl fmt::Display for Fact<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Columns { kind, columns } => {
                let s = if columns.len() == 1 { "" } else { "s" };
                write!(f, "{} column{s} of {kind}: {}", columns.len(), first_of(columns))
            }
            Self::Target(target) => write_target(f, target),
            Self::WithoutTarget(rows) => write!(f, "left out: {rows} rows without a target"),
            Self::LeftOut(LeftOut { name, why }) => {
                write!(f, "left out: column {}, {why}", readable(name))?;
                match why {
                    Reason::Texts { different, rows } if 10 * different >= 9 * rows => {
                        write!(f, "; they look like the ids or names of the rows")
                    }
                    _ => Ok(()),
                }
            }
            Self::Lookalike(lookalike) => write!(f, "{}", lookalike.sentence(Lang::En)),
            Self::Network { train, validation, sizes, parameters } => {
                let sizes: Vec<_> = sizes.iter().map(usize::to_string).collect();
                write!(f, "{train} training rows")?;
                if *validation > 0 {
                    write!(f, ", {validation} validation rows")?;
                }
                write!(f, "; network {}, {parameters} parameters", sizes.join("-"))
            }
            Self::Untaught(Untaught { class, judged }) => {
                let class = readable(class);
                write!(f, "class {class}: no training row, so it will hardly be predicted")?;
                match judged {
                    0 => Ok(()),
                    rows => write!(f, "; {rows} of the validation rows are of it"),
                }
            }
            Self::Unseen(what) => write!(f, "{what}"),
        }
    }
}

fn write_target(f: &mut fmt::Formatter<'_>, target: &Target) -> fmt::Result {
    let shown = |names: &[String]| first_of(&names.iter().map(|name| readable(name)).collect::<Vec<_>>());
    match target {
        Target::Classes { name, levels } => {
            write!(f, "target {}: {} classes ({})", readable(name), levels.len(), shown(levels))
        }
        Target::Labels { names, .. } => write!(f, "targets {}: yes or no to each", shown(names)),
        Target::Numbers { names, .. } => write!(f, "target {}: numbers (regression)", shown(names)),
    }
}

/// The first ones by name.
fn first_of(names: &[String]) -> String {
    const MOST: usize = 10;
    let more = if names.len() > MOST { ", …" } else { "" };
    names[..names.len().min(MOST)].join(", ") + more
}
