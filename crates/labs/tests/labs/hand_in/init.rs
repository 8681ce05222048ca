//! Initial parameters that are handed in: drawn with the seed, which leaves no doubt, or with any other, which tests judge.

use nablab_data::named_arrays::NamedArray;
use nablab_engine::rng::NumpyRng;
use nablab_labs::hand_in::{HandOut, Judgement, Subject};
use nablab_report::Lang;

use super::in_single_precision;

/// Each way of the library, drawn anew from another seed: the same numbers as planted, exchanged for those of that seed.
fn drawn_anew(arrays: &[NamedArray], problem_seed: u32, seed: u32, is_uniform: bool) -> Vec<NamedArray> {
    let (mut first, mut other) = (NumpyRng::new(problem_seed), NumpyRng::new(seed));
    let draw = |rng: &mut NumpyRng| if is_uniform { rng.uniform() } else { rng.gaussian() };
    let anew = |array: &NamedArray| {
        if array.name.starts_with('b') {
            return array.clone();
        }
        let factors: Vec<f64> = array.values.iter().map(|value| value / draw(&mut first)).collect();
        NamedArray {
            values: factors.iter().map(|factor| factor * draw(&mut other)).collect(),
            ..array.clone()
        }
    };
    arrays.iter().map(anew).collect()
}

fn named(judgement: &Judgement) -> Vec<&str> {
    judgement.ways.iter().flat_map(|way| &way.mistakes).map(|made| &made.mistake[..]).collect()
}

#[test]
fn every_way_to_draw_is_named() {
    for variant in [1, 2, 3] {
        let out = HandOut::built_in(Subject::Init, u64::from(variant));
        for (mistake, _, handed) in out.planted() {
            for handed in [in_single_precision(&handed), handed.clone()] {
                let judgement = out.judge(&handed).unwrap();
                assert_eq!(named(&judgement), [&mistake], "{}", judgement.words(Lang::En));
            }
            if mistake == "uniform-too-narrow" {
                continue;
            }
            let handed = drawn_anew(&handed, variant, 1000 + variant, mistake == "uniform-from-0");
            let judgement = out.judge(&handed).unwrap();
            assert_eq!(named(&judgement), [&mistake], "{}", judgement.words(Lang::En));
        }
    }
}

/// A right draw is right whatever the seed, the order of axes of the uniform distribution with the same variance included.
#[test]
fn right_draws_are_right() {
    for variant in [1, 2, 3] {
        let out = HandOut::built_in(Subject::Init, u64::from(variant));
        let right = out.right();
        assert!(out.judge(&right).unwrap().right);
        for seed in 0..60 {
            let handed = drawn_anew(&right, variant, 5000 + seed, false);
            let judgement = out.judge(&handed).unwrap();
            assert!(judgement.right, "{seed}: {}", judgement.words(Lang::En));
        }
        let mut rng = NumpyRng::new(77);
        let mut uniform = right.clone();
        for array in uniform.iter_mut().filter(|array| array.name.starts_with('W')) {
            let square = array.values.iter().map(|v| v * v).sum::<f64>() / array.values.len() as f64;
            array.values.iter_mut().for_each(|w| *w = (2.0 * rng.uniform() - 1.0) * (3.0 * square).sqrt());
        }
        assert!(out.judge(&uniform).unwrap().right);
    }
}

#[test]
fn what_is_no_draw_is_named() {
    let out = HandOut::built_in(Subject::Init, 1);
    let says = |change: &dyn Fn(&mut Vec<NamedArray>), mistakes: &[&str], words: &str| {
        let mut handed = out.right();
        change(&mut handed);
        let judgement = out.judge(&handed).unwrap();
        assert!(!judgement.right);
        assert_eq!(named(&judgement), mistakes, "{}", judgement.words(Lang::En));
        assert!(judgement.words(Lang::En).contains(words), "{}", judgement.words(Lang::En));
    };
    says(&|all| all[2].values.fill(0.0), &["zeros"], "W2: it is 0 everywhere");
    says(&|all| all[0].values.fill(0.1), &["equal"], "W1: all its entries are the same");
    says(&|all| all[3].values[4] = 0.01, &["biases-not-zero"], "b2: it is not 0");
    let again = |all: &mut Vec<NamedArray>| {
        let ratio = all[4].values[0] / all[0].values[0];
        all[4].values = all[0].values[..all[4].values.len()].iter().map(|w| w * ratio).collect();
    };
    says(&again, &["seeded-again"], "W3: it has the same numbers as W1");
    says(&|all| all[0].values.iter_mut().for_each(|w| *w *= 1.5), &[], "No known mistake");
    let both = |all: &mut Vec<NamedArray>| {
        for array in all.iter_mut() {
            array.values.iter_mut().for_each(|value| *value = 0.3);
        }
    };
    says(&both, &["equal", "biases-not-zero"], "b1, b2, b3: it is not 0");
}

/// Of a single weight there is no mean to test: that is said, and is no mistake.
#[test]
fn what_cannot_be_tested_is_not_called_wrong() {
    let out = HandOut::built_in(Subject::Init, 1);
    let mut given = out.given();
    given[0] = NamedArray::new("sizes", [3], [1.0, 1.0, 40.0]);
    let out = out.with_given(&given).unwrap();
    let mut handed = drawn_anew(&out.right(), 1, 7, false);
    for handed in [out.right(), handed.clone()] {
        let judgement = out.judge(&handed).unwrap();
        let words = judgement.words(Lang::En);
        assert!(judgement.right && words.contains("(too few numbers to be tested)"), "{words}");
        assert!(!words.contains("p = 0)"), "{words}");
    }
    handed[0].values[0] = 1e3;
    assert!(!out.judge(&handed).unwrap().right);
}
