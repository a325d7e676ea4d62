//! A member's place at the start line: how it arrives, waits and starts.

use std::sync::atomic::{Ordering, fence};
use std::thread;

use super::start::{DOZE, Group, Line};
use crate::plan::StartLine;
use crate::platform::ticks;

/// A member's place at the line.
#[derive(Debug)]
pub(super) struct Seat<'a> {
    line: &'a Line,
    member: usize,
    group: &'a Group,
    /// The number of the member's next meeting.
    round: u64,
}

impl Line {
    /// Lets the calling thread, the member with this number, take part in the meetings of a chunk.
    pub(super) fn seat(&self, member: usize) -> Seat<'_> {
        self.threads[member].get_or_init(thread::current);
        Seat {
            line: self,
            member,
            group: &self.groups[member % self.groups.len()],
            round: self.announced.round.load(Ordering::Relaxed),
        }
    }
}

impl Seat<'_> {
    /// Waits until all members have counted. Then the last one to arrive decides for all how many
    /// counters to count on next; 0 means that there is no further run.
    #[inline]
    pub(super) fn assemble(&mut self, decide: impl FnOnce() -> usize) -> usize {
        self.round += 1;
        let (line, round) = (self.line, self.round);
        let announced = &line.announced;
        if line.kind == StartLine::Barrier {
            self.meet_at_barrier(|| announced.counters.store(decide(), Ordering::Relaxed));
        } else if self.is_host() {
            if line.arrived.fetch_add(1, Ordering::AcqRel) + 1 == line.groups.len() {
                line.arrived.store(0, Ordering::Relaxed);
                announced.counters.store(decide(), Ordering::Relaxed);
                announced.round.store(round, Ordering::Release);
                line.wake_sleepers();
            } else {
                // The other threads take about as long as this one has taken.
                let now = ticks::now();
                let taken = now.saturating_sub(announced.start_at.load(Ordering::Relaxed));
                let bedtime = now.saturating_add(taken).saturating_add(line.awake);
                let over = || announced.round.load(Ordering::Acquire) == round;
                self.wait(bedtime, over, || ());
            }
            let start_follows =
                line.kind != StartLine::None && announced.counters.load(Ordering::Relaxed) > 0;
            if !(line.has_crowds() && start_follows) {
                self.wake_the_others();
            }
        }
        announced.counters.load(Ordering::Relaxed)
    }

    /// Waits until all members are ready to count, and starts them together.
    ///
    /// A member that waits for the start calls `look` over and over, to bring the cache line of the
    /// counter into the cache of every core.
    #[inline]
    pub(super) fn start(&self, look: impl Fn()) {
        let (line, round) = (self.line, self.round);
        let announced = &line.announced;
        match line.kind {
            StartLine::None => return,
            StartLine::Barrier => return self.meet_at_barrier(|| line.mark_start()),
            StartLine::Spin | StartLine::Timebase => {}
        }
        // The first of the group that runs is usually its host; but a member that it has woken may have
        // taken its core.
        let first = self.group.ready.swap(round, Ordering::Relaxed) != round;
        if first && line.ready.fetch_add(1, Ordering::AcqRel) + 1 == line.groups.len() {
            line.ready.store(0, Ordering::Relaxed);
            self.beat();
            let mut moment = line.all_running(self.member);
            if line.kind == StartLine::Timebase {
                moment += line.notice;
            }
            announced.start_at.store(moment, Ordering::Relaxed);
            announced.started.store(round, Ordering::Release);
            line.wake_sleepers();
        }
        let given = || announced.started.load(Ordering::Acquire) == round;
        self.wait(ticks::now().saturating_add(line.patience), given, || {
            self.beat();
            line.wake_giver();
            look();
        });
        let moment = announced.start_at.load(Ordering::Relaxed);
        while ticks::now() < moment {
            look();
        }
        // The reading waits for all earlier instructions, so that on every core the first increment comes
        // at the same time after it. Without it up to 20 % of short runs lost nothing.
        let late = ticks::now().saturating_sub(moment);
        if late > line.late && first && line.kind == StartLine::Timebase {
            line.lateness.least.fetch_min(late, Ordering::Relaxed);
            line.lateness.hosts.fetch_add(1, Ordering::Relaxed);
        }
        if line.has_crowds() && first {
            self.wake_the_others();
        }
    }

    /// Waits until it `is_over`: calls `pass` over and over, and sleeps once it is `bedtime`.
    ///
    /// A thread that another keeps waiting has a core, and the other has not. By sleeping it hands its core
    /// to another program, and has it back at once when the other wakes it: so both have their time slices
    /// together. If it waited for the end of its own slice, the slices could alternate for ever.
    #[inline]
    fn wait(&self, mut bedtime: u64, is_over: impl Fn() -> bool, pass: impl Fn()) {
        while !is_over() {
            pass();
            if ticks::now() < bedtime {
                std::hint::spin_loop();
            } else {
                self.group.sleeper.store(self.member, Ordering::Relaxed);
                self.group.sleeps.store(true, Ordering::Relaxed);
                // Either the waker sees the sleeper, or the sleeper what it would be woken for.
                fence(Ordering::SeqCst);
                if !is_over() {
                    thread::park_timeout(DOZE);
                    bedtime = ticks::now().saturating_add(self.line.patience);
                }
            }
        }
    }

    /// Shows that this member's core is running it.
    #[inline]
    fn beat(&self) {
        let now = ticks::now();
        self.group.heartbeat.store(now, Ordering::Relaxed);
    }

    /// Returns true at once to the last of a group to arrive, and false to all others after the meeting.
    ///
    /// A reader has nothing to do until the others count, so it leaves the duties of a host to a
    /// member that counts, if there is one in its group.
    #[inline]
    fn is_host(&self) -> bool {
        let (line, group, member) = (self.line, self.group, self.member);
        if group.here.fetch_add(1, Ordering::AcqRel) + 1 == self.group_size() {
            group.here.store(0, Ordering::Relaxed);
            let first = member % line.groups.len();
            if member < line.counting || first >= line.counting || first == member {
                return true;
            }
            group.host.store(first + 1, Ordering::Release);
            line.wake(first);
        }
        while line.announced.round.load(Ordering::Acquire) != self.round {
            if group.host.load(Ordering::Acquire) == member + 1 {
                group.host.store(0, Ordering::Relaxed);
                return true;
            }
            thread::park();
        }
        false
    }

    /// Returns the number of members in this member's group.
    fn group_size(&self) -> usize {
        let groups = self.line.groups.len();
        (self.line.threads.len() - self.member % groups).div_ceil(groups)
    }

    fn wake_the_others(&self) {
        let groups = self.line.groups.len();
        let group = (self.member % groups..self.line.threads.len()).step_by(groups);
        for other in group.filter(|&other| other != self.member) {
            self.line.wake(other);
        }
    }

    /// Waits for all members at the barrier. One of them calls `alone` before any may leave.
    fn meet_at_barrier(&self, alone: impl FnOnce()) {
        let line = self.line;
        if line.barrier.wait().is_leader() {
            alone();
            line.announced.round.store(self.round, Ordering::Release);
        }
        line.barrier.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use super::*;

    /// Makes `rounds` rounds on two cores and returns how often each member counted.
    fn rounds(kind: StartLine, counting: usize, reading: usize, rounds: u64) -> Vec<u64> {
        let line = Line::new(kind, counting, reading, 2);
        let counts: Vec<_> = (0..counting + reading).map(|_| AtomicU64::new(0)).collect();
        let meetings = AtomicU64::new(0);
        let decide = || {
            let all = |sum, count: &AtomicU64| sum + count.load(Ordering::Relaxed);
            // The member that decides has seen what every member did before the meeting.
            let meeting = meetings.fetch_add(1, Ordering::Relaxed);
            assert_eq!(counts.iter().fold(0, all), meeting * counts.len() as u64);
            usize::from(meeting < rounds)
        };
        thread::scope(|scope| {
            for (member, count) in counts.iter().enumerate() {
                let (line, decide) = (&line, &decide);
                scope.spawn(move || {
                    let mut seat = line.seat(member);
                    while seat.assemble(decide) > 0 {
                        seat.start(|| ());
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        counts.into_iter().map(AtomicU64::into_inner).collect()
    }

    #[test]
    fn all_members_take_part_in_every_round_whoever_shares_a_core() {
        for kind in [
            StartLine::Timebase,
            StartLine::Spin,
            StartLine::Barrier,
            StartLine::None,
        ] {
            for (counting, reading) in [
                (1, 0),
                (2, 0),
                (3, 0),
                (7, 0),
                (40, 0),
                (1, 1),
                (3, 2),
                (1, 5),
                (3, 40),
            ] {
                let counts = rounds(kind, counting, reading, 50);
                assert!(
                    counts.iter().all(|&count| count == 50),
                    "{kind:?}: {counts:?}"
                );
            }
        }
    }
}
