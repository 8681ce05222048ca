//! `--tensorboard DIR`: the history as TensorBoard reads it, while it is made.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use nablab::data::NewFolders;
use nablab::tables::Epoch;
use nablab::tables::export::events;

/// Events that wait to be written, and their file.
pub(crate) struct TensorBoard {
    path: PathBuf,
    file: File,
    waiting: Vec<u8>,
    written: Instant,
    /// Why nothing more is written.
    failed: Option<io::Error>,
}

/// TensorBoard looks every few seconds.
const PAUSE: Duration = Duration::from_secs(1);

impl TensorBoard {
    /// A new event file, in a folder of the run's name; TensorBoard reads all files of a folder as one run.
    pub(super) fn create(folder: &Path, run: &Path) -> anyhow::Result<Self> {
        let folder = folder.join(run.file_name().unwrap_or("run".as_ref()));
        let host = std::env::var("HOSTNAME").unwrap_or_else(|_| "localhost".into());
        let path = folder.join(events::file_name(now(), &host));
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
        let file = begin().with_context(|| cannot_write(&path))?;
        Ok(Self { path, file, waiting: Vec::new(), written: Instant::now(), failed: None })
    }

    pub(crate) fn epoch(&mut self, epoch: &Epoch) {
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

    /// Write what waits; an error if not all could be written.
    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        self.write();
        match self.failed {
            None => Ok(()),
            Some(error) => Err(error).with_context(|| cannot_write(&self.path)),
        }
    }
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}\nhint: choose another place, or check permissions and space", path.display())
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
}
