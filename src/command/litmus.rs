//! `explore` of several litmus tests: each is judged, and the verdicts are a table.

use std::fs;
use std::io;
use std::path::Path;

use super::{complain, explore, output, program, work};
use crate::cli::{ExploreArgs, OutputArgs, SubjectArg, echoed, is_race_file};
use crate::error::{Error, Exit};
use crate::page;
use crate::plan::Exploration;
use crate::record::{CensusRecord, LitmusRecord, TestRecord};
use crate::render;
use crate::sync::Context;
use crate::term::Searching;

/// How deep folders are looked into.
const MOST_FOLDERS: usize = 20;

/// Returns the files, if several or a folder of them are named.
pub(super) fn several(typed: &ExploreArgs) -> Result<Option<Vec<String>>, Error> {
    let first = match &typed.modelled.named {
        SubjectArg::File(path) => Some(path),
        _ => None,
    };
    if typed.more.is_empty() && !first.is_some_and(|path| Path::new(path).is_dir()) {
        return Ok(None);
    }
    let paths = || first.into_iter().chain(&typed.more);
    if first.is_none() || paths().any(|path| is_race_file(path)) {
        return Err(Error::Usage(
            "explore takes one race program, or several litmus tests".into(),
        ));
    }
    if typed.reach.is_some() {
        return Err(Error::Usage(
            "--reach is a question about one program".into(),
        ));
    }
    let mut files = Vec::new();
    for path in paths() {
        if !Path::new(path).is_dir() {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        add_folder(Path::new(path), 0, &mut files).map_err(|error| {
            Error::Machine(format!(
                "cannot read the folder '{}' ({error})",
                echoed(path)
            ))
        })?;
        if files.len() == before {
            let words = "no file in it is called NAME.litmus";
            return Err(Error::Usage(format!("'{}': {words}", echoed(path))));
        }
    }
    Ok(Some(files))
}

/// Adds the litmus tests of a folder and of those in it, by name.
fn add_folder(folder: &Path, depth: usize, files: &mut Vec<String>) -> io::Result<()> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // A link to a folder could lead round for ever.
        entries.push((entry.path(), entry.file_type()?.is_dir()));
    }
    entries.sort();
    for (path, is_folder) in entries {
        let is_test = path.extension().is_some_and(|end| end == "litmus");
        if is_folder && depth < MOST_FOLDERS {
            add_folder(&path, depth + 1, files)?;
        } else if is_test && !path.is_dir() {
            files.push(path.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

/// Checks that herd's lines can be printed of what is explored.
pub(super) fn check_herd(plan: &Exploration, output: &OutputArgs) -> Result<(), Error> {
    let is_test = plan.subject.race().is_some_and(|race| race.test.is_some());
    if !is_test {
        let words = "is for litmus tests; leave it out";
        return Err(Error::Usage(format!("--herd {words}")));
    }
    check_format(output)
}

fn check_format(output: &OutputArgs) -> Result<(), Error> {
    if output.format.is_text() {
        return Ok(());
    }
    Err(Error::Usage(
        "--herd is a format of its own; leave out --format".into(),
    ))
}

/// Judges the tests in these files.
pub(super) fn run(
    typed: &ExploreArgs,
    files: &[String],
    output: &OutputArgs,
) -> Result<Exit, Error> {
    if typed.herd {
        check_format(output)?;
    }
    let (context, _canceler) = work::context(typed.timeout)?;
    let sink = output::open(output)?;
    let progress = Searching::several(output.progress, output.ascii, files.len() as u64);
    let mut tests = Vec::new();
    let mut lines = String::new();
    let mut problems = Vec::new();
    for file in files {
        if context.is_done() {
            break;
        }
        match judged(&typed.about(file), &context, &progress) {
            Ok(census) => {
                lines += &render::herd(&census);
                tests.push(TestRecord::judged(file, &census));
            }
            Err(error) => {
                tests.push(TestRecord::refused(file, error.to_string()));
                problems.push(error);
            }
        }
        progress.advance();
    }
    progress.clear();
    let interrupted = tests.len() < files.len();
    let memory = typed.modelled.memory().name();
    let record = LitmusRecord::new(memory, tests, interrupted);
    if typed.herd {
        output::deliver_text(&lines, sink)?;
    } else {
        output::deliver(&record, || page::litmus(&record), output, sink)?;
    }
    for problem in &problems {
        complain(problem);
    }
    Ok(match work::cut_short(crate::lab::Stopped::by(&context)) {
        Some(exit) if context.is_done() => exit,
        _ if record.refused > 0 => Exit::Usage,
        _ if record.unknown > 0 => Exit::Incomplete,
        // The table is the answer, whatever the verdicts.
        _ => Exit::Done,
    })
}

fn judged(
    typed: &ExploreArgs,
    context: &Context,
    progress: &Searching,
) -> Result<CensusRecord, Error> {
    let plan = typed.plan(&program::read)?;
    let is_test = plan.subject.race().is_some_and(|race| race.test.is_some());
    if !is_test {
        let path = echoed(&plan.subject.name);
        return Err(Error::Usage(format!("'{path}' is not a litmus test")));
    }
    let system = plan.subject.system()?;
    let (record, _) = explore::explore(&plan, &system, context, progress)?;
    Ok(record)
}
