//! What is predicted: the task is found out, or asked for, or follows from the type of the target.

use std::collections::BTreeMap;

use nablab_data::prepare::{AskedTask, Target, Task, Type};

use super::prepare::{all, close, table, written};

#[test]
fn tasks_are_found_out() {
    let table = table(
        "word,two,digit,age,price,yes,no\na,0,1,20,1.5,1,0\nb,1,2,31,2.5,0,1\nc,0,1,45,3.5,1,1\na,1,3,52,9.5,0,0\n\
         b,0,2,64,5.5,1,0\nc,0,3,70,6.5,1,1\n",
    );
    let target = |names: &[&str], asked| {
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        Target::fit(&table, &all(&table), &all(&table), &names, asked, &BTreeMap::new(), &[])
    };
    let task = |names: &[&str]| target(names, None).unwrap().task();
    assert_eq!(task(&["word"]), Task::Multiclass);
    assert_eq!(task(&["two"]), Task::Binary);
    assert_eq!(task(&["digit"]), Task::Multiclass);
    assert_eq!(task(&["age"]), Task::Regression, "as many values as rows");
    assert_eq!(task(&["price"]), Task::Regression);
    assert_eq!(task(&["yes", "no"]), Task::Multilabel);
    assert_eq!(task(&["yes", "price"]), Task::Regression);
    // Classes where they are asked for: two or several, as many as there are; to several columns yes or no each.
    let classes = |names: &[&str]| target(names, Some(AskedTask::Classification)).unwrap().task();
    assert_eq!(classes(&["two"]), Task::Binary);
    assert_eq!(classes(&["age"]), Task::Multiclass);
    assert_eq!(classes(&["yes", "no"]), Task::Multilabel);
    assert_eq!(target(&["digit"], Some(AskedTask::Regression)).unwrap().task(), Task::Regression);
    let y = target(&["digit"], None).unwrap().encode::<f64>(&table, &[0, 1, 3]).unwrap();
    assert_eq!(y.view(3).to_vec(), [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
    let Target::Numbers { center, scale, .. } = target(&["yes", "price"], None).unwrap() else { panic!() };
    close(&center, &[4.0 / 6.0, 29.0 / 6.0]);
    close(&scale, &[(2.0_f64 / 9.0).sqrt(), 2.687_419_249_432_853]);
    for (names, asked, words) in [
        (&["word"][..], Some(AskedTask::Binary), "two classes, got 3 different values"),
        (&["word", "two"], Some(AskedTask::Multiclass), "one target column, got 2"),
        (&["word", "two"], None, "column word, row 1: expected a number, got \"a\""),
        (&["digit", "yes"], Some(AskedTask::Multilabel), "two different values, got 3"),
        (&["colour"], None, "one named colour"),
        (&["yes", "yes"], None, "each target once"),
    ] {
        let error = target(names, asked).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains("hint"), "{error}");
    }
}

#[test]
fn a_word_among_the_numbers_of_a_target_is_a_class() {
    let text: String = (0..100)
        .map(|j| format!("{j},{}\n", if j == 70 { "other" } else { ["1", "2", "3"][j % 3] }))
        .collect();
    let table = written(&format!("x,y\n{text}"), &["y"]);
    let rows = all(&table);
    let target = Target::fit(&table, &rows, &rows, &["y".into()], None, &BTreeMap::new(), &[]).unwrap();
    let Target::Classes { levels, .. } = &target else { panic!("{target:?}") };
    assert_eq!(levels, &["1", "2", "3", "other"]);
    let y = target.encode::<f64>(&table, &[70]).unwrap();
    assert_eq!(y.view(1).to_vec(), [0.0, 0.0, 0.0, 1.0]);
}

#[test]
fn the_type_of_a_target_decides_its_task() {
    let rows: String = (0..60).map(|i| format!("{}.5,0{},{}\n", i % 3, i % 2, i % 30)).collect();
    let table = written(&format!("half,code,many\n{rows}"), &["half", "code", "many"]);
    let target = |name: &str, of: Type, asked: Option<AskedTask>| {
        let types = BTreeMap::from([(name.to_owned(), of)]);
        Target::fit(&table, &all(&table), &all(&table), &[name.to_owned()], asked, &types, &[])
    };
    let classes = |name: &str| match target(name, Type::Category, None).unwrap() {
        Target::Classes { levels, .. } => levels,
        other => panic!("{other:?}"),
    };
    assert_eq!(classes("half"), ["0.5", "1.5", "2.5"]);
    assert_eq!(classes("code"), ["00", "01"]);
    assert_eq!(classes("many").len(), 30);
    assert_eq!(target("code", Type::Number, None).unwrap().task(), Task::Regression);
    let few = |name: &str, asked| target(name, Type::Category, asked).unwrap().task();
    assert_eq!(few("code", Some(AskedTask::Classification)), Task::Binary);
    assert_eq!(few("half", Some(AskedTask::Classification)), Task::Multiclass);
    for (of, task) in [
        (Type::Number, AskedTask::Binary),
        (Type::Number, AskedTask::Classification),
        (Type::Category, AskedTask::Regression),
    ] {
        let error = target("code", of, Some(task)).unwrap_err().to_string();
        assert!(error.contains("as its type says"), "{error}");
    }
}
