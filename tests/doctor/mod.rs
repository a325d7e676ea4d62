//! `doctor`: what it measures on this machine, and what it makes of any machine.

mod findings;
mod program;
mod reports;

use std::borrow::Cow;

use miscount::page::diagnose;
use miscount::record::{DoctorRecord, Environment, MachineRecord, Measurement, Skew, StopReason};

/// A measured case: of 10,000 runs so many lost updates.
fn measured(
    start_line: impl Into<Cow<'static, str>>,
    flags: impl Into<Cow<'static, str>>,
    lost: u64,
) -> Measurement {
    let flags = flags.into();
    let skew = Skew {
        starts: 50_000,
        median_ns: 12,
        p99_ns: 1_234,
    };
    Measurement {
        start_line: start_line.into(),
        increments: if flags == "-i 100k" { 100_000 } else { 100 },
        skew: flags.is_empty().then_some(skew),
        runs: 10_000,
        runs_lost: lost,
        runs_lost_share: Some(lost as f64 / 10_000.0),
        runs_lost_interval: Some([0.25, 0.75]),
        elapsed_median_ns: Some(400),
        flags,
    }
}

/// A machine with two cores and nothing to complain of.
fn healthy() -> DoctorRecord {
    let mut record = DoctorRecord {
        threads: 2,
        increments: 100,
        stopped: StopReason::Completed,
        machine: MachineRecord {
            cores_present: Some(4),
            cores_physical: Some(4),
            cores_quota: None,
            virtual_machine: Some(false),
            others_share: Some(0.031),
            stolen_share: Some(0.0),
            tick_ns: 0.385,
        },
        measurements: vec![
            measured("timebase", "", 9_980),
            measured("spin", "", 1_200),
            measured("barrier", "", 0),
            measured("none", "", 3),
            measured("timebase", "-i 100k", 10_000),
            measured("timebase", "--window yield", 9_999),
        ],
        findings: Vec::new(),
        environment: Environment {
            version: "0".into(),
            os: "linux".into(),
            arch: "x86_64".into(),
            cpu: Some("a processor".into()),
            cores: Some(4),
            pinned: true,
            start_line: "timebase".into(),
            command: None,
            date: None,
        },
    };
    record.findings = diagnose(&record);
    record
}

/// The healthy machine, changed, and looked at again.
fn changed(change: impl FnOnce(&mut DoctorRecord)) -> DoctorRecord {
    let mut record = healthy();
    change(&mut record);
    record.findings = diagnose(&record);
    record
}

fn set_lost(record: &mut DoctorRecord, case: usize, lost: u64) {
    let measurement = &mut record.measurements[case];
    *measurement = measured(
        measurement.start_line.clone(),
        measurement.flags.clone(),
        lost,
    );
}

fn one_core() -> DoctorRecord {
    changed(|record| {
        record.environment.cores = Some(1);
        record.machine.cores_physical = Some(1);
        for case in 0..5 {
            set_lost(record, case, 0);
        }
    })
}

fn interrupted() -> DoctorRecord {
    changed(|record| {
        record.stopped = StopReason::Interrupted;
        record.machine = MachineRecord {
            tick_ns: 41.7,
            ..MachineRecord::default()
        };
        record.environment.cpu = None;
        record.environment.cores = None;
        record.environment.pinned = false;
        for measurement in &mut record.measurements[1..] {
            *measurement = Measurement {
                start_line: measurement.start_line.clone(),
                flags: measurement.flags.clone(),
                ..Measurement::default()
            };
        }
    })
}

fn everything_wrong() -> DoctorRecord {
    changed(|record| {
        record.threads = 1024;
        record.environment.cores = Some(64);
        record.environment.pinned = false;
        record.machine = MachineRecord {
            cores_present: Some(128),
            cores_physical: Some(32),
            cores_quota: Some(3),
            virtual_machine: Some(true),
            others_share: Some(0.875),
            stolen_share: Some(0.125),
            tick_ns: 41.7,
        };
        for case in 0..6 {
            set_lost(record, case, 0);
        }
        set_lost(record, 1, 5_000);
    })
}
