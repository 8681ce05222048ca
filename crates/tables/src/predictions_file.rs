//! Predictions as the bytes of a file.

use nablab_data::prepare::Target;
use nablab_data::table::{Column, Table};
use nablab_data::{DataError, readable};
use nablab_report::File;

use crate::Predictions;
use crate::recipe::nearest;
use crate::tables::{columnar, is_columnar};

impl Predictions {
    /// Write these columns of the table beside the predictions, before them: what says which row is which.
    ///
    /// ```
    /// use nablab_data::table::csv;
    /// use nablab_tables::{Options, Settings};
    /// let rows: String = (0..60).map(|i| format!("{i:03},{},{}\n", i % 10, ["low", "high"][i % 10 / 5])).collect();
    /// let table = csv::read(format!("id,x,y\n{rows}").as_bytes(), "t.csv")?;
    /// let settings = Settings::from_toml("epochs = 40\n[data]\ntarget = [\"y\"]\nignore = [\"id\"]", "r.toml")?;
    /// let model = settings.fit(&table, Options::default(), &())?.model;
    /// let keep = ["id".to_owned()];
    /// let new = csv::read_as("id,x\n007,1\n9a,8\n".as_bytes(), "new.csv", &model.reading().keeping(&keep))?;
    /// let predictions = model.predict(&new)?.keeping(&new, &keep)?;
    /// assert_eq!(String::from_utf8_lossy(&predictions.csv(false)), "id,y\n007,low\n9a,high\n");
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`DataError::Format`] for a column that is not there, is named twice, or is called what a prediction is called.
    pub fn keeping(mut self, table: &Table, names: &[String]) -> Result<Self, DataError> {
        let (mut taken, there) = (self.written_names(true), columns_of(table));
        for name in names {
            let wrong = |expected: &str, got: String, hint: &str| {
                Err(table.error(format!("column {name}"), expected, got, hint))
            };
            if taken.contains(name) {
                let hint = "leave it away, or give the column another name in the table";
                return wrong("each column of the predictions once", "it twice".into(), hint);
            }
            let Some(column) = table.column(name) else {
                let hint = match nearest(name, &there) {
                    Some(near) => format!("did you mean {near}?"),
                    None => "columns are named as in the table".into(),
                };
                return wrong(
                    "a column of the table",
                    format!("none; there are {}", there.join(", ")),
                    &hint,
                );
            };
            taken.push(name.clone());
            self.kept.push(column.clone());
        }
        Ok(self)
    }

    /// Names of the columns of predictions that are written.
    fn written_names(&self, probabilities: bool) -> Vec<String> {
        let mut names = self.target.names().to_vec();
        if probabilities {
            names.extend(self.names().iter().map(|name| format!("p({name})")));
        }
        names
    }

    /// A line of names, and a line for each row; nothing is said of a row that was not predicted. With `probabilities`, also those
    /// of each class or label.
    pub fn csv(&self, probabilities: bool) -> Vec<u8> {
        self.csv_beside(&self.kept, probabilities)
    }

    fn csv_beside(&self, kept: &[Column], probabilities: bool) -> Vec<u8> {
        let names = self.written_names(probabilities);
        let texts: Vec<_> = kept.iter().map(|column| column.values.texts()).collect();
        let predicted = |answer: Vec<String>, row: &[f64]| match row.iter().all(|v| v.is_nan()) {
            true => vec![String::new(); names.len()],
            false => {
                let numbers = row.iter().filter(|_| probabilities).map(f64::to_string);
                answer.into_iter().chain(numbers).collect()
            }
        };
        let rows = self.answers().zip(self.rows()).enumerate().map(|(at, (answer, row))| {
            let kept = texts.iter().map(|text| text(at).unwrap_or_default());
            kept.chain(predicted(answer, row)).collect::<Vec<_>>()
        });
        let header = kept.iter().map(|column| &column.name).chain(&names);
        File::csv("predictions.csv", header, rows).bytes
    }

    /// The same in the format of a file's name: CSV or Parquet.
    ///
    /// # Errors
    /// As [`Predictions::check_name`].
    pub fn file(&self, name: &str, probabilities: bool) -> Result<Vec<u8>, DataError> {
        Self::check_name(name)?;
        match is_columnar(name) {
            true => self.parquet(probabilities, name),
            false => Ok(self.csv(probabilities)),
        }
    }

    #[cfg(feature = "arrow")]
    fn parquet(&self, probabilities: bool, name: &str) -> Result<Vec<u8>, DataError> {
        use nablab_data::table::{Values, csv};
        // Numbers are written as such where they say no less than their texts.
        let plain = |column: &Column| {
            let values = match &column.values {
                Values::Numbers(numbers)
                    if (0..numbers.len()).all(|row| {
                        let number = numbers.get(row);
                        numbers.text(row) == (!number.is_nan()).then(|| number.to_string())
                    }) =>
                {
                    Values::Numbers(numbers.iter().collect())
                }
                values => values.clone(),
            };
            Column { name: column.name.clone(), values }
        };
        let predicted = std::io::Cursor::new(self.csv_beside(&[], probabilities));
        let predicted = csv::read_from(predicted, name, &self.reading(), &mut |_, _| ())?;
        let columns = self.kept.iter().map(plain).chain(predicted.columns().iter().cloned());
        Ok(columnar::write_parquet(&Table::new(columns.collect(), name)?))
    }

    #[cfg(not(feature = "arrow"))]
    fn parquet(&self, _: bool, name: &str) -> Result<Vec<u8>, DataError> {
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

fn columns_of(table: &Table) -> Vec<&str> {
    table.columns().iter().map(|column| column.name.as_str()).collect()
}
