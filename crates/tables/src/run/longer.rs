//! A run that goes on: by what is asked for now, and so by another number of epochs, perhaps.

use std::fmt;

use super::{CHECKPOINT, FolderProblem, Run, checkpoint, read};
use crate::recipe::name_of;
use crate::{Error, Settings};

/// How long the training was until now, and what is to be said of that in the recipe.
#[derive(Clone, Debug)]
pub(super) struct Lengthened {
    pub(super) before: u64,
    pub(super) note: Option<String>,
}

/// Another number of epochs than a run began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewLength {
    /// What it began with.
    pub before: u64,
    /// What it has now.
    pub epochs: u64,
    /// All comes out as if it had been so from the start. Else the schedule has shaped the rates of the epochs that are done
    /// after the number before, and the recipe says so in a comment.
    pub is_same: bool,
}

impl fmt::Display for NewLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { before, epochs, is_same } = self;
        match is_same {
            true => {
                write!(f, "{epochs} epochs instead of {before}: the same as if it had been so from the start")
            }
            false => write!(
                f,
                "{epochs} epochs instead of {before}: another training than {epochs} from the start, because the \
                 schedule has shaped the rates so far after {before}; recipe.toml says so"
            ),
        }
    }
}

impl Run {
    /// Go on by what is asked for now. That must be what the run began with, apart from the number of epochs; where the
    /// tables lie does not matter. The new number of epochs, where it is another.
    ///
    /// ```
    /// use nablab_tables::{Error, Run, Settings};
    /// # let folder = tempfile::tempdir().unwrap();
    /// let mut settings = Settings::from_toml("epochs = 3\n[data]\ntarget = [\"y\"]", "recipe")?;
    /// let mut run = Run::create(folder.path(), settings.clone())?;
    /// settings.training.epochs = 5;
    /// let length = run.go_on_as(&settings)?.unwrap();
    /// assert_eq!(length.to_string(), "5 epochs instead of 3: the same as if it had been so from the start");
    /// settings.training.learning_rate = 0.5;
    /// assert!(matches!(run.go_on_as(&settings), Err(Error::OtherSettings { .. })));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::OtherSettings`] with the first difference; [`Error::Folder`] if more epochs are done already; what cannot
    /// be read.
    pub fn go_on_as(&mut self, asked: &Settings) -> Result<Option<NewLength>, Error> {
        let (before, epochs) = (self.settings.training.epochs, asked.training.epochs);
        let mut of_same_length = self.settings.clone();
        of_same_length.training.epochs = epochs;
        if let Some(difference) = of_same_length.difference(asked) {
            let (folder, difference) = (self.folder.clone(), Box::new(difference));
            return Err(Error::OtherSettings { folder, difference });
        }
        if epochs == before {
            return Ok(None);
        }
        let is_same = self.end_after(epochs)?;
        Ok(Some(NewLength { before, epochs, is_same }))
    }

    /// Let the training end after so many epochs. True if all comes out as if it had been so from the start: the rates of the
    /// epochs so far are those of a training of that length. Else the recipe says in a comment what it was.
    fn end_after(&mut self, epochs: u64) -> Result<bool, Error> {
        let path = self.folder.join(CHECKPOINT);
        let done = match read(&path)? {
            Some(bytes) => checkpoint::open(&bytes, &name_of(&path))?.get("epoch")?,
            None => 0,
        };
        if epochs < done {
            let problem = FolderProblem::Shorter { done, asked: epochs };
            return Err(Error::Folder { folder: self.folder.clone(), problem });
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
