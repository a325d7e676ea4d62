//! What each chapter makes of the records of its experiments: every way they can come out.

use miscount::tour::{ALL, Answer, Chapter};
use serde_json::{Value, json};

fn chapter(name: &str) -> &'static Chapter {
    ALL.iter().find(|chapter| chapter.name == name).unwrap()
}

fn why(name: &str, records: &[Value]) -> String {
    (chapter(name).why)(records).join(" ")
}

fn answer(name: &str, records: &[Value]) -> Option<f64> {
    (chapter(name).answer)(records).map(Answer::number)
}

/// A comparison with these median times of an increment, in nanoseconds, on so many cores.
fn compared(cores: u64, times: &[(&str, f64)]) -> Value {
    let correct = times.iter().filter(|(strategy, _)| *strategy != "unsynced");
    let cheapest = correct.map(|&(_, ns)| ns).fold(f64::INFINITY, f64::min);
    let entries = times.iter().map(|&(strategy, ns)| {
        json!({
            "strategy": strategy,
            "ratio": { "median": ns / cheapest },
            "cheapest": ns <= cheapest && strategy != "unsynced",
            "ns_per_increment": { "lower_quartile": ns * 0.9, "median": ns, "upper_quartile": ns * 1.1 },
        })
    });
    json!({ "entries": entries.collect::<Vec<_>>(), "environment": { "cores": cores } })
}

#[test]
fn waiting() {
    let record = |early| {
        json!({
            "runs_completed": 10,
            "without_waiting": { "runs_early": early },
        })
    };
    // What can happen does not depend on luck.
    for (early, said) in [
        (6, "in 6 of 10 runs"),
        (10, "in 10 of 10 runs"),
        (0, "All 10 runs were lucky"),
    ] {
        let records = [record(early)];
        assert_eq!(answer("waiting", &records), Some(2.0));
        let why = why("waiting", &records);
        assert!(why.contains(said), "{why}");
        assert_eq!(why.contains("lucky"), early == 0, "{why}");
    }
}

#[test]
fn unsynced() {
    let record = |lost: u64, share: f64| {
        json!({
            "runs_completed": 11,
            "summary": { "runs_lost": lost, "lost_share": share, "actual": { "median": 9_000.0 } },
        })
    };
    assert_eq!(answer("unsynced", &[record(8, 0.25)]), Some(9_000.0));
    let some = why("unsynced", &[record(8, 0.25)]);
    assert!(some.contains("8 of 11 runs were wrong, and 25 %"), "{some}");
    assert!(some.contains("not a data race"), "{some}");
    // A share is never rounded to nothing.
    let few = why("unsynced", &[record(1, 0.000_001)]);
    assert!(few.contains("under 0.01 %"), "{few}");
    let none = why("unsynced", &[record(0, 0.0)]);
    assert!(none.contains("No update was lost"), "{none}");
}

#[test]
fn reasons() {
    let forced = json!({ "actual": 1 });
    let traced = |lost, streak| {
        json!({
            "expected": 200,
            "lost": lost,
            "runs_completed": 3,
            "longest_streak": streak,
        })
    };
    let records = [forced.clone(), traced(31, json!({ "increments": 9 }))];
    assert_eq!(answer("why", &records), Some(1.0));
    let many = why("why", &records);
    assert!(many.contains("in run 3"), "{many}");
    assert!(many.contains("31 of 200 increments were lost"), "{many}");
    assert!(many.contains("up to 9 increments at one stroke"), "{many}");
    let single = why(
        "why",
        &[forced.clone(), traced(1, json!({ "increments": 1 }))],
    );
    assert!(single.contains("1 of 200"), "{single}");
    assert!(!single.contains("at one stroke"), "{single}");
    let none = why("why", &[forced, traced(0, Value::Null)]);
    assert!(
        none.contains("in 3 runs on this machine no thread"),
        "{none}"
    );
    assert!(!none.contains("were lost"), "{none}");
}

