//! `doctor`: what it measures on this machine, and what it makes of any machine.

use std::process::{Command, Output, Stdio};

use miscount::report::{
    Doctor, Environment, MachineRecord, Measurement, Report, Skew, StopReason, diagnose,
};
use miscount::term::{Page, Palette, Signs};
use unicode_width::UnicodeWidthStr;

use crate::documents::strict;

/// A measured case: of 10,000 runs so many lost updates.
fn measured(start_line: &'static str, flags: &'static str, lost: u64) -> Measurement {
    let skew = Skew {
        starts: 50_000,
        median_ns: 12,
        p99_ns: 1_234,
    };
    Measurement {
        start_line,
        flags,
        increments: if flags == "-i 100k" { 100_000 } else { 100 },
        skew: flags.is_empty().then_some(skew),
        runs: 10_000,
        runs_lost: lost,
        runs_lost_share: Some(lost as f64 / 10_000.0),
        runs_lost_interval: Some([0.25, 0.75]),
        elapsed_median_ns: Some(400),
    }
}

/// A machine with two cores and nothing to complain of.
fn healthy() -> Doctor {
    let mut record = Doctor {
        schema: Doctor::SCHEMA,
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
            version: "0",
            os: "linux",
            arch: "x86_64",
            cpu: Some("a processor".into()),
            cores: Some(4),
            pinned: true,
            start_line: "timebase",
        },
    };
    record.findings = diagnose(&record);
    record
}

/// The healthy machine, changed, and looked at again.
fn changed(change: impl FnOnce(&mut Doctor)) -> Doctor {
    let mut record = healthy();
    change(&mut record);
    record.findings = diagnose(&record);
    record
}

fn set_lost(record: &mut Doctor, case: usize, lost: u64) {
    let measurement = &mut record.measurements[case];
    *measurement = measured(measurement.start_line, measurement.flags, lost);
}

fn one_core() -> Doctor {
    changed(|record| {
        record.environment.cores = Some(1);
        record.machine.cores_physical = Some(1);
        for case in 0..5 {
            set_lost(record, case, 0);
        }
    })
}

fn interrupted() -> Doctor {
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
                start_line: measurement.start_line,
                flags: measurement.flags,
                ..Measurement::default()
            };
        }
    })
}

