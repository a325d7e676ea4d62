//! The keys: two tables, from which the program, the help screen and the footer are made.
//!
//! Threads have the letters a to e, commands the others, so that the two never clash. Threads
//! beyond E are reached by digits, or chosen with the arrows.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::model::Label;

/// What a key does in the game.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table below says what each does")]
pub enum Command {
    Step,
    Run,
    ChooseLeft,
    ChooseRight,
    Undo,
    Redo,
    Restart,
    Fold,
    Hint,
    Goal,
    Play,
    Token,
    Force,
    About,
    Next,
    Help,
    Quit,
    Suspend,
    Interrupt,
}

/// What a key does where something lies over the game.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table below says what each does")]
pub enum Answer {
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
    Next,
    Accept,
    Close,
    Suspend,
    Interrupt,
}

/// One key, or keys that name threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// This key.
    Key(KeyCode),
    /// This letter, with Ctrl.
    Ctrl(char),
    /// The letter of a thread, a to e; with shift, A to E.
    Letter {
        /// With shift.
        shift: bool,
    },
    /// The number of a thread, 1 to 9; or with Alt.
    Digit {
        /// With Alt.
        alt: bool,
    },
}

/// Threads that have a letter, and those that have a digit.
pub(super) const LETTERS: usize = 5;
pub(super) const DIGITS: usize = 9;

impl Stroke {
    /// Whether this is the key; and the thread that it names.
    pub fn matches(self, key: &KeyEvent) -> Option<Option<usize>> {
        let held = key.modifiers.difference(KeyModifiers::SHIFT);
        match (self, key.code) {
            (Self::Key(code), typed) => (code == typed && held.is_empty()).then_some(None),
            (Self::Ctrl(letter), KeyCode::Char(typed)) => {
                (letter == typed && held == KeyModifiers::CONTROL).then_some(None)
            }
            (Self::Letter { shift }, KeyCode::Char(typed)) => {
                let first = if shift { 'A' } else { 'a' };
                let named = offset(typed, first, LETTERS);
                named.filter(|_| held.is_empty()).map(Some)
            }
            (Self::Digit { alt }, KeyCode::Char(typed)) => {
                let wanted = if alt {
                    KeyModifiers::ALT
                } else {
                    KeyModifiers::NONE
                };
                let named = offset(typed, '1', DIGITS);
                named.filter(|_| held == wanted).map(Some)
            }
            _ => None,
        }
    }

    /// What it is called where there are so many threads: only keys of threads that are there.
    pub fn shown(self, threads: usize) -> String {
        let range = |first: String, last: String| {
            if first == last {
                first
            } else {
                format!("{first}-{last}")
            }
        };
        match self {
            Self::Key(code) => code.to_string(),
            Self::Ctrl(letter) => format!("Ctrl-{}", letter.to_ascii_uppercase()),
            Self::Letter { shift } => {
                let name = |thread| match (shift, Label(thread).to_string()) {
                    (true, name) => name,
                    (false, name) => name.to_lowercase(),
                };
                range(name(0), name(threads.min(LETTERS) - 1))
            }
            Self::Digit { alt } => {
                let before = if alt { "Alt+" } else { "" };
                before.to_owned() + &range("1".into(), threads.min(DIGITS).to_string())
            }
        }
    }
}

/// How far a character is behind the first of so many.
fn offset(typed: char, first: char, many: usize) -> Option<usize> {
    let offset = (typed as usize).checked_sub(first as usize)?;
    (offset < many).then_some(offset)
}

/// A line of a table.
#[derive(Debug)]
pub struct Binding<C: 'static> {
    /// The keys.
    pub strokes: &'static [Stroke],
    /// What they do,
    pub command: C,
    /// in words, for the help screen,
    pub help: &'static str,
    /// and in a word for the footer; empty where there is no room for it.
    pub brief: &'static str,
}

impl<C> Binding<C> {
    /// What its keys are called.
    pub fn shown(&self, threads: usize) -> String {
        let names = self.strokes.iter().map(|stroke| stroke.shown(threads));
        names.collect::<Vec<_>>().join(" ")
    }
}

const fn key(letter: char) -> Stroke {
    Stroke::Key(KeyCode::Char(letter))
}

const fn bind<C>(
    strokes: &'static [Stroke],
    command: C,
    help: &'static str,
    brief: &'static str,
) -> Binding<C> {
    Binding {
        strokes,
        command,
        help,
        brief,
    }
}

