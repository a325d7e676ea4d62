//! An experiment with processes, from the first run to the last.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};
use rustix::process::Pid;
use signal_hook::SigId;
use signal_hook::consts::SIGCHLD;
use signal_hook::low_level::{pipe, unregister};

use super::capture::{Capture, digest, number};
use super::child::{Pipe, Running, wait};
use super::cores::Cores;
use super::event::{ProcessEnding, ProcessRun, RepeatOutcome};
use super::keep::Keep;
use super::outcomes::{OutcomeKey, Outcomes};
use super::reap::Strays;
use super::search::LineSearch;
use super::stress::Stress;
use crate::error::Error;
use crate::lab::{Setup, Stopped};
use crate::plan::{RepeatPlan, RunCondition, StartLine, Until};
use crate::platform::{USUAL, take_slices};
use crate::sync::{Context, Observer};

/// How often the context is looked at and the observer has an opportunity to draw.
const SLICE: Duration = Duration::from_millis(20);

/// How much is read at once: what a pipe usually holds.
const BUFFER: usize = 64 << 10;

/// Strays are ended at the latest after this number of runs.
const STRAYS_EVERY: u64 = 100;

/// Makes the runs of the plan and notifies the observer of each.
///
/// A run that is under way when the context ends, or when the run that was looked for has been found,
/// is ended and not reported.
///
/// # Errors
///
/// [`Error::Machine`] if a process, or a thread that competes with it, cannot be started, if the cores
/// cannot be chosen or if output cannot be saved.
pub fn repeat(
    plan: &RepeatPlan,
    context: &Context,
    observer: &mut dyn Observer<ProcessRun>,
) -> Result<RepeatOutcome, Error> {
    // Not those of the threads of a laboratory.
    take_slices(USUAL);
    let keep = plan.keep.as_deref().map(Keep::create).transpose()?;
    let cores = Cores::choose(plan)?;
    let is_pinned = cores.are_chosen(plan);
    let _stress = plan
        .stress
        .then(|| Stress::start(cores.count()))
        .transpose()?;
    let endings = Endings::watch()
        .map_err(|error| Error::Machine(format!("cannot watch for the end of runs: {error}")))?;
    let mut command = Command::new(&plan.program);
    command
        .args(&plan.arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    let mut runner = Runner {
        plan,
        context,
        observer,
        command,
        cores,
        keep,
        endings,
        strays: Strays::adopt(),
        outcomes: Outcomes::default(),
        running: Vec::new(),
        buffer: vec![0; BUFFER],
        began: Instant::now(),
        looked: Instant::now(),
        started: 0,
        ended: 0,
        found: false,
    };
    let stopped = runner.go()?;
    Ok(RepeatOutcome {
        stopped,
        setup: Setup::of(is_pinned, StartLine::None, 0),
    })
}

/// Becomes readable when a child of this process ends.
#[derive(Debug)]
struct Endings {
    end: UnixStream,
    signal: SigId,
}

impl Endings {
    fn watch() -> io::Result<Self> {
        let (end, other) = UnixStream::pair()?;
        end.set_nonblocking(true)?;
        let signal = pipe::register(SIGCHLD, other)?;
        Ok(Self { end, signal })
    }

    /// Forgets the endings so far.
    fn clear(&mut self) {
        let mut bytes = [0; 64];
        while self
            .end
            .read(&mut bytes)
            .is_ok_and(|count| count == bytes.len())
        {}
    }
}

impl Drop for Endings {
    fn drop(&mut self) {
        unregister(self.signal);
    }
}

struct Runner<'a> {
    plan: &'a RepeatPlan,
    context: &'a Context,
    observer: &'a mut dyn Observer<ProcessRun>,
    command: Command,
    cores: Cores,
    keep: Option<Keep>,
    endings: Endings,
    strays: Strays,
    outcomes: Outcomes,
    running: Vec<Running<'a>>,
    buffer: Vec<u8>,
    began: Instant,
    /// When it was last looked after everything.
    looked: Instant,
    started: u64,
    /// The number of reported runs.
    ended: u64,
    /// Whether the run that `--until` asks for has occurred.
    found: bool,
}

