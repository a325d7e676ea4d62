//! The body of a thread: its statements, one after the other.

use super::super::ast::{Operation, Term, UnaryOperator};
use super::super::checked::{
    CheckedProgram, CheckedStatement, ObjectKind, Place, ThreadAction, ThreadExpression,
    ThreadGroup, ThreadLeaf,
};
use super::super::source::SourceFile;
use super::shared::{Shared, Unit};
use crate::model::{
    Arithmetic, Mark, Mode, ModelError, Operand, Program, ProgramBuilder, Reg, Relation,
};

/// The compiler of one thread's body.
///
/// invariant: the registers of locals come first, then those of temporary values, of which the
/// first `used` are in use.
pub(super) struct Body<'p> {
    pub(super) program: &'p CheckedProgram,
    pub(super) shared: &'p Shared,
    pub(super) source: &'p SourceFile,
    pub(super) code: ProgramBuilder,
    /// The number of the thread.
    pub(super) thread: u64,
    locals: Vec<Reg>,
    temporaries: Vec<Reg>,
    used: usize,
    /// The value that an `await` has loaded.
    awaited: Option<Reg>,
    loops: Vec<Loop>,
    end: Mark,
}

/// Where `continue` and `break` lead.
#[derive(Clone, Copy)]
struct Loop {
    next: Mark,
    exit: Mark,
}

