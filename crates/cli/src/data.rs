//! `nablab data`: write a generated data set.

use std::path::PathBuf;

use clap::builder::ValueParser;
use clap::{Arg, ArgMatches, Args as ClapArgs, Command, FromArgMatches, Subcommand, value_parser};
use nablab::data::dataset_file::{csv, writer};
use nablab::data::generate::{DescribedGenerator, Parameter, ParameterKind};

use crate::output::Replacing;
use crate::{Answer, output, terminal};

/// The generator and where to write.
#[derive(ClapArgs)]
#[command(after_help = "Example: nablab data moons --samples 300 --noise 0.2 --seed 3 --out moons.csv")]
pub(crate) struct Args {
    #[command(subcommand)]
    source: Source,
}

/// A generator, a subcommand each, and what is typed of its parameters.
struct Source {
    described: &'static DescribedGenerator,
    typed: Vec<(&'static str, String)>,
    writing: Writing,
}

#[derive(ClapArgs)]
struct Writing {
    /// The file to write; its ending says how; - prints a CSV
    #[arg(long, value_name = "FILE.{csv,npz}")]
    out: PathBuf,
    #[command(flatten)]
    replacing: Replacing,
    /// Say nothing
    #[arg(long, short)]
    quiet: bool,
}

impl Subcommand for Source {
    fn augment_subcommands(command: Command) -> Command {
        let generator = |described: &DescribedGenerator| {
            let command = Command::new(described.name).about(described.meaning);
            Writing::augment_args(command.args(described.parameters.iter().map(arg)))
        };
        command
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommands(DescribedGenerator::ALL.iter().map(generator))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        DescribedGenerator::named(name).is_some()
    }
}

impl FromArgMatches for Source {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let named = matches.subcommand().and_then(|(name, of)| Some((DescribedGenerator::named(name)?, of)));
        let (described, matches) =
            named.ok_or_else(|| clap::Error::new(clap::error::ErrorKind::MissingSubcommand))?;
        let text = |parameter: &Parameter| {
            let raw = matches.get_raw(parameter.name).and_then(Iterator::last)?;
            Some((parameter.name, raw.to_string_lossy().into_owned()))
        };
        let typed = described.parameters.iter().filter_map(text).collect();
        Ok(Self { described, typed, writing: Writing::from_arg_matches(matches)? })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The flag of a parameter.
fn arg(parameter: &Parameter) -> Arg {
    let (values, read): (_, ValueParser) = match parameter.kind {
        ParameterKind::Count => ("N", value_parser!(usize).into()),
        ParameterKind::Real => ("X", value_parser!(f64).into()),
        ParameterKind::Seed => ("S", value_parser!(u32).into()),
    };
    Arg::new(parameter.name)
        .long(parameter.name)
        .help(parameter.meaning)
        .value_name(values)
        .value_parser(read)
        .default_value(parameter.default.to_string())
        .allow_negative_numbers(parameter.kind == ParameterKind::Real)
}

/// Write the data set.
pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let Source { described, typed, writing } = &args.source;
    let Writing { out, replacing, quiet } = writing;
    let is_stdout = output::is_stdout(out);
    let write = if is_stdout { csv::write } else { writer(out)? };
    replacing.check(out, &[])?;
    let text = |name: &str| typed.iter().find(|(typed, _)| *typed == name).map(|(_, text)| text.clone());
    let set = described.generator(&text)?.generate()?;
    output::write_out(out, &write(&set))?;
    if *quiet || is_stdout {
        return Ok(Answer::Yes);
    }
    let (points, classes, path) = (set.examples(), set.classes(), out.display());
    terminal::print(&format!("{}: {points} points, {classes} classes → {path}\n", described.name))
}
