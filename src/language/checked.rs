//! A program that has passed all checks: names are resolved, parameters are numbers. This is what
//! the compiler reads.

use super::ast::{BinaryOperator, Expression, Node, Operation, Preference, Quantifier, Target};
use super::source::Span;
use crate::model::MemoryModel;

/// A race program whose names are resolved, and whose counts and sizes are numbers.
#[derive(Clone, Debug, Default)]
pub struct CheckedProgram {
    /// Its texts; each is empty if the program does not give it.
    pub texts: Texts,
    /// Each parameter with the value it has in this program, after `--set`.
    pub parameters: Vec<(String, i64)>,
    /// The shared variables and arrays.
    pub variables: Vec<Variable>,
    /// Mutexes, semaphores, ...
    pub objects: Vec<Object>,
    /// Whether conditions may wake a thread that was not notified.
    pub spurious: bool,
    /// The threads: at least one, at most [`MOST_THREADS`](super::MOST_THREADS) in all.
    pub groups: Vec<ThreadGroup>,
    /// What an outcome consists of: the program's `show`, or else every cell.
    pub shown: Vec<ShownValue>,
    /// What holds of the correct outcomes.
    pub expected: Option<FinalExpression>,
    /// The same as it is written.
    pub expectation: Option<String>,
    /// What the program claims.
    pub claims: Vec<Claim>,
    /// What it asks a player to reach.
    pub goals: Vec<GoalText>,
}

impl CheckedProgram {
    /// Returns the name of each thread, empty if it has none; no names at all if no thread has one.
    pub fn thread_names(&self) -> Vec<String> {
        let groups = self.groups.iter();
        let names = groups.flat_map(|group| {
            std::iter::repeat_n(group.name.clone().unwrap_or_default(), group.count)
        });
        let names: Vec<_> = names.collect();
        if names.iter().all(String::is_empty) {
            return Vec::new();
        }
        names
    }
}

/// The texts of a program. Line breaks in them separate paragraphs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// A few words.
    pub title: String,
    /// What the threads are about to do.
    pub story: String,
    /// What is learned from it.
    pub lesson: String,
    /// Where the race comes from.
    pub source: String,
    /// What it is listed under.
    pub theme: String,
}

/// A shared variable, or an array. Its elements are cells; the cells of a program are numbered
/// through, in order of declaration.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// The number of its first cell.
    pub first: usize,
    /// The value of each of its cells at the start: one, or as many as the array has elements.
    pub start: Vec<i64>,
    /// Whether it takes an index.
    pub is_array: bool,
}

impl Variable {
    /// Returns what one of its cells is called, counted from its first: `x`, or `a[1]`.
    pub fn cell_name(&self, at: usize) -> String {
        element(&self.name, self.is_array, at)
    }
}

/// Returns what an element of what has this name is called: `x`, or `a[1]`.
pub(super) fn element(name: &str, is_array: bool, index: usize) -> String {
    if is_array {
        format!("{name}[{index}]")
    } else {
        name.to_owned()
    }
}

/// A mutex, a semaphore, ..., or an array of them. The units of all objects of a program are
/// numbered through, in order of declaration.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ObjectKind,
    /// The number of its first unit.
    pub first: usize,
    /// How many there are under this name: one, or as many as the array has elements.
    pub length: usize,
    /// Whether it takes an index.
    pub is_array: bool,
}

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// A mutex.
    Mutex,
    /// A read-write lock.
    RwLock(Preference),
    /// A condition variable.
    Condition {
        /// The place of its mutex in [`CheckedProgram::objects`]; that one is not an array.
        mutex: usize,
    },
    /// A counting semaphore.
    Semaphore {
        /// Its value at the start, not negative.
        start: i64,
    },
    /// A barrier that can be used again and again.
    Barrier {
        /// How many threads it waits for, at least 1.
        size: i64,
    },
}

/// Threads that do the same.
#[derive(Clone, Debug)]
pub struct ThreadGroup {
    /// The name behind `thread`.
    pub name: Option<String>,
    /// Where its first line stands, up to the brace.
    pub span: Span,
    /// The number of its first thread in the program, from 0. Thread 0 is labelled A.
    pub first: usize,
    /// How many threads there are in it, at least 1.
    pub count: usize,
    /// The names of its locals. All are 0 when a thread starts.
    pub locals: Vec<String>,
    /// What each of them does.
    pub body: Vec<CheckedStatement>,
}

/// An action, and where it stands. A block such as `while x { }` has the span of what stands before
/// its brace.
pub type CheckedStatement = Node<ThreadAction>;

