//! The report of a comparison.

use super::counting::{ended, notes, unpinned};
use super::document::{BARS, Block, Document, Section};
use super::numbers::{duration, noun, percent, plural, short};
use super::table::{Bar, Column, Layout, Table};
use super::text::Text;
use crate::record::{ComparisonRecord, EntryRecord};
use crate::strategy::ALL;
use crate::term::Tone;

/// What is said of a strategy that may lose updates and has lost none.
const LUCKY: &str = "by luck";

/// Returns the report of a comparison.
pub fn compare(record: &ComparisonRecord) -> Document<'_> {
    let rounds = ended(
        record.stopped,
        record.runs_completed,
        Some(record.runs_requested),
        "round",
    );
    let notes = Section::untitled(notes([rounds, unpinned(record.pinning_failed)]));
    let sections = if record.entries.iter().all(|entry| entry.runs_completed == 0) {
        let none = Block::words("No run was finished.");
        vec![Section::untitled(vec![none]), notes]
    } else {
        let table = if is_sweep(record) {
            scaling(record)
        } else {
            prices(record)
        };
        vec![
            Section::untitled(vec![Block::Table(table)]),
            verdicts(record),
            notes,
            Section::untitled(vec![Block::Advice(explanation(record))]),
        ]
    };
    Document {
        title: title(record),
        sections,
        ..Document::default()
    }
}

fn title(record: &ComparisonRecord) -> Text {
    let threads: Vec<_> = record.threads.iter().map(usize::to_string).collect();
    let one = record.threads == [1];
    Text::toned(Tone::Strong, "compare").and(format!(
        ": {} {} × {}, {} each",
        threads.join(", "),
        noun(if one { 1 } else { 2 }, "thread"),
        plural(record.increments, "increment"),
        plural(record.runs_requested, "run"),
    ))
}

/// Returns whether there are several thread counts.
fn is_sweep(record: &ComparisonRecord) -> bool {
    record.threads.len() > 1
}

/// Returns what there is to say of the totals of an entry, in a word or two.
fn verdict(entry: &EntryRecord) -> &'static str {
    match (entry.correct, entry.runs_lost, entry.runs_completed) {
        (_, _, 0) => "-",
        (true, 0, _) => "yes",
        // One thread, or no increments: there is nothing to race with.
        (false, 0, _) if entry.threads == 1 || entry.expected == 0 => "yes",
        (false, 0, _) => LUCKY,
        _ => "no",
    }
}

/// Returns a row for each entry, with its time as a bar: the shorter, the cheaper.
fn prices(record: &ComparisonRecord) -> Table<'static> {
    let entries: Vec<_> = record.entries.iter().collect();
    let longest = entries.iter().filter_map(|entry| nanoseconds(entry));
    let longest = longest.fold(0.0, f64::max);
    let spread = |entry: &EntryRecord| {
        let ratio = entry.ratio.filter(|_| !entry.cheapest)?;
        let ends = [ratio.lower_quartile, ratio.upper_quartile];
        Some(ends.map(short).join("–"))
    };
    table(
        &entries,
        vec![column("strategy", &entries, |entry| Some(name(entry))).flush_left()],
        |entry| nanoseconds(entry).map_or(0.0, |ns| ns / longest),
        column("quartiles", &entries, |entry| {
            Some(spread(entry).unwrap_or_default())
        }),
    )
}

/// Returns a row for each entry, the thread counts of a strategy together, with its speed as a bar:
/// the longer, the faster, each strategy on a scale of its own.
fn scaling(record: &ComparisonRecord) -> Table<'static> {
    let per_count = record.entries.len() / record.threads.len();
    let entries: Vec<_> = (0..per_count)
        .flat_map(|first| record.entries.iter().skip(first).step_by(per_count))
        .collect();
    let of_first = |entry: &EntryRecord| {
        let first = Some(&entry.threads) == record.threads.first();
        Some(if first { name(entry) } else { String::new() })
    };
    let fastest = |entry: &EntryRecord| {
        let same = entries.iter().filter(|other| name(other) == name(entry));
        same.filter_map(|other| speed(other)).fold(0.0, f64::max)
    };
    table(
        &entries,
        vec![
            column("strategy", &entries, of_first).flush_left(),
            column("threads", &entries, |entry| Some(entry.threads.to_string())),
        ],
        |entry| speed(entry).map_or(0.0, |speed| speed / fastest(entry)),
        column("million/s", &entries, |entry| speed(entry).map(short)),
    )
}

