//! The words and operators of the language, and what they mean.

/// Declares an enum whose variants each have a spelling in the language.
macro_rules! spelt {
    ($($(#[$about:meta])* $vis:vis enum $name:ident {
        $($(#[$doc:meta])* $variant:ident = $spelling:literal,)*
    })*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $name {
            $($(#[$doc])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Returns how it is spelt.
            pub fn spelling(self) -> &'static str {
                match self {
                    $(Self::$variant => $spelling,)*
                }
            }

            /// Returns the one with this spelling.
            pub fn spelt(spelling: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.spelling() == spelling)
            }
        }
    )*};
}

spelt! {
    /// The texts that a program can carry.
    pub enum Topic {
        /// `title`: a few words.
        Title = "title",
        /// `story`: what the threads are about to do.
        Story = "story",
        /// `lesson`: what is learned from it.
        Lesson = "lesson",
        /// `source`: where the race comes from.
        Source = "source",
        /// `theme`: what it is listed under.
        Theme = "theme",
    }

    /// Who goes first at a read-write lock.
    pub enum Preference {
        /// A waiting writer keeps new readers out, as in Go and in Rust's standard library.
        WritersFirst = "writers-first",
        /// Readers enter while other readers are inside, as in glibc.
        ReadersFirst = "readers-first",
    }

    /// For which outcomes a claim is made.
    pub enum Quantifier {
        /// For each one.
        Always = "always",
        /// For none.
        Never = "never",
        /// For at least one.
        Sometimes = "sometimes",
    }

    /// What the condition of a litmus test asks of its final states.
    pub enum LitmusQuantifier {
        /// Whether it holds of at least one.
        Exists = "exists",
        /// Whether it holds of none.
        NotExists = "~exists",
        /// Whether it holds of all.
        Forall = "forall",
    }

    /// What can be done with an object.
    pub enum Operation {
        /// `lock m`: takes a mutex.
        Lock = "lock",
        /// `unlock m`: releases what this thread holds of a mutex or a read-write lock.
        Unlock = "unlock",
        /// `read l`: takes a read-write lock together with other readers.
        Read = "read",
        /// `write l`: takes a read-write lock alone.
        Write = "write",
        /// `wait c`: releases the condition's mutex, waits to be notified, takes the mutex again.
        Wait = "wait",
        /// `notify c`: wakes one waiting thread.
        Notify = "notify",
        /// `notify_all c`: wakes all threads that wait.
        NotifyAll = "notify_all",
        /// `acquire s`: waits until a semaphore is above 0, and takes one.
        Acquire = "acquire",
        /// `release s`: adds one to a semaphore.
        Release = "release",
        /// `arrive b`: waits until as many threads have arrived as the barrier asks for.
        Arrive = "arrive",
    }

    /// What can be called.
    pub enum Function {
        /// `fetch_add(x, e)`: adds, and gives the value before.
        FetchAdd = "fetch_add",
        /// `swap(x, e)`: stores, and gives the value before.
        Swap = "swap",
        /// `cas(x, old, new)`: stores new if x is old; gives 1 if it stored, else 0.
        CompareAndSwap = "cas",
        /// `trylock m`: takes a free mutex; gives 1 if it did, else 0.
        TryLock = "trylock",
    }

    /// An operator before its operand.
    pub enum UnaryOperator {
        /// `-`
        Negate = "-",
        /// `!`: 1 for 0, and 0 for all else.
        Not = "!",
    }

    /// An operator between its operands.
    pub enum BinaryOperator {
        /// `||`
        Or = "||",
        /// `&&`
        And = "&&",
        /// `==`
        Equal = "==",
        /// `!=`
        NotEqual = "!=",
        /// `<`
        Less = "<",
        /// `<=`
        AtMost = "<=",
        /// `>`
        Greater = ">",
        /// `>=`
        AtLeast = ">=",
        /// `+`
        Add = "+",
        /// `-`
        Subtract = "-",
        /// `*`
        Multiply = "*",
        /// `/`, rounded towards 0.
        Divide = "/",
        /// `%`, with the sign of the left operand.
        Remainder = "%",
    }
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

impl Operation {
    /// Returns the sort of object it acts on, with its article.
    pub fn acts_on(self) -> &'static str {
        match self {
            Self::Lock => "a mutex",
            Self::Unlock => "a mutex or a read-write lock",
            Self::Read | Self::Write => "a read-write lock",
            Self::Wait | Self::Notify | Self::NotifyAll => "a condition",
            Self::Acquire | Self::Release => "a semaphore",
            Self::Arrive => "a barrier",
        }
    }

    /// Returns whether a block can follow, at whose end the lock is released.
    pub fn takes_body(self) -> bool {
        matches!(self, Self::Lock | Self::Read | Self::Write)
    }
}

impl BinaryOperator {
    /// Returns how tightly it binds: the higher one first.
    pub fn precedence(self) -> u8 {
        match self {
            Self::Or => 0,
            Self::And => 1,
            Self::Add | Self::Subtract => 3,
            Self::Multiply | Self::Divide | Self::Remainder => 4,
            _ => 2,
        }
    }

    /// Returns whether it is a comparison, which cannot follow another.
    pub fn compares(self) -> bool {
        self.precedence() == Self::Equal.precedence()
    }

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
