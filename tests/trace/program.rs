//! `trace` as it is typed.

use std::fs;
use std::process::Output;

use serde_json::Value;

#[cfg(target_os = "linux")]
use super::super::support::shell;
use super::super::support::{miscount, sentence};

fn trace(words: &[&str]) -> Output {
    miscount().arg("trace").args(words).output().unwrap()
}

fn stdout(output: &Output, code: i32) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{error}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_token_forces_the_same_on_real_threads() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    for what in [
        &["unsynced"][..],
        &["unsynced", "--window", "yield"],
        &["unsynced", "--window", "spin:20"],
        &["rwlock", "--split"],
    ] {
        let shape = ["-t", "2", "-i", "50"];
        let words = [what, &shape[..], &["--token"]].concat();
        let token = stdout(&trace(&words), 0);
        fs::write(&file, &token).unwrap();
        let from_file = format!("@{}", file.display());
        let replay = |schedule: &str, on: &str| {
            let mut program = miscount();
            program.arg("replay").args(what).args(shape);
            program.args([
                "--strict",
                "--format",
                "json",
                "--on",
                on,
                "--schedule",
                schedule,
            ]);
            // For `-`.
            program.stdin(fs::File::open(&file).unwrap());
            let record: Value =
                serde_json::from_str(&stdout(&program.output().unwrap(), 0)).unwrap();
            record
        };
        let record = replay(token.trim_end(), "threads");
        assert_eq!(record["actual"], record["predicted"], "{what:?}");
        for read in [from_file.as_str(), "-"] {
            let same = replay(read, "model");
            assert_eq!(same["predicted"], record["predicted"], "{what:?} {read}");
            assert_eq!(same["schedule"], record["schedule"], "{what:?} {read}");
        }
    }
    let mut program = miscount();
    let output = program
        .args(["replay", "unsynced", "--schedule", "@/nowhere/token"])
        .output();
    let refused = sentence(&output.unwrap(), 3, "a file that is not there");
    assert!(refused.contains("/nowhere/token"), "{refused}");
}

#[test]
fn every_format_for_programs_has_every_increment() {
    let plain = ["unsynced", "-t", "3", "-i", "200"];
    let words = [&plain[..], &["--fates"]].concat();
    let with = |format| stdout(&trace(&[&words[..], &["--format", format]].concat()), 0);
    let json: Value = serde_json::from_str(&with("json")).unwrap();
    assert_eq!(json["schema"], "miscount.trace/3");
    let fates = json["fates"].as_array().unwrap();
    assert_eq!(fates.len(), 600);
    let survived = fates.iter().filter(|fate| fate["survived"] == true).count();
    assert_eq!(json["actual"], survived);
    let first = &fates[0];
    assert_eq!(
        (&first["thread"], &first["sequence"]),
        (&"A".into(), &1.into())
    );
    let lines = with("jsonl");
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 601);
    assert_eq!(lines[0]["type"], "increment");
    assert_eq!(lines[600]["type"], "summary");
    let csv = with("csv");
    assert_eq!(csv.lines().count(), 601);
    assert!(csv.starts_with("thread,sequence,read,"));
    // Without the flag they have stretches, which hold every increment too.
    let with = |format| stdout(&trace(&[&plain[..], &["--format", format]].concat()), 0);
    let json: Value = serde_json::from_str(&with("json")).unwrap();
    assert!(json["fates"].is_null());
    let stretches = json["stretches"].as_array().unwrap();
    let length = |stretch: &&Value| {
        stretch["last"].as_u64().unwrap() - stretch["first"].as_u64().unwrap() + 1
    };
    assert_eq!(stretches.iter().map(|s| length(&s)).sum::<u64>(), 600);
    let survived = stretches.iter().filter(|s| s["survived"] == true);
    assert_eq!(json["actual"], survived.map(|s| length(&s)).sum::<u64>());
    assert!(with("jsonl").starts_with("{\"type\":\"stretch\","));
    assert!(with("csv").starts_with("thread,first,last,read,"));
    // Text has no single increments to list.
    let refused = sentence(&trace(&words), 2, "--fates");
    assert!(refused.contains("--format json"), "{refused}");
    // A page of notes says what text says.
    let markdown = with("markdown");
    assert!(markdown.starts_with("# trace unsynced"), "{markdown}");
    assert!(
        markdown.contains("| thread | survived | lost |"),
        "{markdown}"
    );
}

#[test]
fn the_picture_is_a_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    for theme in ["light", "dark"] {
        let path = folder.path().join(format!("{theme}.svg"));
        let name = path.to_str().unwrap();
        let words = ["unsynced", "--svg", name, "--theme", theme, "--quiet"];
        let text = stdout(&trace(&words), 0);
        assert!(text.contains("survived"), "{text}");
        let picture = fs::read_to_string(&path).unwrap();
        let advice = stdout(&trace(&words[..5]), 0);
        assert!(!advice.contains("--svg"), "{advice}");
        assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
        assert!(picture.len() < 1 << 20, "{}", picture.len());
    }
}

