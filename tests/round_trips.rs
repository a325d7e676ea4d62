//! What one format says, the others say; and what a record says of its runs follows from them.

use std::sync::LazyLock;
use std::time::Duration;

use jsonschema::Validator;
use miscount::lab::{CountingOutcome, Runs, Setup, Stopped};
use miscount::page;
use miscount::plan::{CountingPlan, StartLine};
use miscount::record::CountingCollector;
use miscount::render::{CountingStream, Format, Lines};
use miscount::strategy::{self, Settings, Shape};
use miscount::sync::{Context, Observer};
use proptest::prelude::*;
use serde_json::Value;

use crate::documents::strict;
use crate::support::{self, miscount};

static RECORD: LazyLock<Validator> = LazyLock::new(|| strict("counting"));
static LINE: LazyLock<Validator> = LazyLock::new(|| strict("counting-lines"));

/// An experiment that has happened, as it is written here.
#[derive(Clone, Debug)]
struct Script {
    threads: usize,
    increments: u64,
    stride: usize,
    /// Totals, as what is missing from the expected one.
    lost: Vec<u64>,
    meetings_ns: Vec<u64>,
    /// Meetings in the first chunk.
    cut: usize,
}

/// The same experiment, in all formats that hold its runs.
struct Told {
    json: Value,
    lines: Vec<Value>,
    rows: String,
    table: String,
}

