//! The crew: the N resident threads that do all the runs of an experiment.
//!
//! The threads are those of rayon pools, pinned, woken once for a chunk of runs. Inside a chunk they
//! go from run to run by themselves, meeting at the start line: no I/O, no allocation and no
//! lock in there, results go to slots made beforehand.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use core_affinity::CoreId;
use quanta::Clock;

use super::start::{Line, Verdict};
use super::teams::Teams;
use crate::error::Error;
use crate::plan::{Pinning, StartLine};
use crate::strategy::{Counters, Shape, Strategy, Work};
use crate::sync::Context;

/// Runs whose totals fit in the slots of one chunk.
const SLOTS: usize = 1 << 18;

/// After so long a chunk ends, so that the main thread gets to report.
const CHUNK_NS: u64 = 25_000_000;

/// While a chunk takes long, the main thread looks up as often as this.
const LOOK_UP: Duration = Duration::from_millis(100);

/// What a crew must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// N, the threads that count.
    pub threads: usize,
    /// K, the threads that read.
    pub readers: usize,
    /// Whether the threads take work from one another.
    pub shares_work: bool,
}

impl Needs {
    /// So many threads that count, each by itself.
    pub fn threads(threads: usize) -> Self {
        Self {
            threads,
            readers: 0,
            shares_work: false,
        }
    }

    /// What the strategy needs for a run of this shape.
    pub fn of(strategy: &dyn Strategy, shape: Shape) -> Self {
        Self {
            threads: shape.threads(),
            readers: strategy.readers(),
            shares_work: strategy.shares_work(),
        }
    }
}

/// N threads that count and K that read, waiting for orders.
#[derive(Debug)]
pub struct Crew {
    teams: Teams,
    needs: Needs,
    clock: Clock,
    line: Line,
    start: StartLine,
    cores: Vec<CoreId>,
    /// Threads that could not be pinned.
    unpinned: Arc<AtomicUsize>,
    pinning: Pinning,
}

/// What a crew is to do in one chunk.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    /// The counters to count on.
    pub counters: &'a dyn Counters,
    /// How many counters stand side by side: runs for each meeting at the start line.
    pub stride: usize,
    /// M, the increments of each thread in each run.
    pub increments: u64,
    /// The most runs to make.
    pub runs: u64,
    /// When it is done, the crew stops, and the run it is in counts for nothing.
    pub context: &'a Context,
}

/// Room for the results of a chunk, made once and used again and again.
#[derive(Debug)]
pub struct Chunk {
    slots: Box<[AtomicU64]>,
    meetings_ns: Box<[AtomicU64]>,
    /// Runs done.
    runs: AtomicUsize,
    meetings: AtomicUsize,
}

impl Chunk {
    /// Room for the chunks of an experiment of so many runs.
    pub fn new(runs: u64, stride: usize) -> Self {
        let most = usize::try_from(runs).unwrap_or(usize::MAX);
        let slots = most.min(SLOTS.max(stride));
        let zeros = |how_many| (0..how_many).map(|_| AtomicU64::new(0)).collect();
        Self {
            slots: zeros(slots),
            meetings_ns: zeros(slots.div_ceil(stride)),
            runs: AtomicUsize::new(0),
            meetings: AtomicUsize::new(0),
        }
    }

    /// The totals of the runs done, and the nanoseconds each meeting took.
    pub fn copy_to(&self, actuals: &mut Vec<u64>, meetings_ns: &mut Vec<u64>) {
        let copy = |from: &[AtomicU64], to: &mut Vec<u64>| {
            to.clear();
            to.extend(from.iter().map(|slot| slot.load(Ordering::Relaxed)));
        };
        copy(&self.slots[..self.runs.load(Ordering::Relaxed)], actuals);
        copy(
            &self.meetings_ns[..self.meetings.load(Ordering::Relaxed)],
            meetings_ns,
        );
    }
}

impl Crew {
    /// Starts the threads and pins them.
    ///
    /// # Errors
    ///
    /// [`Error::Machine`] where the system will not start so many threads. Threads that cannot be
    /// pinned are no error; see [`is_pinned`](Self::is_pinned).
    pub fn spawn(needs: Needs, start: StartLine, pinning: Pinning) -> Result<Self, Error> {
        let cores = core_affinity::get_core_ids().unwrap_or_default();
        let unpinned = Arc::new(AtomicUsize::new(0));
        let members = needs.threads + needs.readers;
        let pin = {
            let (cores, unpinned) = (cores.clone(), Arc::clone(&unpinned));
            move |member: usize| {
                let pinned = match pinning {
                    Pinning::None => true,
                    Pinning::Spread if cores.is_empty() => false,
                    Pinning::Spread => core_affinity::set_for_current(cores[member % cores.len()]),
                };
                if !pinned {
                    unpinned.fetch_add(1, Ordering::Relaxed);
                }
            }
        };
        let teams = Teams::start(members, needs.shares_work, pin).map_err(|error| {
            Error::Machine(format!(
                "cannot start {} ({error}); ask for fewer with --threads{}, or \
                 raise the system's limits on threads and memory",
                match members {
                    1 => "a thread".to_string(),
                    members => format!("{members} threads"),
                },
                if needs.readers > 0 {
                    " and --readers"
                } else {
                    ""
                }
            ))
        })?;
        let clock = Clock::new();
        Ok(Self {
            teams,
            needs,
            line: Line::new(start, members, clock.clone()),
            clock,
            start,
            cores,
            unpinned,
            pinning,
        })
    }

