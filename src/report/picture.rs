//! A traced run as a picture for slides.
use super::trace::{Explained, Trace};
/// The background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}
/// The picture, as SVG.
pub fn picture(_record: &Trace, _run: &Explained, _theme: Theme) -> String {
    String::new()
}
