//! `compare`: several strategies side by side, on one thread count or on a list of them.

use std::time::Duration;

use clap::Args;

use super::strategy::{NO_WAITING, StrategyArgs, strategies, without_waiting};
use super::values;
use crate::error::Error;
use crate::plan::{Comparison, Entry, Pinning, StartLine, Until};
use crate::strategy::{ALL, Kind, Setting, Settings};

/// Compare strategies: which are correct, and the cost of each.
///
/// The strategies take turns, so a machine that slows down is fair to all.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Experiment", mut_args(without_waiting))]
#[command(mut_arg("readers", |readers| readers.help(READERS)))]
#[command(mut_arg("split", |split| split.help("Compare 'rwlock --split' too")))]
pub struct CompareArgs {
    /// What to compare, by name [default: all]
    #[arg(value_name = "STRATEGY", value_parser = strategies(), hide_possible_values = true, help_heading = None)]
    pub strategies: Vec<&'static Kind>,
    /// Threads that count [default: one per core, 2 to 4]
    ///
    /// A list such as 1,2,4,8 shows how each strategy scales.
    #[arg(short, long, value_name = "N,...", default_values_t = [values::usual_threads()], hide_default_value = true, value_delimiter = ',', allow_negative_numbers = true, value_parser = values::threads)]
    pub threads: Vec<usize>,
    /// Increments of each thread (5k, 2M, 1G)
    #[arg(short, long, alias = "count", value_name = "M", default_value = "50k", allow_negative_numbers = true, value_parser = values::number)]
    pub increments: u64,
    /// Runs of each strategy, 1 to 100k
    #[arg(short, long, alias = "trials", value_name = "R", default_value = "100", allow_negative_numbers = true, value_parser = values::within(1..=100_000_u64))]
    pub runs: u64,
    /// Stop after this long, exit with 124
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = values::duration)]
    pub timeout: Option<Duration>,
    /// Exit with 1 unless all are correct, or some lost
    #[arg(long, value_enum, value_name = "WHAT", hide_possible_values = true)]
    pub expect: Option<Until>,
    /// How the threads start together
    #[arg(long, value_enum, value_name = "LINE", default_value_t)]
    pub start: StartLine,
    /// Which cores the threads run on
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    pub pin: Pinning,
    /// The settings; each strategy takes its own.
    #[command(flatten)]
    pub settings: StrategyArgs,
}

const READERS: &str = "rwlock: threads that only read, 0 to 1024 [default: 0]";

impl TryFrom<&CompareArgs> for Comparison {
    type Error = Error;

    fn try_from(typed: &CompareArgs) -> Result<Self, Error> {
        let is_named = |kind: &&&Kind| {
            let mut named = typed.strategies.iter();
            typed.strategies.is_empty() || named.any(|named| named.name == kind.name)
        };
        let kinds: Vec<_> = ALL.iter().filter(is_named).copied().collect();
        let mut threads = typed.threads.clone();
        threads.sort_unstable();
        threads.dedup();
        typed.settings.check(&kinds, NO_WAITING)?;
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
            let shape = values::shape(threads, typed.increments)?;
            for kind in &kinds {
                let strategy = kind.build(&plain)?;
                entries.push(Entry { strategy, shape });
                if settings.split && kind.settings.contains(&Setting::Split) {
                    let strategy = kind.build(&settings)?;
                    entries.push(Entry { strategy, shape });
                }
            }
        }
        Ok(Self {
            entries,
            rounds: typed.runs,
            start: typed.start,
            pinning: typed.pin,
        })
    }
}
