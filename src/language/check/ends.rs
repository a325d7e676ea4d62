//! What is said of the end of a program: final values, and what is expected of them.

use super::super::ast::{Expression, Leaf, Spelling, Target, Term};
use super::super::checked::{FinalExpression, FinalLeaf, ShownValue, ThreadGroup, Variable};
use super::super::diagnostic::{Diagnostic, Failure, nearest};
use super::super::print::expression_text;
use super::super::source::Span;
use super::names::{Declared, Meaning, check_index};
use super::terms::resolve;
use crate::model::{Label, parse_label};

/// What is there when all threads have finished.
pub(super) struct Ends<'a> {
    pub(super) declared: &'a Declared,
    pub(super) groups: &'a [ThreadGroup],
}

impl Ends<'_> {
    pub(super) fn target(
        &self,
        target: &Target<Expression>,
    ) -> Result<Target<FinalExpression>, Failure> {
        Ok(match target {
            Target::Values(condition) => Target::Values(self.condition(condition)?),
            Target::Deadlock => Target::Deadlock,
            Target::Livelock => Target::Livelock,
            Target::Assertion => Target::Assertion,
            Target::Fault => Target::Fault,
        })
    }

    pub(super) fn condition(&self, condition: &Expression) -> Result<FinalExpression, Failure> {
        resolve(condition, &mut |leaf, span| self.leaf(leaf, span))
    }

    fn leaf(&self, leaf: &Leaf, span: Span) -> Result<Term<FinalLeaf>, Failure> {
        let message = match leaf {
            Leaf::ThreadLocal(thread, local) => {
                return Ok(Term::Leaf(self.local(thread, local)?));
            }
            Leaf::Mention(mention) => match self.find(&mention.name)? {
                Meaning::Parameter(value) => {
                    check_index(mention, false, 1, None)?;
                    return Ok(Term::Number(value));
                }
                Meaning::Variable(at) => {
                    let variable = &self.declared.variables[at];
                    let index = mention.index.as_ref();
                    let index = index.map(|index| self.declared.constant(index));
                    let index = index.transpose()?;
                    check_index(mention, variable.is_array, variable.start.len(), index)?;
                    // The check holds a number that is not negative.
                    let offset = usize::try_from(index.unwrap_or(0)).unwrap_or(0);
                    return Ok(Term::Leaf(FinalLeaf::Cell(variable.first + offset)));
                }
                meaning @ Meaning::Object(_) => {
                    return Err(self.declared.mixed(&mention.name, meaning, "a number"));
                }
            },
            Leaf::ThreadNumber => "'self' is known to threads only",
            Leaf::Call(..) => "only threads can change variables",
        };
        let error = Diagnostic::new(span, message);
        Err(error.note("this is evaluated after all threads have finished"))
    }

    fn find(&self, name: &Spelling) -> Result<Meaning, Failure> {
        self.declared.find(name, []).map_err(|error| {
            let is_of = |group: &&ThreadGroup| group.locals.contains(&name.value);
            let group = self.groups.iter().find(is_of);
            let meant = group.map(|group| {
                let (label, name) = (Label(group.first), &name.value);
                format!("the local '{name}' of thread {label} is written '{label}.{name}'")
            });
            error.suggest(meant)
        })
    }

    /// Resolves `A.r`, where `A` is a thread's name or label.
    fn local(&self, thread: &Spelling, local: &Spelling) -> Result<FinalLeaf, Failure> {
        let named = |group: &&ThreadGroup| group.name.as_ref() == Some(&thread.value);
        let number = match self.groups.iter().find(named) {
            Some(group) if group.count > 1 => {
                let (count, first) = (group.count, Label(group.first));
                let message = format!("there are {count} threads '{}'", thread.value);
                let error = Diagnostic::new(thread.span, message);
                let local = &local.value;
                return Err(error.suggest(format!("write '{first}.{local}' for the first of them")));
            }
            Some(group) => Some(group.first),
            None => parse_label(&thread.value),
        };
        let holds = |group: &&ThreadGroup| {
            number.is_some_and(|at| (group.first..group.first + group.count).contains(&at))
        };
        let (Some(number), Some(group)) = (number, self.groups.iter().find(holds)) else {
            let known = self.groups.iter().filter_map(|group| group.name.as_deref());
            let threads = self.groups.last().map_or(0, |last| last.first + last.count);
            let label = match Label(threads.saturating_sub(1)) {
                Label(0) => "the only thread is A".into(),
                last => format!("the threads are A to {last}"),
            };
            let error = Diagnostic::new(thread.span, format!("no thread '{}'", thread.value));
            return Err(error.label(label).suggest(nearest(&thread.value, known)));
        };
        let locals = &group.locals;
        let found = locals.iter().position(|known| *known == local.value);
        found.map_or_else(
            || {
                let (thread, name) = (&thread.value, &local.value);
                let message = format!("thread '{thread}' has no local '{name}'");
                let known = locals.iter().map(|known| &**known);
                Err(Diagnostic::new(local.span, message).suggest(nearest(name, known)))
            },
            |local| {
                Ok(FinalLeaf::Local {
                    thread: number,
                    local,
                })
            },
        )
    }

    /// Resolves what `show` names: variables, arrays, elements and locals.
    pub(super) fn shown(&self, one: &Expression) -> Result<Vec<ShownValue>, Failure> {
        if let Term::Leaf(Leaf::Mention(mention)) = &one.value
            && mention.index.is_none()
            && let Meaning::Variable(at) = self.find(&mention.name)?
        {
            return Ok(cells(&self.declared.variables[at]).collect());
        }
        match self.condition(one)?.value {
            Term::Leaf(value) => {
                let name = self
                    .cell_name(value)
                    .unwrap_or_else(|| expression_text(one));
                Ok(vec![ShownValue { name, value }])
            }
            _ => Err(
                Diagnostic::new(one.span, "'show' takes names, not calculations")
                    .label("expected a shared variable, an element, or 'A.r'"),
            ),
        }
    }

    /// Returns what a cell is called.
    fn cell_name(&self, value: FinalLeaf) -> Option<String> {
        let FinalLeaf::Cell(cell) = value else {
            return None;
        };
        let variables = self.declared.variables.iter();
        let variable = variables.take_while(|one| one.first <= cell).last()?;
        Some(variable.cell_name(cell - variable.first))
    }
}

/// Returns the values of a variable or of a whole array.
pub(super) fn cells(variable: &Variable) -> impl Iterator<Item = ShownValue> + '_ {
    (0..variable.start.len()).map(|at| ShownValue {
        name: variable.cell_name(at),
        value: FinalLeaf::Cell(variable.first + at),
    })
}
