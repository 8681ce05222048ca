//! What follows from what in a gradient that is handed in: its order, its lines, and where to begin.

use nablab_data::named_arrays::NamedArray;
use nablab_engine::rng::NumpyRng;
use nablab_labs::by_hand::{Matrix, Mistake, Planted, Problem, backward};
use nablab_report::Lang;

use super::gradient::{built_in, with};
use super::the_way;

/// All that a backward pass makes.
fn with_dz_and_da(problem: &Problem, planted: &[Planted]) -> Vec<NamedArray> {
    let mut handed = with(problem, planted);
    let mut add = |name: String, matrix: &Matrix| {
        handed.push(NamedArray::new(name, [matrix.rows(), matrix.cols()], matrix.entries()));
    };
    for (l, layer) in backward(problem, &problem.forward(), planted).iter().enumerate() {
        add(format!("dZ{}", l + 1), &layer.dz);
        if l < 2 {
            add(format!("dA{}", l + 1), &layer.da);
        }
    }
    handed
}

/// dW and db are sums over the examples: in another order dZ and dA are right as well, alone, in another convention and beside a mistake.
#[test]
fn examples_may_be_in_another_order() {
    let (out, problem) = built_in(1);
    let order = [3, 0, 5, 1, 2, 4];
    let planted = Planted { mistake: Mistake::PenaltyMissing, layer: 1 };
    for (mistakes, share) in [(vec![], 1.0), (vec![], 6.0), (vec![planted], 1.0)] {
        let mut handed = with_dz_and_da(&problem, &mistakes);
        for array in handed.iter_mut().skip(6) {
            let before = array.values.clone();
            let values = (0..before.len()).map(|k| before[k / 6 * 6 + order[k % 6]] / share);
            array.values = values.collect();
        }
        let judgement = out.judge(&handed).unwrap();
        let words = judgement.words(Lang::En);
        assert!(words.contains("are its examples 3, 0, 5, 1, 2, 4, counted from 0"), "{words}");
        assert_eq!(judgement.right, mistakes.is_empty(), "{words}");
        if let [planted] = mistakes[..] {
            assert_eq!(the_way(&judgement), [(planted.mistake.key().to_owned(), vec![planted.place()])]);
        }
        // One alone in another order than the others is wrong.
        let as_it_is = with_dz_and_da(&problem, &[]);
        let judgement = out.judge(&[&as_it_is[..6], &handed[6..7], &as_it_is[7..]].concat()).unwrap();
        assert!(!judgement.right);
    }
    assert!(out.judge(&with_dz_and_da(&problem, &[])).unwrap().notes.is_empty());
}

/// What nothing else comes of: a sign or a factor in one line, or the same in the line of every layer.
#[test]
fn a_factor_in_one_line_is_named_there() {
    let (out, problem) = built_in(1);
    let scaled = |names: &[&str], by: f64| {
        let mut handed = with_dz_and_da(&problem, &[]);
        let is_meant = |array: &&mut NamedArray| names.contains(&&array.name[..]);
        handed.iter_mut().filter(is_meant).flat_map(|array| &mut array.values).for_each(|value| *value *= by);
        handed
    };
    for (names, by, said) in [
        (vec!["db3"], -1.0, "db3: it is −1 times what is right"),
        (vec!["db2"], 3.0, "db2: it is 3 times what is right"),
        (vec!["dW2"], -1.0, "dW2: it is −1 times what is right"),
        (vec!["db1", "db2", "db3"], -1.0, "db1, db2, db3: it is −1 times what is right"),
        (vec!["dZ2"], 0.0, "dZ2: it is 0 everywhere"),
    ] {
        for with_dz in [true, false] {
            let mut handed = scaled(&names, by);
            handed.truncate(if with_dz { 11 } else { 6 });
            if with_dz || names[0] != "dZ2" {
                let words = out.judge(&handed).unwrap().words(Lang::En);
                assert!(words.contains(&format!("One mistake explains all of it:\n  {said}\n")), "{words}");
            }
        }
    }
    // Beside a known one; and nothing that is ruled out by what is right is said to explain it.
    let mut handed = scaled(&["db3"], -1.0);
    handed[0].values.iter_mut().for_each(|value| *value *= 2.0);
    let words = out.judge(&handed[..6]).unwrap().words(Lang::En);
    assert!(words.contains("dW1: a factor 2") && words.contains("db3: it is −1 times"), "{words}");
    assert!(!words.contains("dZ3"), "{words}");
}

#[test]
fn where_to_begin_is_where_what_it_is_computed_from_is_right() {
    let (out, problem) = built_in(1);
    let says = |names: &[&str], with_dz: bool, expected: &str| {
        let mut handed = with_dz_and_da(&problem, &[]);
        handed.truncate(if with_dz { 11 } else { 6 });
        let mut rng = NumpyRng::new(1);
        let is_meant = |array: &&mut NamedArray| names.contains(&&array.name[..]);
        handed
            .iter_mut()
            .filter(is_meant)
            .flat_map(|array| &mut array.values)
            .for_each(|value| *value += rng.gaussian());
        let words = out.judge(&handed).unwrap().words(Lang::En);
        assert!(words.contains("No known mistake") && words.contains(expected), "{names:?}\n{words}");
    };
    for with_dz in [true, false] {
        says(
            &["dW1"],
            with_dz,
            "note: only dW1 is wrong, all else is right: look at the line that computes dW1\n",
        );
        says(&["dW1", "db3", "dW2"], with_dz, "begin with db3, dW2, dW1\n");
    }
    says(
        &["dW1", "db1"],
        false,
        "begin with dA1, dZ1; what is wrong besides follows from there. dZ and dA can be",
    );
    says(&["dW1", "db1"], true, "begin with dW1, db1\n");
    says(&["dW1", "db1", "dZ1"], true, "begin with dZ1; what is wrong besides follows from there\n");
    says(&["dW1", "db1", "dZ1", "dA1"], true, "begin with dA1; what is wrong");
}

/// Each dA by itself may be that of the activation, or of A behind the mask.
#[test]
fn the_convention_of_each_da_is_its_own() {
    let (out, problem) = built_in(1);
    let layers = backward(&problem, &problem.forward(), &[]);
    for (l, layer) in layers[..2].iter().enumerate() {
        let mut handed = with_dz_and_da(&problem, &[]);
        let name = format!("dA{}", l + 1);
        let array = handed.iter_mut().find(|array| array.name == name).unwrap();
        array.values = layer.da_behind_mask.entries().to_vec();
        let judgement = out.judge(&handed).unwrap();
        let words = judgement.words(Lang::En);
        assert!(judgement.right && words.contains(&format!("with {name} as the derivative")), "{words}");
    }
}
