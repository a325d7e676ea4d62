//! The text report of a counting experiment.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::super::counting::{Counting, Distinct, Ending, RunRecord, Spread};
use super::super::numbers::{decimal, duration, grouped, interval, percent};
use super::advice::advice;
use super::bars;
use super::columns::{Column, columns};
use super::wrap::wrap;
use crate::strategy::Strategy;
use crate::term::{Page, Tone};

/// The most runs that are shown one by one.
pub const MOST_LINES: usize = 20;

/// The most rows of a histogram.
const MOST_ROWS: u64 = 14;

/// The report, each line ended by a line feed.
pub fn counting(record: &Counting, strategy: &dyn Strategy, page: &Page) -> String {
    let report = Report { record, page };
    // Few blank lines: ten runs and their explanation fit on the 24 lines of a small terminal.
    let mut parts = if record.runs_completed > 0 {
        let runs = match &record.runs {
            Some(runs) if runs.len() <= MOST_LINES => report.run_lines(),
            _ => report.histogram(),
        };
        vec![report.title() + &runs, report.verdict() + &report.table()]
    } else {
        vec![report.title() + &wrap(page, "No run was finished.")]
    };
    parts.extend(report.readers());
    parts.extend(report.notes());
    if !page.quiet && record.runs_completed > 0 {
        let advice = advice(record, strategy);
        let mut lines = wrap(page, &advice.text);
        for (purpose, command) in advice.commands {
            let command = page.palette.paint(Tone::Command, &command);
            lines += &wrap(page, &format!("{purpose}: {command}"));
        }
        parts.push(lines);
    }
    parts.join("\n")
}

struct Report<'a> {
    record: &'a Counting,
    page: &'a Page,
}

