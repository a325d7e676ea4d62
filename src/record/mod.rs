//! The records: the results of commands, as data. Each file holds one record, or what several
//! records share.

mod any;
mod census;
mod check;
mod class;
mod collector;
mod compare;
mod counting;
mod data;
mod doctor;
mod end;
mod explained;
mod explanation;
mod gallery;
mod interleaving;
mod litmus;
mod live;
mod map;
mod player;
mod program;
mod quartiles;
mod race;
mod read;
mod repeat;
mod repeats;
mod replay;
mod requests;
mod schema;
mod subject;
mod survey;
mod terms;
mod timeline;
mod totals;
mod tour;
mod trace;
mod waitgroup;
mod waiting;

pub use any::{AnyRecord, RecordVisitor};
pub use census::{
    CensusRecord, CensusVerdict, CircleRecord, ClaimRecord, ClosestRecord, KnownBy, OutcomeRecord,
    ReachRecord, SmallestRecord, Stop,
};
pub use check::Damage;
pub use class::{Asked, ClassBar, ClassQuestion, ClassRecord, SavedPrediction};
pub use collector::CountingCollector;
pub use compare::{ComparisonCollector, ComparisonLine, ComparisonRecord, EntryRecord};
pub use counting::{
    AwaitedRecord, CountingLine, CountingRecord, Distinct, Environment, ReadersRecord, RunRecord,
    Spread, StopReason, Summary, WaitedRecord,
};
pub use data::Record;
pub use doctor::{DoctorRecord, Finding, MachineRecord, Measurement, Skew};
pub use end::{EndKind, EndRecord};
pub use explained::{Explained, NoToken, label};
pub use explanation::{
    Breaking, CommandRecord, Counted, CountedOutcome, ElsewhereRecord, ExplanationRecord, Found,
    InstructionRecord, Listing, Marked, ProgramRecord,
};
pub use gallery::{GalleryEntry, GalleryRecord};
pub use interleaving::{Gap, Happening, StepRecord, interleaving};
pub use litmus::{ConditionRecord, LitmusRecord, Observation, TestRecord};
pub use live::{CountingReading, LiveCollector, LiveRaceCollector, LiveReading};
pub use map::{ConceptRecord, MapRecord, PlaceRecord};
pub use player::{
    EventAccess, EventRecord, LockView, PlayedEnd, PlayedSchedule, PlayedStep, PlayerBuilder,
    PlayerGoal, PlayerProgram, PlayerRecord, SharedView, StateRow, StateTable, StateWord,
    ThreadView, ThreadViews, TooManyStates,
};
pub use program::{BreakingRun, ExplainedProgram, LineRecord, LineSteps};
pub use quartiles::Quartiles;
pub use race::{
    Allowed, Beside, ModelRecord, Models, RaceCollector, RaceLine, RaceRecord, RacedOutcome,
};
pub use read::ReadError;
pub use repeat::{
    ProcessOutcome, RepeatLine, RepeatOutcomeRecord, RepeatRecord, RepeatRunRecord, RepeatSummary,
    UntilKind, UntilRecord,
};
pub use repeats::RepeatCollector;
pub use replay::ReplayRecord;
pub use requests::{
    ClockKind, Ended, Latency, RequestRecord, RequestsCollector, RequestsLine, RequestsRecord,
    RequestsSummary, nanoseconds,
};
pub use schema::{EXACT, HasSchema, SCHEMAS, Versioned};
pub use subject::{StrategyRecord, SubjectName, SubjectRecord};
pub use terms::TermsRecord;
pub use timeline::{LaneMap, Slot, Timeline};
pub use tour::{TourEnd, TourRecord, Visited};
pub use trace::{Fate, Name, Overwritten, Streak, Stretch, ThreadFate, TraceRecord, TracedRun};
pub use waitgroup::{
    ReadRecord, UnfinishedRecord, WaitGroupCollector, WaitGroupLine, WaitGroupRecord,
    WaitGroupRunRecord,
};
pub use waiting::WaitingRecord;
