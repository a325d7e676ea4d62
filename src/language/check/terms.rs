//! Expressions: names are replaced by what they stand for, and what is constant is worked out.

use super::super::ast::{
    BinaryOperator, Expression, Function, Leaf, Mention, Node, Spelling, Term,
};
use super::super::checked::{ObjectKind, Place, ThreadExpression, ThreadLeaf};
use super::super::diagnostic::{Diagnostic, Failure};
use super::super::source::Span;
use super::names::{Declared, Meaning, check_index};

/// What a leaf stands for.
type Meant<L> = Result<Term<L>, Failure>;

/// Replaces each leaf of an expression, and works out what is constant.
pub(super) fn resolve<L>(
    expression: &Expression,
    leaf: &mut dyn FnMut(&Leaf, Span) -> Meant<L>,
) -> Result<Expression<L>, Failure> {
    let span = expression.span;
    let value = match &expression.value {
        Term::Number(number) => Term::Number(*number),
        Term::Leaf(one) => leaf(one, span)?,
        Term::Unary(operator, operand) => match resolve(operand, leaf)? {
            Node {
                value: Term::Number(number),
                ..
            } => Term::Number(operator.apply(number)),
            operand => Term::Unary(*operator, Box::new(operand)),
        },
        Term::Binary(operator, left, right) => {
            let left = resolve(left, leaf)?;
            let right = resolve(right, leaf)?;
            let divides = matches!(operator, BinaryOperator::Divide | BinaryOperator::Remainder);
            if divides && matches!(right.value, Term::Number(0)) {
                let error = Diagnostic::new(right.span, "division by zero");
                return Err(error.label("is always 0"));
            }
            let both = match (&left.value, &right.value) {
                (Term::Number(left), Term::Number(right)) => operator.apply(*left, *right),
                _ => None,
            };
            both.map_or_else(
                || Term::Binary(*operator, Box::new(left), Box::new(right)),
                Term::Number,
            )
        }
    };
    Ok(Node { value, span })
}

/// The names that a thread knows: what is declared, and its own locals.
pub(super) struct ThreadNames<'a> {
    pub(super) declared: &'a Declared,
    /// Each local so far, and where it is declared.
    pub(super) locals: Vec<Spelling>,
}

