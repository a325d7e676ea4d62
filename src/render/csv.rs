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
    let items = record.items().map(serde_json::to_value);
    for line in items.chain(summary.clone().map(Ok)) {
        if let Some(cells) = row(columns, &line?, summary.as_ref()) {
            writer.write_record(cells).map_err(as_written)?;
        }
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

/// Returns the headings of the columns.
pub(super) fn heading(columns: &str) -> Vec<String> {
    let paths = columns.split(',');
    paths.map(|path| path.replace('.', "_")).collect()
}

/// Returns the cells of a line, unless it lacks the first column. Other missing cells are taken from
/// the values that all rows share.
pub(super) fn row(columns: &str, line: &Value, shared: Option<&Value>) -> Option<Vec<String>> {
    let mut paths = columns.split(',').peekable();
    at(line, paths.peek()?)?;
    let known = |path| at(line, path).or_else(|| at(shared?, path));
    let cells = paths.map(|path| known(path).map(cell));
    Some(cells.map(Option::unwrap_or_default).collect())
}

/// Returns the value at the end of a path, as in `read_from.thread`.
fn at<'a>(line: &'a Value, path: &str) -> Option<&'a Value> {
    let mut names = path.split('.');
    names.try_fold(line, |value, name| value.get(name))
}

/// Returns a value as a cell, in which the items of a list or the fields of an object are joined.
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

/// Returns the error of the writer itself: its kind tells whether the reader has left.
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
