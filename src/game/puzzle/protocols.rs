//! Puzzles of algorithms that do more than count: checking, publishing, mutual exclusion.

use super::Puzzle;
use crate::model::{Goal, ModelError, Program, ProgramBuilder, Relation, System, Var};

pub(super) static BANK: Puzzle = Puzzle {
    name: "bank",
    title: "Check, then act",
    story: "There are 100 in the account. Each thread pays out 80, but only if there are 80 left. \
            Make the bank pay out 160.",
    lesson: "What was checked was no longer so when it was acted upon. The check and the act \
             belong together: under one lock, or in one compare-exchange.",
    goal: Goal::Total(160),
    correct: Some(80),
    counts: false,
    build: || {
        let mut system = System::builder();
        let account = system.variable("account", 100);
        let paid = system.variable("paid", 0);
        let mut program = ProgramBuilder::new("pay out 80");
        let (seen, old) = (program.register("seen"), program.register("old"));
        let end = program.mark();
        program.load(seen, account);
        program.jump_if(seen, Relation::Less, 80, end);
        program.subtract(seen, seen, 80);
        program.store(account, seen);
        program.fetch_add(old, paid, 80);
        program.place(end);
        let program = program.build()?;
        system.thread(&program).thread(&program);
        system.total(paid);
        system.build()
    },
};

pub(super) static AUDIT: Puzzle = Puzzle {
    name: "audit",
    title: "The money that was nowhere",
    story: "A moves 4 from one account to the other; there are 10 in all. B adds the two accounts \
            up. Make B find only 6.",
    lesson: "Nothing was lost, and yet somebody saw it lost: B looked in the middle of A's \
             transfer. (B can also find 14: one account before it, the other after.) A lock around \
             the transfer alone would not help: whoever only reads needs it too.",
    goal: Goal::Total(6),
    correct: Some(10),
    counts: false,
    build: || {
        let mut system = System::builder();
        let (from, to) = (system.variable("from", 10), system.variable("to", 0));
        let sum = system.variable("sum", 0);
        let mut transfer = ProgramBuilder::new("transfer 4");
        let money = transfer.register("money");
        transfer.load(money, from).subtract(money, money, 4);
        transfer.store(from, money);
        transfer.load(money, to).add(money, money, 4);
        transfer.store(to, money);
        let mut audit = ProgramBuilder::new("audit");
        let (one, other) = (audit.register("one"), audit.register("other"));
        audit.load(one, from).load(other, to);
        audit.add(one, one, other).store(sum, one);
        system.thread(&transfer.build()?);
        system.thread(&audit.build()?);
        system.total(sum);
        system.build()
    },
};

pub(super) static RETRY: Puzzle = Puzzle {
    name: "retry",
    title: "A compare-exchange that fails",
    story: "Each thread adds 1 twice with compare-exchange: store only if the counter is \
            still what was loaded, else count a retry and try again. Nothing gets lost, but make \
            it 2 retries.",
    lesson: "Here every failure is owed to somebody else's success (a weak compare-exchange may \
             also fail for no reason): a thread can be unlucky, but all together always get on. \
             That is what lock-free means.",
    goal: Goal::Total(2),
    correct: None,
    counts: false,
    build: || {
        let mut system = System::builder();
        let (counter, retries) = (system.variable("counter", 0), system.variable("retries", 0));
        let mut program = ProgramBuilder::new("compare-exchange");
        let left = program.register("left");
        let (was, new) = (program.register("was"), program.register("new"));
        let (seen, old) = (program.register("seen"), program.register("old"));
        program.repeat(left, 2, |body| {
            let (retry, done) = (body.mark(), body.mark());
            body.place(retry).load(was, counter);
            body.add(new, was, 1);
            body.compare_exchange(seen, counter, was, new);
            body.jump_if(seen, Relation::Equal, was, done);
            body.fetch_add(old, retries, 1);
            body.jump(retry);
            body.place(done);
        });
        let program = program.build()?;
        system.thread(&program).thread(&program);
        system.total(retries);
        system.build()
    },
};

pub(super) static PUBLISH: Puzzle = Puzzle {
    name: "publish",
    title: "The flag before the data",
    story: "A says that the data is ready, then writes the data (42). B waits for the flag and \
            reads. Make B read 0.",
    lesson: "Publish last: first the data, then the flag. (On real machines the two stores must \
             also be kept in that order: release and acquire.)",
    goal: Goal::Total(0),
    correct: Some(42),
    counts: false,
    build: || {
        let mut system = System::builder();
        let (ready, data) = (system.variable("ready", 0), system.variable("data", 0));
        let got = system.variable("got", 0);
        let mut producer = ProgramBuilder::new("producer");
        producer.store(ready, 1).store(data, 42);
        let mut consumer = ProgramBuilder::new("consumer");
        let seen = consumer.register("seen");
        consumer.wait_until(seen, ready, Relation::Equal, 1);
        consumer.load(seen, data).store(got, seen);
        system.thread(&producer.build()?);
        system.thread(&consumer.build()?);
        system.total(got);
        system.build()
    },
};

