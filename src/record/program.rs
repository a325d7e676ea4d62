//! The record of a race program explained: `miscount.program/1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use super::census::{CensusRecord, CensusWhole, OutcomeRecord};
use super::data::Record;
use super::end::{EndKind, EndRecord};
use super::explanation::CommandRecord;
use super::interleaving::{Happening, interleaving};
use super::schema::Versioned;
use super::subject::SubjectName;
use crate::language::ast::Item;
use crate::language::{Race, Texts, in_gallery, parse};
use crate::model::{Label, Story};

/// A race program explained.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ExplainedProgram {
    /// Its name.
    #[serde(flatten)]
    pub subject: SubjectName,
    /// Its title; empty if the program gives none, like the texts that follow.
    pub title: String,
    /// What it is listed under.
    pub theme: String,
    /// What the threads are about to do.
    pub story: String,
    /// What is learned from it.
    pub lesson: String,
    /// Where the race comes from.
    pub source: String,
    /// The number of its threads.
    pub threads: usize,
    /// Its lines with their steps, without those of the texts above.
    pub lines: Vec<LineRecord>,
    /// How its schedules end.
    #[serde(serialize_with = "whole")]
    #[schemars(with = "CensusWhole")]
    pub census: CensusRecord,
    /// A schedule that ends wrongly, step by step; null if none is known.
    pub breaking: Option<BreakingRun>,
    /// The program of the gallery that is its repaired form; null if there is none.
    pub repaired: Option<String>,
    /// The commands that show it.
    pub commands: Vec<CommandRecord>,
}

/// A line of a race program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LineRecord {
    /// Its number, from 1.
    pub line: usize,
    /// Its text.
    pub text: String,
    /// The steps that it becomes: once for threads for which they are the same.
    pub steps: Vec<LineSteps>,
}

/// The steps that a line becomes for some threads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LineSteps {
    /// The threads.
    pub threads: Vec<String>,
    /// The steps, in the order of the program.
    pub steps: Vec<String>,
}

/// A schedule that ends wrongly.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct BreakingRun {
    /// How it ends.
    pub end: EndRecord,
    /// The schedule as a token.
    pub schedule: String,
    /// Its steps.
    pub interleaving: Vec<Happening>,
}

/// A line of JSON lines; there is only one.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ProgramLine<'a> {
    /// The whole record.
    Program(Versioned<&'a ExplainedProgram>),
}

fn whole<S: Serializer>(census: &CensusRecord, to: S) -> Result<S::Ok, S::Error> {
    let whole = CensusWhole {
        record: census,
        outcomes: &census.outcomes,
    };
    whole.serialize(to)
}

impl ExplainedProgram {
    /// Returns the explanation of a race program, with its census and the story of the schedule that
    /// [`CensusRecord::breaking`] names.
    pub fn new(race: &Race, census: CensusRecord, story: Option<&Story>) -> Self {
        let subject = census.subject.name.clone();
        let wrong = census.breaking();
        let breaking = wrong.zip(story).map(|(outcome, story)| BreakingRun {
            end: outcome.end.clone(),
            schedule: outcome.witness.clone().unwrap_or_default(),
            interleaving: interleaving(story),
        });
        let name = subject.program.as_deref().unwrap_or_default();
        let repaired = in_gallery(&format!("{name}-fixed")).map(|fixed| fixed.name.to_owned());
        let Texts {
            title,
            theme,
            story,
            lesson,
            source,
        } = race.program.texts.clone();
        Self {
            title,
            theme,
            story,
            lesson,
            source,
            threads: race.system.threads(),
            lines: lines(race),
            commands: commands(&subject, breaking.as_ref(), repaired.as_deref()),
            subject,
            census,
            breaking,
            repaired,
        }
    }
}

impl CensusRecord {
    /// Returns the wrong outcome that is shown step by step: one that the program claims to be possible, else that
    /// with the shortest witness.
    pub fn breaking(&self) -> Option<&OutcomeRecord> {
        // Threads that go round for ever are told by the circle.
        let shown = |outcome: &&OutcomeRecord| outcome.end.kind != EndKind::Livelock;
        let wrong = || {
            self.wrong()
                .filter(shown)
                .filter(|one| one.witness.is_some())
        };
        let claims = self.claims.iter();
        let mut claimed = claims.map(|claim| wrong().find(|one| one.witness == claim.witness));
        let claimed = claimed.find_map(|outcome| outcome);
        claimed.or_else(|| wrong().min_by_key(|one| one.witness.as_ref().map(String::len)))
    }
}

