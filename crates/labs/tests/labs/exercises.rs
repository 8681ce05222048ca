//! Exercises: every answer is right, every misconception known, in a sample of variants; and numbers known from elsewhere.

use nablab_labs::exercises::{
    Answer, Exercise, Expects, Solution, Tolerance, Unit, Verdict, all, exercise, ids,
};
use nablab_report::Lang;

/// The course's own, neighbours, and any other.
const VARIANTS: [u64; 7] = [0, 1, 2, 17, 4711, 1 << 40, u64::MAX];

fn verdict(exercise: &Exercise, solution: &Solution, answer: Answer) -> Verdict {
    let typed = exercise.typed(answer);
    let read = exercise.read(&typed).unwrap_or_else(|error| panic!("{} {typed}: {error}", exercise.id));
    exercise.judge(read, solution).unwrap().verdict
}

#[test]
fn answers_are_right_and_each_misconception_is_known() {
    for variant in VARIANTS {
        for exercise in all(variant) {
            let solution = exercise.solution().unwrap();
            let place = format!("{} in variant {variant}: {solution:?}", exercise.id);
            assert_eq!(verdict(&exercise, &solution, solution.answer), Verdict::Right, "{place}");
            assert!(!solution.explanation.is_empty() && !solution.misconceptions.is_empty(), "{place}");
            for (which, wrong) in solution.misconceptions.iter().enumerate() {
                let known = verdict(&exercise, &solution, wrong.answer);
                assert_eq!(known, Verdict::Misconception(which), "{:?} of {place}", wrong.answer);
            }
        }
    }
}

#[test]
fn slightly_off_is_nearly() {
    let mut tried = 0;
    for exercise in all(17) {
        let Some(tolerance) = exercise.question.expects.tolerance() else { continue };
        let solution = exercise.solution().unwrap();
        let Answer::Number(right) = solution.answer else { panic!("a number") };
        let off = match tolerance {
            Tolerance::Relative(share) => 1.5 * share * right.abs(),
            Tolerance::Absolute(distance) if distance > 1e-6 => 1.5 * distance,
            _ => continue,
        };
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
        let solution = exercise.solution().unwrap();
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
        assert!(!question.command.is_empty(), "{id}");
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

/// The answer of variant 0 as a number.
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

#[test]
fn initialization_has_the_numbers_known_from_elsewhere() {
    assert_near("2.1", 2.0 * 10.0 + 10.0 + 10.0 * 5.0 + 5.0 + 5.0 + 1.0);
    assert_near("2.2", 2f64.ln());
    assert_near("2.3", 0.5); // the course's initialization.3, train_accuracy
    assert_near("2.4", 1.0);
    assert_near("2.5", 6.0);
    assert_near("2.6", 1.0);
    assert_near("2.7", 0.2f64.sqrt());
    assert_near("2.8", 0.125);
    assert_near("2.9", 1000.0);
    // The course's he-initialization.2: cost[6000] = 0.4138, cost[7000] = 0.3118.
    assert_near("2.10", 7000.0);
}

#[test]
fn units_are_read() {
    let parameters = exercise("2.1".parse().unwrap(), 0);
    assert!(matches!(parameters.question.expects, Expects::Number { unit: Unit::Of(_), .. }));
    for text in ["91", "91 parameters", "91.0", "9.1e1", "40+51"] {
        assert_eq!(parameters.check(text).unwrap().verdict, Verdict::Right, "{text}");
    }
    let share = exercise("2.3".parse().unwrap(), 0);
    for text in ["0.5", "50 %", "50%", "1/2", "50％"] {
        assert_eq!(share.check(text).unwrap().verdict, Verdict::Right, "{text}");
    }
    let error = share.check("50").unwrap_err().to_string();
    assert!(error.ends_with("hint: 50 % if per cent are meant"), "{error}");
}
