//! The text report of a trace: who survived, who overwrote whom, and how it began.

mod steps;
mod strip;

use std::cmp::{Ordering, Reverse};

use super::super::numbers::{duration, grouped, percent, plural};
use super::advice::{Advice, Lucky};
use super::bars;
use super::columns::{Column, columns};
use super::wrap::{fit, wrap};
use crate::report::format::trace::TraceReport;
use crate::report::record::counting::StopReason;
use crate::report::record::explained::{Explained, label};
use crate::term::{Page, Tone};

/// The most threads that are shown one by one: those that lost most.
const MOST_THREADS: usize = 32;

/// The most pairs of threads that are listed where a matrix is too wide.
const MOST_PAIRS: usize = 10;

/// The report, each line ended by a line feed.
pub fn trace(report: &TraceReport<'_>, page: &Page) -> String {
    let text = Text { report, page };
    let mut parts = vec![text.title()];
    match &report.explained {
        None => parts.push(text.nothing()),
        Some(run) => {
            parts.push(text.summary(run));
            parts.extend(text.matrix(run));
            parts.extend(steps::first_lost(run, page));
            parts.extend(strip::strips(run, page));
        }
    }
    parts.extend(text.notes());
    parts.join("\n")
}

struct Text<'a> {
    report: &'a TraceReport<'a>,
    page: &'a Page,
}

