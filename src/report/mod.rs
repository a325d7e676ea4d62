//! Results as data, and the formats they are shown in.

mod census;
mod census_formats;
mod collector;
mod compare;
mod compare_formats;
mod concepts;
mod counting;
mod counting_formats;
mod diagnosis;
mod doctor;
mod doctor_formats;
mod document;
mod explanation;
mod explanation_formats;
mod format;
mod interleaving;
mod lanes;
mod map;
mod markdown;
mod numbers;
mod picture;
mod replay;
mod requests;
mod requests_formats;
mod schema;
mod stream;
mod survey;
mod text;
mod totals;
mod tour;
mod trace;
mod trace_formats;
mod waitgroup;
mod waitgroup_formats;

pub use census::{
    CensusRecord, ClosestRecord, KnownBy, OutcomeRecord, ReachRecord, SmallestRecord, Stop,
    Verdict, WaitingRecord,
};
pub use census_formats::CensusReport;
pub use collector::Collector;
pub use compare::{Comparing, ComparingLine, EntryRecord, Gatherer, Middle};
pub use counting::{
    AwaitedRecord, Counting, CountingLine, Distinct, Ending, Environment, ReadersRecord, RunRecord,
    Spread, Summary, WaitedRecord,
};
pub use counting_formats::CountingReport;
pub use diagnosis::diagnose;
pub use doctor::{Doctor, Finding, MachineRecord, Measurement, Skew};
pub use explanation::{
    Breaking, CommandRecord, Counted, CountedOutcome, ElsewhereRecord, Explanation, Found,
    InstructionRecord, Listing,
};
pub use format::{Report, Table};
pub use interleaving::{Gap, Happening, StepRecord, interleaving};
pub use map::{ConceptRecord, Map, PlaceRecord};
pub use numbers::{abbreviated, decimal, grouped, percent, plural, short, short_percent};
pub use picture::{Theme, picture};
pub use replay::Replay;
pub use requests::{
    ClockKind, Ended, Latency, RequestRecord, Requests, RequestsGatherer, RequestsLine,
    RequestsSummary,
};
pub use requests_formats::RequestsStream;
pub use schema::schemas;
pub use stream::{Lines, Stream};
pub use survey::Surveyed;
pub use text::{MOST_LINES, counting as counting_text, hang, trace as trace_text, wrap};
pub use tour::{Tour, TourEnd, Visited};
pub use trace::{Explained, Fate, Name, Trace};
pub use trace_formats::TraceReport;
pub use waitgroup::{
    GatheredRun, Gathering, GatheringLine, GroupCollector, ReadRecord, UnfinishedRecord,
};
pub use waitgroup_formats::GroupStream;
