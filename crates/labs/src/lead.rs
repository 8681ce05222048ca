//! Which variant leads on the test set, and whether the test points tell it from the next.

use nablab_data::Dataset;
use nablab_report::{Lang, number};
use nablab_statistics::mcnemar;

use crate::experiment::Experiment;
use crate::pairs::SIGNIFICANCE;
use crate::summary::compared;
use crate::variant::{Fit, Variant};

/// The two best single runs by test accuracy.
pub(crate) struct Lead<'a> {
    first: &'a Variant,
    second: &'a Variant,
    /// By which share of the points.
    ahead: f64,
    points: usize,
    /// Right with the first alone, and with the second alone.
    alone: [usize; 2],
    /// Of McNemar's test.
    p: f64,
    /// Seeds say more elsewhere.
    has_seeds: bool,
}

impl<'a> Lead<'a> {
    /// None without a test set, and where none leads.
    pub(crate) fn of(experiment: &'a Experiment) -> Option<Self> {
        let test = experiment.test()?;
        let mut runs: Vec<_> = compared(experiment)
            .filter_map(|(variant, run, _)| Some((variant, run.test.as_ref()?)))
            .collect();
        runs.sort_by(|a, b| b.1.accuracy.total_cmp(&a.1.accuracy));
        let [(first, best), (second, next), ..] = runs[..] else { return None };
        if best.accuracy == next.accuracy {
            return None;
        }
        let (alone, p) = on_the_same_points(best, next, test);
        Some(Self {
            first,
            second,
            ahead: best.accuracy - next.accuracy,
            points: test.examples(),
            alone,
            p,
            has_seeds: compared(experiment)
                .any(|(variant, _, seeds)| !seeds.is_empty() || variant.beside.is_some()),
        })
    }

    /// By more than chance explains.
    fn is_told(&self) -> bool {
        self.p < SIGNIFICANCE
    }

    /// Behind the name of the first: what the test cannot say of it.
    pub(crate) fn reservation(&self, lang: Lang) -> Option<String> {
        let (second, p) = (self.second.name(lang), number(self.p, 2));
        (!self.is_told()).then(|| {
            lang.choose(
                format!("; the test points cannot tell it from {second} (p = {p})"),
                format!("；测试点无法把它与{second}区分开（p = {p}）"),
            )
        })
    }

    /// By how much it leads, and what McNemar's test says.
    pub(crate) fn sentence(&self, lang: Lang) -> String {
        let (first, second) = (self.first.name(lang), self.second.name(lang));
        let (ahead, p) = (format!("{:.1}", 100.0 * self.ahead), number(self.p, 2));
        let (points, [won, lost]) = (self.points, self.alone);
        let facts = lang.choose(
            format!(
                "**{first}** is {ahead} percentage points ahead of **{second}**: of the {points} test points {won} are right with \
                 it alone, {lost} with the other alone"
            ),
            format!(
                "**{first}**领先 **{second}** {ahead} 个百分点：{points} 个测试点中，{won} 个只有前者正确，{lost} 个只有后者正确"
            ),
        );
        let verdict = match self.is_told() {
            true => lang.choose(
                format!(", more than chance (McNemar's test: p = {p})."),
                format!("，不是偶然（McNemar 检验 p = {p}）。"),
            ),
            false => lang.choose(
                format!(", so these points cannot tell the two apart (McNemar's test: p = {p})."),
                format!("，因此这些点无法区分两者（McNemar 检验 p = {p}）。"),
            ),
        };
        let more = match !self.is_told() && !self.has_seeds {
            true => lang.choose(" More seeds tell.", "更多的种子可以给出证据。"),
            false => "",
        };
        facts + &verdict + more
    }
}

/// How many points of a set each has right and the other has not, and McNemar's p of that.
pub(crate) fn on_the_same_points(a: &Fit, b: &Fit, set: &Dataset) -> ([usize; 2], f64) {
    let only = |a: &Fit, b: &Fit| a.right(set).zip(b.right(set)).filter(|(a, b)| *a && !*b).count();
    let alone = [only(a, b), only(b, a)];
    (alone, mcnemar(alone[0], alone[1]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::{Measure, best, ranked};
    use crate::training::VariantTraining;
    use crate::{Knobs, regularization};

    /// The lab with runs that are wrong on so many of its test points, each on others.
    fn experiment(wrong: [usize; 3]) -> Experiment {
        let mut lab = regularization::plan(None, &Knobs::default()).unwrap();
        let few = lab.variants[0].turned(&Knobs { epochs: Some(1), ..Knobs::default() }).unwrap().unwrap();
        let run = VariantTraining::new(&few, &lab.data).unwrap().finish(&()).unwrap();
        let labels: Vec<u32> = lab.test().unwrap().labels().to_vec();
        let mut from = 0;
        lab.runs = wrong
            .map(|wrong| {
                let right =
                    |i: usize| if (from..from + wrong).contains(&i) { 1 - labels[i] } else { labels[i] };
                let mut run = run.clone();
                let test = run.test.as_mut().unwrap();
                test.predictions = (0..labels.len()).map(|i| right(i).to_string()).collect();
                test.accuracy = 1.0 - wrong as f64 / labels.len() as f64;
                from += wrong;
                run
            })
            .to_vec();
        lab.seeds = vec![Vec::new(); 3];
        lab
    }

    /// Who is right most often may be the least sure of it, which only the loss says.
    #[test]
    fn the_best_by_loss_is_named_where_it_is_another() {
        let mut lab = experiment([3, 30, 40]);
        lab.runs[0].test.as_mut().unwrap().cost = 1.62;
        lab.runs[1].test.as_mut().unwrap().cost = 0.328;
        let best = best(&lab, Measure::TestAccuracy, Lang::En);
        assert!(best.ends_with("L2 regularization is best (0.328, and not 1.62)"), "{best}");
    }

    /// What is called the best, and what is said of it, come from one test.
    #[test]
    fn the_best_is_called_so_with_what_the_test_says() {
        let said = |wrong| {
            let lab = experiment(wrong);
            [best(&lab, Measure::TestAccuracy, Lang::En), ranked(&lab, Measure::TestAccuracy, Lang::En)]
        };
        let [best, statement] = said([30, 3, 5]);
        assert!(best.starts_with("cannot be told: L2 regularization (test accuracy 0.9"), "{best}");
        assert!(!best.contains("mean loss"), "{best}");
        assert!(best.ends_with("the test points cannot tell it from Dropout (p = 0.73)"), "{best}");
        assert!(statement.contains("cannot tell the two apart (McNemar's test: p = 0.73)"), "{statement}");
        let [best, statement] = said([30, 3, 40]);
        assert!(best.ends_with(')') && !best.contains("cannot"), "{best}");
        assert!(
            statement.contains("ahead of **No regularization**") && statement.contains("more than chance"),
            "{statement}"
        );
        let [best, statement] = said([3, 3, 40]);
        assert!(best.starts_with("No regularization = L2 regularization"), "{best}");
        assert!(!statement.contains("ahead"), "{statement}");
    }
}
