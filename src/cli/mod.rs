//! What a person types: the command line, and nothing else.

mod count;
mod explore;
mod modelled;
mod output;
mod root;
mod values;

pub(crate) use count::takers;
pub use count::{Count, Experiment, PinArg, StartArg, Total};
pub use explore::Explore;
pub use modelled::Modelled;
pub use output::{Format, Output, When};
pub use root::{Typed, What, command, parse, sentence};
