//! From the syntax tree to a checked program: names are resolved, counts and sizes are numbers.

mod ends;
mod locks;
mod names;
mod program;
mod statements;
mod terms;

pub use program::{check, check_target};
