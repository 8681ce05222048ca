//! Where a landscape is trained: a new folder, or the one where it was begun.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::bail;
use nablab::study::landscape::{Begun, Mark, Unfinished};

use super::{Args, FOLDER};
use crate::{output, signals, terminal};

/// The folder, and what is kept in it until all is trained: that of the same landscape, where one was begun there.
pub(super) fn begin(args: &Args, mark: &Mark) -> anyhow::Result<(PathBuf, Unfinished)> {
    let (out, kept) = find(args, mark)?;
    if kept.trainings() > 0 && !args.quiet {
        terminal::say(&format!("going on in {} after {} trainings", out.display(), kept.trainings()));
    }
    signals::says_last(&out, |out| Unfinished::is_in(out).then(|| last_words(out)));
    Ok((out, kept))
}

fn last_words(out: &Path) -> String {
    // The bar stands on the line.
    let line = if io::stderr().is_terminal() { "\n" } else { "" };
    format!("{line}what is trained so far is kept in {}: the same command goes on", out.display())
}

fn find(args: &Args, mark: &Mark) -> anyhow::Result<(PathBuf, Unfinished)> {
    let new = |out: PathBuf| {
        let kept = Unfinished::new(&out, mark.clone());
        (out, kept)
    };
    let Some(out) = &args.out else {
        // The first that is free, or where this one was begun.
        for out in output::numbered(FOLDER.into()) {
            match Unfinished::find(&out, mark)? {
                Begun::Same(kept) => return Ok((out, kept)),
                Begun::No if !out.exists() => return Ok(new(out)),
                Begun::No | Begun::Other | Begun::Busy => {}
            }
        }
        return Ok(new(FOLDER.into()));
    };
    match Unfinished::find(out, mark)? {
        Begun::Same(kept) => Ok((out.clone(), kept)),
        Begun::Busy => bail!(
            "{}: another landscape is being trained there\nhint: wait for that one, or choose another folder with --out",
            out.display()
        ),
        Begun::Other => {
            args.replacing.check_folder(out)?;
            Ok(new(out.clone()))
        }
        Begun::No => Ok(new(out.clone())),
    }
}
