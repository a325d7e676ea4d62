//! The state of the screen, and the effect of each key.

use std::borrow::Cow;
use std::cell::Cell;

use ratatui::crossterm::event::{KeyEvent, KeyEventKind};

use super::info::GameInfo;
use super::keys::{self, Command};
use super::overlay::{Menu, Overlay};
use super::words;
use crate::game::puzzle::Score;
use crate::game::{Advance, AutoPlayer, Game, GoalStatus, LoopBody, increment_loops};
use crate::model::{Actor, Ending, Goal, Schedule, Status, StoryMove, System};
use crate::term::Tone;

/// How a player was helped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Helped {
    Not,
    /// By a hint, or by steps that were taken back. Going back does not take a hint back.
    Hinted,
    /// Some of the steps, or of those that can be redone, were played automatically.
    Played,
}

/// The state of the screen.
#[derive(Debug)]
pub struct App<'s> {
    /// The game.
    pub game: Game<'s>,
    /// What the screen tells about it.
    pub info: GameInfo,
    /// The thread that the arrows have selected.
    pub selected: usize,
    /// Whether a key takes a whole increment instead of a step.
    pub folded: bool,
    /// What covers the panels.
    pub overlay: Option<Overlay>,
    /// The first line of the overlay that is shown, 0 without an overlay. Drawing clamps it, because
    /// only there the height is known.
    pub scroll: Cell<usize>,
    /// The message below the panels.
    pub message: Option<(Tone, String)>,
    /// The file to which the token is written in the end, as a command line names it.
    pub token_file: Option<String>,
    /// The automatic player, while it plays.
    pub auto: Option<AutoPlayer<'s>>,
    /// The goal of a puzzle, which the player may replace by another one.
    puzzle_goal: Option<Goal>,
    /// The help that the player has had.
    pub(super) helped: Helped,
    /// Whether the solution of the puzzle was already reported.
    pub(super) solved: bool,
    /// The seed of the next random draws.
    seed: u64,
}

/// What a key asks of the program around the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppRequest {
    /// To draw, and nothing else.
    Nothing,
    /// To end.
    Quit,
    /// To end at once.
    Interrupt,
    /// To stop until the shell continues the program.
    Suspend,
    /// To force the schedule so far on real threads.
    Force,
    /// To save the score of the puzzle.
    Save(Score),
    /// To go to the next puzzle.
    Next,
}

/// The moves to search before the first picture and after each key: some milliseconds.
pub(super) const AT_ONCE: usize = 1 << 14;

const STOPPED: &str = "Stopped; your move.";

impl<'s> App<'s> {
    /// Creates a screen with a game at its start.
    pub fn new(system: &'s System, info: GameInfo, goal: Option<Goal>) -> Self {
        let mut game = Game::new(system);
        game.set_goal(goal.clone());
        let all_done = game.machine().ending().is_some();
        let mut app = Self {
            game,
            selected: 0,
            folded: false,
            overlay: info.puzzle.is_some().then_some(Overlay::About),
            scroll: Cell::new(0),
            message: Some((Tone::Plain, words::welcome(system, all_done))),
            token_file: None,
            auto: None,
            puzzle_goal: goal.filter(|_| info.puzzle.is_some()),
            helped: Helped::Not,
            solved: false,
            seed: 1,
            info,
        };
        app.think(AT_ONCE);
        app
    }

    /// Plays a schedule to begin with, as far as it is possible.
    pub fn begin(&mut self, schedule: &Schedule) {
        self.game.begin(schedule);
        self.think(AT_ONCE);
    }

    /// Sets the seed of all random draws from now on.
    pub fn set_seed(&mut self, seed: u64) {
        self.seed = seed;
        self.game.set_seed(seed);
    }

    /// Returns a new seed for each random draw.
    pub(super) fn next_seed(&mut self) -> u64 {
        let seed = self.seed;
        self.seed = seed.wrapping_add(1);
        seed
    }

    /// Searches on for `moves` moves. Returns whether there is more to search.
    pub fn think(&mut self, moves: usize) -> bool {
        let was_solving = self.game.is_solving();
        let mut busy = self.game.think(moves);
        let auto = self.auto.as_mut();
        busy |= auto.is_some_and(|auto| auto.think(&self.game, moves));
        if was_solving && !self.game.is_solving() {
            self.report_goal(false);
        }
        busy
    }

    /// Shows a message below the panels; this asks nothing of the program around the screen.
    pub(super) fn say(&mut self, tone: Tone, text: impl Into<String>) -> AppRequest {
        self.message = Some((tone, text.into()));
        AppRequest::Nothing
    }

