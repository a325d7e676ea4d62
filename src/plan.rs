//! An experiment, validated: everything after it can trust its numbers.

use std::time::Duration;

use crate::cli;
use crate::error::Error;
use crate::strategy::{ALL, Kind, Setting, Settings, Shape, Strategy};

/// The most threads a run may have, counting or reading.
pub const MOST_THREADS: usize = 1024;

/// The start line: how the threads of a run are made to start together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StartLine {
    /// The last to arrive names a moment a little ahead; all spin until the time-stamp counter
    /// has passed it.
    #[default]
    Timebase,
    /// All spin until the last to arrive says go.
    Spin,
    /// All sleep at a barrier of the operating system.
    Barrier,
    /// No line: each thread starts when the operating system has woken it.
    None,
}

impl StartLine {
    /// Its name on the command line and in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Timebase => "timebase",
            Self::Spin => "spin",
            Self::Barrier => "barrier",
            Self::None => "none",
        }
    }
}

/// Which cores the threads run on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pinning {
    /// Thread k on the k-th allowed core, round robin.
    #[default]
    Spread,
    /// Wherever the system puts them.
    None,
}

/// What a run must be like to be the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// It lost an update.
    Lost,
    /// It ended with the expected total.
    Correct,
}

/// An experiment: one strategy, one shape, so many runs.
///
/// invariants: `runs >= 1`; `stride >= 1`; at most [`MOST_THREADS`] threads count and as many read.
#[derive(Debug)]
pub struct Plan {
    /// The way of counting.
    pub strategy: Box<dyn Strategy>,
    /// Threads and increments.
    pub shape: Shape,
    /// The most runs to make.
    pub runs: u64,
    /// How long to go on making runs; `None` for as long as there are runs to make.
    pub budget: Option<Duration>,
    /// Which run is the last, if it comes before the limit.
    pub until: Option<Until>,
    /// How threads start together.
    pub start: StartLine,
    /// Where threads run.
    pub pinning: Pinning,
    /// Runs for each meeting at the start line.
    pub stride: usize,
}

impl Plan {
    /// So many runs, at least one, with the defaults in everything else.
    pub fn new(strategy: Box<dyn Strategy>, shape: Shape, runs: u64) -> Self {
        Self {
            strategy,
            shape,
            runs: runs.max(1),
            budget: None,
            until: None,
            start: StartLine::default(),
            pinning: Pinning::default(),
            stride: 1,
        }
    }
}

impl TryFrom<&cli::Count> for Plan {
    type Error = Error;

    fn try_from(typed: &cli::Count) -> Result<Self, Error> {
        let common = &typed.experiment;
        let shape = shape(common.threads, common.increments)?;
        let strategy = (typed.kind.build)(&typed.settings)?;
        let runs = match common.budget {
            Some(_) => u64::MAX,
            None => common.runs,
        };
        Ok(Self {
            budget: common.budget,
            until: common.until.map(Into::into),
            start: common.start.into(),
            pinning: common.pin.into(),
            stride: common.stride,
            ..Self::new(strategy, shape, runs)
        })
    }
}

/// A census to be taken.
#[derive(Debug)]
pub struct Exploration {
    /// The way of counting.
    pub strategy: Box<dyn Strategy>,
    /// Threads and increments.
    pub shape: Shape,
    /// The total that is asked for, at most the expected one.
    pub reach: Option<u64>,
    /// The most states to look at.
    pub states: Option<u64>,
    /// The most memory to hold, in bytes.
    pub memory: u64,
    /// The most time to take.
    pub timeout: Option<Duration>,
    /// Whether to find a witness for each total.
    pub witnesses: bool,
}

impl TryFrom<&cli::Explore> for Exploration {
    type Error = Error;

