//! The tour: its chapters, its questions, and what is kept of the answers.

mod chapters;
mod program;
mod walk;
