//! The C form: a function for each thread.

use std::collections::BTreeMap;

use super::super::ast::{BinaryOperator, Body, Expression, Mention, Node, Sort, Statement};
use super::super::diagnostic::{Diagnostic, shortened};
use super::calls::Called;
use super::condition::begins;
use super::cursor::{Cursor, Parsed, mention, thread_number};
use super::initial::Initial;
use super::lexer::TokenKind;
use super::test::Thread;

/// The locks of a test.
pub(super) type Locks = BTreeMap<String, Sort>;

/// The words that types are made of.
pub(super) const TYPES: [&str; 27] = [
    "int",
    "long",
    "short",
    "char",
    "unsigned",
    "signed",
    "volatile",
    "const",
    "bool",
    "_Bool",
    "register",
    "u8",
    "u16",
    "u32",
    "u64",
    "s8",
    "s16",
    "s32",
    "s64",
    "uint8_t",
    "uint16_t",
    "uint32_t",
    "uint64_t",
    "int32_t",
    "int64_t",
    "intptr_t",
    "uintptr_t",
];

/// Reads the functions.
pub(super) fn threads(
    cursor: &mut Cursor<'_>,
    initial: &mut Initial,
    locks: &mut Locks,
) -> Parsed<Vec<Thread>> {
    let mut threads: Vec<Thread> = Vec::new();
    while threads.is_empty() || !begins(cursor) {
        while cursor.take_word("static") || cursor.take_word("void") {}
        let span = cursor.span();
        let name = cursor.name("a thread such as 'P0(int *x) { ... }'")?;
        if thread_number(&name.value) != Some(threads.len()) {
            let message = format!(
                "expected P{}, found '{}'",
                threads.len(),
                shortened(&name.value)
            );
            return Err(
                Diagnostic::new(span, message).label("threads are P0, P1, ... in this order")
            );
        }
        let mut thread = Thread::new(threads.len(), span);
        let pointers = parameters(cursor, initial)?;
        thread.span = span.to(cursor.last_span());
        let of_start = initial
            .registers
            .keys()
            .filter(|(of, _)| *of == threads.len());
        for (_, name) in of_start {
            thread.uses(name, span);
        }
        let mut function = Function {
            cursor,
            initial,
            locks,
            thread,
            pointers,
        };
        let body = function.block()?;
        thread = function.thread;
        thread.body = body;
        threads.push(thread);
    }
    Ok(threads)
}

/// `(int *x, spinlock_t *s)`
fn parameters(cursor: &mut Cursor<'_>, initial: &mut Initial) -> Parsed<Vec<String>> {
    let mut names = Vec::new();
    cursor.expect_sign("(")?;
    if cursor.word() == Some("void") && cursor.kind_behind(1) == TokenKind::Sign(")") {
        cursor.advance();
    }
    while !cursor.take_sign(")") {
        super::initial::types(cursor);
        let name = cursor.name("a parameter such as 'int *x'")?;
        if cursor.take_sign("[") {
            if !cursor.is_sign("]") {
                cursor.number("a length")?;
            }
            cursor.expect_sign("]")?;
        }
        initial.mention(&name);
        names.push(name.value);
        if !cursor.take_sign(",") && !cursor.is_sign(")") {
            return Err(cursor.unexpected("',' or ')'"));
        }
    }
    Ok(names)
}

/// A function that is being read.
pub(super) struct Function<'c, 'a> {
    pub(super) cursor: &'c mut Cursor<'a>,
    pub(super) initial: &'c mut Initial,
    pub(super) locks: &'c mut Locks,
    pub(super) thread: Thread,
    /// The parameters: each points to a location.
    pub(super) pointers: Vec<String>,
}

/// What stands where a value goes.
enum Assigned {
    Plain,
    By(BinaryOperator),
}

impl Function<'_, '_> {
    fn block(&mut self) -> Parsed<Body> {
        let start = self.cursor.span();
        self.cursor.expect_sign("{")?;
        let mut statements = Vec::new();
        while !self.cursor.take_sign("}") {
            if self.cursor.is_end() {
                let error = self.cursor.unexpected("'}'");
                return Err(error.related(start, "opened here"));
            }
            self.statement(&mut statements)?;
        }
        Ok(Node::new(statements, start.to(self.cursor.last_span())))
    }

    /// Reads one statement as a body.
    fn body(&mut self) -> Parsed<Body> {
        if self.cursor.is_sign("{") {
            return self.cursor_nested(Self::block);
        }
        let start = self.cursor.span();
        let mut value = Vec::new();
        self.cursor_nested(|function| function.statement(&mut value))?;
        let span = start.to(self.cursor.last_span());
        Ok(Node { value, span })
    }

    pub(super) fn cursor_nested<T>(
        &mut self,
        inside: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        self.cursor.enter()?;
        let done = inside(self)?;
        self.cursor.leave();
        Ok(done)
    }

