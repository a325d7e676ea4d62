//! The game: its moves, undo and redo, and the status of the goal.
//!
//! The history takes eight bytes for each burst of steps, and a whole state is kept only now and
//! then: undo goes back to the last kept one and replays from there, for a millisecond at most. The
//! possible ends of a state are looked up in an [`Outlook`], which visits all states once, in pieces
//! of a few milliseconds. If there are too many states, random schedules are drawn instead, and the
//! text of the program is asked about the goal.

use std::collections::BTreeMap;

use super::analysis::KnownTotals;
use super::history::{Burst, History};
use super::loops::LoopBody;
use super::position::Position;
use super::sample::Sample;
use super::solver::Search;
use super::tracker::{GoalStatus, GoalTracker};
use crate::model::{
    Actor, Chance, Completeness, Goal, Machine, Outlook, Schedule, Segment, Status, Steps,
    StoryMove, System,
};

/// The most steps of one move, and the most that a game begins with: some tenths of a second.
pub const MOST_STEPS: u64 = 500_000;

/// A position is kept after this many moves or steps: undo replays from the last one.
const MOST_REPLAYED_MOVES: usize = 1 << 8;
const MOST_REPLAYED_STEPS: u64 = 1 << 14;

/// A game that begins with a schedule of more segments undoes all of it as one.
const MOST_FIRST_MOVES: usize = 1_000;

/// The most bursts, of eight bytes each, that the automatic player may add.
const MOST_BURSTS: usize = 1 << 23;

/// The steps of a move that are judged at once; [`Game::think`] judges the rest.
const JUDGED_AT_ONCE: usize = 1 << 14;

/// A system, played from its start.
// invariants: `now` is the position that the history has reached; each kept position is the one
// after as many entries of the history as its key says.
#[derive(Debug)]
pub struct Game<'s> {
    system: &'s System,
    history: History,
    now: Position<'s>,
    kept: BTreeMap<usize, Position<'s>>,
    outlook: Outlook<'s>,
    sample: Option<Sample<'s>>,
    /// Totals worth offering; found when there are too many states.
    totals: Option<KnownTotals>,
    tracker: Option<GoalTracker<'s>>,
    seed: u64,
}

/// How far a move takes a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advance {
    /// This number of steps.
    Steps(u64),
    /// To its end, or until it is blocked.
    ToEnd,
    /// Until it leaves this loop body, or begins its next round.
    Round(LoopBody),
}

impl<'s> Game<'s> {
    /// Creates a game at its start.
    pub fn new(system: &'s System) -> Self {
        Self {
            system,
            history: History::default(),
            now: Position::start(system),
            kept: BTreeMap::new(),
            outlook: Outlook::new(system, &[]),
            sample: None,
            totals: None,
            tracker: None,
            seed: 1,
        }
    }

