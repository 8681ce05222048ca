//! `nablab study run` and `work`: search.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args as ClapArgs;
use nablab::study::storage::Record;
use nablab::study::{
    Confirming, Objective, Point, State, Storage, Study, Trial, best, of_space, work as work_on,
};
use nablab::tables::{Settings, Tables};

use super::folder::{StudyFolder, Where};
use super::progress::Progress;
use super::{Working, told, words};
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
    #[arg(long, value_name = "N")]
    trials: Option<u64>,
    /// Train nothing: let the trials wait for workers
    #[arg(long, conflicts_with_all = ["confirm", "threads", "grace", "json"])]
    queue: bool,
    /// Train the five best again with N new seeds when the search is over; 0 for not
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = told::confirming)]
    confirm: u64,
    #[command(flatten)]
    working: Working,
}

#[derive(ClapArgs)]
pub(crate) struct WorkArgs {
    #[command(flatten)]
    place: Where,
    /// The table, where it lies elsewhere than the study says
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Where outcomes are kept while the database cannot be reached [default: studies/NAME]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    working: Working,
}

/// A study that a worker can begin with.
pub(crate) struct Begun {
    pub(crate) study: Study,
    pub(crate) name: String,
    pub(crate) folder: StudyFolder,
    pub(crate) tables: Tables<'static>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let name = args.file.display().to_string();
    let text = fs::read_to_string(&args.file)
        .with_context(|| format!("cannot read {name}\nhint: check the path and its permissions"))?;
    let mut study = Study::parse(&text, &name)?;
    study.plan.trials = args.trials.or(study.plan.trials);
    let stem = args.file.file_stem().unwrap_or("study".as_ref()).to_string_lossy().into_owned();
    let name = study.plan.name.clone().unwrap_or(stem);
    let folder = StudyFolder::of(args.out.as_deref(), &name);
    let beside = args.file.parent().unwrap_or(Path::new(""));
    let tables = tables(&study, None, beside, args.working.quiet)?;
    // What is kept can be read from anywhere.
    let whole = |file: &Path| fs::canonicalize(beside.join(file)).unwrap_or_else(|_| beside.join(file));
    let study = study.with_files(&whole)?;
    let begun = Begun { study, name, folder, tables };
    if args.queue {
        return queue(begun, args.storage.as_deref(), args.working.quiet);
    }
    search(begun, args.storage.as_deref(), None, args.confirm, &args.working)
}

/// Search from the start, or go on; `first` is tried first.
pub(crate) fn search(
    mut begun: Begun,
    storage: Option<&str>,
    first: Option<&Settings>,
    confirm: u64,
    working: &Working,
) -> anyhow::Result<Answer> {
    if !working.quiet && begun.tables.table.rows() >= terminal::LARGE {
        terminal::say(&format!("preparing {} rows, for all trials alike", begun.tables.table.rows()));
    }
    let objective = Objective::new(&mut begun.study, &begun.tables)?;
    let (storage, record) = begin(&begun, objective.fingerprint(), storage, first, working.quiet)?;
    let place = (storage.address(), begun.folder.clone());
    finish(&begun.study, &record, storage, &objective, confirm, working, &place)
}

/// Let the trials wait, for workers anywhere.
fn queue(mut begun: Begun, storage: Option<&str>, quiet: bool) -> anyhow::Result<Answer> {
    let objective = Objective::new(&mut begun.study, &begun.tables)?;
    let fingerprint = objective.fingerprint().to_owned();
    let (mut storage, record) = begin(&begun, &fingerprint, storage, None, quiet)?;
    let trials = storage.trials(record.id)?;
    let waiting = trials.iter().filter(|trial| trial.state == State::Waiting).count();
    terminal::print(&format!(
        "study {}: {waiting} trials wait\nwork on them with: nablab study work --storage {} --study {}\n",
        record.name,
        storage.address(),
        record.name
    ))
}

/// The study in its storage, with all its trials waiting.
fn begin(
    begun: &Begun,
    fingerprint: &str,
    storage: Option<&str>,
    first: Option<&Settings>,
    quiet: bool,
) -> anyhow::Result<(Storage, Record)> {
    begun.folder.check(&begun.name)?;
    if storage.is_none() {
        begun.folder.make()?;
    }
    let mut storage = Storage::open(&begun.folder.storage(storage))?;
    let wider = storage.widened(&begun.name, &begun.study)?;
    let record = storage.register(&begun.name, &begun.study)?;
    storage.judge_on(&record, fingerprint)?;
    begun.folder.keep(&begun.study)?;
    if let Some(first) = first {
        storage.enqueue_first(record.id, &begun.study.space.locate(first), &begun.study.space)?;
    }
    let wanted = storage.fill(&record, &begun.study)?;
    if !quiet && !wider.is_empty() {
        let names = wider.join(", ");
        terminal::say(&format!(
            "the space is wider than it was: {names}; the trials of before count, and none is trained again"
        ));
    }
    if !quiet {
        words::points(&begun.study, wanted).iter().for_each(|line| terminal::say(line));
    }
    Ok((storage, record))
}

