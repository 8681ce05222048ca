//! What is known of a folder from the names of the files in it.

use std::fs;
use std::path::{Path, PathBuf};

use nablab_data::{follow_links, is_half_written};

use super::{CHECKPOINT, EVIDENCE, HISTORY, LOCK, METRICS, MODEL, RECIPE, REPORT, SIGNALS};
use crate::{RangeTest, Settings};

/// What a run writes into its folder.
const KEPT: [&str; 9] = [RECIPE, CHECKPOINT, HISTORY, MODEL, EVIDENCE, SIGNALS, REPORT, METRICS, LOCK];

/// A run keeps this file for itself, in a folder that has a recipe.
///
/// ```
/// use nablab_tables::run::is_of_a_run;
/// # let folder = tempfile::tempdir()?;
/// let (model, other) = (folder.path().join("model.safetensors"), folder.path().join("mine.csv"));
/// assert!(!is_of_a_run(&model));
/// std::fs::write(folder.path().join("recipe.toml"), "")?;
/// assert!(is_of_a_run(&model) && !is_of_a_run(&other));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn is_of_a_run(path: &Path) -> bool {
    // Whatever links lead there.
    let real = follow_links(path).unwrap_or_else(|_| path.to_owned());
    let is_kept = real.file_name().is_some_and(|name| KEPT.iter().any(|kept| name == *kept));
    is_kept && real.parent().is_some_and(|folder| folder.join(RECIPE).is_file())
}

/// There is no such folder, or nothing in it but what a process leaves that was killed before it had written the recipe.
pub fn is_bare(folder: &Path) -> bool {
    fs::read_dir(folder).map_or(true, |entries| {
        entries
            .filter_map(Result::ok)
            .map(|entry| entry.file_name())
            .all(|name| name == LOCK || is_half_written(&name))
    })
}

/// Where a run goes that is given no folder: `runs`, and in it what the file of its table is called.
///
/// ```
/// use nablab_tables::{Settings, run::default_folder};
/// let mut settings = Settings::default();
/// settings.data.file = Some("data/iris.csv".into());
/// assert_eq!(default_folder(&settings), std::path::Path::new("runs/iris"));
/// ```
pub fn default_folder(settings: &Settings) -> PathBuf {
    let file = settings.data.file.as_deref().unwrap_or(Path::new("run"));
    let stem = if file == Path::new("-") { Some("stdin".as_ref()) } else { file.file_stem() };
    Path::new("runs").join(stem.unwrap_or("run".as_ref()))
}

/// The run folder of the first fold, where the folder is that of a cross-validation.
pub(crate) fn first_fold(folder: &Path) -> Option<PathBuf> {
    let first = folder.join("fold-1");
    (first.is_dir() && !folder.join(RECIPE).exists()).then_some(first)
}

/// Something has been learned in a run folder, and is kept there.
pub fn is_begun(folder: &Path) -> bool {
    folder.join(CHECKPOINT).exists()
}

/// Remove what a run has put into its folder, unless something has been learned in it. The folder itself goes with
/// [`Run::new_folders`](super::Run::new_folders).
pub fn clear(folder: &Path) {
    if is_begun(folder) {
        return;
    }
    // Best effort: what stays is a recipe that --resume takes up.
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name();
        let of_range_test = RangeTest::FILES.iter().any(|file| name == *file);
        if of_range_test || KEPT.iter().any(|kept| name == *kept) || is_half_written(&name) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// What a run is called: as its folder.
pub fn name_of_run(folder: &Path) -> String {
    let whole = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    whole.file_name().unwrap_or(whole.as_os_str()).to_string_lossy().into_owned()
}
