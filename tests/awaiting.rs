//! Conditions and lockers: the primitives, and `rwlock --await`, whose readers wait on one.

use std::process::Output;
use std::sync::{Mutex, RwLock};
use std::thread;
use std::time::Duration;

use miscount::sync::{Condition, Context, ContextError, Locker, ReadSide, VirtualClock, WriteSide};
use serde_json::Value;

use crate::support::{miscount, output};

/// Waits on a locker of any kind until its value is 100.
macro_rules! wait_for_100 {
    ($locker:expr, $changed:expr) => {
        || {
            let locker = &$locker;
            let mut value = Locker::lock(locker);
            while *value < 100 {
                value = $changed.wait(locker, value);
            }
        }
    };
}

#[test]
fn a_condition_works_with_every_locker() {
    let (lock, changed) = (RwLock::new(0), Condition::new());
    let (mutex, other) = (Mutex::new(0), Condition::new());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(wait_for_100!(ReadSide(&lock), changed));
            scope.spawn(wait_for_100!(WriteSide(&lock), changed));
            scope.spawn(wait_for_100!(mutex, other));
        }
        for _ in 0..100 {
            *WriteSide(&lock).lock() += 1;
            changed.notify_all();
            *Locker::lock(&mutex) += 1;
            other.notify_all();
        }
    });
}

#[test]
fn one_is_woken_at_a_time_and_the_first_first() {
    let (mutex, changed) = (Mutex::new(Vec::new()), Condition::new());
    let waiting = Mutex::new(0);
    thread::scope(|scope| {
        for thread in 0..5 {
            let (mutex, changed, waiting) = (&mutex, &changed, &waiting);
            // One after the other: each waits before the next is started.
            let before = mutex.lock().unwrap();
            scope.spawn(move || {
                let guard = Locker::lock(mutex);
                *waiting.lock().unwrap() += 1;
                let mut woken = changed.wait(mutex, guard);
                woken.push(thread);
            });
            drop(before);
            // Counted under the mutex, which is free again only once it waits.
            while *waiting.lock().unwrap() <= thread {
                thread::yield_now();
            }
            drop(Locker::lock(mutex));
        }
        for woken in 1..=5 {
            changed.notify_one();
            while mutex.lock().unwrap().len() < woken {
                thread::yield_now();
            }
        }
    });
    assert_eq!(mutex.into_inner().unwrap(), [0, 1, 2, 3, 4]);
}

#[test]
fn a_wait_ends_with_its_context_and_has_the_lock_again() {
    let clock = VirtualClock::new();
    let (ctx, _canceler) =
        Context::background_on(clock.clone()).with_timeout(Duration::from_hours(1));
    let (mutex, changed) = (Mutex::new(7), Condition::new());
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let guard = Locker::lock(&mutex);
            let (mut guard, ended) = changed.wait_under(&ctx, &mutex, guard);
            *guard += 1;
            ended
        });
        while clock.advance_to_next().is_none() {
            thread::yield_now();
        }
        assert_eq!(waiting.join().unwrap(), Err(ContextError::DeadlineExceeded));
    });
    assert_eq!(*mutex.lock().unwrap(), 8);
    // Nobody is left in the queue, and who comes under an ended context does not stay.
    changed.notify_one();
    let guard = Locker::lock(&mutex);
    let (_guard, ended) = changed.wait_under(&ctx, &mutex, guard);
    assert_eq!(ended, Err(ContextError::DeadlineExceeded));
}

fn rwlock(words: &str) -> Output {
    let threads: &[_] = if words.contains("-t ") {
        &[]
    } else {
        &["-t", "3"]
    };
    output(
        miscount()
            .arg("rwlock")
            .args(threads)
            .args(words.split(' ')),
    )
}

/// What the readers noted, of as many runs as were asked for.
fn readers(words: &str) -> Value {
    let output = rwlock(&format!("{words} --format json"));
    assert_eq!(output.status.code(), Some(0), "{words}");
    let mut record: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record["stopped"], "completed", "{words}");
    let readers = record["readers"].take();
    assert_eq!(readers["with_writer"], 0, "{words}: {readers}");
    readers
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

#[test]
fn readers_wait_for_the_total_and_are_inside_together() {
    for (words, how_many, runs) in [
        ("--await 7500 -r 10", 2, 10),
        // The first increment, and the last.
        ("--await 1 -r 10", 2, 10),
        ("--await 15000 -r 10", 2, 10),
        ("-t 1 -i 3000 --await 1500 --readers 1 -r 10", 1, 10),
        ("-i 20 --await 31 --readers 5 -r 500", 5, 500),
        ("-i 20 --await 31 --readers 3 -r 500 --stride 16", 3, 500),
        ("-i 2000 --await 3000 --readers 60 -r 3", 60, 3),
        ("-i 500 --await 700 --start none -r 20", 2, 20),
        ("-i 500 --await 700 --start barrier --pin none -r 20", 2, 20),
    ] {
        let readers = readers(words);
        assert_eq!(readers["threads"], how_many, "{words}");
        assert_eq!(readers["most_inside"], how_many, "{words}");
        assert_eq!(readers["backwards"], 0, "{words}");
        let awaited = &readers["awaited"];
        assert_eq!(awaited["runs_reached"], runs, "{words}");
        assert_eq!(awaited["runs_never_reached"], 0, "{words}");
        assert_eq!(awaited["inside_together"], how_many, "{words}");
        let each = awaited["readers"].as_array().unwrap();
        assert_eq!(each.len(), how_many, "{words}");
        for reader in each {
            let [waits, wake_ups, in_vain] =
                ["waits", "wake_ups", "in_vain"].map(|name| number(&reader[name]));
            // Each wait ends with one wake-up that is not in vain.
            assert!(waits <= runs, "{words}: {reader}");
            assert_eq!(wake_ups, waits + in_vain, "{words}: {reader}");
            assert_eq!(reader["waited_ns"]["mean"].is_null(), waits == 0);
        }
        // Each has looked before it waits, at each wake-up, and with all the others.
        let wake_ups: u64 = each.iter().map(|reader| number(&reader["wake_ups"])).sum();
        let looks = 2 * how_many as u64 * runs + wake_ups;
        assert_eq!(number(&readers["reads"]), looks, "{words}");
    }
}

