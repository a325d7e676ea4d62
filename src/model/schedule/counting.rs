//! Threads that count by loading and storing, and schedules to each of their totals.

use super::pattern::{Pattern, Pauses};
use super::token::{Schedule, Steps};
use crate::model::language::element::Var;
use crate::model::machine::Ending;
use crate::model::plan::replay;
use crate::model::scheduler::Completion;
use crate::model::system::{Shown, System};

/// A system whose threads are all of the load-store kind, on one variable.
pub(crate) struct Counting {
    patterns: Vec<Pattern>,
    /// The index of each thread's pattern.
    threads: Vec<usize>,
    /// The initial value of the variable.
    pub(crate) start: u64,
}

impl Counting {
    /// Returns the threads of a system that count in its total.
    pub(crate) fn of(system: &System) -> Option<Self> {
        let &[counter] = system.total_variables() else {
            return None;
        };
        Self::on(system, counter)
    }

    /// Returns the threads of a system that count in the only value that it ends with, whatever that is called.
    pub(crate) fn in_the_end(system: &System) -> Option<Self> {
        match system.shown() {
            [] => Self::of(system),
            &[Shown::Variable(counter)] => Self::on(system, counter),
            _ => None,
        }
    }

    fn on(system: &System, counter: Var) -> Option<Self> {
        let program = |thread| system.program_index(thread);
        let threads: Vec<usize> = (0..system.threads()).map(program).collect();
        let pattern = |program: usize| {
            let thread = threads.iter().position(|&p| p == program)?;
            Pattern::of(system, thread, counter)
        };
        let patterns = (0..system.programs().len()).map(pattern);
        Some(Self {
            patterns: patterns.collect::<Option<_>>()?,
            threads,
            start: system.initial_values()[counter.index()],
        })
    }

    fn pattern(&self, thread: usize) -> &Pattern {
        &self.patterns[self.threads[thread]]
    }

    fn increments(&self, thread: usize) -> u64 {
        self.pattern(thread).increments
    }

    /// Returns the increments of each thread, if all threads are alike and do nothing else.
    pub(crate) fn bare_increments(&self) -> Option<u64> {
        let [pattern] = self.patterns.as_slice() else {
            return None;
        };
        (pattern.steps == 2 * pattern.increments).then_some(pattern.increments)
    }

    /// Returns whether every increment of every thread is under one and the same lock.
    pub(crate) fn is_guarded(&self) -> bool {
        let common = |mask, pattern: &Pattern| mask & pattern.guarded_by;
        self.patterns.iter().fold(u64::MAX, common) != 0
    }

    /// Returns the smallest total above the start.
    ///
    /// The very last store adds one to the value its thread loaded. If that thread stored before,
    /// it loaded at least one. So a total of one is possible only for a thread with a single
    /// increment, when another thread counts, too.
    pub(crate) fn smallest(&self) -> Option<u64> {
        let counts = (0..self.threads.len()).map(|thread| self.increments(thread));
        let counting: Vec<u64> = counts.filter(|&count| count > 0).collect();
        match counting.as_slice() {
            [] => Some(0),
            [alone] => Some(*alone),
            several => several.iter().min().map(|&least| least.min(2)),
        }
    }

    /// Returns the greatest total above the start: each store adds one to the loaded value.
    pub(crate) fn greatest(&self) -> u64 {
        (0..self.threads.len()).map(|t| self.increments(t)).sum()
    }

    /// Returns the places to pause around an increment; the end of the thread if it has no such
    /// increment.
    fn pauses(&self, thread: usize, increment: u64) -> Pauses {
        let pattern = self.pattern(thread);
        let end = Pauses {
            before: pattern.steps,
            within: pattern.steps,
        };
        pattern.pauses(increment).unwrap_or(end)
    }

    /// Returns a schedule that adds exactly `total`, checked on the machine. It has the fewest switches where all
    /// threads count equally often.
    pub(crate) fn to(&self, system: &System, total: u64) -> Option<Schedule> {
        let threads = || 0..self.threads.len();
        let counting: Vec<usize> = threads().filter(|&t| self.increments(t) > 0).collect();
        let mut script = Script::new(self);
        if let [first, second, ..] = *counting.as_slice() {
            let each = self.increments(first);
            // A thread with a single increment may make the very last store.
            let single = counting.iter().find(|&&t| self.increments(t) == 1);
            if let (1, Some(&thread)) = (total, single) {
                script.until(thread, self.pauses(thread, 0).within);
                let others = threads().filter(|&t| t != thread);
                others.for_each(|t| script.finish(t));
            } else if counting.iter().all(|&t| self.increments(t) == each)
                && (total > 2 || each == 2)
            {
                self.overwrite_least(&mut script, &counting, each, total)?;
            } else {
                self.overwrite(&mut script, &counting, (first, second), total)?;
            }
        }
        threads().for_each(|thread| script.finish(thread));
        let schedule = script.schedule;
        let ending = replay(system, &schedule, Completion::Strict).ok()?;
        (ending == self.ending(system, total)).then_some(schedule)
    }

