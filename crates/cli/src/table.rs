//! Tables from files.

use std::path::Path;

use anyhow::Context;
use nablab_data::table::{Table, csv};

pub(crate) fn load(path: &Path, _quiet: bool) -> anyhow::Result<Table> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path)
        .with_context(|| format!("cannot read {name}\nhint: check the path and its permissions"))?;
    Ok(csv::read(&bytes, &name)?)
}
