//! The report in the format and the place that were asked for.

use std::io::{self, Write};

use super::sink::Sink;
use crate::cli::{Format, Output, When};
use crate::error::Error;
use crate::report::{Lines, MOST_LINES, Report};
use crate::term::{self, Page, Palette, Signs, Wanted};

/// The most runs that a JSON record lists one by one.
const MOST_LISTED: usize = 100_000;

/// How runs are written in this format: line by line as they come, or in the report, which then
/// lists at most so many.
pub(super) fn runs(format: Format) -> (Option<Lines>, usize) {
    match format {
        Format::Jsonl => (Some(Lines::Json), 0),
        Format::Csv => (Some(Lines::Csv), 0),
        Format::Json => (None, MOST_LISTED),
        Format::Text | Format::Markdown => (None, MOST_LINES),
    }
}

/// Delivers a report.
pub(super) fn deliver(report: &dyn Report, output: &Output, sink: Sink) -> Result<(), Error> {
    let text = match output.format {
        Format::Text => report.text(&page(output)),
        Format::Json => report.json_text(),
        Format::Jsonl => lines(report),
        Format::Csv => report.table().csv(),
        Format::Markdown => report.markdown(),
    };
    sink.finish(&text)
}

/// The lines of a report, as JSON lines.
pub(super) fn lines(report: &dyn Report) -> String {
    report
        .lines()
        .iter()
        .map(|line| format!("{line}\n"))
        .collect()
}

/// Prints to standard output what is no report: help, completions.
pub(super) fn print(text: &str) -> Result<(), Error> {
    Sink::Stdout.finish(text)
}

/// Writes what is no report, and so has one form only, to where it was asked for.
pub(super) fn hand_out(text: &str, output: &Output) -> Result<(), Error> {
    if output.format != Format::Text {
        return Err(Error::Usage(
            "--format is for reports; leave it out here".into(),
        ));
    }
    Sink::open(output.output.as_deref(), output.format)?.finish(text)
}

/// Writes a line to standard error; if that fails nobody is there to be told.
pub(super) fn warn(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Whether to colour.
pub(super) fn is_coloured(output: &Output) -> bool {
    match output.color {
        When::Auto => output.output.is_none() && term::takes_colours(),
        When::Always => true,
        When::Never => false,
    }
}

/// The page that was asked for, on the terminal that is there.
pub(super) fn page(output: &Output) -> Page {
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

/// Whether to show progress.
pub(super) fn progress(output: &Output) -> Wanted {
    match output.progress {
        When::Auto => Wanted::Auto,
        When::Always => Wanted::Always,
        When::Never => Wanted::Never,
    }
}
