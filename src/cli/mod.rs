//! What a person types: the command line, and nothing else.

mod compare;
mod count;
mod explore;
mod machine;
mod modelled;
mod output;
mod replay;
mod root;
mod settings;
mod trace;
mod values;

pub use compare::Compare;
pub use count::{Count, Experiment, PinArg, StartArg, Total};
pub use explore::Explore;
pub use machine::{Doctor, Machine};
pub use modelled::Modelled;
pub use output::{Format, Output, When};
pub use replay::{On, Replay};
pub use root::{Typed, What, command, parse, sentence};
pub(crate) use settings::takers;
pub use trace::{ThemeArg, Trace, TraceFlags};
