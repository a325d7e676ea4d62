//! Expressions and locations of the C form.

use super::super::ast::{
    BinaryOperator, Expression, Leaf, Mention, Node, Sort, Term, UnaryOperator,
};
use super::super::diagnostic::{Diagnostic, shortened};
use super::super::source::Span;
use super::c::{Function, TYPES};
use super::calls::Called;
use super::cursor::{MOST_NESTING, Parsed, mention, value_of};
use super::initial::InitialValue;
use super::lexer::TokenKind;

impl Function<'_, '_> {
    /// Checks that a name is one of a variable of the thread.
    pub(super) fn local(&self, name: &str, span: Span) -> Parsed<()> {
        if self.thread.knows(name) {
            return Ok(());
        }
        if self.pointers.iter().any(|known| known == name) {
            let error = Diagnostic::new(span, format!("'{name}' is a pointer"));
            return Err(error
                .label("expected a number")
                .suggest(format!("write '*{name}' or 'READ_ONCE(*{name})'")));
        }
        Err(
            Diagnostic::new(span, format!("unknown name '{}'", shortened(name)))
                .label("neither a variable nor a function that miscount knows"),
        )
    }

    /// Reads a location: `*x`, `x`, `&x`, `x[1]`, `(*x)`.
    pub(super) fn place(&mut self) -> Parsed<Node<Mention>> {
        let start = self.cursor.span();
        let mut open = 0;
        loop {
            if self.cursor.take_sign("(") {
                open += 1;
            } else if !self.cursor.take_sign("*") && !self.cursor.take_sign("&") {
                break;
            }
        }
        let name = self.cursor.name("a location such as '*x'")?;
        let of = (self.thread.number, name.value.clone());
        let known = if self.pointers.contains(&name.value) {
            name.value
        } else if let Some((InitialValue::Address(of), _)) = self.initial.registers.get(&of) {
            of.clone()
        } else {
            let message = format!("'{}' is not a pointer", shortened(&name.value));
            return Err(Diagnostic::new(name.span, message)
                .label("expected a location")
                .note("a thread's locations are its parameters, such as 'int *x'"));
        };
        let mut place = mention(&known, name.span);
        if self.cursor.take_sign("[") {
            let index = self.expression()?;
            self.cursor.expect_sign("]")?;
            place.value.index = Some(Box::new(index));
        }
        for _ in 0..open {
            self.cursor.expect_sign(")")?;
        }
        place.span = start.to(self.cursor.last_span());
        Ok(place)
    }

    /// Reads a lock of this sort.
    pub(super) fn lock(&mut self, sort: Sort) -> Parsed<Node<Mention>> {
        let place = self.place()?;
        self.locks
            .entry(place.value.name.value.clone())
            .or_insert(sort);
        Ok(place)
    }

    /// Returns whether an expression costs no step.
    pub(super) fn is_free(&self, expression: &Expression) -> bool {
        !expression.any_leaf(&|leaf| match leaf {
            Leaf::Mention(mention) => !self.thread.knows(&mention.name.value),
            _ => true,
        })
    }

    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        self.cursor_nested(|function| function.binary(0))
    }

    /// Reads operators that bind at least so tightly: precedence climbing.
    fn binary(&mut self, least: u8) -> Parsed<Expression> {
        let mut left = self.unary()?;
        // What walks the tree recurses on the left side, too.
        let mut operators = 0;
        loop {
            let TokenKind::Sign(sign) = self.cursor.kind() else {
                return Ok(left);
            };
            if matches!(sign, "&" | "|" | "^" | "<<" | ">>") {
                let error = Diagnostic::new(
                    self.cursor.span(),
                    format!("the operator '{sign}' is not read"),
                );
                return Err(error.label("not in the subset of C that miscount knows"));
            }
            let Some(operator) = BinaryOperator::spelt(sign) else {
                return Ok(left);
            };
            let precedence = c_precedence(operator);
            if precedence < least {
                return Ok(left);
            }
            self.cursor.advance();
            operators += 1;
            if operators > MOST_NESTING {
                return Err(self.cursor.too_deep());
            }
            let right = self.cursor_nested(|function| function.binary(precedence + 1))?;
            left = Expression::binary(operator, left, right);
        }
    }

    fn unary(&mut self) -> Parsed<Expression> {
        let span = self.cursor.span();
        for operator in [UnaryOperator::Not, UnaryOperator::Negate] {
            if self.cursor.take_sign(operator.spelling()) {
                let operand = self.cursor_nested(Self::unary)?;
                let span = span.to(operand.span);
                return Ok(Node::new(Term::Unary(operator, Box::new(operand)), span));
            }
        }
        if self.cursor.is_sign("*") {
            return Ok(value_of(self.place()?));
        }
        if self.cursor.is_sign("(") {
            let is_type = TYPES.contains(&self.cursor.text_behind(1));
            self.cursor.advance();
            if is_type {
                while self.cursor.word().is_some_and(|word| TYPES.contains(&word)) {
                    self.cursor.advance();
                }
                self.cursor.expect_sign(")")?;
                return self.cursor_nested(Self::unary);
            }
            let inner = self.expression()?;
            self.cursor.expect_sign(")")?;
            return Ok(inner);
        }
        if let TokenKind::Number(number) = self.cursor.kind() {
            self.cursor.advance();
            return Ok(Expression::number(number, span));
        }
        let Some(word) = self.cursor.word() else {
            return Err(self.cursor.unexpected("a value"));
        };
        match self.cursor.kind_behind(1) {
            TokenKind::Sign("(") => match self.call()? {
                Called::Value(value) => Ok(value),
                Called::Action(_) => {
                    let span = span.to(self.cursor.last_span());
                    Err(Diagnostic::new(span, format!("{word} has no value"))
                        .label("expected a value"))
                }
            },
            TokenKind::Sign("[") => Ok(value_of(self.place()?)),
            _ => {
                self.local(word, span)?;
                self.cursor.advance();
                Ok(value_of(mention(word, span)))
            }
        }
    }
}

/// Returns how tightly an operator binds in C, where `==` binds looser than `<`.
fn c_precedence(operator: BinaryOperator) -> u8 {
    match operator {
        BinaryOperator::Or => 0,
        BinaryOperator::And => 1,
        BinaryOperator::Equal | BinaryOperator::NotEqual => 2,
        BinaryOperator::Less
        | BinaryOperator::AtMost
        | BinaryOperator::Greater
        | BinaryOperator::AtLeast => 3,
        BinaryOperator::Add | BinaryOperator::Subtract => 4,
        BinaryOperator::Multiply | BinaryOperator::Divide | BinaryOperator::Remainder => 5,
    }
}
