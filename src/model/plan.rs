//! Executes a schedule on the machine, segment by segment, to tell in advance what it will do.

use super::error::PlanError;
use super::label::Label;
use super::machine::{Ending, Machine, Status, Step};
use super::schedule::token::{Schedule, Segment, Steps};
use super::system::System;

/// What a [`Scheduler`] asks for next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Forced {
    /// These steps; it is an error if they can't be executed.
    Exactly(Segment),
    /// The steps of this thread until it is done or blocked.
    AsFarAsPossible(usize),
}

/// A scheduler: a list of segments, or a rule that looks at the machine.
pub trait Scheduler {
    /// Returns what comes next; `None` at the end.
    fn next(&mut self, machine: &Machine<'_>) -> Option<Forced>;
}

impl Scheduler for std::slice::Iter<'_, Segment> {
    fn next(&mut self, _: &Machine<'_>) -> Option<Forced> {
        Iterator::next(self).copied().map(Forced::Exactly)
    }
}

impl Scheduler for std::vec::IntoIter<Segment> {
    fn next(&mut self, _: &Machine<'_>) -> Option<Forced> {
        Iterator::next(self).map(Forced::Exactly)
    }
}

impl<S: Scheduler + ?Sized> Scheduler for Box<S> {
    fn next(&mut self, machine: &Machine<'_>) -> Option<Forced> {
        (**self).next(machine)
    }
}

/// What to do when the segments end before the threads do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Completion {
    /// Run the rest serially: always the first thread that can move, as far as it can.
    #[default]
    Serial,
    /// Treat it as an error.
    Strict,
}

/// Steps of one thread that are known to be possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Move {
    /// The thread's index.
    pub thread: usize,
    /// The number of its steps; at least one.
    pub steps: u64,
    /// Whether the schedule had ended and this move completes it.
    pub completing: bool,
}

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
    last: Option<usize>,
}

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
                Ok(Some(thread)) => (Forced::AsFarAsPossible(thread), true),
                end => {
                    self.over = true;
                    return end.err().map(Err);
                }
            }
        };
        self.number += 1;
        let done = self.take(forced, observer);
        self.over = done.is_err();
        Some(done.map(|(thread, steps)| {
            if self.last.is_some_and(|last| last != thread) {
                self.switches += 1;
            }
            self.last = Some(thread);
            if completing {
                self.completed += steps;
            }
            Move {
                thread,
                steps,
                completing,
            }
        }))
    }

    /// Returns the thread that continues after the end of the segments, if one can.
    fn rest(&self) -> Result<Option<usize>, PlanError> {
        let machine = &self.machine;
        let ready = machine.ready_threads().next();
        if ready.is_none() || self.completion == Completion::Serial {
            return Ok(ready);
        }
        let unfinished: Vec<String> = (0..machine.system().threads())
            .filter(|&thread| machine.status(thread) != Status::Done)
            .map(|thread| Label(thread).to_string())
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
        observer: &mut dyn FnMut(&Step, &Machine<'s>),
    ) -> Result<(usize, u64), PlanError> {
        let (segment, may_block) = match forced {
            Forced::Exactly(segment) => (segment, false),
            Forced::AsFarAsPossible(thread) => {
                let steps = Steps::ToEnd;
                (Segment { thread, steps }, true)
            }
        };
        let thread = segment.thread;
        let (most, may_end) = match segment.steps {
            Steps::Count(count) => (count, false),
            Steps::ToEnd => (u64::MAX, true),
        };
        let label = Label(thread);
        let last = self.machine.system().threads() - 1;
        let mut after = 0;
        let problem = loop {
            if after == most {
                return Ok((thread, after));
            }
            match self.machine.step(thread) {
                Ok(step) => {
                    after += 1;
                    self.steps += 1;
                    observer(&step, &self.machine);
                }
                Err(status) => {
                    let is_end = may_block || may_end && status == Status::Done;
                    if is_end && after > 0 {
                        return Ok((thread, after));
                    }
                    break match (status, after) {
                        _ if thread > last && last == 0 => "the only thread is A".to_owned(),
                        _ if thread > last => format!("the threads are A to {}", Label(last)),
                        (Status::Blocked(wait), _) => {
                            let wait = self.machine.describe(wait);
                            let when = format!(" after {after} of these steps");
                            let when = if after == 0 { "" } else { &when };
                            format!("{label} is blocked{when}: it waits for {wait}")
                        }
                        (_, 0) => format!("{label} is already done"),
                        _ => {
                            format!("{label} is done after {after} of these steps; write {label}-")
                        }
                    };
                }
            }
        };
        let number = self.number;
        Err(PlanError(format!(
            "segment {number} ('{segment}'): {problem}"
        )))
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
        // No thread can move when the moves run out without an error; the current total is only for
        // a plan that is used again after its error.
        let ending = self.machine.ending();
        Ok(ending.unwrap_or_else(|| Ending::Total(self.machine.total())))
    }

    /// Collects the remaining moves as a schedule; `None` if it has more than `at_most` segments.
    ///
    /// # Errors
    /// The first segment that can't be executed.
    pub fn collect_schedule(&mut self, at_most: usize) -> Result<Option<Schedule>, PlanError> {
        let mut schedule = Schedule::new();
        while let Some(moved) = self.next_move(&mut |_, _| {}) {
            let moved = moved?;
            schedule.push(moved.thread, Steps::Count(moved.steps));
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
        self.next_move(&mut |_, _| {})
    }
}

impl Schedule {
    /// Replaces the count of the last segment of each thread that is done in `end`, the machine
    /// after the schedule, by `-`.
    #[must_use]
    pub fn closed(self, end: &Machine<'_>) -> Self {
        let mut closed = vec![false; end.system().threads()];
        let mut segments: Vec<Segment> = self.segments().to_vec();
        for segment in segments.iter_mut().rev() {
            let Some(seen) = closed.get_mut(segment.thread) else {
                continue;
            };
            if !*seen && end.status(segment.thread) == Status::Done {
                segment.steps = Steps::ToEnd;
            }
            *seen = true;
        }
        segments.into_iter().collect()
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
    ScheduleRun::new(system, schedule.segments().iter(), completion).finish(&mut |_, _| {})
}
