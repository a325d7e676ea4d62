//! Traced runs on real threads: what must be true of every one of them.

use std::num::NonZeroU64;

use miscount::error::Error;
use miscount::lab::{self, CountingOutcome, Recorded};
use miscount::model;
use miscount::plan::{CountingPlan, Until};
use miscount::record::{Explained, Fate, Name, NoToken, TraceRecord};
use miscount::strategy::{self, AccessMode, MOST_RECORDED, Settings, Shape, Window};
use miscount::sync::Context;

fn plan(name: &str, settings: Settings, threads: usize, increments: u64) -> CountingPlan {
    let kind = strategy::named(name).unwrap();
    CountingPlan {
        until: Some(Until::Lost),
        ..CountingPlan::new(
            kind.build(&settings).unwrap(),
            Shape::new(threads, increments).unwrap(),
            3,
        )
    }
}

fn record(plan: &CountingPlan) -> Result<(Option<Recorded>, CountingOutcome), Error> {
    lab::record(plan, &Context::background(), &mut (), 0)
}

/// What can be traced, with the settings that make a difference.
fn traceable() -> Vec<(&'static str, Settings)> {
    let plain = Settings {
        readers: 1,
        ..Settings::default()
    };
    let mut all: Vec<_> = strategy::ALL
        .iter()
        .map(|kind| (kind.name, plain))
        .filter(|(name, _)| !["sharded", "map-reduce"].contains(name))
        .collect();
    let with = |window| Settings { window, ..plain };
    all.push(("unsynced", with(Window::Yield)));
    all.push(("unsynced", with(Window::Spin(20))));
    let split = Settings {
        split: true,
        ..plain
    };
    all.push(("rwlock", split));
    let batch = Settings {
        batch: NonZeroU64::new(7),
        ..plain
    };
    all.push(("mutex-per-batch", batch));
    all
}

#[test]
fn every_run_adds_up_and_has_a_token_with_the_same_fates() {
    for (name, settings) in traceable() {
        for (threads, increments) in [(1, 40), (2, 1), (2, 50), (3, 100), (5, 33), (2, 0)] {
            let plan = plan(name, settings, threads, increments);
            let what = format!("{:?}: {threads} x {increments}", plan.strategy);
            let (recorded, outcome) = record(&plan).unwrap();
            let run = Explained::of(recorded.unwrap()).unwrap();
            let trace = TraceRecord::new(&plan, &outcome, Some(&run));
            let expected = plan.shape.expected();
            let survived = run.fates().filter(|fate| fate.survived).count() as u64;
            assert_eq!(Some(survived), trace.actual, "{what}");
            assert_eq!(survived + trace.lost.unwrap(), expected, "{what}");
            if plan.strategy.is_correct() {
                assert_eq!(survived, expected, "{what}");
            }
            assert_stretches(&run, &what);
            let by_thread = trace.per_thread.unwrap();
            assert_eq!(by_thread.len(), threads, "{what}");
            for fate in &by_thread {
                assert_eq!(fate.survived + fate.lost, increments, "{what}: {fate:?}");
            }
            let overwritten = trace.overwritten.unwrap();
            let overwritten: u64 = overwritten.iter().map(|pair| pair.increments).sum();
            assert_eq!(overwritten, expected - survived, "{what}");
            assert_token(&plan, &run, &what);
        }
    }
}

/// The stretches say what the fates say, but for the times between the first and the last.
fn assert_stretches(run: &Explained, what: &str) {
    let mut fates = run.fates();
    for stretch in run.stretches() {
        let mut read_from = stretch.read_from;
        for (sequence, read) in (stretch.first..=stretch.last).zip(stretch.read..) {
            let fate = fates.next().unwrap();
            if sequence == stretch.first {
                assert_eq!(fate.time_ns, stretch.time_ns, "{what}");
            }
            if sequence == stretch.last {
                assert_eq!(fate.time_ns, stretch.until_ns, "{what}");
                assert_eq!(fate.stored, stretch.stored, "{what}");
            }
            let told = Fate {
                thread: stretch.thread.clone(),
                sequence,
                read,
                read_from: read_from.take(),
                stored: read + 1,
                survived: stretch.survived,
                overwritten_by: stretch.overwritten_by.clone(),
                time_ns: fate.time_ns,
                time_measured: fate.time_measured,
            };
            assert_eq!(fate, told, "{what}");
            read_from = Some(Name {
                thread: stretch.thread.clone(),
                sequence,
            });
        }
    }
    assert_eq!(fates.next(), None, "{what}");
}

