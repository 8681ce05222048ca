//! `nablab diagnose --deep`: experiments that tell what is wrong, and whether what was advised helps.

use std::path::Path;

use anyhow::bail;
use clap::Parser;
use nablab::data::table::Table;
use nablab::diagnosis::{Checked, Evidence, Score, Shuffled, diagnose};
use nablab::engine::{Optimizer, Seed};
use nablab::report::{Lang, number};
use nablab::tables::report::t_interval;
use nablab::tables::run::Record;
use nablab::tables::{Doubted, Error, FewRows, Model, Outcome, Settings};
use rayon::prelude::*;
use serde::Serialize;

use crate::table;
use crate::train::Flags;

/// What the experiments showed.
#[derive(Serialize)]
pub(super) struct Deep {
    few_rows: FewRows,
    #[serde(skip)]
    score: Score,
    /// The metric of an answer that looks at no feature.
    #[serde(skip)]
    chance: f64,
    /// With the targets shuffled, a seed each.
    shuffled: Vec<Outcome>,
    /// Labels doubted by networks that have not learned from their rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    doubted: Option<Doubted>,
    gradient: Checked,
    /// Of a search for the rate; none where the rate has no say.
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
    /// Of the training as it was, a seed each.
    as_it_was: Vec<Outcome>,
    changes: Vec<Change>,
}

