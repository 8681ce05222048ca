//! `nablab diagnose`: what is wrong with a training, how that is known, and what to change.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args as ClapArgs;
use nablab::diagnosis::{Advice, Diagnosis, Evidence, Finding, diagnose};
use nablab::report::Lang;
use nablab::tables::run::Record;
use nablab::tables::{DeepDiagnosis, Model, Tables};
use serde::Serialize;

use crate::lab::language;
use crate::threads::Threads;
use crate::{Answer, terminal};

const HELP: &str = "\
Each finding has a name, what was measured, and flags of nablab train that may help. Findings are no failures: the exit
code stays 0 unless --fail-on names one that is found.

Examples:
  nablab diagnose runs/iris
  nablab diagnose runs/iris --lang zh
  nablab diagnose runs/iris --deep
  nablab diagnose runs/iris --json
  nablab diagnose runs/iris --fail-on diverged,overfitting";

#[derive(ClapArgs)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// A run folder
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// The table, for --deep [default: the one it was trained on]
    data: Option<PathBuf>,
    /// Try it: 32 rows alone, shuffled targets, the gradient, and over several seeds whether what is advised helps
    #[arg(long)]
    deep: bool,
    /// Seeds of --deep
    #[arg(long, value_name = "N", default_value_t = 5, requires = "deep", value_parser = clap::value_parser!(u32).range(2..=1000))]
    seeds: u32,
    #[command(flatten)]
    threads: Threads,
    /// Language of the findings
    #[arg(long, value_parser = language(), default_value = "en")]
    lang: Lang,
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
    /// Answer with exit code 1 if one of these is found
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    fail_on: Vec<String>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    if let Some(unknown) = args
        .fail_on
        .iter()
        .filter(|code| !code.is_empty())
        .find(|code| !Finding::CODES.contains(&code.as_str()))
    {
        bail!("--fail-on {unknown} is no finding\nhint: there are {}", Finding::CODES.join(", "));
    }
    let record = Record::read(&args.run)?;
    let lang = args.lang;
    let Some(mut evidence) = record.evidence.clone() else {
        bail!(
            "{} holds no evidence: an earlier nablab wrote it\nhint: nablab train --resume writes it anew",
            args.run.display()
        );
    };
    let deep = args.deep.then(|| deep(args, &mut evidence)).transpose()?;
    let findings = diagnose(&evidence);
    let diagnosis = Diagnosis::new(&findings, &evidence, lang, &Advice::flags);
    let text = match args.json {
        true => {
            let printed = Printed { diagnosis: &diagnosis, deep: deep.as_ref() };
            format!("{:#}\n", serde_json::to_value(printed)?)
        }
        false => {
            let deep = deep.map_or(String::new(), |deep| format!("\n{}", deep.text(lang, &Advice::flags)));
            diagnosis.text() + &deep
        }
    };
    let printed = terminal::print(&text)?;
    let is_named = findings.iter().any(|finding| args.fail_on.iter().any(|code| code == finding.code()));
    Ok(if is_named { Answer::No } else { printed })
}

/// Experiments with the training of the run, on its table.
fn deep(args: &Args, evidence: &mut Evidence) -> anyhow::Result<DeepDiagnosis> {
    let model = Model::load(&args.run)?;
    let Some(file) = args.data.as_ref().or(model.settings.data.file.as_ref()) else {
        bail!("which table?\nhint: nablab diagnose RUN FILE --deep");
    };
    let tables = Tables::load(&model.settings, file, Path::new(""), args.threads.count(), &mut ())?;
    Ok(DeepDiagnosis::new(&model, evidence, &tables, args.seeds as usize, args.threads.count(), &())?)
}

/// A diagnosis, with what experiments showed.
#[derive(Serialize)]
struct Printed<'d> {
    #[serde(flatten)]
    diagnosis: &'d Diagnosis,
    #[serde(skip_serializing_if = "Option::is_none")]
    deep: Option<&'d DeepDiagnosis>,
}
