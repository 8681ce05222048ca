//! A landscape that is asked for: what its axes are, and what it takes to draw it of a table or of a lab.

use std::num::NonZeroUsize;
use std::sync::Arc;

use nablab_data::Generator;
use nablab_data::table::Table;
use nablab_engine::{Hidden, Init, Optimizer, Precision, Recipe, Settings as TrainingSettings};
use nablab_tables::recipe::choice;
use nablab_tables::{Changes, Error, Prepared, Settings};

use super::plane::{Data, Examples, Kind};
use super::{Directions, Knob, LandscapeError, LandscapePlan, Plane};

/// What the two axes of a landscape are.
#[derive(Clone, Debug, PartialEq)]
pub enum Axes {
    /// Two settings: a training for each point.
    Settings {
        /// From left to right.
        x: Knob,
        /// From below to above; left out, the standard deviation of the first weights, or the learning rate where `x` is a setting
        /// of the initialiser.
        y: Option<Knob>,
        /// How often each cell at the border is cut into four.
        refine: u32,
        /// The loss to be reached; left out, half of that of a network which gives every example the same chances.
        reach: Option<f64>,
    },
    /// Two directions of the weights: the loss, and the way of each update rule over it.
    Weights {
        /// Which two.
        directions: Directions,
        /// Names of update rules; gradient descent, momentum and Adam where there are none.
        optimizers: Vec<String>,
    },
}

impl Axes {
    /// The learning rate, as it is turned where nothing else is said.
    pub const LEARNING_RATE: &str = "learning_rate=1e-3..100";
    /// The standard deviation of the first weights, likewise.
    pub const FIRST_WEIGHTS: &str = "init.normal.scale=0.01..100";

    /// Both knobs of two settings; none of two directions.
    fn knobs(&self) -> Result<Option<[Knob; 2]>, LandscapeError> {
        let Self::Settings { x, y, .. } = self else { return Ok(None) };
        let other = if x.name.starts_with("init.") { Self::LEARNING_RATE } else { Self::FIRST_WEIGHTS };
        let y = match y {
            Some(y) => y.clone(),
            None => other.parse().expect("a knob"),
        };
        match y.name == x.name {
            true => Err(LandscapeError::SameKnob { name: y.name }),
            false => Ok(Some([x.clone(), y])),
        }
    }

    /// Both axes, with so many points along each side and these settings of a training.
    fn kind(&self, size: usize, settings: TrainingSettings, is_lab: bool) -> Result<Kind, LandscapeError> {
        Ok(match self {
            Self::Settings { refine, reach, .. } => {
                let [x, y] = self.knobs()?.expect("two knobs of two settings");
                let plan = LandscapePlan { x, y, size, refine: *refine, reach: *reach };
                Kind::Settings { settings: Box::new(settings), plan }
            }
            Self::Weights { directions, optimizers } => {
                let recipes = match &optimizers[..] {
                    [] => by_rule(&["gradient-descent", "momentum", "adam"], &settings, is_lab)?,
                    names => by_rule(names, &settings, is_lab)?,
                };
                Kind::Weights { recipes, directions: *directions, size }
            }
        })
    }
}

/// Changes that say which rows are held out, or how much each row counts: a landscape looks at neither.
const OF_JUDGING: [&str; 7] =
    ["validation", "group", "early_stopping", "weight", "class_weight", "label_smoothing", "threshold"];
/// Changes of what only a table has.
const OF_TABLES: [&str; 6] = ["target", "task", "features", "ignore", "types", "scaling"];
/// What a knob sets, and the change that would set it, too.
const OF_KNOBS: [(&str, &str); 6] = [
    ("learning_rate", "learning_rate"),
    ("penalty.l2", "l2"),
    ("penalty.l1", "l1"),
    ("batch_size", "batch_size"),
    ("epochs", "epochs"),
    ("seed", "seed"),
];

