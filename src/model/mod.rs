//! The register machine: programs, states, schedules, and the census of them all.
