//! Where results go: standard output, or a file that appears whole or not at all.

use std::fmt::Display;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::files::{STDOUT, is_shared, open_to_write};
use super::watch::Watched;
use super::whole::{Whole, folder};
use crate::cli::escaped;
use crate::error::Error;
use crate::platform::stdout_was_closed;

/// An open destination, opened before the work starts so that a bad path costs no work.
#[derive(Debug)]
pub(super) enum Sink {
    /// Standard output.
    Stdout,
    /// A file that is written as it is: a device, a pipe, or lines that are of use one by one.
    Direct(Place, File),
    /// A file that is put in its place when it is whole.
    Whole(Place, Whole),
}

/// The path of a file, and the advice for the user if it cannot be written to.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    way_out: &'static str,
}

impl Sink {
    /// Opens standard output, which may have been closed from the start.
    pub(super) fn stdout() -> Result<Self, Error> {
        if stdout_was_closed() {
            return Err(unwritable("it is closed"));
        }
        Ok(Self::Stdout)
    }

    /// Opens a file, which appears whole unless it is written line by line. An error ends with
    /// `way_out`.
    pub(super) fn open_file(
        way_out: &'static str,
        path: &Path,
        line_by_line: bool,
    ) -> Result<Self, Error> {
        if path == Path::new("-") {
            return Self::stdout();
        }
        let named = |path: &Path| Place {
            path: path.into(),
            way_out,
        };
        let refuse = |error: io::Error| named(path).refusal(&error);
        let target = follow(path).map_err(refuse)?;
        let there = fs::metadata(&target).ok();
        let device = there.as_ref().is_some_and(|there| !there.is_file());
        // The file is open in another process too, which goes on writing to it.
        let shared = !device && is_shared(path);
        if device || shared || line_by_line {
            let mut options = OpenOptions::new();
            options
                .append(shared)
                .write(true)
                .create(!shared)
                .truncate(!shared);
            let file = open_to_write(&mut options, if shared { path } else { &target });
            let file = file.map_err(refuse)?;
            return Ok(Self::Direct(named(path), file));
        }
        if there.is_some() {
            // A file that is not writable must not be replaced either.
            OpenOptions::new()
                .append(true)
                .open(&target)
                .map_err(refuse)?;
        }
        // Its error says more clearly that a folder is missing.
        fs::metadata(folder(&target)).map_err(refuse)?;
        let whole = Whole::create(target.clone()).map_err(refuse)?;
        Ok(Self::Whole(named(&target), whole))
    }

    /// Writes the rest, and puts the file in its place.
    pub(super) fn finish(mut self, text: &str) -> Result<(), Error> {
        let written = self.write_all(text.as_bytes()).and_then(|()| self.flush());
        self.settle(written)
    }

    /// Ends with the result of the last writing.
    pub(super) fn settle(self, written: io::Result<()>) -> Result<(), Error> {
        match (self, written) {
            (Self::Whole(place, whole), Ok(())) => {
                whole.finish().map_err(|error| place.refusal(&error))
            }
            (_, Ok(())) => Ok(()),
            // The reader of the pipe has closed it.
            (Self::Stdout | Self::Direct(..), Err(error))
                if error.kind() == ErrorKind::BrokenPipe =>
            {
                Ok(())
            }
            (Self::Stdout, Err(error)) => Err(unwritable(error)),
            (Self::Direct(place, _) | Self::Whole(place, _), Err(error)) => {
                Err(place.refusal(&error))
            }
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout => Watched(io::stdout()).write(bytes),
            Self::Direct(_, file) => Watched(file).write(bytes),
            Self::Whole(_, whole) => Watched(&mut whole.file).write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout => Watched(io::stdout()).flush(),
            Self::Direct(_, file) => Watched(file).flush(),
            Self::Whole(_, whole) => whole.file.flush(),
        }
    }
}

/// Returns the file that a path leads to, which need not exist: links are followed, so that their
/// target is replaced and not the link.
fn follow(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        found => return found,
    }
    // No such file, or a dangling link, or a pipe that has no path.
    if fs::metadata(path).is_ok() {
        return Ok(path.into());
    }
    if let Ok(next) = fs::read_link(path) {
        return follow(&folder(path).join(next));
    }
    let slash = path.as_os_str().as_encoded_bytes().ends_with(b"/");
    if slash || path.file_name().is_none() {
        return Err(ErrorKind::IsADirectory.into());
    }
    Ok(path.into())
}

/// Returns whether two destinations are the same: the same file by another path, or standard output
/// by one of its names. `/dev/null` is never the same.
pub(super) fn same(one: &Path, other: &Path) -> bool {
    let [one, other] = [one, other].map(|path| {
        let standard = path == Path::new("-");
        if standard { Path::new(STDOUT) } else { path }
    });
    let targets = [one, other].map(|path| follow(path).unwrap_or_else(|_| path.into()));
    if targets[0] == Path::new("/dev/null") {
        return false;
    }
    // A file that does not exist yet is compared by its name in its folder.
    let named = |path: &Path| {
        let folder = fs::canonicalize(folder(path)).ok()?;
        Some(folder.join(path.file_name()?))
    };
    let [one, other] = &targets;
    one == other
        || is_same_file(one, other)
        || named(one).is_some_and(|one| named(other) == Some(one))
}

/// Refuses two flags that name the same file, of which one would be lost; a terminal or a device may be
/// both.
pub(super) fn refuse_same(
    (flag, path): (&str, Option<&Path>),
    (other_flag, other): (&str, Option<&Path>),
) -> Result<(), Error> {
    let is_file = |path: &Path| fs::metadata(path).is_ok_and(|there| there.is_file());
    match path.zip(other) {
        Some((path, other)) if is_file(path) && same(path, other) => Err(Error::Usage(format!(
            "{flag} and {other_flag} name the same file; name two"
        ))),
        _ => Ok(()),
    }
}

/// Returns whether two paths lead to the same file, pipe or terminal.
#[cfg(unix)]
fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path| {
        let there = fs::metadata(path).ok()?;
        Some((there.dev(), there.ino()))
    };
    identity(one).is_some_and(|one| identity(other) == Some(one))
}

#[cfg(not(unix))]
fn is_same_file(_one: &Path, _other: &Path) -> bool {
    false
}

fn unwritable(why: impl Display) -> Error {
    Error::Machine(format!("cannot write to standard output: {why}"))
}

/// Returns the error for an unusable file that a flag has named.
pub(super) fn unusable(flag: &str, path: &Path, error: &io::Error) -> Error {
    Error::Machine(format!(
        "cannot use '{}' ({error}); name another file with {flag}",
        escaped(&path.to_string_lossy())
    ))
}

impl Place {
    fn refusal(&self, error: &io::Error) -> Error {
        Error::Machine(format!(
            "cannot write to '{}' ({error}); {}",
            escaped(&self.path.to_string_lossy()),
            self.way_out
        ))
    }
}
