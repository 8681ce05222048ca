//! The page of a comparison.

use nablab_data::prepare::Task;
use nablab_report::figure::CYCLE;
use nablab_report::{Block, Cell, Document, Figure, Kind, Lang, Section, Stroke, counted};

use super::super::curves::{ENOUGH_ROWS, Field, figure, line};
use super::super::network::choice;
use super::super::{cell, history, made_by, section, shown, table, words};
use super::{Compared, Comparison, NoInterval, OverSeeds};
use crate::run::Status;

/// More curves than this cannot be told apart.
const MOST_CURVES: usize = 12;

const TASKS: [Task; 4] = [Task::Binary, Task::Multiclass, Task::Multilabel, Task::Regression];

pub(super) fn document(comparison: &Comparison, lang: Lang) -> Document {
    let tasks: Vec<(Task, Vec<usize>)> = TASKS
        .into_iter()
        .map(|task| (task, (0..comparison.runs.len()).filter(|&i| comparison.runs[i].task == task).collect()))
        .filter(|(_, runs): &(Task, Vec<usize>)| !runs.is_empty())
        .collect();
    let mut sections = vec![overview(comparison, &tasks, lang)];
    sections.extend(seeds(&comparison.seeds, lang));
    sections.extend(curves(comparison, &tasks, lang));
    sections.push(settings(comparison, lang));
    sections.push(effort(comparison, lang));
    let count = comparison.runs.len();
    Document {
        lang,
        title: lang.choose(format!("{count} trainings compared"), format!("{count} 次训练的比较")),
        subtitle: words::names(&names(comparison), lang),
        made_by: made_by(),
        sections,
    }
}

fn names(comparison: &Comparison) -> Vec<String> {
    comparison.runs.iter().map(|run| run.name.clone()).collect()
}

fn overview(comparison: &Comparison, tasks: &[(Task, Vec<usize>)], lang: Lang) -> Section {
    let mut blocks = caveats(comparison, lang);
    for (task, runs) in tasks {
        let caption = if tasks.len() > 1 { words::task(*task, lang) } else { "" };
        let runs: Vec<&Compared> = runs.iter().map(|&i| &comparison.runs[i]).collect();
        blocks.push(metrics(&runs, caption, lang));
        if comparison.same_target {
            blocks.extend(best(&runs, lang).map(Block::Paragraph));
        }
    }
    let why = |run: &Compared| run.headline.as_ref().and_then(|h| h.no_interval);
    for reason in [NoInterval::NoShare, NoInterval::Weighted, NoInterval::Grouped] {
        if let Some(run) = comparison.runs.iter().find(|run| why(run) == Some(reason)) {
            let name = words::metrics(&run.train, lang)[0].0;
            blocks.push(Block::Paragraph(reason.sentence(name, lang)));
        }
    }
    section("overview", lang.choose("Overview", "概览"), blocks)
}

/// What cannot be compared.
fn caveats(comparison: &Comparison, lang: Lang) -> Vec<Block> {
    let note =
        |title: &str, text: &str| Block::Note { kind: Kind::Info, title: title.into(), text: text.into() };
    let mut notes = Vec::new();
    if !comparison.same_target {
        notes.push(note(
            lang.choose("Not all runs predict the same", "各次训练的预测目标不同"),
            lang.choose(
                "Metrics and losses can be compared only among runs with the same target; settings, epochs and time among \
                 all.",
                "指标和损失只能在目标相同的训练之间比较；设置、轮数和用时可在全部训练之间比较。",
            ),
        ));
    } else if !comparison.same_rows {
        notes.push(note(
            lang.choose("Not all runs are judged on the same rows", "各次训练的验证行不同"),
            lang.choose(
                "The seed, `validation` or the table differs, and so do the rows held out: some of a difference may come \
                 from the rows. A table of its own for `--validation` is the same for all.",
                "种子、`validation` 设置或数据表不同，留出的行也随之不同：部分差异可能来自所留出的行。用 `--validation` 指定单独的\
                 数据表，可使全部训练在同一批行上验证。",
            ),
        ));
    }
    let unjudged: Vec<_> =
        comparison.runs.iter().filter(|run| run.validation.is_none()).map(|run| run.name.clone()).collect();
    if !unjudged.is_empty() {
        let which = words::names(&unjudged, lang);
        notes.push(note(
            lang.choose("Some runs have no validation rows", "部分训练没有验证行"),
            &lang.choose(
                format!("Of {which} only the metrics on the training rows are known, and those are not shown beside the others."),
                format!("{which} 只有训练行上的指标，未与其他训练并列。"),
            ),
        ));
    }
    notes
}

