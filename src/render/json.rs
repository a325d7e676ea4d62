//! A record as JSON: one object, or a line for each item.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use crate::record::{EXACT, Record};

/// Writes the record as one indented object, ended by a line feed.
///
/// # Errors
///
/// Those of the writer.
pub(super) fn object(record: &impl Record, to: &mut dyn Write) -> io::Result<()> {
    write(&record.whole(), Style::Indented(PrettyFormatter::new()), to)
}

/// Writes the record as JSON lines: its items, then the rest.
///
/// # Errors
///
/// Those of the writer.
pub(super) fn lines(record: &impl Record, to: &mut dyn Write) -> io::Result<()> {
    for item in record.items() {
        line(&item, to)?;
    }
    record.summary().map_or(Ok(()), |rest| line(&rest, to))
}

/// Writes a line of JSON lines.
///
/// # Errors
///
/// Those of the writer.
pub(super) fn line(line: &impl Serialize, to: &mut dyn Write) -> io::Result<()> {
    write(line, Style::Compact, to)
}

fn write(value: &impl Serialize, style: Style<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *to, style);
    value.serialize(&mut serializer)?;
    to.write_all(b"\n")
}

/// The layout of objects. Both layouts have one type, so that each record is compiled once.
///
/// Many readers of JSON keep numbers as 64-bit floats, so integers that these would round are
/// written as strings.
enum Style<'a> {
    Indented(PrettyFormatter<'a>),
    Compact,
}

/// Delegates these methods to the formatter of the style.
macro_rules! as_styled {
    ($($name:ident($($argument:ident: $kind:ty)?))*) => {$(
        fn $name<W: ?Sized + Write>(&mut self, to: &mut W $(, $argument: $kind)?) -> io::Result<()> {
            match self {
                Self::Indented(formatter) => formatter.$name(to $(, $argument)?),
                Self::Compact => CompactFormatter.$name(to $(, $argument)?),
            }
        }
    )*};
}

impl Formatter for Style<'_> {
    as_styled! {
        begin_array() end_array() begin_array_value(first: bool) end_array_value()
        begin_object() end_object() begin_object_key(first: bool) begin_object_value()
        end_object_value()
    }

    fn write_u64<W: ?Sized + Write>(&mut self, to: &mut W, number: u64) -> io::Result<()> {
        if number > EXACT {
            write!(to, "\"{number}\"")
        } else {
            CompactFormatter.write_u64(to, number)
        }
    }

    fn write_i64<W: ?Sized + Write>(&mut self, to: &mut W, number: i64) -> io::Result<()> {
        if number.unsigned_abs() > EXACT {
            write!(to, "\"{number}\"")
        } else {
            CompactFormatter.write_i64(to, number)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compact(value: &impl Serialize) -> String {
        let mut text = Vec::new();
        line(value, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn only_numbers_that_would_be_rounded_become_strings() {
        let numbers = (
            1_u64 << 53,
            (1_u64 << 53) + 1,
            vec![u64::MAX],
            -(1_i64 << 53),
            i64::MIN,
            0.5,
            None::<u64>,
        );
        assert_eq!(
            compact(&numbers),
            "[9007199254740992,\"9007199254740993\",[\"18446744073709551615\"],-9007199254740992,\"-9223372036854775808\",0.5,null]\n"
        );
    }

    #[test]
    fn both_styles_say_the_same() {
        #[derive(Serialize)]
        struct Example {
            none: Vec<u64>,
            some: Vec<(u64, Option<f64>)>,
            word: &'static str,
        }
        let example = Example {
            none: Vec::new(),
            some: vec![(1, None), (2, Some(0.1))],
            word: "a \"word\"\n",
        };
        let mut indented = Vec::new();
        write(
            &example,
            Style::Indented(PrettyFormatter::new()),
            &mut indented,
        )
        .unwrap();
        let read = |text: &[u8]| serde_json::from_slice::<serde_json::Value>(text).unwrap();
        assert_eq!(read(&indented), read(compact(&example).as_bytes()));
        assert_eq!(indented, format!("{:#}\n", read(&indented)).as_bytes());
    }
}
