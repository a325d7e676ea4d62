//! What a program means once names are resolved.