    pub(super) fn note(&mut self, text: impl Into<String>) -> AppRequest {
        self.say(Tone::Plain, text)
    }

    /// Carries out what a key says.
    pub fn key(&mut self, key: &KeyEvent) -> AppRequest {
        if key.kind == KeyEventKind::Release {
            return AppRequest::Nothing;
        }
        if self.overlay.is_some() {
            return self.overlay_key(key);
        }
        match keys::command(keys::KEYS, key) {
            Some((command, thread)) => self.command(command, thread),
            None if self.auto.take().is_some() => self.note(STOPPED),
            None => self.note("That key does nothing here; ? lists all keys."),
        }
    }

    /// Carries out a key on a screen that is too small to show anything: it can only leave.
    pub fn blind_key(&mut self, key: &KeyEvent) -> AppRequest {
        match keys::command(keys::KEYS, key) {
            Some((command, _)) if command.leaves() && key.kind != KeyEventKind::Release => {
                self.command(command, None)
            }
            _ => AppRequest::Nothing,
        }
    }

    /// Carries out a command; `thread` is the thread that its key names, else the selected one. This
    /// closes what covers the panels.
    pub fn command(&mut self, command: Command, thread: Option<usize>) -> AppRequest {
        if self.auto.take().is_some() {
            self.note(STOPPED);
            if !command.leaves() {
                return AppRequest::Nothing;
            }
        }
        self.close();
        self.message = None;
        let thread = thread.unwrap_or(self.selected);
        match command {
            Command::Step => return self.play(thread, false),
            Command::Run => return self.play(thread, true),
            Command::Deliver => return self.deliver(thread),
            Command::ChooseLeft => self.selected = self.selected.saturating_sub(1),
            Command::ChooseRight => {
                self.selected = (self.selected + 1).min(self.game.system().threads() - 1);
            }
            Command::Undo => return self.travel(Game::undo, "Nothing to undo."),
            Command::Redo => return self.travel(Game::redo, "Nothing to redo."),
            Command::Restart => {
                self.game.restart();
                self.solved = false;
                return self.note("Back at the start. U restores your steps.");
            }
            Command::Fold => return self.fold(),
            Command::Hint => {
                let text = self.hint();
                return self.say(Tone::Good, text);
            }
            Command::Goal => {
                let menu = Menu::goals(&self.game, self.info.correct.as_ref());
                self.overlay = Some(Overlay::Menu(menu));
            }
            Command::Play => self.overlay = Some(Overlay::Menu(Menu::policies())),
            Command::Token => self.overlay = Some(Overlay::Token),
            Command::About => self.overlay = Some(Overlay::About),
            Command::Help => self.overlay = Some(Overlay::Help),
            Command::Force if self.game.steps() == 0 => {
                return self.note("Nothing to force yet.");
            }
            Command::Force => return AppRequest::Force,
            Command::Next => return self.next(),
            Command::Quit => return AppRequest::Quit,
            Command::Interrupt => return AppRequest::Interrupt,
            Command::Suspend => return AppRequest::Suspend,
        }
        AppRequest::Nothing
    }

    fn play(&mut self, thread: usize, to_end: bool) -> AppRequest {
        let threads = self.game.system().threads();
        if thread >= threads {
            return self.note(words::no_such_thread(threads));
        }
        self.selected = thread;
        let at = self.game.machine().at(thread);
        let mut folds = self.folds(thread).into_iter();
        let fold = folds.find(|fold| at.is_some_and(|at| fold.contains(at)));
        let advance = match (to_end, fold) {
            (true, _) => Advance::ToEnd,
            (false, Some(fold)) => Advance::Round(fold),
            (false, None) => Advance::Steps(1),
        };
        // A first step leaves nothing to redo.
        if self.helped == Helped::Played && self.game.steps() == 0 {
            self.helped = Helped::Hinted;
        }
        let moved = self.game.play(thread, advance);
        let machine = self.game.machine();
        if let Err(status) = moved {
            let text = words::cannot_move(machine, thread, status);
            return self.say(Tone::Lost, text);
        }
        match machine.status(thread) {
            status @ Status::Blocked(_) if to_end => {
                let text = words::cannot_move(machine, thread, status);
                self.say(Tone::Lost, text);
            }
            Status::Ready if to_end => {
                self.note(words::not_done(thread));
            }
            _ => {}
        }
        let told = self.game.scenes().next();
        let told = told.and_then(StoryMove::last_step);
        if let Some(text) = told.and_then(words::overwritten) {
            self.say(Tone::Lost, text);
        }
        self.report_goal(true)
    }

