//! The table of X86 instructions: a column for each thread.

use super::super::ast::{BinaryOperator, Expression, Function, Leaf, Node, Statement, Term};
use super::super::diagnostic::{Diagnostic, nearest};
use super::super::source::Span;
use super::condition::begins;
use super::cursor::{
    Cursor, Parsed, assign, mention, number_at, shortened, thread_number, value_of,
};
use super::initial::{Initial, InitialValue};
use super::structure::{Piece, structured};
use super::test::Thread;

/// The local that holds what the last instruction with flags computed.
const FLAGS: &str = "EFLAGS";

/// The registers, each by its names with 32 and with 64 bits.
const REGISTERS: [(&str, &str); 8] = [
    ("EAX", "RAX"),
    ("EBX", "RBX"),
    ("ECX", "RCX"),
    ("EDX", "RDX"),
    ("ESI", "RSI"),
    ("EDI", "RDI"),
    ("EBP", "RBP"),
    ("ESP", "RSP"),
];

/// The instructions that are read.
const INSTRUCTIONS: [&str; 14] = [
    "MOV", "MFENCE", "XCHG", "XADD", "INC", "DEC", "ADD", "SUB", "XOR", "CMP", "TEST", "JMP",
    "LOCK", "NOP",
];

/// Returns what a register is called, whether by its name with 32 or with 64 bits; `None` if it is none.
pub(super) fn register(name: &str) -> Option<String> {
    let name = name.to_ascii_uppercase();
    let known = |(narrow, wide): &&(&str, &str)| *narrow == name || *wide == name;
    if let Some((narrow, _)) = REGISTERS.iter().find(known) {
        return Some((*narrow).to_owned());
    }
    let number = name.strip_prefix('R')?;
    let number = number.strip_suffix('D').unwrap_or(number);
    let is_known = (8..=15).any(|known: u8| known.to_string() == number);
    is_known.then(|| format!("R{number}"))
}

/// Reads the table.
pub(super) fn threads(cursor: &mut Cursor<'_>, initial: &mut Initial) -> Parsed<Vec<Thread>> {
    let mut threads = Vec::new();
    loop {
        let span = cursor.span();
        let word = cursor.word().unwrap_or_default();
        let is_next = word.starts_with(['P', 'p']) && thread_number(word) == Some(threads.len());
        if !is_next {
            return Err(cursor.unexpected(&format!("'P{}', the head of a column", threads.len())));
        }
        cursor.advance();
        threads.push(Thread::new(threads.len(), span));
        if cursor.take_sign(";") {
            break;
        }
        cursor.expect_sign("|")?;
    }
    let mut columns: Vec<_> = threads
        .into_iter()
        .map(|thread| (thread, Vec::new()))
        .collect();
    while !begins(cursor) {
        row(cursor, initial, &mut columns)?;
    }
    let thread = |(mut thread, code): (Thread, Vec<Piece>)| {
        thread.body = structured(&code, thread.span)?;
        Ok(thread)
    };
    columns.into_iter().map(thread).collect()
}

fn row(
    cursor: &mut Cursor<'_>,
    initial: &mut Initial,
    columns: &mut [(Thread, Vec<Piece>)],
) -> Parsed<()> {
    let mut column = 0;
    loop {
        if cursor.take_sign(";") {
            return Ok(());
        }
        if cursor.take_sign("||") {
            column += 2;
            continue;
        }
        if cursor.take_sign("|") {
            column += 1;
            continue;
        }
        let threads = columns.len();
        let Some((thread, pieces)) = columns.get_mut(column) else {
            let word = shortened(cursor.text(cursor.span()));
            let error = Diagnostic::new(cursor.span(), format!("'{word}' is in no column"));
            return Err(error.label(format!("the table has {threads}")));
        };
        let mut cell = Cell {
            cursor,
            initial,
            thread,
        };
        cell.read(pieces)?;
        if ![";", "|", "||"].iter().any(|sign| cursor.is_sign(sign)) {
            return Err(cursor.unexpected("'|' or ';' behind an instruction"));
        }
    }
}

