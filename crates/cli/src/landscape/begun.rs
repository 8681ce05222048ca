//! Where a landscape is trained: a new folder, or the one where it was begun.

use std::path::PathBuf;

use anyhow::bail;
use nablab_engine::{Float, Settings as TrainingSettings};
use nablab_study::landscape::{Begun, LandscapePlan, Rows, Unfinished};

use super::{Args, FOLDER};
use crate::{output, terminal};

/// The folder, and what is kept in it until all is trained: that of the same landscape, where one was begun there.
pub(super) fn begin<F: Float>(
    args: &Args,
    training: &TrainingSettings,
    rows: Rows<'_, F>,
    plan: &LandscapePlan,
) -> anyhow::Result<(PathBuf, Unfinished)> {
    let new = |out: PathBuf| {
        let kept = Unfinished::new(&out, training, rows, plan);
        (out, kept)
    };
    let going_on = |out: PathBuf, kept: Unfinished| {
        if !args.quiet {
            terminal::say(&format!("going on in {} after {} trainings", out.display(), kept.cells()));
        }
        (out, kept)
    };
    let Some(out) = &args.out else {
        // The first that is free, or where this one was begun.
        for out in output::numbered(FOLDER.into()) {
            match Unfinished::find(&out, training, rows, plan)? {
                Begun::Same(kept) => return Ok(going_on(out, kept)),
                Begun::No if !out.exists() => return Ok(new(out)),
                Begun::No | Begun::Other | Begun::Busy => {}
            }
        }
        return Ok(new(FOLDER.into()));
    };
    match Unfinished::find(out, training, rows, plan)? {
        Begun::Same(kept) => Ok(going_on(out.clone(), kept)),
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
