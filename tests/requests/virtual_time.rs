//! Whole tables on the virtual clock, ties included.

use std::fmt::Write as _;

use std::time::Duration;

use miscount::requests::{Reason, Scenario, Tree, in_virtual_time};
use miscount::sync::Context;
use unicode_width::UnicodeWidthStr;

use super::{Outcomes, endings, output, printed, record, requests};
use crate::support;

#[test]
fn nobody_is_stopped() {
    insta::assert_snapshot!(printed("--virtual"));
}

#[test]
fn all_are_cancelled() {
    // At the moment of the fifth step, which is not taken.
    insta::assert_snapshot!(printed("--virtual --cancel-after 1s"));
}

#[test]
fn a_branch_is_cancelled() {
    insta::assert_snapshot!(printed(
        "--virtual --tree root(A,B(C,D)) --cancel B@1s --timeout A=600ms --value D.pause=10ms"
    ));
}

#[test]
fn two_hours_to_the_microsecond() {
    insta::assert_snapshot!(printed(
        "--virtual --items 1M --pause 1001us --timeout 2h --value B.pause=1m"
    ));
}

#[test]
fn values_are_handed_down_and_shadowed() {
    let words = "--virtual --tree A(B(C),D) --value items=2 --value A.items=3 --value B.items=4 \
                 --value C.pause=1ms --value B.pause=5ms --value items=9";
    let record = record(words);
    let values = record["requests"].as_array().unwrap().iter();
    let values: Vec<_> = values
        .map(|r| format!("{} {} {}", r["request"], r["items"], r["pause_ns"]))
        .collect();
    assert_eq!(
        values,
        [
            "\"A\" 3 250000000",
            "\"B\" 4 5000000",
            "\"C\" 4 1000000",
            "\"D\" 3 250000000"
        ]
    );
}

/// What happens at one moment: deadlines, then cancellations, then steps; each in the order of the
/// tree.
#[test]
fn ties_have_an_order() {
    let mut tables = String::new();
    for words in [
        "--timeout 1s --cancel-after 1s",
        "--cancel-after 1s --deadline +1s",
        "--tree A(B(C)) --timeout C=1s --timeout A=1s --timeout B=1s",
        "--tree A(B(C)) --cancel C@1s --cancel A@1s --cancel B@1s",
        "--tree A(B(C)) --timeout C=1s --cancel A@1s",
        "--tree A(B(C)) --cancel C@1s --timeout A=1s",
        "--tree A(B(C)) --cancel C@999999us --timeout A=1s",
        "--tree B,A --cancel A@1s --cancel B@1s",
        "--timeout 2s250ms",
        "--timeout 2s250001us",
        "--cancel-after 0s",
        "--timeout 0s --cancel-after 0s",
        "--items 1 --timeout 0s",
        "--items 0 --timeout 0s",
        "--items 0",
        "--pause 0s --cancel-after 1us",
    ] {
        let record = record(&format!("--virtual {words}"));
        writeln!(tables, "{words}").unwrap();
        for (ending, request) in endings(&record)
            .iter()
            .zip(record["requests"].as_array().unwrap())
        {
            writeln!(tables, "    {ending} {}", request["ended_ns"]).unwrap();
        }
    }
    insta::assert_snapshot!(tables);
}

#[test]
fn those_of_one_moment_take_turns_in_the_order_of_the_tree() {
    let lines = printed("--virtual --tree B,A(C) --items 2 --pause 0s --format jsonl");
    let turns = lines.lines().take(9).map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        format!("{}{}", line["request"].as_str().unwrap(), line["step"])
    });
    let turns: Vec<_> = turns.collect();
    assert_eq!(
        turns,
        [
            "B1", "A1", "C1", "B2", "Bnull", "A2", "Anull", "C2", "Cnull"
        ]
    );
}

