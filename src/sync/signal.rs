//! How contexts end: the state machine beneath [`Context`](super::Context).
//!
//! A signal goes once from running to ended, and ends all signals below it. Each signal has its own
//! lock, and no thread ever holds two of these locks, or one of them and the clock's, so no lock order
//! is needed and no deadlock is possible. The price is that an ending moves down the tree in steps,
//! which other threads may observe or join.

use std::collections::{BTreeMap, VecDeque};
use std::error::Error;
use std::fmt;
use std::mem;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Weak};

use super::clock::{AlarmId, Clock, Moment};
use super::primitives::{AtomicU8, Condvar, Mutex, Ordering, lock, wait};

/// How a context ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContextError {
    /// It was cancelled, or a context above it was.
    Canceled = 1,
    /// Its deadline passed.
    DeadlineExceeded = 2,
}

/// The state of a signal that has not ended; otherwise its [`ContextError`] gives the state.
const RUNNING: u8 = 0;

impl fmt::Display for ContextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Canceled => "the context was cancelled",
            Self::DeadlineExceeded => "the context's deadline has passed",
        })
    }
}

impl Error for ContextError {}

/// The reason why a context ended: any error, shared by all contexts that ended together.
pub type Cause = Arc<dyn Error + Send + Sync>;

/// Identifies a context within its tree.
///
/// The contexts below one background context are numbered in the order in which they were made. Ids of
/// different trees cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContextId(u64);

impl fmt::Display for ContextId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How, why and where an ending began: one record for all signals that it reaches.
pub(super) struct End {
    pub(super) error: ContextError,
    /// The reason given to the canceler, if there was one.
    pub(super) cause: Option<Cause>,
    /// The signal that was cancelled, or whose deadline passed.
    pub(super) through: ContextId,
}

/// What all signals of one tree share.
struct Tree {
    clock: Box<dyn Clock>,
    /// A mere counter that orders nothing else, so the model checker need not see it.
    next_id: AtomicU64,
}

/// One node of the tree.
//
// invariants:
// - `state` is not RUNNING if and only if `inner.end` is set; both change once, together, under
//   the lock. Pollers read `state` alone.
// - A signal that has ended takes no more children.
// - When an ending returns to its caller, all signals that were below the signal have ended too. To
//   ensure this for two concurrent endings, the children stay in the list until the last of them has
//   ended, and an ending that meets an ended signal nevertheless goes on to its children.
// - A signal refers weakly to its children and strongly to its parent: it lives as long as there is
//   a handle to it or to a signal below it, and leaves its parent's list and the clock when it dies.
pub(super) struct Signal {
    state: AtomicU8,
    pub(super) id: ContextId,
    pub(super) deadline: Option<Moment>,
    /// Empty for the root, and once taken by `drop`.
    parent: Option<Arc<Signal>>,
    tree: Arc<Tree>,
    inner: Mutex<Inner>,
    ended: Condvar,
}

#[derive(Default)]
struct Inner {
    end: Option<Arc<End>>,
    /// In order of creation, so that an ending always takes the same path.
    children: BTreeMap<ContextId, Weak<Signal>>,
    alarm: Option<AlarmId>,
    /// Threads in `wait`: to notify a condition is a system call even if no thread waits.
    waiters: usize,
}

impl Signal {
    /// Makes a root, which never ends.
    pub(super) fn root(clock: Box<dyn Clock>) -> Arc<Self> {
        let next_id = AtomicU64::new(0);
        Arc::new(Self::new(Arc::new(Tree { clock, next_id }), None, None))
    }

    fn new(tree: Arc<Tree>, parent: Option<Arc<Self>>, deadline: Option<Moment>) -> Self {
        Self {
            state: AtomicU8::new(RUNNING),
            id: ContextId(tree.next_id.fetch_add(1, Ordering::Relaxed)),
            deadline,
            parent,
            tree,
            inner: Mutex::new(Inner::default()),
            ended: Condvar::new(),
        }
    }

    /// Makes a signal that ends with its parent, and at `deadline` at the latest.
    pub(super) fn child(parent: &Arc<Self>, deadline: Option<Moment>) -> Arc<Self> {
        // From the parent's own deadline on there is nothing to watch for: the parent passes its ending
        // on.
        let own = deadline.filter(|own| parent.deadline.is_none_or(|bound| *own < bound));
        let child = Arc::new(Self::new(
            Arc::clone(&parent.tree),
            Some(Arc::clone(parent)),
            own.or(parent.deadline),
        ));
        child.join(parent);
        if let Some(deadline) = own
            && !child.is_done()
        {
            child.watch(deadline);
        }
        child
    }

    /// Enters the parent's list, or ends as the parent did if it has ended.
    fn join(self: &Arc<Self>, parent: &Self) {
        let mut inner = lock(&parent.inner);
        let Some(end) = inner.end.clone() else {
            inner.children.insert(self.id, Arc::downgrade(self));
            return;
        };
        drop(inner);
        self.spread(end);
    }

