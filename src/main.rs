//! The program: parse, call, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    miscount::command::run(std::env::args_os()).into()
}
