//! The screen's state: the game, what lies over it, what is said; and what each key makes of it.

use std::cell::Cell;

use ratatui::crossterm::event::{KeyEvent, KeyEventKind};

use super::auto::Auto;
use super::fold::increments;
use super::game::{Game, Reach};
use super::judge::Standing;
use super::keys::{self, Command};
use super::menu::Menu;
use super::state::{About, Action, Overlay};
use super::words;
use crate::model::{Extent, Goal, Schedule, Status, System};
use crate::puzzle::{Solved, stars};
use crate::term::Tone;

/// The state of the screen.
#[derive(Debug)]
pub struct App<'s> {
    /// What is played.
    pub game: Game<'s>,
    /// In words.
    pub about: About,
    /// The thread that the arrows have chosen.
    pub chosen: usize,
    /// Whether increments are folded into one step each.
    pub folded: bool,
    /// What lies over the panels.
    pub overlay: Option<Overlay>,
    /// The first line of it that is shown: drawing clamps it, because only there its height is
    /// known. 0 where nothing lies over the panels.
    pub scroll: Cell<usize>,
    /// What is said below them.
    pub message: Option<(Tone, String)>,
    /// The file that the token goes to in the end, as a command line names it.
    pub keep: Option<String>,
    /// What plays by itself.
    pub auto: Option<Auto>,
    /// What there is to bring about in a puzzle.
    asked: Option<Goal>,
    /// Whether the way was shown. Whoever has seen it has seen it, also after going back.
    pub(super) hinted: bool,
    solved: bool,
    /// What the next draws by lot are made from.
    seed: u64,
}

/// What is thought of before the first picture and after each key, in moves: some milliseconds.
pub(super) const AT_ONCE: usize = 1 << 14;

const STOPPED: &str = "Stopped. You play on.";

impl<'s> App<'s> {
    /// A screen at its start.
    pub fn new(system: &'s System, about: About, goal: Option<Goal>) -> Self {
        let mut game = Game::new(system);
        game.pursue(goal);
        let all_done = game.machine().ending().is_some();
        let mut app = Self {
            game,
            chosen: 0,
            folded: false,
            overlay: about.puzzle.is_some().then_some(Overlay::About),
            scroll: Cell::new(0),
            message: Some((Tone::Plain, words::welcome(system.threads(), all_done))),
            keep: None,
            auto: None,
            asked: goal,
            hinted: false,
            solved: false,
            seed: 1,
            about,
        };
        app.think(AT_ONCE);
        app
    }

    /// Plays steps to begin with, as far as they can be taken.
    pub fn begin(&mut self, schedule: &Schedule) {
        self.game.begin(schedule);
        self.think(AT_ONCE);
    }

    /// What is drawn by lot from now on: the same seed, the same draws.
    pub fn draw_by(&mut self, seed: u64) {
        self.seed = seed;
        self.game.draw_by(seed);
    }

    /// The seed of the next draws by lot, another each time.
    pub(super) fn next_seed(&mut self) -> u64 {
        let seed = self.seed;
        self.seed = seed.wrapping_add(1);
        seed
    }

    /// Thinks on for a moment. Returns whether there is more to think about.
    pub fn think(&mut self, moves: usize) -> bool {
        let was_solving = self.game.is_solving();
        let mut busy = self.game.think(moves);
        let auto = self.auto.as_mut();
        busy |= auto.is_some_and(|auto| auto.think(&self.game, moves));
        if was_solving && !self.game.is_solving() {
            self.tell_standing(false);
        }
        busy
    }

