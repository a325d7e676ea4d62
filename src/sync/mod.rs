//! The primitives of the lesson, used by the program itself.
