//! The screen of `step`, on which a person is the scheduler.
//!
//! [`App`] is the state of the screen and what keys make of it. [`draw`] shows it on any terminal,
//! [`play()`] runs it on the real one.

mod app;
mod autoplay;
mod info;
mod keys;
mod overlay;
mod panel;
mod play;
mod terminal;
mod theme;
mod token;
mod words;

pub use app::{App, AppRequest};
pub use info::{GameInfo, PuzzleInfo};
pub use keys::{Binding, Command, KEYS, KeyPattern, OVERLAY_KEYS, OverlayCommand, command};
pub use overlay::{Choice, Menu, Overlay};
pub use panel::draw;
pub use play::{ExitReason, Host, click, play};
pub use terminal::{Screen, leave};
pub use theme::ScreenTheme;
