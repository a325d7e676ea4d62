//! The syntax tree: what a race program says, and where.
//!
//! Names are not resolved yet; checking turns the tree into a
//! [`CheckedProgram`](super::CheckedProgram).

use super::source::Span;

/// A part of the tree, and where it stands. Two nodes are equal if they say the same, wherever they
/// stand.
#[derive(Clone, Debug)]
pub struct Node<T> {
    /// What it says.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T: PartialEq> PartialEq for Node<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

/// A name or a text, and where it stands.
pub type Spelling = Node<String>;

/// A whole race program: its items in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct RaceProgram {
    /// The items.
    pub items: Vec<Node<Item>>,
}

/// What can stand outside of threads.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `title "..."` and the like.
    Topic(Topic, Spelling),
    /// `param N = 2`
    Parameter(Spelling, Expression),
    /// `shared x = 0, a[3]`
    Shared(Vec<Declaration>),
    /// `mutex m, n`, `rwlock l`, `condition c on m`, `semaphore s = 2`, `barrier b = 2`
    Objects(Sort, Vec<Declaration>),
    /// `spurious on`
    Spurious,
    /// `threads K { }`, `thread NAME { }`, `thread NAME * K { }`
    Threads {
        /// The name behind `thread`.
        name: Option<Spelling>,
        /// How many; one if left out.
        count: Option<Expression>,
        /// What each of them does.
        body: Body,
    },
    /// `show x, a[1], A.r`
    Show(Vec<Expression>),
    /// `expect CONDITION`
    Expect(Expression),
    /// `always`, `never` or `sometimes`, and what; true if `under tso` follows.
    Claim(Quantifier, Node<Target<Expression>>, bool),
    /// `goal CONDITION "text"`
    Goal(Node<Target<Expression>>, Spelling),
}

/// The texts that a program can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// `title`: a few words.
    Title,
    /// `story`: what the threads are about to do.
    Story,
    /// `lesson`: what is learned from it.
    Lesson,
    /// `source`: where the race comes from.
    Source,
}

/// `x`, `x = 0`, `a[3]`, `a[3] = 0` or `a = [1, 2, 3]`: what is declared after `shared`, `mutex`, ...
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// The name.
    pub name: Spelling,
    /// How many elements an array has.
    pub length: Option<Expression>,
    /// The value at the start.
    pub start: Option<Start>,
}

/// The value of a declaration at the start.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// One value, for all elements alike.
    All(Expression),
    /// One value for each element.
    Each(Node<Vec<Expression>>),
}

/// What kind of object is declared.
#[derive(Clone, Debug, PartialEq)]
pub enum Sort {
    /// `mutex`
    Mutex,
    /// `rwlock`, and who goes first.
    RwLock(Preference),
    /// `condition`, on this mutex.
    Condition(Spelling),
    /// `semaphore`
    Semaphore,
    /// `barrier`
    Barrier,
}

/// Who goes first at a read-write lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preference {
    /// A waiting writer keeps new readers out, as in Go and in Rust's standard library.
    WritersFirst,
    /// Readers enter while other readers are inside, as in glibc.
    ReadersFirst,
}

/// For which outcomes a claim is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// For each one.
    Always,
    /// For none.
    Never,
    /// For at least one.
    Sometimes,
}

/// What a claim or a goal speaks of.
#[derive(Clone, Debug, PartialEq)]
pub enum Target<E> {
    /// All threads finish, and this holds of the final values.
    Values(E),
    /// `deadlock`: threads wait for ever.
    Deadlock,
    /// `livelock`: threads can go round for ever without progress.
    Livelock,
    /// `assertion`: an `assert` fails.
    Assertion,
    /// `fault`: a division by zero, an index out of bounds, a misused lock, ...
    Fault,
}

/// `{ ... }`; the span includes the braces.
pub type Body = Node<Vec<Node<Statement>>>;

