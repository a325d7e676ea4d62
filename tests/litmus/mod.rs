//! Litmus tests of herd: read, judged, and refused where they are not in the subset.

mod command;
mod errors;
mod verdicts;

use std::fs;
use std::path::{Path, PathBuf};

use miscount::language::ast::Quantifier;
use miscount::language::{Race, SourceFile, read};
use miscount::model::{MemoryModel, Options, census};

/// The folder of the project's own tests.
fn files() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/litmus/files")
}

fn test(name: &str, text: &str) -> Race {
    let test = read(SourceFile::new(name, text), &[], None);
    test.unwrap_or_else(|errors| panic!("{}", errors.render()))
}

fn file(path: &Path) -> Race {
    test(&path.to_string_lossy(), &fs::read_to_string(path).unwrap())
}

/// Returns whether the condition of a test holds, with its quantifier.
fn holds(race: &Race, memory: MemoryModel) -> bool {
    let options = Options {
        witnesses: false,
        ..Options::default()
    };
    let found = census(&race.system.clone().under(memory), &options).unwrap();
    let claim = &race.program.claims[0];
    let by_claim = race.verdict(claim, &found).holds.unwrap();
    // Again, from the condition itself.
    let mut seen = found
        .outcomes
        .iter()
        .filter_map(|one| race.satisfies(&one.end));
    let by_states = match claim.quantifier {
        Quantifier::Sometimes => seen.any(|holds| holds),
        Quantifier::Never => !seen.any(|holds| holds),
        Quantifier::Always => seen.all(|holds| holds),
    };
    assert_eq!(by_claim, by_states, "{}", claim.text);
    by_claim
}
