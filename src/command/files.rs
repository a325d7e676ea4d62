//! Opening, locking and reading files in ways that come to an end.
//!
//! A pipe without its other end would keep the program waiting for ever, and so would a lock whose owner
//! has stopped; a device may deliver more than any memory holds.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::watch::blind;
use crate::cli::echoed;

/// How long a pipe may be without its other end, and a lock in other hands.
const PATIENCE: Duration = Duration::from_secs(5);

/// The time between two tries.
const AGAIN: Duration = Duration::from_millis(20);

/// Standard output as a file.
pub(super) const STDOUT: &str = "/dev/stdout";

/// The names of files that are open already.
const SHARED: [&str; 5] = [
    "/dev/stdin",
    STDOUT,
    "/dev/stderr",
    "/dev/fd",
    "/proc/self/fd",
];

/// Returns whether this is the name of a file that is open already.
pub(super) fn is_shared(path: &Path) -> bool {
    SHARED.iter().any(|name| path.starts_with(name))
}

/// Opens a file for writing; a pipe once it has a reader.
pub(super) fn open_to_write(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    let opened = blind("opened its output", || {
        until_given(|| match open(options, path) {
            Err(error) if has_no_reader(&error) => None,
            opened => Some(opened),
        })
    });
    let nobody = "no program reads from this pipe";
    opened.unwrap_or_else(|| Err(io::Error::new(ErrorKind::TimedOut, nobody)))
}

/// Reads a text as [`read_file`] does; `-` is standard input.
pub(super) fn read_input(path: &Path, most: u64) -> io::Result<String> {
    if path == Path::new("-") {
        read_stdin(most)
    } else {
        read_file(path, most)
    }
}

/// Returns how messages name an input.
pub(super) fn name_of(path: &Path) -> String {
    if path == Path::new("-") {
        "standard input".into()
    } else {
        format!("'{}'", echoed(&path.to_string_lossy()))
    }
}

/// Reads a text of at most `most` bytes from a file, or from a pipe once it has a writer.
pub(super) fn read_file(path: &Path, most: u64) -> io::Result<String> {
    blind("read its input", || {
        let mut file = open(File::options().read(true), path)?;
        let mut begin = [0];
        let mut first = Some(0);
        if is_pipe(&file) && !is_shared(path) {
            nonblocking(&file, true)?;
            first = until_given(|| match file.read(&mut begin) {
                // What can be read has not been written yet, but there is a writer.
                Err(error) if error.kind() == ErrorKind::WouldBlock => Some(Ok(0)),
                Ok(0) => None,
                read => Some(read),
            })
            .transpose()?;
            nonblocking(&file, false)?;
        }
        let first = first.ok_or_else(|| {
            let nobody = "no program writes to this pipe";
            io::Error::new(ErrorKind::TimedOut, nobody)
        })?;
        read_all(begin[..first].chain(file), most)
    })
}

/// Reads a text of at most `most` bytes from standard input.
pub(super) fn read_stdin(most: u64) -> io::Result<String> {
    blind("read its input", || read_all(io::stdin().lock(), most))
}

fn read_all(from: impl Read, most: u64) -> io::Result<String> {
    let mut text = String::new();
    let read = from.take(most + 1).read_to_string(&mut text);
    // Where the limit cuts a letter in two, there is too much too.
    if text.len() as u64 > most {
        let limit = format!("it has more than {} MiB", most >> 20);
        return Err(io::Error::new(ErrorKind::FileTooLarge, limit));
    }
    read.map(|_| text)
}

/// Locks a file, unless its file system has no locks or another program does not give it back.
pub(super) fn lock(file: &File) -> bool {
    let locked = blind("locked a file", || {
        until_given(|| match file.try_lock() {
            Err(std::fs::TryLockError::WouldBlock) => None,
            locked => Some(locked.is_ok()),
        })
    });
    locked.unwrap_or(false)
}

/// Tries until something is given, or there is no more patience.
fn until_given<T>(mut give: impl FnMut() -> Option<T>) -> Option<T> {
    let began = Instant::now();
    loop {
        let given = give();
        if given.is_some() || began.elapsed() >= PATIENCE {
            return given;
        }
        thread::sleep(AGAIN);
    }
}

/// Opens a file without waiting for the other end of a pipe.
#[cfg(unix)]
fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let file = options.custom_flags(flags).open(path)?;
    nonblocking(&file, false)?;
    Ok(file)
}

#[cfg(unix)]
fn nonblocking(file: &File, on: bool) -> io::Result<()> {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    let mut flags = fcntl_getfl(file)?;
    flags.set(OFlags::NONBLOCK, on);
    Ok(fcntl_setfl(file, flags)?)
}

#[cfg(unix)]
fn is_pipe(file: &File) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let there = file.metadata();
    there.is_ok_and(|there| there.file_type().is_fifo())
}

#[cfg(unix)]
fn has_no_reader(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error())
}

#[cfg(not(unix))]
fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    options.open(path)
}

#[cfg(not(unix))]
fn nonblocking(_file: &File, _on: bool) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn is_pipe(_file: &File) -> bool {
    false
}

#[cfg(not(unix))]
fn has_no_reader(_error: &io::Error) -> bool {
    false
}
