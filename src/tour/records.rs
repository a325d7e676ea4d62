//! The records that answer the questions. Only this file knows where their types come from.

use crate::record::AnyRecord;
pub(super) use crate::record::{
    CensusRecord, ComparisonRecord, CountingRecord, EndRecord, Environment, RaceRecord,
    ReplayRecord, RequestsRecord, WaitGroupRecord,
};

/// The records of a chapter's experiments, each of a different kind.
#[derive(Clone, Debug, Default)]
pub struct Records(pub Vec<AnyRecord>);

/// Declares the method of [`Records`] that returns each kind.
macro_rules! records {
    ($($kind:ident($record:ident), $method:ident, $doc:literal;)+) => {
        impl Records {
            $(#[doc = concat!("Returns the record of ", $doc, ", if there is one.")]
            pub fn $method(&self) -> Option<&$record> {
                self.0.iter().find_map(|record| match record {
                    AnyRecord::$kind(record) => Some(&**record),
                    _ => None,
                })
            })+
        }
    };
}

records! {
    Counting(CountingRecord), counting, "a counting experiment";
    Comparison(ComparisonRecord), comparison, "a comparison";
    Census(CensusRecord), census, "a census";
    Replay(ReplayRecord), replay, "a replay";
    Run(RaceRecord), race, "free runs of a race program";
    WaitGroup(WaitGroupRecord), wait_group, "waiting for a wait group";
    Requests(RequestsRecord), requests, "requests under contexts";
}
