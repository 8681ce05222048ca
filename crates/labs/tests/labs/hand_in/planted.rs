//! Every subject whose formulas have one right answer: each mistake in its list is named when it is planted, alone, in single precision,
//! and through a file. The list is the library's, so that none can be forgotten.

use nablab_data::Generator;
use nablab_engine::{Activation, Hidden, Loss, Penalty, Settings};
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
            let right = out.right();
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

/// A number of more than 32 bits is another one than what is left of it.
#[test]
fn every_number_of_a_variant_has_its_own_problem() {
    for &subject in Subject::ALL {
        let given = |variant| HandOut::built_in(subject, variant).given();
        assert_ne!(given(17), given(17 << 32), "{subject:?}");
        assert_ne!(given(u64::MAX), given(u64::from(u32::MAX)), "{subject:?}");
    }
}

/// A recipe's network, whatever its loss: a mistake is among those that are named, if it changes anything.
#[test]
fn mistakes_in_a_recipes_network_are_named() {
    let hidden = vec![
        Hidden { activation: Activation::Sigmoid, dropout: 0.3, ..Hidden::relu(5) },
        Hidden { activation: Activation::LeakyRelu { slope: 0.1 }, ..Hidden::relu(4) },
    ];
    let three = Generator::Blobs { samples: 12, centers: 3, noise: 1.0, seed: 1 }.generate().unwrap();
    let two = Generator::Moons { samples: 12, noise: 0.2, seed: 1 }.generate().unwrap();
    for (loss, data) in
        [(Loss::SoftmaxCrossEntropy, &three), (Loss::SquaredError, &two), (Loss::SquaredError, &three)]
    {
        let settings = Settings {
            hidden: hidden.clone(),
            loss,
            penalty: Penalty { l2: 0.5, l1: 0.0 },
            ..Settings::default()
        };
        let recipe = settings.check().unwrap();
        for subject in [Subject::Gradient, Subject::Forward] {
            let out = HandOut::of_recipe(subject, &recipe, data, 12).unwrap();
            let right = out.judge(&out.right()).unwrap().words(Lang::En);
            assert!(right.contains("All of it is right"), "{right}");
            for (mistake, place, handed) in out.planted() {
                let judgement = out.judge(&handed).unwrap();
                let words = judgement.words(Lang::En);
                let is_named = judgement
                    .ways
                    .iter()
                    .flat_map(|way| &way.mistakes)
                    .any(|made| made.mistake == mistake && made.places.contains(&place));
                assert!(
                    is_named || (judgement.right && words.contains(&format!("{place}: "))),
                    "{mistake} {place}\n{words}"
                );
            }
        }
    }
}
