//! What a census means, in sentences.

use super::super::numbers::{abbreviated, bytes, duration, fine_share, grouped, plural};
use super::census_rows::sum;
use super::wrap::wrap;
use crate::report::record::census::{CensusRecord, OutcomeRecord, ReachRecord, Stop};
use crate::term::{Page, Tone};

/// The digits that a number of schedules has at most in a sentence.
const DIGITS: usize = 15;

/// A token longer than this is not a thing to type.
const LONG: usize = 400;

/// What was counted and what that proves, or what is known where not all was counted.
pub(in super::super) fn verdict(record: &CensusRecord, page: &Page) -> String {
    let Some(schedules) = &record.schedules else {
        return uncounted(record, page);
    };
    let (counted, proven) = (
        counted(record, schedules, page),
        proven(record, schedules, page),
    );
    wrap(page, &proven) + &wrap(page, &counted)
}

fn wrap_some(page: &Page, text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        wrap(page, text)
    }
}

fn effort(record: &CensusRecord, page: &Page) -> String {
    format!(
        "{}, {}, {}",
        plural(record.states, "state"),
        bytes(record.memory_bytes),
        duration(record.elapsed_ns as f64, page.signs)
    )
}

fn counted(record: &CensusRecord, schedules: &str, page: &Page) -> String {
    let effort = effort(record, page);
    match schedules {
        "1" => format!("There is only one schedule ({effort})."),
        _ => format!(
            "All {} schedules were counted, none sampled ({effort}).",
            abbreviated(schedules, DIGITS)
        ),
    }
}

fn proven(record: &CensusRecord, schedules: &str, page: &Page) -> String {
    let expected = grouped(record.expected);
    let size = format!(
        "{} {} {}",
        record.threads,
        page.signs.times,
        grouped(record.increments)
    );
    if let [only] = record.outcomes.as_slice() {
        return match only.total {
            Some(_) if only.correct => page.palette.paint(
                Tone::Good,
                &format!("Every schedule ends with {expected}: proven for {size}."),
            ),
            Some(total) => format!("Every schedule ends with {}.", grouped(total)),
            None => format!("Every schedule ends in a deadlock: {}.", waits(only)),
        };
    }
    let correct = record.outcomes.iter().find(|outcome| outcome.correct);
    let mut sentences = vec![match correct {
        Some(outcome) => format!(
            "{} of {} schedules ({}) end with the correct {expected}.",
            abbreviated(&outcome.schedules, DIGITS),
            abbreviated(schedules, DIGITS),
            outcome.share.map_or_else(String::new, fine_share),
        ),
        None => format!("No schedule ends with the correct {expected}."),
    }];
    let totals: Vec<u64> = record.wrong().filter_map(|outcome| outcome.total).collect();
    if let (Some(least), Some(most)) = (totals.first(), totals.last()) {
        sentences.push(if least == most {
            format!("The others lose updates and end with {}.", grouped(*least))
        } else {
            let holes = totals.len() as u64 != most - least + 1;
            format!(
                "The others lose updates and end with {}{} to {}.",
                if holes { "totals from " } else { "" },
                grouped(*least),
                grouped(*most)
            )
        });
    }
    sentences.extend(deadlocks(record));
    sentences.join(" ")
}

fn deadlocks(record: &CensusRecord) -> Option<String> {
    let deadlocks: Vec<&OutcomeRecord> = record.wrong().filter(|o| o.total.is_none()).collect();
    let first = deadlocks.first()?;
    let all = sum(deadlocks.iter().map(|outcome| outcome.schedules.as_str()));
    let end = if all == "1" { "ends" } else { "end" };
    Some(format!(
        "{} {end} in a deadlock: {}.",
        abbreviated(&all, DIGITS),
        waits(first)
    ))
}

fn waits(outcome: &OutcomeRecord) -> String {
    let waits = outcome.deadlock.iter().flatten();
    let waits: Vec<String> = waits
        .map(|waiting| format!("{} waits for {}", waiting.thread, waiting.waits_for))
        .collect();
    waits.join("; ")
}

/// What is known where not every schedule was counted, and why they were not.
fn uncounted(record: &CensusRecord, page: &Page) -> String {
    let (known, stopped) = (known(record, page), stopped(record, page));
    // A proof leaves nothing open but their number; else it comes first that the search did not end.
    let parts = if is_proven(record) {
        [known, stopped]
    } else {
        [stopped, known]
    };
    parts.iter().map(|part| wrap_some(page, part)).collect()
}

/// Whether the program itself proves that every schedule ends with the same total.
fn is_proven(record: &CensusRecord) -> bool {
    let smallest = record.smallest.as_ref();
    smallest.is_some_and(|smallest| smallest.always)
}

