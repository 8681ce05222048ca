//! What a training says at its end.

use std::path::Path;

use nablab::diagnosis::{Finding, diagnose};
use nablab::report::Lang;
use nablab::tables::run::{Record, Status, Summary};

use crate::words::{metrics, number};

/// What is wrong with the training in a folder, a line for each finding.
pub(super) fn findings(folder: &Path) -> anyhow::Result<Vec<String>> {
    let record = Record::read(folder)?;
    let findings = record.evidence.as_ref().map(diagnose).unwrap_or_default();
    let line = |finding: &Finding| format!("{}: {}", finding.code(), finding.sentence(Lang::En));
    let mut lines: Vec<String> = findings.iter().map(line).collect();
    if !lines.is_empty() {
        lines.push(format!("what may help: nablab diagnose {}", folder.display()));
    }
    Ok(lines)
}

/// What is said of a training that was ended from outside.
pub(super) fn kept(folder: &Path) -> String {
    let folder = folder.display();
    format!("what was learned is kept: nablab train --resume --out {folder} goes on")
}

pub(super) fn summary(summary: &Summary, folder: &Path) -> String {
    let epochs = summary.epochs;
    let time = format!("({:.1} s)", summary.seconds);
    let mut text = match summary.ended {
        Status::Finished => format!("finished after {epochs} epochs {time}"),
        Status::StoppedEarly => format!("stopped early after {epochs} epochs {time}"),
        Status::Converged => {
            format!("converged after {epochs} epochs {time}: no step to a lower cost was found")
        }
        Status::SearchFailed => {
            format!(
                "not converged after {epochs} epochs {time}: the search found no lower cost, yet the gradient is not flat\n\
                 hint: the costs differ by less than they are rounded; --scaling standard or --precision f64 helps"
            )
        }
        Status::Interrupted => format!("interrupted after {epochs} epochs {time}; --resume goes on"),
        Status::Diverged => {
            let why = summary.divergence.as_deref().unwrap_or("a number was none");
            format!(
                "{why} {time}\nhint: a lower --learning-rate, --clip '{{ norm = {{ max = 1 }} }}', or --scaling standard"
            )
        }
    };
    if let Some(gradient) = summary.gradient {
        text += &format!("; largest component of the gradient: {gradient:.1e}");
        if summary.ended == Status::Finished {
            text += "\nhint: not yet converged; more --epochs help, and --scaling standard or --precision f64 where it stands still";
        }
    }
    if let Some(best) = summary.best_epoch.filter(|&best| best != epochs) {
        text += &format!("; the parameters of epoch {best} are kept");
    }
    if let Some(threshold) = summary.threshold {
        text += &format!("; the second class is predicted above {}", number(Some(threshold)));
    }
    text += "\n\n";
    let train = metrics(&summary.train);
    match summary.validation.as_ref().map(metrics) {
        Some(validation) => {
            text += &format!("{:<18} {:>10} {:>10}\n", "", "train", "validation");
            for ((name, train), (_, validation)) in train.into_iter().zip(validation) {
                text += &format!("{name:<18} {:>10} {:>10}\n", number(train), number(validation));
            }
        }
        None => {
            text += &format!("{:<18} {:>10}\n", "", "train");
            for (name, train) in train {
                text += &format!("{name:<18} {:>10}\n", number(train));
            }
        }
    }
    text + &format!("\nrun folder: {}\n", folder.display())
}
