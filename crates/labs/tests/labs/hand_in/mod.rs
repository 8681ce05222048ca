//! What is handed in is judged: right in every spelling of it, and wrong by the mistake that was made.

mod batches;
mod course;
mod gradient;
mod init;
mod planted;
mod read;
mod update;
mod verdicts;

use nablab_data::named_arrays::NamedArray;
use nablab_labs::hand_in::Judgement;
use nablab_report::Lang;

/// The one way that is found, as mistakes at their places.
fn the_way(judgement: &Judgement) -> Vec<(String, Vec<String>)> {
    assert!(!judgement.right, "{}", judgement.words(Lang::En));
    let [way] = &judgement.ways[..] else { panic!("{}", judgement.words(Lang::En)) };
    way.mistakes.iter().map(|made| (made.mistake.clone(), made.places.clone())).collect()
}

/// Each number as it is in single precision.
fn in_single_precision(arrays: &[NamedArray]) -> Vec<NamedArray> {
    let single = |array: &NamedArray| NamedArray {
        values: array.values.iter().map(|&value| f64::from(value as f32)).collect(),
        ..array.clone()
    };
    arrays.iter().map(single).collect()
}
