//! A system in motion: one step of one thread at a time.

use super::actor::Actor;
use super::effect::{Effect, Wait};
use super::label::Label;
use super::language::element::{LockId, QueueId, Reg, Var};
use super::language::instruction::{Instruction, Mode};
use super::language::operation::Fault;
use super::language::text::Names;
use super::leap::advance::advance;
use super::local::Local;
use super::state::Common;
use super::system::System;

/// Whether a thread can move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// It can take its next step.
    Ready,
    /// It waits.
    Blocked(Wait),
    /// It has finished.
    Done,
    /// It has failed, which ended the run.
    Failed(Failure),
    /// Another thread has failed.
    Halted,
}

/// Where a thread failed, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Failure {
    /// The index of the instruction.
    pub at: usize,
    /// What was wrong.
    pub fault: Fault,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// All threads are done; this is the total.
    Total(u64),
    /// All threads are done; these are the values that the system shows.
    Values(Box<[u64]>),
    /// No thread can move; these threads wait, each with what it waits for.
    Deadlock(Vec<(usize, Wait)>),
    /// This thread failed.
    Failed(usize, Failure),
    /// Threads go round for ever, and no step leads out. Only a census can tell.
    Livelock,
}

impl Ending {
    /// Returns how threads with these statuses have ended: as in `finished` if all are done; `None`
    /// if a thread can move.
    pub fn of(
        statuses: impl IntoIterator<Item = Status>,
        finished: impl FnOnce() -> Self,
    ) -> Option<Self> {
        let mut waits = Vec::new();
        for (thread, status) in statuses.into_iter().enumerate() {
            match status {
                Status::Ready => return None,
                Status::Blocked(wait) => waits.push((thread, wait)),
                Status::Failed(failure) => return Some(Self::Failed(thread, failure)),
                Status::Done | Status::Halted => {}
            }
        }
        Some(if waits.is_empty() {
            finished()
        } else {
            Self::Deadlock(waits)
        })
    }

    /// Returns the one of all ends that differ only in which of several interchangeable threads wait or
    /// failed in which it is the first of them, in the order of what they wait for.
    #[must_use]
    pub fn folded(self, system: &System) -> Self {
        let alike =
            |program| (0..system.threads()).filter(move |&t| system.program_index(t) == program);
        match self {
            Self::Failed(thread, failure) => {
                let first = alike(system.program_index(thread)).next();
                Self::Failed(first.unwrap_or(thread), failure)
            }
            Self::Deadlock(waits) => {
                let by_program = |(thread, wait)| (system.program_index(thread), wait);
                let mut waits: Vec<_> = waits.into_iter().map(by_program).collect();
                waits.sort_unstable();
                let mut folded = Vec::new();
                for group in waits.chunk_by(|(left, _), (right, _)| left == right) {
                    let waits = group.iter().map(|&(_, wait)| wait);
                    folded.extend(alike(group[0].0).zip(waits));
                }
                folded.sort_unstable();
                Self::Deadlock(folded)
            }
            finished => finished,
        }
    }

    /// Returns whether it is the same end of this system, no matter which of several interchangeable
    /// threads has failed.
    pub fn is_like(&self, other: &Self, system: &System) -> bool {
        match (self, other) {
            (Self::Failed(a, failure), Self::Failed(b, same)) => {
                failure == same && system.program_index(*a) == system.program_index(*b)
            }
            _ => self == other,
        }
    }

    /// Returns it in a few words, as an end of this system: `x = 1, y = -2`.
    pub fn text(&self, system: &System) -> String {
        match self {
            Self::Total(total) => total.to_string(),
            Self::Values(values) => {
                let named = system.shown_names().zip(values);
                let named = named.map(|(name, value)| format!("{name} = {}", value.cast_signed()));
                named.collect::<Vec<_>>().join(", ")
            }
            Self::Deadlock(_) => "deadlock".into(),
            Self::Livelock => "livelock".into(),
            Self::Failed(thread, failure) => {
                let line = system.program(*thread).line(failure.at);
                let line = line.map_or_else(String::new, |line| format!(", line {line}"));
                match failure.fault {
                    Fault::Assertion => format!("assertion{line}"),
                    fault => format!("{fault}{line}"),
                }
            }
        }
    }

