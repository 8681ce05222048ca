//! What the network is, and how to train it again.

use nablab_data::prepare::Task;
use nablab_report::{Block, Cell, Lang, Section, number};

use super::{section, table};
use crate::run::Record;
use crate::{Model, Settings, Threshold};

pub(super) fn network(record: &Record, model: &Model, lang: Lang) -> Section {
    let training = &record.settings.training;
    let choice = |value: Result<toml::Value, toml::ser::Error>| value.map(|v| choice(&v)).unwrap_or_default();
    let mut rows = vec![
        (lang.choose("parameters", "参数个数"), record.summary.parameters.to_string()),
        (lang.choose("loss", "损失函数"), loss(record.summary.task, lang).to_owned()),
        (lang.choose("update rule", "优化器"), choice(toml::Value::try_from(training.optimizer))),
        (lang.choose("learning rate", "学习率"), training.learning_rate.to_string()),
        (lang.choose("schedule", "学习率调度"), choice(toml::Value::try_from(training.schedule))),
        (
            lang.choose("rows per step", "批大小"),
            training.batch_size.map_or_else(|| lang.choose("all", "全部").into(), |size| size.to_string()),
        ),
        (lang.choose("initial weights", "权重初始化"), choice(toml::Value::try_from(training.init))),
    ];
    let penalty = training.penalty;
    for (name, strength) in [
        (lang.choose("L2 penalty", "L2 惩罚"), penalty.l2),
        (lang.choose("L1 penalty", "L1 惩罚"), penalty.l1),
    ] {
        if strength > 0.0 {
            rows.push((name, strength.to_string()));
        }
    }
    if training.clip != nablab_engine::Clip::None {
        rows.push((
            lang.choose("gradient clipping", "梯度裁剪"),
            choice(toml::Value::try_from(training.clip)),
        ));
    }
    if record.settings.validation.patience > 0 {
        let patience = record.settings.validation.patience;
        let text = lang.choose(
            format!("after {patience} epochs without a lower validation loss"),
            format!("验证损失连续 {patience} 轮未下降时停止"),
        );
        rows.push((lang.choose("early stopping", "早停"), text));
    }
    if let Some(threshold) = record.summary.threshold {
        let chosen = match record.settings.validation.threshold {
            Some(Threshold::Best(goal)) => lang.choose(
                format!(": highest {} on the rows held out", goal.title(lang)),
                format!("：在验证行上{}最高", goal.title(lang)),
            ),
            _ => String::new(),
        };
        let text = format!("{}{chosen}", number(threshold, 4));
        rows.push((lang.choose("threshold", "决策阈值"), text));
    }
    let rows = rows
        .into_iter()
        .map(|(name, value)| vec![Cell::text(format!("**{name}**")), Cell::text(value)])
        .collect();
    let blocks = vec![layers(record, model, lang), table("", &["", ""], rows)];
    section("network", lang.choose("Network and training", "网络与训练"), blocks)
}

/// From the features to the predictions.
fn layers(record: &Record, model: &Model, lang: Lang) -> Block {
    let network = &model.network;
    let count = |value: usize| Cell::Number(value as f64, 17);
    let mut rows = vec![vec![
        Cell::text(lang.choose("input", "输入")),
        count(network.inputs()),
        Cell::text("–"),
        Cell::text("–"),
        Cell::text("–"),
    ]];
    let mut inputs = network.inputs();
    for (l, layer) in network.hidden().iter().enumerate() {
        let mut activation = toml::Value::try_from(layer.activation).map(|v| choice(&v)).unwrap_or_default();
        if layer.batch_norm {
            activation = lang.choose(format!("batch norm, {activation}"), format!("批归一化，{activation}"));
        }
        rows.push(vec![
            Cell::text(lang.choose(format!("hidden {}", l + 1), format!("隐藏层 {}", l + 1))),
            count(layer.units),
            Cell::text(activation),
            if layer.dropout > 0.0 { Cell::Number(layer.dropout, 17) } else { Cell::text("–") },
            count((inputs + 1 + usize::from(layer.batch_norm)) * layer.units),
        ]);
        inputs = layer.units;
    }
    let output = match record.summary.task {
        Task::Binary | Task::Multilabel => "sigmoid",
        Task::Multiclass => "softmax",
        Task::Regression => "identity",
    };
    rows.push(vec![
        Cell::text(lang.choose("output", "输出")),
        count(network.outputs()),
        Cell::text(output),
        Cell::text("–"),
        count((inputs + 1) * network.outputs()),
    ]);
    let columns = lang.choose(
        ["layer", "units", "activation", "dropout", "parameters"],
        ["层", "单元数", "激活函数", "dropout", "参数个数"],
    );
    table("", &columns, rows)
}

fn loss(task: Task, lang: Lang) -> &'static str {
    match task {
        Task::Binary | Task::Multilabel => lang.choose("sigmoid cross-entropy", "sigmoid 交叉熵"),
        Task::Multiclass => lang.choose("softmax cross-entropy", "softmax 交叉熵"),
        Task::Regression => lang.choose("squared error", "平方误差"),
    }
}

/// A choice as its name with its parameters: `adam (beta1 0.9, …)`.
pub(super) fn choice(value: &toml::Value) -> String {
    match value {
        toml::Value::String(name) => name.clone(),
        toml::Value::Table(table) => {
            let one = |(name, value): (&String, &toml::Value)| match value.as_table() {
                Some(parameters) => {
                    let each: Vec<_> =
                        parameters.iter().map(|(name, value)| format!("{name} {}", choice(value))).collect();
                    format!("{name} ({})", each.join(", "))
                }
                None => format!("{name} {value}"),
            };
            table.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        toml::Value::Float(number) => number.to_string(),
        other => other.to_string(),
    }
}

/// The recipe as text, and the command that trains by it.
pub(super) fn recipe(settings: &Settings, lang: Lang) -> Section {
    let quoted = |path: &std::path::Path| {
        let plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
        let text = path.display().to_string();
        if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
    };
    let file = settings.data.file.as_deref().map_or("FILE".into(), quoted);
    let mut command = format!("nablab train {file} --recipe recipe.toml");
    // A name in a recipe is relative to where the recipe lies, one in a command to where that runs.
    if let Some(other) = &settings.validation.file {
        command += &format!(" --validation {}", quoted(other));
    }
    let blocks = vec![
        Block::Paragraph(lang.choose(
            "The same recipe, table and kind of machine give the same network, to the last bit. With the recipe in \
             `recipe.toml`:"
                .into(),
            "同样的配方、数据表和同类机器会得到逐位相同的网络。将配方存为 `recipe.toml`，然后运行：".into(),
        )),
        Block::Code(command),
        Block::Code(settings.to_toml()),
    ];
    section("recipe", lang.choose("Train it again", "重现训练"), blocks)
}
