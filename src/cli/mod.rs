//! What a person types: the command line, and nothing else.

mod count;
mod output;
mod root;
mod trace;
mod values;

pub use count::{Count, Experiment, PinArg, StartArg, Total};
pub use output::{Format, Output, When};
pub use root::{Typed, What, command, parse, sentence};
pub use trace::{ThemeArg, Trace, TraceFlags};
