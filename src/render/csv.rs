//! A record as CSV: its JSON lines laid flat.

use std::io::{self, Write};

use serde_json::Value;

use crate::record::Record;

/// Writes a heading, and a row for each line of the record that has the first of its columns.
/// Columns that a line lacks are taken from the summary; unknown values are empty.
///
/// # Errors
///
/// Those of the writer.
pub fn rows(record: &impl Record, to: &mut dyn Write) -> io::Result<()> {
    let columns = record.columns();
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(heading(columns)).map_err(as_written)?;
    let summary = record.summary().map(serde_json::to_value).transpose()?;
    let mut write = |line: &Value| match row(columns, line, summary.as_ref()) {
        Some(cells) => writer.write_record(cells).map_err(as_written),
        None => Ok(()),
    };
    for item in record.items() {
        write(&serde_json::to_value(item)?)?;
    }
    if let Some(summary) = &summary {
        write(summary)?;
    }
    writer.flush()
}

/// Writes one row.
///
/// # Errors
///
/// Those of the writer.
pub(super) fn line(cells: &[String], to: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(cells).map_err(as_written)?;
    writer.flush()
}

/// Returns what stands above the columns.
pub(super) fn heading(columns: &str) -> Vec<String> {
    columns
        .split(',')
        .map(|path| path.replace('.', "_"))
        .collect()
}

/// Returns the cells of a line, unless it lacks the first column. What else it lacks is taken from
/// what all rows share.
pub(super) fn row(columns: &str, line: &Value, shared: Option<&Value>) -> Option<Vec<String>> {
    let paths = columns.split(',');
    at(line, paths.clone().next()?)?;
    let cells = paths.map(|path| {
        at(line, path)
            .or_else(|| at(shared?, path))
            .map_or_else(String::new, cell)
    });
    Some(cells.collect())
}

/// Returns the value at the end of a path, as in `read_from.thread`.
fn at<'a>(line: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .try_fold(line, |value, name| value.get(name))
}

/// Returns a value as a cell. Items of a list stand behind each other, as do the fields of an
/// object.
fn cell(value: &Value) -> String {
    let joined = |cells: &mut dyn Iterator<Item = String>, between: &str| {
        cells.collect::<Vec<_>>().join(between)
    };
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(items) => joined(&mut items.iter().map(cell), "; "),
        Value::Object(fields) => joined(&mut fields.values().map(cell), " "),
    }
}

/// What went wrong in writing rows, as it was: its kind tells a reader that has left.
fn as_written(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::HasSchema;

    /// A record with two items, of which the second is of another kind.
    #[derive(serde::Serialize)]
    struct Example;

    impl HasSchema for Example {
        const SCHEMA: &'static str = "example/1";
    }

    impl Record for Example {
        type Line<'a> = Value;

        fn columns(&self) -> &'static str {
            "run,name,spread.min,waits"
        }

        fn items(&self) -> impl Iterator<Item = Value> {
            let waits =
                serde_json::json!([{"thread": "A", "for": "q"}, {"thread": "B", "for": "r"}]);
            let run = serde_json::json!({"run": 1, "spread": {"min": 2, "max": 3}, "waits": waits});
            [
                run,
                serde_json::json!({"gap": 5}),
                serde_json::json!({"run": 2, "name": "b,c"}),
            ]
            .into_iter()
        }

        fn summary(&self) -> Option<Value> {
            Some(serde_json::json!({"name": "a", "waits": null}))
        }
    }

    #[test]
    fn lines_are_laid_flat() {
        let mut text = Vec::new();
        rows(&Example, &mut text).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "run,name,spread_min,waits\n1,a,2,A q; B r\n2,\"b,c\",,\n"
        );
    }
}
