//! What was typed, checked: sizes that have room, settings that the strategy takes.

use crate::cli;
use crate::error::Error;
use crate::strategy::{Kind, Setting, Settings, Shape, Strategy};

/// The most threads a run may have, counting or reading.
pub const MOST_THREADS: usize = 1024;

/// So many threads with so many increments, if their product has room.
pub(super) fn shape(threads: usize, increments: u64) -> Result<Shape, Error> {
    Shape::new(threads, increments).ok_or_else(|| {
        Error::Usage(format!(
            "--threads {threads} times --increments {increments} does not fit in 64 bits; ask for \
             fewer increments"
        ))
    })
}

/// What the model leaves out.
pub(super) const NOT_MODELLED: &[Setting] = &[Setting::Readers, Setting::Await];

/// The strategy with the settings that were typed, and its own defaults for the others.
pub(super) fn set_up(
    kind: &Kind,
    typed: &cli::StrategyFlags,
    without: &[Setting],
) -> Result<Box<dyn Strategy>, Error> {
    check(typed, &[kind], without)?;
    (kind.build)(&typed.or(Settings::default()))
}

/// Refuses settings that none of these strategies takes, and those that the subcommand goes
/// without.
pub(super) fn check(
    typed: &cli::StrategyFlags,
    kinds: &[&Kind],
    without: &[Setting],
) -> Result<(), Error> {
    for setting in typed.typed() {
        let flag = cli::flag(setting);
        if !kinds.iter().any(|kind| kind.settings.contains(&setting)) {
            let names: Vec<_> = kinds.iter().map(|kind| kind.name).collect();
            return Err(Error::Usage(format!(
                "--{flag} is a flag of {} alone, not of {}; leave it out",
                cli::takers(setting).join(" and "),
                names.join(" or ")
            )));
        }
        if without.contains(&setting) {
            return Err(Error::Usage(format!(
                "--{flag} has no place here: it changes what readers do, and no total; leave it out"
            )));
        }
    }
    Ok(())
}
