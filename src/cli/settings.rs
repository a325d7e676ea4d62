//! The flags that only some strategies take.

use std::num::NonZeroU64;

use clap::{Args, Command, ValueEnum};

use super::values;
use crate::strategy::{ALL, Access, Setting, Settings, Window};

/// The flags of all settings, as typed; what was not typed is left to its default.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Strategy")]
pub struct StrategyFlags {
    /// What happens between load and store: none, yield, spin:N, sleep:DURATION [default: none]
    #[arg(long, value_name = "WHAT", value_parser = values::window)]
    window: Option<Window>,
    /// How the counter is accessed [default: load-store]
    #[arg(long, value_enum, value_name = "HOW")]
    access: Option<AccessArg>,
    /// Increments for each time the lock is taken [default: all of them]
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = values::non_zero)]
    batch: Option<NonZeroU64>,
    /// Threads that only read meanwhile, 0 to 1024 [default: 2]
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = values::readers)]
    readers: Option<usize>,
    /// Read under a read lock, let go, write under a write lock: still wrong
    #[arg(long)]
    split: bool,
    /// Let the readers sleep until the counter has reached this total, then read together
    #[arg(long = "await", id = "await", value_name = "TOTAL", allow_negative_numbers = true, value_parser = values::non_zero)]
    awaited: Option<NonZeroU64>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum AccessArg {
    /// A load, an addition, a store
    LoadStore,
    /// One instruction that increments memory without locking it (x86-64)
    SingleInstruction,
}

impl From<AccessArg> for Access {
    fn from(typed: AccessArg) -> Self {
        match typed {
            AccessArg::LoadStore => Self::LoadStore,
            AccessArg::SingleInstruction => Self::SingleInstruction,
        }
    }
}

impl StrategyFlags {
    /// What was typed, and these defaults for what was not.
    pub fn or(&self, default: Settings) -> Settings {
        Settings {
            window: self.window.unwrap_or(default.window),
            access: self.access.map_or(default.access, Into::into),
            batch: self.batch.or(default.batch),
            readers: self.readers.unwrap_or(default.readers),
            split: self.split || default.split,
            awaited: self.awaited.or(default.awaited),
        }
    }

    /// The settings whose flags were typed.
    pub fn typed(&self) -> impl Iterator<Item = Setting> {
        [
            (Setting::Window, self.window.is_some()),
            (Setting::Access, self.access.is_some()),
            (Setting::Batch, self.batch.is_some()),
            (Setting::Readers, self.readers.is_some()),
            (Setting::Split, self.split),
            (Setting::Await, self.awaited.is_some()),
        ]
        .into_iter()
        .filter_map(|(setting, typed)| typed.then_some(setting))
    }
}

/// The flag of a setting, without its dashes.
pub(crate) fn flag(setting: Setting) -> &'static str {
    match setting {
        Setting::Window => "window",
        Setting::Access => "access",
        Setting::Batch => "batch",
        Setting::Readers => "readers",
        Setting::Split => "split",
        Setting::Await => "await",
    }
}

/// The strategies that take a setting.
pub(crate) fn takers(setting: Setting) -> Vec<&'static str> {
    ALL.iter()
        .filter(|kind| kind.settings.contains(&setting))
        .map(|kind| kind.name)
        .collect()
}

/// Shows the flags of these settings alone. The others are still read, so that whoever types one
/// is told whose it is.
pub(super) fn show_only(mut command: Command, shown: &[Setting]) -> Command {
    for setting in Setting::ALL {
        if !shown.contains(&setting) {
            command = command.mut_arg(flag(setting), |flag| flag.hide(true));
        }
    }
    command
}

/// Shows the flags of these settings alone, each with the strategies that take it, where a
/// subcommand is for all of them.
pub(super) fn show_with_takers(mut command: Command, shown: &[Setting]) -> Command {
    for &setting in shown {
        let takers = takers(setting).join(", ");
        command = command.mut_arg(flag(setting), |flag| {
            let help = flag.get_help().map(ToString::to_string).unwrap_or_default();
            flag.help(format!("{takers}: {}", lower_first(&help)))
        });
    }
    show_only(command, shown)
}

fn lower_first(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
