//! Locks, waiting and deadlocks.

use miscount::model::{
    Ending, LockId, Machine, Mode, Options, Program, ProgramBuilder, Relation, Status, System,
    Wait, census,
};

fn two_locks(name: &str, first: LockId, second: LockId) -> Program {
    let mut program = ProgramBuilder::new(name);
    program
        .lock(first)
        .lock(second)
        .unlock(second)
        .unlock(first);
    program.build().unwrap()
}

/// Two threads that take two locks in opposite orders.
fn crossed() -> System {
    let mut system = System::builder();
    let (left, right) = (system.mutex("left"), system.mutex("right"));
    system.thread(&two_locks("left first", left, right));
    system.thread(&two_locks("right first", right, left));
    system.build().unwrap()
}

/// Three threads, two of them alike; between them a circle of waiting is possible.
fn crowd() -> System {
    let mut system = System::builder();
    let total = system.variable("total", 10);
    let (left, right) = (system.mutex("left"), system.rwlock("right"));
    let mut reader = ProgramBuilder::new("reader");
    let seen = reader.register("seen");
    reader.read_lock(right).lock(left).load(seen, total);
    reader.add(seen, seen, 1).store(total, seen);
    reader.unlock(left).read_unlock(right);
    let reader = reader.build().unwrap();
    system.thread(&reader);
    system.thread(&two_locks("writer", left, right));
    system.thread(&reader);
    system.total(total);
    system.build().unwrap()
}

/// One thread waits for what the other sets; a swap and a wait for "at least" are in it too.
fn handshake() -> System {
    let mut system = System::builder();
    let (flag, data, out) = (
        system.variable("flag", 0),
        system.variable("data", 0),
        system.variable("out", 0),
    );
    let mut producer = ProgramBuilder::new("producer");
    let old = producer.register("old");
    producer.store(data, 5).swap(old, flag, 2).store(data, 9);
    let mut consumer = ProgramBuilder::new("consumer");
    let seen = consumer.register("seen");
    consumer.wait_until(seen, flag, Relation::AtLeast, 1);
    consumer.load(seen, data).store(out, seen);
    system.thread(&producer.build().unwrap());
    system.thread(&consumer.build().unwrap());
    system.total(out);
    system.build().unwrap()
}

/// A thread that waits for what nobody will do.
fn hopeless() -> System {
    let mut system = System::builder();
    let flag = system.variable("flag", 0);
    let mut program = ProgramBuilder::new("hopeless");
    let seen = program.register("seen");
    program.wait_until(seen, flag, Relation::NotEqual, 0);
    system.thread(&program.build().unwrap());
    system.build().unwrap()
}

/// A transfer between two accounts, and an audit that may see it half done.
fn bank() -> System {
    let mut system = System::builder();
    let (from, to) = (system.variable("from", 10), system.variable("to", 0));
    let sum = system.variable("sum", 0);
    let mut transfer = ProgramBuilder::new("transfer");
    let money = transfer.register("money");
    transfer
        .load(money, from)
        .subtract(money, money, 4)
        .store(from, money);
    transfer
        .load(money, to)
        .add(money, money, 4)
        .store(to, money);
    let mut audit = ProgramBuilder::new("audit");
    let (one, other) = (audit.register("one"), audit.register("other"));
    audit
        .load(one, from)
        .load(other, to)
        .add(one, one, other)
        .store(sum, one);
    system.thread(&transfer.build().unwrap());
    system.thread(&audit.build().unwrap());
    system.total(sum);
    system.build().unwrap()
}

/// The first witness in order is longer than the other one with as few switches.
fn longer_but_first() -> System {
    let mut system = System::builder();
    let flag = system.variable("flag", 0);
    let mut setter = ProgramBuilder::new("setter");
    setter.store(flag, 1);
    let mut looker = ProgramBuilder::new("looker");
    let (seen, end) = (looker.register("seen"), looker.mark());
    looker.load(seen, flag);
    looker.jump_if(seen, Relation::Equal, 0, end);
    looker.load(seen, flag).load(seen, flag);
    looker.place(end);
    system.thread(&setter.build().unwrap());
    system.thread(&looker.build().unwrap());
    system.build().unwrap()
}

