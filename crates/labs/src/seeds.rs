//! What many seeds say of the variants: medians and quartiles, and whether the single run is confirmed and usual.

use nablab_report::{Cell, Lang, Table, counted, number};

use crate::experiment::{Experiment, Outcome};
use crate::pairs::{Pair, SIGNIFICANCE};
use crate::summary::{Measure, compared};
use crate::variant::Variant;
use nablab_statistics::quantile;

/// A run is unusual if it lies outside the middle 90 % of the seeds, on either side of them.
const UNUSUAL: f64 = 0.05;

/// What a measure was with each seed.
pub(crate) fn values(seeds: &[Outcome], measure: Measure) -> Vec<f64> {
    // A cost that is no number is as bad as one without end.
    let number = |value: f64| if value.is_nan() { f64::INFINITY } else { value };
    seeds.iter().filter_map(|outcome| measure.of(outcome)).map(number).collect()
}

/// How many seeds each variant was trained with.
fn count(experiment: &Experiment) -> usize {
    experiment.seeds.first().map_or(0, Vec::len)
}

/// What the seeds say; nothing without seeds.
pub(crate) fn statements(
    experiment: &Experiment,
    measure: Measure,
    pairs: &[Pair<'_>],
    lang: Lang,
) -> Vec<String> {
    let count = count(experiment);
    let Some(level) = pairs.first().map(|pair| pair.level) else { return Vec::new() };
    if let Some(few) = too_few(count, level, lang) {
        return vec![few];
    }
    let variants: Vec<_> = compared(experiment).map(|(variant, ..)| variant).collect();
    let what = lang.choose("every pair of variants is compared", "各方案两两");
    let mut statements = vec![introduction(&variants, what, count, pairs.len(), lang)];
    statements.extend(pairs.iter().map(|pair| pair.statement(lang)));
    statements.extend(verdict_on_the_single_run(experiment, measure, pairs, lang));
    statements.extend(compared(experiment).filter_map(|(variant, run, seeds)| {
        let own = measure.of(&run.into())?;
        unusual(variant, own, &values(seeds, measure), measure, lang)
    }));
    statements
}

/// With so few seeds no test can find a difference.
pub(crate) fn too_few(count: usize, level: f64, lang: Lang) -> Option<String> {
    // If every pair of n goes the same way the exact test says p = 2 / 2ⁿ, and no less.
    let needed = (1..).find(|&n| 2.0_f64.powi(1 - n) < level).unwrap_or(1);
    ((count as i32) < needed).then(|| {
        lang.choose(
            format!(
                "{} cannot tell the variants apart by a paired test: take at least {needed}.",
                counted(count as u64, "seed")
            ),
            format!("{count} 个种子太少，配对检验无法区分各方案：至少需要 {needed} 个。"),
        )
    })
}

/// What a seed changes, what is compared, and what counts as a difference.
pub(crate) fn introduction(
    variants: &[&Variant],
    what: &str,
    count: usize,
    comparisons: usize,
    lang: Lang,
) -> String {
    let any = |has: &dyn Fn(&Variant) -> bool| variants.iter().any(|variant| has(variant));
    let changes = [
        Some(lang.choose("initial weights", "初始权重")),
        any(&|v| v.recipe.batch_size.is_some()).then(|| lang.choose("mini-batches", "小批量的划分")),
        any(&|v| v.recipe.hidden.iter().any(|h| h.dropout > 0.0))
            .then(|| lang.choose("dropout masks", " dropout 掩码")),
    ];
    let changes: Vec<_> = changes.into_iter().flatten().collect();
    let changes = changes.join(lang.choose(" and ", "和"));
    let [significance, level] = [SIGNIFICANCE, SIGNIFICANCE / comparisons as f64].map(|v| number(v, 2));
    lang.choose(
        format!(
            "Over {count} seeds, each with its own {changes}, {what} by Wilcoxon's signed-rank test. Among \
             {comparisons} pairs chance finds a difference more easily than in one, so p counts below \
             {significance} / {comparisons} = {level} (Bonferroni)."
        ),
        format!(
            "{count} 个种子各有自己的{changes}；{what}用 Wilcoxon 符号秩检验比较。比较的对数越多，越容易碰巧出现差异，\
             因此 {comparisons} 对比较要求 p < {significance} / {comparisons} = {level}（Bonferroni 校正）。"
        ),
    )
}

/// Do the seeds confirm or reverse what the single run suggests?
fn verdict_on_the_single_run(
    experiment: &Experiment,
    measure: Measure,
    pairs: &[Pair<'_>],
    lang: Lang,
) -> Option<String> {
    let score = |run| measure.of(&Outcome::from(run)).map(|value| measure.score(value));
    let mut runs: Vec<_> = compared(experiment).filter_map(|(v, run, _)| Some((v, score(run)?))).collect();
    runs.sort_by(|a, b| b.1.total_cmp(&a.1));
    let [(best, first), (_, second), ..] = runs[..] else { return None };
    if first == second {
        return None;
    }
    let decided = |is: &dyn Fn(&Pair<'_>) -> bool| pairs.iter().filter(|p| p.is_decided() && is(p)).collect();
    let won: Vec<_> = decided(&|pair| pair.winner.key == best.key);
    let lost: Vec<_> = decided(&|pair| pair.loser.key == best.key);
    let (name, what) = (best.name(lang), measure.name(lang));
    if !lost.is_empty() {
        let winners: Vec<_> = lost.iter().map(|p| format!("**{}**", p.winner.name(lang))).collect();
        let winners = winners.join(lang.choose(" and ", "和"));
        return Some(lang.choose(
            format!(
                "The seeds reverse the single run: there **{name}** has the best {what}, over the seeds {winners} \
                 beats it."
            ),
            format!("种子推翻了单次训练的结论：单次训练中{what}最好的是**{name}**，而在各种子上它不如{winners}。"),
        ));
    }
    Some(if won.len() + 1 == runs.len() {
        lang.choose(
            format!("The seeds confirm the single run: **{name}** has the best {what} over them too."),
            format!("种子证实了单次训练的结论：{what}最好的仍是**{name}**。"),
        )
    } else {
        lang.choose(
            format!(
                "The seeds do not confirm that **{name}**, the best of the single run, has a better {what} than all \
                 others."
            ),
            format!("种子未能证实单次训练中最好的**{name}**在{what}上优于其他所有方案。"),
        )
    })
}

/// Where the single run falls, if that is outside the middle of the seeds.
fn unusual(variant: &Variant, own: f64, seeds: &[f64], measure: Measure, lang: Lang) -> Option<String> {
    let n = seeds.len();
    let below = seeds.iter().filter(|&&value| value < own).count();
    let above = seeds.iter().filter(|&&value| value > own).count();
    // Its rank among the seeds and itself: if it were one of them, so far out only one in twenty would be.
    let is_far = |beyond: usize| ((n - beyond + 1) as f64) / ((n + 1) as f64) <= UNUSUAL;
    let (en, zh, beyond) = match () {
        () if is_far(below) => ("higher", "高于", below),
        () if is_far(above) => ("lower", "低于", above),
        () => return None,
    };
    let at = |share| quantile(seeds, share).map_or_else(String::new, |value| number(value, 3));
    let (low, high) = (at(UNUSUAL), at(1.0 - UNUSUAL));
    let (name, what, own) = (variant.name(lang), measure.name(lang), number(own, 3));
    Some(lang.choose(
        format!(
            "The single run of **{name}** is an unusual one: its {what}, {own}, is {en} than with {beyond} of the {n} \
             seeds (the middle 90 % lie from {low} to {high})."
        ),
        format!(
            "**{name}**的单次训练并不典型：{what} {own}，{zh} {n} 个种子中的 {beyond} 个\
             （中间 90 % 位于 {low} 到 {high} 之间）。"
        ),
    ))
}

/// Median and quartiles over the seeds of some variants.
pub(crate) fn table(variants: &[(&Variant, &[Outcome])], lang: Lang) -> Table {
    let all = [Measure::Cost, Measure::TrainAccuracy, Measure::TestAccuracy, Measure::Gap];
    let is_measured =
        |measure: &Measure| variants.iter().any(|(_, seeds)| !values(seeds, *measure).is_empty());
    let measures: Vec<_> = all.into_iter().filter(is_measured).collect();
    let count = variants.first().map_or(0, |(_, seeds)| seeds.len());
    let row = |(variant, seeds): &(&Variant, &[Outcome])| {
        let cell = |&measure: &Measure| Cell::text(spread(&values(seeds, measure)));
        std::iter::once(Cell::text(variant.name(lang))).chain(measures.iter().map(cell)).collect()
    };
    let columns =
        std::iter::once(lang.choose("Variant", "方案")).chain(measures.iter().map(|m| m.name(lang)));
    Table {
        caption: lang.choose(
            format!("Over {}: median [lower quartile, upper quartile]", counted(count as u64, "seed")),
            format!("{count} 个随机种子：中位数 [下四分位数，上四分位数]"),
        ),
        columns: columns.map(str::to_owned).collect(),
        rows: variants.iter().map(row).collect(),
    }
}

/// Median and quartiles in words.
pub(crate) fn spread(values: &[f64]) -> String {
    let at = |share| quantile(values, share).map_or_else(|| "–".to_owned(), |v| number(v, 4));
    format!("{} [{}, {}]", at(0.5), at(0.25), at(0.75))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pairs::pairs;
    use crate::{Knobs, optimization};

    /// Gradient descent, momentum and Adam as in the course, with made-up costs for the seeds.
    fn experiment(costs: [fn(usize) -> f64; 3]) -> Experiment {
        let mut experiment = optimization::plan(None, &Knobs::default()).unwrap();
        experiment.runs = (0..4).map(|variant| experiment.train(variant, None, &()).unwrap()).collect();
        let outcome = |cost| Outcome { cost, train_accuracy: 0.5, test_accuracy: None };
        experiment.seeds = costs.map(|cost| (0..20).map(|i| outcome(cost(i))).collect()).to_vec();
        experiment.seeds.push(Vec::new());
        experiment
    }

    fn told(experiment: &Experiment) -> String {
        statements(experiment, Measure::Cost, &pairs(experiment, Measure::Cost), Lang::En).join("\n")
    }

    fn near(cost: f64, i: usize) -> f64 {
        cost + 1e-3 * i as f64
    }

    /// In the course Adam leads.
    #[test]
    fn seeds_confirm_or_reverse_the_single_run() {
        let confirmed = told(&experiment([|i| near(0.6, i), |i| near(0.7, i), |i| near(0.5, i)]));
        assert!(confirmed.contains("The seeds confirm the single run: **Adam**"), "{confirmed}");
        let reversed = told(&experiment([|i| near(0.6, i), |i| near(0.7, i), |i| near(0.65, i)]));
        assert!(reversed.contains("over the seeds **Gradient descent** beats it"), "{reversed}");
        let open = told(&experiment([|i| near(0.6, i), |i| near(0.7, i), |i| near(0.6, 19 - i)]));
        assert!(
            open.contains("do not confirm that **Adam**") && open.contains("cannot be told apart"),
            "{open}"
        );
    }

    #[test]
    fn a_certain_difference_may_be_negligible() {
        let told =
            told(&experiment([|i| near(0.6, i), |i| near(0.6004, i) + 1e-6 * i as f64, |i| near(0.5, i)]));
        assert_eq!(told.matches("The difference is real but negligible.").count(), 1, "{told}");
        let by = "a median difference of 0.00041, which is 0.067 % of the median of **Momentum**";
        assert!(told.contains(by), "{told}");
        // Nor does it confirm anything: here Adam leads gradient descent by as little.
        let told = self::told(&experiment([
            |i| near(0.6, i),
            |i| near(0.7, i),
            |i| near(0.5996, i) - 1e-6 * i as f64,
        ]));
        assert!(told.contains("do not confirm that **Adam**"), "{told}");
    }

    #[test]
    fn a_run_outside_the_middle_of_the_seeds_is_unusual() {
        let experiment = experiment([|i| near(0.6, i), |i| near(0.7, i), |i| near(0.5, i)]);
        let told = |own: f64, n: usize| {
            let seeds: Vec<f64> = (0..n).map(|i| near(0.6, i)).collect();
            unusual(&experiment.variants[0], own, &seeds, Measure::Cost, Lang::En)
        };
        assert!(told(0.7, 20).unwrap().contains("higher than with 20 of the 20 seeds"));
        assert!(told(0.5, 20).unwrap().contains("lower than with 20 of the 20 seeds"));
        assert_eq!(told(0.61, 20), None);
        // Of eight seeds and itself a run is the last by chance in one case of nine.
        assert_eq!(told(0.7, 8), None);
    }
}
