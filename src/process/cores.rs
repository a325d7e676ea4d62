//! The cores that processes run on. A process inherits the cores of the thread that starts it, which
//! is cheaper than setting them between fork and exec: that would rule out `posix_spawn`.

use crate::error::Error;
use crate::lab::allowed_cores;
use crate::plan::{ProcessPinning, RepeatPlan};

/// The cores that the processes of an experiment may use.
#[derive(Debug)]
pub(super) struct Cores {
    /// The cores, if the system reports them.
    all: Vec<usize>,
    /// The cores of the run before, if each run has cores of its own.
    drawn: Option<Vec<usize>>,
}

impl Cores {
    /// Sets the cores of this thread, and so of the processes that it starts.
    pub(super) fn choose(plan: &RepeatPlan) -> Result<Self, Error> {
        let mut all = allowed_cores();
        if let Some(wanted) = plan.cores {
            if wanted > all.len() {
                return Err(Error::Machine(format!(
                    "only {} of the {wanted} cores of --cores can be used here; use fewer",
                    all.len()
                )));
            }
            all.truncate(wanted);
            set(&all, "--cores")?;
        }
        let is_drawn = plan.pinning == ProcessPinning::Random;
        Ok(Self {
            all,
            drawn: is_drawn.then(Vec::new),
        })
    }

    /// Returns the number of cores.
    pub(super) fn count(&self) -> usize {
        self.all.len().max(1)
    }

    /// Returns whether the system was told where processes may run.
    pub(super) fn are_chosen(&self, plan: &RepeatPlan) -> bool {
        plan.cores.is_some() || self.drawn.is_some()
    }

    /// Draws the cores of the next run, if each has its own. They differ from those of the run before,
    /// unless there is one core only.
    pub(super) fn draw(&mut self) -> Result<(), Error> {
        let Some(before) = &mut self.drawn else {
            return Ok(());
        };
        loop {
            let drawn: Vec<_> = self
                .all
                .iter()
                .copied()
                .filter(|_| fastrand::bool())
                .collect();
            if self.all.len() > 1 && (drawn.is_empty() || drawn == *before) {
                continue;
            }
            *before = if drawn.is_empty() {
                self.all.clone()
            } else {
                drawn
            };
            return set(before, "--pin random");
        }
    }
}

/// Sets the cores that this thread may use.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn set(cores: &[usize], flag: &str) -> Result<(), Error> {
    use rustix::thread::{CpuSet, sched_setaffinity};
    let mut set = CpuSet::new();
    for &core in cores.iter().filter(|&&core| core < CpuSet::MAX_CPU) {
        set.set(core);
    }
    sched_setaffinity(None, &set).map_err(|error| {
        Error::Machine(format!(
            "cannot choose the cores ({error}); leave out {flag}"
        ))
    })
}

/// Refuses: this system lets no program choose its cores.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn set(_cores: &[usize], flag: &str) -> Result<(), Error> {
    Err(Error::Machine(format!(
        "this system lets no program choose its cores; leave out {flag}"
    )))
}
