//! Every item is a lesson, and what a lesson points to is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use nablab_data::{Generator, Parts};
use nablab_labs::by_hand::Mistake;
use nablab_labs::document::handout;
use nablab_labs::{Bug, Lab, Options};
use nablab_report::{Block, Cell, Lang};

use crate::all_threads;
use crate::words::trained;

#[test]
fn every_item_is_a_lesson() {
    let knobs = nablab_labs::Knobs { epochs: Some(3), ..Default::default() };
    let labs = trained(&Options { labs: Lab::ALL.to_vec(), knobs, seeds: Some(0), ..Options::default() });
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut items = 0;
    for lang in [Lang::En, Lang::Zh] {
        for item in labs.records(lang, all_threads(), &()).unwrap().iter().flat_map(|record| &record.items) {
            items += 1;
            let (lesson, id) = (&item.lesson, &item.id);
            assert!(!lesson.question.is_empty() && !lesson.look_at.is_empty(), "{id} teaches nothing");
            for wrong in &lesson.if_wrong {
                assert!((wrong.right - wrong.wrong).abs() > 1e-9, "{id}: {} changes nothing", wrong.mistake);
            }
            if let Some(code) = lesson.code {
                let text = fs::read_to_string(root.join(code.file)).unwrap();
                assert!(defines(&text, code.function), "{id}: {}", code.function);
            }
            if let Some(page) = lesson.maths {
                let file = format!("docs/maths/{page}{}.md", lang.choose("", ".zh"));
                assert!(root.join(&file).is_file(), "{id}: {file}");
            }
        }
    }
    assert_eq!(items, 2 * 34);
}

/// What is said of the labs' own points is said of no others.
#[test]
fn with_own_data_no_lesson_speaks_of_the_courses() {
    let circles =
        |samples, seed| Generator::Circles { samples, noise: 0.1, factor: 0.6, seed }.generate().unwrap();
    let data = Some(Parts { train: circles(57, 1), test: Some(circles(23, 2)) });
    let labs = vec![Lab::Initialization, Lab::Regularization, Lab::Optimization];
    let labs = trained(&Options { labs, data, ..Options::default() });
    for lang in [Lang::En, Lang::Zh] {
        for item in labs.records(lang, all_threads(), &()).unwrap().iter().flat_map(|record| &record.items) {
            let said = format!("{:?}", item.lesson).to_lowercase();
            for word in ["circle", "moon", "pitch", "圆", "月", "足球"] {
                assert!(!said.contains(word), "{}: {word} in {said}", item.id);
            }
            let mut numbers = said.split(|letter: char| !letter.is_ascii_digit());
            assert!(!numbers.any(|number| number == "300"), "{}: {said}", item.id);
            if item.id == "optimization.6" {
                assert!(said.contains("57 "), "{said}");
            }
        }
    }
}

/// The source has a function of exactly this name.
fn defines(source: &str, function: &str) -> bool {
    let ends = |rest: &str| rest.strip_prefix(function).is_some_and(|rest| rest.starts_with(['(', '<']));
    source.split("fn ").skip(1).any(ends)
}

#[test]
fn another_function_with_the_same_beginning_is_not_it() {
    assert!(defines("fn step(x: f64) {}", "step") && defines("fn step<F>() {}", "step"));
    assert!(!defines("fn step_x() {}", "step") && !defines("fn st() {}", "step"));
}