/// Why not every schedule was counted.
fn stopped(record: &CensusRecord, page: &Page) -> String {
    let effort = effort(record, page);
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

/// What is known all the same.
fn known(record: &CensusRecord, page: &Page) -> String {
    match &record.totals {
        Some(totals) if totals.from == totals.to => page.palette.paint(
            Tone::Good,
            &format!(
                "Every schedule ends with {}: the program itself proves it, for any size.",
                grouped(totals.from)
            ),
        ),
        Some(totals) => format!(
            "Every total from {} to {} can come about, and no other: a rule gives a schedule for \
             each, for any size.",
            grouped(totals.from),
            grouped(totals.to)
        ),
        None => followed(record),
    }
}

/// What came of the schedules that were followed to their end.
fn followed(record: &CensusRecord) -> String {
    match record.reachable.as_deref().unwrap_or_default() {
        [] => String::new(),
        // Where a strategy is correct there is nothing else to be found.
        &[total] if total == record.expected => format!(
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

/// The answer to `--reach`.
pub(super) fn answer(record: &CensusRecord, page: &Page) -> String {
    let Some(reach) = &record.reach else {
        return String::new();
    };
    let total = grouped(reach.total);
    match reach.possible {
        Some(true) => wrap(page, &possible(record, reach, page)),
        Some(false) => {
            let why = match &record.schedules {
                Some(schedules) if schedules == "1" => "the only schedule was examined".into(),
                Some(schedules) => format!(
                    "all {} schedules were examined",
                    abbreviated(schedules, DIGITS)
                ),
                None => match &record.smallest {
                    Some(smallest) if smallest.always => format!(
                        "every schedule ends with {}, which the program itself proves for any size",
                        grouped(smallest.total)
                    ),
                    Some(smallest) => format!(
                        "no schedule ends below {}, by a rule for any size",
                        grouped(smallest.total)
                    ),
                    None => "by rule".into(),
                },
            };
            let verdict = page
                .palette
                .paint(Tone::Strong, &format!("{total} is impossible"));
            let effort = record
                .schedules
                .as_ref()
                .map_or_else(String::new, |_| format!(" ({})", effort(record, page)));
            wrap(page, &format!("{verdict}: {why}{effort}."))
        }
        None => {
            let unknown = format!("Whether {total} can come about is not known.");
            wrap(page, &unknown) + &uncounted(record, page)
        }
    }
}

fn possible(record: &CensusRecord, reach: &ReachRecord, page: &Page) -> String {
    let total = grouped(reach.total);
    let verdict = page
        .palette
        .paint(Tone::Strong, &format!("{total} is possible"));
    let how = match (&reach.witness, reach.switches) {
        (Some(witness), Some(switches)) if witness.len() <= LONG => {
            let switches = plural(switches, "switch");
            format!(", with {switches} between threads: {witness}")
        }
        _ => ".".into(),
    };
    let found = record
        .outcomes
        .iter()
        .find(|o| o.total == Some(reach.total));
    let many = match (found, &record.schedules) {
        (Some(outcome), Some(all)) => format!(
            "\n{} of {} schedules end so ({}).",
            abbreviated(&outcome.schedules, DIGITS),
            abbreviated(all, DIGITS),
            effort(record, page)
        ),
        _ => String::new(),
    };
    format!("{verdict}{how}{many}")
}

/// Which columns that need words of explanation are shown.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub(super) fair_share: bool,
    pub(super) witness: bool,
}

/// What the columns mean.
pub(super) fn explanation(shown: Shown) -> Option<String> {
    let witness = shown.witness.then_some(
        "A witness is a schedule: A is one step of thread A (a load, a store, a lock, ...), B8 are \
         eight of B, A- is all that A has left.",
    );
    let fair_share = shown.fair_share.then_some(
        "Fair share: the chance when each step goes to a thread drawn evenly among those that can \
         move.",
    );
    let sentences: Vec<&str> = witness.into_iter().chain(fair_share).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// The command to type next: the most telling schedule on real threads, or a size that fits.
pub(super) fn command(record: &CensusRecord, page: &Page) -> Option<String> {
    let name = [record.strategy, &record.flags].join(" ");
    let shape = format!("-t {} -i {}", record.threads, record.increments);
    let paint = |purpose: &str, command: &str| {
        let painted = page.palette.paint(Tone::Command, command);
        // On a line of its own where that keeps it in one piece, to be copied.
        if purpose.len() + 2 + command.len() <= page.width {
            format!("{purpose}: {painted}\n")
        } else {
            wrap(page, &format!("{purpose}:")) + &wrap(page, &painted)
        }
    };
    let replay = |schedule: &str| {
        format!(
            "miscount replay {} {shape} --schedule {schedule}",
            name.trim_end()
        )
    };
    let mut lines = Vec::new();
    let reached = record
        .reach
        .as_ref()
        .and_then(|reach| reach.witness.as_deref());
    let telling = record
        .wrong()
        .find(|outcome| outcome.total.is_none())
        .or_else(|| record.wrong().next());
    let short = |token: &&str| token.len() <= LONG;
    if let Some(token) = reached {
        if short(&token) {
            lines.push(paint("Force it on real threads", &replay(token)));
        }
    } else if record.reach.is_some() {
    } else if let Some(outcome) = telling {
        let purpose = match outcome.total {
            Some(total) => format!("Force {} on real threads", grouped(total)),
            None => "Force the deadlock".into(),
        };
        if let Some(token) = outcome.witness.as_deref().filter(short) {
            lines.push(paint(&purpose, &replay(token)));
        }
    } else if let Some(smallest) = record.smallest.as_ref().filter(|s| !s.always) {
        let purpose = format!("Force {} on real threads", grouped(smallest.total));
        lines.push(paint(&purpose, &replay("worst")));
    } else if record.schedules.is_some() && record.strategy != "unsynced" {
        let shape = format!("miscount explore unsynced {shape}");
        lines.push(paint("Without the synchronisation", &shape));
    }
    if let Some(closest) = &record.closest {
        let purpose = match record.stopped {
            Some(Stop::Beyond) => "The closest size that takes seconds",
            _ => "The closest size that fits",
        };
        lines.push(paint(purpose, &closest.command));
    }
    (!lines.is_empty()).then(|| lines.concat())
}
