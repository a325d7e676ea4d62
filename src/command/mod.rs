//! The subcommands: arguments, plan, work, report. One file each, and only wiring.

mod class;
mod compare;
mod completions;
mod count;
mod doctor;
mod experiment;
mod explain;
mod explore;
mod files;
mod forcing;
mod litmus;
mod live;
mod man;
mod order;
mod output;
mod picture;
mod play;
mod program;
mod programs;
mod progress_file;
mod racer;
mod repeat;
mod replay;
mod report;
mod requests;
mod requests_live;
mod run;
mod save;
mod scenario;
mod schema;
mod screening;
mod show;
mod sink;
mod step;
mod tour;
mod trace;
mod visitor;
mod waitgroup;
mod watch;
mod whole;
mod work;

use std::ffi::OsString;

use clap::error::ErrorKind;

use crate::cli::{self, CommandArgs, CommandLine, MachineArgs, OutputArgs};
use crate::error::{Error, Exit};
use crate::platform::{SHORTEST, take_slices};

pub use progress_file::{ProgressError, ProgressFile};

/// Runs the program on a command line, its own name first.
pub fn run(words: impl IntoIterator<Item = OsString>) -> Exit {
    // Threads that are to start a run together, or to tell others of Ctrl-C, have their turns soon on a busy machine.
    take_slices(SHORTEST);
    let mut words: Vec<OsString> = words.into_iter().collect();
    let typed = output::typed(&words);
    let mut parsed = cli::parse(words.iter().cloned());
    let lacks_command = |error: &clap::Error| error.kind() == ErrorKind::MissingSubcommand;
    if parsed.as_ref().is_err_and(lacks_command) {
        if !live::has_terminal() {
            let help = cli::brief_command().render_help().to_string();
            output::warn_lines(help.trim_end());
            return Exit::Usage;
        }
        words.push("live".into());
        parsed = cli::parse(words);
    }
    match parsed {
        Ok(CommandLine { output, command }) => {
            let output = OutputArgs {
                command: typed,
                ..output
            };
            let ended = match command {
                CommandArgs::Count(typed) => count::run(&typed, &output),
                CommandArgs::Compare(typed) => compare::run(&typed, &output),
                CommandArgs::Explain(typed) => explain::run(&typed, &output),
                CommandArgs::Explore(typed) => explore::run(&typed, &output),
                CommandArgs::Run(typed) => run::run(&typed, &output),
                CommandArgs::Repeat(typed) => repeat::run(&typed, &output),
                CommandArgs::Replay(typed) => replay::run(&typed, &output),
                CommandArgs::Live(typed) => live::run(&typed, &output),
                CommandArgs::Step(typed) => step::run(&typed, &output),
                CommandArgs::Programs(typed) => programs::run(&typed, &output),
                CommandArgs::Requests(typed) => requests::run(&typed, &output),
                CommandArgs::Trace(typed) => trace::run(&typed, &output),
                CommandArgs::Tour(typed) => tour::run(&typed, &output),
                CommandArgs::WaitGroup(typed) => waitgroup::run(&typed, &output),
                CommandArgs::Machine(typed) => match typed {
                    MachineArgs::Doctor(typed) => doctor::run(&typed, &output),
                    MachineArgs::Show { file } => show::run(&file, &output),
                    MachineArgs::Completions { shell } => completions::run(shell, &output),
                    MachineArgs::Man { dir } => man::run(dir.as_deref(), &output),
                    MachineArgs::Schema { record } => schema::run(record.as_deref(), &output),
                },
            };
            ended.unwrap_or_else(|error| complain(&error))
        }
        Err(error) if error.use_stderr() => complain(&Error::Usage(cli::sentence(&error))),
        // Help and version are no errors.
        Err(error) => match output::print(&error.render().to_string()) {
            Ok(()) => Exit::Done,
            Err(error) => complain(&error),
        },
    }
}

/// Says on standard error what went wrong.
fn complain(error: &Error) -> Exit {
    match error {
        // It has lines of its own, beside those of the source.
        Error::Program(lines) => output::warn_lines(lines),
        error => output::warn(&format!("error: {error}")),
    }
    error.exit()
}
