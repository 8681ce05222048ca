//! Columns that ruin a model are named, and what later rows have beyond what was learned from is said.

use std::fs;

use tempfile::TempDir;

use crate::{nablab, stderr, stdout};

/// Rows with a column of the caller's, a number that tells the class, and the class.
fn table(name: &str, rows: u32, column: impl Fn(u32) -> String) -> String {
    let row = |i: u32| {
        let a = f64::from(i * 37 % 101) / 50.0 - 1.0;
        let class = if a + f64::from(i * 53 % 89) / 100.0 > 0.4 { "yes" } else { "no" };
        format!("{},{a},{class}\n", column(i))
    };
    format!("{name},a,y\n") + &(0..rows).map(row).collect::<String>()
}

/// Case F3 and its kind: the id is named at training and in the diagnosis, with what to do; and ids that go on where they ended
/// are said where predictions are made.
#[test]
fn ids_are_named_and_later_ones_said() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    for (name, column, is_id) in [
        ("running", &|i| (i + 1).to_string(), true),
        ("tens", &|i| format!("{}.0", 70_000 + 10 * i), true),
        ("shuffled", &|i| (1001 + i * 97 % 300).to_string(), true),
        ("long", &|i| (1_582_218_195_625_938_945_u64 + u64::from(i)).to_string(), true),
        ("zip", &|i| (10_115 + 37 * (i % 40)).to_string(), false),
        ("price", &|i| (250_000 + u64::from(i).pow(3) * 7919 % 400_000).to_string(), false),
    ] as [(&str, &dyn Fn(u32) -> String, bool); 6]
    {
        fs::write(path.join(format!("{name}.csv")), table("c", 300, column)).unwrap();
        let (file, out) = (format!("{name}.csv"), format!("runs/{name}"));
        let output = nablab(path, &["train", &file, "--target", "y", "--epochs", "1", "--out", &out]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
        let said = stderr(&output);
        assert_eq!(said.contains("warning: Column `c` looks like"), is_id, "{name}: {said}");
        assert_eq!(said.contains("--ignore c leaves it out"), is_id, "{name}: {said}");
        let found = stdout(&nablab(path, &["diagnose", &out]));
        assert_eq!(found.contains("id-as-feature (likely)"), is_id, "{name}: {found}");
        assert_eq!(found.contains("try: --ignore=c"), is_id, "{name}: {found}");
        let metrics = fs::read_to_string(path.join(&out).join("metrics.json")).unwrap();
        assert_eq!(metrics.contains("\"lookalikes\""), is_id, "{name}");
        let page = fs::read_to_string(path.join(&out).join("report.html")).unwrap();
        assert_eq!(page.contains("looks like "), is_id, "{name}");
    }
    fs::write(path.join("later.csv"), table("c", 300, |i| (3001 + i).to_string())).unwrap();
    let output = nablab(path, &["evaluate", "runs/running", "later.csv", "--json"]);
    let said = stderr(&output);
    assert!(said.contains("warning: column c: 300 of the rows are outside"), "{said}");
    assert!(said.contains("(1 to 300)") && said.contains("the furthest is 3300"), "{said}");
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(json["seen"]["outside"][0]["rows"], 300);
    // Rows like those learned from are no news; a single slip is.
    fs::write(path.join("same.csv"), table("c", 30, |i| (i + 1).to_string())).unwrap();
    assert_eq!(stderr(&nablab(path, &["predict", "runs/running", "same.csv"])), "");
    fs::write(path.join("slip.csv"), table("c", 30, |i| if i == 7 { "-999" } else { "5" }.to_owned()))
        .unwrap();
    let said = stderr(&nablab(path, &["predict", "runs/running", "slip.csv"]));
    assert!(said.contains("column c: 1 of the rows are far outside"), "{said}");
    assert!(said.contains("(1 to 300): -999"), "{said}");
}