    /// Sets an alarm at the deadline, to be cleared at the end.
    fn watch(self: &Arc<Self>, deadline: Moment) {
        let signal = Arc::downgrade(self);
        let ring = Box::new(move || {
            if let Some(signal) = signal.upgrade() {
                signal.end(ContextError::DeadlineExceeded, None);
            }
        });
        let alarm = self.tree.clock.set_alarm(deadline, ring);
        // After the alarm is set, since a clock that is moved by another thread may by now have
        // passed the deadline, and not ring for it until it moves again.
        if self.tree.clock.now() >= deadline {
            self.end(ContextError::DeadlineExceeded, None);
        }
        let alarm = match alarm {
            Ok(alarm) => alarm,
            // Without an alarm the work might go on for ever.
            Err(error) => return self.end(ContextError::Canceled, Some(Arc::new(error))),
        };
        let mut inner = lock(&self.inner);
        if inner.end.is_none() {
            inner.alarm = Some(alarm);
        } else {
            drop(inner);
            self.tree.clock.clear_alarm(alarm);
        }
    }

    /// Ends this signal and all signals below it, unless it has ended before.
    pub(super) fn end(self: &Arc<Self>, error: ContextError, cause: Option<Cause>) {
        self.spread(Arc::new(End {
            error,
            cause,
            through: self.id,
        }));
    }

    /// Carries an ending down the tree: parents before their children, older children before younger
    /// ones, and with a queue instead of recursion, since a chain may be longer than a stack.
    fn spread(self: &Arc<Self>, end: Arc<End>) {
        let mut pending = VecDeque::from([(Arc::clone(self), end)]);
        let mut parents = Vec::new();
        while let Some((signal, end)) = pending.pop_front() {
            let before = pending.len();
            signal.settle(end, &mut pending);
            if pending.len() > before {
                parents.push(signal);
            }
        }
        // All signals below these have ended now: see the invariants.
        for signal in parents {
            let children = mem::take(&mut lock(&signal.inner).children);
            drop(children);
        }
        if let Some(parent) = &self.parent {
            lock(&parent.inner).children.remove(&self.id);
        }
    }

    /// Ends this signal alone, and adds its children to the pending signals. If it has ended before, they
    /// receive that ending.
    fn settle(&self, end: Arc<End>, pending: &mut VecDeque<(Arc<Self>, Arc<End>)>) {
        let mut inner = lock(&self.inner);
        let first = inner.end.is_none();
        let end = Arc::clone(inner.end.get_or_insert(end));
        if first {
            // Release: all that was done before the end happens before what follows seeing it.
            self.state.store(end.error as u8, Ordering::Release);
        }
        let children = inner.children.values().filter_map(Weak::upgrade);
        pending.extend(children.map(|child| (child, Arc::clone(&end))));
        let (alarm, has_waiters) = (inner.alarm.take(), inner.waiters > 0);
        drop(inner);
        if first && has_waiters {
            self.ended.notify_all();
        }
        if let Some(alarm) = alarm {
            self.tree.clock.clear_alarm(alarm);
        }
    }

    /// Waits until this signal has ended.
    pub(super) fn wait(&self) {
        let mut inner = lock(&self.inner);
        inner.waiters += 1;
        while inner.end.is_none() {
            inner = wait(&self.ended, inner);
        }
        inner.waiters -= 1;
    }

    #[inline]
    pub(super) fn is_done(&self) -> bool {
        // Acquire: the other half of the Release in `settle`.
        self.state.load(Ordering::Acquire) != RUNNING
    }

    pub(super) fn error(&self) -> Option<ContextError> {
        let state = self.state.load(Ordering::Acquire);
        [ContextError::Canceled, ContextError::DeadlineExceeded]
            .into_iter()
            .find(|&error| error as u8 == state)
    }

    pub(super) fn ending(&self) -> Option<Arc<End>> {
        lock(&self.inner).end.clone()
    }

    pub(super) fn now(&self) -> Moment {
        self.tree.clock.now()
    }

    /// Leaves the parent's list, clears the alarm, and returns the parent.
    fn leave(&mut self) -> Option<Arc<Self>> {
        let parent = self.parent.take()?;
        let alarm = lock(&self.inner).alarm.take();
        if let Some(alarm) = alarm {
            self.tree.clock.clear_alarm(alarm);
        }
        // An ending removes the signals that it reaches.
        if !self.is_done() {
            lock(&parent.inner).children.remove(&self.id);
        }
        Some(parent)
    }

    #[cfg(test)]
    pub(super) fn children(&self) -> usize {
        lock(&self.inner).children.len()
    }
}

impl Drop for Signal {
    /// Frees parent after parent until one has other handles. The drop that the compiler generates would
    /// recurse, and a long chain would overflow the stack.
    fn drop(&mut self) {
        let mut parent = self.leave();
        while let Some(mut signal) = parent.and_then(Arc::into_inner) {
            parent = signal.leave();
        }
    }
}