    fn try_from(typed: &cli::Explore) -> Result<Self, Error> {
        let (strategy, shape) = modelled(&typed.modelled)?;
        if let Some(total) = typed.reach.filter(|&total| total > shape.expected()) {
            return Err(Error::Usage(format!(
                "--reach {total} is more than {} times {}; no total is above {}",
                shape.threads(),
                shape.increments(),
                shape.expected()
            )));
        }
        Ok(Self {
            strategy,
            shape,
            reach: typed.reach,
            states: typed.max_states,
            memory: typed.memory,
            timeout: typed.timeout,
            witnesses: !typed.no_witnesses,
        })
    }
}

impl TryFrom<&cli::Trace> for Plan {
    type Error = Error;

    fn try_from(typed: &cli::Trace) -> Result<Self, Error> {
        let flags = &typed.flags;
        let strategy = (typed.kind.build)(&typed.settings)?;
        // Where no update can be lost, another run shows nothing new.
        let usual = if strategy.is_correct() { 1 } else { 1000 };
        Ok(Self {
            until: Some(Until::Lost),
            start: flags.start.into(),
            pinning: flags.pin.into(),
            ..Self::new(
                strategy,
                shape(flags.threads, flags.increments)?,
                flags.runs.unwrap_or(usual),
            )
        })
    }
}

/// The strategy that is to run in the model, and its size.
///
/// # Errors
///
/// [`Error::Usage`] for a setting that the strategy does not take, or a size beyond 64 bits.
pub fn modelled(typed: &cli::Modelled) -> Result<(Box<dyn Strategy>, Shape), Error> {
    let strategy = set_up(typed.kind, &typed.settings)?;
    let shape = shape(typed.threads, typed.increments)?;
    Ok((strategy, shape))
}

/// The strategy as it is set up for the model.
fn set_up(kind: &Kind, typed: &cli::ModelSettings) -> Result<Box<dyn Strategy>, Error> {
    let misplaced = |(setting, _): &(Setting, _)| !kind.settings.contains(setting);
    if let Some((_, flag)) = typed.typed().find(misplaced) {
        let takers = cli::takers(flag).join(" and ");
        return Err(Error::Usage(format!(
            "--{flag} is a flag of {takers} alone"
        )));
    }
    if typed.readers.is_some() {
        return Err(Error::Usage(
            "--readers has no place in the model: readers change no total; leave it out".into(),
        ));
    }
    (kind.build)(&typed.values())
}

/// A strategy that is to be explained, with the sizes at which the model looks at it.
#[derive(Debug)]
pub struct Explaining {
    /// The way of counting.
    pub strategy: Box<dyn Strategy>,
    /// The size that its program is listed for: that of the counting subcommands.
    pub listed: Shape,
    /// The smallest size at which two threads can come between each other.
    pub broken: Shape,
    /// A size whose schedules are counted in no time.
    pub counted: Shape,
}

impl Explaining {
    /// What is to be explained.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for a setting that the strategy does not take, [`Error::Machine`] for one
    /// that the machine does not have.
    pub fn new(kind: &Kind, settings: &cli::ModelSettings) -> Result<Self, Error> {
        Ok(Self {
            strategy: set_up(kind, settings)?,
            listed: shape(2, 5000)?,
            broken: shape(2, 1)?,
            counted: shape(2, 2)?,
        })
    }
}

fn shape(threads: usize, increments: u64) -> Result<Shape, Error> {
    Shape::new(threads, increments).ok_or_else(|| {
        Error::Usage(format!(
            "--threads {threads} times --increments {increments} does not fit in 64 bits; ask for \
             fewer increments"
        ))
    })
}

/// Several strategies side by side: each makes a run in each round.
///
/// invariants: `rounds >= 1`; at least one entry; the entries of one thread count stand together, in the order of
/// their thread counts; no two entries are alike.
#[derive(Debug)]
pub struct Comparison {
    /// Who takes part.
    pub entries: Vec<Entry>,
    /// How many runs each makes.
    pub rounds: u64,
    /// How threads start together.
    pub start: StartLine,
    /// Where threads run.
    pub pinning: Pinning,
}