/// A row for each run: the metrics of the held-out rows, or of the training rows where no run has others.
fn metrics(runs: &[&Compared], caption: &str, lang: Lang) -> Block {
    let judged = runs.iter().any(|run| run.validation.is_some());
    let of = |run: &Compared| if judged { run.validation.clone() } else { Some(run.train.clone()) };
    let on = match judged {
        true => lang.choose("Metrics of the validation rows", "验证行上的指标"),
        false => lang.choose("Metrics of the training rows", "训练行上的指标"),
    };
    let named = words::metrics(&runs[0].train, lang);
    let has_interval = runs.iter().any(|run| run.headline.as_ref().is_some_and(|h| h.interval.is_some()));
    let mut columns = vec![lang.choose("run", "训练")];
    columns.extend(named.iter().map(|metric| metric.0));
    if has_interval {
        columns.insert(2, lang.choose("95 % interval", "95 % 区间"));
    }
    let row = |run: &&Compared| {
        let mut cells = vec![Cell::text(format!("`{}`", run.name))];
        match of(run) {
            Some(metrics) => {
                cells.extend(words::metrics(&metrics, lang).into_iter().map(|(_, value)| cell(value)))
            }
            None => cells.extend(named.iter().map(|_| Cell::text("–"))),
        }
        if has_interval {
            let interval = run.headline.as_ref().and_then(|h| h.interval);
            cells.insert(2, interval_cell(interval));
        }
        cells
    };
    let caption = match caption {
        "" => on.to_owned(),
        task => lang.choose(format!("{on}: {task}"), format!("{on}：{task}")),
    };
    table(caption, &columns, runs.iter().map(row).collect())
}

fn interval_cell(interval: Option<(f64, f64)>) -> Cell {
    Cell::text(interval.map_or_else(|| "–".into(), |(low, high)| format!("{low:.3} – {high:.3}")))
}

/// The best by the headline, and how sure that is.
fn best(runs: &[&Compared], lang: Lang) -> Option<String> {
    let headline = |run: &Compared| run.headline.clone().filter(|h| h.validation && h.value.is_finite());
    let mut judged: Vec<_> = runs.iter().filter_map(|run| Some((*run, headline(run)?))).collect();
    judged.sort_by(|a, b| b.1.value.total_cmp(&a.1.value));
    let [(run, first), others @ ..] = judged.as_slice() else { return None };
    let second = others.first()?;
    let name = words::metrics(&run.train, lang)[0].0;
    if second.1.value == first.value {
        return None;
    }
    let (value, run) = (shown(first.value), &run.name);
    let best = lang.choose(
        format!("`{run}` has the highest validation {name}, {value}"),
        format!("`{run}` 的验证{}{name}最高，为 {value}", if name.is_ascii() { " " } else { "" }),
    );
    let within = first.interval.map(|(low, _)| others.iter().filter(|other| other.1.value >= low).count());
    Some(match within {
        Some(0) => lang.choose(
            format!("{best}; all others lie below its interval."),
            format!("{best}；其余训练均低于其区间下限。"),
        ),
        Some(count) => lang.choose(
            format!("{best}; but its interval holds {count} of the {} others too.", others.len()),
            format!("{best}；但其余 {} 次训练中有 {count} 次也落在该区间内。", others.len()),
        ),
        None => lang.choose(format!("{best}."), format!("{best}。")),
    })
}

fn seeds(groups: &[OverSeeds], lang: Lang) -> Option<Section> {
    if groups.is_empty() {
        return None;
    }
    let row = |group: &OverSeeds| {
        vec![
            Cell::text(words::names(&group.runs, lang)),
            cell(Some(group.mean)),
            cell(Some(group.deviation)),
            interval_cell(Some(group.interval)),
        ]
    };
    let columns = lang.choose(
        ["runs", "mean", "standard deviation", "95 % interval of the mean"],
        ["训练", "均值", "标准差", "均值的 95 % 区间"],
    );
    let caption = lang.choose("Headline metric over the seeds", "主要指标在各种子上的统计");
    let text = lang.choose(
        "These runs differ in nothing but the seed, which decides the initial weights, the batches, dropout and, unless \
         there is a table of its own for it, the rows held out. The interval is Student's; it tells how the number depends \
         on the seed on this table, not how it would be on another one.",
        "这些训练仅种子不同；种子决定初始权重、小批量的划分、dropout，以及（未指定单独的验证表时）留出的行。区间为 Student t \
         区间；它反映在本数据表上结果随种子的变化，而不是换一份数据后的变化。",
    );
    let blocks =
        vec![Block::Paragraph(text.into()), table(caption, &columns, groups.iter().map(row).collect())];
    Some(section("seeds", lang.choose("Over the seeds", "不同种子"), blocks))
}

fn curves(comparison: &Comparison, tasks: &[(Task, Vec<usize>)], lang: Lang) -> Option<Section> {
    let mut figures = Vec::new();
    for (task, runs) in tasks {
        let judged = runs.iter().any(|&i| comparison.runs[i].validation.is_some());
        let parts: [(&str, Field); 2] = match judged {
            true => [("loss", |e| e.validation_loss), ("metric", |e| e.validation_metric)],
            false => [("loss", |e| e.train_loss), ("metric", |e| e.train_metric)],
        };
        for (name, field) in parts {
            figures.extend(overlay(comparison, *task, runs, name, (field, judged), lang));
        }
    }
    let title = lang.choose("Curves", "曲线");
    (!figures.is_empty()).then(|| section("curves", title, vec![Block::Figures(figures)]))
}

