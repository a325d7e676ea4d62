//! What the parts of the program promise, seen from outside: one file a capability.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "helpers of tests may do what tests may"
)]

mod awaiting;
mod bad_input;
mod bounds;
mod compare;
mod context;
mod counting;
mod doctor;
mod documents;
mod exact;
#[cfg(unix)]
mod examples;
mod explain;
mod explore;
mod first_minutes;
mod fuzz;
#[cfg(unix)]
mod interruption;
mod language;
mod layering;
mod litmus;
#[cfg(unix)]
mod live;
#[cfg(target_os = "linux")]
mod memory;
mod model;
mod pages;
#[cfg(unix)]
mod pipes;
#[cfg(unix)]
mod playing;
#[cfg(unix)]
mod progress;
mod race;
mod repeat;
mod replay;
mod report;
mod requests;
mod round_trips;
mod run;
#[cfg(unix)]
mod scripting;
mod shell;
#[cfg(unix)]
mod show;
#[cfg(unix)]
mod step;
mod subject;
mod support;
mod tour;
mod trace;
mod waitgroup;
