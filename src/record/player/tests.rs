use super::*;
use crate::language::{SourceFile, in_gallery, read};
use crate::model::{Completion, Schedule, ScheduleRun};

fn subject(name: &'static str, text: &str) -> Subject {
    let race = read(SourceFile::new(name, text.to_string()), &[], None).unwrap();
    Subject::of_race(name, &[], race)
}

fn of_gallery(name: &'static str) -> Subject {
    subject(name, in_gallery(name).unwrap().text)
}

/// Returns the player of one schedule of a subject.
fn played(subject: &Subject, token: &str) -> PlayerRecord {
    let system = subject.system().unwrap();
    let schedule: Schedule = token.parse().unwrap();
    let mut builder = PlayerBuilder::new(subject, &system, 1).unwrap();
    let source = || schedule.segments().iter();
    assert!(
        builder
            .schedule(String::new(), token.into(), source)
            .unwrap()
    );
    builder.finish()
}

/// Returns the state after some steps of the only schedule.
fn after(record: &PlayerRecord, steps: usize) -> StateWord {
    let mut word = record.start.clone();
    for step in &record.schedules[0].steps[..steps] {
        word.0[0] = step.4;
        for changed in &step.5 {
            word.0[changed.0 + 1] = changed.1;
        }
    }
    word
}

#[test]
fn the_steps_lead_to_the_states_of_the_machine() {
    let subject = of_gallery("two-locks");
    let system = subject.system().unwrap();
    let record = played(&subject, "A,B");
    let schedule: Schedule = "A,B".parse().unwrap();
    let mut run = ScheduleRun::new(&system, schedule.segments().iter(), Completion::Serial);
    let mut machines = vec![run.machine().clone()];
    run.finish(&mut |_, machine| machines.push(machine.clone()))
        .unwrap();
    for (steps, machine) in machines.iter().enumerate() {
        let word = after(&record, steps);
        let shared = &record.shared[word.0[0] as usize];
        let values = system
            .named_variables()
            .map(|(_, v)| machine.variable(v).cast_signed());
        assert_eq!(shared.0, values.collect::<Vec<_>>());
        for thread in 0..system.threads() {
            let view = &record.views[word.0[thread + 1] as usize];
            assert_eq!(view.0, machine.at(thread));
        }
    }
    let end = &record.ends[record.schedules[0].end];
    assert_eq!((end.text.as_str(), end.correct), ("deadlock", Some(false)));
}

#[test]
fn a_long_move_is_one_entry_and_no_step_is_lost() {
    let text = "shared counter = 0\nthreads 2 {\n    repeat 10000 {\n        counter += 1\n    }\n}\n\
                expect counter == 20000\n";
    let record = played(&subject("long", text), "A,B19998,A,B,A-,B-");
    let steps = &record.schedules[0].steps;
    assert_eq!(steps.iter().map(|step| step.1).sum::<u64>(), 40_000);
    assert!(steps.len() < 100, "{}", steps.len());
    assert_eq!(record.ends[record.schedules[0].end].text, "counter = 2");
    let overwritten: u64 = steps.iter().map(|step| step.3).sum();
    assert_eq!(overwritten, 9_999 + 9_999);
}

#[test]
fn every_state_of_the_table_leads_to_states_of_the_table() {
    let subject = of_gallery("lost-update");
    let system = subject.system().unwrap();
    let mut builder = PlayerBuilder::new(&subject, &system, 0).unwrap();
    builder.states(1).unwrap();
    let record = builder.finish();
    let table = record.states.unwrap();
    assert_eq!(table.states[0].0, record.start);
    let goal = table.goal.unwrap();
    assert_eq!(goal.par, Some(2));
    for state in &table.states {
        let chances = &table.chances[state.1 as usize];
        assert_eq!(chances.iter().map(|chance| chance.1).sum::<u64>(), 10_000);
        let mut moves = state.2.iter();
        while let Some(&next) = moves.next() {
            if next >= 0 {
                assert!(usize::try_from(next).unwrap() < table.states.len());
                let event = usize::try_from(*moves.next().unwrap()).unwrap();
                assert!(event < record.events.len());
            }
        }
    }
}

#[test]
fn a_large_system_has_no_table() {
    let text = "shared x = 0\nthreads 4 {\n    repeat 50 {\n        x += 1\n    }\n}\n";
    let subject = subject("large", text);
    let system = subject.system().unwrap();
    let mut builder = PlayerBuilder::new(&subject, &system, 0).unwrap();
    assert_eq!(builder.states(1), Err(TooManyStates));
}
