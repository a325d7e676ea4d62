//! What an outcome is, and how many runs had it.

use std::fs;

use serde_json::{Value, json};

use super::{only, record, repeat};
use crate::support::{miscount, output};

#[test]
fn output_and_exit_status_are_the_outcome() {
    let (code, record) = record("-r 3", "printf 'one\\ntwo\\n'; echo no >&2; exit 7");
    assert_eq!(code, 0);
    let outcome = only(&record);
    assert_eq!(outcome["output"], "one\\ntwo");
    assert_eq!(outcome["exit"], 7);
    assert_eq!(outcome["signal"], Value::Null);
    assert_eq!(outcome["timed_out"], false);
    assert_eq!(outcome["bytes"], 8);
    assert_eq!(outcome["standard_error"], "no");
    assert_eq!(record["runs"].as_array().unwrap().len(), 3);
    assert_eq!(record["runs"][2]["run"], 3);
    assert_eq!(record["runs"][2]["exit"], 7);
    assert_eq!(
        record["command"],
        "sh -c \"printf 'one\\\\ntwo\\\\n'; echo no >&2; exit 7\""
    );
}

#[test]
fn the_digest_is_that_of_the_output() {
    // sha256sum says so, of nothing and of "hi" with a line feed.
    for (script, digest) in [
        (
            ":",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        (
            "echo hi",
            "98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4",
        ),
    ] {
        let (_, record) = record("-r 1", script);
        assert_eq!(only(&record)["sha256"], digest, "{script}");
    }
}

/// Outputs that differ after the part that is shown, and after what a pipe holds.
#[test]
fn what_is_not_shown_counts_too() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let script = format!(
        "head -c 300000 /dev/zero; if [ -e {0} ]; then echo a; else echo b; : > {0}; fi",
        mark.display()
    );
    let (_, record) = record("-r 4", &script);
    let outcomes = record["outcomes"].as_array().unwrap();
    assert_eq!(outcomes.len(), 2, "{record}");
    // The most frequent is the first.
    let runs = outcomes
        .iter()
        .map(|outcome| (&outcome["runs"], &outcome["first_run"]));
    let runs: Vec<_> = runs.collect();
    assert_eq!(runs, [(&json!(3), &json!(2)), (&json!(1), &json!(1))]);
    assert_eq!(outcomes[0]["bytes"], 300_002);
    assert_eq!(outcomes[0]["output"], outcomes[1]["output"]);
    assert_ne!(outcomes[0]["sha256"], outcomes[1]["sha256"]);
}

#[test]
fn the_first_group_of_the_first_match_is_the_outcome() {
    let script = "echo $$; echo 'total: 7 of 9'; echo 'total: 8'";
    let flags = ["-r", "3", "--match", r"total: (\d+)", "--format", "json"];
    let command = ["--", "sh", "-c", script];
    let output = output(miscount().arg("repeat").args(flags).args(command));
    let record: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(only(&record)["output"], "7");
    assert_eq!(only(&record)["number"], 7);
}

#[test]
fn a_run_without_a_match_is_an_outcome_of_its_own() {
    let (_, record) = record("-r 2 --match (x+)", "echo $$");
    assert_eq!(only(&record)["output"], Value::Null);
    let text = repeat("-r 2 --match (x+)", "echo $$").stdout;
    assert!(String::from_utf8(text).unwrap().contains("no match"));
}

#[test]
fn numbers_are_compared_with_the_expected_one() {
    let folder = tempfile::tempdir().unwrap();
    let count = folder.path().join("count");
    // Runs 1 to 5 print 10, 9, 8, 12 and 10, but the last one fails.
    let script = format!(
        "echo >> {0}; n=$(wc -l < {0}); set -- 10 9 8 12 10; shift $((n - 1)); echo $1; [ $n -lt 5 ]",
        count.display()
    );
    let (code, record) = record("-r 5 --expected 10 --expect lost", &script);
    assert_eq!(code, 0);
    let summary = &record["summary"];
    assert_eq!(summary["runs_correct"], 1);
    assert_eq!(summary["runs_wrong"], 4);
    assert_eq!(summary["actual"]["min"], 8);
    assert_eq!(summary["actual"]["max"], 12);
    // 12 lost nothing that could be counted.
    assert_eq!(summary["lost"]["max"], Value::Null);
    let of = |name: &str| {
        let runs = record["runs"].as_array().unwrap();
        runs.iter().map(|run| run[name].clone()).collect::<Vec<_>>()
    };
    assert_eq!(json!(of("lost")), json!([0, 1, 2, null, 0]));
    assert_eq!(
        json!(of("correct")),
        json!([true, false, false, false, false])
    );
    assert_eq!(json!(of("outcome")), json!([1, 2, 3, 4, 5]));
    assert_eq!(record["distribution"][3], json!({"actual": 12, "runs": 1}));
}

