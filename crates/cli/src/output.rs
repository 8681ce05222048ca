//! A file or folder of the user's choice that a command writes: never over what it reads, and over something else that is there only
//! where that is asked for.

use std::fs;
use std::path::Path;

use anyhow::bail;
use clap::Args as ClapArgs;
use nablab::data::{DataError, file_to_replace, is_same_file, name_of, write_file};
use nablab::tables::run::is_of_a_run;

use crate::{signals, terminal};

const HINT: &str = "hint: choose another file with --out";

#[derive(ClapArgs, Clone, Copy, Debug, Default)]
pub(crate) struct Replacing {
    /// Replace what is there already
    #[arg(long)]
    force: bool,
}

impl Replacing {
    /// An error if a file must not be written: it is one of the `inputs`, a run keeps it, it is there already, or it is no file.
    pub(crate) fn check(self, out: &Path, inputs: &[&Path]) -> anyhow::Result<()> {
        if is_stdout(out) {
            return Ok(());
        }
        let there = file_to_replace(out)?;
        if let Some(input) = inputs.iter().find(|input| there.is_some() && is_same(out, input)) {
            bail!("{}: it would be written over what is read, {}\n{HINT}", out.display(), name_of(input));
        }
        if is_of_a_run(out) {
            bail!("{}: the run in that folder keeps this file\n{HINT}", out.display());
        }
        // In an empty file there is nothing to lose.
        if there.is_some_and(|there| there.len() > 0) && !self.force {
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

/// A file is what is read, be that standard input.
fn is_same(file: &Path, read: &Path) -> bool {
    is_same_file(file, if read == Path::new("-") { Path::new("/dev/stdin") } else { read })
}

/// Standard output is meant, by the name that it has everywhere or by the system's: whatever it is, it is written into and not replaced.
pub(crate) fn is_stdout(out: &Path) -> bool {
    out == Path::new("-") || out == Path::new("/dev/stdout")
}

/// Write to where the user wants it: a file, whole or not at all, or standard output.
pub(crate) fn write_out(out: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    match is_stdout(out) {
        true => terminal::print_bytes(bytes).map(drop),
        false => Ok(write(out, bytes)?),
    }
}

/// Write a file whole or not at all; a signal that ends the program ends it, too.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), DataError> {
    write_file(path, bytes, &signals::ends)
}
