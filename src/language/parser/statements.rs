//! What stands inside of threads.

use super::super::ast::{
    BinaryOperator, Body, Expression, Function, Leaf, Node, Operation, Statement, Term,
};
use super::super::diagnostic::{Diagnostic, Failure};
use super::super::lexer::TokenKind;
use super::super::source::Span;
use super::cursor::{Parsed, Parser, begins_item, is_reserved};

/// Words that begin a statement, besides operations and functions.
pub(super) const BEGINNINGS: [&str; 13] = [
    "local", "atomic", "await", "assert", "fence", "if", "while", "repeat", "break", "continue",
    "return", "else", "unlock",
];

impl Parser<'_> {
    /// Reads `{ ... }`; `what` says whose it is.
    pub(super) fn body(&mut self, what: &str) -> Parsed<Body> {
        self.skip_newlines();
        let opened = self.span();
        self.expect_sign("{", &format!("to begin the body of {what}"))?;
        self.open.push(opened);
        self.nested(|parser| {
            let mut statements = Vec::new();
            loop {
                parser.skip_ends();
                if parser.is_sign("}") || parser.lost {
                    break;
                }
                if parser.peek().kind == TokenKind::End || parser.is_at_item() {
                    return Err(parser.unclosed());
                }
                let statement = parser.statement().and_then(|statement| {
                    parser.end_of_statement()?;
                    Ok(statement)
                });
                match statement {
                    Ok(statement) => statements.push(statement),
                    Err(error) => parser.recover(*error),
                }
            }
            let closed = parser.span();
            parser.suspect_by_indentation(opened, closed);
            parser.advance();
            parser.open.pop();
            let span = opened.to(closed);
            Ok(Node::new(statements, span))
        })
    }

    /// Whether an item follows, which cannot stand inside of a block.
    fn is_at_item(&mut self) -> bool {
        self.peek_word().is_some_and(begins_item) && !self.is_before_assignment()
    }

    /// Whether an assignment's sign or an index stands behind the next token.
    fn is_before_assignment(&mut self) -> bool {
        match self.peek_second() {
            TokenKind::Sign(sign) => *sign == "[" || assigned(sign).is_some(),
            _ => false,
        }
    }

    /// Remembers a brace that another one's indentation closes.
    fn suspect_by_indentation(&mut self, opened: Span, closed: Span) {
        let (closing, is_alone) = self.indentation(closed);
        if is_alone && closing != self.indentation(opened).0 {
            self.suspect.get_or_insert(opened);
        }
    }

    fn unclosed(&mut self) -> Failure {
        let innermost = self.open.last().copied().unwrap_or_default();
        let opened = self.suspect.unwrap_or(innermost);
        self.lost = true;
        let found = self.found();
        Diagnostic::new(opened, format!("expected '}}', found {found}"))
            .label("this '{' is not closed")
            .related(self.span(), "expected '}' before this")
    }

    fn statement(&mut self) -> Parsed<Node<Statement>> {
        let start = self.span();
        let Some(word) = self.peek_word() else {
            return Err(self.unexpected("a statement"));
        };
        if let Some(operation) = Operation::spelt(word) {
            return self.operation(operation);
        }
        if Function::spelt(word).is_some() {
            return self.evaluation();
        }
        let value = match word {
            "atomic" => {
                self.advance();
                self.assignment(true)?
            }
            "if" => return self.choice(),
            "while" => {
                self.advance();
                let condition = self.condition()?;
                let span = start.to(condition.span);
                let body = self.body("'while'")?;
                return Ok(Node::new(Statement::While(condition, body), span));
            }
            "repeat" => {
                self.advance();
                let times = self.expression()?;
                let span = start.to(times.span);
                let body = self.body("'repeat'")?;
                return Ok(Node::new(Statement::Repeat(times, body), span));
            }
            "local" => {
                self.advance();
                Statement::Local(self.list(|parser| {
                    let name = parser.name("the name of a local")?;
                    let is_given = parser.take_sign("=");
                    let value = is_given.then(|| parser.expression()).transpose()?;
                    Ok((name, value))
                })?)
            }
            "await" | "assert" => {
                self.advance();
                let condition = self.condition()?;
                if word == "await" {
                    Statement::Await(condition)
                } else {
                    Statement::Assert(condition)
                }
            }
            "fence" | "break" | "continue" | "return" => {
                self.advance();
                match word {
                    "fence" => Statement::Fence,
                    "break" => Statement::Break,
                    "continue" => Statement::Continue,
                    _ => Statement::Return,
                }
            }
            "else" => {
                let error = Diagnostic::new(start, "'else' without an 'if' before it");
                return Err(error.note("'else' follows the '}' of an 'if'"));
            }
            word if !is_reserved(word) && self.is_before_assignment() => self.assignment(false)?,
            _ => return Err(self.not_a_statement(start)),
        };
        let span = start.to(self.last_span());
        Ok(Node { value, span })
    }

    /// Says what is wrong with what begins with a word and is no statement.
    fn not_a_statement(&mut self, start: Span) -> Failure {
        let second = self.peek_second().clone();
        if let TokenKind::Sign(sign @ ("+" | "-" | "==")) = second
            && let Ok(name) = self.name("a name")
        {
            let name = name.value;
            let error = Diagnostic::new(start, "this value is not used");
            let meant = match sign {
                "==" => format!("to store, write '{name} = ...'"),
                _ => format!("to change it by 1, write '{name} {sign}= 1'"),
            };
            return error.label("the statement does nothing").suggest(meant);
        }
        let operations = Operation::ALL.iter().map(|one| one.spelling());
        let functions = Function::ALL.iter().map(|one| one.spelling());
        let known: Vec<_> = BEGINNINGS
            .into_iter()
            .chain(operations)
            .chain(functions)
            .collect();
        self.unknown_word("a statement", &known)
    }

    fn assignment(&mut self, atomic: bool) -> Parsed<Statement> {
        let (to, _) = self.mention("the name of a variable")?;
        let assigned = match self.peek().kind {
            TokenKind::Sign(sign) => assigned(sign),
            _ => None,
        };
        let Some((_, operator)) = assigned else {
            return Err(self.unexpected("'=', '+=', '-=' or '*='"));
        };
        self.advance();
        self.skip_newlines();
        let value = self.expression()?;
        Ok(Statement::Assign {
            atomic,
            to,
            operator,
            value,
        })
    }

    /// Reads a call whose value is dropped.
    fn evaluation(&mut self) -> Parsed<Node<Statement>> {
        let call: Expression = self.expression()?;
        let span = call.span;
        if !matches!(call.value, Term::Leaf(Leaf::Call(..))) {
            let error = Diagnostic::new(span, "this value is not used");
            return Err(error.label("its result goes nowhere"));
        }
        Ok(Node::new(Statement::Evaluate(call), span))
    }

    fn choice(&mut self) -> Parsed<Node<Statement>> {
        let start = self.span();
        self.advance();
        let condition = self.condition()?;
        let span = start.to(condition.span);
        let then = self.body("'if'")?;
        let otherwise = if !self.take_word_below("else") {
            None
        } else if self.peek_word() == Some("if") {
            let next = self.nested(Self::choice)?;
            let span = next.span;
            Some(Node::new(vec![next], span))
        } else {
            Some(self.body("'else'")?)
        };
        let value = Statement::If {
            condition,
            then,
            otherwise,
        };
        Ok(Node { value, span })
    }

    fn operation(&mut self, operation: Operation) -> Parsed<Node<Statement>> {
        let span = self.span();
        self.advance();
        let word = Node::new(operation, span);
        let (object, _) = self.mention(&format!("the name of {}", operation.acts_on()))?;
        let span = span.to(object.span);
        let body = if operation.takes_body() && self.is_below("{") {
            Some(self.body(&format!("'{}'", operation.spelling()))?)
        } else {
            None
        };
        Ok(Node::new(Statement::Operate(word, object, body), span))
    }
}

/// The signs of assignments, and the operators that they apply.
const ASSIGNED: [(&str, Option<BinaryOperator>); 4] = [
    ("=", None),
    ("+=", Some(BinaryOperator::Add)),
    ("-=", Some(BinaryOperator::Subtract)),
    ("*=", Some(BinaryOperator::Multiply)),
];

fn assigned(sign: &str) -> Option<(&'static str, Option<BinaryOperator>)> {
    ASSIGNED.into_iter().find(|(known, _)| *known == sign)
}
