//! Words, numbers, texts and signs.

use super::diagnostic::{Diagnostic, Failure, MOST_DIAGNOSTICS};
use super::source::Span;

/// The smallest piece that means something.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name, or a word of the language.
    Word,
    Number(i64),
    Text(String),
    Sign(&'static str),
    /// A newline.
    Newline,
    /// `;`
    Semicolon,
    /// The end of the source.
    End,
}

/// Longer ones before their beginnings.
const SIGNS: [&str; 26] = [
    "&&", "||", "==", "!=", "<=", ">=", "+=", "-=", "*=", "(", ")", "{", "}", "[", "]", ",", ".",
    "=", "<", ">", "+", "-", "*", "/", "%", "!",
];

/// What people type by mistake, and what they meant.
const MISTAKEN: [(char, &str); 8] = [
    ('\'', "a text stands between double quotes: \"...\""),
    ('\u{201c}', "a text stands between straight quotes: \"...\""),
    ('\u{201d}', "a text stands between straight quotes: \"...\""),
    ('&', "'and' is '&&'"),
    ('|', "'or' is '||'"),
    ('\u{2264}', "at most is '<='"),
    ('\u{2265}', "at least is '>='"),
    ('\u{2260}', "not equal is '!='"),
];

/// Takes a source apart. The last token is the end.
pub(super) fn tokens(source: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut lexer = Lexer { source, at: 0 };
    let (mut tokens, mut errors) = (Vec::new(), Vec::new());
    lexer.eat("\u{feff}");
    loop {
        match lexer.next() {
            Ok(token) => {
                let is_last = token.kind == TokenKind::End;
                tokens.push(token);
                if is_last {
                    return (tokens, errors);
                }
            }
            Err(error) if errors.len() < MOST_DIAGNOSTICS => errors.push(*error),
            Err(_) => lexer.at = source.len(),
        }
    }
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn eat(&mut self, start: &str) -> bool {
        let found = self.rest().starts_with(start);
        self.at += if found { start.len() } else { 0 };
        found
    }

    /// Skips and returns what consists of these characters.
    fn eat_while(&mut self, holds: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !holds(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn since(&self, start: usize) -> Span {
        Span {
            start,
            end: self.at,
        }
    }

    fn next(&mut self) -> Result<Token, Failure> {
        self.eat_while(|c| c != '\n' && c.is_whitespace());
        if self.rest().starts_with('#') || self.rest().starts_with("//") {
            self.eat_while(|c| c != '\n');
        }
        let start = self.at;
        let kind = match self.rest().chars().next() {
            None => TokenKind::End,
            Some('\n') if self.eat("\n") => TokenKind::Newline,
            Some(';') if self.eat(";") => TokenKind::Semicolon,
            Some('"') => TokenKind::Text(self.text()?),
            Some('0'..='9') => TokenKind::Number(self.number()?),
            Some(c) if c.is_alphabetic() || c == '_' => {
                self.eat_while(is_part_of_word);
                TokenKind::Word
            }
            Some(c) => match SIGNS.iter().find(|sign| self.eat(sign)) {
                Some(sign) => TokenKind::Sign(sign),
                None => return Err(self.unknown(c)),
            },
        };
        let span = self.since(start);
        Ok(Token { kind, span })
    }

    fn unknown(&mut self, c: char) -> Failure {
        let start = self.at;
        self.at += c.len_utf8();
        let meant = MISTAKEN.iter().find(|(mistaken, _)| *mistaken == c);
        let shown = c.escape_debug();
        Diagnostic::new(self.since(start), format!("unexpected character '{shown}'"))
            .label("not part of the language")
            .suggest(meant.map(|(_, meant)| String::from(*meant)))
    }

    fn number(&mut self) -> Result<i64, Failure> {
        let start = self.at;
        let word = self.eat_while(is_part_of_word);
        let span = self.since(start);
        let digits = word.replace('_', "");
        if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            let error = Diagnostic::new(span, "a number is followed by letters");
            return Err(error.label("numbers are decimal, and names begin with a letter"));
        }
        digits.parse().map_err(|_| {
            Diagnostic::new(span, "the number is too large")
                .label(format!("the largest is {}", i64::MAX))
        })
    }

    fn text(&mut self) -> Result<String, Failure> {
        let start = self.at;
        let long = self.eat("\"\"\"");
        if !long {
            self.eat("\"");
        }
        let mut text = String::new();
        loop {
            let ends = if long {
                self.eat("\"\"\"")
            } else {
                self.eat("\"")
            };
            if ends {
                return Ok(if long { paragraphs(&text) } else { text });
            }
            let here = self.at;
            match self.rest().chars().next() {
                Some('\\') => {
                    self.at += 1;
                    let escaped = self.rest().chars().next();
                    self.at += escaped.map_or(0, char::len_utf8);
                    match escaped {
                        Some('n') => text.push('\n'),
                        Some(sign @ ('"' | '\\')) => text.push(sign),
                        _ => {
                            let span = self.since(here);
                            self.eat_while(|c| c != '"' && c != '\n');
                            self.eat("\"");
                            let error = Diagnostic::new(span, "unknown escape in a text");
                            return Err(error.label("known ones: \\\" \\\\ \\n"));
                        }
                    }
                }
                Some(c) if long || c != '\n' => {
                    text.push(c);
                    self.at += c.len_utf8();
                }
                _ => return Err(self.unterminated(start, long)),
            }
        }
    }

    fn unterminated(&self, start: usize, long: bool) -> Failure {
        let quotes = if long { 3 } else { 1 };
        let span = Span {
            start,
            end: start + quotes,
        };
        let error = Diagnostic::new(span, "the text has no end").label("it begins here");
        if long {
            error.note("three double quotes end it: \"\"\"")
        } else {
            error.note(
                "a double quote ends it, on the same line; \"\"\" begins a text of several lines",
            )
        }
    }
}

fn is_part_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Returns a text of several lines with its lines joined; an empty line separates paragraphs.
fn paragraphs(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let paragraphs = lines.split(|line| line.is_empty());
    let paragraphs = paragraphs.map(|lines| lines.join(" "));
    let kept: Vec<_> = paragraphs.filter(|text| !text.is_empty()).collect();
    kept.join("\n")
}