impl Script {
    fn tell(&self) -> Told {
        let kind = strategy::named("unsynced").unwrap();
        let shape = Shape::new(self.threads, self.increments).unwrap();
        let mut plan = CountingPlan::new(
            kind.build(&Settings::default()).unwrap(),
            shape,
            self.lost.len() as u64,
        );
        plan.stride = self.stride;
        let (_, canceler) = Context::background().with_cancel();
        let stream = |lines| CountingStream::new(lines, Vec::new(), canceler.clone(), &plan);
        let (mut lines, mut rows) = (stream(Lines::Json), stream(Lines::Csv));
        let mut collector = CountingCollector::new(&plan, 100_000);
        self.happen(&mut (&mut lines, (&mut rows, &mut collector)));
        let outcome = CountingOutcome {
            runs: self.lost.len() as u64,
            stopped: Stopped::Completed,
            readings: None,
            setup: Setup {
                cpu: None,
                cores: Some(2),
                pinned: true,
                start: StartLine::default(),
                repeated: 0,
            },
        };
        let record = collector.finish(&plan, &outcome, Duration::from_millis(5));
        let written = |format: Format| {
            let mut bytes = Vec::new();
            let document = || page::counting(&record, &plan.strategy);
            let page = support::page(80, false, true);
            format.write(&record, document, &page, &mut bytes).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        let text =
            |stream: CountingStream<Vec<u8>>| String::from_utf8(stream.finish().unwrap()).unwrap();
        let lines = text(lines);
        let mut rest = Vec::new();
        Format::Jsonl.write_rest(&record, &mut rest).unwrap();
        let lines = lines + &String::from_utf8(rest).unwrap();
        let lines = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        Told {
            json: serde_json::from_str(&written(Format::Json)).unwrap(),
            lines: lines.collect(),
            rows: text(rows),
            table: written(Format::Csv),
        }
    }

    fn happen(&self, observer: &mut dyn Observer<Runs>) {
        let expected = self.threads as u64 * self.increments;
        let actuals: Vec<_> = self.lost.iter().map(|lost| expected - lost).collect();
        let (early, late) = actuals.split_at(actuals.len().min(self.cut * self.stride));
        let (early_ns, late_ns) = self.meetings_ns.split_at(self.cut);
        let mut first = 1;
        for (actuals, meetings_ns) in [(early, early_ns), (late, late_ns)] {
            let runs = Runs {
                first,
                actuals: actuals.to_vec(),
                meetings_ns: meetings_ns.to_vec(),
                stride: self.stride,
            };
            observer.observe(&runs);
            first += runs.count();
        }
    }
}

fn script() -> impl Strategy<Value = Script> {
    // Small shapes, and some whose totals are written as strings.
    let increments = prop_oneof![0..3_u64, 1..50_000_u64, Just(1 << 58)];
    (1..9_usize, increments, 1..5_usize, 0..60_usize).prop_flat_map(
        |(threads, increments, stride, runs)| {
            let meetings = runs.div_ceil(stride);
            let lost = 0..=(threads as u64 * increments);
            let mostly_few = prop_oneof![Just(0), lost];
            (
                prop::collection::vec(mostly_few, runs),
                prop::collection::vec(0..5_000_000_u64, meetings),
                0..=meetings,
            )
                .prop_map(move |(lost, meetings_ns, cut)| Script {
                    threads,
                    increments,
                    stride,
                    lost,
                    meetings_ns,
                    cut,
                })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_lines_say_json_and_csv_say(script in script()) {
        let told = script.tell();
        check_record(&told.json, told.json["runs"].as_array().map(Vec::as_slice));
        let (summary, runs) = told.lines.split_last().unwrap();
        check_record(summary, Some(runs));
        // Every key of the one is in the other, with the same value, but for how runs are told.
        for (key, value) in told.json.as_object().unwrap() {
            prop_assert!(key == "runs" || &summary[key] == value, "{}", key);
        }
        for key in summary.as_object().unwrap().keys() {
            prop_assert!(
                ["type", "runs_omitted"].contains(&key.as_str()) || !told.json[key].is_null()
                    || told.json.get(key).is_some(), "{}", key);
        }
        let listed = told.json["runs"].as_array().unwrap();
        prop_assert_eq!(listed.len(), runs.len());
        for (listed, line) in listed.iter().zip(runs) {
            let mut line = line.clone();
            prop_assert_eq!(line.as_object_mut().unwrap().shift_remove("type"), Some("run".into()));
            prop_assert_eq!(listed, &line);
        }
        // The rows as they came are the rows of the report, and say the same once more.
        prop_assert_eq!(&told.rows, &told.table);
        check_rows(&told.rows, &told.json, runs);
        prop_assert!(RECORD.is_valid(&told.json), "{}", told.json);
        for line in &told.lines {
            prop_assert!(LINE.is_valid(line), "{}", line);
        }
    }
}

/// A number, which may be written as a string.
fn number(value: &Value) -> u64 {
    value
        .as_u64()
        .or_else(|| value.as_str()?.parse().ok())
        .unwrap_or_else(|| panic!("not a number: {value}"))
}

/// Holds rows of CSV to the record and the runs of the same experiment.
fn check_rows(rows: &str, record: &Value, runs: &[Value]) {
    let mut reader = csv::Reader::from_reader(rows.as_bytes());
    let heading = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), runs.len());
    for (row, run) in rows.iter().zip(runs) {
        for (column, cell) in heading.iter().zip(row) {
            let value = run.get(column).unwrap_or(&record[column]);
            match value.as_str() {
                Some(text) => assert_eq!(cell, text),
                None => assert_eq!(cell, value.to_string()),
            }
        }
    }
}

fn assert_near(found: &Value, expected: f64, what: &str) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{what}: {found}"));
    let tolerance = 1e-9 * expected.abs().max(1e-9);
    assert!(
        (found - expected).abs() <= tolerance,
        "{what}: {found}, not {expected}"
    );
}

/// The median, worked out by sorting.
fn median(values: &[u64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[middle] as f64
    } else {
        f64::midpoint(sorted[middle - 1] as f64, sorted[middle] as f64)
    }
}

