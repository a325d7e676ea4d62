//! What a census means, in sentences.

use super::census_rows::sum;
use super::document::Block;
use super::numbers::{abbreviated, bytes, duration, fine_share, grouped, plural};
use super::subject::waits;
use super::text::Text;
use crate::record::{CensusRecord, ReachRecord, Stop};
use crate::term::Tone;

/// The digits that a number of schedules has at most in a sentence.
const DIGITS: usize = 15;

/// A token longer than this is not a thing to type.
const LONG: usize = 400;

/// Returns what was counted and what that proves, or what is known where not all was counted.
pub(super) fn verdict(record: &CensusRecord) -> Vec<Block<'static>> {
    match &record.schedules {
        Some(schedules) => vec![
            Block::Words(proven(record, schedules)),
            Block::words(counted(record, schedules)),
        ],
        None => uncounted(record),
    }
}

/// Returns what the search took.
fn effort_of(record: &CensusRecord) -> String {
    format!(
        "{}, {}, {}",
        plural(record.states, "state"),
        bytes(record.memory_bytes),
        duration(record.elapsed_ns as f64)
    )
}

fn counted(record: &CensusRecord, schedules: &str) -> String {
    let effort = effort_of(record);
    match schedules {
        "1" => format!("There is only one schedule ({effort})."),
        _ => format!(
            "All {} schedules were counted, none sampled ({effort}).",
            abbreviated(schedules, DIGITS)
        ),
    }
}

fn proven(record: &CensusRecord, schedules: &str) -> Text {
    let subject = &record.subject;
    if let [only] = record.outcomes.as_slice() {
        let size = subject.increments.map_or_else(String::new, |increments| {
            format!(" for {} × {}", subject.threads, grouped(increments))
        });
        return match (only.total.map(grouped), &only.deadlock) {
            (Some(total), _) if only.correct == Some(true) => Text::toned(
                Tone::Good,
                format!("Every schedule ends with {total}: proven{size}."),
            ),
            (Some(total), _) => format!("Every schedule ends with {total}.").into(),
            (None, deadlock) => {
                let waits = waits(deadlock.as_deref().unwrap_or_default());
                format!("Every schedule ends in a deadlock: {waits}.").into()
            }
        };
    }
    let mut sentences = Vec::new();
    sentences.extend(subject.expected.map(|expected| {
        let expected = grouped(expected);
        let mut outcomes = record.outcomes.iter();
        match outcomes.find(|outcome| outcome.correct == Some(true)) {
            Some(outcome) => format!(
                "{} of {} schedules ({}) {} with the correct {expected}.",
                abbreviated(&outcome.schedules, DIGITS),
                abbreviated(schedules, DIGITS),
                outcome.share.map_or_else(String::new, fine_share),
                end(&outcome.schedules),
            ),
            None => format!("No schedule ends with the correct {expected}."),
        }
    }));
    sentences.extend(others(record));
    sentences.extend(deadlocks(record));
    sentences.join(" ").into()
}

/// Returns the totals that are not correct, or all of them where none is.
fn others(record: &CensusRecord) -> Option<String> {
    let others = record
        .outcomes
        .iter()
        .filter(|outcome| outcome.correct != Some(true));
    let totals: Vec<u64> = others.filter_map(|outcome| outcome.total).collect();
    let (&least, &most) = (totals.first()?, totals.last()?);
    let lose = match record.subject.lost(least) {
        Some(_) => "lose updates and ",
        None => "",
    };
    let which = match record.subject.expected {
        Some(_) => "The others",
        None => "Schedules",
    };
    let range = match totals.len() as u64 {
        1 => grouped(least),
        2 if most - least > 1 => format!("{} or {}", grouped(least), grouped(most)),
        all => {
            let holes = if all == most - least + 1 {
                ""
            } else {
                "totals from "
            };
            format!("{holes}{} to {}", grouped(least), grouped(most))
        }
    };
    Some(format!("{which} {lose}end with {range}."))
}

fn deadlocks(record: &CensusRecord) -> Option<String> {
    let deadlocks = record
        .outcomes
        .iter()
        .filter(|outcome| outcome.deadlock.is_some());
    let first = deadlocks.clone().next()?.deadlock.as_ref()?;
    let all = sum(deadlocks.map(|outcome| outcome.schedules.as_str()));
    Some(format!(
        "{} {} in a deadlock: {}.",
        abbreviated(&all, DIGITS),
        end(&all),
        waits(first)
    ))
}

