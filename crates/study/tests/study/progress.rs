//! What is worth saying of a study under way.

use std::collections::BTreeMap;

use nablab_study::storage::{Outcome, Record};
use nablab_study::{
    Direction, Event, Fact, Place, Point, SearchProgress, State, Storage, StorageError, Study, StudyError,
};

const STUDY: &str =
    "learning_rate = { low = 1e-4, high = 1e-1 }\n[data]\ntarget = [\"y\"]\n[study]\nmetric = \"accuracy\"";

fn progress() -> SearchProgress {
    let study = Study::parse(STUDY, "study.toml").unwrap();
    let record = Record {
        id: 1,
        name: "s".into(),
        directions: vec![Direction::Maximize],
        metrics: vec!["accuracy".into()],
        attributes: BTreeMap::new(),
    };
    SearchProgress::new(&study, &record, &[])
}

fn ended(progress: &mut SearchProgress, trial: u64, state: State, value: f64) -> Fact {
    progress.see(&Event::Began(trial, Point::from([("learning_rate".into(), 0.01)]), 9));
    assert_eq!(progress.see(&Event::Step(trial, 3, None)), None, "nothing is silent or long here");
    let attributes = [("epochs".to_owned(), 3.into())].into_iter().collect();
    let outcome = Outcome { state, values: vec![value], curve: Vec::new(), attributes };
    progress.see(&Event::Ended(trial, outcome)).unwrap()
}

#[test]
fn trials_are_counted_and_the_best_is_known() {
    let mut progress = progress();
    let said = |fact: Fact| fact.to_string();
    assert_eq!(
        said(ended(&mut progress, 0, State::Complete, 0.8)),
        "trial 0  accuracy 0.8  best  learning_rate 0.01"
    );
    let worse = said(ended(&mut progress, 1, State::Complete, 0.7));
    assert_eq!(worse, "trial 1  accuracy 0.7  learning_rate 0.01");
    let pruned = said(ended(&mut progress, 2, State::Pruned, 0.9));
    assert_eq!(pruned, "trial 2  accuracy 0.9  pruned after 3 epochs  learning_rate 0.01");
    assert_eq!((progress.done, progress.pruned, progress.best), (3, 1, Some((0, 0.8))));
    assert_eq!(progress.see(&Event::Lost(7)), Some(Fact::Lost(7)));
    assert_eq!(progress.see(&Event::Released(7)), None);
}

#[test]
fn a_database_that_is_gone_is_said_once_until_something_ends() {
    let mut progress = progress();
    let gone =
        || Event::Gone(StorageError::Gone { url: "db".into(), what: "no answer".into(), hint: "wait" });
    assert_eq!(progress.see(&gone()), Some(Fact::Gone("db: no answer".into())));
    assert_eq!(progress.see(&gone()), None);
    ended(&mut progress, 0, State::Complete, 0.5);
    assert!(progress.see(&gone()).is_some());
}

#[test]
fn a_study_is_found_where_it_lies() {
    let folder = tempfile::tempdir().unwrap();
    let place = |study| Place::new(Some(folder.path()), None, study);
    let mut storage = Storage::open(folder.path().join("study.db").to_str().unwrap()).unwrap();
    assert!(place(None).read().is_err(), "there is none in it");
    let study = Study::parse(STUDY, "study.toml").unwrap();
    storage.register("one", &study).unwrap();
    let found = place(None).open().unwrap();
    assert_eq!((&*found.record.name, found.folder.path()), ("one", folder.path()));
    assert_eq!(found.study().unwrap().text, study.text);
    storage.register("two", &study).unwrap();
    let several = place(None).open().map(|_| ()).unwrap_err();
    assert!(matches!(several, StudyError::Several { names, .. } if names == ["one", "two"]));
    let mut two = place(Some("two")).read().unwrap();
    assert_eq!((two.trials().unwrap().len(), two.chosen(None).unwrap()), (0, None));
    assert!(place(Some("three")).read().is_err());
    let elsewhere = Place::new(None, Some("sqlite:///no.db"), None);
    assert!(matches!(elsewhere.read(), Err(StudyError::NoFile { url }) if url == "sqlite:///no.db"));
}
