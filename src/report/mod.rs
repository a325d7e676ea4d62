//! Results as data, and the formats they are shown in.

mod census;
mod census_formats;
mod collector;
mod compare;
mod compare_formats;
mod counting;
mod counting_formats;
mod diagnosis;
mod doctor;
mod doctor_formats;
mod format;
mod lanes;
mod numbers;
mod picture;
mod replay;
mod schema;
mod stream;
mod survey;
mod text;
mod trace;
mod trace_formats;

pub use census::{
    CensusRecord, ClosestRecord, KnownBy, OutcomeRecord, ReachRecord, SmallestRecord, Stop,
    Verdict, WaitingRecord,
};
pub use census_formats::CensusReport;
pub use collector::Collector;
pub use compare::{Comparing, EntryRecord, Gatherer, Middle};
pub use counting::{
    Counting, CountingLine, Distinct, Ending, Environment, ReadersRecord, RunRecord, Spread,
    Summary,
};
pub use counting_formats::CountingReport;
pub use diagnosis::diagnose;
pub use doctor::{Doctor, Finding, MachineRecord, Measurement, Skew};
pub use format::{Report, Table};
pub use picture::{Theme, picture};
pub use replay::{Happening, Replay, StepRecord};
pub use schema::schemas;
pub use stream::{Lines, Stream};
pub use survey::Surveyed;
pub use text::{MOST_LINES, counting as counting_text, trace as trace_text};
pub use trace::{Explained, Fate, Name, Trace, TraceReport};
