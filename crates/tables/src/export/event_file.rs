//! The history as TensorBoard reads it, written while it is made.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nablab_data::{DataError, NewFolders};

use super::events;
use crate::Epoch;

/// A file of events, with those that wait to be written.
///
/// ```
/// use nablab_tables::export::EventFile;
/// let place = tempfile::tempdir()?;
/// let file = EventFile::create(place.path(), "iris".as_ref(), "localhost")?;
/// file.finish()?;
/// assert_eq!(std::fs::read_dir(place.path().join("iris"))?.count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct EventFile {
    path: PathBuf,
    file: File,
    waiting: Vec<u8>,
    written: Instant,
    /// Why nothing more is written.
    failed: Option<io::Error>,
}

/// TensorBoard looks every few seconds.
const PAUSE: Duration = Duration::from_secs(1);

impl EventFile {
    /// A new file in a folder of the run's name within `folder`, by the computer's name: TensorBoard reads all files of a folder as one
    /// run.
    ///
    /// # Errors
    /// [`DataError::Write`].
    pub fn create(folder: &Path, run: &Path, host: &str) -> Result<Self, DataError> {
        let folder = folder.join(run);
        let path = folder.join(events::file_name(now(), host));
        let begin = || -> io::Result<File> {
            let parents = NewFolders::create(&folder)?;
            let mut file = File::create(&path)?;
            file.write_all(&events::start(now())).inspect_err(|_| {
                // Best effort: it is empty.
                let _ = fs::remove_file(&path);
            })?;
            drop(parents);
            Ok(file)
        };
        match begin() {
            Ok(file) => Ok(Self { path, file, waiting: Vec::new(), written: Instant::now(), failed: None }),
            Err(source) => Err(DataError::Write { path, source }),
        }
    }

    /// Add an epoch.
    pub fn epoch(&mut self, epoch: &Epoch) {
        self.waiting.extend(events::epoch(epoch, now()));
        if self.written.elapsed() > PAUSE {
            self.write();
        }
    }

    /// A training does not end because nobody can watch it; that nobody can is said behind it.
    fn write(&mut self) {
        if self.failed.is_none() {
            self.failed = self.file.write_all(&self.waiting).err();
        }
        self.waiting.clear();
        self.written = Instant::now();
    }

    /// Write what waits.
    ///
    /// # Errors
    /// [`DataError::Write`] if not all could be written, now or before.
    pub fn finish(mut self) -> Result<(), DataError> {
        self.write();
        match self.failed {
            None => Ok(()),
            Some(source) => Err(DataError::Write { path: self.path, source }),
        }
    }
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
}
