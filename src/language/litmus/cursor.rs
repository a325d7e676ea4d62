//! The place in the tokens.

use super::super::ast::{Expression, Leaf, Mention, Node, Spelling, Statement};
use super::super::diagnostic::{Diagnostic, Failure, shortened};
use super::super::source::Span;
use super::lexer::{Token, TokenKind};

/// How deep parentheses, blocks and operators may be nested.
pub(super) const MOST_NESTING: usize = 100;

pub(super) type Parsed<T> = Result<T, Failure>;

/// The tokens of a test behind its header.
pub(super) struct Cursor<'a> {
    pub(super) source: &'a str,
    tokens: Vec<Token>,
    at: usize,
    nesting: usize,
}

impl<'a> Cursor<'a> {
    /// The last token must be the end.
    pub(super) fn new(source: &'a str, tokens: Vec<Token>) -> Self {
        Self {
            source,
            tokens,
            at: 0,
            nesting: 0,
        }
    }

    pub(super) fn text(&self, span: Span) -> &'a str {
        &self.source[span.range()]
    }

    pub(super) fn kind(&self) -> TokenKind {
        self.tokens[self.at].kind
    }

    pub(super) fn span(&self) -> Span {
        self.tokens[self.at].span
    }

    /// Returns the kind of a token further on.
    pub(super) fn kind_behind(&self, by: usize) -> TokenKind {
        self.tokens[(self.at + by).min(self.tokens.len() - 1)].kind
    }

    /// Returns the text of a token further on.
    pub(super) fn text_behind(&self, by: usize) -> &'a str {
        self.text(self.tokens[(self.at + by).min(self.tokens.len() - 1)].span)
    }

    /// Returns the place of the token that was taken last.
    pub(super) fn last_span(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].span
    }

    /// Goes on to the next token, but not beyond the end.
    pub(super) fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len() - 1);
    }

    pub(super) fn is_end(&self) -> bool {
        self.kind() == TokenKind::End
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        matches!(self.kind(), TokenKind::Sign(found) if found == sign)
    }

    pub(super) fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        if found {
            self.advance();
        }
        found
    }

    /// Returns the next token if it is a word.
    pub(super) fn word(&self) -> Option<&'a str> {
        (self.kind() == TokenKind::Word).then(|| self.text(self.span()))
    }

    /// Takes a word, in capitals or not.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self
            .word()
            .is_some_and(|found| found.eq_ignore_ascii_case(word));
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn expect_sign(&mut self, sign: &str) -> Parsed<()> {
        if self.take_sign(sign) {
            return Ok(());
        }
        Err(self.unexpected(&format!("'{sign}'")))
    }

    /// Takes a word; `what` says what it is.
    pub(super) fn name(&mut self, what: &str) -> Parsed<Spelling> {
        let span = self.span();
        let Some(word) = self.word() else {
            return Err(self.unexpected(what));
        };
        self.advance();
        Ok(Node::new(word.into(), span))
    }

    /// Takes a number, which may have a sign before it.
    pub(super) fn number(&mut self, what: &str) -> Parsed<i64> {
        let here = self.at;
        let negative = self.take_sign("-");
        let TokenKind::Number(number) = self.kind() else {
            self.at = here;
            return Err(self.unexpected(what));
        };
        self.advance();
        Ok(if negative {
            number.wrapping_neg()
        } else {
            number
        })
    }

    /// Takes the number of a thread: `0` or `P0`, before a colon.
    pub(super) fn thread(&mut self) -> Option<usize> {
        if self.kind_behind(1) != TokenKind::Sign(":") {
            return None;
        }
        let number = thread_number(self.text(self.span()))?;
        self.advance();
        self.advance();
        Some(number)
    }

    /// Returns the error that something else was expected here.
    pub(super) fn unexpected(&self, expected: &str) -> Failure {
        let found = match self.kind() {
            TokenKind::End => "the end of the test".into(),
            TokenKind::Text => "a text".into(),
            _ => format!("'{}'", shortened(self.text(self.span()))),
        };
        Diagnostic::new(self.span(), format!("expected {expected}, found {found}"))
            .label(format!("expected {expected}"))
    }

    /// Goes one level deeper.
    pub(super) fn enter(&mut self) -> Parsed<()> {
        self.nesting += 1;
        if self.nesting > MOST_NESTING {
            return Err(self.too_deep());
        }
        Ok(())
    }

    pub(super) fn too_deep(&self) -> Failure {
        let message = format!("nested more than {MOST_NESTING} levels deep");
        Diagnostic::new(self.span(), message)
    }

    pub(super) fn leave(&mut self) {
        self.nesting -= 1;
    }

    /// Reads what is nested one level deeper.
    pub(super) fn nested<T>(&mut self, inside: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.enter()?;
        let result = inside(self);
        self.leave();
        result
    }
}

/// Returns the number of a thread that is called `0` or `P0`.
pub(super) fn thread_number(text: &str) -> Option<usize> {
    let digits = text.strip_prefix(['P', 'p']).unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

/// Returns a mention of a variable, a local or an object.
pub(super) fn mention(name: &str, span: Span) -> Node<Mention> {
    let name = Node::new(name.to_owned(), span);
    Node::new(Mention { name, index: None }, span)
}

pub(super) fn value_of(mention: Node<Mention>) -> Expression {
    Expression::leaf(Leaf::Mention(mention.value), mention.span)
}

/// Returns a plain assignment.
pub(super) fn assign(to: Node<Mention>, value: Expression, span: Span) -> Node<Statement> {
    Node::new(
        Statement::Assign {
            atomic: false,
            to,
            operator: None,
            value,
        },
        span,
    )
}
