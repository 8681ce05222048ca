//! Gradients that are handed in.

use nablab_data::named_arrays::{NamedArray, csv, npz};
use nablab_data::{Generator, named_arrays};
use nablab_engine::rng::NumpyRng;
use nablab_engine::{Activation, Hidden, Loss, Penalty, Settings};
use nablab_labs::by_hand::{Dropout, Layer, Matrix, Mistake, Planted, Problem, backward, gradient};
use nablab_labs::hand_in::{HandInError, HandOut, Subject};
use nablab_report::Lang;

use super::{in_single_precision, the_way};

/// The built-in problem, put together from what it hands out, as a student does.
fn problem(out: &HandOut, activations: [Activation; 2]) -> Problem {
    let given = out.given();
    let matrix = |name: &str| {
        let array = given.iter().find(|array| array.name == name).unwrap();
        Matrix::new(array.shape[0], array.shape[1], array.values.clone())
    };
    let number = |name: &str| given.iter().find(|array| array.name == name).unwrap().values[0];
    let layers = (1..=3).map(|n| Layer {
        w: matrix(&format!("W{n}")),
        b: matrix(&format!("b{n}")),
        activation: activations.get(n - 1).copied().unwrap_or(Activation::Sigmoid),
        dropout: (n < 3)
            .then(|| Dropout { mask: matrix(&format!("D{n}")), keep: number(&format!("keep{n}")) }),
    });
    let layers = layers.collect();
    Problem { x: matrix("X"), y: matrix("Y"), layers, loss: Loss::SigmoidCrossEntropy, l2: number("lambda") }
}

pub(super) fn built_in(variant: u64) -> (HandOut, Problem) {
    let out = HandOut::built_in(Subject::Gradient, variant);
    let mut activations = [Activation::Tanh, Activation::Relu];
    if variant.is_multiple_of(2) {
        activations.reverse();
    }
    let problem = problem(&out, activations);
    (out, problem)
}

pub(super) fn with(problem: &Problem, planted: &[Planted]) -> Vec<NamedArray> {
    let named = gradient(&backward(problem, &problem.forward(), planted));
    let array = |(name, matrix): (String, Matrix)| {
        NamedArray::new(name, [matrix.rows(), matrix.cols()], matrix.entries())
    };
    named.into_iter().map(array).collect()
}

#[test]
fn every_mistake_is_named_at_every_place() {
    let mut seen = Vec::new();
    for variant in [1, 2, 7] {
        let (out, problem) = built_in(variant);
        for planted in Mistake::places(&problem) {
            for handed in [with(&problem, &[planted]), in_single_precision(&with(&problem, &[planted]))] {
                let way = the_way(&out.judge(&handed).unwrap());
                assert_eq!(way, [(planted.mistake.key().to_owned(), vec![planted.place()])]);
            }
            seen.push(planted.mistake);
        }
    }
    // The built-in problems have cross-entropy; that of squares is tried with recipes.
    let of_squares = [Mistake::LossDoubled];
    let missing: Vec<_> = Mistake::ALL.iter().filter(|mistake| !seen.contains(mistake)).collect();
    assert_eq!(missing, of_squares.iter().collect::<Vec<_>>());
}

#[test]
fn a_mistake_in_all_layers_is_one() {
    let (out, problem) = built_in(3);
    for mistake in [Mistake::MeanMissing, Mistake::MaskNotScaled, Mistake::PenaltyHalved, Mistake::Transposed]
    {
        let all: Vec<Planted> =
            Mistake::places(&problem).filter(|planted| planted.mistake == mistake).collect();
        assert!(all.len() > 1);
        let way = the_way(&out.judge(&with(&problem, &all)).unwrap());
        let places = all.iter().map(|planted| planted.place()).collect();
        assert_eq!(way, [(mistake.key().to_owned(), places)]);
    }
}

#[test]
fn two_mistakes_are_both_named() {
    let (out, problem) = built_in(1);
    let places: Vec<Planted> = Mistake::places(&problem).collect();
    let mut tried = 0;
    for (i, &first) in places.iter().enumerate().step_by(5) {
        for &second in places[i + 1..].iter().step_by(7) {
            let judgement = out.judge(&with(&problem, &[first, second])).unwrap();
            let text = judgement.words(Lang::En);
            // Two mistakes may make what one makes, or what others make: a factor left out hides what it stood beside.
            let is_way = |way: &nablab_labs::hand_in::Way| {
                let named = |planted: &Planted| {
                    let is = |made: &nablab_labs::hand_in::Made| {
                        made.mistake == planted.mistake.key() && made.places.contains(&planted.place())
                    };
                    way.mistakes.iter().any(is)
                };
                named(&first) && named(&second)
            };
            let fewer = judgement.ways.iter().any(|way| way.mistakes.len() == 1);
            assert!(fewer || judgement.ways.iter().any(is_way), "{first:?} {second:?}\n{text}");
            tried += usize::from(!fewer);
        }
    }
    assert!(tried > 50, "{tried}");
}

