//! Whatever comes, in whatever order: an answer, and nothing changed by what was refused.

use nablab_session::{Command, Event, Session, View};
use proptest::prelude::*;
use serde_json::{Value, json};

fn recipe() -> impl Strategy<Value = Value> {
    let rule = prop::sample::select(vec!["adam", "gradient-descent", "nesterov", "l-bfgs", "no-rule"]);
    let hidden = prop::collection::vec((0u64..6, 0.0..1.2f64), 0..3);
    let rate = prop::sample::select(vec![0.01, 1.0, 1e300, 0.0, -1.0]);
    (rule, hidden, rate, 0u64..40, 0u64..30, any::<bool>()).prop_map(|(rule, hidden, rate, size, epochs, single)| {
        let hidden: Vec<_> =
            hidden.into_iter().map(|(units, dropout)| json!({"units": units, "dropout": dropout})).collect();
        let precision = if single { "f32" } else { "f64" };
        let mut recipe = json!({"optimizer": rule, "hidden": hidden, "learning_rate": rate, "epochs": epochs, "precision": precision});
        if rule != "l-bfgs" {
            recipe["batch_size"] = json!(size);
        }
        recipe
    })
}

fn data() -> impl Strategy<Value = Value> {
    let names = vec!["moons", "circles", "spirals", "xor", "blobs", "pitch", "rings"];
    let generated = (prop::sample::select(names), 0u64..60, 0.0..0.5f64)
        .prop_map(|(source, samples, noise)| json!({"source": source, "samples": samples, "noise": noise}));
    let texts =
        vec!["", "a", "a,b\n1,2\n", "x,y,label\n1,2,a\n3,4,b\n1,1,a\n2,2,b\n", "x,label\n,\n", "\u{0}"];
    let text = prop::sample::select(texts).prop_map(|text| json!({"name": "t.csv", "text": text}));
    prop_oneof![4 => generated, 1 => text]
}

fn command() -> impl Strategy<Value = Value> {
    let number = prop_oneof![0u64..50, Just(u64::MAX)];
    let view = (
        prop::sample::select(vec![
            "boundary",
            "units",
            "parameters",
            "predictions",
            "curve",
            "unit",
            "gradient-check",
        ]),
        0u64..500,
    )
        .prop_map(|(view, number)| match view {
            "boundary" | "units" => json!({"view": view, "cells": number}),
            "curve" => json!({"view": view, "from": number}),
            "unit" => json!({"view": view, "layer": number % 4, "unit": number % 3, "example": number % 5}),
            "gradient-check" => json!({"view": view, "bugs": [{"bug": "missing-mean", "layer": number % 4}]}),
            view => json!({"view": view}),
        });
    prop_oneof![
        2 => (data(), recipe()).prop_map(|(data, recipe)| json!({"do": "begin", "plan": {"data": data, "recipe": recipe}})),
        4 => number.clone().prop_map(|steps| json!({"do": "step", "steps": steps})),
        3 => number.clone().prop_map(|step| json!({"do": "seek", "step": step})),
        2 => (number.clone(), number.clone()).prop_map(|(step, most)| json!({"do": "seek", "step": step, "most": most})),
        1 => (data(), recipe(), recipe()).prop_map(|(data, recipe, other)| json!({"do": "train", "plan": {"data": data, "recipe": recipe}, "variants": [other, {"seed": 9}], "steps": 30})),
        1 => prop::collection::vec(prop::num::f64::ANY, 0..4).prop_map(|numbers| json!({"do": "compare", "first": numbers, "second": [1.0, 2.0]})),
        2 => Just(json!({"do": "epoch"})),
        2 => (number, prop::num::f64::ANY).prop_map(|(parameter, value)| json!({"do": "set", "parameter": parameter, "value": value})),
        2 => recipe().prop_map(|recipe| json!({"do": "change", "recipe": recipe})),
        3 => prop::collection::vec(view.clone(), 0..3).prop_map(|views| json!({"do": "look", "views": views})),
        2 => prop::collection::vec(view, 0..3).prop_map(|views| json!({"do": "step", "steps": 2, "views": views})),
        1 => Just(json!({"do": "repeat"})),
        1 => Just(json!({"do": "dance"})),
    ]
}

/// All that can be seen of it.
fn seen(session: &mut Session) -> (Vec<Event>, Vec<u32>) {
    let mut all = session.answer(&Command::Look, &[View::Parameters, View::Curve { from: 0 }]);
    all.events.extend(session.answer(&Command::Repeat, &[]).events);
    (all.events, all.numbers.iter().map(|number| number.to_bits()).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn every_command_has_an_answer(commands in prop::collection::vec(command(), 1..14)) {
        let mut session = Session::default();
        for command in commands {
            let before = seen(&mut session);
            let reply = session.answer_json(&command.to_string());
            if let [Event::Refused { message }] = &reply.events[..] {
                prop_assert!(!message.is_empty());
                prop_assert_eq!(seen(&mut session), before, "{} was refused: {}", command, message);
            }
            for event in &reply.events {
                let said = serde_json::to_value(event).unwrap();
                if let Some(numbers) = said.get("numbers") {
                    let end = numbers["at"].as_u64().unwrap() + numbers["len"].as_u64().unwrap();
                    prop_assert!(end as usize <= reply.numbers.len());
                }
            }
        }
    }
}
