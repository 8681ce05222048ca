//! `nablab lab exercise`: list, question, answers and their exit codes, sheet and key.

use tempfile::TempDir;

use crate::{nablab, names, stderr, stdout};

/// What it says, and its exit code.
fn exercise(args: &[&str]) -> (String, i32) {
    let folder = TempDir::new().unwrap();
    let output = nablab(folder.path(), &[&["lab", "exercise"], args].concat());
    assert!(names(folder.path()).is_empty(), "no file is written");
    (stdout(&output) + &stderr(&output), output.status.code().unwrap())
}

#[test]
fn they_are_listed() {
    let (list, code) = exercise(&[]);
    assert_eq!(code, 0);
    assert!(list.starts_with("Regularization\n  1.1   "), "{list}");
    assert!(list.contains("\n\nInitialization\n  2.1   How many parameters\n"), "{list}");
    let (list, _) = exercise(&["--lab", "optimization", "--lang", "zh"]);
    assert!(list.starts_with("优化方法\n  4.1   小批量的个数\n"), "{list}");
    let (json, _) = exercise(&["--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["schema"], &json["exercises"][0]["id"]), (&"nablab.exercises/1".into(), &"1.1".into()));
}

#[test]
fn an_answer_has_an_exit_code() {
    let (said, code) = exercise(&["2.2", "--answer", "ln 2"]);
    assert!(code == 0 && said.starts_with("Right. "), "{said}");
    let (said, code) = exercise(&["2.2", "--answer", "0.65"]);
    assert_eq!((&*said, code), ("Nearly. It is too small by 0.043 (6.2 %).\n", 1));
    let (said, code) = exercise(&["2.2", "--answer", "1"]);
    assert_eq!(
        (&*said, code),
        ("Not right. That is with the logarithm to base 2; the course uses the natural one.\n", 1)
    );
    let (said, code) = exercise(&["2.2", "--answer", "-7", "--lang", "zh"]);
    let hint = "不对。偏小。\n提示：nablab lab exercise 2.2 --hint --lang zh 给出思路和一种求法\n";
    assert_eq!((&*said, code), (hint, 1));
    let (said, code) = exercise(&["2.1", "--variant", "17", "--answer", "-7"]);
    let hint = "hint: nablab lab exercise 2.1 --variant 17 --hint shows what brings you nearer, and a way to find out";
    assert_eq!((&*said, code), (&*format!("Not right. It is too small.\n{hint}\n"), 1));
    let (json, code) = exercise(&["2.2", "--answer", "1", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["judgement"]["verdict"], code), (&"misconception".into(), 1));
    assert_eq!(json["schema"], "nablab.exercise/1");
}

#[test]
fn what_cannot_be_read_is_one_error() {
    for (args, expected) in [
        (
            &["2.2", "--answer", "much"][..],
            "error: expected a number, got \"much\"\nhint: for instance 0.38, 1e-3, 3/8, ln 2, sqrt(2/10) or 1 - 0.9^3\n",
        ),
        (
            &["2.3", "--answer", "50"],
            "error: expected a share from 0 to 1 or per cent, got \"50\"\nhint: 50 % if per cent are meant\n",
        ),
    ] {
        assert_eq!(exercise(args), (expected.to_owned(), 2));
    }
    for args in [
        &["5.1"][..],
        &["2.11"],
        &["two"],
        &["--answer", "1"],
        &["2.1", "--sheet"],
        &["--sheet", "--key"],
        &["--sheet", "--json"],
        &["--hint"],
        &["--key", "--hint"],
        &["2.1", "--html"],
        &["2.1", "--answer", "1", "--solution"],
        &["2.1", "--variant", "-1"],
    ] {
        let (said, code) = exercise(args);
        assert!(code == 2 && said.starts_with("error: "), "{args:?}: {code} {said}");
    }
}

#[test]
fn a_question_has_a_hint_and_a_solution() {
    let (question, code) = exercise(&["2.1"]);
    assert_eq!(code, 0);
    assert!(question.starts_with("# 2.1 How many parameters\n\nA dense network has 2 inputs"), "{question}");
    assert!(!question.contains("Hint: ") && !question.contains("91"), "{question}");
    assert!(!question.contains("To find out") && question.contains("--hint"), "{question}");
    let (with_hint, _) = exercise(&["2.1", "--hint"]);
    assert!(
        with_hint.contains("\nHint: A layer has a weight") && with_hint.contains("\nTo find out:"),
        "{with_hint}"
    );
    assert!(exercise(&["2.1", "--solution"]).0.contains("\nAnswer: **91 (parameters)**\n"));
    let (json, _) = exercise(&["2.1", "--hint", "--solution", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["solution"]["answer"], 91.0);
    assert!(json["hint"].is_string() && json["command"].is_string());
    assert!(!exercise(&["2.1", "--json"]).0.contains("\"command\""));
    assert_ne!(exercise(&["2.1", "--variant", "18446744073709551615"]).0, question);
}

#[test]
fn a_sheet_has_no_answers_and_its_key_has_them() {
    let args = ["--lab", "initialization", "--variant", "17"];
    let (sheet, code) = exercise(&[&args[..], &["--sheet"]].concat());
    let head = "# Exercises (variant 17)\n\nName: ____________________ Number: ________\n\n## Initialization\n\n### 2.1 ";
    assert!(code == 0 && sheet.starts_with(head), "{sheet}");
    assert!(!sheet.contains("Answer: **") && !sheet.contains("To find out"), "{sheet}");
    let (with_hints, _) = exercise(&[&args[..], &["--sheet", "--hint"]].concat());
    assert_eq!(with_hints.matches("\nTo find out:").count(), 10, "{with_hints}");
    let (page, code) = exercise(&[&args[..], &["--sheet", "--html"]].concat());
    assert!(code == 0 && page.starts_with("<!DOCTYPE html>") && page.contains("class=\"space\""), "{page}");
    assert!(exercise(&[&args[..], &["--key", "--html"]].concat()).0.contains("<strong>"));
    let (key, code) = exercise(&[&args[..], &["--key", "--lang", "zh"]].concat());
    assert!(code == 0 && key.starts_with("# 练习题答案（第 17 套）\n\n## 参数初始化\n\n### 2.1 "), "{key}");
    assert_eq!(key.matches("\n答案：**").count(), 10, "{key}");
}
