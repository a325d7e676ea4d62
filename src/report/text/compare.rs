//! The text report of a comparison.

use super::super::numbers::{duration, grouped, percent, plural, short};
use super::bars;
use super::columns::{Column, columns, width};
use super::wrap::wrap;
use crate::report::record::compare::{ComparisonRecord, EntryRecord};
use crate::report::record::counting::StopReason;
use crate::strategy::ALL;
use crate::term::{Page, Tone};

/// What is wrong lost nothing all the same.
const LUCKY: &str = "by luck";

/// The report, each line ended by a line feed.
pub(in crate::report) fn compare(record: &ComparisonRecord, page: &Page) -> String {
    let report = Report { record, page };
    let mut parts = vec![report.title()];
    if record.entries.iter().all(|entry| entry.runs_completed == 0) {
        parts.push(wrap(page, "No run was finished."));
        parts.extend(report.notes());
        return parts.join("\n");
    }
    let table = if report.is_sweep() {
        report.scaling()
    } else {
        report.prices()
    };
    let signs = [page.signs.full, page.signs.lost];
    let has_bars = signs
        .iter()
        .any(|sign| table.contains(&sign.to_string().repeat(2)));
    parts.push(table);
    parts.extend(report.verdicts());
    parts.extend(report.notes());
    if !page.quiet {
        parts.push(report.explanation(has_bars));
    }
    parts.join("\n")
}

/// What there is to say of its totals, in a word or two.
pub(in crate::report) fn verdict(entry: &EntryRecord) -> &'static str {
    match (entry.correct, entry.runs_lost, entry.runs_completed) {
        (_, _, 0) => "-",
        (true, 0, _) => "yes",
        // One thread, or no increments: nobody to race with.
        (false, 0, _) if entry.threads == 1 || entry.expected == 0 => "yes",
        (false, 0, _) => LUCKY,
        _ => "no",
    }
}

struct Report<'a> {
    record: &'a ComparisonRecord,
    page: &'a Page,
}

