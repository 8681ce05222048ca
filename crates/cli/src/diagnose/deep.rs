//! `nablab diagnose --deep`: experiments that tell what is wrong, and whether what was advised helps.

use std::path::Path;

use anyhow::bail;
use clap::Parser;
use nablab::report::t_interval;
use nablab::run::Record;
use nablab::{Error, FewRows, Model, Outcome, Settings};
use nablab_data::table::Table;
use nablab_diagnosis::Finding;
use nablab_engine::Seed;
use nablab_report::{Lang, number};
use rayon::prelude::*;
use serde::Serialize;

use crate::table;
use crate::train::Flags;

/// What the experiments showed.
#[derive(Serialize)]
pub(super) struct Deep {
    few_rows: FewRows,
    /// With the targets shuffled, a seed each.
    shuffled: Vec<Outcome>,
    gradient_is_correct: bool,
    /// Of the training as it was, a seed each.
    as_it_was: Vec<Outcome>,
    changes: Vec<Change>,
}

/// A change that was advised.
#[derive(Serialize)]
struct Change {
    flags: String,
    outcomes: Vec<Outcome>,
    /// 95 % interval of the difference it makes to the loss, over the seeds.
    interval: Option<(f64, f64)>,
}

/// Flags as they are pasted.
#[derive(Parser)]
struct Pasted {
    #[command(flatten)]
    flags: Flags,
}

/// Gradients are checked on so many rows.
const CHECKED: usize = 20;

pub(super) fn experiments(
    run: &Path,
    record: &Record,
    data: Option<&Path>,
    findings: &[Finding],
    seeds: u32,
) -> anyhow::Result<Deep> {
    let settings = &record.settings;
    let Some(file) = data.or(settings.data.file.as_deref()) else {
        bail!("which table?\nhint: nablab diagnose RUN FILE --deep");
    };
    let table = table::load(file, true)?;
    let judged_on = settings.validation.file.as_ref().map(|file| table::load(file, true)).transpose()?;
    let (judged_on, name) = (judged_on.as_ref(), file.display().to_string());
    let each = |settings: &Settings, learn: Learn| {
        let one = |seed: u32| {
            let mut settings = settings.clone();
            settings.training.seed = Seed::Streams(seed.into());
            learn(&settings, &table, judged_on, &name)
        };
        // On all cores: each training is single-threaded.
        (0..seeds).into_par_iter().map(one).collect::<Result<Vec<_>, _>>()
    };
    let as_it_was = each(settings, Settings::learn)?;
    let mut changes = Vec::new();
    for flags in findings.iter().flat_map(Finding::advice) {
        let Some(changed) = with(settings, &flags).filter(|changed| changed != settings) else { continue };
        if changes.iter().any(|change: &Change| change.flags == flags) {
            continue;
        }
        let outcomes = each(&changed, Settings::learn)?;
        let differences: Vec<f64> = outcomes.iter().zip(&as_it_was).map(|(a, b)| a.loss - b.loss).collect();
        changes.push(Change { flags, outcomes, interval: t_interval(&differences) });
    }
    let model = Model::load(run)?;
    Ok(Deep {
        few_rows: settings.learn_few_rows(&table, judged_on, &name)?,
        shuffled: each(settings, Settings::learn_nothing)?,
        gradient_is_correct: model.check_gradient(&table, judged_on, &name, CHECKED)?.is_correct(),
        as_it_was,
        changes,
    })
}

type Learn = fn(&Settings, &Table, Option<&Table>, &str) -> Result<Outcome, Error>;

/// The settings with pasted flags; none where the flags are no settings of a training.
fn with(settings: &Settings, flags: &str) -> Option<Settings> {
    let words = shlex::split(flags)?;
    let Pasted { flags } = Pasted::try_parse_from(["flags".to_owned()].into_iter().chain(words)).ok()?;
    let mut changed = settings.clone();
    flags.apply(&mut changed).ok()?;
    Some(changed)
}

impl Deep {
    pub(super) fn words(&self, lang: Lang) -> String {
        let n = |v: f64| number(v, 3);
        let FewRows { rows, before, after } = self.few_rows;
        let mut text = lang.choose(
            format!("{rows} rows alone: the loss goes from {} to {}", n(before), n(after)),
            format!("只用 {rows} 行训练：损失从 {} 变为 {}", n(before), n(after)),
        );
        text += match after < 0.1 * before {
            true => lang.choose(", so the network can learn\n", "，网络有能力学习\n"),
            false => lang.choose(": it cannot even learn these by heart\n", "：连这几行也记不住\n"),
        };
        let mean =
            |outcomes: &[Outcome]| outcomes.iter().map(|o| o.loss).sum::<f64>() / outcomes.len() as f64;
        let metrics: Vec<f64> = self.shuffled.iter().map(|outcome| outcome.metric).collect();
        if let Some((low, high)) = t_interval(&metrics) {
            text += &lang.choose(
                format!(
                    "targets shuffled: metric between {} and {} on the rows held out; more than chance would come from the split\n",
                    n(low),
                    n(high)
                ),
                format!("打乱目标后：留出的行上指标在 {} 与 {} 之间；若高于偶然水平，问题出在划分上\n", n(low), n(high)),
            );
        }
        text += match self.gradient_is_correct {
            true => lang.choose("gradient: correct\n", "梯度：正确\n"),
            false => lang.choose("gradient: wrong (nablab check)\n", "梯度：错误（nablab check）\n"),
        };
        text += &lang.choose(
            format!("as it was, over {} seeds: loss {}\n", self.as_it_was.len(), n(mean(&self.as_it_was))),
            format!("原样训练（{} 个随机种子）：损失 {}\n", self.as_it_was.len(), n(mean(&self.as_it_was))),
        );
        for Change { flags, outcomes, interval } in &self.changes {
            let verdict = match interval {
                Some((_, high)) if *high < 0.0 => lang.choose("helps", "有帮助"),
                Some((low, _)) if *low > 0.0 => lang.choose("makes it worse", "更差"),
                _ => lang.choose("no clear difference", "没有明显差别"),
            };
            let between = interval.map_or(String::new(), |(low, high)| {
                lang.choose(
                    format!(", difference between {} and {}", n(low), n(high)),
                    format!("，差值在 {} 与 {} 之间", n(low), n(high)),
                )
            });
            text += &lang.choose(
                format!("{flags}: loss {}{between}: {verdict}\n", n(mean(outcomes))),
                format!("{flags}：损失 {}{between}：{verdict}\n", n(mean(outcomes))),
            );
        }
        text
    }
}
