//! Any schedule, forced: the model predicts, real threads obey.

use std::num::NonZeroU64;
use std::process::Output;

use assert_cmd::Command;
use miscount::lab::{Crew, force};
use miscount::model::{
    Completion, Ending, Label, Move, Named, Options, Schedule, ScheduleRun, Scheduler, System,
    census,
};
use miscount::strategy::{self, AccessMode, Settings, Shape};
use miscount::sync::Context;
use proptest::prelude::*;

use crate::support::{crew, fits};

/// The strategies that have a program, in all their variants.
fn variants() -> Vec<(String, Settings)> {
    let plain = Settings::default();
    let mut variants: Vec<_> = strategy::ALL
        .iter()
        .map(|kind| (kind.name.to_string(), plain))
        .filter(|(name, _)| name != "map-reduce")
        .collect();
    let with = |name: &str, settings| (name.to_string(), settings);
    variants.push(with(
        "rwlock",
        Settings {
            split: true,
            ..plain
        },
    ));
    variants.push(with(
        "mutex-per-batch",
        Settings {
            batch: NonZeroU64::new(2),
            ..plain
        },
    ));
    if cfg!(target_arch = "x86_64") {
        variants.push(with(
            "unsynced",
            Settings {
                access: AccessMode::SingleInstruction,
                ..plain
            },
        ));
    }
    variants
}

fn system(name: &str, settings: &Settings, threads: usize, increments: u64) -> System {
    let built = strategy::named(name).unwrap().build(settings).unwrap();
    built
        .system(Shape::new(threads, increments).unwrap())
        .unwrap()
}

/// The moves of a schedule, and the total that the model predicts.
fn predicted(system: &System, source: impl Scheduler) -> (Vec<Move>, u64) {
    let mut plan = ScheduleRun::new(system, source, Completion::Serial);
    let moves = plan.by_ref().map(Result::unwrap).collect();
    match plan.machine().ending() {
        Some(Ending::Total(total)) => (moves, total),
        other => panic!("{other:?}"),
    }
}

/// How real threads end that make these moves.
fn forced(crew: &Crew, system: &System, moves: &[Move]) -> Ending {
    let run = force(crew, system, moves, &Context::background()).unwrap();
    run.ending.unwrap()
}

#[test]
fn every_witness_gives_its_total_on_real_threads() {
    for (threads, increments) in [(2, 1), (2, 2), (2, 3), (3, 1), (3, 2)] {
        let crew = crew(threads);
        for (name, settings) in variants() {
            let system = system(&name, &settings, threads, increments);
            let census = census(&system, &Options::default()).unwrap();
            assert!(!census.outcomes.is_empty());
            for total in census.totals() {
                let witness = census.total(total).unwrap().witness.clone().unwrap();
                let (moves, prediction) = predicted(&system, witness.segments().iter());
                assert_eq!(prediction, total, "{name} {witness}");
                let actual = forced(&crew, &system, &moves);
                assert_eq!(actual, Ending::Total(total), "{name} {witness}");
            }
        }
    }
}