/// What a search says of the learning rate.
#[derive(Serialize)]
struct Range {
    rate: f64,
    suggestion: f64,
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

/// Folds in which labels are doubted.
const FOLDS: usize = 5;
/// Gradients are checked on so many rows.
const CHECKED: usize = 20;

/// Experiments with the training of a run; what they show of its gradient becomes part of the evidence.
pub(super) fn experiments(
    run: &Path,
    record: &Record,
    evidence: &mut Evidence,
    data: Option<&Path>,
    seeds: u32,
) -> anyhow::Result<Deep> {
    let settings = &record.settings;
    let Some(file) = data.or(settings.data.file.as_deref()) else {
        bail!("which table?\nhint: nablab diagnose RUN FILE --deep");
    };
    let (table, judged_on) = table::load_both(settings, file, Path::new(""), true)?;
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
    let model = Model::load(run)?;
    let gradient = Checked::from(&model.check_gradient(&table, judged_on, &name, CHECKED)?);
    evidence.gradient = Some(gradient.clone());
    let range = match settings.training.optimizer {
        Optimizer::LBfgs { .. } => None,
        _ => {
            let suggestion = settings.find_rate(&table, judged_on, &name)?.rate;
            Some(Range { rate: settings.training.learning_rate, suggestion })
        }
    };
    let found = range.as_ref().map(|range| range.suggestion);
    let as_it_was = each(settings, Settings::learn)?;
    let shuffled = each(settings, Settings::learn_nothing)?;
    evidence.shuffled = beside(&as_it_was, &shuffled);
    let doubted = settings.doubt_labels(&table, &name, FOLDS)?;
    if let Some(doubted) = &doubted {
        evidence.suspects.clone_from(&doubted.suspects);
        (evidence.suspect_rows, evidence.unsure_rows) = (doubted.rows, doubted.unsure);
    }
    let mut changes = Vec::new();
    for flags in diagnose(evidence).iter().flat_map(|finding| finding.advice(evidence)) {
        let Some(changed) = with(settings, &flags, found).filter(|changed| changed != settings) else {
            continue;
        };
        if changes.iter().any(|change: &Change| change.flags == flags) {
            continue;
        }
        let outcomes = each(&changed, Settings::learn)?;
        let differences: Vec<f64> = outcomes.iter().zip(&as_it_was).map(|(a, b)| a.loss - b.loss).collect();
        changes.push(Change { flags, outcomes, interval: t_interval(&differences) });
    }
    Ok(Deep {
        score: evidence.score(),
        chance: evidence.chance(),
        few_rows: settings.learn_few_rows(&table, judged_on, &name)?,
        shuffled,
        doubted,
        gradient,
        range,
        as_it_was,
        changes,
    })
}

/// What trainings gain over trainings with shuffled targets, seed by seed.
fn beside(as_it_was: &[Outcome], shuffled: &[Outcome]) -> Option<Shuffled> {
    let gains = |gain: fn(&Outcome, &Outcome) -> f64| -> Vec<f64> {
        as_it_was.iter().zip(shuffled).map(|(a, b)| gain(a, b)).collect()
    };
    let metric = |all: &[Outcome]| all.iter().map(|outcome| outcome.metric).sum::<f64>() / all.len() as f64;
    Some(Shuffled {
        seeds: as_it_was.len(),
        metric: metric(as_it_was),
        shuffled: metric(shuffled),
        least_gain: t_interval(&gains(|a, b| a.metric - b.metric))?.0,
        least_gain_of_loss: t_interval(&gains(|a, b| b.loss - a.loss))?.0,
    })
}

type Learn = fn(&Settings, &Table, Option<&Table>, &str) -> Result<Outcome, Error>;

/// The settings with pasted flags, and the rate that a range test found where that is what they ask; none where the flags are
/// no settings of a training.
fn with(settings: &Settings, flags: &str, found: Option<f64>) -> Option<Settings> {
    let words = shlex::split(flags)?;
    let Pasted { flags } = Pasted::try_parse_from(["flags".to_owned()].into_iter().chain(words)).ok()?;
    let mut changed = settings.clone();
    flags.apply(&mut changed).ok()?;
    if flags.finds_learning_rate() {
        changed.training.learning_rate = found?;
    }
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
            let (score, chance) = (self.score.name(lang), n(self.chance));
            // An interval of few seeds may reach beyond what a share, or R², can be.
            let low = if self.score == Score::Accuracy { low.max(0.0) } else { low };
            let (low, high) = (n(low), n(high.min(1.0)));
            text += &lang.choose(
                format!(
                    "targets shuffled: {score} between {low} and {high} on the rows held out; without a look at features it is {chance}, \
                     and clearly more would come from the split\n"
                ),
                format!("打乱目标后：留出行上的{score}在 {low} 与 {high} 之间；不看特征时为 {chance}，若明显更高，则并非来自特征，而是划分有问题\n"),
            );
        }
        if let Some(Doubted { rows, unsure, .. }) = &self.doubted {
            text += &lang.choose(
                format!(
                    "labels, each doubted by a network that has not learned from its row ({FOLDS} folds): {rows} improbable, {unsure} \
                     unsure\n"
                ),
                format!("标签由没有学过该行的网络来判断（{FOLDS} 折）：{rows} 行不大可能，{unsure} 行不确定\n"),
            );
        }
        text += match self.gradient.wrong {
            0 => lang.choose("gradient: correct\n", "梯度：正确\n"),
            _ => lang.choose("gradient: wrong (nablab check)\n", "梯度：错误（nablab check）\n"),
        };
        if let Some(Range { rate, suggestion }) = self.range {
            text += &lang.choose(
                format!("--learning-rate find chooses {suggestion}; it is {rate}\n"),
                format!("--learning-rate find 选择 {suggestion}，现在为 {rate}\n"),
            );
        }
        text += &lang.choose(
            format!("as it was, over {} seeds: loss {}\n", self.as_it_was.len(), n(mean(&self.as_it_was))),
            format!("原样训练（{} 个随机种子）：损失 {}\n", self.as_it_was.len(), n(mean(&self.as_it_was))),
        );
        for Change { flags, outcomes, interval } in &self.changes {
            let ends_well = |all: &[Outcome]| all.iter().all(|outcome| outcome.loss.is_finite());
            let verdict = match interval {
                _ if ends_well(outcomes) && !ends_well(&self.as_it_was) => {
                    lang.choose("helps: it ends in a number", "有帮助：结果是有限的数")
                }
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

#[cfg(test)]
mod tests {
    use nablab::diagnosis::{Column, Handling};
    use nablab::engine::Hidden;
    use nablab_testing::samples;

    use super::*;

    fn evidence(settings: &Settings) -> Evidence {
        let column = Column {
            name: "width, in \"mm\"".into(),
            source: "it's width".into(),
            mean: 0.0,
            deviation: 1.0,
            is_indicator: false,
            alone: f64::NAN,
        };
        let training = settings.training.clone();
        let handling = Handling { is_scaled: true, ..Handling::default() };
        Evidence {
            settings: Some(training),
            handling,
            rows: 500,
            columns: vec![column],
            ..Evidence::default()
        }
    }

    /// Whatever is advised is a flag that the command takes, and changes something.
    #[test]
    fn advice_can_be_pasted() {
        let linear = |mut settings: Settings| {
            settings.training.hidden = Vec::new();
            settings
        };
        let memory = Optimizer::LBfgs { memory: 10 };
        let mut normalised = Settings::default();
        let layer = Hidden { batch_norm: true, dropout: 0.5, ..Hidden::relu(300) };
        normalised.training.hidden = vec![layer; 2];
        let mut used = 0;
        for settings in [Settings::default(), linear(Settings::default()), Settings::by(memory), normalised] {
            let evidence = evidence(&settings);
            for finding in samples() {
                for flags in finding.advice(&evidence) {
                    used += 1;
                    // Folds are many trainings, not another one.
                    if flags != "--folds 5" {
                        let changed = with(&settings, &flags, Some(0.0123));
                        assert!(changed.is_some(), "{flags} is refused");
                        assert_ne!(changed.as_ref(), Some(&settings), "{flags} changes nothing");
                    }
                }
            }
        }
        assert!(used > 100, "{used}");
    }

    /// A name that a shell or a list would take apart is quoted, or not advised; what is ignored already stays so.
    #[test]
    fn names_are_quoted() {
        let settings = Settings::default();
        let mut evidence = evidence(&settings);
        evidence.handling.ignored = vec!["id".into()];
        let leak = samples().into_iter().find(|finding| finding.code() == "leaking-feature").unwrap();
        let advice = leak.advice(&evidence);
        let changed = with(&settings, &advice[0], None).unwrap();
        assert_eq!(changed.data.ignore, ["id", "it's width"]);
        evidence.columns[0].source = "a,b".into();
        let changed = with(&settings, &leak.advice(&evidence)[0], None).unwrap();
        assert_eq!(changed.data.ignore, ["id", "a,b"]);
        evidence.columns[0].source = "a\nb".into();
        assert_eq!(leak.advice(&evidence), [""; 0]);
    }
}