    /// Returns the total; `None` for any other end.
    pub fn total(&self) -> Option<u64> {
        match self {
            Self::Total(total) => Some(*total),
            Self::Values(_) | Self::Deadlock(_) | Self::Failed(..) | Self::Livelock => None,
        }
    }
}

/// One step that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// The thread or the store buffer that moved.
    pub actor: Actor,
    /// The index of the visible instruction; for a delivery, of the thread's next one.
    pub at: usize,
    /// That instruction; `None` for a delivery.
    pub instruction: Option<Instruction>,
    /// What it did.
    pub effect: Effect,
    /// Whether the thread is done now.
    pub done: bool,
}

/// A system in one of its states, which its threads change step by step. A clone is a way back.
#[derive(Clone, Debug)]
pub struct Machine<'s> {
    pub(super) system: &'s System,
    pub(super) common: Common,
    pub(super) locals: Vec<Local>,
}

impl PartialEq for Machine<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.common == other.common && self.locals == other.locals
    }
}

impl<'s> Machine<'s> {
    /// Creates a machine in the initial state of the system.
    pub fn new(system: &'s System) -> Self {
        let start = |thread| Local::start(system, thread);
        Self {
            system,
            common: Common::start(system),
            locals: (0..system.threads()).map(start).collect(),
        }
    }

