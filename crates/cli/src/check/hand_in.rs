//! `nablab check --hand-out` and `--hand-in`: the student's own code is checked.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args as ClapArgs};
use nablab::data::{load_arrays, read_text};
use nablab::diagnosis::quoted;
use nablab::labs::hand_in::{FOLDER, GIVEN, HandOut, PROBLEM, Subject};
use nablab::report::Lang;
use nablab::tables::RecipeWithData;
use serde_json::json;

use crate::lab::language;
use crate::output::Replacing;
use crate::{Answer, staged, terminal};

/// A problem to hand out, or what comes back.
#[derive(ClapArgs)]
#[group(id = "own")]
#[command(next_help_heading = "Your own code", group = ArgGroup::new("hand").args(["hand_out", "hand_in"]))]
#[command(mut_arg("force", |force| force.requires("hand_out")))]
pub(crate) struct Args {
    /// Write a problem into a folder: numbers, and a text that says what is to be computed
    #[arg(long, value_name = "DIR", conflicts_with = "run")]
    pub(crate) hand_out: Option<PathBuf>,
    /// What is to be computed
    #[arg(long, value_name = "SUBJECT", value_parser = subjects(), default_value = Subject::Gradient.key(), requires = "hand_out")]
    subject: Subject,
    /// Other numbers of the same problem; not of a recipe, which has its own
    #[arg(long, value_name = "N", default_value_t = 1, requires = "hand_out", conflicts_with = "recipe")]
    variant: u64,
    /// Judge what your code computed: what is right, what is wrong, and which known mistake makes the same numbers
    #[arg(long, value_name = "FILE.{npz,csv}", conflicts_with_all = ["run", "recipe", "hand_out"])]
    pub(crate) hand_in: Option<PathBuf>,
    /// The folder of the problem [default: that of the file]
    #[arg(long, value_name = "DIR", requires = "hand_in")]
    of: Option<PathBuf>,
    /// Language of the problem, or of the answer
    #[arg(long, value_parser = language(), default_value = "en", requires = "hand")]
    lang: Lang,
    #[command(flatten)]
    replacing: Replacing,
}

fn subjects() -> impl TypedValueParser<Value = Subject> {
    let names: Vec<&str> = Subject::ALL.iter().map(|subject| subject.key()).collect();
    let subject = |name: String| Subject::ALL.iter().find(|subject| subject.key() == name).copied();
    PossibleValuesParser::new(names).map(move |name| subject(name).unwrap_or(Subject::Gradient))
}

/// Write the problem's files.
pub(crate) fn hand_out(
    args: &Args,
    folder: &Path,
    recipe: Option<&Path>,
    examples: Option<u32>,
) -> anyhow::Result<Answer> {
    let out = match recipe {
        None if examples.is_some() => {
            bail!(
                "--examples is of a recipe's data; a built-in problem has its own\nhint: give --recipe FILE.toml, or leave --examples away"
            )
        }
        None => HandOut::built_in(args.subject, args.variant),
        Some(path) => {
            let RecipeWithData { recipe, data } = super::read_recipe(path)?;
            HandOut::of_recipe(args.subject, &recipe, &data, super::count(examples))
                .with_context(|| path.display().to_string())?
        }
    };
    let in_lang = args.lang.choose("", " --lang zh");
    let of = |file: &str| format!("nablab check --hand-in {file}{in_lang}");
    // The answer lies beside the problem, wherever the folder is moved to; without --of that is the problem.
    let (there, here) = (of("mine.npz"), of(&quoted(&folder.join("mine.npz").to_string_lossy())));
    let how = args.lang.choose(
        format!("What is right, and what is wrong with it, typed in this folder too:\n\n```sh\n{there}\n```"),
        format!("对不对、错在哪里，也在这个文件夹中输入：\n\n```sh\n{there}\n```"),
    );
    let files = out.files(args.lang, &how);
    let inputs: Vec<&Path> = recipe.into_iter().collect();
    let another = |error| anyhow!("{error}\nhint: --force replaces it; or choose another folder");
    for file in &files {
        args.replacing.check(&folder.join(&file.name), &inputs).map_err(another)?;
    }
    // All of the files or none: those of two problems make no problem.
    let staged =
        staged::begin(folder, FOLDER).map_err(|error| anyhow!("{error}\nhint: choose another folder"))?;
    for file in &files {
        staged.write(&file.name, &file.bytes)?;
    }
    staged::publish(staged)?;
    let readme = folder.join(&files[0].name);
    terminal::print(&args.lang.choose(
        format!("{}: what is to be done\n{here}\n", readme.display()),
        format!("{}：题目说明\n{here}\n", readme.display()),
    ))
}

/// Judge a file, and answer whether all of it is right.
pub(crate) fn hand_in(args: &Args, file: &Path, as_json: bool) -> anyhow::Result<Answer> {
    let folder = args.of.as_deref().or(file.parent()).unwrap_or(Path::new(""));
    let problem = folder.join(PROBLEM);
    if !problem.is_file() {
        bail!(
            "{}: expected a problem that was handed out, got none\nhint: nablab check --hand-out DIR writes one; --of DIR says where it is",
            problem.display()
        );
    }
    let given = load_arrays(&folder.join(GIVEN))?;
    let out = HandOut::read(&read_text(&problem)?, &given).with_context(|| folder.display().to_string())?;
    let judgement = out.judge(&load_arrays(file)?).with_context(|| file.display().to_string())?;
    if as_json {
        let value = json!({ "schema": "nablab.hand-in/1", "subject": out.subject(), "judgement": judgement });
        terminal::print(&format!("{value:#}\n"))?;
    } else {
        terminal::print(&judgement.words(args.lang))?;
    }
    Ok(if judgement.right { Answer::Yes } else { Answer::No })
}
