//! What the documents name is there: crates, exit codes, commands, links.

use std::fs;

use super::{below_root, blocks, documents, words};

#[test]
fn every_crate_that_is_used_has_its_reason() {
    let manifest = fs::read_to_string(below_root("Cargo.toml")).unwrap();
    let (_, sections) = manifest.split_once("\n[dependencies]").unwrap();
    let (used, _) = sections.split_once("\n[workspace]").unwrap();
    let reasons = fs::read_to_string(below_root("docs/architecture.md")).unwrap();
    let (_, reasons) = reasons.split_once("\n## Crates").unwrap();
    let named: Vec<_> = reasons
        .lines()
        .filter_map(|row| row.strip_prefix("| ")?.split(" | ").next())
        .flat_map(|names| names.split([',', ' ']))
        .collect();
    let mut crates: Vec<_> = used
        .lines()
        .filter(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name)
        .collect();
    assert!(crates.len() > 30, "{crates:?}");
    crates.retain(|name| !named.contains(name));
    assert!(
        crates.is_empty(),
        "docs/architecture.md does not say why there is {crates:?}"
    );
}

#[test]
fn every_exit_code_is_documented() {
    use miscount::error::Exit;
    let text = fs::read_to_string(below_root("docs/formats.md")).unwrap();
    for exit in [
        Exit::Done,
        Exit::Unexpected,
        Exit::Usage,
        Exit::Machine,
        Exit::Incomplete,
        Exit::TimedOut,
        Exit::Interrupted,
    ] {
        let row = format!("\n| {} | ", exit.number());
        assert!(text.contains(&row), "{exit:?} is not in docs/formats.md");
    }
}

/// The commands that the documents name exist, with the flags they are named with.
#[test]
fn the_commands_that_the_documents_name_can_be_typed() {
    let mut commands = 0;
    for (document, text) in documents() {
        for block in blocks(&text, "sh") {
            for line in block.lines().filter(|line| line.starts_with("miscount ")) {
                let line = line.split('#').next().unwrap();
                let line = line.split(['|', '>', ';', '&']).next().unwrap();
                commands += 1;
                can_be_typed(&document, line);
            }
        }
    }
    assert!(commands > 5, "only {commands} commands are named");
}

/// Holds a command that somebody names to the command line.
pub(crate) fn can_be_typed(who: &str, command: &str) {
    let typed = words(command).into_iter().map(Into::into);
    if let Err(error) = miscount::cli::parse(typed) {
        assert!(!error.use_stderr(), "{who}: {command}: {error}");
    }
}

#[test]
fn links_between_the_documents_lead_somewhere() {
    let mut links = 0;
    for (document, text) in documents() {
        let in_root = below_root(&document).exists();
        let folder = if in_root { "." } else { "docs" };
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#']).next().unwrap();
            if target.contains("://") || target.is_empty() {
                continue;
            }
            links += 1;
            assert!(
                below_root(folder).join(target).exists(),
                "{document}: {target} is not there"
            );
        }
    }
    assert!(links > 2, "only {links} links");
}

/// The files and folders that the documents name exist. A name in capitals stands for any.
#[test]
fn the_places_that_the_documents_name_exist() {
    let mut places = 0;
    for (document, text) in documents() {
        for name in text.split('`').skip(1).step_by(2) {
            let in_root = ["src/", "tests/", "docs/", "benches/"];
            let stands_for_any = name.contains("NAME");
            if stands_for_any || !in_root.iter().any(|folder| name.starts_with(folder)) {
                continue;
            }
            places += 1;
            assert!(below_root(name).exists(), "{document}: {name} is not there");
        }
    }
    assert!(places > 40, "only {places} places are named");
}
