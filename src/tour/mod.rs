//! The tour: the whole lesson, chapter by chapter. First predict, then see, then understand.
//!
//! A new chapter is one new file in `chapters/` and one line in its list.

mod chapter;
mod chapters;
mod guide;
mod question;
mod records;
mod verdict;
mod visitor;

pub use chapter::{Chapter, Experiments, Legend, Seen};
pub use chapters::{ALL, find};
pub use guide::Guide;
pub use question::{Answer, Form, Question};
pub use records::{Record, Records};
pub use visitor::{Reply, Visitor};
