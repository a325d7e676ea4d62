//! What a person types: the command line, and nothing else.

mod compare;
mod count;
mod explain;
mod explore;
mod machine;
mod modelled;
mod output;
mod replay;
mod requests;
mod root;
mod settings;
mod step;
mod tour;
mod trace;
mod values;
mod waitgroup;

pub use compare::Compare;
pub use count::{Count, Experiment, PinArg, StartArg, Total};
pub use explain::Explain;
pub use explore::Explore;
pub use machine::{Doctor, Machine};
pub use modelled::Modelled;
pub use output::{Format, Output, When};
pub use replay::{On, Replay};
pub use requests::{Cancel, Deadline, Requests, Timeout, Value};
pub use root::{Typed, What, command, groups, parse, sentence};
pub use settings::StrategyFlags;
pub(crate) use settings::{flag, takers};
pub use step::Step;
pub use tour::Tour;
pub use trace::{ThemeArg, Trace};
pub use waitgroup::{MistakeArg, WaitGroup};
