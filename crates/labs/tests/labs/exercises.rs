//! Exercises: every answer is right, every misconception known, in a sample of variants; and numbers known from elsewhere.

use std::collections::BTreeSet;

use nablab_labs::Lab;
use nablab_labs::exercises::{
    Answer, Exercise, Expects, Solution, Tolerance, Unit, Verdict, all, exercise, ids, of,
};
use nablab_labs::reference::Reference;
use nablab_report::Lang;

/// The course's own, and any other.
const VARIANTS: [u64; 2] = [0, u64::MAX];

/// Exercises that train networks take their time.
const TRAIN: [&str; 9] = ["1.1", "1.9", "1.10", "2.3", "2.10", "4.7", "4.8", "4.9", "4.10"];

fn verdict(exercise: &Exercise, solution: &Solution, answer: Answer) -> Verdict {
    let typed = exercise.typed(answer);
    let read = exercise.read(&typed).unwrap_or_else(|error| panic!("{} {typed}: {error}", exercise.id));
    exercise.judge(read, solution).unwrap().verdict
}

/// The answer is right, and each misconception is known as itself.
fn assert_consistent(exercise: &Exercise) {
    let solution = exercise.solution().unwrap();
    let place = format!("{} in variant {}: {solution:?}", exercise.id, exercise.variant);
    assert_eq!(verdict(exercise, &solution, solution.answer), Verdict::Right, "{place}");
    assert!(!solution.explanation.is_empty() && solution.misconceptions.len() >= 2, "{place}");
    for (which, wrong) in solution.misconceptions.iter().enumerate() {
        let known = verdict(exercise, &solution, wrong.answer);
        assert_eq!(known, Verdict::Misconception(which), "{:?} of {place}", wrong.answer);
    }
}

fn assert_lab_consistent(lab: Lab) {
    VARIANTS.iter().flat_map(|&variant| of(lab, variant)).for_each(|exercise| assert_consistent(&exercise));
}

#[test]
fn answers_on_regularization_are_right_and_misconceptions_known() {
    assert_lab_consistent(Lab::Regularization);
}

#[test]
fn answers_on_initialization_are_right_and_misconceptions_known() {
    assert_lab_consistent(Lab::Initialization);
}

#[test]
fn answers_on_gradient_checking_are_right_and_misconceptions_known() {
    assert_lab_consistent(Lab::GradientChecking);
}

#[test]
fn answers_on_optimization_are_right_and_misconceptions_known() {
    assert_lab_consistent(Lab::Optimization);
}

#[test]
fn so_they_are_in_many_variants_where_nothing_is_trained() {
    for variant in 1..200 {
        let exercises = all(variant).into_iter();
        exercises
            .filter(|exercise| !TRAIN.contains(&&*exercise.id.to_string()))
            .for_each(|e| assert_consistent(&e));
    }
}

/// Each other mistake would have made other numbers than those handed in: only the planted one makes the same.
#[test]
fn the_planted_mistake_alone_makes_the_numbers_handed_in() {
    for exercise in
        (0..40).flat_map(|variant| ["1.8", "3.10"].map(|id| exercise(id.parse().unwrap(), variant)))
    {
        let Expects::Choice(choices) = &exercise.question.expects else { panic!("a choice") };
        let solution = exercise.solution().unwrap();
        let place = format!("{} in variant {}: {solution:?}", exercise.id, exercise.variant);
        assert_eq!(solution.misconceptions.len() + 1, choices.len(), "{place}");
        assert!(solution.misconceptions.iter().all(|wrong| wrong.answer != solution.answer), "{place}");
    }
}

/// Variants until these have drawn everything that the exercises which train draw from: the longest list has 28 pairs.
const ENOUGH: u64 = 400;

#[test]
#[ignore = "trains every network that an exercise can ask for: half a minute of one core"]
fn every_training_that_can_be_drawn_has_an_answer() {
    for id in TRAIN.map(|id| id.parse().unwrap()) {
        let mut asked = BTreeSet::new();
        for exercise in (0..ENOUGH).map(|variant| exercise(id, variant)) {
            if asked.insert(exercise.question.text.en.clone()) {
                assert_consistent(&exercise);
            }
        }
        assert!(asked.len() >= 4, "{id}: {asked:?}");
    }
}

#[test]
fn slightly_off_is_nearly() {
    let mut tried = 0;
    for exercise in all(17) {
        let off: &dyn Fn(f64) -> f64 = match exercise.question.expects.tolerance() {
            Some(Tolerance::Relative(share)) => &move |right| 1.5 * share * right.abs(),
            Some(Tolerance::Absolute(distance)) if distance > 1e-6 => &move |_| 1.5 * distance,
            // Exact, tried, or a choice: nothing is slightly off.
            _ => continue,
        };
        let solution = exercise.solution().unwrap();
        let Answer::Number(right) = solution.answer else { panic!("a number") };
        let off = off(right);
        for answer in [right + off, right - off] {
            let is_possible = exercise.question.expects.words().en != "a share from 0 to 1 or per cent"
                || (0.0..=1.0).contains(&answer);
            if is_possible {
                let judged = exercise.judge(Answer::Number(answer), &solution).unwrap();
                match judged.verdict {
                    Verdict::Nearly => {
                        assert!(judged.text(Lang::En).contains("It is too "), "{}", judged.text(Lang::En));
                        tried += 1;
                    }
                    // Some misconceptions lie as near.
                    Verdict::Misconception(_) => {}
                    verdict => panic!("{} {answer} is {verdict:?}: {solution:?}", exercise.id),
                }
            }
        }
    }
    assert!(tried > 20, "{tried}");
}

