//! What `live` races: one of many subjects, with knobs that are turned while it runs.

use std::num::NonZeroU64;
use std::time::Duration;

use super::counting::{CountingPlan, MOST_THREADS, Pinning, StartLine};
use super::race::RacePlan;
use super::subject::Subject;
use crate::error::Error;
use crate::language::{Look, Race, SourceFile, read};
use crate::strategy::{AccessMode, Kind, Setting, Settings, Shape, Window};

/// A subject of the list.
#[derive(Clone, Debug)]
pub enum LiveSubject {
    /// A strategy.
    Strategy(&'static Kind),
    /// A race program.
    Program(Subject),
}

impl LiveSubject {
    /// Returns its name, as the reader types it.
    pub fn name(&self) -> &str {
        match self {
            Self::Strategy(kind) => kind.name,
            Self::Program(subject) => &subject.name,
        }
    }

    fn race(&self) -> Option<&Race> {
        match self {
            Self::Strategy(_) => None,
            Self::Program(subject) => subject.race(),
        }
    }
}

/// What can be changed while it races.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knob {
    /// N, the threads that count.
    Threads,
    /// M, the increments of each.
    Increments,
    /// A setting of the strategy.
    Setting(Setting),
    /// A parameter of the race program, by its place.
    Parameter(usize),
    /// The start line.
    Start,
    /// Where threads run.
    Pinning,
    /// Runs for each meeting at the start line.
    Stride,
}

/// The strides that there are.
const STRIDES: std::ops::RangeInclusive<u64> = 1..=65_536;

/// The greatest number that a press of a key reaches; others are typed.
const MOST_BY_KEY: u64 = 1_000_000_000;

/// A subject with the values of all knobs.
///
/// The sizes and settings stay as they are when the subject changes, so that costs can be compared.
#[derive(Clone, Debug)]
pub struct LivePlan {
    /// What races.
    pub subject: LiveSubject,
    /// N.
    pub threads: usize,
    /// M.
    pub increments: u64,
    /// The settings; a strategy uses only its own.
    pub settings: Settings,
    /// How threads start together.
    pub start: StartLine,
    /// Where threads run.
    pub pinning: Pinning,
    /// Runs for each meeting at the start line; `None` for one, or as many as do well for a program.
    pub stride: Option<usize>,
    /// Whether the window is open only because there is one core.
    pub window_added: bool,
}

impl LivePlan {
    /// Returns a plan with the defaults of `live`: few increments, so that there are many runs.
    pub fn new(subject: LiveSubject) -> Self {
        Self {
            subject,
            threads: 2,
            increments: 100,
            settings: Settings::default(),
            start: StartLine::default(),
            pinning: Pinning::default(),
            stride: None,
            window_added: false,
        }
    }

    /// Returns the knobs of the subject, in the order in which they are shown.
    pub fn knobs(&self) -> Vec<Knob> {
        let mut knobs = Vec::new();
        match &self.subject {
            LiveSubject::Strategy(kind) => {
                knobs.extend([Knob::Threads, Knob::Increments]);
                // When readers wait, they change no total.
                let settings = kind.settings.iter().copied();
                let settings = settings.filter(|setting| *setting != Setting::Await);
                knobs.extend(settings.map(Knob::Setting));
            }
            LiveSubject::Program(subject) => {
                let parameters = subject
                    .race()
                    .map_or(0, |race| race.program.parameters.len());
                knobs.extend((0..parameters).map(Knob::Parameter));
            }
        }
        knobs.extend([Knob::Start, Knob::Pinning, Knob::Stride]);
        knobs
    }

    /// Returns the name of a knob, as its flag has it.
    pub fn name(&self, knob: Knob) -> String {
        let name = match knob {
            Knob::Threads => "threads",
            Knob::Increments => "increments",
            Knob::Setting(Setting::Window) => "window",
            Knob::Setting(Setting::AccessMode) => "access",
            Knob::Setting(Setting::Batch) => "batch",
            Knob::Setting(Setting::Readers) => "readers",
            Knob::Setting(Setting::Split) => "split",
            Knob::Setting(Setting::Await) => "await",
            Knob::Parameter(place) => return self.parameter(place).0,
            Knob::Start => "start",
            Knob::Pinning => "pin",
            Knob::Stride => "stride",
        };
        name.into()
    }

    fn parameter(&self, place: usize) -> (String, i64) {
        let race = self.subject.race();
        let parameter = race.and_then(|race| race.program.parameters.get(place));
        parameter.cloned().unwrap_or_default()
    }

    /// Returns the number that a knob stands at, if it is a number.
    fn number(&self, knob: Knob) -> Option<u64> {
        Some(match knob {
            Knob::Threads => self.threads as u64,
            Knob::Increments => self.increments,
            Knob::Setting(Setting::Batch) => self.settings.batch.map_or(0, NonZeroU64::get),
            Knob::Setting(Setting::Readers) => self.settings.readers as u64,
            Knob::Parameter(place) => u64::try_from(self.parameter(place).1).unwrap_or(0),
            Knob::Stride => self.stride.map_or(0, |stride| stride as u64),
            Knob::Setting(_) | Knob::Start | Knob::Pinning => return None,
        })
    }

