//! `nablab train --resume`: is what is asked for what the run began with?

use anyhow::bail;
use nablab::tables::{Run, Settings};

use crate::terminal;

/// What was typed must be what the run began with, apart from the number of epochs; where its files lie does not matter.
pub(super) fn go_on(mut run: Run, asked: &Settings, quiet: bool) -> anyhow::Result<Run> {
    let epochs = asked.training.epochs;
    let mut of_same_length = run.settings().clone();
    of_same_length.training.epochs = epochs;
    if let Some(difference) = of_same_length.difference(asked) {
        bail!(
            "{}: the run began with other settings: {difference}\nhint: leave the flags away to resume it, or begin \
             another run with --out",
            run.folder().display(),
        );
    }
    let before = run.settings().training.epochs;
    if epochs == before {
        return Ok(run);
    }
    let is_same = run.end_after(epochs)?;
    if !quiet {
        terminal::say(&match is_same {
            true => {
                format!("{epochs} epochs instead of {before}: the same as if it had been so from the start")
            }
            false => format!(
                "{epochs} epochs instead of {before}: another training than {epochs} from the start, because the \
                 schedule has shaped the rates so far after {before}; recipe.toml says so"
            ),
        });
    }
    Ok(run)
}
