//! The course's functions: what is right is right, and each mistake in the lists is named when it is planted.

use nablab_data::named_arrays::NamedArray;
use nablab_labs::hand_in::{CourseFunction, CourseProblem};
use nablab_report::Lang;

use super::the_way;

const VARIANTS: [u64; 3] = [0, 1, 6];

#[test]
fn right_is_right_for_every_function() {
    for &function in CourseFunction::ALL {
        for variant in VARIANTS {
            let problem = CourseProblem::new(function, variant);
            let judgement = problem.judge(&problem.right()).unwrap();
            assert!(
                judgement.right && judgement.notes.is_empty(),
                "{function:?}: {}",
                judgement.words(Lang::En)
            );
            assert_eq!(problem.function(), function);
        }
        let given = |variant| CourseProblem::new(function, variant).given();
        assert!(function == CourseFunction::Masks || given(1) != given(2), "{function:?}");
    }
}

#[test]
fn every_mistake_of_every_function_is_named() {
    for &function in CourseFunction::ALL {
        let mut count = 0;
        for variant in VARIANTS {
            let problem = CourseProblem::new(function, variant);
            for (mistake, place, handed) in problem.planted() {
                let judgement = problem.judge(&handed).unwrap();
                let way = the_way(&judgement);
                let named: Vec<_> = way.into_iter().map(|(key, places)| (key, places.join(", "))).collect();
                assert_eq!(named, [(mistake, place)], "{function:?}\n{}", judgement.words(Lang::En));
                count += 1;
            }
        }
        assert!(count > 5, "{function:?}: {count}");
    }
}

/// Other draws are right, the rest is judged by them, and a mask that is none is refused.
#[test]
fn a_forward_pass_is_judged_by_the_masks_that_were_drawn() {
    let masks = CourseProblem::new(CourseFunction::Masks, 3);
    let other: Vec<NamedArray> = masks
        .right()
        .into_iter()
        .rev()
        .zip(["D1", "D2"])
        .map(|(mask, name)| NamedArray { name: name.into(), ..mask })
        .collect();
    let judgement = masks.judge(&other).unwrap();
    assert!(
        judgement.right && !judgement.exact && judgement.notes.len() == 1,
        "{}",
        judgement.words(Lang::En)
    );

    let problem = CourseProblem::new(CourseFunction::ForwardWithDropout, 3);
    let of_other = CourseProblem::with_masks(3, &other).unwrap();
    assert!(of_other.judge(&of_other.right()).unwrap().right);
    assert!(!problem.judge(&of_other.right()).unwrap().right);
    let halves = [NamedArray::new("D1", [3, 6], [0.5; 18])];
    let error = CourseProblem::with_masks(3, &halves).err().unwrap().to_string();
    assert!(error.starts_with("D1: expected zeros and ones, got 0.5"), "{error}");
}

/// In the course the gradient is that of the mean: without 1/m everywhere it is two mistakes, not another way to write it.
#[test]
fn a_sum_over_the_examples_is_a_mistake_here() {
    let problem = CourseProblem::new(CourseFunction::Backward, 0);
    let mut summed = problem.right();
    summed.iter_mut().flat_map(|array| &mut array.values).for_each(|value| *value *= 6.0);
    let judgement = problem.judge(&summed).unwrap();
    assert!(!judgement.right);
    let keys: Vec<&str> = judgement.ways[0].mistakes.iter().map(|made| &made.mistake[..]).collect();
    assert_eq!(keys, ["missing-mean", "bias-missing-mean"]);
}
