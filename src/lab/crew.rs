//! The crew: the N resident threads that do all the runs of an experiment.
//!
//! The threads are the workers of rayon pools, thread k pinned to the k-th allowed core, and woken once
//! for each *chunk* of runs, some 25 ms long. Inside a chunk they go from run to run by themselves,
//! without I/O, allocation or locks: results go to preallocated slots. Between chunks the main thread
//! reports results and checks the context.
//!
//! Between two runs all threads meet at the start line: when all have counted, the last to arrive collects
//! the totals, resets the counters and decides whether to go on; when every core is ready, the start is
//! given. Short runs start by the clock, hundreds of them from one meeting to the next (`batch.rs`).
//!
//! invariants:
//!
//! * a counter is reset and read only while every member of the crew is inside a meeting;
//! * a run whose context is done when it ends is not reported;
//! * a run whose threads did not start together is repeated, and the repetition is counted;
//! * while the crew counts, only the main thread does anything else, once in [`LOOK_UP`].

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use core_affinity::CoreId;

use super::batch::{BATCH, Batch};
use super::chunk::Chunk;
use super::event::Runs;
use super::machine::make_way;
use super::start::Line;
use super::teams::Teams;
use crate::error::Error;
use crate::plan::{Pinning, StartLine};
use crate::platform::ticks;
use crate::strategy::{Counters, Shape, Strategy, Work};
use crate::sync::Context;

/// The time after which a chunk ends, so that the main thread can report.
const CHUNK_NS: u64 = 25_000_000;

/// The most times that a run is repeated because its threads did not start together.
const REPEATS: usize = 10;

/// The time between two calls of `meanwhile` during a long chunk.
const LOOK_UP: Duration = Duration::from_millis(100);

/// The threads that an experiment needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// N, the threads that count.
    pub threads: usize,
    /// K, the threads that read.
    pub readers: usize,
}

impl Needs {
    /// Returns the needs of `threads` threads that count.
    pub fn threads(threads: usize) -> Self {
        Self {
            threads,
            ..Self::default()
        }
    }

    /// Returns what the strategy needs for a run of this shape.
    pub fn of(strategy: &Strategy, shape: Shape) -> Self {
        Self {
            threads: shape.threads(),
            readers: strategy.readers(),
        }
    }
}

/// N resident threads that count and K that read, waiting for assignments.
#[derive(Debug)]
pub struct Crew {
    teams: Teams,
    needs: Needs,
    line: Line,
    /// For runs that may start without a meeting.
    batch: Option<Batch>,
    start: StartLine,
    cores: Vec<CoreId>,
    /// Threads that could not be pinned.
    unpinned: Arc<AtomicUsize>,
    pinning: Pinning,
    /// Runs that were repeated because their threads did not start together.
    repeated: AtomicU64,
}

/// The work of a crew in one chunk.
#[derive(Clone, Copy)]
pub(super) struct Assignment<'a> {
    pub(super) counters: &'a dyn Counters,
    /// M, the increments of each thread in each run.
    pub(super) increments: u64,
    /// The most runs to make.
    pub(super) runs: u64,
    /// When it is done, the crew stops and discards the current run.
    pub(super) context: &'a Context,
    /// Whether a run whose threads did not start together is repeated.
    pub(super) repeats: bool,
}

