//! What the readers of `rwlock` saw, and how they waited.

use super::super::numbers::{duration, grouped, nanoseconds, plural};
use super::bars;
use super::columns::{Column, columns};
use super::wrap::wrap;
use crate::report::record::counting::{
    AwaitedRecord, Distinct, ReadersRecord, Spread, WaitedRecord,
};
use crate::term::{Page, Signs, Tone};

/// The most readers that are shown one by one.
const MOST_READERS: usize = 8;

/// What they saw, in a paragraph; where they waited, how, in runs that ended with these totals.
pub(super) fn readers(readers: &ReadersRecord, totals: &[Distinct], page: &Page) -> String {
    let claim = |count: u64, never: &str, of_what: &str, then: &str| match count {
        0 => never.to_string(),
        count => format!("{} {then}", plural(count, of_what)),
    };
    // Those who wait are inside for a moment at each wake-up; what matters is said of them below.
    let at_once = match readers.awaited {
        Some(_) => String::new(),
        None => format!(", at most {} inside at once", grouped(readers.most_inside)),
    };
    let seen = wrap(
        page,
        &format!(
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
        ),
    );
    let Some(awaited) = &readers.awaited else {
        return seen;
    };
    let waiting = match runs(awaited) {
        0 => String::new(),
        _ => waiting(awaited, totals, page),
    };
    let still = still_waiting(awaited).map_or_else(String::new, |text| wrap(page, &text));
    waiting + &seen + &still
}

fn runs(awaited: &AwaitedRecord) -> u64 {
    awaited.runs_reached + awaited.runs_never_reached
}

/// Whether what they waited for came, and how long it took them.
fn waiting(awaited: &AwaitedRecord, totals: &[Distinct], page: &Page) -> String {
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
    let verdict = page.palette.paint(tone, &verdict);
    let who = match awaited.readers.len() {
        1 => "The reader was",
        _ => "The readers were",
    };
    let sentence = wrap(
        page,
        &format!(
            "{who} to wait for {total}, which {verdict}{}.{}{}",
            together(awaited),
            found(awaited),
            taken_back(awaited, totals)
        ),
    );
    if awaited.readers.len() > MOST_READERS {
        return sentence + &wrap(page, &everybody(&awaited.readers, page.signs));
    }
    sentence + &table(&awaited.readers, page)
}

/// How many read at once, where one alone would be no news.
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

/// How often readers came when the total was there already. Where it never came, nobody knows whether
/// they would have.
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

/// Who had to give up.
pub(in super::super) fn still_waiting(awaited: &AwaitedRecord) -> Option<String> {
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

/// A line a reader.
fn table(readers: &[WaitedRecord], page: &Page) -> String {
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
            duration(mean, page.signs),
            nanoseconds(min, page.signs),
            nanoseconds(max, page.signs)
        ),
        _ => "never had to wait".into(),
    };
    let number = |name, value: fn(&WaitedRecord) -> u64| {
        Column::number(
            name,
            readers
                .iter()
                .map(move |reader| (value(reader), Tone::Plain)),
        )
    };
    columns(
        page,
        &[
            // Not as those who count are labelled: readers are threads beside them.
            Column::labels(
                "reader",
                readers
                    .iter()
                    .map(|reader| (format!("R{}", reader.reader), Tone::Plain)),
            ),
            number("waits", |reader| reader.waits),
            number("wake-ups", |reader| reader.wake_ups),
            number("in vain", |reader| reader.in_vain),
        ],
        |row, width| bars::plain(page, width, mean(&readers[row]) / most, Tone::Good),
        &Column::labels(
            "mean wait (least to most)",
            readers.iter().map(|reader| (words(reader), Tone::Plain)),
        )
        .flush_left(),
    )
}

/// All of them in a sentence.
fn everybody(readers: &[WaitedRecord], signs: Signs) -> String {
    let sum = |value: fn(&WaitedRecord) -> u64| readers.iter().map(value).sum::<u64>();
    let waits = || readers.iter().map(|reader| reader.waited_ns);
    let least = waits().filter_map(|waited| waited.min).min();
    let most = waits().filter_map(|waited| waited.max).max();
    let times = least.zip(most).map_or_else(String::new, |(least, most)| {
        format!(
            " Their waits took {} to {}.",
            nanoseconds(least, signs),
            nanoseconds(most, signs)
        )
    });
    format!(
        "They were woken {} times in all, {} of them in vain.{times}",
        grouped(sum(|reader| reader.wake_ups)),
        grouped(sum(|reader| reader.in_vain))
    )
}
