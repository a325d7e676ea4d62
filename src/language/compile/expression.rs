//! Expressions: each becomes instructions that leave its value in a register, or a jump.

use super::super::ast::{BinaryOperator, Term, UnaryOperator};
use super::super::checked::{Place, ThreadExpression, ThreadLeaf};
use super::body::Body;
use super::shared::Unit;
use crate::model::{
    Arithmetic, Declared, Element, LockId, Mark, Mode, Operand, QueueId, Reg, Relation, Var,
};

impl BinaryOperator {
    /// Returns the relation that it asks for, if it compares.
    pub(super) fn relation(self) -> Option<Relation> {
        Some(match self {
            Self::Equal => Relation::Equal,
            Self::NotEqual => Relation::NotEqual,
            Self::Less => Relation::Less,
            Self::AtMost => Relation::AtMost,
            Self::Greater => Relation::Greater,
            Self::AtLeast => Relation::AtLeast,
            _ => return None,
        })
    }

    /// Returns what is computed of its operands; `None` for `&&` and `||`, which may evaluate only
    /// one.
    pub(super) fn arithmetic(self) -> Option<Arithmetic> {
        Some(match self {
            Self::Add => Arithmetic::Add,
            Self::Subtract => Arithmetic::Subtract,
            Self::Multiply => Arithmetic::Multiply,
            Self::Divide => Arithmetic::Divide,
            Self::Remainder => Arithmetic::Remainder,
            Self::And | Self::Or => return None,
            compares => Arithmetic::Compare(compares.relation()?),
        })
    }
}

