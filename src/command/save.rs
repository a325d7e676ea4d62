//! The file in which a teacher collects the predictions of a class.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::files::{lock, open_to_write};
use super::sink::unusable;
use crate::error::Error;
use crate::record::TourRecord;
use crate::render::csv;

/// A file to append to, opened before the tour begins so that a bad path costs no work.
#[derive(Debug)]
pub(super) struct Saved {
    path: PathBuf,
    file: File,
}

impl Saved {
    /// Opens the file, or makes it.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let file = open_to_write(OpenOptions::new().append(true).create(true), path);
        let file = file.map_err(|error| unusable("--save", path, &error))?;
        Ok(Self {
            path: path.into(),
            file,
        })
    }

    /// Appends a row for each chapter, with the time at which the tour ended; a heading first where
    /// the file is empty.
    pub(super) fn append(mut self, tour: &TourRecord) -> Result<(), Error> {
        let ended = humantime::format_rfc3339_micros(SystemTime::now()).to_string();
        match self.write(tour, &ended) {
            // The reader of a pipe has had enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => written.map_err(|error| unusable("--save", &self.path, &error)),
        }
    }

    fn write(&mut self, tour: &TourRecord, ended: &str) -> io::Result<()> {
        // Others may append at the same time: whole goes, one after the other. What cannot be
        // locked, such as a device, is written to all the same.
        let locked = lock(&self.file);
        let mut rows = Vec::new();
        csv(tour, &mut rows)?;
        let rows = String::from_utf8_lossy(&rows);
        let first = ["ended"].into_iter().chain(std::iter::repeat(ended));
        let rows = first.zip(rows.lines());
        let mut csv: String = rows
            .map(|(first, row)| format!("{first},{row}\n"))
            .collect();
        if self.file.metadata()?.len() > 0 {
            csv = csv.split_once('\n').map_or("", |(_, rows)| rows).into();
            if self.lacks_line_end() {
                csv.insert(0, '\n');
            }
        }
        let written = self.file.write_all(csv.as_bytes());
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