    /// Lets the store buffer of a thread deliver its oldest store.
    fn deliver(&mut self, thread: usize) -> AppRequest {
        let moved = self.game.play(Actor::Buffer(thread), Advance::Steps(1));
        if moved.is_err() {
            return self.note(words::nothing_to_deliver(self.game.system(), thread));
        }
        self.report_goal(true)
    }

    /// Reports that the puzzle is solved or the game has ended. Only a move solves a puzzle, not a
    /// finished search.
    pub(super) fn report_goal(&mut self, has_moved: bool) -> AppRequest {
        let goal = self.puzzle_goal.as_ref();
        let is_puzzle = goal.is_some() && self.game.goal() == goal;
        if is_puzzle && has_moved {
            // The par is needed even if the player is faster than the solver.
            while self.game.is_solving() && self.game.think(AT_ONCE) {}
        }
        match self.game.goal_status() {
            Some(GoalStatus::Reached(switches)) if has_moved && is_puzzle && !self.solved => {
                self.solved = true;
                if self.helped == Helped::Played {
                    return self.say(Tone::Good, words::PLAYED_ITSELF);
                }
                let par = self.game.par().unwrap_or(switches);
                let score = Score::new(switches, par, self.helped == Helped::Hinted);
                self.overlay = Some(Overlay::Solved(score));
                return AppRequest::Save(score);
            }
            Some(GoalStatus::Reached(_)) => {}
            _ => self.solved = false,
        }
        self.report_ending()
    }

    fn report_ending(&mut self) -> AppRequest {
        let ending = self.game.machine().ending();
        let livelock = || self.game.is_livelock().then_some(Ending::Livelock);
        let Some(ending) = ending.or_else(livelock) else {
            if let Some(text) = words::undelivered(self.game.machine()) {
                self.note(text);
            }
            return AppRequest::Nothing;
        };
        let (tone, text) = words::ending(self.game.machine(), &ending, &self.info);
        self.say(tone, text)
    }

    fn travel(&mut self, travel: impl Fn(&mut Game<'s>) -> bool, otherwise: &str) -> AppRequest {
        if !travel(&mut self.game) {
            return self.note(otherwise);
        }
        self.solved = matches!(self.game.goal_status(), Some(GoalStatus::Reached(_)));
        self.selected = self.game.last().map_or(self.selected, Actor::thread);
        self.report_ending()
    }

    fn fold(&mut self) -> AppRequest {
        let system = self.game.system();
        if (0..system.threads()).all(|t| increment_loops(system, t).is_empty()) {
            return self.note("No increments to fold here.");
        }
        self.folded = !self.folded;
        self.note(if self.folded {
            "Folded: a key takes a whole increment. x unfolds."
        } else {
            "Unfolded: one machine step at a time."
        })
    }

    /// Returns the increments of a thread that are folded.
    pub(super) fn folds(&self, thread: usize) -> Vec<LoopBody> {
        let loops = || increment_loops(self.game.system(), thread);
        self.folded.then(loops).unwrap_or_default()
    }

    /// Selects the thread to move next on the way to the goal; returns what to say about it.
    fn hint(&mut self) -> Cow<'static, str> {
        let Some((goal, status)) = self.game.goal().zip(self.game.goal_status()) else {
            return "Choose a goal first, with g.".into();
        };
        match (status, self.game.hint()) {
            (GoalStatus::Reached(_), _) => "The goal is reached.".into(),
            (GoalStatus::Lost(_), _) => "The goal is out of reach from here; u undoes.".into(),
            (GoalStatus::Unreachable, _) => {
                format!("No schedule can {}.", words::goal(goal)).into()
            }
            (_, Some(actor)) => {
                self.helped = self.helped.max(Helped::Hinted);
                self.selected = actor.thread();
                words::hint(self.game.machine(), actor).into()
            }
            _ if self.game.is_solving() => "Still searching; ask again.".into(),
            _ if self.game.has_known_schedule() => "No known way from here; u undoes.".into(),
            _ => "Too many states to find a way; try a smaller size.".into(),
        }
    }

    /// Shows how the real threads ended, or why the schedule could not be forced.
    pub fn forced(&mut self, found: Result<Ending, String>) {
        self.overlay = Some(Overlay::Forced(found));
    }

    pub(super) fn next(&mut self) -> AppRequest {
        match &self.info.puzzle {
            Some(puzzle) if puzzle.has_next => AppRequest::Next,
            Some(_) => self.note("This was the last puzzle."),
            None => self.note("Puzzles are played with 'miscount step --puzzle 1'."),
        }
    }

    pub(super) fn set_goal(&mut self, goal: Option<Goal>) {
        self.solved = false;
        self.game.set_goal(goal);
        self.think(AT_ONCE);
    }
}
