//! A folder that is written beside its place: it goes if the program ends before it is in its place.

use std::path::Path;

use nablab::data::{FolderKind, StagedFolder};

use crate::signals::{self, Unfinished};

/// Begin a folder.
pub(crate) fn begin(out: &Path, kind: FolderKind) -> anyhow::Result<StagedFolder> {
    let mut unfinished = signals::unfinished();
    let staged = StagedFolder::begin(out, kind)?;
    let (folder, parents) = staged.unfinished();
    *unfinished = Some(Unfinished {
        folder: folder.to_owned(),
        parents: parents.clone(),
        remove: StagedFolder::remove,
    });
    Ok(staged)
}

/// Put it in its place.
pub(crate) fn publish(staged: StagedFolder) -> anyhow::Result<()> {
    let mut unfinished = signals::unfinished();
    staged.publish()?;
    *unfinished = None;
    Ok(())
}
