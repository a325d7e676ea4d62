//! What the model leaves out, each point of `docs/model.md` with its test.

use miscount::language::{self, SourceFile};
use miscount::model::{Machine, MemoryModel, Options, ProgramBuilder, Status, System, census};

use super::programs::{compare_exchange, sharded, spinlock, unsynced, unsynced_single_instruction};

/// Store buffering: each thread sets its own flag, then reads the other's. Real processors can
/// let both read 0; a machine of one memory and one step at a time cannot.
#[test]
fn weak_memory_orders() {
    let mut system = System::builder();
    let (x, y) = (system.variable("x", 0), system.variable("y", 0));
    let sum = system.variable("sum", 0);
    for (mine, other) in [(x, y), (y, x)] {
        let mut program = ProgramBuilder::new("store buffering");
        let (seen, old) = (program.register("seen"), program.register("old"));
        program
            .store(mine, 1)
            .load(seen, other)
            .fetch_add(old, sum, seen);
        system.thread(&program.build().unwrap());
    }
    system.total(sum);
    let found = census(&system.build().unwrap(), &Options::default()).unwrap();
    assert_eq!(found.totals().collect::<Vec<_>>(), [1, 2]);
}

/// Of the two accesses of a thread to different variables only a store and a later load change places,
/// and only with store buffers: stores are delivered in order, and loads read at once. ARM also
/// reorders two stores (2+2W), two loads (MP) and a load with a later store (LB).
#[test]
fn only_a_store_and_a_later_load_change_places() {
    for (code, is_wrong, tso) in [
        (
            "x = 1\n local r = y|y = 1\n local r = x",
            "A.r == 0 && B.r == 0",
            true,
        ),
        (
            "x = 1\n y = 1|local s = y\n local r = x",
            "B.s == 1 && B.r == 0",
            false,
        ),
        (
            "local r = x\n y = 1|local r = y\n x = 1",
            "A.r == 1 && B.r == 1",
            false,
        ),
        ("x = 1\n y = 2|y = 1\n x = 2", "x == 1 && y == 1", false),
    ] {
        let threads: String = code
            .split('|')
            .map(|code| format!("thread {{ {code} }}\n"))
            .collect();
        let text = format!("shared x, y\n{threads}sometimes {is_wrong}");
        let race = language::read(SourceFile::new("two.race", &*text), &[], None).unwrap();
        for (memory, possible) in [(MemoryModel::Sc, false), (MemoryModel::Tso, tso)] {
            let found = census(&race.system.clone().under(memory), &Options::default()).unwrap();
            let verdict = race.verdict(&race.program.claims[0], &found);
            assert_eq!(verdict.holds, Some(possible), "{text}, {memory}");
        }
    }
}

/// A compare-exchange fails only if the value differs: alone, it never does.
#[test]
fn spurious_failures() {
    let found = census(&compare_exchange(1, 5).unwrap(), &Options::default()).unwrap();
    assert_eq!(found.schedules, 1_u8.into());
    assert_eq!(found.layers, 10, "a load and one try for each increment");
}

/// A thread that waits takes no step until what it waits for has come: no spurious wake-ups, and
/// no steps spent on spinning.
#[test]
fn spurious_wake_ups_and_spinning() {
    let system = spinlock(2, 1).unwrap();
    let mut machine = Machine::new(&system);
    machine.step(0).unwrap();
    let before = machine.clone();
    assert!(matches!(machine.step(1), Err(Status::Blocked(_))));
    assert_eq!(machine, before);
    // One order of the threads or the other, and nothing else.
    let found = census(&system, &Options::default()).unwrap();
    assert_eq!(found.schedules, 2_u8.into());
}

/// No scheduler is presumed: a thread may be kept waiting for as long as another can move, and a
/// lock is given to whoever steps first, in no order of arrival.
#[test]
fn fairness() {
    let mut builder = System::builder();
    let lock = builder.rwlock("lock");
    let mut reader = ProgramBuilder::new("reader");
    let left = reader.register("left");
    reader.repeat(left, 50, |body| {
        body.read_lock(lock).read_unlock(lock);
    });
    let mut writer = ProgramBuilder::new("writer");
    writer.lock(lock).unlock(lock);
    let reader = reader.build().unwrap();
    builder
        .thread(&reader)
        .thread(&reader)
        .thread(&writer.build().unwrap());
    let system = builder.build().unwrap();
    let mut machine = Machine::new(&system);
    // The readers hand the lock to each other; the writer waits all the while.
    machine.step(0).unwrap();
    for _ in 0..49 {
        machine.step(1).unwrap();
        assert!(matches!(machine.status(2), Status::Blocked(_)));
        machine.step(0).unwrap();
        machine.step(0).unwrap();
        machine.step(1).unwrap();
    }
    assert!(matches!(machine.status(2), Status::Blocked(_)));
}

/// What writers can end with they can end with also while somebody reads, and with nothing else.
#[test]
fn readers_change_no_total() {
    for split in [false, true] {
        let totals = |readers: usize| {
            let mut system = System::builder();
            let (counter, lock) = (system.variable("counter", 0), system.rwlock("lock"));
            let mut writer = ProgramBuilder::new("writer");
            let (left, seen) = (writer.register("left"), writer.register("seen"));
            writer.repeat(left, 2, |body| {
                if split {
                    body.read_lock(lock).load(seen, counter).read_unlock(lock);
                    body.add(seen, seen, 1).lock(lock);
                } else {
                    body.lock(lock).load(seen, counter).add(seen, seen, 1);
                }
                body.store(counter, seen).unlock(lock);
            });
            let mut reader = ProgramBuilder::new("reader");
            let (left, seen) = (reader.register("left"), reader.register("seen"));
            reader.repeat(left, 2, |body| {
                body.read_lock(lock).load(seen, counter).read_unlock(lock);
            });
            let (writer, reader) = (writer.build().unwrap(), reader.build().unwrap());
            system.thread(&writer).thread(&writer);
            for _ in 0..readers {
                system.thread(&reader);
            }
            system.total(counter);
            let found = census(&system.build().unwrap(), &Options::default()).unwrap();
            found.totals().collect::<Vec<_>>()
        };
        assert_eq!(totals(0), if split { vec![2, 3, 4] } else { vec![4] });
        assert_eq!(totals(2), totals(0));
    }
}

/// A single instruction is two steps: true of two cores, not of one, where no interrupt can come
/// between its halves.
#[test]
fn the_number_of_cores() {
    let one = census(
        &unsynced_single_instruction(2, 3).unwrap(),
        &Options::default(),
    )
    .unwrap();
    let two = census(&unsynced(2, 3).unwrap(), &Options::default()).unwrap();
    assert_eq!(one, two);
}

/// Interchangeable are threads with equal programs; threads that are alike only up to renaming
/// their variables are counted one by one.
#[test]
fn symmetry_of_variables() {
    let states = |family: fn(usize, u64) -> Result<System, miscount::error::Error>| {
        census(&family(3, 2).unwrap(), &Options::default())
            .unwrap()
            .states
    };
    // Each of three threads at one of five places.
    assert_eq!(states(sharded), 125);
}

/// Numbers are of 64 bits and wrap round.
#[test]
fn overflow() {
    let mut system = System::builder();
    let v = system.variable("v", u64::MAX);
    let mut program = ProgramBuilder::new("wrap");
    let old = program.register("old");
    program.fetch_add(old, v, 2);
    system.thread(&program.build().unwrap());
    system.total(v);
    let found = census(&system.build().unwrap(), &Options::default()).unwrap();
    assert_eq!(found.totals().collect::<Vec<_>>(), [1]);
}
