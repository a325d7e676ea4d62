//! Builds systems, and checks them.

use super::error::ModelError;
use super::language::element::{Declared, Element, LockId, QueueId, Var};
use super::language::instruction::{Instruction, Mode};
use super::language::program::Program;
use super::system::{LockKind, QueueKind, Shown, System};

const MAX_VARIABLES: usize = 4096;
const MAX_THREADS: usize = 4096;
const MAX_LOCKS: usize = 64;
const MAX_QUEUES: usize = 64;

/// Builds a [`System`]; [`build`](Self::build) checks it.
#[derive(Clone, Debug)]
pub struct SystemBuilder {
    pub(super) system: System,
}

impl SystemBuilder {
    /// Declares a variable.
    pub fn variable(&mut self, name: impl Into<String>, initial: u64) -> Var {
        self.system.variables.push(name.into());
        self.system.initial.push(initial);
        // Past the limit `build` reports an error, so saturating loses nothing.
        Var(u16::try_from(self.system.variables.len() - 1).unwrap_or(u16::MAX))
    }

    fn lock(&mut self, name: String, kind: LockKind) -> LockId {
        self.system.locks.push(name);
        self.system.kinds.push(kind);
        LockId(u16::try_from(self.system.locks.len() - 1).unwrap_or(u16::MAX))
    }

    /// Declares a mutex.
    pub fn mutex(&mut self, name: impl Into<String>) -> LockId {
        self.lock(name.into(), LockKind::Mutex)
    }

    /// Declares a read-write lock.
    pub fn rwlock(&mut self, name: impl Into<String>) -> LockId {
        self.lock(name.into(), LockKind::ReadWrite)
    }

    /// Declares a semaphore.
    pub fn semaphore(&mut self, name: impl Into<String>, permits: u32) -> LockId {
        self.lock(name.into(), LockKind::Semaphore { permits })
    }

    /// Declares a condition variable or a barrier.
    pub fn queue(&mut self, name: impl Into<String>, kind: QueueKind) -> QueueId {
        self.system.queues.push(name.into());
        self.system.queue_kinds.push(kind);
        QueueId(u16::try_from(self.system.queues.len() - 1).unwrap_or(u16::MAX))
    }

    /// Adds a thread. Threads with equal programs are interchangeable.
    pub fn thread(&mut self, program: &Program) -> &mut Self {
        let programs = &mut self.system.programs;
        let known = programs.iter().position(|p| p == program);
        let index = known.unwrap_or_else(|| {
            programs.push(program.clone());
            programs.len() - 1
        });
        self.system.threads.push(index);
        self
    }

    /// Counts a variable towards the total.
    pub fn total(&mut self, variable: Var) -> &mut Self {
        self.system.total.push(variable);
        self
    }

    /// Shows a value at the end, instead of a total.
    pub fn show(&mut self, shown: Shown) -> &mut Self {
        self.system.shown.push(shown);
        self
    }

    /// Returns the finished system.
    ///
    /// # Errors
    /// When a program touches something undeclared, or there is no thread.
    pub fn build(self) -> Result<System, ModelError> {
        let system = self.system;
        let limits = [
            (system.variables.len(), MAX_VARIABLES, "variables"),
            (system.threads.len(), MAX_THREADS, "threads"),
            (system.locks.len(), MAX_LOCKS, "locks"),
            (system.queues.len(), MAX_QUEUES, "queues"),
        ];
        ModelError::check_limits(&limits)?;
        if system.threads.is_empty() {
            return Err(ModelError::NoThreads);
        }
        let declared = |variable: Var| variable.index() < system.variables.len();
        for program in &system.programs {
            for (at, instruction) in program.code().iter().enumerate() {
                if let Some(problem) = system.problem(instruction) {
                    return Err(ModelError::instruction(program.name(), at, problem));
                }
            }
        }
        let thread = |thread: usize| {
            system
                .threads
                .get(thread)
                .map(|&index| &system.programs[index])
        };
        let is_shown = |shown: &Shown| match *shown {
            Shown::Variable(variable) => declared(variable),
            Shown::Register(of, register) => {
                thread(of).is_some_and(|program| register.index() < program.registers().len())
            }
        };
        if !system.total.iter().copied().all(declared) || !system.shown.iter().all(is_shown) {
            let problem = "uses an undeclared variable";
            return Err(ModelError::instruction("total", 0, problem));
        }
        Ok(system)
    }
}

impl System {
    /// Returns what is wrong with an instruction in this system, if anything.
    fn problem(&self, instruction: &Instruction) -> Option<&'static str> {
        fn exists<T: Declared + Into<usize>>(element: Option<Element<T>>, declared: usize) -> bool {
            element.is_none_or(|e| e.candidates().all(|one| one.into() < declared))
        }
        let lock = instruction.lock();
        if !exists(instruction.variable(), self.variables.len()) {
            return Some("uses an undeclared variable");
        }
        if !exists(lock.map(|(lock, _)| lock), self.locks.len()) {
            return Some("uses an undeclared lock");
        }
        if !exists(instruction.queue(), self.queues.len()) {
            return Some("uses an undeclared queue");
        }
        let (lock, mode) = lock?;
        let mut kinds = lock.candidates().map(|lock| self.kinds[lock.index()]);
        let fits = |kind| match kind {
            LockKind::Mutex => mode == Mode::Exclusive,
            LockKind::ReadWrite => mode != Mode::Permit,
            LockKind::Semaphore { .. } => mode == Mode::Permit,
        };
        (!kinds.all(fits)).then_some(match mode {
            Mode::Exclusive => "locks a semaphore",
            Mode::Shared => "read-locks a mutex",
            Mode::Permit => "acquires a permit of what is no semaphore",
        })
    }
}
