//! How it is reported.

use miscount::term::Page;

use super::{everything_wrong, healthy, interrupted, one_core};
use crate::support::{Shown, fits, page};

#[test]
fn reports_for_people() {
    for (name, record, page) in [
        ("healthy_on_80_columns", healthy(), page(80, false, true)),
        (
            "one_core_on_80_columns_in_ascii",
            one_core(),
            page(80, false, false),
        ),
        (
            "interrupted_on_40_columns",
            interrupted(),
            page(40, false, true),
        ),
        (
            "everything_wrong_on_120_columns",
            everything_wrong(),
            page(120, false, true),
        ),
    ] {
        let report = record.text(&page);
        let shown: String = report.lines().map(|line| format!("{line}|\n")).collect();
        insta::assert_snapshot!(name, shown);
    }
}

#[test]
fn reports_for_programs() {
    let record = healthy();
    insta::assert_snapshot!("healthy_as_json", format!("{:#}", record.json()));
    insta::assert_snapshot!("healthy_as_csv", record.csv());
    insta::assert_snapshot!("one_core_as_markdown", one_core().markdown());
    let lines = record.lines();
    let types: Vec<_> = lines
        .iter()
        .map(|line| line["type"].as_str().unwrap())
        .collect();
    let (last, rest) = types.split_last().unwrap();
    assert_eq!(*last, "summary");
    let of = |kind| rest.iter().filter(|&&line| line == kind).count();
    assert_eq!(of("measurement"), record.measurements.len());
    assert_eq!(of("finding"), record.findings.len());
    assert_eq!(lines.last().unwrap()["schema"], "miscount.doctor/1");
}

#[test]
fn no_line_is_wider_than_the_page() {
    for record in [healthy(), one_core(), interrupted(), everything_wrong()] {
        for width in 20..=200 {
            for unicode in [true, false] {
                let report = record.text(&page(width, false, unicode));
                for line in report.lines() {
                    assert!(fits(line, width), "{width}: {line}\n{report}");
                    assert_eq!(line.trim_end(), line, "{width}\n{report}");
                }
                assert!(unicode || report.is_ascii());
            }
        }
    }
}

#[test]
fn the_result_alone_has_no_advice() {
    let quiet = Page {
        quiet: true,
        ..page(80, false, true)
    };
    let report = one_core().text(&quiet);
    assert!(
        !report.contains("miscount ") && !report.contains("Try"),
        "{report}"
    );
    assert!(one_core().text(&page(80, false, true)).starts_with(&report));
}
