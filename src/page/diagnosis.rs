//! Findings on why races are easy or hard to see on this machine, from its measurements only.

use super::numbers::{duration, grouped, nanoseconds, noun, percent, roughly};
use crate::record::{DoctorRecord, Finding, Measurement, StopReason};
use crate::stats::rule_of_three;

/// From this share of runs with lost updates on, races are easy to see.
const PLAIN: f64 = 0.5;

/// From this share on, a few runs show the race.
const SOME: f64 = 0.05;

/// Shares that differ by less than this are called alike.
const MARGIN: f64 = 0.05;

/// Other programs that use a smaller share of the cores hardly matter.
const BUSY: f64 = 0.2;

/// A smaller share of time taken by the host is not worth a finding.
const STOLEN: f64 = 0.01;

/// Longer clock ticks are too coarse for the times that are measured.
const COARSE_NS: f64 = 10.0;

/// Returns the findings: the verdict first, then the reasons, the most important first.
pub fn diagnose(record: &DoctorRecord) -> Vec<Finding> {
    let reasons = [
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
    ];
    let reasons = reasons.iter().filter_map(|reason| reason(record));
    [verdict(record)].into_iter().chain(reasons).collect()
}

fn finding(finding: &'static str, text: impl Into<String>) -> Finding {
    Finding {
        finding: finding.into(),
        text: text.into(),
        command: None,
    }
}

impl Finding {
    fn with(self, command: impl Into<String>) -> Self {
        let command = Some(command.into());
        Self { command, ..self }
    }
}

/// Returns how easy it is to see a race.
fn verdict(record: &DoctorRecord) -> Finding {
    let usual = record.usual().filter(|usual| usual.runs > 0);
    let Some((usual, share)) = usual.and_then(|usual| Some((usual, usual.runs_lost_share?))) else {
        let text = "No run was finished, so nothing is known about races here.";
        let nothing = finding("nothing_measured", text);
        return match record.stopped {
            StopReason::Budget if record.threads > 2 => nothing.with("miscount doctor -t 2"),
            _ => nothing,
        };
    };
    if record.threads == 1 {
        let text = "A single thread cannot race; use two.";
        return finding("one_thread", text).with("miscount doctor -t 2");
    }
    let plain = format!(
        "miscount unsynced -t {} -i {}",
        record.threads, record.increments
    );
    let runs = format!(
        "runs of {} threads with {} increments lost",
        grouped(record.threads as u64),
        grouped(record.increments)
    );
    let lost = format!("{} of {runs} updates", percent(share));
    let hard = "Races show seldom here";
    let (name, text) = match share {
        PLAIN.. => {
            let text = format!("Races show easily here: {lost}.");
            return finding("easy", text).with(plain);
        }
        SOME.. => ("some", format!("Races show in some runs here: {lost}.")),
        0.0 => {
            let most = rule_of_three(usual.runs).map(|most| {
                // So small a share is written with "under" already.
                let at_most = if most < 0.000_1 { "" } else { "at most " };
                format!(" (so {at_most}{} do, with 95% confidence)", percent(most))
            });
            let (made, most) = (grouped(usual.runs), most.unwrap_or_default());
            let text = format!("{hard}: none of {made} {runs} an update{most}.");
            ("none", text)
        }
        _ => ("hard", format!("{hard}: only {lost}.")),
    };
    let Some((remedy, helped)) = helpful(record, share) else {
        let text = format!("{text} Make many runs.");
        return finding(name, text).with(format!("{plain} --for 10s --until lost"));
    };
    let (flags, helped) = (&remedy.flags, percent(helped));
    let text = format!("{text} With {flags}, {helped} of runs lost updates.");
    let increments = if flags.starts_with("-i ") {
        String::new()
    } else {
        format!("-i {} ", remedy.increments)
    };
    let command = format!(
        "miscount unsynced -t {} {increments}{flags}",
        record.threads
    );
    finding(name, text).with(command)
}

/// Returns the remedy that makes the greatest difference, if one does.
fn helpful(record: &DoctorRecord, usual: f64) -> Option<(&Measurement, f64)> {
    let remedies = record.remedies();
    let measured = remedies.filter_map(|remedy| Some((remedy, remedy.runs_lost_share?)));
    greatest(measured.filter(|(_, share)| *share > usual + MARGIN))
}

fn one_core(record: &DoctorRecord) -> Option<Finding> {
    if record.environment.cores != Some(1) || record.threads == 1 {
        return None;
    }
    let whose = match record.machine.cores_present {
        Some(present) if present > 1 => format!(
            "miscount may use only one of {present} cores (taskset or a container limits it); \
             allow a second one if you can."
        ),
        _ => "This machine has one core.".into(),
    };
    let text = format!(
        "{whose} A race shows only if a thread is interrupted between its load and its store; \
         --window yield yields the core there."
    );
    let command = format!("miscount unsynced -t {} --window yield", record.threads);
    Some(finding("one_core", text).with(command))
}

