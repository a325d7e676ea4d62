//! What an X86 instruction does, as statements of a race program.

use super::super::ast::{BinaryOperator, Expression, Function, Leaf, Node, Statement};
use super::super::diagnostic::{Diagnostic, Failure, nearest, shortened};
use super::super::source::Span;
use super::cursor::{Parsed, assign, mention, value_of};

/// The local that holds what the last instruction with flags computed.
pub(super) const FLAGS: &str = "EFLAGS";

/// The instructions that are read.
const INSTRUCTIONS: [&str; 14] = [
    "MOV", "MFENCE", "XCHG", "XADD", "INC", "DEC", "ADD", "SUB", "XOR", "CMP", "TEST", "JMP",
    "LOCK", "NOP",
];

/// What an instruction works on.
#[derive(Clone)]
pub(super) enum Operand {
    Number(i64),
    Register(String),
    Memory(String),
}

/// An operand and where it stands.
pub(super) type Placed = Node<Operand>;

impl Placed {
    /// Returns its value: a load, if it is in memory.
    fn value(&self) -> Expression {
        match &self.value {
            Operand::Number(number) => Expression::number(*number, self.span),
            Operand::Register(name) | Operand::Memory(name) => value_of(mention(name, self.span)),
        }
    }

    fn set(&self, value: Expression, span: Span) -> Node<Statement> {
        let (Operand::Register(name) | Operand::Memory(name)) = &self.value else {
            // A destination is checked to be none.
            return Node::new(Statement::Evaluate(value), span);
        };
        assign(mention(name, self.span), value, span)
    }

    fn memory(&self) -> Option<&str> {
        match &self.value {
            Operand::Memory(name) => Some(name),
            _ => None,
        }
    }

    fn call(&self, function: Function, argument: Expression, span: Span) -> Expression {
        let name = self.memory().unwrap_or_default();
        let to = mention(name, self.span);
        Expression::leaf(Leaf::Call(function, to, vec![argument]), span)
    }
}

fn flags(value: Expression) -> Node<Statement> {
    let span = value.span;
    assign(mention(FLAGS, span), value, span)
}

/// An instruction as it is written.
pub(super) struct Written<'a> {
    /// In capitals, without `LOCK`.
    pub(super) name: &'a str,
    pub(super) locked: bool,
    pub(super) of_name: Span,
    pub(super) span: Span,
    pub(super) operands: &'a [Placed],
}

/// The instructions that may have a size behind their names: `MOVL`, `ADDQ`.
const SIZED: [&str; 10] = [
    "MOV", "XCHG", "XADD", "INC", "DEC", "ADD", "SUB", "XOR", "CMP", "TEST",
];

