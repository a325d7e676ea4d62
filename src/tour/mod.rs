//! The tour: the whole lesson, chapter by chapter. First predict, then see, then understand.
//!
//! A new chapter is one new file in `chapters/` and one line in its list. A chapter is data: its
//! words, a question, the commands of this program that answer it, and functions that read the answer
//! and the reasons from the records of these commands.
//!
//! The tour starts no threads: its caller provides the [`Experiments`], which carry out the commands,
//! and a [`Visitor`], a person or a file, who predicts. If writing fails, the [`Guide`] returns the
//! part of the tour before that, so that it can still be saved.

mod chapter;
mod chapters;
mod guide;
mod lesson;
mod question;
mod records;
mod talk;
mod verdict;
mod visitor;

pub use chapter::{Chapter, Experiments, Seen};
pub use chapters::{ALL, find};
pub use guide::Guide;
pub use lesson::lesson;
pub use question::{Form, Grade, Question, Scale};
pub use records::Records;
pub use visitor::{Reply, Visitor};
