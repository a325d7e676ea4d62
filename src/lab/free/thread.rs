//! One thread of a program, on real shared memory: what each operation does.

use std::sync::atomic::{Ordering, fence};

use super::code::{Code, Operation, Place};
use super::memory::{Instance, Verdict};
use super::stage::News;
use super::tally::Trouble;
use super::waiting::{Looping, Phase};
use super::watch::{Sign, Watch};
use crate::model::{Declared, Failure, Fault, Held, MOST_LOCAL, Wait};
use crate::sync::Context;

/// One execution as its threads see it.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) code: &'a Code,
    pub(super) instance: &'a Instance,
    pub(super) signs: &'a [Sign],
    /// Its number in the stride, from 1.
    pub(super) execution: usize,
    /// Whether threads share cores.
    pub(super) crowded: bool,
    pub(super) context: &'a Context,
}

/// Why a thread has stopped before its end.
pub(super) enum Halt {
    /// It has failed.
    Failed(Fault),
    /// The execution has been ended; without a verdict, this thread waited here or looped.
    Ended(Trouble),
    /// The context is done.
    Canceled,
}

/// A thread between two looks at the clock.
#[derive(Debug)]
pub(super) struct FreeThread {
    pub(super) number: usize,
    /// The registers, then the constants.
    pub(super) cells: Box<[u64]>,
    pub(super) held: Held,
    /// Its place in the queue that it waits in.
    pub(super) ticket: u32,
    /// Jumps back until it looks around.
    pub(super) jumps: u32,
    pub(super) phase: Phase,
    pub(super) watch: Watch,
    /// Where it was, with which registers, when it began to look out for a circle.
    pub(super) circle: (usize, Box<[u64]>),
    /// Since when it has looped in this execution, if it has.
    pub(super) looping: Option<Looping>,
    /// What it heard in the last stride.
    pub(super) news: News,
}

impl FreeThread {
    pub(super) fn new(number: usize, code: &Code, locks: usize, threads: usize) -> Self {
        Self {
            number,
            cells: code.cells(),
            held: Held::nothing(locks),
            ticket: 0,
            jumps: 0,
            phase: Phase::Runs,
            watch: Watch::new(threads),
            circle: (0, vec![0; code.registers].into()),
            looping: None,
            news: News::default(),
        }
    }

    /// Prepares for an execution, so that nothing but its operations comes after its start.
    pub(super) fn prepare(&mut self, scene: Scene<'_>) {
        self.cells[..scene.code.registers].fill(0);
        self.held.clear();
        self.begin(scene);
    }

    /// Runs an execution, for which the thread is prepared, to its end. Returns why it did not come to
    /// its own end, if so.
    pub(super) fn play(&mut self, scene: Scene<'_>) -> Option<Trouble> {
        let mut at = 0;
        match self.run(scene, &mut at) {
            Ok(()) | Err(Halt::Canceled) => None,
            Err(Halt::Ended(trouble)) => Some(trouble),
            Err(Halt::Failed(fault)) => {
                let is_first = scene.instance.judgement.pass(Verdict::Failed);
                is_first.then_some(Trouble::Failed(Failure { at, fault }))
            }
        }
    }

    fn run(&mut self, scene: Scene<'_>, at: &mut usize) -> Result<(), Halt> {
        let mut computed = 0;
        while let Some(&operation) = scene.code.operations.get(*at) {
            let next = *at + 1;
            *at = match operation {
                Operation::Set { to, value } => self.set(to, self.cell(value), next),
                Operation::Add { to, left, right } => {
                    self.set(to, self.cell(left).wrapping_add(self.cell(right)), next)
                }
                Operation::Subtract { to, left, right } => {
                    self.set(to, self.cell(left).wrapping_sub(self.cell(right)), next)
                }
                Operation::Compute {
                    to,
                    left,
                    operation,
                    right,
                } => {
                    let result = operation.apply(self.cell(left), self.cell(right));
                    let result = result.ok_or(Halt::Failed(Fault::DivisionByZero))?;
                    self.set(to, result, next)
                }
                Operation::Jump { target } => self.jump(scene, *at, target.into())?,
                Operation::JumpIf {
                    left,
                    comparison,
                    right,
                    target,
                } => {
                    if comparison.holds(self.cell(left), self.cell(right)) {
                        self.jump(scene, *at, target.into())?
                    } else {
                        next
                    }
                }
                Operation::Assert { value } if self.cell(value) == 0 => {
                    return Err(Halt::Failed(Fault::Assertion));
                }
                Operation::Assert { .. } => next,
                Operation::Load { to, variable } => {
                    computed = 0;
                    let variable = self.find(variable)?;
                    let value = scene.instance.variables[variable].load(Ordering::Relaxed);
                    *at = self.set(to, value, next);
                    continue;
                }
                Operation::Store { variable, value } => {
                    computed = 0;
                    self.store(scene, variable, self.cell(value))?;
                    *at = next;
                    continue;
                }
                visible => {
                    computed = 0;
                    let skips = self.perform(scene, visible)?;
                    *at = next + usize::from(skips);
                    continue;
                }
            };
            computed += 1;
            if computed == MOST_LOCAL {
                return Err(Halt::Failed(Fault::Endless));
            }
        }
        Ok(())
    }

