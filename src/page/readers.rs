//! What the readers of `rwlock` saw, and how they waited.

use super::document::Block;
use super::numbers::{duration, grouped, nanoseconds, plural};
use super::table::{Bar, Column, Table};
use super::text::Text;
use crate::record::{AwaitedRecord, Distinct, ReadersRecord, Spread, WaitedRecord};
use crate::term::Tone;

/// The most readers that are shown one by one.
const MOST_READERS: usize = 8;

/// Returns what the readers saw, in a paragraph; where they waited, how, in runs that ended with
/// these totals.
pub(super) fn readers(readers: &ReadersRecord, totals: &[Distinct]) -> Vec<Block<'static>> {
    let claim = |count: u64, never: &str, of_what: &str, then: &str| match count {
        0 => never.to_string(),
        count => format!("{} {then}", plural(count, of_what)),
    };
    // Readers that wait are inside for a moment at each wake-up; what matters is said below.
    let at_once = match readers.awaited {
        Some(_) => String::new(),
        None => format!(", at most {} inside at once", grouped(readers.most_inside)),
    };
    let seen = Block::words(format!(
        "Readers: {} made {}{at_once}; {}; {}.",
        plural(readers.threads as u64, "thread"),
        plural(readers.reads, "read"),
        claim(
            readers.with_writer,
            "none was ever inside with a writer",
            "time",
            "a reader was inside with a writer"
        ),
        claim(
            readers.backwards,
            "none saw the counter go backwards",
            "read",
            "saw the counter go backwards"
        ),
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

/// Whether what they waited for came, and how long it took them.
fn waiting(awaited: &AwaitedRecord, totals: &[Distinct]) -> Vec<Block<'static>> {
    let runs = runs(awaited);
    let total = grouped(awaited.total);
    let verdict = match (awaited.runs_reached, awaited.runs_never_reached) {
        (_, 0) => format!("was reached in {}", all(runs)),
        (0, 1) => "was never reached".into(),
        (0, _) => format!("was reached in none of the {}", plural(runs, "run")),
        (reached, _) => format!(
            "was reached in {} of {}",
            grouped(reached),
            plural(runs, "run")
        ),
    };
    let tone = match awaited.runs_never_reached {
        0 => Tone::Good,
        _ => Tone::Lost,
    };
    let who = match awaited.readers.len() {
        1 => "The reader was",
        _ => "The readers were",
    };
    let sentence = Text::from(format!("{who} to wait for {total}, which "))
        .and(Text::toned(tone, verdict))
        .and(format!(
            "{}.{}{}",
            together(awaited),
            found(awaited),
            taken_back(awaited, totals)
        ));
    let each = if awaited.readers.len() > MOST_READERS {
        Block::words(everybody(&awaited.readers))
    } else {
        Block::Table(table(&awaited.readers))
    };
    vec![Block::Words(sentence), each]
}

/// How many readers read at once, where there are several.
fn together(awaited: &AwaitedRecord) -> String {
    let readers = awaited.readers.len() as u64;
    match awaited.inside_together {
        Some(together) if together == readers && readers > 1 => {
            format!("; then all {} read at once", grouped(readers))
        }
        Some(together) if readers > 1 => {
            format!("; then at least {} read at once", grouped(together))
        }
        _ => String::new(),
    }
}

/// How often readers came when the counter had reached the total already. Where it never did, that is
/// not known.
fn found(awaited: &AwaitedRecord) -> String {
    let (runs, readers) = (awaited.runs_reached, awaited.readers.len() as u64);
    let waits: u64 = awaited.readers.iter().map(|reader| reader.waits).sum();
    let all = runs * readers;
    match all.saturating_sub(waits) {
        0 => String::new(),
        _ if awaited.runs_never_reached > 0 => String::new(),
        found if found == all => {
            let who = if readers == 1 { "the reader" } else { "they" };
            format!(" It was there when {who} came, so nobody had to wait.")
        }
        found => format!(
            " In {} of {} cases it was there when a reader came, who then did not wait.",
            grouped(found),
            grouped(all)
        ),
    }
}

/// Why runs ended below a total that was reached in them, if any did.
fn taken_back(awaited: &AwaitedRecord, totals: &[Distinct]) -> &'static str {
    let below = totals.iter().filter(|entry| entry.to() < awaited.total);
    if below.map(|entry| entry.runs()).sum::<u64>() <= awaited.runs_never_reached {
        return "";
    }
    " It was reached at some moment: afterwards stale stores took the counter back, and runs ended \
     below it."
}

/// Returns how many readers had to give up, if any did.
pub fn still_waiting(awaited: &AwaitedRecord) -> Option<String> {
    let (waiting, readers) = (awaited.still_waiting, awaited.readers.len() as u64);
    let who = match (waiting, readers) {
        (0, _) => return None,
        (1, 1) => "the reader was".into(),
        (waiting, all) if waiting == all => format!("all {} readers were", grouped(all)),
        (1, all) => format!("1 of {} readers was", grouped(all)),
        (waiting, all) => format!("{} of {} readers were", grouped(waiting), grouped(all)),
    };
    Some(format!(
        "When the last run was cut short, {who} still waiting for {}.",
        grouped(awaited.total)
    ))
}

fn all(runs: u64) -> String {
    match runs {
        1 => "the run".into(),
        _ => format!("all {}", plural(runs, "run")),
    }
}

/// A row a reader.
fn table(readers: &[WaitedRecord]) -> Table<'static> {
    let mean = |reader: &WaitedRecord| reader.waited_ns.mean.unwrap_or(0.0);
    let most = readers.iter().map(mean).fold(1.0, f64::max);
    let words = |reader: &WaitedRecord| match reader.waited_ns {
        Spread {
            min: Some(min),
            mean: Some(mean),
            max: Some(max),
            ..
        } => format!(
            "{} ({} to {})",
            duration(mean),
            nanoseconds(min),
            nanoseconds(max)
        ),
        _ => "never had to wait".into(),
    };
    let numbers = |name, value: fn(&WaitedRecord) -> u64| {
        Column::numbers(name, readers.iter().map(|r| (value(r), Tone::Plain)))
    };
    // Readers are threads beside those that count, so their labels are others.
    let labels = readers.iter().map(|reader| format!("R{}", reader.reader));
    let bars = readers
        .iter()
        .map(|reader| Bar::Share(mean(reader) / most, Tone::Good));
    Table {
        columns: vec![
            Column::new("reader", labels),
            numbers("waits", |reader| reader.waits),
            numbers("wake-ups", |reader| reader.wake_ups),
            numbers("in vain", |reader| reader.in_vain),
        ],
        bars: bars.collect(),
        words: Some(
            Column::new("mean wait (least to most)", readers.iter().map(words)).flush_left(),
        ),
        ..Table::default()
    }
}

/// All of them in a sentence.
fn everybody(readers: &[WaitedRecord]) -> String {
    let sum = |value: fn(&WaitedRecord) -> u64| readers.iter().map(value).sum::<u64>();
    let waits = || readers.iter().map(|reader| reader.waited_ns);
    let least = waits().filter_map(|waited| waited.min).min();
    let most = waits().filter_map(|waited| waited.max).max();
    let times = least.zip(most).map_or_else(String::new, |(least, most)| {
        format!(
            " Their waits took {} to {}.",
            nanoseconds(least),
            nanoseconds(most)
        )
    });
    format!(
        "They were woken {} times in all, {} of them in vain.{times}",
        grouped(sum(|reader| reader.wake_ups)),
        grouped(sum(|reader| reader.in_vain))
    )
}
