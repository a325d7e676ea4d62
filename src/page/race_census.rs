//! The report of a census of a race program.

use super::census_rows::sum;
use super::census_words::{effort_of, end, meanings, number, stopped_race};
use super::document::{Block, Document, Section};
use super::map::strong;
use super::numbers::{abbreviated, fine_share, grouped, plural};
use super::player::of_census;
use super::sentences::{
    LONG, deadlock_sentence, forcing, label_among, mended, outcome_tone, subject_title,
    worth_forcing,
};
use super::table::{Bar, Column, Layout, Table};
use super::text::Text;
use crate::record::{
    CensusRecord, CensusVerdict, ClaimRecord, EndKind, OutcomeRecord, ReachRecord,
};
use crate::term::Tone;

/// The most outcomes that have a row each.
const MOST_ROWS: usize = 14;

/// The most digits of a number of schedules.
const DIGITS: usize = 12;

/// Returns the report of a census of a race program.
pub(super) fn race_census(record: &CensusRecord) -> Document<'_> {
    let mut sections = Vec::new();
    let lead;
    if let Some(reach) = &record.reach {
        lead = answer(record, reach);
    } else {
        lead = verdict(record);
        if !record.outcomes.is_empty() {
            sections.push(Section::untitled([Block::Table(table(record))]));
        }
        if !record.claims.is_empty() {
            let claims = Block::Table(claims(record));
            let heading = if record.condition.is_some() {
                "Condition"
            } else {
                "Claims"
            };
            sections.push(Section::new(strong(heading), [claims]));
        }
        sections.push(Section::advice([meanings(record)]));
    }
    sections.extend(of_census(record));
    sections.push(Section::advice(commands(record)));
    let title = subject_title(&record.subject, ", every schedule", &[]);
    Document {
        lead,
        ..Document::new(title, sections)
    }
}

/// Returns a row for each outcome, or for each of the first.
pub(super) fn table(record: &CensusRecord) -> Table<'static> {
    let outcomes = &record.outcomes;
    let shown = if outcomes.len() > MOST_ROWS {
        MOST_ROWS - 1
    } else {
        outcomes.len()
    };
    let (rows, others) = outcomes.split_at(shown);
    let share = |share: Option<f64>| share.map_or_else(String::new, fine_share);
    let mut columns = vec![
        Column::of("outcome", rows, |row| {
            let label = label_among(&row.end, outcomes.iter().map(|outcome| &outcome.end));
            (label, outcome_tone(&row.end))
        })
        .flush_left(),
        Column::of("", rows, |row| {
            let words = match row.end.correct {
                Some(true) => "correct",
                Some(false) => "wrong",
                None => "",
            };
            (words, outcome_tone(&row.end))
        }),
        Column::of("schedules", rows, |row| {
            row.schedules
                .as_deref()
                .map_or_else(String::new, |all| abbreviated(all, DIGITS))
        }),
        Column::of("share", rows, |row| share(row.share)),
        Column::of("fair share", rows, |row| share(row.fair_share)),
        Column::of("switches", rows, |row| {
            row.switches.map_or_else(String::new, grouped)
        }),
    ];
    let mut witness = Column::of("witness", rows, |row| row.witness.as_deref().unwrap_or(""));
    let mut bars: Vec<_> = {
        let of = |row: &OutcomeRecord| row.share.or(row.fair_share).unwrap_or(0.0);
        let most = rows
            .iter()
            .map(of)
            .fold(0.0, f64::max)
            .max(f64::MIN_POSITIVE);
        rows.iter()
            .map(|row| Bar::Share(of(row) / most, outcome_tone(&row.end)))
            .collect()
    };
    if !others.is_empty() {
        let sum = |share: fn(&OutcomeRecord) -> Option<f64>| {
            let sum: Option<f64> = others.iter().map(share).sum();
            sum.map_or_else(String::new, fine_share)
        };
        let more = format!("{} more", plural(others.len() as u64, "outcome"));
        let cells = [
            more,
            String::new(),
            String::new(),
            sum(|outcome| outcome.share),
            sum(|outcome| outcome.fair_share),
            String::new(),
        ];
        for (column, cell) in columns.iter_mut().zip(cells) {
            column.cells.push(cell.into());
        }
        witness.cells.push(String::new().into());
        bars.push(Bar::Share(0.0, Tone::Plain));
    }
    let widest = witness.cells.iter().map(|cell| cell.text.chars().count());
    let behind = widest.max().unwrap_or(0).max("witness".len()) + 2;
    let all: Vec<usize> = if record.endless {
        vec![0, 1, 4, 5]
    } else {
        vec![0, 1, 2, 3, 4, 5]
    };
    let layout = |leave: usize, behind| Layout {
        columns: all[..all.len() - leave].to_vec(),
        behind,
        shrinks: false,
    };
    let layouts =
        (0..=all.len() - 2).map(|leave| layout(leave, if leave < 2 { behind } else { 7 }));
    Table {
        columns,
        bars,
        words: Some(witness),
        layouts: layouts.collect(),
        ..Table::default()
    }
}

