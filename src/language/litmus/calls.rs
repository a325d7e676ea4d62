//! What can be called in the C form: the primitives of the Linux kernel, as x86 has them.
//!
//! An x86 processor keeps the order of loads and the order of stores, so `smp_rmb`, `smp_wmb`,
//! acquire and release cost nothing; `smp_mb` is a fence, and each atomic update is a locked instruction.

use super::super::ast::{
    BinaryOperator, Expression, Function as Calls, Leaf, Mention, Node, Operation, Preference,
    Sort, Statement,
};
use super::super::diagnostic::{Diagnostic, nearest, shortened};
use super::super::source::Span;
use super::c::Function;
use super::cursor::{Parsed, value_of};

/// What a call is.
pub(super) enum Called {
    Value(Expression),
    Action(Vec<Node<Statement>>),
}

/// What a function does.
#[derive(Clone, Copy)]
enum Meaning {
    Load,
    Store,
    /// An exchange whose old value is of no interest.
    AtomicStore,
    Exchange,
    Fence,
    /// Keeps an order that x86 keeps anyway.
    Nothing,
    Lock(Operation, Lock),
    TryLock,
    /// An atomic addition or subtraction, of 1 or of what is given first, and its value.
    Update(BinaryOperator, bool, Gives),
    /// What is known, but not read.
    Refused(&'static str),
}

#[derive(Clone, Copy)]
enum Lock {
    Mutex,
    ReadWrite,
}

/// The value of an atomic update.
#[derive(Clone, Copy)]
enum Gives {
    Nothing,
    Before,
    After,
    /// Whether the value after it is 0.
    IsZero,
}

const RCU: &str = "read-copy-update is not modelled";

const FUNCTIONS: [(&str, Meaning); 52] = {
    use BinaryOperator::{Add, Subtract};
    use Gives::{After, Before, IsZero};
    use Meaning::{
        AtomicStore, Exchange, Fence, Load, Lock as Locks, Nothing, Refused, Store, TryLock, Update,
    };
    [
        ("READ_ONCE", Load),
        ("ACCESS_ONCE", Load),
        ("smp_load_acquire", Load),
        ("rcu_dereference", Load),
        ("lockless_dereference", Load),
        ("atomic_read", Load),
        ("WRITE_ONCE", Store),
        ("smp_store_release", Store),
        ("rcu_assign_pointer", Store),
        ("atomic_set", Store),
        ("smp_store_mb", AtomicStore),
        ("set_mb", AtomicStore),
        ("xchg", Exchange),
        ("atomic_xchg", Exchange),
        ("smp_mb", Fence),
        ("mb", Fence),
        ("__sync_synchronize", Fence),
        ("smp_rmb", Nothing),
        ("smp_wmb", Nothing),
        ("rmb", Nothing),
        ("wmb", Nothing),
        ("barrier", Nothing),
        ("smp_read_barrier_depends", Nothing),
        ("smp_acquire__after_ctrl_dep", Nothing),
        ("smp_mb__before_atomic", Nothing),
        ("smp_mb__after_atomic", Nothing),
        ("smp_mb__after_spinlock", Nothing),
        ("smp_mb__after_unlock_lock", Nothing),
        ("spin_lock", Locks(Operation::Lock, Lock::Mutex)),
        ("spin_unlock", Locks(Operation::Unlock, Lock::Mutex)),
        ("mutex_lock", Locks(Operation::Lock, Lock::Mutex)),
        ("mutex_unlock", Locks(Operation::Unlock, Lock::Mutex)),
        ("spin_trylock", TryLock),
        ("read_lock", Locks(Operation::Read, Lock::ReadWrite)),
        ("read_unlock", Locks(Operation::Unlock, Lock::ReadWrite)),
        ("write_lock", Locks(Operation::Write, Lock::ReadWrite)),
        ("write_unlock", Locks(Operation::Unlock, Lock::ReadWrite)),
        ("atomic_inc", Update(Add, false, Gives::Nothing)),
        ("atomic_dec", Update(Subtract, false, Gives::Nothing)),
        ("atomic_add", Update(Add, true, Gives::Nothing)),
        ("atomic_sub", Update(Subtract, true, Gives::Nothing)),
        ("atomic_fetch_inc", Update(Add, false, Before)),
        ("atomic_fetch_dec", Update(Subtract, false, Before)),
        ("atomic_fetch_add", Update(Add, true, Before)),
        ("atomic_fetch_sub", Update(Subtract, true, Before)),
        ("atomic_inc_return", Update(Add, false, After)),
        ("atomic_dec_return", Update(Subtract, false, After)),
        ("atomic_add_return", Update(Add, true, After)),
        ("atomic_sub_return", Update(Subtract, true, After)),
        ("atomic_dec_and_test", Update(Subtract, false, IsZero)),
        ("rcu_read_lock", Refused(RCU)),
        ("synchronize_rcu", Refused(RCU)),
    ]
};

/// Returns what a function does, whatever order it asks for, and however wide its location is.
fn meaning(name: &str) -> Option<Meaning> {
    let known = |name: &str| {
        let found = FUNCTIONS.iter().find(|(known, _)| *known == name);
        found.map(|(_, meaning)| *meaning)
    };
    let mut plain = name.to_owned();
    for suffix in ["_relaxed", "_acquire", "_release"] {
        if known(&plain).is_none() {
            plain = plain.trim_end_matches(suffix).to_owned();
        }
    }
    for wide in ["atomic64_", "atomic_long_"] {
        if let Some(rest) = plain.strip_prefix(wide) {
            plain = format!("atomic_{rest}");
        }
    }
    known(&plain)
}

impl Function<'_, '_> {
    /// Reads a call.
    pub(super) fn call(&mut self) -> Parsed<Called> {
        let start = self.cursor.span();
        let name = self.cursor.name("a function")?.value;
        let Some(meaning) = meaning(&name) else {
            let message = format!("unknown function {}", shortened(&name));
            let known = FUNCTIONS.iter().map(|(known, _)| *known);
            return Err(Diagnostic::new(start, message)
                .label("not among those that miscount knows")
                .suggest(nearest(&name, known)));
        };
        if let Meaning::Refused(why) = meaning {
            let error = Diagnostic::new(start, format!("the function {name} is not read"));
            return Err(error.label(why));
        }
        self.cursor.expect_sign("(")?;
        let called = self.applied(meaning, start)?;
        self.cursor.expect_sign(")")?;
        Ok(called)
    }

