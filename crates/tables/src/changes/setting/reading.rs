//! How a file is read.

use super::macros::{list, one};
use super::{Setting, SettingGroup, read};

const OF: SettingGroup = SettingGroup::Reading;

pub(super) const SETTINGS: [Setting; 9] = [
    one!(
        OF,
        reading.format,
        read::parsed,
        "The kind of file, where its name does not say it: csv, tsv, npy, npz, mat, idx, parquet, arrow"
    )
    .takes("KIND", "csv"),
    one!(OF, reading.header, read::yes_or_no, "The first line holds names: yes or no")
        .takes("YES|NO", "yes")
        .or("found out"),
    one!(
        OF,
        reading.separator,
        read::parsed,
        "Between values: comma, semicolon, tab, bar, blanks, or a character"
    )
    .takes("NAME", "semicolon")
    .or("found out"),
    one!(OF, reading.decimal, read::parsed, "Before the decimals of a number: point or comma")
        .takes("NAME", "comma")
        .or("found out"),
    one!(OF, reading.thousands, read::parsed, "Between thousands: comma, point, space or apostrophe")
        .takes("NAME", "point")
        .or("found out"),
    one!(OF, reading.encoding, read::parsed, "Of the text, such as windows-1252, latin-1 or gbk")
        .takes("NAME", "latin-1")
        .or("utf-8; utf-16 by its mark"),
    Setting::new(
        "skip_lines",
        OF,
        "Lines before the table",
        |changes, text| {
            changes.reading.skip_lines = read::whole(text)?;
            Ok(())
        },
        |changes| changes.reading.skip_lines > 0,
    )
    .takes("N", "2")
    .or("0"),
    list!(
        OF,
        reading.missing,
        "Words that stand for a missing value instead of NA, nan, None, … (those: default); one that has a comma stands in quotes"
    )
    .takes("WORDS", "unknown,?"),
    list!(OF, reading.missing_target, "The same of what is predicted").takes("WORDS", "unknown"),
];
