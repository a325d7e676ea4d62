//! What instructions name: registers, and what a system declares.

/// Declares the types of what programs and systems declare: indices.
macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(in crate::model) u16);

        impl $name {
            /// Returns its position among those declared, from 0.
            pub fn index(self) -> usize {
                usize::from(self.0)
            }
        }

        impl From<$name> for usize {
            fn from(declared: $name) -> Self {
                declared.index()
            }
        }

        impl Declared for $name {
            fn with_index(index: u16) -> Self {
                Self(index)
            }
        }
    )*};
}

indices! {
    /// A register: a number private to one thread, declared by its program.
    Reg
    /// A variable that all threads share, declared by the system.
    Var
    /// A mutex, a read-write lock or a semaphore, declared by the system.
    LockId
    /// A condition variable or a barrier, declared by the system: threads queue there until they
    /// are called.
    QueueId
}

/// What a system declares: a variable, a lock or a queue, or several of them side by side.
pub trait Declared: Copy + Eq {
    /// Returns the one with this index.
    fn with_index(index: u16) -> Self;
}

/// Something declared, or an element of several declared side by side (an array), whose index is
/// computed when the instruction is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Element<T> {
    first: T,
    /// The number of elements; 1 for a single one.
    length: u16,
    index: Operand,
}

impl<T> From<T> for Element<T> {
    fn from(single: T) -> Self {
        Self {
            first: single,
            length: 1,
            index: Operand::Const(0),
        }
    }
}

impl<T: Declared + Into<usize>> Element<T> {
    /// Returns the element with this index of the `length` that begin with `first`.
    pub fn new(first: T, length: u16, index: impl Into<Operand>) -> Self {
        let index = index.into();
        Self {
            first,
            length,
            index,
        }
    }

    /// Returns the one with this index; `None` if there is none.
    pub(in crate::model) fn at(self, index: u64) -> Option<T> {
        let index = usize::try_from(index).ok();
        let index = index.filter(|&index| index < usize::from(self.length))?;
        let place = u16::try_from(self.first.into() + index).ok()?;
        Some(T::with_index(place))
    }

    /// Returns it if it is always the same one.
    pub fn fixed(self) -> Option<T> {
        match self.index {
            Operand::Const(index) => self.at(index),
            Operand::Reg(_) => None,
        }
    }

    /// Returns all that it can be.
    pub fn candidates(self) -> impl Iterator<Item = T> {
        let all = (0..u64::from(self.length)).filter_map(move |index| self.at(index));
        all.filter(move |&one| self.fixed().is_none_or(|fixed| fixed == one))
    }

    /// Returns the first one, how many there are, and which of them it is.
    pub fn parts(self) -> (T, u16, Operand) {
        (self.first, self.length, self.index)
    }
}

/// A constant, or the value of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// The number itself.
    Const(u64),
    /// The value of the register.
    Reg(Reg),
}

impl From<u64> for Operand {
    fn from(value: u64) -> Self {
        Self::Const(value)
    }
}

impl From<Reg> for Operand {
    fn from(register: Reg) -> Self {
        Self::Reg(register)
    }
}