#[test]
fn no_text_is_too_strange() {
    let deep = "(".repeat(10_000);
    let texts = [
        "", " ", "-", "NaN", "nan", "inf", "-inf", "1e999", "1e-999", "a", "z", "(b)", "½", "\0", "💡", "%",
        "--1", &deep,
    ];
    for exercise in all(3) {
        // What is read and said depends on no training.
        let solution = match TRAIN.contains(&&*exercise.id.to_string()) {
            true => {
                Solution { answer: Answer::Number(0.5), explanation: Vec::new(), misconceptions: Vec::new() }
            }
            false => exercise.solution().unwrap(),
        };
        for text in texts {
            match exercise.read(text) {
                Ok(answer) => drop(exercise.judge(answer, &solution).unwrap().text(Lang::Zh)),
                Err(error) => assert!(error.to_string().contains("\nhint: "), "{error}"),
            }
        }
    }
}

#[test]
fn texts_are_there_in_both_languages() {
    let is_chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
    for exercise in all(5) {
        let (id, question) = (exercise.id, &exercise.question);
        for text in [&question.title, &question.text, &question.hint] {
            assert!(!text.en.is_empty() && !is_chinese(&text.en), "{id}: {}", text.en);
            assert!(
                !text.zh.is_empty() && (is_chinese(&text.zh) || text == &question.title),
                "{id}: {}",
                text.zh
            );
        }
        assert!(!question.command.of(Lang::Zh).is_empty(), "{id}");
        let solution = exercise.solution().unwrap();
        let wrong = solution.misconceptions.iter().map(|wrong| &wrong.sentence);
        for text in solution.explanation.iter().chain(wrong) {
            assert!(!is_chinese(&text.en) && text.zh != text.en, "{id}: {text:?}");
        }
        if let Expects::Choice(choices) = &question.expects {
            for (i, choice) in choices.iter().enumerate() {
                assert!(!choices[..i].contains(choice), "{id}: {choice:?} twice");
                assert_eq!(exercise.read(&choice.en).unwrap(), Answer::Choice(i), "{id}: {choice:?}");
                assert_eq!(exercise.read(&choice.zh).unwrap(), Answer::Choice(i), "{id}: {choice:?}");
            }
        }
    }
}

#[test]
fn a_variant_is_always_the_same_and_others_differ() {
    for id in ids() {
        let question = |variant| exercise(id, variant).question;
        assert_eq!(question(17), question(17), "{id}");
        let others = (1..=12).filter(|&variant| question(variant) != question(0)).count();
        assert!(others >= 4, "{id}: {others} of 12 variants differ from the course's");
    }
}

/// The answer of variant 0 as a number; of a choice, its place.
fn number(id: &str) -> f64 {
    match exercise(id.parse().unwrap(), 0).solution().unwrap().answer {
        Answer::Number(number) => number,
        Answer::Choice(choice) => choice as f64,
    }
}

fn assert_near(id: &str, expected: f64) {
    let got = number(id);
    assert!((got - expected).abs() <= 1e-6 * expected.abs().max(1e-6), "{id}: {got}, expected {expected}");
}

/// A number that the course published, or that was recomputed in 113 bits.
fn assert_published(item: &str, name: &str, got: f64) {
    let comparison = Reference::course().compare(item, name, got);
    assert!(comparison.as_ref().is_some_and(|comparison| comparison.agrees), "{comparison:?}");
}

#[test]
fn regularization_has_the_numbers_known_from_elsewhere() {
    assert_near("1.2", 2.0 * 20.0 + 20.0 * 3.0 + 3.0);
    assert_near("1.3", 20.0 * 211.0 * 0.14);
    assert_near("1.4", 1.72 / 0.86);
    // np.sum((W2.T @ dZ2 * D1 / 0.8)[1])
    assert!((number("1.7") + 0.8531).abs() < 1e-3);
    // In NumPy: 0.4476 + 0.7 / 10 * (np.sum(W1 ** 2) + np.sum(W2 ** 2)) with the question's matrices.
    assert!((number("1.5") - 1.7741).abs() < 1e-4);
    // dZ1 @ X.T / 5 + 0.7 / 5 * W1, likewise.
    assert!((number("1.6") + 0.27238).abs() < 1e-4);
    let planted = exercise("1.8".parse().unwrap(), 0);
    let Expects::Choice(choices) = &planted.question.expects else { panic!("a choice") };
    assert!(choices[number("1.8") as usize].en.starts_with("dW1: the penalty's term is λ/2m · W"));
    // The lab's own report on the embedded pitch: λ = 0.7 leaves 27.2 of 372.
    let strength = exercise("1.9".parse().unwrap(), 0);
    let solution = strength.solution().unwrap();
    let verdict = |l2| strength.judge(Answer::Number(l2), &solution).unwrap().verdict;
    assert_eq!([0.7, 0.05, -1.0].map(verdict), [Verdict::Right, Verdict::Wrong, Verdict::Wrong]);
    // Table of the runs: none right on 202 of 211; dropout costs 0.5998 with dropout off.
    assert_near("1.1", 202.0 / 211.0);
    assert!((number("1.10") - 0.5998).abs() < 1e-4);
}

