//! The report of a comparison.

use std::collections::HashSet;

use super::document::{BARS, Block, Curve, CurvePoint, Curves, Document, Section};
use super::made::made;
use super::numbers::{duration, known_interval, noun, percent, plural, short};
use super::sentences::{ended, paragraph, repeated, unpinned};
use super::shares::tone;
use super::table::{Bar, Column, Layout, Table};
use super::text::Text;
use crate::record::{ComparisonRecord, EntryRecord};
use crate::strategy::ALL;
use crate::term::Tone;

/// A ratio whose quartiles are further apart than this factor is no basis for a verdict.
const MOST_SPREAD: f64 = 3.0;

/// The verdict on a strategy that may lose updates and has lost none.
const LUCKY: &str = "by luck";

/// Returns the report of a comparison.
pub fn compare(record: &ComparisonRecord) -> Document<'_> {
    let (done, asked) = (record.runs_completed, record.runs_requested);
    let rounds = ended(record.stopped, done, Some(asked), "round");
    let notes = paragraph([
        rounds,
        unpinned(record.pinning_failed),
        repeated(record.runs_repeated),
        uncertain(record),
    ]);
    let notes = Section::untitled(Vec::from_iter(notes));
    let mut lead = Vec::new();
    let sections = if record.entries.iter().all(|entry| entry.runs_completed == 0) {
        let none = Block::words("No run was finished.");
        vec![Section::untitled([none]), notes]
    } else {
        let table = if is_sweep(record) {
            vec![Block::Curves(curves(record)), Block::Table(scaling(record))]
        } else {
            vec![Block::Table(prices(record))]
        };
        let verdicts = verdicts(record);
        lead.extend(verdicts.heading.map(Block::Words));
        lead.extend(verdicts.blocks);
        vec![
            Section::untitled(table),
            notes,
            Section::advice(explanation(record)),
        ]
    };
    Document {
        lead,
        made: made(&record.environment),
        ..Document::new(title(record), sections)
    }
}

fn title(record: &ComparisonRecord) -> Text {
    let one = record.threads == [1];
    Text::toned(Tone::Strong, "compare").and(format!(
        ": {} {} × {}, {} each",
        threads(record, ", "),
        noun(if one { 1 } else { 2 }, "thread"),
        plural(record.increments, "increment"),
        plural(record.runs_requested, "run"),
    ))
}

/// Returns the thread counts.
fn threads(record: &ComparisonRecord, between: &str) -> String {
    let threads: Vec<_> = record.threads.iter().map(usize::to_string).collect();
    threads.join(between)
}

/// Returns whether there are several thread counts.
fn is_sweep(record: &ComparisonRecord) -> bool {
    record.threads.len() > 1
}

/// Returns the verdict on the totals of an entry, in a word or two.
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

/// Returns a warning that names the entries whose ratio differs too much from round to round.
fn uncertain(record: &ComparisonRecord) -> Option<String> {
    let is_uncertain = |entry: &EntryRecord| {
        let ratio = entry.ratio.filter(|_| !entry.cheapest);
        ratio.is_some_and(|ratio| ratio.upper_quartile > ratio.lower_quartile * MOST_SPREAD)
    };
    let names = names(record, is_uncertain);
    (!names.is_empty()).then(|| {
        format!(
            "Do not trust the ratio of {}: its quartiles are more than {MOST_SPREAD} times apart. Close \
             other programs, or make more runs (-r {}).",
            names.join(", "),
            record.runs_requested.saturating_mul(10).min(100_000)
        )
    })
}

/// Returns a row for each entry, with its time as a bar: a shorter bar is a cheaper entry.
fn prices(record: &ComparisonRecord) -> Table<'static> {
    let entries: Vec<_> = record.entries.iter().collect();
    let longest = record.entries.iter().filter_map(nanoseconds);
    let longest = longest.fold(0.0, f64::max);
    let quartiles = |entry: &&EntryRecord| {
        let ratio = entry
            .ratio
            .filter(|_| !entry.cheapest && entry.runs_lost == 0);
        let ends = ratio.map(|ratio| [ratio.lower_quartile, ratio.upper_quartile]);
        ends.map_or_else(String::new, |[low, high]| self::ends(low, high))
    };
    table(
        &entries,
        vec![Column::of("strategy", &entries, |entry| name(entry)).flush_left()],
        |entry| nanoseconds(entry).map_or(0.0, |ns| ns / longest),
        Column::of("quartiles", &entries, quartiles),
    )
}

