//! The record of a strategy or a race program explained: `miscount.explanation/1`.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::data::Record;
use super::explained::label;
use super::interleaving::{Happening, interleaving};
use super::schema::Versioned;
use super::subject::{SubjectName, SubjectRecord};
use crate::error::Error;
use crate::model::{Census, Schedule, Story, System};
use crate::plan::Subject;
use crate::strategy::Strategy;

/// A strategy or a race program explained.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ExplanationRecord {
    /// Its name.
    #[serde(flatten)]
    pub subject: SubjectName,
    /// What it does, in a line.
    pub summary: Cow<'static, str>,
    /// The story and the question of a race program; left out for a strategy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub story: Option<Cow<'static, str>>,
    /// What to look at when it runs; null for a race program.
    pub look_at: Option<Cow<'static, str>>,
    /// Whether every run of it must end with the correct total; null for a race program.
    pub correct: Option<bool>,
    /// Why it is right or wrong.
    pub why: Cow<'static, str>,
    /// What kind of race it has; null if it has none.
    pub race: Option<Marked>,
    /// Its code in essence, in Rust; null for a race program.
    pub code: Option<Cow<'static, str>>,
    /// How the program differs from this code, or what the code does not show; null if there is
    /// nothing to add.
    pub note: Option<Marked>,
    /// The same as instructions of the model; null if there is no program.
    pub listing: Option<Listing>,
    /// Why there is no program; null if there is one.
    pub not_modelled: Option<String>,
    /// A schedule that ends wrongly, step by step; null if there is none.
    pub breaking: Option<Breaking>,
    /// How the schedules of a small size end, all counted; null if there is no program.
    pub counted: Option<Counted>,
    /// What it costs, in words; null for a race program.
    pub costs: Option<Marked>,
    /// What the same thing is called in other languages; null for a race program.
    pub elsewhere: Option<ElsewhereRecord>,
    /// The commands that show it.
    pub commands: Vec<CommandRecord>,
}

/// The result of the model for a subject.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its program.
    pub listing: Listing,
    /// A schedule that ends wrongly, if there is one.
    pub breaking: Option<Breaking>,
    /// How all schedules of a small size end.
    pub counted: Counted,
}

/// A program of the model.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Listing {
    /// The increments that it is the program of; null for a race program.
    pub increments: Option<u64>,
    /// The number of different programs of the threads; this is the first.
    pub programs: usize,
    /// Its instructions.
    pub instructions: Vec<InstructionRecord>,
    /// The other programs; left out for a strategy, whose programs are alike but for a variable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<ProgramRecord>,
}

/// A further program of the model.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ProgramRecord {
    /// The first thread that runs it.
    pub thread: String,
    /// Its instructions.
    pub instructions: Vec<InstructionRecord>,
}

/// An instruction of the model.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct InstructionRecord {
    /// Its place in the program, from 0, which jumps refer to.
    pub at: usize,
    /// The instruction.
    pub instruction: String,
    /// Whether it accesses shared state, and so is a step that other threads can precede.
    pub step: bool,
}

/// A schedule that ends wrongly.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Breaking {
    /// N, the number of threads.
    pub threads: usize,
    /// M, the increments of each thread; null for a race program.
    pub increments: Option<u64>,
    /// The correct total; null for a race program.
    pub expected: Option<u64>,
    /// The arguments that name the subject at this size.
    #[serde(skip)]
    pub(super) arguments: String,
    /// The total it ends with; null for a deadlock.
    pub total: Option<u64>,
    /// The schedule as a token.
    pub schedule: String,
    /// Its steps.
    pub interleaving: Vec<Happening>,
}

/// How all schedules end.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Counted {
    /// N, the number of threads.
    pub threads: usize,
    /// M, the increments of each thread; null for a race program.
    pub increments: Option<u64>,
    /// The correct total; null for a race program.
    pub expected: Option<u64>,
    /// How many schedules there are, an integer of any size.
    pub schedules: String,
    /// How they end: totals in rising order, then deadlocks.
    pub outcomes: Vec<CountedOutcome>,
}

/// All schedules that end alike.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CountedOutcome {
    /// The total; null for a deadlock.
    pub total: Option<u64>,
    /// How many schedules, an integer of any size.
    pub schedules: String,
}

/// What a strategy is called in other languages.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ElsewhereRecord {
    /// In Go.
    pub go: Marked,
    /// In Java.
    pub java: Marked,
    /// In C++.
    pub cpp: Marked,
    /// In Python.
    pub python: Marked,
}

/// A command to type.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CommandRecord {
    /// The purpose of the command.
    pub purpose: Cow<'static, str>,
    /// The command.
    pub command: Cow<'static, str>,
}

impl CommandRecord {
    pub(super) const fn new(purpose: &'static str, command: &'static str) -> Self {
        Self {
            purpose: Cow::Borrowed(purpose),
            command: Cow::Borrowed(command),
        }
    }
}

/// Words with code between backticks, as in Markdown.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Marked(pub Cow<'static, str>);

impl Marked {
    pub(super) const fn new(words: &'static str) -> Self {
        Self(Cow::Borrowed(words))
    }
}

/// A line of JSON lines; there is only one.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ExplanationLine<'a> {
    /// The whole record.
    Explanation(Versioned<&'a ExplanationRecord>),
}

