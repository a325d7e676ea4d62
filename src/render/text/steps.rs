//! Steps on a page, a column for each thread.

use textwrap::core::display_width;

use super::blocks::painted;
use super::wrap::{fit, wrap};
use crate::page::{LaneRow, Lanes, grouped, left_out, signed, step_remark, waits_at_end};
use crate::record::{Happening, StepRecord, WaitingRecord, label};
use crate::term::{Page, Tone, padded};

/// Narrower columns cannot hold an instruction; then all threads share one.
const LEAST_COLUMN: usize = 24;

/// Wider columns leave no room for the remark behind a step.
const MOST_COLUMN: usize = 26;

/// Returns a schedule step by step, with a column for each thread if there is room.
pub(super) fn steps(
    happenings: &[Happening],
    threads: usize,
    waiting: &[WaitingRecord],
    page: &Page,
) -> String {
    let numbers = happenings.iter().map(|happening| match happening {
        Happening::Step(step) => grouped(step.step).len(),
        Happening::Gap(_) => 0,
    });
    let numbers = numbers.fold("step".len(), usize::max);
    let column = page.width.saturating_sub(numbers + 4) / threads.max(1);
    let columns = (column >= LEAST_COLUMN).then_some(column.min(MOST_COLUMN));
    let mut heading = format!("{:>numbers$}  ", "step");
    if let Some(column) = columns {
        for thread in 0..threads {
            heading += &format!("  {:<1$}", label(thread), column - 2);
        }
    }
    let faint = |words: &str| fit(page, &page.palette.paint(Tone::Faint, words.trim_end()));
    let mut lines = faint(&heading);
    for happening in happenings {
        lines += &match happening {
            Happening::Step(step) => {
                let behind = columns.map(|column| numbers + 4 + column * threads);
                step_line(step, numbers, columns, behind, page)
            }
            Happening::Gap(gap) => faint(&format!("{:>numbers$}  ... {} ...", "", left_out(gap))),
        };
    }
    for thread in waiting {
        let words = waits_at_end(thread, waiting);
        // Words that do not fit behind the start of their column end at the margin.
        let room = page.width.saturating_sub(numbers + 4 + words.len());
        let words = page.palette.paint(Tone::Lost, &words);
        let start = match columns {
            Some(column) => " ".repeat(room.min(column * thread.column())),
            None => format!("{}: ", thread.thread),
        };
        lines += &fit(page, &format!("{:numbers$}    {start}{words}", ""));
    }
    lines
}

/// Returns the line of a step. A remark begins `behind` all columns where there is room.
fn step_line(
    step: &StepRecord,
    numbers: usize,
    columns: Option<usize>,
    behind: Option<usize>,
    page: &Page,
) -> String {
    let value = match (step.replaced, step.value) {
        (Some(before), Some(after)) => format!(" ({} -> {})", signed(before), signed(after)),
        (_, Some(value)) => format!(" ({})", signed(value)),
        (_, None) => String::new(),
    };
    let mark = if step.switch { page.signs.switch } else { " " };
    let mut line = format!("{:>numbers$} {mark}", grouped(step.step));
    let words = format!("{}{value}", step.instruction);
    match columns {
        Some(column) => line += &format!("{}  {words}", " ".repeat(column * step.column())),
        None => line += &format!("  {}: {words}", step.thread),
    }
    if let Some(lost) = step_remark(step) {
        let behind = behind.filter(|behind| behind + lost.len() <= page.width);
        line = padded(&line, behind.unwrap_or(0).saturating_sub(2));
        line += &format!("  {}", page.palette.paint(Tone::Lost, &lost));
    }
    fit(page, &line)
}

/// Returns a recorded run step by step: remarks stand behind all columns or, if there is no room, on
/// a line of their own.
pub(super) fn lanes(of: &Lanes, page: &Page) -> String {
    let steps = || {
        of.rows.iter().filter_map(|row| match row {
            LaneRow::Step { time, step, .. } => Some((time, step)),
            LaneRow::Gap(_) => None,
        })
    };
    let times = steps().map(|(time, _)| display_width(time));
    let time_width = times.fold("time".len(), usize::max);
    let cells = steps().map(|(_, step)| display_width(&step.plain()));
    let cell_width = cells.fold(6, usize::max) + 2;
    let threads = of.threads.len();
    let narrow = time_width + 2 + threads * cell_width > page.width;
    let mut text = String::new();
    if !narrow {
        let mut heading = format!("{:>time_width$}", "time");
        for thread in &of.threads {
            heading += &format!("  {thread:<0$}", cell_width - 2);
        }
        text += &fit(page, &page.palette.paint(Tone::Faint, heading.trim_end()));
    }
    for row in &of.rows {
        let (time, thread, step, remark) = match row {
            LaneRow::Step {
                time,
                thread,
                step,
                remark,
            } => (time, thread, painted(step, page), remark),
            LaneRow::Gap(words) => {
                text += &wrap(page, &format!("{:>time_width$}  ({words})", ""));
                continue;
            }
        };
        let column = of.threads.iter().position(|name| name == thread);
        let column = column.filter(|_| !narrow);
        let indent = time_width + 2 + column.unwrap_or(0) * cell_width;
        let mut start = padded(&format!("{time:>time_width$}"), indent);
        if column.is_none() {
            start += &format!("{thread}: ");
        }
        start += &step;
        let behind = match column {
            Some(_) => time_width + 2 + threads * cell_width,
            None => display_width(&start) + 2,
        };
        if behind + display_width(remark) <= page.width {
            let line = padded(&start, behind) + remark;
            text += &fit(page, line.trim_end());
        } else {
            text += &fit(page, start.trim_end());
            text += &wrap(page, &format!("{:indent$}{remark}", ""));
        }
    }
    text
}
