//! What threads share, declared in a system.

use super::super::ast::Preference;
use super::super::checked::{CheckedProgram, ObjectKind, element};
use crate::model::{LockId, QueueId, QueueKind, SystemBuilder, Var};

/// The variables, locks and queues of a program as the system knows them.
pub(super) struct Shared {
    /// For each cell.
    pub(super) cells: Vec<Var>,
    /// For each unit of each object.
    pub(super) units: Vec<Unit>,
}

/// What an object is to the system.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unit {
    /// A mutex or a semaphore.
    Lock(LockId),
    /// A read-write lock, and whether a waiting writer keeps new readers out.
    ReadWrite(LockId, bool),
    /// A condition variable and the object that is its mutex.
    Condition(QueueId, usize),
    /// A barrier.
    Barrier(QueueId),
}

impl Shared {
    /// Declares all that the threads of a program share.
    pub(super) fn declare(program: &CheckedProgram, system: &mut SystemBuilder) -> Self {
        let mut shared = Self {
            cells: Vec::new(),
            units: Vec::new(),
        };
        for variable in &program.variables {
            for (index, start) in variable.start.iter().enumerate() {
                let cell = system.variable(variable.cell_name(index), start.cast_unsigned());
                shared.cells.push(cell);
            }
        }
        for object in &program.objects {
            for index in 0..object.length {
                let name = element(&object.name, object.is_array, index);
                // What does not fit, no thread of a program can ever count up to.
                let number = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
                shared.units.push(match object.kind {
                    ObjectKind::Mutex => Unit::Lock(system.mutex(name)),
                    ObjectKind::Semaphore { start } => {
                        Unit::Lock(system.semaphore(name, number(start)))
                    }
                    ObjectKind::RwLock(preference) => {
                        let writers_first = preference == Preference::WritersFirst;
                        Unit::ReadWrite(system.rwlock(name), writers_first)
                    }
                    ObjectKind::Condition { mutex } => {
                        let spurious = program.spurious;
                        let queue = system.queue(name, QueueKind::Condition { spurious });
                        Unit::Condition(queue, program.objects[mutex].first)
                    }
                    ObjectKind::Barrier { size } => {
                        let size = number(size);
                        Unit::Barrier(system.queue(name, QueueKind::Barrier { size }))
                    }
                });
            }
        }
        shared
    }
}
