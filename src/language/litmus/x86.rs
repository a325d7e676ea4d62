//! The table of X86 instructions: a column for each thread.

use super::super::ast::{BinaryOperator, Expression, Node, Statement};
use super::super::diagnostic::{Diagnostic, nearest, shortened};
use super::super::source::Span;
use super::condition::begins;
use super::cursor::{Cursor, Parsed, mention, thread_number, value_of};
use super::initial::{Initial, InitialValue};
use super::instruction::{FLAGS, Operand, Placed, Written};
use super::lexer::TokenKind;
use super::structure::{Piece, structured};
use super::test::Thread;

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

impl Cell<'_, '_> {
    fn read(&mut self, pieces: &mut Vec<Piece>) -> Parsed<()> {
        while self.cursor.kind_behind(1) == TokenKind::Sign(":") {
            let label = self.cursor.name("a label")?.value;
            pieces.push(Piece::Label(label));
            self.cursor.advance();
            if self.is_over() {
                return Ok(());
            }
        }
        let span = self.cursor.span();
        let word = self.cursor.name("an instruction")?.value;
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
        let operands = self.operands()?;
        let written = Written {
            name: &name,
            locked,
            span: of_name.to(self.cursor.last_span()),
            of_name,
            operands: &operands,
        };
        let done = written.done()?;
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

    fn is_over(&self) -> bool {
        [";", "|", "||"]
            .iter()
            .any(|sign| self.cursor.is_sign(sign))
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
        let condition = relation
            .map(|relation| Expression::binary(relation, flags(), Expression::number(0, span)));
        let span = span.to(self.cursor.last_span());
        Ok(Some(Piece::Jump(condition, label, span)))
    }

    fn operands(&mut self) -> Parsed<Vec<Placed>> {
        let mut operands = Vec::new();
        while !self.is_over() {
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
                    Node::new(of.clone(), name.span)
                }
            };
            self.initial.mention(&name);
            return Ok(Node::new(Operand::Memory(name.value), span));
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
            return Ok(Node::new(Operand::Register(known), span));
        }
        let number = self
            .cursor
            .number("a register, a number, or a location such as [x]")?;
        let span = span.to(self.cursor.last_span());
        Ok(Node::new(Operand::Number(number), span))
    }
}
