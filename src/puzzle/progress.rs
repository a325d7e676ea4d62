//! What has been solved so far, kept in a file in the platform's data folder.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};

use super::ALL;

const SCHEMA: &str = "miscount.puzzles/1";

/// How well a puzzle was solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Solved {
    /// One to three.
    pub stars: u8,
    /// The switches it took.
    pub switches: u64,
}

impl Solved {
    fn is_better_than(self, other: Self) -> bool {
        (self.stars, other.switches) > (other.stars, self.switches)
    }
}

/// The file as it is written.
#[derive(Serialize, Deserialize)]
struct Document {
    schema: String,
    solved: BTreeMap<String, Solved>,
}

/// Why progress is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The platform names no folder for data.
    NoFolder,
    /// The file is not what was once written.
    Damaged(PathBuf),
    /// The file cannot be read or written.
    Refused(PathBuf, String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFolder => {
                f.write_str("progress is not kept: no folder for data is known; set HOME")
            }
            Self::Damaged(path) => write!(
                f,
                "progress is not kept: {} is damaged; 'miscount step --reset' begins anew",
                path.display()
            ),
            Self::Refused(path, reason) => write!(
                f,
                "progress is not kept: {} cannot be used ({reason}); set XDG_DATA_HOME to a folder \
                 that can",
                path.display()
            ),
        }
    }
}

/// What has been solved so far.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    path: Option<PathBuf>,
    solved: BTreeMap<String, Solved>,
}

impl Progress {
    /// The file in the platform's data folder: `XDG_DATA_HOME` where it is set.
    pub fn place() -> Option<PathBuf> {
        let folders = etcetera::choose_base_strategy().ok()?;
        Some(folders.data_dir().join("miscount").join("puzzles.json"))
    }

    /// What the file tells; nothing solved, and why, where it cannot be read. Such a file is left
    /// alone.
    pub fn open(path: Option<PathBuf>) -> (Self, Option<Trouble>) {
        let Some(path) = path else {
            return (Self::default(), Some(Trouble::NoFolder));
        };
        match read(&path) {
            Ok(solved) => {
                let path = Some(path);
                (Self { path, solved }, None)
            }
            Err(trouble) => (Self::default(), Some(trouble)),
        }
    }

    /// How a puzzle was solved, if it was.
    pub fn of(&self, name: &str) -> Option<Solved> {
        self.solved.get(name).copied()
    }

    /// The stars of all puzzles together, and how many there could be.
    pub fn stars(&self) -> (usize, usize) {
        let stars = ALL.iter().filter_map(|puzzle| self.of(puzzle.name));
        (stars.map(|s| usize::from(s.stars)).sum(), 3 * ALL.len())
    }

    /// The index of the first puzzle that is not solved; else of the first that can be solved with
    /// more stars, or of the first of all.
    pub fn next(&self) -> usize {
        let stars = |name| self.of(name).map(|solved| solved.stars);
        let open = ALL.iter().position(|p| stars(p.name).is_none());
        let better = || ALL.iter().position(|p| stars(p.name) < Some(3));
        open.or_else(better).unwrap_or(0)
    }

    /// Takes note that a puzzle was solved, and keeps the better of two solutions.
    ///
    /// # Errors
    /// When it cannot be written down; it is remembered all the same until the program ends.
    pub fn note(&mut self, name: &str, solved: Solved) -> Result<(), Trouble> {
        keep(&mut self.solved, name, solved);
        let Some(path) = self.path.take() else {
            return Ok(());
        };
        let refused = |error: io::Error| Trouble::Refused(path.clone(), reason(&error));
        let lock = lock(&path).map_err(refused)?;
        // Another session may have written meanwhile.
        let mut all = read(&path)?;
        keep(&mut all, name, solved);
        write(&path, &all).map_err(refused)?;
        drop(lock);
        for (other, found) in all {
            keep(&mut self.solved, &other, found);
        }
        // Where something went wrong the path is gone: trouble is said once, not after every
        // puzzle.
        self.path = Some(path);
        Ok(())
    }

    /// Forgets everything, damaged or not.
    ///
    /// # Errors
    /// When the file is there and cannot be removed.
    pub fn reset(path: Option<PathBuf>) -> Result<(), Trouble> {
        let path = path.ok_or(Trouble::NoFolder)?;
        // Where there is no folder, or none that can be written, there is nobody to be kept out.
        let _lock = path.exists().then(|| lock(&path));
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Trouble::Refused(path, reason(&error)))
            }
            _ => Ok(()),
        }
    }
}

/// Keeps the better of two solutions.
fn keep(all: &mut BTreeMap<String, Solved>, name: &str, solved: Solved) {
    let better = |old: &Solved| solved.is_better_than(*old);
    if all.get(name).is_none_or(better) {
        all.insert(name.to_owned(), solved);
    }
}

/// Keeps other sessions from writing until it is dropped. The lock is a file of its own, because
/// the file itself is replaced with every writing.
fn lock(path: &Path) -> io::Result<File> {
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let file = File::create(path.with_extension("lock"))?;
    // There are file systems without locks; better to write unguarded there than not at all.
    let _ = file.lock();
    Ok(file)
}

fn read(path: &Path) -> Result<BTreeMap<String, Solved>, Trouble> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(Trouble::Refused(path.into(), reason(&error))),
    };
    let damaged = || Trouble::Damaged(path.into());
    let document: Document = serde_json::from_slice(&text).map_err(|_| damaged())?;
    let sound = |solved: &Solved| (1..=3).contains(&solved.stars);
    if document.schema != SCHEMA || !document.solved.values().all(sound) {
        return Err(damaged());
    }
    Ok(document.solved)
}

/// Writes the file as a whole or not at all.
fn write(path: &Path, solved: &BTreeMap<String, Solved>) -> io::Result<()> {
    let document = Document {
        schema: SCHEMA.to_owned(),
        solved: solved.clone(),
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{}", serde_json::to_string_pretty(&document)?)?;
    file.persist(path)?;
    Ok(())
}

/// The system's words, without its number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string().to_lowercase();
    text.split(" (os error").next().unwrap_or_default().into()
}
