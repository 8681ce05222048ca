//! What a training on a table shows, for `nablab-diagnosis` to judge.

mod columns;
mod judged;
pub(crate) mod labels;

use nablab_data::prepare::{LeftOut, Reason, Scaling, Target, Task};
use nablab_diagnosis::{EpochLosses, Evidence, Handling, Reading, Values};
use nablab_engine::{Float, Y};

use crate::Settings;
use crate::prepared::{Part, Prepared};
use crate::recipe::{ClassWeight, Validation};
use crate::training::Ending;
pub(crate) use columns::{Features, spreads};
pub(crate) use judged::{Judged, Judgement};
use labels::Doubted;

/// What is known of a training on these rows, so watched and judged.
pub(crate) fn evidence<F: Float>(
    prepared: &Prepared<F>,
    handling: &Handling,
    history: Vec<EpochLosses>,
    signals: Vec<Reading>,
    ended: Option<&Ending>,
    judgement: &Judgement<F>,
) -> Evidence {
    let Judgement { train, validation, .. } = judgement;
    let features = prepared.features();
    let (ignorant, constant) = baselines(&prepared.train, &prepared.found.target);
    // Rows of another table have numbers of their own.
    let of_table = validation.as_ref().filter(|_| !prepared.is_judged_on_other);
    let parts = [Some(train), of_table].into_iter().flatten();
    let parts: Vec<_> = parts.filter_map(|judged| judged.labelled.as_ref()).collect();
    let Doubted { suspects, rows: suspect_rows, unsure } = Doubted::new(&parts);
    let is_constant = |left_out: &&LeftOut| matches!(left_out.why, Reason::Constant(_) | Reason::Rounded(_));
    let constant_columns = prepared.found.left_out.iter().filter(is_constant);
    Evidence {
        settings: Some((*prepared.recipe).clone()),
        handling: handling.clone(),
        rows: prepared.train.m,
        count: (!prepared.train.loss_weights.is_empty()).then(|| prepared.train.count()),
        epochs: history.last().map_or(0, |at| at.epoch),
        target: values(&prepared.train, &prepared.found.target),
        ignorant: Some(ignorant),
        constant: Some(constant),
        history,
        signals,
        diverged: match ended {
            Some(Ending::Diverged(at)) => Some((at.step, at.place.to_string())),
            _ => None,
        },
        is_finished: matches!(ended, Some(Ending::Finished)),
        is_under_way: ended.is_none(),
        classes: validation.as_ref().unwrap_or(train).classes.clone(),
        learned_classes: train.classes.clone(),
        unsure_rows: unsure,
        train: Some(train.fit),
        validation: validation.as_ref().map(|judged| judged.fit),
        untaught: prepared.found.untaught.clone(),
        columns: features.columns.clone(),
        constant_columns: constant_columns.map(|left_out| left_out.name.clone()).collect(),
        lookalikes: prepared.found.lookalikes.clone(),
        shared_rows: features.shared_rows,
        suspects,
        suspect_rows,
        are_rows_unseen: false,
        gradient: None,
        shuffled: None,
    }
}

/// What advice must heed of these settings.
pub(crate) fn handling(settings: &Settings) -> Handling {
    let (data, validation) = (&settings.data, &settings.validation);
    let is_own = validation.file.is_some() || validation.fold.is_some();
    Handling {
        ignored: data.ignore.clone(),
        types: data.types.iter().map(|(column, of)| format!("{column}={}", of.name())).collect(),
        is_scaled: data.scaling != Scaling::None,
        is_balanced: data.class_weight != ClassWeight::None,
        label_smoothing: data.label_smoothing,
        has_threshold: validation.threshold.is_some(),
        patience: validation.patience,
        has_own_validation: is_own || validation.share != Validation::default().share,
    }
}

/// The losses of a network that says nothing yet, and of the best answer that looks at no feature; with the weights of the
/// rows, as all losses.
pub(crate) fn baselines<F: Float>(train: &Part<F>, target: &Target) -> (f64, f64) {
    let task = target.task();
    let weight = |j: usize| train.loss_weights.get(j).copied().unwrap_or(1.0);
    let total = train.count();
    let entropy = |p: f64| if p > 0.0 { -p * p.ln() } else { 0.0 };
    let numbers = match &train.y {
        Y::Matrix(numbers) => numbers,
        Y::OneHot(y) => {
            let mut of_class = vec![0.0; target.outputs()];
            (0..train.m).for_each(|j| of_class[y.class(j)] += weight(j));
            let all = (of_class.len() as f64).ln();
            return (all, of_class.into_iter().map(|weight| entropy(weight / total)).sum());
        }
    };
    let rows = numbers.chunks_exact(train.m);
    let outputs = rows.len() as f64;
    let mean_of = |row: &[F], f: fn(f64) -> f64| {
        row.iter().enumerate().map(|(j, y)| weight(j) * f(y.to_f64())).sum::<f64>() / total
    };
    let mean = |row: &[F]| mean_of(row, |y| y);
    if task == Task::Regression {
        let all: f64 = rows.clone().map(|row| mean_of(row, |y| y * y)).sum();
        return (all / 2.0, (all - rows.map(|row| mean(row).powi(2)).sum::<f64>()) / 2.0);
    }
    let both = |row: &[F]| entropy(mean(row)) + entropy(1.0 - mean(row));
    (outputs * std::f64::consts::LN_2, rows.map(both).sum())
}

/// The targets as they stand in the table, where they are numbers: of one column, or the names of classes.
pub(crate) fn values<F: Float>(train: &Part<F>, target: &Target) -> Option<Values> {
    let y = train.y();
    let mut all: Vec<f64> = match target {
        Target::Numbers { center, scale, .. } if center.len() == 1 => {
            (0..y.m()).map(|j| y.at(0, j).to_f64() * scale[0] + center[0]).collect()
        }
        Target::Classes { levels, .. } => {
            levels.iter().map(|level| level.parse().ok()).collect::<Option<_>>()?
        }
        _ => return None,
    };
    all.sort_by(f64::total_cmp);
    all.dedup();
    Some(Values { low: *all.first()?, high: *all.last()?, different: all.len() })
}