#[test]
fn initialization_has_the_numbers_known_from_elsewhere() {
    assert_near("2.1", 2.0 * 10.0 + 10.0 + 10.0 * 5.0 + 5.0 + 5.0 + 1.0);
    assert_published("initialization.3", "cost[0]", number("2.2"));
    assert_published("initialization.3", "train_accuracy", number("2.3"));
    assert_near("2.4", 1.0);
    assert_near("2.5", 6.0);
    assert_near("2.6", 1.0);
    assert_near("2.7", 0.2f64.sqrt());
    assert_near("2.8", 0.125);
    assert_near("2.9", 1000.0);
    // The course's he-initialization.2: cost[6000] = 0.4138, cost[7000] = 0.3118, and ln 2 / 2 = 0.3466.
    assert_near("2.10", 7000.0);
}

#[test]
fn gradient_checking_has_the_numbers_known_from_elsewhere() {
    assert_near("3.1", 12.0 + 0.25);
    assert_near("3.2", 2.0 * 47.0);
    // 0.4 / (‖(2.3, 1.3, 1.4)‖ + ‖(1.9, 1.3, 1.4)‖)
    assert_near("3.3", 0.4 / (8.94f64.sqrt() + 7.26f64.sqrt()));
    assert_near("3.4", 1.0 / 3.0);
    let epsilon = exercise("3.5".parse().unwrap(), 0);
    assert_eq!(epsilon.check("1e-5").unwrap().verdict, Verdict::Right);
    assert_near("3.6", 8.0); // the lab's table: 4 of d W2, 4 of db1
    assert_near("3.8", 0.6);
    // The course's gradient after the repair is right, though its difference is above 1e-7.
    assert_near("3.9", 0.0);
    let said = exercise("3.9".parse().unwrap(), 0).question.text.en;
    assert!(said.contains("relative difference 1.19e-7"), "{said}");
    let planted = exercise("3.10".parse().unwrap(), 0);
    assert_eq!(planted.check("db1: the factor 1/m is missing").unwrap().verdict, Verdict::Right);
}

#[test]
fn optimization_has_the_numbers_known_from_elsewhere() {
    // The course's optimization.2: three batches, the last (12288, 20).
    assert_near("4.1", 3.0);
    assert!(
        Reference::course()
            .compare("optimization.2", "shape.X[2]", format!("(12288, {})", number("4.2")))
            .unwrap()
            .agrees
    );
    assert_near("4.3", 10.0);
    assert_near("4.4", 1.0 - 0.9f64.powi(5));
    assert_near("4.5", 0.01);
    assert!((number("4.6") - 0.1 / 0.001f64.sqrt()).abs() < 1e-5);
    assert_near("4.7", 0.007);
    assert_near("4.8", 2.0);
    assert_near("4.9", 300.0); // the lab's statement on Adam
    let rate = exercise("4.10".parse().unwrap(), 0);
    let solution = rate.solution().unwrap();
    for answer in ["-1", "0", "0.3", "inf"] {
        let judged = rate.judge(rate.read(answer).unwrap(), &solution).unwrap();
        assert_eq!(judged.verdict, Verdict::Wrong, "{answer}");
    }
}

#[test]
fn a_tried_answer_need_not_be_the_solutions() {
    let rate = exercise("4.10".parse().unwrap(), 0);
    let solution = rate.solution().unwrap();
    let Answer::Number(found) = solution.answer else { panic!("a number") };
    let others = [0.95, 0.97, 0.99, 1.01, 1.02].map(|factor| factor * found);
    let verdict = |&other: &f64| rate.judge(Answer::Number(other), &solution).unwrap().verdict;
    let right = others.iter().filter(|other| verdict(other) == Verdict::Right).count();
    assert!(right >= 2, "{right} of {others:?}");
}

#[test]
fn units_are_read() {
    let parameters = exercise("2.1".parse().unwrap(), 0);
    assert!(matches!(parameters.question.expects, Expects::Number { unit: Unit::Of(_), .. }));
    for text in ["91", "91 parameters", "91.0", "9.1e1", "40+51", "n = 91"] {
        assert_eq!(parameters.check(text).unwrap().verdict, Verdict::Right, "{text}");
    }
    let share = exercise("2.3".parse().unwrap(), 0);
    for text in ["0.5", "50 %", "50%", "1/2", "50％"] {
        assert_eq!(share.check(text).unwrap().verdict, Verdict::Right, "{text}");
    }
    let error = share.check("50").unwrap_err().to_string();
    assert!(error.ends_with("hint: 50 % if per cent are meant"), "{error}");
}
