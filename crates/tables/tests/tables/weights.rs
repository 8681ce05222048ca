//! What a row counts for: its weight, its class, and against a penalty.

use std::num::NonZeroUsize;

use nablab_data::table::{Table, csv};
use nablab_tables::{Error, Prepared, Settings, Tables, Training};

fn table(rows: impl Iterator<Item = String>) -> Table {
    let text = "x,g,w,y\n".to_owned() + &rows.collect::<Vec<_>>().join("\n") + "\n";
    csv::read(text.as_bytes(), "t.csv").unwrap()
}

fn settings(text: &str) -> Settings {
    Settings::from_toml(text, "r.toml").unwrap()
}

fn prepare(text: &str, table: &Table) -> Result<Prepared<f64>, Error> {
    Prepared::new(&settings(text), &Tables::from(table), NonZeroUsize::MIN)
}

/// The parameters at the end.
fn trained(text: &str, table: &Table) -> Vec<f64> {
    let (settings, prepared) = (settings(text), prepare(text, table).unwrap());
    let mut training = Training::new(&settings, &prepared, NonZeroUsize::MIN).unwrap();
    while training.epoch(&|| 0.0, &|| false).is_ok() {}
    training.params().to_vec()
}

/// x, a group, how often the row is there, a class that x tells uneasily.
fn rows(j: usize) -> (f64, usize, usize, &'static str) {
    let x = (j as f64 * 0.7).sin();
    (x, j % 5, 1 + j % 3, if x + (j as f64 * 1.3).cos() > 0.2 { "yes" } else { "no" })
}

const WHOLE: &str = "epochs = 200\nhidden = []\nbatch_size = \"all\"\noptimizer = \"l-bfgs\"\npenalty = { l2 = 3.0 }\nprecision = \"f64\"\n";

#[test]
fn a_weight_is_as_many_rows_for_the_loss_the_penalty_the_scale_and_the_balance_of_classes() {
    let of_classes = "target = [\"y\"]\nfeatures = [\"x\"]\n";
    // Of a regression the target is scaled as well.
    let of_numbers = "target = [\"x\"]\nfeatures = [\"y\", \"g\"]\ntask = \"regression\"\n";
    for (columns, balance, scaling) in [
        (of_classes, "none", "none"),
        (of_classes, "balanced", "none"),
        (of_classes, "none", "standard"),
        (of_numbers, "none", "standard"),
    ] {
        let recipe = |data: &str| {
            format!(
                "{WHOLE}[data]\n{columns}scaling = \"{scaling}\"\nclass_weight = \"{balance}\"\n{data}[validation]\nshare = 0.0\n"
            )
        };
        let row = |j: usize, w: usize| format!("{},{},{w},{}", rows(j).0, rows(j).1, rows(j).3);
        let weighted = table((0..60).map(|j| row(j, rows(j).2)));
        let repeated = table((0..60).flat_map(|j| std::iter::repeat_n(row(j, 1), rows(j).2)));
        let ours = trained(&recipe("weight = \"w\"\n"), &weighted);
        let theirs = trained(&recipe(""), &repeated);
        for (a, b) in ours.iter().zip(&theirs) {
            assert!((a - b).abs() < 1e-6, "{columns}{balance} {scaling}: {ours:?} {theirs:?}");
        }
    }
}

/// scikit-learn's law of `class_weight`: a class of weight w is as good as w copies of its rows.
#[test]
fn a_class_of_weight_w_is_as_w_copies_of_its_rows() {
    let recipe = |data: &str| {
        format!(
            "{WHOLE}[data]\ntarget = [\"y\"]\nscaling = \"none\"\nfeatures = [\"x\"]\n{data}[validation]\nshare = 0.0\n"
        )
    };
    let two = |j: usize| rows(j).3;
    let three = |j: usize| if j.is_multiple_of(4) { "maybe" } else { rows(j).3 };
    for class in [two as fn(usize) -> &'static str, three] {
        let row = |j: usize, w: usize| format!("{},{},{w},{}", rows(j).0, rows(j).1, class(j));
        let times = |j: usize| match class(j) {
            "yes" => 3,
            "maybe" => 2,
            _ => 1,
        };
        let once = table((0..60).map(|j| row(j, 1)));
        let repeated = table((0..60).flat_map(|j| std::iter::repeat_n(row(j, 1), times(j))));
        let maybe = if class(0) == "maybe" { ", maybe = 2.0" } else { "" };
        // A class that is not named counts 1.
        let ours = trained(&recipe(&format!("class_weight = {{ yes = 3{maybe} }}\n")), &once);
        let theirs = trained(&recipe(""), &repeated);
        for (a, b) in ours.iter().zip(&theirs) {
            assert!((a - b).abs() < 1e-6, "{ours:?} {theirs:?}");
        }
        assert_ne!(ours, trained(&recipe(""), &once));
        // A weight of the row multiplies that of its class.
        let weighted = table((0..60).map(|j| row(j, rows(j).2)));
        let copied = table((0..60).flat_map(|j| std::iter::repeat_n(row(j, 1), rows(j).2)));
        let of_class = format!("class_weight = {{ yes = 3{maybe} }}\n");
        let ours = trained(&recipe(&format!("weight = \"w\"\n{of_class}")), &weighted);
        let theirs = trained(&recipe(&of_class), &copied);
        assert!(ours.iter().zip(&theirs).all(|(a, b)| (a - b).abs() < 1e-6), "{ours:?} {theirs:?}");
    }
}

