//! The record of what races look like on this machine: `miscount.doctor/1`.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::counting::{Environment, StopReason};
use super::data::Record;
use super::schema::Versioned;

/// The properties of the machine, the measurements, and their meaning.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DoctorRecord {
    /// The threads of each measured run.
    pub threads: usize,
    /// Increments of each thread, in the runs that compare the start lines.
    pub increments: u64,
    /// Whether everything was measured.
    pub stopped: StopReason,
    /// The machine.
    pub machine: MachineRecord,
    /// The start lines, the default first; then the remedies, each on the default line.
    pub measurements: Vec<Measurement>,
    /// The meaning of the measurements, and what to do about it: the verdict first.
    pub findings: Vec<Finding>,
    /// The environment of the measurement.
    pub environment: Environment,
}

impl DoctorRecord {
    /// Returns the measurement of the default start line, without further flags.
    pub fn usual(&self) -> Option<&Measurement> {
        self.start_lines()
            .find(|line| line.start_line == self.environment.start_line)
    }

    /// Returns the measurements of the start lines.
    pub fn start_lines(&self) -> impl Iterator<Item = &Measurement> {
        self.measurements
            .iter()
            .filter(|measurement| measurement.flags.is_empty())
    }

    /// Returns the measurements of the remedies.
    pub fn remedies(&self) -> impl Iterator<Item = &Measurement> {
        self.measurements
            .iter()
            .filter(|measurement| !measurement.flags.is_empty())
    }
}

/// A line of JSON lines: each measurement, each finding, then the whole record.
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

/// The properties of the machine, beyond the environment; null if the system does not provide them.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct MachineRecord {
    /// Cores that are online.
    pub cores_present: Option<usize>,
    /// Physical cores among those that may be used; hardware threads that share one count once.
    pub cores_physical: Option<usize>,
    /// The number of cores whose time a quota leaves, if it is less than the allowed cores.
    pub cores_quota: Option<usize>,
    /// Whether it is a virtual machine.
    pub virtual_machine: Option<bool>,
    /// Share of the cores' time that other programs used during the measurements.
    pub others_share: Option<f64>,
    /// Share of the cores' time that the host of the virtual machine took during the measurements.
    pub stolen_share: Option<f64>,
    /// Nanoseconds per tick of the clock by which the threads start.
    pub tick_ns: f64,
}

/// One way of making runs, measured.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Measurement {
    /// The start line.
    pub start_line: Cow<'static, str>,
    /// The flags by which it differs from the others; empty for none.
    pub flags: Cow<'static, str>,
    /// Increments of each thread.
    pub increments: u64,
    /// How far apart the threads started; null if this was not measured.
    pub skew: Option<Skew>,
    /// Runs of `unsynced`.
    pub runs: u64,
    /// Runs that lost updates.
    pub runs_lost: u64,
    /// Share of runs that lost updates.
    pub runs_lost_share: Option<f64>,
    /// 95% Wilson interval of that share.
    pub runs_lost_interval: Option<[f64; 2]>,
    /// Median of the nanoseconds from the start until the last thread was done.
    pub elapsed_median_ns: Option<u64>,
}

/// Nanoseconds between the first and the last thread to start, over many starts.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Skew {
    /// The number of measured starts.
    pub starts: u64,
    /// The median.
    pub median_ns: u64,
    /// The 99th percentile.
    pub p99_ns: u64,
}

/// A conclusion from the measurements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Its name, for scripts.
    pub finding: Cow<'static, str>,
    /// The conclusion in words.
    pub text: String,
    /// The command to type, if there is one.
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
