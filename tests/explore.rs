//! Every schedule, counted, through the real program.

use std::process::Output;

use assert_cmd::Command;
use serde_json::{Value, json};

use crate::support::fits;

fn explore(words: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_miscount"))
        .arg("explore")
        .args(words.split_whitespace())
        .output()
        .unwrap()
}

fn census(words: &str) -> Value {
    let output = explore(&format!("{words} --format json"));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The number of schedules that end with this total.
fn schedules(census: &Value, total: u64) -> &Value {
    let outcomes = census["outcomes"].as_array().unwrap();
    let outcome = outcomes.iter().find(|outcome| outcome["total"] == total);
    &outcome.unwrap()["schedules"]
}

#[test]
fn counts_are_exact_and_as_strings() {
    let small = census("unsynced -t 2 -i 5");
    assert_eq!(small["schema"], "miscount.census/2");
    assert_eq!(small["verdict"], "exhausted");
    assert_eq!(small["schedules"], "184756");
    assert_eq!(schedules(&small, 2), "8");
    assert_eq!(schedules(&small, 10), "252");
    assert_eq!(census("unsynced -t 2 -i 10")["schedules"], "137846528820");
}

#[test]
fn a_correct_strategy_has_one_outcome() {
    for strategy in [
        "mutex-per-op",
        "atomic",
        "rwlock",
        "spinlock",
        "compare-exchange",
    ] {
        let census = census(&format!("{strategy} -t 2 -i 3"));
        let outcomes = census["outcomes"].as_array().unwrap();
        assert_eq!(outcomes.len(), 1, "{strategy}");
        assert_eq!(outcomes[0]["total"], 6, "{strategy}");
    }
}

#[test]
fn what_was_not_typed_is_not_named() {
    let plain = census("rwlock -t 2 -i 1");
    assert_eq!(plain["flags"], "");
    assert_eq!(census("rwlock --split -t 2 -i 1")["flags"], "--split");
    // Readers cannot be typed, so they must not be in what is to be typed next.
    let large = census("rwlock -t 9 -i 9 --max-states 100");
    let closest = large["closest"]["command"].as_str().unwrap();
    crate::documents::can_be_typed("explore", closest);
    assert!(!closest.contains("--readers"), "{closest}");
}

#[test]
fn no_more_states_are_reported_than_were_allowed() {
    for words in ["unsynced -t 3 -i 8", "philosophers", "naive-flags"] {
        let stopped = census(&format!("{words} --max-states 10"));
        assert_eq!(stopped["stopped"], "states", "{words}");
        assert_eq!(stopped["states"], 10, "{words}");
    }
}

#[test]
fn reach_answers_with_its_exit_code() {
    for (words, code) in [
        ("unsynced -t 2 -i 3 --reach 2", 0),
        ("unsynced -t 2 -i 3 --reach 1", 1),
        ("atomic -t 2 -i 3 --reach 5", 1),
        ("compare-exchange -t 3 -i 6 --reach 3 --max-states 50", 4),
        ("unsynced -t 2 -i 3 --reach 7", 1),
        ("unsynced -t 2 -i 6 --max-states 20", 4),
        ("map-reduce", 2),
        ("unsynced -t 0", 2),
        ("unsynced --batch 2", 2),
    ] {
        let output = explore(words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{words}: {said}");
        assert!(!said.contains("panicked"), "{words}: {said}");
    }
}

#[test]
fn what_a_rule_tells_needs_no_search() {
    let record = census("unsynced -t 3 -i 5000");
    assert_eq!(record["totals"], json!({"from": 2, "to": 15000}));
    let text = explore("unsynced -t 3 -i 5000").stdout;
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("Exactly the totals 2 to 15,000"), "{text}");
    assert!(!text.contains("may be too"), "{text}");
    // All are counted, so that is all there is to be said.
    assert!(census("unsynced -t 2 -i 3").get("totals").is_none());
}

#[test]
fn where_only_their_number_is_missing_schedules_are_not_searched_for_long() {
    let record = census("sharded -t 2 -i 5000");
    assert_eq!(record["totals"], json!({"from": 10000, "to": 10000}));
    assert_eq!(record["stopped"], "beyond");
    assert!(record["states"].as_u64().unwrap() < 200_000);
    let output = explore("mutex-per-op -t 2 -i 5000");
    assert_eq!(output.status.code(), Some(4));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("Every schedule ends with 10,000"), "{text}");
    assert!(!text.contains("is unknown"), "{text}");
    // Whoever asks for a search gets one.
    let asked = census("mutex-per-op -t 2 -i 5000 --max-states 1000");
    assert_eq!(asked["stopped"], "states");
}

