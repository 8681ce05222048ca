//! Tables made ready for several trainings, so that rows that several of them ask for are made once.

use std::any::Any;
use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use nablab_engine::{Float, Precision, Seed};

use crate::prepared::Prepared;
use crate::recipe::{Columns, Validation};
use crate::{Error, Settings, Tables};

/// All of the settings that decides which rows are learned from and judged on, and what they look like.
#[derive(Clone, Debug, PartialEq)]
struct RowsAsked {
    data: Columns,
    validation: Validation,
    /// Where it decides which rows are held out.
    seed: Option<Seed>,
    precision: Precision,
}

impl RowsAsked {
    fn of(settings: &Settings) -> Self {
        let Validation { share, fold, file, by, .. } = &settings.validation;
        let is_drawn = by.is_none() && file.is_none() && (fold.is_some() || *share > 0.0);
        Self {
            data: settings.data.clone(),
            // When a training stops changes none of its rows.
            validation: Validation { patience: 0, ..settings.validation.clone() },
            seed: is_drawn.then_some(settings.training.seed),
            precision: settings.training.precision,
        }
    }
}

/// Rows that are made by who asks for them first, while others who want the same wait.
#[derive(Debug)]
struct Place {
    asked: RowsAsked,
    /// A [`Prepared`] of the precision that is asked for.
    made: Mutex<Option<Box<dyn Any + Send>>>,
}

/// Tables for many trainings, of which several may ask for the same rows.
#[derive(Debug)]
pub struct Preparations<'t> {
    tables: &'t Tables<'t>,
    /// Places at most; who needs another one takes the place of those that were asked for first.
    most: usize,
    places: Mutex<VecDeque<Arc<Place>>>,
}

impl<'t> Preparations<'t> {
    /// Of these tables, with room for so many kinds of rows: each takes the memory of the whole table.
    pub fn new(tables: &'t Tables<'t>, most: NonZeroUsize) -> Self {
        Self { tables, most: most.get(), places: Mutex::default() }
    }

    /// The table made ready for these settings; rows that were asked for not long ago are shared.
    ///
    /// ```
    /// use std::num::NonZeroUsize;
    /// use std::sync::Arc;
    /// use nablab_tables::{Preparations, Settings, Tables};
    /// let table = nablab_data::table::csv::read(b"size,kind\n1,a\n2,a\n3,b\n4,b\n", "t.csv")?;
    /// let tables = Tables::from(&table);
    /// let preparations = Preparations::new(&tables, NonZeroUsize::MIN);
    /// let mut settings = Settings::from_toml("[data]\ntarget = [\"kind\"]", "recipe.toml")?;
    /// let first = preparations.prepared::<f32>(&settings)?;
    /// settings.training.learning_rate = 0.1;
    /// let second = preparations.prepared::<f32>(&settings)?;
    /// assert_eq!(second.recipe.learning_rate, 0.1);
    /// assert!(Arc::ptr_eq(&first.train, &second.train));
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    ///
    /// # Errors
    /// Whatever is wrong with the settings, or does not fit the table.
    pub fn prepared<F: Float>(&self, settings: &Settings) -> Result<Prepared<F>, Error> {
        let place = self.place(RowsAsked::of(settings));
        let mut made = place.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = made.as_ref().and_then(|made| made.downcast_ref::<Prepared<F>>()) {
            return made.for_training(settings);
        }
        let prepared = Prepared::<F>::new(settings, self.tables, NonZeroUsize::MIN)?;
        *made = Some(Box::new(prepared.clone()));
        Ok(prepared)
    }

    /// Forget all rows; those that somebody still trains on stay as long as that.
    pub fn release(&self) {
        self.places.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn place(&self, asked: RowsAsked) -> Arc<Place> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = places.iter().find(|place| place.asked == asked) {
            return place.clone();
        }
        if places.len() == self.most {
            places.pop_front();
        }
        let place = Arc::new(Place { asked, made: Mutex::default() });
        places.push_back(place.clone());
        place
    }
}

#[cfg(test)]
mod tests {
    use nablab_data::table::{Table, csv};

    use super::*;

    fn table() -> Table {
        let rows: String = (0..40).map(|i| format!("{i},{}\n", ["a", "b"][i % 2])).collect();
        csv::read(format!("x,y\n{rows}").as_bytes(), "t.csv").unwrap()
    }

    fn settings(more: &str) -> Settings {
        Settings::from_toml(&format!("{more}\n[data]\ntarget = [\"y\"]"), "recipe.toml").unwrap()
    }

    /// What is prepared alone, whoever asked for the same rows before.
    #[test]
    fn shared_rows_are_those_that_are_asked_for() {
        let table = table();
        let tables = Tables::from(&table);
        let shared = Preparations::new(&tables, NonZeroUsize::new(2).unwrap());
        let mut others = settings("seed = 1");
        others.validation.share = 0.25;
        let mut scaled = settings("");
        scaled.data.scaling = nablab_data::prepare::Scaling::MinMax;
        for settings in
            [settings(""), settings("seed = 1"), others, scaled, settings("hidden = []"), settings("")]
        {
            let (ours, alone) = (
                shared.prepared::<f32>(&settings).unwrap(),
                Prepared::<f32>::new(&settings, &tables, NonZeroUsize::MIN).unwrap(),
            );
            assert_eq!(ours.train, alone.train);
            assert_eq!(ours.validation, alone.validation);
            assert_eq!((ours.recipe, ours.found), (alone.recipe, alone.found));
        }
        assert_eq!(shared.places.lock().unwrap().len(), 2);
    }

    /// Where no rows are drawn, a seed makes no others.
    #[test]
    fn a_seed_that_holds_out_nothing_is_none() {
        let table = table();
        let tables = Tables::from(&table);
        let shared = Preparations::new(&tables, NonZeroUsize::MIN);
        let of = |seed: u64| {
            let mut settings = settings(&format!("seed = {seed}"));
            settings.validation.share = 0.0;
            shared.prepared::<f32>(&settings).unwrap()
        };
        let (first, second) = (of(1), of(2));
        assert!(Arc::ptr_eq(&first.train, &second.train));
        assert_ne!(first.recipe.seed, second.recipe.seed);
        let mut settings = settings("seed = 2");
        settings.validation.share = 0.0;
        assert_eq!(second.train, Prepared::new(&settings, &tables, NonZeroUsize::MIN).unwrap().train);
    }

    #[test]
    fn rows_in_another_precision_are_others() {
        let table = table();
        let tables = Tables::from(&table);
        let shared = Preparations::new(&tables, NonZeroUsize::MIN);
        let single = shared.prepared::<f32>(&settings("")).unwrap();
        let double = shared.prepared::<f64>(&settings("precision = \"f64\"")).unwrap();
        assert_eq!(single.train.x.len(), double.train.x.len());
        let again = shared.prepared::<f64>(&settings("precision = \"f64\"\nepochs = 3")).unwrap();
        assert!(Arc::ptr_eq(&double.train, &again.train));
    }
}
