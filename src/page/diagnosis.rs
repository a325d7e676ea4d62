//! Why races are easy or hard to see on this machine: words for what was measured, and nothing
//! that was not.

use super::numbers::{duration, grouped, nanoseconds, percent, roughly};
use crate::record::{DoctorRecord, Finding, Measurement, StopReason};
use crate::stats::rule_of_three;

/// From here on a share of runs that lose updates is plain to see.
const PLAIN: f64 = 0.5;

/// From here on a few runs show the race.
const SOME: f64 = 0.05;

/// One way is better than another when it is by this much, or else they are called alike.
const MARGIN: f64 = 0.05;

/// Others that use less than this share of the cores hardly matter.
const BUSY: f64 = 0.2;

/// So much time taken by the host is worth a word.
const STOLEN: f64 = 0.01;

/// Ticks longer than this are coarser than what is to be measured with them.
const COARSE_NS: f64 = 10.0;

/// Threads of the counting subcommands where nothing else is asked for.
const USUAL_THREADS: usize = 3;

/// What the record means: the verdict first, then the reasons, the weightiest first.
pub fn diagnose(record: &DoctorRecord) -> Vec<Finding> {
    let mut findings = vec![verdict(record)];
    findings.extend(
        [
            one_core,
            shared_cores,
            quota,
            not_pinned,
            hardware_threads,
            late_starts,
            start_lines,
            busy,
            stolen,
            virtual_machine,
            coarse_clock,
            usual_threads,
        ]
        .into_iter()
        .filter_map(|reason| reason(record)),
    );
    findings
}

fn finding(finding: &'static str, text: impl Into<String>) -> Finding {
    Finding {
        finding,
        text: text.into(),
        command: None,
    }
}

impl Finding {
    fn with(self, command: impl Into<String>) -> Self {
        Self {
            command: Some(command.into()),
            ..self
        }
    }
}

/// How easy it is to see a race.
fn verdict(record: &DoctorRecord) -> Finding {
    let usual = record.usual().filter(|usual| usual.runs > 0);
    let Some((usual, share)) = usual.and_then(|usual| Some((usual, usual.runs_lost_share?))) else {
        let nothing = finding(
            "nothing_measured",
            "There was no time to make a run, so nothing can be said of races here.",
        );
        return match record.stopped {
            StopReason::Budget if record.threads > 2 => nothing.with("miscount doctor -t 2"),
            _ => nothing,
        };
    };
    if record.threads == 1 {
        return finding(
            "one_thread",
            "A single thread has nobody to race with. Ask for two.",
        )
        .with("miscount doctor -t 2");
    }
    let shape = format!("-t {} -i {}", record.threads, record.increments);
    let runs = format!(
        "of runs of {} threads with {} increments each lost updates",
        grouped(record.threads as u64),
        grouped(record.increments)
    );
    let plain = format!("miscount unsynced {shape}");
    if share >= PLAIN {
        let text = format!(
            "Races are easy to see on this machine: {} {runs}.",
            percent(share)
        );
        return finding("easy", text).with(plain);
    }
    let (name, text) = if share >= SOME {
        let text = format!(
            "Races show in some runs on this machine: {} {runs}.",
            percent(share)
        );
        ("some", text)
    } else if share > 0.0 {
        let text = format!(
            "Races are hard to see on this machine: only {} {runs}.",
            percent(share)
        );
        ("hard", text)
    } else {
        let most = rule_of_three(usual.runs).map_or_else(String::new, |most| {
            // A share so small is told as "under" so much already.
            let at_most = if most < 0.000_1 { "" } else { "at most " };
            format!(" (so {at_most}{} do, with 95 % confidence)", percent(most))
        });
        let text = format!(
            "Races are hard to see on this machine: none of {} runs of {} threads with {} \
             increments each lost an update{most}.",
            grouped(usual.runs),
            grouped(record.threads as u64),
            grouped(record.increments),
        );
        ("none", text)
    };
    let Some((remedy, helped)) = helpful(record, share) else {
        let text = format!("{text} Many runs make up for it.");
        return finding(name, text).with(format!("{plain} --for 10s --until lost"));
    };
    let text = format!(
        "{text} What helps is {}: {} of runs lost updates with it.",
        remedy.flags,
        percent(helped)
    );
    finding(name, text).with(format!(
        "miscount unsynced -t {} {}",
        record.threads,
        with_increments(remedy)
    ))
}

