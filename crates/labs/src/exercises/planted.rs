//! Exercises on a backward pass by hand: an entry of it, and a mistake planted in it.

use nablab_report::{Lang, number};

use super::draw::Draw;
use super::exercise::Work;
use super::material::python;
use super::{Expects, Question, Solution, Text};
use crate::by_hand::{LayerGradient, Matrix, Mistake, Planted, Problem, backward, gradient};

/// Two numbers differ if they are this share apart: more than any answer's tolerance.
const TELLING: f64 = 0.03;

fn differ(a: f64, b: f64) -> bool {
    (a - b).abs() > TELLING * a.abs().max(b.abs())
}

/// A matrix of a layer's gradient.
pub(super) type Part = fn(&LayerGradient) -> &Matrix;

/// The matrix with each mistake that stands in its own formula; mistakes that change its shape are no number in its entries.
pub(super) fn mistaken(problem: &Problem, layer: usize, name: &str, part: Part) -> Vec<(Planted, Matrix)> {
    let cache = problem.forward();
    let shape = |matrix: &Matrix| (matrix.rows(), matrix.cols());
    let right = backward(problem, &cache, &[]);
    let places = Mistake::places(problem)
        .filter(|planted| planted.layer == layer && planted.words(Lang::En).starts_with(name));
    places
        .map(|planted| (planted, part(&backward(problem, &cache, &[planted])[layer]).clone()))
        .filter(|(_, wrong)| shape(wrong) == shape(part(&right[layer])))
        .collect()
}

/// The entry in which the most mistakes show.
pub(super) fn telling_entry(right: &Matrix, mistaken: &[(Planted, Matrix)]) -> (usize, usize) {
    let shows = |k: &usize| {
        let (right, wrong) = (right.entries()[*k], mistaken.iter().map(|(_, wrong)| wrong.entries()[*k]));
        let wrong: Vec<f64> = wrong.filter(|&wrong| differ(wrong, right)).collect();
        let is_new = |n: &usize| wrong[..*n].iter().all(|&before| differ(before, wrong[*n]));
        (0..wrong.len()).filter(is_new).count()
    };
    let place = (0..right.entries().len()).max_by_key(shows).unwrap_or(0);
    (place / right.cols(), place % right.cols())
}

/// With what each mistake makes of an entry.
pub(super) fn with_mistakes(
    solution: Solution,
    mistaken: &[(Planted, Matrix)],
    (i, j): (usize, usize),
) -> Solution {
    mistaken.iter().fold(solution, |solution, (planted, wrong)| {
        let Text { en, zh } = Text::by(|lang| planted.words(lang));
        solution.not(wrong.at(i, j), en + ".", zh + "。")
    })
}

/// A problem as Python has it.
pub(crate) fn given(problem: &Problem) -> String {
    let mut lines = vec![python("X", &problem.x, 4), python("Y", &problem.y, 4)];
    for (l, layer) in problem.layers.iter().enumerate() {
        lines.push(python(&format!("W{}", l + 1), &layer.w, 4));
        lines.push(python(&format!("b{}", l + 1), &layer.b, 4));
        if let Some(dropout) = &layer.dropout {
            lines.push(python(&format!("D{}", l + 1), &dropout.mask, 4));
        }
    }
    let keep = problem.layers.iter().find_map(|layer| layer.dropout.as_ref()).map(|dropout| dropout.keep);
    let mut numbers = format!("m = {}", problem.examples());
    keep.iter().for_each(|keep| numbers += &format!("; keep = {keep}"));
    if problem.l2 > 0.0 {
        numbers += &format!("; lambd = {}", problem.l2);
    }
    lines.push(numbers);
    lines.join("\n")
}