fn assert_token(plan: &CountingPlan, run: &Explained, what: &str) {
    let system = plan.strategy.system(plan.shape).unwrap();
    let schedule = run.token(&system);
    let schedule = schedule.unwrap_or_else(|why| panic!("{what}: {}", why.sentence("it")));
    let written: model::Schedule = schedule.to_string().parse().unwrap();
    assert_eq!(written, schedule, "{what}");
}

#[test]
fn a_token_is_not_given_out_where_it_does_not_replay() {
    let plan = plan("unsynced", Settings::default(), 2, 2);
    let system = plan.strategy.system(plan.shape).unwrap();
    let word = |count: u64, mark: u64| count << 32 | mark;
    // A and B take turns: A1, B1, A2, B2.
    let mut run = Explained::of(Recorded {
        run: 1,
        elapsed_ns: 4,
        shape: plan.shape,
        loaded: vec![0, word(2, 3), word(1, 1), word(3, 2)],
        looks_ns: vec![vec![1, 3], vec![2, 4]],
        clock_every: 16,
        last: word(4, 4),
    })
    .unwrap();
    assert!(run.token(&system).is_ok());
    // A log that says otherwise than the lineage that was made of it.
    run.log.reads[3] = run.log.reads[1];
    assert_eq!(run.token(&system), Err(NoToken::OtherFates));
    // A lock lets no load come between a load and its store.
    let locked = self::plan("mutex-per-op", Settings::default(), 2, 1);
    let both_load_0 = Explained::of(Recorded {
        run: 1,
        elapsed_ns: 4,
        shape: locked.shape,
        loaded: vec![0, 0],
        looks_ns: vec![vec![1, 1], vec![2, 2]],
        clock_every: 16,
        last: word(1, 2),
    })
    .unwrap();
    let system = locked.strategy.system(locked.shape).unwrap();
    assert_eq!(both_load_0.token(&system), Err(NoToken::NotAllowed));
}

#[test]
fn times_are_those_of_the_threads() {
    let plan = plan("unsynced", Settings::default(), 2, 1000);
    let (recorded, _) = record(&plan).unwrap();
    let run = Explained::of(recorded.unwrap()).unwrap();
    for thread in run.increments().collect::<Vec<_>>().chunks(1000) {
        assert!(thread.is_sorted_by_key(|&increment| run.time(increment)));
    }
    let order = run.lineage.order();
    assert!(order.is_sorted_by_key(|&increment| run.time(increment)));
    for fate in run.fates().filter(|fate| fate.time_measured) {
        assert!(fate.sequence % 16 == 1 || fate.sequence == 1000, "{fate:?}");
    }
}

#[test]
fn what_cannot_be_traced_says_why() {
    let refused = |name, settings| match record(&plan(name, settings, 2, 10)) {
        Err(Error::Usage(sentence)) => sentence,
        other => panic!("{name}: {other:?}"),
    };
    let plain = Settings::default();
    assert!(refused("sharded", plain).contains("a counter of its own"));
    assert!(refused("map-reduce", plain).contains("no shared counter"));
    if cfg!(target_arch = "x86_64") {
        let single = Settings {
            access: AccessMode::SingleInstruction,
            ..plain
        };
        assert!(refused("unsynced", single).contains("--access single-instruction"));
    }
    let most = plan("unsynced", plain, 2, MOST_RECORDED / 2 + 1);
    match record(&most) {
        Err(Error::Usage(sentence)) => {
            assert!(sentence.contains(&MOST_RECORDED.to_string()), "{sentence}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_run_that_is_cut_short_is_not_explained() {
    let plan = plan("unsynced", Settings::default(), 2, 10);
    let (context, canceler) = Context::background().with_cancel();
    canceler.cancel();
    let (recorded, outcome) = lab::record(&plan, &context, &mut (), 0).unwrap();
    assert!(recorded.is_none());
    assert_eq!(outcome.stopped, lab::Stopped::Interrupted);
}
