//! The subcommands: arguments, plan, work, report. One file each, and only wiring.

mod count;
mod output;
mod sink;
mod trace;
mod work;

use std::ffi::OsString;

use crate::cli::{self, What};
use crate::error::{Error, Exit};

/// Runs the program on a command line, its own name first.
pub fn run(words: impl IntoIterator<Item = OsString>) -> Exit {
    match cli::parse(words) {
        Ok(typed) => {
            let ended = match typed.what {
                What::Count(typed_count) => count::run(&typed_count, &typed.output),
                What::Trace(typed_trace) => trace::run(&typed_trace, &typed.output),
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
