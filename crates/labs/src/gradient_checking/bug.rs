//! A mistake planted in the backward pass, and what the check makes of it: named, or to be found.

use nablab_engine::gradcheck::{Component, Report};
use nablab_engine::rng::NumpyRng;
use nablab_engine::{Activation, Layout};
use nablab_report::{Block, Kind, Lang, number};

use super::network::{SEED, problem, problem_of};
use super::slot_table;
use crate::LabError;
use crate::by_hand::{self, Dropout, Matrix, Mistake, Planted, Problem, finding};
use crate::exercises::given;
use crate::numbers::rng_of;
use crate::record::{Item, Number, note};

/// What is planted, and where: made by [`Bug::parse`], so that it has a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bug(Which);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    /// A mistake that is named.
    Known { network: Checked, planted: Planted },
    /// One that is to be found; each variant, the number of a student, say, has one of its own.
    Hidden { variant: u64 },
}

/// A network that is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Checked {
    /// The course's.
    Course,
    /// With dropout, a penalty and square weights, and relu units.
    SquareRelu,
    /// The same with tanh units.
    SquareTanh,
    /// The same with other numbers: that of a hidden bug.
    OfVariant(u64),
}

impl Checked {
    /// Those that a named bug is planted in, in this order.
    const NAMED: [Self; 3] = [Self::Course, Self::SquareRelu, Self::SquareTanh];

    fn problem(self) -> Problem {
        match self {
            Self::Course => problem(),
            Self::SquareRelu => square(Activation::Relu, SEED, &mut NumpyRng::new(2)),
            Self::SquareTanh => square(Activation::Tanh, SEED, &mut NumpyRng::new(2)),
            Self::OfVariant(variant) => {
                let mut rng = rng_of(variant);
                let seed = rng.up_to(u32::MAX);
                square(Activation::Tanh, seed, &mut rng)
            }
        }
    }
}

/// Hidden units of the network with dropout and penalty: as many in both layers, so that every mistake has a place.
const SQUARE: [usize; 4] = [4, 5, 5, 1];
const KEEP: f64 = 0.8;
const LAMBDA: f64 = 0.7;

impl Bug {
    /// `missing-mean`, `missing-mean@2` for layer 2, or `hidden`, of which each variant has one of its own, in a network of its own. One
    /// that is named is planted in the network of that hidden one where a variant is given, too.
    ///
    /// ```
    /// use nablab_labs::Bug;
    /// let in_layer_2 = Bug::parse("missing-mean@2", None)?;
    /// assert_eq!(Bug::parse("mean@2", None)?, in_layer_2); // what is missing can be named alone
    /// assert_ne!(Bug::parse("missing-mean@2", Some(17))?, in_layer_2); // in the network of the hidden ones
    /// assert_ne!(Bug::parse("hidden", Some(17))?, Bug::parse("hidden", Some(18))?);
    /// assert!(Bug::parse("singe", None).unwrap_err().to_string().contains("got singe"));
    /// # Ok::<(), nablab_labs::LabError>(())
    /// ```
    ///
    /// # Errors
    /// [`LabError::Bug`] for a name or a layer that there is not.
    pub fn parse(text: &str, variant: Option<u64>) -> Result<Self, LabError> {
        if text == "hidden" {
            return Ok(Self(Which::Hidden { variant: variant.unwrap_or(0) }));
        }
        let (key, layer) = text.split_once('@').map_or((text, None), |(key, layer)| (key, Some(layer)));
        let unknown = |expected: String| LabError::Bug { expected, got: text.to_owned() };
        let named = |name: &str| Mistake::ALL.iter().copied().find(|mistake| mistake.key() == name);
        // What is missing can be named alone: mean, mask, penalty, derivative.
        let all = Self::mistakes();
        let keys = || all.iter().map(|mistake| mistake.key()).collect::<Vec<_>>().join(", ");
        let mistake = named(key).or_else(|| named(&format!("missing-{key}")));
        let mistake = mistake.filter(|mistake| all.contains(mistake));
        let mistake = mistake.ok_or_else(|| unknown(format!("hidden, or one of {}", keys())))?;
        let places = visible(mistake, variant);
        let is_asked = |planted: &Planted| match layer.map(str::parse) {
            None => true,
            Some(layer) => layer == Ok(planted.layer + 1),
        };
        match places.iter().find(|(_, planted)| is_asked(planted)) {
            Some(&(network, planted)) => Ok(Self(Which::Known { network, planted })),
            None => {
                let mut layers: Vec<_> = places.iter().map(|(_, planted)| planted.layer + 1).collect();
                layers.sort_unstable();
                layers.dedup();
                let first = layers.first().copied().unwrap_or(1);
                Err(unknown(format!("{key} in {}, such as {key}@{first}", in_words(&layers))))
            }
        }
    }

