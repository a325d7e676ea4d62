//! The schedule of the smallest total, for any size, and why it is the smallest.

use super::named::{Lockstep, Random, Serial};
use super::pattern::Pattern;
use super::token::{Schedule, Steps};
use crate::model::census::outcome::Verdict;
use crate::model::census::sweep::{Options, census};
use crate::model::language::instruction::{Instruction, Operand, Var};
use crate::model::limits::Limits;
use crate::model::machine::Ending;
use crate::model::plan::{Completion, Plan, Source, replay};
use crate::model::system::System;

/// Why a schedule is taken for the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Proof {
    /// The threads load and store; the schedule is put together by rule, and fewer is impossible.
    Constructed,
    /// All schedules were counted.
    Census,
    /// Every schedule ends in the same total: each change is indivisible, under one lock, or of
    /// a variable no other thread touches.
    Same,
    /// Nothing is proved: it is the worst of a few that were tried.
    Tried,
}

/// The worst schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worst {
    /// The schedule.
    pub schedule: Schedule,
    /// The total it ends in; `None` if it ends in a deadlock.
    pub total: Option<u64>,
    /// The greatest total, where a rule tells that every one from `total` to this can come about,
    /// and no other.
    pub most: Option<u64>,
    /// Why it is the worst.
    pub proof: Proof,
}

/// How many states the search for the worst may look at, where a search is needed.
const SEARCH: u64 = 100_000;
/// How many segments a tried schedule may have.
const SEGMENTS: usize = 1 << 20;

/// The schedule of the smallest total.
///
/// Put together by rule for load-store programs of any size: A loads; the others do all they have
/// but one last increment; A stores over it; B loads that for its last increment; A does the rest;
/// B stores over it. Elsewhere it is the census that tells, as far as it fits, or else a few
/// schedules that are tried; [`Proof`] says which.
pub fn worst(system: &System) -> Worst {
    by_rule(system)
        .or_else(|| by_census(system))
        .unwrap_or_else(|| by_trial(system))
}

/// The schedule of the smallest total where the program itself tells it, whatever the size;
/// `None` where it would take a search.
pub fn by_rule(system: &System) -> Option<Worst> {
    let counting = Counting::of(system);
    if let Some(counting) = &counting
        && let Some(schedule) = counting.smallest().and_then(|t| counting.to(system, t))
    {
        let above_start = |t: u64| t.wrapping_add(counting.start);
        return Some(Worst {
            schedule,
            total: counting.smallest().map(above_start),
            most: Some(above_start(counting.greatest())),
            proof: Proof::Constructed,
        });
    }
    let same = counting.is_some_and(|c| c.is_guarded()) || is_indivisible(system);
    if same && let Some((schedule, Ending::Total(total))) = attempt(system, Serial) {
        return Some(Worst {
            schedule,
            total: Some(total),
            most: Some(total),
            proof: Proof::Same,
        });
    }
    None
}

/// A schedule that ends in this total, put together without a search; `None` if the program is
/// not of the load-store kind, or the total is out of its reach.
pub fn to_total(system: &System, total: u64) -> Option<Schedule> {
    let counting = Counting::of(system)?;
    counting.to(system, total.checked_sub(counting.start)?)
}

fn by_census(system: &System) -> Option<Worst> {
    let limits = Limits {
        states: SEARCH,
        ..Limits::default()
    };
    let options = Options {
        limits,
        ..Options::default()
    };
    let census = census(system, &options).ok()?;
    if census.verdict != Verdict::Exhausted {
        return None;
    }
    let total = census.totals().next();
    let outcome = match total {
        Some(total) => census.total(total),
        None => census.outcomes.first(),
    };
    Some(Worst {
        schedule: outcome?.witness.clone()?,
        total,
        most: None,
        proof: Proof::Census,
    })
}

