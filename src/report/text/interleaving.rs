//! Steps on a page, a column for each thread.

use super::super::numbers::grouped;
use super::wrap::fit;
use crate::model::Label;
use crate::report::record::interleaving::{Gap, Happening, StepRecord};
use crate::term::{Page, Tone};

/// Columns narrower than this cannot hold an instruction; then all threads share one.
const LEAST_COLUMN: usize = 24;

/// Columns wider than this leave no room for what is said beside a step.
const MOST_COLUMN: usize = 26;

/// The interleaving, a column for each thread where there is room.
pub(in crate::report) fn interleaving(
    happenings: &[Happening],
    threads: usize,
    page: &Page,
) -> String {
    let numbers = happenings
        .iter()
        .filter_map(|happening| match happening {
            Happening::Step(step) => Some(grouped(step.step).len()),
            Happening::Gap(_) => None,
        })
        .max()
        .unwrap_or(1)
        .max(4);
    let column = page.width.saturating_sub(numbers + 4) / threads.max(1);
    let columns = (column >= LEAST_COLUMN).then_some(column.min(MOST_COLUMN));
    let mut heading = format!("{:>numbers$}  ", "step");
    if let Some(column) = columns {
        for thread in 0..threads {
            heading += &format!("  {:<1$}", Label(thread).to_string(), column - 2);
        }
    }
    let mut lines = fit(page, &page.palette.paint(Tone::Faint, heading.trim_end()));
    for happening in happenings {
        match happening {
            Happening::Step(step) => lines += &step_line(step, numbers, columns, page),
            Happening::Gap(Gap {
                steps_left_out,
                moves_left_out,
            }) => {
                let (count, what) = match (steps_left_out, moves_left_out) {
                    (Some(steps), _) => (*steps, "steps like these"),
                    (None, moves) => (moves.unwrap_or(0), "moves"),
                };
                let words = format!("{:>numbers$}  ... {} {what} ...", "", grouped(count));
                lines += &fit(page, &page.palette.paint(Tone::Faint, &words));
            }
        }
    }
    lines
}

fn step_line(step: &StepRecord, numbers: usize, columns: Option<usize>, page: &Page) -> String {
    let value = match (step.replaced, step.value) {
        (Some(before), Some(after)) => format!(" ({} -> {})", grouped(before), grouped(after)),
        (_, Some(value)) => format!(" ({})", grouped(value)),
        (_, None) => String::new(),
    };
    let mark = if step.switch { page.signs.switch } else { " " };
    let mut line = format!("{:>numbers$} {mark}", grouped(step.step));
    let words = format!("{}{value}", step.instruction);
    match columns {
        Some(column) => line += &format!("{}  {words}", " ".repeat(column * step.column)),
        None => line += &format!("  {}: {words}", step.thread),
    }
    if step.overwrites > 0 {
        let s = if step.overwrites == 1 { "" } else { "s" };
        let lost = format!("overwrites {} update{s}", grouped(step.overwrites));
        line += &format!("  {}", page.palette.paint(Tone::Lost, &lost));
    }
    fit(page, &line)
}
