//! `step` without a terminal: what it refuses, and what it lists.

use std::fs;
use std::path::Path;

use crate::support::{miscount, sentence};

fn step(words: &str, data: &Path) -> std::process::Output {
    let mut program = miscount();
    program.arg("step").args(words.split_whitespace());
    program.env("XDG_DATA_HOME", data).output().unwrap()
}

#[test]
fn without_a_terminal_it_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    for words in ["unsynced", "--puzzle 1", "unsynced --schedule A,B2"] {
        let said = sentence(&step(words, folder.path()), 3, words);
        assert!(
            said.contains("terminal") && said.contains("miscount replay"),
            "{said}"
        );
    }
}

/// Tokens and names are those of `replay`; no file is begun before there is a screen.
#[test]
fn schedules_to_begin_with_are_read_as_replay_reads_them() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("token"), "A,B2\n").unwrap();
    let (there, kept) = (folder.path().join("token"), folder.path().join("kept"));
    for words in [
        format!("unsynced --schedule @{}", there.display()),
        "unsynced --schedule worst".into(),
        "mutex-per-op --schedule lockstep".into(),
        "--puzzle deadlock --schedule random:7".into(),
        "--puzzle two-locks --schedule random:7".into(),
        "philosophers --set N=4 --schedule A,B,C,D".into(),
        "unsynced -i 125k --schedule serial".into(),
        format!("unsynced -o {}", kept.display()),
    ] {
        let said = sentence(&step(&words, folder.path()), 3, &words);
        assert!(said.contains("step needs a terminal"), "{words}: {said}");
    }
    assert!(!kept.exists());
}

#[test]
fn wrong_words_are_refused_before_the_terminal_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    for (words, named) in [
        ("", "'miscount step --puzzle 1'"),
        ("-t 3", "'miscount step unsynced'"),
        ("--puzzles -t 3", "--puzzles"),
        ("nonsense", "nonsense"),
        ("map-reduce", "map-reduce has no program"),
        ("unsynced --split", "--split"),
        ("rwlock --readers 2", "--readers"),
        ("unsynced --puzzle 1", "--puzzle"),
        ("--puzzle 0", "--puzzle 0"),
        ("--puzzle 22", "1 to 21"),
        ("--puzzle nonsense", "nonsense"),
        ("--puzzle 1 -t 3", "--puzzle"),
        ("--puzzles --reset", "--reset"),
        ("unsynced --schedule a", "the names are worst"),
        ("unsynced --schedule @there/is/none", "cannot read"),
        ("unsynced -i 1G --schedule worst", "at most 500,000 steps"),
        (
            "unsynced -i 125001 --schedule lockstep",
            "at most 500,000 steps",
        ),
        ("unsynced --schedule 1", "--schedule: segment 1"),
        ("unsynced --schedule A,C", "--schedule: segment 2"),
        ("unsynced --schedule A5", "--schedule: segment 1"),
        ("unsynced --format json", "--format"),
        ("bank --schedule A9", "--schedule: segment 1"),
        ("--puzzles --format csv", "--format"),
    ] {
        // A file that is not there is no wrong word.
        let code = if words.contains('@') { 3 } else { 2 };
        let said = sentence(&step(words, folder.path()), code, words);
        assert!(said.contains(named), "{words}: {said}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn puzzles_are_listed_with_progress() {
    let folder = tempfile::tempdir().unwrap();
    let output = step("--puzzles --ascii", folder.path());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with(" 1 ---  lost-update "), "{text}");
    assert!(
        text.contains("\n0 of 63 stars. Play: miscount step --puzzle lost-update\n"),
        "{text}"
    );
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    let file = folder.path().join("miscount/puzzles.json");
    fs::create_dir(folder.path().join("miscount")).unwrap();
    fs::write(
        &file,
        r#"{"schema":"miscount.puzzles/1","solved":{"lost-update":{"stars":2,"switches":3}}}"#,
    )
    .unwrap();
    let output = step("--puzzles", folder.path());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with(" 1 ★★☆  lost-update "), "{text}");
    assert!(
        text.contains("\n2 of 63 stars. Play: miscount step --puzzle luck\n"),
        "{text}"
    );
    // A damaged file is said so, and left alone until it is asked for.
    fs::write(&file, "{").unwrap();
    let output = step("--puzzles", folder.path());
    let warning = String::from_utf8(output.stderr).unwrap();
    assert!(
        warning.contains("puzzles.json is damaged") && warning.contains("--reset"),
        "{warning}"
    );
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(fs::read_to_string(&file).unwrap(), "{");
    let output = step("--reset", folder.path());
    assert_eq!(output.stdout, b"Progress forgotten: no puzzle is solved.\n");
    assert!(!file.exists());
}
