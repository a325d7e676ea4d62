//! What real threads show is a subset of what the model allows.

use miscount::model::{Ending, MemoryModel, Options, Program, Verdict, census};
use miscount::plan::Subject;

use super::{ends, subject};
use crate::race::programs;

/// Compares the ends of some runs with the census.
fn compare(name: &str, subject: &Subject, runs: u64, stride: Option<usize>) {
    let system = subject.system().unwrap();
    let overtakes = system.programs().iter().any(Program::may_overtake);
    // On a machine without a model of its own, loads may take effect in any order.
    let is_modelled = MemoryModel::of_this_machine().is_some();
    let memory = MemoryModel::of_this_machine().filter(|_| overtakes);
    let modelled = system.clone().under(memory.unwrap_or_default());
    let counted = census(&modelled, &Options::default()).unwrap();
    assert_eq!(counted.verdict, Verdict::Exhausted, "{name}");
    let allowed: Vec<Ending> = counted
        .outcomes
        .iter()
        .map(|outcome| outcome.end.clone().folded(&system))
        .collect();
    let (found, _) = ends(subject, runs, stride);
    assert!(!found.0.is_empty(), "{name}");
    for (ending, runs) in found.0 {
        let is_circle = ending == Ending::Livelock && counted.circle.is_some();
        assert!(
            allowed.contains(&ending) || is_circle || overtakes && !is_modelled,
            "{name}: {runs} runs ended in {ending:?}; the model has {allowed:?}"
        );
    }
}

#[test]
fn every_program_of_the_gallery_ends_as_the_model_allows() {
    // A long check, as CONTRIBUTING.md describes it, asks for more.
    let asked = std::env::var("MISCOUNT_EXECUTIONS").ok();
    let executions = asked.map_or(2_000, |asked| asked.parse().unwrap());
    for (name, text) in programs() {
        let subject = subject(&text);
        compare(&name, &subject, executions, None);
        compare(&name, &subject, 50, Some(1));
    }
}

#[test]
fn each_construct_means_what_it_means_to_the_model() {
    for text in [
        "shared x = 3, y\nthread { y = x * x - x; x = y / 2% 4 }",
        "shared x = 4, y\nthread { y = swap(x, 9) + fetch_add(x, 2) }",
        "shared a = [3, 4, 5], sum\nthread { local i; while i < 3 { sum += a[i]; i += 1 } }",
        "shared a[2], i = 1\nthread { i = 2 }\nthread {\n a[i] = 7\n}\nshow a[0], a[1]",
        "shared x\nthread { x = 1; x = 2 }\nthread {\n assert x != 1\n}",
        "shared x\nthread { x = 1 / x }",
        "shared x\nthread { assert 1 > 2 }\nthread { x = 1 }",
        "mutex m\nshared x\nthread { unlock m }",
        "mutex m\nshared n\nthreads 2 { if trylock m { n += 1 } }",
        "mutex m[2]\nshared x\nthreads 2 { lock m[self % 2] { x += 1 } }",
        "rwlock l readers-first\nshared x\nthread { read l { read l { x += 1 } } }\n\
         thread { write l { x += 1 } }",
        "rwlock l writers-first\nshared x\nthread { read l { read l { x += 1 } } }\n\
         thread { write l { x += 1 } }",
        "rwlock l\nshared x, y\nthreads 2 { write l { x += 1 } }\nthreads 2 { read l { local r = x } }\n\
         show x",
        "semaphore s = 2\nshared x\nthreads 3 { acquire s; x += 1; release s }",
        "semaphore s = 0\nshared x\nthread { acquire s; x = 1 }\nthread { x = 2; release s }",
        "shared full, got\nmutex m\ncondition c on m\n\
         thread { lock m { while full == 0 { wait c }; got = full } }\n\
         thread { lock m { full = 7; notify c } }",
        "mutex m\ncondition c on m\nshared x\nthread { lock m { wait c } }\nthread { lock m { notify c } }",
        "spurious on\nmutex m\ncondition c on m\nshared x\nthread { lock m { wait c } }\n\
         thread { lock m { notify c } }",
        "mutex m\ncondition c on m\nshared go, n\nthreads 2 { lock m { while go == 0 { wait c }; n += 1 } }\n\
         thread { lock m { go = 1; notify c } }",
        "mutex m\ncondition c on m\nshared go, n\nthreads 2 { lock m { while go == 0 { wait c }; n += 1 } }\n\
         thread { lock m { go = 1; notify_all c } }",
        "mutex m\ncondition c on m\nshared x\nthread { wait c }",
        "barrier b = 2\nshared x, y\nthread { x = 1; arrive b; y += x }\nthread { x = 2; arrive b; y += x }\n\
         show y",
        "barrier b = 2\nshared x\nthreads 2 { repeat 3 { atomic x += 1; arrive b } }",
        "shared flag, x\nthread { x = 1; flag = 1 }\nthread { await flag == 1; x += 1 }",
        "shared n, x\nthreads 2 { atomic n += 1; await n % 2 == 0 && n > 0; x = n }",
        "shared x, won\nthreads 3 { if cas(x, 0, 1) { won += 1 } }",
        "shared x, y\nthread { x = 1; fence; local r = y }\nthread { y = 1; fence; local r = x }\n\
         show A.r, B.r",
        "shared n\nthread { local i; while 1 { i += 1; if i % 2 { continue }; n += i; if i > 5 { return } } }",
        "shared n\nthread { local i; while 1 { i += 1 } }",
    ] {
        let subject = subject(text);
        compare(text, &subject, 1_000, None);
        compare(text, &subject, 20, Some(1));
    }
}

#[test]
fn fences_and_locks_keep_store_buffers_out() {
    for (text, overtakes) in [
        ("shared x, y\nthreads 2 { x = 1; local r = y }", true),
        (
            "shared x, y\nthreads 2 { x = 1; local s = x; local r = y }",
            true,
        ),
        (
            "shared x, y\nthreads 2 { x = 1; fence; local r = y }",
            false,
        ),
        (
            "shared x, y\nthreads 2 { atomic x = 1; local r = y }",
            false,
        ),
        (
            "shared x, y\nthreads 2 { x = 1; atomic y += 1; local r = y }",
            false,
        ),
        (
            "shared x, y\nmutex m\nthreads 2 { lock m { x = 1 }; local r = y }",
            false,
        ),
        ("shared x\nthreads 2 { x = 1; local r = x }", false),
        ("shared x, y\nthreads 2 { local r = x; y = 1 }", false),
        (
            "shared x, y\nthreads 2 { repeat 2 { local r = x; y = 1 } }",
            true,
        ),
        (
            "shared a[2]\nthreads 2 { a[self] = 1; local r = a[1 - self] }",
            true,
        ),
    ] {
        let system = subject(text).system().unwrap();
        let found = system
            .programs()
            .iter()
            .any(miscount::model::Program::may_overtake);
        assert_eq!(found, overtakes, "{text}");
    }
}