    /// How many cores the threads may use; `None` where the system does not say.
    pub fn cores(&self) -> Option<usize> {
        (!self.cores.is_empty()).then_some(self.cores.len())
    }

    /// Whether every thread that has started so far is pinned to its core.
    pub fn is_pinned(&self) -> bool {
        self.pinning == Pinning::Spread && self.unpinned.load(Ordering::Relaxed) == 0
    }

    /// Nanoseconds from the start of the last run to this tick of the clock.
    pub fn since_start(&self, tick: u64) -> u64 {
        self.line.nanoseconds_to(tick)
    }

    /// How many threads there are, counting and reading.
    pub fn members(&self) -> usize {
        self.needs.threads + self.needs.readers
    }

    /// Lets every thread do its part of some work at the same time, and waits for all of them.
    pub fn together(&self, work: impl Fn(usize) + Sync) {
        self.teams.together(work, || {});
    }

    /// Does runs until the order is fulfilled, the chunk is full, or it has taken its time.
    ///
    /// Blocks the calling thread, which is none of the crew; calls `meanwhile` now and then while
    /// it waits.
    pub fn execute(&self, order: Order<'_>, chunk: &Chunk, mut meanwhile: impl FnMut()) {
        chunk.runs.store(0, Ordering::Relaxed);
        chunk.meetings.store(0, Ordering::Relaxed);
        self.line.mark_start();
        // Decided once, for all: were each member to decide, one might see the context done and
        // leave the others waiting.
        let first = self.next(order, chunk, 0);
        let finished = Latch::default();
        let work = |member| {
            self.serve(member, first, order, chunk);
            // The end is reported by the first to leave: the others are only leaving.
            finished.open();
        };
        self.teams.together(work, || {
            while !finished.wait_for(LOOK_UP) {
                meanwhile();
            }
        });
    }

    /// What one member does in a chunk.
    fn serve(&self, member: usize, first: Verdict, order: Order<'_>, chunk: &Chunk) {
        let crowded = self.is_crowded(member);
        let work = Work {
            increments: order.increments,
            context: order.context,
        };
        let began = self.clock.raw();
        let mut round = self.line.round();
        let mut verdict = match self.start {
            // Nobody waits for anybody: who is awake starts.
            StartLine::None => first,
            _ => self.line.assemble(&mut round, crowded, || first),
        };
        while let Verdict::Go(counting) = verdict {
            if self.start != StartLine::None {
                order.counters.look(counting);
                self.line
                    .start(&mut round, crowded, || order.counters.look(1));
            }
            match member.checked_sub(self.needs.threads) {
                None => order.counters.count(counting, member, work),
                Some(reader) => order.counters.read(counting, reader, order.context),
            }
            verdict = self.line.assemble(&mut round, crowded, || {
                self.harvest(order, chunk, counting);
                let used = self.clock.delta_as_nanos(began, self.clock.raw());
                self.next(order, chunk, used)
            });
        }
    }

    /// Takes the results of the runs that have ended; only the last to arrive does it.
    fn harvest(&self, order: Order<'_>, chunk: &Chunk, counted: usize) {
        // A done context may have cut the run short, so its total says nothing.
        if order.context.is_done() {
            return;
        }
        let elapsed = self.line.since_start();
        let runs = chunk.runs.load(Ordering::Relaxed);
        let meetings = chunk.meetings.load(Ordering::Relaxed);
        order.counters.harvest(&chunk.slots[runs..runs + counted]);
        chunk.meetings_ns[meetings].store(elapsed, Ordering::Relaxed);
        chunk.runs.store(runs + counted, Ordering::Relaxed);
        chunk.meetings.store(meetings + 1, Ordering::Relaxed);
    }

    /// Decides whether there is another run in this chunk.
    fn next(&self, order: Order<'_>, chunk: &Chunk, used_ns: u64) -> Verdict {
        let done = chunk.runs.load(Ordering::Relaxed);
        let wanted = usize::try_from(order.runs).unwrap_or(usize::MAX);
        let room = wanted.min(chunk.slots.len()) - done;
        let without_line = self.start == StartLine::None && done > 0;
        let over = used_ns > CHUNK_NS && done > 0;
        if room == 0 || over || without_line || order.context.is_done() {
            Verdict::Stop
        } else {
            Verdict::Go(room.min(order.stride))
        }
    }

    /// Whether another member needs the same core as this one.
    pub(super) fn is_crowded(&self, member: usize) -> bool {
        let (members, cores) = (self.members(), self.cores.len());
        if members <= cores {
            return false;
        }
        if self.is_pinned() && cores > 0 {
            member >= cores || member + cores < members
        } else {
            true
        }
    }
}

/// Opens once; the main thread waits for it.
#[derive(Debug, Default)]
struct Latch {
    open: Mutex<bool>,
    opened: Condvar,
}

impl Latch {
    fn open(&self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if !*open {
            *open = true;
            self.opened.notify_one();
        }
    }

    fn wait_for(&self, time: Duration) -> bool {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let (open, _) = self
            .opened
            .wait_timeout_while(open, time, |open| !*open)
            .unwrap_or_else(PoisonError::into_inner);
        *open
    }
}
