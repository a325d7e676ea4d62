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

/// The longest name, in bytes.
const LONGEST_NAME: usize = 60;

/// Longer ones before their beginnings.
const SIGNS: [&str; 26] = [
    "&&", "||", "==", "!=", "<=", ">=", "+=", "-=", "*=", "(", ")", "{", "}", "[", "]", ",", ".",
    "=", "<", ">", "+", "-", "*", "/", "%", "!",
];

/// What people type by mistake, and what they meant.
const MISTAKEN: [(char, &str); 8] = [
    ('\'', "put the text in double quotes: \"...\""),
    ('\u{201c}', "use straight quotes: \"...\""),
    ('\u{201d}', "use straight quotes: \"...\""),
    ('&', "write '&&' for 'and'"),
    ('|', "write '||' for 'or'"),
    ('\u{2264}', "write '<='"),
    ('\u{2265}', "write '>='"),
    ('\u{2260}', "write '!='"),
];

/// Takes a source apart. The last token is the end. What is wrong with a piece does not keep it from
/// being one, so that it is not missed where it stands.
pub(super) fn tokens(source: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut lexer = Lexer {
        source,
        at: 0,
        errors: Vec::new(),
    };
    lexer.eat("\u{feff}");
    let mut tokens = Vec::new();
    loop {
        tokens.extend(lexer.next());
        if tokens
            .last()
            .is_some_and(|last| last.kind == TokenKind::End)
        {
            return (tokens, lexer.errors);
        }
        if lexer.errors.len() >= MOST_DIAGNOSTICS {
            lexer.at = source.len();
        }
    }
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
    errors: Vec<Diagnostic>,
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

    /// Returns the next token; `None` for a character that belongs to none.
    fn next(&mut self) -> Option<Token> {
        self.eat_while(|c| c != '\n' && c.is_whitespace());
        if self.rest().starts_with('#') || self.rest().starts_with("//") {
            self.eat_while(|c| c != '\n');
        }
        let start = self.at;
        let newline = self.since(start);
        let kind = match self.rest().chars().next() {
            None => TokenKind::End,
            Some('\n') if self.eat("\n") => {
                // What is missing at the end of a line is not said of the next one.
                let (kind, span) = (TokenKind::Newline, newline);
                return Some(Token { kind, span });
            }
            Some(';') if self.eat(";") => TokenKind::Semicolon,
            Some('"') => TokenKind::Text(self.text()),
            Some('0'..='9') => TokenKind::Number(self.number()),
            Some(c) if c.is_alphabetic() || c == '_' => {
                self.word();
                TokenKind::Word
            }
            Some(c) => {
                let Some(sign) = SIGNS.iter().find(|sign| self.eat(sign)) else {
                    self.unknown(c);
                    return None;
                };
                TokenKind::Sign(sign)
            }
        };
        let span = self.since(start);
        Some(Token { kind, span })
    }

    fn word(&mut self) {
        let start = self.at;
        if self.eat_while(is_part_of_word).len() > LONGEST_NAME {
            let error = Diagnostic::new(self.since(start), "the name is too long");
            let error = error.label(format!("at most {LONGEST_NAME} bytes"));
            self.errors.push(*error);
        }
    }

    fn unknown(&mut self, c: char) {
        let start = self.at;
        self.at += c.len_utf8();
        let meant = MISTAKEN.iter().find(|(mistaken, _)| *mistaken == c);
        let shown = c.escape_debug();
        let error = Diagnostic::new(self.since(start), format!("unexpected character '{shown}'"))
            .label("not part of the language")
            .suggest(meant.map(|(_, meant)| String::from(*meant)));
        self.errors.push(*error);
    }

    fn number(&mut self) -> i64 {
        let start = self.at;
        let digits = self.eat_while(is_part_of_word).replace('_', "");
        let span = self.since(start);
        let error = if digits.bytes().all(|digit| digit.is_ascii_digit()) {
            if let Ok(number) = digits.parse() {
                return number;
            }
            Diagnostic::new(span, "the number is too large")
                .label(format!("the largest is {}", i64::MAX))
        } else {
            Diagnostic::new(span, "a number is followed by letters")
                .label("numbers are decimal; names begin with a letter")
        };
        self.errors.push(*error);
        1
    }

    fn text(&mut self) -> String {
        let start = self.at;
        let long = self.eat("\"\"\"");
        let quotes = if long || !self.eat("\"") {
            "\"\"\""
        } else {
            "\""
        };
        let mut text = String::new();
        while !self.eat(quotes) {
            let here = self.at;
            let next = self.rest().chars().next();
            let Some(c) = next.filter(|c| long || *c != '\n') else {
                let error = Self::unterminated(start, long);
                self.errors.push(*error);
                break;
            };
            self.at += c.len_utf8();
            if c != '\\' {
                text.push(c);
            } else if self.eat("n") {
                text.push('\n');
            } else if self.eat("\"") {
                text.push('"');
            } else if self.eat("\\") {
                text.push('\\');
            } else {
                let error = Diagnostic::new(self.since(here), "unknown escape in a text");
                self.errors.push(*error.label("known ones: \\\" \\\\ \\n"));
            }
        }
        if long { paragraphs(&text) } else { text }
    }

    fn unterminated(start: usize, long: bool) -> Failure {
        let quotes = if long { 3 } else { 1 };
        let span = Span {
            start,
            end: start + quotes,
        };
        let error = Diagnostic::new(span, "unterminated text").label("it begins here");
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
