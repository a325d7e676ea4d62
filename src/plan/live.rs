//! What `live` races: one of many subjects, with knobs that are turned while it runs.

use std::num::NonZeroU64;
use std::time::Duration;

use super::counting::{CountingPlan, Pinning, StartLine, typed_name};
use super::race::RacePlan;
use super::subject::Subject;
use crate::error::Error;
use crate::language::Race;
use crate::strategy::{AccessMode, Kind, Setting, Settings, Shape, Window};

/// A subject of the list.
#[derive(Clone, Debug)]
pub enum LiveSubject {
    /// A strategy.
    Strategy(&'static Kind),
    /// A race program.
    Program(Box<Subject>),
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
            Knob::Setting(setting) => setting.name(),
            Knob::Parameter(place) => return self.parameter(place).0,
            Knob::Start => "start",
            Knob::Pinning => "pin",
            Knob::Stride => "stride",
        };
        name.into()
    }

    pub(super) fn parameter(&self, place: usize) -> (String, i64) {
        let race = self.subject.race();
        let parameter = race.and_then(|race| race.program.parameters.get(place));
        parameter.cloned().unwrap_or_default()
    }

    /// Returns the number that a knob stands at, if it is a number.
    pub(super) fn number(&self, knob: Knob) -> Option<u64> {
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
            (Knob::Setting(Setting::AccessMode), None) => typed_name(&self.settings.access),
            (Knob::Setting(_), None) if self.settings.split => "yes".into(),
            (Knob::Setting(_), None) => "no".into(),
            (Knob::Start, None) => typed_name(&self.start),
            (_, None) => typed_name(&self.pinning),
        }
    }

    /// Checks that the values go together.
    pub(super) fn check(&self) -> Result<(), Error> {
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
        let strategy = kind.build(&self.settings)?;
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
            subject: (**subject).clone(),
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
            flags += &format!(" --start {}", typed_name(&self.start));
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
