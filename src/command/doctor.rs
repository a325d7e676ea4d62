//! `doctor`: what races look like on this machine, and which flags help.

use std::time::Duration;

use super::{output, work};
use crate::cli::{DoctorArgs, OutputArgs};
use crate::error::{Error, Exit};
use crate::lab::{CountingOutcome, Engine, Hardware, Lab, Runs, Stopped, Usage, skew, tick_ns};
use crate::page::{self, diagnose};
use crate::plan::{CountingPlan, StartLine, typed_name};
use crate::record::{DoctorRecord, Environment, MachineRecord, Measurement, Skew, StopReason};
use crate::stats::{quantile, wilson};
use crate::strategy::{self, Settings, Shape, Window};
use crate::sync::Context;
use crate::term::{ProgressGoal, ProgressLine};

/// Increments of the runs that compare the start lines: so few that the start decides.
const INCREMENTS: u64 = 100;

/// Increments of the longer runs that may help.
const LONGER: u64 = 100_000;

/// How long to start over and over, for each start line.
const STARTING: Duration = Duration::from_millis(80);

/// How long to make runs, for each start line and each remedy.
const RUNNING: Duration = Duration::from_millis(120);

/// How long all of it may take: with very many threads even one run takes long, and the rest is
/// then left out.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is measured: a way of starting, and what else differs.
#[derive(Clone, Copy)]
struct Case {
    start: StartLine,
    flags: &'static str,
    increments: u64,
    window: Window,
}

impl Case {
    const fn new(start: StartLine, flags: &'static str, increments: u64, window: Window) -> Self {
        Self {
            start,
            flags,
            increments,
            window,
        }
    }

    /// Returns what is known of it before it is measured.
    fn unmeasured(self) -> Measurement {
        Measurement {
            start_line: typed_name(&self.start).into(),
            flags: self.flags.into(),
            increments: self.increments,
            ..Measurement::default()
        }
    }

    /// Returns whether its starts are to be measured too; remedies start as the default does.
    fn has_starts(self) -> bool {
        self.flags.is_empty()
    }
}

/// The start lines, the default first; then what may help, the milder first.
const CASES: [Case; 6] = [
    Case::new(StartLine::Timebase, "", INCREMENTS, Window::None),
    Case::new(StartLine::Spin, "", INCREMENTS, Window::None),
    Case::new(StartLine::Barrier, "", INCREMENTS, Window::None),
    Case::new(StartLine::None, "", INCREMENTS, Window::None),
    Case::new(StartLine::Timebase, "-i 100k", LONGER, Window::None),
    Case::new(
        StartLine::Timebase,
        "--window yield",
        INCREMENTS,
        Window::Yield,
    ),
];

pub(super) fn run(asked: &DoctorArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let (context, _canceler) = work::context(asked.timeout)?;
    let sink = output::open(output)?;
    let time = |case: &Case| {
        if case.has_starts() {
            STARTING + RUNNING
        } else {
            RUNNING
        }
    };
    let whole = CASES.iter().map(time).sum();
    let mut progress = ProgressLine::new(ProgressGoal::Time(whole), output.progress, output.ascii);
    let before = Usage::now();
    let (soon, _) = work::limited(&context, PATIENCE).map_err(Error::Machine)?;
    let (mut measurements, mut setup) = (Vec::new(), None);
    for case in CASES {
        // The first is tried in any case: it tells whether threads can be started and pinned.
        if setup.is_some() && soon.is_done() {
            measurements.push(case.unmeasured());
            continue;
        }
        let (measurement, outcome) = measure(case, asked.threads, &soon, &mut progress)?;
        measurements.push(measurement);
        setup = Some(outcome.setup);
    }
    let others = Usage::now()
        .zip(before)
        .and_then(|(now, before)| now.others_since(before));
    progress.clear();
    let machine = Hardware::look();
    let mut record = DoctorRecord {
        threads: asked.threads,
        increments: INCREMENTS,
        stopped: if !context.is_done() && measurements.iter().all(|measured| measured.runs > 0) {
            StopReason::Completed
        } else {
            Stopped::by(&context).into()
        },
        machine: MachineRecord {
            cores_present: machine.cores_present,
            cores_physical: machine.cores_physical,
            cores_quota: machine.cores_quota,
            virtual_machine: machine.virtual_machine,
            others_share: others.map(|others| others.used),
            stolen_share: others.map(|others| others.stolen),
            tick_ns: tick_ns(),
        },
        measurements,
        findings: Vec::new(),
        environment: Environment {
            version: env!("CARGO_PKG_VERSION").into(),
            os: std::env::consts::OS.into(),
            arch: std::env::consts::ARCH.into(),
            cpu: setup.as_ref().and_then(|setup| setup.cpu.clone()),
            cores: setup.as_ref().and_then(|setup| setup.cores),
            pinned: setup.as_ref().is_some_and(|setup| setup.pinned),
            start_line: typed_name(&StartLine::default()).into(),
            command: None,
            date: None,
        },
    };
    record.findings = diagnose(&record);
    output::stamp(&mut record.environment, &output.command);
    output::deliver(&record, || page::doctor(&record), output, sink)?;
    Ok(exit(record.stopped))
}