/// A cell of the table.
struct Cell<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
    initial: &'c mut Initial,
    thread: &'c mut Thread,
}

/// What an instruction works on.
#[derive(Clone)]
enum Operand {
    Number(i64),
    Register(String),
    Memory(String),
}

/// An operand and where it stands.
type Placed = Node<Operand>;

impl Placed {
    /// Returns its value: a load, if it is in memory.
    fn value(&self) -> Expression {
        match &self.value {
            Operand::Number(number) => number_at(*number, self.span),
            Operand::Register(name) | Operand::Memory(name) => value_of(mention(name, self.span)),
        }
    }

    fn set(&self, value: Expression, span: Span) -> Node<Statement> {
        let (Operand::Register(name) | Operand::Memory(name)) = &self.value else {
            // A destination is checked to be none.
            return Node {
                value: Statement::Evaluate(value),
                span,
            };
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
        Node {
            value: Term::Leaf(Leaf::Call(function, to, vec![argument])),
            span,
        }
    }
}

fn binary(operator: BinaryOperator, left: Expression, right: Expression) -> Expression {
    Node {
        span: left.span.to(right.span),
        value: Term::Binary(operator, Box::new(left), Box::new(right)),
    }
}

fn flags(value: Expression) -> Node<Statement> {
    let span = value.span;
    assign(mention(FLAGS, span), value, span)
}

impl Cell<'_, '_> {
    fn read(&mut self, pieces: &mut Vec<Piece>) -> Parsed<()> {
        let span = self.cursor.span();
        let word = self.cursor.name("an instruction")?.value;
        if self.cursor.take_sign(":") {
            pieces.push(Piece::Label(word));
            if [";", "|", "||"]
                .iter()
                .any(|sign| self.cursor.is_sign(sign))
            {
                return Ok(());
            }
            return self.read(pieces);
        }
        let mut name = word.to_ascii_uppercase();
        let locked = name == "LOCK";
        let mut of_name = span;
        if locked {
            of_name = self.cursor.span();
            name = self
                .cursor
                .name("an instruction behind LOCK")?
                .value
                .to_ascii_uppercase();
        }
        if let Some(jump) = self.jump(&name, of_name)? {
            pieces.push(jump);
            return Ok(());
        }
        let done = self.instruction(&name, locked, of_name)?;
        let sets_flags = |one: &Node<Statement>| match &one.value {
            Statement::Assign { to, .. } => to.value.name.value == FLAGS,
            _ => false,
        };
        if done.iter().any(sets_flags) {
            self.thread.uses(FLAGS, of_name);
        }
        pieces.push(Piece::Do(done));
        Ok(())
    }

    fn jump(&mut self, name: &str, span: Span) -> Parsed<Option<Piece>> {
        let relation = match name {
            "JMP" => None,
            "JE" | "JZ" => Some(BinaryOperator::Equal),
            "JNE" | "JNZ" => Some(BinaryOperator::NotEqual),
            "JL" | "JNGE" | "JS" => Some(BinaryOperator::Less),
            "JGE" | "JNL" | "JNS" => Some(BinaryOperator::AtLeast),
            "JLE" | "JNG" => Some(BinaryOperator::AtMost),
            "JG" | "JNLE" => Some(BinaryOperator::Greater),
            _ => return Ok(None),
        };
        let label = self.cursor.name("a label")?.value;
        if relation.is_some() {
            self.thread.uses(FLAGS, span);
        }
        let flags = || value_of(mention(FLAGS, span));
        let condition = relation.map(|relation| binary(relation, flags(), number_at(0, span)));
        let span = span.to(self.cursor.last_span());
        Ok(Some(Piece::Jump(condition, label, span)))
    }