#[test]
fn named_schedules_give_the_predicted_total_on_real_threads() {
    let named = [
        Named::Worst,
        Named::Lockstep,
        Named::Serial,
        Named::Random(7),
    ];
    for (threads, increments) in [(1, 5), (2, 50), (5, 20), (3, 0)] {
        let crew = crew(threads);
        for (name, settings) in variants() {
            let system = system(&name, &settings, threads, increments);
            for schedule in named {
                let (moves, prediction) = predicted(&system, schedule.source(&system));
                let actual = forced(&crew, &system, &moves);
                assert_eq!(actual, Ending::Total(prediction), "{name} {schedule}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// A schedule of any segments, as far as the model allows it.
    #[test]
    fn any_schedule_ends_alike_in_the_model_and_on_real_threads(
        picks in prop::collection::vec((0..3_usize, 1..7_u64), 0..30),
        variant in 0..variants().len(),
    ) {
        let (name, settings) = &variants()[variant];
        let system = system(name, settings, 3, 4);
        // Each segment that can't be done is left out.
        let mut token = Vec::new();
        for (thread, steps) in picks {
            let longer = [&token[..], &[format!("{}{steps}", Label(thread))]].concat();
            let schedule: Schedule = longer.join(",").parse().unwrap();
            let possible = ScheduleRun::new(&system, schedule.segments().iter(), Completion::Serial)
                .all(|moved| moved.is_ok());
            if possible {
                token = longer;
            }
        }
        let schedule: Schedule = token.join(",").parse().unwrap();
        let (moves, prediction) = predicted(&system, schedule.segments().iter());
        let actual = forced(&crew(3), &system, &moves);
        prop_assert_eq!(actual, Ending::Total(prediction));
    }
}

#[test]
fn a_done_context_ends_the_forcing() {
    let system = system("unsynced", &Settings::default(), 3, 100_000);
    let (moves, _) = predicted(&system, Named::Worst.source(&system));
    let (context, canceler) = Context::background().with_cancel();
    canceler.cancel();
    assert_eq!(force(&crew(3), &system, &moves, &context), None);
}

fn replay(words: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_miscount"))
        .arg("replay")
        .args(words.split_whitespace())
        .output()
        .unwrap()
}

fn json(words: &str) -> serde_json::Value {
    let output = replay(&format!("{words} --format json"));
    assert_eq!(output.status.code(), Some(0), "{words}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_worst_schedule_leaves_two() {
    let record = json("unsynced -t 2 -i 5000 --schedule worst");
    assert_eq!(record["schema"], "miscount.replay/1");
    assert_eq!(record["schedule"], "A,B9998,A,B,A-,B-");
    assert_eq!(record["expected"], 10_000);
    assert_eq!(record["predicted"], 2);
    assert_eq!(record["actual"], 2);
    assert_eq!(record["agree"], true);
    assert_eq!(record["switches"], 5);
    assert_eq!(record["steps"], 20_000);
}

#[test]
fn the_printed_schedule_replays_to_the_same_total() {
    for words in [
        "unsynced -t 3 -i 4 -s random:3",
        "compare-exchange -t 2 -i 3 -s lockstep",
    ] {
        let first = json(words);
        let (strategy, shape) = words
            .split_once(" -s")
            .map(|(left, _)| left.split_once(' ').unwrap())
            .unwrap();
        let token = first["schedule"].as_str().unwrap();
        let second = json(&format!("{strategy} {shape} -s {token} --strict"));
        for key in ["schedule", "predicted", "actual", "steps", "switches"] {
            assert_eq!(first[key], second[key], "{words}: {key}");
        }
    }
}

#[test]
fn the_model_alone_starts_no_threads() {
    let record = json("unsynced -t 1024 -i 2 -s serial --on model");
    assert_eq!(record["on"], "model");
    assert_eq!(record["predicted"], 2048);
    assert!(record["actual"].is_null() && record["agree"].is_null());
    assert!(record["elapsed_ns"].is_null());
}

#[test]
fn steps_are_told_with_what_they_overwrite() {
    let words = "unsynced -t 2 -i 3 -s A,B4,A,B,A-,B- --steps";
    let record = json(words);
    let steps = record["interleaving"].as_array().unwrap();
    assert_eq!(steps.len(), 12);
    let overwrites: u64 = steps
        .iter()
        .map(|step| step["overwrites"].as_u64().unwrap())
        .sum();
    // Every update that was lost was overwritten by somebody.
    assert_eq!(overwrites, record["lost"].as_u64().unwrap());
    assert_eq!(steps[5]["thread"], "A");
    assert_eq!(steps[5]["overwrites"], 2);
    let text = String::from_utf8(replay(words).stdout).unwrap();
    insta::assert_snapshot!(without_times(&text));
}

#[test]
fn a_narrow_page_has_one_column_and_nothing_runs_over() {
    for width in [20, 40, 60] {
        let output = Command::new(env!("CARGO_BIN_EXE_miscount"))
            .args([
                "replay", "unsynced", "-i", "40", "-s", "worst", "-t", "3", "--steps", "--ascii",
            ])
            .env("COLUMNS", width.to_string())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.is_ascii());
        for line in text.lines() {
            assert!(fits(line, width), "{line}");
        }
    }
}

/// The text with the one duration it has taken out.
pub(crate) fn without_times(text: &str) -> String {
    let units = [" ns", " µs", " ms", " s"];
    let timed = |line: &&str| units.iter().any(|unit| line.contains(unit));
    text.lines()
        .map(|line| {
            if timed(&line) {
                "[a line with a duration]"
            } else {
                line
            }
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_schedule_that_cannot_be_done_is_named() {
    for (words, complaint) in [
        (
            "unsynced -i 2 -s A,C",
            "segment 2 ('C'): the last thread is B",
        ),
        ("unsynced -i 2 -s A5", "segment 1 ('A5')"),
        ("unsynced -i 2 -s A-,A", "segment 2"),
        ("mutex-per-op -i 2 -s A2,B3", "lock `mutex`, held by A"),
        ("unsynced -i 2 -s A,B --strict", "ends before"),
        ("unsynced -i 2 -s A,,B", "segment 2"),
        ("unsynced -i 2 -s a", "worst, lockstep, serial"),
        ("unsynced -i 2 -s random", "random needs a seed"),
        ("unsynced -i 2 -s random:x", "seed"),
        ("map-reduce -s worst", "has no program"),
        ("unsink -s worst", "unsynced"),
        ("unsynced -s worst --batch 2", "mutex-per-batch"),
        ("unsynced -s worst -t 0", "1 to 1024"),
        ("unsynced -s worst -t 4 -i 18446744073709551615", "64 bits"),
    ] {
        let output = replay(words);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{words}: {said}");
        assert!(
            said.starts_with("error: ") && said.lines().count() == 1,
            "{said}"
        );
        assert!(said.contains(complaint), "{words}: {said}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_schedule_that_ends_early_is_completed_and_that_is_said() {
    let record = json("unsynced -i 2 -s A,B");
    assert_eq!(record["completed_steps"], 6);
    assert_eq!(record["schedule"], "A,B,A-,B-");
    let text = String::from_utf8(replay("unsynced -i 2 -s A,B").stdout).unwrap();
    assert!(text.contains("ended early"));
}

/// The time is up before anything begins. The model looks at it every few thousand moves only, so it
/// comes to the end of a schedule of three moves, and the real threads do not.
#[test]
fn out_of_time_is_said() {
    let words = "unsynced -t 3 -i 5000 -s serial --timeout 1ns";
    let output = replay(words);
    assert_eq!(output.status.code(), Some(124));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("Timed out: the real threads were stopped"),
        "{text}"
    );
    let output = replay(&format!("{words} --format json"));
    let record: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record["stopped"], "timeout");
    for unknown in ["actual", "agree", "elapsed_ns"] {
        assert!(record[unknown].is_null(), "{unknown}: {record}");
    }

    let output = replay("unsynced -t 2 -i 100k -s lockstep --timeout 1ns");
    assert_eq!(output.status.code(), Some(124));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: --timeout passed before"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn one_is_no_plural_and_nothing_has_no_name() {
    let text = |words: &str| String::from_utf8(replay(words).stdout).unwrap();
    let one = text("unsynced -t 2 -i 1 -s A-,B");
    for part in ["4 steps, 1 switch between threads", "1 step was added."] {
        assert!(one.contains(part), "{part}: {one}");
    }
    let two = text("unsynced -t 2 -i 1 -s A,B,A");
    assert!(two.contains("4 steps, 3 switches between"), "{two}");
    let more = text("unsynced -t 2 -i 1 -s A");
    assert!(
        more.contains("3 steps were added, thread by thread"),
        "{more}"
    );
    let none = text("unsynced -t 2 -i 0 -s serial");
    assert!(!none.contains("schedule"), "{none}");
    assert!(none.contains("0 steps, 0 switches"), "{none}");
}
