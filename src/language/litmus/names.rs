//! The registers and locations that a condition mentions.

use super::super::ast::{Expression, Leaf, Node, Spelling, Term};
use super::super::diagnostic::{Diagnostic, Failure, nearest};
use super::condition::{Names, place_text};
use super::cursor::Parsed;
use super::header::Language;
use super::initial::Initial;
use super::test::Thread;
use super::x86;

/// Calls a function on each location and register of a condition.
pub(super) fn mentions(condition: &Expression, act: &mut dyn FnMut(&Expression)) {
    match &condition.value {
        Term::Number(_) => {}
        Term::Leaf(_) => act(condition),
        Term::Unary(_, operand) => mentions(operand, act),
        Term::Binary(_, left, right) => {
            mentions(left, act);
            mentions(right, act);
        }
    }
}

/// The registers of X86 in the order in which herd shows them.
const ORDER: [&str; 8] = ["EAX", "EBX", "ECX", "EDX", "ESI", "EDI", "EBP", "ESP"];

/// Sorts places as herd does, and removes those that are there twice: registers by thread, then
/// locations.
pub(super) fn sort(places: &mut Vec<Expression>) {
    let key = |place: &Expression| match &place.value {
        Term::Leaf(Leaf::ThreadLocal(thread, register)) => {
            let thread = thread
                .value
                .trim_start_matches('P')
                .parse()
                .unwrap_or(usize::MAX);
            let rank = ORDER.iter().position(|known| *known == register.value);
            (thread, rank.unwrap_or(ORDER.len()), register.value.clone())
        }
        Term::Leaf(leaf) => (usize::MAX, 0, place_text(leaf)),
        _ => (usize::MAX, 0, String::new()),
    };
    places.sort_by_cached_key(key);
    places.dedup_by_key(|place| key(place));
}

/// What the condition of a test mentions.
pub(super) struct Mentioned<'a> {
    pub(super) language: Language,
    pub(super) initial: &'a mut Initial,
    pub(super) threads: &'a mut [Thread],
}

impl Names for Mentioned<'_> {
    fn register(&mut self, thread: usize, name: Spelling) -> Parsed<Spelling> {
        let threads = self.threads.len();
        let Some(of) = self.threads.get_mut(thread) else {
            let message = format!("there is no thread P{thread}");
            let last = threads.saturating_sub(1);
            return Err(
                Diagnostic::new(name.span, message).label(format!("the last one is P{last}"))
            );
        };
        let known = match self.language {
            Language::X86 => x86::register(&name.value),
            Language::C => of.knows(&name.value).then(|| name.value.clone()),
        };
        let Some(known) = known else {
            return Err(unknown(thread, &name, of, self.language));
        };
        of.uses(&known, name.span);
        Ok(Node::new(known, name.span))
    }

    fn location(&mut self, name: &Spelling) {
        self.initial.mention(name);
    }
}

fn unknown(thread: usize, name: &Spelling, of: &Thread, language: Language) -> Failure {
    let what = match language {
        Language::X86 => "register",
        Language::C => "variable",
    };
    let message = format!("thread P{thread} has no {what} '{}'", name.value);
    let known = of.locals.iter().map(|local| &*local.value);
    Diagnostic::new(name.span, message)
        .label(format!("not a {what} of this thread"))
        .suggest(nearest(&name.value, known))
}

/// The words of a question about a test.
pub(super) struct Asked;

impl Names for Asked {
    fn register(&mut self, _thread: usize, name: Spelling) -> Parsed<Spelling> {
        let known = x86::register(&name.value).unwrap_or(name.value);
        Ok(Node::new(known, name.span))
    }

    fn location(&mut self, _name: &Spelling) {}
}
