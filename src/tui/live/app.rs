//! The state of the live screen, and the effect of each key.

use std::cell::Cell;
use std::collections::BTreeMap;

use ratatui::crossterm::event::{KeyEvent, KeyEventKind};
use ratatui::layout::Rect;

use super::super::keys::{self, OVERLAY_KEYS, OverlayCommand};
use super::keys::{LIVE_KEYS, LiveCommand};
use super::reports::LiveReport;
use crate::plan::{LivePlan, LiveSubject};
use crate::record::{CountingReading, LiveReading};
use crate::term::Tone;

/// A line of the list.
#[derive(Clone, Debug)]
pub struct LiveItem {
    /// What races when the line is chosen.
    pub subject: LiveSubject,
    /// The heading that it stands under.
    pub theme: String,
}

/// What is known of a subject that was looked at.
#[derive(Clone, Debug)]
pub struct Looked {
    /// The plan with which it raced last.
    pub plan: LivePlan,
    /// What was found out.
    pub reading: LiveReading,
}

/// What a key asks of the program around the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiveRequest {
    /// To draw, and nothing else.
    Nothing,
    /// To race with the plan of the screen from now on.
    Race,
    /// To make no more runs for a while, or to go on.
    Pause(bool),
    /// To make the report of a command.
    Report(String),
    /// To play the same race step by step.
    Step,
    /// To end.
    Quit,
    /// To end at once.
    Interrupt,
    /// To stop until the shell continues the program.
    Suspend,
}

/// The state of the live screen.
#[derive(Debug)]
pub struct LiveApp {
    /// The list.
    pub items: Vec<LiveItem>,
    /// The place of the chosen line in the list.
    pub at: usize,
    /// What races, and how.
    pub plan: LivePlan,
    /// The place of the chosen knob.
    pub knob: usize,
    /// The digits that were typed for it so far; empty if none were.
    pub typed: String,
    /// What has been found out so far.
    pub reading: LiveReading,
    /// All subjects that were looked at, by their place in the list.
    pub looked: BTreeMap<usize, Looked>,
    /// Whether the race is paused by a key.
    pub paused: bool,
    /// A report over the panels.
    pub report: Option<LiveReport>,
    /// Whether the help covers the panels.
    pub help: bool,
    /// The first line of the report or the help that is shown.
    pub scroll: Cell<usize>,
    /// Whether digits are big; `None` if that depends on the terminal.
    pub big: Option<bool>,
    /// The message above the footer, instead of what is seen.
    pub message: Option<(Tone, String)>,
    /// The command lines that were written with a key.
    pub written: Vec<String>,
    /// Whether all threads share one core, so that strategies with a window get one.
    pub one_core: bool,
    /// The area that was drawn last.
    pub area: Rect,
}

impl LiveApp {
    /// Creates a screen on which the subject at a place of the list races.
    pub fn new(items: Vec<LiveItem>, at: usize, plan: LivePlan, one_core: bool) -> Self {
        let mut app = Self {
            items,
            at,
            plan,
            knob: 0,
            typed: String::new(),
            reading: LiveReading::Nothing,
            looked: BTreeMap::new(),
            paused: false,
            report: None,
            help: false,
            scroll: Cell::new(0),
            big: None,
            message: None,
            written: Vec::new(),
            one_core,
            area: Rect::default(),
        };
        app.adapt();
        app
    }

    /// Opens the window of a strategy on one core.
    fn adapt(&mut self) {
        if self.one_core {
            self.plan.open_window();
        }
    }

    /// Takes note of what has been found out so far.
    pub fn update(&mut self, reading: LiveReading) {
        let is_seen = match &reading {
            LiveReading::Counting(reading) => reading.runs > 0,
            LiveReading::Race(record) => record.runs_completed > 0,
            LiveReading::Nothing | LiveReading::Failed(_) => false,
        };
        if is_seen {
            let looked = Looked {
                plan: self.plan.clone(),
                reading: reading.clone(),
            };
            self.looked.insert(self.at, looked);
        }
        self.reading = reading;
    }

    /// Takes note of a report that is there.
    pub fn reported(&mut self, text: Result<String, String>) {
        if let Some(report) = &mut self.report {
            report.text = Some(text);
        }
    }

