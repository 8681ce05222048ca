//! From tables to matrices: values as scikit-learn 1.9.1 computes them, and what is learned from the training rows alone.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::num::NonZeroUsize;

use nablab_data::prepare::{AskedTask, Choice, Inputs, Scaling, Target, Type, folds, hold_out};
use nablab_data::table::{Reading, Table, csv};
use nablab_engine::rng::Stream;
use proptest::prelude::*;

/// Columns are prepared on threads of their own, which must change nothing.
pub(crate) const TWO: NonZeroUsize = NonZeroUsize::new(2).unwrap();

pub(super) fn table(text: &str) -> Table {
    csv::read(text.as_bytes(), "t.csv").unwrap()
}

/// With the texts of these columns.
pub(super) fn written(text: &str, names: &[&str]) -> Table {
    let reading =
        Reading { written: names.iter().map(|&name| name.to_owned()).collect(), ..Reading::default() };
    csv::read_from(Cursor::new(text), "t.csv", &reading, &mut |_, _| ()).unwrap()
}

pub(super) fn all(table: &Table) -> Vec<usize> {
    (0..table.rows()).collect()
}

fn fit(table: &Table, choice: &Choice<'_>) -> Inputs {
    Inputs::fit(table, &all(table), choice, TWO).unwrap().0
}

pub(super) fn close(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 1e-14 * b.abs().max(1.0), "{a} {b}");
    }
}