/// Returns the table that begins with these columns.
fn table(
    entries: &[&EntryRecord],
    mut columns: Vec<Column>,
    share: impl Fn(&EntryRecord) -> f64,
    words: Column,
) -> Table<'static> {
    let named = columns.len();
    columns.extend([
        column("correct", entries, |entry| Some(verdict(entry).into())),
        column("lost", entries, |entry| entry.lost_share.map(percent)),
        column("ns/incr", entries, |entry| nanoseconds(entry).map(short)),
        column("ratio", entries, |entry| {
            entry.ratio.map(|r| short(r.median))
        }),
    ]);
    // Left out first is the verdict, for the share says it too; then the ratio, then the share.
    let behind_names: [&[usize]; 4] = [&[0, 1, 2, 3], &[1, 2, 3], &[1, 2], &[2]];
    let layout = |behind: &[usize]| Layout {
        columns: (0..named)
            .chain(behind.iter().map(|place| named + place))
            .collect(),
        ..Layout::default()
    };
    let bar = |entry: &&EntryRecord| Bar::Share(share(entry), tone(entry));
    Table {
        columns,
        bars: entries.iter().map(bar).collect(),
        words: Some(words),
        layouts: behind_names.map(layout).into(),
        ..Table::default()
    }
}

/// Returns which of the correct entries is the cheapest, and which the dearest.
fn verdicts(record: &ComparisonRecord) -> Section<'static> {
    let is_sweep = is_sweep(record);
    let dear = if is_sweep { "" } else { "dearest: " };
    let of = |threads: usize| {
        let correct = record.entries.iter();
        let correct = correct.filter(|e| e.threads == threads && e.correct && e.runs_lost == 0);
        let ratio = |entry: &EntryRecord| entry.ratio.map_or(0.0, |ratio| ratio.median);
        let cheapest = correct.clone().find(|entry| entry.cheapest)?;
        let price = duration(nanoseconds(cheapest)?);
        // By the same times by which the cheapest is the cheapest.
        let time = |entry: &EntryRecord| nanoseconds(entry).unwrap_or(0.0);
        let dearest = correct.max_by(|one, other| time(one).total_cmp(&time(other)))?;
        let against = if dearest.cheapest || ratio(dearest) < 1.0 {
            String::new()
        } else {
            let times = short(ratio(dearest));
            format!("; {dear}{}, {times} times that", name(dearest))
        };
        let which = if is_sweep {
            format!("{threads} {}: ", noun(threads as u64, "thread"))
        } else {
            "Cheapest correct: ".into()
        };
        let cheapest = Text::toned(Tone::Good, name(cheapest));
        let words = Text::from(which).and(cheapest);
        Some(Block::Words(words.and(format!(", {price}{against}."))))
    };
    let counts = record.threads.iter();
    Section {
        heading: is_sweep.then(|| "Cheapest and dearest of the correct ones:".into()),
        blocks: counts.filter_map(|&count| of(count)).collect(),
    }
}

