//! Command lines from clap's own tree, so that a new command or flag is tried as soon as there is one.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::process::Output;
use std::sync::Mutex;

use clap::error::ErrorKind::{ArgumentConflict, MissingRequiredArgument};
use clap::{Arg, Command};
use fastrand::Rng;
use jsonschema::Validator;
use miscount::cli;
use serde_json::Value;

use super::{cases, one_of, side_by_side};
use crate::documents::strict;
use crate::support::{miscount, output, sentence};

/// Words for a value, by its name in the help: small ones, and wrong ones. A value of another name gets words of
/// all of them.
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
        "items=2 A.pause=5ms B.items=0 k=v A.k=v .k=v A.=v = k A.B.k=v root.items=3",
    ),
    (
        "SPEC",
        "A,B(C,D) root(A,B(C,D)) A A( A) ,A A,A () a(b(c(d(e)))) é",
    ),
    ("STEPS/s", "1000/s 0 1 0.5 nan inf -1 1e9"),
    (
        "SCHEDULE",
        "worst lockstep serial random:7 random: A,B2,A A-,B- B-,A- A999 A,A,a Z- A0 ,, A18446744073709551616",
    ),
    (
        "WHAT",
        "correct lost wrong same different none yield spin:3 sleep:1ms sleep: 0 5 [",
    ),
    ("OUTCOME", "deadlock correct wrong paid==160 ("),
    ("REGEX", r"(\d+) [ .* (a|b)* \pL+ (?P<n>5) ^$"),
    ("one|all|N", "one all 1 2 0 99"),
    ("sc|tso", "sc tso x86"),
    ("N|NAME", "1 next 99 worst lost-update x"),
    ("FILE", "out.json out.svg - /dev/full . missing/out.json"),
    ("FILE.csv", "out.csv class.csv . /dev/full"),
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
        "true false echo:5 sh:-c:exit\u{a0}3 ./missing . sh",
    ),
    ("RECORD", "counting census-lines couting x"),
];

const SUBJECTS: &str = "unsynced atomic rwlock mutex-per-op compare-exchange sharded bank two-locks naive-flags \
                        store-buffering self-deadlock my.race SB.litmus broken.race missing.race counting.json . -";

/// Words that fit nowhere.
const JUNK: &str = "- -- --- -= --= --=5 -t -tt --threads -t= é \u{1b}[31m \u{202e} ' \" $ \
                    99999999999999999999 -99 NaN help --help -h --version -V unsynced --format= --format=json \
                    --no-such-flag \u{1f600}";

/// Returns one of these words.
fn word(random: &mut Rng, words: &str) -> String {
    let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
    one_of(random, &words).replace('\u{a0}', " ")
}

/// Returns the subcommands, with the flags that all of them have.
fn commands() -> Vec<Command> {
    let mut root = cli::command();
    root.build();
    root.get_subcommands().cloned().collect()
}

fn takes(command: &Command, flag: &str) -> bool {
    let mut flags = command.get_arguments();
    flags.any(|arg| arg.get_long() == Some(flag))
}

/// Returns a word for a value, which is mostly right.
fn value(arg: &Arg, random: &mut Rng) -> String {
    let possible = arg.get_possible_values();
    if random.u8(..30) == 0 {
        word(random, JUNK)
    } else if possible.is_empty() {
        let name = arg.get_value_names().map_or("", |names| &names[0]);
        let known = VALUES.iter().find(|(known, _)| *known == name);
        let (_, words) = known.unwrap_or_else(|| &VALUES[random.usize(..VALUES.len())]);
        word(random, words)
    } else {
        possible[random.usize(..possible.len())].get_name().into()
    }
}

/// Returns the words after a command's name, which may be right or wrong.
fn words(command: &Command, random: &mut Rng) -> Vec<String> {
    let (flags, places): (Vec<&Arg>, Vec<&Arg>) = command
        .get_arguments()
        .partition(|arg| arg.get_long().is_some());
    let mut words = Vec::new();
    for _ in 0..random.usize(..5) {
        let flag = flags[random.usize(..flags.len())];
        let short = flag.get_short().filter(|_| random.bool());
        let long = format!("--{}", flag.get_long().unwrap());
        let name = short.map_or(long, |short| format!("-{short}"));
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
            if place.is_trailing_var_arg_set() {
                words.push("--".into());
                words.extend(typed.split(':').map(ToOwned::to_owned));
            } else {
                words.insert(random.usize(..=words.len()), typed);
            }
        }
    }
    if random.u8(..8) == 0 {
        let place = random.usize(..=words.len());
        match random.u8(..3) {
            0 if place < words.len() => drop(words.remove(place)),
            1 if place < words.len() => words.insert(place, words[place].clone()),
            _ => words.insert(place, word(random, JUNK)),
        }
    }
    words
}

/// Every flag is understood at least once, and what is not understood is refused in a sentence.
#[test]
fn any_command_line_is_understood_or_refused_in_a_sentence() {
    let commands = commands();
    let flags = commands.iter().flat_map(|command| {
        let flags = command.get_arguments().filter_map(Arg::get_long);
        flags.map(|flag| (command.get_name(), format!("--{flag}")))
    });
    let unknown = Mutex::new(flags.collect::<BTreeSet<_>>());
    side_by_side(
        cases(10_000),
        |_| {},
        |_, case, random| {
            let command = &commands[random.usize(..commands.len())];
            let words = words(command, random);
            let typed = ["miscount", command.get_name()].map(Into::into);
            let parsed = cli::parse(typed.into_iter().chain(words.iter().map(Into::into)));
            let kind = parsed.as_ref().err().map(clap::Error::kind);
            // Before it misses others, clap reads all values that are there.
            if matches!(
                kind,
                None | Some(MissingRequiredArgument | ArgumentConflict)
            ) {
                unknown.lock().unwrap().retain(|(of, flag)| {
                    *of != command.get_name() || !words.iter().any(|word| word.starts_with(flag))
                });
            }
            if let Err(error) = parsed
                && error.use_stderr()
            {
                let sentence = cli::sentence(&error);
                let is_clean = !sentence.is_empty() && !sentence.chars().any(char::is_control);
                assert!(is_clean, "case {case}, {words:?}: {sentence:?}");
            }
        },
    );
    let mut unknown = unknown.into_inner().unwrap();
    unknown.retain(|(_, flag)| !["--help", "--version"].contains(&flag.as_str()));
    assert!(
        unknown.is_empty(),
        "not once right; has one no words in VALUES? {unknown:?}"
    );
}