/// dW1, db1, … by central differences of the cost.
fn numeric(problem: &Problem) -> Vec<(String, Matrix)> {
    const EPSILON: f64 = 1e-6;
    let numeric = problem.numeric_gradient(EPSILON);
    let mut rest = &numeric[..];
    let mut take = |(name, like): (String, Matrix)| {
        let (own, others) = rest.split_at(like.entries().len());
        rest = others;
        (name, Matrix::new(like.rows(), like.cols(), own))
    };
    with_mistake(problem, &[]).into_iter().map(&mut take).collect()
}

/// The gradient with a mistake planted.
fn with_mistake(problem: &Problem, planted: &[Planted]) -> Vec<(String, Matrix)> {
    gradient(&backward(problem, &problem.forward(), planted))
}

/// Where two gradients of the same shapes differ most: matrix and entry.
fn furthest(a: &[(String, Matrix)], b: &[(String, Matrix)]) -> Option<(usize, usize)> {
    let apart = |(n, k): (usize, usize)| (a[n].1.entries()[k] - b[n].1.entries()[k]).abs();
    let places =
        a.iter().enumerate().flat_map(|(n, (_, matrix))| (0..matrix.entries().len()).map(move |k| (n, k)));
    places
        .filter(|&(n, k)| differ(a[n].1.entries()[k], b[n].1.entries()[k]) && apart((n, k)) > 1e-3)
        .max_by(|&p, &q| apart(p).total_cmp(&apart(q)))
}

fn same_shapes(a: &[(String, Matrix)], b: &[(String, Matrix)]) -> bool {
    a.iter().zip(b).all(|((_, a), (_, b))| (a.rows(), a.cols()) == (b.rows(), b.cols()))
}

/// How many choices a planted mistake stands among.
const CHOICES: usize = 5;

/// A gradient with a mistake planted, beside the mistake.
type Wrong = (Planted, Vec<(String, Matrix)>);

/// The mistakes that show in the numbers, of these kinds and the course's before them; no two that make the same numbers.
fn telling(problem: &Problem, course: Planted, kinds: &[Mistake]) -> Vec<Wrong> {
    let right = with_mistake(problem, &[]);
    let wanted = |planted: &Planted| kinds.contains(&planted.mistake);
    let mut known: Vec<Wrong> = Vec::new();
    for planted in [course].into_iter().chain(Mistake::places(problem).filter(wanted)) {
        let wrong = with_mistake(problem, &[planted]);
        let shows = same_shapes(&wrong, &right) && furthest(&wrong, &right).is_some();
        if shows && known.iter().all(|(_, other)| furthest(&wrong, other).is_some()) {
            known.push((planted, wrong));
        }
    }
    known
}