/// Two pairs of interchangeable threads, in the order given.
fn pairs(order: [bool; 4]) -> System {
    let mut system = System::builder();
    let counter = system.variable("counter", 0);
    let program = |name: &str, by: u64| {
        let mut program = ProgramBuilder::new(name);
        let seen = program.register("seen");
        program
            .load(seen, counter)
            .add(seen, seen, by)
            .store(counter, seen);
        program.build().unwrap()
    };
    let (one, two) = (program("one", 1), program("two", 2));
    for first in order {
        system.thread(if first { &one } else { &two });
    }
    system.total(counter);
    system.build().unwrap()
}

pub(crate) fn systems() -> Vec<(&'static str, System)> {
    vec![
        ("crossed", crossed()),
        ("crowd", crowd()),
        ("handshake", handshake()),
        ("hopeless", hopeless()),
        ("bank", bank()),
        ("longer but first", longer_but_first()),
        ("pairs", pairs([true, true, false, false])),
        ("mixed pairs", pairs([true, false, false, true])),
    ]
}

/// Peterson's algorithm, waiting busily: each thread reads two variables in turn until one of
/// them lets it in.
fn peterson() -> System {
    let mut system = System::builder();
    let wants = [system.variable("wants A", 0), system.variable("wants B", 0)];
    let (turn, counter) = (system.variable("turn", 0), system.variable("counter", 0));
    for me in 0..2_usize {
        let other = 1 - me;
        let mut program = ProgramBuilder::new(format!("peterson {me}"));
        let seen = program.register("seen");
        let (again, enter) = (program.mark(), program.mark());
        program.store(wants[me], 1).store(turn, other as u64);
        program.place(again);
        program.load(seen, wants[other]);
        program.jump_if(seen, Relation::Equal, 0, enter);
        program.load(seen, turn);
        program.jump_if(seen, Relation::NotEqual, me as u64, again);
        program.place(enter);
        program
            .load(seen, counter)
            .add(seen, seen, 1)
            .store(counter, seen);
        program.store(wants[me], 0);
        system.thread(&program.build().unwrap());
    }
    system.total(counter);
    system.build().unwrap()
}

#[test]
fn a_deadlock_is_found_with_its_schedule() {
    let system = crossed();
    let found = census(&system, &Options::default()).unwrap();
    let (done, stuck) = (&found.outcomes[0], &found.outcomes[1]);
    assert_eq!(done.end, Ending::Total(0));
    let Wait::Lock { lock: left, .. } = (match Machine::new(&system).step(0) {
        Ok(_) => {
            let mut machine = Machine::new(&system);
            machine.step(0).unwrap();
            machine.step(1).unwrap();
            let Status::Blocked(wait) = machine.status(1) else {
                panic!("B should wait");
            };
            wait
        }
        Err(status) => panic!("{status:?}"),
    }) else {
        panic!("B should wait for a lock");
    };
    assert_eq!(system.locks()[left.index()], "left");
    assert_eq!(stuck.witness.as_ref().unwrap().to_string(), "A,B");
    assert_eq!(stuck.switches, Some(1));
    let Ending::Deadlock(blocked) = &stuck.end else {
        panic!("{stuck:?}");
    };
    let waits_for = |&(thread, wait): &(usize, Wait)| {
        let mut machine = Machine::new(&system);
        machine.step(0).unwrap();
        machine.step(1).unwrap();
        (thread, machine.describe(wait))
    };
    let waits: Vec<_> = blocked.iter().map(waits_for).collect();
    assert_eq!(waits[0], (0, "lock `right`, held by B".to_owned()));
    assert_eq!(waits[1], (1, "lock `left`, held by A".to_owned()));
    // Of all schedules, those that let both take their first lock: A,B and B,A.
    assert_eq!(stuck.schedules, 2_u8.into());
    assert!((stuck.fair_share.unwrap() - 0.5).abs() < 1e-12);
}

