//! Race programs explained: their lines beside their steps.

use miscount::language::{GALLERY, SourceFile, read};
use serde_json::Value;

use crate::documents::{can_be_typed, strict};
use crate::support::miscount;

fn explain(words: &str) -> String {
    let output = miscount()
        .arg("explain")
        .args(words.split_whitespace())
        .env("COLUMNS", "80")
        .output()
        .unwrap();
    assert!(output.status.success(), "{words}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn record(words: &str) -> Value {
    serde_json::from_str(&explain(&format!("{words} --format json"))).unwrap()
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_str().unwrap())
}

#[test]
fn a_deadlock_of_threads_with_numbers() {
    insta::assert_snapshot!(explain("philosophers"));
}

#[test]
fn threads_that_go_round_for_ever() {
    insta::assert_snapshot!(explain("naive-flags --ascii"));
}

#[test]
fn a_failed_assertion_in_markdown() {
    insta::assert_snapshot!(explain("if-instead-of-while --format markdown"));
}

/// No step is left out, and none told twice: each thread has as many as its program.
#[test]
fn every_step_of_every_program_stands_below_its_line() {
    let valid = strict("program");
    for program in GALLERY {
        let record = record(program.name);
        assert!(valid.is_valid(&record), "{}", program.name);
        let race = read(SourceFile::new(program.name, program.text), &[], None).unwrap();
        let lines = record["lines"].as_array().unwrap();
        for line in lines {
            let number = usize::try_from(line["line"].as_u64().unwrap()).unwrap();
            let text = program.text.lines().nth(number - 1).unwrap();
            assert_eq!(line["text"], text.trim_end(), "{}", program.name);
        }
        for thread in 0..race.system.threads() {
            let label = miscount::model::Label(thread).to_string();
            let groups = lines
                .iter()
                .flat_map(|line| line["steps"].as_array().unwrap());
            let own = groups.filter(|group| strings(&group["threads"]).any(|one| one == label));
            let told: usize = own.map(|group| strings(&group["steps"]).count()).sum();
            let code = race.system.program(thread).code().iter();
            let steps = code.filter(|instruction| instruction.is_visible()).count();
            assert_eq!(told, steps, "{}, thread {label}", program.name);
        }
        // The story ends as the program's census says it can.
        let wrong = &record["breaking"];
        let outcomes = record["census"]["outcomes"].as_array().unwrap();
        let is_wrong =
            |outcome: &&Value| outcome["correct"] == false && outcome["kind"] != "livelock";
        assert_eq!(
            wrong.is_null(),
            !outcomes.iter().any(|o| is_wrong(&o)),
            "{}",
            program.name
        );
        if let Some(schedule) = wrong["schedule"].as_str() {
            assert!(
                outcomes
                    .iter()
                    .filter(is_wrong)
                    .any(|o| o["witness"] == schedule)
            );
        }
        for command in record["commands"].as_array().unwrap() {
            let command = command["command"].as_str().unwrap();
            can_be_typed(program.name, command.split(" > ").next().unwrap());
        }
    }
}

#[test]
fn steps_name_elements_and_hide_what_has_no_name() {
    let steps = |words: &str, line: u64| {
        let record = record(words);
        let lines = record["lines"].as_array().unwrap();
        let line = lines.iter().find(|one| one["line"] == line).unwrap();
        line["steps"].clone()
    };
    let flags = steps("naive-flags", 16);
    let expected = serde_json::json!([
        {"threads": ["A"], "steps": ["store flag[0], 1"]},
        {"threads": ["B"], "steps": ["store flag[1], 1"]},
    ]);
    assert_eq!(flags, expected);
    let spinning = serde_json::json!([{"threads": ["A", "B"], "steps": ["load flag[...]"]}]);
    assert_eq!(steps("naive-flags", 17), spinning);
}

#[test]
fn the_repaired_form_is_named() {
    assert_eq!(record("bank")["repaired"], "bank-fixed");
    assert!(record("bank-fixed")["repaired"].is_null());
    assert!(explain("bank-fixed").contains("miscount explain bank\n"));
    assert!(explain("bank").contains("miscount programs bank > my.race\n"));
}

#[test]
fn a_program_from_standard_input_has_no_commands_that_read_it_again() {
    use std::io::Write as _;
    use std::process::Stdio;

    let mut child = miscount()
        .args(["explain", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let text = "shared x\nthreads 2 { x += 1 }\nexpect x == 2\n";
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("▸ load x  ▸ store x"), "{page}");
    assert!(page.contains("ends with x = 1"), "{page}");
    assert!(!page.contains("miscount replay"), "{page}");
}

/// A program that is too large to be explored still has its lines and their steps.
#[test]
fn a_program_that_is_too_large_is_explained_without_its_outcomes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.race");
    std::fs::write(&path, "shared x\nthreads 200 { x += 1 }\nexpect x == 200\n").unwrap();
    let page = explain(path.to_str().unwrap());
    assert!(page.contains("▸ load x  ▸ store x"), "{page}");
    assert!(page.contains("other outcomes may exist"), "{page}");
    assert!(!page.contains("proven"), "{page}");
}

#[test]
fn only_code_is_wider_than_a_narrow_page() {
    for program in GALLERY {
        let output = miscount()
            .args(["explain", program.name, "--ascii"])
            .env("COLUMNS", "40")
            .output()
            .unwrap();
        let page = String::from_utf8(output.stdout).unwrap();
        assert!(page.is_ascii(), "{page}");
        let wide = |line: &&str| line.len() > 40 && !line.starts_with("    ");
        assert_eq!(page.lines().find(wide), None, "{}", program.name);
    }
}