    /// Returns the system that is played.
    pub fn system(&self) -> &'s System {
        self.system
    }

    /// Returns the current state.
    pub fn machine(&self) -> &Machine<'s> {
        &self.now.machine
    }

    /// Returns the number of steps so far.
    pub fn steps(&self) -> u64 {
        self.history.here().steps
    }

    /// Returns the number of switches between threads so far.
    pub fn switches(&self) -> u64 {
        self.history.here().switches
    }

    /// Returns the thread or the store buffer that moved last.
    pub fn last(&self) -> Option<Actor> {
        self.bursts().last().map(|burst| burst.actor())
    }

    pub(super) fn bursts(&self) -> &[Burst] {
        self.history.bursts()
    }

    /// Sets the seed of the random schedules drawn from now on.
    pub fn set_seed(&mut self, seed: u64) {
        self.seed = seed;
    }

    /// Returns the moves so far, the last one first; of a long automatic game only its end.
    pub fn scenes(&self) -> impl Iterator<Item = &StoryMove> {
        self.history.scenes()
    }

    /// Returns the moves so far as a schedule.
    pub fn schedule(&self) -> Schedule {
        schedule(self.bursts()).closed(self.machine())
    }

    /// Returns the number of segments of that schedule.
    pub fn segments(&self) -> u64 {
        self.switches() + u64::from(self.steps() > 0)
    }

    /// Returns the first and the last `segments` segments of that schedule.
    pub fn edges(&self, segments: usize) -> [Schedule; 2] {
        self.history.edges(segments).map(schedule)
    }

    /// Plays a schedule to begin with, as far as it is possible. Returns false if it has more than
    /// [`MOST_STEPS`] steps, of which only the first are played.
    pub fn begin(&mut self, schedule: &Schedule) -> bool {
        let as_one = schedule.segments().len() > MOST_FIRST_MOVES;
        for segment in schedule.segments() {
            let left = MOST_STEPS - self.steps();
            let wanted = match segment.steps {
                Steps::Count(steps) => steps,
                Steps::ToEnd => u64::MAX,
            };
            if left == 0 {
                return false;
            }
            let advance = Advance::Steps(wanted.min(left));
            let moved = if as_one && self.steps() > 0 {
                self.extend(segment.actor, advance)
            } else {
                self.play(segment.actor, advance)
            };
            if moved.is_err() {
                break;
            }
            if wanted > left && self.machine().is_ready(segment.actor) {
                return false;
            }
        }
        true
    }

    /// Moves a thread or a store buffer; undo takes the move back as a whole.
    ///
    /// # Errors
    /// Its status, if it cannot take even one step.
    pub fn play(&mut self, actor: impl Into<Actor>, advance: Advance) -> Result<(), Status> {
        let actor = actor.into();
        self.expect_ready(actor)?;
        self.keep();
        if let Some(tracker) = &mut self.tracker {
            tracker.cut(&self.now.machine, &self.history);
        }
        self.kept.split_off(&(self.history.at + 1));
        self.history.begin();
        self.advance(actor, advance, JUDGED_AT_ONCE);
        Ok(())
    }

    /// Moves an actor as a part of the last move; undo takes both back together.
    ///
    /// # Errors
    /// Its status, if it cannot take even one step.
    pub(super) fn extend(&mut self, actor: Actor, advance: Advance) -> Result<(), Status> {
        self.expect_ready(actor)?;
        // The tracker catches up with the game by following twice as fast.
        self.advance(actor, advance, 2);
        Ok(())
    }

    /// Returns whether the history has no room for more automatic moves.
    pub fn is_full(&self) -> bool {
        self.bursts().len() >= MOST_BURSTS
    }

    fn expect_ready(&self, actor: Actor) -> Result<(), Status> {
        match self.machine().actor_status(actor) {
            Status::Ready => Ok(()),
            status => Err(status),
        }
    }

    /// Takes the steps of a move, then judges at most `judged` steps.
    fn advance(&mut self, actor: Actor, advance: Advance, judged: usize) {
        let most = match advance {
            Advance::Steps(steps) => steps,
            Advance::ToEnd | Advance::Round(_) => MOST_STEPS,
        };
        for _ in 0..most {
            let Some(told) = self.now.step(actor, self.steps() + 1) else {
                break;
            };
            self.history.add(told);
            let at = self.machine().at(actor.thread());
            if let Advance::Round(body) = advance
                && at.is_none_or(|at| at == body.from || !body.contains(at))
            {
                break;
            }
        }
        self.drop_sample();
        if let Some(tracker) = &mut self.tracker {
            tracker.follow(&self.outlook, &self.history, judged);
        }
    }

    /// Drops the sample, which was drawn from another state, unless a new one would be hopeless too.
    fn drop_sample(&mut self) {
        let steps = self.steps();
        self.sample
            .take_if(|sample| !sample.is_hopeless_after(steps));
    }

    /// Returns the last kept position among the first `entries` entries, and its number of entries.
    fn kept(&self, entries: usize) -> (usize, Option<&Position<'s>>) {
        let kept = self.kept.range(..=entries).next_back();
        kept.map_or((0, None), |(&entries, kept)| (entries, Some(kept)))
    }

    /// Keeps the current position if replaying the moves up to it would take long.
    fn keep(&mut self) {
        let at = self.history.at;
        let (before, _) = self.kept(at);
        let steps = self.steps() - self.history.extent(before).steps;
        if at - before >= MOST_REPLAYED_MOVES || steps >= MOST_REPLAYED_STEPS {
            self.kept.insert(at, self.now.clone());
        }
    }

    /// Goes to the position after the first `to` entries of the history.
    fn travel(&mut self, to: usize) {
        self.keep();
        let (mut from, kept) = self.kept(to);
        if (from..=to).contains(&self.history.at) {
            from = self.history.at;
        } else {
            self.now = kept.map_or_else(|| Position::start(self.system), Position::clone);
        }
        self.now.play_again(self.history.between(from, to));
        self.history.at = to;
        self.drop_sample();
    }

    /// Undoes the last move. Returns false if there is none.
    pub fn undo(&mut self) -> bool {
        let possible = self.history.at > 0;
        self.travel(self.history.at.saturating_sub(1));
        possible
    }

    /// Takes back an undo. Returns false if there is none.
    pub fn redo(&mut self) -> bool {
        let possible = self.history.at < self.history.len();
        self.travel(self.history.at + usize::from(possible));
        possible
    }

    /// Goes back to the start; redo brings the moves back one by one.
    pub fn restart(&mut self) {
        self.travel(0);
    }

    /// Visits states, judges steps and draws schedules, for `moves` moves each. Returns whether there
    /// is more to do.
    pub fn think(&mut self, moves: usize) -> bool {
        // The time to visit a state grows with the number of threads.
        let moves = moves / self.system.threads().div_ceil(8);
        let extent = self.outlook.advance(moves);
        let mut busy = matches!(extent, Completeness::Growing(_));
        if let Some(tracker) = &mut self.tracker {
            tracker.solver.think(&self.outlook, moves);
            tracker.follow(&self.outlook, &self.history, moves);
        }
        busy |= self.is_solving();
        if extent == Completeness::TooMany && self.machine().ending().is_none() {
            self.totals
                .get_or_insert_with(|| KnownTotals::of(self.system));
            let (steps, seed, machine) = (self.steps(), self.seed, &self.now.machine);
            let sample = self
                .sample
                .get_or_insert_with(|| Sample::new(machine, steps, seed));
            busy |= sample.draw(machine, moves / 8, &mut self.outlook);
        }
        busy
    }

    /// Returns how far the visit of all states has come.
    pub fn extent(&self) -> Completeness {
        self.outlook.extent()
    }

    /// Returns every way in which the game can still end; `None` while that is not known.
    pub fn chances(&self) -> Option<&[Chance]> {
        self.outlook.chances(self.machine())
    }

    /// Returns whether threads can move for ever from here, and none gets anywhere, as far as that is
    /// known.
    pub fn is_livelock(&self) -> bool {
        self.outlook.is_livelocked(self.machine())
    }

    /// Returns a sample of random schedules from here, if there are too many states to visit.
    pub fn sample(&self) -> Option<&Sample<'s>> {
        self.sample.as_ref()
    }

    /// Returns the least total of a game at its start if there are too many states to visit; `None`
    /// if the text of the program does not tell it.
    pub fn least_total(&self) -> Option<u64> {
        self.totals().least.filter(|_| self.steps() == 0)
    }

    /// Returns totals worth offering as goals where not all of them are known.
    pub(super) fn totals(&self) -> KnownTotals {
        self.totals.unwrap_or_default()
    }

    /// Returns the outlook from every state.
    pub fn outlook(&self) -> &Outlook<'s> {
        &self.outlook
    }

    /// Sets or clears the goal. [`Game::think`] determines its status.
    pub fn set_goal(&mut self, goal: Option<Goal>) {
        self.tracker = goal.map(|goal| GoalTracker::new(self.system, goal));
    }

    /// Returns the goal.
    pub fn goal(&self) -> Option<&Goal> {
        Some(&self.tracker.as_ref()?.solver.goal)
    }

    /// Returns the fewest switches with which the goal can be reached from the start.
    pub fn par(&self) -> Option<u64> {
        match self.tracker.as_ref()?.solver.search {
            Search::Solved { par, .. } => Some(par),
            _ => None,
        }
    }

    /// Returns the thread or store buffer to move next on the way to the goal with the fewest switches, or on any
    /// known way.
    pub fn hint(&self) -> Option<Actor> {
        let solver = &self.tracker.as_ref()?.solver;
        solver.next(&self.outlook, self.machine(), self.bursts())
    }

    /// Returns whether a schedule to the goal is known although there are too many states.
    pub fn has_known_schedule(&self) -> bool {
        let tracker = self.tracker.as_ref();
        tracker.is_some_and(|tracker| matches!(tracker.solver.search, Search::Schedule(_)))
    }

    /// Returns the status of the goal; `None` if there is no goal.
    pub fn goal_status(&self) -> Option<GoalStatus<'_>> {
        let tracker = self.tracker.as_ref()?;
        Some(tracker.status(&self.outlook, self.machine(), &self.history))
    }

    /// Returns whether the status of the goal is still being determined.
    pub fn is_solving(&self) -> bool {
        let tracker = self.tracker.as_ref();
        tracker.is_some_and(|tracker| tracker.is_open(&self.history))
    }
}

fn schedule(bursts: &[Burst]) -> Schedule {
    let segments = bursts.iter().map(|burst| Segment {
        actor: burst.actor(),
        steps: Steps::Count(burst.steps()),
    });
    segments.collect()
}
