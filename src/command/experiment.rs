//! Commands of this program, carried out from within it, for their reports and records.

use std::time::Instant;

use super::scenario::{flags, scenario};
use super::{explore, replay, requests, trace};
use crate::cli::{self, Replay, Requests, What};
use crate::error::Error;
use crate::lab::{self, Comparer, Engine, Lab};
use crate::plan::{self, Comparison, Exploration, GroupPlan, Plan};
use crate::report::{
    ComparisonCollector, CountingCollector, CountingReport, MOST_LINES, Report, RequestsCollector,
    StopReason, WaitGroupCollector, trace_text,
};
use crate::sync::Context;
use crate::term::{Page, Searching, Wanted};
use crate::tour::{Experiments, Seen};

/// This program, for whoever wants to run commands of it.
pub(super) struct Commands<'a> {
    /// What reports are written on.
    pub(super) page: Page,
    /// Ends all work.
    pub(super) context: &'a Context,
}

impl Experiments for Commands<'_> {
    fn carry_out(&mut self, command: &str) -> Result<Seen, Error> {
        let words = ["miscount"].into_iter().chain(command.split_whitespace());
        let typed = cli::parse(words.map(Into::into))
            .map_err(|error| Error::Usage(cli::sentence(&error)))?;
        match typed.what {
            What::Count(count) => self.count(&Plan::try_from(&count)?),
            What::Compare(compare) => self.compare(&Comparison::try_from(&compare)?),
            What::Trace(asked) => self.trace(&Plan::try_from(&asked)?),
            What::Explore(asked) => self.explore(&Exploration::try_from(&asked)?),
            What::Replay(asked) => self.replay(&asked),
            What::WaitGroup(asked) => self.wait(&GroupPlan::try_from(&asked)?),
            What::Requests(asked) => self.request(&asked),
            What::Explain(_) | What::Step(_) | What::Tour(_) | What::Machine(_) => {
                Err(Error::Usage("this command is no experiment".into()))
            }
        }
    }

    fn cores(&self) -> Option<usize> {
        let cores = lab::allowed_cores().len();
        (cores > 0).then_some(cores)
    }

    fn is_interrupted(&self) -> bool {
        self.context.is_done()
    }
}

impl Commands<'_> {
    fn count(&self, plan: &Plan) -> Result<Seen, Error> {
        let began = Instant::now();
        let mut collector = CountingCollector::new(plan, MOST_LINES);
        let outcome = Lab.carry_out(plan, self.context, &mut collector)?;
        Ok(self.seen(&CountingReport {
            record: collector.finish(plan, &outcome, began.elapsed()),
            strategy: &*plan.strategy,
        }))
    }

    fn compare(&self, plan: &Comparison) -> Result<Seen, Error> {
        let mut collector = ComparisonCollector::new(plan);
        let outcome = Lab.compare(plan, self.context, &mut collector)?;
        Ok(self.seen(&collector.finish(plan, &outcome)))
    }

    fn trace(&self, plan: &Plan) -> Result<Seen, Error> {
        let (report, _) = trace::trace(plan, self.context, Wanted::Never, false, 0)?;
        let record = serde_json::to_value(&report.record);
        Ok(Seen {
            text: trace_text(&report, &self.page()),
            record: record.map_err(|error| Error::Machine(error.to_string()))?,
        })
    }

    fn explore(&self, plan: &Exploration) -> Result<Seen, Error> {
        let system = plan.strategy.system(plan.shape)?;
        let progress = Searching::new(Wanted::Never, false);
        let (report, _) = explore::explore(plan, &system, self.context, &progress)?;
        Ok(self.seen(&report))
    }

    fn replay(&self, asked: &Replay) -> Result<Seen, Error> {
        let (strategy, shape) = plan::modelled(&asked.modelled)?;
        let order = replay::Order::read(&asked.schedule)?;
        let replayed = replay::replay(asked, &*strategy, shape, &order, self.context)?;
        let interrupted = || Error::Machine("it was interrupted".into());
        Ok(self.seen(&replayed.ok_or_else(interrupted)?))
    }

    fn wait(&self, plan: &GroupPlan) -> Result<Seen, Error> {
        let began = Instant::now();
        let mut collector = WaitGroupCollector::new(plan, MOST_LINES);
        let outcome = lab::run_wait_groups(plan, self.context, &mut collector)?;
        Ok(self.seen(&collector.finish(plan, &outcome, began.elapsed())))
    }

    fn request(&self, asked: &Requests) -> Result<Seen, Error> {
        let scenario = scenario(asked)?;
        let mut collector = RequestsCollector::new(scenario.tree());
        let clock = requests::play(asked, &scenario, self.context, &mut collector)?;
        let record = collector.finish(scenario.tree(), flags(asked), clock, StopReason::Completed);
        Ok(self.seen(&record))
    }

    /// Without explanations: a chapter has its own.
    fn page(&self) -> Page {
        Page {
            quiet: true,
            ..self.page
        }
    }

    fn seen(&self, report: &dyn Report) -> Seen {
        Seen {
            text: report.text(&self.page()),
            record: report.json(),
        }
    }
}