#[test]
fn confidence_chooses_the_number_of_runs() {
    let (_, record) = record("--confidence 10%", "echo 1");
    assert_eq!(record["runs_completed"], 30);
    assert_eq!(record["summary"]["unseen_share"], 0.1);
    let text = String::from_utf8(repeat("-r 30", "echo 1").stdout).unwrap();
    assert!(text.contains("All 30 runs alike: any other outcome has a share below 10%"));
}

#[test]
fn there_are_several_processes_at_once() {
    let folder = tempfile::tempdir().unwrap();
    // Each waits until all four are there.
    let script = format!(
        "cd {}; : > $$; while [ $(ls | wc -l) -lt 4 ]; do sleep 0.01; done; echo met",
        folder.path().display()
    );
    let (_, record) = record("-r 4 --jobs 4 --each 5m", &script);
    assert_eq!(only(&record)["output"], "met");
}

#[test]
fn stress_and_random_cores_change_nothing_but_the_circumstances() {
    let (code, record) = record("-r 5 --stress --jobs 2 --expect same", "echo 1");
    assert_eq!((code, &record["runs_completed"]), (0, &json!(5)));
    assert_eq!(record["flags"], "--jobs 2 --stress");
}

/// The cores of this process, as the system writes them.
#[cfg(target_os = "linux")]
const CORES: &str = "while read -r name value; do \
                     [ \"$name\" = Cpus_allowed_list: ] && echo \"$value\"; done < /proc/self/status";

#[cfg(target_os = "linux")]
#[test]
fn processes_run_on_the_cores_that_were_chosen() {
    let (_, one) = record("-r 2 --cores one", CORES);
    let one = only(&one)["output"].as_str().unwrap();
    assert!(one.parse::<usize>().is_ok(), "{one}");
    if crate::support::single_core() {
        return;
    }
    let (_, record) = record("-r 40 --pin random", CORES);
    let runs = record["runs"].as_array().unwrap();
    let cores: Vec<_> = runs
        .iter()
        .map(|run| run["output"].as_str().unwrap())
        .collect();
    assert!(cores.windows(2).all(|pair| pair[0] != pair[1]), "{cores:?}");
    assert_eq!(record["environment"]["pinned"], true);
}

/// How long the time slices of this process are, as the system writes it.
#[cfg(target_os = "linux")]
const SLICES: &str = "while read -r name colon value; do \
                      [ \"$name\" = se.slice ] && echo \"$value\"; done < /proc/self/sched; :";

#[cfg(target_os = "linux")]
#[test]
fn processes_have_the_time_slices_that_they_have_without_miscount() {
    let shell = std::process::Command::new("sh")
        .args(["-c", SLICES])
        .output();
    let usual = String::from_utf8(shell.unwrap().stdout).unwrap();
    let (_, record) = record("-r 2 --stress", SLICES);
    assert_eq!(
        only(&record)["output"].as_str().unwrap_or_default(),
        usual.trim()
    );
}

#[test]
fn the_output_of_each_outcome_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    let (kept, mark) = (folder.path().join("a/b"), folder.path().join("mark"));
    let script = format!(
        "if [ -e {0} ]; then head -c 200000 /dev/zero; echo late >&2; else echo first; : > {0}; fi",
        mark.display()
    );
    let flags = format!("-r 3 --keep {}", kept.display());
    let text = String::from_utf8(repeat(&flags, &script).stdout).unwrap();
    assert!(text.contains("2.stdout"), "{text}");
    let read = |name: &str| fs::read(kept.join(name)).unwrap();
    assert_eq!(read("1.stdout"), b"first\n");
    assert_eq!(read("1.stderr"), b"");
    assert_eq!(read("2.stdout"), vec![0; 200_000]);
    assert_eq!(read("2.stderr"), b"late\n");
    assert_eq!(fs::read_dir(&kept).unwrap().count(), 4);
    // Another experiment does not mix its outcomes with these.
    let refused = repeat(&flags, &script);
    assert_eq!(refused.status.code(), Some(3));
    let refused = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.contains("it is not empty"), "{refused}");
}

#[test]
fn lines_are_written_as_runs_end() {
    let (flags, script) = ("-r 2 --expected 5", "echo 4");
    let jsonl =
        String::from_utf8(repeat(&format!("{flags} --format jsonl"), script).stdout).unwrap();
    let lines: Vec<Value> = jsonl
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        (&lines[1]["type"], &lines[1]["run"]),
        (&json!("run"), &json!(2))
    );
    assert_eq!(
        (&lines[1]["lost"], &lines[1]["correct"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(lines[2]["type"], "summary");
    assert_eq!(lines[2]["schema"], "miscount.repeat/1");
    let csv = String::from_utf8(repeat(&format!("{flags} --format csv"), script).stdout).unwrap();
    let mut rows = csv.lines();
    let heading = "run,outcome,output,number,lost,correct,exit,signal,timed_out,elapsed_ns";
    assert_eq!(rows.next(), Some(heading));
    assert!(
        rows.next()
            .unwrap()
            .starts_with("1,1,4,4,1,false,0,,false,")
    );
    assert_eq!(rows.count(), 1);
}
