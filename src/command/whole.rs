//! A file that appears whole or not at all. It has no name before, where the system has such files:
//! nothing is left of it, unless the program is killed in the moment in which it gets its name.

use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// A file without a name, to be put in the place of another when it is whole.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) file: File,
    place: PathBuf,
}

impl Whole {
    /// Returns a file for this place, in its folder.
    pub(super) fn create(place: PathBuf) -> io::Result<Self> {
        let file = unnamed(folder(&place))?;
        Ok(Self { file, place })
    }

    /// Puts the file in its place, with the permissions of one that was there.
    pub(super) fn finish(self) -> io::Result<()> {
        let kept = fs::metadata(&self.place).ok();
        let kept = kept.map(|there| there.permissions());
        // Before it has a name, so that no other user can look into it even for a moment.
        if let Some(kept) = &kept {
            self.file.set_permissions(kept.clone())?;
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".miscount-");
        let name = |path: &Path| name(&self.file, path, kept.as_ref());
        // Only a name that was free can be given; what is in the place is replaced at one stroke.
        let named = builder.make_in(folder(&self.place), name)?;
        let named = named.into_temp_path();
        named.persist(&self.place).map_err(|refused| refused.error)
    }
}

/// Returns the folder that a file is in.
pub(super) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn unnamed(folder: &Path) -> io::Result<File> {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::TMPFILE.bits().cast_signed();
        let mut options = File::options();
        options.read(true).write(true).custom_flags(flags);
        match options.open(folder) {
            Ok(file) => return Ok(file),
            Err(error) if is_too_many(&error) => return Err(error),
            // Not every file system can do that.
            Err(_) => {}
        }
    }
    // The name that it may have for a moment is of no interest.
    tempfile::tempfile_in(folder).map_err(|error| match error.kind() {
        ErrorKind::NotFound => io::Error::other("no file can be made in its folder"),
        kind => kind.into(),
    })
}

/// Returns whether there are more open files than may be.
#[cfg(target_os = "linux")]
fn is_too_many(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let limits = [Errno::MFILE, Errno::NFILE].map(Errno::raw_os_error);
    error
        .raw_os_error()
        .is_some_and(|raw| limits.contains(&raw))
}

/// Adds a name to the file, or, where the system does not let that be done, what is in it.
fn name(file: &File, path: &Path, permissions: Option<&Permissions>) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{AtFlags, CWD, linkat};
        use std::os::fd::AsRawFd;
        let open = format!("/proc/self/fd/{}", file.as_raw_fd());
        if linkat(CWD, open, CWD, path, AtFlags::SYMLINK_FOLLOW).is_ok() {
            return Ok(());
        }
    }
    copy(file, path, permissions)
}

/// With these permissions, or those of any new file.
fn copy(mut from: &File, path: &Path, permissions: Option<&Permissions>) -> io::Result<()> {
    let mut new = File::options();
    new.write(true).create_new(true);
    #[cfg(unix)]
    if permissions.is_some() {
        std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
    }
    let mut to = new.open(path)?;
    let copied = permissions
        .map_or(Ok(()), |kept| to.set_permissions(kept.clone()))
        .and_then(|()| from.seek(SeekFrom::Start(0)))
        .and_then(|_| io::copy(&mut from, &mut to));
    if copied.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(path);
    }
    copied.map(drop)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap();
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name();
        names
            .map(|entry| name(entry).into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_file_has_no_name_before_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("out");
        let mut whole = Whole::create(place.clone()).unwrap();
        whole.file.write_all(b"one").unwrap();
        assert_eq!(names(folder.path()), [""; 0]);
        whole.finish().unwrap();
        assert_eq!(fs::read(&place).unwrap(), b"one");
        let left = Whole::create(place.clone()).unwrap();
        drop(left);
        assert_eq!(names(folder.path()), ["out"]);
        assert_eq!(fs::read(&place).unwrap(), b"one");
    }

    #[test]
    fn what_cannot_be_named_is_copied_but_not_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = unnamed(folder.path()).unwrap();
        file.write_all(b"one").unwrap();
        let path = folder.path().join("out");
        copy(&file, &path, None).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one");
        let refused = copy(&file, &path, None).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
    }
}
