//! What is shown, in every format.

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::snippets::variants;
use crate::documents::can_be_typed;
use crate::support::{miscount, sentence};

/// What `explain` prints, on a page of this width.
fn explain(words: &str, width: usize) -> String {
    let output = miscount()
        .arg("explain")
        .args(words.split_whitespace())
        .env("COLUMNS", width.to_string())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{words}: {said}");
    assert_eq!(said, "", "{words}");
    String::from_utf8(output.stdout).unwrap()
}

/// What can be explained, as one types it; the empty text is the map.
fn everything() -> Vec<String> {
    let typed = |strategy: miscount::strategy::Strategy| {
        format!("{} {}", strategy.kind().name, strategy.flags())
    };
    let mut all: Vec<_> = variants().into_iter().map(typed).collect();
    all.push(String::new());
    all
}

#[test]
fn a_race_condition() {
    insta::assert_snapshot!(explain("unsynced", 80));
}

#[test]
fn every_access_locked_and_still_wrong() {
    insta::assert_snapshot!(explain("rwlock --split", 80));
}

#[test]
fn a_correct_strategy() {
    insta::assert_snapshot!(explain("atomic", 80));
}

#[test]
fn no_program() {
    insta::assert_snapshot!(explain("map-reduce --format markdown", 80));
}

#[test]
fn the_map() {
    insta::assert_snapshot!(explain("", 80));
}

#[test]
fn the_map_on_40_columns_in_ascii() {
    insta::assert_snapshot!(explain("--ascii", 40));
}

#[test]
fn a_race_condition_on_40_columns_in_ascii() {
    insta::assert_snapshot!(explain("unsynced --ascii --quiet", 40));
}

#[test]
fn nothing_but_code_and_commands_is_wider_than_the_page() {
    for words in everything() {
        for width in [20, 40, 80] {
            let text = explain(&words, width);
            let narrow = |line: &&str| line.width() > width && !line.starts_with("    ");
            assert_eq!(text.lines().find(narrow), None, "{words}, {width} columns");
            let plain = explain(&format!("{words} --ascii"), width);
            assert!(plain.is_ascii(), "{words}: {plain}");
        }
        // On the usual page code fits too.
        let text = explain(&words, 80);
        let wide = |line: &&str| line.width() > 80 && !line.contains("miscount ");
        assert_eq!(text.lines().find(wide), None, "{words}");
    }
}

#[test]
fn colours_change_no_word() {
    for words in ["unsynced", "atomic", ""] {
        let coloured = explain(&format!("{words} --color always"), 80);
        assert!(coloured.contains('\u{1b}'));
        let mut plain = String::new();
        for piece in coloured.split('\u{1b}') {
            let words = piece.split_once('m').filter(|_| piece.starts_with('['));
            plain += words.map_or(piece, |(_, rest)| rest);
        }
        assert_eq!(plain, explain(words, 80));
    }
}

#[test]
fn markdown_is_well_formed() {
    for words in everything() {
        let text = explain(&format!("{words} --format markdown"), 80);
        assert!(text.starts_with("# ") && text.ends_with('\n'), "{text}");
        let (mut inside, mut columns, mut blocks) = (false, None, 0);
        for line in text.lines() {
            if let Some(language) = line.strip_prefix("```") {
                // A block says what it is in, and ends without a word.
                assert_eq!(language.is_empty(), inside, "{words}: {line}");
                inside = !inside;
                blocks += 1;
            } else if !inside && line.starts_with('|') {
                let bars = line.replace("\\|", "").matches('|').count();
                assert_eq!(*columns.get_or_insert(bars), bars, "{words}: {line}");
            } else {
                columns = None;
            }
        }
        assert!(!inside && blocks >= 4, "{words}: {text}");
        assert!(
            !text.contains("\n\n\n") && !text.contains('\u{1b}'),
            "{text}"
        );
    }
}

#[test]
fn what_is_named_can_be_typed() {
    for words in everything() {
        let record: Value =
            serde_json::from_str(&explain(&format!("{words} --format json"), 80)).unwrap();
        let mut commands = Vec::new();
        collect(&record, &mut commands);
        assert!(commands.len() >= 2, "{words}: {commands:?}");
        for command in commands {
            can_be_typed(&words, command);
            let words: Vec<_> = command.split_whitespace().collect();
            // Those that take no time.
            if ["explain", "explore", "replay"].contains(&words[1]) {
                let output = miscount().args(&words[1..]).output().unwrap();
                assert_eq!(output.status.code(), Some(0), "{command}");
            }
        }
    }
}

/// All commands of a record.
fn collect<'a>(value: &'a Value, to: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(command) if key == "command" => to.push(command),
                    value => collect(value, to),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, to)),
        _ => {}
    }
}

