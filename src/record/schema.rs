//! The formats of the records as JSON, and their schemas, for programs that read them.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde_json::Value;

use super::census::{CensusLine, CensusRecord, CensusWhole};
use super::class::{ClassLine, ClassRecord};
use super::compare::{ComparisonLine, ComparisonRecord};
use super::counting::{CountingLine, CountingRecord};
use super::doctor::{DoctorLine, DoctorRecord};
use super::explanation::{ExplanationLine, ExplanationRecord};
use super::gallery::{GalleryLine, GalleryRecord};
use super::litmus::{LitmusLine, LitmusRecord, LitmusWhole};
use super::map::{MapLine, MapRecord};
use super::program::{ExplainedProgram, ProgramLine};
use super::race::{RaceLine, RaceRecord, RaceWhole};
use super::repeat::{RepeatLine, RepeatRecord};
use super::replay::{ReplayLine, ReplayRecord};
use super::requests::{RequestsLine, RequestsRecord};
use super::terms::{TermsLine, TermsRecord};
use super::tour::{TourLine, TourRecord};
use super::trace::{TraceLine, TraceRecord, TraceWhole, TracedRun};
use super::waitgroup::{WaitGroupLine, WaitGroupRecord};

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

/// Declares the formats: the name, the version, the record as one object, its lines, and the other types with
/// this format, such as the record without its items.
macro_rules! formats {
    ($($name:literal $version:literal: $whole:ty, $line:ty $(, $rest:ty)*;)+) => {
        /// Every format of a record as JSON: its name without its version, and how its schema is
        /// made.
        pub const SCHEMAS: &[(&str, MakeSchema)] = &[$(
            ($name, || schema::<Versioned<$whole>>($name)),
            (concat!($name, "-lines"), || schema::<$line>(concat!($name, "-lines"))),
        )+];

        $(formats!(@impl $name $version: $whole $(, $rest)*);)+
    };
    (@impl $name:literal $version:literal: $($record:ty),+) => {
        $(impl HasSchema for $record {
            const SCHEMA: &'static str = concat!("miscount.", $name, "/", $version);
        })+
    };
}

formats! {
    "counting" 1: CountingRecord, CountingLine<'_>;
    "doctor" 1: DoctorRecord, DoctorLine<'_>;
    "tour" 1: TourRecord, TourLine<'_>;
    "class" 1: ClassRecord, ClassLine<'_>;
    "trace" 3: TraceWhole<'_>, TraceLine<'_>, TraceRecord, TracedRun;
    "census" 2: CensusWhole<'_>, CensusLine<'_>, CensusRecord;
    "litmus" 1: LitmusWhole<'_>, LitmusLine<'_>, LitmusRecord;
    "run" 1: RaceWhole<'_>, RaceLine<'_>, RaceRecord;
    "replay" 1: ReplayRecord, ReplayLine<'_>;
    "compare" 1: ComparisonRecord, ComparisonLine;
    "waitgroup" 1: WaitGroupRecord, WaitGroupLine<'_>;
    "explanation" 1: ExplanationRecord, ExplanationLine<'_>;
    "program" 1: ExplainedProgram, ProgramLine<'_>;
    "map" 1: MapRecord, MapLine<'_>;
    "terms" 1: TermsRecord, TermsLine<'_>;
    "gallery" 1: GalleryRecord, GalleryLine<'_>;
    "requests" 1: RequestsRecord, RequestsLine;
    "repeat" 1: RepeatRecord, RepeatLine<'_>;
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

/// States the greatest number of each unsigned type, and allows 64-bit ones to be strings, since large ones are
/// written so.
#[derive(Clone, Debug)]
struct LargeNumbers;

impl Transform for LargeNumbers {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let format = schema.get("format").and_then(Value::as_str);
        let Some(bits) = format.and_then(|format| format.strip_prefix("uint")) else {
            return;
        };
        let bits = bits.parse().unwrap_or(u64::BITS);
        schema.remove("format");
        if bits < u64::BITS {
            schema.insert("maximum".into(), (u64::MAX >> (u64::BITS - bits)).into());
            return;
        }
        let mut types = match schema.remove("type") {
            Some(Value::Array(types)) => types,
            one => one.into_iter().collect(),
        };
        types.push("string".into());
        schema.insert("type".into(), types.into());
        schema.insert("maximum".into(), EXACT.into());
        schema.insert("pattern".into(), "^[0-9]+$".into());
    }
}
