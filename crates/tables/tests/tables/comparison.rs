//! Several trainings beside each other: what differs, and nothing else.

use std::path::{Path, PathBuf};

use nablab_report::{Cell, Lang};
use nablab_statistics::wilson;
use nablab_tables::report::Comparison;
use nablab_tables::run::Record;
use tempfile::TempDir;

use super::report::{OVERFIT, class, csv, figures, legend, number, row, texts, train};

pub(super) fn comparison(folder: &Path) -> Comparison {
    let table = csv(class);
    let recipes = [
        ("a", "seed = 1\n", ""),
        ("b", "seed = 2\n", ""),
        ("wide", "seed = 1\noptimizer = \"momentum\"\n", ""),
    ];
    let mut runs: Vec<(String, PathBuf, Record)> = Vec::new();
    for (name, head, tail) in recipes {
        let folder = folder.join(name);
        let record = train(&folder, &table, &format!("{head}{OVERFIT}{tail}")).0;
        runs.push((name.into(), folder, record));
    }
    runs[2].2.settings.training.hidden.push(nablab_engine::Hidden::relu(3));
    Comparison::new(runs)
}

#[test]
fn a_comparison_shows_what_differs_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    let comparison = comparison(folder.path());
    let keys: Vec<_> = comparison.settings.iter().map(|difference| difference.key.as_str()).collect();
    let hidden = ["activation", "dropout", "units"].map(|key| format!("hidden[1].{key}"));
    let expected: Vec<&str> = hidden.iter().map(String::as_str).chain(["optimizer", "seed"]).collect();
    assert_eq!(keys, expected);
    let seed = comparison.settings.last().unwrap();
    let values: Vec<_> = seed.values.iter().flatten().map(ToString::to_string).collect();
    assert_eq!(values, ["1", "2", "1"]);
    assert!(comparison.same_target && !comparison.same_rows);

    let [seeds] = comparison.seeds.as_slice() else { panic!("{:?}", comparison.seeds) };
    assert_eq!(seeds.runs, ["a", "b"]);
    let value = |i: usize| comparison.runs[i].headline.clone().unwrap().value;
    assert!((seeds.mean - (value(0) + value(1)) / 2.0).abs() < 1e-15);
    let headline = comparison.runs[0].headline.clone().unwrap();
    assert_eq!(headline.interval, wilson(headline.value, 30.0));

    let page = comparison.document(Lang::En);
    assert_eq!(legend(figures(&page)[0]), ["a", "b", "wide"]);
    assert!(texts(&page).iter().any(|text| text == "Not all runs are judged on the same rows"));
    let cells = row(&page, "`b`");
    assert_eq!(cells[1], Cell::Number(value(1), 4));

    let json = serde_json::to_value(&comparison).unwrap();
    assert_eq!(json["schema"], "nablab.comparison/1");
    assert_eq!(json["runs"][1]["headline"]["value"], value(1));
    assert_eq!(json["settings"][4]["values"], serde_json::json!([1, 2, 1]));
}

#[test]
fn runs_of_other_tasks_are_kept_apart() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let classes = train(&at("classes"), &csv(class), OVERFIT).0;
    let numbers = train(&at("numbers"), &csv(number), OVERFIT).0;
    let runs = vec![("classes".into(), at("classes"), classes), ("numbers".into(), at("numbers"), numbers)];
    let comparison = Comparison::new(runs);
    assert!(!comparison.same_target && comparison.seeds.is_empty());
    let page = comparison.document(Lang::En);
    let texts = texts(&page);
    assert!(texts.iter().any(|text| text == "Not all runs predict the same"));
    assert!(!texts.iter().any(|text| text.contains("has the highest")));
    for figure in figures(&page) {
        assert_eq!(legend(figure).len(), 1, "{}", figure.name);
    }
}