pub(crate) fn work(args: &WorkArgs) -> anyhow::Result<Answer> {
    let mut storage = args.place.open()?;
    let record = args.place.find(&mut storage)?;
    let mut study = storage.registered(&record)?;
    let tables = tables(&study, args.data.as_deref(), Path::new(""), args.working.quiet)?;
    let objective = Objective::new(&mut study, &tables)?;
    storage.judge_on(&record, objective.fingerprint())?;
    let place = (storage.address(), StudyFolder::of(args.out.as_deref(), &record.name));
    finish(&study, &record, storage, &objective, 0, &args.working, &place)
}

/// Work until nothing waits, and say what was found.
fn finish(
    study: &Study,
    record: &Record,
    storage: Storage,
    objective: &Objective<'_>,
    confirm: u64,
    working: &Working,
    (url, folder): &(String, StudyFolder),
) -> anyhow::Result<Answer> {
    // From here on trials are given back, and what others found is written down.
    let _heeding = signals::heed();
    let mut reader = storage.again()?;
    let done = reader.trials(record.id)?;
    let progress = Progress::new(study, record, &done, working.quiet);
    let options = working.options(folder.unwritten());
    let result = work_on(study, record, storage, objective, &options, &progress);
    progress.finish();
    let ended = result?;
    let trials = match reader.trials(record.id) {
        Ok(trials) => trials,
        // The connection has waited all the time; the work's own came back.
        Err(_) => reader.again()?.trials(record.id)?,
    };
    let trials = of_space(trials, &study.space);
    let is_over = !trials.iter().any(|trial| matches!(trial.state, State::Running | State::Waiting));
    let wanted = confirm >= 2 && !signals::came() && (is_over || study.plan.seconds.is_some());
    // What was measured and is still about the best is not measured again.
    let known = folder.confirmation().unwrap_or_default().filter(|known| {
        let has = |trial: &Trial| known.candidates.iter().any(|candidate| candidate.trial == trial.number);
        ended == 0 && best(&trials, &record.directions).is_some_and(has)
    });
    let confirmation = match known {
        None if wanted => {
            let seconds = study.plan.seconds.map(|seconds| seconds * told::CONFIRMING);
            let how = Confirming { top: TOP, seeds: confirm, step: 0.0, seconds };
            let (threads, quiet) = (working.threads, working.quiet);
            told::confirmed(study, objective, &trials, &record.directions, how, threads, quiet)?
        }
        known => known,
    };
    told::write(study, record, &trials, confirmation.as_ref(), folder)?;
    let summary = words::Summary::new(study, record, &trials, confirmation.as_ref(), url, folder);
    match working.json {
        true => terminal::print(&(serde_json::to_string_pretty(&summary)? + "\n"))?,
        false => terminal::print(&summary.text(&trials))?,
    };
    Ok(match best(&trials, &record.directions) {
        None => Answer::No,
        Some(_) => Answer::Yes,
    })
}

/// The best that are trained again.
const TOP: usize = 5;

/// The recipe of a trial, to be trained from anywhere.
pub(super) fn recipe(study: &Study, trial: &Trial) -> anyhow::Result<Settings> {
    let mut settings = study.space.recipe(&trial.point)?;
    for file in settings.data.file.iter_mut().chain(&mut settings.validation.file) {
        if let Ok(whole) = fs::canonicalize(&*file) {
            *file = whole;
        }
    }
    Ok(settings)
}

/// The table that a study names, and the one it is judged on.
pub(super) fn tables(
    study: &Study,
    data: Option<&Path>,
    beside: &Path,
    quiet: bool,
) -> anyhow::Result<Tables<'static>> {
    let first = study.space.draw(&Point::new(), &mut |parameter| parameter.domain.first());
    let settings = study.space.recipe(&first)?;
    settings.check()?;
    table::wants_target(&settings, "target = [\"…\"] in the study's table [data]")?;
    let own = settings.data.file.as_ref();
    let Some(file) = data.map(Path::to_owned).or_else(|| own.map(|file| beside.join(file))) else {
        bail!("which table?\nhint: file = \"…\" in the study's table [data]");
    };
    table::load_both(&settings, &file, beside, quiet)
}