/// What a thread does.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `local r = 1, s`
    Local(Vec<(Spelling, Option<Expression>)>),
    /// `x = e`, `a[i] += e`, `atomic x -= e`
    Assign {
        /// Whether it is one step.
        atomic: bool,
        /// Where the value goes.
        to: Node<Mention>,
        /// The operator of `+=`, `-=` or `*=`; `None` for `=`.
        operator: Option<BinaryOperator>,
        /// The right side.
        value: Expression,
    },
    /// An expression with an effect, alone on its line: `fetch_add(x, 1)`.
    Evaluate(Expression),
    /// `await CONDITION`
    Await(Expression),
    /// `assert CONDITION`
    Assert(Expression),
    /// `fence`
    Fence,
    /// `if`, with `else` or `else if`.
    If {
        /// The condition.
        condition: Expression,
        /// What is done if it holds.
        then: Body,
        /// What is done otherwise; `else if` is a body of one `if`.
        otherwise: Option<Body>,
    },
    /// `while CONDITION { }`
    While(Expression, Body),
    /// `repeat N { }`
    Repeat(Expression, Body),
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// `return`
    Return,
    /// `lock m`, `read l { }`, `wait c`, ...
    Operate(Node<Operation>, Node<Mention>, Option<Body>),
}

/// What can be done with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `lock m`: takes a mutex.
    Lock,
    /// `unlock m`: releases what this thread holds of a mutex or a read-write lock.
    Unlock,
    /// `read l`: takes a read-write lock together with other readers.
    Read,
    /// `write l`: takes a read-write lock alone.
    Write,
    /// `wait c`: releases the condition's mutex, waits to be notified, takes the mutex again.
    Wait,
    /// `notify c`: wakes one waiting thread.
    Notify,
    /// `notify_all c`: wakes all threads that wait.
    NotifyAll,
    /// `acquire s`: waits until a semaphore is above 0, and takes one.
    Acquire,
    /// `release s`: adds one to a semaphore.
    Release,
    /// `arrive b`: waits until as many threads have arrived as the barrier asks for.
    Arrive,
}

/// `x`, or `a[i]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// The name.
    pub name: Spelling,
    /// The index in brackets.
    pub index: Option<Box<Expression>>,
}

/// An expression over leaves of type `L`: names as they are written, or what they stand for.
pub type Expression<L = Leaf> = Node<Term<L>>;

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum Term<L> {
    /// A number.
    Number(i64),
    /// A variable, a call, ...
    Leaf(L),
    /// An operator before its operand.
    Unary(UnaryOperator, Box<Expression<L>>),
    /// An operator between its operands. `&&` and `||` evaluate the right one only if needed; all
    /// others evaluate the left one first.
    Binary(BinaryOperator, Box<Expression<L>>, Box<Expression<L>>),
}

/// The leaves of expressions as they are written.
#[derive(Clone, Debug, PartialEq)]
pub enum Leaf {
    /// `x`, `a[i]`
    Mention(Mention),
    /// `self`: the number of the thread in the program, from 0.
    ThreadNumber,
    /// `A.r`: a thread's local at the end.
    ThreadLocal(Spelling, Spelling),
    /// `fetch_add(x, e)` and the like.
    Call(Function, Node<Mention>, Vec<Expression>),
}

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `fetch_add(x, e)`: adds, and gives the value before.
    FetchAdd,
    /// `swap(x, e)`: stores, and gives the value before.
    Swap,
    /// `cas(x, old, new)`: stores new if x is old; gives 1 if it stored, else 0.
    CompareAndSwap,
    /// `trylock(m)`: takes a free mutex; gives 1 if it did, else 0.
    TryLock,
}

/// An operator before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-`
    Negate,
    /// `!`: 1 for 0, and 0 for all else.
    Not,
}

impl UnaryOperator {
    /// Returns the value for an operand.
    pub fn apply(self, operand: i64) -> i64 {
        match self {
            Self::Negate => operand.wrapping_neg(),
            Self::Not => i64::from(operand == 0),
        }
    }
}

/// An operator between its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`, rounded towards 0.
    Divide,
    /// `%`, with the sign of the left operand.
    Remainder,
}

impl BinaryOperator {
    /// Returns the value for two operands, wrapped to 64 bits; `None` for a division by zero.
    pub fn apply(self, left: i64, right: i64) -> Option<i64> {
        Some(match self {
            Self::Or => i64::from(left != 0 || right != 0),
            Self::And => i64::from(left != 0 && right != 0),
            Self::Equal => i64::from(left == right),
            Self::NotEqual => i64::from(left != right),
            Self::Less => i64::from(left < right),
            Self::AtMost => i64::from(left <= right),
            Self::Greater => i64::from(left > right),
            Self::AtLeast => i64::from(left >= right),
            Self::Add => left.wrapping_add(right),
            Self::Subtract => left.wrapping_sub(right),
            Self::Multiply => left.wrapping_mul(right),
            Self::Divide | Self::Remainder if right == 0 => return None,
            Self::Divide => left.wrapping_div(right),
            Self::Remainder => left.wrapping_rem(right),
        })
    }
}
