//! The register machine: programs, states, schedules, and the census of them all.
//!
//! A [`Program`] is what one thread does; a [`System`] is the threads together with the
//! variables and locks they share. A [`Machine`] is a system in motion: it takes one step of one
//! thread at a time. A [`Schedule`] says in which order; [`Plan`] forces one, and [`census()`]
//! counts them all.
//!
//! What the model leaves out is written down in `docs/model.md`, each point with its test.

mod analysis;
mod builder;
mod census;
mod collapse;
mod count;
mod cycle;
mod effect;
mod error;
mod estimate;
mod expand;
mod found;
mod goal;
mod instruction;
mod key;
mod label;
mod layer;
mod limits;
mod machine;
mod memory;
mod named;
mod outcome;
mod outlook;
mod plan;
mod program;
mod retrace;
mod schedule;
mod state;
mod story;
mod survey;
mod system;
mod text;
mod trace;
mod witness;
mod worst;

pub use builder::{Mark, ProgramBuilder};
pub use census::{Options, census};
pub use effect::{Effect, Wait};
pub use error::{CensusError, ModelError, PlanError, Trouble};
pub use estimate::{Estimate, closest_fit, estimate};
pub use goal::{Goal, Route};
pub use instruction::{Comparison, Instruction, LockId, Mode, Operand, Reg, Var};
pub use label::{Label, parse_label};
pub use limits::{Limit, Limits, Progress};
pub use machine::{Ending, Machine, Status, Step};
pub use memory::{Memory, Runner};
pub use named::{Lockstep, Named, Random, Serial};
pub use outcome::{Blocked, Census, End, Outcome, Reach, Verdict};
pub use outlook::{Chance, Extent, Finish, Outlook};
pub use plan::{Completion, Forced, Move, Plan, Source, replay};
pub use program::Program;
pub use retrace::{Retraced, retrace, sources};
pub use schedule::{Schedule, Segment, Steps, TokenError};
pub use story::{Scene, Story, Told, Watch};
pub use survey::{Answer, Question, Survey, SurveyError, survey};
pub use system::{LockKind, System, SystemBuilder};
pub use text::Names;
pub use worst::{Proof, Worst, by_rule, to_total, worst};
