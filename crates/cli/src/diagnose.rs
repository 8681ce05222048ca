//! `nablab diagnose`: what is wrong with a training, how that is known, and what to change.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args as ClapArgs;
use nablab::diagnosis::{Advice, Certainty, Evidence, Finding, OpenQuestion, all_clear, diagnose};
use nablab::report::Lang;
use nablab::tables::run::Record;
use nablab::tables::{DeepDiagnosis, Model, Tables};
use serde_json::{Value, json};

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
    let text = match args.json {
        true => serde_json::to_string_pretty(&document(&findings, &evidence, deep.as_ref(), lang))? + "\n",
        false => {
            let deep = deep.map_or(String::new(), |deep| format!("\n{}", deep.text(lang)));
            words(&findings, &evidence, lang) + &deep
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
    Ok(DeepDiagnosis::new(&model, evidence, &tables, args.seeds as usize, args.threads.count())?)
}

fn document(findings: &[Finding], evidence: &Evidence, deep: Option<&DeepDiagnosis>, lang: Lang) -> Value {
    let one = |finding: &Finding| {
        json!({
            "code": finding.code(),
            "certainty": finding.certainty(),
            "text": finding.sentence(lang),
            "measured": finding,
            "advice": finding.advice(evidence).iter().map(Advice::flags).collect::<Vec<_>>(),
            "source": finding.source(),
            "page": finding.page(lang),
        })
    };
    let one_question =
        |question: &OpenQuestion| json!({ "code": question.code(), "text": question.sentence(lang) });
    let mut all = json!({
        "schema": "nablab.diagnosis/1",
        "findings": findings.iter().map(one).collect::<Vec<_>>(),
        "cannot_be_told": evidence.open_questions().iter().map(one_question).collect::<Vec<_>>(),
    });
    if let Some(deep) = deep {
        all["deep"] = json!(deep);
    }
    all
}

/// A paragraph for each finding, and a line for what cannot be told.
fn words(findings: &[Finding], evidence: &Evidence, lang: Lang) -> String {
    let certainty = |finding: &Finding| match finding.certainty() {
        Certainty::Certain => lang.choose("certain", "确定"),
        Certainty::Likely => lang.choose("likely", "很可能"),
        Certainty::Note => lang.choose("worth knowing", "供参考"),
    };
    let one = |finding: &Finding| {
        let mut text = format!("{} ({})\n  {}\n", finding.code(), certainty(finding), finding.sentence(lang));
        for flags in finding.advice(evidence).iter().map(Advice::flags) {
            text += &lang.choose(format!("  try: {flags}\n"), format!("  可尝试：{flags}\n"));
        }
        text + &lang
            .choose(format!("  more: {}\n", finding.page(lang)), format!("  详见：{}\n", finding.page(lang)))
    };
    let questions = evidence.open_questions();
    let clear = all_clear(findings, &questions, lang).map(|(_, text)| text + "\n");
    let questions: String = questions
        .iter()
        .map(|question| {
            lang.choose(
                format!("cannot be told: {}\n", question.sentence(lang)),
                format!("无法判断：{}\n", question.sentence(lang)),
            )
        })
        .collect();
    let parts = clear.into_iter().chain(findings.iter().map(one)).chain([questions]);
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}
