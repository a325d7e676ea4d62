//! A system in motion: one step of one thread at a time.

use super::effect::{Effect, Wait};
use super::label::Label;
use super::language::instruction::{Instruction, LockId, Mode, Reg, Var};
use super::state::{Common, Local};
use super::system::System;

/// Whether a thread can move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// It can take its next step.
    Ready,
    /// It waits.
    Blocked(Wait),
    /// It has run to its end.
    Done,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// All threads are done; this is the total.
    Total(u64),
    /// Nobody can move; these threads wait, in order, and for what.
    Deadlock(Vec<(usize, Wait)>),
}

impl Ending {
    /// Returns how threads with these statuses have ended, with this total unless some wait for ever;
    /// `None` if a thread can move.
    pub fn of(statuses: impl IntoIterator<Item = Status>, total: u64) -> Option<Self> {
        let mut waits = Vec::new();
        for (thread, status) in statuses.into_iter().enumerate() {
            match status {
                Status::Ready => return None,
                Status::Blocked(wait) => waits.push((thread, wait)),
                Status::Done => {}
            }
        }
        Some(if waits.is_empty() {
            Self::Total(total)
        } else {
            Self::Deadlock(waits)
        })
    }
}

/// One step that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// The thread that moved.
    pub thread: usize,
    /// The index of its visible instruction.
    pub at: usize,
    /// That instruction.
    pub instruction: Instruction,
    /// What it did.
    pub effect: Effect,
    /// Whether the thread is done now.
    pub done: bool,
}

/// A state of a [`System`], which can be asked and moved on. Cloning it is how to go back.
#[derive(Clone, Debug)]
pub struct Machine<'s> {
    system: &'s System,
    common: Common,
    locals: Vec<Local>,
}

impl PartialEq for Machine<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.common == other.common && self.locals == other.locals
    }
}

impl<'s> Machine<'s> {
    /// The system at its start.
    pub fn new(system: &'s System) -> Self {
        let start = |thread| {
            let index = system.program_index(thread);
            Local::start(system.program(thread), index)
        };
        Self {
            system,
            common: Common::start(system),
            locals: (0..system.threads()).map(start).collect(),
        }
    }

    pub(super) fn of_parts(system: &'s System, locals: Vec<Local>, common: Common) -> Self {
        Self {
            system,
            common,
            locals,
        }
    }

    pub(super) fn parts(&self) -> (&[Local], &Common) {
        (&self.locals, &self.common)
    }

    /// The system it moves.
    pub fn system(&self) -> &'s System {
        self.system
    }

    /// Whether a thread can move. A thread that isn't there is done.
    pub fn status(&self, thread: usize) -> Status {
        let Some(local) = self.locals.get(thread) else {
            return Status::Done;
        };
        let program = self.system.program(thread);
        if local.is_done(program) {
            return Status::Done;
        }
        match local.waits_for(program, &self.common) {
            Some(wait) => Status::Blocked(wait),
            None => Status::Ready,
        }
    }

    /// Whether a thread can take a step.
    pub fn is_ready(&self, thread: usize) -> bool {
        self.status(thread) == Status::Ready
    }

    /// Lets a thread take one step.
    ///
    /// # Errors
    /// Its status, when it is not ready; nothing has changed then.
    pub fn step(&mut self, thread: usize) -> Result<Step, Status> {
        let Some(local) = self.locals.get_mut(thread) else {
            return Err(Status::Done);
        };
        let program = self.system.program(thread);
        let at = local.at;
        let Some(&instruction) = program.code().get(at) else {
            return Err(Status::Done);
        };
        match local.step(program, &mut self.common) {
            Ok(Some(effect)) => Ok(Step {
                thread,
                at,
                instruction,
                effect,
                done: local.is_done(program),
            }),
            Ok(None) => Err(Status::Done),
            Err(wait) => Err(Status::Blocked(wait)),
        }
    }

    /// The index of the visible instruction a thread rests on; `None` when it is done.
    pub fn at(&self, thread: usize) -> Option<usize> {
        let local = self.locals.get(thread)?;
        (!local.is_done(self.system.program(thread))).then_some(local.at)
    }

    /// The value of a variable.
    pub fn variable(&self, variable: Var) -> u64 {
        self.common.variables[variable.index()]
    }

    /// The value of a thread's register; `None` if it no longer matters.
    pub fn register(&self, thread: usize, register: Reg) -> Option<u64> {
        let local = self.locals.get(thread)?;
        let live = self.system.program(thread).live_at(local.at);
        let value = local.registers.get(register.index())?;
        (live >> register.index() & 1 == 1).then_some(*value)
    }

    /// The threads that hold a lock, and how.
    pub fn holders(&self, lock: LockId) -> Vec<(usize, Mode)> {
        let holds = |(thread, local): (usize, &Local)| Some((thread, local.holds(lock)?));
        self.locals.iter().enumerate().filter_map(holds).collect()
    }

    /// The total as it would be read now.
    pub fn total(&self) -> u64 {
        self.system.total_of(&self.common.variables)
    }

    /// How it ended, if nobody can move any more.
    pub fn ending(&self) -> Option<Ending> {
        let statuses = (0..self.locals.len()).map(|thread| self.status(thread));
        Ending::of(statuses, self.total())
    }

    /// Whether its threads, one after the other, are done or stuck after at most so many steps.
    pub fn ends_within(&self, steps: u64) -> bool {
        let mut running = self.clone();
        let (threads, mut taken) = (0..self.locals.len(), 0);
        while let Some(thread) = threads.clone().find(|&thread| running.is_ready(thread)) {
            while running.step(thread).is_ok() {
                taken += 1;
                if taken > steps {
                    return false;
                }
            }
        }
        true
    }

    /// What a blocked thread waits for, as a phrase: ``lock `m`, held by A``.
    pub fn describe(&self, wait: Wait) -> String {
        match wait {
            Wait::Lock { lock, .. } => {
                let name = self.system.locks().get(lock.index());
                let holders: Vec<String> = self
                    .holders(lock)
                    .into_iter()
                    .map(|(thread, _)| Label(thread).to_string())
                    .collect();
                let name = name.map_or("?", String::as_str);
                format!("lock `{name}`, held by {}", holders.join(", "))
            }
            Wait::Variable {
                variable,
                until,
                value,
            } => {
                let name = self.system.variables().get(variable.index());
                let name = name.map_or("?", String::as_str);
                let now = self.variable(variable);
                format!("`{name}` {until} {value} (it is {now})")
            }
        }
    }
}
