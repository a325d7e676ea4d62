//! The page that explains a race program.

use super::document::{Block, Document, Section};
use super::map::{see_for_yourself, strong};
use super::player::of_program;
use super::race_census::{findings, table};
use super::sentences::{label_among, thread_names, token_legend};
use super::text::Text;
use crate::record::{BreakingRun, CensusVerdict, EndKind, ExplainedProgram, LineRecord};
use crate::term::Tone;

/// Returns the page of a race program.
pub fn program(record: &ExplainedProgram) -> Document<'_> {
    let mut sections = Vec::new();
    let story = paragraphs(&record.story);
    if !story.is_empty() {
        sections.push(Section::untitled(story));
    }
    sections.push(Section::new(
        strong("Its lines and their steps"),
        source(record),
    ));
    let mut ends = Vec::new();
    if !record.census.outcomes.is_empty() {
        ends.push(Block::Table(table(&record.census)));
    }
    if record.census.verdict == CensusVerdict::Truncated {
        let words = "Too many schedules to count them all: other outcomes may exist.";
        ends.push(Block::words(words));
    }
    ends.extend(findings(&record.census));
    sections.push(Section::new(strong("How the schedules end"), ends));
    let breaking = record.breaking.as_ref();
    sections.extend(breaking.map(|breaking| interleaving(breaking, record)));
    sections.extend(of_program(breaking, &record.census));
    let mut lesson = paragraphs(&record.lesson);
    if !record.source.is_empty() {
        let source = format!("Source: {}.", record.source.trim_end_matches('.'));
        lesson.push(Block::Words(Text::toned(Tone::Faint, source)));
    }
    if !lesson.is_empty() {
        sections.push(Section::new(strong("The lesson"), lesson));
    }
    if !record.commands.is_empty() {
        sections.push(see_for_yourself(record.commands.clone()));
    }
    let name = record.subject.to_string();
    let title = match &*record.title {
        "" => strong(name),
        title => strong(name).and(format!(": {title}")),
    };
    Document::new(title, sections)
}

fn paragraphs(text: &str) -> Vec<Block<'_>> {
    let all = text.lines().filter(|paragraph| !paragraph.is_empty());
    all.map(Block::words).collect()
}

/// Returns the lines, each with its steps below it.
fn source(record: &ExplainedProgram) -> Vec<Block<'static>> {
    let width = record
        .lines
        .last()
        .map_or(1, |line| line.line.to_string().len());
    let lines = record.lines.iter().map(|line| line_with_steps(line, width));
    let mut blocks = vec![Block::Code(
        "text",
        lines.collect::<String>().trim_end().into(),
    )];
    let mut words = "▸ marks a step; other threads can run between any two.".to_string();
    if record.lines.iter().any(|line| line.steps.len() > 1) {
        words += " The first thread's steps are shown.";
    }
    let names = thread_names(&record.census.subject);
    if !names.is_empty() {
        words += &format!(" Threads: {names}.");
    }
    blocks.push(Block::words(words));
    blocks
}

fn line_with_steps(line: &LineRecord, width: usize) -> String {
    let mut text = format!("{:>width$}  {}", line.line, line.text);
    text.truncate(text.trim_end().len());
    text.push('\n');
    if let Some(first) = line.steps.first() {
        let code = line.text.trim_start();
        let indent = width + 2 + (line.text.len() - code.len());
        text += &" ".repeat(indent);
        if line.steps.len() > 1 {
            let thread = first.threads.first().map_or("", String::as_str);
            text += &format!("{thread}: ");
        }
        let steps = first.steps.iter().map(|step| format!("▸ {step}"));
        text += &steps.collect::<Vec<_>>().join("  ");
        text.push('\n');
    }
    text
}

fn interleaving<'a>(breaking: &'a BreakingRun, record: &ExplainedProgram) -> Section<'a> {
    let all = record.census.outcomes.iter().map(|outcome| &outcome.end);
    let end = label_among(&breaking.end, all);
    let ends = match breaking.end.kind {
        EndKind::Finished => format!("ends with {end}"),
        EndKind::Deadlock if end == "deadlock" => "ends in a deadlock".into(),
        EndKind::Deadlock => format!("ends in {end}"),
        EndKind::Assertion | EndKind::Fault | EndKind::Livelock => format!("ends early: {end}"),
    };
    let words = format!(
        "Schedule `{}` {ends}. {}",
        breaking.schedule,
        token_legend(&breaking.schedule)
    );
    let words = Block::words(Text::marked(&words));
    let waiting = breaking.end.deadlock.as_deref().unwrap_or_default();
    let steps = Block::Steps(&breaking.interleaving, record.threads, waiting);
    Section::new(strong("The interleaving that breaks it"), [words, steps])
}
