//! A system: the threads, what they share, and how the total is read at the end.

use super::actor::Actor;
use super::buffer::{Buffer, MemoryModel};
use super::effect::Effect;
use super::error::ModelError;
use super::label::Label;
use super::language::builder::ProgramBuilder;
use super::language::element::{Declared, Element, LockId, QueueId, Reg, Var};
use super::language::instruction::{Instruction, Mode};
use super::language::program::Program;
use super::language::text::{Names, brief};
use super::machine::{Ending, Step};

/// The kinds of locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LockKind {
    /// One holder at a time.
    Mutex,
    /// Many readers or one writer.
    ReadWrite,
    /// As many holders as there are permits; any thread may give one back.
    Semaphore {
        /// The number of permits at the start.
        permits: u32,
    },
}

/// The kinds of queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QueueKind {
    /// A condition variable.
    Condition {
        /// Whether threads may wake without being called.
        spurious: bool,
    },
    /// A barrier, which can be used again and again.
    Barrier {
        /// The number of threads that it waits for.
        size: u32,
    },
}

const MAX_VARIABLES: usize = 4096;
const MAX_THREADS: usize = 4096;
const MAX_LOCKS: usize = 64;
const MAX_QUEUES: usize = 64;

/// The most stores in a buffer where a thread may go round for ever: without a bound there would be no
/// end of states.
const ROOM_IN_A_LOOP: usize = 4;

/// A value that is read when all threads are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shown {
    /// Of a variable.
    Variable(Var),
    /// Of a register of a thread that is interchangeable with no other.
    Register(usize, Reg),
}

/// Threads, each with its program, and what they share. The *total* is the sum of some of the
/// variables, read when all threads are done; a system may show several values instead.
///
/// Functions that take a thread panic if it does not exist.
// invariants: there is a thread; each thread's program exists and no two programs are equal, so
// that threads are interchangeable exactly when they have the same program index; programs touch
// declared variables and locks only.
#[derive(Clone, Debug)]
pub struct System {
    variables: Vec<String>,
    initial: Vec<u64>,
    locks: Vec<String>,
    kinds: Vec<LockKind>,
    queues: Vec<String>,
    queue_kinds: Vec<QueueKind>,
    programs: Vec<Program>,
    threads: Vec<usize>,
    total: Vec<Var>,
    shown: Vec<Shown>,
    memory: MemoryModel,
}

/// Builds a [`System`]; [`build`](Self::build) checks it.
#[derive(Clone, Debug)]
pub struct SystemBuilder {
    system: System,
}

impl System {
    /// Creates an empty system to add to.
    pub fn builder() -> SystemBuilder {
        SystemBuilder {
            system: Self {
                variables: Vec::new(),
                initial: Vec::new(),
                locks: Vec::new(),
                kinds: Vec::new(),
                queues: Vec::new(),
                queue_kinds: Vec::new(),
                programs: Vec::new(),
                threads: Vec::new(),
                total: Vec::new(),
                shown: Vec::new(),
                memory: MemoryModel::Sc,
            },
        }
    }

    /// Returns a system of `threads` threads that run one program on a counter, which is the total.
    ///
    /// # Errors
    /// As [`SystemBuilder::build`] and [`ProgramBuilder::build`].
    pub fn alike(
        name: &str,
        threads: usize,
        write: impl FnOnce(&mut SystemBuilder, &mut ProgramBuilder, Var),
    ) -> Result<Self, ModelError> {
        let mut system = Self::builder();
        let counter = system.variable("counter", 0);
        let mut program = ProgramBuilder::new(name);
        write(&mut system, &mut program, counter);
        let program = program.build()?;
        for _ in 0..threads {
            system.thread(&program);
        }
        system.total(counter);
        system.build()
    }

    /// Returns the same system under a memory model. It is built under sequential consistency.
    #[must_use]
    pub fn under(mut self, memory: MemoryModel) -> Self {
        self.memory = memory;
        self
    }

    /// Returns the memory model.
    pub fn memory(&self) -> MemoryModel {
        self.memory
    }

    /// Returns a store buffer as each thread has it at the start.
    pub(super) fn store_buffer(&self) -> Option<Buffer> {
        let ends = self.programs.iter().all(Program::certainly_ends);
        let room = if ends { usize::MAX } else { ROOM_IN_A_LOOP };
        (self.memory == MemoryModel::Tso).then(|| Buffer::new(room))
    }

    /// Returns the actors that take the steps of a schedule: the threads in their order, then their
    /// store buffers if they have any.
    pub fn actors(&self) -> impl Iterator<Item = Actor> + use<> {
        let threads = self.threads.len();
        let buffers = match self.memory {
            MemoryModel::Sc => 0,
            MemoryModel::Tso => threads,
        };
        (0..threads)
            .map(Actor::Thread)
            .chain((0..buffers).map(Actor::Buffer))
    }

