//! Puzzles are race programs: explored, replayed, played and explained as those are.

use std::process::Output;

use miscount::cli::of_gallery;
use miscount::game::puzzle;
use miscount::lab::force;
use miscount::model::{Completion, Ending, Options, ScheduleRun, census};
use miscount::plan::Subject;
use miscount::sync::Context;
use serde_json::{Value, json};

use crate::documents::{can_be_typed, strict};
use crate::support::{crew, miscount, sentence};

fn run(words: &str) -> Output {
    let words = words.split_whitespace();
    miscount().args(words).output().unwrap()
}

fn text(words: &str) -> String {
    let output = run(words);
    assert!(output.status.success(), "{words}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn record(words: &str) -> Value {
    serde_json::from_str(&text(&format!("{words} --format json"))).unwrap()
}

fn gallery(name: &'static str) -> Subject {
    of_gallery(name).unwrap()
}

/// Every witness of every puzzle ends on real threads as it does in the model: the same values, the
/// same failure, or the same threads waiting for the same.
#[test]
fn every_witness_of_a_puzzle_ends_alike_on_real_threads() {
    let mut deadlocks = 0;
    for name in puzzle::ALL {
        let system = gallery(name).system().unwrap();
        let crew = crew(system.threads());
        for outcome in census(&system, &Options::default()).unwrap().outcomes {
            let witness = outcome.witness.unwrap();
            let mut plan = ScheduleRun::new(&system, witness.segments().iter(), Completion::Strict);
            let moves: Vec<_> = plan.by_ref().map(Result::unwrap).collect();
            let ending = plan.machine().ending().unwrap();
            assert_eq!(outcome.end, ending, "{name}: {witness}");
            deadlocks += usize::from(matches!(ending, Ending::Deadlock(_)));
            let run = force(&crew, &system, &moves, &Context::background()).unwrap();
            assert_eq!(run.ending, Some(ending), "{name}: {witness}");
        }
    }
    assert!(deadlocks >= 3);
}

/// A schedule that leaves threads in the middle has not ended, and the threads get out of it.
#[test]
fn threads_that_could_go_on_have_not_ended() {
    let system = gallery("two-locks").system().unwrap();
    let crew = crew(2);
    let schedule: miscount::model::Schedule = "A".parse().unwrap();
    let plan = ScheduleRun::new(&system, schedule.segments().iter(), Completion::Serial);
    let moves: Vec<_> = plan.take(1).map(Result::unwrap).collect();
    let run = force(&crew, &system, &moves, &Context::background()).unwrap();
    assert_eq!(run.ending, None);
    // The locks of the last run are not those of the next one.
    assert_eq!(
        force(&crew, &system, &moves, &Context::background()),
        Some(run)
    );
}

#[test]
fn every_puzzle_is_explored_and_its_solution_replayed() {
    let (census_schema, replay) = (strict("census"), strict("replay"));
    for name in puzzle::ALL {
        let explored = record(&format!("explore {name}"));
        assert!(census_schema.is_valid(&explored), "{explored}");
        assert_eq!(explored["program"], *name);
        assert!(explored["strategy"].is_null() && explored["increments"].is_null());
        let (subject, system) = (gallery(name), gallery(name).system().unwrap());
        let goal = subject.goal().unwrap();
        let outcomes = census(&system, &Options::default()).unwrap().outcomes;
        let solution = outcomes.iter().find(|outcome| goal.accepts(&outcome.end));
        let witness = solution.unwrap().witness.as_ref().unwrap();
        let replayed = record(&format!("replay {name} --schedule {witness} --strict"));
        assert!(replay.is_valid(&replayed), "{replayed}");
        assert_eq!(replayed["agree"], true, "{name}");
    }
}

#[test]
fn every_puzzle_is_explained() {
    let explanation = strict("program");
    for name in puzzle::ALL {
        let explained = record(&format!("explain {name}"));
        assert!(explanation.is_valid(&explained), "{explained}");
        assert_eq!(explained["story"], *gallery(name).words.story);
        for command in explained["commands"].as_array().unwrap() {
            let typed = command["command"].as_str().unwrap();
            can_be_typed("explain", typed.split(" > ").next().unwrap());
        }
    }
}

/// JSON and text say which thread waits for what, and which one holds it.
#[test]
fn a_deadlock_is_told() {
    let waits = "A waits for lock `right`, held by B; B waits for lock `left`, held by A.";
    let told = text("explore two-locks --format markdown");
    assert!(told.contains(waits), "{told}");
    let explored = record("explore two-locks");
    let found = explored["outcomes"].as_array().unwrap();
    let deadlock = found
        .iter()
        .find(|outcome| outcome["kind"] == "deadlock")
        .unwrap();
    let held = json!({"thread": "A", "waits_for": "lock `right`", "held_by": ["B"]});
    assert_eq!(deadlock["deadlock"][0], held);
}

#[test]
fn wrong_words_about_a_program_are_refused() {
    for (words, named) in [
        ("step bank --split", "--split"),
        ("explain bank --window yield", "--window"),
        ("step bank --puzzle 1", "--puzzle"),
        ("explore bnk", "did you mean 'bank'?"),
        (
            "replay philosopher -s worst",
            "did you mean 'philosophers'?",
        ),
        ("explain unsync", "did you mean 'unsynced'?"),
        ("step xyz", "'miscount programs'"),
        ("explore xyz", "'miscount explain'"),
        ("replay bank -s A9", "--schedule: segment 1"),
        ("replay two-locks -s A,B,A", "lock `right`, held by B"),
    ] {
        let said = sentence(&run(words), 2, words);
        assert!(said.contains(named), "{words}: {said}");
    }
}

#[test]
fn shells_complete_strategies_and_puzzles() {
    let script = text("completions bash");
    for name in ["compare-exchange", "philosophers"] {
        assert!(script.contains(name), "{name}");
    }
}

#[test]
fn the_worst_schedule_of_a_program_ends_wrongly_if_it_can() {
    let mut wrong = 0;
    for name in miscount::game::puzzle::ALL {
        let words = [
            "replay", name, "-s", "worst", "--on", "model", "--format", "json",
        ];
        let output = miscount().args(words).output().unwrap();
        let replayed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let output = miscount()
            .args(["explore", name, "--format", "json"])
            .output()
            .unwrap();
        let explored: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let mut outcomes = explored["outcomes"].as_array().unwrap().iter();
        if outcomes.all(|outcome| outcome["correct"] != false || outcome["kind"] == "livelock") {
            continue;
        }
        wrong += 1;
        assert_eq!(replayed["end"]["correct"], false, "{replayed}");
    }
    assert!(wrong > 5, "{wrong}");
}
