//! The lineage of logs made by hand, and of logs that a memory has made.

use miscount::lineage::{Impossible, Increment, Lineage, Log, Read, source};
use proptest::prelude::*;

/// A log of so many threads, from the mark of the store that each increment has read (0 for the
/// initial value), first all of thread A, then all of B; times as they are given, or all the same.
fn log(threads: u32, marks: &[u32], last: u32, times: Option<&[u64]>) -> Log {
    let mut counts = vec![None; marks.len() + 1];
    counts[0] = Some(0);
    // A store's count is known when that of its source is.
    for _ in marks {
        for (increment, &mark) in marks.iter().enumerate() {
            counts[increment + 1] = counts[mark as usize].map(|count: u32| count + 1);
        }
    }
    let read = |store: u32| Read {
        value: counts[store as usize].unwrap(),
        store,
    };
    Log {
        threads,
        increments: u32::try_from(marks.len()).unwrap() / threads,
        reads: marks.iter().map(|&mark| read(mark)).collect(),
        looks: looks(threads, 1, times.unwrap_or(&vec![0; marks.len()])),
        clock_every: 1,
        last: read(last),
    }
}

/// What the threads see that look at the clock every so often right after these times.
fn looks(threads: u32, every: u32, times: &[u64]) -> Vec<Vec<u64>> {
    let each = times.len() / threads as usize;
    let looks = |thread: usize| {
        let times = &times[thread * each..][..each];
        let regular = times.iter().step_by(every as usize);
        regular.chain(times.last()).copied().collect()
    };
    (0..threads as usize).map(looks).collect()
}

/// Who survived, and who overwrote whom.
fn fates(log: &Log) -> Vec<Option<Increment>> {
    let lineage = Lineage::of(log).unwrap();
    assert_explains(log, &lineage);
    (0..)
        .take(log.reads.len())
        .map(|increment| lineage.overwritten_by(increment))
        .collect()
}

/// The accesses in their order, played on a memory: each load finds what was logged.
fn assert_explains(log: &Log, lineage: &Lineage) {
    let mut holds = Read::default();
    let mut next = vec![(0, false); log.threads as usize];
    for access in lineage.accesses() {
        let thread = lineage.thread(access.increment) as usize;
        let sequence = lineage.sequence(access.increment);
        assert_eq!(next[thread], (sequence - 1, access.is_store));
        let read = log.reads[access.increment as usize];
        if access.is_store {
            holds = Read {
                value: read.value + 1,
                store: access.increment + 1,
            };
            next[thread] = (sequence, false);
        } else {
            assert_eq!(holds, read, "{access:?}");
            next[thread] = (sequence - 1, true);
        }
    }
    assert_eq!(holds, log.last);
    assert!(next.iter().all(|&next| next == (log.increments, false)));
    let survivors: Vec<_> = lineage.survivors().collect();
    assert_eq!(survivors.len() as u64, lineage.actual());
    // The chain from the end to the beginning, link by link.
    let mut link = source(log.last);
    for &survivor in survivors.iter().rev() {
        assert_eq!(link, Some(survivor));
        link = source(log.reads[survivor as usize]);
    }
    assert_eq!(link, None);
}

#[test]
fn nothing_is_lost() {
    // A1, A2, B1, B2 one after the other.
    assert_eq!(fates(&log(2, &[0, 1, 2, 3], 4, None)), [None; 4]);
    assert_eq!(fates(&log(1, &[0, 1, 2], 3, None)), [None; 3]);
    assert_eq!(fates(&log(3, &[], 0, None)), []);
}

#[test]
fn everything_is_lost_but_one() {
    // All three read the initial value; B stores last.
    assert_eq!(
        fates(&log(3, &[0, 0, 0], 2, Some(&[1, 9, 5]))),
        [Some(2), None, Some(1)]
    );
}

#[test]
fn a_stale_store_wipes_out_a_streak() {
    // A reads 0; B counts to 3; A stores 1 over it, and goes on to 3.
    let log = log(2, &[0, 1, 2, 0, 4, 5], 3, Some(&[9, 10, 11, 1, 2, 3]));
    assert_eq!(fates(&log), [None, None, None, Some(0), Some(0), Some(0)]);
    let first = Lineage::of(&log).unwrap().first_lost(&log).unwrap();
    assert_eq!(
        (first.lost, first.base, first.rival, first.overwriter),
        (3, None, 0, 0)
    );
}

#[test]
fn a_stale_store_may_itself_be_overwritten() {
    // A and B read 0. B stores 1, reads it; A stores its own 1; B stores 2 over it.
    let log = log(2, &[0, 3, 0, 3], 2, Some(&[5, 9, 1, 6]));
    // A1 read 0 and A2 read B1, so A1 came before B1 was read again.
    assert_eq!(log.reads[1], Read { value: 1, store: 3 });
    let fates = fates(&log);
    assert_eq!(fates[1], None);
    assert_eq!(fates[2], None);
    assert!(fates[0].is_some() && fates[3].is_some());
}