#[test]
fn right_is_right_in_every_spelling() {
    for variant in 0..20 {
        let out = HandOut::built_in(Subject::Gradient, variant);
        let right = out.right();
        let mut spellings = vec![right.clone(), in_single_precision(&right)];
        let renamed = |name: &dyn Fn(&str) -> String| -> Vec<NamedArray> {
            right.iter().map(|array| NamedArray { name: name(&array.name), ..array.clone() }).collect()
        };
        spellings.push(renamed(&|name| name.to_lowercase()));
        spellings.push(renamed(&|name| format!("grads/{name}")));
        spellings.push(renamed(&|name| format!("grads[\"{}\"]", &name[1..])));
        spellings.push(renamed(&|name| format!("{}_{}", &name[..2], &name[2..])));
        spellings.push(right.iter().rev().cloned().collect());
        let flat = |array: &NamedArray| match array.shape[1] {
            1 => NamedArray { shape: vec![array.values.len()], ..array.clone() },
            _ => array.clone(),
        };
        spellings.push(right.iter().map(flat).collect());
        spellings.push(npz::read(&npz::write(&right), "mine.npz").unwrap());
        spellings.push(csv::read(&csv::write(&right), "mine.csv").unwrap());
        let lines = String::from_utf8(csv::write(&right)).unwrap();
        let mut lines: Vec<&str> = lines.lines().collect();
        lines[1..].reverse();
        spellings.push(csv::read(lines.join("\n").as_bytes(), "mine.csv").unwrap());
        for digits in [5, 7] {
            let line = |array: &NamedArray, k: usize| {
                let (row, column) = (k / array.shape[1], k % array.shape[1]);
                format!("{},{row},{column},{:.digits$}\n", array.name, array.values[k])
            };
            let lines: String =
                right.iter().flat_map(|array| (0..array.values.len()).map(|k| line(array, k))).collect();
            let text = format!("name,row,column,value\n{lines}");
            spellings.push(named_arrays::csv::read(text.as_bytes(), "mine.csv").unwrap());
        }
        for (i, spelling) in spellings.iter().enumerate() {
            let judgement = out.judge(spelling).unwrap();
            assert!(judgement.right && judgement.convention.is_none(), "{i}: {}", judgement.words(Lang::En));
            assert!(judgement.notes.is_empty(), "{}", judgement.words(Lang::En));
        }
    }
}

/// Computed in single precision throughout, with other orders of the sums than ours.
#[test]
fn round_off_of_single_precision_is_no_mistake() {
    let hidden = vec![
        Hidden { dropout: 0.2, ..Hidden::relu(64) },
        Hidden { activation: Activation::Tanh, ..Hidden::relu(32) },
    ];
    for loss in [Loss::SigmoidCrossEntropy, Loss::SquaredError] {
        let settings = Settings {
            hidden: hidden.clone(),
            loss,
            penalty: Penalty { l2: 0.3, l1: 0.0 },
            ..Settings::default()
        };
        let recipe = settings.check().unwrap();
        let data = Generator::Moons { samples: 50, noise: 0.2, seed: 1 }.generate().unwrap();
        let out = HandOut::of_recipe(Subject::Gradient, &recipe, &data, 50).unwrap();
        let network = nablab_engine::Network::new(2, &recipe.hidden, 1, loss);
        let given = out.given();
        let of = |name: &str| given.iter().find(|array| array.name == name).unwrap();
        let single = |name: &str| of(name).values.iter().map(|&v| v as f32).collect::<Vec<f32>>();
        let tiles = |name: &str, rows: usize| {
            nablab_engine::Tiles::from_matrix(nablab_engine::MatRef::new(&single(name), rows, 50))
        };
        let (x, y) = (tiles("X", 2), tiles("Y", 1));
        let params: Vec<f32> = network.layout().slots().iter().flat_map(|slot| single(&slot.name)).collect();
        let mut work = nablab_engine::Workspace::<f32>::new(&network, 50);
        let mask = of("D1");
        work.set_mask(
            0,
            &nablab_engine::dropout::Mask::from_fn::<f32>(64, 50, |i, j| mask.values[i * 50 + j] == 1.0),
            0,
        );
        network.forward(&params, x.view(), nablab_engine::Pass::Train, &mut work);
        network.backward(&params, y.view(), &mut work);
        let mut gradient = nablab_engine::Gradient::new(&network);
        gradient.add(x.view(), &work);
        let mut grads = vec![0.0_f32; params.len()];
        gradient.take(1.0 / 50.0, &mut grads);
        recipe.penalty.add_gradient(network.layout(), &params, 50.0, &mut grads);
        let array = |slot: &nablab_engine::Slot| {
            let values: Vec<f64> = grads[slot.range.clone()].iter().map(|&g| f64::from(g)).collect();
            NamedArray::new(format!("d{}", slot.name), [slot.rows, slot.cols], values)
        };
        let handed: Vec<NamedArray> = network.layout().slots().iter().map(array).collect();
        let judgement = out.judge(&handed).unwrap();
        assert!(judgement.right, "{}", judgement.words(Lang::En));
    }
}