impl Written<'_> {
    /// Returns what the instruction does.
    pub(super) fn done(&self) -> Parsed<Vec<Node<Statement>>> {
        let short = self.name.strip_suffix(['L', 'Q']);
        let short = short.filter(|short| SIZED.contains(short));
        let name = short.unwrap_or(self.name);
        self.check(name)?;
        Ok(match name {
            "MOV" => {
                let [to, from] = self.operands()?;
                writable(to)?;
                vec![to.set(from.value(), self.span)]
            }
            "MFENCE" => {
                let [] = self.operands()?;
                let value = Statement::Fence;
                vec![Node::new(value, self.span)]
            }
            // These order nothing that x86-TSO does not order by itself.
            "NOP" | "PAUSE" | "LFENCE" | "SFENCE" => {
                let [] = self.operands()?;
                Vec::new()
            }
            "XCHG" => {
                let [left, right] = self.operands()?;
                writable(left)?;
                writable(right)?;
                exchanged(left, right, self.span)
            }
            "XADD" => {
                let [to, by] = self.operands()?;
                writable(to)?;
                writable(by)?;
                self.exchange_added(to, by)
            }
            "INC" | "DEC" | "ADD" | "SUB" => self.arithmetic(name)?,
            "XOR" | "TEST" => self.of_itself(name)?,
            "CMP" => {
                let [left, right] = self.operands()?;
                let (left, right) = (left.value(), right.value());
                vec![flags(Expression::binary(
                    BinaryOperator::Subtract,
                    left,
                    right,
                ))]
            }
            _ => return Err(self.unknown()),
        })
    }

    /// Checks what holds of all instructions.
    fn check(&self, name: &str) -> Parsed<()> {
        let in_memory = self.operands.iter();
        let in_memory = in_memory
            .filter(|operand| operand.memory().is_some())
            .count();
        if in_memory > 1 {
            let error = self.refused("works on two locations");
            return Err(error.note("an instruction has at most one operand in memory"));
        }
        let is_modifying = matches!(name, "XCHG" | "XADD" | "INC" | "DEC" | "ADD" | "SUB");
        let is_lockable = is_modifying
            && (in_memory > 0 && name == "XCHG"
                || self
                    .operands
                    .first()
                    .is_some_and(|to| to.memory().is_some()));
        if self.locked && !is_lockable {
            let error = self.refused("cannot be locked");
            return Err(
                error.note("LOCK goes with INC, DEC, ADD, SUB, XADD and XCHG of a location")
            );
        }
        Ok(())
    }

    fn operands<const N: usize>(&self) -> Parsed<[&Placed; N]> {
        let operands: Vec<_> = self.operands.iter().collect();
        operands.try_into().map_err(|operands: Vec<_>| {
            let message = format!("{} takes {N} operands", self.name);
            Diagnostic::new(self.span, message).label(format!("has {}", operands.len()))
        })
    }

    fn refused(&self, why: &str) -> Failure {
        Diagnostic::new(self.span, format!("{} {why}", self.name)).label("not read")
    }

    fn unknown(&self) -> Failure {
        let name = shortened(self.name);
        Diagnostic::new(self.of_name, format!("unknown instruction {name}"))
            .label("not in the subset of X86 that miscount knows")
            .suggest(nearest(&name, INSTRUCTIONS))
            .note(
                "known ones: MOV, MFENCE, XCHG, XADD, INC, DEC, ADD, SUB, XOR, CMP, TEST, jumps, LOCK",
            )
    }

    fn arithmetic(&self, name: &str) -> Parsed<Vec<Node<Statement>>> {
        let (to, by) = if matches!(name, "INC" | "DEC") {
            let [to] = self.operands()?;
            (to, Expression::number(1, self.span))
        } else {
            let [to, by] = self.operands()?;
            (to, by.value())
        };
        writable(to)?;
        let operator = if matches!(name, "INC" | "ADD") {
            BinaryOperator::Add
        } else {
            BinaryOperator::Subtract
        };
        Ok(changed(to, operator, by, self.locked, self.span))
    }

    /// `XOR EAX,EAX`, `TEST EAX,EAX`
    fn of_itself(&self, name: &str) -> Parsed<Vec<Node<Statement>>> {
        let [left, right] = self.operands()?;
        let same = match (&left.value, &right.value) {
            (Operand::Register(left), Operand::Register(right)) => left == right,
            _ => false,
        };
        if !same {
            return Err(self.refused("is read for a register and itself only"));
        }
        if name == "TEST" {
            return Ok(vec![flags(left.value())]);
        }
        let zero = Expression::number(0, self.span);
        Ok(vec![left.set(zero.clone(), self.span), flags(zero)])
    }

    fn exchange_added(&self, to: &Placed, by: &Placed) -> Vec<Node<Statement>> {
        let span = self.span;
        let before = if self.locked {
            to.call(Function::FetchAdd, by.value(), span)
        } else {
            to.value()
        };
        let sum = || value_of(mention(FLAGS, span));
        let add = Expression::binary(BinaryOperator::Add, sum(), by.value());
        let old = Expression::binary(BinaryOperator::Subtract, sum(), by.value());
        let store = (!self.locked).then(|| to.set(sum(), span));
        let before = assign(mention(FLAGS, span), before, span);
        let both = [before, flags(add)].into_iter().chain(store);
        both.chain([by.set(old, span)]).collect()
    }
}

fn writable(operand: &Placed) -> Parsed<()> {
    match operand.value {
        Operand::Number(_) => {
            let error = Diagnostic::new(operand.span, "a number cannot be written to");
            Err(error.label("expected a register or a location such as [x]"))
        }
        _ => Ok(()),
    }
}

/// `XCHG [x],EAX`: one step, locked or not.
fn exchanged(left: &Placed, right: &Placed, span: Span) -> Vec<Node<Statement>> {
    let (to, with) = if left.memory().is_some() {
        (left, right)
    } else {
        (right, left)
    };
    if to.memory().is_some() {
        let before = to.call(Function::Swap, with.value(), span);
        return vec![with.set(before, span)];
    }
    if left.value().value == right.value().value {
        return Vec::new();
    }
    // The sum of both, less either, is the other one; arithmetic wraps.
    let sum = Expression::binary(BinaryOperator::Add, left.value(), right.value());
    let less =
        |one: &Placed| Expression::binary(BinaryOperator::Subtract, left.value(), one.value());
    vec![
        left.set(sum, span),
        right.set(less(right), span),
        left.set(less(right), span),
    ]
}

/// `INC [x]`, `ADD EAX,[x]`: a load and a store of a location, or one step if it is locked.
fn changed(
    to: &Placed,
    operator: BinaryOperator,
    by: Expression,
    locked: bool,
    span: Span,
) -> Vec<Node<Statement>> {
    if locked {
        let by = match operator {
            BinaryOperator::Subtract => {
                Expression::binary(operator, Expression::number(0, span), by)
            }
            _ => by,
        };
        let before = to.call(Function::FetchAdd, by.clone(), span);
        return vec![flags(Expression::binary(BinaryOperator::Add, before, by))];
    }
    let result = flags(Expression::binary(operator, to.value(), by));
    vec![result, to.set(value_of(mention(FLAGS, span)), span)]
}
