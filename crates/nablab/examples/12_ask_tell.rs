//! Any objective of your own: ask for a point, tell what came of it, and give up early what falls behind.
//!
//!     cargo run -p nablab --example 12_ask_tell
#![allow(missing_docs, clippy::print_stdout)]

use nablab::study::{AskTell, Domain, Parameter, Question, Scheduler, Space, Told, best};

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rate = Domain::Float { low: 1e-4, high: 3.0, log: true, step: None };
    let beta = Domain::Float { low: 0.0, high: 0.99, log: false, step: None };
    let parameter = |name: &str, domain| Parameter { name: name.into(), domain, when: Vec::new() };
    let space = Space::new(vec![parameter("rate", rate), parameter("beta", beta)])?;
    let scheduler = Scheduler::Asha { reduction: 3, first: None };
    let search = AskTell::in_memory(
        "descent",
        &Question { scheduler, steps: Some(STEPS), seed: 1, ..Question::new(space) },
    )?;
    for _ in 0..60 {
        let asked = search.ask()?.expect("there is always another number");
        let told = descend(asked.point["rate"], asked.point["beta"], |step, value| {
            search.report(asked.number, step, value)?;
            search.should_stop(asked.number)
        })?;
        search.tell(asked.number, told)?;
    }
    let trials = search.trials()?;
    let best = best(&trials, &search.question().directions).expect("the first is never given up");
    println!("trial {} of {}: {:?} leads to {:.1e}", best.number, trials.len(), best.point, best.values[0]);
    assert!(best.values[0] < 1e-6);
    Ok(())
}

const STEPS: u64 = 81;

/// Gradient descent with momentum on ½ (x² + 30 y²), from (1, 1).
fn descend<E>(rate: f64, beta: f64, mut stops: impl FnMut(u64, f64) -> Result<bool, E>) -> Result<Told, E> {
    let scales = [1.0, 30.0];
    let (mut place, mut velocity) = ([1.0; 2], [0.0; 2]);
    let mut value = f64::NAN;
    for step in 1..=STEPS {
        for i in 0..2 {
            velocity[i] = beta * velocity[i] - rate * scales[i] * place[i];
            place[i] += velocity[i];
        }
        value = 0.5 * (place[0] * place[0] + 30.0 * place[1] * place[1]);
        if stops(step, value)? {
            return Ok(Told::GivenUp);
        }
    }
    Ok(Told::Values(vec![value]))
}
