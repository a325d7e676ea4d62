//! The place in the tokens, and what all rules need.

use super::super::ast::{Function, Node, Operation, Quantifier, Spelling, Topic};
use super::super::diagnostic::{Diagnostic, Failure, MOST_DIAGNOSTICS, nearest, shortened};
use super::super::lexer::{Token, TokenKind};
use super::super::source::Span;
use super::{items, statements};

/// How deep blocks, parentheses and operators may be nested. Everything that walks the tree
/// recurses as deep.
pub(super) const MOST_NESTING: usize = 200;

/// Words that stand for a value or a target.
const VALUES: [&str; 5] = ["self", "deadlock", "livelock", "assertion", "fault"];

/// Returns whether a word has its meaning in the language, and cannot be a name: `threads` is the name of a
/// parameter, too.
pub(super) fn is_reserved(word: &str) -> bool {
    let is_item = items::BEGINNINGS.contains(&word) && word != "threads";
    is_item
        || statements::BEGINNINGS.contains(&word)
        || VALUES.contains(&word)
        || Operation::spelt(word).is_some()
        || Function::spelt(word).is_some()
        || Quantifier::spelt(word).is_some()
}

/// Returns whether a word begins an item that cannot be mistaken for a statement.
pub(super) fn begins_item(word: &str) -> bool {
    items::BEGINNINGS.contains(&word)
        || Topic::spelt(word).is_some()
        || Quantifier::spelt(word).is_some()
}

pub(super) type Parsed<T> = Result<T, Failure>;

pub(super) struct Parser<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    at: usize,
    /// How many blocks, parentheses and operators are around this place.
    pub(super) nesting: usize,
    /// How many of them are parentheses and brackets, in which newlines mean nothing.
    brackets: usize,
    /// The braces that are open.
    pub(super) open: Vec<Span>,
    /// A brace whose closing one seems to be missing, to judge by the indentation.
    pub(super) suspect: Option<Span>,
    pub(super) errors: Vec<Diagnostic>,
    /// Whether what follows would only be the consequence of an error.
    pub(super) lost: bool,
}

impl<'a> Parser<'a> {
    /// The last token must be the end.
    pub(super) fn new(source: &'a str, tokens: Vec<Token>, errors: Vec<Diagnostic>) -> Self {
        Self {
            source,
            tokens,
            at: 0,
            nesting: 0,
            brackets: 0,
            open: Vec::new(),
            suspect: None,
            errors,
            lost: false,
        }
    }

