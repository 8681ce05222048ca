//! What is opened by hand is what the engine does in its next step.

use nablab_engine::gradcheck::Verdict;
use nablab_session::{Bug, Command, Event, GradientCheck, Language, Plan, Session, Unit, View};
use serde_json::{Value, json};

fn begun(samples: u64, recipe: &Value) -> Session {
    let data = json!({"source": "moons", "samples": samples, "noise": 0.2, "seed": 3});
    let plan: Plan = serde_json::from_value(json!({"data": data, "recipe": recipe})).unwrap();
    let mut session = Session::default();
    let reply = session.answer(&Command::Begin { plan }, &[]);
    assert_eq!(reply.events.len(), 2, "{:?}", reply.events);
    session
}

fn opened(session: &mut Session, layer: usize, unit: usize, example: usize) -> Unit {
    let mut reply = session.answer(&Command::Look, &[View::Unit { layer, unit, example }]);
    match reply.events.remove(0) {
        Event::Unit(unit) => *unit,
        other => panic!("{other:?}"),
    }
}

fn checked(session: &mut Session, bugs: Vec<Bug>, language: Language) -> GradientCheck {
    let mut reply = session.answer(&Command::Look, &[View::GradientCheck { bugs, language }]);
    match reply.events.remove(0) {
        Event::GradientCheck(check) => *check,
        other => panic!("{other:?}"),
    }
}

fn refused(session: &mut Session, view: View) -> String {
    match session.answer(&Command::Look, &[view]).events.remove(0) {
        Event::Refused { message } => message,
        other => panic!("{other:?}"),
    }
}

const RATE: f64 = 0.1;

fn recipe(batch_size: u64, hidden: Value) -> Value {
    json!({
        "hidden": hidden, "optimizer": "gradient-descent", "learning_rate": RATE, "epochs": 30, "batch_size": batch_size,
        "seed": 5, "precision": "f64", "penalty": {"l2": 0.3}, "validation": {"share": 0.2, "patience": 0},
    })
}

/// With plain gradient descent a step is the gradient, so the numbers by hand are held against the engine's own step: its batch, its
/// order, its masks, its penalty.
#[test]
fn a_unit_shows_the_step_that_comes() {
    let two = json!([{"units": 5, "dropout": 0.4, "activation": "tanh"}, {"units": 3, "dropout": 0.2}]);
    let wide = json!([{"units": 20, "dropout": 0.5}, {"units": 20}]);
    // Batches of 16 with one of 8 left over; a batch of several blocks; all rows at once.
    for (samples, size, hidden) in [(130, 16, &two), (2500, 1900, &wide), (60, 1000, &two)] {
        let mut session = begun(samples, &recipe(size, hidden.clone()));
        for steps in [0, 1, 5, 1] {
            session.answer(&Command::Step { steps }, &[]);
            for (layer, unit) in [(0, 1), (1, 2), (2, 0)] {
                let own = opened(&mut session, layer, unit, 3);
                let before = session.answer(&Command::Look, &[View::Parameters]).numbers;
                for parameter in own.inputs.iter().map(|incoming| &incoming.weight).chain([&own.bias]) {
                    assert_eq!(before[parameter.place], parameter.value as f32);
                    let step = (parameter.value - parameter.after.unwrap()) / RATE;
                    let apart = (step - parameter.gradient).abs();
                    assert!(apart < 1e-12, "{samples} {size} {layer}: {step} {}", parameter.gradient);
                }
                let sum: f64 = own.inputs.iter().map(|incoming| incoming.input * incoming.weight.value).sum();
                assert!((sum + own.bias.value - own.z).abs() < 1e-12);
                match (&own.back, own.target) {
                    (Some(back), None) => {
                        let sum: f64 = back.from.iter().map(|(weight, dz)| weight * dz).sum();
                        assert!((sum - back.behind_mask).abs() < 1e-12);
                        let scale =
                            own.dropout.map_or(1.0, |kept| f64::from(u8::from(kept.stays)) / kept.keep);
                        assert!((back.behind_mask * scale - back.da).abs() < 1e-12);
                        assert!((back.da * back.slope - own.dz).abs() < 1e-12);
                        assert!((own.activated * scale - own.a).abs() < 1e-12);
                    }
                    (None, Some(target)) => assert!((own.a - target - own.dz).abs() < 1e-12),
                    other => panic!("{other:?}"),
                }
                let is_row = |row: &usize| *row < samples as usize;
                assert!(own.rows.len() <= size as usize && own.rows.iter().all(is_row));
            }
        }
    }
}

