//! The verdict of a census, in sentences.

use super::census_rows::sum;
use super::document::Block;
use super::numbers::{abbreviated, bytes, duration, fine_share, grouped, plural};
use super::sentences::{forcing, waits};
use super::text::Text;
use crate::record::{CensusRecord, ReachRecord, Stop};
use crate::term::Tone;

/// The most digits of a number of schedules in a sentence.
const DIGITS: usize = 15;

/// A longer token is not shown: it is too long to type.
const LONG: usize = 400;

/// Returns what the census proves, or what is known if not all schedules were counted.
pub(super) fn verdict(record: &CensusRecord) -> Vec<Block<'static>> {
    match &record.schedules {
        Some(schedules) => vec![
            Block::Words(proven(record, schedules)),
            Block::words(counted(record, schedules)),
        ],
        None => uncounted(record),
    }
}

/// Returns the states, the memory and the time that it took.
pub(super) fn effort_of(record: &CensusRecord) -> String {
    let by = ["", "by recurrence over "][usize::from(record.recurrence)];
    format!(
        "{by}{}, {}, {}",
        plural(record.states, "state"),
        bytes(record.memory_bytes),
        duration(record.elapsed_ns as f64)
    )
}

fn counted(record: &CensusRecord, schedules: &str) -> String {
    let effort = effort_of(record);
    if schedules == "1" {
        return format!("Only one schedule ({effort}).");
    }
    let all = number(schedules);
    format!("All {all} schedules counted ({effort}).")
}

fn proven(record: &CensusRecord, schedules: &str) -> Text {
    let subject = &record.subject;
    if let [only] = record.outcomes.as_slice() {
        let size = subject.increments;
        let size = size.map(|size| format!(" for {} × {}", subject.threads, grouped(size)));
        let size = size.unwrap_or_default();
        let every = "Every schedule ends";
        return match only.end.total.map(grouped) {
            Some(total) if only.end.correct == Some(true) => {
                Text::toned(Tone::Good, format!("{every} with {total}: proven{size}."))
            }
            Some(total) => format!("{every} with {total}.").into(),
            None => {
                let waits = waits(only.end.deadlock.as_deref().unwrap_or_default());
                format!("{every} in a deadlock: {waits}.").into()
            }
        };
    }
    let mut sentences = Vec::new();
    sentences.extend(subject.expected.map(|expected| {
        let expected = grouped(expected);
        let mut outcomes = record.outcomes.iter();
        match outcomes.find(|outcome| outcome.end.correct == Some(true)) {
            Some(outcome) => {
                let found = outcome.schedules.as_deref().unwrap_or_default();
                format!(
                    "{} of {} schedules ({}) {} correctly, with {expected}.",
                    number(found),
                    number(schedules),
                    outcome.share.map_or_else(String::new, fine_share),
                    end(found),
                )
            }
            None => format!("No schedule ends correctly, with {expected}."),
        }
    }));
    sentences.extend(others(record));
    sentences.extend(deadlocks(record));
    sentences.join(" ").into()
}

/// Returns the totals that are not correct, or all of them if none is.
fn others(record: &CensusRecord) -> Option<String> {
    let others = record.outcomes.iter();
    let others = others.filter(|outcome| outcome.end.correct != Some(true));
    let totals: Vec<u64> = others.filter_map(|outcome| outcome.end.total).collect();
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
        all if all == most - least + 1 => format!("{} to {}", grouped(least), grouped(most)),
        _ => format!("totals from {} to {}", grouped(least), grouped(most)),
    };
    Some(format!("{which} {lose}end with {range}."))
}

fn deadlocks(record: &CensusRecord) -> Option<String> {
    let deadlocks = record.outcomes.iter();
    let deadlocks = deadlocks.filter(|outcome| outcome.end.deadlock.is_some());
    let waits = waits(deadlocks.clone().next()?.end.deadlock.as_ref()?);
    let all = sum(deadlocks.filter_map(|outcome| outcome.schedules.as_deref()));
    let (number, end) = (number(&all), end(&all));
    Some(format!("{number} {end} in a deadlock: {waits}."))
}

/// Returns a number of schedules.
pub(super) fn number(schedules: &str) -> String {
    abbreviated(schedules, DIGITS)
}

/// Returns the verb for a number of schedules.
pub(super) fn end(schedules: &str) -> &'static str {
    if schedules == "1" { "ends" } else { "end" }
}

/// Returns what is known if not every schedule was counted, and why not.
fn uncounted(record: &CensusRecord) -> Vec<Block<'static>> {
    let mut parts = vec![Block::words(stopped(record)), Block::Words(known(record))];
    // If there is no proof, the first thing to say is that the search did not end.
    if is_proven(record) {
        parts.reverse();
    }
    parts
}

