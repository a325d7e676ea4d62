//! Where results go: standard output, or a file that appears whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::cli::Format;
use crate::error::Error;

/// An open destination, opened before the work starts so that a bad path costs no work.
#[derive(Debug)]
pub(super) enum Sink {
    /// Standard output.
    Stdout,
    /// A file that is written as it is: a device, a pipe, or lines that are of use one by one.
    Direct(Place, File),
    /// A file beside its destination, to be put in its place when it is whole.
    Whole(Place, NamedTempFile),
}

/// Where a file is, and the flag that has named it.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    flag: &'static str,
}

impl Sink {
    /// Opens the destination.
    pub(super) fn open(path: Option<&Path>, format: Format) -> Result<Self, Error> {
        match path {
            None => Ok(Self::Stdout),
            Some(path) => Self::open_file("--output", path, format == Format::Jsonl),
        }
    }

    /// Opens the file that this flag has named, to be written whole unless it is of use line by
    /// line.
    pub(super) fn open_file(
        flag: &'static str,
        path: &Path,
        line_by_line: bool,
    ) -> Result<Self, Error> {
        let named = |path: &Path| Place {
            path: path.into(),
            flag,
        };
        let refuse = |error| named(path).refusal(&error);
        // A link is followed, so that what it points to is replaced and not the link.
        let target = match fs::canonicalize(path) {
            Ok(target) => target,
            Err(error) if error.kind() == ErrorKind::NotFound => path.to_path_buf(),
            Err(error) => return Err(refuse(error)),
        };
        let there = fs::metadata(&target).ok();
        let device = there.as_ref().is_some_and(|there| !there.is_file());
        if device || line_by_line {
            let file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .open(&target)
                .map_err(refuse)?;
            return Ok(Self::Direct(named(path), file));
        }
        if there.is_some() {
            // A file that may not be written to is not to be replaced either.
            OpenOptions::new()
                .append(true)
                .open(&target)
                .map_err(refuse)?;
        }
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".miscount-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any new file would have, less what the umask takes away; or as the old one has.
            let usual = fs::Permissions::from_mode(0o666);
            builder.permissions(there.map_or(usual, |there| there.permissions()));
        }
        let file = builder.tempfile_in(folder).map_err(refuse)?;
        Ok(Self::Whole(named(&target), file))
    }

    /// Writes the last of it, and puts the file in its place. Whether anybody was left to read it:
    /// false for a pipe that its reader has closed, which is no error.
    pub(super) fn finish(mut self, text: &str) -> Result<(), Error> {
        let written = self.write_all(text.as_bytes()).and_then(|()| self.flush());
        self.settle(written)
    }

    /// Ends with the result of the last writing.
    pub(super) fn settle(self, written: io::Result<()>) -> Result<(), Error> {
        match (self, written) {
            (Self::Whole(place, file), Ok(())) => file
                .persist(&place.path)
                .map(drop)
                .map_err(|error| place.refusal(&error.error)),
            (_, Ok(())) => Ok(()),
            // The reader of the pipe has had enough.
            (Self::Stdout, Err(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            (Self::Stdout, Err(error)) => Err(Error::Machine(format!(
                "cannot write to standard output: {error}"
            ))),
            (Self::Direct(place, _) | Self::Whole(place, _), Err(error)) => {
                Err(place.refusal(&error))
            }
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout => io::stdout().write(bytes),
            Self::Direct(_, file) => file.write(bytes),
            Self::Whole(_, file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout => io::stdout().flush(),
            Self::Direct(_, file) => file.flush(),
            Self::Whole(_, file) => file.flush(),
        }
    }
}

impl Place {
    fn refusal(&self, error: &io::Error) -> Error {
        Error::Machine(format!(
            "cannot write to '{}' ({error}); name another file with {}",
            self.path.display(),
            self.flag
        ))
    }
}
