//! The flags that say how a text file is read.

use crate::list::{self, List};
use clap::Args as ClapArgs;
use nablab::data::table::{Decimal, Dialect, Encoding, Format, Reading, Separator, Thousands};

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
    /// Override what a recipe says.
    pub(crate) fn apply(&self, dialect: &mut Dialect) {
        fn set<T: Clone>(value: &mut Option<T>, flag: &Option<T>) {
            if flag.is_some() {
                value.clone_from(flag);
            }
        }
        set(&mut dialect.format, &self.format);
        set(&mut dialect.header, &self.header);
        set(&mut dialect.separator, &self.separator);
        set(&mut dialect.decimal, &self.decimal);
        set(&mut dialect.thousands, &self.thousands);
        set(&mut dialect.encoding, &self.encoding);
        dialect.skip_lines = self.skip_lines.unwrap_or(dialect.skip_lines);
        set(&mut dialect.missing, &list::all(&self.missing));
        set(&mut dialect.missing_target, &list::all(&self.missing_target));
    }

    /// Override how a model's own table was read.
    pub(crate) fn over(&self, mut reading: Reading) -> Reading {
        self.apply(&mut reading.dialect);
        if self.decimal.is_none() && self.thousands.is_none() {
            return reading;
        }
        // One mark cannot be both.
        let decimal = self.decimal.or(match self.thousands {
            Some(Thousands::Comma) => Some(Decimal::Point),
            Some(Thousands::Point) => Some(Decimal::Comma),
            _ => None,
        });
        reading.dialect.decimal = decimal.or(reading.dialect.decimal);
        reading.dialect.thousands = self.thousands;
        for numeral in reading.kept.iter_mut().flat_map(|kept| kept.numerals.values_mut()) {
            numeral.decimal = decimal.unwrap_or(numeral.decimal);
            numeral.thousands = self.thousands;
        }
        reading
    }
}
