//! Threads that are waited for.

use std::time::Duration;

use super::typed::shape;
use crate::cli;
use crate::error::Error;
use crate::strategy::Shape;

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
