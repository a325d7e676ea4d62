//! Runs that are waited for by a wait group, as in the lesson: the threads are started anew for
//! each run, go on at once, and the one that has started them reads the counter.
//!
//! No crew and no start line here: how far threads have come by the time they have been started is
//! what this is about, and threads that stand ready would hide it.

use std::io;
use std::sync::atomic::Ordering;
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use crossbeam_utils::CachePadded;

use super::machine::allowed_cores;
use super::runs::{Setup, Stopped, cpu_name};
use crate::error::Error;
use crate::model::Label;
use crate::plan::{GroupPlan, Mistake, StartLine};
use crate::strategy::{Word, Work};
use crate::sync::{Canceler, Context, ContextError, Unfinished, WaitGroup};

/// While a run takes long, whoever listens hears of it as often as this.
const LOOK_UP: Duration = Duration::from_millis(100);

/// Whoever wants to know how the runs go.
pub trait GroupObserver {
    /// Takes note of an event. Called between runs, unless the event is [`GroupEvent::Waiting`].
    fn observe(&mut self, event: &GroupEvent);
}

/// What is told while the runs are made.
#[derive(Clone, Copy, Debug)]
pub enum GroupEvent {
    /// A run is over.
    Run(WaitGroupRun),
    /// Nothing new, but time has passed: a chance to redraw.
    Waiting,
}

/// One run: the counter, read twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitGroupRun {
    /// Its number, counted from 1.
    pub number: u64,
    /// The total when all threads had been started, without waiting for them.
    pub without_waiting: u64,
    /// The total when the wait had returned.
    pub after_waiting: u64,
    /// From before the first thread was started until the wait had returned.
    pub elapsed_ns: u64,
}

/// How the runs ended, beyond what has been told.
#[derive(Clone, Debug)]
pub struct WaitGroupOutcome {
    /// Why there were no further runs.
    pub stopped: Stopped,
    /// The wait that came to nothing, if one did.
    pub unfinished: Option<Abandoned>,
    /// The circumstances.
    pub setup: Setup,
}

/// What there was when a wait had to be given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abandoned {
    /// The total.
    pub total: u64,
    /// Those who had been added and had not said that they were done.
    pub missing: Vec<String>,
    /// How long the wait had lasted, and the threads before it.
    pub elapsed_ns: u64,
}

/// Makes the runs, and tells of each.
///
/// # Errors
///
/// [`Error::Machine`] where the threads cannot be started.
pub fn gather(
    plan: &GroupPlan,
    context: &Context,
    observer: &mut dyn GroupObserver,
) -> Result<WaitGroupOutcome, Error> {
    let (context, canceler) = context.with_cancel();
    let mut host = Host {
        plan,
        look_up: context.with_timeout(LOOK_UP).0,
        context,
        canceler,
        observer,
    };
    let began = Instant::now();
    let in_budget = || plan.budget.is_none_or(|budget| began.elapsed() < budget);
    let (mut done, mut unfinished) = (0, None);
    while done < plan.runs && !host.context.is_done() && (done == 0 || in_budget()) {
        match host.run(done + 1)? {
            RunEnd::Completed(run) => {
                done += 1;
                host.observer.observe(&GroupEvent::Run(run));
            }
            RunEnd::Abandoned(abandoned) => unfinished = Some(abandoned),
            RunEnd::NotStarted => {}
        }
    }
    Ok(WaitGroupOutcome {
        stopped: if done == plan.runs {
            Stopped::Completed
        } else {
            Stopped::by(&host.context)
        },
        unfinished,
        setup: Setup {
            cpu: cpu_name(),
            cores: Some(allowed_cores().len()).filter(|&cores| cores > 0),
            pinned: false,
            start: StartLine::None,
        },
    })
}

/// Whoever starts the threads, waits for them and reads the counter.
struct Host<'a> {
    plan: &'a GroupPlan,
    context: Context,
    canceler: Canceler,
    /// Ends when it is time to look up: one for many short runs, since each needs an alarm.
    look_up: Context,
    observer: &'a mut dyn GroupObserver,
}

/// How a run ended.
enum RunEnd {
    /// All were waited for.
    Completed(WaitGroupRun),
    /// The context ended during the wait.
    Abandoned(Abandoned),
    /// The context ended before all threads were started.
    NotStarted,
}

