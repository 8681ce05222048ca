//! The words of a lab follow its numbers, in both languages, on any number of threads.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use nablab_data::{Generator, Parts};
use nablab_labs::document::{document, figures};
use nablab_labs::{Knobs, Lab, LabRecord, Labs, Options};
use nablab_report::{Block, Figure, Lang, Section, Theme, html};

use crate::all_threads;

pub(crate) fn trained(options: &Options) -> Labs {
    let mut labs = Labs::new(options).unwrap();
    labs.train(all_threads(), &()).unwrap();
    labs
}

fn one(lab: Lab, knobs: Knobs) -> LabRecord {
    trained(&Options { labs: vec![lab], knobs, seeds: Some(0), ..Options::default() })
        .records(Lang::En, all_threads(), &())
        .unwrap()
        .remove(0)
}

fn says(record: &LabRecord, words: &str) -> bool {
    record.summary.statements.iter().any(|statement| statement.contains(words))
}

/// Of the trainings with turned knobs.
fn turned_says(record: &LabRecord, words: &str) -> bool {
    record.turned.as_ref().unwrap().statements.iter().any(|statement| statement.contains(words))
}

#[test]
fn a_higher_rate_changes_what_optimization_shows() {
    let course = one(Lab::Optimization, Knobs::default());
    assert!(says(&course, "Momentum and gradient descent arrive at the same cost"));
    assert!(says(&course, "spread over about 10 steps") && says(&course, "by only 0.007 times its gradient"));
    assert!(says(&course, "Adam is at gradient descent's final cost"));
    assert_eq!(course.not_compared(), None);
    let fast = Knobs { learning_rate: Some(0.3), epochs: Some(300), ..Knobs::default() };
    let fast = one(Lab::Optimization, fast);
    assert!(turned_says(&fast, "Momentum ends at a cost"), "{:?}", fast.turned);
    assert!(turned_says(&fast, "Adam gains nothing here"), "{:?}", fast.turned);
    // The course's trainings stay as they are, and are compared.
    assert_eq!(course.summary.statements, fast.summary.statements);
    assert_eq!(fast.not_compared(), None);
    assert!(fast.items.iter().zip(&course.items).all(|(a, b)| a.reference == b.reference));
}

#[test]
fn short_training_changes_what_initialization_shows() {
    let course = one(Lab::Initialization, Knobs::default());
    assert!(says(&course, "**He** learned to a training accuracy of 0.993"));
    assert!(says(&course, "**Zeros** learned nothing") && says(&course, "weights are still exactly 0"));
    let short = one(Lab::Initialization, Knobs { epochs: Some(20), ..Knobs::default() });
    assert!(turned_says(&short, "**He, turned** learned nothing"), "{:?}", short.turned);
    assert!(!says(&course, "blew up") && !turned_says(&short, "blew up"));
}

#[test]
fn a_training_that_blew_up_is_named_and_ties_are_not_ranked() {
    let knobs = Knobs { learning_rate: Some(1e9), epochs: Some(200), ..Knobs::default() };
    let record = one(Lab::Initialization, knobs);
    assert!(
        turned_says(&record, "**He, turned** blew up: its cost was 0.883 at the start"),
        "{:?}",
        record.turned
    );
    let alike = "By test accuracy all are alike: Zeros, turned = Random × 10, turned = He, turned (0.5)";
    assert!(turned_says(&record, alike), "{:?}", record.turned);
}

/// Frozen masks are learned by heart; a training of a few iterations has not had the time.
#[test]
fn fitted_masks_are_named() {
    let record = one(Lab::Regularization, Knobs::default());
    assert!(says(&record, "the course draws the same masks"), "{:?}", record.summary.statements);
    assert!(says(&record, "cannot tell the two apart (McNemar's test: p = "));
    let skipped = record.not_compared().unwrap();
    assert!(skipped.contains("`regularization.11`") && skipped.contains("data.mat"), "{skipped}");
    let short = one(Lab::Regularization, Knobs { epochs: Some(5), ..Knobs::default() });
    assert!(!turned_says(&short, "masks"), "{:?}", short.turned);
}

