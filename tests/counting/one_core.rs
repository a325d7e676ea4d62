//! The program on a single core: an interruption between load and store is rare there.

use std::thread;

use serde_json::Value;

use crate::support::{miscount, output};

/// Returns what the program prints if it may use one core only; `None` if threads cannot be pinned here.
fn on_one_core(words: &str) -> Option<String> {
    // A program inherits the cores of the thread that starts it.
    let words = words.to_string();
    let started = thread::spawn(move || {
        let core = core_affinity::get_core_ids()?.into_iter().next()?;
        let pinned = core_affinity::set_for_current(core);
        (pinned && cfg!(target_os = "linux")).then(|| output(miscount().args(words.split(' '))))
    });
    let done = started.join().unwrap()?;
    assert!(done.status.success(), "{done:?}");
    Some(String::from_utf8(done.stdout).unwrap())
}

fn record(words: &str) -> Option<Value> {
    let json = on_one_core(&format!("{words} --format json"))?;
    Some(serde_json::from_str(&json).unwrap())
}

#[test]
fn unsynced_yields_by_itself_and_says_so() {
    for words in ["unsynced -t 2 -i 500 -r 3", "trace unsynced -t 2 -i 500"] {
        let Some(record) = record(words) else { return };
        assert_eq!(record["flags"], "--window yield", "{words}");
        assert_eq!(record["window_added"], true, "{words}");
    }
    let lost = record("unsynced -t 2 -i 500 -r 3 --until lost").unwrap();
    assert_eq!(lost["stopped"], "found");
    let text = on_one_core("unsynced -t 2 -i 500 -r 3").unwrap();
    let text: Vec<_> = text.split_whitespace().collect();
    let text = text.join(" ");
    assert!(text.contains("--window none turns that off"), "{text}");
}

#[test]
fn what_is_asked_for_stays() {
    for (words, flags) in [
        ("unsynced -t 2 -i 500 -r 3 --window none", ""),
        (
            "unsynced -t 2 -i 50 -r 3 --window spin:7",
            "--window spin:7",
        ),
        ("unsynced -t 1 -i 500 -r 3", ""),
        ("mutex-per-op -t 2 -i 500 -r 3", ""),
    ] {
        let Some(record) = record(words) else { return };
        assert_eq!(record["flags"], flags, "{words}");
        assert_eq!(record["window_added"], false, "{words}");
    }
}
