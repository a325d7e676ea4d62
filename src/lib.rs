//! miscount: a race-condition laboratory.
//!
//! N threads increment one shared counter M times each. Without synchronisation the total comes
//! out wrong; this crate makes it come out wrong every time, on real threads, and measures what
//! each way of putting it right costs. docs/architecture.md is the map.

pub mod cli;
pub mod command;
pub mod error;
pub mod game;
pub mod lab;
pub mod language;
pub mod lineage;
pub mod model;
pub mod page;
pub mod picture;
pub mod plan;
pub mod platform;
pub mod process;
pub mod record;
pub mod render;
pub mod requests;
pub mod stats;
pub mod strategy;
pub mod sync;
pub mod term;
pub mod tour;
pub mod tui;
