//! The subcommands: arguments, plan, work, report. One file each, and only wiring.

mod compare;
mod completions;
mod count;
mod doctor;
mod experiment;
mod explain;
mod explore;
mod forcing;
mod live;
mod man;
mod output;
mod progress_file;
mod replay;
mod requests;
mod save;
mod scenario;
mod sink;
mod step;
mod tour;
mod trace;
mod visitor;
mod waitgroup;
mod whole;
mod work;

use std::ffi::OsString;

use crate::cli::{self, Machine, What};
use crate::error::{Error, Exit};

pub use progress_file::{ProgressError, ProgressFile};

/// Runs the program on a command line, its own name first.
pub fn run(words: impl IntoIterator<Item = OsString>) -> Exit {
    match cli::parse(words) {
        Ok(typed) => {
            let ended = match typed.what {
                What::Count(count) => count::run(&count, &typed.output),
                What::Compare(compare) => compare::run(&compare, &typed.output),
                What::Explain(asked) => explain::run(&asked, &typed.output),
                What::Explore(asked) => explore::run(&asked, &typed.output),
                What::Replay(replay) => replay::run(&replay, &typed.output),
                What::Machine(Machine::Doctor(asked)) => doctor::run(&asked, &typed.output),
                What::Machine(Machine::Completions { shell }) => {
                    completions::run(shell, &typed.output)
                }
                What::Machine(Machine::Man { dir }) => man::run(dir.as_deref(), &typed.output),
                What::Step(step) => step::run(&step, &typed.output),
                What::Requests(asked) => requests::run(&asked, &typed.output),
                What::Trace(trace) => trace::run(&trace, &typed.output),
                What::Tour(tour) => tour::run(&tour, &typed.output),
                What::WaitGroup(asked) => waitgroup::run(&asked, &typed.output),
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
    output::warn(&format!("error: {error}"));
    error.exit()
}
