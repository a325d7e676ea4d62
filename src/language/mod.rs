//! Race programs: the language in which any race can be written down.
//!
//! A source is parsed ([`parse`]) into a syntax tree ([`ast`]), and checked ([`check`]): names are
//! resolved, parameters become numbers. docs/language.md is the description of the language.

pub mod ast;
mod check;
mod checked;
mod compile;
mod diagnostic;
mod gallery;
mod lexer;
mod litmus;
mod parser;
mod print;
mod read;
mod source;
mod words;

pub use check::{check, check_target};
pub use checked::{
    CheckedProgram, CheckedStatement, Claim, FinalExpression, FinalLeaf, GoalText, Object,
    ObjectKind, Place, ShownValue, Texts, ThreadAction, ThreadExpression, ThreadGroup, ThreadLeaf,
    Variable,
};
pub use compile::{ClaimVerdict, Race};
pub use diagnostic::{Diagnostic, render};
pub use gallery::{GALLERY, GalleryProgram, in_gallery};
pub use litmus::{LitmusQuantifier, LitmusTest};
pub use parser::{MOST_BYTES, parse, parse_target};
pub use print::{claim_text, expression_text, mention_text, target_text};
pub use read::{SourceErrors, read, steers_terminal};
pub use source::{SourceFile, Span};

/// The most threads of a program.
pub const MOST_THREADS: usize = 1024;
