//! `compare`: several strategies, round by round, and a table.

use super::{output, work};
use crate::cli::{CompareArgs, OutputArgs};
use crate::error::{Error, Exit};
use crate::lab::{Comparer, Heard, Lab, Listener};
use crate::plan::Comparison;
use crate::report::ComparisonCollector;
use crate::term::{Goal, Progress};

pub(super) fn run(typed: &CompareArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let plan = Comparison::try_from(typed)?;
    let (context, _canceler) = work::context(typed.timeout)?;
    let sink = output::open(output)?;
    let entries = plan.entries.iter();
    let mut listeners = Listeners {
        gatherer: ComparisonCollector::new(&plan),
        progress: Progress::new(
            Goal::Runs(plan.rounds * plan.entries.len() as u64),
            0,
            output.progress,
            output.ascii,
        ),
        expected: entries.map(|entry| entry.shape.expected()).collect(),
    };
    let compared = Lab.compare(&plan, &context, &mut listeners)?;
    listeners.progress.clear();
    let record = listeners.gatherer.finish(&plan, &compared);
    output::deliver(&record, output, sink)?;
    Ok(work::cut_short(compared.stopped).unwrap_or(Exit::Done))
}

/// Everybody who wants to know how the comparison goes.
struct Listeners {
    gatherer: ComparisonCollector,
    progress: Progress,
    /// What the runs of each entry should end with.
    expected: Vec<u64>,
}

impl Listener for Listeners {
    fn hear(&mut self, heard: Heard) {
        self.gatherer.hear(heard);
        match heard {
            Heard::Run(run) => {
                let lost = run.actual != self.expected[run.entry];
                self.progress.advance(1, u64::from(lost));
            }
            Heard::Waiting => self.progress.advance(0, 0),
        }
    }
}
