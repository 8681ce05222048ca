//! A run is what its recipe says: one that was changed since is refused, and so is another table, in words.

use std::fs;

use crate::overwriting::snapshot;
use crate::train::{houses, with_houses};
use crate::{assert_refused, nablab, stderr};

const TRAIN: [&str; 9] =
    ["train", "houses.csv", "--target", "dear", "--epochs", "3", "--quiet", "--out", "r"];

#[test]
fn a_recipe_that_was_changed_since_is_refused() {
    let folder = with_houses();
    let path = folder.path();
    assert_eq!(nablab(path, &TRAIN).status.code(), Some(0));
    let recipe = path.join("r/recipe.toml");
    let text = fs::read_to_string(&recipe).unwrap();
    let half: Vec<&str> = text.lines().take(text.lines().count() / 2).collect();
    let cut = text.split_once("[validation]").unwrap().0;
    let refused = |text: &str, words: &[&str]| {
        fs::write(&recipe, text).unwrap();
        let before = snapshot(path);
        for args in [
            &["train", "--resume", "--out", "r"][..],
            &["train", "--resume", "--out", "r", "--epochs", "9"],
            &["report", "r"],
            &["report", "r", "--json"],
            &["diagnose", "r"],
        ] {
            assert_refused(path, args, &[words, &["recipe.toml", "hint: "]].concat());
        }
        assert!(snapshot(path) == before);
    };
    let rate = text.replace("learning_rate = 0.001", "learning_rate = 0.01");
    let said = "r: recipe.toml is not what the run learned by: learning_rate = 0.001, now 0.01";
    refused(&rate, &[said, "nablab train --recipe r/recipe.toml --out NEW"]);
    refused(&text.replace("epochs = 3", "epochs = 8"), &["epochs = 3, now 8"]);
    refused("", &["r: recipe.toml is not what the run learned by: ", "epochs = 3, now 200"]);
    refused(&half.join("\n"), &["r/recipe.toml: line ", "put it back as it was"]);
    refused(&cut.replace("= [\"dear\"]", "= [\"price\"]"), &["data.target = [\"dear\"], now [\"price\"]"]);
    refused(&text.replace("share = 0.1", "share = 0.2"), &["validation.share = 0.1, now 0.2"]);
    // Another training by it is another run.
    fs::write(&recipe, &rate).unwrap();
    let another = ["train", "--recipe", "r/recipe.toml", "--quiet", "--out", "new"];
    assert_eq!(nablab(path, &another).status.code(), Some(0));
    // Killed before the end there is no model, and of some runs no checkpoint is kept.
    for kept in ["model.safetensors", "checkpoint.safetensors"] {
        let bytes = fs::read(path.join("r").join(kept)).unwrap();
        fs::remove_file(path.join("r").join(kept)).unwrap();
        refused(&rate, &[said]);
        fs::write(path.join("r").join(kept), bytes).unwrap();
    }
    // Nothing was learned yet.
    for kept in ["model.safetensors", "checkpoint.safetensors"] {
        fs::remove_file(path.join("r").join(kept)).unwrap();
    }
    refused("", &["recipe.toml is not whole: there is no `schema` in it"]);
    refused(cut, &["there is no `validation` in it"]);
    fs::write(&recipe, &text).unwrap();
    let resumed = nablab(path, &["train", "--resume", "--out", "r"]);
    assert_eq!(resumed.status.code(), Some(0), "{}", stderr(&resumed));
}

#[test]
fn another_table_is_refused_in_words_and_changes_nothing() {
    let folder = with_houses();
    let path = folder.path();
    assert_eq!(nablab(path, &TRAIN).status.code(), Some(0));
    let without_heating = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        [&fields[..3], &fields[4..]].concat().join(",") + "\n"
    };
    let with_age = |(i, line): (usize, &str)| match i {
        0 => format!("age,{line}\n"),
        _ => format!("{},{line}\n", i * i % 13),
    };
    let fewer: Vec<String> = houses().lines().take(61).map(str::to_owned).collect();
    for (table, words) in [
        (houses().lines().map(without_heating).collect(), "column heating was learned from and is not now"),
        (houses().lines().enumerate().map(with_age).collect(), "column age is learned from now and was not"),
        (fewer.join("\n"), "there were 81 training rows and 9 validation rows, now there are 54 and 6"),
        (houses().replace("old town", "new town"), "there are other values in column district"),
        // A text that comes at the same place of the alphabet gives the same numbers.
        (houses().replace("north", "norther"), "there are other values in column district"),
        (houses().replace(",yes\n", ",very\n"), "there are other values in column dear"),
    ] {
        fs::write(path.join("houses.csv"), table).unwrap();
        let before = snapshot(path);
        for epochs in ["3", "9"] {
            let resume = ["train", "houses.csv", "--resume", "--quiet", "--out", "r", "--epochs", epochs];
            assert_refused(path, &resume, &["the training began with other data: ", words, "hint: "]);
        }
        assert!(snapshot(path) == before, "{words}");
    }
}
