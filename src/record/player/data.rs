//! The record of a player: `miscount.player/1`.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use serde::Serialize;

use crate::language::SourceFile;
use crate::model::{Instruction, System};
use crate::record::EndKind;
use crate::record::schema::{HasSchema, Versioned};

/// Everything that is needed to play schedules of a system in a page.
#[derive(Clone, Debug, Serialize)]
pub struct PlayerRecord {
    /// The arguments that name the system: `unsynced -t 2 -i 5`.
    pub command: String,
    /// The memory model.
    pub memory: &'static str,
    /// The different programs of the threads.
    pub programs: Vec<PlayerProgram>,
    /// The labels of the threads.
    pub threads: Vec<String>,
    /// The labels of what can move: the threads, then under tso their store buffers.
    pub actors: Vec<String>,
    /// For each thread, the index of its program.
    pub runs: Vec<usize>,
    /// The names of the shared variables.
    pub variables: Vec<String>,
    /// The names of the locks.
    pub locks: Vec<String>,
    /// The names of the condition variables and barriers.
    pub queues: Vec<String>,
    /// The correct total; null if there is none.
    pub expected: Option<u64>,
    /// The state before the first step.
    pub start: StateWord,
    /// The states of what threads share.
    pub shared: Vec<SharedView>,
    /// The states of single threads.
    pub views: Vec<ThreadView>,
    /// What single steps do.
    pub events: Vec<EventRecord>,
    /// How schedules end.
    pub ends: Vec<PlayedEnd>,
    /// The schedules.
    pub schedules: Vec<PlayedSchedule>,
    /// All states of the system; null if there are too many, or if they are not asked for.
    pub states: Option<StateTable>,
}

/// A program that threads run.
#[derive(Clone, Debug, Serialize)]
pub struct PlayerProgram {
    /// The names of its registers.
    pub registers: Vec<String>,
    /// Its instructions.
    pub code: Vec<String>,
    /// Its lines: of the source, or its instructions where there is none.
    pub listing: Vec<ListedLine>,
    /// For each instruction its place in `listing`; null for one without a line.
    pub here: Vec<Option<usize>>,
}

/// A line of a program: its number, its code, the comment behind that, and whether it is a step; an instruction that
/// is none rides with the step before.
#[derive(Clone, Debug, Serialize)]
pub struct ListedLine(pub u32, pub String, pub String, pub bool);

/// A state: the place of what threads share in `shared`, then that of each thread in `views`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct StateWord(pub Vec<u32>);

/// What threads share: the values of the variables, the locks, and the numbers of threads in the
/// condition variables and barriers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct SharedView(pub Vec<i64>, pub Vec<LockView>, pub Vec<u32>);

/// A lock: `free`, `held`, `read`, or the number of permits that a semaphore has left; and the indices of
/// the threads that hold it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct LockView(pub Cow<'static, str>, pub Vec<usize>);

/// A thread: the index of its next instruction, null if it is done; `ready`, `blocked`, `done`, `failed`
/// or `ended`; what it waits for, as `lock`, `variable`, `queue` or `buffer` and an index; the same in words; the
/// values of its registers, null for those that no longer matter; and its stores that have not reached
/// memory, each the index of a variable and a value, null without store buffers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct ThreadView(
    pub Option<usize>,
    pub &'static str,
    pub Option<(&'static str, usize)>,
    pub Option<String>,
    pub Vec<Option<i64>>,
    pub Option<Vec<(usize, i64)>>,
);

/// A thread that has changed: its index, and its place in `views`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ThreadViews(pub usize, pub u32);

/// What a step does: its instruction; the value that it reads or writes; how it accesses a variable; and
/// the index of the variable.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct EventRecord(
    pub String,
    pub Option<i64>,
    pub EventAccess,
    pub Option<usize>,
);

/// How a step accesses a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EventAccess {
    /// Not at all.
    None,
    /// It reads.
    Read,
    /// It writes a constant.
    Set,
    /// It writes without reading.
    Write,
    /// It reads and writes indivisibly.
    Update,
}

/// How a schedule ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlayedEnd {
    /// `finished`, `deadlock`, `assertion`, `fault` or `livelock`.
    pub kind: EndKind,
    /// In a few words: `x = 1, y = -2`, or the total.
    pub text: String,
    /// Whether it is correct; null if that is not said anywhere.
    pub correct: Option<bool>,
    /// Whether it is what the goal asks for.
    pub goal: bool,
}

