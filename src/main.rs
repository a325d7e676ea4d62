//! The `miscount` command.

fn main() {}
