//! Race programs on the machine: what each construct does, and what the census says of it.

use miscount::language::{Race, SourceFile, read};

mod constructs;
mod gallery;
mod spinning;

pub(crate) use gallery::programs;

/// Compiles a program.
pub(crate) fn race(text: &str) -> Race {
    let read = read(SourceFile::new("test.race", text), &[], None);
    read.unwrap_or_else(|errors| panic!("{}", errors.render(Default::default())))
}
