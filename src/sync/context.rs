//! Contexts: how one part of a program tells other parts to stop.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::clock::{Clock, Moment};
use super::signal::{Cause, ContextError, ContextId, Signal};
use super::system_clock::SystemClock;
use super::values::Values;

/// A cancellation signal, a deadline and a few values, shared by all threads that work on one task.
///
/// Contexts form a tree. Its root is a [background](Self::background) context, which never ends; each
/// `with_...` makes a child. When a context ends, because it is cancelled or because its deadline
/// passes, all contexts below it end with it; contexts above and beside it go on. A context ends once;
/// later cancellations have no effect.
///
/// Checking whether it has ended costs one load, so even a tight loop can afford it, and waiting for
/// the end costs nothing, however long. No context has its own thread.
///
/// A clone is another handle to the same context, and cheap. When the last handle to a context and to
/// all contexts below it is dropped, its parent and the clock forget it.
///
/// ```
/// use std::thread;
/// use miscount::sync::{Context, ContextError};
///
/// let (ctx, canceler) = Context::background().with_cancel();
/// let worker = thread::spawn({
///     let ctx = ctx.clone();
///     move || {
///         let mut rounds = 0_u64;
///         while !ctx.is_done() {
///             rounds += 1;
///         }
///         rounds
///     }
/// });
/// canceler.cancel();
/// worker.join().unwrap();
/// assert_eq!(ctx.err(), Some(ContextError::Canceled));
/// ```
#[derive(Clone)]
pub struct Context {
    signal: Arc<Signal>,
    values: Values,
}

impl Context {
    /// Makes the root of a new tree, on the system's clock. It never ends, and has no deadline and no
    /// values.
    pub fn background() -> Self {
        Self::background_on(SystemClock)
    }

    /// Makes the root of a new tree as [`background`](Self::background) does, but on another clock.
    ///
    /// ```
    /// use std::time::Duration;
    /// use miscount::sync::{Context, VirtualClock};
    ///
    /// let clock = VirtualClock::new();
    /// let (ctx, _canceler) =
    ///     Context::background_on(clock.clone()).with_timeout(Duration::from_mins(1));
    /// clock.advance(Duration::from_mins(1)); // takes no time at all
    /// assert!(ctx.is_done());
    /// ```
    pub fn background_on(clock: impl Clock + 'static) -> Self {
        Self {
            signal: Signal::root(Box::new(clock)),
            values: Values::default(),
        }
    }

    /// Makes a child that ends with this context, or when it is cancelled.
    pub fn with_cancel(&self) -> (Self, Canceler) {
        self.child(None)
    }

    /// Makes a child that ends `timeout` from now, as [`with_deadline`](Self::with_deadline) does.
    ///
    /// With a timeout of zero it has already ended. One beyond the range of the clock means
    /// [`Moment::MAX`].
    pub fn with_timeout(&self, timeout: Duration) -> (Self, Canceler) {
        self.with_deadline(self.now() + timeout)
    }

    /// Makes a child that ends when the clock reaches `deadline`, unless it ends before.
    ///
    /// A child never has more time than its parent: a `deadline` after the parent's is replaced by the
    /// parent's.
    ///
    /// An alarm of the clock ends the context, not the next check. If the machine refuses the one thread
    /// that the system's clock needs for this, the child is cancelled immediately with the refusal as
    /// its [`cause`](Self::cause): a deadline that never passes would be worse.
    ///
    /// ```
    /// use std::time::Duration;
    /// use miscount::sync::Context;
    ///
    /// let background = Context::background();
    /// let soon = background.now() + Duration::from_secs(1);
    /// let later = soon + Duration::from_secs(1);
    /// let (parent, _canceler) = background.with_deadline(soon);
    /// let (child, _canceler) = parent.with_deadline(later);
    /// assert_eq!(child.deadline(), Some(soon));
    /// ```
    pub fn with_deadline(&self, deadline: Moment) -> (Self, Canceler) {
        self.child(Some(deadline))
    }

