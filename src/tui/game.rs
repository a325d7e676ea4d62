//! The game: what was played, undone and can be redone, and how the goal stands. It draws nothing
//! and knows no keys.

use std::collections::BTreeMap;

use super::judge::{Judge, Place, Standing};
use super::played::{Played, Turn};
use super::position::Position;
use super::rule::Totals;
use super::sample::Sample;
use crate::model::{
    Chance, Extent, Goal, Machine, Outlook, Scene, Schedule, Segment, Status, Steps, System,
};

/// The most steps that one key takes, or a game begins with: some tenths of a second.
pub const MOST_STEPS: u64 = 500_000;

/// A position is kept after so many keys, or so many steps: undo plays again from the last one.
const MOST_KEYS_AGAIN: usize = 1 << 8;
const MOST_STEPS_AGAIN: u64 = 1 << 14;

/// A schedule with more segments is one key where a game begins with it.
const MOST_KEYS: usize = 1_000;

/// The most turns that are kept, of eight bytes each, where something plays by itself.
const MOST_TURNS: usize = 1 << 23;

/// Steps that are judged at once, after a key; those of long runs are judged later.
const JUDGED_AT_ONCE: usize = 1 << 14;

/// A system, played from its start.
// invariants: `now` is where the first `at` keys lead; so is each kept position for its number.
#[derive(Debug)]
pub struct Game<'s> {
    system: &'s System,
    played: Played,
    at: usize,
    now: Position<'s>,
    kept: BTreeMap<usize, Position<'s>>,
    outlook: Outlook<'s>,
    sample: Option<Sample<'s>>,
    /// Totals to try, where there are too many states.
    totals: Option<Totals>,
    judge: Option<Judge<'s>>,
    seed: u64,
}

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// So many steps.
    Steps(u64),
    /// To the thread's end, or as far as it can.
    End,
    /// Until it leaves this part of its program, or comes to its beginning again.
    Part(usize, usize),
}

impl<'s> Game<'s> {
    /// A game at its start.
    pub fn new(system: &'s System) -> Self {
        Self {
            system,
            played: Played::default(),
            at: 0,
            now: Position::start(system),
            kept: BTreeMap::new(),
            outlook: Outlook::new(system, &[]),
            sample: None,
            totals: None,
            judge: None,
            seed: 1,
        }
    }

