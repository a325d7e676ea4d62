//! The report of a race program that real threads have run.

use super::document::{Block, Document, Section};
use super::made::made;
use super::numbers::{
    decimal, fine_share, grouped, interval, known_interval, percent, plural, short,
};
use super::player::of_race;
use super::sentences::{
    MOST_COMMANDS, deadlock_sentence, ended, label_among, mended, outcome_label, outcome_tone,
    subject_title, worth_forcing,
};
use super::table::{Bar, Column, Layout, Table};
use super::text::Text;
use crate::record::{EndRecord, ModelRecord, RaceRecord, RacedOutcome};
use crate::stats::rule_of_three;
use crate::term::Tone;

/// The most outcomes that have a row each.
const MOST_ROWS: usize = 14;

/// The columns, each with its meaning.
const COLUMNS: [(&str, &str); 4] = [
    ("runs", "Runs: share of the runs on real threads."),
    ("schedules", "Schedules: share of all interleavings."),
    (
        "fair",
        "Fair: the chance if each step goes to a random thread; real threads run in longer \
         stretches.",
    ),
    (
        "model",
        "Model: whether some interleaving has this outcome; tso: only with store buffers.",
    ),
];

/// Returns the report of a race program on real threads.
pub fn race(record: &RaceRecord) -> Document<'_> {
    let mut sections = Vec::new();
    if !record.outcomes.is_empty() {
        sections.push(Section::untitled([Block::Table(table(record))]));
    }
    if !record.outcomes.is_empty() {
        let words = COLUMNS.map(|(column, words)| (column, words.into()));
        sections.push(Section::advice([Block::Glossary(words.into())]));
    }
    sections.extend(of_race(record));
    sections.push(Section::advice(commands(record)));
    let title = subject_title(&record.subject, ", on real threads", &[]);
    Document {
        lead: verdict(record),
        made: made(&record.environment),
        ..Document::new(title, sections)
    }
}

/// Returns a row for each outcome: those with the most runs where there are too many.
fn table(record: &RaceRecord) -> Table<'static> {
    let mut rows: Vec<&RacedOutcome> = record.outcomes.iter().collect();
    let mut others = Vec::new();
    if rows.len() > MOST_ROWS {
        let mut by_runs = rows.clone();
        by_runs.sort_by_key(|outcome| std::cmp::Reverse(outcome.runs));
        let least = by_runs[MOST_ROWS - 2].runs;
        let mut room = MOST_ROWS - 1;
        let mut has_room = |outcome: &&RacedOutcome| {
            let fits = outcome.runs >= least && room > 0;
            room -= usize::from(fits);
            fits
        };
        (rows, others) = rows.into_iter().partition(|outcome| has_room(outcome));
    }
    let share = |share: Option<f64>| share.map_or_else(String::new, fine_share);
    let mark = |row: &&RacedOutcome| match row.end.correct {
        Some(true) => "correct",
        Some(false) => "wrong",
        None => "",
    };
    let allowed = |row: &&RacedOutcome| match row.allowed.sc {
        Some(true) => ("yes", Tone::Plain),
        _ if row.is_buffered() => ("tso", Tone::Lost),
        Some(false) if row.allowed.tso.is_some() || record.memory.is_none() => ("no", Tone::Lost),
        _ => ("?", Tone::Faint),
    };
    let mut columns = vec![
        Column::of("outcome", &rows, |row| {
            (label_of(record, row), outcome_tone(&row.end))
        })
        .flush_left(),
        Column::of("", &rows, |row| (mark(row), outcome_tone(&row.end))),
        Column::of("number", &rows, |row| grouped(row.runs)),
        Column::of("runs", &rows, |row| share(row.runs_share)),
        Column::of("model", &rows, allowed),
        Column::of("schedules", &rows, |row| share(row.share)),
        Column::of("fair", &rows, |row| share(row.fair_share)),
    ];
    let of = |row: &RacedOutcome| row.runs_share.unwrap_or(0.0);
    let most = rows
        .iter()
        .map(|row| of(row))
        .fold(f64::MIN_POSITIVE, f64::max);
    let bar = |row: &&RacedOutcome| Bar::Share(of(row) / most, outcome_tone(&row.end));
    let mut bars: Vec<_> = rows.iter().map(bar).collect();
    if !others.is_empty() {
        let sum = |part: fn(&RacedOutcome) -> Option<f64>| {
            share(others.iter().map(|outcome| part(outcome)).sum())
        };
        let runs: u64 = others.iter().map(|outcome| outcome.runs).sum();
        let cells = [
            format!("{} more", plural(others.len() as u64, "outcome")),
            String::new(),
            grouped(runs),
            sum(|outcome| outcome.runs_share),
            String::new(),
            sum(|outcome| outcome.share),
            sum(|outcome| outcome.fair_share),
        ];
        for (column, cell) in columns.iter_mut().zip(cells) {
            column.cells.push(cell.into());
        }
        bars.push(Bar::None);
    }
    let is_known = |share: fn(&RacedOutcome) -> Option<f64>| {
        record
            .outcomes
            .iter()
            .any(|outcome| share(outcome).is_some())
    };
    let mut all = vec![0, 1, 2, 3, 4];
    all.extend(is_known(|outcome| outcome.share).then_some(5));
    all.extend(is_known(|outcome| outcome.fair_share).then_some(6));
    let without = |left_out: &[usize]| Layout {
        columns: all
            .iter()
            .copied()
            .filter(|place| !left_out.contains(place))
            .collect(),
        behind: 10,
        shrinks: false,
    };
    let interval = Column::of("95% interval of runs", &rows, |row| {
        known_interval(row.runs_interval)
    });
    let layouts = [
        &[][..],
        &[2],
        &[2, 6],
        &[2, 5, 6],
        &[2, 4, 5, 6],
        &[1, 2, 4, 5, 6],
    ];
    Table {
        columns,
        bars,
        layouts: layouts.map(without).into(),
        further: vec![interval],
        ..Table::default()
    }
}

