//! The programs that come with miscount, and those of its documents, are right.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use miscount::language::{SourceFile, parse};

use super::enumeration::{broken_claims, is_correct};
use super::print::print;
use super::right;

/// Returns the names and texts of the gallery's programs.
fn programs() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs");
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_string();
        (name, fs::read_to_string(&path).unwrap())
    };
    let mut programs: Vec<_> = entries.map(read).collect();
    programs.sort();
    assert!(programs.len() >= 10, "the programs are not found");
    programs
}

#[test]
fn every_program_is_right_and_has_its_words() {
    for (name, text) in programs() {
        let program = right(&name, &text);
        let texts = &program.texts;
        for (word, text) in [
            ("title", &texts.title),
            ("story", &texts.story),
            ("lesson", &texts.lesson),
            ("source", &texts.source),
            ("theme", &texts.theme),
        ] {
            assert!(!text.is_empty(), "{name} has no {word}");
        }
        assert!(!program.claims.is_empty(), "{name} claims nothing");
        assert!(
            text.lines().all(|line| line.len() <= 100),
            "{name} has long lines"
        );
    }
}

#[test]
fn titles_differ_and_every_repaired_form_stands_beside_the_broken_one() {
    let programs = programs();
    let titles: BTreeSet<_> = programs
        .iter()
        .map(|(name, text)| right(name, text).texts.title)
        .collect();
    assert_eq!(titles.len(), programs.len(), "{titles:?}");
    let mut pairs = 0;
    for (name, _) in &programs {
        if let Some(broken) = name.strip_suffix("-fixed") {
            assert!(programs.iter().any(|(name, _)| name == broken), "{broken}");
            pairs += 1;
        }
    }
    assert!(pairs > 3, "{pairs} pairs");
}

#[test]
fn printed_programs_mean_the_same() {
    for (name, text) in programs() {
        let program = parse(&SourceFile::new(&name, &text)).unwrap();
        let printed = print(&program);
        assert_eq!(
            parse(&SourceFile::new(&name, &*printed)).unwrap(),
            program,
            "{printed}"
        );
    }
}

#[test]
fn the_programs_of_the_documents_are_right() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/language.md");
    let page = fs::read_to_string(page).unwrap();
    let mut blocks = 0;
    for block in page.split("\n```race\n").skip(1) {
        let (text, _) = block.split_once("\n```").unwrap();
        right("docs/language.md", text);
        blocks += 1;
    }
    assert!(blocks > 5, "{blocks} programs");
}

#[test]
fn every_claim_holds() {
    let mut broken = String::new();
    for (name, text) in programs() {
        for claim in broken_claims(&right(&name, &text)) {
            broken += &format!("{name}: {claim}\n");
        }
    }
    assert!(broken.is_empty(), "{broken}");
}

/// Those that go wrong only with store buffers, or not at all: they have no broken form.
const RIGHT_AS_THEY_ARE: &[&str] = &[
    "peterson",
    "dekker",
    "bakery",
    "store-buffering",
    "read-to-write",
    "store-then-load",
    // Every run that ends is right, but the writer can starve.
    "writer-starvation",
];

/// The literature's shapes and the algorithms that depend on the memory model.
const DEPEND_ON_MEMORY: &[&str] = &[
    "store-buffering",
    "store-buffering-fixed",
    "message-passing",
    "message-passing-fences",
    "load-buffering",
    "two-plus-two-writes",
    "store-then-load",
    "store-then-load-fixed",
    "write-then-read",
    "write-to-read",
    "read-to-write",
    "read-to-write-fixed",
    "read-read",
    "iriw",
    "peterson",
    "peterson-fixed",
    "dekker",
    "dekker-fixed",
    "torn-pair-fixed",
    "singleton-fixed",
];

#[test]
fn programs_that_depend_on_the_memory_model_speak_of_each() {
    let programs = programs();
    for name in DEPEND_ON_MEMORY {
        let (_, text) = programs.iter().find(|(other, _)| other == name).unwrap();
        let program = right(name, text);
        for tso in [false, true] {
            let mut claims = program.claims.iter();
            assert!(claims.any(|claim| claim.under_tso == tso), "{name}, {tso}");
        }
        let lesson = &program.texts.lesson;
        assert!(lesson.contains("ARM"), "{name}: {lesson}");
    }
}

#[test]
fn repaired_programs_are_correct_and_broken_ones_are_not() {
    let programs = programs();
    for (name, text) in &programs {
        let program = right(name, text);
        if name.ends_with("-fixed") {
            assert!(is_correct(&program), "{name}");
        } else if programs
            .iter()
            .any(|(fixed, _)| *fixed == format!("{name}-fixed"))
        {
            let only_tso = RIGHT_AS_THEY_ARE.contains(&&**name);
            assert_eq!(is_correct(&program), only_tso, "{name}");
        }
    }
}
