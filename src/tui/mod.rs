//! The step-through screen: a person is the scheduler.
//!
//! [`Game`] is what is played, [`App`] what the keys make of it; neither draws. [`draw`] shows an
//! app on any terminal, [`play()`] runs it on the real one.

mod answers;
mod app;
mod areas;
mod auto;
mod fold;
mod game;
mod judge;
mod keys;
mod look;
mod menu;
mod panel;
mod play;
mod played;
mod position;
mod rule;
mod sample;
mod solver;
mod state;
mod terminal;
mod token;
mod words;

pub use app::App;
pub use auto::{Auto, Policy};
pub use fold::{Fold, increments};
pub use game::{Game, MOST_STEPS, Reach};
pub use judge::Standing;
pub use keys::{Answer, Binding, Command, KEYS, MENU_KEYS, Stroke, command};
pub use look::Look;
pub use menu::{Choice, Menu};
pub use panel::draw;
pub use play::{Backend, Left, click, play};
pub use sample::Sample;
pub use state::{About, AboutPuzzle, Action, Overlay};
pub use terminal::{Screen, leave};
