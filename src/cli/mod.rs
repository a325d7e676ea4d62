//! What a person types: the command line, and nothing else.

mod compare;
mod count;
mod machine;
mod output;
mod replay;
mod root;
mod settings;
mod values;

pub use compare::Compare;
pub use count::{Count, Experiment, PinArg, StartArg, Total};
pub use machine::{Doctor, Machine};
pub use output::{Format, Output, When};
pub use replay::{On, Replay};
pub use root::{Typed, What, command, parse, sentence};
