//! What the gallery's programs claim, by the most naive search there is: every step of every thread
//! from every state, one state after the other. It shares nothing with the model but the checked
//! program.

mod compiler;
mod search;
mod steps;

use std::collections::BTreeSet;

use miscount::language::ast::{BinaryOperator, Operation, Quantifier, Target, Term, UnaryOperator};
use miscount::language::{CheckedProgram, FinalExpression, FinalLeaf, ObjectKind, ShownValue};

/// An instruction of a stack machine. Those from `Load` on are steps.
#[derive(Clone, Copy, Debug)]
enum Op {
    Push(i64),
    Local(usize),
    SetLocal(usize),
    Duplicate,
    Drop,
    Unary(UnaryOperator),
    Binary(BinaryOperator),
    Jump(usize),
    JumpIfZero(usize),
    /// Blocks the step that it is part of if the value is 0.
    Require,
    Assert,
    End,
    /// The value of a cell of this variable: first cell and length; the index is on the stack.
    Load(usize, usize),
    Store(usize, usize),
    Exchange(Exchange, usize, usize),
    Fence,
    TryLock(usize, usize),
    Operate(Operation, usize, usize),
    /// The second half of what can wait: for the write lock, the notification, the barrier.
    Enter(Operation, usize, usize),
}

#[derive(Clone, Copy, Debug)]
enum Exchange {
    Add,
    Subtract,
    Swap,
    Compare,
}

struct Compiler<'a> {
    program: &'a CheckedProgram,
    thread: usize,
    /// The local that holds what `await` has loaded.
    awaited: usize,
    code: Vec<Op>,
    /// Of each loop around: where its next round begins, and the jumps behind its end.
    loops: Vec<(usize, Vec<usize>)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct ThreadState {
    at: usize,
    stack: Vec<i64>,
    locals: Vec<i64>,
    /// Stores that have not reached memory.
    buffer: Vec<(usize, i64)>,
    done: bool,
    /// The generation of the barrier at which it has arrived.
    generation: u64,
}

/// A mutex has a writer at most, a semaphore a count, a condition waiters, ...
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Unit {
    writer: Option<usize>,
    readers: Vec<usize>,
    waiting: Vec<usize>,
    count: i64,
    generation: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    cells: Vec<i64>,
    units: Vec<Unit>,
    threads: Vec<ThreadState>,
}

/// How a program ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Ended {
    /// The values of the cells, and of the locals of each thread.
    Finished(Vec<i64>, Vec<Vec<i64>>),
    Deadlock,
    Livelock,
    Assertion,
    Fault,
}

enum Stepped {
    /// The states that can follow: more than one for a notification.
    To(Vec<State>),
    Blocked,
    Ended(Ended),
}

struct Enumeration<'a> {
    program: &'a CheckedProgram,
    code: Vec<Vec<Op>>,
    /// What each unit is.
    kinds: Vec<ObjectKind>,
    tso: bool,
}

fn holds(condition: &FinalExpression, cells: &[i64], locals: &[Vec<i64>]) -> i64 {
    match &condition.value {
        Term::Number(number) => *number,
        Term::Leaf(FinalLeaf::Cell(cell)) => cells[*cell],
        Term::Leaf(FinalLeaf::Local { thread, local }) => locals[*thread][*local],
        Term::Unary(operator, operand) => operator.apply(holds(operand, cells, locals)),
        Term::Binary(operator, left, right) => {
            let (left, right) = (holds(left, cells, locals), holds(right, cells, locals));
            operator.apply(left, right).expect("no division by zero")
        }
    }
}

fn is_target(end: &Ended, target: &Target<FinalExpression>) -> bool {
    match (target, end) {
        (Target::Values(condition), Ended::Finished(cells, locals)) => {
            holds(condition, cells, locals) != 0
        }
        (Target::Deadlock, Ended::Deadlock)
        | (Target::Livelock, Ended::Livelock)
        | (Target::Assertion, Ended::Assertion)
        | (Target::Fault, Ended::Fault) => true,
        _ => false,
    }
}

/// Holds a program to what it claims; returns what is wrong.
pub(super) fn broken_claims(program: &CheckedProgram) -> Vec<String> {
    let [sc, tso] = [false, true].map(|tso| {
        let (enumeration, start) = Enumeration::new(program, tso);
        enumeration.ends(start)
    });
    assert!(tso.is_superset(&sc), "a store buffer takes outcomes away");
    let mut broken = Vec::new();
    for claim in &program.claims {
        let ends = if claim.under_tso { &tso } else { &sc };
        let hits = ends
            .iter()
            .filter(|end| is_target(end, &claim.target))
            .count();
        let values = matches!(claim.target, Target::Values(_));
        let speaks = |end: &&Ended| !values || matches!(end, Ended::Finished(..));
        let holds = match claim.quantifier {
            Quantifier::Always => hits == ends.iter().filter(speaks).count(),
            Quantifier::Never => hits == 0,
            Quantifier::Sometimes => hits > 0,
        };
        if !holds {
            broken.push(format!("{}: {ends:?}", claim.text));
        }
    }
    for goal in &program.goals {
        if !sc.iter().any(|end| is_target(end, &goal.target)) {
            broken.push(format!("the goal '{}' cannot be reached", goal.text));
        }
    }
    broken
}

