//! `live`: the screen with scripted readings, and the program in a terminal.

mod screen;
mod terminal;

use miscount::lab::Runs;
use miscount::plan::{LivePlan, LiveSubject};
use miscount::record::{CountingReading, LiveCollector, LiveReading};
use miscount::strategy::ALL;
use miscount::sync::Observer;
use miscount::tui::live::{LiveApp, LiveItem};

/// The list: all strategies, and two programs of the gallery.
fn items() -> Vec<LiveItem> {
    let strategies = ALL.iter().map(|kind| LiveItem {
        subject: LiveSubject::Strategy(kind),
        theme: "Strategies".into(),
    });
    let programs = ["counter", "cas-ignored"].map(|name| {
        let named = miscount::language::in_gallery(name).unwrap();
        let subject = miscount::cli::of_gallery(named.name).unwrap();
        LiveItem {
            theme: subject.race().unwrap().program.texts.theme.clone(),
            subject: LiveSubject::Program(subject.into()),
        }
    });
    strategies.chain(programs).collect()
}

fn app() -> LiveApp {
    let items = items();
    let plan = LivePlan::new(items[0].subject.clone());
    LiveApp::new(items, 0, plan, false)
}

/// A reading of runs that ended with these totals, of which an increment took this long.
fn reading(plan: &LivePlan, actuals: Vec<u64>, ns: u64) -> LiveReading {
    let plan = plan.counting().unwrap().unwrap();
    let mut collector = LiveCollector::new(&plan);
    let mut runs = Runs::new(1);
    runs.meetings_ns = vec![ns * plan.shape.expected(); actuals.len()];
    runs.actuals = actuals;
    collector.observe(&runs);
    // The time of the test is no matter.
    LiveReading::Counting(CountingReading {
        runs_per_second: Some(123_456.0),
        ..collector.reading()
    })
}

/// Totals as two threads with 100 increments each may have them.
fn totals() -> Vec<u64> {
    let spread = (0..900).map(|run| 100 + run * run % 97);
    spread.chain([200; 12]).chain([2, 150]).collect()
}