/// Holds a record to what must be true of any, and to its runs where these are known.
pub(crate) fn check_record(record: &Value, runs: Option<&[Value]>) {
    let expected = number(&record["expected"]);
    let completed = number(&record["runs_completed"]);
    let summary = &record["summary"];
    let (lost, correct) = (
        number(&summary["runs_lost"]),
        number(&summary["runs_correct"]),
    );
    assert_eq!(
        number(&record["threads"]) * number(&record["increments"]),
        expected
    );
    assert_eq!(lost + correct, completed);
    let distribution = record["distribution"].as_array().unwrap();
    let counted: u64 = distribution
        .iter()
        .map(|entry| number(&entry["runs"]))
        .sum();
    assert_eq!(counted, completed, "the distribution has every run once");
    if completed > 0 {
        assert_near(
            &summary["runs_lost_share"],
            lost as f64 / completed as f64,
            "share",
        );
        let [low, high] = [0, 1].map(|end| summary["runs_lost_interval"][end].as_f64().unwrap());
        let share = lost as f64 / completed as f64;
        assert!(0.0 <= low && low <= share && share <= high && high <= 1.0);
    }
    let Some(runs) = runs else {
        assert_eq!(record["runs_omitted"], true);
        return;
    };
    assert_eq!(runs.len() as u64, completed);
    for (place, run) in (1..).zip(runs) {
        assert_eq!(number(&run["run"]), place, "runs follow one another");
        assert_eq!(number(&run["lost"]), expected - number(&run["actual"]));
    }
    if completed > 0 {
        check_spreads(record, runs);
    }
}

fn check_spreads(record: &Value, runs: &[Value]) {
    let (expected, summary) = (number(&record["expected"]), &record["summary"]);
    for name in ["actual", "lost", "elapsed_ns"] {
        let values: Vec<u64> = runs.iter().map(|run| number(&run[name])).collect();
        let spread = &summary[name];
        assert_eq!(
            number(&spread["min"]),
            *values.iter().min().unwrap(),
            "{name}"
        );
        assert_eq!(
            number(&spread["max"]),
            *values.iter().max().unwrap(),
            "{name}"
        );
        let mean = values.iter().map(|&v| v as f64).sum::<f64>() / values.len() as f64;
        let found = spread["mean"].as_f64().unwrap();
        // What is lost is worked out from totals, whose digits are what they are.
        let digits = 1e-9 * (mean + expected as f64);
        assert!(
            (found - mean).abs() <= digits,
            "{name}: {found}, not {mean}"
        );
        let (found, middle) = (spread["median"].as_f64().unwrap(), median(&values));
        let (min, max) = (number(&spread["min"]), number(&spread["max"]));
        assert!(min as f64 <= found && found <= max as f64, "{name}");
        // Totals beyond a thousand different ones are told in ranges.
        let in_ranges = record["distribution"][0].get("actual").is_none();
        if name == "elapsed_ns" || !in_ranges {
            assert!(
                (found - middle).abs() <= digits,
                "{name}: {found}, not {middle}"
            );
        }
        assert_eq!(spread["stddev"].is_null(), values.len() == 1, "{name}");
    }
    let lost = runs.iter().filter(|run| number(&run["lost"]) > 0).count();
    assert_eq!(number(&summary["runs_lost"]), lost as u64);
    for entry in record["distribution"].as_array().unwrap() {
        let end = |key| number(entry.get(key).unwrap_or(&entry["actual"]));
        let within = |run: &&Value| (end("from")..=end("to")).contains(&number(&run["actual"]));
        let count = runs.iter().filter(within).count() as u64;
        assert_eq!(number(&entry["runs"]), count, "{entry}");
    }
}

/// More than a thousand different totals are told in ranges.
#[test]
fn ranges_hold_every_run_once() {
    let told = Script {
        threads: 2,
        increments: 1_000_000,
        stride: 1,
        lost: (0..1500).map(|run| run * 1237 % 1_000_000).collect(),
        meetings_ns: (0..1500).collect(),
        cut: 700,
    }
    .tell();
    assert!(told.json["distribution"][0].get("from").is_some());
    let (summary, runs) = told.lines.split_last().unwrap();
    check_record(summary, Some(runs));
    check_record(&told.json, Some(runs));
    assert!(RECORD.is_valid(&told.json));
}

/// What the program prints as JSON, and its exit code.
fn real(words: &str) -> (Value, i32) {
    let output = miscount()
        .args(words.split(' '))
        .args(["--format", "json"])
        .output()
        .unwrap();
    let record = serde_json::from_slice(&output.stdout).unwrap();
    (record, output.status.code().unwrap())
}

