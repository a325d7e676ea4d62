//! Trees, schedule tokens, answers, and programs, changed at random.

use std::fs;
use std::path::Path;

use fastrand::Rng;
use miscount::language::{Race, SourceFile, read};
use miscount::model::{Completion, Limits, MemoryModel, Options, Schedule, census, replay};
use miscount::requests::Tree;
use miscount::tour::{ALL, Form};

use super::{cases, damage, one_of};
use crate::language::round_trip::PIECES;

/// Returns a text of some of these pieces.
fn pieced(random: &mut Rng, pieces: &[&str], most: usize) -> String {
    (0..random.usize(..most))
        .map(|_| one_of(random, pieces))
        .collect()
}

#[test]
fn any_tree_is_read_or_refused_at_a_place_of_it() {
    let pieces = [
        "A", "B", "C", "D", "root", "(", ")", "(", ")", ",", " ", "é", "1", "-", "\u{202e}", "\0",
    ];
    let mut read = 0;
    for (case, mut random) in cases(20_000) {
        let text = pieced(&mut random, &pieces, 14);
        match Tree::parse(&text) {
            Ok(tree) => {
                read += 1;
                for node in tree.requests() {
                    assert!(tree.parent(node) < node, "case {case}: {text}");
                    assert_eq!(
                        tree.depth(node),
                        tree.depth(tree.parent(node)) + 1,
                        "{text}"
                    );
                    assert_eq!(tree.find(tree.name(node)), Some(node), "{text}");
                }
            }
            Err(error) => {
                assert!(
                    error.character <= text.chars().count() + 1,
                    "case {case}: {text}: {error}"
                );
            }
        }
    }
    assert!(read > 500, "{read}");
}

#[test]
fn any_answer_is_read_or_refused() {
    let pieces = [
        "1", "2", "0", "15", ".", ",", "_", "'", " ", "k", "M", "g", "x", "×", "-", "e9", "inf",
        "nan", "é", ")",
    ];
    let mut read = 0;
    for (case, mut random) in cases(20_000) {
        let text = pieced(&mut random, &pieces, 7);
        let form = ALL[random.usize(..ALL.len())].question.form;
        match form.read(&text) {
            Ok(answer) => {
                read += 1;
                let is_within = match form {
                    Form::Choice(options) => (1.0..=options.len() as f64).contains(&answer),
                    Form::Number(scale) => (scale.least..=scale.most).contains(&answer),
                };
                assert!(is_within, "case {case}: {text:?} is {answer}");
                assert_eq!(form.points(answer, answer), 3, "case {case}: {text:?}");
            }
            Err(error) => assert!(!error.is_empty(), "case {case}: {text:?}"),
        }
    }
    assert!(read > 500, "{read}");
}

/// Race programs and litmus tests, as they are and changed in a few places.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["programs", "tests/litmus/files"] {
        paths.extend(
            fs::read_dir(root.join(folder))
                .unwrap()
                .map(|entry| entry.unwrap().path()),
        );
    }
    paths.retain(|path| {
        path.extension()
            .is_some_and(|end| end == "race" || end == "litmus")
    });
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(path).unwrap())
    };
    paths.iter().map(read).collect()
}

const TOKENS: &[&str] = &[
    "A,", "B,", "C,", "a,", "b,", "A2,", "B3,", "A-,", "A-,", "B-,", "B-,", "C-,", "AA", "é", "0,",
    "-", "A999999,",
];

/// A program that was changed by hand is refused with its places, or its schedules are counted and
/// replayed, as far as the limits allow.
#[test]
fn a_changed_program_is_refused_or_explored() {
    let sources = sources();
    let options = Options {
        limits: Limits {
            states: 300,
            ..Limits::default()
        },
        ..Options::default()
    };
    let (mut explored, mut replayed) = (0, 0);
    for (case, mut random) in cases(2_000) {
        let (name, text) = &sources[random.usize(..sources.len())];
        let mut text = text.clone();
        damage(&mut random, &mut text, PIECES);
        let race: Race = match read(SourceFile::new(name, &*text), &[], None) {
            Ok(race) => race,
            Err(errors) => {
                assert!(!errors.render().is_empty(), "case {case}");
                continue;
            }
        };
        let memory = if random.bool() {
            MemoryModel::Sc
        } else {
            MemoryModel::Tso
        };
        let system = race.system.clone().under(memory);
        if let Ok(counted) = census(&system, &options) {
            explored += 1;
            for claim in &race.program.claims {
                // What stopped at a limit may still refute a claim, but it has to have an answer.
                race.verdict(claim, &counted);
            }
        }
        let token = pieced(&mut random, TOKENS, 9);
        let token = token.trim_end_matches(',');
        match token.parse::<Schedule>() {
            Ok(schedule) => {
                assert_eq!(
                    schedule.to_string().parse().as_ref(),
                    Ok(&schedule),
                    "case {case}: {token}"
                );
                replayed += usize::from(replay(&system, &schedule, Completion::Strict).is_ok());
            }
            Err(error) => assert!(!error.to_string().is_empty(), "case {case}"),
        }
    }
    println!("{explored} were explored, {replayed} replayed");
    assert!(explored > 100, "{explored}");
}
