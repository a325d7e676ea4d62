//! Commands of this program, carried out by the program itself, for their reports and records.

use std::time::{Duration, Instant};

use super::order::Order;
use super::scenario::{flags, scenario};
use super::{explain, explore, output, program, replay, report, requests, run, trace};
use crate::cli::{self, CommandArgs, ReplayArgs, RequestsArgs};
use crate::error::Error;
use crate::lab::{self, Comparer, Engine, Lab};
use crate::page::MOST_LINES;
use crate::plan::{Comparison, CountingPlan, Exploration, RacePlan, WaitGroupPlan, When};
use crate::record::{
    AnyRecord, ComparisonCollector, CountingCollector, Environment, RequestsCollector, StopReason,
    WaitGroupCollector,
};
use crate::render::{Format, document};
use crate::sync::Context;
use crate::term::{Page, Searching};
use crate::tour::{Experiments, Seen};

/// Carries out commands of this program, for the tour.
pub(super) struct Commands<'a> {
    /// The page that reports are laid out for.
    pub(super) page: Page,
    /// Ends all work once it is done.
    pub(super) context: &'a Context,
    /// The command that is carried out.
    pub(super) command: String,
    /// How long an audience has for a line.
    pub(super) pace: Duration,
}

impl Experiments for Commands<'_> {
    fn carry_out(&mut self, command: &str) -> Result<Seen, Error> {
        let typed = cli::typed(command)?;
        self.command = format!("miscount {command}");
        match typed.command {
            CommandArgs::Count(count) => self.count(&CountingPlan::try_from(&count)?),
            CommandArgs::Compare(compare) => self.compare(&Comparison::try_from(&compare)?),
            CommandArgs::Trace(asked) => self.trace(&CountingPlan::try_from(&asked)?),
            CommandArgs::Explore(asked) => self.explore(&asked.plan(&program::read)?),
            CommandArgs::Replay(asked) => self.replay(&asked),
            CommandArgs::WaitGroup(asked) => self.wait(&WaitGroupPlan::try_from(&asked)?),
            CommandArgs::Requests(asked) => self.request(&asked),
            CommandArgs::Run(asked) => self.race(&asked.plan(&program::read)?),
            CommandArgs::Explain(_)
            | CommandArgs::Repeat(_)
            | CommandArgs::Live(_)
            | CommandArgs::Step(_)
            | CommandArgs::Tour(_)
            | CommandArgs::Programs(_)
            | CommandArgs::Machine(_) => Err(Error::Usage("this command is no experiment".into())),
        }
    }

    fn cores(&self) -> Option<usize> {
        let cores = lab::allowed_cores().len();
        (cores > 0).then_some(cores)
    }

    fn rest(&mut self, lines: usize) {
        let lines = u32::try_from(lines).unwrap_or(u32::MAX);
        let rest = self.pace.saturating_mul(lines);
        if !rest.is_zero() {
            self.context.wait_for(rest);
        }
    }

    fn is_interrupted(&self) -> bool {
        self.context.is_done()
    }
}

impl Commands<'_> {
    /// Returns the report of a command, which may also be `explain`.
    pub(super) fn report(&mut self, command: &str) -> Result<String, Error> {
        let typed = cli::typed(command)?;
        match typed.command {
            CommandArgs::Explain(asked) => explain::text(&asked, self.context, &self.page),
            _ => Ok(self.carry_out(command)?.text),
        }
    }

    fn count(&self, plan: &CountingPlan) -> Result<Seen, Error> {
        let began = Instant::now();
        let mut collector = CountingCollector::new(plan, MOST_LINES);
        let outcome = Lab.carry_out(plan, self.context, &mut collector)?;
        let mut record = collector.finish(plan, &outcome, began.elapsed());
        self.stamp(&mut record.environment);
        self.seen(record)
    }

    fn compare(&self, plan: &Comparison) -> Result<Seen, Error> {
        let mut collector = ComparisonCollector::new(plan);
        let outcome = Lab.compare(plan, self.context, &mut collector)?;
        let mut record = collector.finish(plan, &outcome);
        self.stamp(&mut record.environment);
        self.seen(record)
    }

    fn trace(&self, plan: &CountingPlan) -> Result<Seen, Error> {
        let (mut traced, _) = trace::trace(plan, self.context, When::Never, false, 0)?;
        self.stamp(&mut traced.record.environment);
        self.seen(traced)
    }

    fn explore(&self, plan: &Exploration) -> Result<Seen, Error> {
        let system = plan.subject.system()?;
        let progress = Searching::new(When::Never, false);
        let explored = explore::explore(plan, &system, self.context, &progress);
        progress.clear();
        self.seen(explored?.0)
    }

    fn replay(&self, asked: &ReplayArgs) -> Result<Seen, Error> {
        let subject = asked.modelled.subject(&program::read)?;
        let system = subject.system()?;
        let order = Order::read(asked.schedule.clone())?.of(&subject, &system)?;
        let replayed = replay::replay(asked, asked.on()?, &subject, &system, &order, self.context)?;
        let interrupted = || Error::Machine("it was interrupted".into());
        self.seen(replayed.ok_or_else(interrupted)?)
    }

    fn race(&self, plan: &RacePlan) -> Result<Seen, Error> {
        let system = plan.subject.system()?;
        self.seen(run::carry_out(
            plan,
            &system,
            self.context,
            When::Never,
            false,
        )?)
    }

    fn wait(&self, plan: &WaitGroupPlan) -> Result<Seen, Error> {
        let began = Instant::now();
        let mut collector = WaitGroupCollector::new(plan, MOST_LINES);
        let outcome = lab::run_wait_groups(plan, self.context, &mut collector)?;
        let mut record = collector.finish(plan, &outcome, began.elapsed());
        self.stamp(&mut record.environment);
        self.seen(record)
    }

    fn request(&self, asked: &RequestsArgs) -> Result<Seen, Error> {
        let scenario = scenario(asked, false)?;
        let mut collector = RequestsCollector::new(scenario.tree());
        let clock = requests::play(asked, &scenario, false, self.context, &mut collector)?;
        let (tree, stopped) = (scenario.tree(), StopReason::Completed);
        self.seen(collector.finish(tree, flags(asked), clock, stopped))
    }

    /// Notes in an environment what is carried out, and when.
    fn stamp(&self, environment: &mut Environment) {
        output::stamp(environment, &self.command);
    }

    /// Returns a record with its report, without explanations: a chapter has its own.
    fn seen(&self, record: impl Into<AnyRecord>) -> Result<Seen, Error> {
        let page = Page {
            quiet: true,
            ..self.page
        };
        let record = record.into();
        let text = document(&report::document(&record, Format::Text, &[])?, &page);
        Ok(Seen { text, record })
    }
}