    /// Returns what is known of the strategy that races, if one does.
    pub(super) fn counting(&self) -> Option<&CountingReading> {
        match &self.reading {
            LiveReading::Counting(reading) => Some(reading),
            _ => None,
        }
    }

    pub(super) fn say(&mut self, tone: Tone, text: impl Into<String>) -> LiveRequest {
        self.message = Some((tone, text.into()));
        LiveRequest::Nothing
    }

    /// Carries out what a key says.
    pub fn key(&mut self, key: &KeyEvent) -> LiveRequest {
        if key.kind == KeyEventKind::Release {
            return LiveRequest::Nothing;
        }
        if self.report.is_some() || self.help {
            return self.overlay_key(key);
        }
        match keys::command(LIVE_KEYS, key) {
            Some((command, digit)) => self.command(command, digit),
            None => self.say(
                Tone::Plain,
                "That key does nothing here; ? lists those that do.",
            ),
        }
    }

    /// Carries out a key on a screen that is too small to show anything: it can only leave.
    pub fn blind_key(&mut self, key: &KeyEvent) -> LiveRequest {
        match keys::command(LIVE_KEYS, key) {
            Some((command, _)) if command.leaves() && key.kind != KeyEventKind::Release => {
                self.command(command, None)
            }
            _ => LiveRequest::Nothing,
        }
    }

    fn overlay_key(&mut self, key: &KeyEvent) -> LiveRequest {
        if let Some((command, _)) = keys::command(OVERLAY_KEYS, key) {
            return self.overlay_command(command);
        }
        // The key that opened the help closes it.
        let opener = keys::command(LIVE_KEYS, key).map(|(command, _)| command);
        if self.help && opener == Some(LiveCommand::Help) {
            return self.close();
        }
        LiveRequest::Nothing
    }

    /// Carries out a command on what covers the panels.
    pub fn overlay_command(&mut self, command: OverlayCommand) -> LiveRequest {
        use OverlayCommand as C;
        self.scroll.set(command.moved(self.scroll.get()));
        match command {
            C::Suspend => LiveRequest::Suspend,
            C::Interrupt => LiveRequest::Interrupt,
            C::Accept | C::Close => self.close(),
            _ => LiveRequest::Nothing,
        }
    }

    /// Uncovers the panels; after a report the race goes on.
    pub(super) fn close(&mut self) -> LiveRequest {
        self.scroll.set(0);
        self.help = false;
        match self.report.take() {
            Some(_) => LiveRequest::Pause(self.paused),
            None => LiveRequest::Nothing,
        }
    }

    /// Carries out a command; a digit belongs to its key.
    pub fn command(&mut self, command: LiveCommand, digit: Option<usize>) -> LiveRequest {
        use LiveCommand as C;
        self.message = None;
        // What was typed is for the knob that was chosen then.
        let typed = match command {
            C::Digit | C::Erase | C::Freeze => None,
            _ => Some(std::mem::take(&mut self.typed)),
        };
        match command {
            C::Previous => return self.choose(self.at.saturating_sub(1)),
            C::Next => return self.choose(self.at + 1),
            C::First => return self.choose(0),
            C::Last => return self.choose(usize::MAX),
            C::PreviousTheme | C::NextTheme => return self.theme(command == C::NextTheme),
            C::NextKnob => self.knob = (self.knob + 1) % self.plan.knobs().len(),
            C::PreviousKnob => {
                let knobs = self.plan.knobs().len();
                self.knob = (self.knob + knobs - 1) % knobs;
            }
            C::Raise | C::Lower => return self.turn(command == C::Raise),
            C::Digit => return self.digit(digit.unwrap_or(0)),
            C::Erase => drop(self.typed.pop()),
            C::Freeze if !self.typed.is_empty() => return self.accept(),
            C::Freeze => return self.freeze(),
            C::Trace => return self.trace(String::new()),
            C::Step => return LiveRequest::Step,
            C::Explain => {
                let LivePlan { subject, .. } = &self.plan;
                let words = match subject {
                    LiveSubject::Strategy(kind) => kind.name.to_string(),
                    LiveSubject::Program(program) => program.to_string(),
                };
                return self.report(format!("explain {words}"), String::new());
            }
            C::Compare => return self.compare(),
            C::Write => {
                let command = self.plan.command();
                if !self.written.contains(&command) {
                    self.written.push(command.clone());
                }
                return self.say(Tone::Strong, command);
            }
            C::Pause => {
                self.paused = !self.paused;
                return LiveRequest::Pause(self.paused);
            }
            C::Restart => return self.race(),
            C::Bigger => self.big = Some(true),
            C::Smaller => self.big = Some(false),
            C::Help => self.help = true,
            C::Forget if typed.is_some_and(|typed| typed.is_empty()) => {
                return self.say(Tone::Plain, "q quits.");
            }
            C::Forget => {}
            C::Quit => return LiveRequest::Quit,
            C::Interrupt => return LiveRequest::Interrupt,
            C::Suspend => return LiveRequest::Suspend,
        }
        LiveRequest::Nothing
    }

