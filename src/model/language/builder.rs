//! Builds a program, instruction by instruction.

use super::element::{Element, LockId, Operand, QueueId, Reg, Var};
use super::instruction::{Instruction, Mode};
use super::operation::{Arithmetic, Relation};
use super::program::Program;
use crate::model::error::ModelError;

/// A place in a program that jumps can lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark(usize);

/// Builds a [`Program`]; [`build`](Self::build) checks it.
#[derive(Clone, Debug)]
pub struct ProgramBuilder {
    name: String,
    registers: Vec<String>,
    code: Vec<Instruction>,
    /// The line of the source that each instruction belongs to, and that of the next one.
    lines: Vec<u32>,
    line: u32,
    read_at_end: Vec<Reg>,
    // While building, a jump's target is the index of its mark.
    marks: Vec<Option<usize>>,
}

impl ProgramBuilder {
    /// Creates an empty program.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            registers: Vec::new(),
            code: Vec::new(),
            lines: Vec::new(),
            line: 0,
            read_at_end: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// Declares a register; it starts at 0.
    pub fn register(&mut self, name: impl Into<String>) -> Reg {
        self.registers.push(name.into());
        // Past 64 registers `build` reports an error, so saturating loses nothing.
        Reg(u16::try_from(self.registers.len() - 1).unwrap_or(u16::MAX))
    }

    /// Keeps the value of a register beyond the end of the thread.
    pub fn read_at_end(&mut self, register: Reg) -> &mut Self {
        self.read_at_end.push(register);
        self
    }

    /// Says which line of a source the next instructions belong to, from 1.
    pub fn line(&mut self, line: u32) -> &mut Self {
        self.line = line;
        self
    }

    fn push(&mut self, instruction: Instruction) -> &mut Self {
        self.code.push(instruction);
        self.lines.push(self.line);
        self
    }

    /// Declares a mark, to be placed later.
    pub fn mark(&mut self) -> Mark {
        self.marks.push(None);
        Mark(self.marks.len() - 1)
    }

    /// Places a mark here: before the next instruction.
    pub fn place(&mut self, mark: Mark) -> &mut Self {
        let here = self.code.len();
        if let Some(place) = self.marks.get_mut(mark.0) {
            *place = Some(here);
        }
        self
    }

    /// Increments with a single instruction but no bus lock: a load and a store between which
    /// other cores can act, written as its two halves.
    pub fn increment(&mut self, scratch: Reg, variable: impl Into<Element<Var>>) -> &mut Self {
        let variable = variable.into();
        let load = Instruction::IncrementLoad { scratch, variable };
        let store = Instruction::IncrementStore { scratch, variable };
        self.push(load).push(store)
    }

    /// Repeats `body` `times` times, counting down in `counter`: a loop, not copies. A constant 0
    /// adds no instruction.
    pub fn repeat(
        &mut self,
        counter: Reg,
        times: impl Into<Operand>,
        body: impl FnOnce(&mut Self),
    ) -> &mut Self {
        let times = times.into();
        if times == Operand::Const(0) {
            return self;
        }
        let (top, end) = (self.mark(), self.mark());
        self.set(counter, times);
        if matches!(times, Operand::Reg(_)) {
            self.jump_if(counter, Relation::Equal, 0, end);
        }
        self.place(top);
        body(self);
        self.subtract(counter, counter, 1);
        self.jump_if(counter, Relation::NotEqual, 0, top);
        self.place(end)
    }

    /// Returns the finished program.
    ///
    /// # Errors
    /// When a jump, a register, a loop or a release makes no sense: see [`ModelError`].
    pub fn build(self) -> Result<Program, ModelError> {
        let mut code = self.code;
        for (at, instruction) in code.iter_mut().enumerate() {
            if let Instruction::Jump { target } | Instruction::JumpIf { target, .. } = instruction {
                let problem = "jumps to a mark that was never placed";
                let unplaced = || ModelError::instruction(&self.name, at, problem);
                let place = self.marks.get(*target).copied().flatten();
                *target = place.ok_or_else(unplaced)?;
            }
        }
        let program = Program::new(self.name, self.registers, code)?;
        Ok(program.with_source(self.lines, &self.read_at_end))
    }
}

