//! The text report of a census.

use super::super::numbers::{abbreviated, fine_share, grouped};
use super::bars;
use super::census_rows::{Row, rows};
use super::census_words::{Shown, answer, command, explanation, verdict};
use super::columns::{Column, columns, has_room_for, width};
use super::wrap::wrap;
use crate::report::record::census::CensusRecord;
use crate::term::{Page, Tone};

/// A bar that is worth its place.
const FAIR_BAR: usize = 12;

/// The report, each line ended by a line feed.
pub(in super::super) fn census(record: &CensusRecord, page: &Page) -> String {
    let mut parts = vec![title(record, page)];
    if record.reach.is_some() {
        parts.push(answer(record, page));
    } else {
        let (table, shown) = table(record, page);
        if !record.outcomes.is_empty() {
            parts.push(table);
        }
        parts.push(verdict(record, page));
        if !page.quiet && !record.outcomes.is_empty() {
            parts.extend(explanation(shown).map(|text| wrap(page, &text)));
        }
    }
    if !page.quiet {
        parts.extend(command(record, page));
    }
    parts.join("\n")
}

fn title(record: &CensusRecord, page: &Page) -> String {
    let name = [record.strategy, &record.flags].join(" ");
    let name = page.palette.paint(Tone::Strong, name.trim_end());
    let s = |number: u64| if number == 1 { "" } else { "s" };
    let (threads, increments) = (record.threads as u64, record.increments);
    wrap(
        page,
        &format!(
            "{name}, every schedule: {} thread{} {} {} increment{}, expected {}",
            grouped(threads),
            s(threads),
            page.signs.times,
            grouped(increments),
            s(increments),
            grouped(record.expected)
        ),
    )
}

/// A line for each total, or each range of totals, and what is shown of it.
fn table(record: &CensusRecord, page: &Page) -> (String, Shown) {
    let rows = rows(&record.outcomes);
    let most = rows.iter().filter_map(|row| row.share).fold(0.0, f64::max);
    let digits = if page.width < 60 { 6 } else { 12 };
    let cells = |of: &dyn Fn(&Row) -> String| -> Vec<(String, Tone)> {
        rows.iter().map(|row| (of(row), Tone::Plain)).collect()
    };
    let toned = |of: &dyn Fn(&Row) -> String| -> Vec<(String, Tone)> {
        rows.iter().map(|row| (of(row), tone(row))).collect()
    };
    let share = |share: Option<f64>| share.map_or_else(String::new, fine_share);
    let label = |heading, cells: Vec<_>| Column::labels(heading, cells.into_iter());
    let total = || label("total", toned(&|row| row.label(page.signs)));
    let mark = || label("", toned(&|row| mark(row)));
    let schedules = || {
        let number = |row: &Row| abbreviated(&row.schedules, digits);
        label("schedules", cells(&number))
    };
    let shares = || label("share", cells(&|row| share(row.share)));
    let fair = || label("fair share", cells(&|row| share(row.fair_share)));
    let switches = || {
        let switches = |row: &Row| row.switches.map_or_else(String::new, grouped);
        label("switches", cells(&switches))
    };
    let witnessed = rows.iter().any(|row| row.witness.is_some());
    let witness = label(
        if witnessed { "witness" } else { "" },
        cells(&|row| row.witness.clone().unwrap_or_default()),
    );
    // From the richest to the barest: the first that leaves room for what stands behind it.
    let mut choices: Vec<(Vec<Column>, usize)> = Vec::new();
    if witnessed {
        let behind = FAIR_BAR + 2 + witness.width();
        let rich = vec![total(), mark(), schedules(), shares(), fair(), switches()];
        choices.push((rich, behind));
        let plain = vec![total(), mark(), schedules(), shares(), fair()];
        choices.push((plain, behind));
    }
    let plain = vec![total(), mark(), schedules(), shares(), fair()];
    choices.push((plain, FAIR_BAR));
    choices.push((vec![total(), mark(), schedules(), shares()], FAIR_BAR / 2));
    choices.push((vec![total(), mark(), schedules()], FAIR_BAR / 2));
    choices.push((vec![total(), schedules()], 0));
    let fits = |(columns, behind): &(Vec<Column>, usize)| width(columns) + behind <= page.width;
    let chosen = choices.iter().position(fits).unwrap_or(choices.len() - 1);
    let (chosen, _) = choices.swap_remove(chosen);
    let chosen: Vec<Column> = chosen.into_iter().filter(|c| c.width() > 0).collect();
    let shown = Shown {
        fair_share: chosen.iter().any(|column| column.heading() == "fair share"),
        witness: witnessed && has_room_for(&witness, &chosen, page),
    };
    let table = columns(
        page,
        &chosen,
        |row, width| {
            let row = &rows[row];
            let share = row.share.filter(|_| most > 0.0).map_or(0.0, |s| s / most);
            bars::plain(page, width, share, tone(row))
        },
        &witness,
    );
    (table, shown)
}

fn tone(row: &Row) -> Tone {
    if row.correct { Tone::Good } else { Tone::Lost }
}

fn mark(row: &Row) -> String {
    if row.correct { "correct" } else { "" }.into()
}
