//! `nablab study run` and `work`: search.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use nablab::study::plan::MOST_TRIALS;
use nablab::study::{Located, Search, SearchResult, Study, StudyFolder, best};
use nablab::tables::{LARGE, Settings, Tables};

use super::confirm::confirming;
use super::place::Place;
use super::progress::Shown;
use super::{Working, write};
use crate::terminal::Counts;
use crate::threads::Threads;
use crate::{Answer, signals, table, terminal};

#[derive(ClapArgs)]
pub(crate) struct Args {
    /// What is searched: a recipe with ranges, and a table [study]
    file: PathBuf,
    /// The study's folder [default: studies/NAME]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Where trials are kept: a file of SQLite, or postgresql://USER@HOST/DATABASE (feature postgres) [default:
    /// study.db in the folder]
    #[arg(long, value_name = "URL")]
    storage: Option<String>,
    /// Trials in all [default: the file's, or 100]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MOST_TRIALS))]
    trials: Option<u64>,
    /// Train nothing: let the trials wait for workers
    #[arg(long, conflicts_with_all = ["confirm", "threads", "grace", "json"])]
    queue: bool,
    /// Train the five best again with N new seeds when the search is over; 0 for not
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = confirming)]
    confirm: u64,
    #[command(flatten)]
    working: Working,
}

#[derive(ClapArgs)]
pub(crate) struct WorkArgs {
    #[command(flatten)]
    place: Place,
    /// The table, where it lies elsewhere than the study says
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Where outcomes are kept while the database cannot be reached [default: studies/NAME]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    working: Working,
}

/// What is to be searched.
pub(crate) struct Plan {
    pub(crate) study: Study,
    pub(crate) name: String,
    pub(crate) folder: StudyFolder,
    pub(crate) tables: Tables<'static>,
    /// Tried first.
    pub(crate) first: Option<Settings>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let (mut study, name) = Study::read(&args.file)?;
    study.plan.trials = args.trials.or(study.plan.trials);
    let folder = StudyFolder::new(args.out.as_deref(), &name);
    let beside = args.file.parent().unwrap_or(Path::new(""));
    let tables = tables(&study, None, beside, args.working.threads, args.working.quiet)?;
    let study = study.with_whole_names(beside)?;
    let plan = Plan { study, name, folder, tables, first: None };
    match args.queue {
        true => queue(&plan, args.storage.as_deref(), args.working.quiet),
        false => search(&plan, args.storage.as_deref(), args.confirm, &args.working),
    }
}

/// Search from the start, or go on.
pub(crate) fn search(
    plan: &Plan,
    storage: Option<&str>,
    confirm: u64,
    working: &Working,
) -> anyhow::Result<Answer> {
    let rows = plan.tables.table.rows();
    if !working.quiet && rows >= LARGE {
        terminal::say(&format!("preparing {rows} rows, for all trials alike"));
    }
    finish(begin(plan, storage, working.quiet)?, confirm, working)
}

/// Let the trials wait, for workers anywhere.
fn queue(plan: &Plan, storage: Option<&str>, quiet: bool) -> anyhow::Result<Answer> {
    let mut search = begin(plan, storage, quiet)?;
    let waiting = search.waiting()?;
    let (name, address) = (&search.record.name, search.address());
    terminal::print(&format!(
        "study {name}: {waiting} trials wait\nwork on them with: nablab study work --storage {address} --study {name}\n"
    ))
}

/// The study in its database, with all its trials waiting.
fn begin<'t>(plan: &'t Plan, storage: Option<&str>, quiet: bool) -> anyhow::Result<Search<'t>> {
    let Plan { study, name, folder, tables, first } = plan;
    let (search, start) =
        Search::begin(study.clone(), name, tables, folder.clone(), storage, first.as_ref())?;
    if !quiet {
        start.lines(&search.study).iter().for_each(|line| terminal::say(line));
    }
    Ok(search)
}

pub(crate) fn work(args: &WorkArgs) -> anyhow::Result<Answer> {
    let Located { storage, record, .. } = args.place.plain().open()?;
    let study = storage.registered(&record)?;
    let tables =
        tables(&study, args.data.as_deref(), Path::new(""), args.working.threads, args.working.quiet)?;
    let folder = StudyFolder::new(args.out.as_deref(), &record.name);
    let search = Search::join(study, record, storage, &tables, folder)?;
    finish(search, 0, &args.working)
}

/// Work until nothing waits, and say what was found.
fn finish(mut search: Search<'_>, confirm: u64, working: &Working) -> anyhow::Result<Answer> {
    // From here on trials are given back, and what others found is written down.
    let _heeding = signals::heed();
    let done = search.trials()?;
    let shown = Shown::new(&search.study, &search.record, &done, working.quiet);
    let worked = search.work(working.plain(), &shown);
    shown.finish();
    let mut found = worked?;
    let wants_confirmation = confirm >= 2 && !signals::came();
    let is_late = wants_confirmation && {
        let counts = Counts::new("trained again", working.quiet);
        search.confirm(&mut found, confirm, working.threads.count(), &counts)?
    };
    write(&mut search, &found)?;
    say(&search, &found, working.json)?;
    if is_late && !working.quiet {
        let folder = search.folder.path().display();
        terminal::say(&format!(
            "not confirmed: no time was left to train the best again; more --seconds, or nablab study confirm {folder}"
        ));
    }
    Ok(match best(&found.trials, &search.record.directions) {
        None => Answer::No,
        Some(_) => Answer::Yes,
    })
}

fn say(search: &Search<'_>, found: &SearchResult, json: bool) -> anyhow::Result<Answer> {
    let summary = search.summary(found);
    if json {
        return terminal::print(&(serde_json::to_string_pretty(&summary)? + "\n"));
    }
    let mut text = summary.text(&found.trials);
    if let Some(recipe) = summary.recipe() {
        let storage = summary.storage_of_optuna();
        text += &format!(
            "train it with: nablab train --recipe {recipe}\nsee it with: optuna-dashboard {storage}\n"
        );
    }
    terminal::print(&text)
}

/// The table that a study names, and the one it is judged on.
pub(super) fn tables(
    study: &Study,
    data: Option<&Path>,
    beside: &Path,
    threads: Threads,
    quiet: bool,
) -> anyhow::Result<Tables<'static>> {
    let loading = &mut table::Shown::new(quiet);
    Ok(study.load_tables(data, beside, threads.count(), loading)?)
}
