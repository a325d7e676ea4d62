//! What reports say of deadlocks: which thread is which, what each waits for, which notifications were lost.

use std::fs;

use crate::replay::without_times;
use crate::support::{miscount, output};

/// Two threads that take two locks in different orders.
const TRANSFER: &str = "
shared a = 100, b = 100
mutex ma, mb
thread ann { lock ma; lock mb; a -= 30; b += 30; unlock mb; unlock ma }
thread bob { lock mb; lock ma; b -= 10; a += 10; unlock ma; unlock mb }
expect a == 80 && b == 120
";

/// A queue of one place whose notifications come before the thread waits.
const QUEUE: &str = "
shared count, consumed
mutex m
condition not_empty on m
condition not_full on m
thread producer {
    repeat 3 {
        lock m
        if count == 1 { unlock m; lock m; wait not_full }
        count += 1
        notify not_empty
        unlock m
    }
}
thread consumer {
    repeat 3 {
        lock m
        local empty = count == 0
        unlock m
        if empty { lock m; wait not_empty; unlock m }
        lock m
        count -= 1
        consumed += 1
        notify not_full
        unlock m
    }
}
show count, consumed
expect count == 0 && consumed == 3
";

/// Returns what a command says of one of the programs.
fn said(program: &str, words: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("my.race"), program).unwrap();
    let mut command = miscount();
    let words = words
        .split('|')
        .flat_map(|part| match part.strip_prefix('\'') {
            Some(quoted) => vec![quoted],
            None => part.split_whitespace().collect(),
        });
    let output = output(command.current_dir(folder.path()).args(words));
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8(text).unwrap()
}

#[test]
fn lost_notifications_are_never_folded_and_say_that_they_wake_no_thread() {
    let text = said(QUEUE, "replay my.race --schedule A9,B15,A2 --steps");
    insta::assert_snapshot!(without_times(&text));
    let page = said(QUEUE, "explain my.race --format html");
    assert_eq!(page.matches("wakes no thread").count(), 2);
    assert!(page.contains("waits for a notification of not_full"));
    let record = said(
        QUEUE,
        "replay my.race --schedule A9,B15,A2 --steps --format json",
    );
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    let steps = record["interleaving"].as_array().unwrap();
    let woken: Vec<_> = steps.iter().filter_map(|step| step.get("woken")).collect();
    assert_eq!(woken, [0, 0]);
    assert_eq!(
        record["thread_names"],
        serde_json::json!(["producer", "consumer"])
    );
}

#[test]
fn several_deadlocks_have_numbers_and_a_command_each() {
    insta::assert_snapshot!(without_times(&said(QUEUE, "explore my.race")));
    let page = said(QUEUE, "explain my.race");
    assert!(
        page.contains("ends in deadlock 1. (A9: 9 steps of A.)"),
        "{page}"
    );
    let run = said(QUEUE, "run my.race -r 1");
    assert!(run.contains("deadlock 2"), "{run}");
    assert!(run.contains("Force deadlock 1: miscount replay"), "{run}");
}

#[test]
fn what_fails_before_the_first_step_is_not_forced() {
    for at_once in [
        "shared x\nthread { assert 1 == 2 }\nthread { x = 1 }",
        "shared x\nsemaphore s = 0\nthreads 2 { acquire s; x = 1 }",
    ] {
        let text = said(at_once, "explore my.race");
        assert!(
            text.contains(" wrong ") && !text.contains("--schedule"),
            "{text}"
        );
    }
}

#[test]
fn a_condition_says_how_many_schedules_have_no_values() {
    let text = said(QUEUE, "explore my.race --reach|'consumed == 2");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let why = "all 327 schedules examined, 199 of which end in a deadlock";
    assert!(text.contains(why) && !text.contains("mend"), "{text}");
    let right = said(QUEUE, "explore my.race --reach|'consumed == 3");
    assert!(!right.contains("mend"), "{right}");
    let deadlock = said(QUEUE, "explore my.race --reach deadlock");
    assert!(deadlock.contains("lost-wakeup-fixed"), "{deadlock}");
}

#[test]
fn the_end_of_a_deadlock_is_shown_beneath_its_steps() {
    let text = said(
        TRANSFER,
        "replay my.race --schedule A,B --steps --svg -|-o /dev/null",
    );
    assert!(text.contains("\nwaits for lock mb, held by B\n"), "{text}");
    assert!(
        text.contains("my.race: 2 threads (A: ann, B: bob)"),
        "{text}"
    );
    let text = said(TRANSFER, "replay my.race --schedule A,B --steps");
    insta::assert_snapshot!(without_times(&text));
}

#[test]
fn a_segment_that_blocks_names_the_one_that_does_not() {
    let text = said(TRANSFER, "replay my.race --schedule A,B-");
    assert!(text.contains("write B1 to stop there"), "{text}");
    assert!(said(TRANSFER, "replay my.race --schedule A,B1").contains("Deadlock on real threads"));
}

#[test]
fn a_term_is_no_misspelt_name() {
    for term in ["deadlock", "Data-Race", "store buffer"] {
        let text = said(QUEUE, &format!("explain|'{term}"));
        assert!(
            text.contains("is a term: 'miscount explain terms'"),
            "{text}"
        );
    }
    assert!(said(QUEUE, "explain lost-updat").contains("did you mean"));
}

#[test]
fn a_schedule_of_store_buffers_says_why_no_threads_ran_it() {
    let words = "replay store-buffering --memory tso --schedule A,B,A,B,a,b";
    assert!(said(QUEUE, words).contains("Not run on real threads"));
    let words = words.replace("tso", "sc --on model").replace(",a,b", "");
    assert!(!said(QUEUE, &words).contains("Not run on real threads"));
}
