//! The record of what races look like on this machine: `miscount.doctor/1`.

use schemars::JsonSchema;
use serde::Serialize;

use super::counting::Environment;
use super::data::Record;
use super::schema::Versioned;
use crate::lab::StopReason;

/// What is known of the machine, what was measured on it, and what that means.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DoctorRecord {
    /// Threads of each run measured.
    pub threads: usize,
    /// Increments of each thread, in the runs that compare the start lines.
    pub increments: u64,
    /// Whether all was measured.
    pub stopped: StopReason,
    /// The machine.
    pub machine: MachineRecord,
    /// The start lines, the default first; then what may help, each on the default line.
    pub measurements: Vec<Measurement>,
    /// What it means, and what to do about it: the verdict first.
    pub findings: Vec<Finding>,
    /// Where it was measured.
    pub environment: Environment,
}

impl DoctorRecord {
    /// The measurement of the default start line, without further flags.
    pub fn usual(&self) -> Option<&Measurement> {
        self.start_lines()
            .find(|line| line.start_line == self.environment.start_line)
    }

    /// The measurements of the start lines.
    pub fn start_lines(&self) -> impl Iterator<Item = &Measurement> {
        self.measurements
            .iter()
            .filter(|measurement| measurement.flags.is_empty())
    }

    /// The measurements of what may help.
    pub fn remedies(&self) -> impl Iterator<Item = &Measurement> {
        self.measurements
            .iter()
            .filter(|measurement| !measurement.flags.is_empty())
    }
}

/// A line of JSON lines: each measurement, each finding, then all of it.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum DoctorLine<'a> {
    /// A measurement.
    Measurement(&'a Measurement),
    /// A finding.
    Finding(&'a Finding),
    /// The whole record.
    Summary(Versioned<&'a DoctorRecord>),
}

/// What the system tells of the machine, beyond the environment; null where it does not tell.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
pub struct MachineRecord {
    /// Cores that are there and switched on.
    pub cores_present: Option<usize>,
    /// Physical cores among those that may be used; hardware threads that share one count once.
    pub cores_physical: Option<usize>,
    /// Cores' worth of time that a quota leaves, where it is less than the cores allowed.
    pub cores_quota: Option<usize>,
    /// Whether it is a virtual machine.
    pub virtual_machine: Option<bool>,
    /// Share of the cores' time that other programs used meanwhile.
    pub others_share: Option<f64>,
    /// Share of the cores' time that the host of the virtual machine took meanwhile.
    pub stolen_share: Option<f64>,
    /// Nanoseconds that one tick of the clock lasts which the threads start by.
    pub tick_ns: f64,
}

/// One way of making runs, measured.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Measurement {
    /// The start line.
    pub start_line: &'static str,
    /// The flags by which it differs from the others; empty for none.
    pub flags: &'static str,
    /// Increments of each thread.
    pub increments: u64,
    /// How far apart the threads started; null where it was not measured.
    pub skew: Option<Skew>,
    /// Runs of `unsynced`.
    pub runs: u64,
    /// How many of them lost updates.
    pub runs_lost: u64,
    /// Share of runs that lost updates.
    pub runs_lost_share: Option<f64>,
    /// 95 % Wilson interval of that share.
    pub runs_lost_interval: Option<[f64; 2]>,
    /// Median of the nanoseconds from the start until the last thread was done.
    pub elapsed_median_ns: Option<u64>,
}

/// Nanoseconds between the first and the last thread to start, over many starts.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Skew {
    /// How many starts were measured.
    pub starts: u64,
    /// Their median.
    pub median_ns: u64,
    /// The 99th percentile.
    pub p99_ns: u64,
}

/// Something that the measurements mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// Its name, for scripts.
    pub finding: &'static str,
    /// In words.
    pub text: String,
    /// What to type, where something is to be typed.
    pub command: Option<String>,
}

impl Record for DoctorRecord {
    type Line<'a> = DoctorLine<'a>;

    fn columns(&self) -> &'static str {
        "start_line,flags,threads,increments,skew.starts,skew.median_ns,skew.p99_ns,runs,\
         runs_lost,runs_lost_share,elapsed_median_ns"
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        let measurements = self.measurements.iter().map(DoctorLine::Measurement);
        measurements.chain(self.findings.iter().map(DoctorLine::Finding))
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(DoctorLine::Summary(Versioned::new(self)))
    }
}