    #[inline]
    pub(super) fn cell(&self, cell: u16) -> u64 {
        self.cells[usize::from(cell)]
    }

    #[inline]
    pub(super) fn set(&mut self, cell: u16, value: u64, next: usize) -> usize {
        self.cells[usize::from(cell)] = value;
        next
    }

    #[inline]
    pub(super) fn find(&self, place: Place) -> Result<usize, Halt> {
        place.find(&self.cells).map_err(Halt::Failed)
    }

    #[inline]
    fn jump(&mut self, scene: Scene<'_>, from: usize, to: usize) -> Result<usize, Halt> {
        if to <= from {
            self.jumps -= 1;
            if self.jumps == 0 {
                self.look_around(scene, from, to)?;
            }
        }
        Ok(to)
    }

    #[inline]
    fn store(&mut self, scene: Scene<'_>, variable: Place, value: u64) -> Result<(), Halt> {
        let variable = self.find(variable)?;
        self.stir(scene);
        scene.instance.variables[variable].store(value, Ordering::Relaxed);
        Ok(())
    }

    /// Performs a visible operation. Returns whether it skips the next one.
    #[inline]
    fn perform(&mut self, scene: Scene<'_>, operation: Operation) -> Result<bool, Halt> {
        let variables = &scene.instance.variables;
        match operation {
            // A poll that finds nothing comes back by its own jump.
            Operation::Poll { to, variable } => {
                let variable = self.find(variable)?;
                let value = variables[variable].load(Ordering::Relaxed);
                self.set(to, value, 0);
            }
            Operation::StoreNext { variable, scratch } => {
                self.store(scene, variable, self.cell(scratch).wrapping_add(1))?;
            }
            Operation::FetchAdd { old, variable, by } => {
                let (variable, by) = (self.find(variable)?, self.cell(by));
                let before = variables[variable].fetch_add(by, Ordering::Relaxed);
                self.changed(scene, by != 0);
                self.set(old, before, 0);
            }
            Operation::Swap { old, variable, new } => {
                let (variable, new) = (self.find(variable)?, self.cell(new));
                let before = variables[variable].swap(new, Ordering::AcqRel);
                self.changed(scene, before != new);
                self.set(old, before, 0);
            }
            Operation::CompareExchange {
                seen,
                variable,
                expected,
                new,
            } => {
                let (expected, new) = (self.cell(expected), self.cell(new));
                let word = &variables[self.find(variable)?];
                let tried =
                    word.compare_exchange(expected, new, Ordering::AcqRel, Ordering::Relaxed);
                self.changed(scene, tried.is_ok());
                self.set(seen, tried.unwrap_or_else(|seen| seen), 0);
            }
            Operation::Await {
                to,
                variable,
                until,
                value,
            } => {
                let (variable, value) = (self.find(variable)?, self.cell(value));
                let wait = Wait::Variable {
                    variable: id(variable),
                    until,
                    value,
                };
                let seen = self.wait(
                    scene,
                    |_| wait,
                    |_| {
                        let seen = variables[variable].load(Ordering::Relaxed);
                        until.holds(seen, value).then_some(seen)
                    },
                )?;
                self.set(to, seen, 0);
            }
            Operation::AwaitExchange {
                variable,
                expected,
                new,
            } => self.await_exchange(scene, variable, (self.cell(expected), self.cell(new)))?,
            Operation::Fence => fence(Ordering::SeqCst),
            synchronises => return self.synchronise(scene, synchronises),
        }
        Ok(false)
    }
}

/// Returns the variable, lock or queue of this number, of which a system has at most 4096.
pub(super) fn id<T: Declared>(index: usize) -> T {
    T::with_index(u16::try_from(index).unwrap_or(u16::MAX))
}