    /// Makes a child with one more value. It ends with this context, and has the same [`id`](Self::id).
    ///
    /// Values are for what belongs to a task as a whole, such as its number in a log. What a function
    /// needs for its work should be among its arguments.
    #[must_use = "the value is only in the child"]
    pub fn with_value<T: Send + Sync + 'static>(&self, key: &'static str, value: T) -> Self {
        Self {
            signal: Arc::clone(&self.signal),
            values: self.values.with(key, Box::new(value)),
        }
    }

    /// Returns the value that was bound to `key` last on the path from the root to this context.
    ///
    /// `None` if there is none, or if it is not a `T`: a binding hides those above it whatever their
    /// types.
    ///
    /// ```
    /// use miscount::sync::Context;
    ///
    /// let parent = Context::background().with_value("request", 7_u64);
    /// let child = parent.with_value("request", 8_u64);
    /// assert_eq!(child.value::<u64>("request"), Some(&8));
    /// assert_eq!(parent.value::<u64>("request"), Some(&7));
    /// assert_eq!(parent.value::<String>("request"), None);
    /// ```
    pub fn value<T: Any>(&self, key: &str) -> Option<&T> {
        self.values.get(key)?.downcast_ref()
    }

    /// Returns whether the context has ended, at the cost of one load.
    ///
    /// All that was done before the cancellation happens before a return of `true`.
    #[inline]
    pub fn is_done(&self) -> bool {
        self.signal.is_done()
    }

    /// Waits until the context has ended.
    pub fn wait(&self) {
        self.signal.wait();
    }

    /// Waits until the context has ended, but at most for `limit` on the context's clock. Returns whether
    /// it has ended.
    ///
    /// A virtual clock must be moved by another thread. If the machine refuses the thread that rings for
    /// the limit, the wait is over immediately: see [`with_deadline`](Self::with_deadline).
    ///
    /// ```
    /// use std::time::Duration;
    /// use miscount::sync::Context;
    ///
    /// let (ctx, canceler) = Context::background().with_cancel();
    /// assert!(!ctx.wait_for(Duration::from_millis(1)));
    /// canceler.cancel();
    /// assert!(ctx.wait_for(Duration::MAX)); // at once
    /// ```
    pub fn wait_for(&self, limit: Duration) -> bool {
        if !self.is_done() {
            // A child with a timeout ends with this context or at the limit.
            self.with_timeout(limit).0.wait();
        }
        self.is_done()
    }

    /// Returns how the context ended; `None` while it goes on.
    pub fn err(&self) -> Option<ContextError> {
        self.signal.error()
    }

    /// Returns why the context ended; `None` while it goes on. The reason is the one given to
    /// [`cancel_because`](Canceler::cancel_because), and otherwise the same as [`err`](Self::err).
    ///
    /// ```
    /// use miscount::sync::{Context, ContextError};
    ///
    /// let (parent, canceler) = Context::background().with_cancel();
    /// let (child, _canceler) = parent.with_cancel();
    /// canceler.cancel_because("the disk is full");
    /// assert_eq!(child.err(), Some(ContextError::Canceled));
    /// assert_eq!(child.cause().unwrap().to_string(), "the disk is full");
    /// assert_eq!(child.ended_through(), Some(parent.id()));
    /// ```
    pub fn cause(&self) -> Option<Cause> {
        let end = self.signal.ending()?;
        Some(end.cause.clone().unwrap_or_else(|| Arc::new(end.error)))
    }

    /// Returns the [`id`](Self::id) of the context, this one or one above it, that was cancelled or whose
    /// deadline passed; `None` while this context goes on.
    pub fn ended_through(&self) -> Option<ContextId> {
        self.signal.ending().map(|end| end.through)
    }

    /// Returns the identity of this context in its tree. A context made by
    /// [`with_value`](Self::with_value) has the id of its parent, since both end as one.
    pub fn id(&self) -> ContextId {
        self.signal.id
    }

    /// Returns the time on the context's clock at which it ends at the latest; `None` if it has no
    /// deadline.
    pub fn deadline(&self) -> Option<Moment> {
        self.signal.deadline
    }

    /// Returns the current time on the context's clock.
    pub fn now(&self) -> Moment {
        self.signal.now()
    }

    #[cfg(test)]
    pub(super) fn signal(&self) -> &Signal {
        &self.signal
    }

    fn child(&self, deadline: Option<Moment>) -> (Self, Canceler) {
        let signal = Signal::child(&self.signal, deadline);
        let child = Self {
            signal: Arc::clone(&signal),
            values: self.values.clone(),
        };
        (child, Canceler { signal })
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("id", &self.id())
            .field("err", &self.err())
            .field("deadline", &self.deadline())
            .finish_non_exhaustive()
    }
}

/// Cancels one context, and with it all contexts below it.
///
/// It may be cloned, and used from any thread. Dropping it does not cancel anything: a context without
/// cancelers goes on until its deadline or its parent's end.
#[derive(Clone)]
pub struct Canceler {
    signal: Arc<Signal>,
}

impl Canceler {
    /// Cancels the context, unless it has ended before. When this returns, the context and all contexts
    /// below it have ended.
    pub fn cancel(&self) {
        self.signal.end(ContextError::Canceled, None);
    }

    /// Cancels the context as [`cancel`](Self::cancel) does, with a reason that
    /// [`Context::cause`] returns: an error, which can be found by `downcast_ref`, or just a sentence.
    pub fn cancel_because(&self, cause: impl Into<Box<dyn Error + Send + Sync>>) {
        self.signal
            .end(ContextError::Canceled, Some(Arc::from(cause.into())));
    }
}

impl fmt::Debug for Canceler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Canceler")
            .field("context", &self.signal.id)
            .finish_non_exhaustive()
    }
}
