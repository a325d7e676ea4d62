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
    assert!(told.lines().all(|line| line.len() <= 80), "{told}");
    assert_eq!(output.stderr, b"");
}

#[test]
fn answers_come_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let answers = folder.path().join("answers");
    // What can be known is known; the rest is guessed.
    let lines = "\u{feff}# by A. Student\n2\n9k\n3\n20\n\n2\n4\n3\n3\n5\n2\n";
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
            "waiting" | "why" | "wrong-lock" | "your-own-race" | "store-buffers" | "contexts"
            | "puzzle" => {
                assert_eq!(points, 3, "{chapter}");
            }
            "mutex-per-batch" => {
                assert_eq!(chapter["prediction"], Value::Null);
                assert_eq!(points, 0, "{chapter}");
            }
            "unsynced" => assert_eq!(chapter["prediction"], 9_000),
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
    for chapter in ["puzzle", "11"] {
        let output = miscount()
            .args(["tour", chapter, "--auto"])
            .output()
            .unwrap();
        let told = text(&output.stdout);
        assert!(told.starts_with("11 of 11: "), "{told}");
        assert_eq!(told.matches("Answer: ").count(), 1, "{told}");
    }
}

#[test]
fn a_closed_standard_input_ends_it_politely() {
    let output = told(&["tour"], b"");
    assert!(output.status.success(), "{output:?}");
    let told = text(&output.stdout);
    assert!(
        told.contains("The tour ends after 0 of 11 chapters.\n"),
        "{told}"
    );
    assert!(
        told.contains("Go on:\n    miscount tour waiting\n"),
        "{told}"
    );
}

#[test]
fn rubbish_is_asked_about_again_and_the_score_is_told() {
    let input = b"\xff\xfe\x00\nmany\n\n20\n2\n";
    let output = told(&["tour", "puzzle"], input);
    assert!(output.status.success(), "{output:?}");
    let heard = text(&output.stdout);
    assert_eq!(heard.matches("is not a number").count(), 2, "{heard}");
    // Enter throws no question away, and the impossible is refused.
    assert!(heard.contains("Type a number from"), "{heard}");
    assert!(
        heard.contains("20 is not possible; type a number from 0 to 10"),
        "{heard}"
    );
    assert!(heard.contains("Score: 3 of 3 points"), "{heard}");
    assert!(!heard.contains('\0'), "{heard:?}");

    let output = told(&["tour", "puzzle", "-q"], b"two\n2\n");
    let heard = text(&output.stdout);
    assert!(
        heard.contains("Answer: 2. You said so. 3 of 3 points."),
        "{heard}"
    );
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
    assert_eq!(heard.matches("is not a number").count(), 10);
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
    while !heard.contains("11 of 11") {
        assert!(std::io::BufRead::read_line(&mut lines, &mut heard).unwrap() > 0);
    }
    drop(lines);
    let _ = stdin.write_all(b"2\n");
    assert!(child.wait().unwrap().success());
    let rows = fs::read_to_string(&file).unwrap();
    assert!(rows.contains(",contexts,5,5,steps,3,3\n"), "{rows}");
}