/// One of those that are compared.
#[derive(Debug)]
pub struct Entry {
    /// The way of counting.
    pub strategy: Box<dyn Strategy>,
    /// Threads and increments.
    pub shape: Shape,
}

impl TryFrom<&cli::Compare> for Comparison {
    type Error = Error;

    fn try_from(typed: &cli::Compare) -> Result<Self, Error> {
        let named = |name| {
            typed.strategies.is_empty() || { typed.strategies.iter().any(|kind| kind.name == name) }
        };
        let kinds: Vec<_> = ALL.iter().filter(|kind| named(kind.name)).collect();
        for (setting, flag) in typed.typed() {
            if !kinds.iter().any(|kind| kind.settings.contains(&setting)) {
                let takers = ALL.iter().filter(|kind| kind.settings.contains(&setting));
                let takers: Vec<_> = takers.map(|kind| kind.name).collect();
                return Err(Error::Usage(format!(
                    "--{flag} is a flag of {} alone; compare it too, or leave the flag out",
                    takers.join(" and ")
                )));
            }
        }
        let mut threads = typed.threads.clone();
        threads.sort_unstable();
        threads.dedup();
        let settings = typed.settings();
        let split = Settings {
            split: true,
            ..settings
        };
        let mut entries = Vec::new();
        for threads in threads {
            let shape = shape(threads, typed.increments)?;
            for kind in &kinds {
                let strategy = (kind.build)(&settings)?;
                entries.push(Entry { strategy, shape });
                if typed.split && kind.settings.contains(&Setting::Split) {
                    let strategy = (kind.build)(&split)?;
                    entries.push(Entry { strategy, shape });
                }
            }
        }
        Ok(Self {
            entries,
            rounds: typed.runs,
            start: typed.start.into(),
            pinning: typed.pin.into(),
        })
    }
}

/// Runs that are waited for by a wait group.
///
/// invariants: `runs >= 1`.
#[derive(Clone, Copy, Debug)]
pub struct GroupPlan {
    /// Threads and increments.
    pub shape: Shape,
    /// The most runs to make.
    pub runs: u64,
    /// How long to go on making runs; `None` for as long as there are runs to make.
    pub budget: Option<Duration>,
    /// When to give up.
    pub timeout: Option<Duration>,
    /// What is done wrong, if anything.
    pub mistake: Option<Mistake>,
}

/// The two classic mistakes with wait groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// Threads add themselves to the group, instead of being added before they are started.
    AddInside,
    /// A thread does not say that it is done.
    ForgetDone,
}

impl Mistake {
    /// Its name on the command line and in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::AddInside => "add-inside",
            Self::ForgetDone => "forget-done",
        }
    }
}

impl GroupPlan {
    /// Whether this thread does not say that it is done: with that mistake, the one in the middle.
    pub fn forgets(&self, thread: usize) -> bool {
        self.mistake == Some(Mistake::ForgetDone) && thread == self.shape.threads() / 2
    }
}

impl TryFrom<&cli::WaitGroup> for GroupPlan {
    type Error = Error;

    fn try_from(typed: &cli::WaitGroup) -> Result<Self, Error> {
        /// Long enough for everybody to see that the wait does not end.
        const USUAL_TIMEOUT: Duration = Duration::from_secs(1);
        let mistake = typed.mistake.map(Into::into);
        let endless = mistake == Some(Mistake::ForgetDone);
        let runs = match typed.budget {
            Some(_) => u64::MAX,
            None => typed.runs.unwrap_or(if endless { 1 } else { 10 }),
        };
        Ok(Self {
            shape: shape(typed.threads, typed.increments)?,
            runs,
            budget: typed.budget,
            timeout: typed.timeout.or(endless.then_some(USUAL_TIMEOUT)),
            mistake,
        })
    }
}
