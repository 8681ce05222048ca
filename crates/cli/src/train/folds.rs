//! `nablab train --folds K`: a run folder for each fold, and what they say together.

use std::path::Path;

use anyhow::bail;
use nablab::tables::run::{Run, Status, Summary, is_bare};
use nablab::tables::{CrossValidation, Model, Settings, Tables, out_of_fold};

use super::{Args, begin, resume, train_in};
use crate::words::{metrics, number};
use crate::{Answer, output, terminal};

/// Train each fold, or what is left of it, in a folder of its own within `out`.
pub(super) fn run(
    args: &Args,
    of: usize,
    settings: Settings,
    tables: &Tables<'_>,
    out: &Path,
) -> anyhow::Result<Answer> {
    if !args.resume && !is_bare(out) {
        bail!(
            "{}: there is something in it already\nhint: --resume goes on with a run; a new one needs another --out",
            out.display()
        );
    }
    let (mut summaries, mut models) = (Vec::new(), Vec::new());
    for (number, settings) in (1..).zip(settings.folds(of)) {
        let folder = out.join(format!("fold-{number}"));
        let (run, is_new) = match is_bare(&folder) {
            true => (begin(&folder, settings)?, true),
            false => {
                let run = Run::open(&folder)?;
                (resume::go_on(run, &settings, args.quiet)?, false)
            }
        };
        if !args.quiet {
            terminal::say(&format!("fold {number} of {of}"));
        }
        let (summary, watched) = train_in(args, run, is_new, tables.lent())?;
        watched?;
        match summary.ended {
            Status::Interrupted => return Ok(Answer::Yes),
            Status::Diverged => {
                terminal::say(&super::words::summary(&summary, &folder));
                return Ok(Answer::No);
            }
            Status::Finished | Status::StoppedEarly | Status::Converged | Status::SearchFailed => {}
        }
        models.push(Model::load(&folder)?);
        summaries.push(summary);
    }
    let (predictions, out_of_fold) = out_of_fold(&models, &tables.table)?;
    output::write(&out.join("out-of-fold.csv"), &predictions.csv(predictions.has_probabilities()))?;
    let found = CrossValidation {
        schema: "nablab.cross-validation/1".into(),
        task: predictions.task(),
        out_of_fold,
        folds: summaries,
    };
    let json = serde_json::to_string_pretty(&found)? + "\n";
    output::write(&out.join("cross-validation.json"), json.as_bytes())?;
    if args.json {
        return terminal::print(&json);
    }
    terminal::print(&describe(&found, out))
}

/// Each measure of all rows at once, and its mean and standard deviation over the folds.
fn describe(found: &CrossValidation, out: &Path) -> String {
    let mut text = format!("{:<18} {:>12} {:>10} {:>10}\n", "", "out of fold", "mean", "± sd");
    let of_folds: Vec<_> =
        found.folds.iter().filter_map(|fold: &Summary| fold.validation.as_ref()).map(metrics).collect();
    for (i, (name, all)) in metrics(&found.out_of_fold).into_iter().enumerate() {
        let values: Option<Vec<f64>> = of_folds.iter().map(|fold| fold[i].1).collect();
        let spread = values.map(|values| {
            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            let square: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
            (mean, (square / (n - 1.0)).sqrt())
        });
        let (mean, deviation) = (spread.map(|s| s.0), spread.map(|s| s.1));
        text += &format!("{name:<18} {:>12} {:>10} {:>10}\n", number(all), number(mean), number(deviation));
    }
    if found.folds.iter().any(|fold| fold.best_epoch.is_some()) {
        text += "\nthe rows that judge a fold have also chosen its epoch, so the numbers are a little too good; --early-stopping 0 \
                 trains to the end\n";
    }
    text + &format!("\nrun folders: {}/fold-1 to fold-{}\n", out.display(), found.folds.len())
}
