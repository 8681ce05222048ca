//! Two recipes of a variant, setting by setting: what a knob has changed.

use nablab_engine::{Hidden, Precision, Settings};
use nablab_report::{Lang, number};
use serde::Serialize;

use crate::knobs::beta_of;
use crate::settings::{activation, optimizer, weights};

/// A setting that is not the course's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Change {
    /// The field of [`Knobs`](crate::Knobs).
    pub(crate) setting: &'static str,
    /// In words.
    #[serde(skip)]
    pub(crate) name: &'static str,
    /// The course's value.
    pub(crate) course: String,
    /// The value in its place.
    pub(crate) turned: String,
}

impl Change {
    /// `dropout rate 0.14 → 0.5`
    pub(crate) fn words(&self) -> String {
        let Self { name, course, turned, .. } = self;
        format!("{name} {course} → {turned}")
    }
}

/// The field of a knob, its name and its value in words.
type Setting = (&'static str, &'static str, String);

/// All settings in words.
fn settings(of: &Settings, lang: Lang) -> Vec<Setting> {
    let each = |what: &dyn Fn(&Hidden) -> String| {
        let mut texts: Vec<_> = of.hidden.iter().map(what).collect();
        texts.dedup();
        texts.join(", ")
    };
    let sizes: Vec<_> = of.hidden.iter().map(|hidden| hidden.units.to_string()).collect();
    let all = lang.choose("all examples", "全部样本");
    let precision = match of.precision {
        Precision::F32 => lang.choose("single (f32)", "单精度（f32）"),
        Precision::F64 => lang.choose("double (f64)", "双精度（f64）"),
    };
    vec![
        ("hidden", lang.choose("hidden units", "隐藏单元"), sizes.join("-")),
        ("activation", lang.choose("activation", "激活函数"), each(&|hidden| activation(hidden.activation))),
        ("init", lang.choose("initial weights", "初始权重"), weights(of.init, lang)),
        ("optimizer", lang.choose("update rule", "更新规则"), optimizer(of.optimizer, lang)),
        ("learning_rate", lang.choose("learning rate", "学习率"), number(of.learning_rate, 6)),
        ("epochs", lang.choose("epochs", "轮数"), of.epochs.to_string()),
        (
            "batch_size",
            lang.choose("examples per step", "每步样本数"),
            of.batch_size.map_or(all.to_owned(), |size| size.to_string()),
        ),
        ("l2", lang.choose("L2 penalty λ", "L2 惩罚 λ"), number(of.penalty.l2, 6)),
        ("dropout", lang.choose("dropout rate", "dropout 率"), each(&|hidden| number(hidden.dropout, 6))),
        ("precision", lang.choose("precision", "精度"), precision.to_owned()),
    ]
}

/// What is not as in the course.
pub(crate) fn changes(course: &Settings, turned: &Settings, lang: Lang) -> Vec<Change> {
    // Of the same rule only its constant is another.
    let rules = [course, turned].map(|settings| settings.optimizer);
    let same = std::mem::discriminant(&rules[0]) == std::mem::discriminant(&rules[1]);
    let beta = rules.map(|rule| beta_of(&rule).map(|beta| number(beta, 6)));
    let pairs = settings(course, lang).into_iter().zip(settings(turned, lang));
    let differ = pairs.filter(|(course, turned)| course.2 != turned.2);
    let change = |((setting, name, course), (.., turned)): (Setting, Setting)| match &beta {
        [Some(before), Some(after)] if same && setting == "optimizer" => Change {
            setting: "beta",
            name: lang.choose("momentum's β", "动量的 β"),
            course: before.clone(),
            turned: after.clone(),
        },
        _ => Change { setting, name, course, turned },
    };
    differ.map(change).collect()
}
