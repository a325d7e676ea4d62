//! The keys: one table, from which the program, the help screen and the footer are made.
//!
//! Threads have the letters a to e, commands the others, so that the two never clash. Threads
//! beyond E are reached by digits, or chosen with the arrows.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table below says what each does")]
pub enum Command {
    Step,
    Run,
    StepChosen,
    RunChosen,
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
    Up,
    Down,
    Accept,
    Close,
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
const LETTERS: usize = 5;
const DIGITS: usize = 9;

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
}

/// How far a character is behind the first of so many.
fn offset(typed: char, first: char, many: usize) -> Option<usize> {
    let offset = (typed as usize).checked_sub(first as usize)?;
    (offset < many).then_some(offset)
}

/// A line of the table.
#[derive(Debug)]
pub struct Binding {
    /// The keys.
    pub strokes: &'static [Stroke],
    /// How they are written.
    pub shown: &'static str,
    /// What they do,
    pub command: Command,
    /// in words, for the help screen,
    pub help: &'static str,
    /// and in a word for the footer; empty where there is no room for it.
    pub brief: &'static str,
}

const fn key(letter: char) -> Stroke {
    Stroke::Key(KeyCode::Char(letter))
}

/// Everywhere but in menus.
pub static KEYS: &[Binding] = &[
    Binding {
        strokes: &[
            Stroke::Letter { shift: false },
            Stroke::Digit { alt: false },
        ],
        shown: "a-e 1-9",
        command: Command::Step,
        help: "that thread takes a step: a or 1 is A, b or 2 is B, ...",
        brief: "step",
    },
    Binding {
        strokes: &[Stroke::Letter { shift: true }, Stroke::Digit { alt: true }],
        shown: "A-E Alt+1-9",
        command: Command::Run,
        help: "that thread runs to its end, or until it is blocked",
        brief: "",
    },
    Binding {
        strokes: &[Stroke::Key(KeyCode::Left)],
        shown: "Left",
        command: Command::ChooseLeft,
        help: "choose the thread before",
        brief: "",
    },
    Binding {
        strokes: &[Stroke::Key(KeyCode::Right), Stroke::Key(KeyCode::Tab)],
        shown: "Right Tab",
        command: Command::ChooseRight,
        help: "choose the thread behind",
        brief: "",
    },
    Binding {
        strokes: &[Stroke::Key(KeyCode::Down), key(' ')],
        shown: "Down Space",
        command: Command::StepChosen,
        help: "the chosen thread takes a step",
        brief: "",
    },
    Binding {
        strokes: &[Stroke::Key(KeyCode::End), key('-')],
        shown: "End -",
        command: Command::RunChosen,
        help: "the chosen thread runs to its end",
        brief: "",
    },
    Binding {
        strokes: &[
            key('u'),
            Stroke::Key(KeyCode::Up),
            Stroke::Key(KeyCode::Backspace),
        ],
        shown: "u Up",
        command: Command::Undo,
        help: "undo what the last key did, as often as you like",
        brief: "undo",
    },
    Binding {
        strokes: &[key('U')],
        shown: "U",
        command: Command::Redo,
        help: "redo what was undone",
        brief: "",
    },
    Binding {
        strokes: &[key('r')],
        shown: "r",
        command: Command::Restart,
        help: "back to the start; U brings it back, key by key",
        brief: "restart",
    },
    Binding {
        strokes: &[key('x')],
        shown: "x",
        command: Command::Fold,
        help: "fold each increment into one step, or show its machine steps",
        brief: "fold",
    },
    Binding {
        strokes: &[key('g')],
        shown: "g",
        command: Command::Goal,
        help: "choose a goal",
        brief: "goal",
    },
    Binding {
        strokes: &[key('h')],
        shown: "h",
        command: Command::Hint,
        help: "a hint towards the goal; two stars are the most then",
        brief: "hint",
    },
    Binding {
        strokes: &[key('p')],
        shown: "p",
        command: Command::Play,
        help: "play the rest by itself: fair, lockstep or worst",
        brief: "play",
    },
    Binding {
        strokes: &[key('t')],
        shown: "t",
        command: Command::Token,
        help: "what was played, as a token for 'miscount replay'",
        brief: "token",
    },
    Binding {
        strokes: &[key('f')],
        shown: "f",
        command: Command::Force,
        help: "force what was played on real threads, and compare",
        brief: "force",
    },
    Binding {
        strokes: &[key('i')],
        shown: "i",
        command: Command::About,
        help: "what this is about",
        brief: "",
    },
    Binding {
        strokes: &[key('n')],
        shown: "n",
        command: Command::Next,
        help: "the next puzzle",
        brief: "",
    },
    Binding {
        strokes: &[key('?'), Stroke::Key(KeyCode::F(1))],
        shown: "?",
        command: Command::Help,
        help: "this help",
        brief: "help",
    },
    Binding {
        strokes: &[key('q')],
        shown: "q",
        command: Command::Quit,
        help: "quit, and print the token",
        brief: "quit",
    },
    Binding {
        strokes: &[Stroke::Ctrl('z')],
        shown: "Ctrl-Z",
        command: Command::Suspend,
        help: "back to the shell for a while; 'fg' returns",
        brief: "",
    },
    Binding {
        strokes: &[Stroke::Ctrl('c')],
        shown: "Ctrl-C",
        command: Command::Interrupt,
        help: "quit at once",
        brief: "",
    },
];

/// In menus and messages.
pub static MENU_KEYS: &[Binding] = &[
    Binding {
        strokes: &[Stroke::Key(KeyCode::Up), key('k')],
        shown: "Up",
        command: Command::Up,
        help: "the line above",
        brief: "",
    },
    Binding {
        strokes: &[Stroke::Key(KeyCode::Down), key('j')],
        shown: "Down",
        command: Command::Down,
        help: "the line below",
        brief: "",
    },
    Binding {
        strokes: &[Stroke::Key(KeyCode::Enter), key(' ')],
        shown: "Enter",
        command: Command::Accept,
        help: "take it",
        brief: "go on",
    },
    Binding {
        strokes: &[Stroke::Key(KeyCode::Esc), key('q')],
        shown: "Esc",
        command: Command::Close,
        help: "close",
        brief: "close",
    },
    Binding {
        strokes: &[key('n')],
        shown: "n",
        command: Command::Next,
        help: "the next puzzle",
        brief: "",
    },
    Binding {
        strokes: &[Stroke::Ctrl('z')],
        shown: "Ctrl-Z",
        command: Command::Suspend,
        help: "back to the shell for a while",
        brief: "",
    },
    Binding {
        strokes: &[Stroke::Ctrl('c')],
        shown: "Ctrl-C",
        command: Command::Interrupt,
        help: "quit at once",
        brief: "",
    },
];

/// What a key does by this table, and the thread that it names.
pub fn command(table: &[Binding], key: &KeyEvent) -> Option<(Command, Option<usize>)> {
    table.iter().find_map(|binding| {
        let mut strokes = binding.strokes.iter();
        let thread = strokes.find_map(|stroke| stroke.matches(key))?;
        Some((binding.command, thread))
    })
}

/// What a command's keys are called in this table.
pub(super) fn shown(command: Command) -> &'static str {
    let all = KEYS.iter().chain(MENU_KEYS);
    let mut found = all.filter(|binding| binding.command == command);
    found.next().map_or("", |binding| binding.shown)
}
