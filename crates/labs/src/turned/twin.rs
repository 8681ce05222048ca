//! A training with turned knobs and the course's beside it.

use nablab_report::{Lang, counted, number};
use serde_json::{Map, Value, json};

use super::changes::{Change, changes};
use crate::experiment::{Experiment, Outcome};
use crate::lead::on_the_same_points;
use crate::masks;
use crate::pairs::{Judgement, Pair, SIGNIFICANCE};
use crate::record::Number;
use crate::summary::{Measure, json_of};
use crate::variant::{Run, Variant};

/// A variant with its run and its seeds.
pub(super) type Trained<'a> = (&'a Variant, &'a Run, &'a [Outcome]);

/// The two, and how they compare.
pub(super) struct Twin<'a> {
    pub(super) course: Trained<'a>,
    pub(super) turned: Trained<'a>,
    pub(super) changes: Vec<Change>,
    /// Over the seeds, a pair for each measure, that of the lab first; none without seeds.
    pub(super) pairs: Vec<Pair<'a>>,
    measures: Vec<Measure>,
    /// Of the two runs with the course's seed: the test points that only the course's has right, and only the turned one, and McNemar's p.
    on_test: Option<([usize; 2], f64)>,
}

/// All of an experiment. Every comparison counts among all of them.
pub(super) fn twins(experiment: &Experiment, measure: Measure, lang: Lang) -> Vec<Twin<'_>> {
    let mut measures = vec![measure];
    let all = [Measure::Cost, Measure::TrainAccuracy, Measure::TestAccuracy];
    measures.extend(all.into_iter().filter(|&other| {
        other != measure && (other != Measure::TestAccuracy || experiment.test().is_some())
    }));
    let level = SIGNIFICANCE / (measures.len() * experiment.twins().count()) as f64;
    let trained = |i: usize| -> Trained<'_> {
        (&experiment.variants[i], &experiment.runs[i], experiment.seeds[i].as_slice())
    };
    let twin = |(course, turned)| {
        let (course, turned) = (trained(course), trained(turned));
        let compare =
            |&measure: &Measure| Pair::new([course, turned].map(|(v, _, s)| (v, s)), measure, level);
        let pairs = if turned.2.is_empty() { Vec::new() } else { measures.iter().map(compare).collect() };
        let changes = changes(&course.0.recipe, &turned.0.recipe, lang);
        let fits = course.1.test.as_ref().zip(turned.1.test.as_ref());
        let on_test = fits.zip(experiment.test()).map(|((a, b), test)| on_the_same_points(a, b, test));
        Twin { course, turned, changes, pairs, measures: measures.clone(), on_test }
    };
    experiment.twins().map(twin).collect()
}