pub(super) static WAKE_UP: Puzzle = Puzzle {
    name: "wake-up",
    title: "The lost wake-up",
    story: "A goes to sleep unless there is work; B brings work and wakes A if A is asleep. Make A \
            sleep for ever.",
    lesson: "A looked, B woke nobody, A fell asleep. Looking and falling asleep must be one: that \
             is why a condition variable takes the mutex along.",
    goal: Goal::Deadlock,
    correct: Some(1),
    counts: false,
    build: || {
        let mut system = System::builder();
        let (work, asleep) = (system.variable("work", 0), system.variable("asleep", 0));
        let done = system.variable("done", 0);
        let mut sleeper = ProgramBuilder::new("sleeper");
        let (seen, awake) = (sleeper.register("seen"), sleeper.mark());
        sleeper.load(seen, work);
        sleeper.jump_if(seen, Relation::Equal, 1, awake);
        sleeper.store(asleep, 1);
        sleeper.wait_until(seen, asleep, Relation::Equal, 0);
        sleeper.place(awake).store(done, 1);
        let mut waker = ProgramBuilder::new("waker");
        let (seen, end) = (waker.register("seen"), waker.mark());
        waker.store(work, 1).load(seen, asleep);
        waker.jump_if(seen, Relation::Equal, 0, end);
        waker.store(asleep, 0).place(end);
        system.thread(&sleeper.build()?);
        system.thread(&waker.build()?);
        system.total(done);
        system.build()
    },
};

pub(super) static RAISED_LATE: Puzzle = Puzzle {
    name: "raised-late",
    title: "Look first, raise the flag later",
    story: "A lock made at home: look whether the other's flag is up; if not, raise your own and \
            count. End with 1.",
    lesson: "Both looked before either flag was up. Whoever wants to go in must say so first, and \
             look afterwards; on real processors the order of the two takes SeqCst or a fence.",
    goal: Goal::Total(1),
    correct: Some(2),
    counts: true,
    build: || {
        let mut system = System::builder();
        let flags = [system.variable("flag A", 0), system.variable("flag B", 0)];
        let counter = system.variable("counter", 0);
        for me in 0..2 {
            let mut program = ProgramBuilder::new("look, then raise");
            let seen = program.register("seen");
            program.wait_until(seen, flags[1 - me], Relation::Equal, 0);
            program.store(flags[me], 1);
            program.load(seen, counter).add(seen, seen, 1);
            program.store(counter, seen);
            program.store(flags[me], 0);
            system.thread(&program.build()?);
        }
        system.total(counter);
        system.build()
    },
};

pub(super) static PETERSON: Puzzle = Puzzle {
    name: "peterson",
    title: "Peterson's algorithm",
    story: "Raise your flag, give the other the turn, and go in once the other's flag is down or \
            the turn is yours. Whoever has looked twice in vain goes away without counting. Both \
            never get in at once, but make one of them go away.",
    lesson: "No lock: two flags and a turn keep two threads apart (Peterson, 1981). On real \
             processors the store of one's own flag must also be kept before the look at the \
             other's (SeqCst, or a fence). Nothing was lost here, only given up.",
    goal: Goal::Total(1),
    correct: Some(2),
    counts: false,
    build: || {
        let mut system = System::builder();
        let flags = [system.variable("flag A", 0), system.variable("flag B", 0)];
        let turn = system.variable("turn", 0);
        let counter = system.variable("counter", 0);
        for me in 0..2 {
            let program = peterson(flags, turn, counter, me)?;
            system.thread(&program);
        }
        system.total(counter);
        system.build()
    },
};

/// Builds Peterson's algorithm for one thread; the turn is 1 for A and 2 for B.
fn peterson(flags: [Var; 2], turn: Var, counter: Var, me: usize) -> Result<Program, ModelError> {
    let mut program = ProgramBuilder::new("Peterson");
    let (seen, looks) = (program.register("seen"), program.register("looks"));
    let (enter, leave) = (program.mark(), program.mark());
    let [mine, other] = if me == 0 { [1, 2] } else { [2, 1] };
    program.store(flags[me], 1).store(turn, other);
    program.repeat(looks, 2, |body| {
        body.load(seen, flags[1 - me]);
        body.jump_if(seen, Relation::Equal, 0, enter);
        body.load(seen, turn);
        body.jump_if(seen, Relation::Equal, mine, enter);
    });
    program.jump(leave);
    program.place(enter).load(seen, counter);
    program.add(seen, seen, 1).store(counter, seen);
    program.place(leave).store(flags[me], 0);
    program.build()
}

pub(super) static ABA: Puzzle = Puzzle {
    name: "aba",
    title: "The same value is not the same state",
    story: "A stack holds item 1 on item 2. A pops item 1 with a compare-exchange. B pops both and \
            puts 1 back. End with item 2 on top, although B has taken it away.",
    lesson: "A compare-exchange sees that the value is the same, not that nothing happened: the top \
             was 1, then something else, then 1 again (ABA). A counter beside the value helps, or \
             not to reuse what somebody may still look at.",
    goal: Goal::Total(2),
    correct: None,
    counts: false,
    build: || {
        let mut system = System::builder();
        let (top, below) = (system.variable("top", 1), system.variable("below 1", 2));
        let mut pop = ProgramBuilder::new("pop");
        let (item, next) = (pop.register("item"), pop.register("next"));
        let (seen, end) = (pop.register("seen"), pop.mark());
        pop.load(item, top);
        pop.jump_if(item, Relation::NotEqual, 1, end);
        pop.load(next, below);
        pop.compare_exchange(seen, top, item, next);
        pop.place(end);
        let mut busy = ProgramBuilder::new("pop, pop, push 1");
        let (first, second) = (busy.register("first"), busy.register("second"));
        let end = busy.mark();
        busy.compare_exchange(first, top, 1, 2);
        busy.compare_exchange(second, top, 2, 0);
        busy.jump_if(first, Relation::NotEqual, 1, end);
        busy.store(below, 0);
        busy.compare_exchange(second, top, 0, 1);
        busy.place(end);
        system.thread(&pop.build()?);
        system.thread(&busy.build()?);
        system.total(top);
        system.build()
    },
};
