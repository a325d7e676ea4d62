//! Programs and systems that make no sense are refused, and instructions read well.

use miscount::model::{
    Ending, Failure, Fault, LockId, Machine, ModelError, Names, Operand, Program, ProgramBuilder,
    Reg, Relation, System,
};

use super::programs::unsynced;

fn register() -> Reg {
    ProgramBuilder::new("other").register("other")
}

fn message(result: Result<Program, ModelError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn a_loop_without_a_step_fails_if_it_goes_on() {
    let counting = alone(|program, _, _| {
        let (top, r) = (program.mark(), program.register("r"));
        program
            .place(top)
            .add(r, r, 1)
            .jump_if(r, Relation::Less, 10, top);
    });
    assert_eq!(counting, Some(Ending::Total(0)));
    let spinning = alone(|program, _, _| {
        let here = program.mark();
        program.place(here).jump(here);
    });
    let fault = Fault::Endless;
    assert_eq!(spinning, Some(Ending::Failed(0, Failure { at: 0, fault })));
}

#[test]
fn jumps_and_registers_must_exist() {
    let mut program = ProgramBuilder::new("jump");
    let nowhere = program.mark();
    program.jump(nowhere);
    assert_eq!(
        message(program.build()),
        "jump: instruction 0 jumps to a mark that was never placed"
    );
    let mut program = ProgramBuilder::new("register");
    program.set(register(), 1);
    assert_eq!(
        message(program.build()),
        "register: instruction 0 uses an undeclared register"
    );
    let past = miscount::model::Instruction::Jump { target: 2 };
    let program = Program::new("past", Vec::new(), vec![past]);
    assert_eq!(message(program), "past: instruction 0 jumps past the end");
    let mut program = ProgramBuilder::new("many");
    for index in 0..65 {
        program.register(index.to_string());
    }
    assert_eq!(
        message(program.build()),
        "at most 64 registers in a program are possible"
    );
}

/// Returns how a single thread ends that runs this program, with a mutex and a read-write lock.
fn alone(write: impl FnOnce(&mut ProgramBuilder, LockId, LockId)) -> Option<Ending> {
    let mut system = System::builder();
    let (mutex, rwlock) = (system.mutex("mutex"), system.rwlock("rwlock"));
    let mut program = ProgramBuilder::new("p");
    write(&mut program, mutex, rwlock);
    system.thread(&program.build().unwrap());
    let system = system.build().unwrap();
    let mut machine = Machine::new(&system);
    while machine.step(0).is_ok() {}
    machine.ending()
}

#[test]
fn locks_are_released_by_those_who_hold_them() {
    let not_held = |at| {
        let fault = Fault::NotHeld;
        Some(Ending::Failed(0, Failure { at, fault }))
    };
    assert_eq!(alone(|p, mutex, _| _ = p.unlock(mutex)), not_held(0));
    assert_eq!(
        alone(|p, _, rwlock| _ = p.read_lock(rwlock).unlock(rwlock)),
        not_held(1)
    );
    assert_eq!(
        alone(|p, _, rwlock| _ = p.lock(rwlock).read_unlock(rwlock)),
        not_held(1)
    );
    // Read sides can be held several times; a mutex or a write side can't.
    let twice = alone(|p, _, rwlock| {
        p.read_lock(rwlock)
            .read_lock(rwlock)
            .read_unlock(rwlock)
            .read_unlock(rwlock);
    });
    assert_eq!(twice, Some(Ending::Total(0)));
    let locked = alone(|p, mutex, _| _ = p.lock(mutex).lock(mutex));
    assert!(matches!(locked, Some(Ending::Deadlock(_))));
    let both = alone(|p, _, rwlock| _ = p.read_lock(rwlock).lock(rwlock));
    assert!(matches!(both, Some(Ending::Deadlock(_))));
}

#[test]
fn only_read_write_locks_have_a_read_side() {
    let mut system = System::builder();
    let mutex = system.mutex("mutex");
    let mut program = ProgramBuilder::new("p");
    program.read_lock(mutex);
    system.thread(&program.build().unwrap());
    assert_eq!(
        system.build().unwrap_err().to_string(),
        "p: instruction 0 read-locks a mutex"
    );
}

#[test]
fn systems_declare_what_programs_touch() {
    assert_eq!(
        System::builder().build().unwrap_err(),
        ModelError::NoThreads
    );
    let mut other = System::builder();
    let (variable, lock) = (other.variable("v", 0), other.mutex("m"));

    let mut program = ProgramBuilder::new("p");
    program.store(variable, 1);
    let mut system = System::builder();
    system.thread(&program.build().unwrap());
    let error = system.build().unwrap_err().to_string();
    assert_eq!(error, "p: instruction 0 uses an undeclared variable");

    let mut program = ProgramBuilder::new("p");
    program.lock(lock);
    let mut system = System::builder();
    system.thread(&program.build().unwrap());
    let error = system.build().unwrap_err().to_string();
    assert_eq!(error, "p: instruction 0 uses an undeclared lock");

    let mut system = System::builder();
    system
        .thread(&ProgramBuilder::new("p").build().unwrap())
        .total(variable);
    assert!(system.build().is_err());
}

#[test]
fn whether_a_thread_must_end_is_seen_from_its_loops() {
    let build = |body: fn(&mut ProgramBuilder, Reg, miscount::model::Var)| {
        let mut system = System::builder();
        let flag = system.variable("flag", 0);
        let mut program = ProgramBuilder::new("p");
        let register = program.register("r");
        body(&mut program, register, flag);
        program.build().unwrap().certainly_ends()
    };
    assert!(build(|p, r, v| {
        p.repeat(r, 5, |p| {
            p.store(v, 1);
        });
    }));
    // Nested loops, each with a counter of its own.
    assert!(build(|p, r, v| {
        let inner = p.register("inner");
        p.repeat(r, 5, |p| {
            p.repeat(inner, 3, |p| {
                p.store(v, 1);
            });
        });
    }));
    // As often as a register says, which may be never.
    assert!(build(|p, r, v| {
        let times = p.register("times");
        p.set(times, 3).repeat(r, times, |p| {
            p.store(v, 1);
        });
    }));
    // Counted up and down again, or by nothing, or by so much that it wraps round at once.
    assert!(!build(|p, r, v| {
        let top = p.mark();
        p.place(top)
            .store(v, 1)
            .add(r, r, 1)
            .subtract(r, r, 1)
            .jump(top);
    }));
    assert!(!build(|p, r, v| {
        let top = p.mark();
        p.place(top).store(v, 1).add(r, r, 0).jump(top);
    }));
    assert!(!build(|p, r, v| {
        let top = p.mark();
        p.place(top).store(v, 1).add(r, r, 1_u64 << 63).jump(top);
    }));
    assert!(!build(|p, r, v| {
        let top = p.mark();
        p.place(top).load(r, v).jump_if(r, Relation::Equal, 0, top);
    }));
}

#[test]
fn instructions_read_well() {
    let system = unsynced(2, 3).unwrap();
    let listing: Vec<String> = (0..).map_while(|at| system.text(0, at)).collect();
    assert_eq!(
        listing,
        [
            "left = 3",
            "seen = load counter",
            "seen = seen + 1",
            "store counter, seen",
            "left = left - 1",
            "jump 1 if left != 0",
        ]
    );
    let mut system = System::builder();
    let (v, m, l) = (
        system.variable("v", 0),
        system.mutex("m"),
        system.rwlock("l"),
    );
    let mut program = ProgramBuilder::new("all");
    let r = program.register("r");
    program
        .fetch_add(r, v, 2)
        .swap(r, v, r)
        .compare_exchange(r, v, 1, Operand::Reg(r));
    program
        .wait_until(r, v, Relation::AtLeast, 3)
        .wait_exchange(v, 0, 1);
    program
        .increment(r, v)
        .lock(m)
        .unlock(m)
        .read_lock(l)
        .read_unlock(l);
    let end = program.mark();
    program.place(end).subtract(r, 7, r);
    let program = program.build().unwrap();
    system.thread(&program);
    let system = system.build().unwrap();
    let listing: Vec<String> = (0..).map_while(|at| system.text(0, at)).collect();
    assert_eq!(
        listing,
        [
            "r = fetch_add v, 2",
            "r = swap v, r",
            "r = compare_exchange v, 1, r",
            "r = await v >= 3",
            "await v == 0, then store 1",
            "inc v (its load)",
            "inc v (its store)",
            "lock m",
            "unlock m",
            "read-lock l",
            "read-unlock l",
            "r = 7 - r",
        ]
    );
    // Without names, indices.
    let text = program.code()[0].text(&Names::default());
    assert_eq!(text, "r0 = fetch_add v0, 2");
}
