//! The schedule with the smallest total, for any size, and why it is the smallest.

use super::counting::Counting;
use super::named::{Lockstep, Random, Serial};
use super::token::Schedule;
use crate::model::buffer::MemoryModel;
use crate::model::census::outcome::{Census, Verdict};
use crate::model::census::sweep::{Options, census};
use crate::model::language::element::{Operand, Var};
use crate::model::language::instruction::Instruction;
use crate::model::language::program::Program;
use crate::model::plan::ScheduleRun;
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
