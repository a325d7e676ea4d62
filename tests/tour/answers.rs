//! The answers and reasons of each chapter, for every result that its experiments can have.

use miscount::record::AnyRecord;
use miscount::record::{CountingRecord, RaceRecord, Spread, Summary};
use miscount::tour::{ALL, Chapter, Records};

use super::records::{buffered, census, comparison, counting, raced, replay, requests, wait_group};

fn chapter(name: &str) -> &'static Chapter {
    ALL.iter().find(|chapter| chapter.name == name).unwrap()
}

/// The records of a chapter with one experiment.
fn only(record: impl Into<AnyRecord>) -> Records {
    Records(vec![record.into()])
}

/// The records of a chapter with two experiments.
fn both(one: impl Into<AnyRecord>, other: impl Into<AnyRecord>) -> Records {
    Records(vec![one.into(), other.into()])
}

fn why(name: &str, records: &Records) -> String {
    (chapter(name).why)(records).unwrap().join(" ")
}

fn answer(name: &str, records: &Records) -> Option<f64> {
    (chapter(name).answer)(records)
}

/// A chapter says nothing rather than invent a number.
#[test]
fn without_records_there_are_no_numbers() {
    for chapter in ALL {
        let none = Records::default();
        match chapter.name {
            "waiting" => assert_eq!((chapter.answer)(&none), Some(2.0)),
            name => assert_eq!((chapter.answer)(&none), None, "{name}"),
        }
        // What is true of every machine needs no numbers.
        let always = matches!(chapter.name, "why" | "contexts" | "puzzle");
        assert_eq!((chapter.why)(&none).is_some(), always, "{}", chapter.name);
    }
}

#[test]
fn waiting() {
    // What can happen does not depend on luck.
    for (early, said) in [
        (6, "in 6 of 10 runs"),
        (10, "in 10 of 10 runs"),
        (0, "All 10 runs were lucky"),
    ] {
        let records = only(wait_group(early));
        assert_eq!(answer("waiting", &records), Some(2.0));
        let why = why("waiting", &records);
        assert!(why.contains(said), "{why}");
        assert_eq!(why.contains("lucky"), early == 0, "{why}");
    }
}

#[test]
fn unsynced() {
    let ran = |cores, lost, share| {
        let record = counting(cores, 11, lost);
        let actual = Spread {
            median: Some(9_000.0),
            ..Spread::default()
        };
        only(CountingRecord {
            summary: Summary {
                actual,
                lost_share: Some(share),
                ..record.summary
            },
            ..record
        })
    };
    assert_eq!(answer("unsynced", &ran(2, 8, 0.25)), Some(9_000.0));
    let some = why("unsynced", &ran(2, 8, 0.25));
    assert!(some.contains("8 of 11 runs lost updates, 25%"), "{some}");
    assert!(some.contains("no data race"), "{some}");
    assert!(!some.contains("There is one core"), "{some}");
    let alone = why("unsynced", &ran(1, 8, 0.25));
    assert!(alone.contains("There is one core"), "{alone}");
    // A share is never rounded to nothing.
    let few = why("unsynced", &ran(2, 1, 0.000_001));
    assert!(few.contains("under 0.01%"), "{few}");
    let none = why("unsynced", &ran(2, 0, 0.0));
    assert!(none.contains("No update was lost"), "{none}");
}

#[test]
fn one_stale_store() {
    assert_eq!(answer("why", &only(replay(3))), Some(3.0));
}

#[test]
fn a_mutex_for_each_increment() {
    for (cores, with, without, said) in [
        (2, 296.0, 41.1, "take turns, one increment long"),
        (1, 10.0, 2.0, "On several cores it would"),
        (2, 20.0, 40.0, "cost nothing here"),
    ] {
        let times = [("unsynced", without), ("mutex-per-op", with)];
        let records = only(comparison(cores, &times));
        let why = why("mutex-per-op", &records);
        assert!(why.contains(said), "{why}");
        // The answer is the quotient of the two numbers of the table, which stand beside it.
        assert!(why.starts_with(&format!("{with:.0}")), "{why}");
        let answer = answer("mutex-per-op", &records).unwrap();
        assert!((answer - with / without).abs() < 1e-9, "{answer}");
    }
    assert_eq!(answer("mutex-per-op", &only(comparison(2, &[]))), None);
}

