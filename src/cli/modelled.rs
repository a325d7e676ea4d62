//! A strategy in the model, as `explore` and its like take it: by name, with a size and settings.

use std::num::NonZeroU64;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::settings::{AccessArg, flag};
use super::values;
use crate::strategy::{ALL, Kind, Setting, Settings, Window, named};

/// A strategy, its size and its settings.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Model")]
pub struct Modelled {
    /// The way of counting, by name
    #[arg(value_name = "STRATEGY", value_parser = strategies(), hide_possible_values = true, help_heading = None)]
    pub kind: &'static Kind,
    /// Threads that count
    #[arg(short, long, value_name = "N", default_value = "2", allow_negative_numbers = true, value_parser = values::threads)]
    pub threads: usize,
    /// Increments that each thread makes
    #[arg(short, long, alias = "count", value_name = "M", default_value = "5", allow_negative_numbers = true, value_parser = values::number)]
    pub increments: u64,
    /// Its settings.
    #[command(flatten)]
    pub settings: ModelSettings,
}

/// The settings of a strategy in the model.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Model")]
pub struct ModelSettings {
    /// unsynced: what happens between load and store; the model has no time, so nothing changes
    #[arg(long, value_name = "WHAT", value_parser = values::window)]
    window: Option<Window>,
    /// unsynced: how the counter is accessed
    #[arg(long, value_enum, value_name = "HOW")]
    access: Option<AccessArg>,
    /// mutex-per-batch: increments for each time the lock is taken [default: all of them]
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = values::non_zero)]
    batch: Option<NonZeroU64>,
    /// rwlock: read under a read lock, let go, write under a write lock
    #[arg(long)]
    split: bool,
    /// Refused with a sentence: readers change nothing, and the model leaves them out.
    #[arg(long, value_name = "K", hide = true)]
    pub readers: Option<String>,
}

impl ModelSettings {
    /// Their values; those that were not typed have their defaults.
    pub fn values(&self) -> Settings {
        Settings {
            window: self.window.unwrap_or_default(),
            access: self.access.map_or_else(Default::default, Into::into),
            batch: self.batch,
            split: self.split,
            ..Settings::default()
        }
    }

    /// The flags that were typed.
    pub fn typed(&self) -> impl Iterator<Item = (Setting, &'static str)> {
        [
            (Setting::Window, self.window.is_some()),
            (Setting::Access, self.access.is_some()),
            (Setting::Batch, self.batch.is_some()),
            (Setting::Readers, self.readers.is_some()),
            (Setting::Split, self.split),
        ]
        .into_iter()
        .filter_map(|(setting, typed)| typed.then_some((setting, flag(setting))))
    }
}

/// Reads the name of a strategy; clap suggests the nearest for one that there is not.
pub(super) fn strategies() -> impl TypedValueParser<Value = &'static Kind> {
    let names = ALL.iter().map(|kind| PossibleValue::new(kind.name));
    PossibleValuesParser::new(names).try_map(|name| named(&name).ok_or("there is no such strategy"))
}