/// The remedy that makes most of a difference, where one does.
fn helpful(record: &DoctorRecord, usual: f64) -> Option<(&Measurement, f64)> {
    let measured = record
        .remedies()
        .filter_map(|remedy| Some((remedy, remedy.runs_lost_share?)));
    greatest(measured.filter(|(_, share)| *share > usual + MARGIN))
}

/// The flags of the remedy, with the increments where they do not speak of them already.
fn with_increments(remedy: &Measurement) -> String {
    if remedy.flags.starts_with("-i ") {
        remedy.flags.into()
    } else {
        format!("-i {} {}", remedy.increments, remedy.flags)
    }
}

fn one_core(record: &DoctorRecord) -> Option<Finding> {
    if record.environment.cores != Some(1) || record.threads == 1 {
        return None;
    }
    let whose = match record.machine.cores_present {
        Some(present) if present > 1 => format!(
            "This program may use one core only, of {present} that there are (taskset and \
             containers do that; give it a second one if you can)."
        ),
        _ => "This program has one core only.".into(),
    };
    let text = format!(
        "{whose} Its threads take turns there, and a turn lasts thousands of times longer than a \
         short run: one must be interrupted just between its load and its store. --window yield \
         lets go of the core at that very place."
    );
    Some(finding("one_core", text).with(format!(
        "miscount unsynced -t {} --window yield",
        record.threads
    )))
}

fn shared_cores(record: &DoctorRecord) -> Option<Finding> {
    let cores = record.environment.cores.filter(|&cores| cores > 1)?;
    (record.threads > cores).then(|| {
        let text = format!(
            "{} threads share {cores} cores, so some take turns. Those on one core hardly race \
             with each other, and the start waits until all have had a turn. One thread for each \
             core races most, and starts soonest.",
            grouped(record.threads as u64)
        );
        finding("shared_cores", text).with(format!("miscount unsynced -t {cores}"))
    })
}

fn quota(record: &DoctorRecord) -> Option<Finding> {
    let quota = record.machine.cores_quota?;
    Some(finding(
        "quota",
        format!(
            "A quota (of a container, usually) leaves this program the time of {}. When it is used \
             up all threads stop at once, wherever they are; runs then take long, and some races \
             are missed.",
            if quota == 1 {
                "1 core".into()
            } else {
                format!("{quota} cores")
            }
        ),
    ))
}

fn not_pinned(record: &DoctorRecord) -> Option<Finding> {
    (!record.environment.pinned).then(|| {
        let cores = match record.environment.cores {
            None => " The system does not say which cores there are.",
            Some(_) => "",
        };
        finding(
            "not_pinned",
            format!(
                "Threads cannot be pinned to cores here.{cores} The system may put two of them on \
                 one core, where they take turns, and move them while they run; then a whole \
                 experiment shows no race, and the next one does. Repeat it, and hold the window \
                 open."
            ),
        )
        .with("miscount unsynced --window yield")
    })
}

fn hardware_threads(record: &DoctorRecord) -> Option<Finding> {
    let physical = record.machine.cores_physical?;
    let cores = record.environment.cores?;
    (physical < cores && record.threads > physical).then(|| {
        finding(
            "hardware_threads",
            format!(
                "The {cores} cores are hardware threads of {physical} physical {}. Two that share \
                 one share its cache too: they race, but each is slowed down by the other.",
                if physical == 1 { "core" } else { "cores" }
            ),
        )
    })
}

/// Threads that start later than the run is long.
fn late_starts(record: &DoctorRecord) -> Option<Finding> {
    let usual = record.usual()?;
    let (skew, elapsed) = (usual.skew?, usual.elapsed_median_ns?);
    let shared = record
        .environment
        .cores
        .is_none_or(|cores| record.threads > cores);
    (!shared && skew.median_ns > 0 && skew.median_ns.saturating_mul(2) > elapsed).then(|| {
        let time = |ns: u64| nanoseconds(ns);
        finding(
            "late_starts",
            format!(
                "The threads start {} apart, and a run lasts {}: one is nearly done before the \
                 other begins. Longer runs overlap.",
                time(skew.median_ns),
                time(elapsed)
            ),
        )
        .with(format!("miscount unsynced -t {} -i 100k", record.threads))
    })
}

