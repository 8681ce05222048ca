//! `nablab check`: the gradient of a network against finite differences: of a run on its table, or of a recipe on its data. And what the
//! student's own code computed, against what is right.

mod hand_in;

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args as ClapArgs;
use nablab::data::read_text;
use nablab::engine::gradcheck::Report;
use nablab::engine::{Network, Penalty};
use nablab::tables::recipe::names_of;
use nablab::tables::report::{gradient, gradient_json};
use nablab::tables::{Model, RecipeWithData};

use crate::threads::Threads;
use crate::{Answer, table, terminal};

/// What the table says.
const VERDICTS: &str = "\
For every parameter the backward pass is compared with a central difference of the cost, and is one of:

  agree      both are the same to five digits
  round-off  they differ by no more than the difference itself is uncertain: floating-point numbers have 16 digits
  kink       a relu unit switches on or off within the step of the difference (as all do at weights of 0), or a weight
             under an L1 penalty changes its sign; the difference says nothing there, and the entry cannot be checked
  wrong      they differ";

/// An example, and how one's own code is checked.
const EXAMPLES: &str = "\
Example of a recipe:

  hidden = [{ units = 5, activation = \"tanh\", dropout = 0.2 }, { units = 2 }]
  loss = \"sigmoid-cross-entropy\"
  init = \"he\"
  penalty = { l2 = 0.1 }

  [data]
  source = \"moons\"        # or: file = \"points.csv\"
  samples = 300
  noise = 0.2

Your own code: --hand-out writes a problem as numbers, your code computes what it asks for, and --hand-in says which of your
matrices are right, where the others are off, and which known mistake, or which two, make exactly your numbers.

Examples:
  nablab check --recipe recipe.toml
  nablab check runs/iris
  nablab check --hand-out problem --variant 7
  nablab check --hand-in problem/mine.npz
  nablab check --hand-out mine --recipe recipe.toml

Exit code: 0 right, 1 wrong, 2 bad use or input.";

/// The values of a recipe that are a choice, and what is to be said of them.
const CHOICES: [(&str, &str); 6] = [
    ("activation", ""),
    ("loss", ""),
    ("init", ""),
    ("optimizer", ""),
    ("schedule", ""),
    ("precision", " (what a training computes in; the gradient is always checked in f64)"),
];

fn help() -> String {
    let line = |(key, remark): (&str, &str)| {
        format!("  {key:<12}{}{remark}\n", names_of(key).collect::<Vec<_>>().join(", "))
    };
    let values: String = CHOICES.map(line).concat();
    format!("{VERDICTS}\n\nValues of a recipe:\n\n{values}\n{EXAMPLES}")
}

/// The recipe and how much of its data to use.
#[derive(ClapArgs)]
#[command(after_help = help())]
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
    /// Check on this many examples, from the start of the data [default: 20]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), conflicts_with = "hand_in")]
    examples: Option<u32>,
    /// Print the result as JSON
    #[arg(long, conflicts_with = "hand_out")]
    json: bool,
    #[command(flatten)]
    own: hand_in::Args,
}

/// Check, print, and answer whether the gradient is right.
pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    if let Some(folder) = &args.own.hand_out {
        return hand_in::hand_out(&args.own, folder, args.recipe.as_deref(), args.examples);
    }
    if let Some(file) = &args.own.hand_in {
        return hand_in::hand_in(&args.own, file, args.json);
    }
    let (report, network, penalty) = match (&args.run, &args.recipe) {
        (Some(run), _) => of_run(run, args)?,
        (None, Some(recipe)) => of_recipe(recipe, count(args.examples))?,
        (None, None) => {
            bail!(
                "what is to be checked?\nhint: nablab check runs/NAME, nablab check --recipe FILE.toml, or --hand-out DIR for a problem"
            )
        }
    };
    terminal::print(&match args.json {
        true => gradient_json(&report),
        false => gradient(&report, &network, penalty),
    })?;
    Ok(if report.is_correct() { Answer::Yes } else { Answer::No })
}

/// Enough to see a mistake, few enough that differences of every parameter take no time.
fn count(examples: Option<u32>) -> usize {
    examples.unwrap_or(20) as usize
}

/// A trained network, on the rows it learned from.
fn of_run(run: &Path, args: &Args) -> anyhow::Result<(Report, Network, Penalty)> {
    let model = Model::load(run)?;
    let Some(file) = args.data.as_ref().or(model.settings.data.file.as_ref()) else {
        bail!("which table?\nhint: nablab check RUN FILE");
    };
    let tables = table::load_both(&model.settings, file, Path::new(""), Threads::default(), args.json)?;
    let report = model.check_gradient(&tables, count(args.examples))?;
    Ok((report, model.network.clone(), model.settings.training.penalty))
}

/// A recipe's network at its initial weights, on the recipe's data.
fn of_recipe(path: &Path, examples: usize) -> anyhow::Result<(Report, Network, Penalty)> {
    let recipe = read_recipe(path)?;
    let (report, network) = recipe.check_gradient(examples)?;
    Ok((report, network, recipe.recipe.penalty))
}

fn read_recipe(path: &Path) -> anyhow::Result<RecipeWithData> {
    let name = path.display().to_string();
    let text = read_text(path)?;
    // Relative to where the recipe lies, not to where the command runs.
    Ok(RecipeWithData::parse(&text, &name, path.parent().unwrap_or(Path::new("")))?)
}
