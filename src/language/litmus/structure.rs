//! From jumps to `if` and `while`: the code of a thread as the statements of a race program.
//!
//! Forward jumps become `if`, backward ones `while`, jumps out of the innermost loop `break`, and
//! jumps to the end of the thread `return`. Jumps that cross each other are refused.

use std::cell::Cell;

use super::super::ast::{Body, Expression, Node, Statement};
use super::super::diagnostic::{Diagnostic, Failure};
use super::super::source::Span;
use super::condition::not;
use super::cursor::{MOST_NESTING, Parsed};

/// A piece of the code of a thread.
pub(super) enum Piece {
    /// `LC00:`
    Label(String),
    /// A jump to a label, if this holds.
    Jump(Option<Expression>, String, Span),
    /// What an instruction does.
    Do(Vec<Node<Statement>>),
}

/// Returns the statements of a thread.
pub(super) fn structured(code: &[Piece], span: Span) -> Parsed<Body> {
    let structure = Structure {
        code,
        span,
        nesting: Cell::new(0),
    };
    structure.body(0, code.len(), None)
}

struct Structure<'a> {
    code: &'a [Piece],
    span: Span,
    /// How many branches and loops are around what is read.
    nesting: Cell<usize>,
}

impl Structure<'_> {
    fn is_label(&self, at: usize, name: &str) -> bool {
        matches!(self.code.get(at), Some(Piece::Label(label)) if label == name)
    }

    /// Returns where a label stands within bounds.
    fn place(&self, from: usize, to: usize, name: &str) -> Option<usize> {
        (from..to).find(|&at| self.is_label(at, name))
    }

    /// Returns the last jump within bounds that leads back to a label before it.
    fn jump_back(&self, from: usize, to: usize, name: &str) -> Option<usize> {
        let leads =
            |at: &usize| matches!(&self.code[*at], Piece::Jump(_, label, _) if label == name);
        (from..to).rev().find(leads)
    }

    /// Returns whether only labels stand between these places.
    fn is_empty(&self, from: usize, to: usize) -> bool {
        let mut between = self.code[from..to].iter();
        between.all(|piece| matches!(piece, Piece::Label(_)))
    }

    /// Returns the pieces within bounds as a body. A jump to where the innermost loop ends leaves
    /// it.
    fn body(&self, from: usize, to: usize, exit: Option<usize>) -> Parsed<Body> {
        self.nesting.set(self.nesting.get() + 1);
        if self.nesting.get() > MOST_NESTING {
            let message = format!("jumps are nested more than {MOST_NESTING} levels deep");
            return Err(Diagnostic::new(self.span, message));
        }
        let mut statements = Vec::new();
        let mut at = from;
        while at < to {
            match &self.code[at] {
                Piece::Do(done) => statements.extend(done.iter().cloned()),
                Piece::Label(name) => {
                    if let Some(back) = self.jump_back(at + 1, to, name) {
                        statements.push(self.looped(at, back)?);
                        at = back;
                    }
                }
                Piece::Jump(condition, name, span) => {
                    let (statement, next) =
                        self.jump((at, to), (condition.as_ref(), name, *span), exit)?;
                    statements.push(statement);
                    at = next;
                    continue;
                }
            }
            at += 1;
        }
        self.nesting.set(self.nesting.get() - 1);
        Ok(Node::new(statements, self.span))
    }

    /// `L: ... ; JE L`
    fn looped(&self, label: usize, back: usize) -> Parsed<Node<Statement>> {
        let mut body = self.body(label + 1, back, Some(back + 1))?;
        let mut span = self.span;
        if let Piece::Jump(condition, _, of_jump) = &self.code[back] {
            span = *of_jump;
            if let Some(condition) = condition {
                let leave = Node::new(Statement::Break, span);
                body.value
                    .push(conditional(not(condition.clone()), vec![leave], None, span));
            }
        }
        Ok(Node::new(
            Statement::While(Expression::number(1, span), body),
            span,
        ))
    }

    /// Returns a jump as a statement, and where the code goes on behind it.
    fn jump(
        &self,
        (at, to): (usize, usize),
        (condition, name, span): (Option<&Expression>, &str, Span),
        exit: Option<usize>,
    ) -> Parsed<(Node<Statement>, usize)> {
        let guarded = |statement| match condition {
            Some(condition) => {
                let inner = Node::new(statement, span);
                conditional(condition.clone(), vec![inner], None, span)
            }
            None => Node::new(statement, span),
        };
        if let Some(label) = self.place(at + 1, to, name) {
            let skipped = |to| self.body(at + 1, to, exit);
            let Some(condition) = condition else {
                // Nothing leads into what is jumped over, unless it is by another jump.
                let first = self.first_label(at + 1, label);
                let body = self.body(first, label, exit)?;
                if !body.value.is_empty() {
                    return Err(crossing(span));
                }
                let nothing = conditional(Expression::number(0, span), Vec::new(), None, span);
                return Ok((nothing, label));
            };
            let negated = not(condition.clone());
            if let Some(Piece::Jump(None, end, _)) = self.code.get(label.wrapping_sub(1))
                && label > at + 1
                && let Some(end) = self.place(label, to, end)
            {
                let then = skipped(label - 1)?;
                let other = self.body(label, end, exit)?;
                return Ok((conditional(negated, then.value, Some(other), span), end));
            }
            let then = skipped(label)?;
            return Ok((conditional(negated, then.value, None, span), label));
        }
        let anywhere = self.place(0, self.code.len(), name);
        let Some(label) = anywhere else {
            let error = Diagnostic::new(span, format!("there is no label '{name}'"));
            return Err(error.label("not in this thread"));
        };
        if exit.is_some_and(|exit| exit <= label && self.is_empty(exit, label)) {
            return Ok((guarded(Statement::Break), at + 1));
        }
        if label > at && self.is_empty(label, self.code.len()) {
            return Ok((guarded(Statement::Return), at + 1));
        }
        Err(crossing(span))
    }

    /// Returns the first label within bounds, or their end.
    fn first_label(&self, from: usize, to: usize) -> usize {
        let is_label = |at: &usize| matches!(self.code[*at], Piece::Label(_));
        (from..to).find(is_label).unwrap_or(to)
    }
}

fn crossing(span: Span) -> Failure {
    Diagnostic::new(span, "this jump crosses another one")
        .label("neither a branch nor a loop")
        .note("jumps are read where they form branches and loops inside of each other")
}

fn conditional(
    condition: Expression,
    then: Vec<Node<Statement>>,
    otherwise: Option<Body>,
    span: Span,
) -> Node<Statement> {
    Node::new(
        Statement::If {
            condition,
            then: Node { value: then, span },
            otherwise,
        },
        span,
    )
}
