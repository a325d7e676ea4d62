//! The file with the scores of the puzzles, in the platform's data folder.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};

use super::files::{self, open_to_write, read_file};
use super::whole::{Whole, folder};
use crate::game::puzzle::{self, MOST_STARS, Score, Scores};

const SCHEMA: &str = "miscount.puzzles/1";

/// The most bytes that are read.
const MOST_BYTES: u64 = 1 << 20;

/// The content of the file.
#[derive(Serialize, Deserialize)]
struct Document {
    schema: String,
    solved: BTreeMap<String, ScoreEntry>,
}

#[derive(Serialize, Deserialize)]
struct ScoreEntry {
    stars: u8,
    switches: u64,
}

/// Why the scores are not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgressError {
    /// The platform names no data folder.
    NoFolder,
    /// The file has an unknown content.
    Damaged(PathBuf),
    /// The file cannot be read or written.
    Refused(PathBuf, String),
}

impl fmt::Display for ProgressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFolder => f.write_str("progress is not saved: no data folder found; set HOME"),
            Self::Damaged(path) => write!(
                f,
                "progress is not saved: {} is damaged; 'miscount step --reset' starts over",
                path.display()
            ),
            Self::Refused(path, reason) => write!(
                f,
                "progress is not saved: cannot use {} ({reason}); set XDG_DATA_HOME to another \
                 folder",
                path.display()
            ),
        }
    }
}

/// The scores, and the file that keeps them.
#[derive(Clone, Debug, Default)]
pub struct ProgressFile {
    /// The scores so far.
    pub scores: Scores,
    path: Option<PathBuf>,
}

impl ProgressFile {
    /// Returns the path of the file in the platform's data folder: `XDG_DATA_HOME` if it is set.
    pub fn place() -> Option<PathBuf> {
        let folders = etcetera::choose_base_strategy().ok()?;
        Some(folders.data_dir().join("miscount").join("puzzles.json"))
    }

    /// Reads the file. If that fails, returns no scores and the reason, and never writes the file.
    pub fn open(path: Option<PathBuf>) -> (Self, Option<ProgressError>) {
        let Some(path) = path else {
            return (Self::default(), Some(ProgressError::NoFolder));
        };
        match read(&path) {
            Ok(scores) => {
                let path = Some(path);
                (Self { scores, path }, None)
            }
            Err(error) => (Self::default(), Some(error)),
        }
    }

    /// Records a score and writes the file.
    ///
    /// # Errors
    /// When the file cannot be written; the score is kept in memory nonetheless.
    pub fn record(&mut self, name: &str, score: Score) -> Result<(), ProgressError> {
        self.scores.record(name, score);
        // After an error the path is gone, so that the error is reported once and not after every
        // puzzle.
        let Some(path) = self.path.take() else {
            return Ok(());
        };
        let refused = |error: io::Error| ProgressError::Refused(path.clone(), reason(&error));
        let lock = lock(&path).map_err(refused)?;
        // Another session may have written meanwhile.
        let mut all = read(&path)?;
        all.record(name, score);
        write(&path, &all).map_err(refused)?;
        drop(lock);
        for (name, score) in all.iter() {
            self.scores.record(name, score);
        }
        self.path = Some(path);
        Ok(())
    }

    /// Removes the file, damaged or not.
    ///
    /// # Errors
    /// When the file exists and cannot be removed.
    pub fn reset(path: Option<PathBuf>) -> Result<(), ProgressError> {
        let path = path.ok_or(ProgressError::NoFolder)?;
        // Without a writable folder there is no other session to lock out.
        let _lock = path.exists().then(|| lock(&path));
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(ProgressError::Refused(path, reason(&error)))
            }
            _ => Ok(()),
        }
    }
}

/// Keeps other sessions from writing until the lock is dropped. The lock is a separate file, because
/// every write replaces the file itself.
fn lock(path: &Path) -> io::Result<File> {
    std::fs::create_dir_all(folder(path))?;
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    let file = open_to_write(&mut options, &path.with_extension("lock"))?;
    // Some file systems have no locks; an unguarded write is better than none.
    files::lock(&file);
    Ok(file)
}

fn read(path: &Path) -> Result<Scores, ProgressError> {
    let damaged = || ProgressError::Damaged(path.into());
    let read = match std::fs::metadata(path) {
        Ok(there) if !there.is_file() => Err(io::Error::other("it is no file")),
        _ => read_file(path, MOST_BYTES),
    };
    let text = match read {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Scores::default()),
        Err(error) if error.kind() == ErrorKind::InvalidData => return Err(damaged()),
        Err(error) => return Err(ProgressError::Refused(path.into(), reason(&error))),
    };
    let document: Document = serde_json::from_str(&text).map_err(|_| damaged())?;
    if document.schema != SCHEMA {
        return Err(damaged());
    }
    let mut scores = Scores::default();
    for (name, ScoreEntry { stars, switches }) in document.solved {
        if !(1..=MOST_STARS).contains(&stars) {
            return Err(damaged());
        }
        scores.record(puzzle::current(&name), Score { stars, switches });
    }
    Ok(scores)
}

/// Writes the file as a whole or not at all.
fn write(path: &Path, scores: &Scores) -> io::Result<()> {
    let entry = |(name, score): (&str, Score)| {
        let Score { stars, switches } = score;
        (name.to_owned(), ScoreEntry { stars, switches })
    };
    let document = Document {
        schema: SCHEMA.to_owned(),
        solved: scores.iter().map(entry).collect(),
    };
    let mut whole = Whole::create(path.into())?;
    writeln!(whole.file, "{}", serde_json::to_string_pretty(&document)?)?;
    whole.finish()
}

/// Returns the system's message without the error number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string().to_lowercase();
    text.split(" (os error").next().unwrap_or_default().into()
}
