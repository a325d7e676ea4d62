//! The text report of a forced schedule.

use super::super::numbers::{duration, grouped, percent, plural};
use super::bars;
use super::interleaving::interleaving;
use super::wrap::{fit, wrap};
use crate::report::record::counting::StopReason;
use crate::report::record::replay::ReplayRecord;
use crate::term::{Page, Tone};

/// The bars of the totals are no longer than this.
const MOST_BAR: usize = 40;

/// The report, each line ended by a line feed.
pub(in super::super) fn replay(record: &ReplayRecord, page: &Page) -> String {
    let mut parts = vec![title(record, page)];
    if let Some(happenings) = &record.interleaving {
        parts.push(interleaving(happenings, record.threads, page));
    }
    parts.push(totals(record, page));
    parts.push(notes(record, page));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn title(record: &ReplayRecord, page: &Page) -> String {
    let name = format!("{} {}", record.strategy, record.flags);
    let name = page.palette.paint(Tone::Strong, name.trim());
    // Where there is nothing to do, the schedule is empty.
    let schedule = match record.schedule.as_str() {
        "" => String::new(),
        schedule => format!(", schedule {schedule}"),
    };
    wrap(
        page,
        &format!(
            "{name}: {} {} {}{schedule}",
            plural(record.threads as u64, "thread"),
            page.signs.times,
            plural(record.increments, "increment"),
        ),
    )
}

/// Expected, predicted and actual total, each with its bar.
fn totals(record: &ReplayRecord, page: &Page) -> String {
    let rows = [
        (
            "expected",
            Some(record.expected),
            "what a correct strategy ends with",
        ),
        ("predicted", Some(record.predicted), "in the model"),
        ("actual", record.actual, "on real threads"),
    ];
    let width = rows
        .iter()
        .filter_map(|(_, total, _)| total.map(|total| grouped(total).len()))
        .max()
        .unwrap_or(0);
    let words = rows
        .iter()
        .map(|(_, _, words)| words.len())
        .max()
        .unwrap_or(0);
    let spare = page.width.saturating_sub(9 + 2 + width + 2);
    let bar = spare.saturating_sub(words + 2).min(MOST_BAR);
    let mut lines = String::new();
    for (name, total, words) in rows {
        let Some(total) = total else { continue };
        let share = if record.expected == 0 {
            1.0
        } else {
            total as f64 / record.expected as f64
        };
        let mut cells = vec![format!("{name:<9}"), format!("{:>width$}", grouped(total))];
        if bar >= 6 {
            cells.push(bars::counted_and_lost(page, bar, share));
        }
        cells.push(page.palette.paint(Tone::Faint, words));
        lines += &fit(page, cells.join("  ").trim_end());
    }
    lines
}

/// What it means, in sentences.
fn notes(record: &ReplayRecord, page: &Page) -> String {
    let mut notes = String::new();
    let place = match record.actual {
        Some(_) => "on real threads",
        None => "in the model",
    };
    let verdict = if record.lost == 0 {
        page.palette
            .paint(Tone::Good, &format!("No update was lost {place}."))
    } else {
        let share = record.lost as f64 / record.expected as f64;
        let lost = page.palette.paint(
            Tone::Lost,
            &match record.lost {
                1 => format!("1 update was lost {place}"),
                lost => format!("{} updates were lost {place}", grouped(lost)),
            },
        );
        format!("{lost}, {} of all.", percent(share))
    };
    let steps = format!(
        "{}, {} between threads{}.",
        plural(record.steps, "step"),
        plural(record.switches, "switch"),
        record.elapsed_ns.map_or_else(String::new, |ns| format!(
            ", {}",
            duration(ns as f64, page.signs)
        )),
    );
    notes += &wrap(page, &format!("{verdict} {steps}"));
    match record.agree {
        Some(true) => notes += &wrap(page, "Model and real threads agree."),
        Some(false) => {
            let words = "Model and real threads do not agree: please report this.";
            notes += &wrap(page, &page.palette.paint(Tone::Lost, words));
        }
        None => {}
    }
    let why = match record.stopped {
        StopReason::Timeout => Some("Out of time"),
        StopReason::Interrupted => Some("Interrupted"),
        StopReason::Completed | StopReason::Found | StopReason::Budget => None,
    };
    if let Some(why) = why {
        let words = "the real threads were stopped before the end, so this is what the model says.";
        notes += &wrap(page, &format!("{why}: {words}"));
    }
    let added = match record.completed_steps {
        0 => return notes,
        1 => "the last step was added".to_string(),
        steps => format!(
            "the last {} steps were added, one thread after the other",
            grouped(steps)
        ),
    };
    notes += &wrap(
        page,
        &format!("The schedule ended early: {added}. --strict makes that an error."),
    );
    notes
}
