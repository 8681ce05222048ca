//! Following something that runs, and ending it.

/// Follows something that runs, and may end it: a training on a table, the labs, a study, a landscape. `E` is what happens in it.
///
/// Several threads may tell of events at once.
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
/// use nablab_engine::{Done, Watch};
/// /// Enough after a third of it.
/// #[derive(Default)]
/// struct Third(AtomicUsize, AtomicUsize);
/// impl Watch<Done> for Third {
///     fn saw(&self, event: &Done) {
///         (self.0.store(event.done, Relaxed), self.1.store(event.of, Relaxed));
///     }
///     fn stop(&self) -> bool {
///         3 * self.0.load(Relaxed) >= self.1.load(Relaxed)
///     }
/// }
/// let third = Third::default();
/// third.saw(&Done { done: 1, of: 9 });
/// assert!(!third.stop());
/// third.saw(&Done { done: 3, of: 9 });
/// assert!(third.stop());
/// ```
pub trait Watch<E>: Sync {
    /// Something has happened.
    fn saw(&self, _event: &E) {}
    /// Stop? Asked again and again, also where nothing happens for a while.
    fn stop(&self) -> bool {
        false
    }
}

/// Watches nothing.
impl<E> Watch<E> for () {}

/// What happens where parts of one kind are done one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// Parts that are done.
    pub done: usize,
    /// All parts.
    pub of: usize,
}