/// Returns a row for each entry, the thread counts of a strategy together, with its speed as a bar:
/// a longer bar is a faster entry, and each strategy has its own scale.
fn scaling(record: &ComparisonRecord) -> Table<'static> {
    let per_count = record.entries.len() / record.threads.len();
    let entries: Vec<_> = (0..per_count)
        .flat_map(|first| record.entries.iter().skip(first).step_by(per_count))
        .collect();
    let first_name = |entry: &&EntryRecord| {
        let is_first = Some(&entry.threads) == record.threads.first();
        if is_first { name(entry) } else { String::new() }
    };
    let fastest = |entry: &EntryRecord| {
        let same = entries.iter().filter(|other| name(other) == name(entry));
        same.filter_map(|other| speed(other)).fold(0.0, f64::max)
    };
    table(
        &entries,
        vec![
            Column::of("strategy", &entries, first_name).flush_left(),
            Column::of("threads", &entries, |entry| entry.threads.to_string()),
        ],
        |entry| speed(entry).map_or(0.0, |speed| speed / fastest(entry)),
        Column::of("million/s", &entries, |entry| known(speed(entry), short)),
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
    let toned = |cell: String, entry: &EntryRecord| (cell, tone(entry.runs_lost));
    // What loses updates does not do the work, so it has no price.
    let ratio = |entry: &EntryRecord| entry.ratio.filter(|_| entry.runs_lost == 0);
    let ratio = |entry: &EntryRecord| ratio(entry).map(|ratio| ratio.median);
    columns.extend([
        Column::of("correct", entries, |entry| {
            toned(verdict(entry).into(), entry)
        }),
        Column::of("lost", entries, |entry| {
            toned(known(entry.lost_share, percent), entry)
        }),
        Column::of("ns/incr", entries, |entry| known(nanoseconds(entry), short)),
        Column::of("ratio", entries, |entry| known(ratio(entry), short)),
    ]);
    // The verdict is left out first, for the share says it too; then the ratio, then the share.
    let behind_names: [&[usize]; 4] = [&[0, 1, 2, 3], &[1, 2, 3], &[1, 2], &[2]];
    let layout = |behind: &[usize]| Layout {
        columns: (0..named)
            .chain(behind.iter().map(|place| named + place))
            .collect(),
        ..Layout::default()
    };
    let bar = |entry: &&EntryRecord| Bar::Share(share(entry), tone(entry.runs_lost));
    Table {
        columns,
        bars: entries.iter().map(bar).collect(),
        words: Some(words),
        further: vec![
            Column::of("ns/incr quartiles", entries, |entry| {
                let ns = entry.ns_per_increment;
                ns.map_or_else(String::new, |ns| ends(ns.lower_quartile, ns.upper_quartile))
            }),
            Column::of("runs that lost", entries, |entry| {
                known(entry.runs_lost_share, percent)
            }),
            Column::of("95% interval", entries, |entry| {
                known_interval(entry.runs_lost_interval)
            }),
        ],
        layouts: behind_names.map(layout).into(),
        ..Table::default()
    }
}

/// Returns the two ends of a range.
fn ends(low: f64, high: f64) -> String {
    [low, high].map(short).join("–")
}

/// Returns the speeds of each strategy by its number of threads, with their quartiles.
fn curves(record: &ComparisonRecord) -> Curves {
    let name_of = |name: &String| {
        let entries = record
            .entries
            .iter()
            .filter(|entry| self::name(entry) == *name);
        let points = entries.filter_map(|entry| {
            let ns = entry.ns_per_increment.filter(|ns| ns.min > 0.0)?;
            Some(CurvePoint {
                at: entry.threads as f64,
                value: 1e3 / ns.median,
                low: 1e3 / ns.upper_quartile,
                high: 1e3 / ns.lower_quartile,
            })
        });
        Curve {
            name: name.clone(),
            points: points.collect(),
        }
    };
    let names = names(record, |_| true);
    let curves = names.iter().map(name_of);
    Curves {
        words:
            "Million increments per second by the number of threads, a curve for each strategy; \
                an error bar reaches from the lower to the upper quartile"
                .into(),
        across: "threads",
        up: "million increments per second",
        curves: curves.filter(|curve| !curve.points.is_empty()).collect(),
    }
}

