//! `--tensorboard DIR`: the history as TensorBoard reads it, while it is made.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use nablab::Epoch;
use nablab::export::events;

/// Events that wait to be written, and their file.
pub(crate) struct TensorBoard {
    file: File,
    waiting: Vec<u8>,
    written: Instant,
}

/// TensorBoard looks every few seconds.
const PAUSE: Duration = Duration::from_secs(1);

impl TensorBoard {
    /// A new event file, in a folder of the run's name; TensorBoard reads all files of a folder as one run.
    pub(super) fn create(folder: &Path, run: &Path) -> anyhow::Result<Self> {
        let folder = folder.join(run.file_name().unwrap_or("run".as_ref()));
        let host = std::env::var("HOSTNAME").unwrap_or_else(|_| "localhost".into());
        let path = folder.join(events::file_name(now(), &host));
        let file = fs::create_dir_all(&folder).and_then(|()| File::create(&path));
        let file = file.with_context(|| {
            format!(
                "cannot write {}\nhint: choose another place, or check permissions and space",
                path.display()
            )
        })?;
        Ok(Self { file, waiting: events::start(now()), written: Instant::now() })
    }

    pub(crate) fn epoch(&mut self, epoch: &Epoch) {
        self.waiting.extend(events::epoch(epoch, now()));
        if self.written.elapsed() > PAUSE {
            self.write();
        }
    }

    /// A training does not end because nobody can watch it.
    fn write(&mut self) {
        let _ = self.file.write_all(&self.waiting);
        self.waiting.clear();
        self.written = Instant::now();
    }
}

impl Drop for TensorBoard {
    fn drop(&mut self) {
        self.write();
    }
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
}
