//! The map of all strategies, and of the terms that they show.

use super::document::{Block, Document, Section};
use super::text::Text;
use crate::record::{CommandRecord, MapRecord, PlaceRecord};
use crate::term::Tone;

/// Returns the map as a page.
pub fn map(record: &MapRecord) -> Document<'_> {
    let headings = vec!["strategy", "total", "what it does, and what to notice"];
    let strategies = record.strategies.iter().map(place).collect();
    let entries = Block::Entries(headings, strategies);
    let mut sections = vec![Section::untitled([entries])];
    sections.extend(record.concepts.iter().map(|concept| {
        let commands = Block::Advice(vec![Block::Commands(concept.commands.to_vec())]);
        let meaning = Block::words(&concept.meaning);
        Section::new(strong(&*concept.name), [meaning, commands])
    }));
    let together = [Block::words(&record.together)];
    sections.push(Section::new(strong("The terms"), together));
    let more = CommandRecord::new("one strategy in full", "miscount explain unsynced");
    sections.push(see_for_yourself(vec![more]));
    Document::new(strong("Ways to count"), sections)
}

/// Returns the entry of a strategy.
fn place(place: &PlaceRecord) -> Vec<Text> {
    let verdict = if place.correct {
        Text::toned(Tone::Good, "right")
    } else {
        Text::toned(Tone::Lost, "wrong")
    };
    vec![
        Text::toned(Tone::Name, place.strategy.to_string()),
        verdict,
        format!("{}.", place.summary).into(),
    ]
}

/// Returns a heading.
pub(super) fn strong(words: impl Into<String>) -> Text {
    Text::toned(Tone::Strong, words)
}

/// Returns the section of commands at the end of a page.
pub(super) fn see_for_yourself(commands: Vec<CommandRecord>) -> Section<'static> {
    let commands = Block::Advice(vec![Block::Commands(commands)]);
    Section::new(strong("Try it"), [commands])
}
