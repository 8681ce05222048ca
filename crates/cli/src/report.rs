//! `nablab report`: a training, or several beside each other, as a page.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args as ClapArgs;
use nablab::data::file_to_replace;
use nablab::report::document::is_page;
use nablab::report::{Lang, html};
use nablab::tables::Model;
use nablab::tables::report::{Comparison, document};
use nablab::tables::run::Record;

use crate::lab::language;
use crate::{Answer, output, terminal};

/// The page's name where none is given.
const PAGE: &str = "report.html";

const HELP: &str = "\
The page needs nothing but itself, and shows light and dark. Of several runs it has their curves in one figure, their
metrics side by side with confidence intervals, and the settings in which they differ.

Examples:
  nablab report runs/iris --lang zh
  nablab report runs/iris runs/iris-2 runs/iris-3 --out iris.html
  nablab report runs/* --json";

#[derive(ClapArgs)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// A run folder, or several to compare
    #[arg(value_name = "RUN", required = true)]
    runs: Vec<PathBuf>,
    /// The page, or - for standard output; only an earlier one is replaced [default: report.html, of one run in its folder]
    #[arg(long, value_name = "FILE.html")]
    out: Option<PathBuf>,
    /// Language of the page
    #[arg(long, value_parser = language(), default_value = "en")]
    lang: Lang,
    /// Print the comparison as JSON; a page is written then only with --out
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let runs = Record::read_all(&args.runs)?;
    let lang = args.lang;
    let out = match (&args.out, args.runs.as_slice()) {
        (Some(out), _) => Some(out.clone()),
        (None, _) if args.json => None,
        (None, [folder]) => Some(folder.join(PAGE)),
        (None, _) => Some(PAGE.into()),
    };
    let page = |runs: &[(String, PathBuf, Record)]| match runs {
        [(name, folder, record)] => Ok(document(name, record, &Model::load_to_show(folder)?, lang)),
        _ => anyhow::Ok(Comparison::new(runs.to_vec()).document(lang)),
    };
    if let Some(out) = &out {
        check_replaceable(out)?;
        output::write_out(out, html(&page(&runs)?).as_bytes())?;
    }
    if args.json {
        return terminal::print(&format!("{}\n", serde_json::to_string_pretty(&Comparison::new(runs))?));
    }
    let out = out.unwrap_or_default();
    if output::is_stdout(&out) {
        return Ok(Answer::Yes);
    }
    let out = out.display();
    terminal::print(&lang.choose(format!("report: {out}\n"), format!("报告：{out}\n")))
}

/// Only what is not there, or a page of ours, is replaced.
pub(crate) fn check_replaceable(path: &Path) -> anyhow::Result<()> {
    let hint = "hint: choose another file with --out";
    let cannot = || format!("cannot read {}\n{hint}", path.display());
    if path.is_dir() {
        bail!("{} is a folder\nhint: name a file in it with --out", path.display());
    }
    if output::is_stdout(path) || file_to_replace(path)?.is_none() {
        return Ok(());
    }
    if !is_page(path).with_context(cannot)? {
        bail!("{} is there already and is not a report of nablab\n{hint}", path.display());
    }
    Ok(())
}
