//! The register machine: programs, states, schedules, and the census of all schedules.
//!
//! A [`Program`] is what one thread does, in *visible* and *local* instructions; a [`System`] is the
//! threads together with the variables and locks they share. A [`Machine`] executes a system, one
//! step of one thread at a time. A [`Schedule`] fixes the order; a [`ScheduleRun`] executes one, and
//! [`census()`] counts them all. An [`Outlook`] tells what is reachable from each state, and a
//! [`Route`] how to get there with the fewest switches.
//!
//! There is one interpreter: instructions act on a [`Memory`], which is the model's own or, when a
//! schedule is forced on real threads, real variables and locks. The moves of a plan have been
//! executed on the model first, so none of them blocks.
//!
//! `docs/model.md` lists what the model leaves out, each point with its test.

mod actor;
mod buffer;
mod census;
mod chances;
mod circle;
mod coordinate;
mod effect;
mod error;
mod goal;
mod held;
mod label;
mod language;
mod leap;
mod limits;
mod local;
mod machine;
mod memory;
mod outlook;
mod plan;
mod queue;
mod refusal;
mod schedule;
mod scheduler;
mod state;
mod story;
mod system;
mod system_builder;
mod waits;

pub use actor::Actor;
pub use buffer::MemoryModel;
pub use census::chain::count_chains;
pub use census::endless::PRECISION;
pub use census::estimate::{Estimate, closest_fit, estimate};
pub use census::outcome::{Census, Circle, Method, Outcome, Reach, Verdict};
pub use census::survey::{Family, ReachAnswer, Survey, SurveyError, SurveyQuestion, survey};
pub use census::sweep::{Options, census};
pub use chances::{Chance, Finish};
pub use effect::{Effect, Wait};
pub use error::{CensusError, ModelError, PlanError};
pub use goal::{EndCondition, Goal, Route};
pub use held::Held;
pub use label::{Label, parse_label};
pub use language::builder::{Mark, ProgramBuilder};
pub use language::element::{Declared, Element, LockId, Operand, QueueId, Reg, Var};
pub use language::instruction::{Instruction, Mode};
pub use language::operation::{Arithmetic, Fault, Relation};
pub use language::program::Program;
pub use language::text::Names;
pub use limits::{Limit, Limits, Progress};
pub use local::MOST_LOCAL;
pub use machine::{Ending, Failure, Machine, Status, Step};
pub use memory::{Memory, Runner};
pub use outlook::{Completeness, Outlook};
pub use plan::{OnStep, ScheduleRun, replay};
pub use queue::Queue;
pub use schedule::named::{Lockstep, Named, Random, Serial};
pub use schedule::retrace::{Retraced, retrace, sources};
pub use schedule::token::{Schedule, Segment, Steps, TokenError, segments};
pub use schedule::worst::{Proof, WorstSchedule, by_rule, retell, to_total, worst};
pub use scheduler::{Completion, Forced, Move, Scheduler};
pub use story::{SeenVersions, Story, StoryMove, StoryPart, StoryStep};
pub use system::{LockKind, QueueKind, Shown, System};
pub use system_builder::SystemBuilder;