#[test]
fn a_sum_over_the_examples_is_right() {
    let (out, problem) = built_in(4);
    let mut handed = out.right();
    handed.iter_mut().flat_map(|array| &mut array.values).for_each(|value| *value *= 6.0);
    let judgement = out.judge(&handed).unwrap();
    let words = judgement.words(Lang::En);
    assert!(judgement.right && words.contains("as a sum over the examples: m times the mean"), "{words}");
    // The penalty's term is left as it was: that is no sum.
    let all: Vec<Planted> = Mistake::places(&problem)
        .filter(|planted| matches!(planted.mistake, Mistake::MeanMissing | Mistake::BiasMeanMissing))
        .collect();
    let way = the_way(&out.judge(&with(&problem, &all)).unwrap());
    let names: Vec<_> = way.iter().map(|(name, _)| &name[..]).collect();
    assert_eq!(names, ["missing-mean", "bias-missing-mean"]);
}

/// 1/m in dZ is seen only where dZ is handed in; then a mistake in dZ is told from one in dA.
#[test]
fn derivatives_of_z_and_a_may_be_handed_in() {
    let (out, problem) = built_in(1);
    let planted = Planted { mistake: Mistake::MaskNotScaled, layer: 0 };
    for (mistakes, is_right) in [(vec![], true), (vec![planted], false)] {
        let layers = backward(&problem, &problem.forward(), &mistakes);
        for share in [1.0, 6.0] {
            let mut handed = with(&problem, &mistakes);
            for (l, layer) in layers.iter().enumerate() {
                let scaled = |matrix: &Matrix| matrix.entries().iter().map(|v| v / share).collect::<Vec<_>>();
                handed.push(NamedArray::new(format!("dZ{}", l + 1), [layer.dz.rows(), 6], scaled(&layer.dz)));
                if l < 2 {
                    handed.push(NamedArray::new(format!("dA{}", l + 1), [3, 6], scaled(&layer.da)));
                }
            }
            let judgement = out.judge(&handed).unwrap();
            assert_eq!(judgement.right, is_right, "{}", judgement.words(Lang::En));
            assert_eq!(judgement.convention.is_some(), share > 1.0, "{}", judgement.words(Lang::En));
            if !is_right {
                assert_eq!(the_way(&judgement), [("mask-not-scaled".to_owned(), vec!["dA1".to_owned()])]);
            }
        }
    }
}