    /// Returns the number of threads.
    pub fn threads(&self) -> usize {
        self.threads.len()
    }

    /// Returns the program of a thread.
    pub fn program(&self, thread: usize) -> &Program {
        &self.programs[self.threads[thread]]
    }

    /// Returns the different programs.
    pub fn programs(&self) -> &[Program] {
        &self.programs
    }

    /// Returns the index of a thread's program among [`programs`](Self::programs). Threads with
    /// the same program are interchangeable.
    pub fn program_index(&self, thread: usize) -> usize {
        self.threads[thread]
    }

    /// Returns the names of the variables.
    pub fn variables(&self) -> &[String] {
        &self.variables
    }

    /// Returns the variables, each with its name.
    pub fn named_variables(&self) -> impl Iterator<Item = (&str, Var)> {
        self.variables
            .iter()
            .map(String::as_str)
            .zip((0..).map(Var))
    }

    /// Returns the locks, each with its name.
    pub fn named_locks(&self) -> impl Iterator<Item = (&str, LockId)> {
        self.locks.iter().map(String::as_str).zip((0..).map(LockId))
    }

    /// Returns the initial values of the variables.
    pub fn initial_values(&self) -> &[u64] {
        &self.initial
    }

    /// Returns the names of the locks.
    pub fn locks(&self) -> &[String] {
        &self.locks
    }

    /// Returns the kinds of the locks.
    pub fn lock_kinds(&self) -> &[LockKind] {
        &self.kinds
    }

    /// Returns the names of the queues.
    pub fn queues(&self) -> &[String] {
        &self.queues
    }

    /// Returns the queues, each with its name.
    pub fn named_queues(&self) -> impl Iterator<Item = (&str, QueueId)> {
        let names = self.queues.iter().map(String::as_str);
        names.zip((0..).map(QueueId))
    }

    /// Returns the kinds of the queues.
    pub fn queue_kinds(&self) -> &[QueueKind] {
        &self.queue_kinds
    }

    /// Returns the variables whose sum is the total.
    pub fn total_variables(&self) -> &[Var] {
        &self.total
    }

    /// Returns the total for these values of the variables (modulo 2^64).
    pub fn total_of(&self, values: &[u64]) -> u64 {
        self.total.iter().fold(0, |sum, variable| {
            sum.wrapping_add(values.get(variable.index()).copied().unwrap_or(0))
        })
    }

    /// Returns the values that it shows, instead of a total; empty if it has a total.
    pub fn shown(&self) -> &[Shown] {
        &self.shown
    }

    /// Returns the names of the shown values: a register's with the label of its thread.
    pub fn shown_names(&self) -> impl Iterator<Item = String> {
        self.shown.iter().map(|shown| match *shown {
            Shown::Variable(variable) => self.variables[variable.index()].clone(),
            Shown::Register(thread, register) => {
                let name = &self.program(thread).registers()[register.index()];
                format!("{}.{name}", Label(thread))
            }
        })
    }

    /// Returns how it has ended when all threads are done, with these values of the variables and
    /// registers.
    pub fn finished(&self, variables: &[u64], register: impl Fn(usize, Reg) -> u64) -> Ending {
        if self.shown.is_empty() {
            return Ending::Total(self.total_of(variables));
        }
        let value = |shown: &Shown| match *shown {
            Shown::Variable(variable) => variables[variable.index()],
            Shown::Register(thread, reg) => register(thread, reg),
        };
        Ending::Values(self.shown.iter().map(value).collect())
    }

    /// Returns the names a thread's instructions are shown with.
    pub fn names(&self, thread: usize) -> Names<'_> {
        Names {
            registers: self.program(thread).registers(),
            done: None,
            variables: &self.variables,
            locks: &self.locks,
            queues: &self.queues,
            values: &[],
        }
    }

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

    /// Returns a thread's instruction as text; `None` past the end of its program.
    pub fn text(&self, thread: usize, at: usize) -> Option<String> {
        let instruction = self.program(thread).code().get(at)?;
        Some(instruction.text(&self.names(thread)))
    }

    /// Returns a thread's instruction as text without registers that the source does not name;
    /// `None` past the end of its program.
    pub fn brief(&self, thread: usize, at: usize) -> Option<String> {
        self.text(thread, at).map(|text| brief(&text))
    }

    /// Returns a step as text, with the element of an array that it accessed, and without registers
    /// that the source does not name.
    pub fn step_text(&self, step: &Step) -> String {
        let thread = step.actor.thread();
        let names = Names {
            done: Some(step.effect),
            ..self.names(thread)
        };
        match (step.instruction, step.effect) {
            (Some(instruction), _) => brief(&instruction.text(&names)),
            (
                None,
                Effect::Wrote {
                    variable, after, ..
                },
            ) => {
                let name = &self.variables[variable.index()];
                format!("deliver {name}, {}", after.cast_signed())
            }
            (None, _) => "deliver".into(),
        }
    }
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