impl Body<'_> {
    /// Evaluates an expression.
    pub(super) fn value(&mut self, expression: &ThreadExpression) -> Operand {
        match &expression.value {
            Term::Number(number) => Operand::Const(number.cast_unsigned()),
            Term::Leaf(ThreadLeaf::ThreadNumber) => Operand::Const(self.thread),
            Term::Leaf(ThreadLeaf::Local(local)) => Operand::Reg(self.local(*local)),
            Term::Leaf(ThreadLeaf::Awaited) => Operand::Reg(self.awaited()),
            _ => {
                let to = self.temporary();
                self.evaluate(expression, to);
                Operand::Reg(to)
            }
        }
    }

    /// Evaluates an expression into a register. The register may appear in the expression: it is
    /// written last.
    pub(super) fn evaluate(&mut self, expression: &ThreadExpression, to: Reg) {
        let inner = self.mark_temporaries();
        match &expression.value {
            Term::Unary(UnaryOperator::Negate, operand) => {
                let operand = self.value(operand);
                self.compute(to, Operand::Const(0), Arithmetic::Subtract, operand);
            }
            Term::Unary(UnaryOperator::Not, operand) => {
                let operand = self.value(operand);
                let is_zero = Arithmetic::Compare(Relation::Equal);
                self.compute(to, operand, is_zero, Operand::Const(0));
            }
            Term::Binary(operator, left, right) => match operator.arithmetic() {
                Some(arithmetic) => {
                    let left = self.value(left);
                    let right = self.value(right);
                    self.compute(to, left, arithmetic, right);
                }
                None => self.decide(expression, to),
            },
            Term::Leaf(leaf) => self.leaf(leaf, to),
            Term::Number(_) => {
                let value = self.value(expression);
                self.code.set(to, value);
            }
        }
        self.free_temporaries(inner);
    }

    /// Evaluates `&&` or `||` into a register: to 1 or 0.
    fn decide(&mut self, expression: &ThreadExpression, to: Reg) {
        let decided = self.temporary();
        let end = self.code.mark();
        self.code.set(decided, 0);
        self.jump_unless(expression, end);
        self.code.set(decided, 1).place(end).set(to, decided);
    }

    fn compute(&mut self, to: Reg, left: Operand, arithmetic: Arithmetic, right: Operand) {
        let constant = match (left, right) {
            (Operand::Const(left), Operand::Const(right)) => arithmetic.apply(left, right),
            _ => None,
        };
        match constant {
            Some(value) => self.code.set(to, value),
            // Dividing by a constant zero fails when the thread gets there.
            None => self.code.compute(to, left, arithmetic, right),
        };
    }

    fn leaf(&mut self, leaf: &ThreadLeaf, to: Reg) {
        match leaf {
            ThreadLeaf::ThreadNumber => _ = self.code.set(to, self.thread),
            ThreadLeaf::Local(local) => {
                let local = self.local(*local);
                self.code.set(to, local);
            }
            ThreadLeaf::Awaited => {
                let awaited = self.awaited();
                self.code.set(to, awaited);
            }
            ThreadLeaf::Load(place) => {
                let variable = self.variable(place);
                self.code.load(to, variable);
            }
            ThreadLeaf::FetchAdd(place, by) => {
                let variable = self.variable(place);
                let by = self.value(by);
                self.code.fetch_add(to, variable, by);
            }
            ThreadLeaf::Swap(place, new) => {
                let variable = self.variable(place);
                let new = self.value(new);
                self.code.swap(to, variable, new);
            }
            ThreadLeaf::CompareAndSwap(place, old, new) => {
                let variable = self.variable(place);
                let old = self.value(old);
                let new = self.value(new);
                let seen = self.temporary();
                self.code.compare_exchange(seen, variable, old, new);
                let stored = Arithmetic::Compare(Relation::Equal);
                self.code.compute(to, seen, stored, old);
            }
            ThreadLeaf::TryLock(place) => {
                let lock = self.lock(place);
                self.code.try_acquire(to, lock, Mode::Exclusive);
            }
        }
    }

    /// Jumps unless an expression holds, and evaluates no more of it than it must.
    pub(super) fn jump_unless(&mut self, expression: &ThreadExpression, target: Mark) {
        self.branch(expression, false, target);
    }

    /// Jumps if an expression holds, or if it does not.
    fn branch(&mut self, expression: &ThreadExpression, holds: bool, target: Mark) {
        let inner = self.mark_temporaries();
        match &expression.value {
            Term::Unary(UnaryOperator::Not, operand) => self.branch(operand, !holds, target),
            Term::Binary(BinaryOperator::And, left, right) if !holds => {
                self.branch(left, false, target);
                self.branch(right, false, target);
            }
            Term::Binary(BinaryOperator::Or, left, right) if holds => {
                self.branch(left, true, target);
                self.branch(right, true, target);
            }
            Term::Binary(BinaryOperator::And | BinaryOperator::Or, left, right) => {
                let past = self.code.mark();
                self.branch(left, !holds, past);
                self.branch(right, holds, target);
                self.code.place(past);
            }
            Term::Binary(operator, left, right) if operator.relation().is_some() => {
                let left = self.value(left);
                let right = self.value(right);
                let relation = operator.relation().unwrap_or(Relation::Equal);
                self.jump(left, relation, right, holds, target);
            }
            _ => {
                let value = self.value(expression);
                self.jump(value, Relation::NotEqual, Operand::Const(0), holds, target);
            }
        }
        self.free_temporaries(inner);
    }

    fn jump(
        &mut self,
        left: Operand,
        relation: Relation,
        right: Operand,
        holds: bool,
        target: Mark,
    ) {
        let relation = if holds { relation } else { relation.negated() };
        match (left, right) {
            (Operand::Const(left), Operand::Const(right)) => {
                if relation.holds(left, right) {
                    self.code.jump(target);
                }
            }
            _ => _ = self.code.jump_if(left, relation, right, target),
        }
    }

    /// Returns the variable at a place; evaluates its index.
    pub(super) fn variable(&mut self, place: &Place) -> Element<Var> {
        let variable = &self.program.variables[place.item];
        let (first, length) = (self.shared.cells[variable.first], variable.start.len());
        self.element(first, length, place)
    }

    /// Returns the lock at a place; evaluates its index.
    pub(super) fn lock(&mut self, place: &Place) -> Element<LockId> {
        let object = &self.program.objects[place.item];
        let lock = self.shared.units[object.first].lock();
        self.element(lock, object.length, place)
    }

    /// Returns the queue at a place; evaluates its index.
    pub(super) fn queue(&mut self, place: &Place) -> Element<QueueId> {
        let object = &self.program.objects[place.item];
        let queue = self.shared.units[object.first].queue();
        self.element(queue, object.length, place)
    }

    fn element<T: Declared + Into<usize>>(
        &mut self,
        first: T,
        length: usize,
        place: &Place,
    ) -> Element<T> {
        let Some(index) = &place.index else {
            return Element::from(first);
        };
        let index = self.value(index);
        // The checker limits arrays to fewer elements.
        Element::new(first, u16::try_from(length).unwrap_or(u16::MAX), index)
    }
}

impl Unit {
    /// Returns the lock that it is. The checker lets locks alone be locked.
    fn lock(self) -> LockId {
        match self {
            Self::Lock(lock) | Self::ReadWrite(lock, _) => lock,
            Self::Condition(..) | Self::Barrier(_) => LockId::with_index(u16::MAX),
        }
    }

    /// Returns the queue that it is. The checker lets queues alone be waited at.
    fn queue(self) -> QueueId {
        match self {
            Self::Condition(queue, _) | Self::Barrier(queue) => queue,
            Self::Lock(_) | Self::ReadWrite(..) => QueueId::with_index(u16::MAX),
        }
    }
}