/// With respect to A as the next layer gets it, dA is Wᵀ dZ alone: another convention, alone and with 1/m in it. The README says so.
#[test]
fn da_behind_the_mask_is_another_convention() {
    let (out, problem) = built_in(1);
    let layers = backward(&problem, &problem.forward(), &[]);
    for share in [1.0, 6.0] {
        let mut handed = out.right();
        for l in 0..2 {
            // Added up here, not taken from the pass.
            let (w, dz) = (&problem.layers[l + 1].w, &layers[l + 1].dz);
            let da = Matrix::from_fn(w.cols(), 6, |i, j| {
                (0..w.rows()).map(|k| w.at(k, i) * dz.at(k, j)).sum::<f64>() / share
            });
            handed.push(NamedArray::new(format!("dA{}", l + 1), [3, 6], da.entries()));
        }
        let judgement = out.judge(&handed).unwrap();
        let words = judgement.words(Lang::En);
        assert!(judgement.right && words.contains("behind the mask: Wᵀ dZ."), "{words}");
        assert_eq!(words.contains("with the factor 1/m already in dZ"), share > 1.0, "{words}");
        assert!(judgement.words(Lang::Zh).contains("对传给下一层的 A（乘掩码之后）的导数"));

        // Beside a mistake the convention is not what is wrong.
        let planted = Planted { mistake: Mistake::PenaltyMissing, layer: 1 };
        handed[2] = with(&problem, &[planted])[2].clone();
        let judgement = out.judge(&handed).unwrap();
        assert_eq!(the_way(&judgement), [("missing-penalty".to_owned(), vec!["dW2".to_owned()])]);
        assert!(judgement.words(Lang::En).contains("It is written with"), "{}", judgement.words(Lang::En));
    }
    let readme = |lang| String::from_utf8(out.files(lang, "")[0].bytes.clone()).unwrap();
    assert!(readme(Lang::En).contains(
        "`dA1` is the derivative with respect to tanh(Z1), before the mask: dA1 = (W2ᵀ dZ2) ∘ D1 / keep1."
    ));
    assert!(readme(Lang::Zh).contains("`dA1` 是对 tanh(Z1)（乘掩码之前）的导数"));
    let plain = Settings { hidden: vec![Hidden::relu(3)], ..Settings::default() }.check().unwrap();
    let data = Generator::Moons { samples: 20, noise: 0.2, seed: 1 }.generate().unwrap();
    let out = HandOut::of_recipe(Subject::Gradient, &plain, &data, 20).unwrap();
    assert!(!String::from_utf8(out.files(Lang::En, "")[0].bytes.clone()).unwrap().contains("mask"));
}

#[test]
fn noise_is_no_known_mistake() {
    let out = HandOut::built_in(Subject::Gradient, 1);
    let mut rng = NumpyRng::new(1);
    let mut handed = out.right();
    handed.iter_mut().flat_map(|array| &mut array.values).for_each(|value| *value = rng.gaussian());
    let judgement = out.judge(&handed).unwrap();
    let words = judgement.words(Lang::En);
    assert!(!judgement.right && judgement.ways.is_empty(), "{words}");
    assert!(words.contains("No known mistake explains it") && words.contains("begin with dZ3"), "{words}");
    assert!(judgement.words(Lang::Zh).contains("没有一个已知的错误"));

    // One number of it, or a factor that nobody knows: what it looks like is said.
    let mut handed = out.right();
    handed[0].values[5] += 0.1;
    handed[2].values.iter_mut().for_each(|value| *value *= 3.5);
    let words = out.judge(&handed).unwrap().words(Lang::En);
    assert!(words.contains("dW1: only dW1[1, 1] wrong"), "{words}");
    assert!(words.contains("dW2: it is 3.5 times what is right"), "{words}");
    assert!(words.contains("most at dW1[1, 1]: got "), "{words}");
}

/// As many mistakes as there are matrices: each is named by its own.
#[test]
fn of_many_mistakes_each_is_named_by_its_matrix() {
    let (out, problem) = built_in(1);
    let planted = [(Mistake::PenaltyDoubled, 0), (Mistake::MeanTwice, 1), (Mistake::Transposed, 2)];
    let planted = planted.map(|(mistake, layer)| Planted { mistake, layer });
    let words = out.judge(&with(&problem, &planted)).unwrap().words(Lang::En);
    for planted in planted {
        assert!(words.contains(&planted.words(Lang::En)), "{words}");
    }
}

#[test]
fn what_cannot_be_judged_is_refused() {
    let out = HandOut::built_in(Subject::Gradient, 1);
    let refused = |change: &dyn Fn(&mut Vec<NamedArray>), words: &[&str]| {
        let mut handed = out.right();
        change(&mut handed);
        let error: HandInError = out.judge(&handed).unwrap_err();
        words.iter().for_each(|word| assert!(error.to_string().contains(word), "{error}"));
    };
    refused(&|all| drop(all.remove(2)), &["dW2 is missing", "expected dW1, db1, dW2, db2, dW3, db3", "hint"]);
    refused(
        &|all| all[0].name = "dW11".into(),
        &["dW11", "did you mean dW1?", "dW1, db1", "if you like, dZ1"],
    );
    refused(&|all| all[0].name = "arr_0".into(), &["arr_0: nothing of this name"]);
    refused(&|all| all[0].name = "DB_1".into(), &["DB_1 and db1 are both db1"]);
    refused(&|all| all[0].values[5] = f64::NAN, &["dW1[1, 1]: expected a finite number, got NaN"]);
    refused(
        &|all| all[0] = NamedArray::new("dW1", [2, 2], [0.0; 4]),
        &["dW1: expected shape (3, 4), got (2, 2)"],
    );
    let coarse = |all: &mut Vec<NamedArray>| {
        all[0].values.iter_mut().for_each(|value| *value = (10.0 * *value).round() / 10.0);
        all[0].rounding.fill(0.05);
    };
    refused(&coarse, &["dW1", "too few digits"]);
    let mut handed = out.right();
    handed.push(NamedArray::new("W1", [1], [0.0]));
    let judgement = out.judge(&handed).unwrap();
    assert!(judgement.right && judgement.words(Lang::En).contains("given, and not looked at: W1"));
}

