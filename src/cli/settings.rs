//! The flags that only some strategies take.

use std::num::NonZeroU64;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, FromArgMatches, ValueEnum};

use super::values;
use crate::strategy::{Access, Kind, Setting, Settings, Window};

#[derive(Args)]
#[command(next_help_heading = "Strategy")]
struct WindowArgs {
    /// What happens between load and store: none, yield, spin:N, sleep:DURATION
    #[arg(long, value_name = "WHAT", default_value = "none", value_parser = values::window)]
    window: Window,
}

#[derive(Args)]
#[command(next_help_heading = "Strategy")]
struct AccessArgs {
    /// How the counter is accessed
    #[arg(long, value_enum, value_name = "HOW", default_value = "load-store")]
    access: AccessArg,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum AccessArg {
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

#[derive(Args)]
#[command(next_help_heading = "Strategy")]
struct BatchArgs {
    /// Increments for each time the lock is taken [default: all of them]
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = values::non_zero)]
    batch: Option<NonZeroU64>,
}

#[derive(Args)]
#[command(next_help_heading = "Strategy")]
struct ReadersArgs {
    /// Threads that only read meanwhile, 0 to 1024
    #[arg(long, value_name = "K", default_value = "2", allow_negative_numbers = true, value_parser = values::readers)]
    readers: usize,
}

#[derive(Args)]
#[command(next_help_heading = "Strategy")]
struct SplitArgs {
    /// Read under a read lock, let go, write under a write lock: still wrong
    #[arg(long)]
    split: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Strategy")]
struct AwaitArgs {
    /// Let the readers sleep until the counter has reached this total, then read together
    #[arg(long = "await", id = "await", value_name = "TOTAL", allow_negative_numbers = true, value_parser = values::non_zero)]
    awaited: Option<NonZeroU64>,
}

/// The flag of a setting, without its dashes.
pub(super) fn flag(setting: Setting) -> &'static str {
    match setting {
        Setting::Window => "window",
        Setting::Access => "access",
        Setting::Batch => "batch",
        Setting::Readers => "readers",
        Setting::Split => "split",
        Setting::Await => "await",
    }
}

/// The strategies that take this flag, where it is the flag of a setting.
pub(crate) fn takers(flag_name: &str) -> Vec<&'static str> {
    crate::strategy::ALL
        .iter()
        .filter(|kind| {
            kind.settings
                .iter()
                .any(|&setting| flag(setting) == flag_name)
        })
        .map(|kind| kind.name)
        .collect()
}

/// Adds the flags of these settings to a subcommand.
pub(super) fn add(mut command: Command, settings: &[Setting]) -> Command {
    for setting in settings {
        command = match setting {
            Setting::Window => WindowArgs::augment_args(command),
            Setting::Access => AccessArgs::augment_args(command),
            Setting::Batch => BatchArgs::augment_args(command),
            Setting::Readers => ReadersArgs::augment_args(command),
            Setting::Split => SplitArgs::augment_args(command),
            Setting::Await => AwaitArgs::augment_args(command),
        };
    }
    command
}

/// Reads the settings of a strategy from a subcommand that offers these flags; the others keep
/// their defaults.
///
/// # Errors
///
/// Where a flag was typed that the strategy does not take.
pub(super) fn read(
    kind: &'static Kind,
    offered: &[Setting],
    matches: &ArgMatches,
) -> Result<Settings, clap::Error> {
    let mut settings = Settings::default();
    for &setting in offered {
        let name = flag(setting);
        if !kind.settings.contains(&setting) {
            if matches.value_source(name) == Some(ValueSource::CommandLine) {
                let takers = takers(name).join(" and ");
                let sentence =
                    format!("--{name} is a flag of {takers} alone, not of {}", kind.name);
                return Err(clap::Error::raw(ErrorKind::ArgumentConflict, sentence));
            }
            continue;
        }
        match setting {
            Setting::Window => settings.window = WindowArgs::from_arg_matches(matches)?.window,
            Setting::Access => {
                settings.access = AccessArgs::from_arg_matches(matches)?.access.into();
            }
            Setting::Batch => settings.batch = BatchArgs::from_arg_matches(matches)?.batch,
            Setting::Readers => settings.readers = ReadersArgs::from_arg_matches(matches)?.readers,
            Setting::Split => settings.split = SplitArgs::from_arg_matches(matches)?.split,
            Setting::Await => settings.awaited = AwaitArgs::from_arg_matches(matches)?.awaited,
        }
    }
    Ok(settings)
}
