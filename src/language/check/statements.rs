//! What threads do.

use super::super::ast::{BinaryOperator, Body, Expression, Mention, Node, Spelling, Statement};
use super::super::checked::{CheckedStatement, Place, ThreadAction, ThreadLeaf};
use super::super::diagnostic::{Diagnostic, Errors, Failure};
use super::super::source::Span;
use super::names::{Declared, Meaning, check_index, twice};
use super::terms::{ThreadNames, mentions, takes_a_step};

/// The most rounds of a `repeat`.
const MOST_ROUNDS: usize = 1_000_000_000;

/// The most locals of a thread.
const MOST_LOCALS: usize = 256;

/// Checks what a group of threads does; returns the names of its locals and the actions.
pub(super) fn thread(
    declared: &Declared,
    body: &Body,
    errors: &mut Errors,
) -> (Vec<String>, Vec<CheckedStatement>) {
    let mut thread = Thread {
        names: ThreadNames {
            declared,
            locals: Vec::new(),
        },
        loops: 0,
        held: Vec::new(),
        errors,
    };
    let actions = thread.body(body);
    let locals = thread.names.locals.into_iter();
    (locals.map(|local| local.value).collect(), actions)
}

pub(super) struct Thread<'a> {
    pub(super) names: ThreadNames<'a>,
    /// How many loops are around this place.
    pub(super) loops: usize,
    /// The locks whose blocks are around this place, and how many loops are around each block.
    pub(super) held: Vec<(Place, usize)>,
    errors: &'a mut Errors,
}

impl Thread<'_> {
    pub(super) fn body(&mut self, body: &Body) -> Vec<CheckedStatement> {
        let mut actions = Vec::new();
        for statement in &body.value {
            if self.errors.is_full() {
                break;
            }
            let done = self.statement(statement, &mut actions);
            self.errors.check(done);
        }
        actions
    }

    fn statement(
        &mut self,
        statement: &Node<Statement>,
        actions: &mut Vec<CheckedStatement>,
    ) -> Result<(), Failure> {
        let span = statement.span;
        let value = match &statement.value {
            Statement::Local(declared) => {
                for (name, value) in declared {
                    actions.push(Node::new(self.local(name, value.as_ref())?, span));
                }
                return Ok(());
            }
            Statement::Assign {
                atomic,
                to,
                operator,
                value,
            } => self.assignment(*atomic, &to.value, *operator, value)?,
            Statement::Evaluate(call) => ThreadAction::Evaluate(self.names.expression(call)?),
            Statement::Await(condition) => self.wait_for(condition)?,
            Statement::Assert(condition) => ThreadAction::Assert(self.names.expression(condition)?),
            Statement::Fence => ThreadAction::Fence,
            Statement::If {
                condition,
                then,
                otherwise,
            } => {
                // The bodies are checked even if the condition is wrong.
                let condition = self.names.expression(condition);
                let then = self.body(then);
                let otherwise = otherwise.as_ref();
                let otherwise = otherwise.map_or_else(Vec::new, |body| self.body(body));
                ThreadAction::If(condition?, then, otherwise)
            }
            Statement::While(condition, body) => {
                let condition = self.names.expression(condition);
                let errors = self.errors.len();
                let body = self.round(body);
                let condition = condition?;
                let has_step = takes_a_step(&condition) || body.iter().any(has_step);
                // A loop may also work something out and then end.
                if !has_step && !body.iter().any(works) && self.errors.len() == errors {
                    return Err(loop_without_step(span));
                }
                ThreadAction::While(condition, body)
            }
            Statement::Repeat(times, body) => {
                let what = "the number of rounds";
                let times = self.names.declared.bounded(times, what, 0, MOST_ROUNDS);
                let body = self.round(body);
                ThreadAction::Repeat(times? as u64, body)
            }
            Statement::Break | Statement::Continue => {
                let is_break = matches!(statement.value, Statement::Break);
                if self.loops == 0 {
                    let word = if is_break { "break" } else { "continue" };
                    let error = Diagnostic::new(span, format!("'{word}' outside of a loop"));
                    return Err(error.label("no 'while' or 'repeat' around it"));
                }
                self.release(self.loops, span, actions);
                if is_break {
                    ThreadAction::Break
                } else {
                    ThreadAction::Continue
                }
            }
            Statement::Return => {
                self.release(0, span, actions);
                ThreadAction::Return
            }
            Statement::Operate(operation, object, body) => {
                return self.operation(
                    operation.value,
                    &object.value,
                    body.as_ref(),
                    span,
                    actions,
                );
            }
        };
        actions.push(Node { value, span });
        Ok(())
    }

    fn round(&mut self, body: &Body) -> Vec<CheckedStatement> {
        self.loops += 1;
        let body = self.body(body);
        self.loops -= 1;
        body
    }

    fn local(
        &mut self,
        name: &Spelling,
        value: Option<&Expression>,
    ) -> Result<ThreadAction, Failure> {
        let zero = Expression::number(0, name.span);
        // The name is not known yet to the right side.
        let value = value.map_or(Ok(zero), |value| self.names.expression(value));
        let first = self.names.local(&name.value);
        let first = first.map(|local| self.names.locals[local].span);
        if let Some(first) = first.or_else(|| self.names.declared.place_of(&name.value)) {
            return Err(twice(name, first));
        }
        let local = self.add_local(name.clone())?;
        Ok(ThreadAction::SetLocal(local, value?))
    }

    /// Adds a local, and returns its place.
    pub(super) fn add_local(&mut self, name: Spelling) -> Result<usize, Failure> {
        let locals = &mut self.names.locals;
        if locals.len() == MOST_LOCALS {
            let message = format!("more than {MOST_LOCALS} locals in a thread");
            return Err(Diagnostic::new(name.span, message));
        }
        locals.push(name);
        Ok(locals.len() - 1)
    }

    fn assignment(
        &self,
        atomic: bool,
        to: &Mention,
        operator: Option<BinaryOperator>,
        value: &Expression,
    ) -> Result<ThreadAction, Failure> {
        let name = &to.name;
        if let Some(local) = self.names.local(&name.value) {
            check_index(to, false, 1, None)?;
            if atomic {
                let error = Diagnostic::new(name.span, "'atomic' is for shared variables");
                return Err(error
                    .label("only this thread sees it")
                    .related(self.names.locals[local].span, "declared here"));
            }
            let value = self.names.expression(value)?;
            let Some(operator) = operator else {
                return Ok(ThreadAction::SetLocal(local, value));
            };
            let before = Expression::leaf(ThreadLeaf::Local(local), name.span);
            let value = Expression::binary(operator, before, value);
            return Ok(ThreadAction::SetLocal(local, value));
        }
        if let meaning @ Meaning::Parameter(_) = self.names.find(name)? {
            let error = self.names.declared.mixed(name, meaning, "a variable");
            return Err(error.note("a parameter keeps its value while the program runs"));
        }
        let place = self.names.variable(to)?;
        let resolved = self.names.expression(value)?;
        if atomic && mentions(&resolved, place.item) {
            let name = &name.value;
            let message = format!("'{name}' is loaded before the atomic step");
            return Err(Diagnostic::new(value.span, message)
                .label("another thread can run in between")
                .suggest(format!(
                    "write 'atomic {name} += ...' or use 'cas' or 'fetch_add'"
                )));
        }
        Ok(match (atomic, operator) {
            (false, None) => ThreadAction::Store(place, resolved),
            (false, Some(operator)) => ThreadAction::Update(place, operator, resolved),
            (true, None) => ThreadAction::AtomicStore(place, resolved),
            (true, Some(BinaryOperator::Multiply)) => {
                return Err(
                    Diagnostic::new(name.span, "'atomic' goes with '+=', '-=' and '='")
                        .label("processors have no atomic '*='")
                        .suggest("repeat a 'cas' until it stores".to_string()),
                );
            }
            (true, Some(operator)) => ThreadAction::AtomicUpdate(place, operator, resolved),
        })
    }

    /// Checks that `await` looks at one shared variable.
    fn wait_for(&self, condition: &Expression) -> Result<ThreadAction, Failure> {
        let mut condition = self.names.expression(condition)?;
        let mut awaited: Option<(Place, Span)> = None;
        let mut error = None;
        condition.for_each_leaf(&mut |leaf, span| match (&mut *leaf, &awaited) {
            (ThreadLeaf::Load(place), None) => {
                let index = place.index.as_deref();
                if index.is_some_and(takes_a_step) {
                    error = Some(two_awaited(span, "its index is shared, too"));
                }
                awaited = Some((place.clone(), span));
                *leaf = ThreadLeaf::Awaited;
            }
            (ThreadLeaf::Load(place), Some((first, _))) if place == first => {
                *leaf = ThreadLeaf::Awaited;
            }
            (ThreadLeaf::Load(_), Some((_, first))) => {
                let second = two_awaited(span, "the second one");
                error = Some(second.related(*first, "the first one"));
            }
            (ThreadLeaf::ThreadNumber | ThreadLeaf::Local(_) | ThreadLeaf::Awaited, _) => {}
            _ => error = Some(two_awaited(span, "does more than load a variable")),
        });
        if let Some(error) = error {
            return Err(error);
        }
        let Some((place, _)) = awaited else {
            let error = Diagnostic::new(condition.span, "'await' needs a shared variable");
            return Err(error.label("no other thread can make this true"));
        };
        Ok(ThreadAction::Await(place, condition))
    }
}

