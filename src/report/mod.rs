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
pub use format::schema::schemas;
pub use format::stream::{CountingStream, Lines};
pub use format::trace::TraceReport;
pub use format::waitgroup::WaitGroupStream;
pub use numbers::{
    abbreviated, decimal, grouped, percent, plural, short, short_percent, typed_duration,
};
pub use picture::{Theme, picture};
pub use record::census::{
    CensusRecord, ClosestRecord, KnownBy, OutcomeRecord, ReachRecord, SmallestRecord, Stop,
    Verdict, WaitingRecord,
};
pub use record::collector::CountingCollector;
pub use record::compare::{
    ComparisonCollector, ComparisonLine, ComparisonRecord, EntryRecord, Middle,
};
pub use record::counting::{
    AwaitedRecord, CountingLine, CountingRecord, Distinct, Environment, ReadersRecord, RunRecord,
    Spread, StopReason, Summary, WaitedRecord,
};
pub use record::diagnosis::diagnose;
pub use record::doctor::{DoctorRecord, Finding, MachineRecord, Measurement, Skew};
pub use record::explained::{Explained, NoToken};
pub use record::explanation::{
    Breaking, CommandRecord, Counted, CountedOutcome, ElsewhereRecord, ExplanationRecord, Found,
    InstructionRecord, Listing,
};
pub use record::interleaving::{Gap, Happening, StepRecord, interleaving};
pub use record::map::{ConceptRecord, MapRecord, PlaceRecord};
pub use record::replay::ReplayRecord;
pub use record::requests::{
    ClockKind, Ended, Latency, RequestRecord, RequestsCollector, RequestsLine, RequestsRecord,
    RequestsSummary,
};
pub use record::survey::Surveyed;
pub use record::tour::{TourEnd, TourRecord, Visited};
pub use record::trace::{Fate, Name, TraceRecord};
pub use record::waitgroup::{
    ReadRecord, UnfinishedRecord, WaitGroupCollector, WaitGroupLine, WaitGroupRecord,
    WaitGroupRunRecord,
};
pub use text::{MOST_LINES, counting as counting_text, hang, trace as trace_text, wrap};
