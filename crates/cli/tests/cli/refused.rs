//! What no training can be made of, and what is no run: refused, and nothing is left behind.

use std::fs;

use super::train::{train, with_houses};
use crate::assert_refused;

#[test]
fn bad_input_is_refused_and_leaves_nothing() {
    let folder = with_houses();
    let path = folder.path();
    let write = |name: &str, text: &str| fs::write(path.join(name), text).unwrap();
    write("ragged.csv", "a,b\n1,2\n3\n");
    write("latin.csv", "a,b\n1,x\n2,y\n");
    fs::write(path.join("latin.csv"), b"a,b\n1,x\n2,\xe9\n").unwrap();
    write("constant.csv", "a,b\n1,7\n2,7\n3,7\n");
    write("holes.csv", "a,b\n1,x\n2,\n3,y\n");
    write("infinite.csv", "a,b\n1,x\ninf,y\n");
    write("one.csv", "a,b\n1,x\n");
    write("dates.csv", "a,b\n2020-01-01,x\n2020-01-02,y\n2020-01-03,x\n");
    write("weights.csv", "a,b,w\n1,x,1\n2,y,-1\n3,x,1\n");
    let cases: [(&[&str], &[&str]); 22] = [
        (&["houses.csv"], &["which column is to be predicted?", "--target"]),
        (&["houses.csv", "--target", "prize"], &["one named prize", "area, rooms"]),
        (&["missing.csv", "--target", "a"], &["missing.csv", "No such file"]),
        (&["ragged.csv", "--target", "a"], &["ragged.csv: line 3", "2 values, got 1"]),
        (&["latin.csv", "--target", "a"], &["latin.csv: line 3", "UTF-8"]),
        (&["constant.csv", "--target", "b"], &["column b", "two different values, got 7 in every row"]),
        (&["constant.csv", "--target", "a", "--features", "b"], &["every value is 7"]),
        (&["holes.csv", "--target", "b"], &["column b, row 2", "a missing value"]),
        (&["infinite.csv", "--target", "b"], &["line 3, column a", "finite", "inf"]),
        (&["one.csv", "--target", "b"], &["two different values"]),
        (&["dates.csv", "--target", "b"], &["dates are not learned from"]),
        (
            &["weights.csv", "--target", "b", "--weight", "w", "--validation", "0"],
            &["column w, row 2", "0 or more, got -1"],
        ),
        (&["houses.csv", "--target", "price", "--task", "binary"], &["column price", "two classes"]),
        (&["houses.csv", "--target", "dear", "--task", "regression"], &["column dear", "numbers"]),
        (&["houses.csv", "--target", "dear", "--validation", "1.5"], &["validation.share", "[0, 1)", "1.5"]),
        (&["houses.csv", "--target", "dear", "--layers", "64,x"], &["--layers", "got x"]),
        (
            &["houses.csv", "--target", "dear", "--optimizer", "adma"],
            &["--optimizer adma", "unknown", "adam"],
        ),
        (&["houses.csv", "--target", "dear", "--learning-rate", "-1"], &["learning_rate", "above 0"]),
        (
            &["houses.csv", "--target", "dear", "--types", "district=number"],
            &["column district", "numbers", "in row"],
        ),
        (&["houses.csv", "--target", "price", "--class-weight", "balanced"], &["class_weight"]),
        (
            &["houses.csv", "--target", "dear", "--layers", "999999999,999999999"],
            &["bytes, which cannot be had"],
        ),
        (&["--resume"], &["r: it is no run folder"]),
    ];
    for (args, words) in cases {
        assert_refused(path, &[&["train", "--out", "r"], args].concat(), words);
    }
}

#[test]
fn a_damaged_or_foreign_run_is_refused() {
    let folder = with_houses();
    train(folder.path(), &["--target", "dear", "--layers", "3", "--out", "r"]);
    let model = folder.path().join("r/model.safetensors");
    let bytes = fs::read(&model).unwrap();
    for at in [9, 200, bytes.len() / 2, bytes.len() - 1] {
        let mut flipped = bytes.clone();
        flipped[at] ^= 4;
        fs::write(&model, &flipped).unwrap();
        assert_refused(folder.path(), &["predict", "r", "houses.csv"], &["model.safetensors", "damaged"]);
    }
    fs::write(&model, &bytes).unwrap();
    assert_refused(folder.path(), &["predict", "nowhere", "houses.csv"], &["nowhere: there is no model"]);
    assert_refused(
        folder.path(),
        &["train", "houses.csv", "--target", "dear", "--out", "r"],
        &["something in it already", "--resume"],
    );
    let recipe = folder.path().join("r/recipe.toml");
    let text = fs::read_to_string(&recipe).unwrap();
    fs::write(&recipe, text.replace("nablab.recipe/1", "nablab.recipe/9")).unwrap();
    assert_refused(
        folder.path(),
        &["train", "--resume", "--out", "r"],
        &["recipe.toml", "nablab.recipe/9", "newer"],
    );
}
