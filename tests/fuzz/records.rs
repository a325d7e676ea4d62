//! Records changed at random.

use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};

use miscount::command;
use miscount::error::Exit;
use miscount::record::AnyRecord;
use serde_json::Value;

use super::{cases, damage, one_of, side_by_side};
use crate::documents::KEPT;
use crate::support::{miscount, output};

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

const DIGITS: &[&str] = &[
    "0",
    "1",
    "9007199254740993",
    "340282366920938463463374607431768211456",
];

const PIECES: &[&str] = &[
    "A", "B-", ",", "é", "数", "\u{1b}", "\n", "", "<b>", "9", "-",
];

/// Changes a value somewhere in a record; its flags are read as those of command lines are.
fn change(value: &mut Value, random: &mut fastrand::Rng) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let place = random.usize(..fields.len());
            let name = fields.keys().nth(place).unwrap().clone();
            if random.u8(..60) == 0 {
                fields.shift_remove(&name);
            } else if !["schema", "flags"].contains(&name.as_str()) {
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
            *text = one_of(random, DIGITS).into();
        }
        Value::String(text) => damage(random, text, PIECES),
        Value::Bool(flag) => *flag = !*flag,
        value => *value = if random.bool() { 1.into() } else { Value::Null },
    }
}

/// A record that was changed by hand is refused in plain words with the place, or shown in every format.
#[test]
fn a_changed_record_is_refused_or_shown() {
    let whole = KEPT.iter().filter(|(name, _)| !name.ends_with("-lines"));
    let records: Vec<Value> = whole
        .map(|(_, words)| {
            let written = output(miscount().args(words.split(' '))).stdout;
            serde_json::from_slice(&written).unwrap_or_else(|error| panic!("{words}: {error}"))
        })
        .collect();
    let shown = AtomicU32::new(0);
    side_by_side(
        cases(500),
        |_| {},
        |folder, case, random| {
            let mut record = records[random.usize(..records.len())].clone();
            for _ in 0..=random.usize(..3) {
                change(&mut record, random);
            }
            let text = record.to_string();
            if let Err(error) = AnyRecord::read(&text) {
                let said = error.to_string();
                let has_place = said.starts_with("at ") || said.starts_with("it has no \"schema\"");
                assert!(has_place, "case {case}: {said}");
                let rust = ["invalid", ", expected", "`", "u64", "f64", "u32", "usize"];
                assert!(
                    !rust.iter().any(|word| said.contains(word)),
                    "case {case}: {said}"
                );
                return;
            }
            let [file, to] = ["record.json", "shown"].map(|name| folder.join(name));
            fs::write(&file, &text).unwrap();
            let formats = ["text", "markdown", "html", "csv", "json", "jsonl"];
            let words = ["miscount", "show", "--format", one_of(random, &formats)];
            let words = words.iter().map(Into::into);
            // It runs in this process, so a panic is one of this test. No strategy has 0 threads.
            let exit = command::run(words.chain([file.into(), "-o".into(), to.into()]));
            assert!(
                [Exit::Done, Exit::Usage].contains(&exit),
                "case {case}: {text}"
            );
            shown.fetch_add(u32::from(exit == Exit::Done), Ordering::Relaxed);
        },
    );
    assert!(shown.into_inner() > 100);
}
