//! What is made of any machine.

use miscount::record::{DoctorRecord, Measurement, StopReason};

use super::{changed, everything_wrong, healthy, interrupted, one_core, set_lost};

/// What is to be found on a machine: the finding, words of it, and words of its command.
type Expected = (&'static str, &'static [&'static str], &'static str);

/// A change to the healthy machine, and what must and must not be found then.
type Case = (
    fn(&mut DoctorRecord),
    &'static [Expected],
    &'static [&'static str],
);

const CASES: &[Case] = &[
    (
        |_| {},
        &[
            (
                "easy",
                &["99.8%", "2 threads", "100 increments"],
                "-t 2 -i 100",
            ),
            ("usual_line", &["timebase", "best", "spin", "12%"], ""),
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
                &["none of 10,000 runs", "at most 0.03%", "--window yield"],
                "--window yield",
            ),
            (
                "one_core",
                &["one of 4 cores", "taskset"],
                "-t 2 --window yield",
            ),
        ],
        &["easy", "shared_cores", "usual_line"],
    ),
    (
        |record| {
            record.environment.cores = Some(1);
            record.machine.cores_present = Some(1);
        },
        &[("one_core", &["This machine has one core"], "--window yield")],
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
        &[("some", &["in some runs", "7%", "-i 100k"], "-i 100k")],
        &["easy", "hard"],
    ),
    (
        |record| set_lost(record, 0, 1),
        &[
            ("hard", &["only 0.01%"], "-i 100k"),
            ("better_line", &["spin", "12%", "not 0.01%"], "--start spin"),
        ],
        &["easy", "usual_line"],
    ),
    (
        |record| set_lost(record, 1, 9_900),
        &[("usual_line", &["as good as any here", "spin"], "")],
        &["better_line"],
    ),
    (
        |record| record.threads = 9,
        &[("shared_cores", &["9 threads share 4 cores"], "-t 4")],
        &["one_core", "late_starts"],
    ),
    (
        |record| record.threads = 1,
        &[("one_thread", &["cannot race"], "doctor -t 2")],
        &["easy", "usual_line", "one_core"],
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
        &[("not_pinned", &["does not list its cores"], "")],
        &["one_core", "shared_cores", "hardware_threads"],
    ),
    (
        |record| record.machine.cores_quota = Some(1),
        &[("quota", &["1 core:"], "")],
        &[],
    ),
    (
        |record| record.machine.cores_physical = Some(1),
        &[("hardware_threads", &["4 cores", "1 physical core,"], "")],
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
        &[("busy", &["60%"], "--for")],
        &["stolen"],
    ),
    (
        |record| record.machine.others_share = None,
        &[("easy", &[], "")],
        &["busy"],
    ),
    (
        |record| record.machine.stolen_share = Some(0.02),
        &[("stolen", &["2%", "host"], "--for")],
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
        |record| {
            record.measurements = vec![Measurement {
                start_line: "timebase".into(),
                ..Measurement::default()
            }];
        },
        &[("nothing_measured", &["No run was finished"], "")],
        &["easy", "none", "usual_line", "late_starts"],
    ),
    (
        |record| {
            (record.threads, record.stopped) = (1024, StopReason::Budget);
            record.measurements = vec![Measurement {
                start_line: "timebase".into(),
                ..Measurement::default()
            }];
        },
        &[
            (
                "nothing_measured",
                &["No run was finished"],
                "miscount doctor -t 2",
            ),
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
