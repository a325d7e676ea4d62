//! What instructions act on: the model's own variables and locks, or real ones.

use super::language::element::{LockId, QueueId, Reg, Var};
use super::language::instruction::Mode;
use super::language::program::Program;
use super::local::Local;
use super::machine::Status;
use super::queue::Queue;
use super::system::System;

/// Variables, locks and queues shared by several threads.
///
/// The model's own memory reports what every step did. A memory of real threads performs real
/// loads, stores and atomic operations, and takes real locks.
pub trait Memory {
    /// Reads a variable.
    fn load(&mut self, variable: Var) -> u64;

    /// Writes a variable. Returns its value before, or 0 where a store cannot see it.
    fn store(&mut self, variable: Var, value: u64) -> u64;

    /// Adds to a variable, indivisibly. Returns its value before.
    fn fetch_add(&mut self, variable: Var, by: u64) -> u64;

    /// Writes a variable, indivisibly. Returns its value before.
    fn swap(&mut self, variable: Var, value: u64) -> u64;

    /// Writes a variable if it holds the expected value, indivisibly. Returns its value before.
    fn compare_exchange(&mut self, variable: Var, expected: u64, new: u64) -> u64;

    /// Returns the value of a variable for a thread that waits for it to change.
    fn peek(&self, variable: Var) -> u64;

    /// Returns whether a lock can be taken in this mode now.
    fn is_free(&self, lock: LockId, mode: Mode) -> bool;

    /// Takes a lock, which is free for this mode.
    fn acquire(&mut self, lock: LockId, mode: Mode);

    /// Releases a lock that was taken in this mode.
    fn release(&mut self, lock: LockId, mode: Mode);

    /// Adds the thread to the writers that wait for a lock and let no more readers in.
    fn announce(&mut self, lock: LockId);

    /// Waits until no earlier store of the thread is on its way to the other threads.
    fn fence(&mut self) {}

    /// Looks at a queue.
    fn with_queue<R>(&self, queue: QueueId, look: impl FnOnce(&Queue) -> R) -> R;

    /// Changes a queue, indivisibly.
    fn change_queue<R>(&mut self, queue: QueueId, change: impl FnOnce(&mut Queue) -> R) -> R;

    /// Ends the run of all threads, because this one has failed.
    fn fail(&mut self);

    /// Returns whether a thread has failed.
    fn has_failed(&self) -> bool;
}

/// One thread of a system, executed step by step on a memory passed to each step.
#[derive(Clone, Debug)]
pub struct Runner<'s> {
    program: &'s Program,
    local: Local,
}

impl<'s> Runner<'s> {
    /// Creates the thread before its first step.
    pub fn new(system: &'s System, thread: usize) -> Self {
        Self {
            program: system.program(thread),
            local: Local::start(system, thread),
        }
    }

    /// Takes one step: a visible instruction and the local ones after it. Returns `false`, and
    /// does nothing, when the thread is done.
    ///
    /// The caller makes sure that the thread is not blocked: see [`ScheduleRun`](super::ScheduleRun).
    pub fn step(&mut self, memory: &mut impl Memory) -> bool {
        self.local.advance(self.program, memory).is_some()
    }

    /// Returns the value of a register.
    pub fn register(&self, register: Reg) -> u64 {
        self.local.registers[register.index()]
    }

    /// Returns whether the thread can take its next step on this memory.
    pub fn status(&self, memory: &impl Memory) -> Status {
        self.local.status(self.program, memory)
    }
}
