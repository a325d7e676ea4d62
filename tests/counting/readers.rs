//! What the readers of `rwlock` claim is true.

use miscount::strategy::Settings;

use super::{Experiment, START_LINES};

#[test]
fn readers_are_never_inside_with_a_writer_and_never_see_the_counter_go_backwards() {
    for readers in [1, 2, 5] {
        for start in START_LINES {
            let settings = Settings {
                readers,
                ..Settings::default()
            };
            let experiment = Experiment {
                settings,
                start,
                ..Experiment::of("rwlock", 2, 1000)
            };
            // On a busy machine the writers may be done before a reader has woken.
            experiment.carry_out_until(|seen| {
                let seen = seen.outcome.readings.as_ref().unwrap();
                assert_eq!(seen.with_writer, 0, "{experiment:?}");
                assert_eq!(seen.backwards, 0, "{experiment:?}");
                assert!(seen.most_inside <= readers as u64, "{experiment:?}");
                assert_eq!(seen.most_inside > 0, seen.reads > 0, "{experiment:?}");
                seen.reads > 0
            });
        }
    }
}

#[test]
fn readers_share_the_lock() {
    let settings = Settings {
        readers: 3,
        ..Settings::default()
    };
    // On one core it takes a reader that is interrupted inside.
    Experiment {
        settings,
        ..Experiment::of("rwlock", 1, 20_000)
    }
    .carry_out_until(|seen| seen.outcome.readings.as_ref().unwrap().most_inside > 1);
}

#[test]
fn splitting_the_lock_still_keeps_readers_and_writers_apart() {
    let settings = Settings {
        split: true,
        ..Settings::default()
    };
    let experiment = Experiment {
        settings,
        stride: 2,
        ..Experiment::of("rwlock", 2, 1000)
    };
    experiment.carry_out_until(|seen| {
        let seen = seen.outcome.readings.as_ref().unwrap();
        assert_eq!(seen.with_writer, 0);
        assert!(seen.most_inside <= 2);
        seen.reads > 0
    });
}

#[test]
fn without_readers_there_are_no_readings() {
    for split in [false, true] {
        let settings = Settings {
            readers: 0,
            split,
            ..Settings::default()
        };
        let seen = Experiment {
            settings,
            ..Experiment::of("rwlock", 2, 10)
        }
        .carry_out();
        assert_eq!(seen.outcome.readings, None);
    }
    assert_eq!(
        Experiment::of("atomic", 2, 10).carry_out().outcome.readings,
        None
    );
}
