//! How good the model is: the headline, and its mistakes class by class or target by target.

use nablab_data::prepare::Target;
use nablab_report::{Block, Cell, Lang, Section};

use super::comparison::{Headline, NoInterval};
use super::{cell, section as part, shown, table, words};
use crate::Threshold;
use crate::metrics::{ClassMetrics, Classification, Metrics, Multilabel, OutputMetrics, Regression};
use crate::run::{Record, Summary};

/// A confusion matrix of more classes does not fit a page.
const MOST_CLASSES: usize = 20;

/// The metrics of the training and of the held-out rows.
pub(super) fn headline(summary: &Summary, lang: Lang) -> Block {
    let rows = |n: usize| lang.choose(format!("{n} rows"), format!("{n} 行"));
    let train = lang.choose(
        format!("training ({})", rows(summary.train_rows)),
        format!("训练（{}）", rows(summary.train_rows)),
    );
    let validation = lang.choose(
        format!("validation ({})", rows(summary.validation_rows)),
        format!("验证（{}）", rows(summary.validation_rows)),
    );
    let mut columns = vec!["", &train];
    let mut cells: Vec<Vec<Cell>> = words::metrics(&summary.train, lang)
        .into_iter()
        .map(|(name, value)| vec![Cell::text(name), cell(value)])
        .collect();
    if let Some(judged) = &summary.validation {
        columns.push(&validation);
        for (row, (_, value)) in cells.iter_mut().zip(words::metrics(judged, lang)) {
            row.push(cell(value));
        }
    }
    table("", &columns, cells)
}

/// How far the headline number can be trusted, or why that cannot be said.
pub(super) fn confidence(record: &Record, lang: Lang) -> Option<String> {
    let headline = Headline::of(record, lang)?;
    record.summary.validation.as_ref()?;
    let name = headline.name;
    let mut parts = vec![match (headline.interval, headline.no_interval) {
        (Some((low, high)), _) => lang.choose(
            format!(
                "With 95 % confidence, the {name} on other rows of the same kind lies between **{}** and **{}** (Wilson's \
                 interval).",
                shown(low),
                shown(high)
            ),
            format!(
                "在 95 % 置信水平下，同类新数据上的{name}介于 **{}** 与 **{}** 之间（Wilson 区间）。",
                shown(low),
                shown(high)
            ),
        ),
        (None, Some(why)) => why.sentence(name, lang),
        (None, None) => return None,
    }];
    if record.settings.validation.patience > 0 && headline.no_interval != Some(NoInterval::NoShare) {
        parts.push(lang.choose(
            "Early stopping chose the epoch by the same rows, so the numbers are a little too good.".into(),
            "早停依据同一批验证行选择轮次，因此验证结果略偏乐观。".into(),
        ));
    }
    if matches!(record.settings.validation.threshold, Some(Threshold::Best(_))) {
        parts.push(lang.choose(
            "The threshold was chosen on the same rows, so what depends on it is a little too good.".into(),
            "阈值依据同一批验证行选择，因此与它有关的结果略偏乐观。".into(),
        ));
    }
    Some(words::join(&parts, lang))
}

/// Mistakes, class by class or target by target, on the held-out rows if there are any.
pub(super) fn section(record: &Record, target: &Target, lang: Lang) -> Option<Section> {
    let summary = &record.summary;
    let (judged, on) = match &summary.validation {
        Some(judged) => (judged, lang.choose("validation rows", "验证行")),
        None => (&summary.train, lang.choose("training rows", "训练行")),
    };
    let blocks = match (judged, target) {
        (Metrics::Classification(m), Target::Classes { levels, .. }) => classes(m, levels, on, lang),
        (Metrics::Multilabel(m), Target::Labels { names, .. }) => vec![labels(m, names, on, lang)],
        (Metrics::Regression(m), Target::Numbers { names, .. }) => {
            let (train, validation) = (regression(&summary.train), summary.validation.as_ref().map(|_| m));
            vec![numbers(train, validation, names, lang)]
        }
        _ => return None,
    };
    let title = match target {
        Target::Classes { .. } => lang.choose("Class by class", "各类别"),
        Target::Labels { .. } => lang.choose("Label by label", "各标签"),
        Target::Numbers { .. } => lang.choose("Target by target", "各目标"),
    };
    Some(part("results", title, blocks))
}

fn regression(metrics: &Metrics) -> Option<&Regression> {
    match metrics {
        Metrics::Regression(metrics) => Some(metrics),
        _ => None,
    }
}

