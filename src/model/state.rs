//! The state of a system in two kinds of parts, and what an instruction does to them.
//!
//! A state is one [`Common`] part (variables, locks and queues) and a [`Local`] part for each
//! thread. A step reads and changes the common part and one local part, nothing else: the machine
//! and the census both rely on that. The local parts record which thread holds a lock, so the
//! common part names no thread, and interchangeable threads stay interchangeable.

use super::language::element::{LockId, QueueId, Var};
use super::language::instruction::Mode;
use super::local::Local;
use super::memory::Memory;
use super::queue::Queue;
use super::system::{LockKind, System};

/// What all threads share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Common {
    pub(super) variables: Vec<u64>,
    pub(super) locks: Vec<Lock>,
    pub(super) queues: Vec<Queue>,
    /// Whether a thread has failed, which ends the run.
    pub(super) failed: bool,
}

/// A mutex, a read-write lock or a semaphore.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Lock {
    /// For a semaphore, the permits that are left; otherwise 0: free; [`WRITTEN`]: held exclusively;
    /// else the number of readers.
    state: u32,
    /// The number of writers that wait and let no more readers in.
    announced: u32,
}

const WRITTEN: u32 = u32::MAX;

impl Common {
    pub(super) fn start(system: &System) -> Self {
        let lock = |kind: &LockKind| Lock {
            state: match *kind {
                LockKind::Semaphore { permits } => permits,
                LockKind::Mutex | LockKind::ReadWrite => 0,
            },
            announced: 0,
        };
        let mut threads = (0..system.threads()).map(|thread| Local::start(system, thread));
        Self {
            variables: system.initial_values().to_vec(),
            locks: system.lock_kinds().iter().map(lock).collect(),
            queues: system
                .queue_kinds()
                .iter()
                .map(|&kind| Queue::new(kind))
                .collect(),
            failed: threads.any(|local| local.failed.is_some()),
        }
    }

    /// Becomes equal to `other`, in the same allocations.
    pub(super) fn copy_from(&mut self, other: &Self) {
        self.variables.clone_from(&other.variables);
        self.locks.clone_from(&other.locks);
        self.queues.clone_from(&other.queues);
        self.failed = other.failed;
    }
}

impl Common {
    /// Returns the permits that a semaphore has left.
    pub(super) fn permits(&self, semaphore: LockId) -> u32 {
        self.locks[semaphore.index()].state
    }
}

impl Memory for Common {
    fn load(&mut self, variable: Var) -> u64 {
        self.variables[variable.index()]
    }

    fn store(&mut self, variable: Var, value: u64) -> u64 {
        std::mem::replace(&mut self.variables[variable.index()], value)
    }

    fn fetch_add(&mut self, variable: Var, by: u64) -> u64 {
        let after = self.load(variable).wrapping_add(by);
        self.store(variable, after)
    }

    fn swap(&mut self, variable: Var, value: u64) -> u64 {
        self.store(variable, value)
    }

    fn compare_exchange(&mut self, variable: Var, expected: u64, new: u64) -> u64 {
        let seen = self.load(variable);
        if seen == expected {
            self.store(variable, new);
        }
        seen
    }

    fn peek(&self, variable: Var) -> u64 {
        self.variables[variable.index()]
    }

    fn is_free(&self, lock: LockId, mode: Mode) -> bool {
        let Lock { state, announced } = self.locks[lock.index()];
        match mode {
            Mode::Exclusive => state == 0,
            // The last count but one is never reached: there are at most 4096 threads.
            Mode::Shared => state != WRITTEN && announced == 0,
            Mode::Permit => state > 0,
        }
    }

    fn acquire(&mut self, lock: LockId, mode: Mode) {
        let Lock { state, announced } = &mut self.locks[lock.index()];
        match mode {
            Mode::Exclusive => {
                *state = WRITTEN;
                *announced = announced.saturating_sub(1);
            }
            Mode::Shared => *state += 1,
            Mode::Permit => *state -= 1,
        }
    }

    fn release(&mut self, lock: LockId, mode: Mode) {
        let Lock { state, .. } = &mut self.locks[lock.index()];
        *state = match mode {
            Mode::Exclusive => 0,
            Mode::Shared => state.saturating_sub(1),
            Mode::Permit => state.saturating_add(1),
        };
    }

    fn announce(&mut self, lock: LockId) {
        self.locks[lock.index()].announced += 1;
    }

    fn with_queue<R>(&self, queue: QueueId, look: impl FnOnce(&Queue) -> R) -> R {
        look(&self.queues[queue.index()])
    }

    fn change_queue<R>(&mut self, queue: QueueId, change: impl FnOnce(&mut Queue) -> R) -> R {
        change(&mut self.queues[queue.index()])
    }

    fn fail(&mut self) {
        self.failed = true;
    }

    fn has_failed(&self) -> bool {
        self.failed
    }
}
