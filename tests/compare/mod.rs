//! Strategies side by side: the table from scripted runs, the rounds on real threads, and the
//! program in every format.

mod program;
mod reports;
mod threads;

use miscount::error::Error;
use miscount::lab::{Comparer, ComparisonOutcome, RoundRun, Setup, Stopped};
use miscount::plan::{Comparison, Entry, Pinning, StartLine};
use miscount::record::{ComparisonCollector, ComparisonRecord};
use miscount::strategy::{self, Settings, Shape};
use miscount::sync::{Context, Observer};
use miscount::term::Page;

use crate::support::Shown;

/// A comparison that has happened: how many picoseconds an increment took, and how many per mille
/// were lost.
struct Script {
    runs: &'static [(&'static str, u64, u64)],
    threads: &'static [usize],
    rounds: u64,
    /// Runs until it ended.
    runs_made: usize,
    stopped: Stopped,
}

const FOUR: &[(&str, u64, u64)] = &[
    ("unsynced", 500, 310),
    ("mutex-per-op", 20_000, 0),
    ("atomic", 4_500, 0),
    ("sharded", 250, 0),
];

impl Script {
    fn of(threads: &'static [usize]) -> Self {
        Self {
            runs: FOUR,
            threads,
            rounds: 9,
            runs_made: usize::MAX,
            stopped: Stopped::Completed,
        }
    }

    fn plan(&self) -> Comparison {
        let names: Vec<_> = self.runs.iter().map(|run| run.0).collect();
        comparison(&names, self.threads, 50_000, self.rounds)
    }

    fn record(&self) -> ComparisonRecord {
        record(&self.plan(), self)
    }

    fn report(&self, page: Page) -> String {
        self.record().text(&page)
    }
}

impl Comparer for Script {
    fn compare(
        &self,
        plan: &Comparison,
        _: &Context,
        observer: &mut dyn Observer<RoundRun>,
    ) -> Result<ComparisonOutcome, Error> {
        let entries = plan.entries.iter().enumerate();
        let everybody = (0..self.rounds).flat_map(|round| entries.clone().map(move |e| (round, e)));
        for (round, (place, entry)) in everybody.take(self.runs_made) {
            let (_, ps, lost) = self.runs[place % self.runs.len()];
            let expected = entry.shape.expected();
            let threads = entry.shape.threads() as u64;
            // The machine slows down from round to round, and those who share a counter suffer
            // from one another.
            let slowly = expected * ps / 1000 * (10 + round) / 10;
            let jitter = (round * 7 + place as u64 * 3) % 5 * 100;
            observer.idle();
            observer.observe(&RoundRun {
                entry: place,
                actual: if threads == 1 {
                    expected
                } else {
                    expected - expected * lost / 1000
                },
                elapsed_ns: slowly * threads + jitter,
            });
        }
        Ok(ComparisonOutcome {
            stopped: self.stopped,
            setup: Setup {
                cpu: Some("a processor".into()),
                cores: Some(2),
                pinned: true,
                start: StartLine::default(),
                repeated: 0,
            },
        })
    }
}

/// These strategies as they are by default, without readers.
fn comparison(names: &[&str], threads: &[usize], increments: u64, rounds: u64) -> Comparison {
    let settings = Settings {
        readers: 0,
        ..Settings::default()
    };
    let entry = |threads: usize, name: &str| Entry {
        strategy: strategy::named(name).unwrap().build(&settings).unwrap(),
        shape: Shape::new(threads, increments).unwrap(),
    };
    let counts = threads.iter();
    Comparison {
        entries: counts
            .flat_map(|&threads| names.iter().map(move |name| entry(threads, name)))
            .collect(),
        rounds,
        start: StartLine::default(),
        pinning: Pinning::default(),
    }
}

fn record(plan: &Comparison, comparer: &dyn Comparer) -> ComparisonRecord {
    let mut collector = ComparisonCollector::new(plan);
    let outcome = comparer
        .compare(plan, &Context::background(), &mut collector)
        .unwrap();
    collector.finish(plan, &outcome)
}
