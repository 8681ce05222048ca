//! `nablab study report`: the page of a study.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use nablab::report::{Lang, html};
use nablab::study::report::{Results, document};
use nablab::study::{Located, of_space};

use super::place::Place;
use crate::lab::language;
use crate::report::{check, say_where};
use crate::{Answer, output};

#[derive(ClapArgs)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    /// The page, or - for standard output [default: report.html in the study's folder]
    #[arg(long, value_name = "FILE.html")]
    out: Option<PathBuf>,
    /// Language of the page
    #[arg(long, value_parser = language(), default_value = "en")]
    lang: Lang,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let mut located = args.place.plain().read()?;
    let study = located.study()?;
    let trials = of_space(located.trials()?, &study.space);
    let Located { record, folder, .. } = located;
    let confirmation = folder.confirmation()?;
    let out = args.out.clone().unwrap_or_else(|| folder.report());
    let results =
        Results { study: &study, record: &record, trials: &trials, confirmation: confirmation.as_ref() };
    check(&out)?;
    output::write_out(&out, html(&document(&results, args.lang)).as_bytes())?;
    say_where(&out, args.lang)
}
