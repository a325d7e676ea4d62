//! Any record: what `show` reads, and what a lesson keeps of its experiments.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::check::Damage;
use super::data::Record;
use super::read::{ReadError, WHOLE, damaged, typed};
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

            /// Reads the fields of a record of this format, in which this damage was found.
            pub(super) fn of_schema(
                schema: &str,
                fields: Value,
                damage: Option<Damage>,
            ) -> Result<Self, ReadError> {
                $(if schema == <$record as HasSchema>::SCHEMA {
                    return match damage {
                        Some(damage) => Err(ReadError::Damaged(damage)),
                        None => typed::<$record>(fields).map(Self::from),
                    };
                })+
                let name = |schema: &str| schema.split('/').next().map(ToOwned::to_owned);
                let mut formats = Self::FORMATS.iter();
                let same = formats.find(|format| name(format) == name(schema));
                Err(ReadError::Format(schema.into(), same.copied()))
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
    /// Returns the fields of the record, without the name of its format, as they are written.
    pub(super) fn fields(&self) -> serde_json::Result<Value> {
        let mut written = large_as_strings(serde_json::to_value(self)?);
        if let Some(fields) = written.as_object_mut() {
            fields.shift_remove("schema");
        }
        Ok(written)
    }
}

/// Returns the value with the integers that a float would round as strings.
fn large_as_strings(value: Value) -> Value {
    match value {
        Value::Number(number) if number.as_u64().is_some_and(|n| n > super::EXACT) => {
            Value::String(number.to_string())
        }
        Value::Array(items) => items.into_iter().map(large_as_strings).collect(),
        Value::Object(fields) => {
            let fields = fields.into_iter();
            let fields = fields.map(|(name, value)| (name, large_as_strings(value)));
            Value::Object(fields.collect())
        }
        value => value,
    }
}

impl<'de> Deserialize<'de> for AnyRecord {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Whole;

        impl Visitor<'_> for Whole {
            type Value = AnyRecord;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a record")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<AnyRecord, E> {
                let record = serde_json::from_str(text).map_err(damaged)?;
                AnyRecord::of_value(record, None).map_err(damaged)
            }
        }

        from.deserialize_newtype_struct(WHOLE, Whole)
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
