//! Race programs on the machine: what each construct does, and what the census says of it.

use std::collections::BTreeSet;

use miscount::language::{Race, SourceFile, read};
use miscount::model::{Census, Ending, Fault};

use crate::language::enumeration::Told;

mod constructs;
mod deadlocks;
mod gallery;
mod published;
mod random;
mod spinning;

pub(crate) use gallery::programs;

/// Compiles a program.
pub(crate) fn race(text: &str) -> Race {
    let read = read(SourceFile::new("test.race", text), &[], None);
    read.unwrap_or_else(|errors| panic!("{}", errors.render()))
}

/// Returns the outcomes of a census as the naive enumeration tells them.
pub(crate) fn told(counted: &Census) -> BTreeSet<Told> {
    let outcome = |ending: &Ending| match ending {
        Ending::Values(values) => Ok(values.iter().map(|value| value.cast_signed()).collect()),
        Ending::Total(total) => panic!("a program has values, not a total of {total}"),
        Ending::Deadlock(_) => Err("deadlock".into()),
        Ending::Livelock => Err("livelock".into()),
        Ending::Failed(_, failure) if failure.fault == Fault::Assertion => Err("assertion".into()),
        Ending::Failed(..) => Err("fault".into()),
    };
    counted
        .outcomes
        .iter()
        .map(|found| outcome(&found.end))
        .collect()
}
