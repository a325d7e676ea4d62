//! From the checked program to the code of the stack machine.

use miscount::language::ast::{BinaryOperator, Operation, Term, UnaryOperator};
use miscount::language::{CheckedStatement, Place, ThreadAction, ThreadExpression, ThreadLeaf};

use super::{Compiler, Exchange, Op};

impl Compiler<'_> {
    fn jump(&mut self, op: fn(usize) -> Op) -> usize {
        self.code.push(op(usize::MAX));
        self.code.len() - 1
    }

    fn land(&mut self, jump: usize) {
        let here = self.code.len();
        let (Op::Jump(to) | Op::JumpIfZero(to)) = &mut self.code[jump] else {
            panic!()
        };
        *to = here;
    }

    /// Pushes the index; returns the first cell and the length.
    fn cell(&mut self, place: &Place) -> (usize, usize) {
        let variable = &self.program.variables[place.item];
        let found = (variable.first, variable.start.len());
        self.index(place);
        found
    }

    fn unit(&mut self, place: &Place) -> (usize, usize) {
        let object = &self.program.objects[place.item];
        let found = (object.first, object.length);
        self.index(place);
        found
    }

    fn index(&mut self, place: &Place) {
        match &place.index {
            Some(index) => self.expression(index),
            None => self.code.push(Op::Push(0)),
        }
    }

    fn expression(&mut self, expression: &ThreadExpression) {
        match &expression.value {
            Term::Number(number) => self.code.push(Op::Push(*number)),
            Term::Unary(operator, operand) => {
                self.expression(operand);
                self.code.push(Op::Unary(*operator));
            }
            Term::Binary(operator @ (BinaryOperator::And | BinaryOperator::Or), left, right) => {
                self.expression(left);
                let is_or = *operator == BinaryOperator::Or;
                self.code.push(Op::Unary(UnaryOperator::Not));
                if !is_or {
                    self.code.push(Op::Unary(UnaryOperator::Not));
                }
                // What is on the stack is 0 if the left side decides.
                let decided = self.jump(Op::JumpIfZero);
                self.expression(right);
                self.code.push(Op::Unary(UnaryOperator::Not));
                self.code.push(Op::Unary(UnaryOperator::Not));
                let end = self.jump(Op::Jump);
                self.land(decided);
                self.code.push(Op::Push(i64::from(is_or)));
                self.land(end);
            }
            Term::Binary(operator, left, right) => {
                self.expression(left);
                self.expression(right);
                self.code.push(Op::Binary(*operator));
            }
            Term::Leaf(leaf) => self.leaf(leaf),
        }
    }

    fn leaf(&mut self, leaf: &ThreadLeaf) {
        let op = match leaf {
            ThreadLeaf::ThreadNumber => Op::Push(self.thread.try_into().unwrap()),
            ThreadLeaf::Local(local) => Op::Local(*local),
            ThreadLeaf::Awaited => Op::Local(self.awaited),
            ThreadLeaf::Load(place) => {
                let (first, length) = self.cell(place);
                Op::Load(first, length)
            }
            ThreadLeaf::FetchAdd(place, value) => {
                let (first, length) = self.cell(place);
                self.expression(value);
                Op::Exchange(Exchange::Add, first, length)
            }
            ThreadLeaf::Swap(place, value) => {
                let (first, length) = self.cell(place);
                self.expression(value);
                Op::Exchange(Exchange::Swap, first, length)
            }
            ThreadLeaf::CompareAndSwap(place, old, new) => {
                let (first, length) = self.cell(place);
                self.expression(old);
                self.expression(new);
                Op::Exchange(Exchange::Compare, first, length)
            }
            ThreadLeaf::TryLock(place) => {
                let (first, length) = self.unit(place);
                Op::TryLock(first, length)
            }
        };
        self.code.push(op);
    }

    pub(super) fn body(&mut self, body: &[CheckedStatement]) {
        for statement in body {
            self.action(&statement.value);
        }
    }

    fn exchange(&mut self, place: &Place, exchange: Exchange, value: &ThreadExpression) {
        let (first, length) = self.cell(place);
        self.expression(value);
        self.code.push(Op::Exchange(exchange, first, length));
        self.code.push(Op::Drop);
    }

    fn action(&mut self, action: &ThreadAction) {
        match action {
            ThreadAction::SetLocal(local, value) => {
                self.expression(value);
                self.code.push(Op::SetLocal(*local));
            }
            ThreadAction::Store(place, value) => {
                let (first, length) = self.cell(place);
                self.expression(value);
                self.code.push(Op::Store(first, length));
            }
            ThreadAction::Update(place, operator, value) => {
                let (first, length) = self.cell(place);
                self.code.extend([Op::Duplicate, Op::Load(first, length)]);
                self.expression(value);
                self.code
                    .extend([Op::Binary(*operator), Op::Store(first, length)]);
            }
            ThreadAction::AtomicStore(place, value) => self.exchange(place, Exchange::Swap, value),
            ThreadAction::AtomicUpdate(place, operator, value) => {
                let exchange = match operator {
                    BinaryOperator::Add => Exchange::Add,
                    BinaryOperator::Subtract => Exchange::Subtract,
                    other => panic!("atomic {other:?}"),
                };
                self.exchange(place, exchange, value);
            }
            ThreadAction::Evaluate(value) => {
                self.expression(value);
                self.code.push(Op::Drop);
            }
            ThreadAction::Await(place, condition) => {
                let (first, length) = self.cell(place);
                self.code
                    .extend([Op::Load(first, length), Op::SetLocal(self.awaited)]);
                self.expression(condition);
                self.code.push(Op::Require);
            }
            ThreadAction::Assert(condition) => {
                self.expression(condition);
                self.code.push(Op::Assert);
            }
            ThreadAction::Fence => self.code.push(Op::Fence),
            ThreadAction::If(condition, then, otherwise) => {
                self.expression(condition);
                let no = self.jump(Op::JumpIfZero);
                self.body(then);
                let end = self.jump(Op::Jump);
                self.land(no);
                self.body(otherwise);
                self.land(end);
            }
            ThreadAction::While(condition, body) => {
                self.loops.push((self.code.len(), Vec::new()));
                self.expression(condition);
                let end = self.jump(Op::JumpIfZero);
                self.body(body);
                let (start, breaks) = self.loops.pop().unwrap();
                self.code.push(Op::Jump(start));
                for jump in breaks.into_iter().chain([end]) {
                    self.land(jump);
                }
            }
            // Unrolled; a `continue` goes to the next round.
            ThreadAction::Repeat(times, body) => {
                let mut breaks = Vec::new();
                for _ in 0..*times {
                    let skip = [self.code.len() + 1, self.code.len() + 2];
                    self.code.extend([Op::Jump(skip[1]), Op::Jump(usize::MAX)]);
                    self.loops.push((skip[0], Vec::new()));
                    self.body(body);
                    self.land(skip[0]);
                    breaks.extend(self.loops.pop().unwrap().1);
                }
                for jump in breaks {
                    self.land(jump);
                }
            }
            ThreadAction::Break => {
                let jump = self.jump(Op::Jump);
                self.loops.last_mut().unwrap().1.push(jump);
            }
            ThreadAction::Continue => {
                let start = self.loops.last().unwrap().0;
                self.code.push(Op::Jump(start));
            }
            ThreadAction::Return => self.code.push(Op::End),
            ThreadAction::Operate(operation, place) => {
                let (first, length) = self.unit(place);
                if matches!(
                    operation,
                    Operation::Write | Operation::Wait | Operation::Arrive
                ) {
                    self.code.push(Op::Duplicate);
                    self.code.push(Op::Operate(*operation, first, length));
                    self.code.push(Op::Enter(*operation, first, length));
                } else {
                    self.code.push(Op::Operate(*operation, first, length));
                }
            }
        }
    }
}