fn claims(record: &CensusRecord) -> Table<'static> {
    let claims = &record.claims;
    // Beside the outcomes under another model, a claim about sequential consistency says so.
    let text = |claim: &ClaimRecord| match &*claim.memory {
        "sc" if record.memory != "sc" => format!("{} under sc", claim.text),
        _ => claim.text.clone(),
    };
    let verdict = |claim: &ClaimRecord| match claim.holds {
        Some(true) => ("holds", Tone::Good),
        Some(false) => ("does not hold", Tone::Lost),
        None => ("not known", Tone::Faint),
    };
    let by = |claim: &ClaimRecord| claim.witness.clone().unwrap_or_default();
    Table {
        columns: vec![
            Column::of("", claims, text).flush_left(),
            Column::of("", claims, verdict).flush_left(),
        ],
        words: Some(Column::of("", claims, |claim| (by(claim), Tone::Faint))),
        ..Table::default()
    }
}

/// Returns what the census proves, and how much was examined for that.
fn verdict(record: &CensusRecord) -> Vec<Block<'static>> {
    let mut blocks = findings(record);
    let effort = effort_of(record);
    if record.verdict == CensusVerdict::Truncated {
        blocks.insert(0, Block::words(stopped_race(record)));
    } else {
        blocks.push(Block::words(match &record.schedules {
            Some(all) if all == "1" => format!("Only one schedule ({effort})."),
            Some(all) => {
                format!("All {} schedules counted ({effort}).", number(all))
            }
            None => format!(
                "Threads can spin, so schedules are endless: all states examined ({effort})."
            ),
        }));
    }
    blocks
}

/// Returns what the outcomes of the census say.
pub(super) fn findings(record: &CensusRecord) -> Vec<Block<'static>> {
    let mut blocks = Vec::new();
    let wrong: Vec<_> = record.wrong().collect();
    let is_complete = record.verdict == CensusVerdict::Exhausted && record.room.is_none();
    let is_judged = |outcome: &OutcomeRecord| outcome.end.correct.is_some();
    let judged = is_complete && record.outcomes.iter().any(is_judged);
    if wrong.is_empty() && judged {
        let condition = record.subject.expect.as_ref();
        let condition = condition.map_or_else(String::new, |expect| format!(" ({expect})"));
        let words = format!("Every schedule ends correctly{condition}: proven.");
        blocks.push(Block::Words(Text::toned(Tone::Good, words)));
    } else if judged {
        // Rounding must not hide that some are correct, nor that none is.
        let all_wrong = wrong.len() == record.outcomes.len();
        let share = |of: fn(&OutcomeRecord) -> Option<f64>| {
            let sum: Option<f64> = wrong.iter().map(|outcome| of(outcome)).sum();
            let most = 1.0 - f64::EPSILON;
            sum.map(|sum| if all_wrong { 1.0 } else { sum.min(most) })
        };
        let fair = share(|outcome| outcome.fair_share)
            .map(fine_share)
            .unwrap_or_default();
        let words = match share(|outcome| outcome.share).map(fine_share) {
            Some(all) => format!("{all} of schedules end wrong (fair share {fair})."),
            None => format!("Wrong ends have a fair share of {fair}."),
        };
        blocks.push(Block::Words(Text::toned(Tone::Lost, words)));
    }
    let is_silent = record.subject.expect.is_none() && record.condition.is_none();
    if is_silent && record.claims.is_empty() && wrong.is_empty() {
        let words = "The program does not say which outcomes are correct: add `expect CONDITION`.";
        blocks.push(Block::Words(Text::marked(words)));
    }
    if let Some(room) = record.room {
        blocks.push(Block::words(format!(
            "Threads can store again and again; the model holds at most {room} stores in a buffer. \
             Outcomes that need more are not found."
        )));
    }
    for outcome in &wrong {
        if let Some(deadlock) = &outcome.end.deadlock {
            let all = record.outcomes.iter().map(|outcome| &outcome.end);
            let label = label_among(&outcome.end, all);
            blocks.push(Block::words(deadlock_sentence(&label, deadlock)));
        }
    }
    if let Some(circle) = &record.circle {
        let threads = circle.threads.join(" and ");
        let (lead, round) = (&circle.lead, &circle.round);
        let after = if lead.is_empty() {
            String::new()
        } else {
            format!("After {lead}, ")
        };
        let sentence = if circle.certain {
            "Livelock: no thread makes progress."
        } else {
            "The threads can go round for ever although each gets its turn."
        };
        let go = if circle.threads.len() == 1 {
            "goes"
        } else {
            "go"
        };
        blocks.push(Block::words(format!(
            "{sentence} {after}{threads} {go} round: {round}, ..."
        )));
    }
    blocks
}

