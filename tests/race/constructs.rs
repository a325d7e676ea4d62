//! Each construct: outcomes that can be worked out by hand, and the census beside the enumeration.

use miscount::model::{Ending, Machine, Options, System, census};

use super::race;
use crate::model::enumeration::{Found, enumerate};

/// Returns the outcomes of a program as text, each with the number of its schedules, after
/// comparing the census with the enumeration.
fn outcomes(text: &str) -> Vec<(String, u64)> {
    let race = race(text);
    let counted = census(&race.system, &Options::default()).unwrap();
    let enumerated = enumerate(&race.system);
    assert_eq!(counted.outcomes.len(), enumerated.len(), "{text}");
    let tell = |outcome: &miscount::model::Outcome| {
        let tally = &enumerated[&Found::of(&race.system, outcome.end.clone())];
        assert_eq!(outcome.schedules, tally.schedules.into(), "{text}");
        let fair = outcome.fair_share.unwrap();
        assert!((fair - tally.chance).abs() < 1e-9, "{text}");
        assert_eq!(outcome.switches, Some(tally.best.0 as u64), "{text}");
        (told(&race.system, &outcome.end), tally.schedules)
    };
    counted.outcomes.iter().map(tell).collect()
}

fn told(system: &System, ending: &Ending) -> String {
    match ending {
        Ending::Total(total) => total.to_string(),
        Ending::Values(values) => {
            let values = values.iter().map(|value| value.cast_signed());
            let named = system.shown_names().zip(values);
            let named: Vec<_> = named
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            named.join(" ")
        }
        Ending::Livelock => "livelock".into(),
        Ending::Deadlock(waits) => format!("deadlock of {}", waits.len()),
        Ending::Failed(thread, failure) => {
            let line = system.program(*thread).line(failure.at).unwrap();
            format!("{} in line {line}", failure.fault)
        }
    }
}