    /// Races with the plan as it is now.
    fn race(&mut self) -> LiveRequest {
        self.paused = false;
        self.reading = LiveReading::Nothing;
        LiveRequest::Race
    }

    /// Chooses a line of the list.
    pub fn choose(&mut self, at: usize) -> LiveRequest {
        let at = at.min(self.items.len() - 1);
        if at == self.at {
            return LiveRequest::Nothing;
        }
        let knobs = self.plan.knobs();
        let knob = knobs[self.knob];
        self.at = at;
        self.plan.subject = match self.looked.get(&at) {
            // A program keeps the parameters that it had.
            Some(looked) => looked.plan.subject.clone(),
            None => self.items[at].subject.clone(),
        };
        self.adapt();
        // The same knob, if there is one.
        let place = self.plan.knobs().iter().position(|other| *other == knob);
        self.knob = place.unwrap_or(0);
        self.typed.clear();
        if let Err(error) = self.plan.counting() {
            self.say(Tone::Lost, error.to_string());
        }
        self.race()
    }

    /// Goes to the first line of the next theme, or of this one or the one before.
    fn theme(&mut self, next: bool) -> LiveRequest {
        let starts = (0..self.items.len())
            .filter(|&at| at == 0 || self.items[at].theme != self.items[at - 1].theme);
        let mut starts: Vec<usize> = starts.collect();
        if next {
            starts.retain(|&start| start > self.at);
            return self.choose(starts.first().copied().unwrap_or(usize::MAX));
        }
        starts.retain(|&start| start < self.at);
        self.choose(starts.last().copied().unwrap_or(0))
    }

    /// Chooses a knob.
    pub fn choose_knob(&mut self, knob: usize) {
        self.typed.clear();
        self.knob = knob.min(self.plan.knobs().len() - 1);
    }

    /// Turns the chosen knob.
    fn turn(&mut self, up: bool) -> LiveRequest {
        let knob = self.plan.knobs()[self.knob];
        let before = self.plan.value(knob);
        match self.plan.turn(knob, up) {
            Err(error) => self.say(Tone::Lost, error.to_string()),
            Ok(()) if self.plan.value(knob) == before => {
                let (name, end) = (self.plan.name(knob), if up { "highest" } else { "lowest" });
                self.say(Tone::Plain, format!("{name} is at its {end}."))
            }
            Ok(()) => self.race(),
        }
    }

    fn digit(&mut self, digit: usize) -> LiveRequest {
        const MOST_DIGITS: usize = 19;
        if self.typed.len() < MOST_DIGITS {
            self.typed += &digit.to_string();
        }
        let name = self.plan.name(self.plan.knobs()[self.knob]);
        let typed = &self.typed;
        self.say(
            Tone::Strong,
            format!("{name} {typed}: Enter sets it, Esc does not."),
        )
    }

    /// Sets the chosen knob to what was typed.
    fn accept(&mut self) -> LiveRequest {
        let knob = self.plan.knobs()[self.knob];
        let typed = std::mem::take(&mut self.typed);
        let number = typed.parse().unwrap_or(u64::MAX);
        match self.plan.set(knob, number) {
            Err(error) => self.say(Tone::Lost, error.to_string()),
            Ok(()) => self.race(),
        }
    }
}
