//! What a table decides of the defaults, and what is said decides first.

use std::fs;

use tempfile::TempDir;

use crate::{nablab, stderr};

#[test]
fn the_recipe_of_a_larger_table_holds_its_own_defaults() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    let rows = (0..1400).map(|i| format!("{},{}\n", i * 37 % 101, ["a", "b"][usize::from(i % 3 == 0)]));
    fs::write(path.join("t.csv"), "x,y\n".to_owned() + &rows.collect::<String>()).unwrap();
    fs::write(path.join("r.toml"), "penalty = { l2 = 0.3 }\n[data]\ntarget = [\"y\"]\n").unwrap();
    let held = |out: &str, flags: &[&str]| {
        let args = [&["train", "t.csv", "--epochs", "1", "--quiet", "--out", out], flags].concat();
        let output = nablab(path, &args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        let recipe: toml::Table =
            fs::read_to_string(path.join(out).join("recipe.toml")).unwrap().parse().unwrap();
        let patience = recipe["validation"]["patience"].as_integer();
        (recipe["penalty"]["l2"].as_float().unwrap(), patience.unwrap())
    };
    assert_eq!(held("none", &["--target", "y"]), (0.1, 40));
    assert_eq!(held("flags", &["--target", "y", "--l2", "0.2", "--early-stopping", "0"]), (0.2, 0));
    assert_eq!(held("recipe", &["--recipe", "r.toml"]), (0.3, 40));
    assert_eq!(held("unjudged", &["--target", "y", "--validation", "0"]), (0.1, 0));
    // What follows from the table is asked for again by the same command.
    let again = ["train", "t.csv", "--target", "y", "--epochs", "1", "--out", "none", "--resume"];
    let again = nablab(path, &again);
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
}
