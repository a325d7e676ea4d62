//! `man`: the manual, from the same command line that `--help` is made of.

use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::output;
use super::sink::Sink;
use crate::cli::{self, OutputArgs};
use crate::error::{Error, Exit};

pub(super) fn run(dir: Option<&Path>, output: &OutputArgs) -> Result<Exit, Error> {
    // Propagates the global flags to the subcommands, so that their pages have them too.
    let mut root = cli::command();
    root.build();
    let Some(dir) = dir else {
        return output::hand_out(&page(&root)?.1, output);
    };
    let pages: Result<Vec<_>, Error> = [&root]
        .into_iter()
        .chain(root.get_subcommands())
        .map(page)
        .collect();
    for (name, text) in pages? {
        let way_out = "name an existing folder with --dir";
        Sink::open_file(way_out, &dir.join(name), false)?.finish(&text)?;
    }
    Ok(Exit::Done)
}

/// Returns the name of the page's file, and the page.
fn page(command: &Command) -> Result<(String, String), Error> {
    let version = concat!("miscount ", env!("CARGO_PKG_VERSION"));
    // The usage of the help: clap's own line for the manual names flags without their values.
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").to_string();
    let man = Man::new(command.clone().override_usage(usage)).source(version);
    let mut text = Vec::new();
    // Writing to memory does not fail, but the signature says that it may.
    render(command, &man, &mut text)
        .map_err(|error| Error::Machine(format!("cannot make the manual page: {error}")))?;
    Ok((
        man.get_filename(),
        String::from_utf8_lossy(&text).into_owned(),
    ))
}

fn render(command: &Command, man: &Man, to: &mut dyn Write) -> io::Result<()> {
    man.render_title(to)?;
    man.render_name_section(to)?;
    man.render_synopsis_section(to)?;
    man.render_description_section(to)?;
    man.render_options_section(to)?;
    if command.has_subcommands() {
        subcommands(command).to_writer(to)?;
    }
    if command.get_after_long_help().is_some() || command.get_after_help().is_some() {
        man.render_extra_section(to)?;
    }
    exit_status().to_writer(to)
}

/// Returns the list of the subcommands' pages, under the headings of the help.
fn subcommands(root: &Command) -> Roff {
    let mut roff = Roff::default();
    roff.control("SH", ["COMMANDS"]);
    for (title, commands) in cli::groups(root) {
        roff.control("SS", [title]);
        for command in commands {
            let about = command.get_about().map(ToString::to_string);
            roff.control("TP", []);
            roff.text([bold(format!("miscount-{}(1)", command.get_name()))]);
            roff.text([roman(about.unwrap_or_default())]);
        }
    }
    roff
}

fn exit_status() -> Roff {
    let mut roff = Roff::default();
    roff.control("SH", ["EXIT STATUS"]);
    for exit in Exit::ALL {
        roff.control("TP", []);
        roff.text([bold(exit.number().to_string())]);
        roff.text([roman(exit.meaning())]);
    }
    roff
}
