//! Where a study lies that is there already: in its folder, or in a database.

use std::path::PathBuf;

use clap::Args as ClapArgs;

/// A study that is there already.
#[derive(ClapArgs, Clone, Debug)]
pub(crate) struct Place {
    /// The study's folder, such as studies/NAME, or the address of its database
    folder: Option<PathBuf>,
    /// Its database: a file of SQLite, or postgresql://USER@HOST/DATABASE (feature postgres)
    #[arg(long, value_name = "URL", conflicts_with = "folder")]
    storage: Option<String>,
    /// Its name in the database; not needed where there is only one
    #[arg(long, value_name = "NAME")]
    study: Option<String>,
}

impl Place {
    /// As the library looks for it.
    pub(crate) fn plain(&self) -> nablab::study::Place {
        nablab::study::Place::new(self.folder.as_deref(), self.storage.as_deref(), self.study.as_deref())
    }
}
