//! A file or folder of the user's choice that a command writes: never over what it reads, and over something else that is there only
//! where that is asked for.

use std::path::Path;

use clap::Args as ClapArgs;
use nablab::data::{DataError, write_file};
use nablab::tables::{Error, check_output};

use crate::{signals, terminal};

#[derive(ClapArgs, Clone, Copy, Debug, Default)]
pub(crate) struct Replacing {
    /// Replace what is there already
    #[arg(long)]
    force: bool,
}

impl Replacing {
    /// An error if a file must not be written: it is one of the `inputs`, a run keeps it, it is there already, or it is no file.
    pub(crate) fn check(self, out: &Path, inputs: &[&Path]) -> Result<(), Error> {
        match is_stdout(out) {
            true => Ok(()),
            false => check_output(out, inputs, self.force),
        }
    }

    /// It is asked for.
    pub(crate) fn force(self) -> bool {
        self.force
    }
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