    /// Returns how the system ends where `total` is added.
    pub(crate) fn ending(&self, system: &System, total: u64) -> Ending {
        let total = total.wrapping_add(self.start);
        if system.shown().is_empty() {
            Ending::Total(total)
        } else {
            Ending::Values([total].into())
        }
    }

    /// Ends with `total`, with the fewest switches and the first threads as early as possible, where each counting
    /// thread has `each` increments.
    ///
    /// Some threads count one after the other. The next stops within its last increment, which will overwrite all that
    /// others have counted by then, so these have counted what is to be lost. A total below `each` takes two threads
    /// that overwrite each other.
    fn overwrite_least(
        &self,
        script: &mut Script<'_>,
        counting: &[usize],
        each: u64,
        total: u64,
    ) -> Option<()> {
        let (whole, rest) = (total / each, total % each);
        let Some(done) = usize::try_from(whole).ok()?.checked_sub(1) else {
            let &[a, b, ..] = counting else { return None };
            let left = rest.checked_sub(2)?;
            script.until(a, self.pauses(a, left).within);
            script.until(b, self.pauses(b, each - 1).before);
            script.until(a, self.pauses(a, left + 1).within);
            script.until(b, self.pauses(b, each - 1).within);
            script.finish(a);
            script.finish_all(&counting[2..]);
            return Some(());
        };
        script.finish_all(counting.get(..done)?);
        let (&over, after) = counting[done..].split_first()?;
        if after.is_empty() {
            return (rest == 0).then_some(());
        }
        let (paused, at, earlier, later) = if rest > 0 && rest == each - 1 {
            // Only the last increment of `over` is lost.
            let (&first, later) = after.split_first()?;
            (first, self.pauses(first, 0).within, &[][..], later)
        } else {
            let (&last, earlier) = after.split_last()?;
            let at = self.pauses(last, each - rest).before;
            (last, at, earlier, &[][..])
        };
        script.until(over, self.pauses(over, each - 1).within);
        script.finish_all(earlier);
        script.until(paused, at);
        script.finish(over);
        script.finish_all(later);
        script.finish(paused);
        Some(())
    }

    /// Loses no update up to two below `total`, then all but two of the rest.
    fn overwrite(
        &self,
        script: &mut Script<'_>,
        counting: &[usize],
        (a, b): (usize, usize),
        total: u64,
    ) -> Option<()> {
        let mut left = total.checked_sub(2)?;
        let mut count = |thread, most: u64| {
            let taken = left.min(most);
            left -= taken;
            if taken > 0 {
                script.until(thread, self.pauses(thread, taken).before);
            }
            taken
        };
        let (last_of_a, last_of_b) = (self.increments(a) - 1, self.increments(b) - 1);
        let others = || counting.iter().copied().filter(|&t| t != a && t != b);
        for thread in others() {
            count(thread, self.increments(thread));
        }
        let done_by_a = count(a, last_of_a);
        count(b, last_of_b);
        if left > 0 {
            return None;
        }
        script.until(a, self.pauses(a, done_by_a).within);
        others().for_each(|thread| script.finish(thread));
        script.until(b, self.pauses(b, last_of_b).before);
        script.until(a, self.pauses(a, done_by_a + 1).before);
        script.until(b, self.pauses(b, last_of_b).within);
        script.finish(a);
        script.finish(b);
        Some(())
    }
}

/// A schedule under construction, and how many steps each thread has taken.
struct Script<'a> {
    counting: &'a Counting,
    done: Vec<u64>,
    schedule: Schedule,
}

impl<'a> Script<'a> {
    fn new(counting: &'a Counting) -> Self {
        Self {
            counting,
            done: vec![0; counting.threads.len()],
            schedule: Schedule::new(),
        }
    }

    /// Lets a thread run until it has taken `steps` steps in all.
    fn until(&mut self, thread: usize, steps: u64) {
        let done = &mut self.done[thread];
        if steps > *done {
            let is_end = steps == self.counting.pattern(thread).steps;
            let more = Steps::Count(steps - *done);
            self.schedule
                .push(thread, if is_end { Steps::ToEnd } else { more });
            *done = steps;
        }
    }

    fn finish(&mut self, thread: usize) {
        self.until(thread, self.counting.pattern(thread).steps);
    }

    fn finish_all(&mut self, threads: &[usize]) {
        for &thread in threads {
            self.finish(thread);
        }
    }
}
