//! A process that runs: its pipes and its time.

use std::io;
use std::os::fd::OwnedFd;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, retry_on_intr};
use rustix::process::Pid;

use super::capture::Capture;
use super::event::ProcessEnding;
use super::reap;

/// The time between asking a process to end and killing it.
const GRACE: Duration = Duration::from_millis(100);

/// The most that is read of a pipe once its process has ended: more than a pipe holds, but not
/// what a process that has left the group goes on writing.
const MOST_LEFT: u64 = 4 << 20;

/// A process and what it writes. Dropped, it is killed.
#[derive(Debug)]
pub(super) struct Running<'a> {
    pub(super) pid: Pid,
    pub(super) began: Instant,
    pub(super) stdout: Pipe<'a>,
    pub(super) stderr: Pipe<'a>,
    /// When it is asked to end, or killed if it has been asked; `None` once it has been killed.
    alarm: Option<Instant>,
    /// Whether it has been asked to end.
    pub(super) was_asked: bool,
    is_reaped: bool,
}

impl<'a> Running<'a> {
    /// Starts a process that may take this long.
    pub(super) fn start(
        command: &mut Command,
        each: Duration,
        stdout: Capture<'a>,
        stderr: Capture<'a>,
    ) -> io::Result<Self> {
        let began = Instant::now();
        let mut child = command.spawn()?;
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        Ok(Self {
            pid: pid.ok_or(io::ErrorKind::InvalidData)?,
            began,
            stdout: Pipe::new(child.stdout.take().map(Into::into), stdout),
            stderr: Pipe::new(child.stderr.take().map(Into::into), stderr),
            // Beyond the range of the clock there is no end.
            alarm: began.checked_add(each),
            was_asked: false,
            is_reaped: false,
        })
    }

    /// Returns its pipes.
    pub(super) fn pipes(&self) -> [&Pipe<'a>; 2] {
        [&self.stdout, &self.stderr]
    }

    /// Returns its pipes, to be read.
    pub(super) fn pipes_mut(&mut self) -> [&mut Pipe<'a>; 2] {
        [&mut self.stdout, &mut self.stderr]
    }

    /// Returns when [`ring`](Self::ring) has something to do; `None` if it has been killed.
    pub(super) fn alarm(&self) -> Option<Instant> {
        self.alarm
    }

    /// Asks the process to end if its time is up, or kills it if it has had the time to.
    pub(super) fn ring(&mut self, now: Instant) {
        if self.alarm.is_none_or(|alarm| now < alarm) {
            return;
        }
        if self.was_asked {
            reap::kill(self.pid);
            self.alarm = None;
        } else {
            self.ask(now);
        }
    }

    /// Asks the process to end, if it has not been asked.
    pub(super) fn ask(&mut self, now: Instant) {
        if !self.was_asked {
            self.was_asked = true;
            self.alarm = Some(now + GRACE);
            reap::ask(self.pid);
        }
    }

    /// Ends what is left of a process that has ended, reads what is left in its pipes, and closes
    /// them.
    pub(super) fn finish(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        reap::kill(self.pid);
        let read = self.pipes_mut().map(|pipe| pipe.read_rest(buffer));
        reap::reap(self.pid);
        self.is_reaped = true;
        read.into_iter().collect()
    }

    /// Returns how it has ended; `None` while it goes on.
    pub(super) fn ended(&self) -> Option<ProcessEnding> {
        reap::ended(self.pid)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if !self.is_reaped {
            reap::kill(self.pid);
            reap::reap(self.pid);
        }
    }
}

/// The end of a pipe that a process writes to.
#[derive(Debug)]
pub(super) struct Pipe<'a> {
    /// `None` once the other end is closed.
    fd: Option<OwnedFd>,
    pub(super) capture: Capture<'a>,
}

impl<'a> Pipe<'a> {
    fn new(fd: Option<OwnedFd>, capture: Capture<'a>) -> Self {
        Self { fd, capture }
    }

    /// Returns what to poll for, while the pipe is open.
    pub(super) fn poll_fd(&self) -> Option<PollFd<'_>> {
        self.fd.as_ref().map(|fd| PollFd::new(fd, PollFlags::IN))
    }

    /// Reads once, if there is something to read; closes the pipe at its end.
    pub(super) fn read(&mut self, ready: PollFlags, buffer: &mut [u8]) -> io::Result<()> {
        let Some(fd) = self.fd.as_ref().filter(|_| !ready.is_empty()) else {
            return Ok(());
        };
        // A pipe that was closed and has nothing in it need not be read.
        let read = if ready.contains(PollFlags::IN) {
            retry_on_intr(|| rustix::io::read(fd, &mut *buffer))
        } else {
            Ok(0)
        };
        match read {
            Ok(0) | Err(_) => self.fd = None,
            Ok(count) => self.capture.take(&buffer[..count])?,
        }
        Ok(())
    }

    /// Reads what is in the pipe and closes it.
    fn read_rest(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        let most = self.capture.bytes.saturating_add(MOST_LEFT);
        while let Some(poll_fd) = self.poll_fd()
            && self.capture.bytes < most
        {
            let mut fds = [poll_fd];
            wait(&mut fds, Duration::ZERO);
            let [ready] = fds.map(|fd| fd.revents());
            if !ready.contains(PollFlags::IN) {
                break;
            }
            self.read(ready, buffer)?;
        }
        self.fd = None;
        Ok(())
    }
}

/// Waits until there is something to read, but at most this long.
pub(super) fn wait(fds: &mut [PollFd<'_>], limit: Duration) {
    let limit = Timespec::try_from(limit).ok();
    match poll(fds, limit.as_ref()) {
        Ok(_) => {}
        // The caller looks after everything whenever this returns. Only the lack of memory has no end.
        Err(Errno::INTR) => fds.iter_mut().for_each(PollFd::clear_revents),
        Err(_) => {
            fds.iter_mut().for_each(PollFd::clear_revents);
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}
