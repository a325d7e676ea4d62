//! The programs of the gallery: what each claims holds.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use miscount::lab::force;
use miscount::language::{Race, SourceFile, read};
use miscount::model::{
    Completion, Ending, Limits, MemoryModel, Options, ScheduleRun, Verdict, census,
};
use miscount::sync::Context;

use super::{race, told};
use crate::language::enumeration::outcomes_within;
use crate::support::crew;

/// Returns the name and the text of each program.
pub(crate) fn programs() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("programs");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    };
    paths.into_iter().map(read).collect()
}

/// Takes the census of a program under a memory model and checks each claim about it, the chances, and
/// the witnesses. Returns the number of these claims; `None` if a minute is not enough.
fn check(name: &str, race: &Race, memory: MemoryModel) -> Option<usize> {
    let began = Instant::now();
    let limits = Limits {
        stop: &|| began.elapsed() > Duration::from_mins(1),
        ..Limits::default()
    };
    let options = Options {
        limits,
        ..Options::default()
    };
    let system = race.system.clone().under(memory);
    let counted = census(&system, &options).unwrap();
    if counted.verdict != Verdict::Exhausted {
        return None;
    }
    let claims = race.program.claims.iter();
    let mut checked = 0;
    for claim in claims.filter(|claim| claim.memory() == memory) {
        let told = counted.outcomes.iter().map(|o| (&o.end, o.fair_share));
        let told: Vec<_> = told.collect();
        let (holds, text) = (race.verdict(claim, &counted).holds, &claim.text);
        assert_eq!(
            holds,
            Some(true),
            "{name}: {text} {told:?} {:?}",
            counted.circle
        );
        checked += 1;
    }
    let chances: f64 = counted.outcomes.iter().map(|o| o.fair_share.unwrap()).sum();
    assert!((chances - 1.0).abs() < 1e-9, "{name}, {memory}: {chances}");
    for outcome in &counted.outcomes {
        let witness = outcome.witness.as_ref().unwrap();
        let mut run = ScheduleRun::new(&system, witness.segments().iter(), Completion::Strict);
        let ending = run.finish(&mut |_, _| {}).ok();
        let is_circle = outcome.end == Ending::Livelock;
        assert_eq!(ending.is_none(), is_circle, "{name}, {memory}: {witness}");
        assert!(
            ending.is_none_or(|ending| ending == outcome.end),
            "{name}, {memory}: {witness}"
        );
    }
    Some(checked)
}

#[test]
fn every_claim_holds_and_every_witness_ends_as_it_says() {
    let mut under_tso = 0;
    for (name, text) in programs() {
        let race = race(&text);
        let claims = &race.program.claims;
        assert!(
            !claims.is_empty() || race.program.expected.is_some(),
            "{name}"
        );
        let mut checked = check(&name, &race, MemoryModel::Sc).unwrap();
        if claims.iter().any(|claim| claim.under_tso) {
            let more = check(&name, &race, MemoryModel::Tso).unwrap();
            checked += more;
            under_tso += more;
        }
        assert_eq!(checked, claims.len(), "{name}");
    }
    assert!(under_tso >= 20, "{under_tso} claims under tso");
}

/// A claim does not depend on the size. `MISCOUNT_SIZES` tells how far beyond its own each parameter goes.
#[test]
fn every_claim_holds_for_larger_sizes() {
    let further = std::env::var("MISCOUNT_SIZES").map_or(1, |further| further.parse().unwrap());
    let mut sizes = 0;
    for (name, text) in programs() {
        for (parameter, usual) in race(&text).program.parameters {
            for value in (usual..).skip(1).take(further) {
                let what = format!("{name} --set {parameter}={value}");
                let source = SourceFile::new("test.race", &*text);
                let Ok(race) = read(source, &[(parameter.clone(), value)], None) else {
                    panic!("{what} is no program");
                };
                let claims = race.program.claims.iter();
                let tso = claims.clone().any(|claim| claim.under_tso);
                let models = [Some(MemoryModel::Sc), tso.then_some(MemoryModel::Tso)];
                let mut models = models.into_iter().flatten();
                if models.any(|memory| check(&what, &race, memory).is_none()) {
                    println!("{what} takes more than a minute");
                    break;
                }
                sizes += 1;
            }
        }
    }
    println!("{sizes} sizes");
    assert!(sizes >= 6, "{sizes}");
}

/// The enumeration shares nothing with the model but the checked program.
#[test]
fn the_naive_enumeration_finds_the_same_outcomes() {
    for (name, text) in programs() {
        let race = race(&text);
        let counted = census(&race.system, &Options::default()).unwrap();
        let enumerated = outcomes_within(&race.program, &race.shown, false, 2_000_000).unwrap();
        assert_eq!(told(&counted), enumerated, "{name}");
    }
}

/// With real locks, conditions and barriers: the same values, the same threads waiting for the
/// same, the same failure in the same line.
#[test]
fn every_witness_ends_alike_on_real_threads() {
    let (mut deadlocks, mut failures) = (0, 0);
    for (name, text) in programs() {
        let race = race(&text);
        let crew = crew(race.system.threads());
        for outcome in census(&race.system, &Options::default()).unwrap().outcomes {
            let witness = outcome.witness.unwrap();
            let segments = witness.segments().iter();
            let mut plan = ScheduleRun::new(&race.system, segments, Completion::Strict);
            let moves: Vec<_> = plan.by_ref().map_while(Result::ok).collect();
            let run = force(&crew, &race.system, &moves, &Context::background()).unwrap();
            // Threads that go round for ever have no end that a single run could come to.
            let end = (outcome.end != Ending::Livelock).then_some(outcome.end);
            assert_eq!(run.ending, end, "{name}: {witness}");
            match end {
                Some(Ending::Deadlock(_)) => deadlocks += 1,
                Some(Ending::Failed(..)) => failures += 1,
                _ => {}
            }
        }
    }
    assert!(deadlocks >= 10, "{deadlocks} deadlocks");
    assert!(failures >= 1, "{failures} failures");
}

/// What a census calls an outcome is a question that `--reach` answers.
#[test]
fn every_outcome_can_be_asked_for() {
    let record = |words: &[&str]| -> serde_json::Value {
        let words = words.iter().chain(&["--format", "json"]);
        let output = crate::support::miscount().args(words).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    for name in [
        "bank",
        "philosophers",
        "if-instead-of-while",
        "naive-flags",
        "treiber-stack",
    ] {
        let explored = record(&["explore", name]);
        for outcome in explored["outcomes"].as_array().unwrap() {
            let condition = outcome["outcome"].as_str().unwrap();
            let answer = record(&["explore", name, "--reach", condition]);
            assert_eq!(answer["reach"]["possible"], true, "{name}: {condition}");
            assert_eq!(
                answer["reach"]["witness"], outcome["witness"],
                "{name}: {condition}"
            );
        }
    }
}