fn attempt(system: &System, source: impl Source) -> Option<(Schedule, Ending)> {
    let mut plan = Plan::new(system, source, Completion::Serial);
    let schedule = plan.collect_schedule(SEGMENTS).ok()??;
    let ending = plan.machine().ending()?;
    Some((schedule, ending))
}

fn by_trial(system: &System) -> Worst {
    let sources: [Box<dyn Source>; 5] = [
        Box::new(Serial),
        Box::new(Lockstep::default()),
        Box::new(Random::new(1)),
        Box::new(Random::new(2)),
        Box::new(Random::new(3)),
    ];
    let mut best: Option<(Schedule, Option<u64>)> = None;
    for source in sources {
        let Some((schedule, ending)) = attempt(system, source) else {
            continue;
        };
        let total = match ending {
            Ending::Total(total) => Some(total),
            Ending::Deadlock(_) => None,
        };
        // A total is better than none, and a smaller one better still.
        let rank = |total: Option<u64>| (total.is_none(), total);
        if best
            .as_ref()
            .is_none_or(|(_, old)| rank(total) < rank(*old))
        {
            best = Some((schedule, total));
        }
    }
    let (schedule, total) = best.unwrap_or_default();
    Worst {
        schedule,
        total,
        most: None,
        proof: Proof::Tried,
    }
}

/// A system whose threads are all of the load-store kind, on one variable.
struct Counting {
    patterns: Vec<Pattern>,
    /// For each thread its pattern.
    threads: Vec<usize>,
    /// What the variable starts with.
    start: u64,
}

impl Counting {
    fn of(system: &System) -> Option<Self> {
        let &[counter] = system.total_variables() else {
            return None;
        };
        let threads: Vec<usize> = (0..system.threads())
            .map(|thread| system.program_index(thread))
            .collect();
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
        self.pattern(thread).increments.len() as u64
    }

    /// Whether every increment of every thread is under one and the same lock.
    fn is_guarded(&self) -> bool {
        let common = |mask, pattern: &Pattern| mask & pattern.guarded_by;
        self.patterns.iter().fold(u64::MAX, common) != 0
    }

    /// The smallest total above the start that no schedule can fall below.
    ///
    /// The last store of all adds one to what its thread loaded. If that thread stored before,
    /// it loaded at least one. So one is possible only for a thread with a single increment,
    /// while somebody else moves too.
    fn smallest(&self) -> Option<u64> {
        let counts = (0..self.threads.len()).map(|thread| self.increments(thread));
        let counting: Vec<u64> = counts.filter(|&count| count > 0).collect();
        match counting.as_slice() {
            [] => Some(0),
            [alone] => Some(*alone),
            several => several.iter().min().map(|&least| least.min(2)),
        }
    }

    /// The greatest total above the start: each store adds one to what its thread loaded.
    fn greatest(&self) -> u64 {
        (0..self.threads.len()).map(|t| self.increments(t)).sum()
    }

    /// Steps before the increment with this index, or all steps if there is none.
    fn before(&self, thread: usize, increment: u64) -> u64 {
        let pattern = self.pattern(thread);
        let index = usize::try_from(increment).unwrap_or(usize::MAX);
        pattern
            .increments
            .get(index)
            .map_or(pattern.steps, |&(before, _)| before)
    }

    /// Steps until the middle of the increment with this index.
    fn within(&self, thread: usize, increment: u64) -> u64 {
        let pattern = self.pattern(thread);
        let index = usize::try_from(increment).unwrap_or(usize::MAX);
        pattern
            .increments
            .get(index)
            .map_or(pattern.steps, |&(_, within)| within)
    }

