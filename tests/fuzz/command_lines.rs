//! Command lines from the grammar that clap has of them.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Output;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::{Arg, Command};
use fastrand::Rng;
use jsonschema::Validator;
use miscount::cli;
use serde_json::Value;

use super::{cases, one_of};
use crate::documents::strict;
use crate::support::{miscount, output, sentence};

/// How values are named in the help, and words to stand for them: small ones, and wrong ones.
const VALUES: &[(&str, &str)] = &[
    ("N", "1 2 3 4 0 1025 2k x"),
    ("N,...", "1 1,2 3,1,2 , 1,,2 1,1"),
    ("M", "0 1 2 5 100 1k 1_0 18446744073709551615"),
    ("R", "1 2 5 20 0"),
    ("K", "0 1 2 7 1025"),
    ("S", "1 10 1k 0"),
    ("J", "0 1 2 4"),
    ("SIZE", "1 64KiB 512MiB 0 99999999GiB"),
    ("SHARE", "0.95 0.5 0 1 2 nan -1 99% 1e-300"),
    ("DURATION", "0s 1ms 20ms 60ms -1s 600y 5"),
    (
        "[NAME=]DURATION",
        "20ms A=5ms B=0s Q=1ms =5ms root=1ms A=-1s",
    ),
    (
        "NAME@DURATION",
        "B@1ms A@0s Q@1ms @ root@20ms A@600y B@1ms@2ms",
    ),
    ("TIME", "20ms 0s 12:00 2030-01-01T00:00:00Z 25:61 yesterday"),
    ("TOTAL", "0 1 5 100 18446744073709551615"),
    (
        "TOTAL|CONDITION",
        "2 10 0 99 x==1 paid==160 deadlock livelock ( paid==160&&x",
    ),
    ("NAME=VALUE", "N=2 N=0 threads=1 x=1 =1 N= N=-1 N=99999999"),
    (
        "[NAME.]KEY=VALUE",
        "k=v A.k=v .k=v A.=v = k A.B.k=v root.k=v",
    ),
    (
        "SPEC",
        "A,B(C,D) root(A,B(C,D)) A A( A) ,A A,A () a(b(c(d(e)))) é",
    ),
    ("STEPS/s", "0 1 1000/s 0.5 nan inf -1 1e9"),
    ("SCHEDULE", SCHEDULES),
    (
        "WHAT",
        "correct lost wrong same none yield spin:3 sleep:1ms sleep: 0 5 [",
    ),
    ("OUTCOME", "deadlock correct wrong paid==160 ("),
    (
        "different|lost|correct|EXIT|REGEX",
        "different lost correct 0 1 5 [ .*",
    ),
    ("REGEX", "(\\d+) [ .* (a|b)* \\pL+ (?P<n>5) ^$"),
    ("one|all|N", "one all 1 2 0 99"),
    ("N|NAME", "1 next 99 worst lost-update x"),
    ("FILE", "out.json out.svg - /dev/full . missing/out.json"),
    ("FILE.csv", "out.csv . /dev/full"),
    ("DIR", "folder . missing/folder out.json"),
    (
        "FILE.json",
        "counting.json census.json broken.json missing.json - . SB.litmus",
    ),
    (
        "STRATEGY",
        "unsynced atomic rwlock map-reduce sharded bank -",
    ),
    ("STRATEGY|PROGRAM", SUBJECTS),
    (
        "STRATEGY|PROGRAM|terms|symptoms",
        "terms symptoms unsynced bank rwlock my.race SB.litmus x",
    ),
    ("PROGRAM", SUBJECTS),
    ("NAME", "bank bakery two-locks nothing"),
    ("CHAPTER", "contexts 11 99 nothing"),
    (
        "COMMAND",
        "true false echo:5 sh:-c:exit${IFS}3 ./missing . sh",
    ),
    ("RECORD", "counting census-lines couting x"),
];

const SCHEDULES: &str = "worst lockstep serial random:7 random: A,B2,A A-,B- B-,A- A999 A,A,a Z- A0 ,, \
                         A18446744073709551616 A-,B-,A";

const SUBJECTS: &str = "unsynced atomic rwlock mutex-per-op compare-exchange sharded bank two-locks naive-flags \
                        store-buffering self-deadlock my.race SB.litmus broken.race missing.race counting.json . -";

/// Words that fit nowhere.
const JUNK: &[&str] = &[
    "",
    "-",
    "--",
    "---",
    "-=",
    "--=",
    "--=5",
    "-t",
    "-tt",
    "--threads",
    "-t=",
    "é",
    "\u{1b}[31m",
    "\u{202e}",
    "\n",
    "'",
    "\"",
    "$",
    "99999999999999999999",
    "-99",
    "NaN",
    "help",
    "--help",
    "-h",
    "--version",
    "-V",
    "unsynced",
    "--format=",
    "--format=json",
    "--no-such-flag",
    "\u{1f600}",
];

