//! Whatever has a name and a system is explored, replayed, played and explained alike: here, puzzles.

use std::process::Output;

use miscount::game::puzzle::{self, Puzzle};
use miscount::lab::{Crew, Needs, force};
use miscount::model::{Completion, Ending, Goal, Options, ScheduleRun, census};
use miscount::plan::{Pinning, StartLine};
use miscount::sync::Context;
use serde_json::{Value, json};

use crate::documents::{can_be_typed, strict};
use crate::replay::without_times;
use crate::support::{miscount, sentence};

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

/// The outcome of a census that the puzzle asks for; `None` if it asks for no end.
fn solution<'a>(puzzle: &Puzzle, census: &'a Value) -> Option<&'a Value> {
    let mut outcomes = census["outcomes"].as_array().unwrap().iter();
    let reached = |outcome: &&Value| match puzzle.goal {
        Goal::Total(total) => outcome["total"] == total,
        Goal::Deadlock => outcome["deadlock"].is_array(),
        Goal::Wait { .. } => true,
    };
    let found = outcomes.find(reached);
    assert!(found.is_some(), "{}: {census}", puzzle.name);
    found.filter(|_| !matches!(puzzle.goal, Goal::Wait { .. }))
}

/// Every witness of every puzzle ends on real threads as it does in the model: the same total, or the
/// same threads waiting for the same.
#[test]
fn every_witness_of_a_puzzle_ends_alike_on_real_threads() {
    let mut deadlocks = 0;
    for puzzle in puzzle::ALL {
        let system = (puzzle.build)().unwrap();
        let needs = Needs::threads(system.threads());
        let crew = Crew::spawn(needs, StartLine::None, Pinning::Spread).unwrap();
        for outcome in census(&system, &Options::default()).unwrap().outcomes {
            let witness = outcome.witness.unwrap();
            let mut plan = ScheduleRun::new(&system, witness.segments().iter(), Completion::Strict);
            let moves: Vec<_> = plan.by_ref().map(Result::unwrap).collect();
            let ending = plan.machine().ending().unwrap();
            match (&outcome.end, &ending) {
                (Ending::Total(counted), Ending::Total(total)) => assert_eq!(counted, total),
                (Ending::Deadlock(_), Ending::Deadlock(_)) => deadlocks += 1,
                _ => panic!("{}: {witness} ends with {ending:?}", puzzle.name),
            }
            let run = force(&crew, &system, &moves, &Context::background()).unwrap();
            assert_eq!(run.ending, Some(ending), "{}: {witness}", puzzle.name);
        }
    }
    assert!(deadlocks >= 3);
}

/// A schedule that leaves threads in the middle has not ended, and the threads get out of it.
#[test]
fn threads_that_could_go_on_have_not_ended() {
    let system = (puzzle::find("deadlock").unwrap().1.build)().unwrap();
    let crew = Crew::spawn(Needs::threads(2), StartLine::None, Pinning::Spread).unwrap();
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
    let (census, replay) = (strict("census"), strict("replay"));
    for puzzle in puzzle::ALL {
        let name = puzzle.name;
        let explored = record(&format!("explore {name}"));
        assert!(census.is_valid(&explored), "{explored}");
        assert_eq!(explored["puzzle"], name);
        assert!(explored["strategy"].is_null() && explored["increments"].is_null());
        assert_eq!(explored["expected"].as_u64(), puzzle.correct, "{name}");
        assert_eq!(explored["counts_increments"], puzzle.counts, "{name}");
        for outcome in explored["outcomes"].as_array().unwrap() {
            let total = outcome["total"].as_u64();
            let correct = match total {
                Some(total) => puzzle.correct.map(|correct| correct == total),
                None => Some(false),
            };
            assert_eq!(outcome["correct"].as_bool(), correct, "{name}: {outcome}");
        }
        let Some(solution) = solution(puzzle, &explored) else {
            continue;
        };
        let witness = solution["witness"].as_str().unwrap();
        let replayed = record(&format!("replay {name} --schedule {witness} --strict"));
        assert!(replay.is_valid(&replayed), "{replayed}");
        assert_eq!(replayed["agree"], true, "{name}");
        assert_eq!(replayed["predicted"], solution["total"], "{name}");
        assert_eq!(replayed["actual"], solution["total"], "{name}");
        assert_eq!(replayed["deadlock"], solution["deadlock"], "{name}");
        let lost = puzzle.correct.zip(solution["total"].as_u64());
        let lost = lost.filter(|_| puzzle.counts);
        let lost = lost.map(|(correct, total)| correct - total);
        assert_eq!(replayed["lost"].as_u64(), lost, "{name}");
    }
}

