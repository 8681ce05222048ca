//! A page on a training on matrices: what is known of it without a table.

use nablab_diagnosis::{Advice, EpochLosses, Evidence, Fit};
use nablab_report::figure::CYCLE;
use nablab_report::{Block, Cell, Document, Figure, Lang, Layer, Section, Stroke};

use super::{DIGITS, curves, diagnosis, made_by, section, signals, table};

/// What is wrong with a training that was [watched](crate::Watched), its curves, and what its layers did; `name` is the page's,
/// `code` trains it again, and `worded` says in a door's words what may help.
pub fn watched(
    name: &str,
    code: &str,
    evidence: &Evidence,
    lang: Lang,
    worded: &dyn Fn(&Advice) -> String,
) -> Document {
    let mut sections = vec![overview(evidence, lang), diagnosis::findings(evidence, lang, worded)];
    sections.extend(history(&evidence.history, evidence, lang));
    sections.extend(signals::signals(evidence, false, lang));
    let again = vec![Block::Code(code.to_owned())];
    sections.push(section("recipe", lang.choose("Train it again", "重现训练"), again));
    Document {
        lang,
        title: name.to_owned(),
        subtitle: lang.choose("How a network was trained.", "神经网络的训练过程。").into(),
        made_by: made_by(),
        sections,
    }
}

/// How good it is.
fn overview(evidence: &Evidence, lang: Lang) -> Section {
    let parts = [
        (lang.choose("learned from", "训练行"), evidence.train),
        (lang.choose("held out", "留出行"), evidence.validation),
    ];
    let row = |(name, fit): (&str, Option<Fit>)| {
        let Fit { rows, loss, metric, .. } = fit?;
        let numbers =
            [Cell::Number(rows as f64, 17), Cell::Number(loss, DIGITS), Cell::Number(metric, DIGITS)];
        Some([Cell::text(name)].into_iter().chain(numbers).collect())
    };
    let rows = parts.into_iter().filter_map(row).collect();
    let score = evidence.score().name(lang);
    let columns = lang.choose(["rows", "how many", "loss", score], ["行", "行数", "损失", score]);
    section("overview", lang.choose("Overview", "概览"), vec![table("", &columns, rows)])
}

/// Loss and metric; nothing where there is no more than one epoch.
fn history(history: &[EpochLosses], evidence: &Evidence, lang: Lang) -> Option<Section> {
    if history.len() < 2 {
        return None;
    }
    let held_out = lang.choose("held out", "留出行");
    let is_judged = history.iter().any(|at| at.train_loss.is_finite());
    let learned: (&str, fn(&EpochLosses) -> f64) = match is_judged {
        true => (lang.choose("training", "训练"), |at| at.train_loss),
        false => (lang.choose("what is minimised", "被最小化的代价"), |at| at.cost),
    };
    let losses = [(learned.0, learned.1, Stroke::Solid), (held_out, |at| at.validation_loss, Stroke::Dashed)];
    let mut figures = vec![figure("loss", lang.choose("loss", "损失"), history, &losses, lang)];
    if is_judged {
        let scores: [Curve<'_>; 1] = [(held_out, |at| at.validation_metric, Stroke::Dashed)];
        figures.push(figure("metric", evidence.score().name(lang), history, &scores, lang));
    }
    Some(section("curves", lang.choose("Curves", "曲线"), vec![Block::Figures(figures)]))
}

/// Its name, what it is of an epoch, and how it is drawn.
type Curve<'a> = (&'a str, fn(&EpochLosses) -> f64, Stroke);

fn figure(name: &str, label: &str, history: &[EpochLosses], of: &[Curve<'_>], lang: Lang) -> Figure {
    let line = |(number, (name, field, stroke)): (usize, &Curve<'_>)| -> Vec<Layer> {
        let points = history.iter().map(|at| (at.epoch as f64, field(at))).collect();
        curves::line_of(points, name, CYCLE[number], *stroke)
    };
    curves::figure(name, label, of.iter().enumerate().flat_map(line).collect(), lang)
}
