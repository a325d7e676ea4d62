//! Runs that end with a wait group, as in the lesson: new threads are started for each run and begin
//! immediately, and the thread that started them reads the counter.
//!
//! There is no crew and no start line: the point is how far the threads have come by the time all of
//! them are started, and resident threads would hide that.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use crossbeam_utils::CachePadded;

use super::machine::{allowed_cores, make_way};
use super::run_loop::{RunLoop, Stopped};
use super::runs::Setup;
use crate::error::Error;
use crate::model::Label;
use crate::plan::{Mistake, StartLine, WaitGroupPlan};
use crate::strategy::{Word, Work};
use crate::sync::{Canceler, Context, ContextError, CountError, Observer, Unfinished, WaitGroup};

/// How often the observer is given an idle moment during a long run.
const LOOK_UP: Duration = Duration::from_millis(100);

/// One finished run, in which the counter was read twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitGroupRun {
    /// Its number, counted from 1.
    pub number: u64,
    /// The total once all threads had been started, without waiting for them.
    pub without_waiting: u64,
    /// The total after the wait returned.
    pub after_waiting: u64,
    /// Whether the group itself has shown that it is used wrongly: its count would have become negative, or
    /// was raised again before the wait for it had returned. Go panics then.
    pub misused: bool,
    /// Nanoseconds from before the start of the first thread until the wait returned.
    pub elapsed_ns: u64,
}

/// How the runs ended, apart from what the observer was notified of.
#[derive(Clone, Debug)]
pub struct WaitGroupOutcome {
    /// Why there were no further runs.
    pub stopped: Stopped,
    /// The wait that was given up, if one was.
    pub unfinished: Option<Abandoned>,
    /// The circumstances.
    pub setup: Setup,
}

/// The state of a run when its wait was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abandoned {
    /// The total.
    pub total: u64,
    /// The threads that had been added and had not signalled that they were done.
    pub missing: Vec<String>,
    /// Nanoseconds from before the start of the first thread until the wait was given up.
    pub elapsed_ns: u64,
}

/// Makes the runs, and notifies the observer of each.
///
/// # Errors
///
/// [`Error::Machine`] if the threads cannot be started.
pub fn run_wait_groups(
    plan: &WaitGroupPlan,
    context: &Context,
    observer: &mut dyn Observer<WaitGroupRun>,
) -> Result<WaitGroupOutcome, Error> {
    let (context, canceler) = context.with_cancel();
    let mut host = Host {
        plan,
        cores: allowed_cores().len(),
        look_up: context.with_timeout(LOOK_UP).0,
        context: context.clone(),
        canceler,
        unfinished: None,
        observer,
    };
    let mut run_loop = RunLoop::new(plan.runs, plan.budget, &context);
    while run_loop.remaining().is_some() {
        if let Some(run) = host.run(run_loop.completed + 1)? {
            run_loop.completed += 1;
            host.observer.observe(&run);
        }
    }
    Ok(WaitGroupOutcome {
        stopped: run_loop.stopped(),
        unfinished: host.unfinished,
        setup: Setup::of(false, StartLine::None, 0),
    })
}

/// The thread that starts the others, waits for them and reads the counter.
struct Host<'a> {
    plan: &'a WaitGroupPlan,
    cores: usize,
    context: Context,
    canceler: Canceler,
    /// Expires when the observer is to be given an idle moment: one for many short runs, since each
    /// needs an alarm.
    look_up: Context,
    unfinished: Option<Abandoned>,
    observer: &'a mut dyn Observer<WaitGroupRun>,
}

