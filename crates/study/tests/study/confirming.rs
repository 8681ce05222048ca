//! The best trained again, or no time for that.

use std::num::NonZeroUsize;
use std::time::Duration;

use nablab_data::table::csv;
use nablab_study::{Search, Study, StudyFolder, Working};
use nablab_tables::Tables;

#[test]
fn a_confirmation_without_time_is_told_from_one_that_is_not_wanted() {
    let place = tempfile::tempdir().unwrap();
    let rows: String = (0..60).map(|i| format!("{i},{}\n", i % 2)).collect();
    let tables = Tables::from(csv::read(format!("x,y\n{rows}").as_bytes(), "t.csv").unwrap());
    let text = "epochs = 2\nlearning_rate = { low = 1e-3, high = 1e-1 }\n[data]\ntarget = [\"y\"]\n[study]\ntrials = 2";
    let study = Study::parse(text, "study.toml").unwrap();
    let folder = StudyFolder::new(Some(place.path()), "s");
    let (mut search, _) = Search::begin(study, "s", &tables, folder, None, None).unwrap();
    let working = Working { threads: NonZeroUsize::MIN, grace: Duration::from_secs(30) };
    let mut found = search.work(working, &()).unwrap();
    search.study.plan.seconds = Some(1e-9);
    assert!(search.confirm(&mut found, 5, NonZeroUsize::MIN, &()).unwrap());
    assert!(found.confirmation.is_none());
    search.study.plan.seconds = None;
    assert!(!search.confirm(&mut found, 5, NonZeroUsize::MIN, &()).unwrap());
    assert!(found.confirmation.is_some());
}