impl Host<'_> {
    /// One run.
    fn run(&mut self, number: u64) -> Result<RunEnd, Error> {
        let counter = CachePadded::new(Word::default());
        let (group, living) = (WaitGroup::new(), WaitGroup::new());
        // The threads keep theirs while this one looks up.
        let context = self.context.clone();
        let began = Instant::now();
        let elapsed = || u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        thread::scope(|scope| {
            for thread in 0..self.plan.shape.threads() {
                // To start a thousand takes seconds where those that run already want the cores.
                if context.is_done() {
                    return Ok(RunEnd::NotStarted);
                }
                let member = Member {
                    label: Label(thread).to_string(),
                    forgets: self.plan.forgets(thread),
                    adds_itself: self.plan.mistake == Some(Mistake::AddInside),
                    counter: &counter,
                    group: &group,
                    living: &living,
                    work: Work {
                        increments: self.plan.shape.increments(),
                        context: &context,
                    },
                };
                member.start(scope).map_err(|error| {
                    // Those that run already need not go on.
                    self.canceler.cancel();
                    self.refusal(&error)
                })?;
            }
            let without_waiting = counter.load();
            let waited = self.wait(&group);
            let (after_waiting, elapsed_ns) = (counter.load(), elapsed());
            // Those who were not waited for are gone before the next run. The end of the scope would
            // do, but nobody could look up meanwhile.
            let _ = self.wait(&living);
            Ok(match waited {
                Ok(()) => RunEnd::Completed(WaitGroupRun {
                    number,
                    without_waiting,
                    after_waiting,
                    elapsed_ns,
                }),
                Err(unfinished) => RunEnd::Abandoned(Abandoned {
                    total: after_waiting,
                    missing: unfinished.missing,
                    elapsed_ns,
                }),
            })
        })
    }

    /// Waits for the group, and looks up meanwhile.
    fn wait(&mut self, group: &WaitGroup) -> Result<(), Unfinished> {
        loop {
            match group.wait_under(&self.look_up) {
                // Cancelled with the context; or the machine refused the thread that rings the
                // alarm, and then there is no looking up.
                Err(ended) if ended.error == ContextError::Canceled => {
                    return group.wait_under(&self.context);
                }
                Err(_) if !self.context.is_done() => {
                    self.observer.observe(&GroupEvent::Waiting);
                    self.look_up = self.context.with_timeout(LOOK_UP).0;
                }
                waited => return waited,
            }
        }
    }

    fn refusal(&self, error: &io::Error) -> Error {
        Error::Machine(format!(
            "cannot start all of --threads {} ({error}); ask for fewer, or raise the system's \
             limits on threads and memory",
            self.plan.shape.threads()
        ))
    }
}

/// One thread of one run.
struct Member<'a> {
    label: String,
    /// Whether it does not say that it is done.
    forgets: bool,
    /// Whether it adds itself to the group once it runs, instead of being added before.
    adds_itself: bool,
    counter: &'a Word,
    group: &'a WaitGroup,
    /// Those that have not ended: another group, which nobody makes mistakes with.
    living: &'a WaitGroup,
    work: Work<'a>,
}

impl<'a> Member<'a> {
    fn start<'scope>(self, scope: &'scope Scope<'scope, 'a>) -> io::Result<()>
    where
        'a: 'scope,
    {
        if !self.adds_itself {
            self.add();
        }
        // At most 1024, as in `add`.
        let _ = self.living.add(1);
        let builder = thread::Builder::new().name(self.label.clone());
        builder.spawn_scoped(scope, move || self.live()).map(drop)
    }

    fn live(self) {
        if self.adds_itself {
            self.add();
        }
        // Who was cut short is not done, and nobody is to believe so.
        if self.count() && !self.forgets {
            // It has been added, so there is something to be done.
            let _ = self.group.done_named(&self.label);
        }
        let _ = self.living.done();
    }

    fn add(&self) {
        // At most 1024 are added, which 64 bits hold.
        let _ = self.group.add_named(self.label.as_str());
    }

    /// Makes the increments; gives whether all of them.
    fn count(&self) -> bool {
        let mut made = 0;
        for slice in self.work.slices() {
            for _ in 0..slice {
                self.counter.atomic().fetch_add(1, Ordering::Relaxed);
            }
            made += slice;
        }
        made == self.work.increments
    }
}
