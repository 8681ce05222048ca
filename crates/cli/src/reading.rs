//! The flags that say how a text file is read.

use crate::list::{self, List};
use clap::Args as ClapArgs;
use nablab::data::table::{Decimal, Dialect, Encoding, Format, Separator, Thousands};

#[derive(ClapArgs, Clone, Debug, Default, PartialEq)]
#[command(next_help_heading = "How the file is read")]
pub(crate) struct ReadingFlags {
    /// The kind of file, where its name does not say it: csv, tsv, npy, npz, mat, idx, parquet, arrow
    #[arg(long, value_name = "KIND")]
    format: Option<Format>,
    /// The first line holds names: yes or no [default: found out]
    #[arg(long, value_name = "YES|NO", value_parser = yes_or_no)]
    header: Option<bool>,
    /// Between values: comma, semicolon, tab, bar, blanks, or a character [default: found out]
    #[arg(long, value_name = "NAME")]
    separator: Option<Separator>,
    /// Before the decimals of a number: point or comma [default: found out]
    #[arg(long, value_name = "NAME")]
    decimal: Option<Decimal>,
    /// Between thousands: comma, point, space or apostrophe [default: found out]
    #[arg(long, value_name = "NAME")]
    thousands: Option<Thousands>,
    /// Of the text, such as windows-1252, latin-1 or gbk [default: utf-8; utf-16 by its mark]
    #[arg(long, value_name = "NAME")]
    encoding: Option<Encoding>,
    /// Lines before the table [default: 0]
    #[arg(long, value_name = "N")]
    skip_lines: Option<usize>,
    /// Words that stand for a missing value instead of NA, nan, None, … (those: default); one that has a comma stands in quotes
    #[arg(long, value_name = "WORDS")]
    missing: Option<Vec<List>>,
    /// The same of what is predicted
    #[arg(long, value_name = "WORDS")]
    missing_target: Option<Vec<List>>,
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" | "true" => Ok(true),
        "no" | "false" => Ok(false),
        _ => Err(format!("expected yes or no, got {text:?}")),
    }
}

impl ReadingFlags {
    /// What they say.
    pub(crate) fn dialect(&self) -> Dialect {
        Dialect {
            format: self.format,
            header: self.header,
            separator: self.separator,
            decimal: self.decimal,
            thousands: self.thousands,
            encoding: self.encoding,
            skip_lines: self.skip_lines.unwrap_or_default(),
            missing: list::all(&self.missing),
            missing_target: list::all(&self.missing_target),
        }
    }
}