/// Returns the answer to `--reach`.
fn answer(record: &CensusRecord, reach: &ReachRecord) -> Vec<Block<'static>> {
    let asked = reach.condition.clone().unwrap_or_default();
    let effort = effort_of(record);
    let sentence = match (reach.possible, &reach.witness) {
        (Some(true), Some(witness)) => {
            let switches = plural(reach.switches.unwrap_or(0), "switch");
            let how = format!(", with {switches} between threads: {witness}");
            Text::toned(Tone::Strong, format!("{asked} is possible")).and(how)
        }
        (Some(true), None) => Text::toned(Tone::Strong, format!("{asked} is possible")).and("."),
        (Some(false), _) => {
            let why = match &record.schedules {
                Some(all) => {
                    let without = without_end(record);
                    format!(
                        ": all {} schedules examined{without} ({effort}).",
                        number(all)
                    )
                }
                None => format!(": all states examined ({effort})."),
            };
            Text::toned(Tone::Strong, format!("{asked} is impossible")).and(why)
        }
        (None, _) => {
            let why = match record.room.filter(|_| record.stopped.is_none()) {
                Some(room) => format!("store buffers with more than {room} stores were left out"),
                None => "the search ended early".into(),
            };
            format!("miscount could not determine whether {asked} is possible: {why}.").into()
        }
    };
    vec![Block::Words(sentence)]
}

/// Returns how many schedules have no values at their end, for which conditions of values do not hold.
fn without_end(record: &CensusRecord) -> String {
    let stuck = record.outcomes.iter();
    let stuck = stuck.filter(|outcome| outcome.end.kind == EndKind::Deadlock);
    let stuck: Vec<_> = stuck
        .filter_map(|outcome| outcome.schedules.as_deref())
        .collect();
    if stuck.is_empty() {
        return String::new();
    }
    let all = sum(stuck.into_iter());
    format!(", {} of which {} in a deadlock", number(&all), end(&all))
}

/// Returns the commands to try next.
fn commands(record: &CensusRecord) -> Vec<Block<'static>> {
    let name = record.subject.arguments();
    if record.subject.name.program.as_deref() == Some("-") {
        return Vec::new();
    }
    let ends = || record.outcomes.iter().map(|outcome| &outcome.end);
    let forced: Vec<_> = if let Some(reach) = &record.reach {
        let token = reach.witness.as_deref();
        let token = token.filter(|token| token.len() <= LONG);
        token
            .map(|token| ("it".to_string(), token))
            .into_iter()
            .collect()
    } else {
        let outcomes = record.outcomes.iter();
        let wrong = worth_forcing(outcomes.map(|one| (&one.end, one.witness.as_deref())));
        let what = |end| match label_among(end, ends()) {
            label if label != "deadlock" && end.kind == EndKind::Deadlock => label,
            _ => match end.kind {
                EndKind::Deadlock => "the deadlock",
                EndKind::Assertion | EndKind::Fault => "the failure",
                EndKind::Finished | EndKind::Livelock => "the wrong outcome",
            }
            .to_string(),
        };
        wrong
            .into_iter()
            .map(|(end, token)| (what(end), token))
            .collect()
    };
    let forced = forced.into_iter().map(|(what, token)| {
        let command = format!("miscount replay {name} --schedule {token} --steps");
        (forcing(record, &what), command)
    });
    let step = (
        "Choose every step".to_string(),
        format!("miscount step {name}"),
    );
    // What was asked for may be right.
    let is_meant = |outcome: &&OutcomeRecord| match &record.reach {
        Some(reach) => reach.witness.is_some() && outcome.witness == reach.witness,
        None => true,
    };
    let wrong = record.wrong().filter(is_meant);
    let wrong = wrong.min_by_key(|outcome| outcome.witness.as_ref().map(String::len));
    let mended = wrong.and_then(|outcome| mended(&record.subject, &outcome.end));
    let all = forced.chain([step]).chain(mended);
    all.map(|(purpose, command)| Block::command(purpose, command))
        .collect()
}
