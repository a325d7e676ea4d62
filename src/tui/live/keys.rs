//! The keys of the live screen: one table that defines the behaviour, the help and the footer.

use ratatui::crossterm::event::KeyCode::{
    BackTab, Backspace, Down, End, Enter, Esc, F, Home, Left, PageDown, PageUp, Right, Tab, Up,
};

use super::super::keys::KeyPattern::{Ctrl, Key, Number};
use super::super::keys::{Binding, bind, key};

/// A command to the live screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table below says what each does")]
pub enum LiveCommand {
    Previous,
    Next,
    PreviousTheme,
    NextTheme,
    First,
    Last,
    NextKnob,
    PreviousKnob,
    Lower,
    Raise,
    Digit,
    Erase,
    Forget,
    Freeze,
    Trace,
    Step,
    Explain,
    Compare,
    Write,
    Pause,
    Restart,
    Bigger,
    Smaller,
    Help,
    Quit,
    Suspend,
    Interrupt,
}

impl LiveCommand {
    /// Returns whether it leaves the screen, at least for a while.
    pub(super) fn leaves(self) -> bool {
        matches!(self, Self::Quit | Self::Interrupt | Self::Suspend)
    }
}

/// The keys of the live screen.
#[rustfmt::skip]
pub static LIVE_KEYS: &[Binding<LiveCommand>] = &[
    bind(&[Key(Up), key('k')], LiveCommand::Previous, "", "the strategy or program above"),
    bind(&[Key(Down), key('j')], LiveCommand::Next, "next", "the strategy or program below"),
    bind(&[Key(PageUp)], LiveCommand::PreviousTheme, "", "the theme above"),
    bind(&[Key(PageDown)], LiveCommand::NextTheme, "", "the theme below"),
    bind(&[Key(Home)], LiveCommand::First, "", "the first strategy"),
    bind(&[Key(End)], LiveCommand::Last, "", "the last program"),
    bind(&[Key(Tab)], LiveCommand::NextKnob, "knob", "choose the next knob"),
    bind(&[Key(BackTab)], LiveCommand::PreviousKnob, "", "choose the previous knob"),
    bind(&[Key(Right), key('l')], LiveCommand::Raise, "raise", "turn the chosen knob up"),
    bind(&[Key(Left), key('h')], LiveCommand::Lower, "lower", "turn the chosen knob down"),
    bind(&[Number], LiveCommand::Digit, "", "type a number for the chosen knob; Enter sets it"),
    bind(&[Key(Backspace)], LiveCommand::Erase, "", "erase the last digit"),
    bind(&[Key(Esc)], LiveCommand::Forget, "", "forget the digits"),
    bind(&[Key(Enter)], LiveCommand::Freeze, "freeze", "freeze, and explain a lost update"),
    bind(&[key('s')], LiveCommand::Step, "step", "play this race step by step"),
    bind(&[key('c')], LiveCommand::Compare, "compare", "compare all strategies at this size"),
    bind(&[key('e')], LiveCommand::Explain, "explain", "explain the strategy or program"),
    bind(&[key('t')], LiveCommand::Trace, "", "trace another run that loses updates"),
    bind(&[key('w')], LiveCommand::Write, "", "show the command line"),
    bind(&[key('p'), key(' ')], LiveCommand::Pause, "pause", "pause, or go on"),
    bind(&[key('r')], LiveCommand::Restart, "", "start again"),
    bind(&[key('+'), key('=')], LiveCommand::Bigger, "", "big digits"),
    bind(&[key('-')], LiveCommand::Smaller, "", "small digits"),
    bind(&[key('?'), Key(F(1))], LiveCommand::Help, "help", "this help"),
    bind(&[key('q')], LiveCommand::Quit, "quit", "quit, and print what was seen"),
    #[cfg(unix)]
    bind(&[Ctrl('z')], LiveCommand::Suspend, "", "back to the shell for a while; 'fg' returns"),
    bind(&[Ctrl('c')], LiveCommand::Interrupt, "", "quit at once"),
];
