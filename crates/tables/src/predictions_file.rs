//! Predictions as the bytes of a file.

use nablab_data::prepare::Target;
use nablab_data::{DataError, readable};
use nablab_report::File;

use crate::Predictions;
use crate::tables::{columnar, is_columnar};

impl Predictions {
    /// A line of names, and a line for each row; an empty one for a row that was not predicted. With `probabilities`, also those
    /// of each class or label.
    pub fn csv(&self, probabilities: bool) -> Vec<u8> {
        let mut names = self.target.names().to_vec();
        if probabilities {
            names.extend(self.names().iter().map(|name| format!("p({name})")));
        }
        let rows =
            self.answers().zip(self.rows()).map(|(answer, row)| match row.iter().all(|v| v.is_nan()) {
                true => vec![String::new(); names.len()],
                false => {
                    let numbers = row.iter().filter(|_| probabilities).map(f64::to_string);
                    answer.into_iter().chain(numbers).collect()
                }
            });
        File::csv("predictions.csv", &names, rows).bytes
    }

    /// The same in the format of a file's name: CSV or Parquet.
    ///
    /// # Errors
    /// As [`Predictions::check_name`].
    pub fn file(&self, name: &str, probabilities: bool) -> Result<Vec<u8>, DataError> {
        Self::check_name(name)?;
        let csv = self.csv(probabilities);
        if !is_columnar(name) {
            return Ok(csv);
        }
        self.parquet(&csv, name)
    }

    #[cfg(feature = "arrow")]
    fn parquet(&self, csv: &[u8], name: &str) -> Result<Vec<u8>, DataError> {
        let source = std::io::Cursor::new(csv);
        let table = nablab_data::table::csv::read_from(source, name, &self.reading(), &mut |_, _| ())?;
        Ok(columnar::write_parquet(&table))
    }

    #[cfg(not(feature = "arrow"))]
    fn parquet(&self, _: &[u8], name: &str) -> Result<Vec<u8>, DataError> {
        Err(columnar::without(name))
    }

    /// An error where the name of a file says that it is of another kind than those that are written.
    ///
    /// # Errors
    /// [`DataError::Format`].
    pub fn check_name(name: &str) -> Result<(), DataError> {
        let extension =
            std::path::Path::new(name).extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        match extension.as_deref() {
            None | Some("csv" | "txt" | "parquet" | "pq") => Ok(()),
            Some(other) => {
                let hint = "name it .csv or .parquet, and convert it afterwards";
                let got = format!(".{}", readable(other));
                Err(DataError::format(
                    &readable(name),
                    "extension",
                    "predictions as CSV or Parquet",
                    got,
                    hint,
                ))
            }
        }
    }

    /// There are probabilities of classes or labels; else numbers.
    pub fn has_probabilities(&self) -> bool {
        !matches!(self.target, Target::Numbers { .. })
    }
}
