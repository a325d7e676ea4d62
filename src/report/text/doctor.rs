//! The text report on what races look like on this machine.

use super::super::numbers::{duration, grouped, nanoseconds, percent, roughly};
use super::bars;
use super::columns::{Column, columns};
use super::wrap::wrap;
use crate::report::record::counting::StopReason;
use crate::report::record::doctor::{DoctorRecord, Measurement};
use crate::term::{Page, Tone};

/// The report, each line ended by a line feed.
pub(in super::super) fn doctor(record: &DoctorRecord, page: &Page) -> String {
    let report = Report { record, page };
    let mut parts = vec![report.facts()];
    parts.push(report.lines());
    parts.extend(report.remedies());
    parts.extend(report.cut_short());
    if !page.quiet {
        parts.extend(report.findings());
    }
    parts.join("\n")
}

struct Report<'a> {
    record: &'a DoctorRecord,
    page: &'a Page,
}

impl Report<'_> {
    /// The machine, a fact a line.
    fn facts(&self) -> String {
        let environment = &self.record.environment;
        let machine = &self.record.machine;
        let count = |cores: Option<usize>| cores.map(|cores| cores.to_string());
        let unknown = || "not known".to_string();
        let mut cores = format!(
            "{} allowed, {} present",
            count(environment.cores).unwrap_or_else(unknown),
            count(machine.cores_present).unwrap_or_else(unknown),
        );
        if let Some(physical) = machine.cores_physical {
            cores += &format!(", on {physical} physical");
        }
        if let Some(quota) = machine.cores_quota {
            cores += &format!(", time for {quota}");
        }
        let signs = self.page.signs;
        let tick = format!("one tick is {}", duration(machine.tick_ns, signs));
        let pinning = if environment.pinned {
            "works"
        } else {
            "does not work"
        };
        let kind = match machine.virtual_machine {
            Some(true) => ", virtual",
            Some(false) | None => "",
        };
        let cpu = environment.cpu.as_deref().unwrap_or("processor not known");
        let name = format!("{cpu} ({} {}{kind})", environment.os, environment.arch);
        let others = machine.others_share.map_or_else(unknown, |share| {
            format!("{} of the cores' time", roughly(share))
        });
        let stolen = machine
            .stolen_share
            .filter(|&share| share > 0.0)
            .map_or_else(String::new, |share| {
                format!(", the host took {}", roughly(share))
            });
        [
            ("machine", name),
            ("cores", cores),
            ("pinning", pinning.into()),
            ("start line", environment.start_line.into()),
            ("clock", tick),
            ("others used", others + &stolen),
        ]
        .into_iter()
        .map(|(name, fact)| {
            let name = self.page.palette.paint(Tone::Faint, &format!("{name:<11}"));
            wrap(self.page, &format!("{name}  {fact}"))
        })
        .collect()
    }

    /// How the start lines compare.
    fn lines(&self) -> String {
        let (record, page) = (self.record, self.page);
        let lines: Vec<_> = record.start_lines().collect();
        let time = |ns: Option<u64>| {
            let text = ns.map_or_else(|| "-".into(), |ns| nanoseconds(ns, page.signs));
            (text, Tone::Plain)
        };
        let s = if record.threads == 1 { "" } else { "s" };
        let title = format!(
            "Each start line: how far apart {} thread{s} start{} (median and 99th percentile), \
             and how many runs of {} increments each lose updates",
            grouped(record.threads as u64),
            if s.is_empty() { "s" } else { "" },
            grouped(record.increments),
        );
        let skew = |line: &&Measurement| time(line.skew.map(|skew| skew.median_ns));
        let late = |line: &&Measurement| time(line.skew.map(|skew| skew.p99_ns));
        self.table(
            &title,
            &[
                Column::labels("start line", lines.iter().map(|line| self.name(line))),
                Column::labels("apart", lines.iter().map(skew)),
                Column::labels("99 %", lines.iter().map(late)),
                lost(&lines),
            ],
            &lines,
        )
    }

    /// What may help, with how much it does.
    fn remedies(&self) -> Option<String> {
        let remedies: Vec<_> = self.record.remedies().collect();
        if remedies.is_empty() {
            return None;
        }
        let flags = remedies
            .iter()
            .map(|remedy| (remedy.flags.to_string(), Tone::Plain));
        let first = Column::labels("flags", flags);
        Some(self.table(
            "What makes races easier to see",
            &[first, lost(&remedies)],
            &remedies,
        ))
    }

    fn name(&self, line: &Measurement) -> (String, Tone) {
        let usual = line.start_line == self.record.environment.start_line;
        let tone = if usual { Tone::Strong } else { Tone::Plain };
        (line.start_line.to_string(), tone)
    }

    fn table<const N: usize>(
        &self,
        title: &str,
        numbers: &[Column; N],
        rows: &[&Measurement],
    ) -> String {
        let words = rows.iter().map(|row| {
            let words = match row.runs {
                0 => "not measured".to_string(),
                1 => "of 1 run".to_string(),
                runs => format!("of {} runs", grouped(runs)),
            };
            (words, Tone::Plain)
        });
        let bar = |row: usize, width| {
            let share = rows[row].runs_lost_share.unwrap_or(0.0);
            // Padded, for it is not the last of its line.
            let drawn = bars::plain(self.page, width, share, Tone::Lost);
            let cells = bars::length(width, share);
            drawn + &" ".repeat(width - cells)
        };
        let drawn = columns(self.page, numbers, bar, &Column::text(words));
        let trimmed = drawn.lines().map(|line| format!("{}\n", line.trim_end()));
        format!(
            "{}{}",
            wrap(self.page, &format!("{title}:")),
            trimmed.collect::<String>()
        )
    }

    fn cut_short(&self) -> Option<String> {
        let text = match self.record.stopped {
            StopReason::Timeout => "Out of time: what is not shown was not measured.",
            StopReason::Interrupted => "Interrupted: what is not shown was not measured.",
            StopReason::Budget if self.record.threads > 2 => {
                "So many threads take so long here that not all was measured; ask for fewer."
            }
            StopReason::Budget => {
                "This machine is so busy that not all was measured; ask again later."
            }
            StopReason::Completed | StopReason::Found => return None,
        };
        Some(wrap(self.page, text))
    }

    fn findings(&self) -> impl Iterator<Item = String> {
        self.record.findings.iter().map(|finding| {
            let mut lines = wrap(self.page, &finding.text);
            if let Some(command) = &finding.command {
                let command = self.page.palette.paint(Tone::Command, command);
                lines += &wrap(self.page, &format!("Try: {command}"));
            }
            lines
        })
    }
}

/// The share of runs that lost updates.
fn lost(rows: &[&Measurement]) -> Column {
    let cells = rows.iter().map(|row| match row.runs_lost_share {
        Some(share) => (percent(share), tone(share)),
        None => ("-".into(), Tone::Faint),
    });
    Column::labels("lost", cells)
}

fn tone(share: f64) -> Tone {
    if share > 0.0 { Tone::Lost } else { Tone::Good }
}
