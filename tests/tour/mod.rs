//! The tour: its chapters, its questions, and what is kept of the answers.

mod answers;
mod chapters;
mod program;
mod records;
#[cfg(unix)]
mod terminal;
mod walk;
