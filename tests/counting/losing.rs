//! The other strategies lose updates.

use std::time::Duration;

use miscount::error::Error;
use miscount::plan::Pinning;
use miscount::strategy::{self, AccessMode, Settings, Window};

use super::{Experiment, START_LINES, Seen, cores};

#[test]
fn a_window_loses_updates_on_any_machine() {
    for (window, increments) in [
        (Window::Yield, 2000),
        (Window::Spin(1000), 1000),
        (Window::Sleep(Duration::from_millis(2)), 20),
    ] {
        let settings = Settings {
            window,
            ..Settings::default()
        };
        for start in START_LINES {
            Experiment {
                settings,
                start,
                ..Experiment::of("unsynced", 3, increments)
            }
            .carry_out_until(Seen::lost);
        }
    }
}

#[test]
fn unsynced_loses_updates_without_help() {
    for (pinning, stride) in [
        (Pinning::Spread, 1),
        (Pinning::None, 1),
        (Pinning::Spread, 4),
    ] {
        Experiment {
            pinning,
            stride,
            ..Experiment::of("unsynced", 3, 100_000)
        }
        .carry_out_until(Seen::lost);
    }
}

#[test]
fn one_increment_each_is_enough_to_lose_one() {
    let settings = Settings {
        window: Window::Sleep(Duration::from_millis(2)),
        ..Settings::default()
    };
    Experiment {
        settings,
        ..Experiment::of("unsynced", 4, 1)
    }
    .carry_out_until(Seen::lost);
}

#[test]
fn a_single_thread_has_nobody_to_race_with() {
    let split = Settings {
        split: true,
        ..Settings::default()
    };
    for (strategy, settings) in [("unsynced", Settings::default()), ("rwlock", split)] {
        for increments in [0, 1, 700] {
            // What `least` says is held by `carry_out`.
            let alone = Experiment {
                settings,
                ..Experiment::of(strategy, 1, increments)
            };
            assert!(!alone.carry_out().lost());
        }
        let nothing = Experiment {
            settings,
            ..Experiment::of(strategy, 5, 0)
        };
        assert!(!nothing.carry_out().lost());
    }
}

#[test]
fn locking_every_access_separately_loses_updates() {
    for readers in [0, 2] {
        let settings = Settings {
            split: true,
            readers,
            ..Settings::default()
        };
        Experiment {
            settings,
            ..Experiment::of("rwlock", 3, 10_000)
        }
        .carry_out_until(Seen::lost);
    }
}

#[test]
#[cfg(target_arch = "x86_64")]
fn a_single_instruction_loses_updates_where_two_cores_can_meet() {
    let settings = Settings {
        access: AccessMode::SingleInstruction,
        ..Settings::default()
    };
    let experiment = Experiment {
        settings,
        ..Experiment::of("unsynced", 2, 100_000)
    };
    if cores() == Some(1) {
        // An interruption comes before or after an instruction, never inside.
        assert!(!experiment.carry_out().lost());
    } else {
        experiment.carry_out_until(Seen::lost);
    }
}

#[test]
#[cfg(not(target_arch = "x86_64"))]
fn a_single_instruction_is_refused_where_there_is_none() {
    let settings = Settings {
        access: AccessMode::SingleInstruction,
        ..Settings::default()
    };
    let error = strategy::named("unsynced")
        .unwrap()
        .build(&settings)
        .unwrap_err();
    assert!(matches!(error, Error::Machine(sentence) if sentence.contains("--access")));
}

#[test]
fn a_window_has_no_place_in_a_single_instruction() {
    let settings = Settings {
        access: AccessMode::SingleInstruction,
        window: Window::Yield,
        ..Settings::default()
    };
    let error = strategy::named("unsynced")
        .unwrap()
        .build(&settings)
        .unwrap_err();
    assert!(matches!(error, Error::Usage(_) | Error::Machine(_)));
}
