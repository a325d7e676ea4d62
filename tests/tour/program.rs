//! The tour as people and scripts take it: the real program.

use std::fs;
use std::io::Write;
use std::process::{Output, Stdio};

use miscount::tour::ALL;
use serde_json::Value;

use crate::support::{miscount, sentence};

/// The program with something on its standard input.
fn told(words: &[&str], input: &[u8]) -> Output {
    let mut child = miscount()
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A tour that is left early does not read the rest.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn an_automatic_tour_is_complete_and_plain() {
    let output = miscount()
        .args(["tour", "--auto", "--ascii"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let told = text(&output.stdout);
    for chapter in ALL {
        assert!(told.contains(chapter.title), "{}", chapter.name);
        assert!(told.contains(chapter.experiments[0]), "{}", chapter.name);
    }
    assert_eq!(told.matches("\nAnswer: ").count(), ALL.len(), "{told}");
    assert!(!told.contains("cannot be seen"), "{told}");
    assert!(told.is_ascii(), "{told}");
    // What stands in the tables is explained.
    let words: Vec<&str> = told.split_whitespace().collect();
    let words = words.join(" ");
    for (_, meaning) in ALL.iter().flat_map(|chapter| chapter.legend) {
        assert!(words.contains(meaning), "{meaning} is not in: {told}");
    }
    assert!(told.lines().all(|line| line.len() <= 80), "{told}");
    assert_eq!(output.stderr, b"");
}

#[test]
fn answers_come_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let answers = folder.path().join("answers");
    // What can be known is known; the rest is guessed.
    let lines = "\u{feff}# by A. Student\n2\n12k\n1\n20\n\n0\n2\n4\n3\n3\n5\n2\n";
    fs::write(&answers, lines).unwrap();
    let words = ["tour", "--format", "json", "--answers"];
    let output = miscount().args(words).arg(&answers).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let record: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record["schema"], "miscount.tour/1");
    assert_eq!(record["ended"], "completed");
    let chapters = record["chapters"].as_array().unwrap();
    assert_eq!(chapters.len(), ALL.len());
    for chapter in chapters {
        let name = chapter["chapter"].as_str().unwrap();
        assert!(chapter["answer"].is_number(), "{chapter}");
        let points = chapter["points"].as_u64().unwrap();
        assert!(points <= 3, "{chapter}");
        match name {
            "why" | "rwlock" | "your-own-race" | "store-buffers" | "contexts" | "puzzle" => {
                assert_eq!(points, 3, "{chapter}");
            }
            "mutex-per-batch" => {
                assert_eq!(chapter["prediction"], Value::Null);
                assert_eq!(points, 0, "{chapter}");
            }
            "unsynced" => assert_eq!(chapter["prediction"], 12_000),
            _ => {}
        }
    }
    let sum: u64 = chapters
        .iter()
        .map(|chapter| chapter["points"].as_u64().unwrap())
        .sum();
    assert_eq!(record["points"], sum);
    assert_eq!(record["out_of"], 3 * ALL.len());
    // The conversation is elsewhere.
    assert!(text(&output.stderr).contains("Score: "));
}

#[test]
fn a_tour_may_begin_anywhere() {
    for chapter in ["puzzle", "12"] {
        let output = miscount()
            .args(["tour", chapter, "--auto"])
            .output()
            .unwrap();
        let told = text(&output.stdout);
        assert!(told.starts_with("12 of 12: "), "{told}");
        assert_eq!(told.matches("Answer: ").count(), 1, "{told}");
    }
}

#[test]
fn a_closed_standard_input_ends_it_politely() {
    let output = told(&["tour"], b"");
    assert!(output.status.success(), "{output:?}");
    let told = text(&output.stdout);
    assert!(
        told.ends_with("The tour ends after 0 of 12 chapters.\n"),
        "{told}"
    );
}

#[test]
fn rubbish_is_asked_about_again_and_the_score_is_told() {
    let input = b"\xff\xfe\x00\nmany\n\n2\n";
    let output = told(&["tour", "puzzle"], input);
    assert!(output.status.success(), "{output:?}");
    let heard = text(&output.stdout);
    assert_eq!(heard.matches("is no number").count(), 2, "{heard}");
    // Enter is no prediction, so the 2 behind it comes too late.
    assert!(heard.contains("Score: 0 of 3 points"), "{heard}");
    assert!(!heard.contains('\0'), "{heard:?}");

    let output = told(&["tour", "puzzle", "-q"], b"two\n2\n");
    let heard = text(&output.stdout);
    assert!(heard.contains("You said 2. 3 points."), "{heard}");
    assert!(heard.contains("Score: 3 of 3 points"), "{heard}");
}

#[test]
fn a_line_without_end_does_not_fill_the_memory() {
    let input = vec![b'7'; 1 << 20];
    let output = told(&["tour", "puzzle", "-q"], &input);
    assert!(output.status.success());
    assert!(output.stdout.len() < 200_000, "{}", output.stdout.len());
}

/// A file of predictions that is a pipe, whose reader has had enough.
#[cfg(target_os = "linux")]
#[test]
fn a_closed_pipe_collects_no_predictions_and_is_no_error() {
    let (reader, writer) = std::io::pipe().unwrap();
    let mut child = miscount()
        .args(["tour", "puzzle", "-q", "--save", "/dev/stderr"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(writer)
        .spawn()
        .unwrap();
    // By its first words the tour has opened the file.
    let mut first = [0; 8];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut first).unwrap();
    drop(reader);
    child.stdin.take().unwrap().write_all(b"2\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(text(&output.stdout).contains("Score: 3 of 3 points"));
}

/// Another program that never stops.
#[test]
fn endless_rubbish_ends_the_tour() {
    let output = told(&["tour", "puzzle", "-q"], &b"y\n".repeat(100_000));
    assert!(output.status.success());
    let heard = text(&output.stdout);
    assert_eq!(heard.matches("is no number").count(), 10);
    assert!(heard.ends_with("ends after 0 of 1 chapters.\n"), "{heard}");
}

/// The reader of the conversation goes while a chapter is told; what was predicted is kept.
#[cfg(unix)]
#[test]
fn predictions_are_kept_when_nobody_listens_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("class.csv");
    let mut child = miscount()
        .args(["tour", "contexts", "--save"])
        .arg(&file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut first = [0; 16];
    std::io::Read::read_exact(&mut stdout, &mut first).unwrap();
    stdin.write_all(b"5\n").unwrap();
    let mut heard = String::new();
    let mut lines = std::io::BufReader::new(stdout);
    while !heard.contains("12 of 12") {
        assert!(std::io::BufRead::read_line(&mut lines, &mut heard).unwrap() > 0);
    }
    drop(lines);
    let _ = stdin.write_all(b"2\n");
    assert!(child.wait().unwrap().success());
    let rows = fs::read_to_string(&file).unwrap();
    assert!(rows.contains(",contexts,5,5,3,3\n"), "{rows}");
}

#[test]
fn predictions_are_collected() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("class.csv");
    let path = file.to_str().unwrap();
    for answer in ["2\n", "5\n"] {
        let output = told(&["tour", "puzzle", "--save", path], answer.as_bytes());
        assert!(output.status.success(), "{output:?}");
    }
    // An editor has taken the last line feed away.
    let rows = fs::read_to_string(&file).unwrap();
    fs::write(&file, rows.trim_end()).unwrap();
    let output = told(&["tour", "puzzle", "--save", path], b"3\n");
    assert!(output.status.success(), "{output:?}");
    // Nothing was predicted: nothing is added but what there is.
    let output = told(&["tour", "puzzle", "--save", path], b"");
    assert!(output.status.success(), "{output:?}");
    let mut rows = csv::Reader::from_path(&file).unwrap();
    let heading: Vec<String> = rows.headers().unwrap().iter().map(Into::into).collect();
    assert_eq!(
        heading,
        [
            "ended",
            "chapter",
            "prediction",
            "answer",
            "points",
            "out_of"
        ]
    );
    let rows: Vec<Vec<String>> = rows
        .records()
        .map(|row| row.unwrap().iter().map(Into::into).collect())
        .collect();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert_eq!(rows[0][1..], ["puzzle", "2", "2", "3", "3"]);
    assert_eq!(rows[1][1..], ["puzzle", "5", "2", "0", "3"]);
    assert_eq!(rows[2][1..], ["puzzle", "3", "2", "0", "3"]);
    assert!(rows[0][0].ends_with('Z'), "{rows:?}");
}

#[test]
fn chapters_are_listed() {
    let output = miscount().args(["tour", "--list"]).output().unwrap();
    let list = text(&output.stdout);
    assert_eq!(list.lines().count(), ALL.len());
    for (line, chapter) in list.lines().zip(ALL) {
        assert!(line.contains(chapter.name) && line.contains(chapter.title));
    }
}

#[test]
fn what_cannot_be_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("wrong");
    fs::write(&wrong, "2\n\nmany\n").unwrap();
    let wrong = wrong.to_str().unwrap();
    let long = folder.path().join("long");
    fs::write(&long, "2\n".repeat(12)).unwrap();
    let long = long.to_str().unwrap();
    let nowhere = folder.path().join("no/such");
    let nowhere = nowhere.to_str().unwrap();
    let here = folder.path().to_str().unwrap();
    for (words, code, named) in [
        (&["epilogue"][..], 2, "--list"),
        (&["0"], 2, "--list"),
        (&["13"], 2, "--list"),
        (&["--auto", "--save", "x.csv"], 2, "--save"),
        (&["--auto", "--answers", "x"], 2, "--answers"),
        (&["--list", "puzzle"], 2, "--list"),
        (&["--answers", wrong], 2, "line 3"),
        (&["--answers", long, "puzzle"], 2, "line 2"),
        (&["--answers", nowhere], 3, "--answers"),
        (&["--save", here], 3, "--save"),
        (&["--save", nowhere], 3, "--save"),
        (&["-o", "x"], 2, "--auto"),
        (&["--auto", "-o", nowhere], 3, "--output"),
    ] {
        let output = miscount().arg("tour").args(words).output().unwrap();
        let sentence = sentence(&output, code, &words.join(" "));
        assert!(sentence.contains(named), "{words:?}: {sentence}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_an_error() {
    let output = miscount()
        .args(["tour", "--auto", "12", "-o", "/dev/full"])
        .output()
        .unwrap();
    assert!(sentence(&output, 3, "/dev/full").contains("/dev/full"));
    let output = told(&["tour", "12", "--save", "/dev/full"], b"2\n");
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stderr).contains("--save"), "{output:?}");
}

/// Ctrl-C, while it waits for an answer.
#[cfg(unix)]
#[test]
fn an_interrupted_tour_tells_the_score_so_far() {
    use std::io::{BufRead, BufReader, Read};

    let mut child = miscount()
        .args(["tour", "contexts"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"5\n").unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut heard = String::new();
    while !heard.contains("12 of 12") {
        assert!(stdout.read_line(&mut heard).unwrap() > 0, "{heard}");
    }
    let killed = std::process::Command::new("kill")
        .args(["-s", "INT"])
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(killed.success());
    stdout.read_to_string(&mut heard).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{heard}");
    assert!(heard.contains("Score: 3 of 3 points"), "{heard}");
    assert!(
        heard.contains("Interrupted after 1 of 2 chapters"),
        "{heard}"
    );
    drop(stdin);
}

/// Ctrl-C, while an experiment runs or just after it.
#[cfg(unix)]
#[test]
fn an_experiment_can_be_interrupted() {
    use std::io::{BufRead, BufReader, Read};

    let mut child = miscount()
        .args(["tour", "atomics", "--auto"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut heard = String::new();
    while !heard.contains("$ miscount compare") {
        assert!(stdout.read_line(&mut heard).unwrap() > 0, "{heard}");
    }
    let killed = std::process::Command::new("kill")
        .args(["-s", "INT"])
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(killed.success());
    stdout.read_to_string(&mut heard).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{heard}");
    assert!(heard.contains("Interrupted after "), "{heard}");
}