    fn instruction(
        &mut self,
        name: &str,
        locked: bool,
        span: Span,
    ) -> Parsed<Vec<Node<Statement>>> {
        let operands = self.operands()?;
        let whole = span.to(self.cursor.last_span());
        let one = |value| Node { value, span: whole };
        let count = |wanted: usize| {
            if operands.len() == wanted {
                return Ok(());
            }
            let error = Diagnostic::new(whole, format!("{name} takes {wanted} operands"));
            Err(error.label(format!("has {}", operands.len())))
        };
        let refused = |why: &str| Diagnostic::new(whole, format!("{name} {why}")).label("not read");
        let writable = |operand: &Placed| match operand.value {
            Operand::Number(_) => {
                let error = Diagnostic::new(operand.span, "a number cannot be written to");
                Err(error.label("expected a register or a location such as [x]"))
            }
            _ => Ok(()),
        };
        // What has a size behind its name: MOVL, ADDQ, ...
        let base = [
            "MOV", "XCHG", "XADD", "INC", "DEC", "ADD", "SUB", "XOR", "CMP", "TEST",
        ];
        let sized = |name: &str| {
            let short = name.strip_suffix(['L', 'Q', 'W'])?;
            base.contains(&short).then(|| short.to_owned())
        };
        let plain = sized(name).unwrap_or_else(|| name.to_owned());
        if !matches!(
            &*plain,
            "MOV" | "CMP" | "TEST" | "MFENCE" | "NOP" | "PAUSE" | "LFENCE" | "SFENCE"
        ) && let Some(first) = operands.first()
        {
            writable(first)?;
        }
        if locked {
            let is_modifying = matches!(&*plain, "XCHG" | "XADD" | "INC" | "DEC" | "ADD" | "SUB");
            let is_memory = operands.iter().any(|operand| operand.memory().is_some());
            if !is_modifying || !is_memory {
                return Err(refused("cannot be locked")
                    .note("LOCK goes with INC, DEC, ADD, SUB, XADD and XCHG of a location"));
            }
        }
        let two_in_memory = operands
            .iter()
            .filter(|operand| operand.memory().is_some())
            .count()
            > 1;
        if two_in_memory {
            return Err(refused("works on two locations")
                .note("an instruction has at most one operand in memory"));
        }
        Ok(match &*plain {
            "MOV" => {
                count(2)?;
                writable(&operands[0])?;
                vec![operands[0].set(operands[1].value(), whole)]
            }
            "MFENCE" => {
                count(0)?;
                vec![one(Statement::Fence)]
            }
            // These order nothing that x86-TSO does not order by itself.
            "NOP" | "PAUSE" | "LFENCE" | "SFENCE" => {
                count(0)?;
                Vec::new()
            }
            "XCHG" => {
                count(2)?;
                writable(&operands[1])?;
                exchanged(&operands[0], &operands[1], whole)
            }
            "XADD" => {
                count(2)?;
                writable(&operands[1])?;
                let (to, by) = (&operands[0], &operands[1]);
                let before = if locked {
                    to.call(Function::FetchAdd, by.value(), whole)
                } else {
                    to.value()
                };
                let sum = || value_of(mention(FLAGS, span));
                let add = binary(BinaryOperator::Add, sum(), by.value());
                let old = binary(BinaryOperator::Subtract, sum(), by.value());
                let store = (!locked).then(|| to.set(sum(), whole));
                let before = assign(mention(FLAGS, span), before, whole);
                let both = [before, flags(add)].into_iter().chain(store);
                both.chain([by.set(old, whole)]).collect()
            }
            "INC" | "DEC" => {
                count(1)?;
                let operator = if plain == "INC" {
                    BinaryOperator::Add
                } else {
                    BinaryOperator::Subtract
                };
                changed(&operands[0], operator, number_at(1, whole), locked, whole)
            }
            "ADD" | "SUB" => {
                count(2)?;
                let operator = if plain == "ADD" {
                    BinaryOperator::Add
                } else {
                    BinaryOperator::Subtract
                };
                changed(&operands[0], operator, operands[1].value(), locked, whole)
            }
            "XOR" | "TEST" => {
                count(2)?;
                let (Operand::Register(first), Operand::Register(second)) =
                    (&operands[0].value, &operands[1].value)
                else {
                    return Err(refused("is read for a register and itself only"));
                };
                if first != second {
                    return Err(refused("is read for a register and itself only"));
                }
                if plain == "TEST" {
                    vec![flags(operands[0].value())]
                } else {
                    let zero = number_at(0, whole);
                    vec![operands[0].set(zero.clone(), whole), flags(zero)]
                }
            }
            "CMP" => {
                count(2)?;
                let (left, right) = (operands[0].value(), operands[1].value());
                vec![flags(binary(BinaryOperator::Subtract, left, right))]
            }
            _ => {
                let name = shortened(name);
                return Err(Diagnostic::new(span, format!("the instruction {name} is not read"))
                    .label("not in the subset of X86 that miscount knows")
                    .suggest(nearest(&name, INSTRUCTIONS))
                    .note("known ones: MOV, MFENCE, XCHG, XADD, INC, DEC, ADD, SUB, XOR, CMP, TEST, jumps, LOCK"));
            }
        })
    }

