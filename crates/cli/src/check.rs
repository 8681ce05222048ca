//! `nablab check`: the gradient of a network against finite differences: of a run on its table, or of a recipe on its data.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args as ClapArgs;
use nablab::data::Dataset;
use nablab::engine::gradcheck::{NetworkCheck, Report, Verdict};
use nablab::engine::{Activation, Hidden, Layout, Loss, MatRef, Network, Penalty};
use nablab::report::number;
use nablab::tables::{Model, Tables};
use serde_json::json;

use crate::{Answer, recipe, table, terminal};

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
  optimizer   gradient-descent, momentum, nesterov, rms-prop, adam, adam-w, l-bfgs
  schedule    constant, step, exponential, inverse-time, cosine
  precision   f32, f64 (what a training computes in; the gradient is always checked in f64)

Example of a recipe:

  hidden = [{ units = 5, activation = \"tanh\", dropout = 0.2 }, { units = 2 }]
  loss = \"sigmoid-cross-entropy\"
  init = \"he\"
  penalty = { l2 = 0.1 }

  [data]
  source = \"moons\"        # or: file = \"points.csv\"
  samples = 300
  noise = 0.2

Examples:
  nablab check --recipe recipe.toml
  nablab check runs/iris";

/// The recipe and how much of its data to use.
#[derive(ClapArgs)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// A run folder: its trained network, on the rows it learned from
    #[arg(value_name = "RUN", conflicts_with = "recipe")]
    run: Option<PathBuf>,
    /// The run's table, if it does not lie where it lay
    #[arg(requires = "run")]
    data: Option<PathBuf>,
    /// A recipe with a [data] table: its network at the initial weights
    #[arg(long, value_name = "FILE.toml")]
    recipe: Option<PathBuf>,
    /// Check on this many examples, from the start of the data
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    examples: u32,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

/// Check, print, and answer whether the gradient is right.
pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let (report, layout, corners) = match (&args.run, &args.recipe) {
        (Some(run), _) => of_run(run, args)?,
        (None, Some(recipe)) => of_recipe(recipe, args.examples as usize)?,
        (None, None) => {
            bail!("what is to be checked?\nhint: nablab check runs/NAME, or nablab check --recipe FILE.toml")
        }
    };
    if args.json {
        let value = json!({ "schema": "nablab.check/1", "correct": report.is_correct(), "report": report });
        terminal::print(&format!("{value:#}\n"))?;
    } else {
        terminal::print(&describe(&report, &layout, corners))?;
    }
    Ok(if report.is_correct() { Answer::Yes } else { Answer::No })
}

/// A trained network, on the rows it learned from.
fn of_run(run: &Path, args: &Args) -> anyhow::Result<(Report, Layout, Corners)> {
    let model = Model::load(run)?;
    let Some(file) = args.data.as_ref().or(model.settings.data.file.as_ref()) else {
        bail!("which table?\nhint: nablab check RUN FILE");
    };
    let tables = table::load_both(&model.settings, file, Path::new(""), args.json)?;
    let Tables { name, table, judged_on } = &tables;
    let report = model.check_gradient(table, judged_on.as_deref(), name, args.examples as usize)?;
    let corners = Corners::of(&model.network, model.settings.training.penalty);
    Ok((report, model.network.layout().clone(), corners))
}

/// A recipe's network at its initial weights, on the recipe's data.
fn of_recipe(path: &Path, examples: usize) -> anyhow::Result<(Report, Layout, Corners)> {
    let (recipe, data) = recipe::read(path)?;
    let (x, y, m) = batch(&data, examples);
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
    Ok((report, network.layout().clone(), Corners::of(&network, recipe.penalty)))
}

/// X, Y and the number of the first examples.
fn batch(data: &Dataset, examples: usize) -> (Vec<f64>, Vec<f64>, usize) {
    let (all, m) = (data.examples(), examples.min(data.examples()));
    let first = |flat: &[f64]| flat.chunks_exact(all.max(1)).flat_map(|row| &row[..m]).copied().collect();
    (first(data.x()), first(&data.targets()), m)
}

/// What gives a cost corners.
#[derive(Clone, Copy)]
struct Corners {
    units: bool,
    l1: bool,
}

impl Corners {
    fn of(network: &Network, penalty: Penalty) -> Self {
        let has_corner = |l: &Hidden| matches!(l.activation, Activation::Relu | Activation::LeakyRelu { .. });
        Self { units: network.hidden().iter().any(has_corner), l1: penalty.l1 > 0.0 }
    }

    fn what(self) -> &'static str {
        match (self.units, self.l1) {
            (true, true) => "a relu unit or the L1 penalty",
            (false, true) => "the L1 penalty",
            _ => "a relu unit",
        }
    }

    fn at_zero(self) -> &'static str {
        match (self.units, self.l1) {
            (true, true) => "every relu unit, and the L1 penalty, is at its corner",
            (false, true) => "the L1 penalty is at its corner",
            _ => "every relu unit is at its corner",
        }
    }
}

/// A line per slot, then the findings and the verdict.
fn describe(report: &Report, layout: &Layout, corners: Corners) -> String {
    let mut out = format!(
        "{:<10}{:>9}{:>9}{:>11}{:>7}{:>7}\n",
        "slot", "entries", "agree", "round-off", "kink", "wrong"
    );
    for slot in layout.slots() {
        let entries = &report.components[slot.range.clone()];
        let count = |verdict| entries.iter().filter(|c| c.verdict == verdict).count();
        out += &format!(
            "{:<10}{:>9}{:>9}{:>11}{:>7}{:>7}\n",
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
        out += &format!(
            "kink: {} has a corner there, and a difference across it says nothing\n",
            corners.what()
        );
    }
    if report.count(Verdict::RoundOff) > 0 {
        out += "round-off: apart by no more than floating-point numbers are uncertain\n";
    }
    let verdict = match (report.is_correct(), unchecked) {
        (false, _) => "the gradient is wrong".to_owned(),
        (true, 0) => "the gradient is correct".to_owned(),
        (true, _) => format!(
            "nothing wrong, but {unchecked} of {all} entries could not be checked\n\
             hint: at weights of 0 {}; check with random ones, as init = \"he\"",
            corners.at_zero()
        ),
    };
    out + &format!(
        "cost {}, relative difference {}: {verdict}\n",
        number(report.value, 6),
        number(report.difference, 3)
    )
}
