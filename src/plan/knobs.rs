//! How the knobs of `live` are turned.

use std::num::NonZeroU64;
use std::ops::RangeInclusive;
use std::time::Duration;

use super::counting::{MOST_THREADS, Pinning, StartLine};
use super::live::{Knob, LivePlan, LiveSubject};
use super::subject::Subject;
use crate::error::Error;
use crate::language::{SourceFile, read};
use crate::strategy::{AccessMode, Setting, Window};

/// The strides that there are.
const STRIDES: RangeInclusive<u64> = 1..=65_536;

/// The greatest number that a press of a key reaches; others are typed.
const MOST_BY_KEY: u64 = 1_000_000_000;

impl LivePlan {
    /// Turns a knob up or down by a step; at its end it stays where it is.
    ///
    /// # Errors
    ///
    /// Why the new value does not go with the others; the knob stays where it is.
    pub fn turn(&mut self, knob: Knob, up: bool) -> Result<(), Error> {
        if let Some(number) = self.number(knob) {
            let next = if up { above(number) } else { below(number) };
            let next = match knob {
                // Threads go one by one while they are few.
                Knob::Threads | Knob::Setting(Setting::Readers) if number + u64::from(up) <= 8 => {
                    if up {
                        number + 1
                    } else {
                        number.saturating_sub(1)
                    }
                }
                Knob::Threads | Knob::Setting(Setting::Readers) if up => (number * 2).min(1024),
                Knob::Threads | Knob::Setting(Setting::Readers) => number / 2,
                Knob::Parameter(_) if up => number + 1,
                Knob::Parameter(_) => number.saturating_sub(1),
                _ => next,
            };
            let is_at_end = match knob {
                Knob::Threads => next == 0,
                Knob::Stride => !STRIDES.contains(&next),
                Knob::Increments => up && next > MOST_BY_KEY,
                _ => false,
            };
            return if is_at_end {
                Ok(())
            } else {
                self.set(knob, next)
            };
        }
        let mut turned = self.clone();
        match knob {
            Knob::Setting(Setting::Window) => {
                turned.settings.window = beside(&WINDOWS, &self.settings.window, up);
                turned.window_added = false;
            }
            Knob::Setting(Setting::AccessMode) => {
                let modes = [AccessMode::LoadStore, AccessMode::SingleInstruction];
                turned.settings.access = beside(&modes, &self.settings.access, up);
            }
            Knob::Setting(_) => turned.settings.split = up,
            Knob::Start => {
                let lines = [
                    StartLine::Timebase,
                    StartLine::Spin,
                    StartLine::Barrier,
                    StartLine::None,
                ];
                turned.start = beside(&lines, &self.start, up);
            }
            _ => turned.pinning = if up { Pinning::None } else { Pinning::Spread },
        }
        turned.check()?;
        *self = turned;
        Ok(())
    }

    /// Sets a knob to a number.
    ///
    /// # Errors
    ///
    /// Why the number does not go with the knob or the other values; the knob stays where it is.
    pub fn set(&mut self, knob: Knob, number: u64) -> Result<(), Error> {
        let mut turned = self.clone();
        let size = |range: RangeInclusive<u64>| {
            let number = Some(number).filter(|number| range.contains(number));
            let size = number.and_then(|number| usize::try_from(number).ok());
            size.ok_or_else(|| {
                let (name, least, most) = (self.name(knob), range.start(), range.end());
                Error::Usage(format!("{name} can be {least} to {most}"))
            })
        };
        match knob {
            Knob::Threads => turned.threads = size(1..=MOST_THREADS as u64)?,
            Knob::Increments => turned.increments = number,
            Knob::Setting(Setting::Batch) => turned.settings.batch = NonZeroU64::new(number),
            Knob::Setting(Setting::Readers) => {
                turned.settings.readers = size(0..=MOST_THREADS as u64)?;
            }
            Knob::Setting(Setting::Window) => {
                let spins = u32::try_from(number).unwrap_or(u32::MAX);
                turned.settings.window = Window::Spin(spins);
                turned.window_added = false;
            }
            Knob::Parameter(place) => turned.subject = self.with_parameter(place, number)?,
            Knob::Stride => turned.stride = Some(size(STRIDES)?),
            Knob::Setting(_) | Knob::Start | Knob::Pinning => {
                let name = self.name(knob);
                return Err(Error::Usage(format!(
                    "{name} takes no number; the left and right arrows change it"
                )));
            }
        }
        turned.check()?;
        *self = turned;
        Ok(())
    }

    /// Returns the program with another value for a parameter.
    fn with_parameter(&self, place: usize, number: u64) -> Result<LiveSubject, Error> {
        let LiveSubject::Program(subject) = &self.subject else {
            return Ok(self.subject.clone());
        };
        let Some(race) = subject.race() else {
            return Ok(self.subject.clone());
        };
        let mut values = race.program.parameters.clone();
        if let Some((_, value)) = values.get_mut(place) {
            *value = i64::try_from(number).unwrap_or(i64::MAX);
        }
        let text = race.source.text().to_string();
        let source = SourceFile::new(subject.name.clone(), text);
        let race = read(source, &values, None)?;
        let subject = Subject::of_race(subject.name.clone(), &values, race);
        Ok(LiveSubject::Program(subject.into()))
    }
}

