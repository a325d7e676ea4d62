//! What a report can be turned into: the seam between the records and the formats.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use crate::term::Page;

/// Something to report: one record, shown in any format.
///
/// Formats return what is to be written; none knows where it goes.
pub trait Report {
    /// For people: lines, each ended by a line feed.
    fn text(&self, page: &Page) -> String;

    /// The record.
    fn json(&self) -> Value;

    /// The record as text, indented.
    ///
    /// To be overridden where a record is long: its [`Value`] takes many times the room.
    fn json_text(&self) -> String {
        format!("{:#}\n", self.json())
    }

    /// The record as lines: each an object that says its `type`.
    fn lines(&self) -> Vec<Value>;

    /// The heart of the record, for CSV.
    fn table(&self) -> Table;

    /// For a page of notes.
    fn markdown(&self) -> String {
        self.table().markdown()
    }
}

/// Rows of cells under a heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub heading: Vec<&'static str>,
    /// The rows; unknown values are empty, never invented.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// As CSV, heading first.
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing to memory does not fail, and all rows are as long as the heading.
        let _ = writer.write_record(&self.heading);
        for row in &self.rows {
            let _ = writer.write_record(row);
        }
        let bytes = writer.into_inner().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// As a table of Markdown.
    pub fn markdown(&self) -> String {
        let mut table = comfy_table::Table::new();
        table
            .load_style(comfy_table::presets::ASCII_MARKDOWN)
            .set_content_arrangement(comfy_table::ContentArrangement::Disabled)
            .set_header(&self.heading);
        for row in &self.rows {
            table.add_row(row.iter().map(|cell| cell.replace('|', "\\|")));
        }
        format!("{table}\n")
    }
}

/// Numbers beyond this are written as strings: many readers of JSON keep numbers as 64-bit floats,
/// which hold whole numbers only so far.
pub(in crate::report) const EXACT: u64 = 1 << 53;

/// The record as JSON, with numbers that such readers would round as strings.
pub(in crate::report) fn json(record: &impl Serialize) -> Value {
    // Records are structures of numbers, strings and lists, whose keys are strings.
    let mut value = serde_json::to_value(record).unwrap_or(Value::Null);
    protect(&mut value);
    value
}

fn protect(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(large) = number.as_u64().filter(|&number| number > EXACT) {
                *value = Value::String(large.to_string());
            }
        }
        Value::Array(values) => values.iter_mut().for_each(protect),
        Value::Object(fields) => fields.values_mut().for_each(protect),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// The record as indented text, ended by a line feed; the same that [`json`] is when displayed.
pub(in crate::report) fn json_text(record: &impl Serialize) -> String {
    let mut text = Vec::new();
    // Writing to memory does not fail, nor does a record whose keys are strings.
    let _ = write(&mut text, record, PrettyFormatter::new());
    String::from_utf8(text).unwrap_or_default()
}

/// Writes the record as one line; the same that [`json`] is when displayed. A [`Value`] takes as long
/// again as everything else that is done for a line.
pub(in crate::report) fn write_line(
    to: &mut (impl Write + ?Sized),
    record: &impl Serialize,
) -> io::Result<()> {
    write(to, record, CompactFormatter)
}

fn write(
    to: &mut (impl Write + ?Sized),
    record: &impl Serialize,
    formatter: impl Formatter,
) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *to, Protecting(formatter));
    record.serialize(&mut serializer)?;
    to.write_all(b"\n")
}

/// Does in writing what [`protect`] does to what has been built.
struct Protecting<F>(F);

/// What is left to the formatter inside.
macro_rules! indent {
    ($($name:ident($($argument:ident: $kind:ty)?))*) => {$(
        fn $name<W: ?Sized + Write>(&mut self, to: &mut W $(, $argument: $kind)?) -> io::Result<()> {
            self.0.$name(to $(, $argument)?)
        }
    )*};
}

impl<F: Formatter> Formatter for Protecting<F> {
    indent! {
        begin_array() end_array() begin_array_value(first: bool) end_array_value()
        begin_object() end_object() begin_object_key(first: bool) begin_object_value()
        end_object_value()
    }

    fn write_u64<W: ?Sized + Write>(&mut self, to: &mut W, number: u64) -> io::Result<()> {
        if number > EXACT {
            write!(to, "\"{number}\"")
        } else {
            self.0.write_u64(to, number)
        }
    }
}

/// The record as one line of JSON lines: an object that says its type first.
pub(in crate::report) fn line(kind: &str, record: &impl Serialize) -> Value {
    let mut object = serde_json::Map::new();
    object.insert("type".into(), kind.into());
    if let Value::Object(fields) = json(record) {
        object.extend(fields);
    }
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_that_would_be_rounded_become_strings() {
        let written = json(&(
            1_u64 << 53,
            (1_u64 << 53) + 1,
            vec![u64::MAX],
            0.5,
            None::<u64>,
        ));
        assert_eq!(
            written.to_string(),
            r#"[9007199254740992,"9007199254740993",["18446744073709551615"],0.5,null]"#
        );
    }

    #[test]
    fn text_says_what_the_value_says() {
        #[derive(Serialize)]
        struct Record {
            none: Vec<u64>,
            some: Vec<(u64, Option<f64>)>,
            word: &'static str,
        }
        let record = Record {
            none: Vec::new(),
            some: vec![(EXACT, None), (EXACT + 1, Some(0.1))],
            word: "a \"word\"\n",
        };
        assert_eq!(json_text(&record), format!("{:#}\n", json(&record)));
        let mut line = Vec::new();
        write_line(&mut line, &record).unwrap();
        assert_eq!(
            String::from_utf8(line).unwrap(),
            format!("{}\n", json(&record))
        );
    }

    #[test]
    fn a_table_is_written_as_csv_and_as_markdown() {
        let table = Table {
            heading: vec!["run", "what"],
            rows: vec![
                vec!["1".into(), "a,b|c".into()],
                vec!["2".into(), String::new()],
            ],
        };
        assert_eq!(table.csv(), "run,what\n1,\"a,b|c\"\n2,\n");
        assert_eq!(
            table.markdown(),
            "| run | what   |\n|-----|--------|\n| 1   | a,b\\|c |\n| 2   |        |\n"
        );
    }
}
