//! Results as data, and the formats they are shown in.

mod collector;
mod counting;
mod counting_formats;
mod format;
mod numbers;
mod schema;
mod stream;
mod text;

pub use collector::Collector;
pub use counting::{
    Counting, CountingLine, Distinct, Ending, Environment, ReadersRecord, RunRecord, Spread,
    Summary,
};
pub use counting_formats::CountingReport;
pub use format::{Report, Table};
pub use schema::schemas;
pub use stream::{Lines, Stream};
pub use text::{MOST_LINES, counting as counting_text};