#[test]
fn a_mutex_for_each_increment() {
    for (cores, with, without, times, said) in [
        (
            2,
            296.0,
            41.1,
            "7.20 times",
            "take turns, one increment long",
        ),
        (1, 10.0, 2.0, "5.00 times", "with a single core"),
        (2, 20.0, 40.0, "0.50 times", "cost nothing here"),
    ] {
        let records = [compared(
            cores,
            &[("unsynced", without), ("mutex-per-op", with)],
        )];
        let why = why("mutex-per-op", &records);
        assert!(why.contains(times) && why.contains(said), "{why}");
        assert!(!why.contains("runs differ"), "{why}");
        let answer = answer("mutex-per-op", &records).unwrap();
        assert!((answer - with / without).abs() < 1e-9, "{answer}");
    }
    // A median of runs of two kinds is no more than that.
    let mut bimodal = compared(2, &[("unsynced", 8.0), ("mutex-per-op", 80.0)]);
    bimodal["entries"][0]["ns_per_increment"]["upper_quartile"] = json!(45.0);
    let why = why("mutex-per-op", &[bimodal]);
    assert!(
        why.contains("half of those of unsynced took between 7.20 and 45.0 ns"),
        "{why}"
    );
    assert_eq!(answer("mutex-per-op", &[compared(2, &[])]), None);
}

#[test]
fn a_mutex_for_a_batch() {
    for (cores, unsynced, per_op, per_batch, option, said) in [
        (2, 40.0, 300.0, 2.0, 3.0, "from core to core"),
        (2, 40.0, 300.0, 43.0, 3.0, "from core to core"),
        (1, 2.0, 10.0, 2.0, 3.0, "With a single core"),
        (2, 2.0, 300.0, 4.0, 2.0, "No lock at all was faster"),
        (2, 2.0, 4.0, 5.0, 1.0, "not what to expect"),
    ] {
        let records = [compared(
            cores,
            &[
                ("unsynced", unsynced),
                ("mutex-per-op", per_op),
                ("mutex-per-batch", per_batch),
            ],
        )];
        assert_eq!(answer("mutex-per-batch", &records), Some(option));
        let why = why("mutex-per-batch", &records);
        assert!(why.contains(said), "{why}");
        for other in [
            "core to core",
            "single core",
            "No lock at all was",
            "not what",
        ] {
            assert_eq!(why.contains(other), said.contains(other), "{other}: {why}");
        }
    }
}

#[test]
fn readers_and_writers() {
    let record =
        |most| json!({ "readers": { "reads": 12_000, "most_inside": most, "with_writer": 0 } });
    assert_eq!(answer("rwlock", &[record(2)]), Some(0.0));
    let together = why("rwlock", &[record(2)]);
    assert!(
        together.contains("In 12,000 reads up to 2 readers"),
        "{together}"
    );
    let alone = why("rwlock", &[record(1)]);
    assert!(alone.contains("no two readers happened"), "{alone}");
    // Without readers there is nothing to tell.
    assert_eq!(answer("rwlock", &[json!({ "readers": null })]), None);
}

#[test]
fn a_lock_in_the_wrong_place() {
    let ran = |lost| json!({ "runs_completed": 10, "summary": { "runs_lost": lost } });
    let census = |least| json!({ "expected": 4, "outcomes": [{ "total": least }] });
    let records = [ran(10), census(2)];
    assert_eq!(answer("wrong-lock", &records), Some(2.0));
    assert!(why("wrong-lock", &records).contains("10 of 10 runs lost updates"));
    let lucky = [ran(0), census(2)];
    assert_eq!(answer("wrong-lock", &lucky), Some(2.0));
    assert!(why("wrong-lock", &lucky).contains("were lucky"));
    assert_eq!(answer("wrong-lock", &[ran(0), census(4)]), Some(1.0));
}

#[test]
fn without_a_lock() {
    let times = |sharded| {
        [
            ("mutex-per-op", 300.0),
            ("compare-exchange", 60.0),
            ("atomic", 20.0),
            ("sharded", sharded),
        ]
    };
    for (cores, sharded, option, said) in [
        (2, 0.5, 4.0, "Sharing is what costs"),
        (1, 0.5, 4.0, "On several cores"),
        (2, 25.0, 3.0, "not what to expect"),
    ] {
        let records = [compared(cores, &times(sharded))];
        assert_eq!(answer("atomics", &records), Some(option));
        let why = why("atomics", &records);
        assert!(why.contains(said), "{why}");
        assert!(why.contains("20.0 ns by an atomic addition"), "{why}");
        assert_eq!(why.contains("not what to expect"), option < 4.0, "{why}");
    }
    // A comparison that was broken off has no winner.
    assert_eq!(answer("atomics", &[compared(2, &times(1.0)[..3])]), None);
}

#[test]
fn contexts_and_the_puzzle() {
    let requests = json!({ "requests": [{ "steps": 5 }] });
    assert_eq!(answer("contexts", &[requests]), Some(5.0));
    // Large totals are written as strings.
    let census = json!({ "outcomes": [{ "total": "2" }] });
    assert_eq!(answer("puzzle", &[census, Value::Null]), Some(2.0));
}