    pub(super) fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.message = Some((tone, text.into()));
    }

    /// What a key does.
    pub fn key(&mut self, key: &KeyEvent) -> Action {
        if key.kind == KeyEventKind::Release {
            return Action::Nothing;
        }
        if self.overlay.is_some() {
            return self.answer_key(key);
        }
        let Some((command, thread)) = keys::command(keys::KEYS, key) else {
            if self.auto.take().is_some() {
                self.say(Tone::Plain, STOPPED);
            } else {
                self.say(
                    Tone::Plain,
                    "That key does nothing here; ? lists those that do.",
                );
            }
            return Action::Nothing;
        };
        self.command(command, thread)
    }

    /// What a key does where the screen is too small to show anything: it may only leave.
    pub fn blind_key(&mut self, key: &KeyEvent) -> Action {
        if key.kind == KeyEventKind::Release {
            return Action::Nothing;
        }
        match keys::command(keys::KEYS, key) {
            Some((command @ (Command::Quit | Command::Interrupt | Command::Suspend), _)) => {
                self.command(command, None)
            }
            _ => Action::Nothing,
        }
    }

    /// Carries a command out; `thread` is the thread that its key names, the chosen one where it
    /// names none. Whatever lies over the panels is closed.
    pub fn command(&mut self, command: Command, thread: Option<usize>) -> Action {
        if self.auto.take().is_some() {
            self.say(Tone::Plain, STOPPED);
            if !matches!(
                command,
                Command::Quit | Command::Interrupt | Command::Suspend
            ) {
                return Action::Nothing;
            }
        }
        self.close();
        self.message = None;
        let thread = thread.unwrap_or(self.chosen);
        match command {
            Command::Step => return self.play(thread, false),
            Command::Run => return self.play(thread, true),
            Command::ChooseLeft => self.chosen = self.chosen.saturating_sub(1),
            Command::ChooseRight => {
                self.chosen = (self.chosen + 1).min(self.game.system().threads() - 1);
            }
            Command::Undo => self.travel(Game::undo, "There is nothing left to undo."),
            Command::Redo => self.travel(Game::redo, "There is nothing to redo."),
            Command::Restart => {
                self.game.restart();
                self.solved = false;
                self.say(
                    Tone::Plain,
                    "Back at the start. U brings back what was played.",
                );
            }
            Command::Fold => self.fold(),
            Command::Hint => self.hint(),
            Command::Goal => self.overlay = Some(Overlay::Menu(Menu::goals(self))),
            Command::Play => self.overlay = Some(Overlay::Menu(Menu::play())),
            Command::Token => self.overlay = Some(Overlay::Token),
            Command::About => self.overlay = Some(Overlay::About),
            Command::Help => self.overlay = Some(Overlay::Help),
            Command::Force => return self.force(),
            Command::Next => return self.next(),
            Command::Quit => return Action::Quit,
            Command::Interrupt => return Action::Interrupt,
            Command::Suspend => return Action::Suspend,
        }
        Action::Nothing
    }

    fn play(&mut self, thread: usize, to_end: bool) -> Action {
        let threads = self.game.system().threads();
        if thread >= threads {
            self.say(Tone::Plain, words::no_such_thread(threads));
            return Action::Nothing;
        }
        self.chosen = thread;
        let at = self.game.machine().at(thread);
        let parts = if self.folded {
            increments(self.game.system(), thread)
        } else {
            Vec::new()
        };
        let part = parts
            .into_iter()
            .find(|part| at.is_some_and(|at| part.holds(at)));
        let reach = match (to_end, part) {
            (true, _) => Reach::End,
            (false, Some(part)) => Reach::Part(part.from, part.past),
            (false, None) => Reach::Steps(1),
        };
        if let Err(status) = self.game.play(thread, reach) {
            self.say(
                Tone::Lost,
                words::cannot_move(self.game.machine(), thread, status),
            );
            return Action::Nothing;
        }
        match self.game.machine().status(thread) {
            status @ Status::Blocked(_) if to_end => {
                let text = words::cannot_move(self.game.machine(), thread, status);
                self.say(Tone::Lost, text);
            }
            Status::Ready if to_end => self.say(Tone::Plain, words::goes_on(thread)),
            _ => {}
        }
        let told = self.game.scenes().next();
        let told = told.and_then(|scene| scene.last.back().or(scene.first.last()));
        if let Some(text) = told.and_then(words::overwritten) {
            self.say(Tone::Lost, text);
        }
        self.tell_standing(true)
    }

    /// Says how the goal stands, where that has just changed or all is over. What was just played
    /// may solve the puzzle; what was only thought of may not.
    pub(super) fn tell_standing(&mut self, has_moved: bool) -> Action {
        let is_asked = self.about.puzzle.is_some() && self.game.goal() == self.asked;
        if is_asked && has_moved {
            // Whoever is faster than the solver is measured by its answer all the same.
            while self.game.is_solving() && self.game.think(AT_ONCE) {}
        }
        match self.game.standing() {
            Some(Standing::Reached(switches)) => {
                if has_moved && !self.solved && is_asked {
                    let par = self.game.par().unwrap_or(switches);
                    let solved = Solved {
                        stars: stars(switches, par, self.hinted),
                        switches,
                    };
                    self.solved = true;
                    self.overlay = Some(Overlay::Solved(solved));
                    return Action::Keep(solved);
                }
            }
            _ => self.solved = false,
        }
        self.tell_ending();
        Action::Nothing
    }

    /// Says how it ended, if it did.
    fn tell_ending(&mut self) {
        if let Some(ending) = self.game.machine().ending() {
            let (tone, text) = words::ending(self.game.machine(), &ending, &self.about);
            self.say(tone, text);
        }
    }

    fn travel(&mut self, travel: impl Fn(&mut Game<'s>) -> bool, otherwise: &str) {
        if travel(&mut self.game) {
            self.solved = matches!(self.game.standing(), Some(Standing::Reached(_)));
            self.chosen = self.game.last().unwrap_or(self.chosen);
            self.tell_ending();
        } else {
            self.say(Tone::Plain, otherwise);
        }
    }

    fn fold(&mut self) {
        let system = self.game.system();
        if (0..system.threads()).all(|thread| increments(system, thread).is_empty()) {
            self.say(Tone::Plain, "There are no increments here to fold.");
            return;
        }
        self.folded = !self.folded;
        self.say(
            Tone::Plain,
            if self.folded {
                "Folded: a key takes a whole increment, and nobody comes between. x unfolds."
            } else {
                "Every machine step is a step again."
            },
        );
    }

    fn hint(&mut self) {
        let Some(goal) = self.game.goal() else {
            return self.say(
                Tone::Plain,
                "A hint towards what? Choose a goal first, with g.",
            );
        };
        let text = match (self.game.standing(), self.game.hint()) {
            (Some(Standing::Reached(_)), _) => "The goal is reached.".into(),
            (Some(Standing::Lost(_)), _) => {
                "The goal is out of reach from here; u goes back.".into()
            }
            (Some(Standing::Impossible), _) => format!("No schedule can {}.", words::goal(goal)),
            (_, Some(thread)) => {
                self.hinted |= self.about.puzzle.is_some();
                self.chosen = thread;
                words::hint(self.game.machine(), thread)
            }
            (_, None) if self.game.is_solving() => "Still looking for the way; ask again.".into(),
            (_, None) if self.game.has_way() => {
                "From here the way is not known; u goes back.".into()
            }
            _ if self.game.outlook().extent() == Extent::Endless => {
                "Some schedules never end, so nobody can find the way.".into()
            }
            _ => "There are too many states to find the way; a smaller size helps.".into(),
        };
        self.say(Tone::Good, text);
    }

    fn force(&mut self) -> Action {
        if self.game.steps() == 0 {
            self.say(Tone::Plain, "Nothing was played yet that could be forced.");
            return Action::Nothing;
        }
        Action::Force
    }

    /// What came of forcing: the total as real threads left it, or why they could not.
    pub fn forced(&mut self, found: Result<u64, String>) {
        self.overlay = Some(Overlay::Forced(found));
    }

    pub(super) fn next(&mut self) -> Action {
        match self.about.puzzle {
            Some(puzzle) if puzzle.has_next => return Action::Next,
            Some(_) => self.say(Tone::Plain, "This was the last puzzle."),
            None => self.say(
                Tone::Plain,
                "Puzzles are played with 'miscount step --puzzle 1'.",
            ),
        }
        Action::Nothing
    }

    /// Sets the goal.
    pub(super) fn pursue(&mut self, goal: Option<Goal>) {
        self.solved = false;
        self.game.pursue(goal);
        self.think(AT_ONCE);
    }
}
