//! The terminal: how wide it is, what it can show, and the progress line.

mod bars;
mod live;
mod margin;
mod palette;
mod progress;
mod screen;
mod searching;

pub use live::{LiveDisplay, LiveState, live_line};
pub use palette::{Palette, Tone};
pub use progress::{Goal, ProgressLine, ProgressObserver};
pub use screen::{Page, Signs, cut, padded, takes_colours, width};
pub use searching::Searching;