impl Host<'_> {
    /// Makes one run, and returns it unless the context ended before the wait returned.
    fn run(&mut self, number: u64) -> Result<Option<WaitGroupRun>, Error> {
        let run = GroupRun {
            plan: self.plan,
            cores: self.cores,
            // The threads borrow it while this one needs `self` mutably.
            context: self.context.clone(),
            counter: CachePadded::default(),
            group: WaitGroup::new(),
            living: WaitGroup::new(),
            is_negative: AtomicBool::new(false),
        };
        let began = Instant::now();
        let elapsed = || u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        thread::scope(|scope| {
            for thread in 0..self.plan.shape.threads() {
                // Starting a thousand threads takes seconds when the running ones occupy the cores.
                if run.context.is_done() {
                    return Ok(None);
                }
                run.start(thread, scope).map_err(|error| {
                    // The threads that are already running need not go on.
                    self.canceler.cancel();
                    Error::Machine(format!(
                        "cannot start all of --threads {} ({error}); use fewer, or raise the \
                         system's limits on threads and memory",
                        self.plan.shape.threads()
                    ))
                })?;
            }
            let without_waiting = run.counter.load();
            let waited = self.wait(&run.group);
            // As Go does when the wait has been woken.
            let is_reused = self.plan.mistake == Some(Mistake::AddLate) && run.group.count() > 0;
            let (after_waiting, elapsed_ns) = (run.counter.load(), elapsed());
            // All threads have ended before the next run. The end of the scope would ensure that too,
            // but without idle moments for the observer.
            let _ = self.wait(&run.living);
            if let Err(unfinished) = waited {
                self.unfinished = Some(Abandoned {
                    total: after_waiting,
                    missing: unfinished.missing,
                    elapsed_ns,
                });
                return Ok(None);
            }
            Ok(Some(WaitGroupRun {
                number,
                without_waiting,
                after_waiting,
                misused: is_reused || run.is_negative.load(Ordering::Relaxed),
                elapsed_ns,
            }))
        })
    }

    /// Waits for the group, and gives the observer idle moments meanwhile.
    fn wait(&mut self, group: &WaitGroup) -> Result<(), Unfinished> {
        loop {
            match group.wait_under(&self.look_up) {
                // Cancelled with the context; or the machine refused the thread that watches the
                // time, and then there are no idle moments.
                Err(ended) if ended.error == ContextError::Canceled => {
                    return group.wait_under(&self.context);
                }
                Err(_) if !self.context.is_done() => {
                    self.observer.idle();
                    self.look_up = self.context.with_timeout(LOOK_UP).0;
                }
                waited => return waited,
            }
        }
    }
}

/// What the threads of one run share.
struct GroupRun<'a> {
    plan: &'a WaitGroupPlan,
    /// The cores that the threads may use.
    cores: usize,
    context: Context,
    counter: CachePadded<Word>,
    group: WaitGroup,
    /// The threads that have not ended: a second group, always used correctly.
    living: WaitGroup,
    /// Whether a thread said that it was done when the count was 0.
    is_negative: AtomicBool,
}

impl GroupRun<'_> {
    fn start<'scope>(
        &'scope self,
        thread: usize,
        scope: &'scope Scope<'scope, '_>,
    ) -> io::Result<()> {
        let label = Label(thread).to_string();
        if !self.adds_inside() {
            self.add(&label);
        }
        // At most 1024, as in `add`.
        let _ = self.living.add(1);
        let builder = thread::Builder::new().name(label.clone());
        let live = move || self.live(thread, &label);
        builder.spawn_scoped(scope, live).map(drop)
    }

    /// Returns whether threads add themselves to the group once they run, instead of being added
    /// before they start.
    fn adds_inside(&self) -> bool {
        self.plan.mistake == Some(Mistake::AddInside)
    }

    fn add(&self, label: &str) {
        // At most 1024 are added, which 64 bits hold.
        let _ = self.group.add_named(label);
    }

    /// The life of one thread.
    fn live(&self, thread: usize, label: &str) {
        make_way(self.plan.shape.threads(), self.cores);
        if self.adds_inside() {
            self.add(label);
        }
        let mut left = self.plan.shape.increments();
        let mut is_whole = true;
        if self.plan.mistake == Some(Mistake::AddLate) {
            let first = left / 2;
            left -= first;
            is_whole = self.count(first);
            if is_whole {
                self.done(label);
                self.add(label);
            }
        }
        // A thread that was cut short must not signal that it is done.
        if is_whole && self.count(left) {
            let signals = self.plan.signals(thread);
            if signals > 0 {
                self.done(label);
            }
            // What is done has no name any more.
            for _ in 1..signals {
                self.note(self.group.done());
            }
        }
        let _ = self.living.done();
    }

    /// Makes these increments; returns whether the context left the time for all of them.
    fn count(&self, increments: u64) -> bool {
        let work = Work {
            increments,
            context: &self.context,
        };
        let mut made = 0;
        for slice in work.slices() {
            for _ in 0..slice {
                self.counter.atomic().fetch_add(1, Ordering::Relaxed);
            }
            made += slice;
        }
        made == increments
    }

    /// Signals that the thread of this name, which was added, is done.
    fn done(&self, label: &str) {
        self.note(self.group.done_named(label));
    }

    fn note(&self, done: Result<(), CountError>) {
        if done == Err(CountError::Negative) {
            // The end of the thread happens before this is read.
            self.is_negative.store(true, Ordering::Relaxed);
        }
    }
}
