//! The terminal: its width, what it can show, and progress on standard error.

mod display;
mod live;
mod margin;
mod palette;
mod progress;
mod screen;
mod searching;
mod status;

pub use display::LiveDisplay;
pub use live::{LiveState, live_line};
pub use palette::{Palette, Tone};
pub use progress::{ProgressGoal, ProgressLine, ProgressObserver};
pub use screen::{Page, Signs, cut, padded, takes_colours, width};
pub use searching::Searching;
