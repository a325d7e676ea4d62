//! What a person types: the command line, and the plans that it stands for.
//!
//! A type named `...Args` is the arguments of a subcommand or a group of flags, as clap reads them.
//! Conditions between several arguments are checked where these are turned into a plan.

mod compare;
mod count;
mod examples;
mod explain;
mod explore;
mod live;
mod machine;
mod output;
mod picture;
mod programs;
mod repeat;
mod replay;
mod requests;
mod root;
mod run;
mod step;
mod strategy;
mod subject;
mod tour;
mod trace;
mod values;
mod waitgroup;

pub use compare::CompareArgs;
pub use count::{CountArgs, ExperimentArgs};
pub use explain::{ExplainArgs, ExplainTopic};
pub use explore::ExploreArgs;
pub use live::LiveArgs;
pub use machine::{DoctorArgs, MachineArgs};
pub use output::OutputArgs;
pub use picture::PictureArgs;
pub use programs::ProgramsArgs;
pub use repeat::{Cores, RepeatArgs};
pub use replay::{On, ReplayArgs};
pub use requests::{DeadlineArg, OfRequest, RequestsArgs};
pub use root::{
    CommandArgs, CommandLine, brief_command, command, echoed, escaped, groups, is_race_file,
    nearest, parse, quoted, sentence, typed,
};
pub use run::{RaceExpectation, RunArgs};
pub use step::StepArgs;
pub use strategy::StrategyArgs;
pub use subject::{ModelArgs, ReadProgram, SizeArgs, SubjectArg, of_gallery, subject_of};
pub use tour::TourArgs;
pub use trace::TraceArgs;
pub use waitgroup::WaitGroupArgs;
