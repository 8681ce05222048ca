//! Tables from files, with a bar while large ones are read.

use std::path::Path;

use nablab_data::table::{self, Table};

use crate::terminal;

/// The table in a file.
pub(crate) fn load(path: &Path, quiet: bool) -> anyhow::Result<Table> {
    let bar = terminal::bar(0, "reading", quiet);
    let table = table::load(path, &mut |read, total| {
        bar.set_length(total);
        bar.set_position(read);
    });
    bar.finish_and_clear();
    Ok(table?)
}
