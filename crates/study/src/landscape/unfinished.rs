//! What is kept of a landscape until all of it is trained: a line for each cell, so that the same landscape goes on after a kill.

use std::collections::HashMap;
use std::fs::{self, File, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use nablab_data::DataError;
use nablab_engine::{Float, Settings};

use super::{Cell, LandscapePlan, Rows};

/// Its name in the folder of the landscape.
const FILE: &str = "unfinished.csv";

/// Cells along a side, row and column.
type Place = (usize, usize, usize);
/// Loss, steps until it was reached, the step at which it diverged.
type Fate = (f64, Option<u64>, Option<u64>);

/// The cells of a landscape that are trained already, and those that come.
#[derive(Debug)]
pub struct Unfinished {
    path: PathBuf,
    header: String,
    known: HashMap<Place, Fate>,
    /// Made with the first cell; locked as long as it is open.
    file: Mutex<Option<File>>,
}

/// What a folder has of a landscape.
#[derive(Debug)]
pub enum Begun {
    /// Nothing.
    No,
    /// It was begun, and goes on.
    Same(Unfinished),
    /// Another one was begun: other knobs, settings or data.
    Other,
    /// Somebody is at it.
    Busy,
}

impl Unfinished {
    /// A new one in this folder, which need not be there yet.
    pub fn new<F: Float>(
        folder: &Path,
        settings: &Settings,
        rows: Rows<'_, F>,
        plan: &LandscapePlan,
    ) -> Self {
        Self {
            path: folder.join(FILE),
            header: header(settings, rows, plan),
            known: HashMap::new(),
            file: Mutex::new(None),
        }
    }

    /// The one in this folder, if there is one of the same landscape.
    ///
    /// # Errors
    /// [`DataError::Read`].
    pub fn find<F: Float>(
        folder: &Path,
        settings: &Settings,
        rows: Rows<'_, F>,
        plan: &LandscapePlan,
    ) -> Result<Begun, DataError> {
        let path = folder.join(FILE);
        let cannot = |source| DataError::Read { path: path.clone(), source };
        let mut file = match File::options().read(true).write(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Begun::No),
            Err(error) => return Err(cannot(error)),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Begun::Busy),
            Err(TryLockError::Error(error)) => return Err(cannot(error)),
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(cannot)?;
        let header = header(settings, rows, plan);
        let Some(lines) = text.strip_prefix(&header) else { return Ok(Begun::Other) };
        // A kill may have cut the last line; what comes goes behind the last whole one.
        let (mut known, mut whole) = (HashMap::new(), header.len());
        for line in lines.split_inclusive('\n') {
            let Some((place, fate)) = line.strip_suffix('\n').and_then(read) else { break };
            known.insert(place, fate);
            whole += line.len();
        }
        file.set_len(whole as u64).and_then(|()| file.seek(io::SeekFrom::End(0))).map_err(cannot)?;
        Ok(Begun::Same(Self { path, header, known, file: Mutex::new(Some(file)) }))
    }

    /// How many cells are trained.
    pub fn cells(&self) -> usize {
        self.known.len()
    }

    /// There is such a file in this folder.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    pub(super) fn known(&self, place: Place, (x, y): (f64, f64)) -> Option<Cell> {
        let &(loss, reached, diverged) = self.known.get(&place)?;
        Some(Cell { x, y, loss, reached, diverged })
    }

    /// Keep a cell.
    pub(super) fn keep(&self, (size, row, column): Place, cell: &Cell) -> Result<(), DataError> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let or_empty = |n: Option<u64>| n.map_or_else(String::new, |n| n.to_string());
        let (reached, diverged) = (or_empty(cell.reached), or_empty(cell.diverged));
        let line = format!("{size},{row},{column},{},{reached},{diverged}\n", cell.loss);
        let mut write = || -> io::Result<()> {
            let mut open = match file.take() {
                Some(open) => open,
                None => self.create()?,
            };
            open.write_all(line.as_bytes())?;
            *file = Some(open);
            Ok(())
        };
        write().map_err(|source| DataError::Write { path: self.path.clone(), source })
    }

    fn create(&self) -> io::Result<File> {
        fs::create_dir_all(self.path.parent().unwrap_or(Path::new("")))?;
        let mut file = File::create(&self.path)?;
        file.try_lock()?;
        file.write_all(self.header.as_bytes())?;
        Ok(file)
    }

    /// All of it is trained and written: nothing is left to go on with.
    pub fn finish(self) {
        // Best effort: what stays is read again, to no effect.
        let _ = fs::remove_file(&self.path);
    }
}

/// What tells this landscape from others: all that decides a cell. How many cells there are does not.
fn header<F: Float>(settings: &Settings, rows: Rows<'_, F>, plan: &LandscapePlan) -> String {
    let mut hash = DefaultHasher::new();
    format!("{settings:?} {:?} {:?} {:?}", plan.x, plan.y, plan.reach).hash(&mut hash);
    for numbers in [rows.x, rows.y] {
        (numbers.rows(), numbers.cols()).hash(&mut hash);
        numbers.data().iter().for_each(|number| number.to_f64().to_bits().hash(&mut hash));
    }
    format!(
        "# nablab landscape {:016x}, not finished: the same command goes on\nsize,row,column,loss,reached_after,diverged_at\n",
        hash.finish()
    )
}

fn read(line: &str) -> Option<(Place, Fate)> {
    let fields: Vec<&str> = line.split(',').collect();
    let [size, row, column, loss, reached, diverged] = fields[..] else { return None };
    let number = |text: &str| text.parse::<usize>().ok();
    let step = |text: &str| match text {
        "" => Some(None),
        text => text.parse::<u64>().ok().map(Some),
    };
    Some((
        (number(size)?, number(row)?, number(column)?),
        (loss.parse().ok()?, step(reached)?, step(diverged)?),
    ))
}
