//! The panels, one file each.

mod areas;
mod bars;
mod ends;
mod history;
mod overlay;
mod shared;
mod threads;
mod totals;
mod view;

pub(super) use areas::Areas;
pub(super) use overlay::menu_line_at;
pub use view::draw;
