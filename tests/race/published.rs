//! Outcome sets and counts that others have published, or that follow from a published formula.

use std::collections::BTreeSet;

use miscount::model::{Options, census};

use super::{race, told};
use crate::language::enumeration::Told;

/// Returns the outcomes of a program and the number of its schedules.
fn counted(text: &str) -> (BTreeSet<Told>, String) {
    let found = census(&race(text).system, &Options::default()).unwrap();
    (told(&found), found.schedules.to_string())
}

fn outcomes(text: &str) -> BTreeSet<Told> {
    counted(text).0
}

fn values<const N: usize>(all: &[[i64; N]]) -> BTreeSet<Told> {
    all.iter().map(|one| Ok(one.to_vec())).collect()
}

/// Returns all combinations of 0 and 1 but these.
fn bits_except<const N: usize>(forbidden: &[[i64; N]]) -> BTreeSet<Told> {
    let bits = |number: usize| std::array::from_fn(|place| i64::from(number >> place & 1 == 1));
    let all: Vec<[i64; N]> = (0..1 << N).map(bits).collect();
    &values(&all) - &values(forbidden)
}

/// jcstress, samples `API_01_Simple`: `r1 = ++v` against `r2 = ++v`.
#[test]
fn jcstress_simple() {
    let text = "shared v\nthreads 2 { local r = v + 1; v = r }\nshow A.r, B.r";
    assert_eq!(outcomes(text), values(&[[1, 1], [1, 2], [2, 1]]));
}

/// jcstress, samples `AdvancedJMM_04`: five increments each end with 2 to 10.
#[test]
fn jcstress_five_increments_each() {
    let (ends, schedules) = counted("shared v\nthreads 2 { repeat 5 { v += 1 } }");
    assert_eq!(ends, (2..=10).map(|total| Ok(vec![total])).collect());
    // Two threads of ten steps: the central binomial coefficient (OEIS A000984).
    assert_eq!(schedules, "184756");
}

/// Ben-Ari, Principles of Concurrent and Distributed Programming: two threads of ten increments
/// end with 2 at least.
#[test]
fn ben_ari_counts_to_two() {
    let (ends, schedules) = counted("shared n\nthreads 2 { repeat 10 { n += 1 } }");
    assert_eq!(ends, (2..=20).map(|total| Ok(vec![total])).collect());
    assert_eq!(schedules, "137846528820");
}

/// OSTEP, chapter "Locks", flag.s: both threads can pass the test before either sets the flag.
#[test]
fn ostep_flag_lets_both_in() {
    let text = "shared flag, inside, most\nthreads 2 {\n while flag == 1 { }\n flag = 1\n \
                local now = fetch_add(inside, 1)\n if now == 1 { most = 2 }\n atomic inside -= 1\n \
                flag = 0\n}\nshow most";
    assert_eq!(outcomes(text), values(&[[0], [2]]));
}

/// OSTEP, chapter "Common Concurrency Problems", vector-deadlock: two orders of two locks.
#[test]
fn ostep_vectors_deadlock() {
    let text = "shared v\nmutex a, b\nthread { lock a { lock b { v += 1 } } }\n\
                thread { lock b { lock a { v += 1 } } }";
    let mut expected = values(&[[2]]);
    expected.insert(Err("deadlock".into()));
    assert_eq!(outcomes(text), expected);
}

/// loom's documentation, "buggy concurrent increment": a load and a store lose an update.
#[test]
fn loom_buggy_increment() {
    let text = "shared n\nthreads 2 { local current = n; n = current + 1 }";
    assert_eq!(outcomes(text), values(&[[1], [2]]));
    let fixed = "shared n\nthreads 2 { fetch_add(n, 1) }";
    assert_eq!(outcomes(fixed), values(&[[2]]));
}

/// The litmus tests of herdtools7 (`catalogue/x86_64` and `aarch64`) under its model `sc.cat`: every
/// combination but the one that gives each test its name.
#[test]
fn herd_tests_of_two_threads_under_sc() {
    let two = |left: &str, right: &str, show: &str| {
        outcomes(&format!(
            "shared x, y\nthread {{ {left} }}\nthread {{ {right} }}\nshow {show}"
        ))
    };
    let sb = two("x = 1; local r = y", "y = 1; local r = x", "A.r, B.r");
    assert_eq!(sb, bits_except(&[[0, 0]]), "SB");
    let mp = two("x = 1; y = 1", "local r = y; local s = x", "B.r, B.s");
    assert_eq!(mp, bits_except(&[[1, 0]]), "MP");
    let lb = two("local r = x; y = 1", "local r = y; x = 1", "A.r, B.r");
    assert_eq!(lb, bits_except(&[[1, 1]]), "LB");
    let s = two("x = 2; y = 1", "local r = y; x = 1", "x, B.r");
    assert_eq!(s, values(&[[1, 0], [1, 1], [2, 0]]), "S");
    let r = two("x = 1; y = 1", "y = 2; local r = x", "y, B.r");
    assert_eq!(r, values(&[[1, 0], [1, 1], [2, 1]]), "R");
    let writes = two("x = 1; y = 2", "y = 1; x = 2", "x, y");
    assert_eq!(writes, values(&[[1, 2], [2, 1], [2, 2]]), "2+2W");
    let corr = two("x = 1", "local r = x; local s = x", "B.r, B.s");
    assert_eq!(corr, bits_except(&[[1, 0]]), "CoRR");
}

/// More threads of herdtools7: IRIW, WRC, RWC.
#[test]
fn herd_tests_of_more_threads_under_sc() {
    let iriw = "shared x, y\nthread { x = 1 }\nthread { y = 1 }\n\
                thread { local r = x; local s = y }\nthread { local r = y; local s = x }\n\
                show C.r, C.s, D.r, D.s";
    let (ends, schedules) = counted(iriw);
    assert_eq!(ends, bits_except(&[[1, 0, 1, 0]]), "IRIW");
    assert_eq!(schedules, "180"); // 6! / (2! 2!)
    let wrc = "shared x, y\nthread { x = 1 }\nthread { local r = x; y = 1 }\n\
               thread { local r = y; local s = x }\nshow B.r, C.r, C.s";
    assert_eq!(outcomes(wrc), bits_except(&[[1, 1, 0]]), "WRC");
    let rwc = "shared x, y\nthread { x = 1 }\nthread { local r = x; local s = y }\n\
               thread { y = 1; local r = x }\nshow B.r, B.s, C.r";
    assert_eq!(outcomes(rwc), bits_except(&[[1, 0, 0]]), "RWC");
}

/// The Little Book of Semaphores, "Rendezvous": with both waits first, both threads wait for ever.
#[test]
fn little_book_rendezvous() {
    let text = "shared n\nsemaphore a = 0, b = 0\nthread { acquire b; release a; atomic n += 1 }\n\
                thread { acquire a; release b; atomic n += 1 }";
    assert_eq!(outcomes(text), BTreeSet::from([Err("deadlock".into())]));
    let right = text.replace("acquire b; release a", "release a; acquire b");
    assert_eq!(outcomes(&right), values(&[[2]]));
}

/// Java Concurrency in Practice, listing 2.3 (`LazyInitRace`): two instances can be made.
#[test]
fn lazy_initialisation_makes_two() {
    let text = "shared instance, made\nthreads 2 { if instance == 0 { atomic made += 1; \
                instance = 1 } }\nshow made";
    assert_eq!(outcomes(text), values(&[[1], [2]]));
}
