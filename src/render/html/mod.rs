//! A document as one HTML file that needs nothing else: no network, no font, no script from outside.
//!
//! The page has its style sheet in it (`page.css`), with a light and a dark set of colours; pictures are
//! inline SVG in the same colours. What is text in a document is text in the page: maud escapes it.

mod blocks;
mod frame;
mod player;
mod steps;
mod table;

pub(super) use frame::document;
