//! A training that is to last longer, or less long, than it was begun for.

use super::{CHECKPOINT, Run, checkpoint, read};
use crate::Error;
use crate::recipe::name_of;

/// How long the training was until now, and what is to be said of that in the recipe.
#[derive(Clone, Debug)]
pub(super) struct Lengthened {
    pub(super) before: u64,
    pub(super) note: Option<String>,
}

impl Run {
    /// Let the training end after so many epochs. True if all comes out as if it had been so from the start: the rates of the
    /// epochs so far are those of a training of that length. Else the recipe says in a comment what it was.
    ///
    /// # Errors
    /// [`Error::Folder`] if more epochs are done already; what cannot be read or written.
    pub fn end_after(&mut self, epochs: u64) -> Result<bool, Error> {
        let path = self.folder.join(CHECKPOINT);
        let done = match read(&path)? {
            Some(bytes) => checkpoint::open(&bytes, &name_of(&path))?.get("epoch")?,
            None => 0,
        };
        if epochs < done {
            let what = format!("{done} epochs are done already, and {epochs} were asked for");
            let hint = "begin another run with --out for fewer epochs".into();
            return Err(Error::Folder { folder: self.folder.clone(), what, hint });
        }
        let before = std::mem::replace(&mut self.settings.training.epochs, epochs);
        let schedule = self.settings.training.schedule;
        let rate = |epoch: u64, epochs: u64| schedule.factor(epoch as f64, 1.0, epochs as f64);
        let is_same = (0..done).all(|epoch| rate(epoch, before) == rate(epoch, epochs));
        let note =
            format!("# The first {done} epochs had the learning rates of a training of {before} epochs.");
        // Written once the training is known to go on.
        self.lengthened = Some(Lengthened { before, note: (!is_same).then_some(note) });
        Ok(is_same)
    }
}