/// What the table of verdicts says and what the sentences say is the same, and where the cost disagrees with the accuracy that is said.
#[test]
fn the_words_of_a_training_contradict_no_verdict() {
    let own = Generator::Moons { samples: 300, noise: 0.4, seed: 4 }.generate().unwrap();
    let held_out = Generator::Moons { samples: 100, noise: 0.4, seed: 5 }.generate().unwrap();
    let own = Parts { train: own, test: Some(held_out) };
    for (data, knobs) in [
        (None, Knobs { dropout: Some(0.5), ..Knobs::default() }),
        (Some(own), Knobs { learning_rate: Some(0.05), epochs: Some(2000), ..Knobs::default() }),
    ] {
        let options =
            Options { labs: vec![Lab::Regularization], data, knobs, seeds: Some(0), ..Options::default() };
        let record = trained(&options).records(Lang::En, all_threads(), &()).unwrap().remove(0);
        let turned = record.turned.as_ref().unwrap();
        let sentences = record.summary.statements.iter().chain(&turned.statements);
        let gaps: Vec<_> = sentences.filter(|s| s.contains("the test points, a gap of")).collect();
        let of_turned =
            turned.trainings.iter().map(|told| (format!("{}, turned", told["beside"]), &told["turned"]));
        let all: Vec<_> =
            record.summary.variants.iter().map(|(key, told)| (key.clone(), told)).chain(of_turned).collect();
        assert_eq!(gaps.len(), all.len(), "a sentence for each training: {gaps:?}");
        for (sentence, (key, told)) in gaps.iter().zip(&all) {
            let is_found = told["findings"].as_array().unwrap().contains(&"overfitting".into());
            assert_eq!(sentence.contains("(overfitting)"), is_found, "{key}: {sentence}");
            assert_eq!(sentence.contains("does not call that overfitting"), !is_found, "{key}: {sentence}");
        }
        let masked = record.summary.variants["dropout"]["findings"].as_array().unwrap();
        assert_eq!(masked.contains(&"fitted-masks".into()), says(&record, "has fitted the thinned network"));
    }
    let course = one(Lab::Regularization, Knobs::default());
    let best = &course.summary.best;
    assert!(best.starts_with("cannot be told: Dropout (test accuracy 0.93"), "{best}");
    assert!(best.contains("by mean loss on the test points L2 regularization is best"), "{best}");
    assert!(says(
        &course,
        "The final training cost, with dropout off, says otherwise: No regularization (0.096"
    ));
    // Where the two agree there is nothing to add.
    assert!(!says(&one(Lab::Initialization, Knobs::default()), "says otherwise"));
}

#[test]
fn without_a_test_set_training_accuracies_are_told() {
    let train = Generator::Moons { samples: 60, noise: 0.2, seed: 1 }.generate().unwrap();
    let data = Some(Parts { train, test: None });
    let options = Options { labs: vec![Lab::Regularization], data, ..Options::default() };
    let record = trained(&options).records(Lang::En, all_threads(), &()).unwrap().remove(0);
    assert!(says(&record, "By training accuracy") && says(&record, "without a test set"));
    let skipped = record.not_compared().unwrap();
    assert!(skipped.contains("3 trainings") && skipped.contains("not the course's"), "{skipped}");
}

/// What acts on no lab chosen is a mistake of the person who typed it.
#[test]
fn a_knob_without_use_is_refused() {
    let refused = |labs: &[Lab], knobs: Knobs, seeds| {
        Labs::new(&Options { labs: labs.to_vec(), knobs, seeds, ..Options::default() })
            .unwrap_err()
            .to_string()
    };
    let l2 = Knobs { l2: Some(3.0), ..Knobs::default() };
    let message = refused(&[Lab::Optimization, Lab::Initialization], l2.clone(), None);
    assert_eq!(message, "`l2` changes nothing in the labs chosen\nhint: it acts on regularization");
    assert!(refused(&[Lab::GradientChecking], Knobs::default(), Some(5)).contains("`seeds`"));
    assert!(Labs::new(&Options { labs: Lab::ALL.to_vec(), knobs: l2, ..Options::default() }).is_ok());
}

