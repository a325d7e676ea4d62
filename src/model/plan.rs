//! Executes a schedule on the machine, segment by segment, to tell in advance what it will do.

use super::actor::Actor;
use super::circle::Circle;
use super::error::PlanError;
use super::language::program::Program;
use super::machine::{Ending, Machine, Status, Step};
use super::refusal::refusal;
use super::schedule::token::{Schedule, Segment, Steps};
use super::scheduler::{Completion, Forced, Move, Scheduler};
use super::system::System;

/// An observer of steps, called with each and the machine after it.
pub type OnStep<'o, 's> = dyn FnMut(&Step, &Machine<'s>) + 'o;

/// An iterator over the moves of a schedule, each executed on the machine before it is returned.
///
/// It ends after the first error. Nothing is collected, so schedules of millions of segments cost
/// no memory.
#[derive(Debug)]
pub struct ScheduleRun<'s, S> {
    machine: Machine<'s>,
    /// `None` once it has ended.
    source: Option<S>,
    completion: Completion,
    /// The number of the current segment.
    number: u64,
    over: bool,
    steps: u64,
    switches: u64,
    completed: u64,
    last: Option<Actor>,
    /// The threads that went round when each was last let run as far as possible, if nothing has
    /// changed since.
    spinning: Vec<Actor>,
    /// Moves that are left in a system whose schedules may have no end.
    patience: u64,
    /// Where the moves were, while the next one follows from that alone.
    circle: Option<Circle<'s, (Actor, Vec<Actor>)>>,
}

/// The most moves of a schedule that may have no end.
const PATIENCE: u64 = 1 << 20;

/// The steps of a stretch in which a thread is watched for going round.
const WATCHED: u64 = 1 << 16;

impl<'s, S: Scheduler> ScheduleRun<'s, S> {
    /// Creates a plan from the initial state of the system.
    pub fn new(system: &'s System, source: S, completion: Completion) -> Self {
        Self {
            machine: Machine::new(system),
            source: Some(source),
            completion,
            number: 0,
            over: false,
            steps: 0,
            switches: 0,
            completed: 0,
            last: None,
            spinning: Vec::new(),
            patience: if system.programs().iter().all(Program::certainly_ends) {
                u64::MAX
            } else {
                PATIENCE
            },
            circle: None,
        }
    }

