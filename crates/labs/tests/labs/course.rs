//! The labs against the published numbers.
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use std::path::Path;

use nablab_data::{Parts, load};
use nablab_labs::reference::Reference;
use nablab_labs::{Lab, LabRecord, Labs, Options, tally};
use nablab_report::Lang;

use crate::all_threads;

/// Train and tell labs as the course does.
fn records(labs: &[Lab], data: Option<Parts>) -> Vec<LabRecord> {
    let mut labs = Labs::new(&Options { labs: labs.to_vec(), data, ..Options::default() }).unwrap();
    labs.train(all_threads(), &()).unwrap();
    labs.records(Lang::En, all_threads(), &()).unwrap()
}

/// Every number of an item is compared, none is forgotten, and each agrees.
fn assert_all_agree(records: &[LabRecord]) {
    for item in records.iter().flat_map(|record| &record.items) {
        let wrong = item.reference.iter().find(|comparison| !comparison.agrees);
        let wrong = wrong.map(|c| (&c.name, c.relative_difference, c.tolerance));
        assert_eq!(wrong, None, "{}: name, relative difference, tolerance", item.id);
        let mut names: Vec<_> = item.reference.iter().map(|comparison| comparison.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, Reference::course().names(&item.id), "{}", item.id);
    }
}

fn ids(records: &[LabRecord]) -> Vec<&str> {
    records.iter().flat_map(|record| &record.items).map(|item| item.id.as_str()).collect()
}

#[test]
fn initialization() {
    let records = records(&[Lab::Initialization], None);
    assert_all_agree(&records);
    let expected = [
        "initialization.1",
        "initialization.2",
        "initialization.3",
        "initialization.4",
        "initialization.5",
        "random-initialization.1",
        "random-initialization.2",
        "random-initialization.3",
        "random-initialization.4",
        "he-initialization.1",
        "he-initialization.2",
        "he-initialization.3",
    ];
    assert_eq!(ids(&records), expected);
}

#[test]
fn gradient_checking() {
    let records = records(&[Lab::GradientChecking], None);
    assert_all_agree(&records);
    assert_eq!(ids(&records), ["gradient-checking.1", "gradient-checking.2"]);
}

#[test]
fn optimization() {
    let records = records(&[Lab::Optimization], None);
    assert_all_agree(&records);
    let expected: Vec<_> = (1..=9).map(|i| format!("optimization.{i}")).collect();
    assert_eq!(ids(&records), expected);
}

#[test]
fn regularization() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/data.mat");
    if !path.exists() {
        eprintln!("skipped: the course's data.mat is not here; its trainings are not compared");
        return;
    }
    let records = records(&[Lab::Regularization], Some(load(&path).unwrap()));
    assert_all_agree(&records);
    let expected: Vec<_> = (1..=11).map(|i| format!("regularization.{i}")).collect();
    assert_eq!(ids(&records), expected);
}

/// Without the course's data its trainings are not compared, but the test cases are.
#[test]
fn pitch_has_no_published_column() {
    let records = records(&[Lab::Regularization], None);
    let compared: Vec<_> = records[0].items.iter().filter(|item| !item.reference.is_empty()).collect();
    let compared: Vec<_> = compared.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(compared, ["regularization.4", "regularization.5", "regularization.8", "regularization.9"]);
    let (count, agree) = tally(&records);
    assert!(count > 50 && agree == count, "{agree} of {count}");
}