#[test]
fn times_that_are_equal_or_contradict_the_reads_change_no_fate_of_the_lineage() {
    let marks = [0, 1, 2, 0, 4, 5];
    for times in [[0; 6], [11, 10, 9, 3, 2, 1], [5, 5, 5, 9, 1, 7]] {
        // By whom B's were overwritten is what only times can tell.
        let survived = fates(&log(2, &marks, 3, Some(&times)));
        let survived: Vec<_> = survived.iter().map(Option::is_none).collect();
        assert_eq!(survived, [true, true, true, false, false, false]);
    }
}

#[test]
fn a_word_that_nobody_stored_is_named() {
    let mut unknown = log(2, &[0, 1, 0, 3], 2, None);
    unknown.reads[3] = Read {
        value: 1,
        store: 99,
    };
    let label = |thread: usize| ["A", "B"][thread].to_string();
    let error = Lineage::of(&unknown).unwrap_err();
    assert_eq!(
        error.sentence(label),
        "increment 2 of thread B read count 1 with mark 99, which nobody stored"
    );
    // The mark is somebody's, the count is not.
    unknown.reads[3] = Read { value: 7, store: 3 };
    let error = Lineage::of(&unknown).unwrap_err();
    assert!(error.sentence(label).contains("count 7 with mark 3"));
    let mut ended = log(2, &[0, 1, 0, 3], 2, None);
    ended.last = Read { value: 3, store: 2 };
    let error = Lineage::of(&ended).unwrap_err();
    assert!(error.sentence(label).contains("the run ended with count 3"));
}

#[test]
fn reads_that_no_memory_gives_are_found() {
    for (what, threads, marks, last) in [
        ("its own store is not seen again", 1, &[0, 0][..], 2),
        ("the end is not the last of its thread", 1, &[0, 1][..], 1),
        ("the initial value comes back", 2, &[0, 0, 0, 3][..], 4),
        ("stores, but none at the end", 1, &[0][..], 0),
    ] {
        let result = Lineage::of(&log(threads, marks, last, None));
        assert!(
            matches!(result, Err(Impossible::NoOrder { .. })),
            "{what}: {result:?}"
        );
    }
    // Each reads the other's later store before its own earlier one.
    let read = |value, store| Read { value, store };
    let circle = Log {
        threads: 2,
        increments: 1,
        reads: vec![read(1, 2), read(1, 1)],
        looks: vec![vec![0; 2]; 2],
        clock_every: 1,
        last: read(2, 1),
    };
    assert!(Lineage::of(&circle).is_err());
}

/// A run on a memory, scheduled by these numbers: its log, and when each increment was stored.
/// The clock is looked at right after a store or, `late`, not before the thread's next load.
fn run(threads: u32, increments: u32, every: u32, late: bool, choices: &[u32]) -> (Log, Vec<u64>) {
    let total = (threads * increments) as usize;
    let mut reads = vec![Read::default(); total];
    let mut times = vec![0; total];
    let mut looked = vec![2 * total as u64; total];
    let mut steps = vec![0; threads as usize];
    let mut holds = Read::default();
    let mut choices = choices.iter().copied().cycle();
    for now in 0..2 * total as u64 {
        let open: Vec<_> = (0..threads)
            .filter(|&thread| steps[thread as usize] < 2 * increments)
            .collect();
        let thread = open[choices.next().unwrap_or(0) as usize % open.len()];
        let step = &mut steps[thread as usize];
        let increment = thread * increments + *step / 2;
        if step.is_multiple_of(2) {
            reads[increment as usize] = holds;
            if !increment.is_multiple_of(increments) {
                looked[increment as usize - 1] = now;
            }
        } else {
            let value = reads[increment as usize].value + 1;
            holds = Read {
                value,
                store: increment + 1,
            };
            times[increment as usize] = now;
        }
        *step += 1;
    }
    let log = Log {
        threads,
        increments,
        reads,
        looks: looks(threads, every, if late { &looked } else { &times }),
        clock_every: every,
        last: holds,
    };
    (log, times)
}

/// No store has an earlier time than one before it.
fn assert_sorted(lineage: &Lineage) {
    let times: Vec<_> = lineage.order().iter().map(|&i| lineage.time(i)).collect();
    assert!(times.is_sorted(), "{times:?}");
}