    /// All that can be planted: what needs another loss than these networks have has no place.
    ///
    /// ```
    /// use nablab_labs::{Bug, by_hand::Mistake};
    /// let all = Bug::mistakes();
    /// assert!(all.contains(&Mistake::MeanMissing) && !all.contains(&Mistake::LossDoubled));
    /// ```
    pub fn mistakes() -> Vec<Mistake> {
        let squares = [Checked::SquareRelu, Checked::SquareTanh].map(Checked::problem);
        let has_place = |mistake: &Mistake| {
            squares.iter().flat_map(Mistake::places).any(|planted| planted.mistake == *mistake)
        };
        Mistake::ALL.iter().copied().filter(has_place).collect()
    }

    /// The problem and the place in it.
    fn planted(self) -> (Problem, Planted) {
        match self.0 {
            Which::Known { network, planted } => (network.problem(), planted),
            Which::Hidden { variant } => {
                let problem = Checked::OfVariant(variant).problem();
                // A matrix of another shape gives itself away.
                let is_hidden =
                    |planted: &Planted| check(&problem, *planted).is_some_and(|report| !report.is_correct());
                let places: Vec<_> = Mistake::places(&problem).filter(is_hidden).collect();
                let mut rng = rng_of(variant);
                let chosen = (rng.uniform() * places.len() as f64) as usize;
                (problem, places[chosen])
            }
        }
    }
}

/// `layer 3`, `layers 1 to 3`, `layers 1 and 3`; in order.
fn in_words(layers: &[usize]) -> String {
    let shown = |layers: &[usize]| layers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
    match layers {
        [one] => format!("layer {one}"),
        [first, .., last] if last - first + 1 == layers.len() => format!("layers {first} to {last}"),
        layers => format!("layers {}", shown(layers)),
    }
}

/// Where the mistake can be seen: first in the course's network, then in the others, since not every mistake has a place in the
/// course's. Beside a hidden one, only in the network of that.
fn visible(mistake: Mistake, of_hidden: Option<u64>) -> Vec<(Checked, Planted)> {
    let networks = match of_hidden {
        Some(variant) => vec![Checked::OfVariant(variant)],
        None => Checked::NAMED.to_vec(),
    };
    let of_network = |network: Checked| {
        let problem = network.problem();
        let places = (0..problem.layers.len()).map(|layer| Planted { mistake, layer });
        let is_seen = |planted: &Planted| {
            mistake.fits(&problem, planted.layer)
                && check(&problem, *planted).is_none_or(|report| !report.is_correct())
        };
        places.filter(is_seen).map(|planted| (network, planted)).collect::<Vec<_>>()
    };
    networks.into_iter().flat_map(of_network).collect()
}

/// 4-5-5-1 with dropout and a penalty, in numbers short enough to be typed.
fn square(activation: Activation, seed: u32, rng: &mut NumpyRng) -> Problem {
    let mut problem = problem_of(seed, &SQUARE);
    let short = |matrix: &Matrix| matrix.map(|entry| (100.0 * entry).round() / 100.0);
    problem.x = short(&problem.x);
    problem.layers.iter_mut().for_each(|layer| (layer.w, layer.b) = (short(&layer.w), short(&layer.b)));
    problem.l2 = LAMBDA;
    for layer in &mut problem.layers[..2] {
        let entries: Vec<_> = (0..5 * 3).map(|_| f64::from(u8::from(rng.uniform() < KEEP))).collect();
        layer.activation = activation;
        layer.dropout = Some(Dropout { mask: Matrix::new(5, 3, entries), keep: KEEP });
    }
    problem
}

/// The check of the gradient with the mistake in it; none if a matrix has another shape, so that there is nothing to compare.
fn check(problem: &Problem, planted: Planted) -> Option<Report> {
    by_hand::check(problem, &[planted])?.ok()
}

/// Units of the inputs and of each layer.
fn sizes(problem: &Problem) -> Vec<usize> {
    std::iter::once(problem.x.rows()).chain(problem.layers.iter().map(|layer| layer.w.rows())).collect()
}

fn layout_of(problem: &Problem) -> Layout {
    Layout::dense(&sizes(problem))
}

