//! The syntax tree: what a race program says, and where.
//!
//! Names are not resolved yet; checking turns the tree into a
//! [`CheckedProgram`](super::CheckedProgram).

use super::source::Span;

pub use super::words::{
    BinaryOperator, Function, LitmusQuantifier, Operation, Preference, Quantifier, Topic,
    UnaryOperator,
};

/// A part of the tree, and where it stands. Two nodes are equal if they say the same, wherever they
/// stand.
#[derive(Clone, Debug)]
pub struct Node<T> {
    /// What it says.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Node<T> {
    /// Returns what stands there.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T: PartialEq> PartialEq for Node<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

/// A name or a text, and where it stands.
pub type Spelling = Node<String>;

/// A whole race program: its items in their order.
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// `threads K { }`, `thread { }`, `thread NAME { }`, `thread NAME * K { }`
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

impl<L> Expression<L> {
    /// Returns a number.
    pub fn number(number: i64, span: Span) -> Self {
        Self::new(Term::Number(number), span)
    }

    /// Returns a leaf.
    pub fn leaf(leaf: L, span: Span) -> Self {
        Self::new(Term::Leaf(leaf), span)
    }

    /// Returns an operator between its operands, which stands where they do.
    pub fn binary(operator: BinaryOperator, left: Self, right: Self) -> Self {
        let span = left.span.to(right.span);
        Self::new(
            Term::Binary(operator, Box::new(left), Box::new(right)),
            span,
        )
    }

    /// Calls a function on each leaf, from left to right, and where it stands.
    pub fn for_each_leaf(&mut self, act: &mut dyn FnMut(&mut L, Span)) {
        match &mut self.value {
            Term::Number(_) => {}
            Term::Leaf(leaf) => act(leaf, self.span),
            Term::Unary(_, operand) => operand.for_each_leaf(act),
            Term::Binary(_, left, right) => {
                left.for_each_leaf(act);
                right.for_each_leaf(act);
            }
        }
    }

    /// Returns whether this holds of a leaf.
    pub fn any_leaf(&self, holds: &dyn Fn(&L) -> bool) -> bool {
        match &self.value {
            Term::Number(_) => false,
            Term::Leaf(leaf) => holds(leaf),
            Term::Unary(_, operand) => operand.any_leaf(holds),
            Term::Binary(_, left, right) => left.any_leaf(holds) || right.any_leaf(holds),
        }
    }
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