impl Report<'_> {
    fn title(&self) -> String {
        let (record, page) = (self.record, self.page);
        let threads: Vec<_> = record.threads.iter().map(usize::to_string).collect();
        let s = if record.threads == [1] { "" } else { "s" };
        wrap(
            page,
            &format!(
                "{}: {} thread{s} {} {}, {} each",
                page.palette.paint(Tone::Strong, "compare"),
                threads.join(", "),
                page.signs.times,
                plural(record.increments, "increment"),
                plural(record.runs_requested, "run"),
            ),
        )
    }

    /// Whether there are several thread counts.
    fn is_sweep(&self) -> bool {
        self.record.threads.len() > 1
    }

    /// A line an entry, with its time as a bar: the shorter, the cheaper.
    fn prices(&self) -> String {
        let entries: Vec<_> = self.record.entries.iter().collect();
        let longest = entries.iter().filter_map(|entry| nanoseconds(entry));
        let longest = longest.fold(0.0, f64::max);
        let spread = |entry: &EntryRecord| {
            let ratio = entry.ratio.filter(|_| !entry.cheapest)?;
            Some([ratio.lower_quartile, ratio.upper_quartile].map(short))
                .map(|ends| ends.join(self.page.signs.to))
        };
        let name = column("strategy", &entries, |entry| Some(name(entry)));
        self.lines(
            &entries,
            vec![name.flush_left()],
            |entry| nanoseconds(entry).map_or(0.0, |ns| ns / longest),
            &column("quartiles", &entries, |entry| {
                Some(spread(entry).unwrap_or_default())
            }),
        )
    }

    /// A line an entry, the thread counts of a strategy together, with its speed as a bar: the
    /// longer, the faster, each strategy on a scale of its own.
    fn scaling(&self) -> String {
        let record = self.record;
        let per_count = record.entries.len() / record.threads.len();
        let entries: Vec<_> = (0..per_count)
            .flat_map(|first| record.entries.iter().skip(first).step_by(per_count))
            .collect();
        let of_first = |entry: &EntryRecord| {
            let first = Some(&entry.threads) == record.threads.first();
            Some(if first { name(entry) } else { String::new() })
        };
        let fastest = |entry: &EntryRecord| {
            let same = entries.iter().filter(|other| name(other) == name(entry));
            same.filter_map(|other| speed(other)).fold(0.0, f64::max)
        };
        self.lines(
            &entries,
            vec![
                column("strategy", &entries, of_first).flush_left(),
                column("threads", &entries, |entry| Some(entry.threads.to_string())),
            ],
            |entry| speed(entry).map_or(0.0, |speed| speed / fastest(entry)),
            &column("million/s", &entries, |entry| speed(entry).map(short)),
        )
    }

    /// The lines of a table that begin with these columns. What does not fit is left out.
    fn lines(
        &self,
        entries: &[&EntryRecord],
        mut shown: Vec<Column>,
        share: impl Fn(&EntryRecord) -> f64,
        words: &Column,
    ) -> String {
        let named = shown.len();
        shown.extend([
            column("correct", entries, |entry| Some(verdict(entry).into())),
            column("lost", entries, |entry| entry.lost_share.map(percent)),
            column("ns/incr", entries, |entry| nanoseconds(entry).map(short)),
            column("ratio", entries, |entry| {
                entry.ratio.map(|r| short(r.median))
            }),
        ]);
        // First the verdict, for the share says it too; then the ratio, then the share.
        for place in [named, named + 2, named] {
            if width(&shown) > self.page.width + 2 {
                shown.remove(place);
            }
        }
        columns(
            self.page,
            &shown,
            |row, width| bars::plain(self.page, width, share(entries[row]), tone(entries[row])),
            words,
        )
    }

    /// What is cheapest among the correct ones, and what is dearest.
    fn verdicts(&self) -> Option<String> {
        let record = self.record;
        let dear = if self.is_sweep() { "" } else { "dearest: " };
        let of = |threads: usize| {
            let correct = record.entries.iter();
            let correct = correct.filter(|e| e.threads == threads && e.correct && e.runs_lost == 0);
            let ratio = |entry: &EntryRecord| entry.ratio.map_or(0.0, |ratio| ratio.median);
            let cheapest = correct.clone().find(|entry| entry.cheapest)?;
            let price = duration(nanoseconds(cheapest)?, self.page.signs);
            // By the same times by which the cheapest is the cheapest.
            let time = |entry: &EntryRecord| nanoseconds(entry).unwrap_or(0.0);
            let dearest = correct.max_by(|one, other| time(one).total_cmp(&time(other)))?;
            let against = if dearest.cheapest || ratio(dearest) < 1.0 {
                String::new()
            } else {
                let times = short(ratio(dearest));
                format!("; {dear}{}, {times} times that", name(dearest))
            };
            let cheapest = self.page.palette.paint(Tone::Good, &name(cheapest));
            let who = match (self.is_sweep(), threads) {
                (false, _) => "Cheapest correct".to_string(),
                (true, 1) => "1 thread".to_string(),
                (true, threads) => format!("{threads} threads"),
            };
            Some(wrap(
                self.page,
                &format!("{who}: {cheapest}, {price}{against}."),
            ))
        };
        let verdicts: String = record
            .threads
            .iter()
            .filter_map(|&count| of(count))
            .collect();
        let heading = if self.is_sweep() {
            wrap(self.page, "Cheapest and dearest of the correct ones:")
        } else {
            String::new()
        };
        (!verdicts.is_empty()).then(|| heading + &verdicts)
    }

    /// What the numbers mean, and what to try next.
    fn explanation(&self, has_bars: bool) -> String {
        let mut sentences = vec![match (has_bars, self.is_sweep()) {
            (false, _) => "",
            (true, false) => "Bars: time of an increment; shorter is cheaper.",
            (true, true) => {
                "Bars: increments in a second, each strategy on a scale of its own; longer is \
                 faster."
            }
        }];
        sentences.push(
            "Times are medians over the runs, in nanoseconds (ns). A ratio compares a run with \
             that of the cheapest correct strategy in the same round; half of the rounds lie \
             between its quartiles.",
        );
        let wrong = self.names(|entry| entry.runs_lost > 0);
        let cost = match wrong.len() {
            0 => String::new(),
            1 => format!(
                "Whatever {} costs, it is no bargain: updates were lost.",
                wrong[0]
            ),
            _ => format!(
                "Whatever {} cost, they are no bargain: updates were lost.",
                wrong.join(" and ")
            ),
        };
        let lucky = self.names(|entry| verdict(entry) == LUCKY);
        let luck = if lucky.is_empty() {
            String::new()
        } else {
            format!("It is luck that {} lost nothing.", lucky.join(" and "))
        };
        sentences.extend([cost.as_str(), luck.as_str()]);
        sentences.retain(|sentence| !sentence.is_empty());
        let (purpose, command) = self.next(&lucky);
        let command = self.page.palette.paint(Tone::Command, &command);
        wrap(self.page, &sentences.join(" ")) + &wrap(self.page, &format!("{purpose}: {command}"))
    }

    /// What to type next, and what for.
    fn next(&self, lucky: &[String]) -> (&'static str, String) {
        let record = self.record;
        let again = self.again();
        if lucky.iter().any(|name| name == "unsynced") {
            let threads: Vec<_> = record.threads.iter().map(usize::to_string).collect();
            let shape = format!("-t {} -i 1k --window yield", threads.join(","));
            return ("Make it show", format!("{again} {shape}"));
        }
        let lost = record.entries.iter().rfind(|entry| entry.runs_lost > 0);
        match lost.or(record.entries.last()).filter(|_| self.is_sweep()) {
            Some(entry) => (
                "One of them alone",
                format!(
                    "miscount {} -t {} -i {}",
                    name(entry),
                    entry.threads,
                    entry.increments
                ),
            ),
            None => (
                "How they scale",
                format!("{again} -t 1,2,4 -i {}", record.increments),
            ),
        }
    }

    /// The command that compares the same strategies.
    fn again(&self) -> String {
        let (mut strategies, mut flags) = (Vec::new(), Vec::new());
        for entry in &self.record.entries {
            if !strategies.contains(&entry.strategy) {
                strategies.push(entry.strategy);
            }
            for flag in entry.flags.split("--").map(str::trim) {
                // No readers is what a comparison has by default.
                if !["", "readers 0"].contains(&flag) && !flags.contains(&flag) {
                    flags.push(flag);
                }
            }
        }
        if strategies.len() == ALL.len() {
            strategies.clear();
        }
        let flags = flags.iter().map(|flag| format!("--{flag}"));
        ["miscount", "compare"]
            .into_iter()
            .chain(strategies)
            .map(String::from)
            .chain(flags)
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The names of such entries, each once.
    fn names(&self, such: impl Fn(&EntryRecord) -> bool) -> Vec<String> {
        let mut names = Vec::new();
        for entry in self.record.entries.iter().filter(|entry| such(entry)) {
            let name = name(entry);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// What the reader should know about the circumstances.
    fn notes(&self) -> Option<String> {
        let record = self.record;
        let mut notes = Vec::new();
        let why = match record.stopped {
            StopReason::Completed | StopReason::Budget | StopReason::Found => None,
            StopReason::Timeout => Some("Out of time after"),
            StopReason::Interrupted => Some("Interrupted after"),
        };
        if let Some(why) = why {
            let done = grouped(record.runs_completed);
            let rounds = plural(record.runs_requested, "round");
            notes.push(format!("{why} {done} of {rounds}."));
        }
        if record.pinning_failed {
            notes
                .push("Note: the threads could not be pinned to cores, so runs may differ.".into());
        }
        (!notes.is_empty()).then(|| wrap(self.page, &notes.join(" ")))
    }
}

/// A column of what is known of each entry.
fn column(
    heading: &'static str,
    entries: &[&EntryRecord],
    cell: impl Fn(&EntryRecord) -> Option<String>,
) -> Column {
    let cells = entries.iter().map(|entry| {
        let tone = match heading {
            "correct" | "lost" => tone(entry),
            _ => Tone::Plain,
        };
        (cell(entry).unwrap_or_else(|| "-".into()), tone)
    });
    Column::labels(heading, cells)
}

/// Its name and its flags, as they are typed.
pub(in crate::report) fn name(entry: &EntryRecord) -> String {
    format!("{} {}", entry.strategy, entry.flags)
        .trim_end()
        .into()
}

fn tone(entry: &EntryRecord) -> Tone {
    match entry.runs_lost {
        0 => Tone::Good,
        _ => Tone::Lost,
    }
}

/// The median time of an increment.
fn nanoseconds(entry: &EntryRecord) -> Option<f64> {
    entry.ns_per_increment.map(|ns| ns.median)
}

/// Million increments in a second.
fn speed(entry: &EntryRecord) -> Option<f64> {
    nanoseconds(entry).filter(|ns| *ns > 0.0).map(|ns| 1e3 / ns)
}
