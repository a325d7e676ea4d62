//! From a source to a race, in one go.

use super::ast::RaceProgram;
use super::checked::CheckedProgram;
use super::compile::{Race, compile};
use super::diagnostic::{Diagnostic, Look, render};
use super::source::SourceFile;
use super::{check, check_target, parse, parse_target};

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
    let (program, checked) = match parse_and_check(&source, parameters) {
        Ok(both) => both,
        Err(errors) => return Err(SourceErrors { source, errors }),
    };
    let asked = question.map(|question| {
        let question = SourceFile::new("question", question);
        let target = parse_target(&question)
            .and_then(|target| check_target(&program, parameters, &target.value));
        target.map_err(|errors| SourceErrors {
            source: question,
            errors,
        })
    });
    let asked = asked.transpose()?;
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
