//! A whole test: from its text to a race program.

use std::collections::BTreeMap;

pub use super::super::ast::LitmusQuantifier;
use super::super::ast::{
    Body, Declaration, Expression, Item, LitmusQuantifier as Asks, Node, Quantifier, RaceProgram,
    Spelling, Statement, Target, Topic,
};
use super::super::checked::{CheckedProgram, FinalExpression};
use super::super::diagnostic::Diagnostic;
use super::super::source::{SourceFile, Span};
use super::super::{MOST_BYTES, check_target, parse_target};
use super::condition::{Tail, alone, and, not, or, tail, text};
use super::cursor::{Cursor, Parsed};
use super::header::{Header, Language, header};
use super::initial::{Initial, initial, start_of};
use super::lexer::tokens;
use super::names::{Asked, Mentioned, mentions, sort};
use super::{c, x86};

/// What a litmus test says beside its program.
#[derive(Clone, Debug)]
pub struct LitmusTest {
    /// The name in its header.
    pub name: String,
    /// What it asks of the final states.
    pub quantifier: LitmusQuantifier,
    /// Its condition as herd prints it, without its quantifier.
    pub herd: String,
    /// Its condition.
    pub condition: FinalExpression,
    /// What must hold of a final state for it to be looked at.
    pub filter: Option<FinalExpression>,
}

/// A thread of a test.
pub(super) struct Thread {
    /// Its number, from 0.
    pub(super) number: usize,
    /// Where its code begins.
    pub(super) span: Span,
    /// Its registers and variables.
    pub(super) locals: Vec<Spelling>,
    /// What it does.
    pub(super) body: Body,
}

impl Thread {
    pub(super) fn new(number: usize, span: Span) -> Self {
        Self {
            number,
            span,
            locals: Vec::new(),
            body: Node::new(Vec::new(), span),
        }
    }

    /// Makes a register or a variable of this thread known.
    pub(super) fn uses(&mut self, name: &str, span: Span) {
        if !self.knows(name) {
            self.locals.push(Node::new(name.to_owned(), span));
        }
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        self.locals.iter().any(|local| local.value == name)
    }

    /// Returns it as an item, with what its registers hold at the start.
    fn item(mut self, initial: &Initial) -> Node<Item> {
        let value = |local: Spelling| {
            let start = initial.registers.get(&(self.number, local.value.clone()));
            let start = start.and_then(|(value, span)| start_of(value, *span));
            (local, start)
        };
        let locals: Vec<_> = self.locals.into_iter().map(value).collect();
        if !locals.is_empty() {
            let span = self.span;
            self.body
                .value
                .insert(0, Node::new(Statement::Local(locals), span));
        }
        let name = Node::new(format!("P{}", self.number), self.span);
        Node::new(
            Item::Threads {
                name: Some(name),
                count: None,
                body: self.body,
            },
            self.span,
        )
    }
}

/// A test whose names are not resolved yet.
pub(in super::super) struct ParsedTest {
    /// The program that it is.
    pub(in super::super) program: RaceProgram,
    name: String,
    quantifier: LitmusQuantifier,
    text: String,
    condition: Expression,
    filter: Option<Expression>,
}

/// Reads a litmus test.
///
/// # Errors
///
/// The first thing that is wrong with it, and each character that belongs to no test.
pub(in super::super) fn read(source: &SourceFile) -> Result<ParsedTest, Vec<Diagnostic>> {
    let size = source.text().len();
    if size > MOST_BYTES {
        let error =
            format!("the test is too large: {size} bytes, and at most {MOST_BYTES} are read");
        return Err(vec![*Diagnostic::nowhere(error)]);
    }
    let header = header(source.text()).map_err(|error| vec![*error])?;
    let (tokens, mut errors) = tokens(source.text(), header.end, header.language == Language::C);
    let mut cursor = Cursor::new(source.text(), tokens);
    let test = parsed(&mut cursor, header);
    // What stands behind the condition is not read.
    let reached = cursor.span().end;
    errors.retain(|error| error.span.is_some_and(|span| span.start < reached));
    match test {
        Ok(test) if errors.is_empty() => Ok(test),
        Ok(_) => Err(errors),
        Err(error) => {
            errors.push(*error);
            errors.sort_by_key(|error| error.span);
            Err(errors)
        }
    }
}

