//! The start line: where the threads of a run wait, so that they really start together.
//!
//! **Meeting.** The threads that share a core form a group. Only the last of a group to arrive, its
//! *host*, stays awake; the others sleep until it wakes them, just before the next start. Sleeping matters
//! on a busy machine: a thread that yields hands its core to any other program for a whole time slice, some
//! 3 ms, while a thread that sleeps hands it to the thread it has woken. Measured on 2 cores of which another
//! program keeps one busy: two threads that share that core take turns 1,400 times a second by yielding,
//! and 249,000 times by sleeping (553,000 and 491,000 times if the core is free).
//!
//! **Start.** The hosts show that they are running: each writes the time-stamp into a word of its core, over
//! and over. The last host to be ready gives the start once all of these heartbeats are fresh, because a
//! thread that has lost its core cannot race. A host that another keeps waiting sleeps until the other wakes
//! it, so that both run again at the same time. After a few naps of [`DOZE`] the run starts all the same.
//! Threads that are not pinned may have one core together: their runs start after [`PATIENCE_NS`].
//! In a crowd of more than 16 threads pinned to a core only the host waits for the start, and wakes the others
//! after it. Awake before, hundreds would look out for the start in turns, 0.1 ms each: beside a busy program 1,024
//! threads made 5 runs in 3 s so, and took seconds to end; now as many as on free cores, and 0.1 s.
//!
//! **Fair trial.** On the timebase line a host notes by how much it began late. A run that was over on one core
//! before the other core began was no trial of the race, so it is repeated if the threads are pinned, and the
//! record says how often.
//!
//! With the *timebase* line the start is a moment half a microsecond ahead, and all
//! threads spin until the time-stamp counter passes it. Meanwhile every thread keeps loading the counter.
//! This matters most for short runs: a hundred increments take some 40 ns, less than a cache line needs
//! from one core to another. A thread that owns the line when the run starts is done before another has
//! seen the counter, and no update is lost. A single load before the start is not enough, because a line
//! that was just written may move to the first core that reads it instead of being shared.
//!
//! Measured on 2 cores (AMD EPYC; 2 threads with 100 increments, a million runs): without these loads 5 to
//! 75 % of the runs lost updates, with one load 7 to 94 %, with loads until the start 99.5 to 99.9 %.
//!
//! On the same machine, half used by other programs, two threads started 5 ns apart in the median on the
//! timebase line (25 ns or less in 99 % of starts), 265 ns on the spin line, 7 µs at the barrier, and 2 µs
//! without a line. Without the timebase line 0.02 % of those runs or fewer lost updates.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering, fence};
use std::sync::{Barrier, OnceLock};
use std::thread::{self, Thread};
use std::time::Duration;

use crossbeam_utils::CachePadded;

use super::machine::is_crowd;
use crate::plan::StartLine;
use crate::platform::ticks::{self, ticks_in};

/// Nanoseconds between the announcement of a start and the start itself.
///
/// Long enough for the announcement to reach every core, which takes a few transfers of a cache line;
/// more would only slow down short runs.
const NOTICE_NS: u64 = 500;

/// The age from which a heartbeat no longer shows that a thread is running.
///
/// Some ten times the interval between two heartbeats, and a thousandth of a time slice.
const FRESH_NS: u64 = 2_000;

/// How long a thread at the start line waits for the others before it sleeps.
const PATIENCE_NS: u64 = 100_000;

/// How much longer than it has counted a thread that has counted waits for the others before it sleeps.
const AWAKE_NS: u64 = 50_000;

/// The most time that a thread sleeps at once: some time slices of another program.
pub(super) const DOZE: Duration = Duration::from_millis(10);

/// How often the thread that gives the start sleeps before it gives it all the same.
const NAPS: usize = 3;

/// The lateness that a host notes. Without interruption it begins within some 20 ns.
const LATE_NS: u64 = 50;

/// The time from the last increment of a run to the end of its meeting, of which it is a part.
const MEETING_NS: u64 = 150;

