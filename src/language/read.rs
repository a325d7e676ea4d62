//! From a source to a race, in one go.

use super::ast::RaceProgram;
use super::checked::CheckedProgram;
use super::compile::{Race, compile};
use super::diagnostic::{Diagnostic, render};
use super::source::{SourceFile, Span};
use super::{LitmusTest, check, check_target, litmus, parse, parse_target};

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
    pub fn render(&self) -> String {
        render(&self.errors, &self.source)
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
    let (program, checked, test) = match parse_and_check(&source, parameters) {
        Ok(all) => all,
        Err(errors) => return Err(SourceErrors { source, errors }),
    };
    let asked = question.map(|question| {
        let question = SourceFile::new("question", question);
        let target = if test.is_some() {
            litmus::question(&question)
        } else {
            parse_target(&question).map(|target| target.value)
        };
        let target = target.and_then(|target| check_target(&program, parameters, &target));
        target.map_err(|errors| SourceErrors {
            source: question,
            errors,
        })
    });
    let asked = asked.transpose()?;
    match compile(checked, test, &source, asked) {
        Ok(race) => Ok(race),
        Err(errors) => Err(SourceErrors { source, errors }),
    }
}

/// Returns a program with what a litmus test says beside it, if it is one.
fn parse_and_check(
    source: &SourceFile,
    parameters: &[(String, i64)],
) -> Result<(RaceProgram, CheckedProgram, Option<LitmusTest>), Vec<Diagnostic>> {
    refuse_steering(source)?;
    if !litmus::is_litmus(source) {
        let program = parse(source)?;
        let checked = check(&program, parameters)?;
        return Ok((program, checked, None));
    }
    let mut test = litmus::read(source)?;
    let mut checked = check(&test.program, parameters)?;
    let program = std::mem::take(&mut test.program);
    let test = test.resolved(&program, &mut checked)?;
    Ok((program, checked, Some(test)))
}

/// Returns whether a character would steer the terminal on which a text, a comment or a line is shown.
pub fn steers_terminal(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

/// Refuses a source that would steer a terminal.
fn refuse_steering(source: &SourceFile) -> Result<(), Vec<Diagnostic>> {
    let mut characters = source.text().char_indices();
    let Some((start, c)) = characters.find(|&(_, c)| steers_terminal(c)) else {
        return Ok(());
    };
    let end = start + c.len_utf8();
    let error = format!("unexpected character '{}'", c.escape_debug());
    let error = Diagnostic::new(Span { start, end }, error).label("a control character");
    Err(vec![*error])
}