/// `StandardScaler`, `MinMaxScaler` and `RobustScaler` fitted on the values that are there, then applied to what
/// `SimpleImputer` with mean or median makes of the column.
#[test]
fn numbers_are_filled_and_scaled_as_by_scikit_learn() {
    let table = table("x,z\n1.5,1\n,2\n-2,3\n40,4\n3.25,5\n,6\n7,7\n");
    let features = ["x".to_owned()];
    let expected = [
        (Scaling::Standard, STANDARD),
        (Scaling::MinMax, MIN_MAX),
        (Scaling::Robust, ROBUST),
        (Scaling::None, [1.5, 9.95, -2.0, 40.0, 3.25, 9.95, 7.0]),
    ];
    for (scaling, expected) in expected {
        let inputs = fit(&table, &Choice { features: &features, scaling, ..Choice::default() });
        assert_eq!(inputs.names(), ["x", "x is missing"]);
        let (x, _) = inputs.encode::<f64>(&table, &all(&table), TWO).unwrap();
        close(&x[..7], &expected);
        assert_eq!(x[7..], [0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
    }
}

const STANDARD: [f64; 7] = [
    -0.5522050248569641,
    0.0,
    -0.7809289996497896,
    1.9637586978641153,
    -0.4378430374605514,
    0.0,
    -0.19278163589680994,
];
const MIN_MAX: [f64; 7] =
    [0.08333333333333333, 0.2845238095238095, 0.0, 1.0, 0.125, 0.2845238095238095, 0.21428571428571427];
const ROBUST: [f64; 7] =
    [-0.3181818181818182, 0.0, -0.9545454545454546, 6.681818181818182, 0.0, 0.0, 0.6818181818181818];

#[test]
fn categories_are_one_hot_and_unknown_ones_none() {
    let train = table("c,n\nred,1\nblue,2\n,3\nred,4\n");
    let inputs = fit(&train, &Choice { scaling: Scaling::None, ..Choice::default() });
    assert_eq!(inputs.names(), ["c = blue", "c = red", "c is missing", "n"]);
    let new = table("n,c\n9,blue\n,green\n8,\n");
    let (x, seen) = inputs.encode::<f32>(&new, &all(&new), TWO).unwrap();
    assert_eq!(x, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 9.0, 2.5, 8.0]);
    assert_eq!(seen.unknown, [("c".to_owned(), 1, "green".to_owned())]);
    assert_eq!(seen.missing, [("n".to_owned(), 1)]);
    // A column that is not there counts as missing in every row; all of them are another file.
    let (x, seen) = inputs.encode::<f64>(&table("n\n5\n"), &[0], TWO).unwrap();
    assert_eq!((x, seen.absent), (vec![0.0, 0.0, 1.0, 5.0], vec!["c".to_owned()]));
    let error = inputs.encode::<f64>(&table("q\n5\n").named("new.csv"), &[0], TWO).unwrap_err().to_string();
    assert!(error.contains("new.csv: columns: expected columns c, n, got q"), "{error}");
    let error = inputs.encode::<f64>(&table("c,n\nred,x\n"), &[0], TWO).unwrap_err().to_string();
    assert!(error.contains("column n, row 1: expected a number, got \"x\""), "{error}");
}

#[test]
fn what_cannot_be_learned_from_is_left_out_with_a_reason() {
    let mut text = String::from("id,day,same,empty,kind,x\n");
    (0..60)
        .for_each(|i| text += &format!("name{i},2024-01-{:02},7,,{},{i}\n", i % 28 + 1, ["a", "b"][i % 2]));
    let table = table(&text);
    let (inputs, left_out) = Inputs::fit(&table, &all(&table), &Choice::default(), TWO).unwrap();
    assert_eq!(inputs.names(), ["kind = a", "kind = b", "x"]);
    let reasons: Vec<_> = left_out.iter().map(|l| (l.name.as_str(), l.why.to_string())).collect();
    let expected = [
        ("id", "60 different texts in 60 rows"),
        ("day", "dates are not learned from unasked"),
        ("same", "every value is 7"),
        ("empty", "every value is missing"),
    ];
    assert_eq!(reasons, expected.map(|(name, why)| (name, why.to_owned())));
    // Asked for, texts and dates are categories, and numbers can be.
    let types = BTreeMap::from([("id".to_owned(), Type::Category), ("x".to_owned(), Type::Category)]);
    let inputs = fit(&table, &Choice { types, ..Choice::default() });
    assert_eq!(inputs.width(), 60 + 2 + 60);
    assert_eq!(inputs.names()[62..64], ["x = 0", "x = 1"], "numbers in their order, not the alphabet's");
}

#[test]
fn a_text_too_long_for_a_name_is_neither_category_nor_class() {
    let with = |length: usize| {
        let rows: String = (0..6).map(|i| format!("{},{i}\n", ["b", "ü"][i % 2])).collect();
        table(&format!("c,x\n{rows}{},6\n", "ü".repeat(length)))
    };
    let (fits, long) = (with(1000), with(1001));
    assert_eq!(fit(&fits, &Choice::default()).width(), 4);
    let (inputs, left_out) = Inputs::fit(&long, &all(&long), &Choice::default(), TWO).unwrap();
    assert_eq!(inputs.names(), ["x"]);
    assert_eq!(left_out[0].why.to_string(), "1001 characters in row 7, a category has at most 1000");
    let types = BTreeMap::from([("c".to_owned(), Type::Category)]);
    let choice = Choice { types, ..Choice::default() };
    let refused = Inputs::fit(&long, &all(&long), &choice, TWO).unwrap_err().to_string();
    assert!(
        refused.starts_with("t.csv: column c: expected categories, got 1001 characters in row 7"),
        "{refused}"
    );

    let target = |table: &Table| {
        let rows = all(table);
        Target::fit(table, &rows, &rows, &["c".to_owned()], None, &BTreeMap::new(), &[])
    };
    assert!(target(&fits).is_ok());
    let refused = target(&long).unwrap_err().to_string();
    assert!(
        refused.starts_with(
            "t.csv: column c, row 7: expected a class of at most 1000 characters, got one of 1001\nhint:"
        ),
        "{refused}"
    );

    // One that only later rows have is none of those learned from; little of it is kept.
    let learned = fit(&with(3), &Choice::default());
    let (_, seen) = learned.encode::<f64>(&long, &all(&long), TWO).unwrap();
    assert_eq!(seen.unknown, [("c".to_owned(), 1, format!("{}…", "ü".repeat(40)))]);
}

/// Beyond 2^53 neighbours become the same number, or a few numbers that are only rounded differently.
#[test]
fn digits_that_a_number_loses_are_said() {
    let ids = |i: u64| [1_096_580_123_456_789_012 + i % 3, 12_345_678_901_234_567_890 + 4096 * (i / 299)];
    let rows: String = (0..300).map(|i| format!("{},{},{i}\n", ids(i)[0], ids(i)[1])).collect();
    let table = table(&format!("author,far,x\n{rows}"));
    for scaling in [Scaling::Standard, Scaling::MinMax, Scaling::Robust, Scaling::None] {
        let choice = Choice { scaling, ..Choice::default() };
        let (inputs, left_out) = Inputs::fit(&table, &all(&table), &choice, TWO).unwrap();
        assert_eq!(inputs.names(), ["x"]);
        let why = |i: usize| (left_out[i].name.as_str(), left_out[i].why.to_string());
        let said = |value: &str| {
            format!("every value is about {value}: a number keeps 16 digits, and those behind are lost")
        };
        assert_eq!(why(0), ("author", said("1096580123456789000")), "{scaling:?}");
        assert_eq!(why(1), ("far", said("12345678901234567000")), "{scaling:?}");
    }
    // StandardScaler().fit([[1], [2], [4], [8]], sample_weight=[0.5, 2, 0, 3.25]); weights of 0 alone say nothing.
    let (center, scale) = Scaling::Standard.fit_weighted(&[1.0, 2.0, 4.0, 8.0], &[0.5, 2.0, 0.0, 3.25]);
    assert!((center - 5.304347826086956).abs() < 1e-14 && (scale - 3.0848124826203063).abs() < 1e-14);
    assert_eq!(Scaling::Standard.fit_weighted(&[1.0, 3.0], &[0.0, 0.0]), (2.0, 1.0));
    // A little more than round-off is a spread; with values missing, what is there stays near 0.
    let spread: Vec<f64> = (0..1000).map(|i| 1.7e9 + f64::from(i) * 1e-6).collect();
    let (center, scale) = Scaling::Standard.fit(&spread);
    assert!(((spread[0] - center) / scale + 1.73).abs() < 0.01, "{center} {scale}");
    let far: Vec<f64> = (0..300).map(|i| ids(i)[1] as f64).collect();
    for scaling in [Scaling::Standard, Scaling::MinMax, Scaling::Robust] {
        let (center, scale) = scaling.fit(&far);
        assert!(far.iter().all(|v| ((v - center) / scale).abs() < 2.0), "{scaling:?}: {center} {scale}");
    }
}

proptest! {
    /// What is fitted depends on the training rows alone.
    #[test]
    fn held_out_rows_are_not_looked_at(values in prop::collection::vec(-1e6_f64..1e6, 8..30), other in -1e9_f64..1e9) {
        let rows = values.len() / 2;
        let text = |last: f64| {
            let mut text = String::from("x,c\n");
            for (i, v) in values.iter().enumerate() {
                let (v, c) = if i < rows { (*v, i % 2) } else { (last, 9) };
                text += &format!("{v},k{c}\n");
            }
            text
        };
        let fitted = |text: String| {
            let table = table(&text);
            Inputs::fit(&table, &(0..rows).collect::<Vec<_>>(), &Choice::default(), TWO).unwrap()
        };
        prop_assert_eq!(fitted(text(0.5)), fitted(text(other)));
    }

    /// Scaled numbers have mean 0 and deviation 1, whatever their size.
    #[test]
    fn standard_is_standard(values in prop::collection::vec(-1.0_f64..1.0, 3..50), power in -200_i32..200) {
        let values: Vec<f64> = values.iter().map(|v| v * 10_f64.powi(power)).collect();
        let (center, scale) = Scaling::Standard.fit(&values);
        let scaled: Vec<f64> = values.iter().map(|v| (v - center) / scale).collect();
        let n = values.len() as f64;
        let mean = scaled.iter().sum::<f64>() / n;
        let variance = scaled.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
        prop_assert!(mean.abs() < 1e-6 && (variance - 1.0).abs() < 1e-6 || scale == 1.0, "{} {}", mean, variance);
    }

    /// Every row is on one side; each class gives about its share; groups stay together.
    #[test]
    fn splits_are_fair(kinds in prop::collection::vec(0_usize..5, 4..200), share in 0.05_f64..0.9, seed: u64) {
        if let Ok(split) = hold_out(&kinds, share, false, &mut Stream::Split.rng(seed)) {
            let mut rows = [split.train.clone(), split.validation.clone()].concat();
            rows.sort_unstable();
            prop_assert_eq!(rows, (0..kinds.len()).collect::<Vec<_>>());
            let of = |rows: &[usize], kind| rows.iter().filter(|&&row| kinds[row] == kind).count();
            for kind in 0..5 {
                let count = kinds.iter().filter(|&&k| k == kind).count() as f64;
                prop_assert!((of(&split.validation, kind) as f64 - count * share).abs() <= 1.0);
            }
        }
        if let Ok(split) = hold_out(&kinds, share, true, &mut Stream::Split.rng(seed)) {
            let held_out = |kind: usize| split.validation.iter().any(|&row| kinds[row] == kind);
            prop_assert!(split.train.iter().all(|&row| !held_out(kinds[row])));
        }
    }

    /// Folds cut the rows into parts of about one size, of each class and of all.
    #[test]
    fn folds_cut_the_rows(kinds in prop::collection::vec(0_usize..4, 6..100), k in 2_usize..6, seed: u64) {
        let folds = folds(&kinds, k, false, &mut Stream::Split.rng(seed)).unwrap();
        let mut rows: Vec<usize> = folds.iter().flat_map(|fold| fold.validation.clone()).collect();
        rows.sort_unstable();
        prop_assert_eq!(rows, (0..kinds.len()).collect::<Vec<_>>());
        for fold in &folds {
            prop_assert_eq!(fold.train.len() + fold.validation.len(), kinds.len());
            prop_assert!(fold.validation.len().abs_diff(kinds.len() / k) <= 1);
            for kind in 0..4 {
                let of = |rows: &[usize]| rows.iter().filter(|&&row| kinds[row] == kind).count();
                let count = of(&(0..kinds.len()).collect::<Vec<_>>());
                prop_assert!(of(&fold.validation).abs_diff(count / k) <= 1);
            }
        }
    }
}

#[test]
fn a_category_is_the_text_of_the_file() {
    let train = written("code,x\n01,1\n02,2\nX1,3\n01,4\n", &[]);
    let inputs = fit(&train, &Choice::default());
    assert_eq!(inputs.names()[..3], ["code = 01", "code = 02", "code = X1"]);
    // Numbers alone, and read so or not: the same features as beside a word.
    for names in [&["code"][..], &[]] {
        let new = written("code,x\n02,1\n01,1\n", names);
        let (x, seen) = inputs.encode::<f64>(&new, &all(&new), TWO).unwrap();
        assert_eq!(x[..6], [0.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
        assert_eq!(seen.unknown, []);
    }
    let types = BTreeMap::from([("code".to_owned(), Type::Category)]);
    let text = "code,x\n007,1\n7,2\n39.0,3\n1582218195625938945,4\n1582218195625938946,5\n";
    let table = written(text, &["code"]);
    let inputs = fit(&table, &Choice { types, ..Choice::default() });
    let levels = ["007", "7", "39.0", "1582218195625938945", "1582218195625938946"];
    assert_eq!(inputs.names()[..5], levels.map(|level| format!("code = {level}")));
}

#[test]
fn the_cell_that_is_no_number_is_named() {
    let train = table("x\n0.5\n1.5\n");
    let inputs = fit(&train, &Choice::default());
    // Read anew, the word would count as missing; a later file is read as the first one was.
    let (text, reading) = (format!("x\n{}-\n0.5\n", "0.5\n".repeat(99)), Reading::default().like(&train));
    let new = csv::read_from(Cursor::new(text), "new.csv", &reading, &mut |_, _| ()).unwrap();
    let error = inputs.encode::<f64>(&new, &all(&new), TWO).unwrap_err().to_string();
    assert!(error.starts_with("new.csv: column x, row 100: expected a number, got \"-\""), "{error}");
    for (cell, flags) in
        [("5,25", "with `decimal` comma it"), ("\"1,250\"", "with `decimal` comma or `thousands` comma it")]
    {
        let text = format!("x;z\n{cell};1\n");
        let other = csv::read_from(Cursor::new(text), "t.csv", &reading, &mut |_, _| ()).unwrap();
        let error = inputs.encode::<f64>(&other, &[0], TWO).unwrap_err().to_string();
        assert!(error.contains(flags), "{error}");
    }
    let types = BTreeMap::from([("x".to_owned(), Type::Number)]);
    let error = Inputs::fit(&new, &all(&new), &Choice { types, ..Choice::default() }, TWO).unwrap_err();
    assert!(error.to_string().contains("column x: expected numbers, got \"-\" in row 100"), "{error}");
    let names = ["x".to_owned()];
    let error =
        Target::fit(&new, &all(&new), &[0], &names, Some(AskedTask::Regression), &BTreeMap::new(), &[])
            .unwrap_err();
    assert!(error.to_string().contains("column x, row 100: expected a number, got \"-\""), "{error}");
    let target = Target::Numbers { names: names.to_vec(), center: vec![0.0], scale: vec![1.0] };
    let error = target.encode::<f64>(&new, &all(&new)).unwrap_err().to_string();
    assert!(error.contains("column x, row 100: expected a number, got \"-\""), "{error}");
}

#[test]
fn a_number_beyond_the_precision_is_named() {
    let table = table("h,x\n1,1\n-3e300,2\n2,3\n");
    let inputs = fit(&table, &Choice { scaling: Scaling::None, ..Choice::default() });
    let error = inputs.encode::<f32>(&table, &all(&table), TWO).unwrap_err().to_string();
    for words in
        ["column h, row 2", "the largest of f32", "`scaling` standard", "`precision` f64", "got -3e300"]
    {
        assert!(error.contains(words), "{words:?} in {error}");
    }
    assert!(inputs.encode::<f64>(&table, &all(&table), TWO).is_ok());
    let scaled = fit(&table, &Choice::default());
    assert!(scaled.encode::<f32>(&table, &all(&table), TWO).is_ok());
}

#[test]
fn a_type_that_would_do_nothing_is_refused() {
    let table = table("a,b\n1,2\n3,4\n");
    let types = BTreeMap::from([("a".to_owned(), Type::Category)]);
    let (a, b) = (["a".to_owned()], ["b".to_owned()]);
    for choice in [Choice { ignore: &a, ..Choice::default() }, Choice { features: &b, ..Choice::default() }] {
        let choice = Choice { types: types.clone(), ..choice };
        let error = Inputs::fit(&table, &[0, 1], &choice, TWO).unwrap_err().to_string();
        assert!(error.starts_with("t.csv: column a: expected a column to learn from"), "{error}");
    }
}

proptest! {
    /// What a category is encoded as does not depend on the other rows of its file, nor on whether they all look like
    /// numbers.
    #[test]
    fn a_row_is_encoded_as_if_alone(
        codes in prop::collection::vec("0?[0-9]|[0-9]\\.[05]|[a-b]|true", 4..20),
        at in any::<prop::sample::Index>(),
    ) {
        let file = |codes: &[String]| written(&format!("code,x\n{}", codes.iter().map(|c| format!("{c},1\n")).collect::<String>()), &["code"]);
        let (table, row) = (file(&codes), at.index(codes.len()));
        let types = BTreeMap::from([("code".to_owned(), Type::Category)]);
        let features = ["code".to_owned()];
        let choice = Choice { features: &features, types, ..Choice::default() };
        if let Ok((inputs, _)) = Inputs::fit(&table, &all(&table), &choice, TWO) {
            let (together, _) = inputs.encode::<f64>(&table, &[row], TWO).unwrap();
            let (alone, _) = inputs.encode::<f64>(&file(&codes[row..=row]), &[0], TWO).unwrap();
            prop_assert_eq!(&together, &alone);
            prop_assert_eq!(together.iter().sum::<f64>(), 1.0);
        }
    }
}

/// A table of many cells, whose columns go to several threads.
#[test]
fn threads_change_nothing() {
    let row = |i: usize| format!("{},{},{},{},{}\n", i % 97, ["a", "b", ""][i % 3], i * i % 1013, 5, i % 11);
    let rows: String = (0..20_000).map(row).collect();
    let table = table(&format!("n,c,m,same,k\n{rows}"));
    let words: String = (0..20_000).map(|i| format!("{0},a,{0},5,{i}\n", ["red", "blue"][i % 2])).collect();
    let new = self::table(&format!("n,c,m,same,k\n{words}"));
    let on = |threads: usize| {
        let threads = NonZeroUsize::new(threads).unwrap();
        let (inputs, left_out) = Inputs::fit(&table, &all(&table), &Choice::default(), threads).unwrap();
        let encoded = inputs.encode::<f32>(&table, &all(&table), threads).unwrap();
        let refused = inputs.encode::<f32>(&new, &all(&new), threads).err().map(|error| error.to_string());
        (inputs, left_out, encoded, refused)
    };
    let (inputs, left_out, _, refused) = on(1);
    assert_eq!((inputs.columns().len(), left_out.len()), (4, 1));
    let refused = refused.unwrap_or_default();
    assert!(refused.starts_with("t.csv: column n, row 1:"), "{refused}");
    for threads in [2, 3, 64] {
        // Not assert_eq, which would print all of it.
        assert!(on(threads) == on(1), "{threads} threads");
    }
}
