//! The words, numbers and signs of a litmus test.

use super::super::diagnostic::{Diagnostic, MOST_DIAGNOSTICS};
use super::super::source::Span;

/// The smallest piece that means something.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name, a register, an instruction.
    Word,
    /// `1`, `$1`, `0x1f`
    Number(i64),
    /// A text in double quotes.
    Text,
    Sign(&'static str),
    End,
}

/// Longer ones before their beginnings.
const SIGNS: [&str; 45] = [
    "<<", ">>", "/\\", "\\/", "&&", "||", "==", "!=", "<=", ">=", "=>", "+=", "-=", "*=", "/=",
    "%=", "&=", "|=", "^=", "++", "--", "->", "(", ")", "{", "}", "[", "]", ",", ".", ";", ":",
    "=", "<", ">", "+", "-", "*", "/", "%", "!", "~", "&", "|", "^",
];

/// Takes the text behind a place apart. The last token is the end. Comments are skipped: `(* *)`,
/// `/* */` and `//`. Between the braces of C, `(*x)` is no comment.
pub(super) fn tokens(source: &str, from: usize, is_c: bool) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut tokens = Vec::new();
    let mut errors = Vec::new();
    let mut at = from;
    let mut braces = 0_usize;
    while errors.len() < MOST_DIAGNOSTICS {
        at = match skip_blank(source, at, !is_c || braces == 0) {
            Ok(at) => at,
            Err(span) => {
                let error = Diagnostic::new(span, "unterminated comment");
                errors.push(*error.label("it begins here"));
                break;
            }
        };
        let rest = &source[at..];
        let Some(first) = rest.chars().next() else {
            break;
        };
        let mut end = at + first.len_utf8();
        let kind = match first {
            '"' => {
                // A text that never ends is one sign: texts say nothing that is needed.
                let length = rest[1..].find('"').map_or(0, |at| at + 1);
                end = at + 1 + length;
                Some(TokenKind::Text)
            }
            '0'..='9' | '$' => {
                end = at
                    + 1
                    + length(&rest[1..], |c| {
                        c.is_ascii_alphanumeric() || c == '_' || c == '-'
                    });
                // `1-1` is a subtraction.
                if first != '$'
                    && let Some(minus) = rest[..end - at].find('-')
                {
                    end = at + minus;
                }
                number(&source[at..end]).map(TokenKind::Number)
            }
            first if is_of_word(first) => {
                end = at + length(rest, is_of_word);
                Some(TokenKind::Word)
            }
            _ => SIGNS
                .iter()
                .find(|sign| rest.starts_with(**sign))
                .map(|sign| {
                    end = at + sign.len();
                    TokenKind::Sign(sign)
                }),
        };
        match kind {
            Some(TokenKind::Sign("{")) => braces += 1,
            Some(TokenKind::Sign("}")) => braces = braces.saturating_sub(1),
            _ => {}
        }
        let span = Span { start: at, end };
        match kind {
            Some(kind) => tokens.push(Token { kind, span }),
            None if first.is_ascii_digit() || first == '$' => {
                let error = Diagnostic::new(span, "not a number of 64 bits");
                errors.push(*error.label("decimal, or hexadecimal behind 0x"));
            }
            None => {
                let shown = first.escape_debug();
                let error = Diagnostic::new(span, format!("unexpected character '{shown}'"));
                errors.push(*error.label("not part of a litmus test"));
            }
        }
        at = end;
    }
    let end = Span {
        start: at.min(source.len()),
        end: at.min(source.len()),
    };
    tokens.push(Token {
        kind: TokenKind::End,
        span: end,
    });
    (tokens, errors)
}

/// Returns where the blanks and comments at a place end; `has_stars` if `(* *)` is one.
///
/// # Errors
///
/// The beginning of a comment that does not end.
pub(super) fn skip_blank(source: &str, mut at: usize, has_stars: bool) -> Result<usize, Span> {
    loop {
        at += length(&source[at..], |c| c.is_whitespace() || c == '\u{feff}');
        let rest = &source[at..];
        let comment = if rest.starts_with("//") {
            rest.find('\n').or(Some(rest.len()))
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.find("*/").map(|end| end + 4)
        } else if has_stars && rest.starts_with("(*") {
            nested(rest)
        } else {
            return Ok(at);
        };
        let span = Span {
            start: at,
            end: at + 2,
        };
        at += comment.ok_or(span)?;
    }
}

/// Returns the length of the comment that a text begins with; one inside of it is a part of it.
fn nested(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with("(*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*)") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += rest.chars().next()?.len_utf8();
        }
    }
}

fn length(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|c| !holds(c)).unwrap_or(text.len())
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Returns the value of `12`, `$-1`, `0x1F`, and of C's `1UL`.
fn number(text: &str) -> Option<i64> {
    let text = text.strip_prefix('$').unwrap_or(text);
    let (negative, text) = match text.strip_prefix('-') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let text = text.to_ascii_lowercase().replace('_', "");
    let (radix, digits) = match text.strip_prefix("0x") {
        Some(digits) => (16, digits),
        None => (10, &*text),
    };
    let digits = digits.trim_end_matches(['u', 'l']);
    let value = i128::from_str_radix(digits, radix).ok()?;
    let value = if negative { -value } else { value };
    // Of a number beyond those with a sign, such as 0xffffffffffffffff, the bits.
    let unsigned = || u64::try_from(value).ok().map(u64::cast_signed);
    i64::try_from(value).ok().or_else(unsigned)
}
