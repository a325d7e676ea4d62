//! A strategy as typed: by name, with the settings that are its own.

use std::num::NonZeroU64;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Args};

use super::values;
use crate::error::Error;
use crate::plan::MOST_THREADS;
use crate::strategy::{ALL, AccessMode, Kind, Setting, Settings, Strategy, Window, named};

/// The settings that the model leaves out: readers change no total.
pub(super) const NOT_MODELLED: &[Setting] = &[Setting::Readers, Setting::Await];

/// Waiting changes when readers read, and the fate of no increment.
pub(super) const NO_WAITING: &[Setting] = &[Setting::Await];

/// The flags of all settings; a setting that was not typed is left to its default.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Strategy")]
pub struct StrategyArgs {
    /// Between load and store: none, yield, spin:N, sleep:DURATION [default: none; yield on one core]
    #[arg(long, value_name = "WHAT", value_parser = values::window)]
    window: Option<Window>,
    /// How the counter is accessed [default: load-store]
    #[arg(long, value_enum, value_name = "HOW")]
    access: Option<AccessMode>,
    /// Increments per lock [default: all]
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = values::non_zero)]
    batch: Option<NonZeroU64>,
    /// Threads that only read, 0 to 1024 [default: 2]
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = values::within(0..=MOST_THREADS))]
    readers: Option<usize>,
    /// Read lock for the load, write lock for the store: wrong
    #[arg(long)]
    split: bool,
    /// Readers sleep until the counter reaches this total
    #[arg(long = "await", id = "await", value_name = "TOTAL", allow_negative_numbers = true, value_parser = values::non_zero)]
    awaited: Option<NonZeroU64>,
}

impl StrategyArgs {
    /// Returns the settings that were typed, with these defaults for the others.
    pub(super) fn or(&self, default: Settings) -> Settings {
        Settings {
            window: self.window.unwrap_or(default.window),
            access: self.access.unwrap_or(default.access),
            batch: self.batch.or(default.batch),
            readers: self.readers.unwrap_or(default.readers),
            split: self.split || default.split,
            awaited: self.awaited.or(default.awaited),
        }
    }

    /// Returns the settings whose flags were typed.
    pub(super) fn typed(&self) -> impl Iterator<Item = Setting> {
        [
            (Setting::Window, self.window.is_some()),
            (Setting::AccessMode, self.access.is_some()),
            (Setting::Batch, self.batch.is_some()),
            (Setting::Readers, self.readers.is_some()),
            (Setting::Split, self.split),
            (Setting::Await, self.awaited.is_some()),
        ]
        .into_iter()
        .filter_map(|(setting, typed)| typed.then_some(setting))
    }

    /// Makes threads that share a single core yield between load and store, because hardly anything else
    /// comes between the two there, and returns whether it did. A typed `--window` stays as it is.
    pub fn open_window(&mut self, kind: &Kind, threads: usize) -> bool {
        let opens = kind.settings.contains(&Setting::Window)
            && threads > 1
            && self.window.is_none()
            && self
                .access
                .is_none_or(|access| access == AccessMode::LoadStore);
        if opens {
            self.window = Some(Window::Yield);
        }
        opens
    }

    /// Refuses the settings that none of these strategies takes, and those that the subcommand goes
    /// without.
    pub(super) fn check(&self, kinds: &[&Kind], without: &[Setting]) -> Result<(), Error> {
        for setting in self.typed() {
            let flag = setting.name();
            if !kinds.iter().any(|kind| kind.settings.contains(&setting)) {
                let names: Vec<_> = kinds.iter().map(|kind| kind.name).collect();
                return Err(Error::Usage(format!(
                    "--{flag} belongs to {}, not to {}; leave it out",
                    takers(setting).join(" and "),
                    names.join(" or ")
                )));
            }
            if without.contains(&setting) {
                return Err(Error::Usage(format!(
                    "--{flag} affects only readers, not the total; leave it out"
                )));
            }
        }
        Ok(())
    }

    /// Sets up the strategy, with its own defaults for the settings that were not typed.
    pub(super) fn set_up(
        &self,
        kind: &'static Kind,
        without: &[Setting],
    ) -> Result<Strategy, Error> {
        self.check(&[kind], without)?;
        kind.build(&self.or(Settings::default()))
    }
}

/// Reads the name of a strategy; clap suggests the nearest name for an unknown one.
pub(super) fn strategies() -> impl TypedValueParser<Value = &'static Kind> {
    let names = ALL.iter().map(|kind| PossibleValue::new(kind.name));
    PossibleValuesParser::new(names).try_map(|name| named(&name).ok_or("no such strategy"))
}

/// Returns the names of the strategies that take a setting.
pub(super) fn takers(setting: Setting) -> Vec<&'static str> {
    ALL.iter()
        .filter(|kind| kind.settings.contains(&setting))
        .map(|kind| kind.name)
        .collect()
}

/// Returns the setting that an argument is the flag of.
pub(super) fn setting(arg: &str) -> Option<Setting> {
    let mut settings = Setting::ALL.into_iter();
    settings.find(|setting| setting.name() == arg)
}

/// Hides the flag of a setting that is none of these. It is still read, so that the error can say
/// which strategy takes it.
pub(super) fn show_only(arg: Arg, shown: &[Setting]) -> Arg {
    let hidden = setting(arg.get_id().as_str()).is_some_and(|setting| !shown.contains(&setting));
    if hidden { arg.hide(true) } else { arg }
}

/// Hides the flags of these settings, and shows those of the others with the strategies that take
/// them, for a subcommand that takes any strategy.
fn show_without(arg: Arg, without: &[Setting]) -> Arg {
    match setting(arg.get_id().as_str()) {
        None => arg,
        Some(setting) if without.contains(&setting) => arg.hide(true),
        Some(setting) => {
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            let takers = takers(setting).join(", ");
            arg.help(format!("{takers}: {}", lower_first(&help)))
        }
    }
}

/// Shows the flags of the settings that change what happens while threads count.
pub(super) fn without_waiting(arg: Arg) -> Arg {
    show_without(arg, NO_WAITING)
}

/// Shows the flags of the settings that the model knows.
pub(super) fn modelled(arg: Arg) -> Arg {
    if arg.get_id() == Setting::Window.name() {
        return arg.help("unsynced: between load and store; no effect in the model");
    }
    show_without(arg, NOT_MODELLED)
}

fn lower_first(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
