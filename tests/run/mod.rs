//! `run`: race programs on real threads, unforced.

mod against_the_model;
mod command;
mod ends;
#[cfg(unix)]
mod limits;

use std::time::Duration;

use miscount::lab::{FreeOutcome, FreeRuns, run_freely};
use miscount::language::{SourceFile, read};
use miscount::model::Ending;
use miscount::plan::{Pinning, RacePlan, StartLine, Subject};
use miscount::sync::{Context, Observer};

/// The different ends of some runs, each with its number.
#[derive(Default)]
pub(crate) struct Ends(pub(crate) Vec<(Ending, u64)>);

impl Observer<FreeRuns> for Ends {
    fn observe(&mut self, event: &FreeRuns) {
        let known = self.0.len();
        self.0.extend(
            event.endings[known..]
                .iter()
                .map(|ending| (ending.clone(), 0)),
        );
        for &end in &event.runs.actuals {
            self.0[usize::try_from(end).unwrap()].1 += 1;
        }
    }
}

/// Returns the subject of a program.
pub(crate) fn subject(text: &str) -> Subject {
    let race = read(SourceFile::new("test.race", text), &[], None);
    let race = race.unwrap_or_else(|errors| panic!("{}", errors.render()));
    Subject::of_race("test.race", &[], race)
}

/// Makes a number of runs of a program, or as many as a fraction of a second allows.
pub(crate) fn ends(subject: &Subject, runs: u64, stride: Option<usize>) -> (Ends, FreeOutcome) {
    let plan = RacePlan {
        subject: subject.clone(),
        runs: Some(runs),
        budget: Some(Duration::from_millis(200)),
        until: None,
        start: StartLine::default(),
        pinning: Pinning::default(),
        stride,
    };
    let mut ends = Ends::default();
    let system = subject.system().unwrap();
    let context = Context::background();
    let outcome = run_freely(&system, &plan, &context, &mut ends).unwrap();
    assert_eq!(
        ends.0.iter().map(|(_, runs)| runs).sum::<u64>(),
        outcome.runs
    );
    (ends, outcome)
}