    fn operands(&mut self) -> Parsed<Vec<Placed>> {
        let mut operands = Vec::new();
        while ![";", "|", "||"]
            .iter()
            .any(|sign| self.cursor.is_sign(sign))
        {
            operands.push(self.operand()?);
            if !self.cursor.take_sign(",") {
                break;
            }
        }
        Ok(operands)
    }

    fn operand(&mut self) -> Parsed<Placed> {
        for word in ["BYTE", "WORD", "DWORD", "QWORD"] {
            if self.cursor.take_word(word) && !self.cursor.take_word("PTR") {
                return Err(self.cursor.unexpected("'PTR'"));
            }
        }
        let span = self.cursor.span();
        if self.cursor.take_sign("[") {
            let name = self.cursor.name("a location")?;
            self.cursor.expect_sign("]")?;
            let span = span.to(self.cursor.last_span());
            let name = match register(&name.value) {
                None => name,
                Some(holding) => {
                    let of = self.initial.registers.get(&(self.thread.number, holding));
                    let Some((InitialValue::Address(of), _)) = of else {
                        let message = format!("'{}' does not hold an address", name.value);
                        return Err(Diagnostic::new(name.span, message)
                            .label("expected a location")
                            .note(
                                "a register holds an address if the initial values say so: 0:ESI=x",
                            ));
                    };
                    Node {
                        value: of.clone(),
                        span: name.span,
                    }
                }
            };
            self.initial.mention(&name);
            let value = Operand::Memory(name.value);
            return Ok(Node { value, span });
        }
        if let Some(word) = self.cursor.word() {
            let Some(known) = register(word) else {
                let message = format!("'{}' is not a register", shortened(word));
                let names = REGISTERS.iter().map(|(narrow, _)| *narrow);
                return Err(Diagnostic::new(span, message)
                    .label("expected a register, a number, or a location such as [x]")
                    .suggest(nearest(word, names))
                    .note("the location x is written [x]"));
            };
            self.cursor.advance();
            self.thread.uses(&known, span);
            let value = Operand::Register(known);
            return Ok(Node { value, span });
        }
        let number = self
            .cursor
            .number("a register, a number, or a location such as [x]")?;
        let span = span.to(self.cursor.last_span());
        let value = Operand::Number(number);
        Ok(Node { value, span })
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
    let sum = binary(BinaryOperator::Add, left.value(), right.value());
    let less = |one: &Placed| binary(BinaryOperator::Subtract, left.value(), one.value());
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
            BinaryOperator::Subtract => binary(operator, number_at(0, span), by),
            _ => by,
        };
        let before = to.call(Function::FetchAdd, by.clone(), span);
        return vec![flags(binary(BinaryOperator::Add, before, by))];
    }
    let result = flags(binary(operator, to.value(), by));
    vec![result, to.set(value_of(mention(FLAGS, span)), span)]
}
