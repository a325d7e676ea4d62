//! The observer that collects the runs of a command.

use std::cmp::Reverse;
use std::time::Duration;

use super::counting::{Distinct, Spread};
use super::repeat::{
    ProcessOutcome, RepeatOutcomeRecord, RepeatRecord, RepeatRunRecord, RepeatSummary, UntilRecord,
    printable,
};
use super::totals::{Times, missing, per_second, share_of, spread};
use crate::plan::{Expected, RepeatPlan};
use crate::process::{ProcessRun, RepeatOutcome};
use crate::stats::{Bucket, Moments, Tally, rule_of_three, wilson};
use crate::sync::Observer;

/// The observer that collects runs into one record, in memory that does not grow with their number.
#[derive(Debug)]
pub struct RepeatCollector {
    expected: Option<Expected>,
    runs: u64,
    correct: u64,
    as_expected: Option<u64>,
    /// In the order in which they occurred.
    outcomes: Vec<(RepeatOutcomeRecord, Times)>,
    /// Runs with outcomes that are not told apart.
    further: u64,
    times: Times,
    numbers: Tally,
    moments: Moments,
    /// The single runs, until there are too many of them.
    kept: Option<Vec<RepeatRunRecord>>,
    keep: usize,
}

impl RepeatCollector {
    /// Returns a collector that keeps single runs as long as there are at most `keep` of them.
    pub fn new(plan: &RepeatPlan, keep: usize) -> Self {
        Self {
            expected: plan.expected.clone(),
            runs: 0,
            correct: 0,
            as_expected: plan.expect.as_ref().map(|_| 0),
            outcomes: Vec::new(),
            further: 0,
            times: Times::new(),
            numbers: Tally::default(),
            moments: Moments::default(),
            kept: (keep > 0).then(Vec::new),
            keep,
        }
    }

    /// Returns the record of the runs of this command with these flags and the condition of `--until`, all
    /// quoted for a shell; they took this time in all.
    pub fn finish(
        self,
        plan: &RepeatPlan,
        (command, flags, until): (String, String, Option<String>),
        outcome: &RepeatOutcome,
        took: Duration,
    ) -> RepeatRecord {
        let runs = self.runs;
        let summary = self.summary(took);
        let is_exact = self.numbers.is_exact();
        let distinct = |bucket: Bucket| match (bucket.from, bucket.count) {
            (actual, runs) if is_exact => Distinct::Exact { actual, runs },
            _ => Distinct::binned(bucket),
        };
        let distribution = self.numbers.buckets().map(distinct).collect();
        let outcomes = self
            .outcomes
            .into_iter()
            .map(|(outcome, times)| RepeatOutcomeRecord {
                runs_share: share_of(outcome.runs as f64, runs as f64),
                runs_interval: wilson(outcome.runs, runs),
                median_ns: times.spread().median,
                ..outcome
            });
        let mut outcomes: Vec<_> = outcomes.collect();
        // The order in which they occurred decides where the numbers are the same.
        outcomes.sort_by_key(|outcome| Reverse(outcome.runs));
        RepeatRecord {
            command,
            flags,
            expected: self.expected.as_ref().and_then(Expected::number),
            expected_text: match &self.expected {
                Some(Expected::Text(text)) => Some(printable(text.as_bytes(), false)),
                _ => None,
            },
            each_ns: u64::try_from(plan.each.as_nanos()).unwrap_or(u64::MAX),
            runs_requested: plan.budget.is_none().then_some(plan.runs),
            runs_completed: runs,
            until: plan.until.as_ref().zip(until).map(UntilRecord::from),
            stopped: outcome.stopped.into(),
            runs_omitted: self.kept.is_none(),
            runs: self.kept,
            outcomes,
            runs_with_further_outcomes: self.further,
            summary,
            distribution,
            kept: plan
                .keep
                .as_ref()
                .map(|folder| folder.display().to_string()),
            environment: (&outcome.setup).into(),
        }
    }

    fn summary(&self, took: Duration) -> RepeatSummary {
        let runs = self.runs;
        let expected = self.expected.as_ref();
        let wrong = expected.map(|_| runs - self.correct);
        let once = self
            .outcomes
            .iter()
            .filter(|(outcome, _)| outcome.runs == 1);
        let once = once.count();
        let actual = spread(&self.moments, self.numbers.median());
        let whole = expected
            .and_then(Expected::number)
            .filter(|all| actual.max.is_some_and(|max| max <= *all));
        RepeatSummary {
            runs_correct: expected.map(|_| self.correct),
            runs_wrong: wrong,
            runs_wrong_share: wrong.and_then(|wrong| share_of(wrong as f64, runs as f64)),
            runs_wrong_interval: wrong.and_then(|wrong| wilson(wrong, runs)),
            runs_as_expected: self.as_expected,
            unseen_share: rule_of_three(runs),
            new_outcome_share: (self.further == 0)
                .then(|| share_of(once as f64, runs as f64))
                .flatten(),
            actual,
            lost: whole.map_or(Spread::default(), |all| missing(actual, all)),
            elapsed_ns: self.times.spread(),
            runs_per_second: per_second(runs, took),
        }
    }

    fn note_outcome(&mut self, run: &ProcessRun) {
        if run.is_first
            && let Some(outcome) = run.outcome
        {
            let record = RepeatOutcomeRecord {
                outcome,
                what: ProcessOutcome::new(run, self.expected.as_ref()),
                bytes: run.bytes,
                sha256: run
                    .digest
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect(),
                standard_error: printable(&run.errors, false),
                runs: 0,
                runs_share: None,
                runs_interval: None,
                first_run: run.number,
                median_ns: None,
            };
            self.outcomes.push((record, Times::coarse()));
        }
        let place = run
            .outcome
            .and_then(|outcome| usize::try_from(outcome - 1).ok());
        match place.and_then(|place| self.outcomes.get_mut(place)) {
            Some((outcome, times)) => {
                outcome.runs += 1;
                times.add(run.elapsed_ns, 1);
            }
            None => self.further += 1,
        }
    }
}

impl Observer<ProcessRun> for RepeatCollector {
    fn observe(&mut self, run: &ProcessRun) {
        self.runs += 1;
        let expected = self.expected.as_ref();
        self.correct += u64::from(expected.is_some_and(|expected| run.is_correct(expected)));
        if let (Some(count), Some(true)) = (&mut self.as_expected, run.as_expected) {
            *count += 1;
        }
        self.times.add(run.elapsed_ns, 1);
        if let Some(number) = run.value {
            self.numbers.add(number);
            self.moments.add(&[number]);
        }
        self.note_outcome(run);
        match &mut self.kept {
            Some(kept) if kept.len() < self.keep => {
                kept.push(RepeatRunRecord::new(run, self.expected.as_ref()));
            }
            _ => self.kept = None,
        }
    }
}
