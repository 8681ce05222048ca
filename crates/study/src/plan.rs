//! A study as it is written down: a recipe with ranges, and a table `[study]` that says how to search.

use std::ops::Range;
use std::path::{Path, PathBuf};

use nablab_engine::name_or_table::name_or_table;
use nablab_tables::Error;
use nablab_tables::recipe::{Document, Value, none_of};
use serde::{Deserialize, Serialize};

use crate::metric;
use crate::sampler::Sampler;
use crate::scheduler::Scheduler;
use crate::space::{Point, STUDY, Space, Template};
use crate::trial::Direction;

/// How a study searches. Fields left out take the default beside them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// What it is called in its storage. Default: as the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many trials in all; in a space of fewer points, each of them once. Default 100; of a grid, all of its points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trials: Option<u64>,
    /// What is sought: one metric or several. Default accuracy, or R².
    #[serde(deserialize_with = "one_or_several", skip_serializing_if = "Vec::is_empty")]
    pub metric: Vec<String>,
    /// Default TPE.
    #[serde(deserialize_with = "name_or_table")]
    pub sampler: Sampler,
    /// Default none.
    #[serde(deserialize_with = "name_or_table")]
    pub scheduler: Scheduler,
    /// Trainings of each trial with seeds one after the other, whose mean counts. Default 1.
    pub seeds: u64,
    /// Parts of a cross-validation of each trial, whose mean counts; 0 for the rows held out. Default 0.
    pub folds: usize,
    /// Decides what the sampler draws. Default 0.
    pub seed: u64,
    /// Seconds after which no trial is begun and those under way are given back. Default none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            name: None,
            trials: None,
            metric: Vec::new(),
            sampler: Sampler::default(),
            scheduler: Scheduler::default(),
            seeds: 1,
            folds: 0,
            seed: 0,
            seconds: None,
        }
    }
}

/// Trials of a study that says nothing of them.
const TRIALS: u64 = 100;

/// A study as it is written down.
#[derive(Clone, Debug)]
pub struct Study {
    /// How to search.
    pub plan: Plan,
    /// What is searched.
    pub space: Space,
    /// What a recipe is made of with a point of that.
    pub template: Template,
    /// The text of all.
    pub text: String,
}

impl Study {
    /// Read a study's file.
    ///
    /// ```
    /// use nablab_study::{Sampler, Study};
    /// let text = "learning_rate = { low = 1e-4, high = 1e-1, log = true }\n[data]\ntarget = [\"y\"]\n[study]\nsampler = \"sobol\"";
    /// let study = Study::parse(text, "study.toml")?;
    /// assert_eq!((study.plan.sampler, study.trials()), (Sampler::Sobol {}, 100));
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Recipe`] with line and column, for whatever would fail in any trial without looking at the table.
    pub fn parse(text: &str, name: &str) -> Result<Self, Error> {
        let mut document = Document::parse(text, name)?;
        let table = document.take(STUDY);
        let plan = table.clone().map(|table| document.read(table)).transpose()?.unwrap_or_default();
        check(&plan, &document, table.as_ref())?;
        let (template, space) = Template::of(&document, text, name)?;
        if space.parameters().is_empty() {
            let what = "there is no range in it: nothing to be found".into();
            return Err(document.error(0, what));
        }
        let study = Self { plan, space, template, text: text.to_owned() };
        if study.points().len() > LARGEST {
            let what = format!(
                "a grid of more than {LARGEST} points: fewer `points`, larger steps, or another sampler"
            );
            return Err(document.error(table.map_or(0, |table| table.span().start), what));
        }
        Ok(study)
    }

    /// The same with other names of its files, so that it can be read from elsewhere; all else stays, with its comments.
    ///
    /// ```
    /// use nablab_study::Study;
    /// let text = "learning_rate = { low = 1e-4, high = 1e-1 } # of Adam\n[data]\nfile = \"y.csv\"\ntarget = [\"y\"]";
    /// let moved = Study::parse(text, "study.toml")?.with_files(&|file| std::path::Path::new("/data").join(file))?;
    /// assert_eq!(moved.text, text.replace("y.csv", "/data/y.csv"));
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    ///
    /// # Errors
    /// None of a study that was read.
    pub fn with_files(self, moved: &dyn Fn(&Path) -> PathBuf) -> Result<Self, Error> {
        let document = Document::parse(&self.text, "study")?;
        let mut places: Vec<(Range<usize>, String)> = Vec::new();
        for table in ["data", "validation"] {
            let file = document.root().get(table).and_then(|table| table.get_ref().as_table()?.get("file"));
            if let Some((file, name)) = file.and_then(|file| Some((file, file.get_ref().as_str()?))) {
                let name = toml::Value::from(moved(Path::new(name)).display().to_string());
                places.push((file.span(), name.to_string()));
            }
        }
        let mut text = self.text.clone();
        places.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
        places.into_iter().for_each(|(place, name)| text.replace_range(place, &name));
        let moved = Self::parse(&text, "study")?;
        // What was not in the text stays.
        Ok(Self { plan: self.plan, ..moved })
    }

