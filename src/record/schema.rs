//! The formats of the records as JSON, and their schemas, for programs that read them.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde_json::Value;

use super::census::CensusWhole;
use super::data::Record;
use super::litmus::LitmusWhole;
use super::race::RaceWhole;
use super::trace::TraceWhole;
use super::{
    CensusRecord, ClassRecord, ComparisonRecord, CountingRecord, DoctorRecord, ExplainedProgram,
    ExplanationRecord, GalleryRecord, LitmusRecord, MapRecord, RaceRecord, RepeatRecord,
    ReplayRecord, RequestsRecord, TermsRecord, TourRecord, TraceRecord, TracedRun, WaitGroupRecord,
};

/// Greater integers are written as strings: many readers of JSON keep numbers as 64-bit floats,
/// which are exact only up to this one.
pub const EXACT: u64 = 1 << 53;

/// Makes a schema.
type MakeSchema = fn() -> Schema;

/// A record with a versioned format.
pub trait HasSchema {
    /// The name and the version of its format.
    const SCHEMA: &'static str;
}

/// Declares the formats: the name, the version, the record, what it is as one object unless it is that itself,
/// and the other types with this format, such as the record without its items.
macro_rules! formats {
    ($($name:literal $version:literal: $record:ty $(as $whole:ty)? $(, $rest:ty)*;)+) => {
        /// Every format of a record as JSON: its name without its version, and how its schema is
        /// made.
        pub const SCHEMAS: &[(&str, MakeSchema)] = &[$(
            ($name, || schema::<Versioned<formats!(@whole $record $(as $whole)?)>>($name)),
            (concat!($name, "-lines"), || {
                schema::<<$record as Record>::Line<'_>>(concat!($name, "-lines"))
            }),
        )+];

        $(formats!(@impl $name $version: $record $(, $whole)? $(, $rest)*);)+
    };
    (@whole $record:ty) => { $record };
    (@whole $record:ty as $whole:ty) => { $whole };
    (@impl $name:literal $version:literal: $($record:ty),+) => {
        $(impl HasSchema for $record {
            const SCHEMA: &'static str = concat!("miscount.", $name, "/", $version);
        })+
    };
}

formats! {
    "counting" 1: CountingRecord;
    "doctor" 1: DoctorRecord;
    "tour" 1: TourRecord;
    "class" 1: ClassRecord;
    "trace" 3: TracedRun as TraceWhole<'_>, TraceRecord;
    "census" 2: CensusRecord as CensusWhole<'_>;
    "litmus" 1: LitmusRecord as LitmusWhole<'_>;
    "run" 1: RaceRecord as RaceWhole<'_>;
    "replay" 1: ReplayRecord;
    "compare" 1: ComparisonRecord;
    "waitgroup" 1: WaitGroupRecord;
    "explanation" 1: ExplanationRecord;
    "program" 1: ExplainedProgram;
    "map" 1: MapRecord;
    "terms" 1: TermsRecord;
    "gallery" 1: GalleryRecord;
    "requests" 1: RequestsRecord;
    "repeat" 1: RepeatRecord;
}

impl<T: HasSchema + ?Sized> HasSchema for &T {
    const SCHEMA: &'static str = T::SCHEMA;
}

// Without a doc comment, so that its schema has the description of the record.
#[expect(
    missing_docs,
    reason = "documentation would describe the record's schema"
)]
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "{T}")]
pub struct Versioned<T: HasSchema> {
    /// Names the format and its version.
    #[schemars(extend("const" = T::SCHEMA))]
    schema: &'static str,
    #[serde(flatten)]
    record: T,
}

impl<T: HasSchema> Versioned<T> {
    /// Returns the record with the name of its format.
    pub(super) fn new(record: T) -> Self {
        Self {
            schema: T::SCHEMA,
            record,
        }
    }
}

fn schema<T: JsonSchema>(title: &str) -> Schema {
    let mut schema = SchemaSettings::draft2020_12()
        .for_serialize()
        .with_transform(LargeNumbers)
        .into_generator()
        .into_root_schema_for::<T>();
    schema.insert("title".into(), title.into());
    schema
}

/// States the greatest number of each unsigned type, and allows 64-bit numbers to be strings, since large ones
/// are written so.
#[derive(Clone, Debug)]
struct LargeNumbers;

impl Transform for LargeNumbers {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let format = schema.get("format").and_then(Value::as_str);
        let is_signed = format == Some("int64");
        let unsigned = format.and_then(|format| format.strip_prefix("uint"));
        let Some(bits) = unsigned.or(is_signed.then_some("64")) else {
            return;
        };
        let bits = bits.parse().unwrap_or(u64::BITS);
        schema.remove("format");
        if bits < u64::BITS {
            schema.insert("maximum".into(), (u64::MAX >> (u64::BITS - bits)).into());
            return;
        }
        if is_signed {
            schema.insert("minimum".into(), (-EXACT.cast_signed()).into());
        }
        let mut types = match schema.remove("type") {
            Some(Value::Array(types)) => types,
            one => one.into_iter().collect(),
        };
        types.push("string".into());
        schema.insert("type".into(), types.into());
        schema.insert("maximum".into(), EXACT.into());
        schema.insert(
            "pattern".into(),
            if is_signed { "^-?[0-9]+$" } else { "^[0-9]+$" }.into(),
        );
    }
}
