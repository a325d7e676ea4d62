//! What the player of a page needs: the schedules of a system as states, and what can still come of
//! each state of a small system.
//!
//! A page holds it as a JSON block of its own, `miscount.player/1`. It is compact: what states have in
//! common is kept once and referred to by its place in a list.

mod data;
mod schedule;
mod states;
mod tables;
#[cfg(test)]
mod tests;

pub use data::{
    EventAccess, EventRecord, LockView, PlayedEnd, PlayedSchedule, PlayedStep, PlayerGoal,
    PlayerProgram, PlayerRecord, SharedView, StateRow, StateTable, StateWord, ThreadView,
    ThreadViews,
};
pub use states::TooManyStates;

use tables::Tables;

use super::explained::label;
use crate::error::Error;
use crate::model::{Machine, PlanError, Scheduler, System};
use crate::plan::Subject;

/// The most values of a state that is shown: of variables, locks and registers.
const MOST_VALUES: usize = 512;

/// The most threads.
const MOST_THREADS: usize = 64;

/// The values of all states of all schedules together: some 100 KiB of a page. An entry has its own numbers
/// beside the values of its state.
const ENTRIES: usize = 30_000;
const FIXED: usize = 10;

/// The fewest and the most entries of a schedule.
const LEAST_ENTRIES: usize = 60;
const MOST_ENTRIES: usize = 600;

/// Makes the record of a player: schedule by schedule.
#[derive(Debug)]
pub struct PlayerBuilder<'s> {
    subject: &'s Subject,
    system: &'s System,
    tables: Tables<'s>,
    /// The most entries of a schedule.
    entries: usize,
    record: PlayerRecord,
}

impl<'s> PlayerBuilder<'s> {
    /// Creates a player of a subject, which has this system. The more schedules it is for, and the larger the states,
    /// the fewer steps of each are shown one by one.
    ///
    /// # Errors
    /// [`Error::Usage`] if a state of the system is too large to be shown.
    pub fn new(subject: &'s Subject, system: &'s System, schedules: usize) -> Result<Self, Error> {
        let registers = |thread| system.program(thread).registers().len();
        let values = system.variables().len() + system.locks().len();
        let values = values + (0..system.threads()).map(registers).sum::<usize>();
        if system.threads() > MOST_THREADS || values > MOST_VALUES {
            let problem = "the states of this system are too large to be played in a page";
            return Err(Error::Usage(problem.into()));
        }
        let mut tables = Tables::new(subject, system);
        let start = tables.state(&Machine::new(system));
        let race = subject.race();
        let record = PlayerRecord {
            command: subject.arguments(),
            memory: system.memory().name(),
            programs: (0..system.programs().len())
                .map(|index| {
                    let mut threads = 0..system.threads();
                    let thread = threads.find(|&thread| system.program_index(thread) == index);
                    let source = race.map(|race| &race.source);
                    PlayerProgram::new(system, thread.unwrap_or_default(), source)
                })
                .collect(),
            threads: (0..system.threads()).map(label).collect(),
            actors: system.actors().map(|actor| actor.to_string()).collect(),
            runs: (0..system.threads())
                .map(|thread| system.program_index(thread))
                .collect(),
            variables: system.variables().to_vec(),
            locks: system.locks().to_vec(),
            queues: system.queues().to_vec(),
            expected: subject.expected,
            start,
            shared: Vec::new(),
            views: Vec::new(),
            events: Vec::new(),
            ends: Vec::new(),
            schedules: Vec::new(),
            states: None,
        };
        Ok(Self {
            subject,
            system,
            tables,
            entries: (ENTRIES / (schedules.max(1) * (values + FIXED)))
                .clamp(LEAST_ENTRIES, MOST_ENTRIES),
            record,
        })
    }

    /// Adds a schedule, under a caption. `source` gives its segments anew whenever it is called.
    ///
    /// Returns false if the schedule is too long to be played.
    ///
    /// # Errors
    /// The first segment that can't be executed.
    pub fn schedule<S: Scheduler>(
        &mut self,
        caption: String,
        token: String,
        source: impl Fn() -> S,
    ) -> Result<bool, PlanError> {
        let played = schedule::played(self.system, &mut self.tables, self.entries, source)?;
        let Some((end, steps)) = played else {
            return Ok(false);
        };
        let schedule = PlayedSchedule {
            caption,
            token,
            end,
            steps,
        };
        self.record.schedules.push(schedule);
        Ok(true)
    }

    /// Adds the table of all states, and the goal of the subject, if there are few enough for a page that has so
    /// many players.
    ///
    /// # Errors
    /// [`TooManyStates`] if there are not.
    pub fn states(&mut self, players: usize) -> Result<(), TooManyStates> {
        let states = states::table(self.subject, self.system, &mut self.tables, players)?;
        self.record.states = Some(states);
        Ok(())
    }

    /// Returns the record.
    pub fn finish(self) -> PlayerRecord {
        let tables = self.tables;
        PlayerRecord {
            shared: tables.shared.items,
            views: tables.views.items,
            events: tables.events.items,
            ends: tables.ends,
            ..self.record
        }
    }
}
