//! The gradient checker's findings in both languages.

use nablab_engine::gradcheck::{Finding, Mistake};
use nablab_report::{Lang, number};

/// A finding in a language: in English as the checker itself says it.
///
/// ```
/// use nablab_engine::{Layout, gradcheck};
/// use nablab_report::Lang;
/// let report = gradcheck::check(&Layout::vector("theta", 1), &[4.0], &[-2.0], |theta| 2.0 * theta[0])?;
/// assert_eq!(
///     nablab_by_hand::finding(&report.findings[0], Lang::Zh),
///     "theta：全部 1 个分量中，解析值 = −1 × 数值（符号错误）"
/// );
/// # Ok::<(), gradcheck::CheckError>(())
/// ```
pub fn finding(finding: &Finding, lang: Lang) -> String {
    let Finding { slot, wrong, entries, silent, mistake } = finding;
    let extent = match entries - silent {
        all if *silent == 0 => format!("全部 {all} 个分量"),
        some => format!("至少一侧不为 0 的 {some} 个分量"),
    };
    let chinese = || match mistake {
        Mistake::Missing => format!("{extent}的解析值都是 0（从未计算）"),
        Mistake::Sign => format!("{extent}中，解析值 = −1 × 数值（符号错误）"),
        Mistake::MissingMean { examples } => {
            format!("{extent}中，解析值 = {examples} × 数值（缺少对 {examples} 个样本取平均）")
        }
        Mistake::ExtraMean { examples } => {
            format!("{extent}中，解析值 = 数值 / {examples}（对 {examples} 个样本平均了两次）")
        }
        Mistake::Factor { ratio } => {
            format!("{extent}中，解析值 = {ratio:.2} × 数值（相差一个常数因子）")
        }
        Mistake::Transposed => "各分量是转置矩阵的分量".to_owned(),
        Mistake::Penalty { multiple } if *multiple < 0.0 => "缺少惩罚项的梯度".to_owned(),
        Mistake::Penalty { multiple } => format!("惩罚项的梯度加了 {:.2} 次", multiple + 1.0),
        Mistake::Offset { offset } => format!("{extent}中，解析值 = 数值 + {}", number(*offset, 4)),
        Mistake::Rows { rows } => format!("只有第 {rows:?} 行错误，其他单元正确（行号从 0 开始）"),
        Mistake::Entries { names } => format!("只有 {} 错误", names.join("、")),
        Mistake::Unrecognised { name, analytic, numeric } => format!(
            "{entries} 个分量中 {wrong} 个错误，相差最大的是 {name}：解析值 {}，数值 {}",
            number(*analytic, 7),
            number(*numeric, 7)
        ),
    };
    lang.choose(finding.to_string(), format!("{slot}：{}", chinese()))
}
