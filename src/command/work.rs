//! The context that a command works under: Ctrl-C, SIGTERM and `--timeout` end it.
//!
//! The first signal ends the work and leaves a report, the second ends the program at once.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::error::{Error, Exit};
use crate::sync::{Canceler, Context};

/// The context of all work, and how to end it from inside.
pub(super) fn context(timeout: Option<Duration>) -> Result<(Context, Canceler), Error> {
    let (root, canceler) = Context::background().with_cancel();
    watch(canceler.clone())
        .map_err(|error| Error::Machine(format!("cannot watch for signals: {error}")))?;
    Ok(match timeout {
        None => (root, canceler),
        Some(timeout) => root.with_timeout(timeout),
    })
}

fn watch(canceler: Canceler) -> std::io::Result<()> {
    // Before anything else takes a signal for heard: this keeps it until the thread below reads it.
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let again = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first signal finds the flag down, and puts it up.
        let code = i32::from(Exit::Interrupted.number());
        flag::register_conditional_shutdown(signal, code, Arc::clone(&again))?;
        flag::register(signal, Arc::clone(&again))?;
    }
    // A file that may grow no further is an error of writing, which has its message.
    flag::register(SIGXFSZ, Arc::default())?;
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            if signals.forever().next().is_some() {
                canceler.cancel();
            }
        })?;
    Ok(())
}

/// Ends the program when its terminal hangs up, or somebody says so while it is still there, after
/// this was done.
pub(super) fn on_hang_up(before: fn()) -> std::io::Result<()> {
    let mut signals = Signals::new([SIGHUP])?;
    let wait = move || {
        if signals.forever().next().is_some() {
            before();
            // It ends the program.
            let _ = emulate_default_handler(SIGHUP);
        }
    };
    let thread = std::thread::Builder::new().name("hang-up".into());
    thread.spawn(wait).map(drop)
}
