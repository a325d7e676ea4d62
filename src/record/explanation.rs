//! The record of a strategy explained: `miscount.explanation/1`.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::data::Record;
use super::interleaving::{Happening, interleaving};
use crate::error::Error;
use crate::model::{Census, End, Story, System, Worst};
use crate::strategy::{Shape, Strategy};

/// A strategy explained.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename = "Explanation")]
pub struct ExplanationRecord {
    /// Names the format and its version.
    pub schema: &'static str,
    /// The strategy's name.
    pub strategy: &'static str,
    /// The flags by which the strategy differs from its default.
    pub flags: String,
    /// What it does, in a line.
    pub summary: &'static str,
    /// What to look at when it runs.
    pub look_at: &'static str,
    /// Whether every run of it must end with the expected total.
    pub correct: bool,
    /// Why it is right, or how it loses updates.
    pub why: &'static str,
    /// What kind of race it has; null where it has none.
    pub race: Option<Marked>,
    /// Its code in essence, in Rust.
    pub code: &'static str,
    /// Where the program differs from that code, or what one cannot see from it; null where there
    /// is nothing to add.
    pub note: Option<Marked>,
    /// The same as instructions of the model; null where there is no program.
    pub listing: Option<Listing>,
    /// Why there is no program; null where there is one.
    pub not_modelled: Option<String>,
    /// A schedule that loses updates, step by step; null where there is none.
    pub breaking: Option<Breaking>,
    /// How the schedules of a small size end, all counted; null where there is no program.
    pub counted: Option<Counted>,
    /// What it costs, in words.
    pub costs: Marked,
    /// What the same thing is called in other languages.
    pub elsewhere: ElsewhereRecord,
    /// What to type to see for oneself.
    pub commands: Vec<CommandRecord>,
}

/// What the model has found out about a strategy.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its program.
    pub listing: Listing,
    /// A schedule that loses updates, if there is one.
    pub breaking: Option<Breaking>,
    /// How all schedules of a small size end.
    pub counted: Counted,
}

/// A program of the model.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Listing {
    /// The increments that it is the program of.
    pub increments: u64,
    /// How many different programs the threads of the strategy have; this is the first.
    pub programs: usize,
    /// Its instructions.
    pub instructions: Vec<InstructionRecord>,
}

/// An instruction of the model.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct InstructionRecord {
    /// Its place in the program, from 0, which jumps refer to.
    pub at: usize,
    /// The instruction.
    pub instruction: String,
    /// Whether it touches what threads share, and so is a step that others can come before.
    pub step: bool,
}

/// A schedule that loses updates.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Breaking {
    /// N, the threads that count.
    pub threads: usize,
    /// M, the increments of each thread.
    pub increments: u64,
    /// N x M.
    pub expected: u64,
    /// The total it ends with; null for a deadlock.
    pub total: Option<u64>,
    /// The schedule as a token.
    pub schedule: String,
    /// Its steps.
    pub interleaving: Vec<Happening>,
}

/// How all schedules end.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Counted {
    /// N, the threads that count.
    pub threads: usize,
    /// M, the increments of each thread.
    pub increments: u64,
    /// N x M.
    pub expected: u64,
    /// How many schedules there are, an integer of any size.
    pub schedules: String,
    /// How they end: totals in rising order, then deadlocks.
    pub outcomes: Vec<CountedOutcome>,
}

/// All schedules that end alike.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CountedOutcome {
    /// The total; null for a deadlock.
    pub total: Option<u64>,
    /// How many schedules, an integer of any size.
    pub schedules: String,
}

/// What a strategy is called in other languages.
#[derive(Clone, Debug, Serialize, JsonSchema)]
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

/// Something to type.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CommandRecord {
    /// What it shows.
    pub purpose: &'static str,
    /// The command.
    pub command: String,
}

/// Words in which code stands between backticks for the pages; as data they go without these.
#[derive(Clone, Copy, Debug, JsonSchema)]
#[schemars(inline)]
pub struct Marked(pub &'static str);

impl Serialize for Marked {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0.replace('`', ""))
    }
}

/// A line of JSON lines; there is only one.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ExplanationLine<'a> {
    /// The whole record.
    Explanation(&'a ExplanationRecord),
}

impl ExplanationRecord {
    /// The schema's name.
    pub const SCHEMA: &'static str = "miscount.explanation/1";

