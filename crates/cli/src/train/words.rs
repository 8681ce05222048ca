//! What a training says at its end.

use std::path::Path;

use nablab::diagnosis::Finding;
use nablab::report::Lang;
use nablab::tables::Fitted;
use nablab::tables::run::{Remark, Status, Summary};

/// What is wrong with a training, a line for each finding.
pub(super) fn findings(fitted: &Fitted, folder: &Path) -> Vec<String> {
    let line = |finding: &Finding| format!("{}: {}", finding.code(), finding.sentence(Lang::En));
    let mut lines: Vec<String> = fitted.findings().iter().map(line).collect();
    if !lines.is_empty() {
        lines.push(format!("what may help: nablab diagnose {}", folder.display()));
    }
    lines
}

/// What is said of a training that was ended from outside.
pub(super) fn kept(folder: &Path) -> String {
    let folder = folder.display();
    format!("what was learned is kept: nablab train --resume --out {folder} goes on")
}

pub(super) fn summary(summary: &Summary, folder: &Path) -> String {
    let mut text = summary.ending();
    text += match summary.ended {
        Status::Finished | Status::StoppedEarly | Status::Converged => "",
        Status::SearchFailed => {
            "\nhint: the costs differ by less than they are rounded; --scaling standard or --precision f64 helps"
        }
        Status::Interrupted => "; --resume goes on",
        Status::Diverged => {
            "\nhint: a lower --learning-rate, --clip '{ norm = { max = 1 } }', or --scaling standard"
        }
    };
    for remark in summary.remarks() {
        text += &format!("; {remark}");
        if matches!((remark, summary.ended), (Remark::Gradient(_), Status::Finished)) {
            text += "\nhint: not yet converged; more --epochs help, and --scaling standard or --precision f64 where it stands still";
        }
    }
    text + &format!("\n\n{}\nrun folder: {}\n", summary.metrics_text(), folder.display())
}