#[test]
fn a_mutex_for_a_batch() {
    for (per_op, per_batch, option) in [
        (300.0, 2.0, 3.0),
        (300.0, 43.0, 3.0),
        (300.0, 160.0, 2.0),
        (300.0, 440.0, 2.0),
        (4.0, 8.0, 1.0),
    ] {
        let times = [("mutex-per-op", per_op), ("mutex-per-batch", per_batch)];
        let records = only(comparison(2, &times));
        assert_eq!(answer("mutex-per-batch", &records), Some(option));
    }
}

#[test]
fn a_lock_in_the_wrong_place() {
    let told = |lost, smallest| both(counting(2, 10, lost), census(smallest));
    let records = told(10, 2);
    assert_eq!(answer("wrong-lock", &records), Some(2.0));
    assert!(why("wrong-lock", &records).contains("10 of 10 runs lost updates"));
    let lucky = told(0, 2);
    assert_eq!(answer("wrong-lock", &lucky), Some(2.0));
    assert!(why("wrong-lock", &lucky).contains("were lucky"));
    assert_eq!(answer("wrong-lock", &told(0, 4)), Some(1.0));
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
        (2, 0.5, 4.0, "one at a time"),
        (1, 0.5, 4.0, "On several cores"),
        (2, 25.0, 3.0, "25.0 ns sharded"),
    ] {
        let records = only(comparison(cores, &times(sharded)));
        assert_eq!(answer("atomics", &records), Some(option));
        let why = why("atomics", &records);
        assert!(why.contains(said), "{why}");
        assert!(why.contains("20.0 ns by an atomic addition"), "{why}");
    }
    // A comparison that was broken off has no winner.
    let mut broken = comparison(2, &times(1.0));
    for entry in &mut broken.entries {
        (entry.ns_per_increment, entry.cheapest) = (None, false);
    }
    assert_eq!(answer("atomics", &only(broken)), None);
}

#[test]
fn contexts_and_the_puzzle() {
    assert_eq!(answer("contexts", &only(requests(5))), Some(5.0));
    assert_eq!(answer("puzzle", &both(census(2), replay(2))), Some(2.0));
}

#[test]
fn a_race_of_ones_own() {
    assert_eq!(answer("your-own-race", &only(census(2))), Some(1.0));
    let told = why("your-own-race", &only(census(2)));
    assert!(told.contains("1 of the 1 outcomes are wrong"), "{told}");
}

#[test]
fn stores_that_wait() {
    let told = |race: RaceRecord, buffered_zeros| both(race, buffered(buffered_zeros));
    for (cores, memory, zeros, said) in [
        (2, Some("tso"), 20, "in 20 of 1,000 runs"),
        (2, Some("tso"), 0, "That proves nothing"),
        (1, Some("tso"), 0, "share one core"),
        (2, None, 20, "This is another processor"),
    ] {
        let records = told(raced(cores, memory, zeros), true);
        assert_eq!(answer("store-buffers", &records), Some(3.0));
        let why = why("store-buffers", &records);
        assert!(why.contains(said), "{why}");
        assert_eq!(why.contains("ARM"), memory.is_none(), "{why}");
    }
    // The answer is what the records say.
    let mut in_order = raced(2, None, 20);
    in_order.outcomes[0].allowed.sc = Some(true);
    assert_eq!(answer("store-buffers", &told(in_order, true)), Some(2.0));
    let never = told(raced(2, None, 0), false);
    assert_eq!(answer("store-buffers", &never), Some(1.0));
}