/// The meeting point of a crew.
///
/// invariants: `announced.round` changes only while every member is inside
/// [`assemble`](super::seat::Seat::assemble), and `announced.started` only after that, while no member counts.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) kind: StartLine,
    /// [`NOTICE_NS`], [`FRESH_NS`], [`PATIENCE_NS`], [`AWAKE_NS`] and [`LATE_NS`] in ticks of the clock.
    pub(super) notice: u64,
    pub(super) fresh: u64,
    pub(super) patience: u64,
    pub(super) awake: u64,
    pub(super) late: u64,
    /// Whether each group has a core of its own.
    pub(super) pinned: AtomicBool,
    /// The threads of the members, once they have taken their seats.
    pub(super) threads: Box<[OnceLock<Thread>]>,
    /// The members that count; all others read.
    pub(super) counting: usize,
    /// Whether a group is a crowd.
    is_crowd: bool,
    pub(super) groups: Box<[CachePadded<Group>]>,
    /// Groups whose members have all arrived.
    pub(super) arrived: CachePadded<AtomicUsize>,
    /// Groups that are ready to start.
    pub(super) ready: CachePadded<AtomicUsize>,
    pub(super) announced: CachePadded<Announcement>,
    pub(super) lateness: CachePadded<Lateness>,
    pub(super) barrier: Barrier,
}

/// The words that waiting threads watch.
#[derive(Debug, Default)]
pub(super) struct Announcement {
    /// The last meeting that is over.
    pub(super) round: AtomicU64,
    /// Counters to count on; 0 for no further run.
    pub(super) counters: AtomicUsize,
    /// The last meeting after which the start was given.
    pub(super) started: AtomicU64,
    pub(super) start_at: AtomicU64,
    /// One more than the member that sleeps until all cores can start; 0 for none.
    pub(super) giver: AtomicUsize,
}

/// The hosts that began late in this run: usually none, so nothing is written here.
#[derive(Debug)]
pub(super) struct Lateness {
    pub(super) hosts: AtomicUsize,
    /// The least of them, in ticks.
    pub(super) least: AtomicU64,
}

/// The members that share a core: of G groups, group k has the members k, k + G, k + 2G, ...
#[derive(Debug, Default)]
pub(super) struct Group {
    /// Members that have arrived.
    pub(super) here: AtomicUsize,
    /// One more than the member that the last to arrive has left its duties to; 0 for none.
    pub(super) host: AtomicUsize,
    /// The last member to fall asleep while it waited for another core.
    pub(super) sleeper: AtomicUsize,
    /// Whether members may be asleep while they wait for another core.
    pub(super) sleeps: CachePadded<AtomicBool>,
    /// The last meeting after which the group was ready to start.
    pub(super) ready: AtomicU64,
    /// When a member of the group was last seen to wait for the start.
    pub(super) heartbeat: CachePadded<AtomicU64>,
}

impl Line {
    /// Makes a line for `counting` threads that count and `reading` others that read, on `cores` cores.
    pub(super) fn new(kind: StartLine, counting: usize, reading: usize, cores: usize) -> Self {
        let members = counting + reading;
        let groups = members.min(cores).max(1);
        Self {
            kind,
            notice: ticks_in(NOTICE_NS),
            fresh: ticks_in(FRESH_NS),
            patience: ticks_in(PATIENCE_NS),
            awake: ticks_in(AWAKE_NS),
            late: ticks_in(LATE_NS),
            pinned: AtomicBool::new(true),
            threads: (0..members).map(|_| OnceLock::new()).collect(),
            counting,
            is_crowd: is_crowd(members, groups),
            groups: (0..groups).map(|_| CachePadded::default()).collect(),
            arrived: CachePadded::default(),
            ready: CachePadded::default(),
            announced: CachePadded::default(),
            lateness: CachePadded::new(Lateness {
                hosts: AtomicUsize::new(0),
                least: AtomicU64::new(u64::MAX),
            }),
            barrier: Barrier::new(members),
        }
    }

    /// Records that the run starts now.
    pub(super) fn mark_start(&self) {
        let now = ticks::now();
        self.announced.start_at.store(now, Ordering::Relaxed);
    }

    /// Returns the tick of the last start.
    pub(super) fn start_at(&self) -> u64 {
        self.announced.start_at.load(Ordering::Relaxed)
    }

    /// Returns the nanoseconds from the last start to this tick of the clock; 0 for earlier ticks.
    pub(super) fn nanoseconds_to(&self, tick: u64) -> u64 {
        ticks::nanoseconds(self.start_at(), tick)
    }