/// The windows that keys go through.
const WINDOWS: [Window; 7] = [
    Window::None,
    Window::Yield,
    Window::Spin(10),
    Window::Spin(100),
    Window::Spin(1000),
    Window::Sleep(Duration::from_micros(10)),
    Window::Sleep(Duration::from_millis(1)),
];

/// Returns the neighbour of a value; one that is not among the values is before them all.
fn beside<T: PartialEq + Copy>(values: &[T], value: &T, up: bool) -> T {
    let place = values.iter().position(|other| other == value);
    let next = match (place, up) {
        (Some(place), true) => place + 1,
        (Some(place), false) => place.saturating_sub(1),
        (None, _) => 0,
    };
    values[next.min(values.len() - 1)]
}

/// Returns the next greater of 1, 2, 5, 10, 20, 50, ...
fn above(number: u64) -> u64 {
    let mut decade = 1_u64;
    loop {
        for step in [1, 2, 5] {
            match decade.checked_mul(step) {
                Some(next) if next > number => return next,
                Some(_) => {}
                None => return number,
            }
        }
        decade = decade.saturating_mul(10);
    }
}

/// Returns the next smaller of 0, 1, 2, 5, 10, 20, 50, ...
fn below(number: u64) -> u64 {
    let mut least = 0;
    loop {
        match above(least) {
            next if next < number && next > least => least = next,
            _ => return least,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::{ALL, named};

    fn plan(name: &str) -> LivePlan {
        LivePlan::new(LiveSubject::Strategy(named(name).unwrap()))
    }

    #[test]
    fn a_knob_goes_up_and_down_the_same_steps() {
        let mut plan = plan("unsynced");
        for (knob, up, down) in [
            (Knob::Threads, "3", "2"),
            (Knob::Increments, "200", "100"),
            (Knob::Setting(Setting::Window), "yield", "none"),
            (Knob::Start, "spin", "timebase"),
            (Knob::Pinning, "none", "spread"),
            (Knob::Stride, "1", "1"),
        ] {
            plan.turn(knob, true).unwrap();
            assert_eq!(plan.value(knob), up);
            plan.turn(knob, false).unwrap();
            assert_eq!(plan.value(knob), down);
        }
        for _ in 0..40 {
            plan.turn(Knob::Threads, true).unwrap();
            plan.turn(Knob::Increments, true).unwrap();
        }
        assert_eq!(
            (plan.threads, plan.value(Knob::Increments)),
            (1024, "1000000000".into())
        );
        for _ in 0..60 {
            plan.turn(Knob::Threads, false).unwrap();
            plan.turn(Knob::Increments, false).unwrap();
        }
        assert_eq!((plan.threads, plan.increments), (1, 0));
    }

    #[test]
    fn numbers_that_do_not_go_are_refused_and_change_nothing() {
        let mut plan = plan("unsynced");
        for (knob, number, reason) in [
            (Knob::Threads, 0, "threads can be 1 to 1024"),
            (Knob::Threads, 1025, "threads can be 1 to 1024"),
            (Knob::Increments, u64::MAX, "64 bits"),
            (Knob::Stride, 0, "stride can be 1 to 65536"),
            (Knob::Start, 3, "takes no number"),
        ] {
            let refused = plan.set(knob, number).unwrap_err().to_string();
            assert!(refused.contains(reason), "{refused}");
        }
        assert_eq!(plan.command(), "miscount unsynced -t 2 -i 100 --for 5s");
    }

    #[test]
    fn a_strategy_has_the_knobs_of_its_own_settings() {
        for kind in ALL {
            let plan = LivePlan::new(LiveSubject::Strategy(kind));
            for setting in Setting::ALL {
                let shown = plan.knobs().contains(&Knob::Setting(setting));
                let taken = kind.settings.contains(&setting) && setting != Setting::Await;
                assert_eq!(shown, taken, "{} {setting:?}", kind.name);
            }
        }
    }

    #[test]
    fn the_command_names_every_knob_that_was_turned() {
        let mut plan = plan("unsynced");
        plan.turn(Knob::Threads, true).unwrap();
        plan.set(Knob::Setting(Setting::Window), 30).unwrap();
        plan.set(Knob::Stride, 8).unwrap();
        plan.turn(Knob::Start, true).unwrap();
        plan.turn(Knob::Pinning, true).unwrap();
        let command = "miscount unsynced -t 3 -i 100 --window spin:30 --start spin --pin none \
                       --stride 8 --for 5s";
        assert_eq!(plan.command(), command);
    }
}
