//! What cannot be asked for is said in one sentence that names the way out.

use super::{endings, output, printed, record, requests, ways};
use crate::support::{self, sentence};

const WRONG: &[(&str, &[&str])] = &[
    ("--requests 0", &["--requests", "1 to 100000"]),
    ("--requests 100001", &["--requests", "1 to 100000"]),
    ("--requests -1", &["--requests", "whole number"]),
    ("--items x", &["--items", "whole number"]),
    ("--items -1", &["--items", "whole number"]),
    ("--pause 250", &["--pause", "250ms"]),
    ("--pause 99999999999999999999y", &["--pause", "250ms"]),
    ("--pause 600y", &["--pause", "584 years"]),
    ("--timeout 600y", &["--timeout", "584 years"]),
    ("--timeout A=600y", &["--timeout", "584 years"]),
    ("--cancel A@585y", &["--cancel", "584 years"]),
    ("--value pause=585y", &["--value", "584 years"]),
    ("--deadline +585y", &["--deadline", "584 years"]),
    (
        "--virtual --pause 300y --items 3",
        &["--virtual", "584 years", "--pause", "--items"],
    ),
    (
        "--virtual --pause 1ms --value B.pause=500y --value B.items=3",
        &["--virtual", "584 years"],
    ),
    (
        "--virtual --pause 0s --items 18446744073709551615 --timeout 1us --format jsonl",
        &["--virtual", "1,000,000,000 steps", "--items", "pause of 0"],
    ),
    (
        "--virtual --requests 1k --items 1M --pause 1ns --cancel-after 2ms --value A.items=1G --progress always",
        &["--virtual", "1,001,000,000", "1,000,000,000 steps"],
    ),
    ("--pause -1s", &["'-1s'", "--pause", "250ms"]),
    ("--cancel-after -1s", &["'-1s'", "--cancel-after", "250ms"]),
    ("--timeout -1s", &["'-1s'", "--timeout", "B=2s"]),
    ("--cancel -1s", &["'-1s'", "--cancel", "B@1s"]),
    ("--deadline -2s", &["'-2s'", "--deadline", "+2s"]),
    ("--tree (((", &["--tree", "character 1", "'('", "A,B(C,D)"]),
    ("--cancel-after soon", &["--cancel-after", "250ms"]),
    ("--tree A --requests 2", &["--tree", "--requests"]),
    ("--tree A,B(,D)", &["--tree", "character 5", "name"]),
    ("--tree A,B(C", &["--tree", "character 4", "no ')'"]),
    ("--tree A,B(A)", &["--tree", "character 5", "second A"]),
    ("--tree A;B", &["--tree", "character 2", "';'", "A,B(C,D)"]),
    ("--tree root()", &["--tree", "character 6", "root(A)"]),
    ("--tree=", &["--tree", "character 1", "root(A)"]),
    ("--timeout D=1s", &["--timeout", "'D'", "A, B, C", "root"]),
    ("--timeout a=1s", &["--timeout", "'a'", "A, B, C"]),
    ("--timeout A=x", &["--timeout", "B=2s"]),
    ("--timeout =1s", &["--timeout", "missing", "B=2s"]),
    ("--cancel @1s", &["--cancel", "missing", "B@1s"]),
    ("--value .items=1", &["--value", "missing", "B.items=4"]),
    ("--cancel D@1s", &["--cancel", "'D'", "A, B, C", "root"]),
    ("--cancel A", &["--cancel", "B@1s"]),
    ("--cancel A@x", &["--cancel", "250ms"]),
    (
        "--requests 100 --cancel DD@1s",
        &["--cancel", "A, B, ... CV", "root"],
    ),
    ("--value D.items=4", &["--value", "'D'", "A, B, C"]),
    ("--value items", &["--value", "items=4"]),
    ("--value item=4", &["--value", "items", "pause"]),
    ("--value items=x", &["--value", "whole number"]),
    ("--value pause=x", &["--value", "250ms"]),
    (
        "--deadline 9999-01-01T00:00:00Z",
        &["--deadline", "584 years"],
    ),
    ("--deadline noon", &["--deadline", "14:30", "+2s"]),
    ("--deadline +x", &["--deadline", "250ms"]),
    ("--deadline 25:00", &["--deadline", "14:30"]),
    (
        "--virtual --deadline 14:30",
        &["--deadline", "+2s", "--virtual"],
    ),
    ("--threads 2", &["--threads"]),
    ("A", &["A", "--help"]),
];

#[test]
fn a_wrong_command_line_is_refused_in_one_sentence() {
    for (words, named) in WRONG {
        let sentence = sentence(&output(words), 2, words);
        for name in *named {
            assert!(
                sentence.contains(name),
                "{words}: {name} is not in: {sentence}"
            );
        }
    }
}

#[test]
fn what_would_disturb_the_terminal_is_spelt_out() {
    for words in [
        ["--tree", "A\u{1b}[31m"],
        ["--tree", "A\nB"],
        ["--tree", "A\u{202e}"],
        ["--cancel", "\u{1b}[31m@1s"],
        ["--timeout", "\n=1s"],
        ["--value", "\u{7}.items=1"],
    ] {
        let output = support::output(requests("--virtual").args(words));
        // It holds the sentence to having no control character.
        sentence(&output, 2, &format!("{words:?}"));
    }
    // What goes through is letters of any alphabet, and nothing else is on the page.
    for format in ["text", "json", "jsonl", "csv", "markdown"] {
        let mut command = requests(&format!("--virtual --progress always --format {format}"));
        let output = support::output(command.args(["--tree", "\té,日本(-_)\r\n"]));
        assert_eq!(output.status.code(), Some(0));
        let text = String::from_utf8(output.stdout).unwrap();
        let text = text + &String::from_utf8(output.stderr).unwrap();
        let disturbs = |c: char| c.is_control() && c != '\n';
        assert!(!text.contains(disturbs), "{text:?}");
    }
}

#[test]
fn a_deadline_in_the_past_leaves_no_time_for_a_step() {
    for deadline in ["2020-01-01T00:00:00Z", "1999-12-31T23:59:59-12:00", "+0s"] {
        let words = format!("--deadline {deadline}");
        let record = record(&words);
        let none = ["A", "B", "C"].map(|name| format!("{name} 0 deadline_exceeded root"));
        assert_eq!(endings(&record), none, "{words}");
        // What was there at the start takes no time to notice.
        assert!(record["summary"]["latency_ns"].is_null(), "{words}");
        for request in record["requests"].as_array().unwrap() {
            assert!(request["latency_ns"].is_null(), "{words}");
        }
        assert!(printed(&words).contains("before the start"), "{words}");
    }
    // Midnight has passed, wherever this is.
    let mut today = requests("--deadline 0:00 --quiet");
    let today = support::output(today.env("TZ", "Asia/Kathmandu"));
    assert_eq!(today.status.code(), Some(0));
    let text = String::from_utf8(today.stdout).unwrap();
    assert!(text.contains("3 ran out of time"), "{text}");
}

#[test]
fn no_items_are_no_mistake() {
    assert_eq!(
        endings(&record("--items 0")),
        ["A 0 finished -", "B 0 finished -", "C 0 finished -"]
    );
}

#[test]
fn absurd_durations_are_no_mistake() {
    let long = "584y";
    let words = format!("--pause {long} --timeout {long} --cancel A@{long} --deadline +{long}");
    let record = record(&format!("{words} --cancel-after 20ms"));
    let stopped = ["A", "B", "C"].map(|name| format!("{name} canceled root"));
    assert_eq!(ways(&record), stopped);
}
