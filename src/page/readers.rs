//! What the readers of `rwlock` saw, and how they waited.

use super::document::Block;
use super::numbers::{duration, grouped, nanoseconds, plural, were};
use super::shares::tone;
use super::table::{Bar, Column, Table};
use super::text::Text;
use crate::record::{AwaitedRecord, Distinct, ReadersRecord, WaitedRecord};
use crate::term::Tone;

/// The most readers that are shown one by one.
const MOST_READERS: usize = 8;

/// Returns what the readers saw and, if they waited, how their waits went in runs that ended with
/// these totals.
pub(super) fn readers(readers: &ReadersRecord, totals: &[Distinct]) -> Vec<Block<'static>> {
    let with_writer = match readers.with_writer {
        0 => "none was inside with a writer".into(),
        times => plural(times, "time") + " a reader was inside with a writer",
    };
    let backwards = match readers.backwards {
        0 => "none saw the counter decrease".into(),
        reads => plural(reads, "read") + " saw the counter decrease",
    };
    // Waiting readers are inside briefly at each wake-up; below is said how many read together.
    let at_once = match readers.awaited {
        Some(_) => String::new(),
        None => format!(", at most {} inside at once", grouped(readers.most_inside)),
    };
    let seen = Block::words(format!(
        "Readers: {} made {}{at_once}; {with_writer}; {backwards}.",
        plural(readers.threads as u64, "thread"),
        plural(readers.reads, "read"),
    ));
    let Some(awaited) = &readers.awaited else {
        return vec![seen];
    };
    let mut blocks = match runs(awaited) {
        0 => Vec::new(),
        _ => waiting(awaited, totals),
    };
    blocks.push(seen);
    blocks.extend(still_waiting(awaited).map(Block::words));
    blocks
}

fn runs(awaited: &AwaitedRecord) -> u64 {
    awaited.runs_reached + awaited.runs_never_reached
}

/// Returns whether the counter reached the total that the readers waited for, and how they waited.
fn waiting(awaited: &AwaitedRecord, totals: &[Distinct]) -> Vec<Block<'static>> {
    let runs = runs(awaited);
    let total = grouped(awaited.total);
    let verdict = match (awaited.runs_reached, awaited.runs_never_reached) {
        (_, 0) if runs == 1 => "was reached in the run".into(),
        (_, 0) => format!("was reached in all {}", plural(runs, "run")),
        (0, 1) => "was never reached".into(),
        (0, _) => format!("was reached in none of the {}", plural(runs, "run")),
        (reached, _) => {
            let reached = grouped(reached);
            format!("was reached in {reached} of {}", plural(runs, "run"))
        }
    };
    let tone = tone(awaited.runs_never_reached);
    let who = match awaited.readers.len() {
        1 => "The reader was",
        _ => "The readers were",
    };
    let (together, found) = (together(awaited), found(awaited));
    let back = taken_back(awaited, totals);
    let sentence = Text::from(format!("{who} to wait for {total}, which "))
        .and(Text::toned(tone, verdict))
        .and(format!("{together}.{found}{back}"));
    let each = if awaited.readers.len() > MOST_READERS {
        Block::words(in_all(&awaited.readers))
    } else {
        Block::Table(table(&awaited.readers))
    };
    vec![Block::Words(sentence), each]
}

/// Returns how many readers read at once, if there are several.
fn together(awaited: &AwaitedRecord) -> String {
    let readers = awaited.readers.len() as u64;
    let Some(together) = awaited.inside_together.filter(|_| readers > 1) else {
        return String::new();
    };
    let all = if together == readers {
        "all"
    } else {
        "at least"
    };
    format!("; then {all} {} read at once", grouped(together))
}

/// Returns how often the counter had already reached the total when a reader came. This is unknown
/// if some run never reached it.
fn found(awaited: &AwaitedRecord) -> String {
    let (runs, readers) = (awaited.runs_reached, awaited.readers.len() as u64);
    let waits: u64 = awaited.readers.iter().map(|reader| reader.waits).sum();
    let all = runs * readers;
    match all.saturating_sub(waits) {
        0 => String::new(),
        _ if awaited.runs_never_reached > 0 => String::new(),
        found if found == all => {
            let who = if readers == 1 { "the reader" } else { "they" };
            format!(" It was reached before {who} came.")
        }
        found => {
            let [found, all] = [found, all].map(grouped);
            format!(" In {found} of {all} cases it was reached before the reader came.")
        }
    }
}

/// Returns why runs ended below a total that they had reached, if any did.
fn taken_back(awaited: &AwaitedRecord, totals: &[Distinct]) -> &'static str {
    let below = totals.iter().filter(|entry| entry.to() < awaited.total);
    if below.map(|entry| entry.runs()).sum::<u64>() <= awaited.runs_never_reached {
        return "";
    }
    " Stale stores then set the counter back below it."
}

/// Returns how many readers had to give up, if any did.
pub fn still_waiting(awaited: &AwaitedRecord) -> Option<String> {
    let (waiting, all) = (awaited.still_waiting, awaited.readers.len() as u64);
    let (count, readers, were) = (grouped(waiting), grouped(all), were(waiting));
    let who = match (waiting, all) {
        (0, _) => return None,
        (1, 1) => "the reader".into(),
        _ if waiting == all => format!("all {readers} readers"),
        _ => format!("{count} of {readers} readers"),
    };
    let total = grouped(awaited.total);
    Some(format!(
        "When the last run was stopped, {who} {were} still waiting for {total}."
    ))
}

/// Returns a row for each reader.
fn table(readers: &[WaitedRecord]) -> Table<'static> {
    let mean = |reader: &WaitedRecord| reader.waited_ns.mean.unwrap_or(0.0);
    let most = readers.iter().map(mean).fold(1.0, f64::max);
    let bar = |reader: &WaitedRecord| Bar::Share(mean(reader) / most, Tone::Good);
    let words = |reader: &WaitedRecord| {
        let waited = reader.waited_ns;
        let (Some(mean), Some(min), Some(max)) = (waited.mean, waited.min, waited.max) else {
            return "never had to wait".into();
        };
        let [min, max] = [min, max].map(nanoseconds);
        format!("{} ({min} to {max})", duration(mean))
    };
    Table {
        columns: vec![
            // Readers do not count, so their labels differ from those of counting threads.
            Column::of("reader", readers, |reader| format!("R{}", reader.reader)),
            Column::of("waits", readers, |reader| reader.waits),
            Column::of("wake-ups", readers, |reader| reader.wake_ups),
            Column::of("in vain", readers, |reader| reader.in_vain),
        ],
        bars: readers.iter().map(bar).collect(),
        words: Some(Column::of("mean wait (least to most)", readers, words).flush_left()),
        ..Table::default()
    }
}

/// Returns the wake-ups and waits of all readers, in sentences.
fn in_all(readers: &[WaitedRecord]) -> String {
    let sum = |value: fn(&WaitedRecord) -> u64| readers.iter().map(value).sum::<u64>();
    let waits = || readers.iter().map(|reader| reader.waited_ns);
    let least = waits().filter_map(|waited| waited.min).min();
    let most = waits().filter_map(|waited| waited.max).max();
    let times = least.zip(most).map(|(least, most)| {
        let [least, most] = [least, most].map(nanoseconds);
        format!(" Their waits took {least} to {most}.")
    });
    format!(
        "They were woken {} times, {} of them spuriously.{}",
        grouped(sum(|reader| reader.wake_ups)),
        grouped(sum(|reader| reader.in_vain)),
        times.unwrap_or_default()
    )
}