/// A schedule with its steps.
#[derive(Clone, Debug, Serialize)]
pub struct PlayedSchedule {
    /// What it shows.
    pub caption: String,
    /// The schedule as a token, or its name.
    pub token: String,
    /// The place of its end in `ends`.
    pub end: usize,
    /// Its steps.
    pub steps: Vec<PlayedStep>,
}

/// A step, or several at once: the index of what moved in `actors`, null for several; the number of steps;
/// for a single step its place in `events`; the number of updates of other threads that it overwrites;
/// the place of what threads share in `shared`; and the threads that have changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlayedStep(
    pub Option<usize>,
    pub u64,
    pub Option<u32>,
    pub u64,
    pub u32,
    pub Vec<ThreadViews>,
);

/// All states of a system, and what can still come of each.
#[derive(Clone, Debug, Serialize)]
pub struct StateTable {
    /// What is to be reached; null if there is no goal.
    pub goal: Option<PlayerGoal>,
    /// Ends that can still come, each as its place in `ends`, its chance in ten-thousandths if each step
    /// goes to a thread drawn evenly among those that can move, and the number of schedules, null if it
    /// is not known exactly.
    pub chances: Vec<Vec<(usize, u64, Option<u64>)>>,
    /// The states; the first is the start.
    pub states: Vec<StateRow>,
}

/// A state, its place in `chances`, and for each of `actors` the state after its step and the place of
/// the step in `events`; -1 if it cannot move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StateRow(pub StateWord, pub u32, pub Vec<i64>);

/// What is to be reached.
#[derive(Clone, Debug, Serialize)]
pub struct PlayerGoal {
    /// In words: `end with 2`.
    pub text: String,
    /// The fewest switches between threads with which it can be reached; null if it can't.
    pub par: Option<u64>,
    /// What is learned from it.
    pub lesson: String,
}

impl HasSchema for PlayerRecord {
    const SCHEMA: &'static str = "miscount.player/1";
}

impl PlayerRecord {
    /// Returns the record with the name of its format.
    pub fn versioned(&self) -> Versioned<&Self> {
        Versioned::new(self)
    }
}

impl PlayerProgram {
    /// Returns the program of a thread; that of a race program has this source.
    pub(super) fn new(system: &System, thread: usize, source: Option<&SourceFile>) -> Self {
        let program = system.program(thread);
        let places = 0..program.code().len();
        let text = |at| system.brief(thread, at).unwrap_or_default();
        let code: Vec<_> = places.clone().map(text).collect();
        let lines = places.clone().map(|at| program.line(at));
        let lines: Vec<_> = lines.map(|line| Some(line? as usize)).collect();
        let known = lines.iter().flatten();
        let ends = known.clone().min().zip(known.max());
        let (listing, here) = if let Some((source, (&first, &last))) = source.zip(ends) {
            let place = |line: &Option<usize>| Some((*line)? - first);
            let here = lines.iter().map(place).collect();
            (listing(source, first..=last), here)
        } else {
            let steps = program.code().iter().map(Instruction::is_visible);
            let lines = (0..).zip(&code).zip(steps);
            let line = |((at, code), step): ((u32, &String), bool)| {
                ListedLine(at, code.clone(), String::new(), step)
            };
            (lines.map(line).collect(), places.map(Some).collect())
        };
        Self {
            registers: program.registers().to_vec(),
            code,
            listing,
            here,
        }
    }
}

/// Returns lines of a source, without the indentation that they have in common.
fn listing(source: &SourceFile, lines: RangeInclusive<usize>) -> Vec<ListedLine> {
    let texts = lines.clone().map(|line| source.line(line).trim_end());
    let indents = texts.clone().filter(|text| !text.is_empty());
    let indent = indents
        .map(|text| text.len() - text.trim_start().len())
        .min();
    let listed = |(number, text): (usize, &str)| {
        let text = text.get(indent.unwrap_or(0)..).unwrap_or_default();
        let comment = text.find('#').or_else(|| text.find("//"));
        let (code, comment) = text.split_at(comment.unwrap_or(text.len()));
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        ListedLine(number, code.trim_end().into(), comment.into(), true)
    };
    lines.zip(texts).map(listed).collect()
}