/// Returns the verb for a number of schedules.
fn end(schedules: &str) -> &'static str {
    if schedules == "1" { "ends" } else { "end" }
}

/// What is known where not every schedule was counted, and why they were not.
fn uncounted(record: &CensusRecord) -> Vec<Block<'static>> {
    let (known, stopped) = (known(record), stopped(record).into());
    // A proof leaves nothing open but their number; else it comes first that the search did not end.
    let parts = if is_proven(record) {
        [known, stopped]
    } else {
        [stopped, known]
    };
    parts.map(Block::Words).into()
}

/// Whether the program itself proves that every schedule ends with the same total.
fn is_proven(record: &CensusRecord) -> bool {
    let smallest = record.smallest.as_ref();
    smallest.is_some_and(|smallest| smallest.always)
}

/// Why not every schedule was counted.
fn stopped(record: &CensusRecord) -> String {
    let effort = effort_of(record);
    let why = match record.stopped {
        Some(Stop::Beyond) => {
            let states = match record.states_estimated {
                Some(states) => format!("at least {} states", abbreviated(&states.to_string(), 9)),
                None => "too many states".into(),
            };
            return if is_proven(record) {
                format!(
                    "How many schedules there are was not counted: there are {states} to look at."
                )
            } else {
                format!(
                    "Truncated: this size is beyond any search ({states}), so its schedules were \
                     not counted."
                )
            };
        }
        Some(Stop::States) => "at --max-states",
        Some(Stop::Memory) => "at --memory",
        Some(Stop::Timeout) => "at --timeout",
        Some(Stop::Interrupted) => "where it was interrupted",
        Some(Stop::Answered) | None => "with the answer",
    };
    let open = if is_proven(record) {
        "How many there are"
    } else {
        "How many end in which total"
    };
    format!(
        "Truncated: the search stopped {why}, when all schedules had been followed for {} \
         ({effort}). {open} is not known.",
        plural(record.layers, "step")
    )
}

/// Returns how far a rule reaches where there are other sizes.
fn any_size(record: &CensusRecord, before: &str) -> String {
    match record.subject.increments {
        Some(_) => format!("{before}for any size"),
        None => String::new(),
    }
}

/// What is known all the same.
fn known(record: &CensusRecord) -> Text {
    match &record.totals {
        Some(totals) if totals.from == totals.to => Text::toned(
            Tone::Good,
            format!(
                "Every schedule ends with {}: the program itself proves it{}.",
                grouped(totals.from),
                any_size(record, ", ")
            ),
        ),
        Some(totals) => format!(
            "Every total from {} to {} can come about, and no other: a rule gives a schedule for \
             each{}.",
            grouped(totals.from),
            grouped(totals.to),
            any_size(record, ", ")
        )
        .into(),
        None => followed(record).into(),
    }
}

/// What came of the schedules that were followed to their end.
fn followed(record: &CensusRecord) -> String {
    match record.reachable.as_deref().unwrap_or_default() {
        [] => String::new(),
        // Where a strategy is correct there is nothing else to be found.
        &[total] if Some(total) == record.subject.expected => format!(
            "All schedules that were followed to their end ended with the correct {}, which proves \
             nothing of the others.",
            grouped(total)
        ),
        [total] => format!(
            "The total {} can surely come about; there may be others.",
            grouped(*total)
        ),
        [least, .., most] => format!(
            "Some totals from {} to {} can surely come about; there may be others.",
            grouped(*least),
            grouped(*most)
        ),
    }
}

/// Returns the answer to `--reach`.
pub(super) fn answer(record: &CensusRecord, reach: &ReachRecord) -> Vec<Block<'static>> {
    let total = grouped(reach.total);
    match reach.possible {
        Some(true) => vec![Block::Words(possible(record, reach))],
        Some(false) => {
            let verdict = Text::toned(Tone::Strong, format!("{total} is impossible"));
            let effort = record.schedules.as_ref();
            let effort = effort.map_or_else(String::new, |_| format!(" ({})", effort_of(record)));
            let why = impossible(record);
            vec![Block::Words(verdict.and(format!(": {why}{effort}.")))]
        }
        None => {
            let unknown = format!("Whether {total} can come about is not known.");
            let mut blocks = vec![Block::words(unknown)];
            blocks.extend(uncounted(record));
            blocks
        }
    }
}

