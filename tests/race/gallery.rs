//! The programs of the gallery: what each claims holds.

use std::fs;
use std::path::PathBuf;

use miscount::model::{Completion, Options, ScheduleRun, Verdict, census};

use super::race;

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

#[test]
fn every_claim_holds_and_every_witness_ends_as_it_says() {
    for (name, text) in programs() {
        let race = race(&text);
        let counted = census(&race.system, &Options::default()).unwrap();
        assert_eq!(counted.verdict, Verdict::Exhausted, "{name}");
        assert!(
            !race.program.claims.is_empty() || race.program.expected.is_some(),
            "{name}"
        );
        for claim in race.program.claims.iter().filter(|claim| !claim.under_tso) {
            let verdict = race.verdict(claim, &counted);
            let told: Vec<_> = counted
                .outcomes
                .iter()
                .map(|o| (&o.end, o.fair_share))
                .collect();
            assert_eq!(
                verdict.holds,
                Some(true),
                "{name}: {} {told:?} {:?}",
                claim.text,
                counted.circle
            );
        }
        let chances: f64 = counted.outcomes.iter().map(|o| o.fair_share.unwrap()).sum();
        assert!((chances - 1.0).abs() < 1e-9, "{name}: {chances}");
        for outcome in &counted.outcomes {
            let witness = outcome.witness.as_ref().unwrap();
            let mut run =
                ScheduleRun::new(&race.system, witness.segments().iter(), Completion::Strict);
            let ending = run.finish(&mut |_, _| {}).ok();
            let is_circle = outcome.end == miscount::model::Ending::Livelock;
            assert_eq!(ending.is_none(), is_circle, "{name}");
            assert!(
                ending.is_none_or(|ending| ending == outcome.end),
                "{name}: {witness}"
            );
        }
    }
}
