//! `schema`: the JSON Schemas of the records.

use super::output;
use crate::cli::{OutputArgs, echoed, nearest};
use crate::error::{Error, Exit};
use crate::record::SCHEMAS;

pub(super) fn run(record: Option<&str>, output: &OutputArgs) -> Result<Exit, Error> {
    let text = match record {
        None => SCHEMAS
            .iter()
            .map(|(name, _)| format!("{name}\n"))
            .collect(),
        Some(record) => schema(record)?,
    };
    output::hand_out(&text, output)
}

fn schema(record: &str) -> Result<String, Error> {
    if let Some((_, schema)) = SCHEMAS.iter().find(|(name, _)| *name == record) {
        return Ok(format!("{:#}\n", schema().as_value()));
    }
    let near = nearest(record, SCHEMAS.iter().map(|(name, _)| *name));
    let near = near.map_or_else(String::new, |name| {
        format!("; a similar record exists: '{name}'")
    });
    Err(Error::Usage(format!(
        "no record '{}'{near}; 'miscount schema' lists them",
        echoed(record)
    )))
}