    fn applied(&mut self, meaning: Meaning, start: Span) -> Parsed<Called> {
        let whole = |function: &Self| start.to(function.cursor.span());
        let act = |value, span| Called::Action(vec![Node { value, span }]);
        Ok(match meaning {
            Meaning::Load => Called::Value(value_of(self.place()?)),
            Meaning::Store | Meaning::AtomicStore => {
                // `atomic_set(x, 1)`, `WRITE_ONCE(*x, 1)`
                let to = self.place()?;
                self.cursor.expect_sign(",")?;
                let value = self.expression()?;
                let statement = Statement::Assign {
                    atomic: matches!(meaning, Meaning::AtomicStore),
                    to,
                    operator: None,
                    value,
                };
                act(statement, whole(self))
            }
            Meaning::Exchange => {
                let to = self.place()?;
                self.cursor.expect_sign(",")?;
                let value = self.expression()?;
                Called::Value(called(Calls::Swap, to, vec![value], whole(self)))
            }
            Meaning::Fence => act(Statement::Fence, whole(self)),
            Meaning::Nothing | Meaning::Refused(_) => Called::Action(Vec::new()),
            Meaning::Lock(operation, lock) => {
                let sort = match lock {
                    Lock::Mutex => Sort::Mutex,
                    Lock::ReadWrite => Sort::RwLock(Preference::ReadersFirst),
                };
                let lock = self.lock(sort)?;
                let operation = Node::new(operation, start);
                act(Statement::Operate(operation, lock, None), whole(self))
            }
            Meaning::TryLock => {
                let lock = self.lock(Sort::Mutex)?;
                Called::Value(called(Calls::TryLock, lock, Vec::new(), whole(self)))
            }
            Meaning::Update(operator, takes_value, gives) => {
                let by = if takes_value {
                    let by = self.expression()?;
                    self.cursor.expect_sign(",")?;
                    by
                } else {
                    Expression::number(1, start)
                };
                let to = self.place()?;
                self.updated((operator, gives), to, by, whole(self))?
            }
        })
    }

    fn updated(
        &self,
        (operator, gives): (BinaryOperator, Gives),
        to: Node<Mention>,
        by: Expression,
        span: Span,
    ) -> Parsed<Called> {
        if matches!(gives, Gives::Nothing) {
            let value = Statement::Assign {
                atomic: true,
                to,
                operator: Some(operator),
                value: by,
            };
            return Ok(Called::Action(vec![Node { value, span }]));
        }
        if !self.is_free(&by) {
            let error = Diagnostic::new(by.span, "this is a step of its own");
            return Err(error
                .label("expected a number or a variable of the thread")
                .suggest("read it into a variable before".to_owned()));
        }
        let added = match operator {
            BinaryOperator::Subtract => {
                Expression::binary(operator, Expression::number(0, span), by.clone())
            }
            _ => by.clone(),
        };
        let before = called(Calls::FetchAdd, to, vec![added], span);
        Ok(Called::Value(match gives {
            Gives::After => Expression::binary(operator, before, by),
            Gives::IsZero => {
                let after = Expression::binary(operator, before, by);
                Expression::binary(BinaryOperator::Equal, after, Expression::number(0, span))
            }
            Gives::Nothing | Gives::Before => before,
        }))
    }
}

fn called(
    function: Calls,
    to: Node<Mention>,
    arguments: Vec<Expression>,
    span: Span,
) -> Expression {
    Expression::leaf(Leaf::Call(function, to, arguments), span)
}
