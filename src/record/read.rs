//! Records that are read again from the JSON they were written as.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error as JsonError, Value};

use super::any::AnyRecord;
use super::schema::EXACT;

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
    /// It is not as it was written: at this path, because of this.
    Damaged(String, String),
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
            Self::Damaged(path, why) => write!(f, "at {path}: {why}"),
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
        Self::from_value(serde_json::from_str(text).map_err(ReadError::Json)?)
    }

    /// Reads a record from its JSON object.
    pub(super) fn from_value(mut object: Value) -> Result<Self, ReadError> {
        let fields = object.as_object_mut().ok_or(ReadError::Foreign)?;
        let schema = fields.shift_remove("schema");
        let Some(Value::String(schema)) = schema else {
            return Err(ReadError::Foreign);
        };
        let record = Self::of_schema(&schema, object.clone())?;
        let again = record.fields().map_err(ReadError::Json)?;
        let damage = difference(&object, &again, String::new());
        match damage.or_else(|| implausible(&object, "", "")) {
            Some((path, why)) => Err(ReadError::Damaged(path, why)),
            None => Ok(record),
        }
    }
}

/// Reads a value of a record.
pub(super) fn typed<T: DeserializeOwned>(value: Value) -> Result<T, ReadError> {
    serde_path_to_error::deserialize(Written(value)).map_err(|error| {
        let path = match error.path().to_string() {
            root if root == "." => "one of its first fields".to_string(),
            path => path,
        };
        ReadError::Damaged(path, error.into_inner().to_string())
    })
}

/// Returns the first share that is not between 0 and 1, or number of schedules that is not a number: its
/// place, and the reason.
fn implausible(value: &Value, name: &str, path: &str) -> Option<(String, String)> {
    let is_share = name == "share" || name.ends_with("_share") || name.ends_with("_interval");
    let why = match value {
        Value::Object(fields) => {
            return fields.iter().find_map(|(name, value)| {
                let gap = if path.is_empty() { "" } else { "." };
                implausible(value, name, &format!("{path}{gap}{name}"))
            });
        }
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            return items.find_map(|(at, item)| implausible(item, name, &format!("{path}[{at}]")));
        }
        Value::Number(share) if is_share => {
            let is_wrong = share
                .as_f64()
                .is_none_or(|share| !(-1e-9..=1.0 + 1e-9).contains(&share));
            is_wrong.then(|| format!("{share} is not a share: it must lie between 0 and 1"))
        }
        Value::String(number) if name == "schedules" => {
            let is_wrong = number.is_empty() || number.bytes().any(|byte| !byte.is_ascii_digit());
            is_wrong.then(|| "this is not a number of schedules".to_string())
        }
        _ => None,
    };
    Some((path.to_owned(), why?))
}

/// Returns the first place at which two values differ, and how.
fn difference(read: &Value, written: &Value, path: String) -> Option<(String, String)> {
    let below = |name: &str| match path.as_str() {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    match (read, written) {
        (Value::Object(read), Value::Object(written)) => {
            let foreign = read.keys().find(|name| !written.contains_key(*name));
            if let Some(name) = foreign {
                return Some((below(name), "there is no such field here".into()));
            }
            written
                .iter()
                .find_map(|(name, written)| match read.get(name) {
                    Some(read) => difference(read, written, below(name)),
                    None => Some((below(name), "this field is missing".into())),
                })
        }
        (Value::Array(read), Value::Array(written)) if read.len() == written.len() => {
            let mut pairs = read.iter().zip(written).enumerate();
            pairs.find_map(|(place, (read, written))| {
                difference(read, written, format!("{path}[{place}]"))
            })
        }
        _ if read == written => None,
        (Value::Array(_) | Value::Object(_), _) | (_, Value::Array(_) | Value::Object(_)) => {
            Some((path, "it does not fit the rest of the record".into()))
        }
        _ => Some((
            path,
            format!("it is {read}, but by the rest of the record {written}"),
        )),
    }
}

/// The name by which a type asks for a whole value as JSON.
pub(super) const WHOLE: &str = "$miscount::whole";

/// A value as records are written: integers that a float would round are strings.
struct Written(Value);

/// Returns the integer that a string stands for, if the string is how such an integer is written.
fn large(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number > EXACT && number.to_string() == text).then_some(number)
}

impl IntoDeserializer<'_, JsonError> for Written {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Written {
    type Error = JsonError;

    /// A field that is flattened into another record asks for any value; where it holds a large integer,
    /// this is it.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => number.deserialize_any(visitor),
            Value::String(text) => match large(&text) {
                Some(number) => visitor.visit_u64(number),
                None => visitor.visit_string(text),
            },
            Value::Array(items) => {
                let mut items = SeqDeserializer::new(items.into_iter().map(Written));
                let read = visitor.visit_seq(&mut items)?;
                items.end()?;
                Ok(read)
            }
            Value::Object(fields) => {
                let fields = fields.into_iter();
                visitor.visit_map(MapDeserializer::new(
                    fields.map(|(name, value)| (name, Written(value))),
                ))
            }
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.0.deserialize_string(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.0.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        match name {
            WHOLE => visitor.visit_string(self.0.to_string()),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// Reads a text that may have been taken for a large integer, because it is flattened into another record.
pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Text {
        Words(String),
        Number(u64),
    }
    let text: Option<Text> = serde::Deserialize::deserialize(from)?;
    Ok(text.map(|text| match text {
        Text::Words(words) => words,
        Text::Number(number) => number.to_string(),
    }))
}

/// Returns an error with these words.
pub(super) fn damaged<E: serde::de::Error>(why: impl fmt::Display) -> E {
    E::custom(why)
}

impl From<ReadError> for JsonError {
    fn from(error: ReadError) -> Self {
        Self::custom(error)
    }
}