fn exit(stopped: StopReason) -> Exit {
    work::cut_short(stopped).unwrap_or(match stopped {
        // Not all was measured in the time that it gives itself.
        StopReason::Budget => Exit::Incomplete,
        _ => Exit::Done,
    })
}

/// Measures a case, under a context that is not done yet.
fn measure(
    case: Case,
    threads: usize,
    context: &Context,
    progress: &mut ProgressLine,
) -> Result<(Measurement, CountingOutcome), Error> {
    let mut skews = Vec::new();
    if case.has_starts() {
        skews = skew(threads, case.start, STARTING, context, || progress.show())?;
        skews.sort_unstable();
    }
    let settings = Settings {
        window: case.window,
        ..Settings::default()
    };
    // The most threads there may be times so few increments fit in 64 bits.
    let shape = Shape::new(threads, case.increments)
        .ok_or_else(|| Error::Usage("--threads is too much; use fewer".into()))?;
    let strategy = strategy::ALL[0];
    let plan = CountingPlan {
        budget: Some(RUNNING),
        start: case.start,
        ..CountingPlan::new(strategy.build(&settings)?, shape, u64::MAX)
    };
    let expected = shape.expected();
    let (mut lost, mut times) = (0, Vec::new());
    // The longer runs would distort the rate that the progress line shows.
    let is_shown = shape.increments() == INCREMENTS;
    let mut observer = progress.observer(|runs: &Runs| {
        let lost_here = runs.lost(expected);
        lost += lost_here;
        times.extend(runs.iter().map(|run| run.elapsed_ns));
        if is_shown {
            (runs.count(), lost_here)
        } else {
            (0, 0)
        }
    });
    let outcome = Lab.carry_out(&plan, context, &mut observer)?;
    times.sort_unstable();
    let runs = times.len() as u64;
    let spread = |percent| quantile(&skews, percent);
    let measurement = Measurement {
        skew: spread(50).zip(spread(99)).map(|(median_ns, p99_ns)| Skew {
            starts: skews.len() as u64,
            median_ns,
            p99_ns,
        }),
        runs,
        runs_lost: lost,
        runs_lost_share: (runs > 0).then(|| lost as f64 / runs as f64),
        runs_lost_interval: wilson(lost, runs),
        elapsed_median_ns: quantile(&times, 50),
        ..case.unmeasured()
    };
    Ok((measurement, outcome))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_measured_is_no_success() {
        assert_eq!(exit(StopReason::Completed), Exit::Done);
        assert_eq!(exit(StopReason::Budget), Exit::Incomplete);
        assert_eq!(exit(StopReason::Timeout), Exit::TimedOut);
        assert_eq!(exit(StopReason::Interrupted), Exit::Interrupted);
    }
}
