//! The lesson's program in other languages, in `examples/`: it compiles, runs, and is repeated as it
//! says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::documents::can_be_typed;
use crate::support::{miscount, output};

/// The most lines of an example.
const MOST_LINES: usize = 30;

/// An example: its file, the compiler with its arguments, and the command that runs it. `DIR` stands for
/// a folder for what is compiled.
const EXAMPLES: &[(&str, &[&str], &[&str])] = &[
    (
        "lesson.c",
        &["cc", "-O2", "-pthread", "-o", "DIR/c"],
        &["DIR/c"],
    ),
    (
        "lesson.cpp",
        &["c++", "-O2", "-pthread", "-o", "DIR/cpp"],
        &["DIR/cpp"],
    ),
    ("lesson.rs", &["rustc", "-O", "-o", "DIR/rs"], &["DIR/rs"]),
    ("lesson.go", &["go", "build", "-o", "DIR/go"], &["DIR/go"]),
    (
        "Lesson.java",
        &["javac", "-d", "DIR"],
        &["java", "-cp", "DIR", "Lesson"],
    ),
    ("lesson.py", &[], &["python3", "FILE"]),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

#[test]
fn every_example_runs_where_its_compiler_is() {
    let place = tempfile::tempdir().unwrap();
    let mut left_out = Vec::new();
    for (name, compiler, command) in EXAMPLES {
        let file = folder().join(name);
        let word = |word: &&str| {
            let word = word.replace("DIR", place.path().to_str().unwrap());
            word.replace("FILE", file.to_str().unwrap())
        };
        if let [program, arguments @ ..] = compiler {
            let mut compile = Command::new(program);
            compile.args(arguments.iter().map(word)).arg(&file);
            // Go keeps what it compiles in the folder of the user, which there may not be.
            compile.env("GOCACHE", place.path().join("cache"));
            match compile.output() {
                Err(_) => {
                    left_out.push(format!("{name} (no {program})"));
                    continue;
                }
                Ok(done) => assert!(done.status.success(), "{name}: {done:?}"),
            }
        }
        let command: Vec<String> = command.iter().map(word).collect();
        if Command::new(&command[0]).arg("--version").output().is_err() {
            left_out.push(format!("{name} (no {})", command[0]));
            continue;
        }
        let flags = "repeat -r 5 --each 5m --expected 15000 --expect 0 --format json --";
        let repeated = output(miscount().args(flags.split(' ')).args(&command));
        assert_eq!(repeated.status.code(), Some(0), "{name}: {repeated:?}");
        let record: Value = serde_json::from_slice(&repeated.stdout).unwrap();
        assert_eq!(record["runs_completed"], 5, "{name}");
        for run in record["runs"].as_array().unwrap() {
            let number = run["number"].as_u64().unwrap();
            // A thread that stores a stale value last may take everything back but its own count.
            assert!((2..=15_000).contains(&number), "{name}: {run}");
        }
    }
    println!("left out: {left_out:?}");
}

#[test]
fn every_example_is_short_and_says_how_to_repeat_it() {
    let mut files: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let mut named: Vec<_> = EXAMPLES.iter().map(|(name, ..)| *name).collect();
    named.sort_unstable();
    assert_eq!(files, named);
    for name in files {
        let text = fs::read_to_string(folder().join(&name)).unwrap();
        assert!(text.lines().count() <= MOST_LINES, "{name}");
        let run = text.lines().find_map(|line| line.split_once("Run: "));
        let (_, commands) = run.unwrap_or_else(|| panic!("{name} does not say how to run it"));
        assert!(commands.contains(&name), "{name}: {commands}");
        let repeat = commands.split(" && ").last().unwrap();
        assert!(repeat.starts_with("miscount repeat "), "{name}: {repeat}");
        can_be_typed(&name, repeat);
        assert!(text.contains("Seen on "), "{name}");
    }
}