#[test]
fn class_weights_are_of_the_classes_there_are() {
    let table = table((0..40).map(|j| format!("{},0,{},{}", rows(j).0, j % 2, rows(j).3)));
    let refused = |data: &str| prepare(&format!("{SMALL}{data}"), &table).unwrap_err().to_string();
    for (weights, said) in [
        ("{ yes = 2.0, maybe = 3.0 }", "`data.class_weight` must be of the classes no, yes, got maybe"),
        ("{ yesx = 2.0 }", "`data.class_weight` must be of the classes no, yes, got yesx; did you mean yes?"),
        ("{ yes = -1.0 }", "`data.class_weight` must be 0 or more for each class, got yes = -1"),
        ("{ yes = 0.0, no = 0.0 }", "class weights: expected a weight above 0 in at least one training row"),
    ] {
        let error = refused(&format!("class_weight = {weights}\n"));
        assert!(error.contains(said), "{error}");
    }
    // Another spelling of a class is that class, and is named once.
    let digits = "epochs = 3\n[data]\ntarget = [\"w\"]\nfeatures = [\"x\"]\n";
    let weights = |weights: &str| prepare(&format!("{digits}class_weight = {{ {weights} }}\n"), &table);
    let prepared = weights("\"1.0\" = 3").unwrap();
    assert!(prepared.train.loss_weights.iter().all(|w| [1.0, 3.0].contains(w)));
    let error = weights("\"1.0\" = 3, 1 = 2").unwrap_err().to_string();
    assert!(error.contains("must be of each class once, got 1"), "{error}");
    for (target, got) in [("target = [\"x\"]", "yes = 2"), ("target = [\"y\", \"w\"]", "yes = 2")] {
        let text = format!("epochs = 3\n[data]\n{target}\nclass_weight = {{ yes = 2 }}\n");
        let error = prepare(&text, &table).unwrap_err().to_string();
        let said = format!("`data.class_weight` must be none where the target is no class, got {got}");
        assert!(error.contains(&said), "{error}");
    }
}

#[test]
fn class_weights_are_kept_as_they_were_given() {
    // No class is taken for a word of the house.
    let text = "[data]\nclass_weight = { Balanced = 2.0, None = 1, \"a b\" = 0.5 }";
    let read = settings(text);
    assert_eq!(settings(&read.to_toml()), read);
    assert!(read.to_toml().contains("Balanced = 2.0"), "{}", read.to_toml());
    for (text, said) in [
        ("class_weight = \"balance\"", "did you mean `balanced`?"),
        ("class_weight = 3", "expected none, balanced, or a table such as { yes = 2.0 }"),
        ("class_weight = {}", "expected none, balanced, or a table such as { yes = 2.0 }"),
        ("class_weight = { yes = \"two\" }", "line 2, column 24"),
    ] {
        let error = Settings::from_toml(&format!("[data]\n{text}"), "r.toml").unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

const SMALL: &str = "epochs = 3\nhidden = [{ units = 4 }]\n[data]\ntarget = [\"y\"]\nfeatures = [\"x\"]\n";

#[test]
fn a_class_of_one_row_trains_in_every_fold() {
    let table =
        table((0..40).map(|j| format!("{},0,1,{}", rows(j).0, if j == 7 { "rare" } else { rows(j).3 })));
    let mut untaught = 0;
    for fold in 1..=5 {
        let text = format!(
            "{SMALL}class_weight = \"balanced\"\n[validation]\nfold = {{ number = {fold}, of = 5 }}\n"
        );
        let found = prepare(&text, &table).unwrap().found.untaught.clone();
        untaught += found.len();
        assert!(found.iter().all(|class| class.class == "rare" && class.judged == 1), "{found:?}");
        assert!(trained(&text, &table).iter().all(|w| w.is_finite()));
    }
    assert_eq!(untaught, 1, "in the fold that judges on its row, there is none to learn from");
}

#[test]
fn rows_of_weight_0_are_no_rows() {
    // All of a class weigh nothing: it cannot be learned, whatever stands in the table.
    let weightless =
        table((0..40).map(|j| format!("{},0,{},{}", rows(j).0, u8::from(rows(j).3 == "yes"), rows(j).3)));
    for balance in ["none", "balanced"] {
        let text =
            format!("{SMALL}weight = \"w\"\nclass_weight = \"{balance}\"\n[validation]\nshare = 0.0\n");
        let found = prepare(&text, &weightless).unwrap().found.untaught.clone();
        assert_eq!(found.iter().map(|class| class.class.as_str()).collect::<Vec<_>>(), ["no"]);
        assert!(trained(&text, &weightless).iter().all(|w| w.is_finite()));
    }
    // A part whose rows all weigh nothing is said.
    let of_group = |group: usize| {
        table(
            (0..40)
                .map(move |j| format!("{},{},{},{}", rows(j).0, j % 2, u8::from(j % 2 == group), rows(j).3)),
        )
    };
    let text = format!("{SMALL}weight = \"w\"\n[validation]\nshare = 0.5\ngroup = \"g\"\n");
    let errors = [0, 1].map(|group| prepare(&text, &of_group(group)).unwrap_err().to_string());
    for part in ["training", "validation"] {
        let says = |error: &&String| error.contains(&format!("a weight above 0 in at least one {part} row"));
        assert_eq!(errors.iter().filter(says).count(), 1, "{errors:?}");
    }
}