/// Returns what the numbers mean, and what to try next.
fn explanation(record: &ComparisonRecord) -> Vec<Block<'static>> {
    let bars = if is_sweep(record) {
        "Bars: increments in a second, each strategy on a scale of its own; longer is faster."
    } else {
        "Bars: time of an increment; shorter is cheaper."
    };
    let times = "Times are medians over the runs, in nanoseconds (ns). A ratio compares a run with \
                 that of the cheapest correct strategy in the same round; half of the rounds lie \
                 between its quartiles.";
    let wrong = names(record, |entry| entry.runs_lost > 0);
    let cost = match wrong.as_slice() {
        [] => None,
        [one] => Some(format!(
            "Whatever {one} costs, it is no bargain: updates were lost."
        )),
        _ => Some(format!(
            "Whatever {} cost, they are no bargain: updates were lost.",
            wrong.join(" and ")
        )),
    };
    let lucky = names(record, |entry| verdict(entry) == LUCKY);
    let luck = (!lucky.is_empty())
        .then(|| format!("It is luck that {} lost nothing.", lucky.join(" and ")));
    let of_strategies = [cost, luck].into_iter().flatten();
    let mut words = vec![(BARS, bars.into()), ("ns/incr", times.into())];
    words.extend(of_strategies.map(|sentence| ("strategy", sentence.into())));
    let (purpose, command) = next(record, &lucky);
    vec![
        Block::Glossary(words),
        Block::inline_command(purpose, command),
    ]
}

/// Returns what to type next, and what for.
fn next(record: &ComparisonRecord, lucky: &[String]) -> (&'static str, String) {
    let again = again(record);
    if lucky.iter().any(|name| name == "unsynced") {
        let threads: Vec<_> = record.threads.iter().map(usize::to_string).collect();
        let shape = format!("-t {} -i 1k --window yield", threads.join(","));
        return ("Make it show", format!("{again} {shape}"));
    }
    let lost = record.entries.iter().rfind(|entry| entry.runs_lost > 0);
    match lost.or(record.entries.last()).filter(|_| is_sweep(record)) {
        Some(entry) => (
            "One of them alone",
            format!(
                "miscount {} -t {} -i {}",
                name(entry),
                entry.threads,
                entry.increments
            ),
        ),
        None => (
            "How they scale",
            format!("{again} -t 1,2,4 -i {}", record.increments),
        ),
    }
}

/// Returns the command that compares the same strategies.
fn again(record: &ComparisonRecord) -> String {
    let (mut strategies, mut flags) = (Vec::new(), Vec::new());
    for entry in &record.entries {
        if !strategies.contains(&entry.strategy.name) {
            strategies.push(entry.strategy.name);
        }
        for flag in entry.strategy.flags.split("--").map(str::trim) {
            // No readers is what a comparison has by default.
            if !["", "readers 0"].contains(&flag) && !flags.contains(&flag) {
                flags.push(flag);
            }
        }
    }
    if strategies.len() == ALL.len() {
        strategies.clear();
    }
    let flags = flags.iter().map(|flag| format!("--{flag}"));
    ["miscount", "compare"]
        .into_iter()
        .chain(strategies)
        .map(String::from)
        .chain(flags)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns the names of such entries, each once.
fn names(record: &ComparisonRecord, such: impl Fn(&EntryRecord) -> bool) -> Vec<String> {
    let mut names = Vec::new();
    for entry in record.entries.iter().filter(|entry| such(entry)) {
        let name = name(entry);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Returns a column of what is known of each entry.
fn column(
    heading: &'static str,
    entries: &[&EntryRecord],
    cell: impl Fn(&EntryRecord) -> Option<String>,
) -> Column {
    let cells = entries.iter().map(|entry| {
        let tone = match heading {
            "correct" | "lost" => tone(entry),
            _ => Tone::Plain,
        };
        (cell(entry).unwrap_or_else(|| "-".into()), tone)
    });
    Column::new(heading, cells)
}

/// Returns the name and the flags of an entry, as they are typed.
fn name(entry: &EntryRecord) -> String {
    entry.strategy.to_string()
}

fn tone(entry: &EntryRecord) -> Tone {
    match entry.runs_lost {
        0 => Tone::Good,
        _ => Tone::Lost,
    }
}

/// Returns the median time of an increment.
fn nanoseconds(entry: &EntryRecord) -> Option<f64> {
    entry.ns_per_increment.map(|ns| ns.median)
}

/// Returns how many million increments are made in a second.
fn speed(entry: &EntryRecord) -> Option<f64> {
    nanoseconds(entry).filter(|ns| *ns > 0.0).map(|ns| 1e3 / ns)
}
