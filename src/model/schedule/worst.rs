//! The schedule with the smallest total, for any size, and why it is the smallest.

use super::named::{Lockstep, Random, Serial};
use super::pattern::{Pattern, Pauses};
use super::token::{Schedule, Steps};
use crate::model::buffer::MemoryModel;
use crate::model::census::outcome::{Census, Verdict};
use crate::model::census::sweep::{Options, census};
use crate::model::language::element::{Operand, Var};
use crate::model::language::instruction::Instruction;
use crate::model::language::program::Program;
use crate::model::machine::Ending;
use crate::model::plan::{ScheduleRun, replay};
use crate::model::scheduler::{Completion, Scheduler};
use crate::model::system::System;

/// Why a schedule is considered the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Proof {
    /// The threads load and store; the schedule is constructed by rule, and no smaller total is
    /// possible.
    Constructed,
    /// All schedules were counted.
    Census,
    /// Every schedule ends in the same total: each change is indivisible, under one lock, or of
    /// a variable that no other thread touches.
    Same,
    /// Nothing is proved: it is the worst of a few schedules that were tried.
    Tried,
}

/// The worst schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorstSchedule {
    /// The schedule.
    pub schedule: Schedule,
    /// Its total; `None` if it ends in a deadlock.
    pub total: Option<u64>,
    /// The greatest total, where a rule tells that exactly the totals from `total` to this one are
    /// reachable.
    pub most: Option<u64>,
    /// Why it is the worst.
    pub proof: Proof,
}

/// The most states that a search for the worst schedule looks at.
const SEARCH: u64 = 100_000;
/// The most segments of a tried schedule.
const SEGMENTS: usize = 1 << 20;

/// Returns the schedule with the smallest total.
///
/// For load-store programs of any size it is constructed by rule: A loads; the other threads finish,
/// but for the last increment of B; A stores, overwriting theirs; B loads this value for its last
/// increment; A finishes; B stores, overwriting A's. For other programs a census tells if it is
/// small enough, or else a few schedules are tried; [`Proof`] says which.
pub fn worst(system: &System) -> WorstSchedule {
    by_rule(system)
        .or_else(|| by_census(system))
        .unwrap_or_else(|| by_trial(system))
}

/// Returns the schedule with the smallest total where it follows from the program, for any size;
/// `None` where it would take a search.
pub fn by_rule(system: &System) -> Option<WorstSchedule> {
    // What the program's text tells of loads and stores holds where no store is delayed.
    let counting = Counting::of(system);
    if let Some(counting) = &counting
        && system.memory() == MemoryModel::Sc
        && let Some(smallest) = counting.smallest()
        && let Some(schedule) = counting.to(system, smallest)
    {
        let above_start = |total: u64| total.wrapping_add(counting.start);
        return Some(WorstSchedule {
            schedule,
            total: Some(above_start(smallest)),
            most: Some(above_start(counting.greatest())),
            proof: Proof::Constructed,
        });
    }
    let same = counting.is_some_and(|c| c.is_guarded()) || is_indivisible(system);
    if !same {
        return None;
    }
    let (schedule, total) = attempt(system, Serial)?;
    Some(WorstSchedule {
        schedule,
        total: Some(total?),
        most: total,
        proof: Proof::Same,
    })
}

/// Gives the smallest total the witness that the rule constructs, if that needs no more switches: so the same story
/// is told at every size.
pub fn retell(census: &mut Census, system: &System) {
    let smallest = census
        .outcomes
        .iter_mut()
        .find(|outcome| outcome.end.total().is_some());
    let told = smallest.zip(by_rule(system));
    if let Some((outcome, rule)) = told
        && let (Some(witness), Some(_)) = (&mut outcome.witness, rule.most)
        && outcome.end.total() == rule.total
        && rule.schedule.switches() <= witness.switches()
    {
        *witness = rule.schedule;
    }
}

/// Returns a schedule that ends in this total, constructed without a search; `None` if the program
/// is not of the load-store kind, or the total is unreachable.
pub fn to_total(system: &System, total: u64) -> Option<Schedule> {
    if system.memory() != MemoryModel::Sc {
        return None;
    }
    let counting = Counting::of(system)?;
    counting.to(system, total.checked_sub(counting.start)?)
}

fn by_census(system: &System) -> Option<WorstSchedule> {
    let mut options = Options::default();
    options.limits.states = SEARCH;
    let census = census(system, &options).ok()?;
    if census.verdict != Verdict::Exhausted {
        return None;
    }
    // Totals come first, in rising order, then deadlocks.
    Some(WorstSchedule {
        schedule: census.outcomes.first()?.witness.clone()?,
        total: census.totals().next(),
        most: None,
        proof: Proof::Census,
    })
}