impl Runner<'_> {
    fn go(&mut self) -> Result<Stopped, Error> {
        loop {
            while self.may_start() {
                self.start()?;
            }
            if self.running.is_empty() {
                break;
            }
            if self.is_over() {
                let now = Instant::now();
                self.running.iter_mut().for_each(|run| run.ask(now));
            }
            self.wait()?;
        }
        self.strays.end(&[]);
        Ok(if self.found {
            Stopped::Found
        } else if self.ended == self.plan.runs {
            Stopped::Completed
        } else {
            Stopped::by(self.context)
        })
    }

    /// Returns whether runs that are under way no longer matter.
    fn is_over(&self) -> bool {
        self.found || self.context.is_done()
    }

    /// Returns whether another run may be started. However small the budget is, it allows one.
    fn may_start(&self) -> bool {
        let in_budget = || {
            self.plan
                .budget
                .is_none_or(|all| self.began.elapsed() < all)
        };
        self.running.len() < self.plan.jobs
            && self.started < self.plan.runs
            && !self.is_over()
            && (self.started == 0 || in_budget())
    }

    fn start(&mut self) -> Result<(), Error> {
        self.cores.draw()?;
        let plan = self.plan;
        let conditions = [&plan.until, &plan.expect].into_iter().flatten();
        let tests = conditions.filter_map(|condition| match condition {
            RunCondition::Output(regex) => Some(regex),
            _ => None,
        });
        let spool = || self.keep.as_ref().map(Keep::spool);
        let search = LineSearch::new(plan.outcome.as_ref(), tests);
        let stdout = Capture::new(Some(search), spool());
        let stderr = Capture::new(None, spool());
        let run = Running::start(&mut self.command, plan.each, stdout, stderr);
        self.running
            .push(run.map_err(|error| self.refusal(&error))?);
        self.started += 1;
        Ok(())
    }

    fn refusal(&self, error: &io::Error) -> Error {
        let name = self.plan.program.to_string_lossy();
        let way_out = if self.started > 0 {
            "run fewer at a time with --jobs, or make fewer runs"
        } else if name.contains(char::is_whitespace) && self.plan.arguments.is_empty() {
            "write the command and its arguments as separate words"
        } else {
            "name a program on the PATH or give the path of an executable file"
        };
        let name = name.escape_debug();
        Error::Machine(format!("cannot run '{name}' ({error}); {way_out}"))
    }

    /// Waits until something happens to a run, but not for long, and deals with it.
    fn wait(&mut self) -> Result<(), Error> {
        let now = Instant::now();
        let alarm = self.running.iter().filter_map(Running::alarm).min();
        let limit = alarm.map_or(SLICE, |alarm| {
            SLICE.min(alarm.saturating_duration_since(now))
        });
        let mut fds = vec![PollFd::new(&self.endings.end, PollFlags::IN)];
        let pipes = self.running.iter().flat_map(Running::pipes);
        // A closed pipe has no place among them.
        let pipes: Vec<_> = pipes.map(Pipe::poll_fd).collect();
        fds.extend(pipes.iter().flatten().cloned());
        wait(&mut fds, limit);
        let mut ready = fds.iter().map(PollFd::revents);
        let mut has_ended = ready.next().is_some_and(|ready| !ready.is_empty());
        let ready: Vec<_> = pipes
            .iter()
            .map(|pipe| {
                pipe.as_ref()
                    .and_then(|_| ready.next())
                    .unwrap_or(PollFlags::empty())
            })
            .collect();
        let pipes = self.running.iter_mut().flat_map(Running::pipes_mut);
        for (pipe, ready) in pipes.zip(ready) {
            let read = pipe.read(ready, &mut self.buffer);
            read.map_err(|error| unsaved(self.keep.as_ref(), &error))?;
        }
        if has_ended {
            self.endings.clear();
        }
        let now = Instant::now();
        if now.duration_since(self.looked) >= SLICE {
            self.looked = now;
            self.observer.idle();
            // In case that the signal is blocked.
            has_ended = true;
        }
        self.running.iter_mut().for_each(|run| run.ring(now));
        if has_ended {
            self.reap()?;
        }
        Ok(())
    }

    /// Finishes the runs that have ended, and reports them.
    fn reap(&mut self) -> Result<(), Error> {
        let mut place = 0;
        while let Some(run) = self.running.get(place) {
            let Some(ending) = run.ended() else {
                place += 1;
                continue;
            };
            let elapsed = run.began.elapsed();
            let mut run = self.running.remove(place);
            let finished = run.finish(&mut self.buffer);
            finished.map_err(|error| unsaved(self.keep.as_ref(), &error))?;
            let is_over = self.is_over();
            if !is_over {
                self.report(run, ending, elapsed)?;
            }
            if self.running.is_empty() || self.ended.is_multiple_of(STRAYS_EVERY) {
                let running: Vec<Pid> = self.running.iter().map(|run| run.pid).collect();
                self.strays.end(&running);
            }
        }
        Ok(())
    }

    fn report(
        &mut self,
        mut run: Running<'_>,
        ending: ProcessEnding,
        elapsed: Duration,
    ) -> Result<(), Error> {
        let ending = if run.was_asked {
            ProcessEnding::TimedOut
        } else {
            ending
        };
        let stdout = &mut run.stdout.capture;
        if let Some(search) = &mut stdout.search {
            search.end();
        }
        let search = stdout.search.take();
        let whole = stdout.digest();
        let is_whole = stdout.bytes == stdout.head.len() as u64;
        let (output, is_cut, outcome) = match &search {
            Some(LineSearch { found, .. }) if self.plan.outcome.is_some() => {
                (found.clone(), false, found.as_deref().map(digest))
            }
            _ => (
                Some(std::mem::take(&mut stdout.head)),
                !is_whole,
                Some(whole),
            ),
        };
        let (outcome, is_first) = self.outcomes.number(OutcomeKey::new(ending, outcome));
        self.ended += 1;
        let mut ended = ProcessRun {
            number: self.ended,
            outcome,
            is_first,
            ending,
            value: output.as_deref().filter(|_| !is_cut).and_then(number),
            output,
            is_cut,
            bytes: stdout.bytes,
            digest: whole,
            errors: std::mem::take(&mut run.stderr.capture.head),
            elapsed_ns: u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX),
            as_expected: None,
        };
        let holds = |condition: &RunCondition| self.holds(condition, &ended, search.as_ref());
        let found = self.plan.until.as_ref().is_some_and(holds);
        let as_expected = self.plan.expect.as_ref().map(holds);
        ended.as_expected = as_expected;
        self.found = found;
        if let Some(keep) = &self.keep
            && let Some(outcome) = outcome.filter(|_| is_first)
        {
            for (pipe, name) in run.pipes_mut().into_iter().zip(["stdout", "stderr"]) {
                let spool = pipe.capture.spool.take();
                let saved = spool.map_or(Ok(()), |spool| spool.save(&format!("{outcome}.{name}")));
                saved.map_err(|error| keep.refusal(&error.to_string()))?;
            }
        }
        self.observer.observe(&ended);
        Ok(())
    }

    fn holds(
        &self,
        condition: &RunCondition,
        run: &ProcessRun,
        search: Option<&LineSearch<'_>>,
    ) -> bool {
        match condition {
            RunCondition::Same => run.outcome == Some(1),
            RunCondition::Different => run.outcome != Some(1),
            RunCondition::Counted(until) => {
                let expected = self.plan.expected.as_ref();
                let is_correct = expected.is_some_and(|expected| run.is_correct(expected));
                is_correct == (*until == Until::Correct)
            }
            RunCondition::Exit(status) => run.ending == ProcessEnding::Exited((*status).into()),
            RunCondition::Output(regex) => search.is_some_and(|search| search.matches(regex)),
        }
    }
}

/// Returns the error for output that cannot be saved.
fn unsaved(keep: Option<&Keep>, error: &io::Error) -> Error {
    keep.map_or_else(
        || Error::Machine(format!("cannot read the output of a run: {error}")),
        |keep| keep.refusal(&error.to_string()),
    )
}
