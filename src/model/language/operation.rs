//! What instructions compute, and how they fail.

use std::fmt;

/// How two numbers are compared (signed).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `>=`
    AtLeast,
    /// `>`
    Greater,
    /// `<=`
    AtMost,
}

impl Relation {
    /// Returns whether `left` compares to `right` in this way.
    pub fn holds(self, left: u64, right: u64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left.cast_signed() < right.cast_signed(),
            Self::AtLeast => left.cast_signed() >= right.cast_signed(),
            Self::Greater => left.cast_signed() > right.cast_signed(),
            Self::AtMost => left.cast_signed() <= right.cast_signed(),
        }
    }

    /// Returns the relation that holds exactly where this one does not.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::AtLeast,
            Self::AtLeast => Self::Less,
            Self::Greater => Self::AtMost,
            Self::AtMost => Self::Greater,
        }
    }

    /// Returns the relation that holds when the two numbers are exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Equal | Self::NotEqual => self,
            Self::Less => Self::Greater,
            Self::Greater => Self::Less,
            Self::AtLeast => Self::AtMost,
            Self::AtMost => Self::AtLeast,
        }
    }
}

/// What is computed of two numbers (signed).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`, rounded towards zero.
    Divide,
    /// `%`, with the sign of the left operand.
    Remainder,
    /// 1 if the operands compare this way, else 0.
    Compare(Relation),
}

impl Arithmetic {
    /// Returns the result, which wraps at 2^64; `None` for a division by zero.
    pub fn apply(self, left: u64, right: u64) -> Option<u64> {
        let signed = |result: i64| Some(result.cast_unsigned());
        match self {
            Self::Add => Some(left.wrapping_add(right)),
            Self::Subtract => Some(left.wrapping_sub(right)),
            Self::Multiply => Some(left.wrapping_mul(right)),
            Self::Divide | Self::Remainder if right == 0 => None,
            Self::Divide => signed(left.cast_signed().wrapping_div(right.cast_signed())),
            Self::Remainder => signed(left.cast_signed().wrapping_rem(right.cast_signed())),
            Self::Compare(relation) => Some(u64::from(relation.holds(left, right))),
        }
    }
}

impl fmt::Display for Arithmetic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Compare(relation) => return relation.fmt(f),
        })
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtLeast => ">=",
            Self::Greater => ">",
            Self::AtMost => "<=",
        })
    }
}

/// Why a thread failed, which ends the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// What the program asserts does not hold.
    Assertion,
    /// A number was divided by zero.
    DivisionByZero,
    /// An index is outside its array.
    OutOfBounds,
    /// A lock was released, or a condition waited for, by a thread that does not hold the lock.
    NotHeld,
    /// A loop that takes no step goes round for ever, or so often that it can't be told.
    Endless,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Assertion => "the assertion failed",
            Self::DivisionByZero => "division by zero",
            Self::OutOfBounds => "an index is out of bounds",
            Self::NotHeld => "the lock is not held",
            Self::Endless => "a loop takes no step",
        })
    }
}
