//! Records that somebody has changed.

use std::ffi::OsString;
use std::fs;

use miscount::command;
use miscount::error::Exit;
use miscount::record::AnyRecord;
use serde_json::Value;

use super::{cases, one_of};
use crate::support::{miscount, output};

/// Commands that write a record each.
const WRITERS: &[&str] = &[
    "unsynced -r 3",
    "rwlock --await 100 -i 100 -r 2",
    "compare unsynced atomic -t 1,2 -i 100 -r 2",
    "explore unsynced -i 2",
    "explore rwlock --split -i 3 --reach 4",
    "explore bank",
    "explore philosophers",
    "explore store-buffering --memory tso",
    "run bank -r 100",
    "run self-deadlock -r 10",
    "replay unsynced -i 3 --steps",
    "replay bank --schedule serial",
    "trace unsynced -t 2 -i 50 --fates",
    "waitgroup -r 2",
    "explain rwlock",
    "explain bank",
    "explain",
    "requests --virtual --cancel B@1s",
    "repeat -r 3 --expected 5 -- echo 5",
    "doctor --timeout 1ms",
    "tour contexts --auto --quiet",
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "-1",
    "1e308",
    "-0.0",
    "18446744073709551615",
    "1e-320",
    "9007199254740993",
    "0.5",
];

/// Changes a value somewhere in a record.
fn change(value: &mut Value, random: &mut fastrand::Rng) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let place = random.usize(..fields.len());
            let name = fields.keys().nth(place).unwrap().clone();
            if random.u8(..60) == 0 {
                fields.shift_remove(&name);
            } else if name != "schema" {
                change(&mut fields[&name], random);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let place = random.usize(..items.len());
            match random.u8(..8) {
                0 => drop(items.remove(place)),
                1 => items.insert(place, items[place].clone()),
                2 => items.clear(),
                _ => change(&mut items[place], random),
            }
        }
        Value::Number(_) => *value = serde_json::from_str(one_of(random, NUMBERS)).unwrap(),
        Value::String(text) if text.parse::<u64>().is_ok() => {
            *text = one_of(
                random,
                &[
                    "0",
                    "1",
                    "9007199254740993",
                    "340282366920938463463374607431768211456",
                ],
            )
            .into();
        }
        Value::String(text) => {
            super::damage(
                random,
                text,
                &[
                    "A", "B-", ",", "é", "数", "\u{1b}", "\n", "", "<b>", "9", "-",
                ],
            );
        }
        Value::Bool(flag) => *flag = !*flag,
        value => *value = if random.bool() { 1.into() } else { Value::Null },
    }
}

/// A record that was changed by hand is refused, or shown in every format.
#[test]
fn a_changed_record_is_refused_or_shown() {
    let folder = tempfile::tempdir().unwrap();
    let [file, to] = ["record.json", "shown"].map(|name| folder.path().join(name));
    let records: Vec<Value> = WRITERS
        .iter()
        .map(|words| {
            let words = words.split(" -- ").collect::<Vec<_>>();
            let mut writer = miscount();
            writer.args(words[0].split(' ')).args(["--format", "json"]);
            if let Some(command) = words.get(1) {
                writer.arg("--").args(command.split(' '));
            }
            let written = output(&mut writer).stdout;
            serde_json::from_slice(&written).unwrap_or_else(|error| panic!("{words:?}: {error}"))
        })
        .collect();
    let mut shown = 0;
    for (case, mut random) in cases(3_000) {
        let mut record = records[random.usize(..records.len())].clone();
        for _ in 0..=random.usize(..3) {
            change(&mut record, &mut random);
        }
        let text = record.to_string();
        if let Err(error) = AnyRecord::read(&text) {
            assert!(!error.to_string().is_empty(), "case {case}");
            continue;
        }
        fs::write(&file, &text).unwrap();
        let format = one_of(
            &mut random,
            &["text", "markdown", "html", "csv", "json", "jsonl"],
        );
        let words: [OsString; 7] = [
            "miscount".into(),
            "show".into(),
            file.clone().into(),
            "--format".into(),
            format.into(),
            "-o".into(),
            to.clone().into(),
        ];
        // It runs in this process, so a panic is one of this test.
        let exit = command::run(words);
        assert!(
            matches!(exit, Exit::Done | Exit::Usage),
            "case {case}: {exit:?}: {text}"
        );
        shown += usize::from(exit == Exit::Done);
    }
    println!("{shown} were shown");
    assert!(shown > 100, "{shown}");
}
