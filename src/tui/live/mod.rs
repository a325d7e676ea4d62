//! The screen of `live`, on which a race never stops.
//!
//! [`LiveApp`] is the state of the screen and the effect of the keys in [`LIVE_KEYS`]. [`draw`] shows
//! it, and [`race`] runs it on the real terminal, at most [`FRAMES`] times a second. The screen
//! neither races nor starts threads: it asks its [`LiveHost`], and looks at the latest reading.

mod app;
mod digits;
mod keys;
mod panel;
mod play;
mod reports;
mod words;

pub use app::{LiveApp, LiveItem, LiveRequest, Looked};
pub use keys::{LIVE_KEYS, LiveCommand};
pub use panel::draw;
pub use play::{FRAMES, LiveExit, LiveHost, click, race};
pub use reports::LiveReport;
pub use words::summary;