/// Returns the schedule of a source, and its total if it does not end in a deadlock.
fn attempt(system: &System, source: impl Scheduler) -> Option<(Schedule, Option<u64>)> {
    let mut plan = ScheduleRun::new(system, source, Completion::Serial);
    let schedule = plan.collect_schedule(SEGMENTS).ok()??;
    let total = plan.machine().ending()?.total();
    Some((schedule, total))
}

fn by_trial(system: &System) -> WorstSchedule {
    let sources: [Box<dyn Scheduler>; 5] = [
        Box::new(Serial),
        Box::new(Lockstep::default()),
        Box::new(Random::new(1)),
        Box::new(Random::new(2)),
        Box::new(Random::new(3)),
    ];
    let attempts = sources.into_iter().filter_map(|s| attempt(system, s));
    // Any total is better than a deadlock.
    let best = attempts.min_by_key(|&(_, total)| (total.is_none(), total));
    let (schedule, total) = best.unwrap_or_default();
    WorstSchedule {
        schedule,
        total,
        most: None,
        proof: Proof::Tried,
    }
}

/// A system whose threads are all of the load-store kind, on one variable.
struct Counting {
    patterns: Vec<Pattern>,
    /// The index of each thread's pattern.
    threads: Vec<usize>,
    /// The initial value of the variable.
    start: u64,
}

impl Counting {
    fn of(system: &System) -> Option<Self> {
        let &[counter] = system.total_variables() else {
            return None;
        };
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

    /// Returns whether every increment of every thread is under one and the same lock.
    fn is_guarded(&self) -> bool {
        let common = |mask, pattern: &Pattern| mask & pattern.guarded_by;
        self.patterns.iter().fold(u64::MAX, common) != 0
    }

    /// Returns the smallest total above the start.
    ///
    /// The very last store adds one to the value its thread loaded. If that thread stored before,
    /// it loaded at least one. So a total of one is possible only for a thread with a single
    /// increment, when another thread counts, too.
    fn smallest(&self) -> Option<u64> {
        let counts = (0..self.threads.len()).map(|thread| self.increments(thread));
        let counting: Vec<u64> = counts.filter(|&count| count > 0).collect();
        match counting.as_slice() {
            [] => Some(0),
            [alone] => Some(*alone),
            several => several.iter().min().map(|&least| least.min(2)),
        }
    }

    /// Returns the greatest total above the start: each store adds one to the loaded value.
    fn greatest(&self) -> u64 {
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

    /// Returns a schedule that adds exactly `total`, checked on the machine.
    fn to(&self, system: &System, total: u64) -> Option<Schedule> {
        let mut script = Script::new(self);
        let threads = || 0..self.threads.len();
        let counting: Vec<usize> = threads().filter(|&t| self.increments(t) > 0).collect();
        if let [first, second, ..] = *counting.as_slice() {
            // A thread with a single increment may make the very last store.
            let single = counting.iter().find(|&&t| self.increments(t) == 1);
            if let (1, Some(&thread)) = (total, single) {
                script.until(thread, self.pauses(thread, 0).within);
                let others = threads().filter(|&t| t != thread);
                others.for_each(|t| script.finish(t));
            } else {
                self.overwrite(&mut script, &counting, (first, second), total)?;
            }
        }
        threads().for_each(|thread| script.finish(thread));
        let schedule = script.schedule;
        let expected = Ending::Total(total.wrapping_add(self.start));
        let ending = replay(system, &schedule, Completion::Strict).ok()?;
        (ending == expected).then_some(schedule)
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
}

/// Returns whether no thread can see another's changes, so that every schedule ends the same way:
/// each variable is touched by one thread only, or is only added constants to, without a look at
/// its value.
fn is_indivisible(system: &System) -> bool {
    let private = |variable: Var| {
        let touches = |thread: &usize| {
            let mut code = system.program(*thread).code().iter();
            code.any(|instruction| instruction.touches(variable))
        };
        (0..system.threads()).filter(touches).count() <= 1
    };
    let is_indivisible = |program: &Program, at: usize| {
        let instruction = program.code()[at];
        let Some(variable) = instruction.variable() else {
            // A lock or a queue could block for ever; only a census can tell.
            return !instruction.is_visible();
        };
        let blind = match instruction {
            Instruction::FetchAdd { old, by, .. } => {
                let live = program.live_at(at + 1);
                matches!(by, Operand::Const(_)) && live >> old.index() & 1 == 0
            }
            _ => false,
        };
        blind || variable.candidates().all(private)
    };
    system.programs().iter().all(|program| {
        let mut places = 0..program.code().len();
        program.certainly_ends() && places.all(|at| is_indivisible(program, at))
    })
}
