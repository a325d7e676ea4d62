//! What states have in common, kept once.

use std::hash::Hash;

use rustc_hash::FxHashMap;

use super::data::{
    EventAccess, EventRecord, LockView, PlayedEnd, SharedView, StateWord, ThreadView,
};
use crate::model::{
    Effect, Ending, Goal, LockKind, Machine, MemoryModel, Mode, Status, Step, System, Var, Wait,
};
use crate::plan::Subject;
use crate::record::EndKind;

/// A list of different items.
#[derive(Debug)]
pub(super) struct Distinct<T> {
    pub(super) items: Vec<T>,
    places: FxHashMap<T, u32>,
}

impl<T: Clone + Eq + Hash> Distinct<T> {
    fn new() -> Self {
        Self {
            items: Vec::new(),
            places: FxHashMap::default(),
        }
    }

    /// Returns the place of an item, which is added unless it is there.
    fn place(&mut self, item: T) -> u32 {
        if let Some(place) = self.places.get(&item) {
            return *place;
        }
        // No page has room for 2^32.
        let place = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        self.items.push(item.clone());
        self.places.insert(item, place);
        place
    }
}

/// The lists to which schedules and states refer.
#[derive(Debug)]
pub(super) struct Tables<'s> {
    subject: &'s Subject,
    system: &'s System,
    goal: Option<Goal>,
    pub(super) shared: Distinct<SharedView>,
    pub(super) views: Distinct<ThreadView>,
    pub(super) events: Distinct<EventRecord>,
    pub(super) ends: Vec<PlayedEnd>,
}

impl<'s> Tables<'s> {
    pub(super) fn new(subject: &'s Subject, system: &'s System) -> Self {
        Self {
            subject,
            system,
            goal: subject.goal(),
            shared: Distinct::new(),
            views: Distinct::new(),
            events: Distinct::new(),
            ends: Vec::new(),
        }
    }

    /// Returns the state of a machine.
    pub(super) fn state(&mut self, machine: &Machine<'_>) -> StateWord {
        let shared = self.shared.place(shared(machine));
        let views = (0..self.system.threads()).map(|thread| view(machine, thread));
        let views = views.map(|view| self.views.place(view));
        StateWord(std::iter::once(shared).chain(views).collect())
    }

    /// Returns the place of what a step did.
    pub(super) fn event(&mut self, step: &Step) -> u32 {
        let (variable, access, value) = match step.effect {
            Effect::Read { variable, value } | Effect::Refused { variable, value } => {
                (Some(variable), EventAccess::Read, Some(value))
            }
            Effect::Wrote {
                variable, after, ..
            } if step.stores_constant() => (Some(variable), EventAccess::Set, Some(after)),
            Effect::Wrote {
                variable, after, ..
            } => (Some(variable), EventAccess::Write, Some(after)),
            Effect::Updated {
                variable, after, ..
            } => (Some(variable), EventAccess::Update, Some(after)),
            Effect::Buffered { value, .. } | Effect::Forwarded { value, .. } => {
                (None, EventAccess::None, Some(value))
            }
            _ => (None, EventAccess::None, None),
        };
        self.events.place(EventRecord(
            self.system.step_text(step),
            value.map(u64::cast_signed),
            access,
            variable.map(Var::index),
        ))
    }

    /// Returns the place of an end. Which threads wait in a deadlock makes no difference.
    pub(super) fn end(&mut self, ending: &Ending) -> usize {
        let goal = self.goal.as_ref();
        let end = PlayedEnd {
            kind: EndKind::of(ending),
            text: ending.text(self.system),
            correct: self.subject.is_correct(ending),
            goal: goal.is_some_and(|goal| goal.accepts(ending)),
        };
        let known = self.ends.iter().position(|known| *known == end);
        known.unwrap_or_else(|| {
            self.ends.push(end);
            self.ends.len() - 1
        })
    }
}

fn shared(machine: &Machine<'_>) -> SharedView {
    let system = machine.system();
    let variables = system.named_variables();
    let variables = variables.map(|(_, variable)| machine.variable(variable).cast_signed());
    let locks = system.named_locks().zip(system.lock_kinds());
    let locks = locks.map(|((_, lock), kind)| {
        let holders = machine.holders(lock);
        let held = match (kind, holders.first()) {
            (LockKind::Semaphore { .. }, _) => machine.permits(lock).to_string().into(),
            (_, None) => "free".into(),
            (_, Some((_, Mode::Shared))) => "read".into(),
            (_, Some(_)) => "held".into(),
        };
        LockView(
            held,
            holders.into_iter().map(|(thread, _)| thread).collect(),
        )
    });
    let queues = system.named_queues();
    let queues = queues.map(|(_, queue)| machine.queued(queue));
    SharedView(variables.collect(), locks.collect(), queues.collect())
}

fn view(machine: &Machine<'_>, thread: usize) -> ThreadView {
    let status = machine.status(thread);
    let (state, wait) = match status {
        Status::Ready => ("ready", None),
        Status::Blocked(wait) => ("blocked", Some(wait)),
        Status::Done => ("done", None),
        Status::Failed(_) => ("failed", None),
        Status::Halted => ("ended", None),
    };
    let waits_for = wait.map(|wait| match wait {
        Wait::Lock { lock, .. } => ("lock", lock.index()),
        Wait::Variable { variable, .. } | Wait::Change { variable } => {
            ("variable", variable.index())
        }
        Wait::Queue { queue } => ("queue", queue.index()),
        Wait::Buffer => ("buffer", thread),
    });
    let words = match status {
        Status::Blocked(wait) => Some(machine.describe(wait)),
        Status::Failed(failure) => Some(Ending::Failed(thread, failure).text(machine.system())),
        _ => None,
    };
    let registers = machine.system().program(thread).register_ids();
    let registers =
        registers.map(|register| machine.register(thread, register).map(u64::cast_signed));
    let stores = machine.buffered(thread).iter();
    let stores = stores.map(|(variable, value)| (variable.index(), value.cast_signed()));
    let has_buffer = machine.system().memory() == MemoryModel::Tso;
    let buffer = has_buffer.then(|| stores.collect());
    ThreadView(
        machine.at(thread),
        state,
        waits_for,
        words,
        registers.collect(),
        buffer,
    )
}
