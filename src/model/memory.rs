//! What instructions act on: the model's own variables and locks, or real ones.

use super::language::instruction::{LockId, Mode, Var};
use super::language::program::Program;
use super::machine::Status;
use super::state::Local;
use super::system::System;

/// Variables and locks shared by several threads.
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
