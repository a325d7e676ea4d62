//! `unsynced`, `mutex-per-op` and the other strategies: count, and report.

use std::time::Instant;

use super::{interrupt, output};
use crate::cli::{Count, Screen};
use crate::error::{Error, Exit};
use crate::lab::{Engine, Event, Lab, Observer, Stopped};
use crate::plan::Plan;
use crate::report::{self, Collector};
use crate::term::Progress;

pub(super) fn run(typed: &Count, screen: &Screen) -> Result<Exit, Error> {
    let began = Instant::now();
    let plan = Plan::try_from(typed)?;
    let context = interrupt::context()?;
    let mut observers = Observers {
        collector: Collector::new(&plan, report::MOST_LINES),
        progress: Progress::new(
            plan.runs,
            plan.shape.expected(),
            output::progress(screen),
            screen.ascii,
        ),
    };
    let outcome = Lab.carry_out(&plan, &context, &mut observers)?;
    observers.progress.clear();
    let record = observers.collector.finish(&plan, &outcome, began.elapsed());
    let text = report::counting_text(&record, &*plan.strategy, &output::page(screen));
    let printed = output::print(&text)?;
    Ok(match outcome.stopped {
        Stopped::Completed => printed,
        Stopped::Interrupted => Exit::Interrupted,
    })
}

/// Everybody who wants to know how the experiment goes.
struct Observers {
    collector: Collector,
    progress: Progress,
}

impl Observer for Observers {
    fn observe(&mut self, event: Event<'_>) {
        self.collector.observe(event);
        self.progress.observe(event);
    }
}