/// The settings with the changes, which all act on a landscape with these axes.
fn changed(
    mut settings: Settings,
    axes: &Axes,
    changes: &Changes,
    is_lab: bool,
) -> Result<Settings, LandscapeError> {
    changes.apply(&mut settings)?;
    if changes.finds_learning_rate() {
        return Err(LandscapeError::RangeTest);
    }
    let given = changes.given();
    let first = |fields: &[&'static str]| fields.iter().copied().find(|field| given.contains(field));
    if let Some(field) = first(&OF_JUDGING) {
        return Err(LandscapeError::Judging { field });
    }
    if let Some(field) = first(&OF_TABLES).filter(|_| is_lab) {
        return Err(LandscapeError::OfTable { field });
    }
    let knobs = axes.knobs()?;
    let is_turned = |name: &str| knobs.iter().flatten().any(|knob| knob.name == name);
    match OF_KNOBS.into_iter().find(|(knob, field)| is_turned(knob) && given.contains(field)) {
        Some((knob, field)) => Err(LandscapeError::Turned { field, knob }),
        None => Ok(settings),
    }
}

/// A landscape of a table that is still to be read.
///
/// ```
/// use std::num::NonZeroUsize;
/// use nablab_data::table::csv;
/// use nablab_study::landscape::{Axes, LandscapeRequest};
/// use nablab_tables::Changes;
/// let axes = Axes::Settings { x: "learning_rate=0.01..10".parse()?, y: None, refine: 0, reach: None };
/// let changes = Changes { target: Some(vec!["kind".into()]), epochs: Some(20), ..Changes::default() };
/// let request = LandscapeRequest::new(axes, 4, changes)?;
/// let rows: String = (0..40).map(|i| format!("{i},{}\n", ["short", "long"][i / 20])).collect();
/// let text = format!("length,kind\n{rows}");
/// let table = csv::read_as(text.as_bytes(), "fish.csv", &request.settings().reading())?;
/// let threads = NonZeroUsize::MIN;
/// let drawn = request.plane(&table, threads)?.draw(threads, None, &())?;
/// assert!(drawn.text.starts_with("16 trainings, 4 × 4 cells"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct LandscapeRequest {
    axes: Axes,
    size: usize,
    changes: Changes,
    settings: Settings,
}

impl LandscapeRequest {
    /// So many points along each side, and changes of the default settings.
    ///
    /// # Errors
    /// [`LandscapeError`]: changes that are none, or have no use for a landscape.
    pub fn new(axes: Axes, size: usize, changes: Changes) -> Result<Self, LandscapeError> {
        let settings = changed(Settings::default(), &axes, &changes, false)?;
        Ok(Self { axes, size, changes, settings })
    }

    /// The settings, which say how the table is to be read.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The plane of this table, all of whose rows are learned from, prepared on so many threads.
    ///
    /// # Errors
    /// [`LandscapeError`]: whatever does not fit the table.
    pub fn plane(&self, table: &Table, threads: NonZeroUsize) -> Result<Plane, LandscapeError> {
        let mut settings = self.settings.clone();
        // All rows: it is the training that is looked at.
        settings.validation.share = 0.0;
        self.changes.suit_rows(&mut settings, table.rows());
        let (data, loss) = match settings.training.precision {
            Precision::F32 => {
                let prepared = Prepared::<f32>::new(&settings, &table.into(), threads)?;
                (Data::F32(Examples::of(Arc::unwrap_or_clone(prepared.train))), prepared.recipe.loss)
            }
            Precision::F64 => {
                let prepared = Prepared::<f64>::new(&settings, &table.into(), threads)?;
                (Data::F64(Examples::of(Arc::unwrap_or_clone(prepared.train))), prepared.recipe.loss)
            }
        };
        let training = TrainingSettings { loss, ..settings.training };
        Ok(Plane { kind: self.axes.kind(self.size, training, false)?, data, is_lab: false })
    }
}