fn parsed(cursor: &mut Cursor<'_>, header: Header) -> Parsed<ParsedTest> {
    let register = |name: &str| match header.language {
        Language::X86 => x86::register(name),
        Language::C => Some(name.to_owned()),
    };
    let start = cursor.span();
    let mut initial = initial(cursor, register)?;
    let mut locks = BTreeMap::new();
    let mut threads = match header.language {
        Language::X86 => x86::threads(cursor, &mut initial)?,
        Language::C => c::threads(cursor, &mut initial, &mut locks)?,
    };
    let mut names = Mentioned {
        language: header.language,
        initial: &mut initial,
        threads: &mut threads,
    };
    let mut tail = tail(cursor, &mut names)?;
    // What the condition mentions is shown, in the order in which herd shows it.
    let mut shown = std::mem::take(&mut tail.locations);
    mentions(&tail.condition, &mut |place| shown.push(place.clone()));
    let mut items = vec![topic(Topic::Title, header.name.clone(), start)];
    if !header.about.is_empty() {
        items.push(topic(Topic::Story, header.about, start));
    }
    for (name, sort) in &locks {
        let declared = Declaration {
            name: Node::new(name.clone(), start),
            length: None,
            start: None,
        };
        items.push(Node::new(
            Item::Objects(sort.clone(), vec![declared]),
            start,
        ));
    }
    let threads = threads.into_iter().map(|thread| thread.item(&initial));
    let threads: Vec<_> = threads.collect();
    items.extend(initial.declarations(|name| locks.contains_key(name)));
    items.extend(threads);
    if !shown.is_empty() {
        sort(&mut shown);
        items.push(Node::new(Item::Show(shown), tail.span));
    }
    items.extend(judgement(&tail));
    let text = cursor.text(tail.span).split_whitespace();
    let text = text.collect::<Vec<_>>().join(" ");
    Ok(ParsedTest {
        program: RaceProgram { items },
        name: header.name,
        quantifier: tail.quantifier,
        text: if text.is_empty() {
            "forall true".into()
        } else {
            text
        },
        condition: tail.condition,
        filter: tail.filter,
    })
}

fn topic(topic: Topic, text: String, span: Span) -> Node<Item> {
    Node::new(Item::Topic(topic, Node::new(text, span)), span)
}

/// Returns what the condition claims, and which outcomes are correct. A condition that asks whether
/// a state exists calls no state wrong.
fn judgement(tail: &Tail) -> Vec<Node<Item>> {
    let span = tail.span;
    let condition = tail.condition.clone();
    let within = |condition| match &tail.filter {
        Some(filter) => and(filter.clone(), condition),
        None => condition,
    };
    let (quantifier, target, expected) = match tail.quantifier {
        Asks::Exists => (Quantifier::Sometimes, within(condition), None),
        Asks::NotExists => {
            let seen = within(condition);
            (Quantifier::Never, seen.clone(), Some(not(seen)))
        }
        Asks::Forall => {
            let all = match &tail.filter {
                Some(filter) => or(not(filter.clone()), condition),
                None => condition,
            };
            (Quantifier::Always, all.clone(), Some(all))
        }
    };
    let target = Node::new(Target::Values(target), span);
    let claim = Item::Claim(quantifier, target, false);
    let expected = expected.map(Item::Expect);
    let items = expected.into_iter().chain([claim]);
    items.map(|value| Node::new(value, span)).collect()
}

/// Reads what is asked of the outcomes of a test: `0:EAX=0 /\ x=1`, or what can be asked of any
/// race program.
///
/// # Errors
///
/// What is wrong with the question.
pub(in super::super) fn question(
    question: &SourceFile,
) -> Result<Target<Expression>, Vec<Diagnostic>> {
    let usual = parse_target(question);
    let (tokens, errors) = tokens(question.text(), 0, false);
    if usual.is_ok() || !errors.is_empty() {
        return usual.map(|target| target.value);
    }
    let mut cursor = Cursor::new(question.text(), tokens);
    let condition = alone(&mut cursor, &mut Asked).map_err(|error| vec![*error])?;
    Ok(Target::Values(condition))
}

impl ParsedTest {
    /// Resolves the names of its condition. The program has passed the checks.
    ///
    /// # Errors
    ///
    /// What is wrong with the condition.
    pub(in super::super) fn resolved(
        self,
        program: &RaceProgram,
        checked: &mut CheckedProgram,
    ) -> Result<LitmusTest, Vec<Diagnostic>> {
        let resolve = |condition: &Expression| {
            let target = Target::Values(condition.clone());
            match check_target(program, &[], &target)? {
                Target::Values(condition) => Ok(condition),
                // It stays what it is.
                _ => Err(Vec::new()),
            }
        };
        for claim in &mut checked.claims {
            claim.text.clone_from(&self.text);
        }
        Ok(LitmusTest {
            condition: resolve(&self.condition)?,
            filter: self.filter.as_ref().map(resolve).transpose()?,
            herd: text(&self.condition),
            name: self.name,
            quantifier: self.quantifier,
        })
    }
}
