//! `nablab train --folds K`: a run folder for each fold, and what they say together.

use std::path::Path;

use nablab::data::free_folder;
use nablab::diagnosis::quoted;
use nablab::tables::run::{Status, default_folder};
use nablab::tables::{CrossValidation, CrossValidationFolder, Error};

use super::{Args, Asked, begin, train_in, words};
use crate::{Answer, terminal};

/// Train each fold, or what is left of it, in a folder of its own.
pub(super) fn run(args: &Args, of: usize, asked: Asked) -> anyhow::Result<Answer> {
    let Asked { settings, tables, .. } = asked;
    let default =
        || if args.resume { default_folder(&settings) } else { free_folder(default_folder(&settings)) };
    let out = args.out.clone().unwrap_or_else(default);
    let folder = match args.resume {
        true => CrossValidationFolder::open(&out, settings, of),
        false => CrossValidationFolder::create(&out, settings, of)?,
    };
    let validated = folder.train(&tables, |fold| {
        let run = begin(args, || fold.run())?;
        if !args.quiet {
            terminal::say(&format!("fold {} of {of}", fold.number()));
        }
        let (fitted, watched) = train_in(args, run, tables.lent())?;
        watched?;
        Ok::<_, anyhow::Error>(fitted)
    });
    let found = match validated.map_err(|error| error.downcast::<Error>()) {
        Ok(validated) => validated.found,
        // An interruption has its own exit code.
        Err(Ok(Error::Fold { summary, .. })) if summary.ended == Status::Interrupted => {
            return Ok(Answer::Yes);
        }
        Err(Ok(Error::Fold { fold, summary })) => {
            terminal::say(&words::summary(&summary, &out.join(format!("fold-{}", fold.number))));
            return Ok(Answer::No);
        }
        Err(Ok(error)) => return Err(error.into()),
        Err(Err(error)) => return Err(error),
    };
    terminal::print(&if args.json { found.json() } else { describe(&found, &out) })
}

/// What the folds say together, and where they are.
fn describe(found: &CrossValidation, out: &Path) -> String {
    let mut text = found.metrics_text();
    if found.chose_epochs() {
        text += "\nthe rows that judge a fold have also chosen its epoch, so the numbers are a little too good; --early-stopping 0 \
                 trains to the end\n";
    }
    let (folder, typed, folds) = (out.display(), quoted(&out.to_string_lossy()), found.folds.len());
    text + &format!(
        "\nrun folders: {folder}/fold-1 to fold-{folds}; nablab predict {typed} TABLE averages their models\n"
    )
}
