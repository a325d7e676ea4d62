//! `show`: every report again from its record, and only from one that is as it was written.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::scripting::FORMATS;
use crate::support::{miscount, sentence};

/// Commands that do the same each time, and measure nothing.
const STEADY: &[&str] = &[
    "explain",
    "explain unsynced",
    "explain rwlock --split",
    "explain terms",
    "explain symptoms",
    "programs",
    "requests --virtual --cancel B@1s",
    "replay unsynced -t 2 -i 5 --schedule worst --steps --on model",
    "replay bank --schedule A,B-,A- --on model",
    "replay philosophers --schedule A,B,C --steps --on model",
    "replay own.race --schedule A,B-,A- --on model",
    concat!(
        "tour --summary ",
        env!("CARGO_MANIFEST_DIR"),
        "/tests/tour/class.csv"
    ),
];

/// Commands that measure.
const MEASURING: &[&str] = &[
    "unsynced -r 30",
    "rwlock --await 100 -i 100 -r 2",
    "mutex-per-batch --batch 7 -r 2",
    "sharded -t 1024 -i 9007199254740993 --timeout 0s",
    "atomic -i 1 --stride 1k -r 100_001",
    "compare unsynced atomic -t 1,2 -i 100 -r 3",
    "trace unsynced -t 3 -i 200 --window yield",
    "trace unsynced -t 2 -i 50 --window yield --fates",
    "trace atomic --timeout 0s",
    "explore unsynced -t 2 -i 30",
    "explore unsynced -t 2 -i 5000",
    "explore bank --reach deadlock",
    "explain bank",
    "run bank --for 20ms",
    "doctor --timeout 1ms",
    "waitgroup -r 3",
    "tour why --auto -q",
];

fn run(folder: &Path, command: &str, format: &str) -> Output {
    let words = command.split_whitespace();
    let output = miscount()
        .current_dir(folder)
        .args(words)
        .args(["--format", format])
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!error.contains("panicked"), "{command} {format}: {error}");
    output
}

#[test]
fn a_record_becomes_the_same_report_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    // Its record carries it, so that a page can play it.
    let own = include_str!("../programs/bank.race");
    for command in STEADY {
        std::fs::write(folder.path().join("own.race"), own).unwrap();
        let record = run(folder.path(), command, "json").stdout;
        std::fs::write(folder.path().join("r.json"), &record).unwrap();
        // The JSON lines of requests have steps that their record lacks.
        let is_whole = |format: &&str| *format != "jsonl" || !command.starts_with("requests");
        for format in FORMATS.iter().copied().filter(is_whole) {
            std::fs::write(folder.path().join("own.race"), own).unwrap();
            let direct = run(folder.path(), command, format).stdout;
            std::fs::write(folder.path().join("own.race"), "changed since").unwrap();
            let shown = run(folder.path(), "show r.json", format);
            assert_eq!(
                shown.status.code(),
                Some(0),
                "{command} {format}: {shown:?}"
            );
            let [direct, shown] =
                [direct, shown.stdout].map(|text| String::from_utf8(text).unwrap());
            assert_eq!(direct, shown, "{command} {format}");
        }
    }
}

#[test]
fn what_was_measured_is_shown_again_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    for command in MEASURING {
        let record = run(folder.path(), command, "json").stdout;
        std::fs::write(folder.path().join("r.json"), &record).unwrap();
        for format in FORMATS {
            let shown = run(folder.path(), "show r.json", format);
            assert_eq!(
                shown.status.code(),
                Some(0),
                "{command} {format}: {shown:?}"
            );
            assert!(!shown.stdout.is_empty(), "{command} {format}");
            if format == "json" {
                assert!(shown.stdout == record, "{command}");
            }
            if format == "html" && command.starts_with("trace unsynced") {
                let page = String::from_utf8(shown.stdout).unwrap();
                assert!(page.contains("miscount.player/1"), "{command}");
            }
        }
    }
}

#[test]
fn the_page_of_a_program_is_that_of_its_explanation() {
    let folder = tempfile::tempdir().unwrap();
    let [page, explained] = ["programs two-locks", "explain two-locks"]
        .map(|command| run(folder.path(), command, "markdown").stdout);
    assert!(!page.is_empty());
    assert_eq!(page, explained);
}

