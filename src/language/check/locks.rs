//! Operations on locks and other objects. A block is turned into its beginning and all its ends.

use super::super::ast::{Body, Expression, Mention, Node, Operation, Term};
use super::super::checked::{CheckedStatement, ObjectKind, Place, ThreadAction, ThreadLeaf};
use super::super::diagnostic::{Diagnostic, Failure};
use super::super::source::Span;
use super::statements::Thread;

/// The most locks whose blocks are inside of each other: each way out releases all.
const MOST_BLOCKS: usize = 16;

impl Thread<'_> {
    pub(super) fn operation(
        &mut self,
        operation: Operation,
        object: &Mention,
        body: Option<&Body>,
        span: Span,
        actions: &mut Vec<CheckedStatement>,
    ) -> Result<(), Failure> {
        let fits = |kind| match operation {
            Operation::Lock => kind == ObjectKind::Mutex,
            Operation::Unlock => matches!(kind, ObjectKind::Mutex | ObjectKind::RwLock(_)),
            Operation::Read | Operation::Write => matches!(kind, ObjectKind::RwLock(_)),
            Operation::Wait | Operation::Notify | Operation::NotifyAll => {
                matches!(kind, ObjectKind::Condition { .. })
            }
            Operation::Acquire | Operation::Release => {
                matches!(kind, ObjectKind::Semaphore { .. })
            }
            Operation::Arrive => matches!(kind, ObjectKind::Barrier { .. }),
        };
        let place = self.names.object(object, operation.acts_on(), &fits);
        let Some(body) = body else {
            actions.push(Node::new(ThreadAction::Operate(operation, place?), span));
            return Ok(());
        };
        let mut place = match place {
            Ok(place) => place,
            Err(error) => {
                self.body(body);
                return Err(error);
            }
        };
        self.keep_index(&mut place, object, span, actions)?;
        actions.push(Node::new(
            ThreadAction::Operate(operation, place.clone()),
            span,
        ));
        if self.held.len() == MOST_BLOCKS {
            let message = format!("more than {MOST_BLOCKS} locks inside of each other");
            return Err(Diagnostic::new(span, message));
        }
        self.held.push((place.clone(), self.loops));
        actions.extend(self.body(body));
        self.held.pop();
        let value = ThreadAction::Operate(Operation::Unlock, place);
        let span = Span {
            start: body.span.end - 1,
            end: body.span.end,
        };
        actions.push(Node { value, span });
        Ok(())
    }

    /// Keeps the index of a lock in a local of its own: it could be another one at the end of the
    /// block.
    fn keep_index(
        &mut self,
        place: &mut Place,
        object: &Mention,
        span: Span,
        actions: &mut Vec<CheckedStatement>,
    ) -> Result<(), Failure> {
        let Some(index) = &mut place.index else {
            return Ok(());
        };
        if matches!(index.value, Term::Number(_)) {
            return Ok(());
        }
        // No name that a program can spell.
        let local = self.add_local(Node::new(format!("{}[...]", object.name.value), span))?;
        let kept = Expression::leaf(ThreadLeaf::Local(local), index.span);
        let index = std::mem::replace(&mut **index, kept);
        actions.push(Node::new(ThreadAction::SetLocal(local, index), span));
        Ok(())
    }

    /// Releases the locks whose blocks are left, the innermost first: those inside of this many
    /// loops.
    pub(super) fn release(&self, loops: usize, span: Span, actions: &mut Vec<CheckedStatement>) {
        let left = self
            .held
            .iter()
            .rev()
            .filter(|(_, around)| *around >= loops);
        actions.extend(left.map(|(place, _)| {
            Node::new(
                ThreadAction::Operate(Operation::Unlock, place.clone()),
                span,
            )
        }));
    }
}