/// Adds what keeps a command short of time.
fn limit(command: &Command, words: &mut Vec<String>) {
    let more: &[&str] = match command.get_name() {
        "tour" => &["--list"],
        "requests" => &["--virtual"],
        _ if takes(command, "timeout") => &["--timeout", "100ms"],
        _ => &[],
    };
    if !more.is_empty() && !words.iter().any(|word| word.starts_with(more[0])) {
        let end = words.iter().position(|word| word == "--");
        let end = end.unwrap_or(words.len());
        words.splice(end..end, more.iter().map(ToString::to_string));
    }
}

/// Makes files to name.
fn furnish(folder: &Path) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    fs::copy(
        tests.join("litmus/files/SB.litmus"),
        folder.join("SB.litmus"),
    )
    .unwrap();
    fs::copy(tests.join("tour/class.csv"), folder.join("class.csv")).unwrap();
    for (name, text) in [
        (
            "my.race",
            "shared x\nthreads 2 {\n  x += 1\n}\nexpect x == 2\n",
        ),
        ("broken.race", "shared x\nthreads 2 {\n  y += \n"),
        ("broken.json", "{\"schema\": \"miscount.counting/1\"}"),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
    for words in [
        "unsynced -r 3 --format json -o counting.json",
        "explore unsynced -i 2 --format json -o census.json",
    ] {
        let mut record = miscount();
        record.args(words.split(' ')).current_dir(folder);
        assert!(output(&mut record).status.success(), "{words}");
    }
}

/// The schemas of the records that were met.
#[derive(Default)]
struct Schemas(Mutex<HashMap<String, Validator>>);

impl Schemas {
    /// Checks a record, or the lines of one, of which the last names the schema.
    fn check(&self, text: &str, what: &str) {
        let parse = |text| serde_json::from_str::<Value>(text);
        let values: Vec<Value> = match parse(text) {
            Ok(whole) => vec![whole],
            Err(_) => text
                .lines()
                .map(|line| parse(line).unwrap_or_else(|error| panic!("{what}: {error}: {line}")))
                .collect(),
        };
        let last = values.last().unwrap();
        let Some(schema) = last["schema"].as_str() else {
            return assert!(
                values.iter().all(|value| value["type"].is_string()),
                "{what}: {text}"
            );
        };
        let name = schema
            .trim_start_matches("miscount.")
            .split('/')
            .next()
            .unwrap();
        let lines = if last.get("type").is_some() {
            "-lines"
        } else {
            ""
        };
        let mut known = self.0.lock().unwrap();
        let name = format!("{name}{lines}");
        let validator = known.entry(name).or_insert_with_key(|name| strict(name));
        for value in &values {
            if let Err(error) = validator.validate(value) {
                panic!("{what}: {error} at {} of {schema}", error.instance_path());
            }
        }
    }
}

/// Holds what the program did to the contract of docs/defaults.md.
fn judge(command: &Command, done: &Output, what: &str) {
    let error = String::from_utf8_lossy(&done.stderr);
    assert!(!error.contains("panicked"), "{what}: {error}");
    let Some(code) = done.status.code() else {
        panic!("{what}: {}: {error}", done.status);
    };
    let name = command.get_name();
    let allowed = match code {
        0 => true,
        1 => takes(command, "expect") || ["explore", "replay", "run"].contains(&name),
        2 => {
            // An error in a program has more lines than one.
            if error.lines().count() == 1 {
                sentence(done, 2, what);
            }
            // A table of litmus tests tells which of them were refused.
            (done.stdout.is_empty() || name == "explore") && error.starts_with("error")
        }
        3 => error.starts_with("error: "),
        4 => ["explore", "doctor"].contains(&name),
        124 => takes(command, "timeout") && !["explore", "requests"].contains(&name),
        _ => false,
    };
    assert!(allowed, "{what}: exit {code}: {error}");
}

/// Runs command lines as their users would, each with a limit of time.
#[test]
fn any_command_line_ends_within_the_contract() {
    let commands = commands();
    let schemas = Schemas::default();
    side_by_side(cases(1_000), furnish, |folder, case, random| {
        let command = &commands[random.usize(..commands.len())];
        let mut words = words(command, random);
        limit(command, &mut words);
        let what = format!("case {case}: miscount {} {words:?}", command.get_name());
        let mut program = miscount();
        program
            .arg(command.get_name())
            .args(&words)
            .current_dir(folder);
        let done = output(program.env("XDG_DATA_HOME", folder));
        judge(command, &done, &what);
        let file = folder.join("out.json");
        let written = fs::read_to_string(&file).unwrap_or_default();
        for text in [written, String::from_utf8_lossy(&done.stdout).into_owned()] {
            // A fifth of a second after its time, a report that was begun is cut off.
            let is_cut = done.status.code() == Some(124) && !text.ends_with("}\n");
            if text.starts_with('{') && !is_cut && command.get_name() != "schema" {
                schemas.check(&text, &what);
            }
        }
        let _ = fs::remove_file(file);
    });
}