fn two_awaited(span: Span, label: &str) -> Failure {
    Diagnostic::new(span, "'await' can look at one shared variable only")
        .label(label)
        .note("one step loads one variable; for more, write 'while !(CONDITION) { }'")
}

fn loop_without_step(span: Span) -> Failure {
    Diagnostic::new(span, "this loop takes no step")
        .label("nothing here touches shared variables")
        .note("no other thread can run inside it or end it; use 'repeat N' for local work")
}

/// Returns whether an action changes a local, or leaves the loop around it.
fn works(action: &CheckedStatement) -> bool {
    let any = |body: &[CheckedStatement]| body.iter().any(works);
    match &action.value {
        ThreadAction::SetLocal(..) | ThreadAction::Break | ThreadAction::Return => true,
        ThreadAction::If(_, then, otherwise) => any(then) || any(otherwise),
        ThreadAction::While(_, body) | ThreadAction::Repeat(_, body) => any(body),
        _ => false,
    }
}

/// Returns whether a statement contains a step.
fn has_step(statement: &CheckedStatement) -> bool {
    match &statement.value {
        ThreadAction::SetLocal(_, value)
        | ThreadAction::Evaluate(value)
        | ThreadAction::Assert(value) => takes_a_step(value),
        ThreadAction::If(condition, then, otherwise) => {
            takes_a_step(condition) || then.iter().chain(otherwise).any(has_step)
        }
        ThreadAction::While(condition, body) => {
            takes_a_step(condition) || body.iter().any(has_step)
        }
        ThreadAction::Repeat(_, body) => body.iter().any(has_step),
        ThreadAction::Break | ThreadAction::Continue | ThreadAction::Return => false,
        ThreadAction::Store(..)
        | ThreadAction::Update(..)
        | ThreadAction::AtomicStore(..)
        | ThreadAction::AtomicUpdate(..)
        | ThreadAction::Await(..)
        | ThreadAction::Fence
        | ThreadAction::Operate(..) => true,
    }
}
