//! Race programs on the machine: what each construct does, and what the census says of it.

use miscount::language::{Race, SourceFile, check, compile, parse, render};

mod constructs;
mod gallery;
mod spinning;

/// Compiles a program.
pub(crate) fn race(text: &str) -> Race {
    let source = SourceFile::new("test.race", text);
    let compiled = parse(&source)
        .and_then(|program| check(&program, &[]))
        .and_then(|program| compile(program, &source));
    compiled.unwrap_or_else(|errors| panic!("{}", render(&errors, &source, Default::default())))
}
