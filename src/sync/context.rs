//! Contexts: who may say "stop", and how those who work get to know.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

#[derive(Default, Debug)]
struct Shared {
    done: AtomicBool,
    lock: Mutex<()>,
    changed: Condvar,
}

/// Carries the word "stop" to everyone who works under it.
#[derive(Clone, Debug)]
pub struct Context(Arc<Shared>);

/// Cancels one context.
#[derive(Clone, Debug)]
pub struct Canceler(Arc<Shared>);

impl Context {
    /// A context that nobody ends.
    pub fn background() -> Self {
        Self(Arc::default())
    }

    /// A child that its canceler can end.
    pub fn with_cancel(&self) -> (Self, Canceler) {
        let shared = Arc::<Shared>::default();
        (Self(Arc::clone(&shared)), Canceler(shared))
    }

    /// Whether the context has ended.
    #[inline]
    pub fn is_done(&self) -> bool {
        self.0.done.load(Ordering::Acquire)
    }

    /// Waits until the context has ended, or for so long; says whether it has ended.
    pub fn wait_for(&self, time: Duration) -> bool {
        let guard = self.0.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .0
            .changed
            .wait_timeout_while(guard, time, |()| !self.is_done());
        drop(waited);
        self.is_done()
    }
}

impl Canceler {
    /// Ends the context.
    pub fn cancel(&self) {
        let guard = self.0.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.0.done.store(true, Ordering::Release);
        drop(guard);
        self.0.changed.notify_all();
    }
}
