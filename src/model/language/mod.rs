//! The language of the register machine: instructions, and the programs made of them.

pub(super) mod analysis;
pub(super) mod builder;
pub(super) mod element;
pub(super) mod instruction;
pub(super) mod operation;
pub(super) mod program;
pub(super) mod text;
