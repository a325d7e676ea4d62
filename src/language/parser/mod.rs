//! From tokens to the syntax tree: recursive descent, and precedence climbing for expressions.

mod cursor;
mod expressions;
mod items;
mod statements;

pub use items::{MOST_BYTES, parse, parse_target};