/// "Which mistake is in this gradient?": the problem, the gradient handed in, and the numeric one; `course` is planted in variant 0,
/// elsewhere one of `kinds`. Problems are made until one tells enough mistakes apart.
pub(super) fn bug(
    draw: &mut Draw,
    make: impl Fn(&mut Draw) -> Problem,
    title: Text,
    course: Planted,
    kinds: &[Mistake],
) -> (Question, Work) {
    let (problem, mut known) = loop {
        let problem = make(draw);
        let known = telling(&problem, course, kinds);
        if known.len() >= CHOICES && known[0].0 == course {
            break (problem, known);
        }
    };
    let right = with_mistake(&problem, &[]);
    let there = draw.below(known.len());
    let which = draw.pick(0, &[there]);
    let (there, handed_in) = known.swap_remove(which);
    // Of the others the more telling first: two in the same matrix, where only the numbers decide, then any.
    let place = |planted: Planted| planted.words(Lang::En).split(':').next().map(str::to_owned);
    let mut choices: Vec<Planted> = Vec::new();
    while choices.len() + 1 < CHOICES {
        let beside = |i: &usize| choices.len() < 2 && place(known[*i].0) == place(there);
        let near: Vec<usize> = (0..known.len()).filter(beside).collect();
        let next = if near.is_empty() { draw.below(known.len()) } else { draw.one_of(&near) };
        choices.push(known.swap_remove(next).0);
    }
    let answer = draw.below(choices.len() + 1);
    choices.insert(answer, there);

    let numeric = numeric(&problem);
    let mut lines = vec![given(&problem), String::new()];
    for ((name, handed_in), (_, numeric)) in handed_in.iter().zip(&numeric) {
        let is_off = handed_in.entries().iter().zip(numeric.entries()).any(|(a, b)| (a - b).abs() > 1e-6);
        if is_off {
            lines.push(python(&format!("{name}_handed_in"), handed_in, 4));
            lines.push(python(&format!("{name}_numeric"), numeric, 4));
        }
    }
    let sizes: Vec<_> =
        [problem.x.rows()].into_iter().chain(problem.layers.iter().map(|layer| layer.w.rows())).collect();
    let sizes = sizes.iter().map(ToString::to_string).collect::<Vec<_>>().join("-");
    let question = Question {
        title,
        text: Text::new(
            format!(
                "The gradient of a network {sizes} was handed in, and checked by central differences. Below are the matrices that differ; all \
                 others agree. Which mistake is in the backward pass?"
            ),
            format!(
                "有人交来网络 {sizes} 的梯度，用中心差分检验。下面列出不一致的矩阵，其余都一致。反向传播里是哪个错误？"
            ),
        ),
        given: lines.join("\n"),
        hint: Text::new(
            "Look at quotients and at differences: a constant factor is a mean or a scale; a difference in proportion to W is the penalty; \
             and the last matrix that is wrong is where the mistake is.",
            "看商，也看差：商为常数，是平均或缩放的问题；差与 W 成比例，是惩罚项的问题；最靠后的一个不一致的矩阵就是错误所在。",
        ),
        command: python_names(&handed_in, &numeric).into(),
        expects: Expects::Choice(
            choices.iter().map(|planted| Text::by(|lang| planted.words(lang))).collect(),
        ),
    };
    let work = Work::new(move || {
        let made: Vec<_> = choices.iter().map(|&planted| with_mistake(&problem, &[planted])).collect();
        let entry = |of: &[(String, Matrix)], (n, k): (usize, usize)| {
            let (name, matrix) = &of[n];
            (format!("{name}[{}, {}]", k / matrix.cols(), k % matrix.cols()), number(matrix.entries()[k], 4))
        };
        let mut solution = Solution::choice(answer);
        if let Some(place) = furthest(&handed_in, &right) {
            let ((name, wrong), (_, right)) = (entry(&handed_in, place), entry(&right, place));
            let [en, zh] = [Lang::En, Lang::Zh].map(|lang| choices[answer].words(lang));
            solution = solution.because(
                format!("{en}. This makes {name} = {wrong}, as handed in; right is {right}."),
                format!("{zh}。这使得 {name} = {wrong}，与交来的一致；正确的是 {right}。"),
            );
        }
        for (choice, made) in made.iter().enumerate().filter(|(choice, _)| *choice != answer) {
            let Some(place) = furthest(made, &handed_in) else { continue };
            let ((name, there), (_, here)) = (entry(made, place), entry(&handed_in, place));
            solution = solution.not_choice(
                choice,
                Text::new(
                    format!("This mistake would make {name} = {there}; handed in is {here}."),
                    format!("这个错误会使 {name} = {there}；而交来的是 {here}。"),
                ),
            );
        }
        Ok(solution)
    });
    (question, work)
}

/// Quotient and difference of the first matrix that differs.
fn python_names(handed_in: &[(String, Matrix)], numeric: &[(String, Matrix)]) -> String {
    let is_off = |((_, a), (_, b)): &(&(String, Matrix), &(String, Matrix))| {
        a.entries().iter().zip(b.entries()).any(|(a, b)| (a - b).abs() > 1e-6)
    };
    let name = handed_in.iter().zip(numeric).rfind(is_off).map_or("dW1", |((name, _), _)| name);
    format!("{name}_handed_in / {name}_numeric\n{name}_handed_in - {name}_numeric")
}