fn everything_wrong() -> Doctor {
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

/// What is to be found on a machine: the finding, words of it, and words of its command.
type Expected = (&'static str, &'static [&'static str], &'static str);

/// A change to the healthy machine, and what must and must not be found then.
type Case = (
    fn(&mut Doctor),
    &'static [Expected],
    &'static [&'static str],
);

const CASES: &[Case] = &[
    (
        |_| {},
        &[
            (
                "easy",
                &["99.8 %", "2 threads", "100 increments"],
                "-t 2 -i 100",
            ),
            ("usual_line", &["timebase", "best", "spin", "12 %"], ""),
        ],
        &[
            "one_core",
            "shared_cores",
            "quota",
            "not_pinned",
            "hardware_threads",
            "late_starts",
            "better_line",
            "busy",
            "stolen",
            "virtual_machine",
            "coarse_clock",
            "usual_threads",
        ],
    ),
    (
        |record| {
            record.environment.cores = Some(1);
            (0..5).for_each(|case| set_lost(record, case, 0));
        },
        &[
            (
                "none",
                &["none of 10,000 runs", "at most 0.03 %", "--window yield"],
                "--window yield",
            ),
            (
                "one_core",
                &["of 4 that there are", "taskset"],
                "-t 2 --window yield",
            ),
        ],
        &["easy", "shared_cores", "usual_line", "usual_threads"],
    ),
    (
        |record| {
            record.environment.cores = Some(1);
            record.machine.cores_present = Some(1);
        },
        &[("one_core", &["has one core only"], "--window yield")],
        &["shared_cores"],
    ),
    // Nothing helps: patience does.
    (
        |record| (0..6).for_each(|case| set_lost(record, case, 0)),
        &[("none", &["none of"], "--until lost")],
        &["easy", "usual_line"],
    ),
    (
        |record| set_lost(record, 0, 700),
        &[("some", &["in some runs", "7 %", "-i 100k"], "-i 100k")],
        &["easy", "hard"],
    ),
    (
        |record| set_lost(record, 0, 1),
        &[
            ("hard", &["only 0.01 %"], "-i 100k"),
            (
                "better_line",
                &["spin", "12 %", "not 0.01 %"],
                "--start spin",
            ),
        ],
        &["easy", "usual_line"],
    ),
    (
        |record| set_lost(record, 1, 9_900),
        &[("usual_line", &["as good here as any", "spin"], "")],
        &["better_line"],
    ),
    (
        |record| record.threads = 9,
        &[("shared_cores", &["9 threads share 4 cores"], "-t 4")],
        &["one_core", "late_starts"],
    ),
    (
        |record| record.threads = 1,
        &[("one_thread", &["nobody to race with"], "doctor -t 2")],
        &["easy", "usual_line", "one_core", "usual_threads"],
    ),
    (
        |record| record.environment.pinned = false,
        &[("not_pinned", &["cannot be pinned"], "--window yield")],
        &["one_core"],
    ),
    (
        |record| {
            record.environment.pinned = false;
            record.environment.cores = None;
        },
        &[("not_pinned", &["does not say which cores"], "")],
        &[
            "one_core",
            "shared_cores",
            "hardware_threads",
            "usual_threads",
        ],
    ),
    (
        |record| record.machine.cores_quota = Some(1),
        &[("quota", &["1 core."], "")],
        &[],
    ),
    (
        |record| record.machine.cores_physical = Some(1),
        &[("hardware_threads", &["4 cores", "1 physical core."], "")],
        &[],
    ),
    // Two threads find two physical cores.
    (
        |record| record.machine.cores_physical = Some(2),
        &[],
        &["hardware_threads"],
    ),
    (
        |record| record.measurements[0].elapsed_median_ns = Some(20),
        &[("late_starts", &["12 ns apart", "lasts 20 ns"], "-i 100k")],
        &[],
    ),
    (
        |record| record.machine.others_share = Some(0.6),
        &[("busy", &["60 %"], "--for")],
        &["stolen"],
    ),
    (
        |record| record.machine.others_share = None,
        &[("easy", &[], "")],
        &["busy"],
    ),
    (
        |record| record.machine.stolen_share = Some(0.02),
        &[("stolen", &["2 %", "host"], "--for")],
        &["busy"],
    ),
    (
        |record| record.machine.virtual_machine = Some(true),
        &[("virtual_machine", &["virtual machine"], "")],
        &[],
    ),
    (
        |record| record.machine.tick_ns = 41.67,
        &[("coarse_clock", &["every 41.7 ns"], "-i 100k")],
        &[],
    ),
    (
        |record| record.environment.cores = Some(2),
        &[("usual_threads", &["3 threads", "-t 2"], "")],
        &["shared_cores", "one_core"],
    ),
    (
        |record| {
            record.measurements = vec![Measurement {
                start_line: "timebase",
                ..Measurement::default()
            }];
        },
        &[("nothing_measured", &["no time"], "")],
        &["easy", "none", "usual_line", "late_starts"],
    ),
    (
        |record| {
            (record.threads, record.stopped) = (1024, StopReason::Budget);
            record.measurements = vec![Measurement {
                start_line: "timebase",
                ..Measurement::default()
            }];
        },
        &[
            ("nothing_measured", &["no time"], "miscount doctor -t 2"),
            ("shared_cores", &["1,024 threads share"], "-t 4"),
        ],
        &["easy", "none"],
    ),
];

#[test]
fn every_fact_has_its_words() {
    for (place, (change, expected, absent)) in CASES.iter().enumerate() {
        let findings = changed(change).findings;
        for (name, words, command) in *expected {
            let found = findings
                .iter()
                .find(|finding| finding.finding == *name)
                .unwrap_or_else(|| panic!("case {place}: no {name} in {findings:#?}"));
            for word in *words {
                assert!(found.text.contains(word), "case {place}: {word}: {found:?}");
            }
            let typed = found.command.as_deref().unwrap_or_default();
            assert!(typed.contains(command), "case {place}: {found:?}");
        }
        for name in *absent {
            let found = findings.iter().find(|finding| finding.finding == *name);
            assert_eq!(found, None, "case {place}");
        }
    }
}

#[test]
fn what_is_to_be_typed_can_be_typed() {
    let cases = CASES.iter().map(|(change, _, _)| changed(change));
    for record in cases.chain([healthy(), one_core(), interrupted(), everything_wrong()]) {
        for finding in &record.findings {
            assert!(
                finding.text.is_ascii() && finding.text.ends_with(['.', ')']),
                "{finding:?}"
            );
            if let Some(command) = &finding.command {
                let words = command.split(' ').map(Into::into);
                assert!(miscount::cli::parse(words).is_ok(), "{command}");
            }
        }
    }
}

fn page(width: usize, unicode: bool) -> Page {
    Page {
        width,
        palette: Palette::new(false),
        signs: if unicode {
            Signs::UNICODE
        } else {
            Signs::ASCII
        },
        quiet: false,
    }
}

#[test]
fn reports_for_people() {
    for (name, record, page) in [
        ("healthy_on_80_columns", healthy(), page(80, true)),
        (
            "one_core_on_80_columns_in_ascii",
            one_core(),
            page(80, false),
        ),
        ("interrupted_on_40_columns", interrupted(), page(40, true)),
        (
            "everything_wrong_on_120_columns",
            everything_wrong(),
            page(120, true),
        ),
    ] {
        let report = record.text(&page);
        let shown: String = report.lines().map(|line| format!("{line}|\n")).collect();
        insta::assert_snapshot!(name, shown);
    }
}

#[test]
fn reports_for_programs() {
    let record = healthy();
    insta::assert_snapshot!("healthy_as_json", format!("{:#}", record.json()));
    insta::assert_snapshot!("healthy_as_csv", record.table().csv());
    insta::assert_snapshot!("one_core_as_markdown", one_core().markdown());
    let lines = record.lines();
    let types: Vec<_> = lines
        .iter()
        .map(|line| line["type"].as_str().unwrap())
        .collect();
    let (last, rest) = types.split_last().unwrap();
    assert_eq!(*last, "summary");
    let of = |kind| rest.iter().filter(|&&line| line == kind).count();
    assert_eq!(of("measurement"), record.measurements.len());
    assert_eq!(of("finding"), record.findings.len());
    assert_eq!(lines.last().unwrap()["schema"], "miscount.doctor/1");
}

#[test]
fn no_line_is_wider_than_the_page() {
    for record in [healthy(), one_core(), interrupted(), everything_wrong()] {
        for width in 20..=200 {
            for unicode in [true, false] {
                let report = record.text(&page(width, unicode));
                for line in report.lines() {
                    assert!(line.width() <= width, "{width}: {line}\n{report}");
                    assert_eq!(line.trim_end(), line, "{width}\n{report}");
                }
                assert!(unicode || report.is_ascii());
            }
        }
    }
}

#[test]
fn the_result_alone_has_no_advice() {
    let quiet = Page {
        quiet: true,
        ..page(80, true)
    };
    let report = one_core().text(&quiet);
    assert!(
        !report.contains("miscount ") && !report.contains("Try"),
        "{report}"
    );
    assert!(one_core().text(&page(80, true)).starts_with(&report));
}

fn miscount(words: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_miscount"))
        .args(words.split(' '))
        .env_remove("COLUMNS")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn this_machine_is_measured() {
    let output = miscount("doctor --format json");
    let record = json(&output);
    let code = if record["stopped"] == "budget" { 4 } else { 0 };
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    assert_eq!(record["schema"], "miscount.doctor/1");
    assert!(record["machine"]["tick_ns"].as_f64().unwrap() > 0.0);
    let measurements = record["measurements"].as_array().unwrap();
    let lines: Vec<_> = measurements
        .iter()
        .filter(|measurement| measurement["flags"] == "")
        .collect();
    let names: Vec<_> = lines
        .iter()
        .map(|line| line["start_line"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["timebase", "spin", "barrier", "none"]);
    // A machine that is so busy that it ran out of time says so.
    let complete = record["stopped"] == "completed";
    assert!(complete || record["stopped"] == "budget", "{record:#}");
    for line in lines.iter().filter(|_| complete) {
        let skew = &line["skew"];
        assert!(skew["starts"].as_u64().unwrap() > 0, "{line}");
        assert!(
            skew["median_ns"].as_u64() <= skew["p99_ns"].as_u64(),
            "{line}"
        );
        let (runs, lost) = (
            line["runs"].as_u64().unwrap(),
            line["runs_lost"].as_u64().unwrap(),
        );
        assert!(runs > 0 && lost <= runs, "{line}");
        let share = line["runs_lost_share"].as_f64().unwrap();
        assert!((share - lost as f64 / runs as f64).abs() < 1e-9, "{line}");
    }
    assert!(!record["findings"].as_array().unwrap().is_empty());
}

#[test]
fn out_of_time_is_reported_without_inventing_anything() {
    let output = miscount("doctor --timeout 0s --format json");
    assert_eq!(output.status.code(), Some(124), "{output:?}");
    let record = json(&output);
    assert_eq!(record["stopped"], "timeout");
    assert_eq!(record["findings"][0]["finding"], "nothing_measured");
    let measurements = record["measurements"].as_array().unwrap();
    assert_eq!(measurements.len(), 6);
    for measurement in measurements {
        for unknown in [
            "skew",
            "runs_lost_share",
            "runs_lost_interval",
            "elapsed_median_ns",
        ] {
            assert!(measurement[unknown].is_null(), "{measurement}");
        }
        assert_eq!(measurement["runs"], 0);
    }
}

#[test]
fn what_is_printed_keeps_to_its_schemas() {
    let whole = jsonschema::validator_for(&strict("doctor")).unwrap();
    let of_lines = jsonschema::validator_for(&strict("doctor-lines")).unwrap();
    for record in [healthy(), one_core(), interrupted(), everything_wrong()] {
        let value = record.json();
        assert!(whole.is_valid(&value), "{value:#}");
        let mut less = value.clone();
        less.as_object_mut().unwrap().shift_remove("machine");
        assert!(!whole.is_valid(&less));
        for line in record.lines() {
            assert!(of_lines.is_valid(&line), "{line:#}");
            let mut more = line;
            more["invented"] = 0.into();
            assert!(!of_lines.is_valid(&more));
        }
    }
    let real = json(&miscount("doctor --timeout 200ms --format json"));
    assert!(whole.is_valid(&real), "{real:#}");
}

#[test]
fn a_single_thread_starts_when_it_starts() {
    let output = miscount("doctor -t 1 --format json");
    assert!(matches!(output.status.code(), Some(0 | 4)), "{output:?}");
    let record = json(&output);
    assert_eq!(record["findings"][0]["finding"], "one_thread");
    assert_eq!(record["measurements"][0]["skew"]["p99_ns"], 0);
    assert_eq!(record["measurements"][0]["runs_lost"], 0);
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_with_a_report() {
    use std::time::Duration;
    let child = Command::new(env!("CARGO_BIN_EXE_miscount"))
        .args(["doctor", "--format", "json"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let sent = Command::new("sh")
        .args(["-c", "kill -s INT \"$1\"", "sh"])
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    match output.status.code() {
        Some(130) => assert_eq!(json(&output)["stopped"], "interrupted"),
        // So slow a machine that nobody was listening for the signal yet, which then simply kills.
        None => assert!(output.stdout.is_empty(), "{output:?}"),
        code => panic!("{code:?}: {output:?}"),
    }
}
