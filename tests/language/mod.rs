//! Race programs as they are written: what is understood, and what is said of what is not.

pub(crate) mod enumeration;
mod errors;
mod gallery;
mod limits;
mod meaning;
mod print;
pub(crate) mod round_trip;

use miscount::language::{CheckedProgram, Diagnostic, SourceFile, check, parse, render};

/// Parses and checks a program.
fn checked(source: &SourceFile, set: &[(String, i64)]) -> Result<CheckedProgram, Vec<Diagnostic>> {
    check(&parse(source)?, set)
}

/// Parses and checks a program that is right.
fn right(name: &str, text: &str) -> CheckedProgram {
    let source = SourceFile::new(name, text);
    checked(&source, &[]).unwrap_or_else(|errors| panic!("{}", render(&errors, &source)))
}
