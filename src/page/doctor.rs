//! The report on what races look like on this machine.

use super::document::{Block, Document, Section};
use super::made::made;
use super::numbers::{duration, grouped, nanoseconds, percent, plural, roughly};
use super::shares::tone;
use super::table::{Bar, Column, Table};
use super::text::Text;
use crate::record::{DoctorRecord, Measurement, StopReason};
use crate::term::Tone;

/// Returns the report of the measurements and of the findings.
pub fn doctor(record: &DoctorRecord) -> Document<'_> {
    let mut sections = vec![start_lines(record)];
    sections.extend(remedies(record));
    sections.extend(cut_short(record));
    for finding in &record.findings {
        let mut blocks = vec![Block::words(finding.text.as_str())];
        let command = finding.command.as_deref();
        blocks.extend(command.map(|command| Block::command("Try", command)));
        sections.push(Section::advice(blocks));
    }
    Document {
        headless: true,
        lead: vec![Block::Facts(facts(record))],
        made: made(&record.environment),
        ..Document::new("Races on this machine", sections)
    }
}

/// Returns the facts of the machine, one on each line.
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
    let cpu = environment.cpu.as_deref().unwrap_or("unknown processor");
    let name = format!("{cpu} ({} {}{kind})", environment.os, environment.arch);
    let tick = format!("one tick is {}", duration(machine.tick_ns));
    let others = machine.others_share.map(roughly);
    let mut others = others.map_or_else(unknown, |share| format!("{share} of the cores' time"));
    if let Some(stolen) = machine.stolen_share.filter(|&share| share > 0.0) {
        others += &format!(", the host took {}", roughly(stolen));
    }
    vec![
        ("machine", name.into()),
        ("cores", cores.into()),
        ("pinning", pinning.into()),
        ("start line", environment.start_line.clone().into()),
        ("clock", tick.into()),
        ("others used", others.into()),
    ]
}

/// Returns how the start lines compare.
fn start_lines(record: &DoctorRecord) -> Section<'static> {
    let lines: Vec<_> = record.start_lines().collect();
    let title = format!(
        "Start lines ({} × {} increments):",
        plural(record.threads as u64, "thread"),
        grouped(record.increments),
    );
    let name = |line: &&Measurement| {
        let usual = line.start_line == record.environment.start_line;
        let tone = if usual { Tone::Strong } else { Tone::Plain };
        (line.start_line.clone(), tone)
    };
    let time = |ns: Option<u64>| ns.map_or_else(|| "-".into(), nanoseconds);
    let columns = vec![
        Column::of("start line", &lines, name),
        Column::of("apart", &lines, |line| {
            time(line.skew.map(|skew| skew.median_ns))
        }),
        Column::of("99%", &lines, |line| {
            time(line.skew.map(|skew| skew.p99_ns))
        }),
    ];
    Section::new(title, [table(columns, &lines)])
}

/// Returns the flags that may show more races, with the share of runs that lost updates with them.
fn remedies(record: &DoctorRecord) -> Option<Section<'static>> {
    let remedies: Vec<_> = record.remedies().collect();
    let flags = Column::of("flags", &remedies, |remedy| remedy.flags.clone());
    let table = table(vec![flags], &remedies);
    (!remedies.is_empty()).then(|| Section::new("More races with:", [table]))
}

/// Returns a table of these columns and of how many runs lost updates.
fn table(mut columns: Vec<Column>, rows: &[&Measurement]) -> Block<'static> {
    let lost = Column::of("lost", rows, |row| match row.runs_lost_share {
        Some(share) => (percent(share), tone(row.runs_lost)),
        None => ("-".into(), Tone::Faint),
    });
    columns.push(lost);
    let runs = Column::of("runs", rows, |row| match row.runs {
        0 => "not measured".into(),
        runs => grouped(runs),
    });
    let shares = rows.iter().map(|row| row.runs_lost_share.unwrap_or(0.0));
    Block::Table(Table {
        columns,
        bars: shares.map(|share| Bar::Share(share, Tone::Lost)).collect(),
        words: Some(runs),
        aligned: true,
        ..Table::default()
    })
}

fn cut_short(record: &DoctorRecord) -> Option<Section<'static>> {
    let text = match record.stopped {
        StopReason::Timeout => "Timed out: missing rows were not measured.",
        StopReason::Interrupted => "Interrupted: missing rows were not measured.",
        StopReason::Budget if record.threads > 2 => {
            "Not everything was measured: this many threads take too long here. Use fewer."
        }
        StopReason::Budget => {
            "Not everything was measured: the machine is busy. Try again \
                               later."
        }
        StopReason::Completed | StopReason::Found => return None,
    };
    Some(Section::untitled([Block::words(text)]))
}
