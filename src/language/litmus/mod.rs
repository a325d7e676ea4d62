//! Litmus tests as herd7 and litmus7 write them (Alglave, Maranget, Tautschnig, "Herding Cats",
//! 2014): a reader that makes a race program of one.
//!
//! A test has a header with its language and its name, initial values in braces, the code of its
//! threads (a table of X86 instructions, or C functions), and a condition on the final values. It
//! becomes the syntax tree of a race program: registers are locals, the condition is a claim.
//! Everything downstream is about race programs.

mod c;
mod calls;
mod condition;
mod cursor;
mod expression;
mod header;
mod initial;
mod instruction;
mod lexer;
mod names;
mod structure;
mod test;
mod x86;

pub(super) use header::is_litmus;
pub use test::{LitmusQuantifier, LitmusTest};
pub(super) use test::{question, read};
