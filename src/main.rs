//! The command line of the race-condition laboratory.

fn main() {}