    /// What there is to say of a strategy; `found` by the model, unless it has no program. It is
    /// `traceable` where `trace` can record it.
    pub fn new(strategy: &dyn Strategy, found: Result<Found, Error>, traceable: bool) -> Self {
        let (kind, words) = (strategy.kind(), strategy.words());
        let (found, not_modelled) = match found {
            Ok(found) => (Some(found), None),
            Err(reason) => (None, Some(reason.to_string())),
        };
        Self {
            schema: Self::SCHEMA,
            strategy: kind.name,
            flags: strategy.flags(),
            summary: words.summary,
            look_at: words.look_at,
            correct: strategy.is_correct(),
            why: strategy.why(),
            race: words.race.map(Marked),
            code: words.code,
            note: words.note.map(Marked),
            commands: commands(strategy, found.as_ref(), traceable),
            not_modelled,
            listing: found.as_ref().map(|found| found.listing.clone()),
            breaking: found.as_ref().and_then(|found| found.breaking.clone()),
            counted: found.map(|found| found.counted),
            costs: Marked(words.costs),
            elsewhere: ElsewhereRecord {
                go: Marked(words.elsewhere.go),
                java: Marked(words.elsewhere.java),
                cpp: Marked(words.elsewhere.cpp),
                python: Marked(words.elsewhere.python),
            },
        }
    }
}

/// The strategy's name with its flags, as one would type it.
pub fn typed(name: &str, flags: &str) -> String {
    format!("{name} {flags}").trim_end().into()
}

fn commands(strategy: &dyn Strategy, found: Option<&Found>, traceable: bool) -> Vec<CommandRecord> {
    let kind = strategy.kind();
    let name = typed(kind.name, &strategy.flags());
    let mut commands = Vec::new();
    let mut add = |purpose, command| commands.push(CommandRecord { purpose, command });
    add("count on real threads", format!("miscount {name}"));
    if traceable && !strategy.is_correct() {
        let command = format!("miscount trace {name} -t 2 -i 50");
        add("who overwrote whom in a real run", command);
    }
    if let Some(found) = found {
        let Counted {
            threads,
            increments,
            ..
        } = found.counted;
        let shape = format!("-t {threads} -i {increments}");
        let command = format!("miscount explore {name} {shape}");
        add("every schedule, counted", command);
        if let Some(breaking) = &found.breaking {
            let Breaking {
                threads,
                increments,
                schedule,
                ..
            } = breaking;
            let command = format!(
                "miscount replay {name} -t {threads} -i {increments} --schedule {schedule} --steps"
            );
            add("this interleaving, forced on real threads", command);
        } else {
            let command = format!("miscount replay {name} {shape} --schedule serial --steps");
            add("its steps, on real threads", command);
        }
    }
    let command = format!("miscount compare {} {name}", kind.beside);
    add("what it costs on this machine", command);
    commands
}

impl Listing {
    /// The program of the first thread.
    pub fn new(shape: Shape, system: &System) -> Self {
        let code = system.program(0).code();
        Self {
            increments: shape.increments(),
            programs: system.programs().len(),
            instructions: (0..)
                .zip(code)
                .map(|(at, instruction)| InstructionRecord {
                    at,
                    instruction: system.text(0, at).unwrap_or_default(),
                    step: instruction.is_visible(),
                })
                .collect(),
        }
    }
}

impl Breaking {
    /// The schedule and its story.
    pub fn new(shape: Shape, worst: &Worst, story: &Story) -> Self {
        Self {
            threads: shape.threads(),
            increments: shape.increments(),
            expected: shape.expected(),
            total: worst.total,
            schedule: worst.schedule.to_string(),
            interleaving: interleaving(story),
        }
    }
}

impl Counted {
    /// What a census that came to its end has counted.
    pub fn new(shape: Shape, census: &Census) -> Self {
        let outcomes = census.outcomes.iter().map(|outcome| CountedOutcome {
            total: match outcome.end {
                End::Total(total) => Some(total),
                End::Deadlock(_) => None,
            },
            schedules: outcome.schedules.to_string(),
        });
        Self {
            threads: shape.threads(),
            increments: shape.increments(),
            expected: shape.expected(),
            schedules: census.schedules.to_string(),
            outcomes: outcomes.collect(),
        }
    }
}

impl Record for ExplanationRecord {
    type Line<'a> = ExplanationLine<'a>;

    fn columns(&self) -> &'static [&'static str] {
        &[
            "strategy",
            "flags",
            "correct",
            "summary",
            "why",
            "costs",
            "elsewhere.go",
            "elsewhere.java",
            "elsewhere.cpp",
            "elsewhere.python",
        ]
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        std::iter::empty()
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(ExplanationLine::Explanation(self))
    }
}
