//! Ends the program when its context is done and the main thread cannot look.
//!
//! Most work looks at its context, and leaves a report when that is done. What cannot look (a system
//! call that blocks, a file that is parsed, a schedule that the model follows) says so with [`blind`],
//! and each writing call does so by itself. A thread of its own watches over them.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use super::{output, work};
use crate::error::Exit;
use crate::lab::Stopped;
use crate::strategy::lock;
use crate::sync::Context;

/// How long the main thread may take to notice that its context is done, and one call may take to
/// write.
const PATIENCE: Duration = Duration::from_millis(100);

/// How often the watching thread looks, once the context is done.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// What the main thread is doing that cannot look at the context, as the end of a sentence.
static BLIND: Mutex<Option<&'static str>> = Mutex::new(None);

/// The number of writing calls that have begun or ended: odd while one lasts.
static CALLS: AtomicU64 = AtomicU64::new(0);

/// The context that is watched.
static CONTEXT: OnceLock<Context> = OnceLock::new();

/// Starts to watch over the work under a context.
pub(super) fn start(context: &Context) -> io::Result<()> {
    let context = CONTEXT.get_or_init(|| context.clone());
    let watch = move || {
        context.wait();
        let done = Instant::now();
        let mut moved = (CALLS.load(Ordering::Relaxed), done);
        loop {
            thread::sleep(LOOK_EVERY);
            let calls = CALLS.load(Ordering::Relaxed);
            if calls != moved.0 {
                moved = (calls, Instant::now());
            }
            // Held to the end, so that nothing begins that must not be cut off.
            let blind = lock(&BLIND);
            if blind.is_some() && done.elapsed() >= PATIENCE {
                end(context, *blind);
            }
            if calls % 2 == 1 && moved.1.elapsed() >= PATIENCE {
                end(context, None);
            }
        }
    };
    let thread = thread::Builder::new().name("watch".into());
    thread.spawn(watch).map(drop)
}

/// Does work that cannot look at the context, and of which nothing is left if it is cut off. `what` ends
/// the sentence "--timeout passed before miscount had ...".
pub(super) fn blind<T>(what: &'static str, work: impl FnOnce() -> T) -> T {
    let outer = lock(&BLIND).replace(what);
    let done = work();
    *lock(&BLIND) = outer;
    done
}

/// Writes a report. One that began in time is cut off; one of work that was cut short has all the time that
/// its reader takes.
pub(super) fn report<T>(work: impl FnOnce() -> T) -> T {
    if CONTEXT.get().is_some_and(Context::is_done) {
        work()
    } else {
        blind("written its report", work)
    }
}

/// Ends the program, and says what there was no time for.
fn end(context: &Context, blind: Option<&str>) -> ! {
    let stopped = Stopped::by(context);
    if let (Stopped::Timeout, Some(what)) = (stopped, blind) {
        let sentence =
            format!("error: --timeout passed before miscount had {what}; raise --timeout");
        // The reader of standard error may have stopped to read, too.
        if takes_a_line() {
            output::warn(&sentence);
        }
    }
    let exit = work::cut_short(stopped).unwrap_or(Exit::Interrupted);
    // At once: the main thread may hold any lock.
    signal_hook::low_level::exit(exit.number().into())
}

/// Returns whether a line can be written to standard error without waiting for its reader.
#[cfg(unix)]
fn takes_a_line() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stderr = io::stderr();
    let mut polled = [PollFd::new(&stderr, PollFlags::OUT)];
    poll(&mut polled, Some(&Timespec::default())).is_ok_and(|ready| ready > 0)
}

#[cfg(not(unix))]
fn takes_a_line() -> bool {
    true
}

/// A writer whose calls are watched over: the reader at its other end may have stopped to read.
#[derive(Debug)]
pub(super) struct Watched<W>(pub(super) W);

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        call(|| self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        call(|| self.0.flush())
    }
}

/// Makes a writing call.
fn call<T>(call: impl FnOnce() -> T) -> T {
    CALLS.fetch_add(1, Ordering::Relaxed);
    let done = call();
    CALLS.fetch_add(1, Ordering::Relaxed);
    done
}
