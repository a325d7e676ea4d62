//! Records that are read again from the JSON they were written as.

use std::fmt;

use serde_json::{Error as JsonError, Value};

use super::any::AnyRecord;
use super::check::{self, Damage};

/// Why a text is no record.
#[derive(Debug)]
pub enum ReadError {
    /// It is no JSON; the error says where.
    Json(JsonError),
    /// It is JSON, but no record of this program.
    Foreign,
    /// It is a record of this format, which this version does not read; if there is one of the same name,
    /// that is the format that it reads.
    Format(String, Option<&'static str>),
    /// It is not as it was written.
    Damaged(Damage),
    /// Its fields are as they may be, but do not fit together.
    Unfit(JsonError),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "it is no JSON object: {error}"),
            Self::Foreign => write!(
                f,
                "it has no \"schema\" at its beginning, so it is no record that --format json wrote"
            ),
            Self::Format(found, Some(read)) => {
                write!(f, "at schema: it is {found}, and this version reads {read}")
            }
            Self::Format(found, None) => {
                write!(f, "at schema: {found} is no record that this version knows")
            }
            Self::Damaged(damage) => write!(f, "{damage}"),
            Self::Unfit(error) => write!(f, "{error}"),
        }
    }
}

impl AnyRecord {
    /// Reads a record from the JSON object that it was written as.
    ///
    /// # Errors
    ///
    /// [`ReadError`] unless the record would be written exactly like this again.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        let mut object: Value = serde_json::from_str(text).map_err(ReadError::Json)?;
        let damage = check::record(&mut object);
        let fields = object.as_object_mut().ok_or(ReadError::Foreign)?;
        let Some(Value::String(schema)) = fields.shift_remove("schema") else {
            return Err(ReadError::Foreign);
        };
        Self::check_format(&schema)?;
        if let Some(damage) = damage {
            return Err(ReadError::Damaged(damage));
        }
        let record = Self::of_schema(&schema, object.clone()).map_err(ReadError::Unfit)?;
        let mut again = serde_json::to_value(&record).map_err(ReadError::Json)?;
        again
            .as_object_mut()
            .map(|fields| fields.shift_remove("schema"));
        match difference(&object, &again) {
            Some(damage) => Err(ReadError::Damaged(damage)),
            None => Ok(record),
        }
    }
}

/// Returns the first place at which two values differ, and how.
fn difference(read: &Value, written: &Value) -> Option<Damage> {
    match (read, written) {
        (Value::Object(read), Value::Object(written)) => {
            let foreign = read.keys().find(|name| !written.contains_key(*name));
            if let Some(name) = foreign {
                return Some(Damage::here("there is no such field here").within(name));
            }
            written.iter().find_map(|(name, written)| {
                let damage = match read.get(name) {
                    Some(read) => difference(read, written),
                    None => Some(Damage::here("this field is missing")),
                };
                damage.map(|damage| damage.within(name))
            })
        }
        (Value::Array(read), Value::Array(written)) if read.len() == written.len() => {
            let mut pairs = read.iter().zip(written).enumerate();
            pairs.find_map(|(place, (read, written))| {
                difference(read, written).map(|damage| damage.within(&format!("[{place}]")))
            })
        }
        _ if read == written => None,
        (Value::Array(_) | Value::Object(_), _) | (_, Value::Array(_) | Value::Object(_)) => {
            Some(Damage::here("it does not fit the rest of the record"))
        }
        _ => Some(Damage::here(format!(
            "it is {read}, but by the rest of the record {written}"
        ))),
    }
}
