//! The context that a command works under: Ctrl-C, SIGTERM, a terminal that hangs up, and
//! `--timeout` end it.
//!
//! The first signal ends the work and leaves a report, the second ends the program at once. A
//! command asks for its context before it opens any file, so that no signal finds one half written.

use std::io;
use std::time::Duration;

#[cfg(unix)]
use signal_hook::consts::{SIGHUP, SIGXFSZ};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

use super::{output, watch};
use crate::error::{Error, Exit};
use crate::lab::allowed_cores;
use crate::page::plural;
use crate::plan::Until;
use crate::process;
use crate::record::StopReason;
use crate::sync::{Canceler, Context};

/// Returns the context of all work, and how to end it from inside.
pub(super) fn context(timeout: Option<Duration>) -> Result<(Context, Canceler), Error> {
    let (root, canceler) = Context::background().with_cancel();
    watch(canceler.clone())
        .map_err(|error| Error::Machine(format!("cannot watch for signals: {error}")))?;
    let limited = match timeout {
        None => (root, canceler),
        Some(timeout) => limited(&root, timeout)
            .map_err(|refused| Error::Machine(format!("{refused}; leave out --timeout")))?,
    };
    watch::start(&limited.0)
        .map_err(|error| Error::Machine(format!("cannot start a thread: {error}")))?;
    Ok(limited)
}

/// Returns whether all threads of this program share one core.
pub(super) fn one_core() -> bool {
    allowed_cores().len() == 1
}

/// Returns a context with less time, or why there is none: a machine without a thread to watch the
/// time is no reason to say that the work was interrupted.
pub(super) fn limited(root: &Context, timeout: Duration) -> Result<(Context, Canceler), String> {
    let (context, canceler) = root.with_timeout(timeout);
    match context.cause() {
        Some(cause) if cause.is::<io::Error>() => Err(format!(
            "cannot start the thread that watches the time ({cause})"
        )),
        _ => Ok((context, canceler)),
    }
}

/// Returns how a command ends whose work was cut short; `None` where it was not.
pub(super) fn cut_short(stopped: impl Into<StopReason>) -> Option<Exit> {
    match stopped.into() {
        StopReason::Timeout => Some(Exit::TimedOut),
        StopReason::Interrupted => Some(Exit::Interrupted),
        StopReason::Completed | StopReason::Found | StopReason::Budget => None,
    }
}

/// Returns the exit code for `--expect`, and warns where it does not hold. `lost` says which updates
/// were lost, if any were.
pub(super) fn expectation(expected: Option<Until>, lost: Option<String>, runs: u64) -> Exit {
    let complaint = match (expected, lost) {
        (Some(Until::Correct), Some(lost)) => format!("correct: {lost}"),
        (Some(Until::Lost), None) => {
            format!("lost: none of {} lost an update", plural(runs, "run"))
        }
        _ => return Exit::Done,
    };
    output::warn(&format!("--expect {complaint}"));
    Exit::Unexpected
}

fn watch(canceler: Canceler) -> io::Result<()> {
    let ending = ending_signals();
    let mut wait = each_of(&ending)?;
    // A file that may grow no further is an error of writing, which has its message.
    #[cfg(unix)]
    flag::register(SIGXFSZ, std::sync::Arc::default())?;
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            if wait() {
                canceler.cancel();
            }
            if wait() {
                process::end_all();
                low_level::exit(Exit::Interrupted.number().into());
            }
        })?;
    Ok(())
}

/// Returns the signals that end the work.
#[cfg(unix)]
fn ending_signals() -> Vec<i32> {
    let mut ending = vec![SIGINT, SIGTERM];
    // A program whose parent ignores SIGHUP, as nohup does, is to go on without its terminal. Where
    // that is unknown, the signal is left alone.
    let status = std::fs::read_to_string("/proc/self/status");
    if status.is_ok_and(|status| ignores(&status, SIGHUP) == Some(false)) {
        ending.push(SIGHUP);
    }
    ending
}

