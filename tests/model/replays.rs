//! Forcing a schedule: what is seen step by step, and what is said of a segment that can't be.

use miscount::model::{
    Completion, Effect, Ending, Lockstep, Machine, Move, PlanError, Random, Schedule, ScheduleRun,
    System, replay,
};

use super::programs::{mutex_per_op, rwlock_split, unsynced};

fn token(text: &str) -> Schedule {
    text.parse().unwrap()
}

fn error(system: &System, text: &str, completion: Completion) -> PlanError {
    replay(system, &token(text), completion).unwrap_err()
}

#[test]
fn each_step_is_seen_with_its_values() {
    let system = unsynced(2, 1).unwrap();
    let schedule = token("A,B-,A-");
    let mut plan = ScheduleRun::new(&system, schedule.segments().iter(), Completion::Strict);
    let mut seen = Vec::new();
    let mut observer = |step: &miscount::model::Step, machine: &Machine<'_>| {
        let text = system.text(step.actor.thread(), step.at).unwrap();
        seen.push((
            step.actor.thread(),
            text,
            step.effect,
            machine.total(),
            step.done,
        ));
    };
    assert_eq!(plan.finish(&mut observer), Ok(Ending::Total(1)));
    assert_eq!(
        (plan.steps(), plan.switches(), plan.completed_steps()),
        (4, 2, 0)
    );
    let Some((0, text, Effect::Read { variable, value: 0 }, 0, false)) = seen.first().cloned()
    else {
        panic!("{seen:?}");
    };
    assert_eq!(text, "seen = load counter");
    let wrote = |before| Effect::Wrote {
        variable,
        before,
        after: 1,
    };
    let store = || "store counter, seen".to_owned();
    let read = Effect::Read { variable, value: 0 };
    assert_eq!(
        seen[1..],
        [
            (1, "seen = load counter".to_owned(), read, 0, false),
            (1, store(), wrote(0), 1, true),
            // The step that overwrites: it found 1, which the thread had never seen.
            (0, store(), wrote(1), 1, true),
        ]
    );
}

#[test]
fn moves_say_how_many_steps_each_segment_takes() {
    let system = unsynced(2, 5).unwrap();
    let schedule = token("A,B8,A,B,A-,B-");
    let plan = ScheduleRun::new(&system, schedule.segments().iter(), Completion::Strict);
    let moves: Vec<Move> = plan.map(Result::unwrap).collect();
    let expected = [(0, 1), (1, 8), (0, 1), (1, 1), (0, 8), (1, 1)];
    let all = expected.map(|(thread, steps)| Move {
        actor: thread.into(),
        steps,
        completing: false,
    });
    assert_eq!(moves, all);
}

#[test]
fn switches_are_counted_between_threads_not_moves() {
    let system = unsynced(3, 6).unwrap();
    for seed in 0..20 {
        let mut plan = ScheduleRun::new(&system, Random::new(seed), Completion::Strict);
        let schedule = plan.collect_schedule(usize::MAX).unwrap().unwrap();
        assert_eq!(plan.switches(), schedule.switches() as u64);
        assert_eq!(plan.steps(), 36);
    }
}

#[test]
fn a_schedule_too_long_to_collect_is_not() {
    let system = unsynced(2, 3).unwrap();
    let collect = |most| {
        let mut plan = ScheduleRun::new(&system, Lockstep::default(), Completion::Strict);
        plan.collect_schedule(most).unwrap()
    };
    assert_eq!(collect(11), None);
    assert_eq!(
        collect(12).unwrap().to_string(),
        "A,B,A,B,A,B,A,B,A,B,A-,B-"
    );
}

#[test]
fn a_schedule_that_ends_early_is_completed_or_refused() {
    let system = unsynced(3, 1).unwrap();
    let schedule = token("B,A2");
    let mut plan = ScheduleRun::new(&system, schedule.segments().iter(), Completion::Serial);
    let moves: Vec<Move> = plan.by_ref().map(Result::unwrap).collect();
    let of = |m: &Move| (m.actor.thread(), m.steps, m.completing);
    let moves: Vec<_> = moves.iter().map(of).collect();
    assert_eq!(
        moves,
        [(1, 1, false), (0, 2, false), (1, 1, true), (2, 2, true)]
    );
    assert_eq!(plan.completed_steps(), 3);
    assert_eq!(plan.machine().ending(), Some(Ending::Total(2)));
    assert_eq!(
        error(&system, "B,A2", Completion::Strict).to_string(),
        "the schedule ends before B, C are done; add B-"
    );
    assert_eq!(
        error(&system, "A-,B-,C", Completion::Strict).to_string(),
        "the schedule ends before C is done; add C-"
    );
    // Nothing left to do is no early end, even of an empty schedule.
    let nothing = unsynced(2, 0).unwrap();
    assert_eq!(
        replay(&nothing, &token(""), Completion::Strict),
        Ok(Ending::Total(0))
    );
}

#[test]
fn a_segment_that_cannot_be_done_is_named() {
    let unsynced = unsynced(2, 2).unwrap();
    let mutex = mutex_per_op(2, 1).unwrap();
    let split = rwlock_split(2, 1).unwrap();
    let one = mutex_per_op(1, 1).unwrap();
    for (system, text, message) in [
        (&unsynced, "A,C", "segment 2 ('C'): the last thread is B"),
        (&one, "B-", "segment 1 ('B-'): the only thread is A"),
        (
            &unsynced,
            "A5",
            "segment 1 ('A5'): A is done after 4 of these steps; write A-",
        ),
        (&unsynced, "A-,B,A3", "segment 3 ('A3'): A is already done"),
        (&unsynced, "A-,B,A-", "segment 3 ('A-'): A is already done"),
        (
            &unsynced,
            "A18446744073709551615",
            "segment 1 ('A18446744073709551615'): A is done after 4 of these steps; write A-",
        ),
        (
            &mutex,
            "A,B2",
            "segment 2 ('B2'): B is blocked: it waits for lock `mutex`, held by A",
        ),
        (
            &mutex,
            "A3,B-",
            "segment 2 ('B-'): B is blocked: it waits for lock `mutex`, held by A",
        ),
        (
            &split,
            "A2,B4",
            "segment 2 ('B4'): B is blocked after 3 of these steps: it waits for lock `rwlock`, \
             held by A; write B3 to stop there",
        ),
        (
            &split,
            "A2,B-",
            "segment 2 ('B-'): B is blocked after 3 of these steps: it waits for lock `rwlock`, \
             held by A; write B3 to stop there",
        ),
    ] {
        for completion in [Completion::Strict, Completion::Serial] {
            assert_eq!(error(system, text, completion).to_string(), message);
        }
    }
}

#[test]
fn after_an_error_a_plan_is_over() {
    let system = unsynced(2, 1).unwrap();
    let schedule = token("A9,B-");
    let mut plan = ScheduleRun::new(&system, schedule.segments().iter(), Completion::Serial);
    assert!(plan.next().unwrap().is_err());
    assert!(plan.next().is_none());
}

#[test]
fn long_schedules_cost_no_memory_of_their_own() {
    // A count far beyond any memory, and a run of a million steps, at once.
    let system = unsynced(2, 250_000).unwrap();
    let ending = replay(&system, &token("A,B-,A-"), Completion::Strict);
    assert_eq!(ending, Ok(Ending::Total(250_000)));
}
