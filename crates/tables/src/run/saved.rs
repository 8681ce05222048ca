//! A training that has come to its end, kept by whoever made it: as a run folder, or as plain data.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{EVIDENCE, METRICS, Record, Run, Summary, diagnosis, history};
use crate::{Error, Fitted, Model};

/// A record as plain data: the texts of its files.
#[derive(Serialize, Deserialize)]
struct Texts {
    history: String,
    metrics: Summary,
    evidence: Option<String>,
}

impl Fitted {
    /// Make a run folder of it, to be read as any other: by predictions, reports, exports and diagnoses. It holds no checkpoint, so
    /// the training cannot be gone on with, only begun again.
    ///
    /// ```
    /// use nablab_tables::{Fitted, Options, Settings};
    /// let table = nablab_data::table::read(b"x,y\n1,2\n2,4\n3,6\n4,8\n5,10\n6,12\n", "line.csv")?;
    /// let settings = Settings::from_toml("epochs = 3\n[data]\ntarget = [\"y\"]\n[validation]\nshare = 0.3", "recipe")?;
    /// let fitted = settings.fit(&table, Options::default(), &())?;
    /// # let folder = tempfile::tempdir()?;
    /// # let folder = folder.path().join("line");
    /// fitted.save(&folder)?;
    /// let again = Fitted::load(&folder)?;
    /// assert_eq!(again.model.predict(&table)?, fitted.model.predict(&table)?);
    /// assert_eq!(again.findings(), fitted.findings());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Run::create`], and what cannot be written.
    pub fn save(&self, folder: &Path) -> Result<(), Error> {
        let run = Run::create(folder, self.record.settings.clone())?;
        run.write_history(&self.record.history)?;
        run.write(self)?;
        run.is_new.set(false);
        Ok(())
    }

    /// Read what a run folder holds of its end. The model of a training that diverged may predict nothing, but tells why.
    ///
    /// # Errors
    /// As [`Model::load_to_show`] and [`Record::read`].
    pub fn load(folder: &Path) -> Result<Self, Error> {
        Ok(Self { model: Model::load_to_show(folder)?, record: Record::read(folder)? })
    }

    /// All of it as plain data, the model and the text of the record, for whoever keeps it elsewhere than in a folder.
    ///
    /// ```
    /// use nablab_tables::{Fitted, Options, Settings};
    /// let table = nablab_data::table::read(b"x,y\n1,2\n2,4\n3,6\n4,8\n5,10\n6,12\n", "line.csv")?;
    /// let settings = Settings::from_toml("epochs = 3\n[data]\ntarget = [\"y\"]\n[validation]\nshare = 0.0", "recipe")?;
    /// let fitted = settings.fit(&table, Options::default(), &())?;
    /// let (model, record) = fitted.to_parts();
    /// let again = Fitted::from_parts(&model, &record)?;
    /// assert_eq!(again.model, fitted.model);
    /// assert_eq!(again.record.summary, fitted.record.summary);
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    pub fn to_parts(&self) -> (Vec<u8>, String) {
        let Record { history: epochs, summary, evidence, settings: _ } = &self.record;
        let texts = Texts {
            history: history::write(epochs),
            metrics: summary.clone(),
            evidence: evidence.as_ref().map(diagnosis::write),
        };
        (self.model.to_bytes(), serde_json::to_string(&texts).expect("texts and a summary are plain data"))
    }

    /// What [`Fitted::to_parts`] took apart.
    ///
    /// # Errors
    /// [`nablab_data::DataError`] for bytes that are no model; [`Error::Damaged`] for a record that is none.
    pub fn from_parts(model: &[u8], record: &str) -> Result<Self, Error> {
        let model = Model::read(model, "model")?;
        let texts: Texts = serde_json::from_str(record).map_err(|error| {
            Error::damaged(Path::new(METRICS), "record", "the record of a training", &error.to_string())
        })?;
        let history = history::read(&texts.history, "history")?;
        let evidence = texts
            .evidence
            .map(|text| diagnosis::parse(text.as_bytes(), Path::new(EVIDENCE), &history))
            .transpose()?;
        let settings = model.settings.clone();
        Ok(Self { model, record: Record { settings, history, summary: texts.metrics, evidence } })
    }
}
