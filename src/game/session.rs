//! The game: its moves, undo and redo, and the status of the goal.

use std::collections::BTreeMap;

use super::analysis::KnownTotals;
use super::history::{Burst, History};
use super::loops::LoopBody;
use super::position::Position;
use super::sample::Sample;
use super::tracker::{GoalStatus, GoalTracker, Place};
use crate::model::{
    Chance, Extent, Goal, Machine, Outlook, Scene, Schedule, Segment, Status, Steps, System,
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
// invariants: `now` is the position after the first `at` entries of the history; each kept position
// is the one after as many entries as its key says.
#[derive(Debug)]
pub struct Game<'s> {
    system: &'s System,
    history: History,
    at: usize,
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
            at: 0,
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
        self.history.steps(self.at)
    }

    /// Returns the number of switches between threads so far.
    pub fn switches(&self) -> u64 {
        self.history.switches(self.at)
    }

    /// Returns the thread that moved last.
    pub fn last(&self) -> Option<usize> {
        self.bursts().last().map(|burst| burst.thread())
    }

    /// Sets the seed of the random schedules drawn from now on.
    pub fn set_seed(&mut self, seed: u64) {
        self.seed = seed;
    }

    fn bursts(&self) -> &[Burst] {
        self.history.bursts(self.at)
    }

    /// Returns the moves so far, the last one first; of a long automatic game only its end.
    pub fn scenes(&self) -> impl Iterator<Item = &Scene> {
        self.history.scenes(self.at)
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
        self.history.edges(self.at, segments).map(schedule)
    }

    /// Plays a schedule to begin with, as far as it is possible. Returns false if it has more than
    /// [`MOST_STEPS`] steps, of which only the first are played.
    pub fn begin(&mut self, schedule: &Schedule) -> bool {
        let as_one = schedule.segments().len() > MOST_FIRST_MOVES;
        for segment in schedule.segments() {
            let left = MOST_STEPS - self.steps();
            let (steps, are_all) = match segment.steps {
                Steps::Count(steps) => (steps.min(left), steps <= left),
                Steps::ToEnd => (left, false),
            };
            if left == 0 {
                return false;
            }
            let advance = Advance::Steps(steps);
            let moved = if as_one && self.at > 0 {
                self.extend(segment.thread, advance)
            } else {
                self.play(segment.thread, advance)
            };
            if moved.is_err() {
                break;
            }
            let is_ready = self.machine().is_ready(segment.thread);
            if !are_all && is_ready && self.steps() == MOST_STEPS {
                return false;
            }
        }
        true
    }

    /// Moves a thread; undo takes the move back as a whole.
    ///
    /// # Errors
    /// The thread's status, if it cannot take even one step.
    pub fn play(&mut self, thread: usize, advance: Advance) -> Result<(), Status> {
        self.expect_ready(thread)?;
        self.keep();
        self.with_tracker(|tracker, _, place| tracker.cut(place));
        self.kept.split_off(&(self.at + 1));
        self.history.begin(self.at);
        self.at += 1;
        self.advance(thread, advance);
        self.follow(JUDGED_AT_ONCE);
        Ok(())
    }

    /// Moves a thread as a part of the last move; undo takes both back together.
    ///
    /// # Errors
    /// The thread's status, if it cannot take even one step.
    pub(super) fn extend(&mut self, thread: usize, advance: Advance) -> Result<(), Status> {
        self.expect_ready(thread)?;
        self.advance(thread, advance);
        // The tracker catches up with the game by following twice as fast.
        self.follow(2);
        Ok(())
    }

    /// Returns whether the history has no room for more automatic moves.
    pub fn is_full(&self) -> bool {
        self.bursts().len() >= MOST_BURSTS
    }

    fn expect_ready(&self, thread: usize) -> Result<(), Status> {
        match self.machine().status(thread) {
            Status::Ready => Ok(()),
            status => Err(status),
        }
    }

    fn advance(&mut self, thread: usize, advance: Advance) {
        let most = match advance {
            Advance::Steps(steps) => steps,
            Advance::ToEnd | Advance::Round(_) => MOST_STEPS,
        };
        for _ in 0..most {
            let Some(told) = self.now.step(thread, self.steps() + 1) else {
                break;
            };
            self.history.add(told);
            let at = self.machine().at(thread);
            if let Advance::Round(body) = advance
                && at.is_none_or(|at| at == body.from || !body.contains(at))
            {
                break;
            }
        }
        self.moved();
    }

    /// Drops the sample, which was drawn from another state, unless a new one would be hopeless too.
    fn moved(&mut self) {
        let steps = self.steps();
        self.sample
            .take_if(|sample| !sample.is_hopeless_after(steps));
    }

    /// Keeps the current position if replaying the moves up to it would take long.
    fn keep(&mut self) {
        let before = self.kept.range(..=self.at).next_back();
        let before = before.map_or(0, |(&entries, _)| entries);
        let steps = self.steps() - self.history.steps(before);
        if self.at - before >= MOST_REPLAYED_MOVES || steps >= MOST_REPLAYED_STEPS {
            self.kept.insert(self.at, self.now.clone());
        }
    }

    /// Goes to the position after the first `to` entries of the history.
    fn travel(&mut self, to: usize) {
        self.keep();
        let from = match self.kept.range(..=to).next_back() {
            Some((&from, _)) if (from..=to).contains(&self.at) => self.at,
            Some((&from, kept)) => {
                self.now = kept.clone();
                from
            }
            None if self.at <= to => self.at,
            None => {
                self.now = Position::start(self.system);
                0
            }
        };
        let past = self.history.bursts(from).len();
        self.now.play_again(&self.history.bursts(to)[past..]);
        self.at = to;
        self.moved();
    }

    /// Undoes the last move. Returns false if there is none.
    pub fn undo(&mut self) -> bool {
        let possible = self.at > 0;
        self.travel(self.at.saturating_sub(1));
        possible
    }

    /// Takes back an undo. Returns false if there is none.
    pub fn redo(&mut self) -> bool {
        let possible = self.at < self.history.len();
        self.travel(self.at + usize::from(possible));
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
        let mut busy = matches!(extent, Extent::Growing(_));
        self.with_tracker(|tracker, outlook, place| tracker.think(outlook, place, moves));
        busy |= self.is_solving();
        if extent == Extent::TooMany && self.machine().ending().is_none() {
            let (steps, seed) = (self.steps(), self.seed);
            let totals = self
                .totals
                .get_or_insert_with(|| KnownTotals::of(self.system));
            let least = totals.least.filter(|_| steps == 0);
            let machine = &self.now.machine;
            let sample = self
                .sample
                .get_or_insert_with(|| Sample::new(machine, steps, least, seed));
            busy |= sample.draw(machine, moves / 8);
        }
        busy
    }

    /// Returns how far the visit of all states has come.
    pub fn extent(&self) -> Extent {
        self.outlook.extent()
    }

    /// Returns every way in which the game can still end; `None` while that is not known.
    pub fn chances(&self) -> Option<&[Chance]> {
        self.outlook.chances(self.machine())
    }

    /// Returns a sample of random schedules from here, if there are too many states to visit.
    pub fn sample(&self) -> Option<&Sample<'s>> {
        self.sample.as_ref()
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
    pub fn goal(&self) -> Option<Goal> {
        self.tracker.as_ref().map(|t| t.solver().goal())
    }

    /// Returns the fewest switches with which the goal can be reached from the start.
    pub fn par(&self) -> Option<u64> {
        self.tracker.as_ref()?.solver().par()
    }

    /// Returns the thread to move next on the way to the goal with the fewest switches, or on any
    /// known way.
    pub fn hint(&self) -> Option<usize> {
        let solver = self.tracker.as_ref()?.solver();
        solver.next(&self.outlook, self.machine(), self.bursts())
    }

    /// Returns whether a schedule to the goal is known although there are too many states.
    pub fn has_known_schedule(&self) -> bool {
        let tracker = self.tracker.as_ref();
        tracker.is_some_and(|tracker| tracker.solver().known_schedule().is_some())
    }

    /// Returns the status of the goal; `None` if there is no goal.
    pub fn goal_status(&self) -> Option<GoalStatus<'_>> {
        Some(self.tracker.as_ref()?.status(self.place()))
    }

    /// Returns whether the status of the goal is still being determined.
    pub fn is_solving(&self) -> bool {
        let tracker = self.tracker.as_ref();
        tracker.is_some_and(|tracker| tracker.is_open(self.steps()))
    }

    /// Judges at most `steps` steps that are not judged yet.
    fn follow(&mut self, steps: usize) {
        self.with_tracker(|tracker, outlook, place| tracker.follow(outlook, place, steps));
    }

    fn with_tracker(
        &mut self,
        work: impl FnOnce(&mut GoalTracker<'s>, &Outlook<'s>, Place<'_, 's>),
    ) {
        if let Some(mut tracker) = self.tracker.take() {
            work(&mut tracker, &self.outlook, self.place());
            self.tracker = Some(tracker);
        }
    }

    fn place(&self) -> Place<'_, 's> {
        Place {
            machine: self.machine(),
            bursts: self.bursts(),
            steps: self.steps(),
            switches: self.switches(),
        }
    }
}

fn schedule(bursts: &[Burst]) -> Schedule {
    let segments = bursts.iter().map(|burst| Segment {
        thread: burst.thread(),
        steps: Steps::Count(burst.steps()),
    });
    segments.collect()
}