    /// A schedule that adds exactly `total`, checked on the machine.
    fn to(&self, system: &System, total: u64) -> Option<Schedule> {
        let mut script = Script::new(self);
        let threads = || 0..self.threads.len();
        let counting: Vec<usize> = threads().filter(|&t| self.increments(t) > 0).collect();
        match *counting.as_slice() {
            [] | [_] => {}
            [first, second, ..] => {
                // With a single increment on one side, it may be the very last store.
                let single = counting.iter().find(|&&t| self.increments(t) == 1);
                if let (1, Some(&thread)) = (total, single) {
                    script.until(thread, self.within(thread, 0));
                    threads()
                        .filter(|&t| t != thread)
                        .for_each(|t| script.finish(t));
                    script.finish(thread);
                } else {
                    self.overwrite(&mut script, &counting, (first, second), total)?;
                }
            }
        }
        threads().for_each(|thread| script.finish(thread));
        let schedule = script.schedule;
        let expected = Ending::Total(total.wrapping_add(self.start));
        let ending = replay(system, &schedule, Completion::Strict).ok()?;
        (ending == expected).then_some(schedule)
    }

    /// Counts honestly up to two below `total`, then loses all but two of the rest.
    fn overwrite(
        &self,
        script: &mut Script<'_>,
        counting: &[usize],
        (a, b): (usize, usize),
        total: u64,
    ) -> Option<()> {
        let mut honest = total.checked_sub(2)?;
        let mut take = |most: u64| {
            let taken = honest.min(most);
            honest -= taken;
            taken
        };
        let others = || counting.iter().copied().filter(|&t| t != a && t != b);
        for thread in others() {
            let taken = take(self.increments(thread));
            if taken > 0 {
                script.until(thread, self.before(thread, taken));
            }
        }
        let done_by_a = take(self.increments(a) - 1);
        let done_by_b = take(self.increments(b) - 1);
        if honest > 0 {
            return None;
        }
        if done_by_a > 0 {
            script.until(a, self.before(a, done_by_a));
        }
        if done_by_b > 0 {
            script.until(b, self.before(b, done_by_b));
        }
        let last_of_b = self.increments(b) - 1;
        script.until(a, self.within(a, done_by_a));
        others().for_each(|thread| script.finish(thread));
        script.until(b, self.before(b, last_of_b));
        script.until(a, self.before(a, done_by_a + 1));
        script.until(b, self.within(b, last_of_b));
        script.finish(a);
        script.finish(b);
        Some(())
    }
}

/// A schedule being put together from how far each thread is to go.
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

    /// Lets a thread go on until it has taken so many steps in all.
    fn until(&mut self, thread: usize, steps: u64) {
        let done = &mut self.done[thread];
        let whole = steps == self.counting.pattern(thread).steps;
        if steps > *done {
            let more = if whole {
                Steps::ToEnd
            } else {
                Steps::Count(steps - *done)
            };
            self.schedule.push(thread, more);
            *done = steps;
        }
    }

    fn finish(&mut self, thread: usize) {
        self.until(thread, self.counting.pattern(thread).steps);
    }
}

/// Whether no thread can see what another does, so that every schedule ends alike: each variable
/// is touched by one thread only, or only ever added to, by constants, without a look at it.
fn is_indivisible(system: &System) -> bool {
    let threads = 0..system.threads();
    let private = |variable: Var| {
        let touches = |thread: &usize| {
            let mut code = system.program(*thread).code().iter();
            code.any(|instruction| instruction.variable() == Some(variable))
        };
        threads.clone().filter(touches).count() <= 1
    };
    system.programs().iter().all(|program| {
        program.code().iter().enumerate().all(|(at, instruction)| {
            let Some(variable) = instruction.variable() else {
                // Locks could block for ever; that is for the census to find out.
                return instruction.lock().is_none();
            };
            let blind = match *instruction {
                Instruction::FetchAdd { old, by, .. } => {
                    let live = program.live_at(at + 1);
                    matches!(by, Operand::Const(_)) && live >> old.index() & 1 == 0
                }
                _ => false,
            };
            blind || private(variable)
        })
    }) && system
        .programs()
        .iter()
        .all(crate::model::language::program::Program::certainly_ends)
}
