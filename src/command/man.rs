//! `man`: the manual, from the same command line that `--help` is made of.

use std::fs;
use std::path::Path;

use clap::Command;
use clap_mangen::Man;

use super::output;
use crate::cli::{self, Output};
use crate::error::{Error, Exit};

pub(super) fn run(dir: Option<&Path>, output: &Output) -> Result<Exit, Error> {
    // Settles what subcommands inherit, so that their pages have it too.
    let mut root = cli::command();
    root.build();
    let Some(dir) = dir else {
        output::hand_out(&page(&root)?.1, output)?;
        return Ok(Exit::Done);
    };
    let pages: Result<Vec<_>, Error> = [&root]
        .into_iter()
        .chain(root.get_subcommands())
        .map(page)
        .collect();
    for (name, text) in pages? {
        let path = dir.join(name);
        fs::write(&path, text).map_err(|error| {
            Error::Machine(format!(
                "cannot write to '{}' ({error}); name a folder that is there with --dir",
                path.display()
            ))
        })?;
    }
    Ok(Exit::Done)
}

/// The name of the page's file, and the page.
fn page(command: &Command) -> Result<(String, String), Error> {
    let version = concat!("miscount ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).source(version);
    let mut text = Vec::new();
    // Writing to memory does not fail, but the signature says it may.
    man.render(&mut text)
        .map_err(|error| Error::Machine(format!("cannot make the manual page: {error}")))?;
    Ok((
        man.get_filename(),
        String::from_utf8_lossy(&text).into_owned(),
    ))
}