/// Whether the default start line is the right one here.
fn start_lines(record: &DoctorRecord) -> Option<Finding> {
    let usual = record.usual()?;
    let share = usual.runs_lost_share?;
    let others = record
        .start_lines()
        .filter(|line| record.threads > 1 && line.start_line != usual.start_line)
        .filter_map(|line| Some((line, line.runs_lost_share?)));
    let (best, most) = greatest(others)?;
    if most > share + MARGIN {
        let text = format!(
            "The start line {} shows more than the usual one here: {} of runs lost updates, not {}.",
            best.start_line,
            percent(most),
            percent(share)
        );
        let command = format!(
            "miscount unsynced -t {} -i {} --start {}",
            record.threads, record.increments, best.start_line
        );
        return Some(finding("better_line", text).with(command));
    }
    let text = if share > most + MARGIN {
        format!(
            "The usual start line, {}, is the best one here: the next, {}, shows the race in {} of \
             runs.",
            usual.start_line,
            best.start_line,
            percent(most)
        )
    } else {
        format!(
            "The usual start line, {}, is as good here as any: the next, {}, shows the race in {} \
             of runs.",
            usual.start_line,
            best.start_line,
            percent(most)
        )
    };
    (share.max(most) > 0.0).then(|| finding("usual_line", text))
}

fn busy(record: &DoctorRecord) -> Option<Finding> {
    let share = record.machine.others_share.filter(|&share| share >= BUSY)?;
    Some(finding(
        "busy",
        format!(
            "Other programs used {} of the cores' time meanwhile. A thread that waits for its core \
             keeps the whole crew waiting, so there are fewer runs, and the figures vary. Close \
             what need not run, or measure for longer.",
            roughly(share)
        ),
    )
    .with("miscount unsynced --for 10s"))
}

fn stolen(record: &DoctorRecord) -> Option<Finding> {
    let share = record
        .machine
        .stolen_share
        .filter(|&share| share >= STOLEN)?;
    Some(finding(
        "stolen",
        format!(
            "The host of this virtual machine took {} of the cores' time for others. Nothing in \
             here can help that; measure for longer, or at another time.",
            roughly(share)
        ),
    )
    .with("miscount unsynced --for 10s"))
}

fn virtual_machine(record: &DoctorRecord) -> Option<Finding> {
    record.machine.virtual_machine.filter(|&is| is).map(|_| {
        finding(
            "virtual_machine",
            "This is a virtual machine: what it calls cores may be parts of a core, and may be \
             taken away for a moment. Single runs may be far slower than the rest; go by medians.",
        )
    })
}

fn coarse_clock(record: &DoctorRecord) -> Option<Finding> {
    let tick = record.machine.tick_ns;
    (tick > COARSE_NS).then(|| {
        finding(
            "coarse_clock",
            format!(
                "The clock that the threads start by ticks every {} only, so they cannot start \
                 closer together than that; what is shown as less is not known better. Longer runs \
                 make up for it.",
                duration(tick)
            ),
        )
        .with(format!("miscount unsynced -t {} -i 100k", record.threads))
    })
}

fn usual_threads(record: &DoctorRecord) -> Option<Finding> {
    let cores = record.environment.cores?;
    ((2..USUAL_THREADS).contains(&cores) && (2..=cores).contains(&record.threads)).then(|| {
        finding(
            "usual_threads",
            format!(
                "Unless told otherwise, the counting subcommands start {USUAL_THREADS} threads. On \
                 {cores} cores two of them take turns; -t {cores} gives each a core of its own."
            ),
        )
    })
}

/// The one with the greatest share, and the first of equals.
fn greatest<T>(all: impl Iterator<Item = (T, f64)>) -> Option<(T, f64)> {
    all.fold(None, |best, (item, share)| match best {
        Some((_, most)) if most >= share => best,
        _ => Some((item, share)),
    })
}
