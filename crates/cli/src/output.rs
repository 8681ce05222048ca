//! A file or folder of the user's choice that a command writes: never over what it reads, and over something else that is there only
//! where that is asked for.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args as ClapArgs;
use nablab::data::{DataError, write_file};
use nablab::tables::run::is_of_a_run;

use crate::signals;

const HINT: &str = "hint: choose another file with --out";

#[derive(ClapArgs, Clone, Copy, Debug, Default)]
pub(crate) struct Replacing {
    /// Replace what is there already
    #[arg(long)]
    force: bool,
}

impl Replacing {
    /// An error if a file must not be written: it is one of the `inputs`, a run keeps it, or it is there already. Also what is no
    /// file, such as a pipe, may be written.
    pub(crate) fn check(self, out: &Path, inputs: &[&Path]) -> anyhow::Result<()> {
        let is_same = |input: &&Path| same_file::is_same_file(out, input).unwrap_or(false);
        if let Some(input) = inputs.iter().find(|input| is_same(input)) {
            bail!("{}: it would be written over what is read, {}\n{HINT}", out.display(), input.display());
        }
        if is_of_a_run(out) {
            bail!("{}: the run in that folder keeps this file\n{HINT}", out.display());
        }
        let Ok(there) = fs::metadata(out) else { return Ok(()) };
        // In an empty file there is nothing to lose.
        if there.is_file() && there.len() > 0 && !self.force {
            bail!(
                "{}: it is there already\nhint: --force replaces it; or choose another file with --out",
                out.display()
            );
        }
        Ok(())
    }

    /// An error if a folder has something in it.
    pub(crate) fn check_folder(self, out: &Path) -> anyhow::Result<()> {
        let is_empty = fs::read_dir(out).map_or(true, |mut entries| entries.next().is_none());
        if !is_empty && !self.force {
            bail!(
                "{}: there is something in it already\n\
                 hint: --force replaces what has the same names; or choose another folder with --out",
                out.display()
            );
        }
        Ok(())
    }
}

/// Write a file whole or not at all; a signal that ends the program ends it, too.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), DataError> {
    write_file(path, bytes, &signals::ends)
}

/// The folder, or the next one with a number that is not there.
pub(crate) fn free(first: PathBuf) -> PathBuf {
    numbered(first.clone()).find(|folder| !folder.exists()).unwrap_or(first)
}

/// The folder, and those with a number behind its name: 2, 3, …
pub(crate) fn numbered(first: PathBuf) -> impl Iterator<Item = PathBuf> {
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
