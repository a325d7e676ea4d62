//! The records as JSON Schema, for whoever reads them with a program.

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

/// Every record that is written as JSON, with its name: the record's own, without its version.
pub fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("counting", schema::<CountingRecord>()),
        ("counting-lines", schema::<CountingLine>()),
        ("doctor", schema::<DoctorRecord>()),
        ("doctor-lines", schema::<DoctorLine<'_>>()),
        ("tour", schema::<TourRecord>()),
        ("tour-lines", schema::<TourLine<'_>>()),
        ("trace", schema::<TracedRun>()),
        ("trace-lines", schema::<TraceLine<'_>>()),
        ("census", schema::<CensusWhole<'_>>()),
        ("census-lines", schema::<CensusLine<'_>>()),
        ("replay", schema::<ReplayRecord>()),
        ("replay-lines", schema::<ReplayLine<'_>>()),
        ("compare", schema::<ComparisonRecord>()),
        ("compare-lines", schema::<ComparisonLine>()),
        ("waitgroup", schema::<WaitGroupRecord>()),
        ("waitgroup-lines", schema::<WaitGroupLine<'_>>()),
        ("explanation", schema::<ExplanationRecord>()),
        ("explanation-lines", schema::<ExplanationLine<'_>>()),
        ("map", schema::<MapRecord>()),
        ("map-lines", schema::<MapLine<'_>>()),
        ("requests", schema::<RequestsRecord>()),
        ("requests-lines", schema::<RequestsLine>()),
    ]
}

fn schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .with_transform(LargeNumbers)
        .into_generator()
        .into_root_schema_for::<T>()
}

/// Whole numbers without a sign may be strings where they are large, as they are written.
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