/// Returns what is called an outcome.
fn label_of(record: &RaceRecord, outcome: &RacedOutcome) -> String {
    label_among(
        &outcome.end,
        record.outcomes.iter().map(|outcome| &outcome.end),
    )
}

/// Returns what the runs show.
fn verdict(record: &RaceRecord) -> Vec<Block<'static>> {
    let runs = record.runs_completed;
    let mut blocks = Vec::new();
    let early = ended(record.stopped, runs, record.runs_requested, "run");
    blocks.extend(early.map(Block::words));
    if runs == 0 {
        return blocks;
    }
    let speed = record.runs_per_second.map(|speed| match speed {
        million if million >= 1e6 => format!("{} million", short(million / 1e6)),
        other => decimal(other.round()),
    });
    let speed = speed.map_or_else(String::new, |speed| format!(" ({speed}/s)"));
    let all = format!("{}{speed}", plural(runs, "run"));
    let judged = record.outcomes.iter().any(|one| one.end.correct.is_some());
    blocks.push(
        match (record.runs_wrong_share, record.runs_wrong_interval) {
            (Some(share), Some([low, high])) if record.runs_wrong > 0 => {
                let words = format!("{} of {all} ended wrong", percent(share));
                let interval = format!(" (95% interval {}).", interval(low, high));
                Block::Words(Text::toned(Tone::Lost, words).and(interval))
            }
            _ if judged => {
                let most = rule_of_three(runs).map_or_else(String::new, fine_share);
                let words = format!("None of {all} ended wrong");
                let most = format!(": with 95% confidence, at most {most} of all runs do.");
                Block::Words(Text::toned(Tone::Good, words).and(most))
            }
            _ => Block::words(format!("{all}.")),
        },
    );
    for outcome in record.outcomes.iter().filter(|outcome| outcome.runs > 0) {
        if let Some(deadlock) = &outcome.end.deadlock {
            let label = label_of(record, outcome);
            blocks.push(Block::words(deadlock_sentence(&label, deadlock)));
        }
    }
    blocks.extend(missing(record).map(Block::words));
    for outcome in record.buffered() {
        let label = outcome_label(&outcome.end);
        blocks.push(Block::Words(Text::toned(
            Tone::Lost,
            format!(
                "Store buffers, not interleavings, give {label}: a load can overtake the same thread's \
                 earlier store."
            ),
        )));
    }
    for outcome in record.unexplained() {
        let label = outcome_label(&outcome.end);
        blocks.push(Block::Words(Text::toned(
            Tone::Lost,
            format!(
                "Nothing explains {label}: it is outside the model of this processor. This is a bug \
                 in miscount: please report it with the program."
            ),
        )));
    }
    if record.memory.is_none() {
        blocks.push(Block::words(
            "miscount has no model of this processor's memory; it compares with interleavings only.",
        ));
    }
    if record.has_given_up() {
        blocks.push(Block::words(
            "Livelock: for 50 ms all threads only waited or went round, or for 2 s they only let each other go on.",
        ));
    }
    let is_whole = |model: &Option<ModelRecord>| model.as_ref().is_none_or(|model| model.exhausted);
    if record.model.is_none() || ![&record.model, &record.model_tso].into_iter().all(is_whole) {
        blocks.push(Block::words(
            "Not every schedule was examined; other outcomes may be possible.",
        ));
    }
    blocks
}

/// Returns which outcomes are possible and have not been seen.
fn missing(record: &RaceRecord) -> Option<String> {
    let unseen = record.outcomes.iter().filter(|outcome| outcome.runs == 0);
    let labels: Vec<_> = unseen.map(|outcome| label_of(record, outcome)).collect();
    match labels.as_slice() {
        [] => None,
        [one] => Some(format!("Possible, but not seen: {one}.")),
        few if few.len() <= MOST_COMMANDS => {
            Some(format!("Possible, but not seen: {}.", few.join("; ")))
        }
        many => Some(format!(
            "{} are possible but were not seen.",
            plural(many.len() as u64, "outcome")
        )),
    }
}

/// Returns the commands to try next: for each wrong outcome the one that forces it.
fn commands(record: &RaceRecord) -> Vec<Block<'static>> {
    if record.subject.name.program.as_deref() == Some("-") {
        return Vec::new();
    }
    let name = record.subject.arguments();
    let outcomes = record.outcomes.iter();
    let wrong = worth_forcing(outcomes.map(|one| (&one.end, one.witness.as_deref())));
    let outcomes = || record.outcomes.iter();
    let buffered = |end: &EndRecord| outcomes().any(|one| one.end == *end && one.is_buffered());
    let forced = wrong.into_iter().map(|(end, witness)| {
        let label = label_among(end, outcomes().map(|outcome| &outcome.end));
        if buffered(end) {
            return (
                format!("See {label} step by step"),
                format!("miscount replay {name} --memory tso --schedule {witness} --steps"),
            );
        }
        (
            format!("Force {label}"),
            format!("miscount replay {name} --schedule {witness}"),
        )
    });
    let explore = (
        "Every schedule".to_string(),
        format!("miscount explore {name}"),
    );
    let wrong = outcomes().filter(|outcome| outcome.runs > 0 && outcome.end.correct == Some(false));
    let wrong = wrong.max_by_key(|outcome| outcome.runs);
    let mended = wrong.and_then(|outcome| mended(&record.subject, &outcome.end));
    forced
        .chain([explore])
        .chain(mended)
        .map(|(purpose, command)| Block::command(purpose, command))
        .collect()
}
