//! What a person types: the command line, and nothing else.

mod count;
mod root;
mod screen;
mod values;

pub use count::{Count, Experiment, PinArg, StartArg};
pub use root::{Typed, What, command, parse, sentence};
pub use screen::{Screen, When};