/// Why the total that was asked for is impossible.
fn impossible(record: &CensusRecord) -> String {
    match (&record.schedules, &record.smallest) {
        (Some(schedules), _) if schedules == "1" => "the only schedule was examined".into(),
        (Some(schedules), _) => format!(
            "all {} schedules were examined",
            abbreviated(schedules, DIGITS)
        ),
        (None, Some(smallest)) if smallest.always => format!(
            "every schedule ends with {}, which the program itself proves{}",
            grouped(smallest.total),
            any_size(record, " ")
        ),
        (None, Some(smallest)) => format!(
            "no schedule ends below {}, by a rule{}",
            grouped(smallest.total),
            any_size(record, " ")
        ),
        (None, None) => "by rule".into(),
    }
}

fn possible(record: &CensusRecord, reach: &ReachRecord) -> Text {
    let total = grouped(reach.total);
    let how = match (&reach.witness, reach.switches) {
        (Some(witness), Some(switches)) if witness.len() <= LONG => {
            let switches = plural(switches, "switch");
            format!(", with {switches} between threads: {witness}")
        }
        _ => ".".into(),
    };
    let found = record.outcomes.iter();
    let found = found.clone().find(|o| o.total == Some(reach.total));
    let many = match (found, &record.schedules) {
        (Some(outcome), Some(all)) => format!(
            "\n{} of {} schedules end so ({}).",
            abbreviated(&outcome.schedules, DIGITS),
            abbreviated(all, DIGITS),
            effort_of(record)
        ),
        _ => String::new(),
    };
    Text::toned(Tone::Strong, format!("{total} is possible")).and(how + &many)
}

/// What the columns mean.
pub(super) const COLUMNS: [(&str, &str); 2] = [
    (
        "witness",
        "A witness is a schedule: A is one step of thread A (a load, a store, a lock, ...), B8 are \
         eight of B, A- is all that A has left.",
    ),
    (
        "fair share",
        "Fair share: the chance when each step goes to a thread drawn evenly among those that can \
         move.",
    ),
];

/// Returns the commands to type next: the most telling schedule on real threads, a size that fits.
pub(super) fn commands(record: &CensusRecord) -> Vec<Block<'static>> {
    let subject = &record.subject;
    let arguments = subject.arguments();
    let replay = |schedule: &str| format!("miscount replay {arguments} --schedule {schedule}");
    let short = |token: &&str| token.len() <= LONG;
    let telling = record
        .wrong()
        .find(|outcome| outcome.total.is_none())
        .or_else(|| record.wrong().next());
    let smallest = record.smallest.as_ref().filter(|smallest| !smallest.always);
    let next = if let Some(reach) = &record.reach {
        let token = reach.witness.as_deref().filter(short);
        token.map(|token| ("Force it on real threads".to_string(), replay(token)))
    } else if let Some(outcome) = telling {
        let purpose = match outcome.total {
            Some(total) => format!("Force {} on real threads", grouped(total)),
            None => "Force the deadlock".into(),
        };
        let token = outcome.witness.as_deref().filter(short);
        token.map(|token| (purpose, replay(token)))
    } else if let Some(smallest) = smallest {
        let purpose = format!("Force {} on real threads", grouped(smallest.total));
        Some((purpose, replay("worst")))
    } else {
        let is_synced = subject
            .name
            .strategy
            .as_deref()
            .map(|name| name != "unsynced");
        let increments = subject.increments.filter(|_| record.schedules.is_some());
        increments
            .filter(|_| is_synced == Some(true))
            .map(|increments| {
                let threads = subject.threads;
                let command = format!("miscount explore unsynced -t {threads} -i {increments}");
                ("Without the synchronisation".into(), command)
            })
    };
    let closest = record.closest.as_ref().map(|closest| {
        let purpose = match record.stopped {
            Some(Stop::Beyond) => "The closest size that takes seconds",
            _ => "The closest size that fits",
        };
        (purpose.to_string(), closest.command.clone())
    });
    let commands = next.into_iter().chain(closest);
    commands
        .map(|(purpose, command)| Block::command(purpose, command))
        .collect()
}
