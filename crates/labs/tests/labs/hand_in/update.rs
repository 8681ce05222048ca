//! Steps of update rules that are handed in.

use nablab_data::named_arrays::NamedArray;
use nablab_engine::Layout;
use nablab_engine::optim::{Adam, Momentum};
use nablab_labs::hand_in::{HandOut, Subject};
use nablab_report::Lang;

use super::the_way;

/// The built-in problem at the beginning of a training: from step 1 on, moments still 0.
fn from_the_beginning(subject: Subject) -> HandOut {
    let out = HandOut::built_in(subject, 1);
    let change = |mut array: NamedArray| {
        match &array.name[..] {
            "t" => array.values[0] = 1.0,
            name if name.starts_with(['v', 's']) => array.values.fill(0.0),
            _ => {}
        }
        array.name = array.name.replace("_3", "_1").replace("_4", "_2");
        array
    };
    let given: Vec<NamedArray> = out.given().into_iter().map(change).collect();
    out.with_given(&given).unwrap()
}

/// The engine's rules make the same steps.
#[test]
fn the_engine_makes_the_same_steps() {
    for subject in [Subject::Momentum, Subject::Adam] {
        let out = from_the_beginning(subject);
        let given = out.given();
        let of = |name: &str| &given.iter().find(|array| array.name == name).unwrap().values;
        for right in out.right() {
            let mut params = of(&right.name).clone();
            let len = params.len();
            let mut momentum =
                Momentum::new(len, of(if subject == Subject::Adam { "beta1" } else { "beta" })[0], false);
            let mut adam = (subject == Subject::Adam)
                .then(|| Adam::new(len, of("beta1")[0], of("beta2")[0], of("epsilon")[0]));
            for t in [1, 2] {
                let mut g = of(&format!("d{}_{t}", right.name)).clone();
                match &mut adam {
                    Some(adam) => adam.update(&Layout::vector("w", len), &params, &mut g),
                    None => momentum.update(&mut g),
                }
                params.iter_mut().zip(&g).for_each(|(w, g)| *w -= of("alpha")[0] * g);
            }
            for (ours, engine) in right.values.iter().zip(&params) {
                assert!((ours - engine).abs() < 1e-14, "{subject:?} {}: {ours} {engine}", right.name);
            }
        }
    }
}

/// Of v alone, of s alone, and of both.
#[test]
fn a_missing_correction_is_told_by_its_moment() {
    let out = HandOut::built_in(Subject::Adam, 1);
    let given = out.given();
    let of = |name: &str| &given.iter().find(|array| array.name == name).unwrap().values;
    let [alpha, beta1, beta2, epsilon] = ["alpha", "beta1", "beta2", "epsilon"].map(|name| of(name)[0]);
    let handed = |corrects_v: bool, corrects_s: bool| -> Vec<NamedArray> {
        let parameter = |name: &str| {
            let (mut w, mut v) = (of(name).clone(), of(&format!("v_d{name}")).clone());
            let mut s = of(&format!("s_d{name}")).clone();
            for t in [3, 4] {
                let g = of(&format!("d{name}_{t}"));
                for i in 0..w.len() {
                    v[i] = beta1 * v[i] + (1.0 - beta1) * g[i];
                    s[i] = beta2 * s[i] + (1.0 - beta2) * g[i] * g[i];
                    let v = if corrects_v { v[i] / (1.0 - beta1.powi(t)) } else { v[i] };
                    let s = if corrects_s { s[i] / (1.0 - beta2.powi(t)) } else { s[i] };
                    w[i] -= alpha * v / (s.sqrt() + epsilon);
                }
            }
            NamedArray::new(name, [w.len()], w)
        };
        ["W1", "b1", "W2", "b2"]
            .map(|name| {
                let shape = given.iter().find(|array| array.name == name).unwrap().shape.clone();
                NamedArray { shape, ..parameter(name) }
            })
            .to_vec()
    };
    assert!(out.judge(&handed(true, true)).unwrap().right);
    for (corrects_v, corrects_s, places) in
        [(false, true, &["v"][..]), (true, false, &["s"]), (false, false, &["v", "s"])]
    {
        let way = the_way(&out.judge(&handed(corrects_v, corrects_s)).unwrap());
        let places = places.iter().map(|&place| place.to_owned()).collect();
        assert_eq!(way, [("missing-correction".to_owned(), places)]);
    }
}

/// No known mistake, and where to begin.
#[test]
fn where_to_begin_is_said() {
    let out = HandOut::built_in(Subject::Adam, 1);
    let mut handed = out.right();
    handed[0].values[0] += 1.0;
    let words = out.judge(&handed).unwrap().words(Lang::En);
    assert!(words.contains("W1: only W1[0, 0] wrong") && words.contains("hand in v and s, too"), "{words}");
}

/// The weights of layers of different shapes are not taken for each other.
#[test]
fn layers_of_two_shapes_are_judged() {
    for subject in [Subject::Momentum, Subject::Adam] {
        let out = HandOut::built_in(subject, 1);
        let mut given = out.given();
        for array in given.iter_mut().filter(|array| array.name.contains("W2")) {
            array.shape = vec![2, 3];
            array.values.truncate(6);
            array.rounding.truncate(6);
        }
        let out = out.with_given(&given).unwrap();
        assert!(out.judge(&out.right()).unwrap().right);
        let planted = out.planted();
        assert!(planted.iter().all(|(mistake, ..)| !mistake.ends_with("-of-another")));
        for (mistake, place, handed) in planted {
            assert_eq!(the_way(&out.judge(&handed).unwrap()), [(mistake, vec![place])]);
        }
    }
}
