//! `nablab report`: a training, or several beside each other, as a page.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use nablab::report::{Lang, html};
use nablab::tables::report::{Comparison, document};
use nablab::tables::run::Record;
use nablab::tables::{Error, Model, check_page};

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
        check(out)?;
        output::write_out(out, html(&page(&runs)?).as_bytes())?;
    }
    if args.json {
        return terminal::print(&format!("{}\n", serde_json::to_string_pretty(&Comparison::new(runs))?));
    }
    say_where(&out.unwrap_or_default(), lang)
}

/// Whether the page may be written there.
pub(crate) fn check(out: &Path) -> Result<(), Error> {
    if output::is_stdout(out) { Ok(()) } else { check_page(out) }
}

/// Say where the page is.
pub(crate) fn say_where(out: &Path, lang: Lang) -> anyhow::Result<Answer> {
    if output::is_stdout(out) {
        return Ok(Answer::Yes);
    }
    let out = out.display();
    terminal::print(&lang.choose(format!("report: {out}\n"), format!("报告：{out}\n")))
}
