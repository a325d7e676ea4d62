//! Wait groups: waiting for a number of pieces of work that others do.

use std::error::Error;
use std::fmt;

use super::context::Context;
use super::primitives::{Mutex, lock};
use super::signal::ContextError;
use super::waiters::{Sleeper, Waiters};

/// Waits for any number of threads to be done.
///
/// It is a count, as Go's `sync.WaitGroup` is: [`add`](Self::add) raises it before the work is
/// begun, [`done`](Self::done) lowers it when a piece is done, [`wait`](Self::wait) returns when it
/// is 0. Once it is, everybody who waits is let go, whatever is added afterwards; and the group may
/// be used again.
///
/// Add before the work is begun, not as its first step: who waits meanwhile may find a count of 0,
/// and go on before anything has happened. That is no error which the group could notice.
///
/// Who sees the wait return also sees all that was done before the `done`s it was waiting for.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use std::thread;
/// use miscount::sync::WaitGroup;
///
/// let (group, counter) = (WaitGroup::new(), AtomicU64::new(0));
/// thread::scope(|scope| {
///     for _ in 0..3 {
///         group.add(1).unwrap();
///         scope.spawn(|| {
///             counter.fetch_add(1, Ordering::Relaxed);
///             group.done().unwrap();
///         });
///     }
///     group.wait();
///     assert_eq!(counter.load(Ordering::Relaxed), 3);
/// });
/// ```
//
// invariant: nobody stands among the waiters while the count is 0.
#[derive(Debug, Default)]
pub struct WaitGroup {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    count: u64,
    /// Those who were added by name and are not done, in the order in which they were added.
    missing: Vec<String>,
    waiters: Waiters,
}

impl WaitGroup {
    /// A group with a count of 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// Raises the count, or lowers it where `delta` is negative; if it comes to 0, lets go all who
    /// wait.
    ///
    /// # Errors
    ///
    /// Where the count would be negative, or more than 64 bits hold. It then stays as it is. (Go
    /// panics.)
    pub fn add(&self, delta: i64) -> Result<(), CountError> {
        self.change(|inner| {
            let error = match delta {
                ..0 => CountError::Negative,
                0.. => CountError::TooLarge,
            };
            inner.count = inner.count.checked_add_signed(delta).ok_or(error)?;
            Ok(())
        })
    }

    /// One piece of work is done: the same as `add(-1)`.
    ///
    /// # Errors
    ///
    /// [`CountError::Negative`] where nothing is left that could be done.
    pub fn done(&self) -> Result<(), CountError> {
        self.add(-1)
    }

    /// Raises the count by one, for somebody with a name: a wait that comes to nothing tells who was
    /// [missing](Unfinished::missing).
    ///
    /// # Errors
    ///
    /// As [`add`](Self::add).
    pub fn add_named(&self, name: impl Into<String>) -> Result<(), CountError> {
        let name = name.into();
        self.change(|inner| {
            inner.count = inner.count.checked_add(1).ok_or(CountError::TooLarge)?;
            inner.missing.push(name);
            Ok(())
        })
    }

    /// The piece of work that was added by this name is done.
    ///
    /// # Errors
    ///
    /// [`CountError::NotAdded`] where nobody of this name is missing, [`CountError::Negative`] where
    /// the count is 0 all the same. Nothing is changed then.
    pub fn done_named(&self, name: &str) -> Result<(), CountError> {
        self.change(|inner| {
            let mut names = inner.missing.iter();
            let place = names.position(|missing| missing == name);
            let place = place.ok_or(CountError::NotAdded)?;
            inner.count = inner.count.checked_sub(1).ok_or(CountError::Negative)?;
            inner.missing.remove(place);
            Ok(())
        })
    }

    /// How many pieces of work are not done.
    pub fn count(&self) -> u64 {
        lock(&self.inner).count
    }

    /// Waits until the count is 0: for ever, if it never is.
    pub fn wait(&self) {
        // A background context never ends, so that the wait does not end before the count is 0.
        let _ = self.wait_under(&Context::background());
    }

    /// Waits until the count is 0, or the context has ended. A count of 0 is found even under a
    /// context that has ended.
    ///
    /// # Errors
    ///
    /// [`Unfinished`] where the context has ended first: how, and who was missing.
    ///
    /// ```
    /// use std::time::Duration;
    /// use miscount::sync::{Context, WaitGroup};
    ///
    /// let group = WaitGroup::new();
    /// group.add_named("A").unwrap();
    /// group.add_named("B").unwrap();
    /// group.done_named("A").unwrap();
    /// let (ctx, _canceler) = Context::background().with_timeout(Duration::from_millis(1));
    /// let unfinished = group.wait_under(&ctx).unwrap_err();
    /// assert_eq!((unfinished.count, unfinished.missing), (1, vec!["B".to_string()]));
    /// ```
    pub fn wait_under(&self, context: &Context) -> Result<(), Unfinished> {
        if self.count() == 0 {
            return Ok(());
        }
        let sleeper = Sleeper::under(context);
        let mut inner = lock(&self.inner);
        if inner.count == 0 {
            return Ok(());
        }
        let place = inner.waiters.enter(&sleeper);
        drop(inner);
        sleeper.sleep();
        let mut inner = lock(&self.inner);
        match context.err() {
            Some(error) if inner.waiters.leave(place) => Err(Unfinished {
                error,
                count: inner.count,
                missing: inner.missing.clone(),
            }),
            // Let go, though the count may have been raised again since.
            _ => Ok(()),
        }
    }

    /// Changes the count, and lets go all who wait if it comes to 0.
    fn change(
        &self,
        change: impl FnOnce(&mut Inner) -> Result<(), CountError>,
    ) -> Result<(), CountError> {
        let mut inner = lock(&self.inner);
        change(&mut inner)?;
        if inner.count > 0 || inner.waiters.is_empty() {
            return Ok(());
        }
        let released = inner.waiters.take();
        drop(inner);
        released.for_each(|sleeper| sleeper.cancel());
        Ok(())
    }
}

/// Why the count of a wait group could not be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountError {
    /// It would be negative: more has been done than was added.
    Negative,
    /// It would be more than 64 bits hold.
    TooLarge,
    /// Nobody of this name is missing.
    NotAdded,
}

impl fmt::Display for CountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Negative => "more has been done than was added to the wait group",
            Self::TooLarge => "more was added to the wait group than 64 bits hold",
            Self::NotAdded => "nobody of this name is missing in the wait group",
        })
    }
}

impl Error for CountError {}

/// A wait that came to nothing, because its context ended first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// How the context ended.
    pub error: ContextError,
    /// How many pieces of work were not done.
    pub count: u64,
    /// Those of them that were added by name, in the order in which they were added.
    pub missing: Vec<String>,
}

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, and {} were not done", self.error, self.count)?;
        if !self.missing.is_empty() {
            write!(f, ": {}", self.missing.join(", "))?;
        }
        Ok(())
    }
}

impl Error for Unfinished {}
