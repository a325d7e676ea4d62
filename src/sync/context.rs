//! Contexts: how one part of a program tells the others that it is time to stop.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::clock::{Clock, Moment};
use super::signal::{Cause, ContextError, ContextId, Signal};
use super::system_clock::SystemClock;
use super::values::Values;

/// Carries the news that it is time to stop, and by when, and a few values, to all who work on the
/// same thing.
///
/// Contexts form a tree. It grows from a [background](Self::background) context, which never ends;
/// each `with_...` makes a child. When a context ends, because it is cancelled or because its
/// deadline passes, all below it end with it; those above and beside it go on. It ends once, and
/// whatever comes second changes nothing.
///
/// To look whether it has ended costs one load from memory, so that the tightest loop can afford
/// it; and to wait for it costs nothing, however long. No context has a thread of its own.
///
/// A clone is another handle to the same context, and cheap. A context of which nobody holds a
/// handle, nor one of a context below it, is gone: its parent and the clock have forgotten it.
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
    /// The root of a tree of its own, on the time of the machine. It never ends, has no deadline
    /// and no values.
    pub fn background() -> Self {
        Self::background_on(SystemClock)
    }

    /// Like [`background`](Self::background), with all the tree on the time of `clock`.
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

    /// A child that ends with this context, or when the canceler says so.
    pub fn with_cancel(&self) -> (Self, Canceler) {
        self.child(None)
    }

    /// A child that ends `timeout` from now, unless it ends before.
    ///
    /// With a timeout of zero it has ended already. One that goes beyond what the clock can count
    /// means the end of time, [`Moment::MAX`].
    ///
    /// See [`with_deadline`](Self::with_deadline) for the rest.
    pub fn with_timeout(&self, timeout: Duration) -> (Self, Canceler) {
        self.with_deadline(self.now() + timeout)
    }

    /// A child that ends when the clock reaches `deadline`, unless it ends before.
    ///
    /// A child has never more time than its parent: a `deadline` after the parent's is replaced by
    /// the parent's.
    ///
    /// The clock ends the context, not the next look at it. Should the machine refuse the one
    /// thread that this takes on the system's clock, the child is cancelled at once, with the
    /// refusal as its [`cause`](Self::cause): a deadline that nobody watches would be worse.
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

    /// A child that carries one value more. It ends with this context, and has the same
    /// [`id`](Self::id).
    ///
    /// Values are for what belongs to a piece of work as a whole, such as its number in a log.
    /// What a function needs in order to do its work should be among its arguments.
    #[must_use = "the value is only in the child"]
    pub fn with_value<T: Send + Sync + 'static>(&self, key: &'static str, value: T) -> Self {
        Self {
            signal: Arc::clone(&self.signal),
            values: self.values.with(key, Box::new(value)),
        }
    }

    /// The value that was bound to `key` last, on the way from the root to here.
    ///
    /// `None` if there is none, or if it is not a `T`: a child's binding hides its parent's
    /// whatever their types.
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

    /// Whether the context has ended: one load from memory.
    ///
    /// Who sees that it has also sees all that was done before it was cancelled.
    #[inline]
    pub fn is_done(&self) -> bool {
        self.signal.is_done()
    }

    /// Waits until the context has ended: for ever, if it never does.
    pub fn wait(&self) {
        self.signal.wait();
    }

    /// Waits until the context has ended, but no longer than `limit` on the context's own clock.
    /// Gives whether it has ended.
    ///
    /// On a virtual clock some other thread must move the time. Should the machine refuse the
    /// thread that rings for the limit, the wait is over at once: see
    /// [`with_deadline`](Self::with_deadline).
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
            // What ends with this context or after a while is a child with a timeout.
            self.with_timeout(limit).0.wait();
        }
        self.is_done()
    }

    /// How the context ended, or `None` while it goes on.
    pub fn err(&self) -> Option<ContextError> {
        self.signal.error()
    }

    /// Why the context ended, or `None` while it goes on: what was given to
    /// [`cancel_because`](Canceler::cancel_because), and otherwise the same as
    /// [`err`](Self::err).
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

    /// Which context the ending came through: the [`id`](Self::id) of this one, or of the one above
    /// it, that was cancelled or whose deadline passed. `None` while it goes on.
    pub fn ended_through(&self) -> Option<ContextId> {
        self.signal.ending().map(|end| end.through)
    }

    /// Tells this context from the others of its tree.
    ///
    /// It names what ends as one: a context made by [`with_value`](Self::with_value) has the id of
    /// its parent.
    pub fn id(&self) -> ContextId {
        self.signal.id()
    }

    /// When the context will have ended at the latest, on its own clock; `None` if there is no
    /// such time.
    pub fn deadline(&self) -> Option<Moment> {
        self.signal.deadline()
    }

    /// The time now, on the context's own clock.
    pub fn now(&self) -> Moment {
        self.signal.now()
    }

    #[cfg(test)]
    pub(super) fn signal(&self) -> &Signal {
        &self.signal
    }

    fn child(&self, deadline: Option<Moment>) -> (Self, Canceler) {
        let signal = Signal::child(&self.signal, deadline);
        let canceler = Canceler {
            signal: Arc::clone(&signal),
        };
        (
            Self {
                signal,
                values: self.values.clone(),
            },
            canceler,
        )
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

/// Ends one context, and with it all below it.
///
/// It may be cloned, and used from any thread. To drop it does not cancel anything: a context
/// whose cancelers are all gone goes on until its deadline, or its parent's end.
#[derive(Clone)]
pub struct Canceler {
    signal: Arc<Signal>,
}

impl Canceler {
    /// Cancels the context. When this returns, it and all below it have ended. If it had ended
    /// before, nothing changes.
    pub fn cancel(&self) {
        self.signal.end(ContextError::Canceled, None);
    }

    /// Cancels the context, as [`cancel`](Self::cancel) does, and tells all who ask for the
    /// [`cause`](Context::cause).
    ///
    /// The cause may be an error, which those who ask can find by `downcast_ref`, or just a
    /// sentence.
    pub fn cancel_because(&self, cause: impl Into<Box<dyn Error + Send + Sync>>) {
        self.signal
            .end(ContextError::Canceled, Some(Arc::from(cause.into())));
    }
}

impl fmt::Debug for Canceler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Canceler")
            .field("context", &self.signal.id())
            .finish_non_exhaustive()
    }
}
