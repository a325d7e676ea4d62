//! The formats: one file each. Text, Markdown and HTML are made of a document, JSON and CSV of a record.

mod csv;
mod format;
mod herd;
mod html;
mod items;
mod json;
mod markdown;
mod stream;
mod text;

pub use csv::rows as csv;
pub use format::{Format, Lines};
pub use herd::lines as herd;
pub use items::{ItemStream, repeat_stream, requests_stream, waitgroup_stream};
pub use stream::CountingStream;
pub use text::{Shot, blocks, document, hang, shots, wrap};
