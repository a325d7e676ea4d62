//! Commands that misbehave, and command lines that are wrong.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use super::{only, record, repeat};
use crate::support::{miscount, output, sentence};

/// Runs the program with these words and holds it to the rules for errors.
fn refused(words: &[&str], code: i32) -> String {
    let output = output(miscount().arg("repeat").args(words));
    sentence(&output, code, &words.join(" "))
}

#[test]
fn a_command_that_cannot_be_run_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str, mode| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path.to_str().unwrap().to_string()
    };
    let plain = file("plain", "#!/bin/sh\n", 0o644);
    let strange = file("strange", "\0\u{1}no program", 0o755);
    let lost = file("lost", "#!/nowhere/sh\n", 0o755);
    let folder = folder.path().to_str().unwrap();
    for (command, why) in [
        ("no-such-program", "No such file"),
        ("./no-such-program", "No such file"),
        (folder, "Permission denied"),
        (&plain, "Permission denied"),
        (&strange, "Exec format error"),
        (&lost, "No such file"),
        ("", "No such file"),
    ] {
        let sentence = refused(&["--", command], 3);
        assert!(
            sentence.contains(&format!("cannot run '{command}'")),
            "{sentence}"
        );
        assert!(sentence.contains(why), "{command}: {sentence}");
        assert!(sentence.contains("PATH"), "{sentence}");
    }
    let sentence = refused(&["--", "echo 1 2"], 3);
    assert!(sentence.contains("separate words"), "{sentence}");
    let sentence = refused(&["--", "\u{1b}[31m"], 3);
    assert!(sentence.contains(r"\u{1b}[31m"), "{sentence}");
}

#[test]
fn a_wrong_command_line_is_told_what_is_right() {
    for (words, right) in [
        (&[][..], "no command given; write it after '--'"),
        (&["-r", "5", "--"], "no command given"),
        (&["--match", "(", "--", "true"], "unclosed group"),
        (&["--match", "a+", "--", "true"], "has no group"),
        (&["--expect", "[", "--", "true"], "regular expression"),
        (&["--expect", "256", "--", "true"], "'^256$'"),
        (
            &["--expect", "correct", "--", "true"],
            "add --expected TEXT",
        ),
        (&["--until", "lost", "--", "true"], "add --expected TEXT"),
        (&["--expected", "", "--", "true"], "a number or a text"),
        (&["--confidence", "0", "--", "true"], "between 0 and 1"),
        (
            &["--confidence", "1%", "-r", "5", "--", "true"],
            "cannot be combined with",
        ),
        (
            &["--for", "1s", "-r", "5", "--", "true"],
            "cannot be combined with",
        ),
        (&["--jobs", "0", "--", "true"], "it must be 1 to 1024"),
        (
            &["--cores", "0", "--", "true"],
            "write one, all or a number",
        ),
        (&["--each", "0s", "--", "true"], "longer than 0"),
        (&["-r", "0", "--", "true"], "at least 1"),
        (&["--job", "2", "--", "true"], "--jobs"),
    ] {
        let sentence = refused(words, 2);
        assert!(sentence.contains(right), "{words:?}: {sentence}");
    }
}

#[test]
fn more_cores_than_there_are_are_refused() {
    let sentence = refused(&["--cores", "1024", "--", "true"], 3);
    assert!(sentence.contains("can be used here"), "{sentence}");
}

#[test]
fn output_that_cannot_be_saved_is_an_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    let sentence = refused(&["--keep", path, "--", "true"], 3);
    assert!(
        sentence.contains("name another folder with --keep"),
        "{sentence}"
    );
}

#[test]
fn a_command_that_closes_its_output_is_waited_for() {
    let (_, record) = record("-r 2", "exec >&- 2>&-; sleep 0.1; exit 4");
    assert_eq!(only(&record)["exit"], 4);
    assert!(only(&record)["median_ns"].as_f64().unwrap() >= 100e6);
}

#[test]
fn standard_input_is_empty() {
    let (_, record) = record("-r 2", "cat; echo end");
    assert_eq!(only(&record)["output"], "end");
}

#[test]
fn a_grandchild_that_holds_the_pipe_does_not_hold_up_the_run() {
    let began = Instant::now();
    let (_, record) = record("-r 3 --each 5m", "sleep 1000 & echo hi");
    assert_eq!(only(&record)["output"], "hi");
    // One that goes on writing, and has left the process group.
    let (_, record) = super::record("-r 1 --each 5m", "setsid yes & exit 3");
    assert_eq!(only(&record)["exit"], 3);
    assert!(began.elapsed() < Duration::from_secs(200));
}

#[test]
fn a_command_that_ignores_sigterm_is_killed() {
    let (_, record) = record(
        "-r 2 --each 100ms",
        "trap '' TERM; while :; do sleep 1; done",
    );
    assert_eq!(only(&record)["timed_out"], true);
}

#[test]
fn a_command_that_handles_sigterm_is_given_the_time_to() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let script = format!(
        "trap 'echo > {}; exit 5' TERM; while :; do sleep 0.01; done",
        mark.display()
    );
    // A tenth of a second may be too short for it on a machine that is very busy.
    let handled = (0..20).any(|_| {
        let (_, record) = record("-r 1 --each 500ms", &script);
        // However it ends, its time was up.
        assert_eq!(only(&record)["timed_out"], true);
        mark.exists()
    });
    assert!(handled);
}

#[test]
fn a_stopped_command_is_ended_when_its_time_is_up() {
    let (_, record) = record("-r 1 --each 100ms", "kill -STOP $$");
    assert_eq!(only(&record)["timed_out"], true);
}

#[test]
fn a_signal_is_named() {
    for (signal, name) in [
        ("ABRT", "SIGABRT"),
        ("SEGV", "SIGSEGV"),
        ("KILL", "SIGKILL"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let script = format!(
            "cd {}; ulimit -c unlimited 2> /dev/null; echo x; kill -{signal} $$",
            folder.path().display()
        );
        let (code, record) = record("-r 2", &script);
        assert_eq!(code, 0);
        assert_eq!(only(&record)["signal"], name);
        assert_eq!(only(&record)["exit"], serde_json::Value::Null);
        let text = String::from_utf8(repeat("-r 2", &script).stdout).unwrap();
        assert!(text.contains(&format!("{name}: x ")), "{text}");
    }
}

#[test]
fn nothing_that_is_written_disturbs_a_terminal() {
    let script =
        r"printf '\033[2J\033]0;title\007\377\376\342\200\256x\r\n' | tee /dev/stderr; exit 1";
    for format in ["text", "json", "jsonl", "csv", "markdown"] {
        let output = repeat(&format!("-r 2 --expect 0 --format {format}"), script);
        let error = String::from_utf8(output.stderr).unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &error;
        let disturbs = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!text.contains(disturbs), "{format}: {text:?}");
        assert!(text.contains(r"\xff"), "{format}: {text}");
    }
}
