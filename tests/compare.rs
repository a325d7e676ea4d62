//! Strategies side by side: the table from scripted runs, the rounds on real threads, and the
//! program in every format.

use std::process::{Command, Output, Stdio};

use miscount::error::Error;
use miscount::lab::{Compared, Comparer, Heard, Lab, Listener, RoundRun, Setup, Stopped};
use miscount::plan::{Comparison, Entry, Pinning, StartLine};
use miscount::report::{Comparing, Gatherer, Report, StopReason};
use miscount::strategy::{self, ALL, Settings, Shape};
use miscount::sync::Context;
use miscount::term::{Page, Palette, Signs};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

/// A comparison that has happened: how many picoseconds an increment took, and how many per mille
/// were lost.
struct Script {
    runs: &'static [(&'static str, u64, u64)],
    threads: &'static [usize],
    rounds: u64,
    /// Runs until it ended.
    heard: usize,
    stopped: Stopped,
}

const FOUR: &[(&str, u64, u64)] = &[
    ("unsynced", 500, 310),
    ("mutex-per-op", 20_000, 0),
    ("atomic", 4_500, 0),
    ("sharded", 250, 0),
];

impl Script {
    fn of(threads: &'static [usize]) -> Self {
        Self {
            runs: FOUR,
            threads,
            rounds: 9,
            heard: usize::MAX,
            stopped: Stopped::Completed,
        }
    }

    fn plan(&self) -> Comparison {
        let names: Vec<_> = self.runs.iter().map(|run| run.0).collect();
        comparison(&names, self.threads, 50_000, self.rounds)
    }

    fn record(&self) -> Comparing {
        record(&self.plan(), self)
    }

    fn report(&self, page: Page) -> String {
        self.record().text(&page)
    }
}

impl Comparer for Script {
    fn compare(
        &self,
        plan: &Comparison,
        _: &Context,
        listener: &mut dyn Listener,
    ) -> Result<Compared, Error> {
        let entries = plan.entries.iter().enumerate();
        let everybody = (0..self.rounds).flat_map(|round| entries.clone().map(move |e| (round, e)));
        for (round, (place, entry)) in everybody.take(self.heard) {
            let (_, ps, lost) = self.runs[place % self.runs.len()];
            let expected = entry.shape.expected();
            let threads = entry.shape.threads() as u64;
            // The machine slows down from round to round, and those who share a counter suffer
            // from one another.
            let slowly = expected * ps / 1000 * (10 + round) / 10;
            let jitter = (round * 7 + place as u64 * 3) % 5 * 100;
            listener.hear(Heard::Waiting);
            listener.hear(Heard::Run(RoundRun {
                entry: place,
                actual: if threads == 1 {
                    expected
                } else {
                    expected - expected * lost / 1000
                },
                elapsed_ns: slowly * threads + jitter,
            }));
        }
        Ok(Compared {
            stopped: self.stopped,
            setup: Setup {
                cpu: Some("a processor".into()),
                cores: Some(2),
                pinned: true,
                start: StartLine::default(),
            },
        })
    }
}

/// These strategies as they are by default, without readers.
fn comparison(names: &[&str], threads: &[usize], increments: u64, rounds: u64) -> Comparison {
    let settings = Settings {
        readers: 0,
        ..Settings::default()
    };
    let entry = |threads: usize, name: &str| Entry {
        strategy: (strategy::named(name).unwrap().build)(&settings).unwrap(),
        shape: Shape::new(threads, increments).unwrap(),
    };
    let counts = threads.iter();
    Comparison {
        entries: counts
            .flat_map(|&threads| names.iter().map(move |name| entry(threads, name)))
            .collect(),
        rounds,
        start: StartLine::default(),
        pinning: Pinning::default(),
    }
}

fn record(plan: &Comparison, comparer: &dyn Comparer) -> Comparing {
    let mut gatherer = Gatherer::new(plan);
    let compared = comparer
        .compare(plan, &Context::background(), &mut gatherer)
        .unwrap();
    gatherer.finish(plan, &compared)
}

fn page(width: usize, unicode: bool) -> Page {
    Page {
        width,
        palette: Palette::new(false),
        signs: if unicode {
            Signs::UNICODE
        } else {
            Signs::ASCII
        },
        quiet: false,
    }
}

#[test]
fn a_comparison_on_80_columns() {
    insta::assert_snapshot!(Script::of(&[3]).report(page(80, true)));
}

#[test]
fn a_comparison_on_40_columns_in_ascii() {
    insta::assert_snapshot!(Script::of(&[3]).report(page(40, false)));
}

#[test]
fn a_sweep_on_80_columns() {
    insta::assert_snapshot!(Script::of(&[1, 2, 4]).report(page(80, true)));
}

