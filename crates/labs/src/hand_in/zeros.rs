//! Arrays that begin at 0: parameters, and what an update rule remembers.

use nablab_data::named_arrays::NamedArray;

use super::Text;
use super::formulas::{Formulas, Listed, Quantity, Slip, mistakes};
use super::task::{Computed, array};
use crate::by_hand::Matrix;

mistakes! {
    /// 1 everywhere.
    Ones "ones" "it"
        "it is 1 everywhere; it is to begin at 0"
        "全部为 1；应从 0 开始";
    /// The parameters themselves.
    Copied "copied" "it"
        "it is the parameter itself; it has its shape, and begins at 0"
        "等于参数本身；形状与参数相同，但应从 0 开始";
}

/// Names and shapes of what is to be 0 everywhere.
pub(super) struct Zeros {
    /// Of each array its name, and a matrix of its shape: the parameter it belongs to, if there is one.
    arrays: Vec<(String, Matrix)>,
    of_parameters: bool,
    given: Vec<NamedArray>,
}

impl Zeros {
    /// W and b of a network of these sizes.
    pub(super) fn of_sizes(sizes: &[usize]) -> Self {
        let layer = |(l, pair): (usize, &[usize])| {
            let like = |cols: usize| Matrix::from_fn(pair[1], cols, |_, _| 0.0);
            [(format!("W{}", l + 1), like(pair[0])), (format!("b{}", l + 1), like(1))]
        };
        let arrays = sizes.windows(2).enumerate().flat_map(layer).collect();
        let sizes: Vec<f64> = sizes.iter().map(|&size| size as f64).collect();
        Self { arrays, of_parameters: false, given: vec![NamedArray::new("sizes", [sizes.len()], sizes)] }
    }

    /// An array for each parameter, by the names that these letters begin.
    pub(super) fn of_parameters(letters: &[&str], parameters: &[(&str, Matrix)]) -> Self {
        let of = |letter: &str| {
            let named = |(name, like): &(&str, Matrix)| (format!("{letter}_d{name}"), like.clone());
            parameters.iter().map(named).collect::<Vec<_>>()
        };
        let given = parameters.iter().map(|(name, parameter)| array(*name, parameter)).collect();
        Self { arrays: letters.iter().flat_map(|letter| of(letter)).collect(), of_parameters: true, given }
    }

    fn mistakes(&self) -> &'static [Mistake] {
        if self.of_parameters { Mistake::ALL } else { &[Mistake::Ones] }
    }
}

impl Computed for Zeros {
    fn formulas(&self) -> Box<dyn Formulas + '_> {
        Box::new(At0(self))
    }

    fn given(&self) -> Vec<NamedArray> {
        self.given.clone()
    }
}

struct At0<'a>(&'a Zeros);

impl At0<'_> {
    /// The letter that an array's name begins with.
    fn letter(&self, k: usize) -> &str {
        &self.0.arrays[k].0[..1]
    }

    /// Each mistake in all arrays of each letter: people fill them in a loop.
    fn places(&self) -> Vec<(Mistake, &str)> {
        let mut letters: Vec<&str> = (0..self.0.arrays.len()).map(|k| self.letter(k)).collect();
        letters.sort_unstable();
        letters.dedup();
        let at =
            |&mistake: &Mistake| letters.iter().map(move |&letter| (mistake, letter)).collect::<Vec<_>>();
        self.0.mistakes().iter().flat_map(at).collect()
    }
}

impl Formulas for At0<'_> {
    fn quantities(&self) -> Vec<Quantity> {
        self.0.arrays.iter().map(|(name, _)| Quantity::required(name.clone())).collect()
    }

    fn slips(&self) -> Vec<Slip> {
        let slip = |(mistake, letter): (Mistake, &str)| Slip { place: letter.to_owned(), ..mistake.slip(0) };
        self.places().into_iter().map(slip).collect()
    }

    fn values(&self, made: &[usize]) -> Vec<Matrix> {
        let places = self.places();
        let value = |(k, (_, like)): (usize, &(String, Matrix))| {
            let has = |mistake: Mistake| made.iter().any(|&i| places[i] == (mistake, self.letter(k)));
            match () {
                () if has(Mistake::Copied) => like.clone(),
                () if has(Mistake::Ones) => like.map(|_| 1.0),
                () => like.map(|_| 0.0),
            }
        };
        self.0.arrays.iter().enumerate().map(value).collect()
    }

    fn where_to_begin(&self, _: &[Option<bool>]) -> Text {
        Text::new("np.zeros of the shape makes it", "用 np.zeros 按形状生成")
    }
}
