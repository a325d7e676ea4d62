//! What a person types: the command line, and nothing else.

mod count;
mod machine;
mod output;
mod replay;
mod root;
mod settings;
mod trace;
mod values;

pub use count::{Count, Experiment, PinArg, StartArg, Total};
pub use machine::{Doctor, Machine};
pub use output::{Format, Output, When};
pub use replay::{On, Replay};
pub use root::{Typed, What, command, parse, sentence};
pub use trace::{ThemeArg, Trace, TraceFlags};
