//! Output that is saved: that of the first run of each outcome.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::error::Error;

/// Output that is not larger is held in memory until it is known whether it is saved.
const IN_MEMORY: usize = 64 << 10;

/// The folder in which output is saved.
#[derive(Debug)]
pub(super) struct Keep {
    folder: PathBuf,
}

impl Keep {
    /// Makes the folder. One that has files in it is refused: those would be taken for outcomes.
    pub(super) fn create(folder: &Path) -> Result<Self, Error> {
        let keep = Self {
            folder: folder.into(),
        };
        let is_empty = fs::create_dir_all(folder)
            .and_then(|()| fs::read_dir(folder))
            .map(|mut entries| entries.next().is_none());
        match is_empty {
            Ok(true) => Ok(keep),
            Ok(false) => Err(keep.refusal("it is not empty")),
            Err(error) => Err(keep.refusal(&error.to_string())),
        }
    }

    /// Returns the error for a folder that cannot be used.
    pub(super) fn refusal(&self, why: &str) -> Error {
        let folder = self.folder.display().to_string();
        Error::Machine(format!(
            "cannot save output in '{}' ({why}); name another folder with --keep",
            folder.escape_debug()
        ))
    }

    /// Returns a place for the output of a run.
    pub(super) fn spool(&self) -> Spool {
        Spool {
            folder: self.folder.clone(),
            memory: Vec::new(),
            file: None,
        }
    }
}

/// The output of a run, in memory or in a file that goes away unless it is saved.
#[derive(Debug)]
pub(super) struct Spool {
    folder: PathBuf,
    memory: Vec<u8>,
    file: Option<NamedTempFile>,
}

impl Spool {
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(file) = &mut self.file {
            return file.write_all(bytes);
        }
        self.memory.extend_from_slice(bytes);
        if self.memory.len() > IN_MEMORY {
            // As readable as any other file that the user makes.
            let permissions = Permissions::from_mode(0o666);
            let mut file = Builder::new()
                .permissions(permissions)
                .tempfile_in(&self.folder)?;
            file.write_all(&std::mem::take(&mut self.memory))?;
            self.file = Some(file);
        }
        Ok(())
    }

    /// Saves the output under this name.
    pub(super) fn save(self, name: &str) -> io::Result<()> {
        let path = self.folder.join(name);
        match self.file {
            None => File::create(path)?.write_all(&self.memory),
            Some(file) => file.persist(path).map(drop).map_err(|error| error.error),
        }
    }
}
