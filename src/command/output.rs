//! The report in the format and the place that were asked for: the only place that looks at
//! `--format`.

use std::io::{self, BufWriter, Write};

use super::sink::Sink;
use crate::cli::{Format, OutputArgs};
use crate::error::Error;
use crate::plan::When;
use crate::report::{Lines, MOST_LINES, Report, TraceReport, trace_text};
use crate::term::{self, Page, Palette, Signs};

/// The most runs that a JSON record lists one by one.
const MOST_LISTED: usize = 100_000;

impl Format {
    /// Returns whether it is the text that a person reads at the terminal.
    pub(super) fn is_text(self) -> bool {
        self == Self::Text
    }

    /// Returns how runs are written line by line as they come, in the formats that do so.
    pub(super) fn streamed(self) -> Option<Lines> {
        match self {
            Self::Jsonl => Some(Lines::Json),
            Self::Csv => Some(Lines::Csv),
            Self::Text | Self::Json | Self::Markdown => None,
        }
    }

    /// Returns the most runs that the report lists one by one.
    pub(super) fn most_listed(self) -> usize {
        match self {
            Self::Jsonl | Self::Csv => 0,
            Self::Json => MOST_LISTED,
            Self::Text | Self::Markdown => MOST_LINES,
        }
    }

    /// Returns whether there is more to write after runs that were written as they came: CSV has no
    /// place for it.
    pub(super) fn has_summary(self) -> bool {
        self != Self::Csv
    }
}

/// Opens the place of the result, before the work starts so that a bad path costs no work.
pub(super) fn open(output: &OutputArgs) -> Result<Sink, Error> {
    let Some(path) = &output.output else {
        return Ok(Sink::Stdout);
    };
    // JSON lines are of use one by one.
    let line_by_line = output.format == Format::Jsonl;
    Sink::open_file("name another file with --output", path, line_by_line)
}

/// Delivers a report.
pub(super) fn deliver(report: &dyn Report, output: &OutputArgs, sink: Sink) -> Result<(), Error> {
    let text = match output.format {
        Format::Text => report.text(&page(output)),
        Format::Json => report.json_text(),
        Format::Jsonl => lines(report),
        Format::Csv => report.table().csv(),
        Format::Markdown => report.markdown(),
    };
    sink.finish(&text)
}

/// Delivers the part of a report that is left when runs have been written as they came.
pub(super) fn deliver_rest(
    report: &dyn Report,
    output: &OutputArgs,
    sink: Sink,
) -> Result<(), Error> {
    if output.format.has_summary() {
        deliver(report, output, sink)
    } else {
        sink.finish("")
    }
}

/// Delivers a trace, increment by increment, of which there may be millions.
pub(super) fn deliver_trace(
    report: &TraceReport<'_>,
    output: &OutputArgs,
    mut sink: Sink,
) -> Result<(), Error> {
    let mut buffered = BufWriter::with_capacity(1 << 16, &mut sink);
    let written = match output.format {
        Format::Text => write!(buffered, "{}", trace_text(report, &page(output))),
        Format::Json => report.write_json(&mut buffered),
        Format::Jsonl => report.write_lines(&mut buffered),
        Format::Csv => report.write_csv(&mut buffered),
        Format::Markdown => report.write_markdown(&mut buffered),
    };
    let written = written.and_then(|()| buffered.flush());
    // Unwritten bytes are not to be tried again.
    let _ = buffered.into_parts();
    sink.settle(written)
}

/// Returns the lines of a report, as JSON lines.
fn lines(report: &dyn Report) -> String {
    report
        .lines()
        .iter()
        .map(|line| format!("{line}\n"))
        .collect()
}

/// Prints text that is no report, such as help, to standard output.
pub(super) fn print(text: &str) -> Result<(), Error> {
    Sink::Stdout.finish(text)
}

/// Writes text that is no report, and so has one form only, to the place that was asked for.
pub(super) fn hand_out(text: &str, output: &OutputArgs) -> Result<(), Error> {
    if !output.format.is_text() {
        return Err(Error::Usage(
            "--format is for reports; leave it out here".into(),
        ));
    }
    open(output)?.finish(text)
}

/// Writes a line to standard error; if that fails, there is no one to tell.
pub(super) fn warn(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Returns whether to use colours.
pub(super) fn is_coloured(output: &OutputArgs) -> bool {
    match output.color {
        When::Auto => output.output.is_none() && term::takes_colours(),
        When::Always => true,
        When::Never => false,
    }
}

/// Returns the page that was asked for, on the terminal that is there.
pub(super) fn page(output: &OutputArgs) -> Page {
    Page {
        width: term::width(),
        palette: Palette::new(is_coloured(output)),
        signs: if output.ascii {
            Signs::ASCII
        } else {
            Signs::UNICODE
        },
        quiet: output.quiet,
    }
}