#[test]
fn real_records_follow_from_their_runs() {
    for words in [
        "unsynced",
        "unsynced -t 2 -i 100 -r 3k",
        "unsynced -t 2 -i 1 --stride 256 -r 5_000",
        "unsynced --window yield -i 50 -r 7",
        "rwlock -i 100 -r 5",
        "sharded -t 9 -i 7 -r 3",
        "atomic -i 0",
        "atomic -r 1",
        "atomic -i 1 --stride 256 -r 100_001",
    ] {
        let (record, code) = real(words);
        assert_eq!(code, 0, "{words}");
        assert_eq!(record["stopped"], "completed", "{words}");
        assert_eq!(
            record["runs_completed"], record["runs_requested"],
            "{words}"
        );
        check_record(&record, record["runs"].as_array().map(Vec::as_slice));
    }
}

#[test]
fn the_run_that_is_waited_for_is_the_last() {
    for (words, lost) in [
        (
            "unsynced -t 2 -i 1k --window yield -r 100 --until lost",
            true,
        ),
        (
            "unsynced -t 2 -i 1k --window yield --until lost --for 1h",
            true,
        ),
        (
            "unsynced -t 2 -i 100 --window yield --stride 64 -r 1k --until lost",
            true,
        ),
        ("unsynced -t 1 -r 100 --until correct", false),
        ("atomic --until correct --for 1h", false),
        ("atomic --stride 64 -i 10 -r 1k --until correct", false),
    ] {
        let (record, code) = real(words);
        assert_eq!((code, &record["stopped"]), (0, &"found".into()), "{words}");
        let runs = record["runs"].as_array().unwrap();
        check_record(&record, Some(runs));
        let (last, before) = runs.split_last().unwrap();
        let has_lost = |run: &Value| number(&run["lost"]) > 0;
        assert_eq!(has_lost(last), lost, "{words}");
        assert!(before.iter().all(|run| has_lost(run) != lost), "{words}");
    }
}

#[test]
fn the_limit_ends_what_is_never_found() {
    for (words, runs) in [
        ("atomic -r 7 --until lost", 7),
        ("unsynced -t 1 -r 7 --until lost", 7),
        // Correct only if one thread is kept away while the other sleeps twenty times.
        (
            "unsynced -t 2 -i 20 --window sleep:5ms -r 3 --until correct",
            3,
        ),
        ("atomic -i 0 -r 7 --until lost", 7),
    ] {
        let (record, code) = real(words);
        assert_eq!(
            (code, &record["stopped"]),
            (0, &"completed".into()),
            "{words}"
        );
        assert_eq!(record["runs_completed"], runs, "{words}");
    }
}

#[test]
fn time_makes_at_least_one_run() {
    for words in [
        "atomic --for 1ns",
        "atomic --for 30ms",
        "atomic --for 1ms --until lost",
    ] {
        let (record, code) = real(words);
        assert_eq!((code, &record["stopped"]), (0, &"budget".into()), "{words}");
        assert!(number(&record["runs_completed"]) >= 1, "{words}");
        assert!(record["runs_requested"].is_null(), "{words}");
        check_record(&record, record["runs"].as_array().map(Vec::as_slice));
    }
}

#[test]
fn real_lines_and_rows_follow_from_one_another() {
    let words = "unsynced -t 2 -i 100 -r 500 --stride 3";
    let printed = |format| {
        let output = miscount()
            .args(words.split(' '))
            .args(["--format", format])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).unwrap()
    };
    let lines: Vec<Value> = printed("jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (summary, runs) = lines.split_last().unwrap();
    check_record(summary, Some(runs));
    let rows = printed("csv");
    let mut reader = csv::Reader::from_reader(rows.as_bytes());
    for (place, row) in (1..).zip(reader.deserialize::<Row>()) {
        let row = row.unwrap();
        assert_eq!(row.0, place);
        assert_eq!((&*row.1, row.2, row.3, row.4), ("unsynced", 2, 100, 200));
        assert_eq!(row.5 + row.6, 200);
    }
    assert_eq!(rows.lines().count(), 501);
}

type Row = (u64, String, u64, u64, u64, u64, u64, u64);