#[test]
fn the_picture_and_the_report_do_not_share_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| {
        let words = [&["trace", "unsynced", "-i", "50", "-r", "1"], words].concat();
        let mut program = miscount();
        let output = program.args(words).current_dir(folder.path()).output();
        output.unwrap()
    };
    fs::write(folder.path().join("old"), "kept").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("old", folder.path().join("link")).unwrap();
    let mut clashes = vec![["new", "./new"], ["old", "./old"], ["-", "-"]];
    if cfg!(unix) {
        clashes.extend([["link", "old"], ["/dev/stdout", "-"]]);
    }
    for [svg, report] in clashes {
        for format in ["text", "jsonl"] {
            let output = run(&["--svg", svg, "-o", report, "--format", format]);
            assert!(sentence(&output, 2, svg).contains("--svg and --output"));
        }
    }
    assert_eq!(
        fs::read_to_string(folder.path().join("old")).unwrap(),
        "kept"
    );
    let standard = ["-", "/dev/stdout", "/dev/fd/1"];
    for svg in &standard[..if cfg!(unix) { 3 } else { 1 }] {
        let refused = sentence(&run(&["--svg", svg]), 2, svg);
        assert!(refused.contains("standard output"), "{refused}");
    }
    let picture = stdout(&run(&["--svg", "-", "-o", "report"]), 0);
    assert!(picture.starts_with("<svg "), "{picture}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_picture_that_cannot_be_written_is_an_error() {
    for (path, code) in [("/dev/full", 3), ("/nowhere/a.svg", 3), ("/proc/a.svg", 3)] {
        let output = trace(&["unsynced", "-i", "100", "--svg", path]);
        let sentence = sentence(&output, code, path);
        assert!(
            sentence.contains(path) || sentence.contains("/proc"),
            "{sentence}"
        );
        assert!(sentence.ends_with("--svg"), "{sentence}");
    }
    let output = miscount()
        .args(["trace", "-i", "100", "-o", "/dev/full", "--format", "csv"])
        .output()
        .unwrap();
    assert!(sentence(&output, 3, "csv").contains("--output"));
}

#[test]
fn wrong_command_lines_are_refused() {
    for (words, part) in [
        (&["sharded"][..], "a counter of its own"),
        (&["map-reduce"], "no shared counter"),
        (&["unsynced", "-t", "2", "-i", "5G"], "4294967295"),
        // Before anybody asks whether there is memory for it.
        (
            &["unsynced", "-t", "2", "-i", "5G", "--token"],
            "4294967295",
        ),
        (&["sharded", "-i", "1G", "--token"], "a counter of its own"),
        (&["unsynced", "--token", "--format", "json"], "--token"),
        (&["mutex-per-op", "--window", "yield"], "--window"),
        (&["unsynced", "--theme", "dark"], "--svg"),
        (&["--theme", "dark"], "'miscount trace --help'"),
        (&["nobody"], "nobody"),
    ] {
        let sentence = sentence(&trace(words), 2, &words.join(" "));
        assert!(sentence.contains(part), "{sentence}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn memory_that_does_not_suffice_is_an_error_and_no_crash() {
    let limited = |kilobytes: &str, words: &[&str]| {
        let script = format!("ulimit -v {kilobytes}; exec \"$0\" trace unsynced -t 2 -r 1 \"$@\"");
        shell(&script, words).output().unwrap()
    };
    for words in [
        &["200000", "-i", "2M"][..],
        &["240000", "-i", "2M", "--token"],
    ] {
        let sentence = sentence(&limited(words[0], &words[1..]), 3, &words.join(" "));
        assert!(
            sentence.ends_with("with --threads or --increments"),
            "{sentence}"
        );
    }
    // The threads themselves take more room than the logs.
    stdout(&limited("600000", &["-i", "400k", "--quiet"]), 0);
}

#[test]
fn an_expectation_that_does_not_hold_is_exit_1() {
    let correct = ["mutex-per-op", "-i", "50", "--expect"];
    for (expected, code) in [("correct", 0), ("lost", 1)] {
        let output = trace(&[&correct[..], &[expected]].concat());
        stdout(&output, code);
    }
    let lost = ["unsynced", "--window", "yield", "-i", "500", "--expect"];
    for (expected, code) in [("correct", 1), ("lost", 0)] {
        let output = trace(&[&lost[..], &[expected]].concat());
        stdout(&output, code);
    }
}

#[test]
fn where_nothing_can_be_lost_one_run_is_enough() {
    for words in [["-t", "1", "-i", "5"], ["-t", "2", "-i", "0"]] {
        let words = [&["unsynced", "--format", "json"], &words[..]].concat();
        let record: Value = serde_json::from_str(&stdout(&trace(&words), 0)).unwrap();
        assert_eq!(record["runs_requested"], 1, "{words:?}");
    }
}

#[test]
fn out_of_time_is_exit_124() {
    let words = ["unsynced", "--window", "sleep:10s", "--timeout", "50ms"];
    let output = trace(&words);
    let text = stdout(&output, 124);
    assert!(text.contains("No run was finished"), "{text}");
    assert_eq!(output.stderr, b"", "it is told twice");
    // Where the report does not say it.
    for form in [&["--token"][..], &["--format", "json"]] {
        let output = trace(&[&words[..], form].concat());
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(error.contains("--timeout passed before"), "{error}");
    }
}