impl<'p> Body<'p> {
    /// Compiles the body of a thread. The values of the locals `kept` are read at its end.
    pub(super) fn compile(
        (program, shared, source): (&'p CheckedProgram, &'p Shared, &'p SourceFile),
        group: &ThreadGroup,
        (name, thread): (String, usize),
        kept: &[usize],
    ) -> Result<Program, ModelError> {
        let mut code = ProgramBuilder::new(name);
        let locals: Vec<Reg> = group
            .locals
            .iter()
            .map(|name| code.register(name))
            .collect();
        let end = code.mark();
        let mut body = Self {
            program,
            shared,
            source,
            code,
            thread: thread as u64,
            locals,
            temporaries: Vec::new(),
            used: 0,
            awaited: None,
            loops: Vec::new(),
            end,
        };
        body.statements(&group.body);
        body.code.place(end);
        for &local in kept {
            body.code.read_at_end(body.locals[local]);
        }
        body.code.build()
    }

    pub(super) fn local(&self, local: usize) -> Reg {
        self.locals[local]
    }

    /// Returns the register with the awaited value.
    pub(super) fn awaited(&mut self) -> Reg {
        match self.awaited {
            Some(register) => register,
            None => self.temporary(),
        }
    }

    /// Returns a register that is not in use.
    pub(super) fn temporary(&mut self) -> Reg {
        if self.used == self.temporaries.len() {
            let name = format!("_{}", self.used + 1);
            self.temporaries.push(self.code.register(name));
        }
        self.used += 1;
        self.temporaries[self.used - 1]
    }

    pub(super) fn mark_temporaries(&self) -> usize {
        self.used
    }

    /// Frees the temporaries that have come into use since the mark.
    pub(super) fn free_temporaries(&mut self, mark: usize) {
        self.used = mark;
    }

    fn statements(&mut self, statements: &[CheckedStatement]) {
        for statement in statements {
            let line = self.source.line_number(statement.span);
            self.code.line(u32::try_from(line).unwrap_or(0));
            let used = self.mark_temporaries();
            self.statement(&statement.value);
            self.free_temporaries(used);
        }
    }

    fn statement(&mut self, action: &ThreadAction) {
        match action {
            ThreadAction::SetLocal(local, value) => self.evaluate(value, self.locals[*local]),
            ThreadAction::Store(place, value) => {
                let variable = self.variable(place);
                let value = self.value(value);
                self.code.store(variable, value);
            }
            ThreadAction::Update(place, operator, value) => {
                let variable = self.variable(place);
                let (old, new) = (self.temporary(), self.temporary());
                self.code.load(old, variable);
                let value = self.value(value);
                let arithmetic = operator.arithmetic().unwrap_or(Arithmetic::Add);
                self.code.compute(new, old, arithmetic, value);
                self.code.store(variable, new);
            }
            ThreadAction::AtomicStore(place, value) => {
                let variable = self.variable(place);
                let value = self.value(value);
                let old = self.temporary();
                self.code.swap(old, variable, value);
            }
            ThreadAction::AtomicUpdate(place, operator, value) => {
                let variable = self.variable(place);
                let mut by = self.value(value);
                if operator.arithmetic() == Some(Arithmetic::Subtract) {
                    by = self.negated(by);
                }
                let old = self.temporary();
                self.code.fetch_add(old, variable, by);
            }
            ThreadAction::Evaluate(value) => _ = self.value(value),
            ThreadAction::Await(place, condition) => self.wait_until(place, condition),
            ThreadAction::Assert(value) => {
                let value = self.value(value);
                self.code.assert(value);
            }
            ThreadAction::Fence => _ = self.code.fence(),
            ThreadAction::If(condition, then, otherwise) => {
                let (other, end) = (self.code.mark(), self.code.mark());
                self.jump_unless(condition, other);
                self.statements(then);
                if !otherwise.is_empty() {
                    self.code.jump(end);
                }
                self.code.place(other);
                self.statements(otherwise);
                self.code.place(end);
            }
            ThreadAction::While(condition, body) => {
                let (next, exit) = (self.code.mark(), self.code.mark());
                self.code.place(next);
                self.jump_unless(condition, exit);
                self.round(Loop { next, exit }, body);
                self.code.jump(next).place(exit);
            }
            ThreadAction::Repeat(times, body) => self.repeat(*times, body),
            ThreadAction::Break | ThreadAction::Continue => {
                // The checker allows them in loops only.
                let outside = Loop {
                    next: self.end,
                    exit: self.end,
                };
                let Loop { next, exit } = self.loops.last().copied().unwrap_or(outside);
                let is_break = matches!(action, ThreadAction::Break);
                self.code.jump(if is_break { exit } else { next });
            }
            ThreadAction::Return => _ = self.code.jump(self.end),
            ThreadAction::Operate(operation, place) => self.operate(*operation, place),
        }
    }

    fn negated(&mut self, operand: Operand) -> Operand {
        match operand {
            Operand::Const(value) => Operand::Const(value.wrapping_neg()),
            Operand::Reg(_) => {
                let negated = self.temporary();
                self.code.subtract(negated, 0, operand);
                negated.into()
            }
        }
    }

    fn round(&mut self, around: Loop, body: &[CheckedStatement]) {
        self.loops.push(around);
        self.statements(body);
        self.loops.pop();
    }

    fn repeat(&mut self, times: u64, body: &[CheckedStatement]) {
        if times == 0 {
            return;
        }
        // In use until the loop is over.
        let left = self.temporary();
        let (top, next, exit) = (self.code.mark(), self.code.mark(), self.code.mark());
        self.code.set(left, times).place(top);
        self.round(Loop { next, exit }, body);
        self.code.place(next).subtract(left, left, 1);
        self.code
            .jump_if(left, Relation::NotEqual, 0, top)
            .place(exit);
    }

    /// Waits for a condition: a comparison with a value that the thread has, or anything else.
    fn wait_until(&mut self, place: &Place, condition: &ThreadExpression) {
        let variable = self.variable(place);
        let to = self.temporary();
        if let Some((relation, value)) = self.compared(condition) {
            self.code.wait_until(to, variable, relation, value);
            return;
        }
        let again = self.code.mark();
        self.code.place(again).poll(to, variable);
        self.awaited = Some(to);
        self.jump_unless(condition, again);
        self.awaited = None;
    }

    /// Returns what the awaited value is compared with, if that is all that the condition says.
    fn compared(&mut self, condition: &ThreadExpression) -> Option<(Relation, Operand)> {
        let is_awaited = |e: &ThreadExpression| e.value == Term::Leaf(ThreadLeaf::Awaited);
        match &condition.value {
            Term::Leaf(ThreadLeaf::Awaited) => Some((Relation::NotEqual, Operand::Const(0))),
            Term::Unary(UnaryOperator::Not, operand) => {
                let (relation, value) = self.compared(operand)?;
                Some((relation.negated(), value))
            }
            Term::Binary(operator, left, right) => {
                let relation = operator.relation()?;
                let (relation, other) = match (is_awaited(left), is_awaited(right)) {
                    (true, _) => (relation, right),
                    (_, true) => (relation.mirrored(), left),
                    _ => return None,
                };
                let mentions = |leaf: &ThreadLeaf| *leaf == ThreadLeaf::Awaited;
                (!other.any_leaf(&mentions)).then(|| (relation, self.value(other)))
            }
            _ => None,
        }
    }

    fn operate(&mut self, operation: Operation, place: &Place) {
        let object = &self.program.objects[place.item];
        let kind = object.kind;
        let unit = self.shared.units[object.first];
        match operation {
            Operation::Lock => {
                let lock = self.lock(place);
                self.code.lock(lock);
            }
            Operation::Unlock => {
                let lock = self.lock(place);
                if kind == ObjectKind::Mutex {
                    self.code.unlock(lock);
                } else {
                    self.code.release_held(lock);
                }
            }
            Operation::Read => {
                let lock = self.lock(place);
                self.code.read_lock(lock);
            }
            Operation::Write => {
                let lock = self.lock(place);
                if matches!(unit, Unit::ReadWrite(_, true)) {
                    self.code.announce(lock);
                }
                self.code.lock(lock);
            }
            Operation::Acquire => {
                let semaphore = self.lock(place);
                self.code.acquire(semaphore, Mode::Permit);
            }
            Operation::Release => {
                let semaphore = self.lock(place);
                self.code.release(semaphore, Mode::Permit);
            }
            Operation::Wait => {
                let queue = self.queue(place);
                if let Unit::Condition(_, mutex) = unit
                    && let Unit::Lock(lock) = self.shared.units[mutex]
                {
                    self.code.sleep(queue, lock).wake(queue, lock);
                }
            }
            Operation::Notify | Operation::NotifyAll => {
                let queue = self.queue(place);
                self.code.notify(queue, operation == Operation::NotifyAll);
            }
            Operation::Arrive => {
                let queue = self.queue(place);
                self.code.arrive(queue).pass(queue);
            }
        }
    }
}