#[test]
fn the_same_command_gives_the_same_bytes() {
    for format in ["text", "json", "jsonl", "csv", "markdown"] {
        let words = format!(
            "--virtual --requests 200 --items 50 --value C.pause=7ms --timeout 3s --timeout B=333us \
             --cancel D@1s --progress always --format {format}"
        );
        let [one, other] = [(); 2].map(|()| output(&words));
        assert_eq!(one, other, "{format}");
        assert!(!one.stderr.is_empty());
    }
}

#[test]
fn many_requests_are_not_all_listed() {
    let text = printed("--virtual --requests 1000 --items 1000 --cancel-after 10s");
    insta::assert_snapshot!(text);
    assert_eq!(
        printed("--virtual --requests 10k --items 2 --format csv")
            .lines()
            .count(),
        10_001
    );
}

#[test]
fn those_that_were_stopped_are_listed_first() {
    let text =
        printed("--virtual --requests 100 --items 2 --pause 2s --cancel Z@1s --timeout CV=1s");
    let names: Vec<_> = text
        .lines()
        .skip(3)
        .map_while(|line| line.split(' ').next().filter(|name| *name != "..."))
        .collect();
    assert_eq!(names[..4], ["Z", "CV", "A", "B"], "{text}");
    assert_eq!(names.len(), 20, "{text}");
    assert!(text.contains("and 80 more"), "{text}");
    let words = text.replace('\n', " ");
    assert!(words.contains("Stopped requests come first"), "{text}");
}

#[test]
fn time_ends_and_does_not_overflow() {
    // The longest that is played to its end, and what is only stopped in time.
    let words = "--virtual --pause 146y --items 5 --requests 2 --value B.items=1G --timeout B=300y";
    let record = record(words);
    assert_eq!(
        endings(&record),
        ["A 5 finished -", "B 3 deadline_exceeded B"]
    );
    let years = 584 * 31_557_600 * 1_000_000_000_u64;
    assert_eq!(record["requests"][0]["ended_ns"], years.to_string());
    // Whoever plays what the program refuses gets to the end of time.
    let tree = Tree::parse("A").unwrap();
    let mut outcomes = Outcomes::default();
    let scenario = Scenario::new(tree, 5, Duration::MAX);
    in_virtual_time(&scenario, false, &Context::background(), &mut outcomes);
    assert_eq!(outcomes.0[0].1.steps, 5);
    assert_eq!(outcomes.0[0].1.reason, Reason::Finished);
}

#[test]
fn the_number_of_steps_costs_nothing() {
    let most = u64::MAX;
    // The record writes what a JSON number cannot hold as text.
    for (words, expected) in [
        (
            format!("--items {most} --pause 1ns"),
            format!("A \"{most}\" finished -"),
        ),
        (
            format!("--items {most} --pause 0s"),
            format!("A \"{most}\" finished -"),
        ),
        (
            format!("--items {most} --pause 1ns --timeout 500y"),
            "A \"15778800000000000000\" deadline_exceeded root".into(),
        ),
    ] {
        let record = record(&format!("--virtual --requests 3 {words}"));
        assert_eq!(endings(&record)[0], expected, "{words}");
    }
}

#[test]
fn wide_names_do_not_push_columns_apart() {
    let text = printed("--virtual --tree 日本日本日本,語(語語) -q");
    let ends = text.lines().skip(2).take(4).map(|line| {
        let [steps, heading] =
            ["10 of 10", "steps"].map(|word| Some(line.find(word)? + word.len()));
        line[..steps.or(heading).unwrap()].width()
    });
    let ends: Vec<_> = ends.collect();
    assert_eq!(ends, [ends[1]; 4], "{text}");
}