    pub(super) fn text(&self, span: Span) -> &'a str {
        &self.source[span.range()]
    }

    /// Returns the next token, but for newlines where they mean nothing.
    pub(super) fn peek(&mut self) -> &Token {
        if self.brackets > 0 {
            self.skip_newlines();
        }
        &self.tokens[self.at]
    }

    pub(super) fn span(&mut self) -> Span {
        self.peek().span
    }

    /// Returns the place of the token that was taken last.
    pub(super) fn last_span(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].span
    }

    /// Goes on to the next token, but not beyond the end.
    pub(super) fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len() - 1);
    }

    /// Goes back to the token before.
    pub(super) fn retreat(&mut self) {
        self.at = self.at.saturating_sub(1);
    }

    /// Returns the kind of the token behind the next one.
    pub(super) fn peek_second(&mut self) -> &TokenKind {
        self.peek();
        let second = (self.at + 1).min(self.tokens.len() - 1);
        &self.tokens[second].kind
    }

    /// Returns whether a sign follows, also behind newlines.
    pub(super) fn is_below(&self, sign: &str) -> bool {
        let mut rest = self.tokens[self.at..].iter().map(|token| &token.kind);
        let next = rest.find(|kind| **kind != TokenKind::Newline);
        matches!(next, Some(TokenKind::Sign(found)) if *found == sign)
    }

    pub(super) fn skip_newlines(&mut self) {
        while self.tokens[self.at].kind == TokenKind::Newline {
            self.at += 1;
        }
    }

    /// Skips empty statements.
    pub(super) fn skip_ends(&mut self) {
        while matches!(self.peek().kind, TokenKind::Newline | TokenKind::Semicolon) {
            self.advance();
        }
    }

    /// Returns the next token if it is a word, also one of the language.
    pub(super) fn peek_word(&mut self) -> Option<&'a str> {
        let span = self.span();
        (self.peek().kind == TokenKind::Word).then(|| self.text(span))
    }

    pub(super) fn is_sign(&mut self, sign: &str) -> bool {
        matches!(self.peek().kind, TokenKind::Sign(found) if found == sign)
    }

    pub(super) fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek_word() == Some(word);
        if found {
            self.advance();
        }
        found
    }

    /// Takes a word behind newlines, or leaves them where they are.
    pub(super) fn take_word_below(&mut self, word: &str) -> bool {
        let here = self.at;
        self.skip_newlines();
        let found = self.take_word(word);
        if !found {
            self.at = here;
        }
        found
    }

    pub(super) fn expect_sign(&mut self, sign: &str, why: &str) -> Parsed<()> {
        if self.take_sign(sign) {
            return Ok(());
        }
        Err(self.unexpected(&format!("'{sign}' {why}")))
    }

    /// Returns the error that something else was expected here.
    pub(super) fn unexpected(&mut self, expected: &str) -> Failure {
        let found = self.found();
        let span = self.span();
        Diagnostic::new(span, format!("expected {expected}, found {found}"))
            .label(format!("expected {expected}"))
    }

    /// Returns the next token in words.
    pub(super) fn found(&mut self) -> String {
        let Token { kind, span } = self.peek().clone();
        match kind {
            TokenKind::Newline => "the end of the line".into(),
            TokenKind::End => "the end of the program".into(),
            TokenKind::Text(_) => "a text".into(),
            _ => format!("'{}'", shortened(self.text(span))),
        }
    }

    /// Takes a name; `what` says of what.
    pub(super) fn name(&mut self, what: &str) -> Parsed<Spelling> {
        let span = self.span();
        match self.peek_word() {
            Some(word) if !is_reserved(word) => {
                self.advance();
                Ok(Node::new(word.into(), span))
            }
            Some(word) => Err(Diagnostic::new(
                span,
                format!("expected {what}, found the keyword '{word}'"),
            )
            .label("a keyword cannot be a name")
            .suggest(match word {
                "mutex" | "rwlock" | "semaphore" | "condition" | "barrier" => {
                    format!("begin a new line with '{word}'")
                }
                _ => format!("choose another name, such as '{word}1'"),
            })),
            None => {
                let hint = self
                    .is_sign("(")
                    .then(|| "leave the parentheses out".into());
                Err(self.unexpected(what).suggest(hint))
            }
        }
    }

    /// Reads what stands between parentheses or brackets, in which newlines mean nothing.
    pub(super) fn between<T>(
        &mut self,
        opening: &str,
        closing: &str,
        inside: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        let opened = self.span();
        self.expect_sign(opening, "here")?;
        self.brackets += 1;
        let result = inside(self).and_then(|inside| {
            if self.is_sign(closing) {
                return Ok(inside);
            }
            let error = self.unexpected(&format!("'{closing}'"));
            Err(error.related(opened, "opened here"))
        });
        self.brackets -= 1;
        if result.is_ok() {
            self.advance();
        }
        result
    }

    /// Reads a list with commas; newlines may follow a comma.
    pub(super) fn list<T>(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        let mut all = vec![one(self)?];
        while self.take_sign(",") {
            self.skip_newlines();
            all.push(one(self)?);
        }
        Ok(all)
    }

    /// Reads what is nested one level deeper.
    pub(super) fn nested<T>(&mut self, inside: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.nesting += 1;
        if self.nesting > MOST_NESTING {
            return Err(self.too_deep());
        }
        let result = inside(self);
        self.nesting -= 1;
        result
    }

    pub(super) fn too_deep(&mut self) -> Failure {
        self.lost = true;
        Diagnostic::new(
            self.span(),
            format!("nested more than {MOST_NESTING} levels deep"),
        )
        .note("blocks, parentheses and operators all count as levels")
    }

    /// Keeps an error, and goes to the end of the statement.
    pub(super) fn recover(&mut self, error: Diagnostic) {
        self.errors.push(error);
        self.brackets = 0;
        if self.lost || self.errors.len() >= MOST_DIAGNOSTICS {
            self.lost = true;
            self.at = self.tokens.len() - 1;
        }
        let mut depth = 0_usize;
        loop {
            match self.tokens[self.at].kind {
                TokenKind::End => return,
                TokenKind::Newline | TokenKind::Semicolon | TokenKind::Sign("}") if depth == 0 => {
                    return;
                }
                TokenKind::Sign("}") => depth -= 1,
                TokenKind::Sign("{") => depth += 1,
                _ => {}
            }
            self.advance();
        }
    }

    /// Checks that a statement ends here.
    pub(super) fn end_of_statement(&mut self) -> Parsed<()> {
        match self.peek().kind {
            TokenKind::Newline | TokenKind::Semicolon | TokenKind::End | TokenKind::Sign("}") => {
                Ok(())
            }
            _ => Err(self
                .unexpected("the end of the statement")
                .suggest("begin a new line, or write ';' before it".to_owned())),
        }
    }

    /// Returns the indentation of the line that holds a place, and whether nothing stands before it.
    pub(super) fn indentation(&self, span: Span) -> (&'a str, bool) {
        let before = &self.source[..span.start];
        let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
        let blank = line.len() - line.trim_start().len();
        (&line[..blank], blank == line.len())
    }

    /// Returns a call of a method, `m.lock()`, as it is written here: `lock m`.
    fn method(&self) -> Option<String> {
        let [object, dot, method] = self.tokens[self.at..].first_chunk::<3>()?;
        let name = self.text(method.span);
        let is_call = dot.kind == TokenKind::Sign(".") && is_reserved(name);
        is_call.then(|| format!("{name} {}", self.text(object.span)))
    }

    /// Returns the error for a word that begins neither an item nor a statement.
    pub(super) fn unknown_word(&mut self, what: &str, known: &[&str]) -> Failure {
        let word = self.peek_word().unwrap_or_default();
        let elsewhere = ELSEWHERE.iter().find(|(words, _)| words.contains(&word));
        let instead = elsewhere.map(|(_, instead)| format!("write {instead}"));
        let instead = instead.or_else(|| self.method().map(|call| format!("write '{call}'")));
        Diagnostic::new(
            self.span(),
            format!("'{}' does not begin {what}", shortened(word)),
        )
        .label(format!("expected {what}"))
        .suggest(instead.or_else(|| nearest(word, known.iter().copied())))
    }
}

/// Words of other languages, and what is written here instead.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (
        &["for", "loop", "do"],
        "'repeat N { }' or 'while CONDITION { }'",
    ),
    (
        &["let", "var", "int", "long", "const", "volatile", "static"],
        "'local r = 0' in a thread, 'shared x = 0' outside",
    ),
    (&["elif", "elsif", "elseif"], "'else if'"),
    (&["signal"], "'notify c'"),
    (&["broadcast"], "'notify_all c'"),
    (&["post", "up", "V"], "'release s'"),
    (&["down", "P"], "'acquire s'"),
    (&["print", "printf"], "'show x', outside of threads"),
    (
        &["fn", "func", "function", "def", "void", "process"],
        "'thread NAME { }'",
    ),
    (&["global"], "'shared x = 0'"),
];
