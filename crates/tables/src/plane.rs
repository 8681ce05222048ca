//! A model of two numeric inputs at points of their plane: what a boundary figure asks.

use nablab_data::prepare::{Encoding, Task};
use nablab_data::table::{Column, Table, Values};

use crate::{Error, Model};

impl Model {
    /// The probability of the second class at points of the plane of the model's two inputs. X (2, m) is row-major, in the units
    /// of the table: the first input of all points, then the second.
    ///
    /// ```
    /// use nablab_data::table::csv;
    /// use nablab_report::Boundary;
    /// use nablab_tables::{Options, Settings};
    /// let rows: String = (0..100).map(|i| format!("{},{},{}\n", i % 10, i / 10, i % 10 > i / 10)).collect();
    /// let table = csv::read(format!("width,height,wide\n{rows}").as_bytes(), "t.csv")?;
    /// let settings = Settings::from_toml("epochs = 60\n[data]\ntarget = [\"wide\"]", "recipe.toml")?;
    /// let model = settings.fit(&table, Options::default(), &())?.model;
    /// let p = model.predict_points(&[1.0, 8.0, /* heights */ 8.0, 1.0])?; // (1, 8) and (8, 1)
    /// assert!(p[0] < 0.5 && p[1] > 0.5);
    /// let boundary = Boundary::around(vec![(0.0, 0.0), (9.0, 9.0)], vec![0, 0]);
    /// assert_eq!(boundary.figure("wrong", |x| model.predict_points(x))?.layers.len(), 3);
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Setting`] for a model of other inputs than two columns of numbers, or of another target than two classes; otherwise
    /// as [`Model::predict`].
    pub fn predict_points(&self, x: &[f64]) -> Result<Vec<f64>, Error> {
        let columns = self.inputs.columns();
        let wrong = |expected: &str, got: String| {
            Err(Error::Setting { field: "features", expected: expected.into(), got })
        };
        let [first, second] = columns else {
            return wrong("two columns of numbers, which span a plane", columns.len().to_string());
        };
        for column in [first, second] {
            if !matches!(column.encoding, Encoding::Number { .. }) {
                return wrong("two columns of numbers, which span a plane", column.name.clone());
            }
        }
        if self.target.task() != Task::Binary {
            let (expected, got) = ("of two classes", format!("{:?}", self.target.task()));
            return Err(Error::Setting { field: "task", expected: expected.into(), got });
        }
        if x.is_empty() {
            return Ok(Vec::new());
        }
        let (of_first, of_second) = x.split_at(x.len() / 2);
        let column = |name: &str, values: &[f64]| Column {
            name: name.to_owned(),
            values: Values::Numbers(values.iter().copied().collect()),
        };
        const POINTS: &str = "points of the plane";
        let table = Table::new(vec![column(&first.name, of_first), column(&second.name, of_second)], POINTS)?;
        let predictions = self.predict(&table)?;
        Ok(predictions.rows().map(|row| row[1]).collect())
    }
}