/// Whatever is planted is seen by the check, or has another shape; a hidden bug does not say what it is.
#[test]
fn every_bug_can_be_planted_and_found() {
    let text = |bug: Bug| {
        let options = Options { labs: vec![Lab::GradientChecking], bug: Some(bug), ..Options::default() };
        let record = trained(&options).records(Lang::En, all_threads(), &()).unwrap().remove(0);
        assert!(record.items[..2].iter().all(|item| item.reference.iter().all(|compared| compared.agrees)));
        format!("{:?}", record.items[2].blocks)
    };
    // That of a squared error has no place where the loss is another.
    assert!(Bug::parse("loss-doubled", None).is_err());
    for mistake in Mistake::ALL.iter().filter(|mistake| **mistake != Mistake::LossDoubled) {
        let text = text(Bug::parse(mistake.key(), None).unwrap());
        assert!(text.contains("Bad") || text.contains("nothing to compare"), "{}: {text}", mistake.key());
        // The question comes first, the answer is folded away behind the numbers.
        let (shown, folded) = text.rsplit_once("Details {").unwrap();
        assert!(!shown.contains("The mistake is in") && folded.contains("The mistake is in d"), "{text}");
        assert!(!shown.contains("The check by component says"), "{text}");
    }
    // A number of more than 32 bits is another one than what is left of it.
    let large = [17, 17 << 32, (17 << 32) + 17, 18 << 32, (1 << 32) + 16];
    let large: BTreeSet<String> =
        large.into_iter().map(|variant| text(Bug::parse("hidden", Some(variant)).unwrap())).collect();
    assert!(large.len() >= 4, "{}", large.len());
    let hidden: BTreeSet<String> =
        (0..40).map(|variant| text(Bug::parse("hidden", Some(variant)).unwrap())).collect();
    // Each student has a network, and so numbers, of his own, and they are given.
    assert_eq!(hidden.len(), 40);
    assert!(
        hidden.iter().all(|text| text.contains("W1 = np.array(") && text.contains("keep = 0.8; lambd = 0.7"))
    );
    assert!(hidden.iter().all(|text| text.contains("Bad") && !text.contains("The mistake is in")));
    // The lecturer's page calls these easy.
    let key = |variant: u64| {
        let bug = Some(Bug::parse("hidden", Some(variant)).unwrap());
        let options = Options { labs: vec![Lab::GradientChecking], bug, ..Options::default() };
        trained(&options).records(Lang::En, all_threads(), &()).unwrap().remove(0).items[2]
            .key
            .clone()
            .unwrap()
    };
    for (variant, mistake) in [
        (7, "db2: the factor 1/m"),
        (17, "dW1: a factor 2"),
        (19, "db3: the factor"),
        (26, "dW2: a factor 2"),
    ] {
        assert!(key(variant).starts_with(mistake), "{variant}: {}", key(variant));
    }
    assert_eq!(Bug::parse("mask@2", None).unwrap(), Bug::parse("missing-mask@2", None).unwrap());
    let refused = Bug::parse("sign@1", None).unwrap_err().to_string();
    assert_eq!(refused, "bug: expected sign in layer 3, such as sign@3; got sign@1");
    let refused = Bug::parse("missing-mean@9", None).unwrap_err().to_string();
    assert_eq!(
        refused,
        "bug: expected missing-mean in layers 1 to 3, such as missing-mean@1; got missing-mean@9"
    );
}

/// The pages for students name each bug that can be planted, with what is wrong.
#[test]
fn the_students_pages_have_every_bug() {
    for (lang, page) in [(Lang::En, "student.md"), (Lang::Zh, "student.zh.md")] {
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/course").join(page);
        let text = fs::read_to_string(place).unwrap();
        let row = |mistake: &Mistake| format!("| `{}` | {} |", mistake.key(), mistake.words(lang));
        let missing: Vec<_> = Bug::mistakes().iter().map(row).filter(|row| !text.contains(row)).collect();
        assert!(missing.is_empty(), "{page}: {missing:?}");
    }
}

/// With a last layer that is not 0, tanh passes the error on at 0, and relu does not.
#[test]
fn zeros_part_by_the_slope_at_zero() {
    let knobs = nablab_labs::Knobs { epochs: Some(3), ..Default::default() };
    let options = Options { labs: vec![Lab::Initialization], knobs, seeds: Some(0), ..Options::default() };
    let record = trained(&options).records(Lang::En, all_threads(), &()).unwrap().remove(0);
    let item = record.items.iter().find(|item| item.id == "initialization.2").unwrap();
    let says = |table: usize| {
        let Block::Table(table) = &item.lesson.computation[table] else { panic!("a table") };
        let last = |row: &Vec<Cell>| match row.last() {
            Some(Cell::Verdict(_, words)) => words.clone(),
            other => panic!("{other:?}"),
        };
        table.rows.iter().map(last).collect::<Vec<_>>()
    };
    // relu, tanh, sigmoid
    assert_eq!(says(0), ["no weight has moved", "no weight has moved", "all three units are the same"]);
    assert_eq!(says(1), ["no weight has moved", "units differ", "units differ"]);
}

/// What is folded away on the page is open on paper.
#[test]
fn the_numbers_of_a_hidden_bug_are_on_paper() {
    let bug = Some(Bug::parse("hidden", Some(17)).unwrap());
    let options = Options { labs: vec![Lab::GradientChecking], bug, ..Options::default() };
    let records = trained(&options).records(Lang::En, all_threads(), &()).unwrap();
    let paper = handout(&records, Lang::En);
    let item =
        paper.sections.iter().flat_map(|lab| &lab.sections).find(|item| item.id == "gradient-checking.bug");
    let blocks = &item.unwrap().blocks;
    let has_numbers = |block: &Block| matches!(block, Block::Code(text) if text.contains("W1 = np.array("));
    assert!(
        blocks.iter().any(has_numbers) && !blocks.iter().any(|block| matches!(block, Block::Details { .. }))
    );
}