#[test]
fn what_is_no_record_or_damaged_is_refused_with_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let record = run(folder.path(), "unsynced -r 2", "json").stdout;
    let record = String::from_utf8(record).unwrap();
    let other = |from: &str, to: &str| {
        assert!(record.contains(from), "{from}");
        record.replacen(from, to, 1)
    };
    let mut lacking: Value = serde_json::from_str(&record).unwrap();
    lacking["summary"].as_object_mut().unwrap().remove("actual");
    let mut improbable: Value = serde_json::from_str(&record).unwrap();
    improbable["summary"]["runs_lost_interval"][1] = 1.5.into();
    for (damaged, place) in [
        (String::new(), "line 1 column 0"),
        (record[..record.len() / 2].to_owned(), "line "),
        ("[1, 2]".into(), "\"schema\""),
        ("{}".into(), "\"schema\""),
        (
            other("counting/1", "counting/9"),
            "counting/9, and this version reads miscount.counting/1",
        ),
        (
            other("miscount.counting/1", "other.thing/1"),
            "other.thing/1",
        ),
        (
            other("\"increments\": 5000", "\"increments\": -1"),
            "at increments: ",
        ),
        (
            other("\"stopped\": \"completed\"", "\"stopped\": \"never\""),
            "at stopped: ",
        ),
        (
            other("\"run\": 1,", "\"run\": 1, \"more\": 2,"),
            "at runs[0].more: there is no such field",
        ),
        (lacking.to_string(), "summary"),
        (
            improbable.to_string(),
            "at summary.runs_lost_interval[1]: 1.5 is not a share from 0 to 1",
        ),
    ] {
        std::fs::write(folder.path().join("r.json"), &damaged).unwrap();
        let said = sentence(&run(folder.path(), "show r.json", "text"), 2, place);
        assert!(said.contains(place), "{place}: {said}");
        assert!(said.contains("r.json"), "{said}");
    }
    let said = sentence(
        &run(folder.path(), "show nowhere.json", "html"),
        3,
        "nowhere",
    );
    assert!(said.contains("nowhere.json"), "{said}");
}

/// A damaged record is refused in plain words.
#[test]
fn a_damaged_census_is_refused_at_the_field() {
    let folder = tempfile::tempdir().unwrap();
    for (command, place, value, why) in [
        (
            "explore bank",
            "/outcomes/1/values/paid",
            "81",
            "at outcomes[1].values: these are not the values of its outcome",
        ),
        (
            "explore bank",
            "/outcomes/0/witness",
            "\"A-,?\"",
            "at outcomes[0].witness: \"A-,?\" is not a schedule",
        ),
        (
            "explore bank",
            "/memory",
            "\"zz\"",
            "at memory: \"zz\" is not a memory model",
        ),
        (
            "explore unsynced -i 2",
            "/strategy",
            "\"zz\"",
            "at strategy: \"zz\" is not a strategy of this version",
        ),
        ("explore unsynced -i 2", "/outcomes/0/share", "null", ""),
        (
            "replay unsynced -t 2 -i 5 --steps --on model",
            "/threads",
            "9007199254740991",
            "at threads: 9007199254740991 is not a number of threads that a command allows",
        ),
        (
            "replay unsynced -t 2 -i 5 --steps --on model",
            "/interleaving/0/thread",
            "\"ZZZZZZZZZZZZ\"",
            "at interleaving[0].thread: \"ZZZZZZZZZZZZ\" is not a thread",
        ),
        (
            "explore unsynced -i 2",
            "/flags",
            "\"a\\u001b]0;b\\u0007\"",
            "at flags: a text with control characters",
        ),
        // No bar is longer than its width.
        (
            "replay unsynced -t 2 -i 5 --steps --on model",
            "/predicted",
            "9007199254740991",
            "",
        ),
        (
            "explore unsynced -i 2",
            "/outcomes/0/share",
            "\"1\"",
            "at outcomes[0].share: \"1\" is not a number or null",
        ),
        (
            "explore unsynced -i 2",
            "/outcomes/0/kind",
            "7",
            "7 is not \"finished\", \"deadlock\", ",
        ),
        (
            "explore unsynced -i 2",
            "/states",
            "-1",
            "at states: -1 is not a whole number from 0",
        ),
        (
            "explore bank",
            "/outcomes/0",
            "{}",
            "at outcomes[0].kind: this field is missing",
        ),
        (
            "explore bank",
            "/outcomes",
            "true",
            "at outcomes: true is not a list",
        ),
    ] {
        let record = run(folder.path(), command, "json").stdout;
        let mut record: Value = serde_json::from_slice(&record).unwrap();
        *record.pointer_mut(place).unwrap() = serde_json::from_str(value).unwrap();
        std::fs::write(folder.path().join("r.json"), record.to_string()).unwrap();
        let shown = run(folder.path(), "show r.json", "text");
        if why.is_empty() {
            assert!(shown.status.success(), "{place}: {shown:?}");
        } else {
            let said = sentence(&shown, 2, place);
            assert!(said.contains(why), "{place}: {said}");
        }
    }
}

