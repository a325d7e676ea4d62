//! `compare`: several strategies, round by round, and a table.

use super::{output, work};
use crate::cli::{CompareArgs, OutputArgs};
use crate::error::{Error, Exit};
use crate::lab::{Comparer, Lab, RoundRun};
use crate::page;
use crate::plan::Comparison;
use crate::record::ComparisonCollector;
use crate::term::{ProgressGoal, ProgressLine};

pub(super) fn run(typed: &CompareArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let plan = Comparison::try_from(typed)?;
    let (context, _canceler) = work::context(typed.timeout)?;
    let sink = output::open(output)?;
    let mut collector = ComparisonCollector::new(&plan);
    let goal = ProgressGoal::Runs(plan.rounds * plan.entries.len() as u64);
    let mut progress = ProgressLine::new(goal, output.progress, output.ascii);
    let shown = progress.observer(|run: &RoundRun| {
        let expected = plan.entries[run.entry].shape.expected();
        (1, u64::from(run.actual != expected))
    });
    let outcome = Lab.compare(&plan, &context, &mut (&mut collector, shown))?;
    progress.clear();
    let mut record = collector.finish(&plan, &outcome);
    output::stamp(&mut record.environment, &output.command);
    output::deliver(&record, || page::compare(&record), output, sink)?;
    let runs = record
        .entries
        .iter()
        .map(|entry| entry.runs_completed)
        .sum();
    let lost = record
        .entries
        .iter()
        .map(|entry| entry.runs_lost)
        .sum::<u64>();
    let complaint = format!("{lost} of {} lost updates", page::plural(runs, "run"));
    let lost = (lost > 0).then_some(complaint);
    let expectation = || work::expectation(typed.expect, lost, runs);
    Ok(work::cut_short(outcome.stopped).unwrap_or_else(expectation))
}