/// Returns whether every end of a program is as it expects.
pub(super) fn is_correct(program: &CheckedProgram) -> bool {
    let (enumeration, start) = Enumeration::new(program, false);
    let ends = enumeration.ends(start);
    let expected = program.expected.as_ref().expect("an expectation");
    ends.iter().all(|end| match end {
        Ended::Finished(cells, locals) => holds(expected, cells, locals) != 0,
        _ => false,
    })
}

/// How a program can end: with these values, or in another way, which has a name.
pub(crate) type Told = Result<Vec<i64>, String>;

/// Returns what these values of a program can be, and how else it can end; `None` if it has more
/// states than this.
pub(crate) fn outcomes_within(
    program: &CheckedProgram,
    shown: &[ShownValue],
    tso: bool,
    most: usize,
) -> Option<BTreeSet<Told>> {
    let (enumeration, start) = Enumeration::new(program, tso);
    let ends = enumeration.ends_within(start, most)?.into_iter();
    let outcome = |end| match end {
        Ended::Finished(cells, locals) => Ok(shown
            .iter()
            .map(|shown| match shown.value {
                FinalLeaf::Cell(cell) => cells[cell],
                FinalLeaf::Local { thread, local } => locals[thread][local],
            })
            .collect()),
        other => Err(format!("{other:?}").to_lowercase()),
    };
    Some(ends.map(outcome).collect())
}

/// Returns what the shown values of a program can be, and how else it can end.
fn outcomes(text: &str, tso: bool) -> BTreeSet<Told> {
    let program = super::right("test", text);
    outcomes_within(&program, &program.shown, tso, 2_000_000).expect("few states")
}

/// Outcome sets that are known from elsewhere.
#[test]
fn the_search_finds_what_is_known() {
    let finished = |all: &[&[i64]]| {
        all.iter()
            .map(|one| Ok(one.to_vec()))
            .collect::<BTreeSet<_>>()
    };
    let only = |word: &str| BTreeSet::from([Err(word.into())]);
    // jcstress, AdvancedJMM_04: five increments by each of two threads give 2 to 10.
    let counter = outcomes("shared x\nthreads 2 { repeat 5 { x += 1 } }", false);
    assert_eq!(counter, (2..=10).map(|total| Ok(vec![total])).collect());
    // herdtools7, SB: both loads give 0 only with store buffers.
    let buffering = "shared x, y\nthread L { x = 1; local r = y }\nthread R { y = 1; local r = x }\nshow A.r, B.r";
    let some = finished(&[&[0, 1], &[1, 0], &[1, 1]]);
    assert_eq!(outcomes(buffering, false), some);
    assert_eq!(outcomes(buffering, true), &some | &finished(&[&[0, 0]]));
    // herdtools7, MP and LB: never on x86.
    let passing =
        "shared x, y\nthread W { x = 1; y = 1 }\nthread R { local r = y, s = x }\nshow B.r, B.s";
    assert!(!outcomes(passing, true).contains(&Ok(vec![1, 0])));
    let load = "shared x, y\nthread L { local r = x; y = 1 }\nthread R { local r = y; x = 1 }\nshow A.r, B.r";
    assert!(!outcomes(load, true).contains(&Ok(vec![1, 1])));
    // Each way to end.
    for (body, end) in [
        ("lock m { lock m { } }", "deadlock"),
        ("await x == 1", "deadlock"),
        ("while x == 0 { }", "livelock"),
        ("assert x == 1", "assertion"),
        ("local r = 1 / x", "fault"),
        ("a[x + 2] = 1", "fault"),
        ("a[x - 1] = 1", "fault"),
        ("unlock m", "fault"),
        ("wait c", "fault"),
        ("acquire s", "deadlock"),
        ("arrive b", "deadlock"),
        ("read l { write l { } }", "deadlock"),
    ] {
        let program = format!(
            "shared x, a[2]\nmutex m\nrwlock l\ncondition c on m\nsemaphore s = 0\nbarrier b = 2\nthread T {{ {body} }}"
        );
        assert_eq!(outcomes(&program, false), only(end), "{body}");
    }
    // What a single thread computes.
    let alone = outcomes(
        "shared x, y
        mutex m
        thread T {
            repeat 5 { x += 1; if x == 2 { continue }; if x == 4 { break }; y += 10 }
            while 1 { x = x * 2; if x > 20 { break } }
            if 0 && 1 / y || !x { y = -1 } else if trylock m { y += trylock m }
            atomic x -= 2; fetch_add(y, swap(x, 7)); y += cas(x, 7, 8) + cas(x, 7, 9)
            return
            x = 100
        }",
        false,
    );
    assert_eq!(alone, finished(&[&[8, 51]]));
}
