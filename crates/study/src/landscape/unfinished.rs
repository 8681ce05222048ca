//! What is kept of a landscape until all of it is there: a line for each training and each row of a surface, so that the same
//! landscape goes on after a kill.

use std::collections::HashMap;
use std::fs::{self, File, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use nablab_data::DataError;
use nablab_engine::{Float, Recipe, Settings};

use super::{Directions, LandscapePlan, Rows};

/// Its name in the folder of the landscape.
const FILE: &str = "unfinished.csv";

/// What the names of rows begin with; all others are of trainings.
pub(super) const ROW: &str = "row";

/// What tells a landscape from others: all that decides a number of it. How many points it has does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Of trainings over two knobs.
    pub fn of_trainings<F: Float>(settings: &Settings, rows: Rows<'_, F>, plan: &LandscapePlan) -> Self {
        Self::new(&format!("{settings:?} {:?} {:?} {:?}", plan.x, plan.y, plan.reach), rows)
    }

    /// Of the loss over two directions.
    pub fn of_surface<F: Float>(
        recipes: &[(String, Recipe)],
        rows: Rows<'_, F>,
        directions: Directions,
    ) -> Self {
        Self::new(&format!("{recipes:?} {directions:?}"), rows)
    }

    fn new<F: Float>(what: &str, rows: Rows<'_, F>) -> Self {
        let mut hash = DefaultHasher::new();
        (what, size_of::<F>()).hash(&mut hash);
        for numbers in [rows.x.into(), rows.y] {
            let (outputs, m) = (numbers.outputs(), numbers.m());
            (outputs, m).hash(&mut hash);
            let each = (0..outputs).flat_map(|i| (0..m).map(move |j| numbers.at(i, j)));
            each.for_each(|number| number.to_f64().to_bits().hash(&mut hash));
        }
        Self(format!("# nablab landscape {:016x}, not finished: the same command goes on\n", hash.finish()))
    }
}

/// How the file of what is there stands.
#[derive(Debug)]
enum Writing {
    /// Nothing is there yet.
    Not,
    /// Further parts are put behind the others.
    Open(File),
    /// A part could not be written, and may be cut.
    Failed,
}

/// The parts of a landscape that are there already, and those that come: texts by their names.
#[derive(Debug)]
pub struct Unfinished {
    path: PathBuf,
    fingerprint: Fingerprint,
    known: HashMap<String, String>,
    /// Made with the first part; locked as long as it is open.
    file: Mutex<Writing>,
}

/// What a folder has of a landscape.
#[derive(Debug)]
pub enum FolderState {
    /// Nothing.
    New,
    /// It was begun, and goes on.
    Same(Unfinished),
    /// Another one was begun: other knobs, settings or data.
    Other,
    /// Somebody is at it.
    Busy,
}

impl Unfinished {
    /// A new one in this folder, which need not be there yet.
    pub fn new(folder: &Path, fingerprint: Fingerprint) -> Self {
        Self { path: folder.join(FILE), fingerprint, known: HashMap::new(), file: Mutex::new(Writing::Not) }
    }

    /// The one in this folder, if there is one of the same landscape.
    ///
    /// # Errors
    /// [`DataError::Read`].
    pub fn find(folder: &Path, fingerprint: &Fingerprint) -> Result<FolderState, DataError> {
        let path = folder.join(FILE);
        let cannot = |source| DataError::Read { path: path.clone(), source };
        let mut file = match File::options().read(true).write(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(FolderState::New),
            Err(error) => return Err(cannot(error)),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(FolderState::Busy),
            Err(TryLockError::Error(error)) => return Err(cannot(error)),
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(cannot)?;
        let Some(lines) = text.strip_prefix(&fingerprint.0) else { return Ok(FolderState::Other) };
        // A kill may have cut the last line; what comes goes behind the last whole one.
        let (mut known, mut whole) = (HashMap::new(), fingerprint.0.len());
        for line in lines.split_inclusive('\n') {
            let Some((name, part)) = line.strip_suffix('\n').and_then(|line| line.split_once(',')) else {
                break;
            };
            known.insert(name.to_owned(), part.to_owned());
            whole += line.len();
        }
        file.set_len(whole as u64).and_then(|()| file.seek(io::SeekFrom::End(0))).map_err(cannot)?;
        Ok(FolderState::Same(Self {
            path,
            fingerprint: fingerprint.clone(),
            known,
            file: Mutex::new(Writing::Open(file)),
        }))
    }

    /// How many trainings are there.
    pub fn trainings(&self) -> usize {
        self.known.keys().filter(|name| !name.starts_with(ROW)).count()
    }

    /// There is such a file in this folder.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    /// A part that is there.
    pub(super) fn known(&self, name: &str) -> Option<&str> {
        self.known.get(name).map(String::as_str)
    }

    /// Keep a part. In its name there is no comma.
    pub(super) fn keep(&self, name: &str, part: &str) -> Result<(), DataError> {
        let mut state = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let line = format!("{name},{part}\n");
        let written = match std::mem::replace(&mut *state, Writing::Failed) {
            Writing::Not => self.create(),
            Writing::Open(file) => Ok(file),
            // Neither is what is there written over, nor is anything put behind a line that is cut.
            Writing::Failed => Err(io::Error::other("an earlier part could not be written")),
        };
        let written = written.and_then(|mut file| file.write_all(line.as_bytes()).map(|()| file));
        *state =
            Writing::Open(written.map_err(|source| DataError::Write { path: self.path.clone(), source })?);
        Ok(())
    }

    fn create(&self) -> io::Result<File> {
        fs::create_dir_all(self.path.parent().unwrap_or(Path::new("")))?;
        let mut file = File::create(&self.path)?;
        file.try_lock()?;
        file.write_all(self.fingerprint.0.as_bytes())?;
        Ok(file)
    }

    /// All of it is there and written: nothing is left to go on with.
    pub fn finish(self) {
        // Best effort: what stays is read again, to no effect.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After a part that could not be written, nothing that is there is written over, and nothing is put behind it.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_kept_survives_a_failed_write() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Unfinished::new(folder.path(), Fingerprint("mark\n".into()));
        kept.keep("cell 1", "0.5").unwrap();
        let path = folder.path().join(FILE);
        let before = fs::read(&path).unwrap();
        // A disk without room.
        *kept.file.lock().unwrap() = Writing::Open(File::options().write(true).open("/dev/full").unwrap());
        assert!(kept.keep("cell 2", "0.5").is_err());
        assert!(kept.keep("cell 3", "0.5").is_err());
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}
