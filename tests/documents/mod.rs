//! The documents tell the truth: the program prints what they show, and its records keep to their
//! schemas.

mod named;
mod printed;
mod schemas;
mod teaching;

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use named::can_be_typed;
pub(crate) use schemas::{KEPT, strict};

fn below_root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// README.md, CONTRIBUTING.md and all of docs/*.md.
fn documents() -> Vec<(String, String)> {
    let mut paths: Vec<_> = fs::read_dir(below_root("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    paths.extend(["README.md", "CONTRIBUTING.md"].map(below_root));
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (
            path.file_name().unwrap().to_string_lossy().into_owned(),
            text,
        )
    };
    paths.into_iter().map(read).collect()
}

/// The fenced blocks of a document in this language, without their fences.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("\n```{language}\n");
    text.split(&fence)
        .skip(1)
        .map(|rest| rest.split_once("\n```").expect("a fence that ends").0)
        .collect()
}

/// The words of a command, without the quotes that a shell takes away. None has a space.
fn words(command: &str) -> Vec<&str> {
    let words = command.split_whitespace();
    words.map(|word| word.trim_matches('\'')).collect()
}
