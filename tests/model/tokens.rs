//! The schedule token: what is printed parses to the same, and nothing breaks the parser.

use miscount::model::{Actor, Named, Schedule, Segment, Steps};
use proptest::prelude::*;

fn error(token: &str) -> String {
    token.parse::<Schedule>().unwrap_err().to_string()
}

#[test]
fn the_example_reads_as_it_looks() {
    let schedule: Schedule = "A,B9998,A,B,A-,B-".parse().unwrap();
    let expected = [
        (0, Steps::Count(1)),
        (1, Steps::Count(9998)),
        (0, Steps::Count(1)),
        (1, Steps::Count(1)),
        (0, Steps::ToEnd),
        (1, Steps::ToEnd),
    ];
    let segments = expected.map(|(thread, steps)| Segment {
        actor: thread.into(),
        steps,
    });
    assert_eq!(schedule.segments(), segments);
    assert_eq!(schedule.to_string(), "A,B9998,A,B,A-,B-");
    assert_eq!(schedule.switches(), 5);
}

#[test]
fn the_printed_form_is_canonical() {
    for (token, canonical) in [
        ("", ""),
        ("A1", "A"),
        ("A007", "A7"),
        ("A,A", "A2"),
        ("A3,A4,B,B,B-", "A7,B-"),
        ("A3,A-", "A-"),
        ("AA2,Z", "AA2,Z"),
        // After its end a thread has no more steps; the mistake is kept for the run to report.
        ("A-,A2", "A-,A2"),
        ("A18446744073709551615,A1", "A18446744073709551615,A"),
        ("A18446744073709551615,A1,A-", "A-"),
    ] {
        let schedule: Schedule = token.parse().unwrap();
        assert_eq!(schedule.to_string(), canonical, "{token}");
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    for (token, message) in [
        (
            ",",
            "segment 1 (''): it is empty; write a thread and its steps, like A3",
        ),
        (
            "A,B2,",
            "segment 3 (''): it is empty; write a thread and its steps, like A3",
        ),
        (
            "A,bB2",
            "segment 2 ('bB2'): a thread is capital letters, its store buffer small ones",
        ),
        ("7", "segment 1 ('7'): it must begin with a thread, like A3"),
        ("A,B0", "segment 2 ('B0'): it must take at least one step"),
        (
            "A1-",
            "segment 1 ('A1-'): expected a count, or - for the rest of the thread",
        ),
        (
            "A+1",
            "segment 1 ('A+1'): expected a count, or - for the rest of the thread",
        ),
        (
            "A18446744073709551616",
            "segment 1 ('A18446744073709551616'): the count does not fit in 64 bits; write - for \
             the rest",
        ),
        (
            "ZZZZZZZZZZZZZZZ",
            "segment 1 ('ZZZZZZZZZZZZZZZ'): there can't be that many threads",
        ),
    ] {
        assert_eq!(error(token), message);
    }
    let long = "Ä".repeat(100);
    assert_eq!(
        error(&long),
        format!(
            "segment 1 ('{}...'): it must begin with a thread, like A3",
            "Ä".repeat(24)
        )
    );
}

#[test]
fn named_schedules_read_and_print_alike() {
    for name in [
        "worst",
        "lockstep",
        "serial",
        "random:0",
        "random:18446744073709551615",
    ] {
        assert_eq!(name.parse::<Named>().unwrap().to_string(), name);
    }
    for name in [
        "",
        "Worst",
        "random",
        "random:",
        "random:-1",
        "A-,B-",
        "fair",
    ] {
        assert!(name.parse::<Named>().is_err(), "{name}");
    }
}

fn segment() -> impl Strategy<Value = Segment> {
    let steps = prop_oneof![
        (1_u64..5).prop_map(Steps::Count),
        (1_u64..).prop_map(Steps::Count),
        Just(Steps::ToEnd),
    ];
    let thread = prop_oneof![0_usize..4, 0_usize..1_000_000];
    let actor = (thread, any::<bool>()).prop_map(|(thread, delivers)| {
        if delivers {
            Actor::Buffer(thread)
        } else {
            Actor::Thread(thread)
        }
    });
    (actor, steps).prop_map(|(actor, steps)| Segment { actor, steps })
}

proptest! {
    #[test]
    fn any_schedule_survives_printing(segments in prop::collection::vec(segment(), 0..40)) {
        let schedule: Schedule = segments.into_iter().collect();
        let token = schedule.to_string();
        prop_assert!(token.chars().all(|c| c.is_ascii_alphanumeric() || c == ',' || c == '-'));
        let back: Schedule = token.parse().unwrap();
        prop_assert_eq!(&back, &schedule);
        prop_assert_eq!(back.to_string(), token);
    }

    #[test]
    fn joining_changes_no_step(counts in prop::collection::vec((0_usize..3, 1_u64..4), 0..40)) {
        let mut plain = Vec::new();
        let mut schedule = Schedule::new();
        for &(thread, count) in &counts {
            plain.extend(std::iter::repeat_n(thread, usize::try_from(count).unwrap()));
            schedule.push(thread, Steps::Count(count));
        }
        let mut joined = Vec::new();
        for segment in schedule.segments() {
            let Steps::Count(count) = segment.steps else { panic!("no end was pushed") };
            joined.extend(std::iter::repeat_n(segment.actor.thread(), usize::try_from(count).unwrap()));
        }
        prop_assert_eq!(joined, plain);
        prop_assert!(schedule.segments().windows(2).all(|pair| pair[0].actor != pair[1].actor));
    }

    #[test]
    fn no_text_breaks_the_parser(text in any::<String>()) {
        let _ = text.parse::<Schedule>().map(|schedule| schedule.to_string());
        let _ = text.parse::<Named>();
    }

    #[test]
    fn nearly_right_text_is_read_or_refused(text in "[A-C0-9,-]{0,30}") {
        if let Ok(schedule) = text.parse::<Schedule>() {
            let token = schedule.to_string();
            prop_assert_eq!(token.parse::<Schedule>().unwrap(), schedule);
        }
    }
}
