//! Results as data, and the formats they are shown in.

mod collector;
mod compare;
mod compare_formats;
mod counting;
mod counting_formats;
mod format;
mod numbers;
mod replay;
mod stream;
mod text;

pub use collector::Collector;
pub use compare::{Comparing, EntryRecord, Gatherer, Middle};
pub use counting::{
    Counting, Distinct, Ending, Environment, ReadersRecord, RunRecord, Spread, Summary,
};
pub use counting_formats::CountingReport;
pub use format::{Report, Table};
pub use replay::{Happening, Replay, StepRecord};
pub use stream::{Lines, Stream};
pub use text::{MOST_LINES, counting as counting_text};