/// A row where a column belongs, and what is added up along the wrong axis.
#[test]
fn shapes_tell_mistakes() {
    let out = HandOut::built_in(Subject::Gradient, 1);
    let mut handed = out.right();
    handed[1].shape = vec![1, 3];
    assert_eq!(the_way(&out.judge(&handed).unwrap()), [("transposed".to_owned(), vec!["db1".to_owned()])]);
    let planted = out.planted();
    let (.., handed) = planted.iter().find(|(mistake, ..)| mistake == "bias-other-axis").unwrap();
    let mut handed = handed.clone();
    handed.iter_mut().filter(|array| array.shape == [1, 6]).for_each(|array| array.shape = vec![6]);
    let way = the_way(&out.judge(&handed).unwrap());
    assert_eq!(way, [("bias-other-axis".to_owned(), vec!["db1".to_owned()])]);
    let words = out.judge(&handed).unwrap().words(Lang::En);
    assert!(words.contains("db1  WRONG  shape (6,), expected (3, 1)"), "{words}");
}

/// Of two examples 2λ/m is λ: which of both was written nobody can tell.
#[test]
fn mistakes_that_make_the_same_are_all_named() {
    let settings = Settings { penalty: Penalty { l2: 0.5, l1: 0.0 }, ..Settings::default() };
    let data = Generator::Moons { samples: 20, noise: 0.2, seed: 1 }.generate().unwrap();
    let out = HandOut::of_recipe(Subject::Gradient, &settings.check().unwrap(), &data, 2).unwrap();
    let planted = out.planted();
    let (.., handed) = planted.iter().find(|(mistake, ..)| mistake == "penalty-doubled").unwrap();
    let judgement = out.judge(handed).unwrap();
    let named: Vec<_> = judgement.ways.iter().map(|way| &way.mistakes[0].mistake[..]).collect();
    assert_eq!(named, ["penalty-not-divided", "penalty-doubled"]);
    assert!(judgement.words(Lang::En).contains("Each of these explains all of it:"));
}

/// Where λ is 0 nobody can forget it, and where it is tiny nobody can tell.
#[test]
fn what_cannot_be_told_is_said() {
    let recipe = |l2: f64| {
        let settings = Settings {
            hidden: vec![Hidden::relu(3)],
            penalty: Penalty { l2, l1: 0.0 },
            ..Settings::default()
        };
        settings.check().unwrap()
    };
    let data = Generator::Moons { samples: 20, noise: 0.2, seed: 1 }.generate().unwrap();
    for (l2, is_told) in [(1e-9, true), (0.5, false)] {
        let out = HandOut::of_recipe(Subject::Gradient, &recipe(l2), &data, 20).unwrap();
        let words = out.judge(&out.right()).unwrap().words(Lang::En);
        assert_eq!(words.contains("dW1: the penalty's term λ/m · W is missing"), is_told, "{words}");
    }
    let refused = |change: fn(&mut Settings), word: &str| {
        let mut settings = Settings { hidden: vec![Hidden::relu(3)], ..Settings::default() };
        change(&mut settings);
        let error =
            HandOut::of_recipe(Subject::Gradient, &settings.check().unwrap(), &data, 20).err().unwrap();
        assert!(error.to_string().contains(word), "{error}");
    };
    refused(|settings| settings.hidden[0].batch_norm = true, "without batch normalisation");
    refused(|settings| settings.penalty.l1 = 0.1, "an L2 penalty, or none, got l1 = 0.1");
    refused(|settings| settings.loss = Loss::SoftmaxCrossEntropy, "three or more, got two");
}
