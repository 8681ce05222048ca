//! How large a learning rate may be.

use std::sync::Arc;

use nablab_report::number;

use crate::exercises::draw::Draw;
use crate::exercises::exercise::Work;
use crate::exercises::material::{Remembered, lab_command, trained};
use crate::exercises::{Expects, Question, Solution, Text, Tolerance, Trial, Unit};
use crate::{Knobs, Lab, LabError};

/// The rate that no longer works is so many times the rate that does.
const STEP: f64 = 1.2;
/// Rates are looked for from here on.
const FROM: f64 = 0.5;
/// No rate is larger.
const MOST: f64 = 1e6;

/// Rules that are drawn: their key and their name.
const RULES: [(&str, &str, &str); 2] =
    [("gd", "gradient descent", "梯度下降"), ("momentum", "momentum", "动量法")];
/// Epochs that are drawn.
const EPOCHS: [u64; 5] = [150, 200, 250, 300, 400];

/// The cost on the training set that a training comes to; infinite where it diverges.
fn cost(rule: &'static str, epochs: u64, rate: f64) -> Result<f64, LabError> {
    let knobs = Knobs { learning_rate: Some(rate), epochs: Some(epochs), ..Knobs::default() };
    let run = trained(Lab::Optimization, &knobs, rule)?;
    let is_number = run.divergence.is_none() && run.train.cost.is_finite();
    Ok(if is_number { run.train.cost } else { f64::INFINITY })
}

/// It ends below the cost of not knowing.
fn learns(cost: f64) -> bool {
    cost < 2f64.ln()
}

/// 4.10
pub(super) fn largest(draw: &mut Draw) -> (Question, Work) {
    let (rule, en, zh) = draw.pick(RULES[0], &RULES);
    let epochs = draw.pick(300, &EPOCHS);
    let item = if rule == "gd" { "Gradient descent" } else { "Momentum" };
    let question = Question {
        title: Text::new("How large may the rate be", "学习率最大可以多大"),
        text: Text::new(
            format!(
                "Find a learning rate at the edge: with it the lab's {en} ends after {epochs} epochs at a cost below ln 2 = 0.693, and with {STEP} times \
                 that rate it does not. Every rate that does this is right; your answer is tried."
            ),
            format!(
                "找出一个处于边缘的学习率：用它时，实验中的{zh}在 {epochs} 轮之后代价低于 ln 2 = 0.693；用它的 {STEP} 倍时则不然。\
                 凡满足这一点的学习率都算正确；你的答案会被实际训练检验。"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "The edge is where a step begins to land higher on the other side of the valley than it started. The course's rate is far from it. Double the rate until the table of the runs shows a cost of ln 2 or more, then halve the interval.",
            "边缘处，一步开始落到谷的对面、比出发点更高的地方。课程的学习率离边缘还很远。先把学习率不断加倍，直到结果表中的代价达到 ln 2 或更高，再用二分法。",
        ),
        command: lab_command(
            &format!("optimization --epochs {epochs} --learning-rate 1"),
            &format!("the run of each variant: {item}, turned, cost"),
            &format!("各方案的一次训练：{zh}（调整后），代价"),
        ),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::Tried },
    };
    let costs = Arc::new(Remembered::new(move |rate| cost(rule, epochs, rate)));
    let known = Arc::clone(&costs);
    let solve = move || {
        let none = || LabError::NoAnswer {
            why: format!("{rule} learns with every rate up to {MOST}, or with none, in {epochs} epochs"),
        };
        let (rate, here, there) = edge(|rate| known.of(rate))?.ok_or_else(none)?;
        let [shown, beyond, here, there] = [rate, rate * STEP, here, there].map(|v| number(v, 3));
        Ok(Solution::number(rate)
            .because(
                format!("At {shown} the cost ends at {here}, at {beyond} at {there}."),
                format!("学习率为 {shown} 时最终代价为 {here}，为 {beyond} 时为 {there}。"),
            )
            .because(
                "Where the cost has the curvature c, a step multiplies the distance from the bottom by 1 − αc: beyond a rate of α = 2 / c each \
                 step lands farther away, on the other side. The curvature that counts is the largest on the way; the lab's diagnosis measures that at \
                 the end, so its limit may be higher than this edge.",
                "代价的曲率为 c 时，每一步把到谷底的距离乘以 1 − αc：学习率 α 超过 2 / c，每一步都会落到对面更远处。起作用的是途中最大的曲率；实验的诊断量的是训练结束时的曲率，所以那里的界限可能高于这里的边缘。",
            )
            .not(
                Lab::Optimization.plan(None, &Knobs::default())?.variants[0].recipe.learning_rate,
                "That is the course's rate: it is safe, and far too small to be at the edge.",
                "这是课程的学习率：很安全，但离边缘还很远。",
            )
            .not(typed(rate * STEP), "That is the first of the two that fails; the question is which still works.", "这是两者中失败的那个；问的是仍然可行的那个。")
            .not(typed(rate / 4.0), "A rate four times as large still works.", "再大四倍的学习率仍然可行。")
            .not(rate * 10.0, "That is ten times the largest rate that works.", "这是可行的最大学习率的十倍。"))
    };
    let attempt = move |rate: f64| try_rate(rate, |rate| costs.of(rate));
    (question, Work::new(solve).tried(attempt))
}