/// What clap knows.
struct Grammar {
    commands: Vec<Command>,
}

impl Grammar {
    fn new() -> Self {
        let mut root = cli::command();
        // Propagates the global flags to the subcommands.
        root.build();
        Self {
            commands: root.get_subcommands().cloned().collect(),
        }
    }

    fn takes(&self, command: &str, flag: &str) -> bool {
        let command = self.commands.iter().find(|c| c.get_name() == command);
        command.is_some_and(|c| c.get_arguments().any(|arg| arg.get_long() == Some(flag)))
    }

    /// Returns a command line, which may be right or wrong.
    fn line(&self, random: &mut Rng) -> Vec<String> {
        let command = &self.commands[random.usize(..self.commands.len())];
        let (flags, places): (Vec<&Arg>, Vec<&Arg>) = command
            .get_arguments()
            .partition(|arg| arg.get_long().is_some());
        let mut words = Vec::new();
        for _ in 0..random.usize(..5) {
            let flag = flags[random.usize(..flags.len())];
            let long = flag.get_long().unwrap();
            let short = flag.get_short().filter(|_| random.bool());
            let name = short.map_or_else(|| format!("--{long}"), |short| format!("-{short}"));
            if !flag.get_action().takes_values() {
                words.push(name);
            } else if random.bool() {
                words.push(format!("{name}={}", value(flag, random)));
            } else {
                words.extend([name, value(flag, random)]);
            }
        }
        for place in places {
            if place.is_required_set() || random.bool() {
                let typed = value(place, random);
                if place.is_last_set() || place.is_trailing_var_arg_set() {
                    words.push("--".into());
                    words.extend(typed.split(':').map(ToOwned::to_owned));
                } else {
                    words.insert(random.usize(..=words.len()), typed);
                }
            }
        }
        words.insert(0, command.get_name().to_owned());
        if random.u8(..8) == 0 {
            let place = random.usize(..words.len());
            match random.u8(..4) {
                0 => drop(words.remove(place)),
                1 => words.insert(place, words[place].clone()),
                2 => words[place] = one_of(random, JUNK).into(),
                _ => words.insert(place + 1, one_of(random, JUNK).into()),
            }
        }
        words
    }
}

/// Returns a word for a value, which is mostly right.
fn value(arg: &Arg, random: &mut Rng) -> String {
    if random.u8(..30) == 0 {
        return one_of(random, JUNK).into();
    }
    let possible = arg.get_possible_values();
    if !possible.is_empty() {
        return possible[random.usize(..possible.len())].get_name().into();
    }
    let name = arg.get_value_names().map(|names| names[0].as_str());
    let name = name.unwrap_or_else(|| arg.get_id().as_str());
    let words = VALUES.iter().find(|(known, _)| *known == name);
    let (_, words) = words.unwrap_or_else(|| panic!("{arg}: no words for <{name}> are in VALUES"));
    one_of(random, &words.split_whitespace().collect::<Vec<_>>()).into()
}

/// Every flag and place has words to be tried, and each command line is understood or refused in a
/// sentence.
#[test]
fn any_command_line_is_understood_or_refused() {
    let grammar = Grammar::new();
    let mut understood = 0;
    for (case, mut random) in cases(10_000) {
        let words = grammar.line(&mut random);
        let typed = ["miscount".to_owned()].into_iter().chain(words.clone());
        let Err(error) = cli::parse(typed.map(Into::into)) else {
            understood += 1;
            continue;
        };
        if error.use_stderr() {
            let sentence = cli::sentence(&error);
            let is_clean = !sentence.is_empty() && !sentence.chars().any(char::is_control);
            assert!(is_clean, "case {case}, {words:?}: {sentence:?}");
        }
    }
    println!("{understood} were understood");
    assert!(understood > 1_000, "{understood} were understood");
}

/// The words that keep a command line short of time.
fn budget(grammar: &Grammar, words: &mut Vec<String>) {
    let command = words.first().cloned().unwrap_or_default();
    let more: &[&str] = match command.as_str() {
        "tour" => &["--list"],
        "requests" => &["--virtual"],
        _ if grammar.takes(&command, "timeout") => &["--timeout", "300ms"],
        _ => &[],
    };
    if more.is_empty() || words.iter().any(|word| word.starts_with(more[0])) {
        return;
    }
    let end = words.iter().position(|word| word == "--");
    let end = end.unwrap_or(words.len());
    words.splice(end..end, more.iter().map(ToString::to_string));
}

