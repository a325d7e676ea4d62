//! Ending processes, and everything that they have started, without a trace.
//!
//! What a process has started belongs to its process group, unless it has left it, as daemons do. On
//! Linux this program adopts those too when their parents end (`PR_SET_CHILD_SUBREAPER`), and ends
//! them; elsewhere the system adopts them.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::{Errno, Result, retry_on_intr};
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, WaitIdStatus, kill_process, kill_process_group, waitid,
};

use super::event::ProcessEnding;

/// How long a killed process may take to be gone. One that waits for a device takes longer.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often it is looked whether a killed process is gone.
const LOOK_EVERY: Duration = Duration::from_micros(200);

/// Returns how a process has ended; `None` while it goes on. It stays a zombie, so that its number
/// belongs to no other process or group.
pub(super) fn ended(pid: Pid) -> Option<ProcessEnding> {
    let peek = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    let status = wait(|| WaitId::Pid(pid), peek).ok()??;
    let signal = status.terminating_signal().map(ProcessEnding::Signaled);
    // The kernel of macOS returns more than the eight bits that other processes see.
    let exited = status
        .exit_status()
        .map(|status| ProcessEnding::Exited(status & 0xff));
    signal.or(exited)
}

/// Asks the group of a process to end.
pub(super) fn ask(pid: Pid) {
    // A failure means that there is no process left to be asked.
    let _ = kill_process_group(pid, Signal::TERM);
}

/// Kills a process and its group.
pub(super) fn kill(pid: Pid) {
    // A failure means that there is no process left to be killed.
    let _ = kill_process_group(pid, Signal::KILL);
    let _ = kill_process(pid, Signal::KILL);
}

/// Removes a process that has ended or was killed, and then what was adopted of its group.
pub(super) fn reap(pid: Pid) {
    let _ = wait(|| WaitId::Pid(pid), WaitIdOptions::EXITED);
    let is_gone =
        || wait(|| WaitId::Pgid(Some(pid)), GONE).is_err_and(|error| error == Errno::CHILD);
    wait_until(is_gone);
}

/// Removes a child if it has ended.
const GONE: WaitIdOptions = WaitIdOptions::EXITED.union(WaitIdOptions::NOHANG);

/// Whether every child of this process is a run, or was started by one.
static ARE_KNOWN: AtomicBool = AtomicBool::new(false);

/// Kills the runs that go on, and all that they have started: this process is about to end at once.
pub fn end_all() {
    let are_known = ARE_KNOWN.load(Ordering::Relaxed);
    Strays { are_known }.end(&[]);
}

/// Processes that have left the group of their run and are adopted by this one.
#[derive(Debug)]
pub(super) struct Strays {
    /// Whether every child of this process is one of its runs, or was started by one.
    are_known: bool,
}

impl Strays {
    /// Begins to adopt. A program that took the place of a shell may have the shell's children: then
    /// strays cannot be told from them, and are left alone.
    pub(super) fn adopt() -> Self {
        let are_known = !has_children() && adopt().is_ok();
        ARE_KNOWN.store(are_known, Ordering::Relaxed);
        Self { are_known }
    }

    /// Kills and removes the adopted processes: all children but the runs that go on.
    pub(super) fn end(&self, running: &[Pid]) {
        // Usually there are none, which one system call tells if no run goes on.
        if !self.are_known || running.is_empty() && !has_children() {
            return;
        }
        wait_until(|| {
            let mut strays = children();
            strays.retain(|pid| !running.contains(pid));
            for &pid in &strays {
                let _ = kill_process(pid, Signal::KILL);
                let _ = wait(|| WaitId::Pid(pid), GONE);
            }
            strays.is_empty()
        });
    }
}

/// Looks again and again until something has happened, but not for ever.
fn wait_until(mut has_happened: impl FnMut() -> bool) {
    let began = Instant::now();
    while !has_happened() && began.elapsed() < PATIENCE {
        thread::sleep(LOOK_EVERY);
    }
}

fn has_children() -> bool {
    let peek = GONE | WaitIdOptions::NOWAIT;
    !wait(|| WaitId::All, peek).is_err_and(|error| error == Errno::CHILD)
}

/// Waits, whatever signals come.
fn wait(id: impl Fn() -> WaitId<'static>, options: WaitIdOptions) -> Result<Option<WaitIdStatus>> {
    retry_on_intr(|| waitid(id(), options))
}

/// Makes this process the parent of the orphans below it.
#[cfg(target_os = "linux")]
fn adopt() -> Result<()> {
    rustix::process::set_child_subreaper(Some(rustix::process::getpid()))
}

#[cfg(not(target_os = "linux"))]
fn adopt() -> Result<()> {
    Err(Errno::NOSYS)
}

/// Returns the children of this process, of all its threads; none if the system does not tell.
fn children() -> Vec<Pid> {
    let threads = fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten();
    let lists =
        threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    let lists: Vec<String> = lists.collect();
    let numbers = lists.iter().flat_map(|list| list.split_whitespace());
    numbers
        .filter_map(|number| Pid::from_raw(number.parse().ok()?))
        .collect()
}