#[test]
fn a_weak_penalty_hardly_shrinks_the_weights() {
    let strong = one(Lab::Regularization, Knobs::default());
    assert!(says(&strong, "L2 keeps the weights small"));
    let knobs = Knobs { l2: Some(1e-9), epochs: Some(300), ..Knobs::default() };
    assert!(turned_says(&one(Lab::Regularization, knobs), "L2 hardly shrinks the weights"));
}

#[test]
fn seeds_are_compared_and_do_not_depend_on_threads() {
    // Few points, because there are many trainings.
    let circles =
        |samples, seed| Generator::Circles { samples, noise: 0.05, factor: 0.8, seed }.generate().unwrap();
    let data = Some(Parts { train: circles(60, 1), test: Some(circles(60, 2)) });
    let options = Options { labs: vec![Lab::Initialization], data, seeds: Some(8), ..Options::default() };
    let on = |threads| {
        let threads = NonZeroUsize::new(threads).unwrap();
        let mut labs = Labs::new(&options).unwrap();
        labs.train(threads, &()).unwrap();
        serde_json::to_string(&labs.records(Lang::En, threads, &()).unwrap()).unwrap()
    };
    let json = on(1);
    assert_eq!(json, on(3));
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let he = &value[0]["summary"]["variants"]["he"]["seeds"];
    assert_eq!(he["count"], 8);
    assert!(he["test_accuracy"]["quartiles"][0].is_number());
    assert_eq!(he["outcomes"]["cost"].as_array().map(Vec::len), Some(8));
    assert_eq!(value[0]["summary"]["pairs"].as_array().map(Vec::len), Some(3));
    assert!(json.contains("Over 8 seeds, each with its own initial weights,"));

    let few = trained(&Options { seeds: Some(3), ..options.clone() })
        .records(Lang::En, all_threads(), &())
        .unwrap()
        .remove(0);
    assert!(says(&few, "3 seeds cannot tell the variants apart"));
}

/// Everything a reader reads is translated: a sentence without a single Chinese character was forgotten. Each seed trains every network
/// to its end; what is said of two is said of any number that is too small to tell.
#[test]
fn the_chinese_report_is_chinese() {
    let labs = trained(&Options {
        labs: Lab::ALL.to_vec(),
        seeds: Some(2),
        knobs: Knobs { epochs: Some(30), ..Knobs::default() },
        ..Options::default()
    });
    let (english, chinese) = (
        labs.records(Lang::En, all_threads(), &()).unwrap(),
        labs.records(Lang::Zh, all_threads(), &()).unwrap(),
    );
    for (en, zh) in english.iter().flat_map(|r| &r.items).zip(chinese.iter().flat_map(|r| &r.items)) {
        assert_eq!((&en.id, &en.values, &en.reference), (&zh.id, &zh.values, &zh.reference));
    }
    assert_glyphs(&chinese);
    let (english, chinese) = (document(&english, "", Lang::En), document(&chinese, "", Lang::Zh));
    let words = |sections: &[Section]| {
        let mut words = Vec::new();
        sections.iter().for_each(|section| collect(section, &mut words));
        words
    };
    // Every sign that a formula has is explained.
    for page in [html(&english), html(&chinese)] {
        let (signs, lessons) = page.split_once("id=\"regularization\"").unwrap();
        for sign in ["∘", "λ", "α", "β", "ε", "<mi>U</mi>", "<mi>k</mi>", "⌈"] {
            assert!(lessons.contains(sign), "{sign} is in no formula any more");
            assert!(signs.contains(sign), "{sign} is not explained");
        }
    }
    let (english, chinese) = (words(&english.sections), words(&chinese.sections));
    assert_eq!(english.len(), chinese.len());
    let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for (en, zh) in english.iter().zip(&chinese) {
        assert!(!is_chinese(en), "{en}");
        // Names, formulas and lines of 0 and 1 are the same in both.
        let is_formula = zh.trim_start_matches(|c: char| c != '\\').starts_with("\\(") && zh.ends_with("\\)");
        let same = en == zh && (is_formula || !en.contains(' ')) || zh.starts_with('`') || zh == "Adam";
        assert!(same || is_chinese(zh), "not translated: {zh}");
    }
}

