//! A training as somebody asks for it: a recipe, changes of it, and for what neither says, defaults that suit the table.

use std::path::{Path, PathBuf};

use nablab_data::read_text;

use crate::changes::check_idle;
use crate::recipe::{Document, Given};
use crate::{Changes, Error, FoundRate, Settings, Tables, TriedRate, Watch};

/// A training as somebody asks for it. A recipe comes first, then the changes of it; [`Request::for_tables`] chooses
/// what neither says.
///
/// ```
/// use nablab_tables::{Changes, Request, Tables};
/// let rows: String = (0..1400).map(|i| format!("{},{}\n", i % 7, i % 2)).collect();
/// let tables = Tables::from(nablab_data::table::read(format!("x,y\n{rows}").as_bytes(), "t.csv")?);
/// let mut request = Request::from_toml("epochs = 9\n[data]\ntarget = [\"y\"]", "recipe.toml")?;
/// request.change(&Changes { layers: Some(vec![4]), ..Changes::default() })?;
/// let (settings, _) = request.for_tables(&tables, &())?;
/// assert_eq!((settings.training.epochs, settings.training.hidden[0].units), (9, 4));
/// // A table of many rows needs less of a penalty than one of few.
/// assert_eq!(settings.training.penalty.l2, 0.1);
/// # Ok::<(), nablab_tables::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    settings: Settings,
    /// What is asked for of the defaults that the rows of a table decide.
    given: Given,
    finds_learning_rate: bool,
    /// All changes so far, by their names.
    changed: Vec<&'static str>,
}

impl Request {
    /// By the text of a recipe, which errors call by this name.
    ///
    /// # Errors
    /// [`Error::Recipe`] with line and column.
    pub fn from_toml(text: &str, name: &str) -> Result<Self, Error> {
        let recipe = Document::parse(text, name)?;
        let given = recipe.given();
        Ok(Self { settings: recipe.settings()?, given, ..Self::default() })
    }

    /// By a recipe in a file. The paths in it are relative to where the file lies, or to where the program runs if a file
    /// is only there: a run folder's recipe has such paths.
    ///
    /// # Errors
    /// What cannot be read; [`Error::Recipe`] with line and column.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let mut request = Self::from_toml(&read_text(path)?, &path.display().to_string())?;
        let beside = |file: &mut PathBuf| {
            let there = path.parent().unwrap_or(Path::new("")).join(&*file);
            if there.exists() || !file.exists() {
                *file = there;
            }
        };
        let Settings { data, validation, .. } = &mut request.settings;
        data.file.iter_mut().chain(&mut validation.file).for_each(beside);
        Ok(request)
    }

    /// By what a run began with. What is not changed stays so, and no default is chosen.
    pub fn like(began: &Settings) -> Self {
        let given = Given { penalty: true, patience: true };
        Self { settings: began.clone(), given, ..Self::default() }
    }

    /// Learn from the table in this file, whatever the recipe says.
    pub fn learn_from(&mut self, table: &Path) {
        self.settings.data.file = Some(table.to_owned());
    }

    /// Change the recipe, or what earlier changes have made of it.
    ///
    /// # Errors
    /// As [`Changes::apply`].
    pub fn change(&mut self, changes: &Changes) -> Result<(), Error> {
        changes.apply(&mut self.settings)?;
        self.changed.extend(changes.given());
        check_idle(&self.changed, &self.settings)?;
        self.given.penalty |= changes.l2.is_some();
        self.given.patience |= changes.early_stopping.is_some();
        if changes.learning_rate.is_some() {
            self.finds_learning_rate = changes.finds_learning_rate();
        }
        Ok(())
    }

    /// The recipe with the changes: without the defaults that suit the table.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The settings of a training on these tables, with the learning rate that was found, if it is to be found.
    ///
    /// # Errors
    /// As [`Settings::find_rate`].
    pub fn for_tables(
        self,
        tables: &Tables<'_>,
        watch: &dyn Watch<TriedRate>,
    ) -> Result<(Settings, Option<FoundRate>), Error> {
        let finds = self.finds_learning_rate;
        let mut settings = self.suited(tables);
        let found = finds.then(|| settings.find_rate(tables, watch)).transpose()?;
        if let Some(found) = &found {
            settings.training.learning_rate = found.rate;
        }
        Ok((settings, found))
    }

    /// The same for a run that `began` already: a learning rate that is to be found was found then.
    pub fn for_run(self, tables: &Tables<'_>, began: &Settings) -> Settings {
        let finds = self.finds_learning_rate;
        let mut settings = self.suited(tables);
        if finds {
            settings.training.learning_rate = began.training.learning_rate;
        }
        settings
    }

    fn suited(self, tables: &Tables<'_>) -> Settings {
        let Self { mut settings, given, .. } = self;
        settings.suit_rows(tables.table.rows(), given.penalty, given.patience);
        settings
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use nablab_engine::Optimizer;

    use super::*;
    use crate::Rate;

    #[test]
    fn paths_are_beside_the_recipe_unless_a_file_is_only_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let (recipe, elsewhere) = (folder.path().join("recipe.toml"), folder.path().join("elsewhere.csv"));
        fs::write(&elsewhere, "x,y\n").unwrap();
        let text = format!("[data]\nfile = \"t.csv\"\n[validation]\nfile = {elsewhere:?}");
        fs::write(&recipe, text).unwrap();
        let settings = Request::from_file(&recipe).unwrap().settings;
        assert_eq!(settings.data.file, Some(folder.path().join("t.csv")));
        assert_eq!(settings.validation.file, Some(elsewhere));
    }

    #[test]
    fn a_run_that_goes_on_keeps_its_rate_and_gets_no_defaults() {
        let rows: String = (0..1400).map(|i| format!("{i},{}\n", i % 2)).collect();
        let table = nablab_data::table::read(format!("x,y\n{rows}").as_bytes(), "t.csv").unwrap();
        let mut began = Settings::default();
        (began.training.learning_rate, began.training.penalty.l2) = (0.03, 0.2);
        let tables = Tables::from(&table);
        let finding = |mut request: Request| {
            request.change(&Changes { learning_rate: Some(Rate::Find), ..Changes::default() }).unwrap();
            request.for_run(&tables, &began)
        };
        assert_eq!(finding(Request::like(&began)), began);
        let anew = finding(Request::default());
        assert_eq!(anew.training.learning_rate, 0.03);
        assert_eq!((anew.training.penalty.l2, anew.validation.patience), (0.1, 40));
    }

    #[test]
    fn changes_that_came_earlier_still_count() {
        let rows: String = (0..1400).map(|i| format!("{i},{}\n", i % 2)).collect();
        let table = nablab_data::table::read(format!("x,y\n{rows}").as_bytes(), "t.csv").unwrap();
        let mut request = Request::default();
        for changes in [
            Changes { l2: Some(0.3), learning_rate: Some(Rate::Find), ..Changes::default() },
            Changes { early_stopping: Some(7), ..Changes::default() },
        ] {
            request.change(&changes).unwrap();
        }
        assert!(request.finds_learning_rate);
        // Also where they do nothing beside what comes later.
        let lbfgs = Changes { optimizer: Some(Optimizer::LBfgs { memory: 10 }), ..Changes::default() };
        let error = request.clone().change(&lbfgs).unwrap_err();
        assert!(matches!(error, Error::Idle { field: "learning_rate", .. }), "{error}");
        let settings = request.for_run(&Tables::from(&table), &Settings::default());
        assert_eq!((settings.training.penalty.l2, settings.validation.patience), (0.3, 7));
    }
}
