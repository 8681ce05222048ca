//! A problem that is read again: what was changed is refused, and nothing makes it panic.

use nablab_data::named_arrays::NamedArray;
use nablab_data::{Dataset, Generator};
use nablab_engine::{Hidden, Loss, Settings};
use nablab_labs::hand_in::{HandInError, HandOut, Subject};

fn refused(read: Result<HandOut, HandInError>, words: &[&str]) {
    let error = read.err().unwrap().to_string();
    words.iter().for_each(|word| assert!(error.contains(word), "{error}"));
}

/// With one number of an array changed.
fn with_number(out: &HandOut, name: &str, k: usize, value: f64) -> Vec<NamedArray> {
    let mut given = out.given();
    given.iter_mut().find(|array| array.name == name).unwrap().values[k] = value;
    given
}

#[test]
fn what_was_changed_is_refused() {
    for &subject in Subject::ALL {
        let out = HandOut::built_in(subject, 1);
        let (text, given) = (out.problem(), out.given());
        for k in 0..given.len() {
            let without = [&given[..k], &given[k + 1..]].concat();
            refused(
                HandOut::read(&text, &without),
                &["problem.npz", "was changed", "hint: hand the problem out"],
            );
            let mut other = given.clone();
            other[k].values[0] += 1.0;
            refused(
                HandOut::read(&text, &other),
                &["problem.npz", "was changed", "hint: hand the problem out"],
            );
            // By itself it would be another problem only where a step, or a layer's dropout, is one less.
            let name = &given[k].name;
            let is_whole = out.with_given(&without).is_ok();
            assert_eq!(
                is_whole,
                name.starts_with('D') || name.ends_with("W1_4") || is_keep_unread(&out, name),
                "{name}"
            );
        }
        let of = |schema: &str| text.replace("nablab.hand-out/1", schema);
        refused(
            HandOut::read(&of("nablab.hand-out/9"), &given),
            &[
                "problem.json: expected a problem of schema nablab.hand-out/1, got schema \"nablab.hand-out/9\"",
            ],
        );
        refused(HandOut::read(&of("nablab.check/1"), &given), &["nablab.check/1"]);
    }
    refused(HandOut::read("{}", &[]), &["problem.json: expected a problem of schema", "got schema null"]);
    refused(HandOut::read("no", &[]), &["problem.json: expected a problem, got "]);
}

/// Without its mask nobody asks for it.
fn is_keep_unread(out: &HandOut, name: &str) -> bool {
    let mask = name.replace("keep", "D");
    name.starts_with("keep") && !out.given().iter().any(|array| array.name == mask)
}

#[test]
fn numbers_that_the_formulas_cannot_have_are_refused() {
    let of = |subject: Subject, name: &str, k: usize, value: f64, words: &[&str]| {
        let out = HandOut::built_in(subject, 1);
        refused(out.with_given(&with_number(&out, name, k, value)), words);
    };
    of(Subject::Batches, "size", 0, 1.5, &["size: expected a whole number from 1, got 1.5"]);
    of(Subject::Forward, "keep1", 0, 0.0, &["keep1: expected a number above 0, up to 1, got 0"]);
    of(Subject::Gradient, "keep2", 0, 1.5, &["keep2: expected a number above 0, up to 1, got 1.5"]);
    of(Subject::Gradient, "D1", 3, 0.5, &["D1: expected zeros and ones, got 0.5"]);
    of(Subject::Gradient, "lambda", 0, -1.0, &["lambda: expected a number, 0 or more, got -1"]);
    of(Subject::Adam, "beta2", 0, 1.0, &["beta2: expected a number from 0, below 1, got 1"]);
    of(Subject::Momentum, "t", 0, 2.5, &["t: expected a whole number from 1", "got 2.5"]);
    of(Subject::Adam, "s_dW1", 0, -9.0, &["W1[0, 0]", "a finite number, got NaN"]);
    of(Subject::Init, "seed", 0, 0.5, &["seed: expected a whole number", "got 0.5"]);
    of(Subject::Init, "sizes", 1, 1e9, &["sizes: expected", "4000000 weights at most"]);
    of(Subject::Gradient, "X", 0, f64::NAN, &["X: expected finite numbers, got NaN"]);
}