/// The first rate with which a training of this cost learns and beyond which it does not, with the costs at either; none where
/// there is no such rate.
fn edge(cost: impl Fn(f64) -> Result<f64, LabError>) -> Result<Option<(f64, f64, f64)>, LabError> {
    let mut rate = FROM;
    while rate < MOST {
        let (here, there) = (cost(rate)?, cost(rate * STEP)?);
        if learns(here) && !learns(there) {
            return Ok(Some((rate, here, there)));
        }
        rate = typed(rate * STEP);
    }
    Ok(None)
}

/// A rate as one types it: at the edge the last bit can decide.
fn typed(rate: f64) -> f64 {
    number(rate, 3).parse().unwrap_or(rate)
}

/// Train at the rate and beyond it.
fn try_rate(rate: f64, cost: impl Fn(f64) -> Result<f64, LabError>) -> Result<Trial, LabError> {
    if !(rate > 0.0 && rate <= MOST) {
        let seen = Text::new(
            format!("A learning rate lies above 0 and, here, not above {MOST}."),
            format!("学习率必须大于 0，这里也不超过 {MOST}。"),
        );
        return Ok(Trial { passed: false, nearly: false, seen });
    }
    let [here, there] = [cost(rate)?, cost(rate * STEP)?];
    let passed = learns(here) && !learns(there);
    // One step up or down it would be at the edge.
    let nearly = match () {
        () if passed => false,
        () if learns(here) => !learns(cost(rate * STEP * STEP)?),
        () => learns(cost(rate / STEP)?),
    };
    let learned = here;
    let [rate, beyond, here, there] = [rate, rate * STEP, here, there].map(|v| number(v, 3));
    let (en, zh) = match () {
        () if passed => ("", ""),
        () if learns(learned) => (" Both learn: the edge is higher.", "两者都能学习：边缘在更高处。"),
        () => (" Neither learns: the edge is lower.", "两者都学不到：边缘在更低处。"),
    };
    let seen = Text::new(
        format!("Tried: at {rate} the cost ends at {here}, at {beyond} at {there}.{en}"),
        format!("实际训练：学习率为 {rate} 时最终代价为 {here}，为 {beyond} 时为 {there}。{zh}"),
    );
    Ok(Trial { passed, nearly, seen })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_training_that_is_drawn_has_an_edge() {
        for ((rule, ..), epochs) in RULES.into_iter().flat_map(|rule| EPOCHS.map(|epochs| (rule, epochs))) {
            let (rate, here, there) = edge(|rate| cost(rule, epochs, rate)).unwrap().unwrap();
            assert!(learns(here) && !learns(there), "{rule}, {epochs} epochs: {rate} {here} {there}");
        }
    }

    #[test]
    fn a_rate_that_was_tried_says_on_which_side_the_edge_is() {
        let cost = |rate: f64| Ok(if rate < 3.0 { 0.1 } else { 0.8 });
        for (rate, passed, says) in [(0.5, false, "is higher"), (9.0, false, "is lower"), (2.9, true, "")] {
            let trial = try_rate(rate, cost).unwrap();
            assert!(trial.passed == passed && trial.seen.en.contains(says), "{trial:?}");
        }
    }

    #[test]
    fn a_search_without_end_finds_nothing() {
        assert!(edge(|_| Ok(0.1)).unwrap().is_none(), "it always learns");
        assert!(edge(|_| Ok(f64::INFINITY)).unwrap().is_none(), "it never learns");
        let found = edge(|rate| Ok(if rate < 3.0 { 0.1 } else { 0.8 })).unwrap().unwrap().0;
        assert!(found < 3.0 && found * STEP >= 3.0, "{found}");
    }
}