    fn statement(&mut self, into: &mut Vec<Node<Statement>>) -> Parsed<()> {
        let span = self.cursor.span();
        if self.cursor.take_sign(";") {
            return Ok(());
        }
        if self.cursor.is_sign("{") {
            into.extend(self.cursor_nested(Self::block)?.value);
            return Ok(());
        }
        let word = self.cursor.word().unwrap_or_default();
        match word {
            "if" => {
                self.cursor.advance();
                let condition = self.parenthesised()?;
                let span = span.to(self.cursor.last_span());
                let then = self.body()?;
                let otherwise = self.cursor.take_word("else");
                let otherwise = otherwise.then(|| self.body()).transpose()?;
                let value = Statement::If {
                    condition,
                    then,
                    otherwise,
                };
                into.push(Node { value, span });
                return Ok(());
            }
            "while" => {
                self.cursor.advance();
                let condition = self.parenthesised()?;
                let span = span.to(self.cursor.last_span());
                let body = self.body()?;
                into.push(Node::new(Statement::While(condition, body), span));
                return Ok(());
            }
            "for" | "do" | "goto" | "switch" | "asm" | "__asm__" | "struct" | "typedef" => {
                let error = Diagnostic::new(span, format!("'{word}' is not read"));
                return Err(error.label("not in the subset of C that miscount knows"));
            }
            "break" | "continue" | "return" => {
                self.cursor.advance();
                if word == "return" && !self.cursor.is_sign(";") {
                    self.expression()?;
                }
                let value = match word {
                    "break" => Statement::Break,
                    "continue" => Statement::Continue,
                    _ => Statement::Return,
                };
                into.push(Node { value, span });
            }
            _ if TYPES.contains(&word) => self.declaration(into)?,
            _ => self.simple(into)?,
        }
        self.cursor.expect_sign(";")
    }

    fn parenthesised(&mut self) -> Parsed<Expression> {
        self.cursor.expect_sign("(")?;
        let condition = self.expression()?;
        self.cursor.expect_sign(")")?;
        Ok(condition)
    }

    /// `int r0 = READ_ONCE(*x), r1`
    fn declaration(&mut self, into: &mut Vec<Node<Statement>>) -> Parsed<()> {
        while self.cursor.word().is_some_and(|word| TYPES.contains(&word)) {
            self.cursor.advance();
        }
        loop {
            if self.cursor.is_sign("*") {
                let error = Diagnostic::new(self.cursor.span(), "a variable that is a pointer");
                return Err(error
                    .label("not in the subset of C that miscount knows")
                    .note("variables of a thread hold numbers"));
            }
            let name = self.cursor.name("a variable")?;
            self.thread.uses(&name.value, name.span);
            if self.cursor.take_sign("=") {
                let value = self.expression()?;
                assign(
                    mention(&name.value, name.span),
                    &Assigned::Plain,
                    value,
                    into,
                );
            }
            if !self.cursor.take_sign(",") {
                return Ok(());
            }
        }
    }

    /// An assignment or a call.
    fn simple(&mut self, into: &mut Vec<Node<Statement>>) -> Parsed<()> {
        let span = self.cursor.span();
        for (sign, operator) in [
            ("++", BinaryOperator::Add),
            ("--", BinaryOperator::Subtract),
        ] {
            if self.cursor.take_sign(sign) {
                let to = self.target()?;
                assign(
                    to,
                    &Assigned::By(operator),
                    Expression::number(1, span),
                    into,
                );
                return Ok(());
            }
        }
        if self.cursor.take_sign("(") {
            // `(void) f(x)`
            if self.cursor.take_word("void") {
                self.cursor.expect_sign(")")?;
                return self.simple(into);
            }
            return Err(self.cursor.unexpected("a statement"));
        }
        if self.cursor.word().is_some() && self.cursor.kind_behind(1) == TokenKind::Sign("(") {
            match self.call()? {
                Called::Value(value) => {
                    let span = value.span;
                    into.push(Node::new(Statement::Evaluate(value), span));
                }
                Called::Action(actions) => into.extend(actions),
            }
            return Ok(());
        }
        let to = self.target()?;
        let TokenKind::Sign(sign) = self.cursor.kind() else {
            return Err(self.cursor.unexpected("'='"));
        };
        let how = match sign {
            "=" => Assigned::Plain,
            "+=" | "++" => Assigned::By(BinaryOperator::Add),
            "-=" | "--" => Assigned::By(BinaryOperator::Subtract),
            "*=" => Assigned::By(BinaryOperator::Multiply),
            _ => return Err(self.cursor.unexpected("'='")),
        };
        self.cursor.advance();
        let value = if matches!(sign, "++" | "--") {
            Expression::number(1, self.cursor.last_span())
        } else {
            self.expression()?
        };
        assign(to, &how, value, into);
        Ok(())
    }

    /// Reads what is assigned to: a variable of the thread, or a location behind a pointer.
    fn target(&mut self) -> Parsed<Node<Mention>> {
        if self.cursor.is_sign("*") || self.cursor.kind_behind(1) == TokenKind::Sign("[") {
            return self.place();
        }
        let name = self.cursor.name("a statement")?;
        self.local(&name.value, name.span)?;
        Ok(mention(&name.value, name.span))
    }
}

fn assign(to: Node<Mention>, how: &Assigned, value: Expression, into: &mut Vec<Node<Statement>>) {
    let span = to.span.to(value.span);
    let value = Statement::Assign {
        atomic: false,
        to,
        operator: match how {
            Assigned::Plain => None,
            Assigned::By(operator) => Some(*operator),
        },
        value,
    };
    into.push(Node { value, span });
}
