//! The panels of the live screen, one file each.

mod areas;
mod costs;
mod knobs;
mod list;
mod outcomes;
mod runs;
mod totals;
mod view;

pub(super) use areas::Areas;
pub use view::draw;
pub(super) use view::report_width;