#[test]
fn every_puzzle_is_explained() {
    let explanation = strict("explanation");
    for puzzle in puzzle::ALL {
        let explained = record(&format!("explain {}", puzzle.name));
        assert!(explanation.is_valid(&explained), "{explained}");
        assert_eq!(explained["story"], puzzle.story);
        let is_broken = !explained["breaking"].is_null();
        assert_eq!(
            explained["correct"].as_bool(),
            puzzle.correct.map(|_| !is_broken),
            "{}",
            puzzle.name
        );
        for command in explained["commands"].as_array().unwrap() {
            can_be_typed("explain", command["command"].as_str().unwrap());
        }
    }
}

#[test]
fn text_tells_of_deadlocks_and_of_totals() {
    for words in [
        "explore philosophers",
        "replay philosophers --schedule A,B,C",
        "explain philosophers",
        "explore bank",
        "replay bank --schedule A,B-,A-",
        "explain bank",
        "explore retry",
        "replay retry --schedule serial",
    ] {
        let name = words.split_whitespace().take(2).collect::<Vec<_>>();
        insta::assert_snapshot!(name.join("_"), without_times(&text(words)));
    }
}

/// Markdown, JSON lines and CSV say the same: which thread waits for what, and which one holds it.
#[test]
fn every_format_tells_of_a_deadlock() {
    for words in ["explore deadlock", "replay deadlock --schedule lockstep"] {
        let markdown = text(&format!("{words} --format markdown"));
        let waits = "A waits for lock `right`, held by B; B waits for lock `left`, held by A.";
        assert!(markdown.contains(waits), "{markdown}");
        let csv = text(&format!("{words} --format csv"));
        assert!(csv.contains(",A lock `right` B; B lock `left` A,"), "{csv}");
        let lines = text(&format!("{words} --format jsonl"));
        let held = r#""deadlock":[{"thread":"A","waits_for":"lock `right`","held_by":["B"]},"#;
        assert!(lines.contains(held), "{lines}");
    }
    // Without a witness it is not known who holds the locks.
    let blind = record("explore deadlock --no-witnesses");
    let waiting = &blind["outcomes"][1]["deadlock"][0];
    assert!(waiting.get("held_by").is_none(), "{waiting}");
    let waits = &record("explore wake-up")["outcomes"][1]["deadlock"];
    let waits_for = json!([{"thread": "A", "waits_for": "`asleep` to be 0", "value": 1}]);
    assert_eq!(*waits, waits_for);
}

#[test]
fn a_puzzle_has_one_size_and_no_settings() {
    for (words, named) in [
        ("explore bank -t 3", "--threads is for strategies, and bank"),
        ("replay bank -i 3 -s worst", "--increments"),
        ("step bank --split", "--split"),
        ("explain bank --window yield", "--window"),
        ("step bank --puzzle 1", "--puzzle"),
        ("explore bnk", "did you mean 'bank'?"),
        (
            "replay philosopher -s worst",
            "did you mean 'philosophers'?",
        ),
        ("explain unsync", "did you mean 'unsynced'?"),
        ("step xyz", "'miscount step --puzzles'"),
        ("explore xyz", "'miscount explain'"),
        ("replay bank -s A9", "--schedule: segment 1"),
        ("replay deadlock -s A,B,A", "lock `right`, held by B"),
    ] {
        let said = sentence(&run(words), 2, words);
        assert!(said.contains(named), "{words}: {said}");
    }
}

#[test]
fn a_total_of_a_puzzle_is_asked_for() {
    for (words, code) in [
        ("explore bank --reach 160", 0),
        ("explore bank --reach 161", 1),
        ("explore publish --reach 1000000", 1),
        ("explore bank --max-states 1", 4),
    ] {
        assert_eq!(run(words).status.code(), Some(code), "{words}");
    }
}

#[test]
fn shells_complete_strategies_and_puzzles() {
    let script = text("completions bash");
    for name in ["compare-exchange", "philosophers"] {
        assert!(script.contains(name), "{name}");
    }
}

/// The smallest total of a puzzle may be the right one, or a wrong one beside a deadlock.
#[test]
fn the_worst_schedule_of_a_puzzle_ends_wrongly() {
    let mut wrong = 0;
    for puzzle in miscount::game::puzzle::ALL {
        let words = ["replay", puzzle.name, "-s", "worst", "--on", "model"];
        let output = miscount()
            .args(words)
            .args(["--format", "json"])
            .output()
            .unwrap();
        let record: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let explained = ["explain", puzzle.name, "--format", "json"];
        let output = miscount().args(explained).output().unwrap();
        let explained: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        if explained["breaking"].is_null() {
            continue;
        }
        wrong += 1;
        assert_eq!(
            record["predicted"], explained["breaking"]["total"],
            "{}",
            puzzle.name
        );
        assert!(
            !record["deadlock"].is_null() || record["predicted"] != record["expected"],
            "{record}"
        );
    }
    assert!(wrong > 5, "{wrong}");
}
