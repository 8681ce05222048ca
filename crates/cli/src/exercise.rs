//! `nablab lab exercise`: exercises on the labs: list, ask, check an answer, put them on paper.

use clap::{ArgGroup, Args as ClapArgs};
use nablab::labs::Lab;
use nablab::labs::exercises::{Exercise, Help, Id, Verdict, all, exercise, key, list, list_json, of, sheet};
use nablab::report::{Block, Document, Lang, html, markdown};
use serde_json::json;

use crate::lab::language;
use crate::{Answer, terminal};

/// Which exercise, and what to do with it.
#[derive(ClapArgs)]
#[command(group = ArgGroup::new("asked").args(["id", "sheet"]).multiple(true))]
#[command(group = ArgGroup::new("paper").args(["sheet", "key"]).multiple(true))]
#[command(after_help = "\
An answer is a number (0.38, 38 %, 1e-3, ln 2, sqrt(2/10), 1 - 0.9^3), or a choice by its letter or its words.

Examples:
  nablab lab exercise                                   list them
  nablab lab exercise 2.3                               ask one
  nablab lab exercise 2.3 --answer 0.38                 right, nearly, or which misconception?
  nablab lab exercise 2.3 --variant 17 --solution       student 17 has numbers of their own
  nablab lab exercise --sheet --html > sheet.html       all on paper; --key makes the answers

Exit code: 0 right, 1 not right, 2 bad use or an answer that cannot be read.")]
pub(crate) struct Args {
    /// Which exercise, such as 2.3; none lists them
    #[arg(value_name = "NUMBER", conflicts_with_all = ["sheet", "key", "lab"])]
    id: Option<Id>,
    /// Check this answer
    #[arg(long, value_name = "ANSWER", requires = "id", conflicts_with_all = ["hint", "solution"], allow_hyphen_values = true)]
    answer: Option<String>,
    /// Show the question with its hint, and a way to find out; on a sheet, all of them
    #[arg(long, requires = "asked", conflicts_with = "key")]
    hint: bool,
    /// Compute the answer, and explain it
    #[arg(long, requires = "id")]
    solution: bool,
    /// Print a sheet of questions, without hints or answers, as Markdown
    #[arg(long, conflicts_with_all = ["key", "json"])]
    sheet: bool,
    /// Compute the key of the sheet, and print it as Markdown
    #[arg(long, conflicts_with = "json")]
    key: bool,
    /// Print the sheet, or the key, as a page to print from a browser
    #[arg(long, requires = "paper")]
    html: bool,
    /// Only the exercises of this lab
    #[arg(long, value_name = "LAB", value_parser = labs())]
    lab: Option<Lab>,
    /// Number of a student, each with other numbers, seeds and mistakes; 0 is the course's own
    #[arg(long, value_name = "N", default_value_t = 0)]
    variant: u64,
    /// Language
    #[arg(long, value_parser = language(), default_value = "en")]
    lang: Lang,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// A lab by its name.
fn labs() -> impl clap::builder::TypedValueParser<Value = Lab> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    PossibleValuesParser::new(Lab::ALL.map(Lab::key)).map(|name| {
        let named = |lab: &Lab| lab.key() == name;
        Lab::ALL.into_iter().find(named).expect("one of the names above")
    })
}

/// Print what is asked for, and answer whether the answer is right.
pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let labs = args.lab.map_or(Lab::ALL.to_vec(), |lab| vec![lab]);
    let help = if args.hint { Help::Hint } else { Help::None };
    let paper = |document: &Document| if args.html { html(document) } else { markdown(document) };
    match args.id {
        Some(id) => one(&exercise(id, args.variant), args),
        None if args.sheet => terminal::print(&paper(&sheet(&labs, args.variant, help, args.lang))),
        None if args.key => terminal::print(&paper(&key(&labs, args.variant, args.lang)?)),
        None => show(args),
    }
}

/// One exercise: its question, its solution, or what is to be said to an answer.
fn one(exercise: &Exercise, args: &Args) -> anyhow::Result<Answer> {
    let lang = args.lang;
    if let Some(typed) = &args.answer {
        let judgement = exercise.check(typed)?;
        terminal::print(&match args.json {
            true => format!("{:#}\n", exercise.json_with([("judgement", judgement.json(lang))], lang)),
            false => format!("{}\n{}", judgement.text(lang), more(exercise, judgement.verdict, lang)),
        })?;
        return Ok(if judgement.verdict == Verdict::Right { Answer::Yes } else { Answer::No });
    }
    let solution = args.solution.then(|| exercise.solution()).transpose()?;
    if args.json {
        let question = &exercise.question;
        let hint = [("hint", &question.hint), ("command", &question.command)]
            .map(|(name, text)| (name, json!(text.of(lang))));
        let hint = hint.into_iter().filter(|_| args.hint);
        let solution = solution.map(|solution| ("solution", exercise.solution_json(&solution, lang)));
        let value = exercise.json_with(hint.chain(solution), lang);
        return terminal::print(&format!("{value:#}\n"));
    }
    let mut blocks = exercise.asked(lang);
    if args.hint {
        blocks.extend(exercise.hint(lang));
    } else if solution.is_none() {
        let says = "`--hint` shows a hint, and a way to find out; `--answer` checks an answer.";
        let says = lang.choose(says, "`--hint` 给出提示和一种求法；`--answer` 检查答案。");
        blocks.push(Block::Paragraph(says.to_owned()));
    }
    if let Some(solution) = solution {
        blocks.extend(exercise.solved(&solution, lang));
    }
    terminal::print(&exercise.text(blocks, lang))
}

/// What helps where an answer is wrong and nothing more is known of it.
fn more(exercise: &Exercise, verdict: Verdict, lang: Lang) -> String {
    if verdict != Verdict::Wrong {
        return String::new();
    }
    let variant =
        if exercise.variant == 0 { String::new() } else { format!(" --variant {}", exercise.variant) };
    let command = format!("nablab lab exercise {}{variant} --hint", exercise.id);
    lang.choose(
        format!("hint: {command} shows what brings you nearer, and a way to find out\n"),
        format!("提示：{command} --lang zh 给出思路和一种求法\n"),
    )
}

/// The exercises by name, lab by lab.
fn show(args: &Args) -> anyhow::Result<Answer> {
    let exercises = args.lab.map_or_else(|| all(args.variant), |lab| of(lab, args.variant));
    terminal::print(&match args.json {
        true => format!("{:#}\n", list_json(&exercises, args.lang)),
        false => list(&exercises, args.lang),
    })
}
