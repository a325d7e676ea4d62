//! The keys: two tables that define the behaviour, the help screen and the footer.
//!
//! The letters a to e name threads and all others name commands, so that the two never clash. Threads
//! beyond E are reached by digits, or selected with the arrows.

use ratatui::crossterm::event::KeyCode::{
    self, Backspace, Down, End, Enter, Esc, F, Home, Left, PageDown, PageUp, Right, Tab, Up,
};
use ratatui::crossterm::event::{KeyEvent, KeyModifiers};

use self::KeyPattern::{Ctrl, Digit, Key, Letter};
/// A command to the game.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table below says what each does")]
pub enum Command {
    Step,
    Run,
    Deliver,
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

impl Command {
    /// Returns whether it leaves the screen, at least for a while.
    pub(super) fn leaves(self) -> bool {
        matches!(self, Self::Quit | Self::Interrupt | Self::Suspend)
    }
}

/// A command to an overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table below says what each does")]
pub enum OverlayCommand {
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

impl OverlayCommand {
    /// Returns the line that the command goes to from a line, as if there were no last one.
    pub(super) fn moved(self, line: usize) -> usize {
        const PAGE: usize = 10;
        match self {
            Self::Up => line.saturating_sub(1),
            Self::Down => line.saturating_add(1),
            Self::PageUp => line.saturating_sub(PAGE),
            Self::PageDown => line.saturating_add(PAGE),
            Self::First => 0,
            Self::Last => usize::MAX,
            _ => line,
        }
    }
}

/// One key, or one key for each thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the names of keys")]
pub enum KeyPattern {
    /// This key.
    Key(KeyCode),
    /// This letter with Ctrl.
    Ctrl(char),
    /// The letter of a thread: a to e, or A to E with shift.
    Letter { shift: bool },
    /// The number of a thread: 1 to 9, possibly with Alt.
    Digit { alt: bool },
    /// A digit of a number: 0 to 9.
    Number,
}

/// The number of threads that have a letter, and of those that have a digit.
pub(super) const LETTERS: usize = 5;
pub(super) const DIGITS: usize = 9;

impl KeyPattern {
    /// Returns whether the key matches, and if so the thread, or the digit, that it names.
    pub fn matches(self, key: &KeyEvent) -> Option<Option<usize>> {
        let nth = |first: char, count| {
            let typed = key.code.as_char()?;
            (first..).take(count).position(|letter| letter == typed)
        };
        let (thread, held) = match self {
            Self::Key(code) if code == key.code => (None, KeyModifiers::NONE),
            Self::Ctrl(letter) if key.code.is_char(letter) => (None, KeyModifiers::CONTROL),
            Self::Key(_) | Self::Ctrl(_) => return None,
            Self::Number => (Some(nth('0', 10)?), KeyModifiers::NONE),
            Self::Letter { shift: false } => (Some(nth('a', LETTERS)?), KeyModifiers::NONE),
            Self::Letter { shift: true } => (Some(nth('A', LETTERS)?), KeyModifiers::NONE),
            Self::Digit { alt: false } => (Some(nth('1', DIGITS)?), KeyModifiers::NONE),
            Self::Digit { alt: true } => (Some(nth('1', DIGITS)?), KeyModifiers::ALT),
        };
        (key.modifiers.difference(KeyModifiers::SHIFT) == held).then_some(thread)
    }