    /// Returns the machine after the moves so far.
    pub fn machine(&self) -> &Machine<'s> {
        &self.machine
    }

    /// Returns the number of steps so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Returns the number of switches between threads so far.
    pub fn switches(&self) -> u64 {
        self.switches
    }

    /// Returns the number of steps after the end of the schedule; 0 if it ended with the threads.
    pub fn completed_steps(&self) -> u64 {
        self.completed
    }

    /// Returns the next move; `observer` is called with each of its steps and the machine after it.
    ///
    /// # Errors
    /// The segment that can't be executed. Its steps before the error have been taken and observed.
    pub fn next_move(
        &mut self,
        observer: &mut dyn FnMut(&Step, &Machine<'s>),
    ) -> Option<Result<Move, PlanError>> {
        self.observed_move(Some(observer))
    }

    /// Returns the next move. Without an observer, the machine takes the rounds of a loop at once.
    fn observed_move(
        &mut self,
        observer: Option<&mut OnStep<'_, 's>>,
    ) -> Option<Result<Move, PlanError>> {
        if self.over {
            return None;
        }
        let source = self.source.as_mut();
        let asked = source.and_then(|source| source.next(&self.machine));
        let (forced, completing) = if let Some(forced) = asked {
            (forced, false)
        } else {
            self.source = None;
            match self.rest() {
                Ok(Some(actor)) => (Forced::AsFarAsPossible(actor), true),
                end => {
                    self.over = true;
                    return end.err().map(Err);
                }
            }
        };
        self.number += 1;
        let forced = self.spared(forced);
        let done = forced.and_then(|forced| self.take(forced, observer));
        self.over = done.is_err();
        Some(done.map(|(actor, steps)| {
            if self.last.is_some_and(|last| last != actor) {
                self.switches += 1;
            }
            self.last = Some(actor);
            if completing {
                self.completed = self.completed.saturating_add(steps);
            }
            Move {
                actor,
                steps,
                completing,
            }
        }))
    }

    /// Returns another thread in place of one that would only go round, if one is ready.
    fn spared(&self, forced: Forced) -> Result<Forced, PlanError> {
        match forced {
            Forced::AsFarAsPossible(actor) if self.spinning.contains(&actor) => {
                let mut ready = self.machine.ready();
                let other = ready.find(|actor| !self.spinning.contains(actor));
                other.map(Forced::AsFarAsPossible).ok_or_else(|| {
                    let spinning = self.spinning.iter().map(Actor::to_string);
                    let spinning = spinning.collect::<Vec<_>>().join(" and ");
                    PlanError(format!(
                        "there is no end: {spinning} go round for ever: a livelock, unless more steps lead out"
                    ))
                })
            }
            forced => Ok(forced),
        }
    }

    /// Returns the actor that continues after the end of the segments, if one can.
    fn rest(&self) -> Result<Option<Actor>, PlanError> {
        let machine = &self.machine;
        let ready = machine.ready().next();
        if ready.is_none() || self.completion == Completion::Serial {
            return Ok(ready);
        }
        let actors = machine.system().actors();
        let unfinished: Vec<String> = actors
            .filter(|&actor| machine.actor_status(actor) != Status::Done)
            .map(|actor| actor.to_string())
            .collect();
        let named = unfinished[..unfinished.len().min(4)].join(", ");
        let verb = match unfinished.len() {
            1 => " is",
            2..=4 => " are",
            _ => ", ... are",
        };
        let first = &unfinished[0];
        Err(PlanError(format!(
            "the schedule ends before {named}{verb} done; add {first}-"
        )))
    }

    fn take(
        &mut self,
        forced: Forced,
        observer: Option<&mut OnStep<'_, 's>>,
    ) -> Result<(Actor, u64), PlanError> {
        let (segment, may_block) = match forced {
            Forced::Exactly(segment) => (segment, false),
            Forced::AsFarAsPossible(actor) => {
                let steps = Steps::ToEnd;
                (Segment { actor, steps }, true)
            }
        };
        let actor = segment.actor;
        let (most, may_end) = match segment.steps {
            Steps::Count(count) => (count, false),
            Steps::ToEnd => (u64::MAX, true),
        };
        let can_spin = self.patience != u64::MAX;
        let start = (can_spin && may_end).then(|| self.machine.clone());
        let mut observer = observer;
        let (mut after, mut end, mut spins) = (0, None, false);
        if start.is_some() {
            (after, end, spins) = self.watch(actor, most.min(WATCHED), &mut observer);
        }
        if end.is_none() && !spins && after < most {
            let (more, why) = match observer {
                Some(observer) => self.observe(actor, most - after, observer),
                None => self.machine.advance(actor, most - after),
            };
            (after, end) = (after.saturating_add(more), why);
        }
        self.steps = self.steps.saturating_add(after);
        if can_spin {
            self.patience -= 1;
            if start.is_none_or(|start| start != self.machine) {
                self.spinning.clear();
            }
            if spins && may_block {
                self.spinning.push(actor);
            }
            if self.is_back(actor) {
                let why = "there is no end: the threads go round for ever: a livelock, unless another \
                           schedule leads out";
                return Err(PlanError(why.to_owned()));
            }
            if spins && may_block {
                return Ok((actor, after));
            }
            if spins || after == u64::MAX {
                let number = self.number;
                return Err(PlanError(format!(
                    "segment {number} ('{segment}'): {actor} goes round for ever; write how many steps \
                     it takes"
                )));
            }
            if end.is_none() && self.patience == 0 {
                return Err(PlanError(format!(
                    "there is no end in {PATIENCE} moves: the threads go round"
                )));
            }
        }
        let Some(status) = end else {
            return Ok((actor, after));
        };
        let is_end = may_block || may_end && status == Status::Done;
        if is_end && after > 0 {
            return Ok((actor, after));
        }
        let problem = refusal(&self.machine, actor, status, after);
        let number = self.number;
        Err(PlanError(format!(
            "segment {number} ('{segment}'): {problem}"
        )))
    }

    /// Returns whether everything is as it was after an earlier move of the same actor, and the next
    /// move follows from that alone.
    fn is_back(&mut self, actor: Actor) -> bool {
        let source = self.source.as_ref();
        if !source.is_none_or(Scheduler::is_memoryless) {
            return false;
        }
        let place = (actor, self.spinning.clone());
        let now = &self.machine;
        match &mut self.circle {
            Some(circle) => circle.closes(now, &place),
            circle => {
                *circle = Some(Circle::new(now, &place));
                false
            }
        }
    }

    /// Lets a thread take steps, at most this many, and shows each to the observer. Returns how many
    /// it took, and its status if it could take no more.
    fn observe(
        &mut self,
        actor: Actor,
        most: u64,
        observer: &mut dyn FnMut(&Step, &Machine<'s>),
    ) -> (u64, Option<Status>) {
        for taken in 0..most {
            match self.machine.step(actor) {
                Ok(step) => observer(&step, &self.machine),
                Err(status) => return (taken, Some(status)),
            }
        }
        (most, None)
    }

    /// Does the same with a thread that may spin, until it is where it was before. Returns also whether
    /// it is.
    fn watch(
        &mut self,
        actor: Actor,
        most: u64,
        observer: &mut Option<&mut OnStep<'_, 's>>,
    ) -> (u64, Option<Status>, bool) {
        let mut circle = Circle::new(&self.machine, &());
        for taken in 0..most {
            match self.machine.step(actor) {
                Ok(step) => {
                    if let Some(observer) = observer {
                        observer(&step, &self.machine);
                    }
                }
                Err(status) => return (taken, Some(status), false),
            }
            if circle.closes(&self.machine, &()) {
                return (taken + 1, None, true);
            }
        }
        (most, None, false)
    }

    /// Takes all the remaining moves. Returns how they end.
    ///
    /// # Errors
    /// The first segment that can't be executed.
    pub fn finish(
        &mut self,
        observer: &mut dyn FnMut(&Step, &Machine<'s>),
    ) -> Result<Ending, PlanError> {
        while let Some(moved) = self.next_move(observer) {
            moved?;
        }
        Ok(self.ending())
    }

    /// Takes all the remaining moves unobserved. Returns how they end.
    ///
    /// # Errors
    /// The first segment that can't be executed.
    pub fn end(&mut self) -> Result<Ending, PlanError> {
        self.try_for_each(|moved| moved.map(|_| ()))?;
        Ok(self.ending())
    }

    fn ending(&self) -> Ending {
        // No thread can move when the moves run out without an error; the current total is only for
        // a plan that is used again after its error.
        let ending = self.machine.ending();
        ending.unwrap_or_else(|| Ending::Total(self.machine.total()))
    }

    /// Collects the remaining moves as a schedule; `None` if it has more than `at_most` segments.
    ///
    /// # Errors
    /// The first segment that can't be executed.
    pub fn collect_schedule(&mut self, at_most: usize) -> Result<Option<Schedule>, PlanError> {
        let mut schedule = Schedule::new();
        for moved in &mut *self {
            let moved = moved?;
            schedule.push(moved.actor, Steps::Count(moved.steps));
            if schedule.segments().len() > at_most {
                return Ok(None);
            }
        }
        Ok(Some(schedule.closed(&self.machine)))
    }
}

impl<S: Scheduler> Iterator for ScheduleRun<'_, S> {
    type Item = Result<Move, PlanError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.observed_move(None)
    }
}

/// Executes a schedule from the initial state of the system. Returns how it ends.
///
/// # Errors
/// The first segment that can't be executed.
pub fn replay(
    system: &System,
    schedule: &Schedule,
    completion: Completion,
) -> Result<Ending, PlanError> {
    ScheduleRun::new(system, schedule.segments().iter(), completion).end()
}
