//! The report on what races look like on this machine.

use super::document::{Block, Document, Section};
use super::numbers::{duration, grouped, nanoseconds, percent, roughly};
use super::table::{Bar, Column, Table};
use super::text::Text;
use crate::record::{DoctorRecord, Measurement, StopReason};
use crate::term::Tone;

/// Returns the report.
pub fn doctor(record: &DoctorRecord) -> Document<'_> {
    let mut sections = vec![start_lines(record)];
    sections.extend(remedies(record));
    sections.extend(cut_short(record));
    for finding in &record.findings {
        let mut blocks = vec![Block::words(finding.text.as_str())];
        let command = finding.command.as_ref();
        blocks.extend(command.map(|command| Block::command("Try", command.as_str())));
        sections.push(Section::untitled(vec![Block::Advice(blocks)]));
    }
    Document {
        title: "Races on this machine".into(),
        headless: true,
        lead: vec![Block::Facts(facts(record))],
        sections,
    }
}

/// The machine, a fact a line.
fn facts(record: &DoctorRecord) -> Vec<(&'static str, Text)> {
    let (environment, machine) = (&record.environment, &record.machine);
    let unknown = || "not known".to_string();
    let count = |cores: Option<usize>| cores.map_or_else(unknown, |cores| cores.to_string());
    let mut cores = format!(
        "{} allowed, {} present",
        count(environment.cores),
        count(machine.cores_present),
    );
    if let Some(physical) = machine.cores_physical {
        cores += &format!(", on {physical} physical");
    }
    if let Some(quota) = machine.cores_quota {
        cores += &format!(", time for {quota}");
    }
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
    vec![
        ("machine", name.into()),
        ("cores", cores.into()),
        ("pinning", pinning.into()),
        ("start line", environment.start_line.into()),
        (
            "clock",
            format!("one tick is {}", duration(machine.tick_ns)).into(),
        ),
        ("others used", (others + &stolen).into()),
    ]
}

/// How the start lines compare.
fn start_lines(record: &DoctorRecord) -> Section<'static> {
    let lines: Vec<_> = record.start_lines().collect();
    let threads = grouped(record.threads as u64);
    let start = match record.threads {
        1 => format!("{threads} thread starts"),
        _ => format!("{threads} threads start"),
    };
    let title = format!(
        "Each start line: how far apart {start} (median and 99th percentile), and how many runs of \
         {} increments each lose updates:",
        grouped(record.increments),
    );
    let name = |line: &&Measurement| {
        let usual = line.start_line == record.environment.start_line;
        let tone = if usual { Tone::Strong } else { Tone::Plain };
        (line.start_line, tone)
    };
    let time = |ns: Option<u64>| ns.map_or_else(|| "-".into(), nanoseconds);
    let skew = |line: &&Measurement| time(line.skew.map(|skew| skew.median_ns));
    let late = |line: &&Measurement| time(line.skew.map(|skew| skew.p99_ns));
    let columns = vec![
        Column::new("start line", lines.iter().map(name)),
        Column::new("apart", lines.iter().map(skew)),
        Column::new("99 %", lines.iter().map(late)),
    ];
    Section::new(title, vec![table(columns, &lines)])
}

/// What may help, with how much it does.
fn remedies(record: &DoctorRecord) -> Option<Section<'static>> {
    let remedies: Vec<_> = record.remedies().collect();
    if remedies.is_empty() {
        return None;
    }
    let flags = Column::new("flags", remedies.iter().map(|remedy| remedy.flags));
    let title = "What makes races easier to see:";
    Some(Section::new(title, vec![table(vec![flags], &remedies)]))
}

/// These columns, and how many runs lost updates.
fn table(mut columns: Vec<Column>, rows: &[&Measurement]) -> Block<'static> {
    let tone = |share: f64| {
        if share > 0.0 { Tone::Lost } else { Tone::Good }
    };
    let lost = rows.iter().map(|row| match row.runs_lost_share {
        Some(share) => (percent(share), tone(share)),
        None => ("-".into(), Tone::Faint),
    });
    columns.push(Column::new("lost", lost));
    let runs = rows.iter().map(|row| match row.runs {
        0 => "not measured".to_string(),
        1 => "of 1 run".to_string(),
        runs => format!("of {} runs", grouped(runs)),
    });
    let shares = rows.iter().map(|row| row.runs_lost_share.unwrap_or(0.0));
    Block::Table(Table {
        columns,
        bars: shares.map(|share| Bar::Share(share, Tone::Lost)).collect(),
        words: Some(Column::new("", runs)),
        aligned: true,
        ..Table::default()
    })
}

fn cut_short(record: &DoctorRecord) -> Option<Section<'static>> {
    let text = match record.stopped {
        StopReason::Timeout => "Out of time: what is not shown was not measured.",
        StopReason::Interrupted => "Interrupted: what is not shown was not measured.",
        StopReason::Budget if record.threads > 2 => {
            "So many threads take so long here that not all was measured; ask for fewer."
        }
        StopReason::Budget => "This machine is so busy that not all was measured; ask again later.",
        StopReason::Completed | StopReason::Found => return None,
    };
    Some(Section::untitled(vec![Block::words(text)]))
}