    /// Returns the name on a screen with `threads` threads: keys of other threads are left out.
    pub fn shown(self, threads: usize) -> String {
        let range = |first: char, most: usize| match (first..).nth(threads.min(most) - 1) {
            Some(last) if last != first => format!("{first}-{last}"),
            _ => first.to_string(),
        };
        match self {
            Self::Key(code) => code.to_string(),
            Self::Number => "0-9".into(),
            Self::Ctrl(letter) => format!("Ctrl-{}", letter.to_ascii_uppercase()),
            Self::Letter { shift: false } => range('a', LETTERS),
            Self::Letter { shift: true } => range('A', LETTERS),
            Self::Digit { alt: false } => range('1', DIGITS),
            Self::Digit { alt: true } => format!("Alt+{}", range('1', DIGITS)),
        }
    }
}

/// A line of a table.
#[derive(Debug)]
pub struct Binding<C: 'static> {
    /// The keys.
    pub keys: &'static [KeyPattern],
    /// The command that they give.
    pub command: C,
    /// A word for the footer; empty if the footer leaves the keys out.
    pub brief: &'static str,
    /// A line for the help screen.
    pub help: &'static str,
}

impl<C> Binding<C> {
    /// Returns the names of its keys.
    pub fn shown(&self, threads: usize) -> String {
        let names = self.keys.iter().map(|key| key.shown(threads));
        names.collect::<Vec<_>>().join(" ")
    }
}

pub(super) const fn key(letter: char) -> KeyPattern {
    Key(KeyCode::Char(letter))
}

pub(super) const fn bind<C>(
    keys: &'static [KeyPattern],
    command: C,
    brief: &'static str,
    help: &'static str,
) -> Binding<C> {
    Binding {
        keys,
        command,
        brief,
        help,
    }
}

const THREAD: &[KeyPattern] = &[Letter { shift: false }, Digit { alt: false }];
const SHIFTED: &[KeyPattern] = &[Letter { shift: true }, Digit { alt: true }];

/// The keys of the game.
#[rustfmt::skip]
pub static KEYS: &[Binding<Command>] = &[
    bind(THREAD, Command::Step, "step", "one step: a or 1 is A, b or 2 is B, ..."),
    bind(SHIFTED, Command::Run, "", "run to the end, or until blocked"),
    bind(&[Key(Left)], Command::ChooseLeft, "", "select the previous thread"),
    bind(&[Key(Right), Key(Tab)], Command::ChooseRight, "", "select the next thread"),
    bind(&[Key(Down), key(' ')], Command::Step, "", "one step of the selected thread"),
    bind(&[Key(End), key('-')], Command::Run, "", "run the selected thread"),
    bind(&[key('v')], Command::Deliver, "deliver", "the selected thread's store buffer delivers"),
    bind(&[key('u'), Key(Up), Key(Backspace)], Command::Undo, "undo", "undo the last key"),
    bind(&[key('U')], Command::Redo, "", "redo"),
    bind(&[key('r')], Command::Restart, "restart", "restart; U redoes key by key"),
    bind(&[key('g')], Command::Goal, "goal", "choose a goal"),
    bind(&[key('h')], Command::Hint, "hint", "a hint (at most two stars then)"),
    bind(&[key('t')], Command::Token, "token", "show your schedule as a token and commands"),
    bind(&[key('f')], Command::Force, "force", "force your schedule on real threads"),
    bind(&[key('p')], Command::Play, "play", "play by itself (no stars then)"),
    bind(&[key('x')], Command::Fold, "fold", "fold or unfold increments"),
    bind(&[key('i')], Command::About, "", "about this program"),
    bind(&[key('n')], Command::Next, "", "the next puzzle"),
    bind(&[key('?'), Key(F(1))], Command::Help, "help", "this help"),
    bind(&[key('q')], Command::Quit, "quit", "quit, and print the token"),
    #[cfg(unix)]
    bind(&[Ctrl('z')], Command::Suspend, "", "suspend; 'fg' returns"),
    bind(&[Ctrl('c')], Command::Interrupt, "", "quit at once"),
];

/// The keys of menus and messages.
#[rustfmt::skip]
pub static OVERLAY_KEYS: &[Binding<OverlayCommand>] = &[
    bind(&[Key(Up), key('k')], OverlayCommand::Up, "or Down: move", "the line above"),
    bind(&[Key(Down), key('j')], OverlayCommand::Down, "", "the line below"),
    bind(&[Key(PageUp)], OverlayCommand::PageUp, "", "ten lines up"),
    bind(&[Key(PageDown)], OverlayCommand::PageDown, "", "ten lines down"),
    bind(&[Key(Home)], OverlayCommand::First, "", "the first line"),
    bind(&[Key(End)], OverlayCommand::Last, "", "the last line"),
    bind(&[key('n')], OverlayCommand::Next, "next", "the next puzzle"),
    bind(&[Key(Enter), key(' ')], OverlayCommand::Accept, "choose", "choose it; else close"),
    bind(&[Key(Esc), key('q')], OverlayCommand::Close, "close", "close"),
    #[cfg(unix)]
    bind(&[Ctrl('z')], OverlayCommand::Suspend, "", "back to the shell for a while"),
    bind(&[Ctrl('c')], OverlayCommand::Interrupt, "", "quit at once"),
];

/// Returns the command that a table has for a key, and the thread that the key names.
pub fn command<C: Copy>(table: &[Binding<C>], key: &KeyEvent) -> Option<(C, Option<usize>)> {
    table.iter().find_map(|binding| {
        let thread = binding.keys.iter().find_map(|known| known.matches(key))?;
        Some((binding.command, thread))
    })
}