impl Plane {
    /// The network and the circles of the initialisation lab: 2-10-5-1, 300 points, gradient descent. So many points along each
    /// side, and changes of the lab's settings.
    ///
    /// # Errors
    /// [`LandscapeError`]: changes that are none, or have no use for a landscape of the lab.
    pub fn of_lab(axes: &Axes, size: usize, changes: &Changes) -> Result<Self, LandscapeError> {
        let init = match axes {
            Axes::Settings { .. } => Init::Normal { scale: 1.0 },
            Axes::Weights { .. } => Init::He,
        };
        let defaults = Settings { training: lab_settings(init), ..Settings::default() };
        let training = changed(defaults, axes, changes, true)?.training;
        let circles = Generator::Circles { samples: 300, noise: 0.05, factor: 0.8, seed: 1 }.generate()?;
        let data = match training.precision {
            Precision::F32 => Data::F32(Examples::new(&circles)),
            Precision::F64 => Data::F64(Examples::new(&circles)),
        };
        Ok(Self { kind: axes.kind(size, training, true)?, data, is_lab: true })
    }
}

/// The network of the initialisation lab, 2-10-5-1, by gradient descent: from weights of one spread, or from He's.
fn lab_settings(init: Init) -> TrainingSettings {
    TrainingSettings {
        hidden: vec![Hidden::relu(10), Hidden::relu(5)],
        init,
        optimizer: Optimizer::GradientDescent,
        learning_rate: 0.1,
        epochs: 1000,
        ..TrainingSettings::default()
    }
}

/// The settings with each of these update rules, by name; `is_lab` where they are those of the initialisation lab, whose rate is
/// ten times too large for rules with steps of the size of the rate, whatever the gradient.
fn by_rule<T: AsRef<str>>(
    names: &[T],
    settings: &TrainingSettings,
    is_lab: bool,
) -> Result<Vec<(String, Recipe)>, Error> {
    let recipe = |name: &T| {
        let name = name.as_ref();
        let mut settings = TrainingSettings { optimizer: choice::optimizer(name)?, ..settings.clone() };
        let steps_by_rate = matches!(
            settings.optimizer,
            Optimizer::Adam { .. } | Optimizer::AdamW { .. } | Optimizer::RmsProp { .. }
        );
        if is_lab && steps_by_rate {
            settings.learning_rate /= 10.0;
        }
        Ok((name.to_owned(), settings.check()?))
    };
    names.iter().map(recipe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipe_for_each_update_rule() {
        let recipes = by_rule(&["momentum", "adam"], &lab_settings(Init::He), true).unwrap();
        assert_eq!(recipes[0].1.optimizer, Optimizer::Momentum { beta: 0.9 });
        assert_eq!([recipes[0].1.learning_rate, recipes[1].1.learning_rate], [0.1, 0.01]);
        assert!(by_rule(&["adem"], &lab_settings(Init::He), true).is_err());
    }

    fn over(x: &str) -> Axes {
        Axes::Settings { x: x.parse().unwrap(), y: None, refine: 0, reach: None }
    }

    #[test]
    fn the_other_axis_is_another_setting() {
        let names = |x: &str| over(x).knobs().unwrap().unwrap().map(|knob| knob.name);
        assert_eq!(names("learning_rate=0.1..1"), ["learning_rate", "init.normal.scale"]);
        assert_eq!(names("init.uniform.limit=0.1..1"), ["init.uniform.limit", "learning_rate"]);
        let twice = Axes::Settings {
            x: "epochs=1..9".parse().unwrap(),
            y: Some("epochs=1..5".parse().unwrap()),
            refine: 0,
            reach: None,
        };
        assert!(matches!(twice.knobs(), Err(LandscapeError::SameKnob { name }) if name == "epochs"));
    }

    #[test]
    fn a_change_that_has_no_use_is_refused() {
        let refused = |x: &str, changes: Changes| {
            Plane::of_lab(&over(x), 2, &changes).map(|_| ()).unwrap_err().to_string()
        };
        let rate = Changes { l2: Some(0.1), ..Changes::default() };
        assert_eq!(refused("penalty.l2=0..1", rate), "`l2` has no say where penalty.l2 is a knob");
        let target = Changes { target: Some(vec!["y".into()]), ..Changes::default() };
        assert_eq!(refused("seed=0..9", target), "`target` is for a table, and none is given");
        let patience = Changes { early_stopping: Some(3), ..Changes::default() };
        assert!(
            refused("seed=0..9", patience).starts_with("`early_stopping` is for a training that is judged")
        );
    }
}
