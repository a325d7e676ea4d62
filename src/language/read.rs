//! From a source to a race, in one go.

use super::ast::RaceProgram;
use super::checked::CheckedProgram;
use super::compile::{Race, compile};
use super::diagnostic::{Diagnostic, Look, render};
use super::source::SourceFile;
use super::{check, parse};

/// What is wrong with a source.
#[derive(Clone, Debug)]
pub struct SourceErrors {
    /// The source.
    pub source: SourceFile,
    /// What is wrong, in order of the places; at least one.
    pub errors: Vec<Diagnostic>,
}

impl SourceErrors {
    /// Returns the errors as text, each beside its place.
    pub fn render(&self, look: Look) -> String {
        render(&self.errors, &self.source, look)
    }
}

/// Reads a program, with these values for its parameters. A question is what a claim can be about:
/// a condition of the final values, or `deadlock` and the like; its values become part of the
/// outcomes.
///
/// # Errors
///
/// What is wrong with the source or with the question.
pub fn read(
    source: SourceFile,
    parameters: &[(String, i64)],
    question: Option<&str>,
) -> Result<Race, SourceErrors> {
    let (mut program, mut checked) = match parse_and_check(&source, parameters) {
        Ok(both) => both,
        Err(errors) => return Err(SourceErrors { source, errors }),
    };
    let mut asked = None;
    if let Some(question) = question {
        // A question is a claim that is not made.
        let claim = SourceFile::new("question", format!("sometimes {question}"));
        let claimed = parse(&claim).and_then(|mut claimed| {
            program.items.append(&mut claimed.items);
            check(&program, parameters)
        });
        checked = claimed.map_err(|errors| SourceErrors {
            source: claim,
            errors,
        })?;
        asked = checked.claims.pop().map(|claim| claim.target);
    }
    match compile(checked, &source, asked) {
        Ok(race) => Ok(race),
        Err(errors) => Err(SourceErrors { source, errors }),
    }
}

fn parse_and_check(
    source: &SourceFile,
    parameters: &[(String, i64)],
) -> Result<(RaceProgram, CheckedProgram), Vec<Diagnostic>> {
    let program = parse(source)?;
    let checked = check(&program, parameters)?;
    Ok((program, checked))
}
