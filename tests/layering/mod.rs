//! Who may know whom: the house plan, held by reading the sources.
//!
//! A room is a module of the crate's root. The tables below are the rules; a new room needs a line
//! in [`KNOWS`].

mod source;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use source::{paths, tokens, uses, without_tests};

/// Each room, and the other rooms that it may know. A room that does not exist yet breaks nothing.
const KNOWS: &[(&str, &[&str])] = &[
    ("main", &["command"]),
    ("lib", &[]),
    ("command", EVERYBODY),
    // A person types the name of a strategy or a puzzle and settings, or requests; `cli` turns them
    // into a plan.
    ("cli", &["error", "game", "plan", "requests", "strategy"]),
    // A subject has a system of the model.
    ("plan", &["error", "model", "strategy"]),
    // A strategy writes its program in the words of the model.
    ("strategy", &["error", "model", "sync"]),
    // Forcing a schedule on real threads takes the model's word that no step blocks.
    ("lab", &["error", "model", "plan", "strategy", "sync"]),
    ("model", &[]),
    // What `step` plays: it knows no terminal, and tells everything as data.
    ("game", &["model", "stats"]),
    // Contexts on a clock are all there is to it.
    ("requests", &["sync"]),
    ("report", RESULTS),
    ("term", RESULTS),
    // The screen has no rules of its own; of the reports it knows how they write numbers.
    ("tui", &["game", "model", "report", "stats", "term"]),
    ("tour", RESULTS),
    ("stats", &[]),
    ("lineage", &[]),
    ("error", &[]),
    ("sync", &[]),
];

const EVERYBODY: &[&str] = &["*"];

/// Those who show results know what results are made of, and one another.
const RESULTS: &[&str] = &[
    "error", "lab", "lineage", "model", "plan", "report", "requests", "stats", "strategy", "sync",
    "term",
];

/// What rooms must not use: path by path, where `a::b` also stands for `a::b::c`, and where
/// `name!` is a macro and `*::name` a name wherever it comes from.
const NEVER: &[(&[&str], &[&str], &str)] = &[
    (
        &["lab", "model", "game", "requests", "stats", "lineage"],
        &[
            "print!",
            "println!",
            "eprint!",
            "eprintln!",
            "dbg!",
            "*::stdout",
            "*::stderr",
        ],
        "it never prints",
    ),
    (
        &["lab", "model", "game", "requests", "stats", "lineage"],
        &["clap", "serde", "serde_json", "ratatui", "crossterm"],
        "it never sees the command line, the formats or the screen",
    ),
    (
        &["report", "term", "tui", "tour", "game"],
        &["std::thread", "thread::spawn", "thread::scope", "rayon"],
        "it never starts threads",
    ),
];

/// The only files with unsafe code.
const UNSAFE: &[&str] = &["strategy/increment_instruction.rs"];

/// The most lines of a file, and of `main.rs`.
const MOST_LINES: usize = 400;
const MOST_LINES_OF_MAIN: usize = 30;

/// Files that may be longer, and why.
const LONG: &[(&str, &str)] = &[];

#[test]
fn the_sources_keep_to_the_house_plan() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut broken = String::new();
    let files = files_below(&src);
    assert!(
        files.len() > 20,
        "the sources are not where they are looked for"
    );
    for path in files {
        let name = path
            .strip_prefix(&src)
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/");
        for complaint in complaints(&name, &fs::read_to_string(&path).unwrap()) {
            writeln!(broken, "src/{name}: {complaint}").unwrap();
        }
    }
    assert!(broken.is_empty(), "\n{broken}");
}

fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Everything that is wrong with a file, given its name below `src`.
fn complaints(name: &str, source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lines = source.lines().count();
    if name == "main.rs" && lines > MOST_LINES_OF_MAIN {
        found.push(format!(
            "{lines} lines, and main.rs has at most {MOST_LINES_OF_MAIN}"
        ));
    }
    if lines > MOST_LINES && !LONG.iter().any(|(long, _)| *long == name) {
        found.push(format!(
            "{lines} lines, and no reason why more than {MOST_LINES}"
        ));
    }
    let modules = modules_of(name);
    let room = modules
        .first()
        .map_or(name.trim_end_matches(".rs"), String::as_str);
    let Some((_, known)) = KNOWS.iter().find(|(known, _)| *known == room) else {
        found.push(format!("nobody has said whom the room `{room}` may know"));
        return found;
    };
    let tokens = without_tests(&tokens(source));
    if tokens.iter().any(|token| token == "unsafe") && !UNSAFE.contains(&name) {
        found.push("unsafe code, which has its one place elsewhere".into());
    }
    for path in paths(&tokens) {
        if let Some(other) = room_of(&path, &modules)
            && other != room
            && !known.contains(&"*")
            && !known.contains(&other.as_str())
        {
            found.push(format!(
                "`{room}` must not know `{other}` ({})",
                path.join("::")
            ));
        }
    }
    for (rooms, things, reason) in NEVER {
        if rooms.contains(&room) {
            for thing in *things {
                if uses(&tokens, thing) {
                    found.push(format!("`{room}` uses {thing}, but {reason}"));
                }
            }
        }
    }
    found
}

/// The modules a file stands for: `lab/crew.rs` is `lab`, `crew`; `lab/mod.rs` is `lab`; the two
/// roots are none.
fn modules_of(name: &str) -> Vec<String> {
    let mut modules: Vec<_> = name
        .trim_end_matches(".rs")
        .split('/')
        .map(String::from)
        .collect();
    if modules.len() > 1 && modules.last().is_some_and(|last| last == "mod") {
        modules.pop();
    }
    if ["main", "lib"].contains(&modules[0].as_str()) {
        modules.clear();
    }
    modules
}

/// The room that a path leads into, seen from a file with these modules; `None` for other crates
/// and for paths within the file's own surroundings.
fn room_of(path: &[String], modules: &[String]) -> Option<String> {
    let supers = path.iter().take_while(|part| *part == "super").count();
    let rest = match path[0].as_str() {
        "crate" | "miscount" => &path[1..],
        "super" if supers >= modules.len() => &path[supers..],
        _ => return None,
    };
    rest.first().cloned()
}

#[test]
fn a_file_that_keeps_the_rules_gives_no_complaint() {
    for (name, source) in [
        ("main.rs", "fn main() { miscount::command::run() }"),
        (
            "command/mod.rs",
            "use crate::lab::Lab; use crate::{report, tui};",
        ),
        ("cli/count.rs", "use crate::plan::Plan;"),
        (
            "lab/crew.rs",
            "use super::start::Line; use crate::plan::Plan; use std::thread; use rayon::X;",
        ),
        ("lab/crew.rs", "use super::super::plan::Plan;"),
        (
            "report/text/counting.rs",
            "use super::super::counting::X; use crate::lab::Outcome;",
        ),
        (
            "stats/mod.rs",
            "// crate::lab\n/* use crate::lab; */ const A: &str = \"crate::lab\\\" crate::lab\";",
        ),
        (
            "stats/mod.rs",
            "const A: &str = r#\"a \" crate::lab::Lab\"#; const B: char = '\"'; fn f<'a>() {}",
        ),
        (
            "stats/mod.rs",
            "#[cfg(test)] mod tests { use crate::lab; fn f() { println!(); } } fn g() {}",
        ),
        ("stats/mod.rs", "fn println() {} fn f() { println() }"),
        (
            "stats/mod.rs",
            "fn f() -> impl Sized + use<> { let a = 1; a }",
        ),
        (
            "lab/mod.rs",
            "pub use event::Event; fn f() { std::thread::yield_now() }",
        ),
        ("strategy/increment_instruction.rs", "fn f() { unsafe { } }"),
        (
            "report/mod.rs",
            "use serde::Serialize; use thread_local::X;",
        ),
    ] {
        assert_eq!(complaints(name, source), [""; 0], "{name}: {source}");
    }
}