/// A run in which A and B take turns, until A, which has stored so many of its 200 increments and
/// has loaded for the next, is off its core while B makes 1000; then they take turns again.
fn pause(stored: u32) -> Log {
    const EACH: [u32; 2] = [200, 1200];
    const MOST: u32 = EACH[1];
    let mut marks = vec![0; 2 * MOST as usize];
    let mut times = vec![0; marks.len()];
    let (mut holds, mut now) = (0, 0);
    let mut done = [0, 0];
    let mut increment = |thread: usize, has_loaded: Option<u32>, marks: &mut [u32]| {
        now += 10;
        let place = u32::from(thread == 1) * MOST + done[thread];
        marks[place as usize] = has_loaded.unwrap_or(holds);
        holds = place + 1;
        times[place as usize] = now;
        done[thread] += 1;
        holds
    };
    let mut seen = 0;
    for _ in 0..stored {
        increment(0, None, &mut marks);
        seen = increment(1, None, &mut marks);
    }
    for _ in 0..1000 {
        increment(1, None, &mut marks);
    }
    let mut has_loaded = Some(seen);
    for _ in stored..200 {
        increment(0, has_loaded.take(), &mut marks);
        increment(1, None, &mut marks);
    }
    // All threads have as many; the rest of A's are made at the end.
    for _ in 200..MOST {
        increment(0, None, &mut marks);
    }
    let looks = looks(2, 16, &times);
    Log {
        looks,
        clock_every: 16,
        ..log(2, &marks, MOST, None)
    }
}

#[test]
fn a_pause_lies_where_the_values_say() {
    // A whole period of the clock, which is looked at every 16 increments, and both its ends.
    for stored in 96..=112 {
        let log = pause(stored);
        let lineage = Lineage::of(&log).unwrap();
        assert_explains(&log, &lineage);
        assert_sorted(&lineage);
        // B's came regularly all the time.
        let paused = (0..2400).filter(|&increment| lineage.is_after_pause(increment));
        assert_eq!(paused.collect::<Vec<_>>(), [stored], "{stored}");
        let turns = 20 * u64::from(stored);
        assert!(lineage.time(stored - 1) <= turns);
        assert!(lineage.time(stored) > turns + 9_000);
    }
}

/// A thread that is alone for most of a run, and counts much slower while others do.
#[test]
fn slow_is_no_pause() {
    let marks: Vec<_> = (0..3200).collect();
    let mut now = 0;
    let times: Vec<_> = (0..3200)
        .map(|i| {
            now += if (1000..1800).contains(&i) { 100 } else { 1 };
            now
        })
        .collect();
    let log = Log {
        looks: looks(1, 16, &times),
        clock_every: 16,
        ..log(1, &marks, 3200, None)
    };
    let lineage = Lineage::of(&log).unwrap();
    assert!((0..3200).all(|increment| !lineage.is_after_pause(increment)));
}

#[test]
fn where_every_increment_takes_long_none_is_a_pause() {
    let marks: Vec<_> = (0..200).collect();
    let times: Vec<_> = (0..200).map(|i| i * 1_000_000).collect();
    let lineage = Lineage::of(&log(1, &marks, 200, Some(&times))).unwrap();
    assert!((0..200).all(|increment| !lineage.is_after_pause(increment)));
}

proptest! {
    #[test]
    fn times_are_within_what_the_clock_and_the_order_allow(
        threads in 1_u32..6,
        increments in 1_u32..60,
        every in 1_u32..17,
        late in any::<bool>(),
        choices in prop::collection::vec(any::<u32>(), 1..400),
    ) {
        let (log, _) = run(threads, increments, every, late, &choices);
        let lineage = Lineage::of(&log).unwrap();
        assert_explains(&log, &lineage);
        assert_sorted(&lineage);
        for increment in 0..threads * increments {
            let place = increment % increments;
            let looks = &log.looks[(increment / increments) as usize];
            let before = place.checked_sub(1).map_or(0, |before| looks[(before / every) as usize]);
            let after = looks[place.div_ceil(every) as usize];
            let time = lineage.time(increment);
            prop_assert!((before..=after).contains(&time), "{before} {time} {after}");
        }
    }

    #[test]
    fn every_run_of_a_memory_is_explained(
        threads in 1_u32..6,
        increments in 0_u32..40,
        choices in prop::collection::vec(any::<u32>(), 1..400),
        scramble in any::<Option<u64>>(),
    ) {
        let (mut log, times) = run(threads, increments, 1, false, &choices);
        if let Some(scramble) = scramble {
            // Clocks may say what they like.
            for (place, look) in log.looks.iter_mut().flatten().enumerate() {
                *look = (place as u64 + 1).wrapping_mul(scramble);
            }
        }
        let lineage = Lineage::of(&log).unwrap();
        assert_explains(&log, &lineage);
        if scramble.is_none() {
            // True times give the true order.
            let mut order: Vec<_> = (0..).take(log.reads.len()).collect();
            order.sort_by_key(|&increment: &u32| times[increment as usize]);
            prop_assert_eq!(lineage.order(), order);
        }
        assert_sorted(&lineage);
        // Whoever is overwritten is overwritten by a later store that has not seen it.
        for increment in (0..).take(log.reads.len()) {
            if let Some(by) = lineage.overwritten_by(increment) {
                prop_assert!(lineage.place(by) > lineage.place(increment));
                let mut link = Some(by);
                while let Some(store) = link {
                    prop_assert_ne!(store, increment);
                    link = source(log.reads[store as usize]);
                }
            }
        }
        prop_assert_eq!(
            lineage.first_lost(&log).is_some(),
            lineage.actual() < lineage.expected()
        );
    }
}
