//! The records as JSON Schema, for programs that read them.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use super::report::EXACT;
use crate::report::record::census::{CensusLine, CensusWhole};
use crate::report::record::compare::{Comparing, ComparingLine};
use crate::report::record::counting::{Counting, CountingLine};
use crate::report::record::doctor::{Doctor, DoctorLine};
use crate::report::record::explanation::{Explanation, ExplanationLine};
use crate::report::record::map::{Map, MapLine};
use crate::report::record::replay::{Replay, ReplayLine};
use crate::report::record::requests::{Requests, RequestsLine};
use crate::report::record::tour::{Tour, TourLine};
use crate::report::record::trace::{TraceLine, TraceWhole};
use crate::report::record::waitgroup::{Gathering, GatheringLine};

/// Makes the schema of a record.
type MakeSchema = fn() -> Schema;

/// Every record that is written as JSON: its own name without its version, and how its schema is
/// made.
pub const SCHEMAS: [(&str, MakeSchema); 22] = [
    ("counting", schema::<Counting>),
    ("counting-lines", schema::<CountingLine>),
    ("doctor", schema::<Doctor>),
    ("doctor-lines", schema::<DoctorLine<'static>>),
    ("tour", schema::<Tour>),
    ("tour-lines", schema::<TourLine<'static>>),
    ("trace", schema::<TraceWhole>),
    ("trace-lines", schema::<TraceLine<'static>>),
    ("census", schema::<CensusWhole<'static>>),
    ("census-lines", schema::<CensusLine<'static>>),
    ("replay", schema::<Replay>),
    ("replay-lines", schema::<ReplayLine<'static>>),
    ("compare", schema::<Comparing>),
    ("compare-lines", schema::<ComparingLine>),
    ("waitgroup", schema::<Gathering>),
    ("waitgroup-lines", schema::<GatheringLine<'static>>),
    ("explanation", schema::<Explanation>),
    ("explanation-lines", schema::<ExplanationLine<'static>>),
    ("map", schema::<Map>),
    ("map-lines", schema::<MapLine<'static>>),
    ("requests", schema::<Requests>),
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
