//! What instructions act on: the model's own variables and locks, or real ones.

use super::language::instruction::{LockId, Mode, Var};
use super::language::program::Program;
use super::machine::Status;
use super::state::Local;
use super::system::System;

/// Variables and locks that several threads share.
///
/// The model's own memory shows what every step did. A real one does just what it is asked: real
/// loads, stores and atomic operations, and locks that are really taken.
pub trait Memory {
    /// Reads a variable.
    fn load(&mut self, variable: Var) -> u64;

    /// Writes a variable. Returns what it held before, or 0 where a store does not see that.
    fn store(&mut self, variable: Var, value: u64) -> u64;

    /// Adds to a variable, indivisibly. Returns what it held before.
    fn fetch_add(&mut self, variable: Var, by: u64) -> u64;

    /// Writes a variable, indivisibly. Returns what it held before.
    fn swap(&mut self, variable: Var, value: u64) -> u64;

    /// Writes a variable if it holds what is expected. Returns what it held.
    fn compare_exchange(&mut self, variable: Var, expected: u64, new: u64) -> u64;

    /// Returns the value of a variable for a thread that waits for it to change.
    fn peek(&self, variable: Var) -> u64;

    /// Returns whether a lock can be taken in this mode now.
    fn is_free(&self, lock: LockId, mode: Mode) -> bool;

    /// Takes a lock, which is free for this mode.
    fn acquire(&mut self, lock: LockId, mode: Mode);

    /// Gives a lock back that was taken in this mode.
    fn release(&mut self, lock: LockId, mode: Mode);
}

/// One thread of a system, to be run on a memory that is given to it step by step.
#[derive(Clone, Debug)]
pub struct Runner<'s> {
    program: &'s Program,
    local: Local,
}

impl<'s> Runner<'s> {
    /// The thread before its first step.
    pub fn new(system: &'s System, thread: usize) -> Self {
        let program = system.program(thread);
        Self {
            program,
            local: Local::start(program, system.program_index(thread)),
        }
    }

    /// Takes one step: a visible instruction and the local ones after it. False, and nothing is
    /// done, when the thread has ended.
    ///
    /// Whether it may be taken now, that is, whether the thread is not blocked, is for the caller
    /// to know: see [`Plan`](super::Plan).
    pub fn step(&mut self, memory: &mut impl Memory) -> bool {
        let Some(&instruction) = self.program.code().get(self.local.at) else {
            return false;
        };
        self.local.perform(instruction, memory);
        self.local.at += 1;
        self.local.ride(self.program);
        true
    }

    /// Returns whether the thread can take its next step on this memory.
    pub fn status(&self, memory: &impl Memory) -> Status {
        if self.local.is_done(self.program) {
            return Status::Done;
        }
        match self.local.waits_for(self.program, memory) {
            Some(wait) => Status::Blocked(wait),
            None => Status::Ready,
        }
    }
}