#[test]
fn of_a_correct_strategy_no_other_totals_are_hinted_at() {
    let output = explore("compare-exchange -t 2 -i 5000");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("gave the correct 10,000"), "{text}");
    assert!(!text.contains("may be too"), "{text}");
}

#[test]
fn what_is_certain_has_a_share_of_one() {
    let record = census("mutex-per-batch --batch 2 -t 3 -i 6");
    assert_eq!(record["outcomes"][0]["fair_share"], 1.0);
    let text = on_page("mutex-per-batch --batch 2 -t 3 -i 6", 80);
    assert!(!text.contains("over"), "{text}");
}

fn on_page(words: &str, width: usize) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_miscount"))
        .arg("explore")
        .args(words.split_whitespace())
        .env("COLUMNS", width.to_string())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_columns_that_are_explained_are_those_that_are_shown() {
    let mut seen = [false; 4];
    for words in [
        "unsynced",
        "unsynced --no-witnesses",
        "rwlock --split",
        "atomic",
        "unsynced -t 3 -i 4",
    ] {
        for width in [30, 40, 60, 80, 100, 120, 160] {
            let text = on_page(&format!("{words} --explain"), width);
            let heading = text.lines().find(|line| line.starts_with("total"));
            let heading = heading.or(text.lines().find(|line| {
                line.trim_start().starts_with("total") || line.contains("schedules  ")
            }));
            let shown = |column: &str| heading.unwrap().contains(column);
            let words_of = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let explained = |word: &str| words_of.contains(word);
            let (witness, fair) = (shown("witness"), shown("fair share"));
            assert_eq!(
                witness,
                explained("Witness: "),
                "{words} on {width}: {text}"
            );
            assert_eq!(fair, explained("Fair share:"), "{words} on {width}: {text}");
            seen[usize::from(witness) * 2 + usize::from(fair)] = true;
        }
    }
    assert!(seen[0] && seen[1] && seen[3], "{seen:?}");
}

#[test]
fn small_shares_can_be_read_aloud() {
    let text = on_page("unsynced -t 3 -i 6", 80);
    assert!(text.contains("(1 in 200M)"), "{text}");
    for line in text.lines().filter(|line| line.contains('%')) {
        assert!(!line.contains("e-"), "{line}");
    }
}

#[test]
fn rows_tell_strategies_apart_by_their_flags() {
    for (words, start) in [
        ("rwlock --split -t 2 -i 1", ",rwlock,--split,2,1,"),
        ("rwlock -t 2 -i 1", ",rwlock,,2,1,"),
        (
            "mutex-per-batch --batch 2 -t 2 -i 4",
            ",mutex-per-batch,--batch 2,2,4,",
        ),
    ] {
        let output = explore(&format!("{words} --format csv"));
        let rows = String::from_utf8(output.stdout).unwrap();
        let (heading, rows) = rows.split_once('\n').unwrap();
        assert!(heading.starts_with("total,strategy,flags,threads,increments,"));
        assert!(rows.lines().all(|row| row.contains(start)), "{rows}");
    }
}

