//! The lines that herd prints of a litmus test, for scripts that compare them.

use std::fmt::Write as _;
use std::time::Duration;

use crate::record::{CensusRecord, Observation};

/// Returns the lines of the test of which a census was taken. The witnesses are final states, where herd
/// counts its executions. Empty for any other program.
pub fn lines(record: &CensusRecord) -> String {
    let Some(condition) = &record.condition else {
        return String::new();
    };
    let states = record.states_seen();
    let name = &condition.test;
    let mut text = format!(
        "Test {name} {}\nStates {}\n",
        condition.expectation(),
        states.len()
    );
    for state in states {
        let values = condition.places.iter().zip(state).map(|(place, value)| {
            // Locations stand in brackets, but for elements of arrays.
            if place.contains([':', '[']) {
                format!("{place}={value};")
            } else {
                format!("[{place}]={value};")
            }
        });
        let values: Vec<_> = values.collect();
        let _ = writeln!(text, "{}", values.join(" "));
    }
    let verdict = if condition.holds == Some(true) {
        "Ok"
    } else {
        "No"
    };
    let observation = match condition.observation() {
        Observation::Never => "Never",
        Observation::Sometimes => "Sometimes",
        Observation::Always => "Always",
    };
    let (positive, negative) = (condition.positive, condition.negative);
    let seconds = Duration::from_nanos(record.elapsed_ns).as_secs_f64();
    let _ = write!(
        text,
        "{verdict}\nWitnesses\nPositive: {positive} Negative: {negative}\n\
         Condition {} ({})\nObservation {name} {observation} {positive} {negative}\n\
         Time {name} {seconds:.2}\n\n",
        condition.quantifier, condition.text
    );
    text
}