fn names(text: &str) -> Vec<String> {
    outcomes(text).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn each_mention_is_a_load_and_each_assignment_a_store() {
    // Two threads of two steps each: 6 orders, in 2 of which no update is lost.
    let update = "shared x\nthreads 2 { x += 1 }";
    assert_eq!(outcomes(update), [("x=1".into(), 4), ("x=2".into(), 2)]);
    let spelt_out = "shared x\nthreads 2 { local r = x; x = r + 1 }";
    assert_eq!(outcomes(spelt_out), outcomes(update));
    assert_eq!(
        outcomes("shared x\nthreads 2 { atomic x += 1 }"),
        [("x=2".into(), 2)]
    );
    assert_eq!(
        outcomes("shared x = 5\nthreads 2 { atomic x -= 7 }"),
        [("x=-9".into(), 2)]
    );
    // Three loads, one store.
    assert_eq!(
        outcomes("shared x = 3, y\nthread { y = x * x - x }"),
        [("x=3 y=6".into(), 1)]
    );
}

#[test]
fn check_then_act_goes_wrong_between_the_check_and_the_act() {
    let text = "shared account = 100, paid = 0\nthreads 2 {\n if account >= 80 {\n  account -= 80\n  \
                atomic paid += 80\n }\n}\nexpect paid == 80";
    let told = names(text);
    assert_eq!(
        told,
        [
            "account=-60 paid=160",
            "account=20 paid=80",
            "account=20 paid=160"
        ]
    );
}

#[test]
fn and_or_evaluate_what_they_need() {
    let text = "shared a = 0, b = 0, n\nthread { if a == 1 && b == 1 { n = 1 } else { n = 2 } }\n\
                thread { b = 1; a = 1 }\nshow n";
    // With `&&` the second load happens only after the first has seen 1.
    assert_eq!(outcomes(text).iter().map(|(_, n)| n).sum::<u64>(), 6);
    assert_eq!(names(text), ["n=1", "n=2"]);
    assert_eq!(
        names("shared n\nthread { n = (0 || 7) + (1 && 0) + !5 + !0 * 10 }"),
        ["n=11"]
    );
}

#[test]
fn arrays_have_elements_and_bounds() {
    assert_eq!(
        names("shared a[2], i = 1\nthread { a[i] = 7 }"),
        ["a[0]=0 a[1]=7 i=1"]
    );
    let text = "shared a[2], i = 1\nthread { i = 2 }\nthread {\n a[i] = 7\n}\nshow a[0], a[1]";
    assert_eq!(
        names(text),
        ["a[0]=0 a[1]=7", "an index is out of bounds in line 4"]
    );
    let text = "shared a = [3, 4, 5], sum\nthread { local i; while i < 3 { sum += a[i]; i += 1 } }";
    assert_eq!(names(text), ["a[0]=3 a[1]=4 a[2]=5 sum=12"]);
}

#[test]
fn an_assertion_that_fails_ends_the_run() {
    let text = "shared x\nthread { x = 1; x = 2 }\nthread {\n assert x != 1\n}";
    assert_eq!(
        outcomes(text),
        [
            ("x=2".into(), 2),
            ("the assertion failed in line 4".into(), 1)
        ]
    );
    assert_eq!(
        names("shared x\nthread { x = 1 / x }"),
        ["division by zero in line 2"]
    );
    assert_eq!(
        names("shared x = -7\nthread { x = x / 2 * 10 + x % 2 }"),
        ["x=-31"]
    );
    assert_eq!(
        names("shared x\nthread { assert 1 > 2 }\nthread { x = 1 }"),
        ["the assertion failed in line 2"]
    );
}

#[test]
fn locks_exclude_and_block() {
    assert_eq!(
        names("shared x\nmutex m\nthreads 3 { lock m { x += 1 } }"),
        ["x=3"]
    );
    assert_eq!(
        names("mutex m\nshared x\nthread { lock m; lock m }"),
        ["deadlock of 1"]
    );
    assert_eq!(
        names("mutex m\nshared x\nthread { unlock m }"),
        ["the lock is not held in line 3"]
    );
    let crossed = "mutex a, b\nshared x\nthread { lock a { lock b { x += 1 } } }\n\
                   thread { lock b { lock a { x += 1 } } }";
    assert_eq!(names(crossed), ["x=2", "deadlock of 2"]);
    assert_eq!(
        names("mutex m\nshared n\nthreads 2 { if trylock m { n += 1 } }"),
        ["n=1"]
    );
    let computed = "mutex m[2]\nshared x\nthreads 2 { lock m[self % 2] { x += 1 } }";
    assert_eq!(names(computed), ["x=1", "x=2"]);
}

#[test]
fn readers_share_and_writers_may_go_first() {
    let twice = |preference| {
        format!(
            "rwlock l {preference}\nshared x\nthread {{ read l {{ read l {{ x += 1 }} }} }}\n\
             thread {{ write l {{ x += 1 }} }}"
        )
    };
    assert_eq!(names(&twice("readers-first")), ["x=2"]);
    assert_eq!(names(&twice("writers-first")), ["x=2", "deadlock of 2"]);
}

#[test]
fn semaphores_count() {
    let text = "semaphore s = 1\nshared x\nthreads 3 { acquire s; x += 1; release s }";
    assert_eq!(names(text), ["x=3"]);
    let two = "semaphore s = 2\nshared x\nthreads 2 { acquire s; x += 1; release s }";
    assert_eq!(names(two), ["x=1", "x=2"]);
    let order =
        "semaphore s = 0\nshared x\nthread { acquire s; x = 1 }\nthread { x = 2; release s }";
    assert_eq!(names(order), ["x=1"]);
    let system = race(two).system;
    let mut machine = Machine::new(&system);
    let (_, semaphore) = system.named_locks().next().unwrap();
    assert_eq!(machine.permits(semaphore), 2);
    machine.step(0).unwrap();
    assert_eq!(machine.permits(semaphore), 1);
}

#[test]
fn conditions_signal_and_continue() {
    let text = "shared full, got\nmutex m\ncondition c on m\n\
                thread { lock m { while full == 0 { wait c }; got = full } }\n\
                thread { lock m { full = 7; notify c } }";
    assert_eq!(names(text), ["full=7 got=7"]);
    // Without the check, a notification that comes first is lost.
    let lost = "mutex m\ncondition c on m\nshared x\nthread { lock m { wait c } }\n\
                thread { lock m { notify c } }";
    assert_eq!(names(lost), ["x=0", "deadlock of 1"]);
    let spurious = lost.replace("mutex m", "spurious on\nmutex m");
    assert_eq!(names(&spurious), ["x=0"]);
    let all = "mutex m\ncondition c on m\nshared go, n\n\
               threads 2 { lock m { while go == 0 { wait c }; n += 1 } }\n\
               thread { lock m { go = 1; NOTIFY c } }";
    assert_eq!(names(&all.replace("NOTIFY", "notify_all")), ["go=1 n=2"]);
    assert_eq!(
        names(&all.replace("NOTIFY", "notify")),
        ["go=1 n=2", "deadlock of 1"]
    );
    let not_held = "mutex m\ncondition c on m\nshared x\nthread { wait c }";
    assert_eq!(names(not_held), ["the lock is not held in line 4"]);
}

#[test]
fn barriers_hold_back_until_all_have_arrived() {
    let text = "barrier b = 2\nshared x, y\nthread { x = 1; arrive b; y += x }\n\
                thread { x = 2; arrive b; y += x }\nshow y";
    assert_eq!(names(text), ["y=1", "y=2", "y=4"]);
    let again = "barrier b = 2\nshared x\nthreads 2 { repeat 3 { atomic x += 1; arrive b } }";
    assert_eq!(names(again), ["x=6"]);
    assert_eq!(
        names("barrier b = 2\nshared x\nthread { arrive b }"),
        ["deadlock of 1"]
    );
}

#[test]
fn awaiting_costs_no_schedules() {
    let text = "shared flag, x\nthread { x = 1; flag = 1 }\nthread { await flag == 1; x += 1 }";
    assert_eq!(outcomes(text), [("flag=1 x=2".into(), 1)]);
    // A condition that is no comparison with a value of the thread.
    let polled = "shared n, x\nthreads 2 { atomic n += 1; await n % 2 == 0 && n > 0; x = n }";
    assert_eq!(names(polled), ["n=2 x=2"]);
    assert_eq!(
        names("shared x\nthread { await 1 == x }"),
        ["deadlock of 1"]
    );
}

#[test]
fn compare_and_swap_stores_if_nothing_has_changed() {
    let text = "shared x, won\nthreads 3 { if cas(x, 0, 1) { won += 1 } }";
    assert_eq!(names(text), ["x=1 won=1"]);
    assert_eq!(
        names("shared x = 4, y\nthread { y = swap(x, 9) + fetch_add(x, 2) }"),
        ["x=11 y=13"]
    );
}

#[test]
fn loops_end_where_they_are_left() {
    let text = "shared n\nthread { repeat 5 { if n == 2 { break }; n += 1 } }";
    assert_eq!(names(text), ["n=2"]);
    // A loop that could take a step, and goes round without it.
    assert_eq!(
        names("shared x\nthread { while 1 { continue; fence } }"),
        ["a loop takes no step in line 2"]
    );
    let text = "shared n\nthread { local i; while 1 { i += 1; if i % 2 { continue }; n += i; \
                if i > 5 { return } } }";
    assert_eq!(names(text), ["n=12"]);
}

#[test]
fn locals_can_be_part_of_an_outcome() {
    let text = "shared x, y\nthread { x = 1; local r = y }\nthread { y = 1; local r = x }\n\
                show A.r, B.r";
    assert_eq!(names(text), ["A.r=0 B.r=1", "A.r=1 B.r=0", "A.r=1 B.r=1"]);
}
