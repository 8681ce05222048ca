//! `nablab check`: the gradient of a recipe's network against finite differences, on the recipe's data.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::Args as ClapArgs;
use nablab_data::{Dataset, Generator, load};
use nablab_engine::gradcheck::{NetworkCheck, Report, Verdict};
use nablab_engine::{Layout, Loss, MatRef, Network, Recipe, Settings};
use nablab_report::number;
use serde::Deserialize;
use serde_json::json;
use toml::de::{DeTable, ValueDeserializer};

use crate::{Answer, terminal};

/// What the table says, what a recipe may hold, and an example, shown in the help.
const HELP: &str = "\
For every parameter the backward pass is compared with a central difference of the cost, and is one of:

  agree      both are the same to five digits
  round-off  they differ by no more than the difference itself is uncertain: floating-point numbers have 16 digits
  kink       a relu unit switches on or off within the step of the difference (as all do at weights of 0), or a weight
             under an L1 penalty changes its sign; the difference says nothing there, and the entry cannot be checked
  wrong      they differ

Values of a recipe:

  activation  relu, leaky-relu, tanh, sigmoid, identity
  loss        sigmoid-cross-entropy, sigmoid-cross-entropy-direct, softmax-cross-entropy, squared-error
  init        zeros, normal, he, he-uniform, xavier, xavier-uniform, lecun, lecun-uniform, orthogonal
  optimizer   gradient-descent, momentum, nesterov, rms-prop, adam, adam-w
  schedule    constant, step, exponential, inverse-time, cosine

Example of a recipe:

  hidden = [{ units = 5, activation = \"tanh\", dropout = 0.2 }, { units = 2 }]
  loss = \"sigmoid-cross-entropy\"
  init = \"he\"
  penalty = { l2 = 0.1 }

  [data]
  source = \"moons\"        # or: file = \"points.csv\"
  samples = 300
  noise = 0.2

Example: nablab check --recipe recipe.toml";

/// The recipe and how much of its data to use.
#[derive(ClapArgs)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// A recipe with a [data] table
    #[arg(long, value_name = "FILE.toml")]
    recipe: PathBuf,
    /// Check on this many examples, from the start of the data
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    examples: u32,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

/// Check, print, and answer whether the gradient is right.
pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let (recipe, data) = read(&args.recipe)?;
    let (x, y, m) = batch(&data, args.examples as usize);
    let (x, y) = (MatRef::new(&x, data.features(), m), MatRef::new(&y, data.outputs(), m));
    if recipe.loss == Loss::SoftmaxCrossEntropy && data.outputs() == 1 {
        bail!(
            "softmax-cross-entropy needs three classes or more, the data has 2\nhint: sigmoid-cross-entropy"
        );
    }
    let network = Network::of::<f64>(&recipe, data.features(), data.outputs(), m)?;
    network.check_shapes(x, y)?;
    let mut params = vec![0.0; network.layout().len()];
    recipe.init.fill(network.layout(), &mut recipe.seed.weights(), &mut params);
    let mut check = NetworkCheck::new(&network, &params, x, y, recipe.penalty, &mut recipe.seed.dropout());
    let gradient = check.gradient();
    let report = check.compare(&gradient)?;
    if args.json {
        let value = json!({ "schema": "nablab.check/1", "correct": report.is_correct(), "report": report });
        terminal::print(&format!("{value:#}\n"))?;
    } else {
        terminal::print(&describe(&report, network.layout()))?;
    }
    Ok(if report.is_correct() { Answer::Yes } else { Answer::No })
}

/// The other kind of [data] table than a generator's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    file: PathBuf,
}

fn read(path: &Path) -> anyhow::Result<(Recipe, Dataset)> {
    let name = path.display();
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read {name}\nhint: check the path and its permissions"))?;
    // An error that does not know its place lies somewhere behind `start`.
    let located = |start: usize| {
        let text = &text;
        move |error: toml::de::Error| {
            let start = error.span().map_or(start, |span| span.start);
            let before = text.get(..start).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
            anyhow!("{}: line {line}, column {column}: {}", path.display(), error.message())
        }
    };
    // The data's table is not part of the training's settings: take it out before those are read.
    let mut table = DeTable::parse(&text).map_err(located(0))?;
    let key = table.get_ref().keys().find(|key| key.get_ref() == "data").cloned();
    let Some(data) = key.and_then(|key| table.get_mut().remove(&key)) else {
        bail!(
            "{name}: expected a table [data]\nhint: for example `source = \"moons\"` in it, or `file = \"points.csv\"`"
        );
    };
    let settings = Settings::deserialize(toml::Deserializer::from(table)).map_err(located(0))?;
    let recipe = settings.check().with_context(|| format!("{name}"))?;

    let start = data.span().start;
    let is_file = data.get_ref().as_table().is_some_and(|table| table.contains_key("file"));
    let data = ValueDeserializer::from(data);
    if is_file {
        let File { file } = File::deserialize(data).map_err(located(start))?;
        // Relative to where the recipe lies, not to where the command runs.
        let file = path.parent().map_or_else(|| file.clone(), |folder| folder.join(&file));
        return Ok((recipe, load(&file)?.train));
    }
    let generator = Generator::deserialize(data).map_err(located(start))?;
    Ok((recipe, generator.generate().with_context(|| format!("{name}: [data]"))?))
}

/// X, Y and the number of the first examples.
fn batch(data: &Dataset, examples: usize) -> (Vec<f64>, Vec<f64>, usize) {
    let (all, m) = (data.examples(), examples.min(data.examples()));
    let first = |flat: &[f64]| flat.chunks_exact(all.max(1)).flat_map(|row| &row[..m]).copied().collect();
    (first(data.x()), first(&data.targets()), m)
}

/// A line per slot, then the findings and the verdict.
fn describe(report: &Report, layout: &Layout) -> String {
    let mut out = format!(
        "{:<6}{:>9}{:>9}{:>11}{:>7}{:>7}\n",
        "slot", "entries", "agree", "round-off", "kink", "wrong"
    );
    for slot in layout.slots() {
        let entries = &report.components[slot.range.clone()];
        let count = |verdict| entries.iter().filter(|c| c.verdict == verdict).count();
        out += &format!(
            "{:<6}{:>9}{:>9}{:>11}{:>7}{:>7}\n",
            slot.name,
            entries.len(),
            count(Verdict::Agrees),
            count(Verdict::RoundOff),
            count(Verdict::Kink),
            count(Verdict::Wrong)
        );
    }
    for finding in &report.findings {
        out += &format!("{finding}\n");
    }
    let (unchecked, all) = (report.count(Verdict::Kink), report.components.len());
    if unchecked > 0 {
        out += "kink: a relu unit or an L1 penalty has a corner there, and a difference across it says nothing\n";
    }
    if report.count(Verdict::RoundOff) > 0 {
        out += "round-off: apart by no more than floating-point numbers are uncertain\n";
    }
    let verdict = match (report.is_correct(), unchecked) {
        (false, _) => "the gradient is wrong".to_owned(),
        (true, 0) => "the gradient is correct".to_owned(),
        (true, _) => format!(
            "nothing wrong, but {unchecked} of {all} entries could not be checked\n\
             hint: at weights of 0 every relu unit is at its corner; check with random ones, as init = \"he\""
        ),
    };
    out + &format!(
        "cost {}, relative difference {}: {verdict}\n",
        number(report.value, 6),
        number(report.difference, 3)
    )
}