/// Returns which of the correct entries is the cheapest, and which the dearest.
fn verdicts(record: &ComparisonRecord) -> Section<'static> {
    let is_sweep = is_sweep(record);
    let dear = if is_sweep { "" } else { "most expensive: " };
    let of = |threads: usize| {
        let correct = record.entries.iter();
        let correct = correct.filter(|e| e.threads == threads && e.correct && e.runs_lost == 0);
        let cheapest = correct.clone().find(|entry| entry.cheapest)?;
        // Alone it is no comparison.
        correct.clone().nth(1)?;
        let price = duration(nanoseconds(cheapest)?);
        // The cheapest entry was chosen by the same times.
        let time = |entry: &EntryRecord| nanoseconds(entry).unwrap_or(0.0);
        let dearest = correct.max_by(|one, other| time(one).total_cmp(&time(other)))?;
        let ratio = dearest.ratio.map(|ratio| ratio.median);
        let ratio = ratio.filter(|&ratio| ratio >= 1.0 && !dearest.cheapest);
        let against = ratio.map_or_else(String::new, |ratio| {
            format!("; {dear}{} ({}x)", name(dearest), short(ratio))
        });
        let which = if is_sweep {
            format!("{threads} {}: ", noun(threads as u64, "thread"))
        } else {
            "Cheapest correct strategy: ".into()
        };
        let words = Text::from(which).and(Text::toned(Tone::Good, name(cheapest)));
        Some(Block::Words(words.and(format!(", {price}{against}."))))
    };
    let counts = record.threads.iter();
    Section {
        heading: is_sweep.then(|| "Cheapest and most expensive correct strategy:".into()),
        blocks: counts.filter_map(|&count| of(count)).collect(),
    }
}

/// Returns what the numbers mean, and what to try next.
fn explanation(record: &ComparisonRecord) -> Vec<Block<'static>> {
    let bars = if is_sweep(record) {
        "Bars: increments per second, a scale for each strategy; longer is faster."
    } else {
        "Bars: time per increment; shorter is cheaper."
    };
    let times = "Times are medians. Ratios are to the cheapest correct strategy in the same \
                 round; half of the rounds lie between the quartiles.";
    let lucky = names(record, |entry| verdict(entry) == LUCKY);
    let mut blocks = vec![Block::Glossary(vec![
        (BARS, bars.into()),
        ("ns/incr", times.into()),
    ])];
    if !lucky.is_empty() {
        let lucky = lucky.join(" and ");
        blocks.push(Block::words(format!("{lucky} lost nothing, by luck.")));
    }
    let (purpose, command) = next(record, &lucky);
    blocks.push(Block::command(purpose, command));
    blocks
}

/// Returns the command to try next, and its purpose.
fn next(record: &ComparisonRecord, lucky: &[String]) -> (&'static str, String) {
    let again = again(record);
    if lucky.iter().any(|name| name == "unsynced") {
        let threads = threads(record, ",");
        let command = format!("{again} -t {threads} -i 1k --window yield");
        return ("Make it show", command);
    }
    let lost = record.entries.iter().rfind(|entry| entry.runs_lost > 0);
    if let Some(entry) = lost.or(record.entries.last()).filter(|_| is_sweep(record)) {
        let shape = format!("-t {} -i {}", entry.threads, entry.increments);
        return (
            "One strategy alone",
            format!("miscount {} {shape}", name(entry)),
        );
    }
    let shape = format!("-t 1,2,4 -i {}", record.increments);
    ("How strategies scale", format!("{again} {shape}"))
}

/// Returns the command that compares the same strategies.
fn again(record: &ComparisonRecord) -> String {
    let (mut strategies, mut flags) = (Vec::new(), Vec::new());
    for entry in &record.entries {
        if !strategies.contains(&entry.strategy.name) {
            strategies.push(entry.strategy.name.clone());
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
    let mut command = "miscount compare".to_string();
    command.extend(strategies.iter().map(|name| format!(" {name}")));
    command.extend(flags.iter().map(|flag| format!(" --{flag}")));
    command
}

/// Returns the names of the entries that match, each once.
fn names(record: &ComparisonRecord, such: impl Fn(&EntryRecord) -> bool) -> Vec<String> {
    let such = record.entries.iter().filter(|entry| such(entry));
    let mut seen = HashSet::new();
    let names = such.map(name);
    names.filter(|name| seen.insert(name.clone())).collect()
}

/// Returns a number as it is written, if it is known.
fn known(number: Option<f64>, written: fn(f64) -> String) -> String {
    number.map_or_else(|| "-".into(), written)
}

/// Returns the name and the flags of an entry, as they are typed.
fn name(entry: &EntryRecord) -> String {
    entry.strategy.to_string()
}

/// Returns the median time of an increment.
fn nanoseconds(entry: &EntryRecord) -> Option<f64> {
    entry.ns_per_increment.map(|ns| ns.median)
}

/// Returns the speed in million increments per second.
fn speed(entry: &EntryRecord) -> Option<f64> {
    nanoseconds(entry).filter(|ns| *ns > 0.0).map(|ns| 1e3 / ns)
}