#[test]
fn a_sweep_on_120_columns_in_ascii() {
    insta::assert_snapshot!(Script::of(&[1, 2, 4]).report(page(120, false)));
}

#[test]
fn a_sweep_as_markdown() {
    insta::assert_snapshot!(Script::of(&[1, 2]).record().markdown());
}

#[test]
fn a_comparison_without_a_run_has_no_numbers() {
    let script = Script {
        heard: 0,
        stopped: Stopped::Timeout,
        ..Script::of(&[3])
    };
    insta::assert_snapshot!(script.report(page(80, true)), @r"
    compare: 3 threads × 50,000 increments, 9 runs each

    No run was finished.

    Out of time after 0 of 9 rounds.
    ");
    for entry in script.record().json()["entries"].as_array().unwrap() {
        for unknown in ["lost_share", "elapsed_ns", "ns_per_increment", "ratio"] {
            assert_eq!(entry[unknown], Value::Null, "{unknown}");
        }
    }
}

#[test]
fn no_report_is_wider_than_its_page_and_ascii_is_ascii() {
    let interrupted = Script {
        heard: 6,
        stopped: Stopped::Interrupted,
        ..Script::of(&[1, 1024])
    };
    for script in [Script::of(&[3]), Script::of(&[1, 2, 4]), interrupted] {
        for width in 20..140 {
            let report = script.report(page(width, true));
            for line in report.lines() {
                assert!(line.width() <= width, "{width}: {line:?}");
                assert_eq!(line, line.trim_end(), "{width}");
            }
            assert!(script.report(page(width, false)).is_ascii());
        }
    }
}

#[test]
fn ratios_are_taken_round_by_round() {
    let record = Script::of(&[3]).record();
    let of = |name: &str| record.entries.iter().find(|e| e.strategy == name).unwrap();
    let (mutex, sharded) = (of("mutex-per-op"), of("sharded"));
    assert!(sharded.cheapest && !mutex.cheapest && !of("unsynced").cheapest);
    let itself = sharded.ratio.unwrap();
    assert!((1.0..=1.0).contains(&itself.min) && (1.0..=1.0).contains(&itself.max));
    // The machine grows slower by four fifths, which the times show and the ratios do not.
    let (times, ratio) = (mutex.ns_per_increment.unwrap(), mutex.ratio.unwrap());
    assert!(times.max / times.min > 1.7, "{times:?}");
    assert!((79.0..81.0).contains(&ratio.min), "{ratio:?}");
    assert!((79.0..81.0).contains(&ratio.max), "{ratio:?}");
    assert!(ratio.lower_quartile <= ratio.median && ratio.median <= ratio.upper_quartile);
}

#[test]
fn what_lost_updates_is_never_the_cheapest_correct_one() {
    let script = Script {
        runs: &[
            ("unsynced", 100, 0),
            ("atomic", 200, 1),
            ("sharded", 300, 0),
        ],
        ..Script::of(&[2])
    };
    let record = script.record();
    let cheapest: Vec<_> = record.entries.iter().map(|entry| entry.cheapest).collect();
    assert_eq!(cheapest, [false, false, true]);
    let report = script.report(page(80, true));
    assert!(report.contains("by luck"), "{report}");
}

/// Median times and median ratios need not agree who is the dearest; the one that is called so is
/// the one whose bar is the longest.
#[test]
fn the_dearest_is_dearest_by_the_times_that_are_shown() {
    struct Noisy;
    impl Comparer for Noisy {
        fn compare(
            &self,
            _: &Comparison,
            _: &Context,
            listener: &mut dyn Listener,
        ) -> Result<Compared, Error> {
            for times in [[10, 600, 500], [100, 700, 600], [110, 650, 5_000]] {
                for (entry, elapsed_ns) in times.into_iter().enumerate() {
                    let run = RoundRun {
                        entry,
                        actual: 100,
                        elapsed_ns,
                    };
                    listener.hear(Heard::Run(run));
                }
            }
            Script::of(&[1]).compare(
                &comparison(&[], &[], 0, 0),
                &Context::background(),
                listener,
            )
        }
    }
    let plan = comparison(&["sharded", "rwlock", "atomic"], &[1], 100, 3);
    let record = record(&plan, &Noisy);
    let middle = |place: usize| {
        let entry = &record.entries[place];
        (
            entry.ns_per_increment.unwrap().median,
            entry.ratio.unwrap().median,
        )
    };
    assert!(
        middle(1).0 > middle(2).0 && middle(1).1 < middle(2).1,
        "{record:?}"
    );
    let report = record.text(&page(80, true));
    assert!(report.contains("dearest: rwlock"), "{report}");
}

#[test]
fn the_command_to_type_next_belongs_to_the_comparison() {
    let command = |script: &Script| {
        let report = script.report(page(200, true));
        let command = &report[report.rfind("miscount ").unwrap()..];
        crate::documents::can_be_typed("compare", command.trim_end());
        command.trim_end().to_string()
    };
    let alone = Script {
        runs: &[("atomic", 100, 0)],
        ..Script::of(&[3])
    };
    assert_eq!(command(&alone), "miscount compare atomic -t 1,2,4 -i 50000");
    let sweep = Script {
        threads: &[64, 128],
        ..alone
    };
    assert_eq!(command(&sweep), "miscount atomic -t 128 -i 50000");
    let lucky = Script {
        runs: &[("unsynced", 100, 0), ("rwlock", 200, 0)],
        ..Script::of(&[2, 3])
    };
    assert_eq!(
        command(&lucky),
        "miscount compare unsynced rwlock -t 2,3 -i 1k --window yield"
    );
    assert_eq!(
        command(&Script::of(&[2, 3])),
        "miscount unsynced -t 3 -i 50000"
    );
}

#[test]
fn a_comparison_that_is_cut_short_counts_whole_rounds() {
    let script = Script {
        heard: 4 * 2 + 1,
        stopped: Stopped::Interrupted,
        ..Script::of(&[2])
    };
    let record = script.record();
    assert_eq!(record.runs_completed, 2);
    assert_eq!(record.stopped, StopReason::Interrupted);
    let runs: Vec<_> = record.entries.iter().map(|e| e.runs_completed).collect();
    assert_eq!(runs, [3, 2, 2, 2]);
}

/// Every strategy, on real threads.
#[test]
fn on_real_threads_every_correct_strategy_is_correct() {
    let names: Vec<_> = ALL.iter().map(|kind| kind.name).collect();
    for start in [StartLine::Timebase, StartLine::None] {
        let plan = Comparison {
            start,
            ..comparison(&names, &[1, 2, 5], 200, 4)
        };
        let record = record(&plan, &Lab);
        assert_eq!(record.stopped, StopReason::Completed);
        assert_eq!(record.entries.len(), 3 * ALL.len());
        for entry in &record.entries {
            assert_eq!(entry.runs_completed, 4, "{entry:?}");
            assert_eq!(entry.correct, entry.strategy != "unsynced");
            if entry.correct || entry.threads == 1 {
                assert_eq!(entry.runs_lost, 0, "{entry:?}");
            }
        }
        for threads in [1, 2, 5] {
            let same = record.entries.iter().filter(|e| e.threads == threads);
            assert_eq!(same.filter(|entry| entry.cheapest).count(), 1);
        }
    }
}

#[test]
fn runs_finished_before_an_interruption_are_told_of() {
    struct Impatient(Vec<RoundRun>, miscount::sync::Canceler);
    impl Listener for Impatient {
        fn hear(&mut self, heard: Heard) {
            if let Heard::Run(run) = heard {
                self.0.push(run);
                if self.0.len() == 5 {
                    self.1.cancel();
                }
            }
        }
    }
    let plan = comparison(&["atomic", "sharded"], &[2], 100, 50);
    let (context, canceler) = Context::background().with_cancel();
    let mut impatient = Impatient(Vec::new(), canceler);
    let compared = Lab.compare(&plan, &context, &mut impatient).unwrap();
    assert_eq!(compared.stopped, Stopped::Interrupted);
    let places: Vec<_> = impatient.0.iter().map(|run| run.entry).collect();
    assert_eq!(places, [0, 1, 1, 0, 1]);
}

fn miscount(words: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_miscount"))
        .args(words.split_whitespace())
        .env("COLUMNS", "80")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn printed(words: &str) -> String {
    let output = miscount(words);
    assert_eq!(output.status.code(), Some(0), "{words}: {output:?}");
    assert_eq!(output.stderr, b"", "{words}");
    String::from_utf8(output.stdout).unwrap()
}

/// A small comparison, as JSON.
fn json(words: &str) -> Value {
    let words = format!("compare -i 100 -r 3 --format json {words}");
    serde_json::from_str(&printed(&words)).unwrap()
}

#[test]
fn every_format_tells_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = |format: &str| folder.path().join(format);
    let common = "compare unsynced atomic -t 1,2 -i 100 -r 3 --format";
    let json = json("unsynced atomic -t 2,1,2");
    assert_eq!(json["schema"], "miscount.compare/1");
    assert_eq!(json["threads"], serde_json::json!([1, 2]));
    assert_eq!(json["stopped"], "completed");
    let entries = json["entries"].as_array().unwrap();
    let names: Vec<_> = entries
        .iter()
        .map(|e| {
            (
                e["strategy"].as_str().unwrap(),
                e["threads"].as_u64().unwrap(),
            )
        })
        .collect();
    let wanted = [
        ("unsynced", 1),
        ("atomic", 1),
        ("unsynced", 2),
        ("atomic", 2),
    ];
    assert_eq!(names, wanted);

    let lines = printed(&format!("{common} jsonl"));
    let lines: Vec<Value> = lines
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let kinds: Vec<_> = lines
        .iter()
        .map(|line| line["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["entry", "entry", "entry", "entry", "summary"]);
    assert_eq!(lines[4]["schema"], "miscount.compare/1");
    assert_eq!(lines[4].get("entries"), None);

    // Measured anew each time, so a record is compared with itself.
    let record = Script::of(&[1, 2]).record();
    let (json, csv) = (record.json(), record.table().csv());
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let heading = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), json["entries"].as_array().unwrap().len());
    for (row, entry) in rows.iter().zip(json["entries"].as_array().unwrap()) {
        for (name, cell) in heading.iter().zip(row) {
            let value = ["ratio", "ns_per_increment"]
                .iter()
                .find_map(|whole| {
                    let part = name.strip_prefix(whole)?;
                    let part = part.strip_prefix('_').unwrap_or("median");
                    Some(&entry[whole][part])
                })
                .unwrap_or(&entry[name]);
            match value {
                Value::String(text) => assert_eq!(cell, text),
                Value::Number(number) => {
                    // Bit by bit: both say what the record says, not roughly so.
                    let bits = |value: f64| value.to_bits();
                    let cell = cell.parse().ok().map(bits);
                    assert_eq!(cell, number.as_f64().map(bits), "{name}");
                }
                other => assert_eq!(cell, other.to_string(), "{name}"),
            }
        }
    }

    for format in ["text", "json", "jsonl", "csv", "markdown"] {
        let path = file(format);
        let words = format!("{common} {format} -o {}", path.display());
        assert_eq!(printed(&words), "");
        let written = std::fs::read_to_string(path).unwrap();
        assert!(
            written.contains("unsynced") && written.ends_with('\n'),
            "{written}"
        );
    }
}

#[test]
fn by_default_all_are_compared_without_readers() {
    let json = json("");
    let entries = json["entries"].as_array().unwrap();
    let names: Vec<_> = entries
        .iter()
        .map(|e| e["strategy"].as_str().unwrap())
        .collect();
    let all: Vec<_> = ALL.iter().map(|kind| kind.name).collect();
    assert_eq!(names, all);
    assert_eq!(entries[3]["flags"], "--readers 0");
    assert_eq!(json["runs_completed"], 3);
}

#[test]
fn settings_go_to_those_who_take_them() {
    let json = json("--split --readers 1 --batch 7 --window spin:3 -t 2");
    let entries = json["entries"].as_array().unwrap();
    let flags = |name: &str| -> Vec<_> {
        let named = entries.iter().filter(|e| e["strategy"] == name);
        named.map(|e| e["flags"].as_str().unwrap()).collect()
    };
    assert_eq!(flags("unsynced"), ["--window spin:3"]);
    assert_eq!(flags("mutex-per-batch"), ["--batch 7"]);
    assert_eq!(flags("rwlock"), ["--readers 1", "--readers 1 --split"]);
    assert_eq!(flags("atomic"), [""]);
}

#[test]
fn a_sweep_says_how_each_strategy_scales() {
    let text = printed("compare atomic sharded -t 1,2,4 -i 100 -r 3");
    for word in ["1, 2, 4 threads", "atomic", "sharded", "ns/incr"] {
        assert!(text.contains(word), "{word}:\n{text}");
    }
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
}

#[test]
fn what_cannot_be_compared_is_said_in_a_sentence() {
    for (words, parts) in [
        (
            "compare mutx-per-op",
            &["mutx-per-op", "'mutex-per-op'"][..],
        ),
        ("compare atomc", &["atomc", "'atomic'"]),
        ("compare atomic --batch 3", &["--batch", "mutex-per-batch"]),
        ("compare atomic --split", &["--split", "rwlock"]),
        ("compare -t 1,,2", &["--threads", "whole number"]),
        ("compare -t 0,1", &["--threads", "1 to 1024"]),
        ("compare -r 0", &["--runs", "1 to 100000"]),
        ("compare -r 1M", &["--runs", "1 to 100000"]),
        (
            "compare -t 1,2 -i 9223372036854775808",
            &["--threads 2", "--increments", "64 bits"],
        ),
        ("compare --expect lost", &["--expect"]),
    ] {
        let output = miscount(words);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{words}: {error}");
        assert!(
            error.starts_with("error: ") && error.lines().count() == 1,
            "{error}"
        );
        for part in parts {
            assert!(error.contains(part), "{words}: {error}");
        }
    }
}

#[test]
fn out_of_time_what_is_done_is_reported() {
    let output = miscount("compare -i 1G -r 100k --timeout 200ms --format json");
    assert_eq!(output.status.code(), Some(124));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["stopped"], "timeout");
    assert_eq!(json["runs_completed"], 0);
}
