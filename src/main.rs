//! The program: parse, call, exit code.

use std::panic::resume_unwind;
use std::process::ExitCode;
use std::thread;

/// The stack of the thread that does the work: that of the process may be small, and holds the arguments.
const STACK: usize = 4 << 20;

fn main() -> ExitCode {
    let run = || miscount::command::run(std::env::args_os());
    let thread = thread::Builder::new().name("main".into()).stack_size(STACK);
    // Where there are no threads, some commands still do what they can.
    let exit = match thread.spawn(run) {
        Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
        Err(_) => run(),
    };
    exit.into()
}