fn overlay(
    comparison: &Comparison,
    task: Task,
    runs: &[usize],
    name: &str,
    (field, judged): (Field, bool),
    lang: Lang,
) -> Option<Figure> {
    let strokes = [Stroke::Solid, Stroke::Dashed, Stroke::Dotted];
    let styles = strokes.into_iter().flat_map(|stroke| CYCLE.map(|color| (color, stroke)));
    let layers: Vec<_> = runs
        .iter()
        .take(MOST_CURVES)
        .zip(styles)
        .flat_map(|(&i, (color, stroke))| {
            line(history(&comparison.records[i]), field, &comparison.runs[i].name, color, stroke)
        })
        .collect();
    if layers.is_empty() {
        return None;
    }
    let what = match name {
        "loss" => lang.choose("loss", "损失"),
        _ => words::of_epoch(task, lang),
    };
    let on = match judged {
        true => lang.choose("validation", "验证"),
        false => lang.choose("training", "训练"),
    };
    let mut figure = figure(name, what, layers, lang);
    figure.name = format!("{name}-{task:?}").to_lowercase();
    let gap = if what.is_ascii() || what == "R²" { " " } else { "" };
    figure.y.label = Some(lang.choose(format!("{on} {what}"), format!("{on}{gap}{what}")));
    let kind = words::task(task, lang);
    let mut caption = vec![lang.choose(
        format!("The {on} {what} after each epoch ({kind})."),
        format!("每轮之后的{on}{gap}{what}（{kind}）。"),
    )];
    if runs.len() > MOST_CURVES {
        caption.push(lang.choose(
            format!("The first {MOST_CURVES} of {} runs.", runs.len()),
            format!("{} 次训练中的前 {MOST_CURVES} 次。", runs.len()),
        ));
    }
    let rows = runs.iter().map(|&i| comparison.runs[i].validation_rows).filter(|&rows| rows > 0).min();
    if let Some(rows) = rows.filter(|&rows| judged && rows < ENOUGH_ROWS) {
        caption.push(lang.choose(
            format!("Of {} chance moves it, too.", counted(rows as u64, "row")),
            format!("仅 {rows} 行时，其起伏也含偶然。"),
        ));
    }
    figure.caption = words::join(&caption, lang);
    Some(figure)
}

fn settings(comparison: &Comparison, lang: Lang) -> Section {
    let names: Vec<String> = comparison.runs.iter().map(|run| format!("`{}`", run.name)).collect();
    let block = if comparison.settings.is_empty() {
        Block::Paragraph(lang.choose("All recipes are the same.", "全部配方相同。").into())
    } else {
        let columns: Vec<&str> =
            [lang.choose("setting", "设置")].into_iter().chain(names.iter().map(String::as_str)).collect();
        let rows = comparison.settings.iter().map(|difference| {
            let value = |value: &Option<toml::Value>| {
                Cell::text(match value {
                    None => "–".into(),
                    // A choice with its parameters is too long for one line.
                    Some(value @ toml::Value::Table(_)) => choice(value),
                    Some(value) => format!("`{value}`"),
                })
            };
            let key = Cell::text(format!("`{}`", difference.key));
            [key].into_iter().chain(difference.values.iter().map(value)).collect()
        });
        table("", &columns, rows.collect())
    };
    section("settings", lang.choose("Settings that differ", "不同的设置"), vec![block])
}

fn effort(comparison: &Comparison, lang: Lang) -> Section {
    let whole = |value: u64| Cell::Number(value as f64, 17);
    let row = |run: &Compared| {
        vec![
            Cell::text(format!("`{}`", run.name)),
            Cell::text(ended(run.ended, lang)),
            whole(run.epochs),
            run.best_epoch.map_or_else(|| Cell::text("–"), whole),
            Cell::Number(run.seconds, 3),
            whole(run.parameters as u64),
            whole(run.train_rows as u64),
            whole(run.validation_rows as u64),
        ]
    };
    let columns = lang.choose(
        ["run", "ended", "epochs", "kept epoch", "seconds", "parameters", "training rows", "validation rows"],
        ["训练", "结束方式", "轮数", "保留的轮", "秒", "参数个数", "训练行数", "验证行数"],
    );
    let blocks = vec![table("", &columns, comparison.runs.iter().map(row).collect())];
    section("effort", lang.choose("Epochs, time and size", "轮数、用时与规模"), blocks)
}

fn ended(status: Status, lang: Lang) -> &'static str {
    match status {
        Status::Finished => lang.choose("finished", "完成"),
        Status::StoppedEarly => lang.choose("stopped early", "早停"),
        Status::Converged => lang.choose("converged", "已收敛"),
        Status::SearchFailed => lang.choose("search failed", "搜索失败"),
        Status::Diverged => lang.choose("diverged", "发散"),
        Status::Interrupted => lang.choose("interrupted", "中断"),
    }
}
