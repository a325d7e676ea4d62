//! The text report of runs with a wait group.

use super::super::numbers::{duration, grouped, interval, nanoseconds, percent, plural};
use super::bars;
use super::columns::{Column, columns};
use super::counting::MOST_LINES;
use super::histogram::{histogram, share, tone};
use super::spreads::{Row, spreads};
use super::wrap::wrap;
use crate::report::record::counting::StopReason;
use crate::report::record::waitgroup::{ReadRecord, WaitGroupRecord, WaitGroupRunRecord};
use crate::stats::rule_of_three;
use crate::term::{Page, Signs, Tone};

/// The report, each line ended by a line feed.
pub(in super::super) fn waitgroup(record: &WaitGroupRecord, page: &Page) -> String {
    let report = Report { record, page };
    let mut parts = Vec::new();
    if record.runs_completed > 0 {
        parts.push(report.title() + &report.runs());
        parts.push(report.verdicts() + &report.table());
    } else {
        parts.push(report.title() + &wrap(page, "No run was finished."));
    }
    let left = unfinished(record, page.signs).map(|text| wrap(page, &text));
    parts.extend(left);
    parts.extend(report.ending());
    if !page.quiet && (record.runs_completed > 0 || record.unfinished.is_some()) {
        parts.push(report.advice());
    }
    parts.join("\n")
}

/// Who was missing when a wait was given up.
pub(in super::super) fn unfinished(record: &WaitGroupRecord, signs: Signs) -> Option<String> {
    /// More names than this tell nothing more.
    const MOST_NAMED: usize = 20;
    let left = record.unfinished.as_ref()?;
    let named = &left.missing[..left.missing.len().min(MOST_NAMED)];
    let more = match left.missing.len() - named.len() {
        0 => String::new(),
        more => format!(" and {} more", grouped(more as u64)),
    };
    let whole = if left.actual == record.expected {
        ": every increment is there, and yet the wait did not return".to_string()
    } else {
        format!(" of {}", grouped(record.expected))
    };
    let who = if named.is_empty() {
        "nobody had been added".to_string()
    } else {
        format!("missing: {}{more}", named.join(", "))
    };
    Some(format!(
        "The wait was given up after {}; {who}. The counter was at {}{whole}.",
        nanoseconds(left.elapsed_ns, signs),
        grouped(left.actual)
    ))
}

struct Report<'a> {
    record: &'a WaitGroupRecord,
    page: &'a Page,
}

