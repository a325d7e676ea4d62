//! A system: the threads, what they share, and how the total is read at the end.

use super::actor::Actor;
use super::buffer::{Buffer, MemoryModel};
use super::effect::Effect;
use super::error::ModelError;
use super::label::Label;
use super::language::builder::ProgramBuilder;
use super::language::element::{LockId, QueueId, Reg, Var};
use super::language::program::Program;
use super::language::text::{Names, brief};
use super::machine::{Ending, Step};
use super::system_builder::SystemBuilder;

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

/// The most stores in the buffer of a thread that may store again and again: without a bound there would
/// be no end of states.
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
    pub(super) variables: Vec<String>,
    pub(super) initial: Vec<u64>,
    pub(super) locks: Vec<String>,
    pub(super) kinds: Vec<LockKind>,
    pub(super) queues: Vec<String>,
    pub(super) queue_kinds: Vec<QueueKind>,
    pub(super) programs: Vec<Program>,
    pub(super) threads: Vec<usize>,
    pub(super) total: Vec<Var>,
    pub(super) shown: Vec<Shown>,
    pub(super) memory: MemoryModel,
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

    /// Returns a store buffer as the threads of a program have it at the start.
    pub(super) fn store_buffer(&self, program: &Program) -> Option<Buffer> {
        let is_bounded = program.bounds_stores();
        let room = if is_bounded {
            usize::MAX
        } else {
            ROOM_IN_A_LOOP
        };
        (self.memory == MemoryModel::Tso).then(|| Buffer::new(room))
    }

    /// Returns the most stores that a store buffer holds, if some thread may store again and again: an
    /// outcome that needs more is not found.
    pub fn room(&self) -> Option<usize> {
        let is_bounded = self.programs.iter().all(Program::bounds_stores);
        (self.memory == MemoryModel::Tso && !is_bounded).then_some(ROOM_IN_A_LOOP)
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
