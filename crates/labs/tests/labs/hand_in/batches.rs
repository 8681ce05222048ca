//! Mini-batches that are handed in.

use nablab_data::named_arrays::NamedArray;
use nablab_engine::rng::NumpyRng;
use nablab_labs::hand_in::{HandOut, Subject};
use nablab_report::Lang;

use super::the_way;

const M: usize = 148;

/// X and Y of the problem, column by column.
fn examples(out: &HandOut) -> (Vec<Vec<f64>>, Vec<f64>) {
    let given = out.given();
    let x = (0..M).map(|j| (0..3).map(|i| given[0].values[i * M + j]).collect()).collect();
    (x, given[1].values.clone())
}

/// Batches of these examples and targets, so many in each.
fn batches(x: &[Vec<f64>], y: &[f64], size: usize) -> Vec<NamedArray> {
    let batch = |(k, (x, y)): (usize, (&[Vec<f64>], &[f64]))| {
        let values: Vec<f64> = (0..3).flat_map(|i| x.iter().map(move |column| column[i])).collect();
        let n = k + 1;
        [
            NamedArray::new(format!("X{n}"), [3, x.len()], values),
            NamedArray::new(format!("mini_batch_Y_{n}"), [1, y.len()], y),
        ]
    };
    x.chunks(size).zip(y.chunks(size)).enumerate().flat_map(batch).collect()
}

fn pick<T: Clone>(of: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|&j| of[j].clone()).collect()
}

#[test]
fn any_order_is_right() {
    let out = HandOut::built_in(Subject::Batches, 1);
    let (x, y) = examples(&out);
    for seed in 0..50 {
        let order = NumpyRng::new(seed).permutation(M);
        let mut handed = batches(&pick(&x, &order), &pick(&y, &order), 64);
        if seed % 2 == 0 {
            handed.iter_mut().for_each(|array| {
                array.values.iter_mut().for_each(|value| *value = f64::from(*value as f32));
            });
        }
        let judgement = out.judge(&handed).unwrap();
        assert!(judgement.right, "{}", judgement.words(Lang::En));
        assert_eq!(judgement.parts.len(), 6);
    }
    assert!(out.judge(&out.right()).unwrap().right);
}

#[test]
fn every_mistake_is_named() {
    for variant in [1, 2] {
        let out = HandOut::built_in(Subject::Batches, variant);
        let (x, y) = examples(&out);
        let [order, other] = [7, 8].map(|seed| NumpyRng::new(seed).permutation(M));
        let (shuffled_x, shuffled_y) = (pick(&x, &order), pick(&y, &order));
        let right = batches(&shuffled_x, &shuffled_y, 64);
        let says = |handed: &[NamedArray], mistake: &str, words: &str| {
            let judgement = out.judge(handed).unwrap();
            let way = the_way(&judgement);
            assert_eq!(
                way.iter().map(|(name, _)| &name[..]).collect::<Vec<_>>(),
                [mistake],
                "{}",
                judgement.words(Lang::En)
            );
            assert!(judgement.words(Lang::En).contains(words), "{}", judgement.words(Lang::En));
        };
        says(&right[..4], "last-dropped", "the 20 examples that are left");
        says(&batches(&x, &y, 64), "not-shuffled", "in the order in which they are given");
        says(&batches(&shuffled_x, &pick(&y, &other), 64), "shuffled-differently", "have another's target");
        says(&batches(&shuffled_x, &y, 64), "targets-not-shuffled", "while X is shuffled");
        says(
            &batches(&shuffled_x, &shuffled_y, 37),
            "sizes",
            "have 37, 37, 37, 37 examples; they are to have 64, 64, 20",
        );
        // Only the last batch takes its targets from where they were.
        let mut last = right.clone();
        last[5].values = y[128..].to_vec();
        says(&last, "targets-not-shuffled", "Y3: the targets stand in the order");
        let lost: Vec<usize> = order[..140].to_vec();
        says(&batches(&pick(&x, &lost), &pick(&y, &lost), 64), "lost", "8 of the examples are in no batch");
        let twice: Vec<usize> = order.iter().chain(&order[..2]).copied().collect();
        says(&batches(&pick(&x, &twice), &pick(&y, &twice), 64), "twice", "2 are there more than once");
        let mut rng = NumpyRng::new(3);
        let drawn: Vec<usize> = (0..M).map(|_| rng.up_to(M as u32 - 1) as usize).collect();
        says(
            &batches(&pick(&x, &drawn), &pick(&y, &drawn), 64),
            "with-replacement",
            "drawn with replacement: ",
        );
        let rows = |array: &NamedArray| {
            let (rows, cols) = (array.shape[0], array.shape[1]);
            let values: Vec<f64> =
                (0..rows * cols).map(|k| array.values[k % rows * cols + k / rows]).collect();
            NamedArray::new(array.name.clone(), [cols, rows], values)
        };
        says(&right.iter().map(rows).collect::<Vec<_>>(), "examples-as-rows", "examples are rows");
        let reshaped = |array: &NamedArray| match &array.name[..1] {
            "X" => NamedArray::new(array.name.clone(), array.shape.clone(), rows(array).values),
            _ => array.clone(),
        };
        says(&right.iter().map(reshaped).collect::<Vec<_>>(), "reshaped", "as by reshape");
        let mut apart = right.clone();
        for array in apart.iter_mut().filter(|array| array.name.starts_with('X')) {
            array.values[..array.shape[1]].rotate_left(1);
        }
        says(&apart, "features-apart", "each feature is shuffled by itself");
        let mut noise = right.clone();
        noise[0].values.iter_mut().for_each(|value| *value += 0.005);
        says(&noise, "no-examples", "columns that are no examples of X");
    }
}

#[test]
fn gaps_and_shapes_are_refused() {
    let out = HandOut::built_in(Subject::Batches, 1);
    let right = out.right();
    let refused = |handed: &[NamedArray], words: &str| {
        let error = out.judge(handed).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains("hint"), "{error}");
    };
    refused(&right[2..], "X1, Y1 are missing");
    refused(&right[..3], "Y2 is missing");
    refused(&[&right[..2], &right[4..]].concat(), "X2 is missing");
    let mut other = right.clone();
    other[0] = NamedArray::new("X1", [2, 96], right[0].values.clone());
    refused(&other, "X1: expected shape (3, examples), got (2, 96)");
}