#[test]
fn a_table_fits_on_its_page() {
    let words = "--virtual --tree A,B(Camilla(D(E))),F --timeout B=1s --timeout D=333us";
    let long = words
        .replace("Camilla", &"Camilla".repeat(20))
        .replace('D', &"d".repeat(50));
    for (width, words) in [20, 40, 60, 80, 120]
        .into_iter()
        .flat_map(|w| [(w, &*long), (w, words)])
    {
        let mut command = requests(words);
        command.arg("--ascii").env("COLUMNS", width.to_string());
        let text = String::from_utf8(support::output(&mut command).stdout).unwrap();
        assert!(text.is_ascii(), "{text}");
        for line in text.lines() {
            assert!(support::fits(line, width), "{width}: {line}");
        }
        let row = |name: &str, ended: [&str; 2], through: &str| {
            text.lines().any(|line| {
                let cut = line.trim_start().starts_with(name);
                let ended = ended.iter().any(|ended| line.contains(ended));
                cut && ended && (width == 20 || line.contains(through))
            })
        };
        let ended = ["deadline exceeded", "out of time"];
        assert!(row("B", ended, " B"), "{text}");
        let longest = if words == long { " d" } else { " D" };
        assert!(row("E", ended, longest), "{text}");
        if width == 40 {
            let which = if words == long { "long_names" } else { "names" };
            insta::assert_snapshot!(format!("{which}_on_40_columns_in_ascii"), text);
        }
    }
    let coloured = printed(&format!("{words} --color always --quiet"));
    insta::assert_snapshot!("in_colour", coloured);
}

/// A row of a table is a line, however little room there is.
#[test]
fn no_row_is_broken() {
    for (width, words) in [
        (40, "--timeout B=1s --items 1000"),
        (40, "--tree Alpha-Beta-Gamma-Delta(x) --timeout x=1s"),
        (30, "--timeout B=1s --items 1000"),
        (20, "--timeout B=1s"),
    ] {
        let mut command = requests(&format!("--virtual -q {words}"));
        let output = support::output(command.env("COLUMNS", width.to_string()));
        let text = String::from_utf8(output.stdout).unwrap();
        let table: Vec<_> = text.split("\n\n").nth(1).unwrap().lines().collect();
        let requests = if words.contains("--tree") { 2 } else { 3 };
        assert_eq!(table.len(), 1 + requests, "{text}");
        assert!(
            table[1..].iter().any(|row| row.contains("out of time")),
            "{text}"
        );
        assert!(width == 20 || table[0].contains("through"), "{text}");
    }
}

#[test]
fn a_deep_tree_says_who_is_below_whom() {
    let tree = (0..12)
        .rev()
        .fold(String::new(), |below, depth| match depth {
            11 => "n11".into(),
            _ => format!("n{depth}({below})"),
        });
    insta::assert_snapshot!(printed(&format!("--virtual --tree {tree} --timeout n5=1s")));
}

/// The next command goes on from what was typed.
#[test]
fn advice_remembers_what_was_typed() {
    for (typed, next) in [
        ("", "miscount requests --virtual --cancel-after 1s"),
        ("--cancel-after 100s", ""),
        (
            "--items 100k --pause 7us",
            "miscount requests --items 100000 --pause 7us --virtual --cancel-after 300ms",
        ),
        (
            "--tree A,B(C,D) --cancel B@700ms",
            "miscount requests --tree 'A,B(C,D)' --virtual --cancel B@700ms --timeout A=1s",
        ),
        (
            "--tree A,B(C,D) --cancel B@700ms --timeout A=1s --value D.pause=1ms",
            "",
        ),
        (
            "--tree A,B(C,D) --cancel B@700ms --timeout C=100ms",
            "miscount requests --tree 'A,B(C,D)' --virtual --cancel B@700ms --timeout C=100ms \
             --value A.items=4",
        ),
    ] {
        let text = printed(&format!("--virtual {typed}"));
        let text = text.replace('\n', " ");
        let command = text.split_once(": miscount requests").map(|(_, rest)| rest);
        let command = command.map(|rest| format!("miscount requests{}", rest.trim_end()));
        assert_eq!(command.unwrap_or_default(), next, "{typed}");
        // What is offered can be typed.
        if !next.is_empty() {
            printed(&next.replace('\'', "").replace("miscount requests ", ""));
        }
    }
}
