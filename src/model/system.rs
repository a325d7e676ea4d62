//! A system: the threads, what they share, and how the total is read at the end.

use super::error::ModelError;
use super::language::builder::ProgramBuilder;
use super::language::instruction::{LockId, Mode, Var};
use super::language::program::Program;
use super::language::text::Names;

/// The two kinds of locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LockKind {
    /// One holder at a time.
    Mutex,
    /// Many readers or one writer.
    ReadWrite,
}

const MAX_VARIABLES: usize = 4096;
const MAX_THREADS: usize = 4096;
pub(super) const MAX_LOCKS: usize = 64;

/// Threads, each with its program, and the variables and locks they share. The *total* is the sum
/// of some of the variables, read when all threads are done.
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
    programs: Vec<Program>,
    threads: Vec<usize>,
    total: Vec<Var>,
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
                programs: Vec::new(),
                threads: Vec::new(),
                total: Vec::new(),
            },
        }
    }

    /// Returns a system of `threads` threads that run one program, built by `write`, on a counter,
    /// which is the total.
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

    /// Returns the names a thread's instructions are shown with.
    pub fn names(&self, thread: usize) -> Names<'_> {
        Names {
            registers: self.program(thread).registers(),
            variables: &self.variables,
            locks: &self.locks,
        }
    }

    /// Returns a thread's instruction as text; `None` past the end of its program.
    pub fn text(&self, thread: usize, at: usize) -> Option<String> {
        let instruction = self.program(thread).code().get(at)?;
        Some(instruction.text(&self.names(thread)))
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
        ];
        ModelError::check_limits(&limits)?;
        if system.threads.is_empty() {
            return Err(ModelError::NoThreads);
        }
        let declared = |variable: Var| variable.index() < system.variables.len();
        for program in &system.programs {
            for (at, instruction) in program.code().iter().enumerate() {
                let error = |problem| Err(ModelError::instruction(program.name(), at, problem));
                if !instruction.variable().is_none_or(declared) {
                    return error("uses an undeclared variable");
                }
                let Some((lock, mode)) = instruction.lock() else {
                    continue;
                };
                match system.kinds.get(lock.index()) {
                    None => return error("uses an undeclared lock"),
                    Some(LockKind::Mutex) if mode == Mode::Shared => {
                        return error("read-locks a mutex");
                    }
                    Some(_) => {}
                }
            }
        }
        if !system.total.iter().copied().all(declared) {
            let problem = "uses an undeclared variable";
            return Err(ModelError::instruction("total", 0, problem));
        }
        Ok(system)
    }
}