impl Report<'_> {
    fn title(&self) -> String {
        let (record, page) = (self.record, self.page);
        let mistake = record
            .mistake
            .map_or_else(String::new, |mistake| format!(" --mistake {mistake}"));
        let name = format!("waitgroup{mistake}");
        wrap(
            page,
            &format!(
                "{}: {} {} {}, {}, expected {}",
                page.palette.paint(Tone::Strong, &name),
                plural(record.threads as u64, "thread"),
                page.signs.times,
                plural(record.increments, "increment"),
                plural(record.runs_completed, "run"),
                grouped(record.expected),
            ),
        )
    }

    fn runs(&self) -> String {
        match &self.record.runs {
            Some(runs) if runs.len() <= MOST_LINES => self.run_lines(runs),
            _ => self.histograms(),
        }
    }

    /// A line a run: both totals, and a bar of the one that this is about.
    fn run_lines(&self, runs: &[WaitGroupRunRecord]) -> String {
        let after = |run: &WaitGroupRunRecord| (run.after_waiting, tone(run.missing_after_waiting));
        let before =
            |run: &WaitGroupRunRecord| (run.without_waiting, tone(run.missing_without_waiting));
        // Where the wait itself goes wrong, its total is the one to look at.
        let missing = |run: &WaitGroupRunRecord| match self.record.mistake {
            Some(_) => run.missing_after_waiting,
            None => run.missing_without_waiting,
        };
        let part = |run: &WaitGroupRunRecord| {
            share(self.record.expected - missing(run), self.record.expected)
        };
        let words = |run: &WaitGroupRunRecord| match missing(run) {
            0 => "complete".to_string(),
            _ => format!("{} missing", percent(1.0 - part(run))),
        };
        columns(
            self.page,
            &[
                Column::number("run", runs.iter().map(|run| (run.run, Tone::Plain))),
                Column::number("without waiting", runs.iter().map(before)),
                Column::number("after waiting", runs.iter().map(after)),
            ],
            |row, width| bars::counted_and_lost(self.page, width, part(&runs[row])),
            &Column::text(runs.iter().map(|run| (words(run), tone(missing(run))))),
        )
    }

    /// Totals and how many runs were read with each, at both moments.
    fn histograms(&self) -> String {
        let record = self.record;
        let one = |title: &str, read: &ReadRecord| {
            let rows = histogram(
                self.page,
                &read.distribution,
                record.expected,
                record.runs_completed,
            );
            wrap(self.page, &self.page.palette.paint(Tone::Strong, title)) + &rows
        };
        one("Read without waiting", &record.without_waiting)
            + "\n"
            + &one("Read after waiting", &record.after_waiting)
    }

    /// In how many runs each total was read too early, and how sure that is.
    fn verdicts(&self) -> String {
        let record = self.record;
        self.verdict("Without waiting", &record.without_waiting, true)
            + &self.verdict(
                "After waiting",
                &record.after_waiting,
                record.mistake.is_some(),
            )
    }

    /// Where nothing was missing, it may have been luck.
    fn verdict(&self, when: &str, read: &ReadRecord, luck: bool) -> String {
        let runs = self.record.runs_completed;
        let text = if read.runs_early == 0 {
            let words = format!(
                "{when} the total was complete in {} of {}",
                grouped(runs),
                plural(runs, "run")
            );
            let most = rule_of_three(runs)
                // Where nothing is to be counted nothing can be missing.
                .filter(|_| luck && self.record.expected > 0)
                .map_or_else(String::new, |most| {
                    format!(" (too early in at most {}, 95 % confidence)", percent(most))
                });
            format!("{}{most}.", self.page.palette.paint(Tone::Good, &words))
        } else {
            let were = if read.runs_early == 1 { "was" } else { "were" };
            let words = format!(
                "{when} {} of {} {were} read too early",
                grouped(read.runs_early),
                plural(runs, "run")
            );
            let share = read.runs_early_share.map_or_else(String::new, percent);
            let range = read
                .runs_early_interval
                .map_or_else(String::new, |[low, high]| interval(low, high));
            let missing = read.missing_share.map_or_else(String::new, percent);
            format!(
                "{} ({share}, 95 % interval {range}); {missing} of all increments were missing.",
                self.page.palette.paint(Tone::Lost, &words)
            )
        };
        wrap(self.page, &text)
    }

    fn table(&self) -> String {
        let record = self.record;
        let mut rows = Vec::new();
        for (title, read) in [
            ("without waiting", &record.without_waiting),
            ("after waiting", &record.after_waiting),
        ] {
            if read.runs_early > 0 {
                rows.push(Row::count(title, &read.actual));
            }
        }
        rows.push(Row::time("time", &record.elapsed_ns));
        spreads(self.page, &rows).unwrap_or_else(|| {
            let median = record.elapsed_ns.median.map_or_else(String::new, |median| {
                format!("median time {}", duration(median, self.page.signs))
            });
            wrap(self.page, &median)
        })
    }

    /// Why there are fewer runs than were asked for.
    fn ending(&self) -> Option<String> {
        let record = self.record;
        let why = match record.stopped {
            StopReason::Completed | StopReason::Budget | StopReason::Found => return None,
            StopReason::Timeout => "Out of time after",
            StopReason::Interrupted => "Interrupted after",
        };
        let done = record.runs_completed;
        let runs = record.runs_requested.map_or_else(
            || plural(done, "run"),
            |runs| format!("{} of {}", grouped(done), plural(runs, "run")),
        );
        let text = format!("{why} {runs}.");
        Some(wrap(self.page, &text))
    }

    /// What happened, and what to try next.
    fn advice(&self) -> String {
        let increments = match self.record.increments {
            // Nothing to count shows nothing.
            0 => 5000,
            increments => increments,
        };
        let shape = format!("-t {} -i {increments}", self.record.threads);
        let (text, purpose, flags) = match self.record.mistake {
            None => (
                "A thread that has been started is not yet done. Who reads at once gets what is \
                 there by then; who adds every thread to the group before it starts, and waits \
                 until each has said done, gets the total.",
                "Add too late",
                " --mistake add-inside",
            ),
            Some("add-inside") => (
                "Each thread adds itself to the group, once it runs. Until the first has done so \
                 the group is empty, and to wait for nobody is over at once. Add before the thread \
                 is started.",
                "Forget to say done",
                " --mistake forget-done",
            ),
            Some(_) => (
                "One thread counts to its end and does not say done, so the wait would never end; \
                 only its timeout ends it. Say done where no way out of the thread leads around it \
                 (in Go: defer wg.Done()).",
                "As it should be",
                "",
            ),
        };
        let command = format!("miscount waitgroup{flags} {shape}");
        let command = self.page.palette.paint(Tone::Command, &command);
        wrap(self.page, text) + &wrap(self.page, &format!("{purpose}: {command}"))
    }
}
