//! `nablab-site FOLDER` lays the site into a folder, of which nothing else stays; `nablab-site --room` makes the page's file of the labs.
#![forbid(unsafe_code)]
#![allow(clippy::print_stderr, reason = "a tool of the repository talks to the terminal")]

use std::fs;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: nablab-site FOLDER\n       nablab-site --room");
        return ExitCode::from(2);
    };
    let done = match folder == "--room" {
        true => room(),
        false => lay(Path::new(&folder)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn room() -> Result<(), String> {
    let (file, text) = nablab_site::room(nablab_site::root())?;
    fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))
}

fn lay(folder: &Path) -> Result<(), String> {
    let files = nablab_site::site(nablab_site::root())?;
    let said = |path: &Path, error| format!("{}: {error}", path.display());
    if folder.exists() {
        if !nablab_site::is_site(folder) {
            return Err(format!(
                "{} holds something else than a site; remove it, or choose another folder",
                folder.display()
            ));
        }
        // A page of an earlier site would be served beside these.
        fs::remove_dir_all(folder).map_err(|error| said(folder, error))?;
    }
    let mut bytes = 0;
    for file in &files {
        let path = folder.join(&file.name);
        let made = path.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::write(&path, &file.bytes)).map_err(|error| said(&path, error))?;
        bytes += file.bytes.len();
    }
    eprintln!("{}: {} files, {:.1} MB", folder.display(), files.len(), bytes as f64 / 1e6);
    Ok(())
}
