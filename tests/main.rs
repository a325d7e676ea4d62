//! What the parts of the program promise, seen from outside: one file a capability.

mod context;
