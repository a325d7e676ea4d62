//! Any record: what `show` reads, and what a lesson keeps of its experiments.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::data::Record;
use super::read::ReadError;
use super::schema::HasSchema;
use super::{
    CensusRecord, ClassRecord, ComparisonRecord, CountingRecord, DoctorRecord, ExplainedProgram,
    ExplanationRecord, GalleryRecord, LitmusRecord, MapRecord, RaceRecord, RepeatRecord,
    ReplayRecord, RequestsRecord, TermsRecord, TourRecord, TracedRun, WaitGroupRecord,
};

/// What is done with a record, whatever its kind.
pub trait RecordVisitor {
    /// What comes of it.
    type Output;

    /// Does it.
    fn visit(self, record: &impl Record) -> Self::Output;
}

/// Declares [`AnyRecord`], and what is done with a record of each kind.
macro_rules! any_record {
    ($($kind:ident($record:ty), $doc:literal;)+) => {
        /// A record of any kind.
        #[derive(Clone, Debug)]
        pub enum AnyRecord {
            $(#[doc = concat!("The record of ", $doc, ".")] $kind(Box<$record>),)+
        }

        $(impl From<$record> for AnyRecord {
            fn from(record: $record) -> Self {
                Self::$kind(Box::new(record))
            }
        })+

        impl AnyRecord {
            /// The formats that are read.
            const FORMATS: &[&str] = &[$(<$record as HasSchema>::SCHEMA,)+];

            /// Does with the record what the visitor does.
            pub fn accept<V: RecordVisitor>(&self, visitor: V) -> V::Output {
                match self {
                    $(Self::$kind(record) => visitor.visit(&**record),)+
                }
            }

            /// Reads the fields of a record of this format.
            pub(super) fn of_schema(schema: &str, fields: Value) -> serde_json::Result<Self> {
                $(if schema == <$record as HasSchema>::SCHEMA {
                    return serde_json::from_value::<$record>(fields).map(Self::from);
                })+
                Err(serde_json::Error::custom("at schema: no record that this version knows"))
            }
        }

        /// Written as the record by itself is.
        impl Serialize for AnyRecord {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$kind(record) => record.whole().serialize(to),)+
                }
            }
        }
    };
}

any_record! {
    Counting(CountingRecord), "a counting experiment";
    Doctor(DoctorRecord), "what races look like on a machine";
    Tour(TourRecord), "a tour";
    Class(ClassRecord), "the predictions of a class";
    Trace(TracedRun), "a trace";
    Census(CensusRecord), "a census";
    Litmus(LitmusRecord), "the verdicts of litmus tests";
    Run(RaceRecord), "a race program on real threads";
    Replay(ReplayRecord), "a replay";
    Comparison(ComparisonRecord), "a comparison";
    WaitGroup(WaitGroupRecord), "waiting for a wait group";
    Explanation(ExplanationRecord), "a strategy explained";
    Program(ExplainedProgram), "a race program explained";
    Map(MapRecord), "all strategies";
    Terms(TermsRecord), "a glossary";
    Gallery(GalleryRecord), "all race programs";
    Requests(RequestsRecord), "requests under contexts";
    Repeat(RepeatRecord), "a command that was run again and again";
}

impl AnyRecord {
    /// Checks that this version reads records of this format.
    pub(super) fn check_format(schema: &str) -> Result<(), ReadError> {
        if Self::FORMATS.contains(&schema) {
            return Ok(());
        }
        let name = |schema: &str| schema.split('/').next().map(ToOwned::to_owned);
        let mut formats = Self::FORMATS.iter();
        let same = formats.find(|format| name(format) == name(schema));
        Err(ReadError::Format(schema.into(), same.copied()))
    }
}

impl<'de> Deserialize<'de> for AnyRecord {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut fields = Map::deserialize(from)?;
        let schema = fields.shift_remove("schema").unwrap_or_default();
        let schema = schema.as_str().unwrap_or_default();
        Self::of_schema(schema, Value::Object(fields)).map_err(D::Error::custom)
    }
}

impl JsonSchema for AnyRecord {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "AnyRecord".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "A record with its schema, which is one of those that miscount schema lists",
            "required": ["schema"]
        })
    }
}
