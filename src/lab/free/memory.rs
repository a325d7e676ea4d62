//! What the threads of one execution share: variables, locks and queues.
//!
//! Each has cache lines of its own, as a program has that keeps what threads share apart. Loads and
//! stores of variables are relaxed: what hardware reorders shows. Everything else is one indivisible
//! operation of the processor, and waits until the thread's earlier stores have reached memory.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crossbeam_utils::CachePadded;

use crate::model::{LockKind, Mode, Queue, System};
use crate::strategy::lock;

/// What the threads of one execution share.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) variables: Box<[CachePadded<AtomicU64>]>,
    pub(super) locks: Box<[CachePadded<Lock>]>,
    pub(super) queues: Box<[CachePadded<Mutex<Queue>>]>,
    pub(super) judgement: CachePadded<Judgement>,
}

/// Why an execution ends before all of its threads are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A thread has failed.
    Failed,
    /// No thread will ever go on.
    Stuck,
    /// The threads have looped for long.
    Tired,
}

/// The verdict on an execution, if it needs one.
#[derive(Debug, Default)]
pub(super) struct Judgement(AtomicU32);

impl Judgement {
    /// Ends the execution. Returns whether nothing else had ended it before.
    pub(super) fn pass(&self, verdict: Verdict) -> bool {
        let word = verdict as u32 + 1;
        let passed = self
            .0
            .compare_exchange(0, word, Ordering::AcqRel, Ordering::Relaxed);
        passed.is_ok()
    }

    pub(super) fn verdict(&self) -> Option<Verdict> {
        let all = [Verdict::Failed, Verdict::Stuck, Verdict::Tired];
        let word = self.0.load(Ordering::Acquire);
        all.into_iter().find(|&one| one as u32 + 1 == word)
    }

    fn reset(&self) {
        if self.0.load(Ordering::Relaxed) != 0 {
            self.0.store(0, Ordering::Relaxed);
        }
    }
}

/// A mutex, a read-write lock or a semaphore: in the low half of the word 0, [`WRITTEN`], or the
/// number of readers or of permits; in the high half the number of writers that let no more readers
/// in.
#[derive(Debug)]
pub(super) struct Lock(AtomicU64);

const WRITTEN: u64 = u32::MAX as u64;
const ANNOUNCED: u64 = 1 << 32;

impl Lock {
    fn new(kind: LockKind) -> Self {
        Self(AtomicU64::new(Self::start(kind)))
    }

    fn start(kind: LockKind) -> u64 {
        match kind {
            LockKind::Semaphore { permits } => permits.into(),
            LockKind::Mutex | LockKind::ReadWrite => 0,
        }
    }

    /// Returns the word after the lock has been taken in this mode; `None` if it is not free.
    #[inline]
    fn taken(word: u64, mode: Mode) -> Option<u64> {
        let state = word % ANNOUNCED;
        match mode {
            Mode::Exclusive => {
                let announced = (word >> 32).saturating_sub(1);
                (state == 0).then_some(announced << 32 | WRITTEN)
            }
            Mode::Shared => (word < WRITTEN).then(|| word + 1),
            Mode::Permit => (state > 0).then(|| word - 1),
        }
    }

    /// Takes it if it is free for this mode.
    #[inline]
    pub(super) fn try_acquire(&self, mode: Mode) -> bool {
        let mut word = self.0.load(Ordering::Relaxed);
        while let Some(taken) = Self::taken(word, mode) {
            let tried = self
                .0
                .compare_exchange(word, taken, Ordering::AcqRel, Ordering::Relaxed);
            match tried {
                Ok(_) => return true,
                Err(now) => word = now,
            }
        }
        false
    }

    /// Gives it back.
    #[inline]
    pub(super) fn release(&self, mode: Mode) {
        match mode {
            Mode::Exclusive => _ = self.0.fetch_sub(WRITTEN, Ordering::AcqRel),
            Mode::Shared => _ = self.0.fetch_sub(1, Ordering::AcqRel),
            Mode::Permit => {
                let more = |word: u64| Some((word + 1).min(WRITTEN));
                let (set, fetch) = (Ordering::AcqRel, Ordering::Relaxed);
                _ = self.0.fetch_update(set, fetch, more);
            }
        }
    }

    /// Adds a writer that lets no more readers in.
    pub(super) fn announce(&self) {
        self.0.fetch_add(ANNOUNCED, Ordering::AcqRel);
    }
}

impl Instance {
    pub(super) fn new(system: &System) -> Self {
        let variable = |&value| CachePadded::new(AtomicU64::new(value));
        let queue = |&kind| CachePadded::new(Mutex::new(Queue::new(kind)));
        let made = |&kind| CachePadded::new(Lock::new(kind));
        Self {
            variables: system.initial_values().iter().map(variable).collect(),
            locks: system.lock_kinds().iter().map(made).collect(),
            queues: system.queue_kinds().iter().map(queue).collect(),
            judgement: CachePadded::default(),
        }
    }

    /// Makes it as it was at the start. Called while no thread runs.
    pub(super) fn reset(&self, system: &System) {
        for (variable, &value) in self.variables.iter().zip(system.initial_values()) {
            variable.store(value, Ordering::Relaxed);
        }
        for (lock, &kind) in self.locks.iter().zip(system.lock_kinds()) {
            lock.0.store(Lock::start(kind), Ordering::Relaxed);
        }
        for (queue, &kind) in self.queues.iter().zip(system.queue_kinds()) {
            *lock(queue) = Queue::new(kind);
        }
        self.judgement.reset();
    }

    /// Loads everything, so that its cache lines are at hand in every core when the threads start.
    pub(super) fn look(&self) {
        for variable in &self.variables {
            std::hint::black_box(variable.load(Ordering::Relaxed));
        }
        for lock in &self.locks {
            std::hint::black_box(lock.0.load(Ordering::Relaxed));
        }
    }

    /// Returns the bytes that one of a system takes.
    pub(super) fn bytes(system: &System) -> usize {
        let (variables, locks) = (system.variables().len(), system.locks().len());
        let line = size_of::<CachePadded<AtomicU64>>();
        let queue = size_of::<CachePadded<Mutex<Queue>>>();
        (variables + locks + 1) * line + system.queues().len() * queue
    }
}
