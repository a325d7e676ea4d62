//! The start line: where the threads of a run wait, so that they really start together.
//!
//! The same meeting ends a run and starts the next: when the last thread arrives, all have counted, so
//! it alone may collect the totals and reset the counters, and then it gives the start.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crossbeam_utils::CachePadded;
use quanta::Clock;

use super::pacing::Pacing;
use crate::plan::StartLine;

/// Nanoseconds between the announcement of a start and the start itself.
///
/// Long enough for the news to reach every core that is watching, a few travels of a cache line;
/// longer only slows short runs down.
const NOTICE_NS: u64 = 500;

/// What the last thread to arrive decides for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Count on this number of counters.
    Go(usize),
    /// No further run.
    Stop,
}

/// The meeting point of a crew.
///
/// invariants: `round` changes only while every member is inside [`meet`](Self::meet); the last
/// member to arrive writes the rest of the news before `round`, and the others read it after they have
/// seen the new round.
#[derive(Debug)]
pub(super) struct Line {
    kind: StartLine,
    members: usize,
    clock: Clock,
    /// [`NOTICE_NS`] in ticks of the clock.
    notice: u64,
    arrived: CachePadded<AtomicUsize>,
    news: CachePadded<News>,
    barrier: Barrier,
}

/// The words that waiting threads watch.
#[derive(Debug, Default)]
struct News {
    round: AtomicU64,
    start_at: AtomicU64,
    /// Counters to count on; 0 for no further run.
    counters: AtomicUsize,
}

impl Line {
    pub(super) fn new(kind: StartLine, members: usize, clock: Clock) -> Self {
        // The length of the notice in ticks, whose duration depends on the machine.
        let nanoseconds = clock.delta_as_nanos(0, 1 << 30).max(1);
        Self {
            kind,
            members,
            notice: (NOTICE_NS << 30) / nanoseconds,
            clock,
            arrived: CachePadded::default(),
            news: CachePadded::default(),
            barrier: Barrier::new(members),
        }
    }

    /// Returns the round of the last meeting; a member calls it before its first meeting of a chunk.
    pub(super) fn round(&self) -> u64 {
        self.news.round.load(Ordering::Relaxed)
    }

    /// Records that the run starts now.
    pub(super) fn mark_start(&self) {
        let now = self.clock.raw();
        self.news.start_at.store(now, Ordering::Relaxed);
    }

    /// Returns the nanoseconds since the last start was due.
    pub(super) fn since_start(&self) -> u64 {
        self.nanoseconds_to(self.clock.raw())
    }

    /// Returns the nanoseconds from the last start to this tick of the clock; 0 for earlier ticks.
    pub(super) fn nanoseconds_to(&self, tick: u64) -> u64 {
        let start = self.news.start_at.load(Ordering::Relaxed);
        self.clock.delta_as_nanos(start, tick)
    }

    /// Waits until all members have counted; then the last one to arrive decides alone what is next.
    #[inline]
    pub(super) fn assemble(
        &self,
        round: &mut u64,
        crowded: bool,
        decide: impl FnOnce() -> Verdict,
    ) -> Verdict {
        self.meet(round, crowded, || {
            let counters = match decide() {
                Verdict::Go(counters) => counters,
                Verdict::Stop => 0,
            };
            self.news.counters.store(counters, Ordering::Relaxed);
        });
        match self.news.counters.load(Ordering::Relaxed) {
            0 => Verdict::Stop,
            counters => Verdict::Go(counters),
        }
    }

    /// Waits until all members are ready to count, and starts them together.
    ///
    /// A member that waits for the start calls `look` over and over, to bring the cache line of the
    /// counter into the cache of every core. One look is not enough: a line that was just written may
    /// move to the first core that reads it instead of being shared.
    #[inline]
    pub(super) fn start(&self, round: &mut u64, crowded: bool, look: impl Fn()) {
        match self.kind {
            StartLine::None => {}
            StartLine::Spin | StartLine::Barrier => {
                self.meet(round, crowded, || self.mark_start());
            }
            StartLine::Timebase => {
                self.meet(round, crowded, || {
                    let moment = self.clock.raw() + self.notice;
                    self.news.start_at.store(moment, Ordering::Relaxed);
                });
                let moment = self.news.start_at.load(Ordering::Relaxed);
                while self.clock.raw() < moment {
                    look();
                }
            }
        }
    }

    /// Waits for all members. The last one to arrive calls `alone` before any may leave.
    #[inline]
    fn meet(&self, round: &mut u64, crowded: bool, alone: impl FnOnce()) {
        *round += 1;
        if self.kind == StartLine::Barrier {
            if self.barrier.wait().is_leader() {
                alone();
                self.news.round.store(*round, Ordering::Release);
            }
            self.barrier.wait();
        } else if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 == self.members {
            self.arrived.store(0, Ordering::Relaxed);
            alone();
            self.news.round.store(*round, Ordering::Release);
        } else {
            let mut pacing = Pacing::new(crowded);
            while self.news.round.load(Ordering::Acquire) != *round {
                pacing.pass();
            }
        }
    }
}
