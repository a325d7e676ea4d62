//! The records that answer the questions. Only this file knows where their types come from.

pub(super) use crate::record::{
    CensusRecord, ComparisonRecord, CountingRecord, EndRecord, EntryRecord, Environment,
    RaceRecord, ReplayRecord, RequestsRecord, TraceRecord, WaitGroupRecord,
};

/// Declares [`ExperimentRecord`], and the method of [`Records`] that returns each kind.
macro_rules! records {
    ($($kind:ident($record:ident), $method:ident, $doc:literal;)+) => {
        /// The record of an experiment.
        #[derive(Clone, Debug)]
        pub enum ExperimentRecord {
            $(#[doc = concat!("The record of ", $doc, ".")] $kind(Box<$record>),)+
        }

        $(impl From<$record> for ExperimentRecord {
            fn from(record: $record) -> Self {
                Self::$kind(Box::new(record))
            }
        })+

        impl Records {
            $(#[doc = concat!("Returns the record of ", $doc, ", if there is one.")]
            pub fn $method(&self) -> Option<&$record> {
                self.0.iter().find_map(|record| match record {
                    ExperimentRecord::$kind(record) => Some(&**record),
                    _ => None,
                })
            })+
        }
    };
}

records! {
    Counting(CountingRecord), counting, "a counting experiment";
    Comparison(ComparisonRecord), comparison, "a comparison";
    Trace(TraceRecord), trace, "a trace";
    Census(CensusRecord), census, "a census";
    Replay(ReplayRecord), replay, "a replay";
    Race(RaceRecord), race, "free runs of a race program";
    WaitGroup(WaitGroupRecord), wait_group, "waiting for a wait group";
    Requests(RequestsRecord), requests, "requests under contexts";
}

/// The records of a chapter's experiments, each of a different kind.
#[derive(Clone, Debug, Default)]
pub struct Records(pub Vec<ExperimentRecord>);
