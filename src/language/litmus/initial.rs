//! The initial values of a test: `{ x=0; 0:EAX=1; uint64_t y; }`.

use std::collections::BTreeMap;

use super::super::ast::{Declaration, Expression, Item, Node, Spelling, Start};
use super::super::diagnostic::Diagnostic;
use super::super::source::Span;
use super::cursor::{Cursor, Parsed};
use super::lexer::TokenKind;

/// What is known of memory and registers before the threads start.
#[derive(Default)]
pub(super) struct Initial {
    /// The locations in the order of their first mention, each with its value and, for an array,
    /// its length.
    locations: Vec<(Spelling, Location)>,
    /// The values of registers.
    pub(super) registers: BTreeMap<(usize, String), (InitialValue, Span)>,
}

#[derive(Default)]
struct Location {
    values: Vec<i64>,
    length: Option<i64>,
}

/// The value of a register at the start.
pub(super) enum InitialValue {
    Number(i64),
    /// The address of this location.
    Address(String),
}

impl Initial {
    /// Makes a location known.
    pub(super) fn mention(&mut self, name: &Spelling) {
        self.location(name);
    }

    fn location(&mut self, name: &Spelling) -> &mut Location {
        let known = self
            .locations
            .iter()
            .position(|(known, _)| known.value == name.value);
        let at = known.unwrap_or_else(|| {
            self.locations.push((name.clone(), Location::default()));
            self.locations.len() - 1
        });
        &mut self.locations[at].1
    }

    /// Returns the declarations of all locations but of those that are locks.
    pub(super) fn declarations(self, is_lock: impl Fn(&str) -> bool) -> Option<Node<Item>> {
        let kept = self
            .locations
            .into_iter()
            .filter(|(name, _)| !is_lock(&name.value));
        let declared = kept.map(|(name, location)| {
            let span = name.span;
            let values = location.values.into_iter();
            let mut values: Vec<Expression> = values
                .map(|value| Expression::number(value, span))
                .collect();
            let length = location
                .length
                .map(|length| Expression::number(length, span));
            let start = match (&length, values.len()) {
                (_, 0) => None,
                (None, _) => values.pop().map(Start::All),
                (Some(_), _) => Some(Start::Each(Node::new(values, span))),
            };
            Declaration {
                name,
                length,
                start,
            }
        });
        let declared: Vec<_> = declared.collect();
        let span = declared.first()?.name.span;
        Some(Node::new(Item::Shared(declared), span))
    }
}

/// Reads the initial values with their braces. `register` says what a register is called.
pub(super) fn initial(
    cursor: &mut Cursor<'_>,
    register: impl Fn(&str) -> Option<String>,
) -> Parsed<Initial> {
    let mut initial = Initial::default();
    cursor.expect_sign("{")?;
    loop {
        while cursor.take_sign(";") || cursor.take_sign(",") {}
        if cursor.take_sign("}") {
            // Some tests end them with a semicolon.
            while cursor.take_sign(";") {}
            return Ok(initial);
        }
        one(cursor, &mut initial, &register)?;
        if !["}", ";", ","].iter().any(|sign| cursor.is_sign(sign)) {
            return Err(cursor.unexpected("';' or '}'"));
        }
    }
}

fn one(
    cursor: &mut Cursor<'_>,
    initial: &mut Initial,
    register: &impl Fn(&str) -> Option<String>,
) -> Parsed<()> {
    types(cursor);
    if let Some(thread) = cursor.thread() {
        // `0:int r0 = 1`
        types(cursor);
        let name = cursor.name("a register")?;
        let Some(known) = register(&name.value) else {
            let message = format!("'{}' is not a register", name.value);
            return Err(Diagnostic::new(name.span, message).label("expected a register"));
        };
        let value = if cursor.take_sign("=") {
            value(cursor, initial)?
        } else {
            InitialValue::Number(0)
        };
        initial
            .registers
            .insert((thread, known), (value, name.span));
        return Ok(());
    }
    let bracket = cursor.take_sign("[");
    let name = cursor.name("a location or a register, such as 'x' or '0:EAX'")?;
    if bracket {
        cursor.expect_sign("]")?;
    }
    let length = if !bracket && cursor.take_sign("[") {
        let length = cursor.number("the number of elements")?;
        cursor.expect_sign("]")?;
        Some(length)
    } else {
        None
    };
    let mut values = Vec::new();
    if cursor.take_sign("=") {
        let braces = cursor.take_sign("{");
        loop {
            let place = cursor.span();
            match value(cursor, initial)? {
                InitialValue::Number(number) => values.push(number),
                InitialValue::Address(of) => {
                    let message = format!("'{}' holds the address of '{of}'", name.value);
                    return Err(Diagnostic::new(place, message)
                        .label("expected a number")
                        .note("locations hold numbers; registers may hold addresses"));
                }
            }
            if !braces || !cursor.take_sign(",") {
                break;
            }
        }
        if braces {
            cursor.expect_sign("}")?;
        }
    }
    let length = length.or_else(|| {
        let several = values.len() > 1;
        several.then(|| i64::try_from(values.len()).unwrap_or(i64::MAX))
    });
    *initial.location(&name) = Location { values, length };
    Ok(())
}

/// Skips the type before a name: all words but the last, and stars.
pub(super) fn types(cursor: &mut Cursor<'_>) {
    let star = |kind| matches!(kind, TokenKind::Sign("*"));
    while cursor.kind() == TokenKind::Word
        && (cursor.kind_behind(1) == TokenKind::Word
            || star(cursor.kind_behind(1))
            || (matches!(cursor.kind_behind(1), TokenKind::Number(_))
                && cursor.kind_behind(2) == TokenKind::Sign(":")))
    {
        cursor.advance();
        while star(cursor.kind()) {
            cursor.advance();
        }
    }
    while star(cursor.kind()) {
        cursor.advance();
    }
}

fn value(cursor: &mut Cursor<'_>, initial: &mut Initial) -> Parsed<InitialValue> {
    let ampersand = cursor.take_sign("&");
    let parenthesis = !ampersand && cursor.take_sign("(");
    let value = if cursor.word().is_some() {
        let name = cursor.name("a location")?;
        initial.mention(&name);
        InitialValue::Address(name.value)
    } else if ampersand {
        return Err(cursor.unexpected("a location"));
    } else {
        InitialValue::Number(cursor.number("a number")?)
    };
    if parenthesis {
        cursor.expect_sign(")")?;
    }
    Ok(value)
}

/// Returns what a register holds at the start as the value of a local; `None` for an address.
pub(super) fn start_of(value: &InitialValue, span: Span) -> Option<Expression> {
    match value {
        InitialValue::Number(number) => Some(Expression::number(*number, span)),
        InitialValue::Address(_) => None,
    }
}