    /// Returns its system.
    pub fn system(&self) -> &'s System {
        self.system
    }

    /// Returns whether a thread can move. A thread that does not exist is done.
    pub fn status(&self, thread: usize) -> Status {
        let Some(local) = self.locals.get(thread) else {
            return Status::Done;
        };
        local.status(self.system.program(thread), &self.common)
    }

    /// Returns whether an actor can move: a store buffer without a store is done.
    pub fn actor_status(&self, actor: Actor) -> Status {
        match actor {
            Actor::Thread(thread) => self.status(thread),
            Actor::Buffer(_) if self.is_ready(actor) => Status::Ready,
            Actor::Buffer(_) => Status::Done,
        }
    }

    /// Returns whether an actor can take a step.
    pub fn is_ready(&self, actor: impl Into<Actor>) -> bool {
        match actor.into() {
            Actor::Thread(thread) => self.status(thread) == Status::Ready,
            Actor::Buffer(thread) => {
                let local = self.locals.get(thread);
                local.is_some_and(|local| local.can_deliver(&self.common))
            }
        }
    }

    /// Returns the actors that can take a step, the threads first.
    pub fn ready(&self) -> impl Iterator<Item = Actor> + use<'_, 's> {
        let actors = self.system.actors();
        actors.filter(|&actor| self.is_ready(actor))
    }

    /// Returns the stores of a thread that have not been delivered, the oldest first: each with the
    /// variable and its value.
    pub fn buffered(&self, thread: usize) -> &[(Var, u64)] {
        let buffer = self
            .locals
            .get(thread)
            .and_then(|local| local.buffer.as_ref());
        buffer.map_or(&[], |buffer| buffer.stores())
    }

    /// Lets an actor take one step.
    ///
    /// # Errors
    /// Returns its status when it is not ready; nothing has changed then.
    pub fn step(&mut self, actor: impl Into<Actor>) -> Result<Step, Status> {
        let actor = actor.into();
        let Some(local) = self.locals.get_mut(actor.thread()) else {
            return Err(Status::Done);
        };
        let program = self.system.program(actor.thread());
        let at = local.at;
        let effect = match actor {
            Actor::Thread(_) => local.step(program, &mut self.common)?,
            Actor::Buffer(_) => local.deliver(&mut self.common).ok_or(Status::Done)?,
        };
        Ok(Step {
            actor,
            at,
            instruction: (!actor.is_buffer()).then(|| program.code()[at]),
            effect,
            done: local.is_done(program),
        })
    }

    /// Lets an actor take steps, at most this many, until it is blocked or done: the rounds of a loop
    /// at once where possible. Returns how many it took, and its status if it could take no more.
    pub(super) fn advance(&mut self, actor: Actor, most: u64) -> (u64, Option<Status>) {
        let Some(local) = self.locals.get_mut(actor.thread()) else {
            return (0, Some(Status::Done));
        };
        if actor.is_buffer() {
            let steps = (0..most).take_while(|_| local.deliver(&mut self.common).is_some());
            let taken = steps.count() as u64;
            return (taken, (taken < most).then_some(Status::Done));
        }
        let program = self.system.program(actor.thread());
        advance(program, local, &mut self.common, most)
    }

    /// Returns the index of a thread's next visible instruction; `None` when it is done.
    pub fn at(&self, thread: usize) -> Option<usize> {
        let local = self.locals.get(thread)?;
        (!local.is_done(self.system.program(thread))).then_some(local.at)
    }

    /// Returns a thread's next visible instruction as text, in which the element of an array is the
    /// one it is now; `None` when the thread is done.
    pub fn next_text(&self, thread: usize) -> Option<String> {
        let instruction = self.system.program(thread).code().get(self.at(thread)?)?;
        let values = &self.locals.get(thread)?.registers;
        let names = Names {
            values,
            ..self.system.names(thread)
        };
        Some(instruction.text(&names))
    }

    /// Returns the value of a variable.
    pub fn variable(&self, variable: Var) -> u64 {
        self.common.variables[variable.index()]
    }

    /// Returns the value of a thread's register; `None` if it no longer matters.
    pub fn register(&self, thread: usize, register: Reg) -> Option<u64> {
        let local = self.locals.get(thread)?;
        let live = self.system.program(thread).live_at(local.at);
        let value = local.registers.get(register.index())?;
        (live >> register.index() & 1 == 1).then_some(*value)
    }

    /// Returns the threads that hold a lock, each with its mode.
    pub fn holders(&self, lock: LockId) -> Vec<(usize, Mode)> {
        let holds = |(thread, local): (usize, &Local)| Some((thread, local.held.mode(lock)?));
        self.locals.iter().enumerate().filter_map(holds).collect()
    }

    /// Returns the permits that a semaphore has left.
    pub fn permits(&self, semaphore: LockId) -> u32 {
        self.common.permits(semaphore)
    }

    /// Returns the number of threads in a queue: those that wait, and those that were called and have
    /// not moved yet.
    pub fn queued(&self, queue: QueueId) -> u32 {
        self.common.queues[queue.index()].threads()
    }

    /// Returns the total as it would be read now.
    pub fn total(&self) -> u64 {
        self.system.total_of(&self.common.variables)
    }

    /// Returns how it ended, if no thread can move any more.
    pub fn ending(&self) -> Option<Ending> {
        let statuses = (0..self.locals.len()).map(|thread| self.status(thread));
        let is_delivering = self
            .locals
            .iter()
            .any(|local| local.can_deliver(&self.common));
        (!is_delivering).then(|| Ending::of(statuses, || self.finished()))?
    }

    /// Returns how it would have ended if all threads were done now.
    pub fn finished(&self) -> Ending {
        let register =
            |thread: usize, register: Reg| self.locals[thread].registers[register.index()];
        self.system.finished(&self.common.variables, register)
    }

    /// Returns whether its threads, run one after the other, are done or blocked after at most
    /// `steps` steps.
    pub fn ends_within(&self, steps: u64) -> bool {
        let mut running = self.clone();
        let mut left = steps;
        loop {
            let Some(actor) = running.ready().next() else {
                return true;
            };
            while running.step(actor).is_ok() {
                if left == 0 {
                    return false;
                }
                left -= 1;
            }
        }
    }

    /// Returns what a blocked thread waits for, as a phrase: ``lock `m`, held by A``.
    pub fn describe(&self, wait: Wait) -> String {
        let name = |names: &'s [String], index| names.get(index).map_or("?", String::as_str);
        match wait {
            Wait::Lock { lock, .. } => {
                let name = name(self.system.locks(), lock.index());
                let holders = self.holders(lock).into_iter();
                let holders: Vec<_> = holders
                    .map(|(thread, _)| Label(thread).to_string())
                    .collect();
                format!("lock `{name}`, held by {}", holders.join(", "))
            }
            Wait::Variable {
                variable,
                until,
                value,
            } => {
                let name = name(self.system.variables(), variable.index());
                let now = self.variable(variable);
                let (value, now) = (value.cast_signed(), now.cast_signed());
                format!("`{name}` {until} {value} (it is {now})")
            }
            Wait::Change { variable } => {
                let name = name(self.system.variables(), variable.index());
                let now = self.variable(variable).cast_signed();
                format!("`{name}` to change (it is {now})")
            }
            Wait::Queue { queue } => {
                format!("`{}`", name(self.system.queues(), queue.index()))
            }
            Wait::Buffer => "its stores to be delivered".into(),
        }
    }
}
