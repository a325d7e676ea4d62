//! Where a record departs from its schema, in plain words. This is the part of JSON Schema that the records use.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Number, Value};

use super::end::conjunction;
use super::schema::{EXACT, SCHEMAS};
use crate::language::steers_terminal;
use crate::model::{MemoryModel, Schedule, parse_label};
use crate::plan::MOST_THREADS;
use crate::strategy;

/// What is wrong with a record, and where.
#[derive(Debug)]
pub struct Damage {
    path: String,
    why: String,
}

impl Damage {
    /// Returns what is wrong with a value.
    pub(super) fn here(why: impl Into<String>) -> Self {
        Self {
            path: String::new(),
            why: why.into(),
        }
    }

    /// Returns the damage as seen from the object or list that has the value in this place.
    pub(super) fn within(self, place: &str) -> Self {
        let gap = if self.path.is_empty() || self.path.starts_with('[') {
            ""
        } else {
            "."
        };
        Self {
            path: format!("{place}{gap}{}", self.path),
            ..self
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.why),
            path => write!(f, "at {path}: {}", self.why),
        }
    }
}

/// Returns the first damage of a record, which names its schema. Large numbers, which are written as strings,
/// become numbers.
pub(super) fn record(value: &mut Value) -> Option<Damage> {
    let named = value["schema"].as_str().unwrap_or_default();
    let mut schemas = SCHEMAS.iter();
    let schema = schemas.find(|(name, _)| named.starts_with(&format!("miscount.{name}/")));
    let Some((_, make)) = schema else {
        return Some(Damage::here("no record that this version knows").within("schema"));
    };
    let schema = make().to_value();
    check(value, &schema, &schema, "")
}

/// Returns the first damage of the value of this name.
fn check(value: &mut Value, schema: &Value, root: &Value, name: &str) -> Option<Damage> {
    let schema = resolved(schema, root);
    let choices = ["anyOf", "oneOf"]
        .iter()
        .find_map(|key| schema[key].as_array());
    if let Some(choices) = choices {
        let damages = choices
            .iter()
            .map(|choice| check(value, choice, root, name));
        let damages: Option<Vec<_>> = damages.collect();
        // The choice that fits best is wrong furthest inside.
        let nearest = damages?.into_iter().max_by_key(|damage| damage.path.len());
        let is_inside = |damage: &Damage| !damage.path.is_empty();
        return nearest
            .filter(is_inside)
            .or_else(|| Some(other(value, schema, root)));
    }
    if !fits(value, schema) {
        return Some(other(value, schema, root));
    }
    if let Some(damage) = implausible(name, value) {
        return Some(damage);
    }
    match value {
        // A record in a record.
        Value::Object(fields)
            if schema["properties"].is_null() && fields.contains_key("schema") =>
        {
            record(value)
        }
        Value::Object(fields) => {
            let required = schema["required"].as_array().into_iter().flatten();
            let mut required = required.filter_map(Value::as_str);
            if let Some(missing) = required.find(|name| !fields.contains_key(*name)) {
                return Some(Damage::here("this field is missing").within(missing));
            }
            fields.iter_mut().find_map(|(name, value)| {
                let properties = schema["properties"].get(name);
                let schema = properties.unwrap_or(&schema["additionalProperties"]);
                check(value, schema, root, name).map(|damage| damage.within(name))
            })
        }
        Value::Array(items) => items.iter_mut().enumerate().find_map(|(place, item)| {
            let damage = check(item, &schema["items"], root, name);
            damage.map(|damage| damage.within(&format!("[{place}]")))
        }),
        Value::String(text) if !schema["pattern"].is_null() => {
            *value = Value::Number(large(text)?);
            None
        }
        _ => None,
    }
}

/// Returns the integer that a string stands for, if the string is how such an integer is written.
fn large(text: &str) -> Option<Number> {
    let number: i128 = text.parse().ok()?;
    let is_large = number.unsigned_abs() > EXACT.into() && number.to_string() == text;
    Number::from_i128(number).filter(|_| is_large)
}

/// Returns the least integer that a schema allows to be written as a number.
fn least(schema: &Value) -> i64 {
    schema["minimum"].as_i64().unwrap_or(0)
}

/// Returns the schema that is meant.
fn resolved<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
    let reference = schema["$ref"].as_str();
    let referred = reference.and_then(|path| root.pointer(path.trim_start_matches('#')));
    referred.unwrap_or(schema)
}

