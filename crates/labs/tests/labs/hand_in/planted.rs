//! Every subject whose formulas have one right answer: each mistake in its list is named when it is planted, alone, in single precision,
//! and through a file. The list is the library's, so that none can be forgotten.

use nablab_labs::hand_in::{HandOut, Subject};
use nablab_report::Lang;

use super::{in_single_precision, the_way};

const SUBJECTS: &[Subject] = &[Subject::Gradient, Subject::Forward, Subject::Momentum, Subject::Adam];

#[test]
fn every_mistake_of_every_subject_is_named() {
    for &subject in SUBJECTS {
        let mut count = 0;
        for variant in [1, 2, 9] {
            let out = HandOut::built_in(subject, variant);
            for (mistake, place, handed) in out.planted() {
                for handed in [in_single_precision(&handed), handed] {
                    let way = the_way(&out.judge(&handed).unwrap());
                    assert_eq!(way, [(mistake.clone(), vec![place.clone()])], "{subject:?}");
                }
                count += 1;
            }
        }
        assert!(count > 30, "{subject:?}: {count}");
    }
}

#[test]
fn right_is_right_for_every_variant() {
    for &subject in SUBJECTS {
        for variant in 0..12 {
            let out = HandOut::built_in(subject, variant);
            let right = out.right().unwrap();
            for handed in [in_single_precision(&right), right.iter().rev().cloned().collect(), right] {
                let judgement = out.judge(&handed).unwrap();
                assert!(judgement.right && judgement.notes.is_empty(), "{}", judgement.words(Lang::En));
            }
            let again = HandOut::read(&out.problem(), &out.given()).unwrap();
            assert_eq!((again.right(), again.given()), (out.right(), out.given()));
        }
        assert_ne!(HandOut::built_in(subject, 1).given(), HandOut::built_in(subject, 2).given());
    }
}