#[test]
fn predictions_are_collected() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("class.csv");
    let path = file.to_str().unwrap();
    for answer in ["2\n", "5\n"] {
        let words = ["tour", "puzzle", "--save", path, "--name", "Ann, \"A.\""];
        let output = told(&words, answer.as_bytes());
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
            "name",
            "machine",
            "chapter",
            "prediction",
            "answer",
            "unit",
            "points",
            "out_of"
        ]
    );
    let rows: Vec<Vec<String>> = rows
        .records()
        .map(|row| row.unwrap().iter().map(Into::into).collect())
        .collect();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert_eq!(rows[0][3..], ["puzzle", "2", "2", "total", "3", "3"]);
    assert_eq!(rows[1][3..], ["puzzle", "5", "2", "total", "0", "3"]);
    assert_eq!(rows[2][3..], ["puzzle", "3", "2", "total", "0", "3"]);
    assert!(rows[0][0].ends_with('Z'), "{rows:?}");
    assert!(rows[0][2].contains(std::env::consts::ARCH), "{rows:?}");
    assert_eq!([&rows[0][1], &rows[2][1]], ["Ann, \"A.\"", ""], "{rows:?}");
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
    let empty = folder.path().join("empty");
    fs::write(&empty, "").unwrap();
    let empty = empty.to_str().unwrap();
    let nowhere = folder.path().join("no/such");
    let nowhere = nowhere.to_str().unwrap();
    let here = folder.path().to_str().unwrap();
    for (words, code, named) in [
        (&["epilogue"][..], 2, "--list"),
        (&["0"], 2, "--list"),
        (&["12"], 2, "--list"),
        (&["--auto", "--save", "x.csv"], 2, "--save"),
        (&["--auto", "--answers", "x"], 2, "--answers"),
        (&["--list", "puzzle"], 2, "--list"),
        (&["--answers", wrong], 2, "line 3"),
        (&["--answers", long, "puzzle"], 2, "line 2"),
        (&["--answers", nowhere], 3, "--answers"),
        (&["--save", here], 3, "--save"),
        (&["--save", nowhere], 3, "--save"),
        (&["--save", wrong], 2, "has other columns"),
        (&["--name", "Ann"], 2, "--save"),
        (&["--pace", "1s"], 2, "--auto"),
        (&["--summary", wrong], 2, "--summary"),
        (&["--summary", empty], 2, "no predictions"),
        (&["--summary", nowhere], 3, "--summary"),
        (&["--summary", wrong, "puzzle"], 2, "--summary"),
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
        .args(["tour", "--auto", "11", "-o", "/dev/full"])
        .output()
        .unwrap();
    assert!(sentence(&output, 3, "/dev/full").contains("/dev/full"));
    let output = told(&["tour", "11", "--save", "/dev/full"], b"2\n");
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
    while !heard.contains("11 of 11") {
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

/// The whole lesson as a page asks nobody, so there is no conversation to be told aside.
#[test]
fn a_lesson_says_nothing_beside_its_page() {
    for format in ["html", "json"] {
        let mut tour = miscount();
        tour.args(["tour", "contexts", "--auto", "--format", format]);
        let output = tour.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert!(!output.stdout.is_empty());
        assert_eq!(text(&output.stderr), "");
    }
}

#[test]
fn a_pace_that_was_asked_for_is_kept() {
    let began = std::time::Instant::now();
    let words = ["tour", "contexts", "--auto", "--pace", "2ms"];
    let output = miscount().args(words).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let lines = text(&output.stdout).lines().count();
    // Each line but some empty ones has its time.
    let least = std::time::Duration::from_millis(lines as u64);
    assert!(began.elapsed() >= least, "{lines} lines");
}

/// What a class has predicted, from rows that `--save` wrote.
#[test]
fn a_class_is_shown_as_histograms() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("class.csv");
    let path = file.to_str().unwrap();
    for (name, answers) in [
        ("Ann", "4\n2\n"),
        ("Ben", "4\n5\n"),
        ("Cy", "5\ns\n"),
        // Ann again, who knows the answers by now: her first predictions count.
        ("Ann", "5\n2\n"),
        ("", "5\n2\n"),
    ] {
        let words = ["tour", "contexts", "--save", path, "--name", name];
        let output = told(&words, answers.as_bytes());
        assert!(output.status.success(), "{output:?}");
    }
    let summary = |format: &str| {
        let mut tour = miscount();
        tour.args(["tour", "--summary", path, "--format", format]);
        let output = tour.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        text(&output.stdout)
    };
    let record: Value = serde_json::from_str(&summary("json")).unwrap();
    assert_eq!(record["schema"], "miscount.class/1");
    assert_eq!(record["tours"], 4);
    let questions = record["questions"].as_array().unwrap();
    let numbers = |place: usize| {
        let question = &questions[place];
        let bars = question["histogram"].as_array().unwrap().iter();
        let bars: Vec<_> = bars
            .map(|bar| {
                (
                    bar["from"].as_f64().unwrap(),
                    bar["predictions"].as_u64().unwrap(),
                )
            })
            .collect();
        (
            question["predictions"].as_u64(),
            question["skipped"].as_u64(),
            bars,
        )
    };
    assert_eq!(numbers(0), (Some(4), Some(0), vec![(4.0, 2), (5.0, 2)]));
    assert_eq!(numbers(1), (Some(3), Some(1), vec![(2.0, 2), (5.0, 1)]));
    insta::assert_snapshot!(summary("text"));
    for format in ["html", "markdown"] {
        assert!(summary(format).contains("the answer"), "{format}");
    }
    let rows = summary("csv");
    assert_eq!(
        rows.lines().nth(1),
        Some("contexts,,4.0,4.0,2,false"),
        "{rows}"
    );
}