#[test]
fn every_witness_replays_to_its_total() {
    let census = census("rwlock --split -t 2 -i 2");
    for outcome in census["outcomes"].as_array().unwrap() {
        let witness = outcome["witness"].as_str().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_miscount"))
            .args([
                "replay", "rwlock", "--split", "-t", "2", "-i", "2", "--strict",
            ])
            .args(["--schedule", witness, "--format", "json"])
            .output()
            .unwrap();
        let replayed: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(replayed["actual"], outcome["total"], "{witness}");
    }
}

#[test]
fn no_line_is_wider_than_the_page() {
    for width in [20_usize, 40, 80, 120] {
        for words in ["unsynced", "mutex-per-op", "unsynced -i 4 --reach 1"] {
            let output = Command::new(env!("CARGO_BIN_EXE_miscount"))
                .args(["explore", "--ascii"])
                .args(words.split_whitespace())
                .env("COLUMNS", width.to_string())
                .output()
                .unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            assert!(text.is_ascii(), "{text}");
            for line in text.lines() {
                assert!(fits(line, width), "{line}");
            }
        }
    }
}

#[test]
fn what_a_rule_tells_of_huge_sizes_is_told_at_once() {
    // Step by step, each of these would take minutes or hours.
    for (words, code) in [
        ("atomic -i 1G --reach 10 --timeout 1m", 1),
        ("atomic -t 3 -i 1G --reach 3_000_000_000", 0),
        ("mutex-per-op -i 1G --reach 3", 1),
        ("mutex-per-batch -i 1G --reach 3", 1),
        ("mutex-per-batch -i 1G --batch 1000 --reach 3", 1),
        ("spinlock -i 1G --reach 3", 4),
        ("unsynced -i 1G --reach 1_234_567_890", 0),
        ("unsynced -t 1024 -i 1_000_000 --reach 2", 0),
        ("rwlock --split -i 1G --reach 77", 0),
        ("sharded -i 1G --reach 2", 1),
        ("unsynced -t 1024 -i 1_000_000", 4),
        ("atomic -i 1G", 4),
        ("compare-exchange -i 1G --timeout 100ms", 4),
    ] {
        let output = explore(words);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{words}: {errors}");
    }
}

#[test]
fn a_search_that_has_looked_around_goes_on_to_the_end() {
    // More states than a glance looks at, so it stops there and is resumed.
    let found = census("rwlock --split -t 2 -i 14");
    assert_eq!(found["verdict"], "exhausted");
    assert_eq!(found["states"], 194_951);
    assert_eq!(found["layers"], 168);
    assert_eq!(found["schedules"], "9112314944397088928068600");
    assert_eq!(found.get("recurrence"), None);
    let outcomes = found["outcomes"].as_array().unwrap();
    let totals: Vec<u64> = outcomes
        .iter()
        .map(|o| o["total"].as_u64().unwrap())
        .collect();
    assert_eq!(totals, (2..=28).collect::<Vec<_>>());
}

#[test]
fn what_is_beyond_a_search_is_counted_by_recurrence() {
    let found = census("unsynced -t 4 -i 4");
    assert_eq!(found["verdict"], "exhausted");
    assert_eq!(found["recurrence"], true);
    assert_eq!(found["layers"], 32);
    // (4 x 8)! / (8!)^4
    assert_eq!(found["schedules"], "99561092450391000");
    let outcomes = found["outcomes"].as_array().unwrap();
    assert_eq!(outcomes.len(), 15);
    assert_eq!(outcomes[0]["witness"], "A,C-,D-,B6,A,B,A-,B-");
    let output = explore("counter -i 100");
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(
        report.contains("over 99.99% of schedules end wrong (fair share over 99.99%)"),
        "{report}"
    );
    // That many states are in no memory, so this is what was unknown.
    let output = explore("unsynced -t 3 -i 40");
    assert_eq!(output.status.code(), Some(0));
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(report.contains("by recurrence over"), "{report}");
    assert!(
        report.contains("119 or 120") || report.contains("correct"),
        "{report}"
    );
}
