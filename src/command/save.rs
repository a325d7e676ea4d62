//! The file in which a teacher collects the predictions of a class.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::tour::unusable;
use crate::error::Error;
use crate::report::{Report, Table, Tour};

/// A file to append to, opened before the tour begins so that a bad path costs no work.
#[derive(Debug)]
pub(super) struct Saved {
    path: PathBuf,
    file: File,
}

impl Saved {
    /// Opens the file, or makes it.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let file = OpenOptions::new().append(true).create(true).open(path);
        let file = file.map_err(|error| unusable("--save", path, &error))?;
        Ok(Self {
            path: path.into(),
            file,
        })
    }

    /// Appends a row for each chapter, with the time at which the tour ended; a heading first where
    /// the file is empty.
    pub(super) fn append(mut self, tour: &Tour) -> Result<(), Error> {
        let ended = humantime::format_rfc3339_micros(SystemTime::now()).to_string();
        let mut table = tour.table();
        table.heading.insert(0, "ended");
        for row in &mut table.rows {
            row.insert(0, ended.clone());
        }
        self.write(&table)
            .map_err(|error| unusable("--save", &self.path, &error))
    }

    fn write(&mut self, table: &Table) -> io::Result<()> {
        // Others may append at the same time: whole goes, one after the other. What cannot be
        // locked, such as a device, is written to all the same.
        let locked = self.file.lock().is_ok();
        let csv = table.csv();
        let rows = if self.file.metadata()?.len() == 0 {
            csv.as_str()
        } else {
            csv.split_once('\n').map_or("", |(_, rows)| rows)
        };
        let written = self.file.write_all(rows.as_bytes());
        if locked {
            self.file.unlock()?;
        }
        written
    }
}
