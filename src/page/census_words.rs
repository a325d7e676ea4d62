//! What a census means, in sentences.

use super::census_rows::sum;
use super::document::Block;
use super::numbers::{abbreviated, bytes, duration, fine_share, grouped, plural};
use super::text::Text;
use crate::record::{CensusRecord, OutcomeRecord, ReachRecord, Stop, typed};
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
    let expected = grouped(record.expected);
    let size = format!("{} × {}", record.threads, grouped(record.increments));
    if let [only] = record.outcomes.as_slice() {
        return match only.total {
            Some(_) if only.correct => Text::toned(
                Tone::Good,
                format!("Every schedule ends with {expected}: proven for {size}."),
            ),
            Some(total) => format!("Every schedule ends with {}.", grouped(total)).into(),
            None => format!("Every schedule ends in a deadlock: {}.", waits(only)).into(),
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
    sentences.join(" ").into()
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

/// Returns which threads wait for what in a deadlock.
fn waits(outcome: &OutcomeRecord) -> String {
    let waits = outcome.deadlock.iter().flatten();
    let waits: Vec<String> = waits
        .map(|waiting| format!("{} waits for {}", waiting.thread, waiting.waits_for))
        .collect();
    waits.join("; ")
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

/// What is known all the same.
fn known(record: &CensusRecord) -> Text {
    match &record.totals {
        Some(totals) if totals.from == totals.to => Text::toned(
            Tone::Good,
            format!(
                "Every schedule ends with {}: the program itself proves it, for any size.",
                grouped(totals.from)
            ),
        ),
        Some(totals) => format!(
            "Every total from {} to {} can come about, and no other: a rule gives a schedule for \
             each, for any size.",
            grouped(totals.from),
            grouped(totals.to)
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
            "every schedule ends with {}, which the program itself proves for any size",
            grouped(smallest.total)
        ),
        (None, Some(smallest)) => format!(
            "no schedule ends below {}, by a rule for any size",
            grouped(smallest.total)
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
    let name = typed(record.strategy, &record.flags);
    let shape = format!("-t {} -i {}", record.threads, record.increments);
    let replay = |schedule: &str| format!("miscount replay {name} {shape} --schedule {schedule}");
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
    } else if record.schedules.is_some() && record.strategy != "unsynced" {
        let command = format!("miscount explore unsynced {shape}");
        Some(("Without the synchronisation".into(), command))
    } else {
        None
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
