//! Where a record departs from its schema, in plain words. This is the part of JSON Schema that the records use.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::end::conjunction;
use super::read::large;
use super::schema::SCHEMAS;
use crate::model::{MemoryModel, Schedule};
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

/// Returns the first damage of a record, which names its schema.
pub(super) fn record(value: &Value) -> Option<Damage> {
    let named = value["schema"].as_str().unwrap_or_default();
    let mut schemas = SCHEMAS
        .iter()
        .map(|(name, make)| (format!("miscount.{name}/"), make));
    let Some((_, make)) = schemas.find(|(name, _)| named.starts_with(name)) else {
        return Some(Damage::here("no record that this version knows").within("schema"));
    };
    let schema = make().to_value();
    check(value, &schema, &schema, "")
}

/// Returns the first damage of the value of this name.
fn check(value: &Value, schema: &Value, root: &Value, name: &str) -> Option<Damage> {
    let schema = resolved(schema, root);
    for choices in ["anyOf", "oneOf"].map(|key| &schema[key]) {
        let choices = choices.as_array().map_or(&[][..], Vec::as_slice);
        let damages = choices
            .iter()
            .map(|choice| check(value, choice, root, name));
        let damages: Option<Vec<_>> = damages.collect();
        // What comes nearest to being right is wrong further inside.
        if let Some(nearest) =
            damages.and_then(|all| all.into_iter().max_by_key(|one| one.path.len()))
        {
            return Some(if nearest.path.is_empty() {
                other(value, schema, root)
            } else {
                nearest
            });
        }
    }
    if !fits(value, schema) {
        return Some(other(value, schema, root));
    }
    match value {
        // A record in a record.
        Value::Object(fields)
            if fields.contains_key("schema") && schema["properties"].is_null() =>
        {
            record(value)
        }
        Value::Object(fields) => {
            let mut required = schema["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            if let Some(missing) = required.find(|name| !fields.contains_key(*name)) {
                return Some(Damage::here("this field is missing").within(missing));
            }
            if let (Value::Object(values), Value::String(outcome)) =
                (&value["values"], &value["outcome"])
                && *outcome != conjunction(values.iter().collect::<BTreeMap<_, _>>())
            {
                return Some(
                    Damage::here("these are not the values of its outcome").within("values"),
                );
            }
            fields.iter().find_map(|(name, value)| {
                let properties = schema["properties"].get(name);
                let schema = properties.unwrap_or(&schema["additionalProperties"]);
                check(value, schema, root, name).map(|damage| damage.within(name))
            })
        }
        Value::Array(items) => items.iter().enumerate().find_map(|(place, item)| {
            let damage = check(item, &schema["items"], root, name);
            damage.map(|damage| damage.within(&format!("[{place}]")))
        }),
        value => implausible(name, value).map(Damage::here),
    }
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
                Some(most) => number.as_u64().is_some_and(|number| number <= most),
                None => number.is_i64(),
            },
            ("string", Value::String(text)) => schema["pattern"].is_null() || large(text).is_some(),
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
    let whole = types.contains(&"integer");
    let words = types.iter().filter_map(|&kind| match kind {
        "null" => Some("null".into()),
        "boolean" => Some("true or false".into()),
        "number" => Some("a number".into()),
        "integer" => Some(match &schema["maximum"] {
            Value::Null => "a whole number".into(),
            most => format!("a whole number from 0 to {most}"),
        }),
        "string" if whole => Some("a greater one in quotes".into()),
        "string" => Some("a text".into()),
        "array" => match schema["minItems"].as_u64() {
            Some(length) => Some(format!("a list of {length}")),
            None => Some("a list".into()),
        },
        _ => Some("an object".into()),
    });
    words.collect()
}

/// Returns what is wrong with a value that is of the right type.
fn implausible(name: &str, value: &Value) -> Option<String> {
    let is_share = name == "share" || name.ends_with("_share") || name.ends_with("_interval");
    let (is_right, what) = match value {
        Value::Number(share) if is_share => (
            share
                .as_f64()
                .is_some_and(|share| (-1e-9..=1.0 + 1e-9).contains(&share)),
            "a share from 0 to 1",
        ),
        Value::String(text) => match name {
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
        _ => return None,
    };
    (!is_right).then(|| format!("{value} is not {what}"))
}