/// Files to name.
fn furnish(folder: &Path) {
    let written = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    written(
        "my.race",
        "shared x\nthreads 2 {\n  x += 1\n}\nexpect x == 2\n",
    );
    written("broken.race", "shared x\nthreads 2 {\n  y += \n");
    written("broken.json", "{\"schema\": \"miscount.counting/1\"}");
    let litmus = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/litmus/files/SB.litmus");
    fs::copy(litmus, folder.join("SB.litmus")).unwrap();
    for words in [
        "unsynced -r 3 --format json -o counting.json",
        "explore unsynced -i 2 --format json -o census.json",
    ] {
        let mut record = miscount();
        record.args(words.split(' ')).current_dir(folder);
        assert!(output(&mut record).status.success(), "{words}");
    }
}

/// The schemas of what was met.
#[derive(Default)]
struct Schemas(Mutex<HashMap<String, Validator>>);

impl Schemas {
    fn check(&self, name: &str, value: &Value, what: &str) {
        let mut known = self.0.lock().unwrap();
        let validator = known.entry(name.into()).or_insert_with(|| strict(name));
        if let Err(error) = validator.validate(value) {
            panic!("{what}: {error} at {} of {name}", error.instance_path());
        }
    }

    /// Checks a record, or the lines of one.
    fn check_text(&self, text: &str, what: &str) {
        let name = |value: &Value| {
            let name = value["schema"].as_str()?.strip_prefix("miscount.")?;
            name.split('/').next().map(ToOwned::to_owned)
        };
        if let Ok(value) = serde_json::from_str::<Value>(text) {
            let Some(name) = name(&value) else {
                panic!("{what}: it names no schema: {text}");
            };
            let name = if value.get("type").is_some() {
                name + "-lines"
            } else {
                name
            };
            // A schema has no name of its own.
            return self.check(&name, &value, what);
        }
        let read = |line| {
            serde_json::from_str::<Value>(line)
                .unwrap_or_else(|error| panic!("{what}: {error}: {line}"))
        };
        let lines: Vec<Value> = text.lines().map(read).collect();
        if let Some(name) = lines.last().and_then(name) {
            for line in &lines {
                self.check(&(name.clone() + "-lines"), line, what);
            }
        }
    }
}

/// Holds what the program did to the contract of docs/defaults.md.
fn judge(grammar: &Grammar, schemas: &Schemas, words: &[String], done: &Output) {
    let what = format!("miscount {words:?}");
    let error = String::from_utf8_lossy(&done.stderr);
    let text = String::from_utf8_lossy(&done.stdout);
    assert!(!error.contains("panicked"), "{what}: {error}");
    let Some(code) = done.status.code() else {
        panic!("{what}: {}: {error}", done.status);
    };
    let command = words.first().map_or("", String::as_str);
    let has_timeout = grammar.takes(command, "timeout");
    let allowed = match code {
        0 | 3 => true,
        1 => grammar.takes(command, "expect") || ["explore", "replay", "run"].contains(&command),
        2 => {
            // What is wrong in a program has more lines than one.
            if error.lines().count() == 1 {
                sentence(done, 2, &what);
            }
            done.stdout.is_empty() && error.starts_with("error")
        }
        4 => ["explore", "doctor"].contains(&command),
        124 => has_timeout && !["explore", "requests"].contains(&command),
        _ => false,
    };
    assert!(allowed, "{what}: exit {code}: {error}\n{text}");
    assert!(code != 3 || error.starts_with("error: "), "{what}: {error}");
    let is_json = |text: &str| text.starts_with('{') && command != "schema";
    if is_json(&text) && code != 3 && command != "replay" {
        schemas.check_text(&text, &what);
    } else if is_json(&text) && code != 3 {
        schemas.check_text(&text, &what);
    }
}

/// Runs command lines as their users would, with small budgets of time.
#[test]
fn any_command_line_ends_within_the_contract() {
    let grammar = Grammar::new();
    let schemas = Schemas::default();
    let next = AtomicU64::new(0);
    let all: Vec<_> = cases(600).collect();
    let worker = || {
        let folder = tempfile::tempdir().unwrap();
        furnish(folder.path());
        while let Some((case, random)) =
            all.get(usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap())
        {
            let mut words = grammar.line(&mut random.clone());
            budget(&grammar, &mut words);
            let mut program = miscount();
            program
                .args(&words)
                .current_dir(folder.path())
                .env("XDG_DATA_HOME", folder.path());
            let done = output(&mut program);
            judge(&grammar, &schemas, &words, &done);
            if let Ok(text) = fs::read_to_string(folder.path().join("out.json")) {
                if text.starts_with('{') && !words.iter().any(|word| word == "schema") {
                    schemas.check_text(&text, &format!("case {case}: {words:?} -o"));
                }
                fs::remove_file(folder.path().join("out.json")).unwrap();
            }
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for worker in vec![worker; cores] {
            scope.spawn(worker);
        }
    });
}
