//! How and where a report was made, for formats that are handed round.

use super::text::Text;
use crate::record::Environment;
use crate::term::Tone;

/// Returns the command, the date, the program and the machine.
pub(super) fn made(environment: &Environment) -> Vec<(&'static str, Text)> {
    let command = environment.command.as_deref();
    let command = command.map(|command| ("command", Text::toned(Tone::Command, command)));
    let date = environment.date.as_deref();
    let date = date.map(|date| ("date", date.into()));
    let cpu = environment.cpu.as_deref().unwrap_or("processor not known");
    let cores = match environment.cores {
        Some(1) => "1 core".into(),
        Some(cores) => format!("{cores} cores"),
        None => "number of cores not known".into(),
    };
    let pinned = if environment.pinned {
        "threads pinned to cores"
    } else {
        "threads not pinned"
    };
    let machine = format!(
        "{cpu}, {cores} ({} {}); {pinned}, start line {}",
        environment.os, environment.arch, environment.start_line
    );
    let program = format!("miscount {}", environment.version);
    let facts = [("program", program.into()), ("machine", machine.into())];
    command.into_iter().chain(date).chain(facts).collect()
}
