//! Many trainings side by side: other seeds, rates, rules or data, of the same shape or not.
//!
//! Each training is single-threaded and knows nothing of the others, so its result is bit for bit that of the same
//! training alone, on any number of threads. How many there are is the caller's choice. A thread holds one training
//! at a time: its parameters, gradient and moments, and a workspace that fits into the caches.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::{EngineError, Float, MatRef, Observer, Recipe, Trained, Trainer, YRef, beside};

/// One training of a population: a recipe and its data, X (features, m) and Y (outputs, m).
#[derive(Clone, Copy, Debug)]
pub struct Member<'a, F> {
    /// What decides the training.
    pub recipe: &'a Recipe,
    /// Features.
    pub x: MatRef<'a, F>,
    /// Targets.
    pub y: YRef<'a, F>,
}

/// Train all members on so many threads; `observe` makes the observer of each, by its number. Trainings that
/// diverge end there, as alone.
///
/// ```
/// use std::num::NonZeroUsize;
/// use nablab_engine::population::{Member, train_many};
/// use nablab_engine::{Hidden, MatRef, Seed, Settings, Trainer};
/// let (x, y) = ([0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]); // exclusive or
/// let (x, y) = (MatRef::new(&x, 2, 4), MatRef::new(&y, 1, 4));
/// let recipe = |seed| Settings {
///     hidden: vec![Hidden::relu(4)], learning_rate: 0.05, epochs: 500, seed: Seed::Streams(seed), ..Settings::default()
/// }.check();
/// let recipes: Vec<_> = (0..20).map(recipe).collect::<Result<_, _>>()?;
/// let members: Vec<_> = recipes.iter().map(|recipe| Member { recipe, x, y: y.into() }).collect();
/// let trained = train_many(&members, NonZeroUsize::new(3).unwrap(), |_| ())?;
/// assert_eq!(trained[7].0, Trainer::<f64>::new(&recipes[7], x, y)?.run(&mut ()));
/// # Ok::<(), nablab_engine::EngineError>(())
/// ```
///
/// # Errors
/// The first member's, by number, that cannot train: as [`Trainer::new`].
pub fn train_many<F: Float, O: Observer<F> + Send>(
    members: &[Member<'_, F>],
    threads: NonZeroUsize,
    observe: impl Fn(usize) -> O + Sync,
) -> Result<Vec<(Trained<F>, O)>, EngineError> {
    side_by_side(members.len(), threads, |number| {
        let Member { recipe, x, y } = members[number];
        let mut trainer = Trainer::new(recipe, x, y)?;
        let mut observer = observe(number);
        Ok((trainer.run(&mut observer), observer))
    })
}

/// What `work` makes of 0, 1, …, `count` − 1, in this order, on so many threads: each takes the next number that nobody has.
/// After an error no other number is begun.
///
/// ```
/// use std::num::NonZeroUsize;
/// use nablab_engine::population::side_by_side;
/// let threads = NonZeroUsize::new(3).unwrap();
/// assert_eq!(side_by_side(5, threads, |i| Ok::<_, ()>(i * i)), Ok(vec![0, 1, 4, 9, 16]));
/// assert_eq!(side_by_side(99, threads, |i| if i < 7 { Ok(i) } else { Err(i) }), Err(7));
/// ```
///
/// # Errors
/// That of the smallest number.
pub fn side_by_side<T: Send, E: Send>(
    count: usize,
    threads: NonZeroUsize,
    work: impl Fn(usize) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let next = AtomicUsize::new(0);
    let finished = Mutex::new(Vec::with_capacity(count));
    let work_through = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return;
            }
            let result = work(number);
            if result.is_err() {
                // Smaller numbers are all begun, and come to their end.
                next.store(count, Ordering::Relaxed);
            }
            finished.lock().expect("no thread panics while it holds this").push((number, result));
        }
    };
    thread::scope(|scope| {
        beside::start(scope, threads.get().min(count).saturating_sub(1), work_through);
        work_through();
    });
    let mut finished = finished.into_inner().expect("no thread panicked");
    finished.sort_unstable_by_key(|(number, _)| *number);
    finished.into_iter().map(|(_, result)| result).collect()
}