fn commands(
    subject: &SubjectName,
    breaking: Option<&BreakingRun>,
    repaired: Option<&str>,
) -> Vec<CommandRecord> {
    let name = subject.program.as_deref().unwrap_or_default();
    let mut commands = Vec::new();
    let mut add = |purpose, command: String| commands.push(CommandRecord::new(purpose, command));
    // Standard input cannot be read again.
    if name != "-" {
        add("choose every step", format!("miscount step {subject}"));
        add(
            "every outcome, counted",
            format!("miscount explore {subject}"),
        );
        add(
            "how often real threads end each way",
            format!("miscount run {subject}"),
        );
        let (purpose, schedule) = match breaking {
            Some(wrong) => ("force this interleaving", &*wrong.schedule),
            None => ("its steps, on real threads", "serial"),
        };
        let command = format!("miscount replay {subject} --schedule {schedule} --steps");
        add(purpose, command);
    }
    if let Some(repaired) = repaired {
        add("the repaired form", format!("miscount explain {repaired}"));
    } else if let Some(broken) = name.strip_suffix("-fixed").and_then(in_gallery) {
        add(
            "the broken form",
            format!("miscount explain {}", broken.name),
        );
    }
    if in_gallery(name).is_some() {
        add(
            "its source, to change",
            format!("miscount programs {name} > my.race"),
        );
    }
    commands
}

/// Returns the lines of a program with their steps. The texts, which are told elsewhere, are left
/// out with the comments above them, and so are empty lines at the beginning and the end.
fn lines(race: &Race) -> Vec<LineRecord> {
    let source = &race.source;
    let mut is_text = vec![false; source.text().lines().count() + 1];
    for item in parse(source).into_iter().flat_map(|program| program.items) {
        if matches!(item.value, Item::Topic(..)) {
            let first = source.line_number(item.span);
            let text = source.text().get(item.span.range()).unwrap_or_default();
            let last = first + text.lines().count().saturating_sub(1);
            for line in is_text.iter_mut().take(last + 1).skip(first) {
                *line = true;
            }
        }
    }
    let kept = (1..is_text.len()).filter(|&line| !is_text[line]);
    let record = |line| LineRecord {
        line,
        text: source.line(line).trim_end().to_owned(),
        steps: steps(race, line),
    };
    let mut lines: Vec<_> = kept.map(record).collect();
    let is_blank = |line: &LineRecord| line.text.is_empty();
    let first_text = is_text.iter().position(|&is_text| is_text).unwrap_or(0);
    let is_comment = |line: &LineRecord| line.text.starts_with(['#', '/']);
    let begin = lines
        .iter()
        .take_while(|line| is_blank(line) || line.line < first_text && is_comment(line));
    let begin = begin.count();
    lines.drain(..begin);
    let end = lines.iter().rev().take_while(|line| is_blank(line)).count();
    lines.truncate(lines.len() - end);
    lines
}

/// Returns the steps that a line becomes.
fn steps(race: &Race, line: usize) -> Vec<LineSteps> {
    let mut told: Vec<LineSteps> = Vec::new();
    for thread in 0..race.system.threads() {
        let program = race.system.program(thread);
        let here = (0..).zip(program.code()).filter(|(at, instruction)| {
            let of_line = program.line(*at).is_some_and(|of| of as usize == line);
            of_line && instruction.is_visible()
        });
        let here = here.filter_map(|(at, _)| race.system.brief(thread, at));
        let steps: Vec<_> = here.collect();
        let label = Label(thread).to_string();
        match told.iter_mut().find(|known| known.steps == steps) {
            Some(known) => known.threads.push(label),
            None if steps.is_empty() => {}
            None => told.push(LineSteps {
                threads: vec![label],
                steps,
            }),
        }
    }
    told
}

impl Record for ExplainedProgram {
    type Line<'a> = ProgramLine<'a>;

    fn columns(&self) -> &'static str {
        "program,flags,threads,title,theme,story,lesson,source,repaired"
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        std::iter::empty()
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(ProgramLine::Program(Versioned::new(self)))
    }
}