/// Returns whether the program itself proves that every schedule ends with the same total.
fn is_proven(record: &CensusRecord) -> bool {
    let smallest = record.smallest.as_ref();
    smallest.is_some_and(|smallest| smallest.always)
}

/// Returns where a search stopped.
fn stop_words(stopped: Option<Stop>) -> &'static str {
    match stopped {
        Some(Stop::States) => "at --max-states",
        Some(Stop::Memory) => "at --max-memory",
        Some(Stop::Timeout) => "at --timeout",
        Some(Stop::Interrupted) => "when interrupted",
        Some(Stop::Beyond) => "before it began",
        Some(Stop::Answered) | None => "with the answer",
    }
}

/// Returns why not every schedule was counted.
fn stopped(record: &CensusRecord) -> String {
    let effort = effort_of(record);
    let why = match record.stopped {
        Some(Stop::Beyond) => {
            let states = record.states_estimated.map(|states| states.to_string());
            let states = states.map_or_else(
                || "too many states".into(),
                |states| format!("at least {} states", abbreviated(&states, 9)),
            );
            return if is_proven(record) {
                format!("The schedules were not counted: there are {states}.")
            } else {
                format!("Truncated: this size is beyond any search ({states}).")
            };
        }
        why => stop_words(why),
    };
    let open = if is_proven(record) { "" } else { " per total" };
    let steps = plural(record.layers, "step");
    format!(
        "Truncated: the search stopped {why} after {steps} ({effort}). The number of \
         schedules{open} is unknown."
    )
}

/// Returns why not every schedule of a race program was counted.
pub(super) fn stopped_race(record: &CensusRecord) -> String {
    let why = stop_words(record.stopped);
    let effort = effort_of(record);
    format!("Truncated: the search stopped {why} ({effort}). There may be other outcomes.")
}

/// Returns the sizes for which a rule holds, if there are other sizes.
fn any_size(record: &CensusRecord, before: &str) -> String {
    match record.subject.increments {
        Some(_) => format!("{before}for any size"),
        None => String::new(),
    }
}

/// Returns what is known without counting every schedule.
fn known(record: &CensusRecord) -> Text {
    let Some(totals) = &record.totals else {
        return followed(record).into();
    };
    let [from, to] = [totals.from, totals.to].map(grouped);
    let size = any_size(record, ", ");
    if from == to {
        let words = format!(
            "Every schedule ends with {from}: proven from the program \
                             itself{size}."
        );
        return Text::toned(Tone::Good, words);
    }
    let rule = format!("each has a known schedule{size}");
    format!("Exactly the totals {from} to {to} are possible: {rule}.").into()
}

/// Returns the totals of the schedules that were followed to their end.
fn followed(record: &CensusRecord) -> String {
    match record.reachable.as_deref().unwrap_or_default() {
        [] => String::new(),
        // A correct strategy has no other total.
        &[total] if Some(total) == record.subject.expected => format!(
            "Every schedule followed to its end gave the correct {}; the others are unknown.",
            grouped(total)
        ),
        &[total] => {
            let total = grouped(total);
            format!("The total {total} is possible; others may be too.")
        }
        &[least, .., most] => {
            let totals = format!("Some totals from {} to {}", grouped(least), grouped(most));
            format!("{totals} are possible; others may be too.")
        }
    }
}

/// Returns the answer to `--reach`.
pub(super) fn answer(record: &CensusRecord, reach: &ReachRecord) -> Vec<Block<'static>> {
    let total = reach.total.map(grouped).unwrap_or_default();
    match reach.possible {
        Some(true) => vec![Block::Words(possible(record, reach))],
        Some(false) => {
            let verdict = Text::toned(Tone::Strong, format!("{total} is impossible"));
            let why = impossible(record, reach);
            vec![Block::Words(verdict.and(format!(": {why}.")))]
        }
        None => {
            let unknown = format!("miscount could not determine whether {total} is reachable.");
            let mut blocks = vec![Block::words(unknown)];
            blocks.extend(uncounted(record));
            blocks
        }
    }
}

/// Returns why the total that was asked for is impossible.
fn impossible(record: &CensusRecord, reach: &ReachRecord) -> String {
    let most = record
        .subject
        .expected
        .filter(|_| record.subject.increments.is_some());
    if let Some(most) = most.filter(|most| reach.total > Some(*most)) {
        let most = grouped(most);
        return format!("each increment adds 1, so no schedule ends above {most}");
    }
    if let Some(schedules) = &record.schedules {
        let examined = match schedules.as_str() {
            "1" => "the only schedule was examined".into(),
            _ => format!("all {} schedules examined", number(schedules)),
        };
        return format!("{examined} ({})", effort_of(record));
    }
    let Some(smallest) = &record.smallest else {
        return "by rule".into();
    };
    let (total, size) = (grouped(smallest.total), any_size(record, " "));
    if smallest.always {
        format!("every schedule ends with {total}, proven from the program itself{size}")
    } else {
        let last = grouped(smallest.total.saturating_sub(1));
        format!(
            "no schedule ends below {total}{size}: the last store adds 1 to a loaded value of at \
             least {last}"
        )
    }
}