#[test]
fn a_right_gradient_agrees_and_a_planted_mistake_is_named() {
    let hidden =
        json!([{"units": 4, "activation": "tanh", "dropout": 0.2}, {"units": 4, "activation": "tanh"}]);
    let mut session = begun(100, &recipe(16, hidden));
    session.answer(&Command::Step { steps: 20 }, &[]);
    let right = checked(&mut session, Vec::new(), Language::En);
    assert_eq!((right.examples, right.names.len(), right.analytic.len()), (16, 37, 37));
    assert!(
        right.findings.is_empty() && right.difference < 2e-7,
        "{} {:?}",
        right.difference,
        right.findings
    );
    assert_eq!((right.names[0].as_str(), right.names[36].as_str()), ("W1[0, 0]", "b3[0, 0]"));
    // What is truncated falls with the square of ε, until round-off takes over.
    let at = |exponent: usize| right.by_epsilon[exponent - 1].1;
    assert!(at(1) > 50.0 * at(2) && at(2) > 50.0 * at(3), "{:?}", right.by_epsilon);
    assert!(at(14) > 1e3 * at(5), "{:?}", right.by_epsilon);

    let bug = |bug: &str, layer: usize| Bug { bug: bug.into(), layer };
    let wrong = checked(&mut session, vec![bug("bias-missing-mean", 2)], Language::En);
    assert!(wrong.difference > 0.1);
    assert_eq!(wrong.findings.len(), 1);
    assert!(wrong.findings[0].contains("the mean over 16 examples is missing"), "{:?}", wrong.findings);
    let chinese = checked(&mut session, vec![bug("bias-missing-mean", 2)], Language::Zh);
    assert!(chinese.findings[0].contains("缺少对 16 个样本取平均"), "{:?}", chinese.findings);
    // Whatever can be planted is seen, and so are two at once.
    assert!(right.bugs.len() > 30, "{}", right.bugs.len());
    let two = checked(&mut session, vec![bug("penalty-doubled", 1), bug("sign", 3)], Language::En);
    assert!(two.findings.len() > 1, "{:?}", two.findings);
    for plantable in &right.bugs {
        let view = View::GradientCheck { bugs: vec![plantable.bug.clone()], language: Language::En };
        match session.answer(&Command::Look, &[view]).events.remove(0) {
            Event::GradientCheck(check) => assert!(!check.findings.is_empty(), "{plantable:?}"),
            Event::Refused { message } => assert!(message.contains("another shape"), "{message}"),
            other => panic!("{other:?}"),
        }
    }
    let asked = View::GradientCheck { bugs: vec![bug("missing-mask", 2)], language: Language::En };
    let message = "bugs: expected one that this network has a place for, got missing-mask@2";
    assert_eq!(refused(&mut session, asked), message);
}

#[test]
fn what_has_no_formula_by_hand_is_refused() {
    let mut session = begun(60, &recipe(16, json!([{"units": 4, "batch_norm": true}])));
    let message = refused(&mut session, View::Unit { layer: 0, unit: 0, example: 0 });
    assert_eq!(message, "batch normalisation cannot be followed by hand here: take a recipe without it");
    let mut session = begun(60, &recipe(16, json!([{"units": 4}])));
    for (layer, unit, example, expected) in [
        (2, 0, 0, "layer: expected a number below 2, got 2"),
        (0, 4, 0, "unit of the layer: expected a number below 4, got 4"),
        (0, 0, 16, "example of the step: expected a number below 16, got 16"),
    ] {
        assert_eq!(refused(&mut session, View::Unit { layer, unit, example }), expected);
    }
}

/// All first weights are 0: every pre-activation is 0, but tanh has no corner there.
#[test]
fn only_units_with_a_corner_have_one() {
    for (activation, are_kinks) in [("tanh", false), ("relu", true)] {
        let mut zeros = recipe(16, json!([{"units": 4, "activation": activation}]));
        zeros["init"] = json!("zeros");
        let check = checked(&mut begun(100, &zeros), Vec::new(), Language::En);
        assert_eq!(check.verdicts.contains(&Verdict::Kink), are_kinks, "{activation}: {:?}", check.verdicts);
    }
}