/// Figures have their own fonts: a character that these lack is drawn as a box.
fn assert_glyphs(records: &[LabRecord]) {
    let figures = figures(records);
    let has = |figure: &Figure, c| {
        let svg = figure.svg(Theme::Standalone);
        let labels = svg.split("<g aria-label=\"").skip(1);
        labels.filter_map(|rest| rest.split('"').next()).any(|label| label.contains(c))
    };
    assert!(figures.iter().any(|figure| has(figure, '代')), "{} figures", figures.len());
    let gaps: BTreeSet<String> = figures.iter().map(|figure| figure.missing_characters()).collect();
    assert_eq!(gaps, BTreeSet::from([String::new()]), "add them to the font of the report's figures");
}

fn collect(section: &Section, words: &mut Vec<String>) {
    words.push(section.title.clone());
    section.blocks.iter().for_each(|block| collect_block(block, words));
    section.sections.iter().for_each(|section| collect(section, words));
}

fn collect_block(block: &Block, words: &mut Vec<String>) {
    match block {
        Block::Paragraph(text) => words.push(text.clone()),
        Block::List(items) => words.extend(items.iter().cloned()),
        // No words.
        Block::Code(_) => {}
        // Of a formula, the words in it.
        Block::Formulas(formulas) => {
            let texts = formulas.iter().flat_map(|latex| latex.split("\\text{").skip(1));
            words.extend(texts.filter_map(|rest| rest.split('}').next()).map(|text| text.trim().to_owned()));
        }
        Block::Table(table) => {
            words.extend(table.columns.iter().chain([&table.caption]).filter(|w| !w.is_empty()).cloned());
        }
        Block::Figures(figures) => words.extend(figures.iter().map(|figure| figure.caption.clone())),
        Block::Note { title, text, .. } => {
            words.extend([title, text].into_iter().filter(|w| !w.is_empty()).cloned())
        }
        Block::Space(_) => {}
        Block::Check(blocks) => blocks.iter().for_each(|block| collect_block(block, words)),
        Block::Details { summary, blocks } => {
            words.push(summary.clone());
            blocks.iter().for_each(|block| collect_block(block, words));
        }
    }
}

/// The verdicts of the labs: what each is there to show.
#[test]
fn every_training_of_the_labs_gets_its_verdict() {
    let labs = vec![Lab::Initialization, Lab::Regularization, Lab::GradientChecking, Lab::Optimization];
    let records =
        trained(&Options { labs, ..Options::default() }).records(Lang::En, all_threads(), &()).unwrap();
    let found = |lab: Lab, variant: &str| -> BTreeSet<String> {
        let record = records.iter().find(|record| record.lab == lab).unwrap();
        let found = record.summary.variants[variant]["findings"].as_array().unwrap();
        found.iter().map(|code| code.as_str().unwrap().to_owned()).collect()
    };
    let is = |lab, variant, expected: &[&str]| {
        assert_eq!(found(lab, variant), expected.iter().map(ToString::to_string).collect(), "{variant}");
    };
    is(Lab::Initialization, "zeros", &["symmetric-units"]);
    is(Lab::Initialization, "random", &["large-weights", "saturated-output", "initial-loss"]);
    is(Lab::Initialization, "he", &[]);
    is(Lab::Regularization, "none", &["overfitting"]);
    is(Lab::Regularization, "l2", &[]);
    is(Lab::Regularization, "dropout", &["fitted-masks"]);
    is(Lab::GradientChecking, "with_bugs", &["wrong-gradient"]);
    is(Lab::GradientChecking, "repaired", &[]);
    is(Lab::GradientChecking, "stable", &[]);
    is(Lab::Optimization, "gd", &["learning-rate-too-low"]);
    is(Lab::Optimization, "momentum", &["learning-rate-too-low"]);
    is(Lab::Optimization, "adam", &[]);
}
