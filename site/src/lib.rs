//! The static site: what any server of files shows. The page in which networks train, the documents with their formulas, and the labs'
//! reports and exercises, in English and Chinese, with links among them that lead somewhere.
#![forbid(unsafe_code)]

mod documents;
mod frame;
mod labs;
mod links;
mod markdown;
mod place;
mod room;

use std::fs;
use std::path::{Path, PathBuf};

use nablab::report::File;

use documents::Documents;
pub use links::check;

/// Where the page is.
const PAGE: &str = "crates/web/page";
/// What the page knows of what lies beside it: alone nothing does.
const BESIDE: (&str, &str) = ("common/beside.js", "export const BESIDE = false;");
/// What documents have besides the page's style, and the head of all that is no room of the page.
const STYLE: &str = include_str!("../assets/site.css");

/// The repository.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// All files of the site of a repository, by their paths in it.
///
/// # Errors
/// What cannot be read, a formula that cannot be set, or a link that leads nowhere.
pub fn site(root: &Path) -> Result<Vec<File>, String> {
    let documents = Documents::find(root)?;
    let mut files = page(root)?;
    files.push(File::new("site.css", STYLE));
    files.extend(documents.pages()?);
    let labs = labs::made(&documents)?;
    let is_of_the_labs = |file: &File| file.name == room::FILE && file.bytes == labs.room.as_bytes();
    if !files.iter().any(is_of_the_labs) {
        let file = room::FILE;
        return Err(format!(
            "{PAGE}/{file} was made of other labs; `cargo run -p nablab-site -- --room` makes it anew"
        ));
    }
    files.extend(labs.files);
    check(&files)?;
    Ok(files)
}

/// The room of the labs: its file in the repository, and what is to be in it.
///
/// # Errors
/// Where a lab cannot run, or the page has no words for its trainings.
pub fn room(root: &Path) -> Result<(PathBuf, String), String> {
    Ok((root.join(PAGE).join(room::FILE), labs::made(&Documents::find(root)?)?.room))
}

/// The folder is a site that was laid before, and may be replaced: in it the page knows of what lies beside it.
pub fn is_site(folder: &Path) -> bool {
    fs::read_to_string(folder.join(BESIDE.0)).is_ok_and(|text| text.contains(&beside()))
}

/// What the page is told on the site.
fn beside() -> String {
    BESIDE.1.replace("false", "true")
}

/// The page, which finds beside it what it has links to.
fn page(root: &Path) -> Result<Vec<File>, String> {
    let page = root.join(PAGE);
    let mut paths = Vec::new();
    list(&page, &mut paths)?;
    let mut files = Vec::new();
    for path in paths {
        let mut bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let name = path_within(&page, &path);
        if name == BESIDE.0 {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let beside = text.replace(BESIDE.1, &beside());
            if beside == text {
                return Err(format!("{name} does not say `{}`", BESIDE.1));
            }
            bytes = beside.into_bytes();
        }
        files.push(File::new(name, bytes));
    }
    Ok(files)
}

/// Every file below a folder.
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let said = |error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(said)? {
        let path = entry.map_err(said)?.path();
        match path.is_dir() {
            true => list(&path, files)?,
            false => files.push(path),
        }
    }
    files.sort();
    Ok(())
}

/// The path of a file below a folder, as addresses have it.
fn path_within(folder: &Path, file: &Path) -> String {
    file.strip_prefix(folder).unwrap_or(file).to_string_lossy().replace('\\', "/")
}
