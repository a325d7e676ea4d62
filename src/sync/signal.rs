//! How contexts end: the state machine beneath [`Context`](super::Context).
//!
//! A signal goes once from running to ended, and takes all below it along. Each has a lock of its
//! own, and no thread ever holds two of them, or one of them and the clock's; so there is no order
//! of locks to keep. What that costs is that an ending works its way down the tree in steps, which
//! others may watch, or join.

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
    /// Somebody cancelled it, or a context above it.
    Canceled,
    /// Its deadline passed.
    DeadlineExceeded,
}

impl fmt::Display for ContextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Canceled => "the context was cancelled",
            Self::DeadlineExceeded => "the context's deadline has passed",
        })
    }
}

impl Error for ContextError {}

/// Why a context ended: any error, shared by all the contexts that ended together.
pub type Cause = Arc<dyn Error + Send + Sync>;

/// Tells the contexts of one tree apart.
///
/// The contexts below one background context are numbered in the order in which they were made.
/// Ids of different trees have nothing to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContextId(u64);

impl fmt::Display for ContextId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How, why and where an ending began: one record for all the signals it reaches.
pub(super) struct End {
    pub(super) error: ContextError,
    /// What the canceller gave as the reason, if anything.
    pub(super) cause: Option<Cause>,
    /// The signal that was cancelled, or whose deadline passed.
    pub(super) through: ContextId,
}

/// What all the signals of one tree share.
struct Tree {
    clock: Box<dyn Clock>,
    /// Only a counter: nobody learns anything else by it, so the model checker need not see it.
    next_id: AtomicU64,
}

impl Tree {
    fn take_id(&self) -> ContextId {
        ContextId(
            self.next_id
                .fetch_add(1, std::sync::atomic::Ordering::Relaxed),
        )
    }
}

// The states, as `Signal::state` holds them.
const RUNNING: u8 = 0;
const CANCELED: u8 = 1;
const DEADLINE_EXCEEDED: u8 = 2;

/// One node of the tree.
//
// invariants:
// - `state` is not RUNNING if and only if `inner.end` is set; both change once, together, under
//   the lock. Pollers read `state` alone.
// - A signal that has ended takes no more children.
// - When an ending returns to whoever began it, all that was below the signal has ended too. For
//   that to be so with two endings at once, the children stay in the list until the last of them
//   has ended, and an ending that meets an ended signal goes on to its children all the same.
// - Children are known weakly and parents strongly: a signal lives as long as someone holds it or
//   one below it, and leaves its parent's list and the clock when it dies.
pub(super) struct Signal {
    state: AtomicU8,
    id: ContextId,
    deadline: Option<Moment>,
    /// Empty for the root, and once taken by `drop`.
    parent: Option<Arc<Signal>>,
    tree: Arc<Tree>,
    inner: Mutex<Inner>,
    ended: Condvar,
}

#[derive(Default)]
struct Inner {
    end: Option<Arc<End>>,
    /// In order of creation, so that an ending takes the same way every time.
    children: BTreeMap<ContextId, Weak<Signal>>,
    alarm: Option<AlarmId>,
    /// Threads in `wait`. To notify a condition is a system call, even if nobody waits there.
    waiters: usize,
}

impl Signal {
    /// A root, which never ends.
    pub(super) fn root(clock: Box<dyn Clock>) -> Arc<Self> {
        Arc::new(Self::new(
            Arc::new(Tree {
                clock,
                next_id: AtomicU64::new(0),
            }),
            None,
            None,
        ))
    }

    fn new(tree: Arc<Tree>, parent: Option<Arc<Self>>, deadline: Option<Moment>) -> Self {
        Self {
            state: AtomicU8::new(RUNNING),
            id: tree.take_id(),
            deadline,
            parent,
            tree,
            inner: Mutex::new(Inner::default()),
            ended: Condvar::new(),
        }
    }

