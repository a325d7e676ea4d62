//! The header of a litmus test: its language, its name, and what generators note there.

use super::super::diagnostic::{Diagnostic, Failure, shortened};
use super::super::source::{SourceFile, Span};
use super::lexer::skip_blank;

/// The language of the code of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    X86,
    C,
}

/// The languages of herd's tests that are not read.
const OTHERS: [&str; 12] = [
    "AArch64", "ARM", "PPC", "PPC64", "LISA", "Bell", "RISCV", "MIPS", "X86_64", "JAVA", "ASL",
    "CPP",
];

/// What stands before the initial values.
pub(super) struct Header {
    pub(super) language: Language,
    pub(super) name: String,
    /// What the test is about: the texts and comments of the header.
    pub(super) about: String,
    /// The place of the brace before the initial values.
    pub(super) end: usize,
}

/// Returns whether a source is a litmus test: by its name, or by its first word.
pub(in super::super) fn is_litmus(source: &SourceFile) -> bool {
    let is_named = source.name().to_ascii_lowercase().ends_with(".litmus");
    is_named || first_word(source.text()).is_some_and(|(word, _)| is_language(word))
}

fn is_language(word: &str) -> bool {
    word == "X86" || word == "C" || OTHERS.contains(&word)
}

fn first_word(text: &str) -> Option<(&str, Span)> {
    let start = skip_blank(text, 0, true).ok()?;
    let rest = &text[start..];
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let span = Span {
        start,
        end: start + end,
    };
    Some((&rest[..end], span))
}

/// Reads the header of a test.
pub(super) fn header(text: &str) -> Result<Header, Failure> {
    let (word, span) = first_word(text).unwrap_or_default();
    let language = match word {
        _ if word.eq_ignore_ascii_case("x86") => Language::X86,
        "C" | "c" => Language::C,
        "" => {
            let error = Diagnostic::nowhere("the litmus test is empty");
            return Err(error.suggest("it begins with 'X86 NAME' or 'C NAME'".to_owned()));
        }
        _ => {
            let word = shortened(word);
            let known = OTHERS.iter().any(|other| other.eq_ignore_ascii_case(&word));
            let message = if known {
                format!("litmus tests for {word} are not read")
            } else {
                format!("'{word}' does not begin a litmus test")
            };
            return Err(Diagnostic::new(span, message)
                .label("expected 'X86' or 'C'")
                .note("miscount has models of sequential consistency and of the stores of x86, and of no other processor"));
        }
    };
    let line = text[span.end..].lines().next().unwrap_or_default();
    let name = line.split_whitespace().next().unwrap_or_default();
    let name = name.split(['{', '"', '(']).next().unwrap_or_default();
    if name.is_empty() {
        let error = Diagnostic::new(span, "the litmus test has no name");
        return Err(error.label("its name stands behind this word"));
    }
    let start = span.end + line.find(name).unwrap_or(0) + name.len();
    let Some((end, about)) = to_brace(text, start) else {
        return Err(
            Diagnostic::new(span, "the initial values are missing").note(
                "they stand in braces between the header and the code: { x=0; }, or { } for zeros",
            ),
        );
    };
    Ok(Header {
        language,
        name: name.to_owned(),
        about,
        end,
    })
}

/// Returns the place of the first brace that stands neither in a text nor in a comment, and the
/// texts and comments before it.
fn to_brace(text: &str, start: usize) -> Option<(usize, String)> {
    let mut about: Vec<&str> = Vec::new();
    let mut at = start;
    loop {
        let rest = &text[at..];
        let next = at + rest.find(['{', '"', '(', '/'])?;
        let rest = &text[next..];
        at = if rest.starts_with('{') {
            let about = about.iter().flat_map(|part| part.split("\n\n"));
            let paragraphs = about.map(|part| {
                let words = part.split_whitespace().filter(|word| *word != "*");
                words.collect::<Vec<_>>().join(" ")
            });
            let kept: Vec<_> = paragraphs.filter(|words| !words.is_empty()).collect();
            return Some((next, kept.join("\n")));
        } else if let Some(quoted) = rest.strip_prefix('"') {
            let (quoted, _) = quoted.split_once('"')?;
            about.push(quoted);
            next + quoted.len() + 2
        } else {
            let end = skip_blank(text, next, true).ok()?;
            if end == next {
                next + 1
            } else {
                let comment = text[next..end].trim();
                let comment = comment.trim_start_matches("(*").trim_end_matches("*)");
                about.push(comment.trim_start_matches('/'));
                end
            }
        };
    }
}