/// Returns the signals that end the work.
#[cfg(not(unix))]
fn ending_signals() -> Vec<i32> {
    vec![SIGINT, SIGTERM]
}

/// Starts to watch for these signals; the function that it returns waits for the next of them, and
/// returns `false` if none can come any more.
#[cfg(unix)]
fn each_of(signals: &[i32]) -> io::Result<impl FnMut() -> bool + Send + 'static> {
    let mut signals = signal_hook::iterator::Signals::new(signals)?;
    Ok(move || signals.forever().next().is_some())
}

/// Starts to watch for these signals; the function that it returns waits for the next of them. A
/// signal can wake no thread here, so the thread looks at a flag.
#[cfg(not(unix))]
fn each_of(signals: &[i32]) -> io::Result<impl FnMut() -> bool + Send + 'static> {
    use std::sync::atomic::{AtomicBool, Ordering};
    let came = std::sync::Arc::new(AtomicBool::new(false));
    for &signal in signals {
        flag::register(signal, std::sync::Arc::clone(&came))?;
    }
    Ok(move || {
        while !came.swap(false, Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(20));
        }
        true
    })
}

/// Returns whether a process with this status, as Linux tells it, ignores a signal.
#[cfg(unix)]
fn ignores(status: &str, signal: i32) -> Option<bool> {
    let set = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))?;
    let set = u64::from_str_radix(set.trim(), 16).ok()?;
    Some(set >> (signal - 1) & 1 == 1)
}

/// Ends the program when its terminal hangs up, or when it receives SIGHUP from elsewhere, after
/// calling `before`.
#[cfg(unix)]
pub(super) fn on_hang_up(before: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let mut hung_up = each_of(&[SIGHUP])?;
    let wait = move || {
        if hung_up() {
            before();
            // It ends the program.
            let _ = signal_hook::low_level::emulate_default_handler(SIGHUP);
        }
    };
    let thread = std::thread::Builder::new().name("hang-up".into());
    thread.spawn(wait).map(drop)
}

/// Does nothing: this system has no such signal.
#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "watching fails on systems that have the signal"
)]
pub(super) fn on_hang_up(_before: impl FnOnce() + Send + 'static) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::{Action, AlarmId, Clock, Moment};

    /// A clock of a machine that has no thread left.
    struct NoAlarms;

    impl Clock for NoAlarms {
        fn now(&self) -> Moment {
            Moment::START
        }

        fn set_alarm(&self, _at: Moment, _action: Action) -> io::Result<AlarmId> {
            Err(io::ErrorKind::WouldBlock.into())
        }

        fn clear_alarm(&self, _alarm: AlarmId) {}
    }

    #[cfg(unix)]
    #[test]
    fn an_ignored_signal_stands_in_the_status() {
        let of = |set| format!("Name:\tmiscount\nSigBlk:\t0001\nSigIgn:\t{set}\n");
        for (set, hang_up, interrupt) in [
            ("0000000000001000", false, false),
            ("0000000000001001", true, false),
            ("0000000000000003", true, true),
        ] {
            assert_eq!(ignores(&of(set), SIGHUP), Some(hang_up), "{set}");
            assert_eq!(ignores(&of(set), SIGINT), Some(interrupt), "{set}");
        }
        assert_eq!(ignores("Name:\tmiscount\n", SIGHUP), None);
        assert_eq!(ignores("SigIgn:\tnone\n", SIGHUP), None);
    }

    #[test]
    fn a_timeout_that_no_thread_watches_is_an_error() {
        let hour = Duration::from_hours(1);
        let refused = limited(&Context::background_on(NoAlarms), hour);
        let refused = refused.map(drop).unwrap_err();
        assert!(refused.contains("watches the time"), "{refused}");
        // An interruption, or no time to begin with, is reported later.
        let (context, _canceler) = limited(&Context::background(), Duration::ZERO).unwrap();
        assert!(context.is_done());
        let (root, canceler) = Context::background().with_cancel();
        canceler.cancel();
        assert!(limited(&root, hour).is_ok());
    }
}
