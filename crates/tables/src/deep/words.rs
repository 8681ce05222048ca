//! A deep diagnosis in words.

use nablab_diagnosis::{Advice, Score};
use nablab_report::{Lang, number};

use super::{DeepDiagnosis, FOLDS, SuggestedRate, TriedAdvice};
use crate::{Doubted, FewRows, Outcome};
use nablab_statistics::t_interval;

impl DeepDiagnosis {
    /// What they showed, in a few lines. `worded` says what is advised: as flags, arguments, or the words of a button.
    pub fn text(&self, lang: Lang, worded: &dyn Fn(&Advice) -> String) -> String {
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
        if let Some(SuggestedRate { rate, suggestion }) = self.range {
            let find = worded(&Advice::FindLearningRate);
            text += &lang.choose(
                format!("{find} chooses {suggestion}; it is {rate}\n"),
                format!("{find} 选择 {suggestion}，现在为 {rate}\n"),
            );
        }
        text += &lang.choose(
            format!("as it was, over {} seeds: loss {}\n", self.as_it_was.len(), n(mean(&self.as_it_was))),
            format!("原样训练（{} 个随机种子）：损失 {}\n", self.as_it_was.len(), n(mean(&self.as_it_was))),
        );
        for TriedAdvice { advice, outcomes, interval } in &self.changes {
            let change = worded(advice);
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
                format!("{change}: loss {}{between}: {verdict}\n", n(mean(outcomes))),
                format!("{change}：损失 {}{between}：{verdict}\n", n(mean(outcomes))),
            );
        }
        text
    }
}
