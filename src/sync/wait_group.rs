//! Wait groups: a thread waits until a number of tasks are done.

use std::error::Error;
use std::fmt;

use super::context::Context;
use super::primitives::{Mutex, lock};
use super::signal::ContextError;
use super::waiters::Waiters;

/// A count of unfinished tasks, as Go's `sync.WaitGroup` is, except that an impossible count is an error
/// instead of a panic, and that tasks may have names.
///
/// [`add`](Self::add) raises the count before a task begins, [`done`](Self::done) lowers it when a task
/// is done, [`wait`](Self::wait) returns when it is 0. Then all waiting threads are released, whatever is
/// added afterwards, and the group may be used again.
///
/// Add a task before it begins, not as its first step: a thread that waits meanwhile may find a count of
/// 0 and go on before anything has been done. The group cannot detect this mistake.
///
/// All that happened before a `done` happens before the return of the wait that it ends.
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
// invariant: there are no waiters while the count is 0.
#[derive(Debug, Default)]
pub struct WaitGroup {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    count: u64,
    /// The named tasks that are not done, in the order in which they were added.
    missing: Vec<String>,
    waiters: Waiters,
}

impl WaitGroup {
    /// Makes a group with a count of 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `delta` to the count; if it becomes 0, releases all waiting threads.
    ///
    /// # Errors
    ///
    /// If the count would be negative or exceed 64 bits. It then stays as it is. (Go panics.)
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

    /// Reports that one task is done: the same as `add(-1)`.
    ///
    /// # Errors
    ///
    /// [`CountError::Negative`] if the count is 0.
    pub fn done(&self) -> Result<(), CountError> {
        self.add(-1)
    }

    /// Adds one task with a name, which is reported as [missing](Unfinished::missing) by a wait that is
    /// given up.
    ///
    /// # Errors
    ///
    /// As for [`add`](Self::add).
    pub fn add_named(&self, name: impl Into<String>) -> Result<(), CountError> {
        let name = name.into();
        self.change(|inner| {
            inner.count = inner.count.checked_add(1).ok_or(CountError::TooLarge)?;
            inner.missing.push(name);
            Ok(())
        })
    }

    /// Reports that the task of this name is done.
    ///
    /// # Errors
    ///
    /// [`CountError::NotAdded`] if no task of this name is missing, [`CountError::Negative`] if the
    /// count is 0 nevertheless. Nothing is changed then.
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

    /// Returns the number of tasks that are not done.
    pub fn count(&self) -> u64 {
        lock(&self.inner).count
    }

    /// Waits until the count is 0.
    pub fn wait(&self) {
        // A background context never ends, so the wait ends only when the count is 0.
        let _ = self.wait_under(&Context::background());
    }

    /// Waits until the count is 0 or the context has ended. Under a context that has ended, it still
    /// succeeds if the count is 0.
    ///
    /// # Errors
    ///
    /// [`Unfinished`] if the context ended first.
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
        let (woken, wake) = context.with_cancel();
        let mut inner = lock(&self.inner);
        if inner.count == 0 {
            return Ok(());
        }
        let place = inner.waiters.enter(wake);
        drop(inner);
        woken.wait();
        let mut inner = lock(&self.inner);
        match context.err() {
            Some(error) if inner.waiters.leave(place) => Err(Unfinished {
                error,
                count: inner.count,
                missing: inner.missing.clone(),
            }),
            // Released, though the count may have been raised again since.
            _ => Ok(()),
        }
    }

    /// Changes the count, and releases all waiting threads if it becomes 0.
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
        released.for_each(|wake| wake.cancel());
        Ok(())
    }
}

/// Why the count of a wait group could not be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountError {
    /// It would be negative: more tasks are done than were added.
    Negative,
    /// It would exceed 64 bits.
    TooLarge,
    /// No task of this name is missing.
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

/// A wait that was given up because its context ended first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// How the context ended.
    pub error: ContextError,
    /// The number of tasks that were not done.
    pub count: u64,
    /// The named tasks among them, in the order in which they were added.
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
