//! Results as data, and the formats they are shown in.
//!
//! `record` is what was found out; `format` turns it into JSON, CSV and Markdown; `text` and `picture`
//! are for people.

mod format;
mod numbers;
mod picture;
mod record;
mod text;
mod timeline;

pub use format::census::CensusReport;
pub use format::counting::CountingReport;
pub use format::report::{Report, Table};
pub use format::requests::RequestsStream;
pub use format::schema::SCHEMAS;
pub use format::stream::{Lines, Stream};
pub use format::trace::TraceReport;
pub use format::waitgroup::GroupStream;
pub use numbers::{
    abbreviated, decimal, grouped, percent, plural, short, short_percent, typed_duration,
};
pub use picture::picture;
pub use record::census::{
    CensusRecord, ClosestRecord, KnownBy, OutcomeRecord, ReachRecord, SmallestRecord, Stop,
    Verdict, WaitingRecord,
};
pub use record::collector::Collector;
pub use record::compare::{Comparing, ComparingLine, EntryRecord, Gatherer, Middle};
pub use record::counting::{
    AwaitedRecord, Counting, CountingLine, Distinct, Environment, ReadersRecord, RunRecord, Spread,
    StopReason, Summary, WaitedRecord,
};
pub use record::diagnosis::diagnose;
pub use record::doctor::{Doctor, Finding, MachineRecord, Measurement, Skew};
pub use record::explained::{Explained, NoToken};
pub use record::explanation::{
    Breaking, CommandRecord, Counted, CountedOutcome, ElsewhereRecord, Explanation, Found,
    InstructionRecord, Listing,
};
pub use record::interleaving::{Gap, Happening, StepRecord, interleaving};
pub use record::map::{ConceptRecord, Map, PlaceRecord};
pub use record::replay::Replay;
pub use record::requests::{
    ClockKind, Ended, Latency, RequestRecord, Requests, RequestsGatherer, RequestsLine,
    RequestsSummary,
};
pub use record::survey::Surveyed;
pub use record::tour::{Tour, TourEnd, Visited};
pub use record::trace::{Fate, Name, Trace};
pub use record::waitgroup::{
    GatheredRun, Gathering, GatheringLine, GroupCollector, ReadRecord, UnfinishedRecord,
};
pub use text::{MOST_LINES, counting as counting_text, hang, trace as trace_text, wrap};
