//! Who may know whom: the house plan, held by reading the sources.
//!
//! The rules are the tables in `rooms.rs`; a new room needs a line in `KNOWS`.

mod names;
mod rooms;
mod source;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rooms::{BESIDES, EVERYTHING, KNOWS, LONG, MOST_LINES, MOST_LINES_OF_MAIN, NEVER, UNSAFE};
use source::{paths, tokens, uses, without_tests};

#[test]
fn the_sources_keep_to_the_house_plan() {
    let mut broken = String::new();
    for (name, source) in sources() {
        for complaint in complaints(&name, &source) {
            writeln!(broken, "src/{name}: {complaint}").unwrap();
        }
    }
    assert!(broken.is_empty(), "\n{broken}");
}

#[test]
fn every_arrow_besides_the_plan_is_needed() {
    let mut drawn = BTreeSet::new();
    for (name, source) in sources() {
        let tokens = without_tests(&tokens(&source));
        let room = room_that_holds(&name);
        let others = others_named_in(&tokens, &name);
        drawn.extend(others.into_iter().map(|(other, _)| (room.clone(), other)));
    }
    for (room, other, reason) in BESIDES {
        let arrow = (String::from(*room), String::from(*other));
        assert!(
            drawn.contains(&arrow),
            "`{room}` no longer knows `{other}` ({reason}): remove the line"
        );
        let planned = KNOWS.iter().find(|(known, _)| known == room);
        let (_, planned) = planned.expect("a room of the plan");
        assert!(
            !planned.contains(other),
            "`{room}` may know `{other}` by the plan"
        );
    }
}

#[test]
fn no_two_rooms_know_each_other() {
    let rooms = KNOWS.iter().map(|(room, _)| *room).collect();
    let circles = peeled(peeled(rooms, may_know), |room, other| may_know(other, room));
    assert_eq!(circles, [""; 0], "these rooms are on a circle");
}

/// Returns what remains after those without an arrow to any other are taken away, again and again.
fn peeled(mut rooms: Vec<&str>, arrow: impl Fn(&str, &str) -> bool) -> Vec<&str> {
    loop {
        let before = rooms.clone();
        rooms.retain(|room| before.iter().any(|other| arrow(room, other)));
        if rooms.len() == before.len() {
            return rooms;
        }
    }
}

/// Returns whether the tables let a room know another.
fn may_know(room: &str, other: &str) -> bool {
    let planned = KNOWS.iter().find(|(known, _)| *known == room);
    planned.is_some_and(|(_, planned)| match *planned {
        EVERYTHING => !["main", "lib", room].contains(&other),
        planned => planned.contains(&other),
    }) || BESIDES
        .iter()
        .any(|(from, to, _)| (*from, *to) == (room, other))
}

/// Returns the sources: their names below `src`, and their texts.
fn sources() -> Vec<(String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = files_below(&src);
    assert!(
        files.len() > 20,
        "the sources are not where they are looked for"
    );
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&src).unwrap().to_str().unwrap();
        let name = name.replace('\\', "/");
        (name, fs::read_to_string(&path).unwrap())
    };
    files.into_iter().map(read).collect()
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

/// Returns everything that is wrong with a file, given its name below `src`.
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
    let room = &*room_that_holds(name);
    if !KNOWS.iter().any(|(known, _)| *known == room) {
        found.push(format!(
            "the tables do not say whom the room `{room}` may know"
        ));
        return found;
    }
    let tokens = without_tests(&tokens(source));
    if tokens.iter().any(|token| token == "unsafe") && !UNSAFE.contains(&name) {
        found.push("unsafe code, which has its places elsewhere".into());
    }
    for (other, path) in others_named_in(&tokens, name) {
        if !may_know(room, &other) {
            found.push(format!("`{room}` must not know `{other}` ({path})"));
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

/// Returns the other rooms that a file names, each with the path that leads into it.
fn others_named_in(tokens: &[String], name: &str) -> Vec<(String, String)> {
    let (modules, room) = (modules_of(name), room_that_holds(name));
    let paths = paths(tokens);
    let rooms = paths.iter().filter_map(|path| {
        let other = room_of(path, &modules).filter(|other| *other != room)?;
        Some((other, path.join("::")))
    });
    rooms.collect()
}

/// Returns the room that a file belongs to.
fn room_that_holds(name: &str) -> String {
    let first = modules_of(name).into_iter().next();
    first.unwrap_or_else(|| name.trim_end_matches(".rs").into())
}

/// Returns the modules a file stands for: `lab/crew.rs` is `lab`, `crew`; `lab/mod.rs` is `lab`; the two
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

/// Returns the room that a path leads into, seen from a file with these modules; `None` for other crates
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
            "use crate::lab::Lab; use crate::{page, tui};",
        ),
        ("cli/count.rs", "use crate::plan::CountingPlan;"),
        (
            "lab/crew.rs",
            "use super::start::Line; use crate::plan::CountingPlan; use std::thread; use rayon::X;",
        ),
        ("lab/crew.rs", "use super::super::plan::CountingPlan;"),
        (
            "render/text/table.rs",
            "use super::super::format::X; use crate::page::Table;",
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
            "record/mod.rs",
            "use serde::Serialize; use thread_local::X;",
        ),
    ] {
        assert_eq!(complaints(name, source), [""; 0], "{name}: {source}");
    }
}

/// Files, their sources, and what is wrong with them.
const BROKEN: &[(&str, &str, &str)] = &[
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
    ("lab/crew.rs", "use crate::record;", "know `record`"),
    ("lab/crew.rs", "use crate::cli::CountArgs;", "know `cli`"),
    (
        "plan/counting.rs",
        "use crate::cli::CountArgs;",
        "know `cli`",
    ),
    (
        "record/mod.rs",
        "use crate::command::run;",
        "know `command`",
    ),
    ("record/mod.rs", "use crate::cli::Screen;", "know `cli`"),
    (
        "page/census.rs",
        "use crate::render::Format;",
        "know `render`",
    ),
    ("model/state.rs", "use crate::lab::Lab;", "know `lab`"),
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
];

#[test]
fn a_file_that_breaks_a_rule_is_found() {
    for (name, source, complaint) in BROKEN {
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
