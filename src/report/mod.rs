//! Results as data, and the formats they are shown in.

mod collector;
mod compare;
mod compare_formats;
mod counting;
mod counting_formats;
mod diagnosis;
mod doctor;
mod doctor_formats;
mod format;
mod numbers;
mod replay;
mod schema;
mod stream;
mod text;

pub use collector::Collector;
pub use compare::{Comparing, ComparingLine, EntryRecord, Gatherer, Middle};
pub use counting::{
    Counting, CountingLine, Distinct, Ending, Environment, ReadersRecord, RunRecord, Spread,
    Summary,
};
pub use counting_formats::CountingReport;
pub use diagnosis::diagnose;
pub use doctor::{Doctor, Finding, MachineRecord, Measurement, Skew};
pub use format::{Report, Table};
pub use replay::{Happening, Replay, StepRecord};
pub use schema::schemas;
pub use stream::{Lines, Stream};
pub use text::{MOST_LINES, counting as counting_text};
