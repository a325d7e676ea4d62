//! The report in the format and the place that were asked for.

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};

use jiff::ZonedDateTime;

use super::play::playable;
use super::sink::Sink;
use super::watch;
use crate::cli::{OutputArgs, escaped, quoted};
use crate::error::{Error, Exit};
use crate::page::Document;
use crate::plan::When;
use crate::record::{Environment, Record};
use crate::render::Format;
use crate::term::{self, Page, Palette, Signs};

/// Opens the place of the result, before the work starts so that a bad path costs no work.
pub(super) fn open(output: &OutputArgs) -> Result<Sink, Error> {
    let Some(path) = &output.output else {
        return Sink::stdout();
    };
    // JSON lines are of use one by one.
    let line_by_line = output.format == Format::Jsonl;
    Sink::open_file("name another file with --output", path, line_by_line)
}

/// Delivers a record; people get the document that is made of it.
pub(super) fn deliver<'a>(
    record: &impl Record,
    document: impl FnOnce() -> Document<'a>,
    output: &OutputArgs,
    sink: Sink,
) -> Result<(), Error> {
    let page = page(output);
    let whole = document;
    let document = || {
        let document = whole();
        let document = if output.quiet {
            document.brief()
        } else {
            document
        };
        playable(document, output.format)
    };
    write(sink, |to| output.format.write(record, document, &page, to))
}

/// Delivers a record whose items have been written one by one, in the formats that do so.
pub(super) fn deliver_rest<'a>(
    record: &impl Record,
    document: impl FnOnce() -> Document<'a>,
    output: &OutputArgs,
    sink: Sink,
) -> Result<(), Error> {
    match output.format.streamed() {
        Some(_) => write(sink, |to| output.format.write_rest(record, to)),
        None => deliver(record, document, output, sink),
    }
}

/// Delivers lines that are a report of their own, whatever the format.
pub(super) fn deliver_text(text: &str, sink: Sink) -> Result<(), Error> {
    write(sink, |to| to.write_all(text.as_bytes()))
}

fn write(
    mut sink: Sink,
    written: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Error> {
    let written = watch::report(|| {
        let mut buffered = BufWriter::with_capacity(1 << 16, &mut sink);
        let written = written(&mut buffered).and_then(|()| buffered.flush());
        // Unwritten bytes are not to be tried again.
        let _ = buffered.into_parts();
        written
    });
    sink.settle(written)
}

/// Returns a command line as it can be typed again.
pub(super) fn typed(words: &[OsString]) -> String {
    let words = words.iter().skip(1);
    let words = words.map(|word| quoted(&word.to_string_lossy()));
    let words: Vec<_> = ["miscount".into()].into_iter().chain(words).collect();
    words.join(" ")
}

/// Notes in an environment which command has been carried out, and that this is the time.
pub(super) fn stamp(environment: &mut Environment, command: &str) {
    environment.command = Some(command.into());
    let now = ZonedDateTime::now();
    environment.date = Some(now.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string());
}

/// Prints text that is no report, such as help, to standard output.
pub(super) fn print(text: &str) -> Result<(), Error> {
    Sink::stdout()?.finish(text)
}

/// Writes text that is no report, and so has one form only, to the place that was asked for.
pub(super) fn hand_out(text: &str, output: &OutputArgs) -> Result<Exit, Error> {
    if !output.format.is_text() {
        return Err(Error::Usage(
            "--format is for reports; leave it out here".into(),
        ));
    }
    open(output)?.finish(text)?;
    Ok(Exit::Done)
}

/// Writes a line to standard error; if that fails, there is no one to tell. Whatever it repeats of the input,
/// it is one line and does nothing to the terminal.
pub(super) fn warn(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", escaped(line));
}

/// Writes lines to standard error, each as [`warn`] does.
pub(super) fn warn_lines(lines: &str) {
    lines.lines().for_each(warn);
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
        explain: output.explain,
    }
}
