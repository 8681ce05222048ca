//! Searches and experiments tell of each part that is done, and end where whoever watches wants it.

use std::num::NonZeroUsize;
use std::sync::Mutex;

use nablab_engine::Done;
use nablab_tables::{DeepDiagnosis, Options, Settings, Tables, Watch};

/// Stops after so many parts.
struct After(usize, Mutex<Vec<Done>>);

impl After {
    fn parts(most: usize) -> Self {
        Self(most, Mutex::new(Vec::new()))
    }

    fn seen(self) -> Vec<Done> {
        self.1.into_inner().unwrap()
    }
}

impl Watch<Done> for After {
    fn saw(&self, event: &Done) {
        self.1.lock().unwrap().push(*event);
    }

    fn stop(&self) -> bool {
        self.1.lock().unwrap().len() >= self.0
    }
}

/// Never goes on.
struct Never;

impl<E> Watch<E> for Never {
    fn stop(&self) -> bool {
        true
    }
}

fn tables() -> Tables<'static> {
    let rows: String =
        (0..120).map(|i| format!("{},{}\n", i % 11, ["no", "yes"][usize::from(i % 11 > 4)])).collect();
    Tables::from(nablab_data::table::csv::read(format!("x,y\n{rows}").as_bytes(), "t.csv").unwrap())
}

fn settings() -> Settings {
    Settings::from_toml("epochs = 30\nhidden = [{ units = 4 }]\n[data]\ntarget = [\"y\"]", "recipe").unwrap()
}

#[test]
fn a_deep_diagnosis_tells_of_each_experiment_and_can_be_stopped() {
    let (tables, settings) = (tables(), settings());
    let fitted = settings.fit(&*tables.table, Options::default(), &()).unwrap();
    let diagnosed = |watch: &After| {
        let mut evidence = fitted.record.evidence.clone().unwrap();
        let two = NonZeroUsize::new(2).unwrap();
        DeepDiagnosis::new(&fitted.model, &mut evidence, &tables, 3, two, watch)
    };
    let watch = After::parts(usize::MAX);
    let deep = diagnosed(&watch).unwrap();
    let seen = watch.seen();
    let last = *seen.last().unwrap();
    let trainings = deep.as_it_was.len() + deep.shuffled.len();
    let tried: usize = deep.changes.iter().map(|change| change.outcomes.len()).sum();
    // The search for the rate, the doubts of the labels, and the few rows.
    assert_eq!((last.done, last.of), (3 + trainings + tried, 3 + trainings + tried));
    assert!(seen.windows(2).all(|two| two[0].done <= two[1].done && two[0].of <= two[1].of), "{seen:?}");
    for parts in [0, 1, 5] {
        let watch = After::parts(parts);
        assert!(diagnosed(&watch).unwrap_err().is_stopped(), "{parts}");
        // What is under way on another thread may come to its end.
        assert!(watch.seen().len() <= parts + 2, "{parts}");
    }
}

#[test]
fn a_search_for_the_learning_rate_can_be_stopped() {
    let (tables, settings) = (tables(), settings());
    assert!(settings.find_rate(&tables, &Never).unwrap_err().is_stopped());
    let (all, few) = (After::parts(usize::MAX), After::parts(7));
    settings.range_test(&tables, &all).unwrap();
    let steps = all.seen();
    let of = steps[0].of;
    assert!(of >= 200 && steps.iter().map(|step| (step.done, step.of)).eq((1..=of).map(|done| (done, of))));
    assert!(settings.range_test(&tables, &few).unwrap_err().is_stopped());
    assert_eq!(few.seen().len(), 7);
}

#[test]
fn experiments_can_be_stopped() {
    let (tables, settings) = (tables(), settings());
    let stop = || true;
    assert!(settings.learn(&tables, &stop).unwrap_err().is_stopped());
    assert!(settings.learn_nothing(&tables, &stop).unwrap_err().is_stopped());
    assert!(settings.learn_few_rows(&tables, &stop).unwrap_err().is_stopped());
    assert!(settings.doubt_labels(&tables.table, 3, &stop).unwrap_err().is_stopped());
}