impl Crew {
    /// Starts the threads and pins them. If the context is done before all of them are started, the crew is not
    /// complete, and can do nothing under this context.
    ///
    /// # Errors
    ///
    /// [`Error::Machine`] if the system refuses to start that many threads. Threads that cannot be
    /// pinned are not an error.
    pub fn spawn(
        needs: Needs,
        start: StartLine,
        pinning: Pinning,
        context: &Context,
    ) -> Result<Self, Error> {
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
                make_way(members, cores.len());
            }
        };
        let teams = Teams::start(members, context, pin).map_err(|error| {
            let readers = if needs.readers > 0 {
                " and --readers"
            } else {
                ""
            };
            let threads = match members {
                1 => "a thread".to_string(),
                members => format!("{members} threads"),
            };
            Error::Machine(format!(
                "cannot start {threads} ({error}); use fewer with --threads{readers}, or raise \
                 the system's limits on threads and memory"
            ))
        })?;
        let line = Line::new(start, needs.threads, needs.readers, cores.len());
        // What a reader has noted cannot be taken back if its run is repeated.
        let batches = start == StartLine::Timebase && needs.readers == 0;
        let has_cores = (2..=cores.len()).contains(&members);
        Ok(Self {
            teams,
            needs,
            batch: (batches && has_cores).then(|| Batch::new(members)),
            line,
            start,
            cores,
            unpinned,
            pinning,
            repeated: AtomicU64::new(0),
        })
    }

    /// Returns whether every thread that has started so far is pinned to its core.
    pub(super) fn is_pinned(&self) -> bool {
        self.pinning == Pinning::Spread && self.unpinned.load(Ordering::Relaxed) == 0
    }

    /// Returns the number of runs that were repeated because their threads did not start together.
    pub(super) fn repeated(&self) -> u64 {
        self.repeated.load(Ordering::Relaxed)
    }

    /// Returns the nanoseconds from the start of the last run to this tick of the clock.
    pub(super) fn since_start(&self, tick: u64) -> u64 {
        self.line.nanoseconds_to(tick)
    }

    /// Returns the needs that the crew meets.
    pub(super) fn needs(&self) -> Needs {
        self.needs
    }

    /// Returns the number of threads, counting and reading.
    pub(super) fn members(&self) -> usize {
        self.needs.threads + self.needs.readers
    }

    /// Returns how many counters the crew can use for this many runs, of which `stride` share a start.
    pub(super) fn most_counters(&self, stride: usize, runs: u64) -> usize {
        let runs = usize::try_from(runs).unwrap_or(usize::MAX);
        match self.batch {
            Some(_) if stride == 1 => BATCH.min(runs).max(1),
            _ => stride,
        }
    }

    /// Makes every thread do its part of some work at the same time, and waits for all of them.
    pub(super) fn together(&self, work: impl Fn(usize) + Sync) {
        self.teams.together(work, || {});
    }

    /// Makes runs until the assignment is done, the chunk is full, or the time of a chunk is up, and
    /// returns the completed runs.
    ///
    /// Blocks the calling thread, which does not belong to the crew, and calls `meanwhile` now and
    /// then while it waits.
    pub(super) fn execute<'c>(
        &self,
        assignment: Assignment<'_>,
        chunk: &'c mut Chunk,
        mut meanwhile: impl FnMut(),
    ) -> &'c mut Runs {
        chunk.runs.store(0, Ordering::Relaxed);
        chunk.meetings.store(0, Ordering::Relaxed);
        ticks::calibrate();
        self.line.mark_start();
        self.line.pinned.store(self.is_pinned(), Ordering::Relaxed);
        // Decided once for all members: if each decided for itself, one might see the context done
        // and leave while the others wait for it.
        let first = self.next(assignment, chunk, 0);
        if first == 0 {
            return chunk.finished();
        }
        let (ended, ending) = mpsc::sync_channel(1);
        let work = |member| {
            self.serve(member, first, assignment, chunk);
            // The first member to leave reports the end: the others have no more runs to make.
            let _ = ended.try_send(());
        };
        self.teams.together(work, || {
            while ending.recv_timeout(LOOK_UP).is_err() {
                meanwhile();
            }
        });
        chunk.finished()
    }

    /// Does the work of one member in a chunk.
    fn serve(&self, member: usize, first: usize, assignment: Assignment<'_>, chunk: &Chunk) {
        let counters = assignment.counters;
        let work = Work {
            increments: assignment.increments,
            context: assignment.context,
        };
        let began = ticks::now();
        let mut seat = self.line.seat(member);
        let mut counting = match self.start {
            // No thread waits for another: each starts as soon as it is awake.
            StartLine::None => first,
            _ => seat.assemble(|| first),
        };
        // Looked up here, for the next meeting changes what lies beside it in memory.
        let batches = self.batches(chunk);
        while counting > 0 {
            let batch = batches.filter(|batch| batch.is_worthwhile());
            if self.start != StartLine::None {
                seat.start(|| counters.look(0..1));
            }
            match (member.checked_sub(self.needs.threads), batch) {
                (Some(reader), _) => counters.read(counting, reader, assignment.context),
                (None, Some(batch)) => {
                    batch.count((counting, self.line.start_at()), counters, member, work);
                }
                (None, None) => counters.count(0..counting, member, work),
            }
            counting = seat.assemble(|| {
                self.collect(assignment, chunk, counting);
                let used = ticks::nanoseconds(began, ticks::now());
                self.next(assignment, chunk, used)
            });
        }
    }

    /// Returns the batch if there are counters for runs that start without a meeting.
    fn batches(&self, chunk: &Chunk) -> Option<&Batch> {
        let has_counters = chunk.counters > chunk.finished.stride;
        self.batch.as_ref().filter(|_| has_counters)
    }

    /// Returns the batch if runs start without a meeting. The same for all members until the interval is set again.
    fn batch(&self, chunk: &Chunk) -> Option<&Batch> {
        self.batches(chunk).filter(|batch| batch.is_worthwhile())
    }

    /// Collects the results of the runs that have ended; only the last member to arrive does it.
    fn collect(&self, assignment: Assignment<'_>, chunk: &Chunk, counted: usize) {
        // A done context may have cut the run short, so its total means nothing.
        if assignment.context.is_done() {
            return;
        }
        let elapsed = self.line.nanoseconds_to(ticks::now());
        let was_unfair = self.line.was_unfair(elapsed);
        let tries = chunk.tries.load(Ordering::Relaxed);
        let repeats = self.line.is_pinned()
            && assignment.repeats
            // What readers have noted cannot be taken back.
            && self.needs.readers == 0
            && tries < REPEATS;
        let runs = chunk.runs.load(Ordering::Relaxed);
        let meetings = chunk.meetings.load(Ordering::Relaxed);
        let slots = &chunk.slots[runs..runs + counted];
        let (mut kept, mut met) = (0, 0);
        let mut keep = |elapsed_ns: u64| {
            chunk.meetings_ns[meetings + met].store(elapsed_ns, Ordering::Relaxed);
            met += 1;
        };
        let mut unfair = 0;
        match self.batch(chunk) {
            Some(batch) => {
                assignment.counters.take_totals(slots);
                batch.judge((counted, self.line.start_at()), |run, trial| {
                    if trial.is_fair || !repeats {
                        slots[kept].store(slots[run].load(Ordering::Relaxed), Ordering::Relaxed);
                        kept += 1;
                        keep(trial.elapsed_ns);
                    } else {
                        unfair += 1;
                    }
                });
            }
            None if was_unfair && repeats => {
                assignment.counters.discard(counted);
                unfair = 1;
            }
            None => {
                assignment.counters.take_totals(slots);
                kept = counted;
                keep(elapsed);
                if let Some(batch) = self.batches(chunk) {
                    batch.learn(elapsed);
                }
            }
        }
        self.repeated.fetch_add(unfair, Ordering::Relaxed);
        let tries = if kept == 0 { tries + 1 } else { 0 };
        chunk.tries.store(tries, Ordering::Relaxed);
        chunk.runs.store(runs + kept, Ordering::Relaxed);
        chunk.meetings.store(meetings + met, Ordering::Relaxed);
    }

    /// Returns the number of runs from the next start to the meeting after it; 0 ends the chunk.
    fn next(&self, assignment: Assignment<'_>, chunk: &Chunk, used_ns: u64) -> usize {
        let done = chunk.runs.load(Ordering::Relaxed);
        let over = done > 0 && (used_ns > CHUNK_NS || self.start == StartLine::None);
        if over || assignment.context.is_done() {
            return 0;
        }
        let wanted = usize::try_from(assignment.runs).unwrap_or(usize::MAX);
        let together = match self.batch(chunk) {
            Some(_) => chunk.counters,
            None => chunk.finished.stride,
        };
        (wanted.min(chunk.slots.len()) - done).min(together)
    }

    /// Returns whether another member needs the same core as this one.
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