/// Whether a value is of a type that the schema allows.
fn fits(value: &Value, schema: &Value) -> bool {
    if let Some(only) = schema.get("const") {
        return value == only;
    }
    let types = types(schema);
    let length = |name: &str| schema[name].as_u64();
    types.is_empty()
        || types.iter().any(|&kind| match (kind, value) {
            ("null", Value::Null)
            | ("boolean", Value::Bool(_))
            | ("object", Value::Object(_))
            | ("number", Value::Number(_)) => true,
            ("array", Value::Array(items)) => {
                let items = items.len() as u64;
                length("minItems").is_none_or(|least| items >= least)
                    && length("maxItems").is_none_or(|most| items <= most)
            }
            ("integer", Value::Number(number)) => match length("maximum") {
                Some(most) => number
                    .as_i128()
                    .is_some_and(|number| (least(schema).into()..=most.into()).contains(&number)),
                None => number.is_i64(),
            },
            ("string", Value::String(text)) => {
                let is_signed = least(schema) < 0;
                let fits = |number: Number| {
                    if is_signed {
                        number.is_i64()
                    } else {
                        number.is_u64()
                    }
                };
                schema["pattern"].is_null() || large(text).is_some_and(fits)
            }
            _ => false,
        })
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

/// Returns that a value is none that the schema allows.
fn other(value: &Value, schema: &Value, root: &Value) -> Damage {
    const LONGEST: usize = 40;
    let shown = match value {
        Value::Array(_) => "this list".to_string(),
        Value::Object(_) => "this object".to_string(),
        value => value.to_string(),
    };
    let shown = if shown.len() > LONGEST {
        "this text".into()
    } else {
        shown
    };
    let mut allowed = allowed(schema, root);
    let last = allowed.pop().unwrap_or_default();
    let all = if allowed.is_empty() {
        last
    } else {
        format!("{} or {last}", allowed.join(", "))
    };
    Damage::here(format!("{shown} is not {all}"))
}

/// Returns what a schema allows, in words.
fn allowed(schema: &Value, root: &Value) -> Vec<String> {
    let schema = resolved(schema, root);
    let choices = ["anyOf", "oneOf"]
        .iter()
        .find_map(|key| schema[key].as_array());
    if let Some(choices) = choices {
        let mut all: Vec<_> = choices
            .iter()
            .flat_map(|choice| allowed(choice, root))
            .collect();
        all.dedup();
        return all;
    }
    if let Some(only) = schema.get("const") {
        return vec![only.to_string()];
    }
    let types = types(schema);
    let words = types.iter().map(|&kind| match kind {
        "null" => "null".into(),
        "boolean" => "true or false".into(),
        "number" => "a number".into(),
        "integer" => match &schema["maximum"] {
            Value::Null => "a whole number".into(),
            most => format!("a whole number from {} to {most}", least(schema)),
        },
        "string" if types.contains(&"integer") => if least(schema) < 0 {
            "one beyond that in quotes"
        } else {
            "a greater one in quotes"
        }
        .into(),
        "string" => "a text".into(),
        "array" => match schema["minItems"].as_u64() {
            Some(length) => format!("a list of {length}"),
            None => "a list".into(),
        },
        _ => "an object".into(),
    });
    words.collect()
}

/// Returns what is wrong with a value that is of the right type.
fn implausible(name: &str, value: &Value) -> Option<Damage> {
    if value
        .as_str()
        .is_some_and(|text| text.chars().any(steers_terminal))
    {
        return Some(Damage::here("a text with control characters"));
    }
    let is_share = name == "share" || name.ends_with("_share") || name.ends_with("_interval");
    let (is_right, what) = match value {
        Value::Number(share) if is_share => (
            share
                .as_f64()
                .is_some_and(|share| (-1e-9..=1.0 + 1e-9).contains(&share)),
            "a share from 0 to 1",
        ),
        Value::Number(threads) if name == "threads" => (
            threads
                .as_u64()
                .is_some_and(|threads| threads <= MOST_THREADS as u64),
            "a number of threads that a command allows",
        ),
        Value::String(text) => match name {
            "thread" => {
                let label = parse_label(&text.to_ascii_uppercase());
                (label.is_none_or(|label| label < MOST_THREADS), "a thread")
            }
            "schedules" => (
                !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
                "a number of schedules",
            ),
            "schedule" | "witness" | "lead" | "round" => {
                (text.parse::<Schedule>().is_ok(), "a schedule")
            }
            "memory" => (text.parse::<MemoryModel>().is_ok(), "a memory model"),
            "strategy" => (
                strategy::named(text).is_some(),
                "a strategy of this version",
            ),
            _ => return None,
        },
        Value::Object(fields) => {
            let (values, outcome) = (fields.get("values")?.as_object()?, fields.get("outcome")?);
            // Large ones are texts, without their quotes in a condition.
            let plain =
                |value: &Value| value.as_str().map_or_else(|| value.to_string(), Into::into);
            let plain = values.iter().map(|(name, value)| (name, plain(value)));
            let is_torn = *outcome != conjunction(plain.collect::<BTreeMap<_, _>>());
            return is_torn
                .then(|| Damage::here("these are not the values of its outcome").within("values"));
        }
        _ => return None,
    };
    (!is_right).then(|| Damage::here(format!("{value} is not {what}")))
}
