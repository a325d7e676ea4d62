//! The file in which a teacher collects the predictions of a class.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::files::{lock, open_to_write};
use super::sink::unusable;
use crate::cli::echoed;
use crate::error::Error;
use crate::lab::allowed_cores;
use crate::record::TourRecord;
use crate::render::csv;

/// The most bytes of a heading that are read.
const MOST_HEADING: u64 = 1 << 10;

/// What stands before the columns of a tour.
const COLUMNS: [&str; 3] = ["ended", "name", "machine"];

/// A file to append to, opened before the tour begins so that a bad path costs no work.
#[derive(Debug)]
pub(super) struct Saved {
    path: PathBuf,
    file: File,
    name: String,
}

impl Saved {
    /// Opens the file, or makes it, for the predictions of the person with this name.
    ///
    /// # Errors
    ///
    /// [`Error::Machine`] if it cannot be opened, [`Error::Usage`] if it has other columns.
    pub(super) fn open(path: &Path, name: &str) -> Result<Self, Error> {
        let file = open_to_write(OpenOptions::new().append(true).create(true), path);
        let file = file.map_err(|error| unusable("--save", path, &error))?;
        let is_file = file.metadata().is_ok_and(|about| about.is_file());
        let first = File::open(path).ok().filter(|_| is_file);
        let first = first.and_then(|file| BufReader::new(file.take(MOST_HEADING)).lines().next());
        let expected = heading();
        match first {
            Some(Ok(first)) if first.trim_end() != expected => Err(Error::Usage(format!(
                "--save: '{}' has other columns than '{expected}'; name another file",
                echoed(&path.to_string_lossy())
            ))),
            _ => Ok(Self {
                path: path.into(),
                file,
                name: name.into(),
            }),
        }
    }

    /// Appends a row for each chapter, with the time at which the tour ended; a heading first where
    /// the file is empty.
    pub(super) fn append(mut self, tour: &TourRecord) -> Result<(), Error> {
        match self.write(tour) {
            // The reader of a pipe has had enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => written.map_err(|error| unusable("--save", &self.path, &error)),
        }
    }

    fn write(&mut self, tour: &TourRecord) -> io::Result<()> {
        // Others may append at the same time: whole goes, one after the other. What cannot be
        // locked, such as a device, is written to all the same.
        let locked = lock(&self.file);
        let ended = humantime::format_rfc3339_micros(SystemTime::now()).to_string();
        let before = row(&[&ended, &self.name, &machine()])?;
        let mut rows = Vec::new();
        csv(tour, &mut rows)?;
        let rows = String::from_utf8_lossy(&rows);
        let rows = rows.lines().skip(1).map(|row| format!("{before},{row}\n"));
        let mut rows: String = rows.collect();
        if self.file.metadata()?.len() == 0 {
            rows.insert_str(0, &(heading() + "\n"));
        } else if self.lacks_line_end() {
            rows.insert(0, '\n');
        }
        let written = self.file.write_all(rows.as_bytes());
        if locked {
            self.file.unlock()?;
        }
        written
    }

    /// Returns whether the last row lacks its line feed, as some editors leave it. A file that cannot
    /// be read counts as complete.
    fn lacks_line_end(&self) -> bool {
        let last = || -> io::Result<u8> {
            let mut file = File::open(&self.path)?;
            file.seek(SeekFrom::End(-1))?;
            let mut last = [0];
            file.read_exact(&mut last)?;
            Ok(last[0])
        };
        last().is_ok_and(|last| last != b'\n')
    }
}

/// Returns the heading of the file.
fn heading() -> String {
    format!("{},{}", COLUMNS.join(","), TourRecord::COLUMNS)
}

/// Returns cells as a row, without its line feed.
fn row(cells: &[&str]) -> io::Result<String> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(cells)?;
    let row = writer
        .into_inner()
        .map_err(::csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&row).trim_end().into())
}

/// Returns the machine on which the answers were measured.
fn machine() -> String {
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    match allowed_cores().len() {
        0 => format!("{os} {arch}"),
        1 => format!("{os} {arch}, 1 core"),
        cores => format!("{os} {arch}, {cores} cores"),
    }
}
