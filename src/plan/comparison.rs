//! Several strategies side by side.

use super::counting::{Pinning, StartLine};
use super::typed::{check, shape};
use crate::cli;
use crate::error::Error;
use crate::strategy::{ALL, Setting, Settings, Shape, Strategy};

/// Several strategies side by side: each makes a run in each round.
///
/// invariants: `rounds >= 1`; at least one entry; the entries of one thread count stand together, in the order of
/// their thread counts; no two entries are alike.
#[derive(Debug)]
pub struct Comparison {
    /// Who takes part.
    pub entries: Vec<Entry>,
    /// How many runs each makes.
    pub rounds: u64,
    /// How threads start together.
    pub start: StartLine,
    /// Where threads run.
    pub pinning: Pinning,
}

/// One of those that are compared.
#[derive(Debug)]
pub struct Entry {
    /// The way of counting.
    pub strategy: Box<dyn Strategy>,
    /// Threads and increments.
    pub shape: Shape,
}

impl TryFrom<&cli::Compare> for Comparison {
    type Error = Error;

    fn try_from(typed: &cli::Compare) -> Result<Self, Error> {
        let named = |name| {
            typed.strategies.is_empty() || { typed.strategies.iter().any(|kind| kind.name == name) }
        };
        let kinds: Vec<_> = ALL
            .iter()
            .copied()
            .filter(|kind| named(kind.name))
            .collect();
        let mut threads = typed.threads.clone();
        threads.sort_unstable();
        threads.dedup();
        check(&typed.settings, &kinds, &[Setting::Await])?;
        // Without readers all have the same threads.
        let settings = typed.settings.or(Settings {
            readers: 0,
            ..Settings::default()
        });
        let plain = Settings {
            split: false,
            ..settings
        };
        let mut entries = Vec::new();
        for threads in threads {
            let shape = shape(threads, typed.increments)?;
            for kind in &kinds {
                let strategy = (kind.build)(&plain)?;
                entries.push(Entry { strategy, shape });
                if settings.split && kind.settings.contains(&Setting::Split) {
                    let strategy = (kind.build)(&settings)?;
                    entries.push(Entry { strategy, shape });
                }
            }
        }
        Ok(Self {
            entries,
            rounds: typed.runs,
            start: typed.start.into(),
            pinning: typed.pin.into(),
        })
    }
}