/// The item of a planted bug, and what the check says of it in a sentence.
pub(super) fn item(bug: Bug, lang: Lang) -> (Item, String) {
    let (problem, planted) = bug.planted();
    let title = match bug.0 {
        Which::Known { .. } => lang.choose("A planted bug".to_owned(), "埋入的错误".to_owned()),
        Which::Hidden { variant } => {
            lang.choose(format!("A hidden bug, variant {variant}"), format!("隐藏的错误，第 {variant} 题"))
        }
    };
    let is_hidden = matches!(bug.0, Which::Hidden { .. });
    let mut item = Item::new("gradient-checking.bug", &title, false);
    item.paragraph(network_in_words(&problem, lang));
    item.blocks.push(Block::Details {
        summary: lang
            .choose(
                "Its numbers, as one types them into Python: compute an entry with the formula that you suspect",
                "它的数据，可直接粘贴到 Python 中：用你怀疑的公式算一个元素",
            )
            .into(),
        blocks: vec![Block::Code(given(&problem))],
    });
    let mistake = lang.choose(
        format!("The mistake is in {}.", planted.words(lang)),
        format!("错误在 {}。", planted.words(lang)),
    );
    let answer = |said: Option<String>| Block::Details {
        summary: lang.choose("The answer: which mistake it is", "答案：是哪个错误").into(),
        blocks: [Some(mistake), said].into_iter().flatten().map(Block::Paragraph).collect(),
    };
    let Some(report) = check(&problem, planted) else {
        let title = lang.choose("There is nothing to compare", "无法比较");
        item.note(
            title,
            lang.choose(
                "A matrix of the gradient has another shape than its parameters. A program that adds it to them fails, or spreads \
                 it over rows and columns without a word: look at the shapes before you check the numbers.",
                "梯度中有一个矩阵的形状与参数不同。把它加到参数上的程序会报错，或者不声不响地按行列广播：检验数值之前先看形状。",
            ),
        );
        item.blocks.extend((!is_hidden).then(|| answer(None)));
        let statement = format!("{}{}{title}{}", item.title, lang.choose(". ", "："), lang.choose(".", "。"));
        return (item, statement);
    };
    item.value("difference", Number(report.difference).into());
    let difference = number(report.difference, 4);
    let said: Vec<_> = report.findings.iter().map(|found| finding(found, lang)).collect();
    let title = lang.choose(format!("Relative difference {difference}"), format!("相对差 {difference}"));
    let said = said.join(lang.choose("; ", "；"));
    let text: &str = match (is_hidden, report.is_correct()) {
        (_, true) => lang.choose("Each component agrees: here the mistake changes nothing.", "每个分量都一致：在这里这个错误没有影响。"),
        (false, false) => lang
            .choose(
                "The table says where the gradient is wrong. Which mistake makes these numbers? The answer is folded away below them.",
                "表格说明梯度错在哪里。哪个错误会造成这些数值？答案折叠在这些数值下面。",
            ),
        (true, false) => lang
            .choose(
                "The table says where the gradient is wrong. Which mistake makes these numbers? Plant the one that you suspect, such as `missing-mean@2`, in the same network, that of your variant, and compare.",
                "表格说明梯度错在哪里。哪个错误会造成这些数值？在同一个网络（即你那一题的网络）中埋入你怀疑的那一个，例如 `missing-mean@2`，再比较。",
            ),
    };
    item.blocks.push(note(if report.is_correct() { Kind::Good } else { Kind::Bad }, &title, text));
    item.blocks.push(slot_table(&report, &layout_of(&problem), lang));
    item.blocks.push(Block::Code(listing(&report, lang)));
    match is_hidden {
        true => item.key = Some(planted.words(lang)),
        false => {
            let said = lang.choose(
                format!("The check by component says: {said}."),
                format!("逐个分量检验的结论：{said}。"),
            );
            item.blocks.push(answer(Some(said)));
        }
    }
    let slots: Vec<_> = report.findings.iter().map(|found| format!("d{}", found.slot)).collect();
    let slots = slots.join(lang.choose(", ", "、"));
    let statement = lang.choose(
        format!("{}: relative difference {difference}; wrong: {slots}.", item.title),
        format!("{}：相对差 {difference}；错误的有 {slots}。", item.title),
    );
    (item, statement)
}

/// Every component: its name, what the backward pass says, and what the difference says.
fn listing(report: &Report, lang: Lang) -> String {
    let (component, analytic, numeric) =
        lang.choose(("component", "analytic", "numeric"), ("分量", "解析值", "数值"));
    // A Chinese character is as wide as two others.
    let wide = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let blank = |text: &str, width: usize| " ".repeat(width.saturating_sub(wide(text)));
    let head = format!(
        "{component}{}{analytic}{}{numeric}",
        blank(component, 10) + &blank(analytic, 17),
        blank(numeric, 19)
    );
    let line = |c: &Component| format!("{:<10} {:>16.9} {:>18.9}", c.name, c.analytic, c.wide);
    std::iter::once(head).chain(report.components.iter().map(line)).collect::<Vec<_>>().join("\n")
}

fn network_in_words(problem: &Problem, lang: Lang) -> String {
    let sizes = sizes(problem).iter().map(ToString::to_string).collect::<Vec<_>>().join("-");
    let activation = if problem.layers[0].activation == Activation::Tanh { "tanh" } else { "relu" };
    let extra = (problem.l2 > 0.0).then(|| {
        lang.choose(
            format!(", with dropout (keep = {KEEP}) and an L2 penalty (λ = {LAMBDA})"),
            format!("，带 dropout（保留概率 {KEEP}）和 L2 惩罚（λ = {LAMBDA}）"),
        )
    });
    let extra = extra.unwrap_or_default();
    let examples = problem.examples();
    lang.choose(
        format!("A network {sizes} with {activation} on {examples} examples{extra}."),
        format!("{sizes} 网络，{activation}，{examples} 个样本{extra}。"),
    )
}
