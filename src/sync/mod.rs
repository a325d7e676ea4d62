//! The primitives of the lesson, used by the program itself.

mod context;

pub use context::{Canceler, Context};
