//! What the pages of a subject have in common: its title, and deadlocks in sentences.

use super::counting::title;
use super::numbers::grouped;
use super::text::Text;
use crate::record::{SubjectRecord, WaitingRecord};
use crate::term::Tone;

/// Returns a title: the name, words that follow it, the size, and what else there is to say.
pub(super) fn subject_title(subject: &SubjectRecord, behind: &str, more: &[String]) -> Text {
    let name = Text::toned(Tone::Strong, subject.name.to_string());
    title(name.and(behind), subject.threads, subject.increments, more)
}

/// Returns which threads wait for what in a deadlock, and which threads hold it.
pub(super) fn waits(deadlock: &[WaitingRecord]) -> String {
    let wait = |waiting: &WaitingRecord| {
        let now = match (waiting.held_by.as_slice(), waiting.value) {
            ([], None) => String::new(),
            ([], Some(value)) => format!(" (it is {})", grouped(value)),
            (holders, _) => format!(", held by {}", holders.join(", ")),
        };
        format!("{} waits for {}{now}", waiting.thread, waiting.waits_for)
    };
    let waits: Vec<String> = deadlock.iter().map(wait).collect();
    waits.join("; ")
}