/// In the game.
pub static KEYS: &[Binding<Command>] = &[
    bind(
        &[
            Stroke::Letter { shift: false },
            Stroke::Digit { alt: false },
        ],
        Command::Step,
        "that thread takes a step: a or 1 is A, b or 2 is B, ...",
        "step",
    ),
    bind(
        &[Stroke::Letter { shift: true }, Stroke::Digit { alt: true }],
        Command::Run,
        "that thread runs to its end, or until it is blocked",
        "",
    ),
    bind(
        &[Stroke::Key(KeyCode::Left)],
        Command::ChooseLeft,
        "choose the previous thread",
        "",
    ),
    bind(
        &[Stroke::Key(KeyCode::Right), Stroke::Key(KeyCode::Tab)],
        Command::ChooseRight,
        "choose the next thread",
        "",
    ),
    bind(
        &[Stroke::Key(KeyCode::Down), key(' ')],
        Command::Step,
        "the chosen thread takes a step",
        "",
    ),
    bind(
        &[Stroke::Key(KeyCode::End), key('-')],
        Command::Run,
        "the chosen thread runs to its end",
        "",
    ),
    bind(
        &[
            key('u'),
            Stroke::Key(KeyCode::Up),
            Stroke::Key(KeyCode::Backspace),
        ],
        Command::Undo,
        "undo what the last key did, as often as you like",
        "undo",
    ),
    bind(&[key('U')], Command::Redo, "redo what was undone", ""),
    bind(
        &[key('r')],
        Command::Restart,
        "back to the start; U brings it back, key by key",
        "restart",
    ),
    bind(
        &[key('x')],
        Command::Fold,
        "fold each increment into one step, or unfold it",
        "fold",
    ),
    bind(&[key('g')], Command::Goal, "choose a goal", "goal"),
    bind(
        &[key('h')],
        Command::Hint,
        "a hint towards the goal; two stars are the most then",
        "hint",
    ),
    bind(
        &[key('p')],
        Command::Play,
        "play the rest by itself (which counts as a hint)",
        "play",
    ),
    bind(
        &[key('t')],
        Command::Token,
        "what was played, as a token and as commands",
        "token",
    ),
    bind(
        &[key('f')],
        Command::Force,
        "force what was played on real threads, and compare",
        "force",
    ),
    bind(&[key('i')], Command::About, "what this is about", ""),
    bind(&[key('n')], Command::Next, "the next puzzle", ""),
    bind(
        &[key('?'), Stroke::Key(KeyCode::F(1))],
        Command::Help,
        "this help",
        "help",
    ),
    bind(
        &[key('q')],
        Command::Quit,
        "quit, and print the token",
        "quit",
    ),
    bind(
        &[Stroke::Ctrl('z')],
        Command::Suspend,
        "back to the shell for a while; 'fg' returns",
        "",
    ),
    bind(&[Stroke::Ctrl('c')], Command::Interrupt, "quit at once", ""),
];

/// In menus and messages.
pub static MENU_KEYS: &[Binding<Answer>] = &[
    bind(
        &[Stroke::Key(KeyCode::Up), key('k')],
        Answer::Up,
        "the line above",
        "up",
    ),
    bind(
        &[Stroke::Key(KeyCode::Down), key('j')],
        Answer::Down,
        "the line below",
        "down",
    ),
    bind(
        &[Stroke::Key(KeyCode::PageUp)],
        Answer::PageUp,
        "ten lines up",
        "",
    ),
    bind(
        &[Stroke::Key(KeyCode::PageDown)],
        Answer::PageDown,
        "ten lines down",
        "",
    ),
    bind(
        &[Stroke::Key(KeyCode::Home)],
        Answer::First,
        "the first line",
        "",
    ),
    bind(
        &[Stroke::Key(KeyCode::End)],
        Answer::Last,
        "the last line",
        "",
    ),
    bind(&[key('n')], Answer::Next, "the next puzzle", "next"),
    bind(
        &[Stroke::Key(KeyCode::Enter), key(' ')],
        Answer::Accept,
        "take it",
        "go on",
    ),
    bind(
        &[Stroke::Key(KeyCode::Esc), key('q')],
        Answer::Close,
        "close",
        "close",
    ),
    bind(
        &[Stroke::Ctrl('z')],
        Answer::Suspend,
        "back to the shell for a while",
        "",
    ),
    bind(&[Stroke::Ctrl('c')], Answer::Interrupt, "quit at once", ""),
];

/// What a key does by this table, and the thread that it names.
pub fn command<C: Copy>(table: &[Binding<C>], key: &KeyEvent) -> Option<(C, Option<usize>)> {
    table.iter().find_map(|binding| {
        let mut strokes = binding.strokes.iter();
        let thread = strokes.find_map(|stroke| stroke.matches(key))?;
        Some((binding.command, thread))
    })
}
