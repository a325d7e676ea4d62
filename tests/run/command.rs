//! The command: its reports, its flags and what it refuses.

use serde_json::Value;

use crate::support::{miscount, output, sentence};

/// Runs the command; gives what it printed.
fn printed(words: &[&str], code: i32) -> String {
    let output = output(miscount().arg("run").args(words));
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{words:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

fn json(words: &[&str], code: i32) -> Value {
    let words = [words, &["--format", "json"]].concat();
    serde_json::from_str(&printed(&words, code)).unwrap()
}

/// Returns the outcomes of this kind.
fn of_kind<'a>(record: &'a Value, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    let outcomes = record["outcomes"].as_array().unwrap().iter();
    outcomes.filter(move |outcome| outcome["kind"] == kind)
}

#[test]
fn an_outcome_stands_beside_what_the_model_says_of_it() {
    let record = json(&["bank", "-r", "2k"], 0);
    assert_eq!(record["schema"], "miscount.run/1");
    assert_eq!(record["program"], "bank");
    assert_eq!(record["runs_completed"], 2000);
    assert_eq!(record["stopped"], "completed");
    let outcomes = record["outcomes"].as_array().unwrap();
    assert_eq!(outcomes.len(), 3);
    let runs: u64 = outcomes
        .iter()
        .map(|one| one["runs"].as_u64().unwrap())
        .sum();
    assert_eq!(runs, 2000);
    for outcome in outcomes {
        assert_eq!(outcome["allowed"]["sc"], true, "{outcome}");
        assert!(outcome["witness"].is_string(), "{outcome}");
        assert!(outcome["share"].as_f64().unwrap() > 0.0, "{outcome}");
        assert_eq!(
            outcome["correct"],
            outcome["values"]["paid"] == 80,
            "{outcome}"
        );
    }
    assert_eq!(record["model"]["exhausted"], true);
}

#[test]
fn deadlocks_are_counted_and_the_runs_go_on() {
    let record = json(&["self-deadlock", "-r", "500"], 0);
    let [deadlock] = of_kind(&record, "deadlock").collect::<Vec<_>>()[..] else {
        panic!("{record}")
    };
    assert_eq!(deadlock["runs"], 500);
    assert_eq!(deadlock["first_run"], 1);
    assert_eq!(record["runs_wrong"], 500);
    let text = printed(&["self-deadlock", "-r", "500"], 0);
    assert!(
        text.contains("miscount replay self-deadlock --schedule"),
        "{text}"
    );
    assert!(text.contains("Deadlock: A waits for lock"), "{text}");
}

#[test]
fn a_file_and_standard_input_are_programs_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.race");
    std::fs::write(
        &path,
        "param n = 1\nshared x\nthread { x = n }\nexpect x == 3\n",
    )
    .unwrap();
    let path = path.to_str().unwrap();
    let record = json(&[path, "--set", "n=3", "-r", "10"], 0);
    assert_eq!(record["outcomes"][0]["values"]["x"], 3);
    assert_eq!(record["runs_correct"], 10);
    let wrong = json(&[path, "-r", "10", "--expect", "wrong"], 0);
    assert_eq!(wrong["runs_wrong"], 10);
}

#[test]
fn sizes_set_the_parameters_of_these_names() {
    let record = json(&["counter-fixed", "-t", "3", "-i", "4", "-r", "100"], 0);
    assert_eq!(record["threads"], 3);
    assert_eq!(record["outcomes"][0]["values"]["counter"], 12);
}

#[test]
fn until_stops_at_the_first_such_run() {
    for (until, kind) in [("deadlock", "deadlock"), ("wrong", "deadlock")] {
        let record = json(&["self-deadlock", "-r", "1k", "--until", until], 0);
        assert_eq!(record["stopped"], "found", "{until}");
        assert_eq!(record["runs_completed"], 1, "{until}");
        assert_eq!(of_kind(&record, kind).count(), 1, "{until}");
    }
    let record = json(&["counter-fixed", "-r", "1k", "--until", "counter == 4"], 0);
    assert_eq!(
        (&record["stopped"], &record["runs_completed"]),
        (&"found".into(), &1.into())
    );
    let record = json(&["counter-fixed", "-r", "1k", "--until", "wrong"], 0);
    assert_eq!(record["stopped"], "completed");
    let record = json(&["counter-fixed", "-r", "1k", "--until", "correct"], 0);
    assert_eq!(record["runs_completed"], 1);
}

#[test]
fn expectations_decide_the_exit_code() {
    printed(&["counter-fixed", "-r", "100", "--expect", "correct"], 0);
    printed(&["counter-fixed", "-r", "100", "--expect", "wrong"], 1);
    printed(&["self-deadlock", "-r", "100", "--expect", "correct"], 1);
    printed(&["self-deadlock", "-r", "100", "--expect", "wrong"], 0);
}

#[test]
fn every_format_has_the_outcomes() {
    let lines = printed(&["two-locks", "-r", "100", "--format", "jsonl"], 0);
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let types: Vec<_> = lines
        .iter()
        .map(|line| line["type"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["outcome", "outcome", "summary"]);
    let csv = printed(&["two-locks", "-r", "100", "--format", "csv"], 0);
    let mut rows = csv.lines();
    assert!(
        rows.next()
            .unwrap()
            .starts_with("kind,program,flags,threads,values,"),
        "{csv}"
    );
    assert!(
        rows.next().unwrap().starts_with("finished,two-locks,,2,"),
        "{csv}"
    );
    assert!(
        rows.next().unwrap().starts_with("deadlock,two-locks,,2,"),
        "{csv}"
    );
    let markdown = printed(&["two-locks", "-r", "100", "--format", "markdown"], 0);
    assert!(markdown.contains("moved = 2"), "{markdown}");
}

#[test]
fn what_is_no_program_is_refused() {
    for (words, code, part) in [
        (&["unsynced"][..], 2, "run takes a race program"),
        (&["no-such-program"], 2, "'miscount programs'"),
        (&["no-such-file.race"], 3, "cannot read the program"),
        (&["bank", "--set", "N=5"], 2, "N"),
        (&["bank", "-r", "0"], 2, "at least 1"),
        (&["bank", "--stride", "0"], 2, "1 to 65536"),
        (&["bank", "--for", "0s"], 2, "longer than 0"),
        (&["bank", "--until", "paid ="], 2, ""),
        (&["bank", "--until", "payed == 80"], 2, "paid"),
        (&["bank", "--expect", "lost"], 2, "wrong"),
        (&["bank", "--window", "yield"], 2, "--window"),
        (&[], 2, "PROGRAM"),
    ] {
        let output = output(miscount().arg("run").args(words));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{words:?}: {error}");
        assert!(error.contains(part), "{words:?}: {error}");
        assert!(output.stdout.is_empty(), "{words:?}");
    }
    let typed = output(miscount().args(["run", "unsynced"]));
    sentence(&typed, 2, "a strategy");
}