impl Twin<'_> {
    /// What was changed, in words.
    pub(super) fn settings(&self, lang: Lang) -> String {
        self.changes.iter().map(Change::words).collect::<Vec<_>>().join(lang.choose(", ", "、"))
    }

    /// A measure of the two runs with the course's own seed.
    fn values(&self, measure: Measure) -> Option<[f64; 2]> {
        let [course, turned] = [self.course, self.turned].map(|(_, run, _)| measure.of(&run.into()));
        Some([course?, turned?])
    }

    /// How the training with turned knobs does by the measure of this place.
    pub(super) fn judgement(&self, i: usize) -> Option<Judgement> {
        self.pairs.get(i).map(|pair| pair.judge(self.turned.0))
    }

    /// Better, worse, or not to be told, by each measure: the sentence that answers what the knob does.
    pub(super) fn headline(&self, lang: Lang) -> String {
        let (name, settings) = (self.course.0.name(lang), self.settings(lang));
        let by = |(i, &measure): (usize, &Measure)| {
            let medians = self.pairs.get(i).and_then(|pair| pair.medians(self.course.0));
            let [course, turned] = medians.or_else(|| self.values(measure))?.map(|value| number(value, 4));
            let what = measure.name(lang);
            let words = self.judgement(i).map_or("", |judgement| judgement.words(lang));
            Some(match words {
                "" => format!("{what} {course} → {turned}"),
                words => lang.choose(
                    format!("**{words}** by {what} ({course} → {turned})"),
                    format!("{what}**{words}**（{course} → {turned}）"),
                ),
            })
        };
        let clauses: Vec<_> = self.measures.iter().enumerate().filter_map(by).collect();
        let clauses = clauses.join(lang.choose("; ", "；"));
        let basis = match self.turned.2.len() {
            0 => self.without_seeds(lang),
            count => lang.choose(
                format!("The numbers are medians over {}.", counted(count as u64, "seed")),
                format!("数值为 {count} 个种子的中位数。"),
            ),
        };
        lang.choose(
            format!("**{name}**, {settings}: {clauses}. {basis}"),
            format!("**{name}**，{settings}：{clauses}。{basis}"),
        )
    }

    /// What one run of each tells: whether the same two networks would differ on other points, not whether other seeds would.
    fn without_seeds(&self, lang: Lang) -> String {
        let Some(([course, turned], p)) = self.on_test else {
            return lang
                .choose(
                    "They were not compared over seeds: one run of each cannot tell a difference from luck.",
                    "没有在多个种子上比较：各一次训练无法区分差异与偶然。",
                )
                .to_owned();
        };
        let shown = number(p, 2);
        let (en, zh) = match p < SIGNIFICANCE {
            true => ("more than chance", "不是偶然"),
            false => ("which may be chance", "可能是偶然"),
        };
        lang.choose(
            format!(
                "They were not compared over seeds. Of the test points {course} are right in the course's run alone and {turned} in the turned \
                 one alone, {en} (McNemar's test: p = {shown}); whether other seeds differ as much, one run of each cannot tell."
            ),
            format!(
                "没有在多个种子上比较。测试点中有 {course} 个只有课程的那次训练正确，{turned} 个只有调整后的那次正确，{zh}（McNemar 检验 p = {shown}）；\
                 换成别的种子是否也如此，各一次训练无法判断。"
            ),
        )
    }

    /// Where the runs with the course's own seed go the other way than what the seeds decide.
    pub(super) fn exceptions(&self, lang: Lang) -> Option<String> {
        let opposite = |(i, &measure): (usize, &Measure)| {
            let values = self.values(measure)?;
            let [course, turned] = values.map(|value| measure.score(value));
            let is_opposite = match self.judgement(i)? {
                Judgement::Better => turned < course,
                Judgement::Worse => turned > course,
                _ => false,
            };
            let (what, [course, turned]) = (measure.name(lang), values.map(|value| number(value, 4)));
            is_opposite.then(|| format!("{what} {course} → {turned}"))
        };
        let opposite: Vec<_> = self.measures.iter().enumerate().filter_map(opposite).collect();
        let (name, opposite) = (self.course.0.name(lang), opposite.join(lang.choose(", ", "、")));
        let why = match [self.course.0, self.turned.0].iter().any(|variant| masks::are_frozen(&variant.recipe)) {
            true => lang.choose(
                "With that seed dropout's masks are the same in every iteration; the other seeds draw them afresh each time.",
                "用那个种子时，dropout 的掩码在每次迭代中都相同；其他种子每次迭代都重新抽取。",
            ),
            false => lang.choose("It is an exception.", "那次训练是例外。"),
        };
        (!opposite.is_empty()).then(|| {
            lang.choose(
                format!(
                    "The run of **{name}** with the course's own seed goes the other way: {opposite}. {why}"
                ),
                format!("使用课程自己的种子时，**{name}**的结果恰好相反：{opposite}。{why}"),
            )
        })
    }

    /// In JSON.
    pub(super) fn json(&self) -> Value {
        let (course, turned) = (self.course, self.turned);
        let mut differences = Map::new();
        let mut judgements = Map::new();
        for (i, &measure) in self.measures.iter().enumerate() {
            if let Some([course, turned]) = self.values(measure) {
                differences.insert(measure.key().into(), Number(turned - course).into());
            }
            if let Some(judgement) = self.judgement(i) {
                judgements.insert(measure.key().into(), json!(judgement));
            }
        }
        json!({
            "key": turned.0.key, "beside": course.0.key, "changes": self.changes,
            "course": json_of(course.0, course.1, course.2), "turned": json_of(turned.0, turned.1, turned.2),
            "difference": differences, "judgement": judgements,
            "pairs": self.pairs.iter().map(Pair::json).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::VariantTraining;
    use crate::{Knobs, Lab};

    /// What is said of the last training of a lab with a knob turned, whose cost falls with every seed but the course's own.
    fn exception(lab: Lab, knobs: &Knobs) -> String {
        let mut lab = lab.plan(None, knobs).unwrap();
        let few = lab.variants[0].turned(&Knobs { epochs: Some(1), ..Knobs::default() }).unwrap().unwrap();
        let run = VariantTraining::new(&few, &lab.data).unwrap().finish(&()).unwrap();
        let (course, turned) = lab.twins().last().unwrap();
        let costs = |i: usize| if i == turned { [0.9, 0.1] } else { [0.6, 0.2] };
        lab.runs = (0..lab.variants.len()).map(|_| run.clone()).collect();
        lab.runs.iter_mut().enumerate().for_each(|(i, run)| run.train.cost = costs(i)[0]);
        let outcome = |cost| Outcome { cost, train_accuracy: 0.5, test_accuracy: Some(0.5) };
        let over_seeds = |i: usize| (0..20).map(|k| outcome(costs(i)[1] + 1e-3 * f64::from(k))).collect();
        lab.seeds = (0..lab.variants.len())
            .map(|i| if i == course || i == turned { over_seeds(i) } else { Vec::new() })
            .collect();
        let twins = twins(&lab, Measure::Cost, Lang::En);
        twins.last().and_then(|twin| twin.exceptions(Lang::En)).unwrap()
    }

    /// Masks that never change are no chance: they are the reason.
    #[test]
    fn frozen_masks_are_the_reason_and_not_an_exception() {
        let of_dropout = exception(Lab::Regularization, &Knobs { dropout: Some(0.5), ..Knobs::default() });
        assert!(
            of_dropout.contains("final cost 0.6 → 0.9. With that seed dropout's masks are the same"),
            "{of_dropout}"
        );
        let of_rate = exception(Lab::Optimization, &Knobs { learning_rate: Some(0.1), ..Knobs::default() });
        assert!(of_rate.ends_with("It is an exception."), "{of_rate}");
    }
}