impl ThreadNames<'_> {
    pub(super) fn local(&self, name: &str) -> Option<usize> {
        self.locals.iter().position(|local| local.value == name)
    }

    /// Returns what a name stands for that is not a local.
    pub(super) fn find(&self, name: &Spelling) -> Result<Meaning, Failure> {
        let locals = self.locals.iter().map(|local| &*local.value);
        self.declared.find(name, locals.chain(["self"]))
    }

    /// Resolves an expression that a thread evaluates.
    pub(super) fn expression(&self, expression: &Expression) -> Result<ThreadExpression, Failure> {
        resolve(expression, &mut |leaf, span| self.leaf(leaf, span))
    }

    fn leaf(&self, leaf: &Leaf, span: Span) -> Result<Term<ThreadLeaf>, Failure> {
        let leaf = match leaf {
            Leaf::ThreadNumber => ThreadLeaf::ThreadNumber,
            Leaf::ThreadLocal(thread, local) => {
                let (thread, local) = (&thread.value, &local.value);
                let error =
                    Diagnostic::new(span, "a thread cannot read a local by its thread's name");
                return Err(error.note(format!(
                    "'{thread}.{local}' is its final value, for 'show', 'expect', claims and goals"
                )));
            }
            Leaf::Mention(mention) => match self.local(&mention.name.value) {
                Some(local) => {
                    check_index(mention, false, 1, None)?;
                    ThreadLeaf::Local(local)
                }
                None => match self.find(&mention.name)? {
                    Meaning::Parameter(value) => {
                        check_index(mention, false, 1, None)?;
                        return Ok(Term::Number(value));
                    }
                    Meaning::Variable(_) => ThreadLeaf::Load(self.variable(mention)?),
                    meaning @ Meaning::Object(_) => {
                        return Err(self.declared.mixed(&mention.name, meaning, "a number"));
                    }
                },
            },
            Leaf::Call(function, mention, arguments) => {
                self.call(*function, &mention.value, arguments, span)?
            }
        };
        Ok(Term::Leaf(leaf))
    }

    fn call(
        &self,
        function: Function,
        mention: &Mention,
        arguments: &[Expression],
        span: Span,
    ) -> Result<ThreadLeaf, Failure> {
        if function == Function::TryLock {
            let place = self.object(mention, "a mutex", &|kind| kind == ObjectKind::Mutex)?;
            return match arguments {
                [] => Ok(ThreadLeaf::TryLock(place)),
                _ => Err(Diagnostic::new(
                    span,
                    "'trylock' takes a mutex and nothing else",
                )),
            };
        }
        let place = self.variable(mention)?;
        let each = arguments.iter().map(|argument| self.expression(argument));
        let mut each = each
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .map(Box::new);
        let form = match (function, each.next(), each.next(), each.next()) {
            (Function::FetchAdd, Some(by), None, _) => return Ok(ThreadLeaf::FetchAdd(place, by)),
            (Function::Swap, Some(new), None, _) => return Ok(ThreadLeaf::Swap(place, new)),
            (Function::CompareAndSwap, Some(old), Some(new), None) => {
                return Ok(ThreadLeaf::CompareAndSwap(place, old, new));
            }
            (Function::CompareAndSwap, ..) => "cas(x, old, new)",
            (Function::Swap, ..) => "swap(x, new)",
            _ => "fetch_add(x, number)",
        };
        let word = function.spelling();
        let error = Diagnostic::new(span, format!("wrong number of values for '{word}'"));
        Err(error.label(format!("expected {form}")))
    }

    /// Resolves a mention of a shared variable or of an element.
    pub(super) fn variable(&self, mention: &Mention) -> Result<Place, Failure> {
        if let Some(local) = self.local(&mention.name.value) {
            let name = &mention.name.value;
            let error = Diagnostic::new(
                mention.name.span,
                format!("'{name}' is a local, not a shared variable"),
            );
            return Err(error
                .label("only this thread sees it")
                .related(self.locals[local].span, "declared here"));
        }
        match self.find(&mention.name)? {
            Meaning::Variable(item) => {
                let variable = &self.declared.variables[item];
                self.place(item, mention, variable.is_array, variable.start.len())
            }
            meaning => Err(self
                .declared
                .mixed(&mention.name, meaning, "a shared variable")),
        }
    }

    /// Resolves a mention of an object that an operation is for.
    pub(super) fn object(
        &self,
        mention: &Mention,
        needed: &str,
        fits: &dyn Fn(ObjectKind) -> bool,
    ) -> Result<Place, Failure> {
        let name = &mention.name;
        if let Some(local) = self.local(&name.value) {
            let error = Diagnostic::new(
                name.span,
                format!("'{}' is a local, not {needed}", name.value),
            );
            return Err(error.related(self.locals[local].span, "declared here"));
        }
        match self.find(name)? {
            Meaning::Object(item) if fits(self.declared.objects[item].kind) => {
                let object = &self.declared.objects[item];
                self.place(item, mention, object.is_array, object.length)
            }
            meaning => {
                let error = self.declared.mixed(name, meaning, needed);
                let name = &name.value;
                let is_rwlock = self.declared.in_words(meaning) == "a read-write lock";
                let meant = is_rwlock.then(|| format!("write 'read {name}' or 'write {name}'"));
                Err(error.suggest(meant))
            }
        }
    }

    fn place(
        &self,
        item: usize,
        mention: &Mention,
        is_array: bool,
        length: usize,
    ) -> Result<Place, Failure> {
        let index = mention.index.as_ref();
        let index = index.map(|index| self.expression(index)).transpose()?;
        let constant = index.as_ref().and_then(|index| match index.value {
            Term::Number(number) => Some(number),
            _ => None,
        });
        check_index(mention, is_array, length, constant)?;
        let index = index.map(Box::new);
        Ok(Place { item, index })
    }
}

/// Returns whether the evaluation of an expression takes a step.
pub(super) fn takes_a_step(expression: &ThreadExpression) -> bool {
    expression.any_leaf(&|leaf| {
        !matches!(
            leaf,
            ThreadLeaf::ThreadNumber | ThreadLeaf::Local(_) | ThreadLeaf::Awaited
        )
    })
}

/// Returns whether an expression mentions a shared variable.
pub(super) fn mentions(expression: &ThreadExpression, variable: usize) -> bool {
    expression.any_within(&|leaf| match leaf {
        ThreadLeaf::Load(place)
        | ThreadLeaf::FetchAdd(place, _)
        | ThreadLeaf::Swap(place, _)
        | ThreadLeaf::CompareAndSwap(place, ..) => place.item == variable,
        _ => false,
    })
}
