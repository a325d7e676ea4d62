//! Short explanations of a topic.

use super::document::{Block, Document, Section};
use super::map::strong;
use crate::record::TermsRecord;

/// Returns the explanations as a page.
pub fn terms(record: &TermsRecord) -> Document<'_> {
    let sections = record.entries.iter().map(|entry| {
        let commands = entry.commands.to_vec();
        let commands = (!commands.is_empty()).then_some(Block::Commands(commands));
        let commands = commands.map(|commands| Block::Advice(vec![commands]));
        let blocks = [Block::words(&entry.meaning)].into_iter().chain(commands);
        Section::new(strong(&*entry.name), blocks.collect::<Vec<_>>())
    });
    Document::new(strong(&*record.title), sections.collect())
}
