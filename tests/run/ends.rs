//! Runs that can't end are noticed, counted and got out of; runs that take long are not taken for them.

use miscount::model::{Ending, Wait};

use super::{ends, subject};

/// Returns what each of some runs of a program ended in: all in the same.
fn only_end(text: &str, runs: u64) -> Ending {
    let (found, outcome) = ends(&subject(text), runs, None);
    assert!(outcome.runs > 0, "{text}");
    let [(ending, _)] = found.0.as_slice() else {
        panic!("{text}: {:?}", found.0)
    };
    ending.clone()
}

#[test]
fn a_deadlock_tells_which_threads_wait_and_for_what() {
    for (text, waiting) in [
        ("mutex m\nshared x\nthread { lock m; lock m }", vec![0]),
        (
            "mutex m\nshared x\nthread { x = 1 }\nthread { lock m; lock m }",
            vec![1],
        ),
        (
            "mutex m\nshared x\nthreads 3 { lock m; x += 1 }",
            vec![0, 1],
        ),
        (
            "semaphore s = 1\nshared x\nthreads 3 { acquire s; x += 1 }",
            vec![0, 1],
        ),
        (
            "barrier b = 3\nshared x\nthreads 2 { arrive b }",
            vec![0, 1],
        ),
        (
            "mutex m\ncondition c on m\nshared x\nthreads 2 { lock m { wait c } }",
            vec![0, 1],
        ),
        ("shared x\nthreads 2 { await x == 1 }", vec![0, 1]),
        (
            "shared x = 2\nthreads 2 { await x % 2 == 1 && x > 0 }",
            vec![0, 1],
        ),
        (
            "rwlock l\nshared x\nthread { read l { write l { x = 1 } } }",
            vec![0],
        ),
        (
            "shared x\nmutex m\nthread { lock m { await x == 1 } }\nthread { await x == 1; lock m { } }",
            vec![0, 1],
        ),
    ] {
        let Ending::Deadlock(waits) = only_end(text, 300) else {
            panic!("{text}")
        };
        let threads: Vec<_> = waits.iter().map(|(thread, _)| *thread).collect();
        assert_eq!(threads, waiting, "{text}");
    }
}

#[test]
fn a_wait_with_a_condition_of_its_own_waits_for_a_change() {
    let text = "shared x = 2\nthread { await x % 2 == 1 && x > 0 }";
    let Ending::Deadlock(waits) = only_end(text, 100) else {
        panic!("{text}")
    };
    assert!(matches!(waits[..], [(0, Wait::Change { .. })]), "{waits:?}");
}

#[test]
fn threads_that_go_round_for_ever_are_a_livelock() {
    for (text, runs) in [
        // Nothing ever changes, which can be told at once.
        ("shared x\nthreads 2 { while x == 0 { } }", 200),
        ("shared x\nthread { while x == 0 { } }", 200),
        (
            "shared x, y\nthread { x = 1 }\nthread { while y == 0 { local r = x } }",
            200,
        ),
        (
            "shared x = 1\nthreads 2 { while cas(x, 0, 1) == 0 { } }",
            200,
        ),
        ("shared x = 1\nthreads 2 { while swap(x, 1) == 1 { } }", 200),
        (
            "mutex m\nshared x\nthread { lock m { while x == 0 { } } }\nthread { await x == 1 }",
            200,
        ),
        (
            "mutex m\nshared x\nthread { lock m { while trylock m == 0 { } } }",
            200,
        ),
        // Only time can tell.
        (
            "shared turn\nthreads 2 { while 1 { await turn == self; turn = 1 - self } }",
            1,
        ),
        ("shared x\nthreads 2 { while x < 2 { x = 1 } }", 1),
        ("shared x\nthreads 2 { while 1 { atomic x += 1 } }", 1),
        (
            "shared x\nmutex m\nthread { while x == 0 { lock m { } } }\nthread { await x == 1 }",
            1,
        ),
    ] {
        assert_eq!(only_end(text, runs), Ending::Livelock, "{text}");
    }
}

#[test]
fn waiting_for_a_thread_that_takes_long_is_no_deadlock_and_no_livelock() {
    // Longer than the patience with threads that may loop for ever.
    let work = "repeat 400000 { x = x + 1 }";
    for text in [
        format!(
            "shared x, y\nmutex m\nthread {{ lock m {{ {work} }} }}\nthread {{ lock m {{ y = 1 }} }}\nshow y"
        ),
        format!("shared x, y\nthread {{ {work}; y = 1 }}\nthread {{ await y == 1 }}\nshow y"),
        format!("shared x, y\nthread {{ {work}; y = 1 }}\nthread {{ while y == 0 {{ }} }}\nshow y"),
        format!(
            "shared x, y\nthread {{ {work}; y = 1 }}\nthread {{ await y % 2 == 1 && y > 0 }}\nshow y"
        ),
    ] {
        assert_eq!(only_end(&text, 2), Ending::Values([1].into()), "{text}");
    }
}

#[test]
fn threads_that_wait_for_each_other_in_turn_get_on() {
    // Each hand-over takes a moment in which all wait, as far as a hasty look can tell.
    let text = "shared turn, n\nthreads 3 { repeat 100 { await turn == self; n += 1; turn = (self + 1) % 3 } }\n\
                show n";
    assert_eq!(only_end(text, 50), Ending::Values([300].into()));
    // On a busy system each hand-over can take several milliseconds, and the patience is two seconds.
    let spinning = "shared turn, n\nthreads 3 { repeat 20 { while turn != self { }; n += 1; \
                    turn = (self + 1) % 3 } }\nshow n";
    assert_eq!(only_end(spinning, 50), Ending::Values([60].into()));
}