impl Text<'_> {
    fn title(&self) -> String {
        let (record, page) = (&self.report.record, self.page);
        let name = format!("trace {} {}", record.strategy, record.flags);
        let run = record
            .run
            .map_or_else(String::new, |run| format!(", run {}", grouped(run)));
        wrap(
            page,
            &format!(
                "{}: {} {} {}, expected {}{run}",
                page.palette.paint(Tone::Strong, name.trim_end()),
                plural(record.threads as u64, "thread"),
                page.signs.times,
                plural(record.increments, "increment"),
                grouped(record.expected),
            ),
        )
    }

    /// There is no run to explain.
    fn nothing(&self) -> String {
        let done = match self.report.record.runs_completed {
            0 => "No run was finished.".to_string(),
            1 => "The one run that was finished lost no update.".to_string(),
            runs => format!("None of the {} runs lost an update.", grouped(runs)),
        };
        wrap(self.page, &done)
    }

    /// Survived and lost, in all and by thread.
    fn summary(&self, run: &Explained) -> String {
        let (actual, expected) = (run.lineage.actual(), run.lineage.expected());
        let lost = expected - actual;
        let palette = self.page.palette;
        let verdict = if lost == 0 {
            let words = format!("Actual {}: every increment survived.", grouped(actual));
            palette.paint(Tone::Good, &words)
        } else {
            let were = if lost == 1 { "was" } else { "were" };
            format!(
                "Actual {}: so many increments survived, {}.",
                grouped(actual),
                palette.paint(Tone::Lost, &format!("{} {were} lost", grouped(lost)))
            )
        };
        let mut fates: Vec<_> = run.per_thread().into_iter().enumerate().collect();
        if fates.len() > MOST_THREADS {
            fates.sort_by_key(|&(_, (_, lost))| Reverse(lost));
        }
        let shown = &fates[..fates.len().min(MOST_THREADS)];
        let counts = || shown.iter().map(|&(_, fate)| fate);
        let share = |(survived, lost): (u64, u64)| survived as f64 / (survived + lost) as f64;
        let words = |fate: (u64, u64)| match fate {
            (0, 0) => "no increments".to_string(),
            (_, 0) => "all survived".to_string(),
            _ => format!("{} lost", percent(1.0 - share(fate))),
        };
        let tone = |lost: u64| if lost == 0 { Tone::Good } else { Tone::Lost };
        let labels = shown
            .iter()
            .map(|&(thread, _)| (label(thread), Tone::Plain));
        let table = columns(
            self.page,
            &[
                Column::labels("thread", labels),
                Column::number("survived", counts().map(|fate| (fate.0, Tone::Plain))),
                Column::number("lost", counts().map(|fate| (fate.1, tone(fate.1)))),
            ],
            |row, width| match shown[row].1 {
                (0, 0) => String::new(),
                fate => bars::counted_and_lost(self.page, width, share(fate)),
            },
            &Column::text(counts().map(|fate| (words(fate), tone(fate.1)))),
        );
        let more = match fates.len() - shown.len() {
            0 => String::new(),
            more => wrap(
                self.page,
                &format!(
                    "and {} that lost no more",
                    plural(more as u64, "other thread")
                ),
            ),
        };
        format!(
            "{}\n{table}{more}{}",
            wrap(self.page, &verdict),
            self.streak(run)
        )
    }

    /// The store that overwrote the most.
    fn streak(&self, run: &Explained) -> String {
        let Some((by, streak)) = run.longest_streak() else {
            return String::new();
        };
        let when = duration(run.time(by) as f64, self.page.signs);
        let (before, after) = (run.count_before(by), run.read(by) + 1);
        let words = if streak == 1 {
            "No store overwrote more than one increment.".to_string()
        } else {
            let [from, to] = [before, after].map(|count| grouped(count.into()));
            let how = match after.cmp(&before) {
                Ordering::Less => format!("set the counter back from {from} to {to}"),
                Ordering::Equal => {
                    format!("had not seen them, and stored its own {to} over their {from}")
                }
                Ordering::Greater => {
                    format!("had not seen them, and stored {to}, counted without them, over {from}")
                }
            };
            format!(
                "The longest streak lost at one stroke: {}. Thread {} {how}, {when} after the start.",
                plural(streak, "increment"),
                run.label(by),
            )
        };
        format!("\n{}", wrap(self.page, &words))
    }

    /// Who overwrote whom.
    fn matrix(&self, run: &Explained) -> Option<String> {
        let pairs = run.overwritten();
        if pairs.is_empty() {
            return None;
        }
        let threads = run.log.threads;
        let cell = |by: u32, of: u32| {
            let pair = pairs.binary_search_by_key(&(by, of), |&(pair, _)| pair);
            pair.map_or(0, |place| pairs[place].1)
        };
        let heading = self
            .page
            .palette
            .paint(Tone::Faint, "Who overwrote how many increments of whom:");
        let mut text = wrap(self.page, &heading);
        let cell_width = pairs
            .iter()
            .map(|&(_, count)| grouped(count).len())
            .chain([label(threads as usize - 1).len() + 3])
            .max()
            .unwrap_or(0);
        let first = "A over".len().max(label(threads as usize - 1).len() + 5);
        if first + threads as usize * (cell_width + 2) <= self.page.width {
            let mut line = " ".repeat(first);
            for of in 0..threads {
                line += &format!("  {:>cell_width$}", format!("of {}", label(of as usize)));
            }
            text += &fit(self.page, &self.page.palette.paint(Tone::Faint, &line));
            for by in 0..threads {
                let mut line = format!("{:>first$}", format!("by {}", label(by as usize)));
                for of in 0..threads {
                    let count = cell(by, of);
                    let tone = if count == 0 { Tone::Faint } else { Tone::Lost };
                    let number = format!("{:>cell_width$}", grouped(count));
                    line += &format!("  {}", self.page.palette.paint(tone, &number));
                }
                text += &format!("{line}\n");
            }
        } else {
            let mut most = pairs.clone();
            most.sort_by_key(|&(_, count)| Reverse(count));
            for &((by, of), count) in most.iter().take(MOST_PAIRS) {
                let (by, of) = (label(by as usize), label(of as usize));
                text += &wrap(self.page, &format!("  {by} over {of}: {}", grouped(count)));
            }
            if most.len() > MOST_PAIRS {
                let more = (most.len() - MOST_PAIRS) as u64;
                text += &wrap(self.page, &format!("  and {} more", plural(more, "pair")));
            }
        }
        let caveat = "(What survived is exact. Who overwrote whom depends on the order of the \
                      stores, and where the values leave that open, the clock decides.)";
        text += &wrap(self.page, &self.page.palette.paint(Tone::Faint, caveat));
        Some(text)
    }

    /// What the reader should know about the circumstances, and what to try next.
    fn notes(&self) -> Option<String> {
        let record = &self.report.record;
        let mut notes = Vec::new();
        match record.stopped {
            StopReason::Timeout => notes.push("Out of time.".to_string()),
            StopReason::Interrupted => notes.push("Interrupted.".to_string()),
            StopReason::Completed | StopReason::Found | StopReason::Budget => {}
        }
        if record.pinning_failed {
            notes
                .push("Note: the threads could not be pinned to cores, so runs may differ.".into());
        }
        let mut lines: String = notes.iter().map(|note| wrap(self.page, note)).collect();
        if !self.page.quiet && record.run.is_some() {
            lines += &self.advice().lines(self.page);
        }
        (!lines.is_empty()).then_some(lines)
    }

    fn advice(&self) -> Advice {
        let (record, strategy) = (&self.report.record, self.report.strategy);
        let shape = format!("-t {} -i {}", record.threads, record.increments);
        if record.lost.is_some_and(|lost| lost > 0) {
            let name = [record.strategy, &record.flags].join(" ");
            let traced = format!("miscount trace {} {shape}", name.trim_end());
            return Advice {
                text: strategy.why().into(),
                commands: vec![("As a picture", format!("{traced} --svg trace.svg"))],
            };
        }
        if strategy.is_correct() {
            return Advice {
                text: strategy.why().into(),
                commands: vec![("Compare", format!("miscount trace unsynced {shape}"))],
            };
        }
        let mut advice = Lucky {
            program: "miscount trace",
            strategy,
            threads: record.threads,
            increments: record.increments,
            runs: record.runs_completed,
            cores: record.environment.cores,
        }
        .advice();
        if record.runs_completed > 1 {
            let runs = grouped(record.runs_completed);
            advice.text = format!("{} This is the last of {runs} runs.", advice.text);
        }
        advice
    }
}