impl Report<'_> {
    fn title(&self) -> String {
        let (record, page) = (self.record, self.page);
        let flags = if record.flags.is_empty() {
            String::new()
        } else {
            format!(" {}", record.flags)
        };
        let name = format!("{}{flags}", record.strategy);
        let (threads, increments) = (record.threads as u64, record.increments);
        wrap(
            self.page,
            &format!(
                "{}: {} {} {}, {}, expected {}",
                page.palette.paint(Tone::Strong, &name),
                plural(threads, "thread"),
                page.signs.times,
                plural(increments, "increment"),
                plural(record.runs_completed, "run"),
                grouped(record.expected),
            ),
        )
    }

    /// A line a run: number, total, lost, bar, verdict.
    fn run_lines(&self) -> String {
        let runs = self.record.runs.as_deref().unwrap_or_default();
        let part = |run: &RunRecord| share(run.actual, self.record.expected);
        let verdict = |run: &RunRecord| match run.lost {
            0 => "correct".to_string(),
            _ => format!("{} lost", percent(1.0 - part(run))),
        };
        columns(
            self.page,
            &[
                Column::number("run", runs.iter().map(|run| (run.run, Tone::Plain))),
                Column::number("actual", runs.iter().map(|run| (run.actual, Tone::Plain))),
                Column::number("lost", runs.iter().map(|run| (run.lost, tone(run.lost)))),
            ],
            |row, width| bars::counted_and_lost(self.page, width, part(&runs[row])),
            &Column::text(runs.iter().map(|run| (verdict(run), tone(run.lost)))),
        )
    }

    /// A line for each total or range of totals.
    fn histogram(&self) -> String {
        let rows = rows(&self.record.distribution, self.record.expected);
        let most = rows.iter().map(|row| row.runs()).max().unwrap_or(1);
        let label = |row: &Distinct| {
            if row.from() == row.to() {
                grouped(row.from())
            } else {
                [grouped(row.from()), grouped(row.to())].join(self.page.signs.to)
            }
        };
        let tone = |row: &Distinct| tone(self.record.expected - row.to());
        let part = |row: &Distinct| {
            let part = percent(share(row.runs(), self.record.runs_completed));
            if row.from() == self.record.expected {
                part + ", correct"
            } else {
                part
            }
        };
        columns(
            self.page,
            &[
                Column::labels("actual", rows.iter().map(|row| (label(row), Tone::Plain))),
                Column::number("runs", rows.iter().map(|row| (row.runs(), Tone::Plain))),
            ],
            |row, width| {
                let row = &rows[row];
                bars::plain(self.page, width, share(row.runs(), most), tone(row))
            },
            &Column::text(rows.iter().map(|row| (part(row), tone(row)))),
        )
    }

    /// How many runs lost updates, and how sure that is.
    fn verdict(&self) -> String {
        let summary = &self.record.summary;
        let runs = self.record.runs_completed;
        let text = if summary.runs_lost == 0 {
            let all = match runs {
                1 => "The run was correct".to_string(),
                _ => format!("All {} runs were correct", grouped(runs)),
            };
            let words = format!("{all}: {}.", grouped(self.record.expected));
            self.page.palette.paint(Tone::Good, &words)
        } else {
            let range = summary
                .runs_lost_interval
                .map_or_else(String::new, |[low, high]| {
                    format!(", 95 % interval {}", interval(low, high))
                });
            let words = format!(
                "{} of {} lost updates",
                grouped(summary.runs_lost),
                plural(runs, "run")
            );
            let share = summary.runs_lost_share.map_or_else(String::new, percent);
            format!(
                "{} ({share}{range}).",
                self.page.palette.paint(Tone::Lost, &words)
            )
        };
        wrap(self.page, &text)
    }

    /// Least, median, mean, greatest and spread of totals and times.
    fn table(&self) -> String {
        let summary = &self.record.summary;
        let signs = self.page.signs;
        let count = |value: f64| decimal(value);
        let time = |value: f64| duration(value, signs);
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled)
            .set_header(["", "min", "median", "mean", "max", "std dev"]);
        let mut row = |title: &str, spread: &Spread, show: &dyn Fn(f64) -> String| {
            let whole = |value: Option<u64>| value.map(|value| value as f64);
            let values = [
                whole(spread.min),
                spread.median,
                spread.mean,
                whole(spread.max),
                spread.stddev,
            ];
            let cells = values.map(|value| value.map_or_else(|| "-".into(), show));
            table.add_row(std::iter::once(title.to_string()).chain(cells));
        };
        if summary.runs_lost > 0 {
            row("actual", &summary.actual, &count);
            row("lost", &summary.lost, &count);
        }
        row("time", &summary.elapsed_ns, &time);
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        let drawn = table.to_string();
        let lines = drawn.lines().map(str::trim_end);
        let mut text = String::new();
        if lines
            .clone()
            .all(|line| line.chars().count() <= self.page.width)
        {
            text += &lines.map(|line| format!("{line}\n")).collect::<String>();
        } else {
            text += &self.narrow_table();
        }
        text + &self.pace()
    }

    /// The medians alone, where the table is too wide.
    fn narrow_table(&self) -> String {
        let summary = &self.record.summary;
        let mut parts = Vec::new();
        if let (true, Some(median)) = (summary.runs_lost > 0, summary.lost.median) {
            parts.push(format!("median lost {}", decimal(median)));
        }
        if let Some(median) = summary.elapsed_ns.median {
            parts.push(format!("median time {}", duration(median, self.page.signs)));
        }
        wrap(self.page, &parts.join(", "))
    }

    fn pace(&self) -> String {
        let summary = &self.record.summary;
        let lost = summary.lost_share.filter(|_| summary.runs_lost > 0);
        let parts: Vec<String> = [
            lost.map(|share| format!("{} of all increments lost", percent(share))),
            summary
                .ns_per_increment
                .map(|ns| format!("{} an increment", duration(ns, self.page.signs))),
            summary
                .runs_per_second
                .map(|rate| format!("{} runs a second", decimal(rate.round()))),
        ]
        .into_iter()
        .flatten()
        .collect();
        wrap(self.page, &parts.join(", "))
    }

    /// What the readers saw.
    fn readers(&self) -> Option<String> {
        let readers = self.record.readers?;
        let claim = |count: u64, never: &str, often: &str| match count {
            0 => never.to_string(),
            count => format!("{} {often}", grouped(count)),
        };
        Some(wrap(
            self.page,
            &format!(
                "Readers: {} made {}, at most {} inside at once; {}; {}.",
                plural(readers.threads as u64, "thread"),
                plural(readers.reads, "read"),
                grouped(readers.most_inside),
                claim(
                    readers.with_writer,
                    "none was ever inside with a writer",
                    "times a reader was inside with a writer"
                ),
                claim(
                    readers.backwards,
                    "none saw the counter go backwards",
                    "reads saw the counter go backwards"
                ),
            ),
        ))
    }

    /// What the reader should know about the circumstances.
    fn notes(&self) -> Option<String> {
        let record = self.record;
        let mut notes = Vec::new();
        let why = match record.stopped {
            Ending::Completed | Ending::Budget => None,
            Ending::Found => Some("Stopped at the run that was waited for, after"),
            Ending::Timeout => Some("Out of time after"),
            Ending::Interrupted => Some("Interrupted after"),
        };
        if let Some(why) = why {
            let done = grouped(record.runs_completed);
            let of = record
                .runs_requested
                .map_or_else(String::new, |runs| format!(" of {}", grouped(runs)));
            notes.push(format!("{why} {done}{of} runs."));
        }
        if record.pinning_failed {
            notes
                .push("Note: the threads could not be pinned to cores, so runs may differ.".into());
        }
        (!notes.is_empty()).then(|| wrap(self.page, &notes.join(" ")))
    }
}

/// The rows of a histogram: few totals each by itself, many in ranges, but the expected total
/// always by itself.
fn rows(distribution: &[Distinct], expected: u64) -> Vec<Distinct> {
    if distribution.len() as u64 <= MOST_ROWS {
        return distribution.to_vec();
    }
    let (correct, lost): (Vec<Distinct>, Vec<Distinct>) = distribution
        .iter()
        .partition(|entry| entry.from() == expected);
    let (Some(low), Some(high)) = (
        lost.iter().map(|entry| entry.from()).min(),
        lost.iter().map(|entry| entry.to()).max(),
    ) else {
        return correct;
    };
    let width = ((high - low) / (MOST_ROWS - 1)).saturating_add(1);
    let mut rows: Vec<Distinct> = (0..=(high - low) / width)
        .map(|place| Distinct::Binned {
            from: low + place * width,
            to: (low + place * width).saturating_add(width - 1).min(high),
            runs: 0,
        })
        .collect();
    for entry in lost {
        let place = usize::try_from((entry.from() - low) / width).unwrap_or(usize::MAX);
        if let Distinct::Binned { runs, .. } = &mut rows[place] {
            *runs += entry.runs();
        }
    }
    rows.extend(correct);
    rows
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

fn tone(lost: u64) -> Tone {
    if lost == 0 { Tone::Good } else { Tone::Lost }
}

fn plural(count: u64, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{} {noun}{s}", grouped(count))
}
