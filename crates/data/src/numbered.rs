//! Folders that nobody has yet: a name, and the same with a number behind it.

use std::path::PathBuf;

/// The folder, and those with a number behind its name: 2, 3, …
///
/// ```
/// let names: Vec<_> = nablab_data::numbered("runs/iris".into()).take(3).collect();
/// assert_eq!(names, ["runs/iris", "runs/iris-2", "runs/iris-3"].map(std::path::PathBuf::from));
/// ```
pub fn numbered(first: PathBuf) -> impl Iterator<Item = PathBuf> {
    let next = {
        let first = first.clone();
        move |n: u32| {
            let mut name = first.clone().into_os_string();
            name.push(format!("-{n}"));
            PathBuf::from(name)
        }
    };
    [first].into_iter().chain((2..).map(next))
}

/// The first of the [`numbered`] folders that is not there.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let taken = folder.path().join("iris");
/// std::fs::create_dir(&taken)?;
/// assert_eq!(nablab_data::free_folder(taken), folder.path().join("iris-2"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn free_folder(first: PathBuf) -> PathBuf {
    numbered(first.clone()).find(|folder| !folder.exists()).unwrap_or(first)
}
