//! The records as JSON Schema, for programs that read them.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use super::census::{CensusLine, CensusWhole};
use super::compare::{ComparisonLine, ComparisonRecord};
use super::counting::{CountingLine, CountingRecord};
use super::doctor::{DoctorLine, DoctorRecord};
use super::explanation::{ExplanationLine, ExplanationRecord};
use super::map::{MapLine, MapRecord};
use super::replay::{ReplayLine, ReplayRecord};
use super::requests::{RequestsLine, RequestsRecord};
use super::tour::{TourLine, TourRecord};
use super::trace::{TraceLine, TracedRun};
use super::waitgroup::{WaitGroupLine, WaitGroupRecord};

/// Integers beyond this are written as strings: many readers of JSON keep numbers as 64-bit floats,
/// which hold integers only up to here.
pub const EXACT: u64 = 1 << 53;

/// Makes the schema of a record.
type MakeSchema = fn() -> Schema;

/// Every record that is written as JSON: its own name without its version, and how its schema is
/// made.
pub const SCHEMAS: [(&str, MakeSchema); 22] = [
    ("counting", schema::<CountingRecord>),
    ("counting-lines", schema::<CountingLine>),
    ("doctor", schema::<DoctorRecord>),
    ("doctor-lines", schema::<DoctorLine<'static>>),
    ("tour", schema::<TourRecord>),
    ("tour-lines", schema::<TourLine<'static>>),
    ("trace", schema::<TracedRun>),
    ("trace-lines", schema::<TraceLine<'static>>),
    ("census", schema::<CensusWhole<'static>>),
    ("census-lines", schema::<CensusLine<'static>>),
    ("replay", schema::<ReplayRecord>),
    ("replay-lines", schema::<ReplayLine<'static>>),
    ("compare", schema::<ComparisonRecord>),
    ("compare-lines", schema::<ComparisonLine>),
    ("waitgroup", schema::<WaitGroupRecord>),
    ("waitgroup-lines", schema::<WaitGroupLine<'static>>),
    ("explanation", schema::<ExplanationRecord>),
    ("explanation-lines", schema::<ExplanationLine<'static>>),
    ("map", schema::<MapRecord>),
    ("map-lines", schema::<MapLine<'static>>),
    ("requests", schema::<RequestsRecord>),
    ("requests-lines", schema::<RequestsLine>),
];

fn schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .with_transform(LargeNumbers)
        .into_generator()
        .into_root_schema_for::<T>()
}

/// Lets unsigned whole numbers be strings, which is how large ones are written.
#[derive(Clone, Debug)]
struct LargeNumbers;

impl Transform for LargeNumbers {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let unsigned = schema
            .get("format")
            .and_then(Value::as_str)
            .is_some_and(|format| format.starts_with("uint"));
        if !unsigned {
            return;
        }
        let mut types = match schema.remove("type") {
            Some(Value::Array(types)) => types,
            one => one.into_iter().collect(),
        };
        types.push("string".into());
        schema.remove("format");
        schema.insert("type".into(), types.into());
        schema.insert("maximum".into(), EXACT.into());
        schema.insert("pattern".into(), "^[0-9]+$".into());
    }
}
