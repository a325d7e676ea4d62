//! Expressions, by precedence climbing.

use super::super::ast::{
    BinaryOperator, Expression, Function, Leaf, Mention, Node, Term, UnaryOperator,
};
use super::super::diagnostic::Diagnostic;
use super::super::lexer::TokenKind;
use super::cursor::{MOST_NESTING, Parsed, Parser};

/// An expression and the height of its tree, which is bounded as recursion is: a long sum is a deep
/// tree.
type Measured<T> = Parsed<(T, usize)>;

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        Ok(self.binary(0)?.0)
    }

    /// Reads an expression whose place does not allow an assignment behind it.
    pub(super) fn condition(&mut self) -> Parsed<Expression> {
        let condition = self.expression()?;
        let meant = match (self.peek_word(), self.is_sign("=")) {
            (Some("and"), _) => "'and' is written '&&'",
            (Some("or"), _) => "'or' is written '||'",
            (_, true) => "to compare, write '=='",
            _ => return Ok(condition),
        };
        let found = self.found();
        let error = Diagnostic::new(self.span(), format!("{found} in a condition"));
        Err(error.suggest(String::from(meant)))
    }

    fn binary(&mut self, least: u8) -> Measured<Expression> {
        self.nested(|parser| {
            let (mut left, mut height) = parser.unary()?;
            while let Some(operator) = parser.peek_operator()
                && operator.precedence() >= least
            {
                parser.advance();
                parser.skip_newlines();
                let (right, right_height) = parser.binary(operator.precedence() + 1)?;
                height = 1 + height.max(right_height);
                if height > MOST_NESTING {
                    return Err(parser.too_deep());
                }
                left = Expression::binary(operator, left, right);
                let next = parser.peek_operator();
                if operator.compares() && next.is_some_and(BinaryOperator::compares) {
                    let error =
                        Diagnostic::new(parser.span(), "comparisons cannot follow each other");
                    let meant = "write 'a < b && b < c' for 'a < b < c'";
                    return Err(error.suggest(String::from(meant)));
                }
            }
            Ok((left, height))
        })
    }

    fn peek_operator(&mut self) -> Option<BinaryOperator> {
        match self.peek().kind {
            TokenKind::Sign(sign) => BinaryOperator::spelt(sign),
            _ => None,
        }
    }

    fn unary(&mut self) -> Measured<Expression> {
        let start = self.span();
        let operator = match self.peek().kind {
            TokenKind::Sign(sign) => UnaryOperator::spelt(sign),
            _ => None,
        };
        let Some(operator) = operator else {
            return self.primary();
        };
        self.advance();
        let (operand, height) = self.nested(Self::unary)?;
        let span = start.to(operand.span);
        let unary = Node::new(Term::Unary(operator, Box::new(operand)), span);
        Ok((unary, height + 1))
    }

    fn primary(&mut self) -> Measured<Expression> {
        let start = self.span();
        let (value, height) = match (self.peek().kind.clone(), self.peek_word()) {
            (TokenKind::Number(number), _) => {
                self.advance();
                (Term::Number(number), 1)
            }
            (TokenKind::Sign("("), _) => {
                return self.between("(", ")", |parser| parser.binary(0));
            }
            (_, Some("self")) => {
                self.advance();
                (Term::Leaf(Leaf::ThreadNumber), 1)
            }
            (_, Some(word)) if let Some(function) = Function::spelt(word) => {
                self.advance();
                let (call, height) = self.call(function)?;
                (Term::Leaf(call), height + 1)
            }
            (_, Some(_)) => {
                let (mention, height) = self.measured_mention("a value")?;
                let leaf = if mention.index.is_none() && self.take_sign(".") {
                    Leaf::ThreadLocal(mention.name, self.name("the name of a local")?)
                } else {
                    Leaf::Mention(mention)
                };
                (Term::Leaf(leaf), height)
            }
            _ => return Err(self.unexpected("a value")),
        };
        let span = start.to(self.last_span());
        Ok((Node { value, span }, height))
    }

    fn call(&mut self, function: Function) -> Measured<Leaf> {
        if function == Function::TryLock && !self.is_sign("(") {
            let (mention, height) = self.mention("the name of a mutex")?;
            return Ok((Leaf::Call(function, mention, Vec::new()), height));
        }
        self.between("(", ")", |parser| {
            let (mention, mut height) = parser.mention("the name of a shared variable")?;
            let mut arguments = Vec::new();
            while parser.take_sign(",") {
                let (argument, its_height) = parser.binary(0)?;
                height = height.max(its_height);
                arguments.push(argument);
            }
            Ok((Leaf::Call(function, mention, arguments), height))
        })
    }

    /// Reads `x` or `a[i]`.
    pub(super) fn mention(&mut self, what: &str) -> Measured<Node<Mention>> {
        let start = self.span();
        let (value, height) = self.measured_mention(what)?;
        let span = start.to(self.last_span());
        Ok((Node { value, span }, height))
    }

    fn measured_mention(&mut self, what: &str) -> Measured<Mention> {
        let name = self.name(what)?;
        if !self.is_sign("[") {
            return Ok((Mention { name, index: None }, 1));
        }
        let (index, height) = self.between("[", "]", |parser| parser.binary(0))?;
        let index = Some(Box::new(index));
        if height >= MOST_NESTING {
            return Err(self.too_deep());
        }
        Ok((Mention { name, index }, height + 1))
    }
}
