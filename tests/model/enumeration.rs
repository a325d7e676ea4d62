//! Plain enumeration: every schedule run one by one, nothing merged, nothing folded.

use std::collections::BTreeMap;

use miscount::model::{Actor, Ending, Failure, Machine, System, Wait};

/// How a schedule ended; for a deadlock, the waiting threads by program only, since the census
/// does not tell interchangeable threads apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Found {
    Total(u64),
    Values(Vec<i64>),
    Deadlock(Vec<(usize, Wait)>),
    Failed(usize, Failure),
}

impl Found {
    pub(crate) fn of(system: &System, ending: Ending) -> Self {
        match ending {
            Ending::Total(total) => Self::Total(total),
            Ending::Values(values) => {
                Self::Values(values.iter().map(|v| v.cast_signed()).collect())
            }
            Ending::Failed(thread, failure) => Self::Failed(system.program_index(thread), failure),
            Ending::Livelock => unreachable!("a single run never tells"),
            Ending::Deadlock(waits) => {
                let by_program = |(thread, wait)| (system.program_index(thread), wait);
                let mut waits: Vec<_> = waits.into_iter().map(by_program).collect();
                waits.sort_unstable();
                Self::Deadlock(waits)
            }
        }
    }
}

/// All schedules that end alike.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    pub(crate) schedules: u64,
    pub(crate) chance: f64,
    /// The fewest switches, and the first such schedule, actor by actor.
    pub(crate) best: (usize, Vec<Actor>),
}

/// Runs every schedule.
pub(crate) fn enumerate(system: &System) -> BTreeMap<Found, Tally> {
    let mut found = BTreeMap::new();
    go(&Machine::new(system), &mut Vec::new(), 1.0, &mut found);
    found
}

fn go(
    machine: &Machine<'_>,
    way: &mut Vec<Actor>,
    chance: f64,
    found: &mut BTreeMap<Found, Tally>,
) {
    if let Some(ending) = machine.ending() {
        let switches = way.windows(2).filter(|pair| pair[0] != pair[1]).count();
        let this = (switches, way.clone());
        let key = Found::of(machine.system(), ending);
        let tally = found.entry(key).or_insert_with(|| Tally {
            schedules: 0,
            chance: 0.0,
            best: this.clone(),
        });
        tally.schedules += 1;
        tally.chance += chance;
        tally.best = tally.best.clone().min(this);
        return;
    }
    let ready: Vec<Actor> = machine.ready().collect();
    let each = chance / f64::from(u32::try_from(ready.len()).unwrap());
    for actor in ready {
        let mut next = machine.clone();
        next.step(actor).unwrap();
        way.push(actor);
        go(&next, way, each, found);
        way.pop();
    }
}
