//! All integration tests in one crate: one module a capability.

mod model;