fn shared_cores(record: &DoctorRecord) -> Option<Finding> {
    let cores = record.environment.cores.filter(|&cores| cores > 1)?;
    let threads = grouped(record.threads as u64);
    let text =
        format!("{threads} threads share {cores} cores. Threads on the same core seldom race.");
    let finding = finding("shared_cores", text).with(format!("miscount unsynced -t {cores}"));
    (record.threads > cores).then_some(finding)
}

fn quota(record: &DoctorRecord) -> Option<Finding> {
    let quota = record.machine.cores_quota?;
    let cores = noun(quota as u64, "core");
    let text = format!(
        "A quota (usually a container's) limits miscount to the time of {quota} {cores}: some \
         runs take long, and some races are missed."
    );
    Some(finding("quota", text))
}

fn not_pinned(record: &DoctorRecord) -> Option<Finding> {
    let cores = match record.environment.cores {
        None => " The system does not list its cores.",
        Some(_) => "",
    };
    let text = format!(
        "Threads cannot be pinned to cores here.{cores} Two threads may share a core, so \
         results vary. Repeat, and widen the window."
    );
    let finding = finding("not_pinned", text).with("miscount unsynced --window yield");
    (!record.environment.pinned).then_some(finding)
}

fn hardware_threads(record: &DoctorRecord) -> Option<Finding> {
    let physical = record.machine.cores_physical?;
    let cores = record.environment.cores?;
    let noun = noun(physical as u64, "core");
    let text = format!(
        "The {cores} cores are hardware threads of {physical} physical {noun}, and slow each \
         other down."
    );
    let is_shared = physical < cores && record.threads > physical;
    is_shared.then(|| finding("hardware_threads", text))
}

/// Returns a finding if the threads start farther apart than half a run.
fn late_starts(record: &DoctorRecord) -> Option<Finding> {
    let usual = record.usual()?;
    let (skew, elapsed) = (usual.skew?.median_ns, usual.elapsed_median_ns?);
    let cores = record.environment.cores?;
    if record.threads > cores || skew == 0 || skew.saturating_mul(2) <= elapsed {
        return None;
    }
    let [skew, elapsed] = [skew, elapsed].map(nanoseconds);
    let text = format!(
        "The threads start {skew} apart, and a run lasts {elapsed}, so they barely overlap."
    );
    let command = format!("miscount unsynced -t {} -i 100k", record.threads);
    Some(finding("late_starts", text).with(command))
}

/// Returns how the default start line compares with the best of the others.
fn start_lines(record: &DoctorRecord) -> Option<Finding> {
    let usual = record.usual()?;
    let share = usual.runs_lost_share?;
    let others = record
        .start_lines()
        .filter(|line| record.threads > 1 && line.start_line != usual.start_line)
        .filter_map(|line| Some((line, line.runs_lost_share?)));
    let (best, most) = greatest(others)?;
    let (usual, best) = (&usual.start_line, &best.start_line);
    let [lost, best_lost] = [share, most].map(percent);
    if most > share + MARGIN {
        let text = format!(
            "The start line {best} shows more races here: {best_lost} of runs lost updates, not \
             {lost}."
        );
        let shape = format!("-t {} -i {}", record.threads, record.increments);
        let command = format!("miscount unsynced {shape} --start {best}");
        return Some(finding("better_line", text).with(command));
    }
    let how = if share > most + MARGIN {
        "the best here"
    } else {
        "as good as any here"
    };
    let text = format!(
        "The default start line, {usual}, is {how}; next best: {best} ({best_lost} of runs)."
    );
    (share.max(most) > 0.0).then(|| finding("usual_line", text))
}

fn busy(record: &DoctorRecord) -> Option<Finding> {
    let share = record.machine.others_share.filter(|&share| share >= BUSY);
    let share = roughly(share?);
    let text = format!(
        "Other programs used {share} of the cores' time: close them, or measure for longer."
    );
    Some(finding("busy", text).with("miscount unsynced --for 10s"))
}

fn stolen(record: &DoctorRecord) -> Option<Finding> {
    let share = record.machine.stolen_share;
    let share = roughly(share.filter(|&share| share >= STOLEN)?);
    let text = format!(
        "The host of this virtual machine took {share} of the cores' time. Measure for longer, or \
         at another time."
    );
    Some(finding("stolen", text).with("miscount unsynced --for 10s"))
}

fn virtual_machine(record: &DoctorRecord) -> Option<Finding> {
    let text = "This is a virtual machine: the host may pause its cores. Go by medians.";
    let is_virtual = record.machine.virtual_machine == Some(true);
    is_virtual.then(|| finding("virtual_machine", text))
}

fn coarse_clock(record: &DoctorRecord) -> Option<Finding> {
    let tick = record.machine.tick_ns;
    let text = format!(
        "The clock ticks only every {}: smaller times are not exact. Use longer runs.",
        duration(tick)
    );
    let command = format!("miscount unsynced -t {} -i 100k", record.threads);
    (tick > COARSE_NS).then(|| finding("coarse_clock", text).with(command))
}

/// Returns the item with the greatest share, and the first of equals.
fn greatest<T>(all: impl Iterator<Item = (T, f64)>) -> Option<(T, f64)> {
    all.reduce(|best, other| if best.1 >= other.1 { best } else { other })
}
