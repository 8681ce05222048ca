//! What was found, into the study's folder: the best recipe, the page, and whether the best is really better.

use std::fs;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use nablab::report::{Lang, html};
use nablab::study::report::{Told, document};
use nablab::study::storage::Record;
use nablab::study::{Confirmation, Confirming, Direction, Objective, Study, Trial, best, confirm, of_space};

use super::folder::{StudyFolder, Where};
use super::run::{recipe, tables};
use super::words;
use crate::lab::Language;
use crate::threads::Threads;
use crate::{Answer, output, terminal};

#[derive(ClapArgs)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    place: Where,
    /// The page [default: report.html in the study's folder]
    #[arg(long, value_name = "FILE.html")]
    out: Option<PathBuf>,
    /// Language of the page
    #[arg(long, value_enum, default_value = "en")]
    lang: Language,
}

#[derive(ClapArgs)]
pub(crate) struct ConfirmArgs {
    #[command(flatten)]
    place: Where,
    /// So many of the best
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    top: u16,
    /// Each with so many new seeds, which also draw other rows to judge on
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(2..=MOST_SEEDS))]
    seeds: u64,
    /// How far the neighbours of the best are, as a share of each range; 0 for none
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, value_parser = share)]
    step: f64,
    /// The table, where it lies elsewhere than the study says
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    #[command(flatten)]
    threads: Threads,
    /// Print as JSON
    #[arg(long)]
    json: bool,
    /// No progress
    #[arg(long)]
    quiet: bool,
}

/// Seeds to confirm with; more are a typing error.
pub(crate) const MOST_SEEDS: u64 = 1000;
/// New seeds to train the best again with.
pub(crate) fn confirming(text: &str) -> Result<u64, String> {
    let seeds = text.parse().ok().filter(|seeds| *seeds == 0 || (2..=MOST_SEEDS).contains(seeds));
    seeds.ok_or_else(|| format!("expected 0, or from 2 to {MOST_SEEDS}: of one seed there is no interval"))
}

/// Time to confirm, as a share of what the search had.
pub(crate) const CONFIRMING: f64 = 0.5;

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|s: &f64| (0.0..=0.5).contains(s));
    share.ok_or_else(|| "expected a share of a range, from 0 to 0.5".into())
}

/// Train the best again, with seeds that nobody has seen.
pub(crate) fn confirmed(
    study: &Study,
    objective: &Objective<'_>,
    trials: &[Trial],
    directions: &[Direction],
    how: Confirming,
    threads: Threads,
    quiet: bool,
) -> anyhow::Result<Option<Confirmation>> {
    let bar = terminal::bar(0, "trained again", quiet);
    let follow = terminal::counts_on(&bar);
    let confirmation = confirm(study, objective, trials, directions, how, threads.count(), &follow);
    bar.finish_and_clear();
    Ok(confirmation?)
}

/// Write the best recipe and the page; says which trial's recipe it is.
pub(crate) fn write(
    study: &Study,
    record: &Record,
    trials: &[Trial],
    confirmation: Option<&Confirmation>,
    folder: &StudyFolder,
) -> anyhow::Result<()> {
    let confirmed = confirmation.and_then(|confirmation| confirmation.candidates.first());
    let chosen = match confirmed {
        Some(candidate) => trials.iter().find(|trial| trial.number == candidate.trial),
        None => best(trials, &record.directions),
    };
    if let Some(chosen) = chosen {
        folder.write(&folder.best(), &recipe(study, chosen)?.to_toml())?;
    }
    match confirmation {
        Some(confirmation) => {
            folder.write(&folder.confirmed(), &(serde_json::to_string_pretty(confirmation)? + "\n"))?;
        }
        // What was measured before is not about these trials.
        None => drop(fs::remove_file(folder.confirmed())),
    }
    let told = Told { study, record, trials, confirmation };
    folder.write(&folder.report(), &html(&document(&told, Lang::En)))
}

pub(crate) fn report(args: &ReportArgs) -> anyhow::Result<Answer> {
    let mut storage = args.place.read()?;
    let record = args.place.find(&mut storage)?;
    let study = storage.registered(&record)?;
    let trials = of_space(storage.trials(record.id)?, &study.space);
    let folder = args.place.folder(&record);
    let confirmation = folder.confirmation()?;
    let out = args.out.clone().unwrap_or_else(|| folder.report());
    let told = Told { study: &study, record: &record, trials: &trials, confirmation: confirmation.as_ref() };
    crate::report::check_replaceable(&out)?;
    output::write(&out, html(&document(&told, args.lang.lang())).as_bytes())?;
    let out = out.display();
    terminal::print(&args.lang.lang().choose(format!("report: {out}\n"), format!("报告：{out}\n")))
}

pub(crate) fn again(args: &ConfirmArgs) -> anyhow::Result<Answer> {
    let mut storage = args.place.open()?;
    let record = args.place.find(&mut storage)?;
    let mut study = storage.registered(&record)?;
    let trials = of_space(storage.trials(record.id)?, &study.space);
    let folder = args.place.folder(&record);
    let tables = tables(&study, args.data.as_deref(), &folder.beside(), args.quiet)?;
    let objective = Objective::new(&mut study, &tables)?;
    storage.judge_on(&record, objective.fingerprint())?;
    let how = Confirming { top: args.top.into(), seeds: args.seeds, step: args.step, seconds: None };
    let found = confirmed(&study, &objective, &trials, &record.directions, how, args.threads, args.quiet)?;
    let Some(confirmation) = found else {
        terminal::say("no trial has come to its end: there is nothing to train again");
        return Ok(Answer::No);
    };
    write(&study, &record, &trials, Some(&confirmation), &folder)?;
    match args.json {
        true => terminal::print(&(serde_json::to_string_pretty(&confirmation)? + "\n")),
        false => terminal::print(&words::confirmation(&confirmation)),
    }
}
