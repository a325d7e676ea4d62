//! The screen of `step`, on which a person is the scheduler.
//!
//! [`App`] is the state of the screen and the effect of keys, which the tables in [`KEYS`] and
//! [`OVERLAY_KEYS`] define. [`draw`] shows it on any terminal, one in memory included, and [`play()`]
//! runs it on the real one. The screen starts no threads: it asks its [`Host`] to force schedules and
//! to save scores.
//!
//! `benches/step.rs` measures the time from a key to the screen. On 2 cores, with a goal to judge
//! each step by, 99% of keys take at most 3 ms at 2 x 10 and 2 ms at 3 x 4. After half a million
//! steps at 2 x 1,000,000 every key takes at most 5 ms. Only growing or dropping the table of states
//! takes longer, up to 0.2 s, and happens once.

mod app;
mod autoplay;
mod boxes;
mod info;
mod keys;
pub mod live;
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
