//! A labelled set of points.

use crate::DataError;

/// Points with a label each, in the engine's layout.
///
/// ```
/// use nablab_data::Dataset;
/// let set = Dataset::from_rows(2, &[1.0, 2.0, 3.0, 4.0], vec![0, 1])?;
/// assert_eq!(set.x(), [1.0, 3.0, 2.0, 4.0]); // (features, examples): feature 0 of all examples first
/// assert_eq!(set.rows().collect::<Vec<_>>(), [[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!(set.targets(), [0.0, 1.0]);
/// # Ok::<(), nablab_data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    features: usize,
    classes: usize,
    x: Vec<f64>,
    labels: Vec<u32>,
}

/// What a file holds: one set, or a training and a test set.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// To learn from.
    pub train: Dataset,
    /// To judge on, where the file has one.
    pub test: Option<Dataset>,
}

impl Dataset {
    /// From points row by row (a row is an example) and a label each.
    ///
    /// # Errors
    /// [`DataError::Shape`] if there is no feature, or not one label per row.
    pub fn from_rows(features: usize, rows: &[f64], labels: Vec<u32>) -> Result<Self, DataError> {
        let examples = labels.len();
        if features == 0 {
            return Err(DataError::Shape { what: "features", expected: 1, got: 0 });
        }
        if rows.len() != features * examples {
            let expected = features * examples;
            return Err(DataError::Shape { what: "numbers for one label each", expected, got: rows.len() });
        }
        let x = (0..features).flat_map(|i| rows.iter().skip(i).step_by(features).copied()).collect();
        let classes = labels.iter().max().map_or(2, |&largest| largest as usize + 1).max(2);
        Ok(Self { features, classes, x, labels })
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.features
    }

    /// Number of examples.
    pub fn examples(&self) -> usize {
        self.labels.len()
    }

    /// Number of label values: 2, or more.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// (features, examples), row-major: one feature of all examples is contiguous.
    pub fn x(&self) -> &[f64] {
        &self.x
    }

    /// The label of each example.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Feature `i` of all examples.
    pub fn feature(&self, i: usize) -> &[f64] {
        &self.x[i * self.examples()..(i + 1) * self.examples()]
    }

    /// The examples as points of the plane of the first two features, as figures take them.
    ///
    /// ```
    /// use nablab_data::Dataset;
    /// let set = Dataset::from_rows(2, &[1.0, 2.0, 3.0, 4.0], vec![0, 1])?;
    /// assert_eq!(set.points().collect::<Vec<_>>(), [(1.0, 2.0), (3.0, 4.0)]);
    /// # Ok::<(), nablab_data::DataError>(())
    /// ```
    ///
    /// # Panics
    /// If there is only one feature.
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.feature(0).iter().copied().zip(self.feature(1).iter().copied())
    }

    /// The examples, one row each: the layout of the outside world.
    pub fn rows(&self) -> impl Iterator<Item = Vec<f64>> + '_ {
        (0..self.examples()).map(|j| (0..self.features).map(|i| self.x[i * self.examples() + j]).collect())
    }

    /// Units of an output layer for these labels: 1 for two classes, else one per class.
    pub fn outputs(&self) -> usize {
        if self.classes == 2 { 1 } else { self.classes }
    }

    /// Targets Y of shape ([`Dataset::outputs`], examples): the label itself for two classes, else one-hot.
    pub fn targets(&self) -> Vec<f64> {
        if self.classes == 2 {
            return self.labels.iter().map(|&label| f64::from(label)).collect();
        }
        (0..self.classes as u32)
            .flat_map(|class| self.labels.iter().map(move |&label| if label == class { 1.0 } else { 0.0 }))
            .collect()
    }

    /// Smallest and largest value of feature `i`; (0, 0) without examples.
    pub fn bounds(&self, i: usize) -> (f64, f64) {
        let feature = self.feature(i);
        match feature.first() {
            None => (0.0, 0.0),
            Some(&first) => feature.iter().fold((first, first), |(low, high), &v| (low.min(v), high.max(v))),
        }
    }

    /// Number of examples of a label.
    pub fn count(&self, label: u32) -> usize {
        self.labels.iter().filter(|&&l| l == label).count()
    }
}