fn possible(record: &CensusRecord, reach: &ReachRecord) -> Text {
    let total = reach.total.map(grouped).unwrap_or_default();
    let how = match (&reach.witness, reach.switches) {
        (Some(witness), Some(switches)) if witness.len() <= LONG => {
            let switches = plural(switches, "switch");
            format!(", with {switches} between threads: {witness}")
        }
        _ => ".".into(),
    };
    let mut found = record.outcomes.iter();
    let found = found.find(|outcome| outcome.end.total == reach.total);
    let found = found.and_then(|outcome| outcome.schedules.as_deref());
    let many = found.zip(record.schedules.as_deref()).map(|(found, all)| {
        let [many, all] = [found, all].map(number);
        format!(
            "\n{many} of {all} schedules end this way ({}).",
            effort_of(record)
        )
    });
    let possible = Text::toned(Tone::Strong, format!("{total} is possible"));
    possible.and(how + &many.unwrap_or_default())
}

/// The meanings of the columns.
const COLUMNS: [(&str, &str); 5] = [
    ("schedules", "Schedules: the interleavings that end so."),
    ("share", "Share: their part of all schedules."),
    (
        "witness",
        "Witness: a schedule with this total. A is one step of thread A, B8 eight of B, A- the \
         rest of A. A load is a step, a store is a step; the addition is not.",
    ),
    (
        "fair share",
        "Fair share: the chance if each step goes to a random thread.",
    ),
    ("switches", "Switches: the fewest it takes."),
];

/// Returns the meanings of the columns.
pub(super) fn meanings(record: &CensusRecord) -> Block<'static> {
    let deliveries = " The step a delivers the oldest store of A's store buffer to memory.";
    let is_program = record.subject.name.program.is_some();
    let words = COLUMNS.map(|(column, words)| {
        let words = if is_program {
            words.replace("this total", "this outcome")
        } else {
            words.to_owned()
        };
        let is_extended = column == "witness" && record.memory != "sc";
        let more = if is_extended { deliveries } else { "" };
        (column, format!("{words}{more}").into())
    });
    Block::Glossary(words.into())
}

/// Returns the commands to try next: a telling schedule on real threads, and a size that fits.
pub(super) fn commands(record: &CensusRecord) -> Vec<Block<'static>> {
    let subject = &record.subject;
    let arguments = subject.arguments();
    let replay = |schedule: &str| format!("miscount replay {arguments} --schedule {schedule}");
    let short = |token: &&str| token.len() <= LONG;
    // A deadlock tells more than a wrong total.
    let telling = record
        .wrong()
        .min_by_key(|outcome| outcome.end.total.is_some());
    let smallest = record.smallest.as_ref().filter(|smallest| !smallest.always);
    let reach = record.reach.as_ref();
    let next = if let Some(reach) = reach.filter(|reach| reach.possible != Some(false)) {
        let token = reach.witness.as_deref().filter(short);
        token.map(|token| (forcing(record, "it"), replay(token)))
    } else if let Some(outcome) = telling {
        let purpose = match outcome.end.total {
            Some(total) => forcing(record, &grouped(total)),
            None => forcing(record, "the deadlock"),
        };
        let token = outcome.witness.as_deref().filter(short);
        token.map(|token| (purpose, replay(token)))
    } else if let Some(smallest) = smallest {
        let purpose = forcing(record, &grouped(smallest.total));
        Some((purpose, replay("worst")))
    } else {
        let strategy = subject.name.strategy.as_deref();
        let is_synced = strategy.is_some_and(|name| name != "unsynced");
        let increments = subject.increments;
        let increments = increments.filter(|_| is_synced && record.schedules.is_some());
        increments.map(|increments| {
            let threads = subject.threads;
            let command = format!("miscount explore unsynced -t {threads} -i {increments}");
            ("Without synchronisation".into(), command)
        })
    };
    let closest = record.closest.as_ref().map(|closest| {
        let purpose = match record.stopped {
            Some(Stop::Beyond) => "A size that takes seconds",
            _ => "A size that fits",
        };
        (purpose.to_string(), closest.command.clone())
    });
    let commands = next.into_iter().chain(closest);
    commands
        .map(|(purpose, command)| Block::command(purpose, command))
        .collect()
}
