//! Sessions: what is answered, that nobody waits for another, and that nothing stays of one that has gone.

use nablab::session::Session;
use serde_json::json;

use crate::{BEGIN, ask, limits, load, open, options, receive, send, serve, until};

/// What goes on for hours.
const LONG: [&str; 4] = [
    r#"{"do": "step", "steps": 1000000000000}"#,
    r#"{"do": "seek", "step": 1000000000000}"#,
    r#"{"do": "begin", "plan": {"data": {"source": "moons", "samples": 200, "noise": 0.2, "seed": 3},
        "recipe": {"epochs": 100000000000}, "changes": [{"step": 90000000000, "set": [0, 1.0]}]}}"#,
    r#"{"do": "train", "plan": {"data": {"source": "moons", "samples": 200, "noise": 0.2, "seed": 3}, "changes": [],
        "recipe": {"epochs": 100000000000}}, "variants": [{"seed": 1}, {"seed": 2}]}"#,
];

#[test]
fn a_socket_answers_what_a_session_answers() {
    let (address, _) = serve(options(limits()));
    let (mut socket, mut own) = (open(address), Session::default());
    let views = r#"[{"view": "boundary", "cells": 9}, {"view": "units", "cells": 5}, {"view": "parameters"}, {"view": "curve", "from": 0}]"#;
    for command in [
        r#"{"do": "look"}"#.to_owned(),
        BEGIN.to_owned(),
        format!(r#"{{"do": "step", "steps": 333, "views": {views}}}"#),
        r#"{"do": "set", "parameter": 3, "value": 0.25}"#.to_owned(),
        r#"{"do": "epoch"}"#.to_owned(),
        format!(r#"{{"do": "seek", "step": 100, "views": {views}}}"#),
        r#"{"do": "repeat"}"#.to_owned(),
        "no JSON".to_owned(),
        "é".to_owned(),
    ] {
        let (events, numbers) = ask(&mut socket, &command);
        let expected = own.answer_json(&command);
        assert_eq!(events, json!(expected.events), "{command}");
        let bits = |numbers: &[f32]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&numbers), bits(&expected.numbers), "{command}");
    }
}

#[test]
fn a_long_command_keeps_nobody_waiting_and_ends_with_its_tab() {
    let (address, _) = serve(options(limits()));
    for long in LONG {
        let mut busy = open(address);
        ask(&mut busy, BEGIN);
        send(&mut busy, long);
        let mut other = open(address);
        ask(&mut other, BEGIN);
        assert_eq!(ask(&mut other, r#"{"do": "step", "steps": 9}"#).0[0]["step"], 9);
        assert_eq!(load(address, "sessions"), 2);
        // A tab that is closed says so; one that has crashed does not.
        busy.close(None).unwrap();
        let _ = busy.flush();
        until("a closed tab frees its session", || load(address, "sessions") == 1);
        send(&mut other, long);
        drop(other);
        until("a crashed tab frees its session", || load(address, "sessions") == 0);
    }
    assert_eq!(load(address, "held"), 0);
}

#[test]
fn commands_are_answered_in_their_order() {
    let (address, _) = serve(options(limits()));
    let mut socket = open(address);
    send(&mut socket, BEGIN);
    for _ in 0..40 {
        send(&mut socket, r#"{"do": "step", "steps": 5}"#);
    }
    assert_eq!(receive(&mut socket).0[0]["event"], "began");
    for k in 1..=40 {
        assert_eq!(receive(&mut socket).0[0]["step"], 5 * k);
    }
}