/// Declares the methods of [`ProgramBuilder`] that append an instruction each: their arguments, and
/// the instruction made of them.
macro_rules! instructions {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) => $kind:ident $fields:tt)*) => {
        impl ProgramBuilder {$(
            $(#[$doc])*
            pub fn $name(&mut self, $($argument: impl Into<$type>),*) -> &mut Self {
                $(let $argument: $type = $argument.into();)*
                self.push(Instruction::$kind $fields)
            }
        )*}
    };
}

instructions! {
    /// `to = load variable`
    load(to: Reg, variable: Element<Var>) => Load { to, variable }

    /// `store variable, value`
    store(variable: Element<Var>, value: Operand) => Store { variable, value }

    /// `old = fetch_add variable, by`
    fetch_add(old: Reg, variable: Element<Var>, by: Operand) => FetchAdd { old, variable, by }

    /// `old = swap variable, new`
    swap(old: Reg, variable: Element<Var>, new: Operand) => Swap { old, variable, new }

    /// `seen = compare_exchange variable, expected, new`
    compare_exchange(seen: Reg, variable: Element<Var>, expected: Operand, new: Operand)
        => CompareExchange { seen, variable, expected, new }

    /// `to = await variable <until> value`
    wait_until(to: Reg, variable: Element<Var>, until: Relation, value: Operand)
        => Await { to, variable, until, value }

    /// `to = load variable`, where what follows does not lead back here.
    poll(to: Reg, variable: Element<Var>) => Poll { to, variable }

    /// `await variable == expected, then store new`
    wait_exchange(variable: Element<Var>, expected: Operand, new: Operand)
        => AwaitExchange { variable, expected, new }

    /// Takes a mutex, or the write side of a read-write lock.
    lock(lock: Element<LockId>) => Acquire { lock, mode: Mode::Exclusive }

    /// Releases what [`lock`](Self::lock) took.
    unlock(lock: Element<LockId>) => Release { lock, mode: Mode::Exclusive }

    /// Takes the read side of a read-write lock.
    read_lock(lock: Element<LockId>) => Acquire { lock, mode: Mode::Shared }

    /// Releases what [`read_lock`](Self::read_lock) took.
    read_unlock(lock: Element<LockId>) => Release { lock, mode: Mode::Shared }

    /// `to = value`
    set(to: Reg, value: Operand) => Set { to, value }

    /// `to = left + right`
    add(to: Reg, left: Operand, right: Operand) => Compute { to, left, operation: Arithmetic::Add, right }

    /// `to = left - right`
    subtract(to: Reg, left: Operand, right: Operand) => Compute { to, left, operation: Arithmetic::Subtract, right }

    /// `to = left operation right`
    compute(to: Reg, left: Operand, operation: Arithmetic, right: Operand)
        => Compute { to, left, operation, right }

    /// Takes a lock in this mode.
    acquire(lock: Element<LockId>, mode: Mode) => Acquire { lock, mode }

    /// Releases a lock that is held in this mode.
    release(lock: Element<LockId>, mode: Mode) => Release { lock, mode }

    /// Releases a lock in whichever mode the thread holds it.
    release_held(lock: Element<LockId>) => ReleaseHeld { lock }

    /// Takes a lock if it is free for this mode: `taken` is 1 then, or else 0.
    try_acquire(taken: Reg, lock: Element<LockId>, mode: Mode) => TryAcquire { taken, lock, mode }

    /// Joins the writers that wait for a lock.
    announce(lock: Element<LockId>) => Announce { lock }

    /// Releases a mutex and joins the queue of a condition variable.
    sleep(queue: Element<QueueId>, lock: Element<LockId>) => Sleep { queue, lock }

    /// Waits until it is called, and takes the mutex again.
    wake(queue: Element<QueueId>, lock: Element<LockId>) => Wake { queue, lock }

    /// Calls one thread of a queue, or all.
    notify(queue: Element<QueueId>, all: bool) => Notify { queue, all }

    /// Joins the queue of a barrier; the last of a round skips the next instruction.
    arrive(queue: Element<QueueId>) => Arrive { queue }

    /// Waits at a barrier until it is called.
    pass(queue: Element<QueueId>) => Pass { queue }

    /// Waits until no earlier store of the thread is on its way to memory.
    fence() => Fence {}

    /// Fails unless the value differs from 0.
    assert(value: Operand) => Assert { value }

    /// Continues at the mark.
    jump(to: Mark) => Jump { target: to.0 }

    /// Continues at the mark if the operands compare this way.
    jump_if(left: Operand, comparison: Relation, right: Operand, to: Mark)
        => JumpIf { left, comparison, right, target: to.0 }
}