impl ExplanationRecord {
    /// Returns the explanation of a subject, with the result of the model unless it has no program.
    /// A subject that is a strategy has more words, and is `traceable` if `trace` can record it.
    pub fn new(
        subject: &Subject,
        strategy: Option<&dyn Strategy>,
        found: Result<Found, Error>,
        traceable: bool,
    ) -> Self {
        let words = strategy.map(Strategy::words);
        let (found, not_modelled) = match found {
            Ok(found) => (Some(found), None),
            Err(reason) => (None, Some(reason.to_string())),
        };
        let never_wrong = || found.as_ref().is_some_and(|found| found.breaking.is_none());
        Self {
            subject: SubjectName::new(subject),
            summary: subject.words.title.clone(),
            story: words.is_none().then(|| subject.words.story.clone()),
            look_at: words.map(|words| words.look_at.into()),
            correct: match strategy {
                Some(strategy) => Some(strategy.is_correct()),
                None => subject.expected.map(|_| never_wrong()),
            },
            why: subject.words.why.clone(),
            race: words.and_then(|words| words.race).map(Marked::new),
            code: words.map(|words| words.code.into()),
            note: words.and_then(|words| words.note).map(Marked::new),
            commands: commands(subject, strategy, found.as_ref(), traceable),
            not_modelled,
            listing: found.as_ref().map(|found| found.listing.clone()),
            breaking: found.as_ref().and_then(|found| found.breaking.clone()),
            counted: found.map(|found| found.counted),
            costs: words.map(|words| Marked::new(words.costs)),
            elsewhere: words.map(|words| ElsewhereRecord {
                go: Marked::new(words.elsewhere.go),
                java: Marked::new(words.elsewhere.java),
                cpp: Marked::new(words.elsewhere.cpp),
                python: Marked::new(words.elsewhere.python),
            }),
        }
    }
}

fn commands(
    subject: &Subject,
    strategy: Option<&dyn Strategy>,
    found: Option<&Found>,
    traceable: bool,
) -> Vec<CommandRecord> {
    let mut commands = Vec::new();
    let mut add = |purpose, command: String| {
        let command = command.into();
        commands.push(CommandRecord { purpose, command });
    };
    match strategy {
        Some(_) => add(
            "count on real threads".into(),
            format!("miscount {subject}"),
        ),
        None => add("play it".into(), format!("miscount step {subject}")),
    }
    if traceable && strategy.is_some_and(|strategy| !strategy.is_correct()) {
        let command = format!("miscount trace {subject} -t 2 -i 50");
        add("trace a real run".into(), command);
    }
    if let Some(found) = found {
        let arguments = subject.arguments();
        let command = format!("miscount explore {arguments}");
        add("every schedule, counted".into(), command);
        let (purpose, arguments, schedule) = match &found.breaking {
            Some(wrong) => {
                let purpose = "force this interleaving";
                (purpose, &wrong.arguments, &*wrong.schedule)
            }
            None => ("its steps, on real threads", &arguments, "serial"),
        };
        let command = format!("miscount replay {arguments} --schedule {schedule} --steps");
        add(purpose.into(), command);
    }
    if let Some(strategy) = strategy {
        let command = format!("miscount compare {} {subject}", strategy.kind().beside);
        add("its cost on this machine".into(), command);
    }
    commands
}

impl Listing {
    /// Returns the program of the first thread, and the others unless all threads have the same
    /// number of increments to make.
    pub fn new(increments: Option<u64>, system: &System) -> Self {
        let first = |program| {
            let mut threads = 0..system.threads();
            threads.find(|&thread| system.program_index(thread) == program)
        };
        let others = (1..system.programs().len()).filter_map(first);
        let others = others.map(|thread| ProgramRecord {
            thread: label(thread),
            instructions: instructions(system, thread),
        });
        Self {
            increments,
            programs: system.programs().len(),
            instructions: instructions(system, 0),
            others: match increments {
                Some(_) => Vec::new(),
                None => others.collect(),
            },
        }
    }
}

fn instructions(system: &System, thread: usize) -> Vec<InstructionRecord> {
    let code = (0..).zip(system.program(thread).code());
    code.map(|(at, instruction)| InstructionRecord {
        at,
        instruction: system.text(thread, at).unwrap_or_default(),
        step: instruction.is_visible(),
    })
    .collect()
}

impl Breaking {
    /// Returns a schedule that ends with this total, or in a deadlock, and its story.
    pub fn new(
        subject: &SubjectRecord,
        total: Option<u64>,
        schedule: &Schedule,
        story: &Story,
    ) -> Self {
        Self {
            threads: subject.threads,
            increments: subject.increments,
            expected: subject.expected,
            arguments: subject.arguments(),
            total,
            schedule: schedule.to_string(),
            interleaving: interleaving(story),
        }
    }
}

impl Counted {
    /// Returns the counts of a complete census.
    pub fn new(subject: &SubjectRecord, census: &Census) -> Self {
        let outcomes = census.outcomes.iter().map(|outcome| CountedOutcome {
            total: outcome.end.total(),
            schedules: outcome.schedules.to_string(),
        });
        Self {
            threads: subject.threads,
            increments: subject.increments,
            expected: subject.expected,
            schedules: census.schedules.to_string(),
            outcomes: outcomes.collect(),
        }
    }
}

impl Record for ExplanationRecord {
    type Line<'a> = ExplanationLine<'a>;

    fn columns(&self) -> &'static str {
        match self.subject.strategy {
            Some(_) => {
                "strategy,flags,correct,summary,why,costs,elsewhere.go,elsewhere.java,\
                 elsewhere.cpp,elsewhere.python"
            }
            None => "program,correct,summary,story,why",
        }
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        std::iter::empty()
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(ExplanationLine::Explanation(Versioned::new(self)))
    }
}
