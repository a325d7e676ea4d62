//! Files changed at random, and folders with anything in them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use fastrand::Rng;
use miscount::command::ProgressFile;

use super::{cases, damage, one_of, side_by_side};
use crate::support::{miscount, output, sentence};

const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "\"",
    ",",
    ":",
    "\n",
    "\r\n",
    "\0",
    "0",
    "-1",
    "3",
    "99999999999999999999",
    "1e9",
    "nan",
    "null",
    "é",
    "\u{202e}",
    "\u{feff}",
    "x",
    "15k",
    "2.5",
    "two-locks",
    "#",
];

const PROGRESS: &str = r#"{"schema": "miscount.puzzles/1", "solved": {
  "lost-update": {"stars": 3, "switches": 2}, "two-locks": {"stars": 1, "switches": 9}}}"#;

#[test]
fn a_changed_file_of_progress_is_read_or_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("puzzles.json");
    let mut read = 0;
    for (case, mut random) in cases(2_000) {
        let mut text = PROGRESS.to_owned();
        damage(&mut random, &mut text, PIECES);
        fs::write(&path, &text).unwrap();
        let (file, error) = ProgressFile::open(Some(path.clone()));
        match error {
            None => read += 1,
            Some(error) => assert!(
                error.to_string().contains("is damaged"),
                "case {case}: {error}"
            ),
        }
        for (name, score) in file.scores.iter() {
            assert!((1..=3).contains(&score.stars), "case {case}: {name}");
        }
    }
    assert!(read > 100, "{read}");
}

/// Answers for a tour, and the predictions of a class.
#[test]
fn a_changed_file_of_answers_is_used_or_refused_in_a_sentence() {
    let class = include_str!("../tour/class.csv");
    side_by_side(
        cases(100),
        |_| {},
        |folder, case, random| {
            let (words, mut text) = if random.bool() {
                ("tour --summary file --format json", class.to_owned())
            } else {
                (
                    "tour contexts --answers file --format json",
                    "# one, then the next\n2\n\n1\n".to_owned(),
                )
            };
            damage(random, &mut text, PIECES);
            fs::write(folder.join("file"), &text).unwrap();
            let mut program = miscount();
            let done = output(program.args(words.split(' ')).current_dir(folder));
            let what = format!("case {case}: {words}: {text:?}");
            match done.status.code() {
                Some(0) => assert!(done.stdout.starts_with(b"{"), "{what}"),
                _ => drop(sentence(&done, 2, &what)),
            }
        },
    );
}

/// Fills a folder with a few things.
fn grow(folder: &Path, depth: usize, random: &mut Rng) {
    for _ in 0..random.usize(..5) {
        let name = ["a", "b", "c.litmus", "é.litmus", ".litmus", "d.LITMUS"];
        let path = folder.join(one_of(random, &name));
        let _ = match random.u8(..7) {
            0 => symlink(".", &path),
            1 => symlink("missing", &path),
            2 => fs::write(&path, random.u64(..).to_le_bytes()),
            3 if depth < 3 => fs::create_dir(&path).map(|()| grow(&path, depth + 1, random)),
            _ => {
                let mut text = include_str!("../litmus/files/SB.litmus").to_owned();
                if random.bool() {
                    damage(random, &mut text, crate::language::round_trip::PIECES);
                }
                fs::write(&path, text)
            }
        };
    }
}

#[test]
fn the_litmus_tests_of_any_folder_are_judged_or_refused() {
    side_by_side(
        cases(100),
        |_| {},
        |_, case, random| {
            let folder = tempfile::tempdir().unwrap();
            grow(folder.path(), 0, random);
            let mut program = miscount();
            program.args(["explore", ".", "--timeout", "2s", "--format", "jsonl"]);
            let done = output(program.current_dir(folder.path()));
            let error = String::from_utf8_lossy(&done.stderr);
            assert!(!error.contains("panicked"), "case {case}: {error}");
            match done.status.code() {
                Some(0 | 4) => {}
                Some(2) => assert!(error.starts_with("error"), "case {case}: {error}"),
                _ => panic!("case {case}: {done:?}"),
            }
        },
    );
}