#[test]
fn without_witnesses_a_deadlock_still_names_threads_of_the_right_program() {
    let options = Options {
        witnesses: false,
        ..Options::default()
    };
    let system = crowd();
    let with = census(&system, &Options::default()).unwrap();
    let without = census(&system, &options).unwrap();
    let mut deadlocks = 0;
    for (one, other) in with.outcomes.iter().zip(&without.outcomes) {
        assert_eq!((&other.witness, other.switches), (&None, None));
        let programs = |end: &Ending| match end {
            Ending::Deadlock(blocked) => {
                let mut all: Vec<_> = blocked
                    .iter()
                    .map(|&(thread, wait)| (system.program_index(thread), wait))
                    .collect();
                all.sort_unstable();
                let mut threads: Vec<_> = blocked.iter().map(|&(thread, _)| thread).collect();
                threads.dedup();
                assert_eq!(threads.len(), blocked.len());
                all
            }
            _ => Vec::new(),
        };
        assert_eq!(programs(&one.end), programs(&other.end));
        deadlocks += usize::from(matches!(one.end, Ending::Deadlock(_)));
    }
    assert!(deadlocks > 0);
}

#[test]
fn readers_share_and_a_writer_waits_for_all_of_them() {
    let mut builder = System::builder();
    let lock = builder.rwlock("lock");
    let mut reader = ProgramBuilder::new("reader");
    reader.read_lock(lock).read_unlock(lock);
    let mut writer = ProgramBuilder::new("writer");
    writer.lock(lock).unlock(lock);
    let reader = reader.build().unwrap();
    builder
        .thread(&reader)
        .thread(&reader)
        .thread(&writer.build().unwrap());
    let system = builder.build().unwrap();
    let mut machine = Machine::new(&system);
    machine.step(0).unwrap();
    machine.step(1).unwrap();
    assert_eq!(
        machine.holders(lock),
        [(0, Mode::Shared), (1, Mode::Shared)]
    );
    let wait = Wait::Lock {
        lock,
        mode: Mode::Exclusive,
    };
    assert_eq!(machine.status(2), Status::Blocked(wait));
    assert_eq!(machine.step(2), Err(Status::Blocked(wait)));
    machine.step(0).unwrap();
    assert_eq!(machine.status(0), Status::Done);
    assert_eq!(machine.status(2), Status::Blocked(wait));
    machine.step(1).unwrap();
    assert_eq!(machine.status(2), Status::Ready);
    machine.step(2).unwrap();
    assert_eq!(machine.holders(lock), [(2, Mode::Exclusive)]);
}

#[test]
fn a_thread_that_waits_for_itself_is_a_deadlock() {
    let mut system = System::builder();
    let mutex = system.mutex("mutex");
    let mut program = ProgramBuilder::new("twice");
    program.lock(mutex).lock(mutex).unlock(mutex);
    system.thread(&program.build().unwrap());
    let found = census(&system.build().unwrap(), &Options::default()).unwrap();
    assert!(matches!(found.outcomes[0].end, Ending::Deadlock(_)));
    assert_eq!(found.outcomes.len(), 1);
    assert_eq!(found.outcomes[0].witness.as_ref().unwrap().to_string(), "A");
}

#[test]
fn threads_are_folded_wherever_they_stand() {
    let states = |order| {
        let found = census(&pairs(order), &Options::default()).unwrap();
        found.states
    };
    let neighbours = states([true, true, false, false]);
    assert_eq!(states([true, false, true, false]), neighbours);
    assert_eq!(states([false, true, true, false]), neighbours);
}

#[test]
fn the_handshake_is_seen_before_or_after_the_last_store_only() {
    let found = census(&handshake(), &Options::default()).unwrap();
    assert_eq!(found.totals().collect::<Vec<_>>(), [5, 9]);
}

#[test]
fn the_audit_sees_the_money_at_three_places() {
    let found = census(&bank(), &Options::default()).unwrap();
    assert_eq!(found.totals().collect::<Vec<_>>(), [6, 10, 14]);
}

#[test]
fn spinning_threads_have_chances_instead_of_a_number_of_schedules() {
    let found = census(&peterson(), &Options::default()).unwrap();
    assert!(found.is_endless);
    assert_eq!(found.totals().collect::<Vec<_>>(), [2]);
    assert_eq!(found.outcomes[0].fair_share, Some(1.0));
    // A thread that spins is let in as soon as the other has moved on.
    assert_eq!(found.circle, None);
}

#[test]
fn retrying_is_not_mistaken_for_spinning() {
    // Long enough for the check to be made: more than 32 layers.
    let system = super::programs::compare_exchange(2, 9).unwrap();
    assert!(!system.program(0).certainly_ends());
    let found = census(&system, &Options::default()).unwrap();
    assert!(found.layers > 40);
    assert_eq!(found.totals().collect::<Vec<_>>(), [18]);
}