    /// What is played.
    pub fn system(&self) -> &'s System {
        self.system
    }

    /// The state it is in.
    pub fn machine(&self) -> &Machine<'s> {
        &self.now.machine
    }

    /// Steps taken so far.
    pub fn steps(&self) -> u64 {
        self.played.steps(self.at)
    }

    /// Switches between threads so far.
    pub fn switches(&self) -> u64 {
        self.played.switches(self.at)
    }

    /// The thread that moved last.
    pub fn last(&self) -> Option<usize> {
        self.turns().last().map(|turn| turn.thread())
    }

    /// Draws random schedules by this seed from now on.
    pub(super) fn draw_by(&mut self, seed: u64) {
        self.seed = seed;
    }

    fn turns(&self) -> &[Turn] {
        self.played.turns(self.at)
    }

    /// What was played so far, the last first; of a long go by itself only its end.
    pub fn scenes(&self) -> impl Iterator<Item = &Scene> {
        self.played.scenes(self.at)
    }

    /// What was played so far, as a schedule.
    pub fn schedule(&self) -> Schedule {
        schedule(self.turns()).closed(self.machine())
    }

    /// How many segments that schedule has: as many as there were switches, and one.
    pub fn segments(&self) -> u64 {
        self.switches() + u64::from(self.steps() > 0)
    }

    /// The first and the last few segments of it.
    pub(super) fn edges(&self, segments: usize) -> [Schedule; 2] {
        self.played.edges(self.at, segments).map(schedule)
    }

    /// Plays steps to begin with, as far as they can be taken. Returns false where they were more
    /// than [`MOST_STEPS`], and only so many were played.
    pub fn begin(&mut self, schedule: &Schedule) -> bool {
        let as_one = schedule.segments().len() > MOST_KEYS;
        for segment in schedule.segments() {
            let left = MOST_STEPS - self.steps();
            let (steps, are_all) = match segment.steps {
                Steps::Count(steps) => (steps.min(left), steps <= left),
                Steps::ToEnd => (left, false),
            };
            if left == 0 {
                return false;
            }
            let reach = Reach::Steps(steps);
            let played = if as_one && self.at > 0 {
                self.go_on(segment.thread, reach)
            } else {
                self.play(segment.thread, reach)
            };
            if played.is_err() {
                break;
            }
            let is_ready = self.machine().is_ready(segment.thread);
            if !are_all && is_ready && self.steps() == MOST_STEPS {
                return false;
            }
        }
        true
    }

    /// Lets a thread move; it is undone as one.
    ///
    /// # Errors
    /// Its status, where it cannot take even one step.
    pub fn play(&mut self, thread: usize, reach: Reach) -> Result<(), Status> {
        self.expect_ready(thread)?;
        self.keep();
        if let Some(mut judge) = self.judge.take() {
            judge.cut(self.place());
            self.judge = Some(judge);
        }
        self.kept.split_off(&(self.at + 1));
        self.played.begin(self.at);
        self.at += 1;
        self.advance(thread, reach);
        self.follow(JUDGED_AT_ONCE);
        Ok(())
    }

    /// Lets a thread move right after something was played, to be undone together with it.
    ///
    /// # Errors
    /// Its status, where it cannot take even one step.
    pub(super) fn go_on(&mut self, thread: usize, reach: Reach) -> Result<(), Status> {
        self.expect_ready(thread)?;
        self.advance(thread, reach);
        // Twice as fast as it goes on.
        self.follow(2);
        Ok(())
    }

    /// Whether so much was played that nothing may play on by itself.
    pub(super) fn is_full(&self) -> bool {
        self.turns().len() >= MOST_TURNS
    }

    fn expect_ready(&self, thread: usize) -> Result<(), Status> {
        match self.machine().status(thread) {
            Status::Ready => Ok(()),
            status => Err(status),
        }
    }

    fn advance(&mut self, thread: usize, reach: Reach) {
        let most = match reach {
            Reach::Steps(steps) => steps,
            Reach::End | Reach::Part(..) => MOST_STEPS,
        };
        for _ in 0..most {
            let Some(told) = self.now.step(thread, self.steps() + 1) else {
                break;
            };
            self.played.add(told);
            if let Reach::Part(from, past) = reach
                && self
                    .machine()
                    .at(thread)
                    .is_none_or(|at| at == from || !(from..past).contains(&at))
            {
                break;
            }
        }
        self.moved();
    }

    /// What was drawn from elsewhere is of no use here, but where there is nothing to be drawn.
    fn moved(&mut self) {
        let steps = self.steps();
        self.sample
            .take_if(|sample| !sample.is_hopeless_after(steps));
    }

    /// Keeps where it is, if to play it again would take long.
    fn keep(&mut self) {
        let before = self.kept.range(..=self.at).next_back();
        let before = before.map_or(0, |(&keys, _)| keys);
        let steps = self.steps() - self.played.steps(before);
        if self.at - before >= MOST_KEYS_AGAIN || steps >= MOST_STEPS_AGAIN {
            self.kept.insert(self.at, self.now.clone());
        }
    }

    /// Goes to where so many keys lead.
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
        let past = self.played.turns(from).len();
        self.now.play_again(&self.played.turns(to)[past..]);
        self.at = to;
        self.moved();
    }

    /// Goes back by what one key did. False where nothing was played.
    pub fn undo(&mut self) -> bool {
        let possible = self.at > 0;
        self.travel(self.at.saturating_sub(1));
        possible
    }

    /// Takes an undo back. False where nothing was undone.
    pub fn redo(&mut self) -> bool {
        let possible = self.at < self.played.keys();
        self.travel(self.at + usize::from(possible));
        possible
    }

    /// Goes back to the start; redo brings everything back.
    pub fn restart(&mut self) {
        self.travel(0);
    }

    /// Thinks about what can still come of it, for so many moves. Returns whether there is more to
    /// think about.
    pub fn think(&mut self, moves: usize) -> bool {
        // States of many threads take long to look at.
        let moves = moves / self.system.threads().div_ceil(8);
        let extent = self.outlook.advance(moves);
        let mut busy = matches!(extent, Extent::Growing(_));
        if let Some(mut judge) = self.judge.take() {
            judge.think(&self.outlook, self.place(), moves);
            busy |= judge.is_open(self.steps());
            self.judge = Some(judge);
        }
        if extent == Extent::TooMany && self.machine().ending().is_none() {
            let (steps, seed) = (self.steps(), self.seed);
            let totals = self.totals.get_or_insert_with(|| Totals::of(self.system));
            let least = totals.least.filter(|_| steps == 0);
            let machine = &self.now.machine;
            let sample = self
                .sample
                .get_or_insert_with(|| Sample::new(machine, steps, least, seed));
            busy |= sample.draw(machine, moves / 8);
        }
        busy
    }

    /// How far the look at all states has come.
    pub fn extent(&self) -> Extent {
        self.outlook.extent()
    }

    /// Everything that can still come of it; `None` while that is not known.
    pub fn chances(&self) -> Option<&[Chance]> {
        self.outlook.chances(self.machine())
    }

    /// Random schedules from here, where there are too many states to look at all.
    pub fn sample(&self) -> Option<&Sample<'s>> {
        self.sample.as_ref()
    }

    /// Totals to try where there are too many states to know all: the least, and that of lockstep.
    pub(super) fn totals(&self) -> Totals {
        self.totals.unwrap_or_default()
    }

    /// What can be seen from every state.
    pub fn outlook(&self) -> &Outlook<'s> {
        &self.outlook
    }

    /// Sets a goal, or none. How it stands is found out by [`Game::think`].
    pub fn pursue(&mut self, goal: Option<Goal>) {
        self.judge = goal.map(|goal| Judge::new(self.system, goal));
    }

    /// The goal.
    pub fn goal(&self) -> Option<Goal> {
        self.judge.as_ref().map(|judge| judge.solver().goal())
    }

    /// The fewest switches with which the goal can be reached from the start.
    pub fn par(&self) -> Option<u64> {
        self.judge.as_ref().and_then(|judge| judge.solver().par())
    }

    /// The thread to move next on the way to the goal with the fewest switches, or on any that is
    /// known.
    pub fn hint(&self) -> Option<usize> {
        let solver = self.judge.as_ref()?.solver();
        solver.next(&self.outlook, self.machine(), self.turns())
    }

    /// Whether a way from the start is known although there are too many states.
    pub(super) fn has_way(&self) -> bool {
        let judge = self.judge.as_ref();
        judge.is_some_and(|judge| judge.solver().way().is_some())
    }

    /// How the goal stands; `None` where there is none.
    pub fn standing(&self) -> Option<Standing<'_>> {
        let judge = self.judge.as_ref()?;
        Some(judge.standing(self.place()))
    }

    /// Whether it is being found out how the goal stands.
    pub fn is_solving(&self) -> bool {
        let judge = self.judge.as_ref();
        judge.is_some_and(|judge| judge.is_open(self.steps()))
    }

    /// Judges what was played last, so many steps of it.
    fn follow(&mut self, steps: usize) {
        if let Some(mut judge) = self.judge.take() {
            judge.follow(&self.outlook, self.place(), steps);
            self.judge = Some(judge);
        }
    }

    fn place(&self) -> Place<'_, 's> {
        Place {
            machine: self.machine(),
            turns: self.turns(),
            steps: self.steps(),
            switches: self.switches(),
        }
    }
}

fn schedule(turns: &[Turn]) -> Schedule {
    let segments = turns.iter().map(|turn| Segment {
        thread: turn.thread(),
        steps: Steps::Count(turn.steps()),
    });
    segments.collect()
}