    /// Returns the value of a knob in words; numbers are not grouped.
    pub fn value(&self, knob: Knob) -> String {
        match (knob, self.number(knob)) {
            (Knob::Setting(Setting::Batch), Some(0)) => "all".into(),
            (Knob::Stride, Some(0)) => match self.subject {
                LiveSubject::Strategy(_) => "1".into(),
                LiveSubject::Program(_) => "auto".into(),
            },
            (Knob::Parameter(place), _) => self.parameter(place).1.to_string(),
            (_, Some(number)) => number.to_string(),
            (Knob::Setting(Setting::Window), None) => self.settings.window.to_string(),
            (Knob::Setting(Setting::AccessMode), None) => match self.settings.access {
                AccessMode::LoadStore => "load-store".into(),
                AccessMode::SingleInstruction => "single-instruction".into(),
            },
            (Knob::Setting(_), None) if self.settings.split => "yes".into(),
            (Knob::Setting(_), None) => "no".into(),
            (Knob::Start, None) => self.start.name().into(),
            (_, None) => match self.pinning {
                Pinning::Spread => "spread".into(),
                Pinning::None => "none".into(),
            },
        }
    }

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
            return match self.set(knob, next) {
                // The end of the range, or what the program refuses.
                Err(_) if self.is_out_of_range(knob, next) => Ok(()),
                set => set,
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

    fn is_out_of_range(&self, knob: Knob, number: u64) -> bool {
        match knob {
            Knob::Threads => !(1..=MOST_THREADS as u64).contains(&number),
            Knob::Stride => !STRIDES.contains(&number),
            Knob::Increments => number > MOST_BY_KEY,
            _ => false,
        }
    }

    /// Sets a knob to a number.
    ///
    /// # Errors
    ///
    /// Why the number does not go with the knob or the other values; the knob stays where it is.
    pub fn set(&mut self, knob: Knob, number: u64) -> Result<(), Error> {
        let mut turned = self.clone();
        let size = |range: std::ops::RangeInclusive<u64>| {
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
        let race = read(source, &values, None)
            .map_err(|errors| Error::Program(errors.render(Look::default())))?;
        let flags = values
            .iter()
            .map(|(name, value)| format!("--set {name}={value}"));
        let flags = flags.collect::<Vec<_>>().join(" ");
        let subject = Subject::of_race(subject.name.clone(), flags, race);
        Ok(LiveSubject::Program(subject))
    }

    /// Checks that the values go together.
    fn check(&self) -> Result<(), Error> {
        self.counting().map(drop)
    }

    /// Returns the experiment if a strategy races; `None` for a program.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if the values do not go together.
    pub fn counting(&self) -> Result<Option<CountingPlan>, Error> {
        let LiveSubject::Strategy(kind) = self.subject else {
            return Ok(None);
        };
        let shape = Shape::new(self.threads, self.increments).ok_or_else(|| {
            Error::Usage("threads times increments does not fit in 64 bits".into())
        })?;
        let strategy = (kind.build)(&self.settings)?;
        Ok(Some(CountingPlan {
            start: self.start,
            pinning: self.pinning,
            stride: self.stride.unwrap_or(1),
            ..CountingPlan::new(strategy, shape, u64::MAX)
        }))
    }

    /// Returns the experiment if a program races; `None` for a strategy.
    pub fn race(&self) -> Option<RacePlan> {
        let LiveSubject::Program(subject) = &self.subject else {
            return None;
        };
        Some(RacePlan {
            subject: subject.clone(),
            runs: None,
            budget: Some(Duration::MAX),
            until: None,
            start: self.start,
            pinning: self.pinning,
            stride: self.stride,
        })
    }

    /// Opens the window of a strategy that has one and would hardly lose updates on one core.
    pub fn open_window(&mut self) {
        let has_window = self.knobs().contains(&Knob::Setting(Setting::Window));
        let is_closed = self.settings.window == Window::None;
        if has_window && is_closed && self.settings.access == AccessMode::LoadStore {
            self.settings.window = Window::Yield;
            self.window_added = true;
        }
    }

    /// Returns whether the knob is where it is only because there is one core.
    pub fn is_added(&self, knob: Knob) -> bool {
        self.window_added && knob == Knob::Setting(Setting::Window)
    }

    /// Returns the subject and the flags that set it up: `unsynced -t 2 -i 100 --window yield`.
    pub fn arguments(&self) -> String {
        match &self.subject {
            LiveSubject::Program(subject) => subject.to_string(),
            LiveSubject::Strategy(kind) => {
                let (threads, increments) = (self.threads, self.increments);
                let mut words = format!("{} -t {threads} -i {increments}", kind.name);
                let flags = self.counting().ok().flatten();
                let flags = flags.map(|plan| plan.strategy.flags()).unwrap_or_default();
                if !flags.is_empty() {
                    words += &format!(" {flags}");
                }
                words
            }
        }
    }

    /// Returns the flags of the circumstances, each after a space.
    pub fn circumstances(&self) -> String {
        let mut flags = String::new();
        if self.start != StartLine::default() {
            flags += &format!(" --start {}", self.start.name());
        }
        if self.pinning == Pinning::None {
            flags += " --pin none";
        }
        flags
    }

    /// Returns the command that makes the same runs for a while and reports on them.
    pub fn command(&self) -> String {
        let run = match self.subject {
            LiveSubject::Strategy(_) => "",
            LiveSubject::Program(_) => "run ",
        };
        let stride = self.stride.map(|stride| format!(" --stride {stride}"));
        let (arguments, stride) = (self.arguments(), stride.unwrap_or_default());
        format!(
            "miscount {run}{arguments}{}{stride} --for 5s",
            self.circumstances()
        )
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
            (1024, "10000000000000000".into())
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