/// A sigmoid that has come to 1 has no ln(1 − a): beside an infinite cost any number would be as near as any other.
#[test]
fn a_cost_that_is_infinite_is_no_right_answer() {
    let words = &["J: expected a right answer that is a finite number, got inf", "hint", "scale the columns"];
    let out = HandOut::built_in(Subject::Forward, 1);
    refused(out.with_given(&with_number(&out, "b3", 0, 100.0)), words);
    let settings =
        Settings { hidden: vec![Hidden::relu(3)], loss: Loss::SigmoidCrossEntropy, ..Settings::default() };
    let moons = Generator::Moons { samples: 20, noise: 0.2, seed: 1 }.generate().unwrap();
    let rows: Vec<f64> = (0..20).flat_map(|j| [1e6 * moons.x()[j], 1e6 * moons.x()[20 + j]]).collect();
    let data = Dataset::from_rows(2, &rows, moons.targets().iter().map(|y| *y as u32).collect()).unwrap();
    refused(HandOut::of_recipe(Subject::Forward, &settings.check().unwrap(), &data, 20), words);
}

/// All pairs of mistakes in such a network would take hours.
#[test]
fn a_network_that_is_too_large_is_refused() {
    let moons = Generator::Moons { samples: 2000, noise: 0.2, seed: 1 }.generate().unwrap();
    let settings = Settings { hidden: vec![Hidden::relu(200), Hidden::relu(200)], ..Settings::default() };
    let recipe = settings.check().unwrap();
    for subject in [Subject::Gradient, Subject::Forward] {
        let out = HandOut::of_recipe(subject, &recipe, &moons, 2000);
        refused(
            out,
            &["41001 parameters on 2000 examples", "hint: take fewer examples, or a smaller network"],
        );
        assert!(HandOut::of_recipe(subject, &recipe, &moons, 20).is_ok());
    }
}

/// Every array of every subject, in other shapes and with other numbers: it is refused, or judged.
#[test]
fn nothing_that_is_given_makes_it_panic() {
    for &subject in Subject::ALL {
        let out = HandOut::built_in(subject, 1);
        let given = out.given();
        for k in 0..given.len() {
            for shape in [&[][..], &[0], &[1], &[2], &[0, 3], &[3, 0], &[1, 1], &[2, 3], &[6, 6], &[1, 2, 3]]
            {
                let mut other = given.clone();
                let values = vec![1.0; shape.iter().product()];
                other[k] = NamedArray::new(&given[k].name, shape, values);
                judged(&out, &other);
                // The same of all arrays of its kind, so that some fit each other again.
                let kind = given[k].name.trim_start_matches(['v', 's', '_', 'd']);
                for (array, old) in other.iter_mut().zip(&given) {
                    if old.name.trim_start_matches(['v', 's', '_', 'd']).starts_with(kind) {
                        *array = NamedArray::new(&old.name, shape, vec![0.5; shape.iter().product()]);
                    }
                }
                judged(&out, &other);
            }
            for value in [0.0, -1.0, 0.5, 1.5, 1e-320, 1e18, 1e200, -1e308, f64::INFINITY, f64::NAN] {
                for is_all in [false, true] {
                    let mut other = given.clone();
                    let count = if is_all { other[k].values.len() } else { 1 };
                    other[k].values[..count].fill(value);
                    judged(&out, &other);
                }
            }
            let mut other = given.clone();
            other[k].shape = vec![usize::MAX, 2];
            judged(&out, &other);
        }
    }
}

/// What is read has a right answer that is right.
fn judged(out: &HandOut, given: &[NamedArray]) {
    let Ok(read) = out.with_given(given) else { return };
    let right = read.right();
    match read.judge(&right) {
        // Initial parameters that are too few, and examples that are all the same, may look like another's.
        Ok(judgement) => {
            let is_computed = !matches!(read.subject(), Subject::Init | Subject::Batches);
            assert!(judgement.right || !is_computed, "{:?}", read.subject());
        }
        Err(error) => assert!(error.to_string().contains("hint"), "{error}"),
    }
    assert!(!read.files(nablab_report::Lang::En, "").is_empty());
    for (.., handed) in read.planted().iter().take(3) {
        let _ = read.judge(handed);
    }
}