fn classes(metrics: &Classification, levels: &[String], on: &str, lang: Lang) -> Vec<Block> {
    let mut order: Vec<usize> = (0..levels.len()).collect();
    let few = levels.len() <= MOST_CLASSES;
    let mut blocks = Vec::new();
    if few {
        blocks.push(confusion(metrics, levels, on, lang));
    } else {
        // The hardest first.
        order.sort_by(|&a, &b| metrics.per_class[a].f1.total_cmp(&metrics.per_class[b].f1));
        order.truncate(MOST_CLASSES);
    }
    blocks.extend(mistake(metrics, levels, lang).map(Block::Paragraph));
    let row = |&k: &usize| {
        let ClassMetrics { precision, recall, f1, support } = metrics.per_class[k];
        let numbers = [precision, recall, f1, support].map(|v| cell(Some(v)));
        [Cell::text(format!("`{}`", levels[k]))].into_iter().chain(numbers).collect()
    };
    let caption = match few {
        true => {
            lang.choose(format!("Each class against the rest, {on}"), format!("各类别与其余类别相比（{on}）"))
        }
        false => lang.choose(
            format!("The {MOST_CLASSES} of {} classes with the lowest F1, {on}", levels.len()),
            format!("{} 个类别中 F1 最低的 {MOST_CLASSES} 个（{on}）", levels.len()),
        ),
    };
    let columns = lang.choose(
        ["class", "precision", "recall", "F1", "support"],
        ["类别", "精确率", "召回率", "F1", "样本数"],
    );
    blocks.push(table(caption, &columns, order.iter().map(row).collect()));
    blocks
}

fn confusion(metrics: &Classification, levels: &[String], on: &str, lang: Lang) -> Block {
    let names: Vec<String> = levels.iter().map(|level| format!("`{level}`")).collect();
    let columns: Vec<&str> = [lang.choose("true ↓  predicted →", "真实 ↓  预测 →")]
        .into_iter()
        .chain(names.iter().map(String::as_str))
        .collect();
    let row = |(name, counts): (&String, &Vec<f64>)| {
        let counts = counts.iter().map(|&n| Cell::Number(n, 6));
        [Cell::text(name.clone())].into_iter().chain(counts).collect()
    };
    let rows = names.iter().zip(&metrics.confusion).map(row).collect();
    table(lang.choose(format!("Confusion matrix, {on}"), format!("混淆矩阵（{on}）")), &columns, rows)
}

/// The most frequent mistake, where one happens more than once, and there is a matrix to tell.
fn mistake(metrics: &Classification, levels: &[String], lang: Lang) -> Option<String> {
    let classes = metrics.confusion.len();
    let pairs = (0..classes).flat_map(|a| (0..classes).map(move |b| (a, b)));
    let (truth, said) = pairs
        .filter(|(a, b)| a != b)
        .max_by(|a, b| metrics.confusion[a.0][a.1].total_cmp(&metrics.confusion[b.0][b.1]))?;
    let (count, all) = (metrics.confusion[truth][said], metrics.per_class[truth].support);
    // Of two classes the table says it all.
    if levels.len() < 3 || count < 2.0 {
        return None;
    }
    let (count, all, truth, said) = (shown(count), shown(all), &levels[truth], &levels[said]);
    Some(lang.choose(
        format!("The most frequent mistake: `{truth}` taken for `{said}`, {count} of {all}."),
        format!("最常见的错误：把 `{truth}` 误判为 `{said}`，{all} 个中有 {count} 个。"),
    ))
}

fn labels(metrics: &Multilabel, names: &[String], on: &str, lang: Lang) -> Block {
    let row = |(name, output): (&String, &OutputMetrics)| {
        let OutputMetrics { precision, recall, f1, support, log_loss, roc_auc, average_precision } = *output;
        let (areas, f1) = ([roc_auc, average_precision], Some(f1));
        let numbers = [Some(precision), Some(recall), f1, areas[0], areas[1], Some(log_loss), Some(support)];
        let numbers = numbers.map(cell);
        [Cell::text(format!("`{name}`"))].into_iter().chain(numbers).collect()
    };
    let columns = lang.choose(
        ["label", "precision", "recall", "F1", "ROC AUC", "PR AUC", "log-loss", "support"],
        ["标签", "精确率", "召回率", "F1", "ROC AUC", "PR AUC", "对数损失", "正例数"],
    );
    let caption = lang.choose(format!("Each label, {on}"), format!("各标签（{on}）"));
    table(caption, &columns, names.iter().zip(&metrics.per_output).map(row).collect())
}

fn numbers(
    train: Option<&Regression>,
    validation: Option<&Regression>,
    names: &[String],
    lang: Lang,
) -> Block {
    let parts = [(lang.choose("training", "训练"), train), (lang.choose("validation", "验证"), validation)];
    let rows = names.iter().enumerate().flat_map(|(k, name)| {
        parts.iter().filter_map(move |(on, metrics)| {
            let of = metrics.as_ref()?.per_target.get(k)?;
            let numbers = [of.r2, Some(of.rmse), Some(of.mae)].map(cell);
            Some([Cell::text(format!("`{name}`")), Cell::text(*on)].into_iter().chain(numbers).collect())
        })
    });
    let columns = lang.choose(["target", "rows", "R²", "RMSE", "MAE"], ["目标", "数据", "R²", "RMSE", "MAE"]);
    let caption = lang.choose("RMSE and MAE in the unit of the target", "RMSE 与 MAE 以目标的单位计");
    table(caption, &columns, rows.collect())
}