    /// A signal that ends with its parent, and at `deadline` at the latest.
    pub(super) fn child(parent: &Arc<Self>, deadline: Option<Moment>) -> Arc<Self> {
        // Not before the parent's own deadline there is nothing to watch for: the parent passes
        // its ending on.
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

    /// Enters the parent's list, or, if the parent has ended, ends as it did.
    fn join(self: &Arc<Self>, parent: &Self) {
        let mut inner = lock(&parent.inner);
        let Some(end) = inner.end.clone() else {
            inner.children.insert(self.id, Arc::downgrade(self));
            return;
        };
        drop(inner);
        self.spread(end);
    }

    /// Asks the clock for an alarm at the deadline.
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
        match alarm {
            Ok(alarm) => self.keep(alarm),
            // A deadline that nobody watches would let the work go on for ever.
            Err(error) => self.end(ContextError::Canceled, Some(Arc::new(error))),
        }
    }

    /// Notes the alarm, to be cleared at the end; which may already have come.
    fn keep(&self, alarm: AlarmId) {
        let mut inner = lock(&self.inner);
        if inner.end.is_none() {
            inner.alarm = Some(alarm);
        } else {
            drop(inner);
            self.tree.clock.clear_alarm(alarm);
        }
    }

    /// Ends this signal and all below it, unless it has ended before.
    pub(super) fn end(self: &Arc<Self>, error: ContextError, cause: Option<Cause>) {
        self.spread(Arc::new(End {
            error,
            cause,
            through: self.id,
        }));
    }

    /// Carries an ending down the tree: parents before their children, the elder before the
    /// younger, and with a queue instead of recursion, since a chain may be longer than a stack.
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
        // Every child in these lists has ended now, and so has all below it: see the invariants.
        for signal in parents {
            let children = mem::take(&mut lock(&signal.inner).children);
            drop(children);
        }
        if let Some(parent) = &self.parent {
            parent.forget(self.id);
        }
    }

    /// Ends this signal alone, and adds its children to those still to be ended. If it has ended
    /// before, that ending is the one they are given.
    fn settle(&self, end: Arc<End>, pending: &mut VecDeque<(Arc<Self>, Arc<End>)>) {
        let mut inner = lock(&self.inner);
        let first = inner.end.is_none();
        let end = Arc::clone(inner.end.get_or_insert(end));
        if first {
            let state = match end.error {
                ContextError::Canceled => CANCELED,
                ContextError::DeadlineExceeded => DEADLINE_EXCEEDED,
            };
            // Release: who sees the end also sees whatever was done before it.
            self.state.store(state, Ordering::Release);
        }
        let children = inner.children.values().filter_map(Weak::upgrade);
        pending.extend(children.map(|child| (child, Arc::clone(&end))));
        let (alarm, someone_waits) = (inner.alarm.take(), inner.waiters > 0);
        drop(inner);
        if first && someone_waits {
            self.ended.notify_all();
        }
        if let Some(alarm) = alarm {
            self.tree.clock.clear_alarm(alarm);
        }
    }

    /// Strikes a child off the list, if it is there.
    fn forget(&self, child: ContextId) {
        lock(&self.inner).children.remove(&child);
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
        match self.state.load(Ordering::Acquire) {
            CANCELED => Some(ContextError::Canceled),
            DEADLINE_EXCEEDED => Some(ContextError::DeadlineExceeded),
            _ => None,
        }
    }

    pub(super) fn ending(&self) -> Option<Arc<End>> {
        lock(&self.inner).end.clone()
    }

    pub(super) fn id(&self) -> ContextId {
        self.id
    }

    pub(super) fn deadline(&self) -> Option<Moment> {
        self.deadline
    }

    pub(super) fn now(&self) -> Moment {
        self.tree.clock.now()
    }

    /// Leaves the parent's list and the clock's, and gives up the parent.
    fn leave(&mut self) -> Option<Arc<Self>> {
        let parent = self.parent.take()?;
        let alarm = lock(&self.inner).alarm.take();
        if let Some(alarm) = alarm {
            self.tree.clock.clear_alarm(alarm);
        }
        // An ending strikes off those it reaches.
        if !self.is_done() {
            parent.forget(self.id);
        }
        Some(parent)
    }

    #[cfg(test)]
    pub(super) fn children(&self) -> usize {
        lock(&self.inner).children.len()
    }
}

impl Drop for Signal {
    /// Parent after parent, for as long as nobody else holds them: left to the compiler, a long
    /// chain would be freed by as deep a recursion, and overflow the stack.
    fn drop(&mut self) {
        let mut parent = self.leave();
        while let Some(mut signal) = parent.and_then(Arc::into_inner) {
            parent = signal.leave();
        }
    }
}