    /// Returns whether all cores but one began only when the run, which took this long, was over on that
    /// one. The leader of a meeting calls it once for each run.
    ///
    /// A thread that begins late takes about as long as the one that was over before it began, so the run
    /// as a whole takes at most twice the lateness.
    pub(super) fn was_unfair(&self, elapsed_ns: u64) -> bool {
        let late = self.lateness.hosts.load(Ordering::Relaxed);
        if late == 0 {
            return false;
        }
        self.lateness.hosts.store(0, Ordering::Relaxed);
        let least = self.lateness.least.swap(u64::MAX, Ordering::Relaxed);
        let least_ns = ticks::nanoseconds(0, least);
        late + 1 >= self.groups.len()
            && elapsed_ns <= least_ns.saturating_mul(2).saturating_add(MEETING_NS)
    }

    /// Returns whether only hosts wait for the start: each group is a crowd on a core of its own.
    pub(super) fn has_crowds(&self) -> bool {
        self.is_crowd && self.is_pinned()
    }

    /// Returns whether each group has a core of its own.
    #[inline]
    pub(super) fn is_pinned(&self) -> bool {
        self.pinned.load(Ordering::Relaxed)
    }

    /// Waits until a thread on each core has just shown that it is running, and returns the present.
    pub(super) fn all_running(&self, member: usize) -> u64 {
        self.wake_sleepers();
        // Threads that are not pinned may have one core together, where they would wait for each other in vain.
        let most = if self.is_pinned() { NAPS } else { 0 };
        let (mut began, mut naps) = (ticks::now(), 0);
        loop {
            self.groups[member % self.groups.len()]
                .heartbeat
                .store(ticks::now(), Ordering::Relaxed);
            let now = ticks::now();
            let running = |group: &CachePadded<Group>| {
                let heartbeat = group.heartbeat.load(Ordering::Relaxed);
                now.saturating_sub(heartbeat) < self.fresh
            };
            if self.groups.iter().all(running) {
                return now;
            }
            if now.saturating_sub(began) > self.patience {
                if naps == most {
                    return now;
                }
                // The first core to run again wakes this thread.
                self.announced.giver.store(member + 1, Ordering::Relaxed);
                thread::park_timeout(DOZE);
                self.announced.giver.store(0, Ordering::Relaxed);
                self.wake_sleepers();
                naps += 1;
                began = ticks::now();
            }
            std::hint::spin_loop();
        }
    }

    /// Wakes the members that wait asleep for another core.
    pub(super) fn wake_sleepers(&self) {
        fence(Ordering::SeqCst);
        for (index, group) in self.groups.iter().enumerate() {
            if group.sleeps.load(Ordering::Relaxed) {
                group.sleeps.store(false, Ordering::Relaxed);
                if self.has_crowds() {
                    self.wake(group.sleeper.load(Ordering::Relaxed));
                } else {
                    let members = (index..self.threads.len()).step_by(self.groups.len());
                    members.for_each(|member| self.wake(member));
                }
            }
        }
    }

    /// Wakes the member that waits asleep for a sign of life from this core.
    #[inline]
    pub(super) fn wake_giver(&self) {
        if self.announced.giver.load(Ordering::Relaxed) > 0
            && let Some(member) = (self.announced.giver)
                .swap(0, Ordering::Relaxed)
                .checked_sub(1)
        {
            self.wake(member);
        }
    }

    /// Wakes a member that sleeps in [`assemble`](super::seat::Seat::assemble).
    pub(super) fn wake(&self, member: usize) {
        if let Some(thread) = self.threads[member].get() {
            thread.unpark();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_unfair_if_all_cores_but_one_began_when_it_was_over_there() {
        let line = Line::new(StartLine::Timebase, 3, 0, 3);
        let ticks = |us: u64| us * line.late * 1000 / LATE_NS;
        let late = |hosts: usize, us: u64| {
            line.lateness.hosts.store(hosts, Ordering::Relaxed);
            line.lateness.least.store(ticks(us), Ordering::Relaxed);
        };
        assert!(!line.was_unfair(1));
        late(1, 1000);
        assert!(!line.was_unfair(1_500_000), "two cores began in time");
        late(2, 1000);
        assert!(!line.was_unfair(3_000_000), "it was still going on");
        late(2, 1000);
        assert!(line.was_unfair(1_500_000));
        assert!(!line.was_unfair(1), "the next run begins afresh");
    }
}
