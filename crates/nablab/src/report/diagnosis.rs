//! What is wrong with the training and what may help; and what its layers did, over the epochs.

use nablab_diagnosis::{Certainty, Finding, Reading, diagnose};
use nablab_engine::signals::LayerSignals;
use nablab_report::figure::CYCLE;
use nablab_report::{Block, Kind, Lang, Layer, Section, Stroke};

use super::{curves, section};
use crate::run::Record;

/// More layers would be more lines than can be told apart.
const MOST_LAYERS: usize = 10;

/// The findings; nothing for a run of an older version, which kept no evidence.
pub(super) fn findings(record: &Record, lang: Lang) -> Option<Section> {
    let findings = diagnose(record.evidence.as_ref()?);
    let mut blocks: Vec<Block> = findings.iter().flat_map(|finding| blocks(finding, lang)).collect();
    if blocks.is_empty() {
        blocks.push(Block::Note {
            kind: Kind::Good,
            title: lang.choose("Nothing found", "没有发现问题").into(),
            text: lang
                .choose("What was measured is what a healthy training shows.", "测得的数值与健康的训练相符。")
                .into(),
        });
    }
    Some(section("diagnosis", lang.choose("Diagnosis", "诊断"), blocks))
}

fn blocks(finding: &Finding, lang: Lang) -> Vec<Block> {
    let mut text = finding.sentence(lang);
    let advice: Vec<String> = finding.advice().iter().map(|flags| format!("`{flags}`")).collect();
    if !advice.is_empty() {
        text += &lang.choose(
            format!(" May help: {}.", advice.join(" or ")),
            format!("可尝试：{}。", advice.join(" 或 ")),
        );
    }
    let kind = if finding.certainty() == Certainty::Note { Kind::Info } else { Kind::Bad };
    vec![Block::Note { kind, title: finding.code().to_owned(), text }]
}

type Field = fn(&LayerSignals) -> f64;

/// Small figures over the epochs, a line for each layer.
pub(super) fn signals(record: &Record, lang: Lang) -> Option<Section> {
    let readings = &record.evidence.as_ref()?.signals;
    let layers = readings.first()?.signals.layers.len();
    if readings.len() < 2 || layers > MOST_LAYERS {
        return None;
    }
    let all: [(&str, &str, &str, Field); 4] = [
        ("spread", "spread of the outputs", "输出的标准差", |l| l.deviation),
        ("gradient", "size of the weights' gradient", "权重梯度的均方根", |l| l.gradient),
        ("moved", "distance from the start", "与初始权重的相对距离", |l| l.moved),
        ("idle", "share of dead or saturated units", "死亡或饱和单元的比例", |l| {
            (l.dead + l.saturated) as f64 / l.units as f64
        }),
    ];
    let figures = all.into_iter().map(|(name, en, zh, field)| {
        let lines = (0..layers).map(|l| line(readings, l, layers, field, lang)).collect();
        curves::figure(name, lang.choose(en, zh), lines, lang)
    });
    let blocks = vec![
        Block::Paragraph(lang.choose(
            format!(
                "Measured on {} training rows, without dropout, before the first step and now and then on the way; \
                 `signals.csv` has more.",
                readings[0].examples
            ),
            format!("在 {} 个训练行上测得（关闭 dropout），第一步之前以及训练途中若干次；更多数值见 `signals.csv`。", readings[0].examples),
        )),
        Block::Figures(figures.collect()),
    ];
    Some(section("signals", lang.choose("Inside the network", "网络内部"), blocks))
}

fn line(readings: &[Reading], l: usize, layers: usize, field: Field, lang: Lang) -> Layer {
    let label = if l + 1 == layers {
        lang.choose("output".to_owned(), "输出层".to_owned())
    } else {
        lang.choose(format!("hidden {}", l + 1), format!("隐藏层 {}", l + 1))
    };
    Layer::Line {
        label: Some(label),
        points: readings
            .iter()
            .filter_map(|r| Some((r.epoch as f64, field(r.signals.layers.get(l)?))))
            .collect(),
        color: CYCLE[l % CYCLE.len()].to_owned(),
        width: 1.5,
        stroke: Stroke::Solid,
    }
}