#[test]
fn a_file_that_breaks_a_rule_is_found() {
    for (name, source, complaint) in [
        ("main.rs", "use miscount::lab::Lab;", "know `lab`"),
        ("stats/mod.rs", "use crate::lab::Lab;", "know `lab`"),
        (
            "stats.rs",
            "use crate::{error::Error, lab::{Lab, Crew}};",
            "know `lab`",
        ),
        (
            "stats.rs",
            "use crate::{error::Error, lab::{Lab, Crew}};",
            "know `error`",
        ),
        (
            "stats.rs",
            "fn f() -> crate::lab::Lab { loop {} }",
            "know `lab`",
        ),
        ("stats.rs", "use super::lab::Lab;", "know `lab`"),
        (
            "stats/deep/er.rs",
            "use super::super::super::lab::Lab;",
            "know `lab`",
        ),
        (
            "stats/deep/mod.rs",
            "use super::super::lab::Lab;",
            "know `lab`",
        ),
        ("stats.rs", "pub(crate) use crate::lab as l;", "know `lab`"),
        ("stats.rs", "use crate::*;", "know `*`"),
        ("lab/crew.rs", "use crate::report;", "know `report`"),
        ("lab/crew.rs", "use crate::cli::CountArgs;", "know `cli`"),
        (
            "plan/counting.rs",
            "use crate::cli::CountArgs;",
            "know `cli`",
        ),
        (
            "report/mod.rs",
            "use crate::command::run;",
            "know `command`",
        ),
        ("report/mod.rs", "use crate::cli::Screen;", "know `cli`"),
        (
            "sync/context.rs",
            "use crate::error::Error;",
            "know `error`",
        ),
        ("cellar/mod.rs", "", "room `cellar`"),
        ("game/session.rs", "use crate::tui::App;", "know `tui`"),
        ("game/puzzle/mod.rs", "use serde::Serialize;", "serde"),
        ("lab/mod.rs", "fn f() { println!(\"\"); }", "println!"),
        (
            "lab/mod.rs",
            "use std::io; fn f() { io::stdout(); }",
            "*::stdout",
        ),
        ("model/mod.rs", "use std::io::{Read, stderr};", "*::stderr"),
        (
            "model/mod.rs",
            "#[derive(serde::Serialize)] struct A;",
            "serde",
        ),
        ("lineage/fates.rs", "use clap;", "clap"),
        ("stats.rs", "fn f() { ratatui::init() }", "ratatui"),
        ("term/mod.rs", "use std::{fmt, thread};", "std::thread"),
        (
            "term/mod.rs",
            "use std::thread::{self, spawn};",
            "std::thread",
        ),
        (
            "tui/mod.rs",
            "fn f() { std::thread::spawn(|| ()); }",
            "std::thread",
        ),
        ("tour/mod.rs", "use rayon::prelude::*;", "rayon"),
        ("strategy/word.rs", "fn f() { unsafe { g() } }", "unsafe"),
        ("stats.rs", "/* a */ use crate::lab; // b", "know `lab`"),
        (
            "stats.rs",
            "#[cfg(test)] mod tests { fn f() {} } use crate::lab;",
            "know `lab`",
        ),
        (
            "stats.rs",
            "#[cfg(test)] mod tests; use crate::lab;",
            "know `lab`",
        ),
        (
            "stats.rs",
            "const A: char = '\\''; use crate::lab;",
            "know `lab`",
        ),
    ] {
        let found = complaints(name, source);
        assert!(
            found.iter().any(|found| found.contains(complaint)),
            "{name}: {source}\ngave {found:?}"
        );
    }
}

#[test]
fn long_files_are_found() {
    let long = "\n".repeat(MOST_LINES + 1);
    assert_eq!(complaints("stats.rs", &long).len(), 1);
    assert_eq!(complaints("stats.rs", &long[1..]).len(), 0);
    let long = "\n".repeat(MOST_LINES_OF_MAIN + 1);
    assert_eq!(complaints("main.rs", &long).len(), 1);
    assert_eq!(complaints("main.rs", &long[1..]).len(), 0);
}
