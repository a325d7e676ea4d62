//! The whole lesson as one document: what a course hands round.

use super::chapter::Chapter;
use super::chapters::ALL;
use super::records::Records;
use super::verdict::verdict;
use crate::page::{Block, Document, Section, Text, tour_score};
use crate::record::{AnyRecord, CommandRecord, TourRecord, Visited};
use crate::term::Tone;

/// Returns the chapters that were visited: the text and the question of each, and folded away its
/// experiments with their reports, the answer and the reasons. `report` makes the report of a record.
pub fn lesson<'a>(
    tour: &'a TourRecord,
    report: &dyn Fn(&'a AnyRecord) -> Document<'a>,
) -> Document<'a> {
    let mut made = Vec::new();
    let mut report = |record| {
        let mut report = report(record).without_advice();
        // The machine is the same for all, and the command stands above its report.
        let here = std::mem::take(&mut report.made);
        if made.is_empty() {
            made = here
                .into_iter()
                .filter(|(name, _)| *name != "command")
                .collect();
        }
        report
    };
    let chapters = tour.visited().iter().zip(1..);
    let chapters = chapters.map(|(visited, number)| chapter(visited, number, &mut report));
    let mut sections: Vec<_> = chapters.collect();
    sections.push(Section::untitled(tour_score(tour)));
    let lead = Block::words(
        "Read, predict, then look: each answer was measured on the machine that wrote this page, and is \
         folded away until you have made up your mind.",
    );
    Document {
        lead: vec![lead],
        made,
        ..Document::new("Race conditions, step by step", sections)
    }
}

fn chapter<'a>(
    visited: &'a Visited,
    number: usize,
    report: &mut dyn FnMut(&'a AnyRecord) -> Document<'a>,
) -> Section<'a> {
    let heading = format!("{number}. {}", visited.title);
    let known = ALL.iter().find(|chapter| chapter.name == visited.chapter);
    let text = known.map_or(&[][..], |chapter| chapter.text);
    let mut blocks: Vec<_> = text
        .iter()
        .map(|paragraph| Block::words(*paragraph))
        .collect();
    blocks.push(Block::words(Text::toned(Tone::Strong, &*visited.question)));
    let options = visited.options.iter().flatten().zip(1..);
    blocks.extend(options.map(|(option, number)| Block::words(format!("{number}) {option}"))));
    let mut answer = Vec::new();
    for (command, record) in visited.experiments.iter().zip(&visited.records) {
        answer.push(Block::command("Measured with", command.as_str()));
        answer.push(Block::Reports(vec![report(record)]));
    }
    answer.extend(
        known
            .into_iter()
            .flat_map(|chapter| explained(chapter, visited)),
    );
    blocks.push(Block::Folded("What do you think?".into(), answer));
    Section::new(heading, blocks)
}

/// Returns the answer of a chapter, the reasons, and commands to go on with.
fn explained(chapter: &Chapter, visited: &Visited) -> Vec<Block<'static>> {
    let question = &chapter.question;
    let (prediction, answer) = (visited.prediction, visited.answer);
    let mut blocks = verdict(question, prediction, answer, visited.points);
    if answer.is_none() {
        return blocks;
    }
    let records = Records(visited.records.clone());
    let why = (chapter.why)(&records).unwrap_or_default();
    blocks.extend(why.into_iter().map(Block::words));
    let further = chapter
        .further
        .iter()
        .map(|command| CommandRecord::new("see for yourself", format!("miscount {command}")));
    blocks.push(Block::Commands(further.collect()));
    blocks
}
