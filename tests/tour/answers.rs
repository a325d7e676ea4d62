//! The answers and reasons of each chapter, for every result that its experiments can have.

use miscount::record::AnyRecord;
use miscount::record::{CountingRecord, Spread, Summary};
use miscount::tour::{ALL, Answer, Chapter, Records};

use super::records::{
    buffered, buffering, census, comparison, counting, raced, reading, replay, requests, trace,
    wait_group,
};

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
    (chapter(name).answer)(records).map(Answer::number)
}

/// A chapter says nothing rather than invent a number.
#[test]
fn without_records_there_are_no_numbers() {
    for chapter in ALL {
        let none = Records::default();
        match chapter.name {
            "waiting" => assert_eq!((chapter.answer)(&none), Some(Answer::Choice(2))),
            name => assert_eq!((chapter.answer)(&none), None, "{name}"),
        }
        // What is true of every machine needs no numbers.
        let always = matches!(chapter.name, "contexts" | "puzzle");
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
    assert!(some.contains("8 of 11 runs were wrong, and 25%"), "{some}");
    assert!(some.contains("not a data race"), "{some}");
    assert!(!some.contains("With one core"), "{some}");
    let alone = why("unsynced", &ran(1, 8, 0.25));
    assert!(alone.contains("With one core"), "{alone}");
    // A share is never rounded to nothing.
    let few = why("unsynced", &ran(2, 1, 0.000_001));
    assert!(few.contains("under 0.01%"), "{few}");
    let none = why("unsynced", &ran(2, 0, 0.0));
    assert!(none.contains("No update was lost"), "{none}");
}

#[test]
fn reasons() {
    let told = |lost, streak| both(replay(1), trace(lost, streak));
    let records = told(Some(31), 9);
    assert_eq!(answer("why", &records), Some(1.0));
    let many = why("why", &records);
    assert!(many.contains("in run 3"), "{many}");
    assert!(many.contains("31 of 200 increments were lost"), "{many}");
    assert!(many.contains("up to 9 increments"), "{many}");
    let single = why("why", &told(Some(1), 1));
    assert!(single.contains("1 of 200"), "{single}");
    assert!(!single.contains("wipes out everything"), "{single}");
    let none = why("why", &told(Some(0), 0));
    assert!(none.contains("in 3 runs no thread"), "{none}");
    assert!(!none.contains("were lost"), "{none}");
    // Where no run came to its end, nothing is known of lost updates.
    let unknown = why("why", &told(None, 0));
    assert!(unknown.contains("Both loaded the same value"), "{unknown}");
    assert!(!unknown.contains("The second experiment"), "{unknown}");
}

#[test]
fn a_mutex_for_each_increment() {
    for (cores, with, without, ratio, said) in [
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
        let times = [("unsynced", without), ("mutex-per-op", with)];
        let records = only(comparison(cores, &times));
        let why = why("mutex-per-op", &records);
        assert!(why.contains(ratio) && why.contains(said), "{why}");
        assert!(!why.contains("runs differ"), "{why}");
        let answer = answer("mutex-per-op", &records).unwrap();
        assert!((answer - with / without).abs() < 1e-9, "{answer}");
    }
    // A median of runs of two kinds is no more than that.
    let mut bimodal = comparison(2, &[("unsynced", 8.0), ("mutex-per-op", 80.0)]);
    let time = bimodal.entries[0].ns_per_increment.as_mut().unwrap();
    time.upper_quartile = 45.0;
    let why = why("mutex-per-op", &only(bimodal));
    assert!(
        why.contains("half of those of unsynced took between 7.20 and 45.0 ns"),
        "{why}"
    );
    assert_eq!(answer("mutex-per-op", &only(comparison(2, &[]))), None);
}

#[test]
fn a_mutex_for_a_batch() {
    for (cores, unsynced, per_op, per_batch, option, said) in [
        (2, 40.0, 300.0, 2.0, 3.0, "from core to core"),
        (2, 40.0, 300.0, 43.0, 3.0, "from core to core"),
        (1, 2.0, 10.0, 2.0, 3.0, "With a single core"),
        (2, 2.0, 300.0, 4.0, 2.0, "No lock at all was faster"),
        (2, 2.0, 4.0, 5.0, 1.0, "Usually "),
    ] {
        let times = [
            ("unsynced", unsynced),
            ("mutex-per-op", per_op),
            ("mutex-per-batch", per_batch),
        ];
        let records = only(comparison(cores, &times));
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
    let records = only(reading(2));
    assert_eq!(answer("rwlock", &records), Some(0.0));
    let together = why("rwlock", &records);
    assert!(
        together.contains("In 12,000 reads up to 2 readers"),
        "{together}"
    );
    let alone = why("rwlock", &only(reading(1)));
    assert!(alone.contains("no two readers happened"), "{alone}");
    // Without readers there is nothing to tell.
    assert_eq!(answer("rwlock", &only(counting(2, 3, 0))), None);
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
        (2, 0.5, 4.0, "Sharing is what costs"),
        (1, 0.5, 4.0, "far more on several cores"),
        (2, 25.0, 3.0, "Usually "),
    ] {
        let records = only(comparison(cores, &times(sharded)));
        assert_eq!(answer("atomics", &records), Some(option));
        let why = why("atomics", &records);
        assert!(why.contains(said), "{why}");
        assert!(why.contains("20.0 ns by an atomic addition"), "{why}");
        assert_eq!(why.contains("Usually "), option < 4.0, "{why}");
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
    let told = |race| Records(vec![buffering(false).into(), race, buffered(true).into()]);
    for (cores, memory, zeros, said) in [
        (2, Some("tso"), 20, "in 20 of 1,000 runs"),
        (2, Some("tso"), 0, "That proves nothing"),
        (1, Some("tso"), 0, "share one core"),
        (2, None, 20, "this is another processor"),
    ] {
        let records = told(raced(cores, memory, zeros).into());
        assert_eq!(answer("store-buffers", &records), Some(3.0));
        let why = why("store-buffers", &records);
        assert!(why.contains(said), "{why}");
        assert_eq!(why.contains("ARM"), memory.is_none(), "{why}");
    }
    // The answer is what the records say.
    for (in_order, by_buffers, option) in [(true, true, 2.0), (false, false, 1.0)] {
        let records = both(buffering(in_order), buffered(by_buffers));
        assert_eq!(answer("store-buffers", &records), Some(option));
    }
}
