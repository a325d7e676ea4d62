//! The text report of a counting experiment.

use super::super::numbers::{decimal, duration, grouped, interval, percent, plural};
use super::advice::advice;
use super::bars;
use super::columns::{Column, columns};
use super::histogram::{histogram, share, tone};
use super::readers::readers;
use super::spreads::{Row, spreads};
use super::wrap::wrap;
use crate::report::record::counting::{CountingRecord, RunRecord, StopReason};
use crate::strategy::Strategy;
use crate::term::{Page, Tone};

/// The most runs that are shown one by one.
pub const MOST_LINES: usize = 20;

/// The report, each line ended by a line feed.
pub fn counting(record: &CountingRecord, strategy: &dyn Strategy, page: &Page) -> String {
    let report = Report { record, page };
    // Few blank lines: ten runs and their explanation fit on the 24 lines of a small terminal.
    let mut parts = if record.runs_completed > 0 {
        let runs = match &record.runs {
            Some(runs) if runs.len() <= MOST_LINES => report.run_lines(),
            _ => histogram(
                page,
                &record.distribution,
                record.expected,
                record.runs_completed,
            ),
        };
        vec![report.title() + &runs, report.verdict() + &report.table()]
    } else {
        vec![report.title() + &wrap(page, "No run was finished.")]
    };
    parts.extend(
        record
            .readers
            .as_ref()
            .map(|seen| readers(seen, &record.distribution, page)),
    );
    parts.extend(report.notes());
    if !page.quiet && record.runs_completed > 0 {
        parts.push(advice(record, strategy).lines(page));
    }
    parts.join("\n")
}

struct Report<'a> {
    record: &'a CountingRecord,
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
        let mut rows = vec![Row::time("time", &summary.elapsed_ns)];
        if summary.runs_lost > 0 {
            rows.insert(0, Row::count("actual", &summary.actual));
            rows.insert(1, Row::count("lost", &summary.lost));
        }
        spreads(self.page, &rows).unwrap_or_else(|| self.narrow_table()) + &self.pace()
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

    /// What the reader should know about the circumstances.
    fn notes(&self) -> Option<String> {
        let record = self.record;
        let mut notes = Vec::new();
        let why = match record.stopped {
            StopReason::Completed | StopReason::Budget => None,
            StopReason::Found => Some("Stopped at the run that was waited for, after"),
            StopReason::Timeout => Some("Out of time after"),
            StopReason::Interrupted => Some("Interrupted after"),
        };
        if let Some(why) = why {
            let done = record.runs_completed;
            let runs = match record.runs_requested {
                Some(of) => format!("{} of {}", grouped(done), plural(of, "run")),
                None => plural(done, "run"),
            };
            notes.push(format!("{why} {runs}."));
        }
        if record.pinning_failed {
            notes
                .push("Note: the threads could not be pinned to cores, so runs may differ.".into());
        }
        (!notes.is_empty()).then(|| wrap(self.page, &notes.join(" ")))
    }
}
