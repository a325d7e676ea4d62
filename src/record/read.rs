//! Records that are read again from the JSON they were written as.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error as JsonError, Value};

use super::any::AnyRecord;
use super::check::{self, Damage};
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
        let damage = check::record(&object);
        let record = Self::of_value(object.clone(), damage)?;
        let again = record.fields().map_err(ReadError::Json)?;
        object
            .as_object_mut()
            .map(|fields| fields.shift_remove("schema"));
        match difference(&object, &again) {
            Some(damage) => Err(ReadError::Damaged(damage)),
            None => Ok(record),
        }
    }

    /// Reads a record from its JSON object, in which this damage was found.
    pub(super) fn of_value(mut object: Value, damage: Option<Damage>) -> Result<Self, ReadError> {
        let fields = object.as_object_mut().ok_or(ReadError::Foreign)?;
        let Some(Value::String(schema)) = fields.shift_remove("schema") else {
            return Err(ReadError::Foreign);
        };
        Self::of_schema(&schema, object, damage)
    }
}

/// Reads a record whose fields are as its schema says.
pub(super) fn typed<T: DeserializeOwned>(value: Value) -> Result<T, ReadError> {
    T::deserialize(Written(value)).map_err(ReadError::Unfit)
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

/// The name by which a type asks for a whole value as JSON.
pub(super) const WHOLE: &str = "$miscount::whole";

/// A value as records are written: integers that a float would round are strings.
struct Written(Value);

/// Returns the integer that a string stands for, if the string is how such an integer is written.
pub(super) fn large(text: &str) -> Option<u64> {
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
