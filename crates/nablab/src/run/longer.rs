//! A training that is to last longer, or less long, than it was begun for.

use std::fs;

use super::{HISTORY, RECIPE, Run, history, read, write};
use crate::Error;
use crate::recipe::name_of;

impl Run {
    /// Let the training end after so many epochs. True if all comes out as if it had been so from the start: the rates of the
    /// epochs so far are those of a training of that length. Else the recipe says in a comment what it was.
    ///
    /// # Errors
    /// [`Error::Folder`] if more epochs are done already; what cannot be read or written.
    pub fn end_after(&mut self, epochs: u64) -> Result<bool, Error> {
        let path = self.folder.join(HISTORY);
        let done = match read(&path)? {
            Some(text) => history::read(&String::from_utf8_lossy(&text), &name_of(&path))?.len() as u64,
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
        let path = self.folder.join(RECIPE);
        let text = fs::read_to_string(&path).unwrap_or_default();
        // What was said of earlier changes stays true.
        let mut said: String =
            text.lines().filter(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
        if !is_same {
            said += &format!(
                "# The first {done} epochs had the learning rates of a training of {before} epochs.\n"
            );
        }
        write(&path, (said + &self.settings.to_toml()).as_bytes())?;
        Ok(is_same)
    }
}