#[test]
fn what_the_model_says_is_what_explore_and_replay_say() {
    for strategy in variants() {
        let name = format!("{} {}", strategy.kind().name, strategy.flags());
        let record: Value =
            serde_json::from_str(&explain(&format!("{name} --format json"), 80)).unwrap();
        assert_eq!(record["correct"], strategy.is_correct(), "{name}");
        assert_eq!(record["race"].is_null(), strategy.is_correct(), "{name}");
        assert_eq!(
            record["breaking"].is_null(),
            strategy.is_correct(),
            "{name}"
        );
        let counted = &record["counted"];
        if counted.is_null() {
            assert_eq!(strategy.kind().name, "map-reduce");
            assert!(!record["not_modelled"].is_null());
            continue;
        }
        let outcomes = counted["outcomes"].as_array().unwrap();
        let only_correct = outcomes.len() == 1 && outcomes[0]["total"] == 4;
        assert_eq!(only_correct, strategy.is_correct(), "{name}");
        let explored = miscount()
            .arg("explore")
            .args(name.split_whitespace())
            .args(["-t", "2", "-i", "2", "--format", "json"])
            .output()
            .unwrap();
        let explored: Value = serde_json::from_slice(&explored.stdout).unwrap();
        assert_eq!(explored["schedules"], counted["schedules"], "{name}");
        for (mine, theirs) in outcomes
            .iter()
            .zip(explored["outcomes"].as_array().unwrap())
        {
            assert_eq!(mine["total"], theirs["total"], "{name}");
            assert_eq!(mine["schedules"], theirs["schedules"], "{name}");
        }
        let breaking = &record["breaking"];
        if !breaking.is_null() {
            let replayed = miscount()
                .arg("replay")
                .args(name.split_whitespace())
                .args(["-t", "2", "-i", "1", "--strict", "--steps"])
                .args(["--format", "json", "-s"])
                .arg(breaking["schedule"].as_str().unwrap())
                .output()
                .unwrap();
            let replayed: Value = serde_json::from_slice(&replayed.stdout).unwrap();
            assert_eq!(replayed["actual"], breaking["total"], "{name}");
            assert_eq!(replayed["interleaving"], breaking["interleaving"], "{name}");
        }
    }
}

#[test]
fn the_map_has_every_strategy_and_tables_have_a_row_each() {
    let csv = explain("--format csv", 80);
    for kind in miscount::strategy::ALL {
        let row = format!("\n{},", kind.name);
        assert!(csv.contains(&row), "{}", kind.name);
        let one = explain(&format!("{} --format csv", kind.name), 80);
        assert_eq!(one.lines().count(), 2, "{one}");
        let strategy = kind
            .build(&miscount::strategy::Settings::default())
            .unwrap();
        assert!(one.contains(strategy.words().elsewhere.python), "{one}");
        // Its cost is compared with that of another.
        let beside = miscount::strategy::named(kind.beside).unwrap();
        assert_ne!(beside.name, kind.name);
        // Without flags its remedy loses nothing, and is another strategy only if it must be.
        let remedy = miscount::strategy::named(kind.remedy).unwrap();
        let fixed = remedy
            .build(&miscount::strategy::Settings::default())
            .unwrap();
        assert!(fixed.is_correct(), "{}", kind.name);
        assert_eq!(remedy.name == kind.name, strategy.is_correct());
    }
    assert!(csv.contains("\nrwlock,--split,false,"));
}

#[test]
fn what_cannot_be_explained_is_said() {
    for (words, complaint) in [
        ("unsink", "'unsynced'"),
        ("mutex", "mutex-per-op"),
        ("--split", "rwlock"),
        ("--batch 3", "mutex-per-batch"),
        ("--readers 3", "rwlock"),
        ("rwlock --readers 3", "--readers"),
        ("atomic --split", "belongs to rwlock"),
        ("atomic --readers 1", "belongs to rwlock"),
        ("mutex-per-batch --batch 0", "--batch"),
        (
            "unsynced --access single-instruction --window yield",
            "--window",
        ),
        ("unsynced atomic", "atomic"),
    ] {
        let mut program = miscount();
        let output = program.arg("explain").args(words.split_whitespace());
        let said = sentence(&output.output().unwrap(), 2, words);
        assert!(said.contains(complaint), "{words}: {said}");
    }
}

/// Code is set off in Markdown, where a star would make the rest of a line slanted, and in the formats
/// that Markdown can be made from again; text and pages have no need of it.
#[test]
fn code_in_words_is_code_in_markdown_alone() {
    for (words, code) in [
        ("unsynced", "`*value++`"),
        ("rwlock --split", "`mu.RLock(); v := *value;"),
        ("rwlock --split", "Schedule `A3,B-,A-`"),
        ("", "| `rwlock --split` "),
        ("", "`atomic` is one step"),
    ] {
        let markdown = explain(&format!("{words} --format markdown"), 80);
        assert!(markdown.contains(code), "{words}: {markdown}");
        let text = explain(words, 80);
        assert!(!text.contains('`'), "{words}: {text}");
    }
}

#[test]
fn a_long_name_is_not_broken_where_it_fits_on_a_line() {
    let text = explain("compare-exchange", 40);
    assert!(
        text.contains("    std::atomic::compare_exchange_weak\n"),
        "{text}"
    );
}
