//! How a later file is read: as the earlier one was, unless something else is said.

use nablab_data::table::{Dialect, Kept, Reading};

use super::reading::{error, names, notes, numbers, read, set, table, texts};

#[test]
fn an_earlier_file_decides_how_a_later_one_is_read() {
    let first = table("a;b\n0,5;x\n1,5;y\n");
    let later = Reading::default().like(&first);
    // Alone, this would be a point and a thousand.
    let second = read(b"a;b\n1,500;x\n", &later).unwrap();
    assert_eq!((numbers(&second, 0), notes(&second).as_str()), (vec![1.5], ""));
    // Another separator is found where the earlier one separates nothing.
    assert_eq!(names(&read(b"a\tb\n0,5\tx\n", &later).unwrap()), ["a", "b"]);
    let unnamed =
        Reading { kept: Some(Kept { header: Some(false), ..Kept::default() }), ..Reading::default() };
    assert_eq!(read(b"a,b\n1,2\n", &unnamed).unwrap().rows(), 2);
}

/// Columns without names are known by their places: of a file with others fewer, each would be taken for its neighbour.
#[test]
fn columns_without_names_keep_their_places() {
    let first = table("1,0.5,7.25\n2,1.5,8.5\n1,2.5,9.75\n");
    assert_eq!(names(&first), ["column 1", "column 2", "column 3"]);
    let mut later = Reading::default().like(&first);
    later.targets.insert("column 1".into());
    let read_names =
        |text: &str, reading: &Reading| read(text.as_bytes(), reading).map(|table| names(&table).join("|"));
    assert_eq!(read_names("1,0.5,7.25\n", &later).unwrap(), "column 1|column 2|column 3");
    assert_eq!(read_names("0.5,7.25\n", &later).unwrap(), "column 2|column 3", "without what is predicted");
    for text in ["7.25\n", "1,0.5,7.25,4\n"] {
        let error = read(text.as_bytes(), &later).unwrap_err().to_string();
        assert!(
            error.contains("expected 3 columns, as in the file that was learned from, or 2 without"),
            "{error}"
        );
    }
    later.targets.clear();
    assert!(read(b"0.5,7.25\n", &later).unwrap_err().to_string().contains("expected 3 columns"));
}

/// Columns that were plain in the earlier file, too.
#[test]
fn what_is_said_of_a_later_file_decides_over_an_earlier_one() {
    let first = table("a,b\n0.5,x\n1.5,y\n");
    let later = |flag: Dialect| Reading { dialect: flag, ..Reading::default().like(&first) };
    let comma = later(Dialect { decimal: "comma".parse().ok(), ..Dialect::default() });
    let second = read(b"a;b\n5,25;x\n1.234,5;1,5\n7;y\n", &comma).unwrap();
    assert_eq!(
        (numbers(&second, 0), texts(&second, 1)),
        (vec![5.25, 1234.5, 7.0], ["x", "1,5", "y"].map(str::to_owned).to_vec())
    );
    let grouped = later(Dialect { thousands: "comma".parse().ok(), ..Dialect::default() });
    assert_eq!(numbers(&read(b"a,b\n\"1,234\",x\n0.5,y\n", &grouped).unwrap(), 0), [1234.0, 0.5]);
    let silent = read(b"a;b\n5,25;x\n", &later(Dialect::default())).unwrap();
    assert_eq!(texts(&silent, 0), ["5,25"], "nobody said that it is a number");
    // What is known to be a number is one or an error that names the cell.
    let numbers = Reading { numbers: set(&["a"]), ..comma };
    let error = error("a;b\n5,25;x\n-;y\n", &numbers);
    assert!(error.contains("column a, row 2: expected a number with a decimal comma, got -"), "{error}");
}