/// What a thread does. Each [`ThreadLeaf`] of an expression that touches what is shared is one
/// step, from left to right.
#[derive(Clone, Debug)]
pub enum ThreadAction {
    /// A local becomes the value.
    SetLocal(usize, ThreadExpression),
    /// Evaluates the index if there is one, then the value, then stores: one step.
    Store(Place, ThreadExpression),
    /// `x += e`: evaluates the index, loads, evaluates `e`, stores: two steps.
    Update(Place, BinaryOperator, ThreadExpression),
    /// `atomic x = e`: evaluates `e`, then stores as an indivisible exchange does: one step.
    AtomicStore(Place, ThreadExpression),
    /// `atomic x += e` (or `-=`): evaluates the index and `e`, which do not mention `x`, then
    /// updates: one step.
    AtomicUpdate(Place, BinaryOperator, ThreadExpression),
    /// Evaluates, and drops the value.
    Evaluate(ThreadExpression),
    /// Waits until the condition holds of the value of this variable, which appears in it as
    /// [`ThreadLeaf::Awaited`]: one step. The index of the place touches nothing shared.
    Await(Place, ThreadExpression),
    /// A failed assertion ends the program if the value is 0.
    Assert(ThreadExpression),
    /// Waits until the thread's store buffer is empty: one step.
    Fence,
    /// The first body if the value is not 0, else the second.
    If(
        ThreadExpression,
        Vec<CheckedStatement>,
        Vec<CheckedStatement>,
    ),
    /// Repeats while the value is not 0.
    While(ThreadExpression, Vec<CheckedStatement>),
    /// Repeats this many times.
    Repeat(u64, Vec<CheckedStatement>),
    /// Leaves the innermost loop.
    Break,
    /// Goes on with the innermost loop's next round.
    Continue,
    /// Ends the thread.
    Return,
    /// An operation on an object: one step that may wait (for `wait`: as many as the machine makes
    /// of it). `lock m { }` is here a `Lock`, the body, and an `Unlock`, which also stands before
    /// each way out of the body. It has the span of the closing brace or of the way out.
    Operate(Operation, Place),
}

/// A shared variable or an object, or one of an array.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The place in [`CheckedProgram::variables`] or, for an operation, in
    /// [`CheckedProgram::objects`].
    pub item: usize,
    /// The index into an array. A constant one is in bounds; any other can be out of bounds when
    /// the program runs.
    pub index: Option<Box<ThreadExpression>>,
}

/// An expression that a thread evaluates. Parameters are numbers here, and what is constant is
/// worked out.
pub type ThreadExpression = Expression<ThreadLeaf>;

/// What a thread's expressions are made of.
#[derive(Clone, Debug, PartialEq)]
pub enum ThreadLeaf {
    /// The number of the thread in the program, from 0.
    ThreadNumber,
    /// The value of a local; its place in [`ThreadGroup::locals`].
    Local(usize),
    /// A load: one step.
    Load(Place),
    /// The value that [`ThreadAction::Await`] has just loaded.
    Awaited,
    /// `fetch_add(x, e)`: one step.
    FetchAdd(Place, Box<ThreadExpression>),
    /// `swap(x, e)`: one step.
    Swap(Place, Box<ThreadExpression>),
    /// `cas(x, old, new)`: one step.
    CompareAndSwap(Place, Box<ThreadExpression>, Box<ThreadExpression>),
    /// `trylock m`: one step. The place is that of an object.
    TryLock(Place),
}

impl ThreadLeaf {
    /// Returns the expressions inside of it: an index and the arguments of a call.
    fn inner(&self) -> impl Iterator<Item = &ThreadExpression> {
        let (place, arguments) = match self {
            Self::ThreadNumber | Self::Local(_) | Self::Awaited => (None, [None, None]),
            Self::Load(place) | Self::TryLock(place) => (Some(place), [None, None]),
            Self::FetchAdd(place, value) | Self::Swap(place, value) => {
                (Some(place), [Some(value), None])
            }
            Self::CompareAndSwap(place, old, new) => (Some(place), [Some(old), Some(new)]),
        };
        let index = place.and_then(|place| place.index.as_ref());
        [index]
            .into_iter()
            .chain(arguments)
            .flatten()
            .map(|inner| &**inner)
    }
}

impl ThreadExpression {
    /// Returns whether this holds of a leaf, also of one inside of another.
    pub fn any_within(&self, holds: &dyn Fn(&ThreadLeaf) -> bool) -> bool {
        self.any_leaf(&|leaf| holds(leaf) || leaf.inner().any(|inner| inner.any_within(holds)))
    }
}

/// An expression over the values that are there when all threads have finished.
pub type FinalExpression = Expression<FinalLeaf>;

/// A value at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FinalLeaf {
    /// The value of a cell.
    Cell(usize),
    /// The value of a local of one thread.
    Local {
        /// The number of the thread in the program, from 0.
        thread: usize,
        /// Its place in [`ThreadGroup::locals`] of the thread's group.
        local: usize,
    },
}

/// A value that an outcome shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownValue {
    /// What it is called: `x`, `a[1]`, `A.r`.
    pub name: String,
    /// Which value it is.
    pub value: FinalLeaf,
}

/// What a program says of its outcomes.
#[derive(Clone, Debug)]
pub struct Claim {
    /// For which outcomes.
    pub quantifier: Quantifier,
    /// What is claimed. A condition holds only of an outcome in which all threads finish; `always`
    /// speaks of these alone.
    pub target: Target<FinalExpression>,
    /// Whether it is a claim about total store order, not about sequential consistency.
    pub under_tso: bool,
    /// The claim as it is written.
    pub text: String,
}

impl Claim {
    /// Returns the memory model that it speaks of.
    pub fn memory(&self) -> MemoryModel {
        if self.under_tso {
            MemoryModel::Tso
        } else {
            MemoryModel::Sc
        }
    }
}

/// What a program asks a player to reach.
#[derive(Clone, Debug)]
pub struct GoalText {
    /// What is to be reached.
    pub target: Target<FinalExpression>,
    /// The goal in words.
    pub text: String,
}