#[test]
fn a_total_that_never_comes_is_reported_and_nobody_hangs() {
    for words in [
        "--await 15001 -r 5",
        "--await 18446744073709551615 -r 5",
        "-i 0 --await 1 -r 5",
        "-i 100 --await 1k --readers 30 --stride 5 -r 5",
    ] {
        let readers = readers(words);
        let awaited = &readers["awaited"];
        assert_eq!(awaited["runs_reached"], 0, "{words}");
        assert_eq!(awaited["runs_never_reached"], 5, "{words}");
        assert_eq!(awaited["inside_together"], Value::Null, "{words}");
        for reader in awaited["readers"].as_array().unwrap() {
            assert_eq!(reader["in_vain"], reader["wake_ups"], "{words}: {reader}");
        }
    }
    let text = String::from_utf8(rwlock("--await 15001 -r 5").stdout).unwrap();
    assert!(text.contains("was reached in none of the 5 runs"), "{text}");
    assert!(!text.contains("at once"), "{text}");
    let markdown = rwlock("--await 15001 -r 5 --format markdown");
    let markdown = String::from_utf8(markdown.stdout).unwrap();
    assert!(
        markdown.contains("was reached in none of the 5 runs"),
        "{markdown}"
    );
}

#[test]
fn where_updates_are_lost_the_total_may_come_or_not() {
    let readers = readers("--split -i 1000 --await 2000 -r 50");
    let awaited = &readers["awaited"];
    let runs = number(&awaited["runs_reached"]) + number(&awaited["runs_never_reached"]);
    assert_eq!(runs, 50);
}

#[test]
fn time_and_limits_end_it() {
    let output = rwlock("--await 1_000G -i 1_000G --timeout 100ms --format json");
    assert_eq!(output.status.code(), Some(124));
    let record: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record["runs_completed"], 0);
    assert_eq!(record["readers"]["awaited"]["runs_never_reached"], 0);
    let output = rwlock("--await 20 -i 10 --for 20ms --format json");
    let record: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record["stopped"], "budget");
    let awaited = &record["readers"]["awaited"];
    assert_eq!(awaited["runs_reached"], record["runs_completed"]);
}

#[test]
fn a_run_that_was_cut_short_is_not_among_those_that_were_waited_in() {
    for words in ["--await 5k", "--await 20k", "-i 50 --await 75 --stride 8"] {
        for milliseconds in [5, 10, 15, 20, 25] {
            let output = rwlock(&format!(
                "{words} --timeout {milliseconds}ms -r 1M --format json"
            ));
            let record: Value = serde_json::from_slice(&output.stdout).unwrap();
            let awaited = &record["readers"]["awaited"];
            let runs = number(&awaited["runs_reached"]) + number(&awaited["runs_never_reached"]);
            assert_eq!(runs, number(&record["runs_completed"]), "{words}: {record}");
            for reader in awaited["readers"].as_array().unwrap() {
                assert!(number(&reader["waits"]) <= runs, "{words}: {reader}");
            }
        }
    }
}

#[test]
#[cfg(unix)]
fn an_interruption_ends_the_waiting() {
    use crate::interruption::{ENDLESS, interrupted};
    let words = [
        "--await 3_000_000_000_000",
        "--split --readers 9 --await 100",
    ];
    interrupted(words.map(|words| format!("rwlock {words} {ENDLESS}")));
}

#[test]
fn those_who_were_still_waiting_are_told_of() {
    for (format, told) in [
        ("text", "all 3 readers were still waiting"),
        ("markdown", "all 3 readers were still waiting"),
        ("json", "\"still_waiting\": 3"),
    ] {
        // On a busy machine the time is up before all readers wait.
        let told_within = |timeout: &str| {
            let words = "--await 1_000G -i 1_000G --readers 3";
            let output = rwlock(&format!("{words} --timeout {timeout} --format {format}"));
            let said = String::from_utf8(output.stdout).unwrap();
            said.replace('\n', " ").contains(told)
        };
        let within = ["50ms", "1s", "10s", "60s"]
            .into_iter()
            .find(|t| told_within(t));
        assert!(within.is_some(), "{format}");
    }
    assert_eq!(
        readers("-i 50 --await 75 -r 2")["awaited"]["still_waiting"],
        0
    );
}

#[test]
fn the_flags_are_those_that_were_typed() {
    let output = rwlock("--await 75 --readers 3 -i 50 -r 1 --format json");
    let record: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record["flags"], "--readers 3 --await 75");
    // Readers that do not wait leave no trace of waiting.
    let output = rwlock("-i 50 -r 1 --format json");
    let record: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(record["readers"].get("awaited").is_none());
}