/// A count that no store has left is found only when the run is explained again.
#[test]
fn a_trace_that_cannot_be_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let record = run(folder.path(), "trace atomic -t 1 -i 5", "json").stdout;
    let mut record: Value = serde_json::from_slice(&record).unwrap();
    record["stretches"][0]["read"] = 3.into();
    std::fs::write(folder.path().join("r.json"), record.to_string()).unwrap();
    let said = sentence(&run(folder.path(), "show r.json", "text"), 2, "stretches");
    assert_eq!(said.matches("at stretches: ").count(), 1, "{said}");
    assert!(said.contains("read count 3"), "{said}");
}

#[test]
fn a_strategy_that_there_is_not_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let record = run(folder.path(), "atomic -r 1", "json").stdout;
    let record = String::from_utf8(record).unwrap();
    let record = record.replace("\"atomic\"", "\"magic\"");
    std::fs::write(folder.path().join("r.json"), record).unwrap();
    let said = sentence(&run(folder.path(), "show r.json", "text"), 2, "magic");
    assert!(said.contains("magic"), "{said}");
}

#[test]
fn a_schedule_is_drawn_by_every_command_that_has_one() {
    let folder = tempfile::tempdir().unwrap();
    for (command, words) in [
        (
            "explore unsynced -t 2 -i 5000 --svg a.svg",
            &["2 instead of 10,000", "4,999"][..],
        ),
        (
            "explore philosophers --svg a.svg --theme dark",
            &["deadlock", "lock fork[0]"],
        ),
        (
            "replay unsynced -t 3 -i 2 --schedule lockstep --on model --svg a.svg",
            &["ends with 2 instead of 6"],
        ),
    ] {
        let path = folder.path().join("a.svg");
        let _ = std::fs::remove_file(&path);
        run(folder.path(), command, "text");
        let picture = std::fs::read_to_string(&path).unwrap();
        assert!(
            picture.starts_with("<svg ") && picture.ends_with("</svg>\n"),
            "{command}"
        );
        for word in words {
            assert!(picture.contains(word), "{command}: {word}");
        }
    }
    let refused = run(folder.path(), "explore bank --svg a -o a", "text");
    assert!(sentence(&refused, 2, "same").contains("--svg and --output"));
}

/// Readers of JSON that keep numbers as floats would round them.
#[test]
fn values_beyond_2_53_are_texts_in_json() {
    let folder = tempfile::tempdir().unwrap();
    let program = "shared x = 9007199254740993, y = -9007199254740993\n\
                   thread a { x = x + 2; y = y - 2 }\nshow x, y\nexpect x == 9007199254740995\n";
    std::fs::write(folder.path().join("large.race"), program).unwrap();
    for (format, command) in [
        ("census", "explore large.race"),
        ("run", "run large.race --for 10ms"),
        (
            "replay",
            "replay large.race --schedule A- --on model --steps",
        ),
    ] {
        let json = run(folder.path(), command, "json").stdout;
        let record: Value = serde_json::from_slice(&json).unwrap();
        let end = match format {
            "replay" => &record["end"],
            _ => &record["outcomes"][0],
        };
        assert_eq!(end["values"]["x"], "9007199254740995", "{record}");
        assert_eq!(end["values"]["y"], "-9007199254740995", "{record}");
        let schema = miscount().args(["schema", format]).output().unwrap();
        let schema = serde_json::from_slice(&schema.stdout).unwrap();
        let errors: Vec<_> = jsonschema::validator_for(&schema)
            .unwrap()
            .iter_errors(&record)
            .map(|error| error.to_string())
            .collect();
        assert_eq!(errors, [""; 0], "{command}");
        std::fs::write(folder.path().join("r.json"), &json).unwrap();
        let shown = run(folder.path(), "show r.json", "json");
        assert_eq!(
            String::from_utf8_lossy(&shown.stdout),
            String::from_utf8_lossy(&json)
        );
        // The sign is what the schema allows.
        let spoiled = String::from_utf8(json)
            .unwrap()
            .replace("\"states\": 5", "\"states\": \"-9007199254740995\"");
        std::fs::write(folder.path().join("r.json"), spoiled).unwrap();
        if format == "census" {
            let shown = run(folder.path(), "show r.json", "json");
            assert_eq!(shown.status.code(), Some(2), "{command}");
        }
    }
}