    /// How many trials it wants in all; of a grid that says nothing of them, whatever its points need.
    pub fn trials(&self) -> u64 {
        let trials = match self.plan.sampler {
            Sampler::Grid { .. } => u64::MAX,
            _ => TRIALS,
        };
        self.plan.trials.unwrap_or(trials)
    }

    /// All points that may be tried, where they can be counted.
    pub(crate) fn points(&self) -> Vec<Point> {
        self.plan.sampler.points(&self.space, LARGEST)
    }

    /// What is better, for each metric.
    pub(crate) fn directions(&self) -> Vec<Direction> {
        self.plan.metric.iter().filter_map(|name| metric::direction(name)).collect()
    }
}

/// Rows that are written before the first trial begins, at most.
pub const MOST_TRIALS: u64 = 1_000_000;
/// Trainings of one trial, side by side in memory.
const MOST_TRAININGS: u64 = 1000;
/// The largest grid that is walked through.
pub(crate) const LARGEST: usize = 100_000;

fn check(plan: &Plan, document: &Document<'_>, table: Option<&Value<'_>>) -> Result<(), Error> {
    let wrong = |key: &str, expected: &str, got: String| {
        let value = table.and_then(|table| table.get_ref().as_table()?.get(key));
        let at = value.or(table).map_or(0, |value| value.span().start);
        Err(document.error(at, format!("`{STUDY}.{key}` must be {expected}, got {got}")))
    };
    if let Some(unknown) = plan.metric.iter().find(|name| metric::direction(name).is_none()) {
        let value = table.and_then(|table| table.get_ref().as_table()?.get("metric"));
        let at = value.or(table).map_or(0, |value| value.span().start);
        return Err(document.error(at, none_of("metric", unknown, &metric::all())));
    }
    if (1..plan.metric.len()).any(|i| plan.metric[..i].contains(&plan.metric[i])) {
        return wrong("metric", "a list without doubles", plan.metric.join(", "));
    }
    if plan.metric.len() > 1 && plan.scheduler != Scheduler::None {
        return wrong("scheduler", "none with several metrics", "another one".into());
    }
    let counts = [("trials", plan.trials.unwrap_or(1), MOST_TRIALS), ("seeds", plan.seeds, MOST_TRAININGS)];
    if let Some((key, got, most)) = counts.into_iter().find(|(_, got, most)| !(1..=*most).contains(got)) {
        return wrong(key, &format!("from 1 to {most}"), got.to_string());
    }
    if plan.folds == 1 {
        return wrong("folds", "0, or at least 2", "1".into());
    }
    if plan.seeds.saturating_mul(plan.folds as u64) > MOST_TRAININGS {
        let got = format!("{} · {}", plan.seeds, plan.folds);
        return wrong("folds", &format!("such that seeds · folds is at most {MOST_TRAININGS}"), got);
    }
    if plan.seconds.is_some_and(|seconds| !(seconds > 0.0 && seconds < 1e9)) {
        return wrong("seconds", "above 0, below 1e9", plan.seconds.unwrap_or_default().to_string());
    }
    if let Some((expected, got)) = plan.sampler.wrong() {
        return wrong("sampler", expected, got);
    }
    plan.scheduler.wrong().map_or(Ok(()), |(expected, got)| wrong("scheduler", expected, got))
}

fn one_or_several<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a name, or a list of names")]
    enum Names {
        One(String),
        Several(Vec<String>),
    }
    Ok(match Names::deserialize(deserializer)? {
        Names::One(name) => vec![name],
        Names::Several(names) => names,
    })
}
