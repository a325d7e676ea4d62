//! What is declared outside of threads.

use std::collections::BTreeMap;

use super::super::ast::{
    Declaration, Expression, Item, Leaf, Mention, RaceProgram, Sort, Spelling, Start, Term,
};
use super::super::checked::{Object, ObjectKind, Variable};
use super::super::diagnostic::{Diagnostic, Errors, Failure, nearest};
use super::super::source::Span;
use super::terms::resolve;

/// The most cells of all variables, and the most objects, of a program.
pub(super) const MOST_CELLS: usize = 4096;

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning {
    Parameter(i64),
    /// The place among the variables.
    Variable(usize),
    /// The place among the objects.
    Object(usize),
}

/// Everything that is declared outside of threads.
#[derive(Debug, Default)]
pub(super) struct Declared {
    names: BTreeMap<String, (Span, Meaning)>,
    pub(super) parameters: Vec<(String, i64)>,
    pub(super) variables: Vec<Variable>,
    pub(super) objects: Vec<Object>,
    cells: usize,
    units: usize,
}

impl Declared {
    /// Reads the declarations of a program in their order.
    pub(super) fn new(
        program: &RaceProgram,
        overrides: &[(String, i64)],
        errors: &mut Errors,
    ) -> Self {
        let mut declared = Self::default();
        for item in &program.items {
            if errors.is_full() {
                return declared;
            }
            match &item.value {
                Item::Parameter(name, value) => {
                    let set = overrides.iter().rev().find(|(set, _)| *set == name.value);
                    let value = set.map_or_else(|| declared.constant(value), |(_, set)| Ok(*set));
                    let value = errors.check(value).unwrap_or(1);
                    declared.parameters.push((name.value.clone(), value));
                    errors.check(declared.declare(name, Meaning::Parameter(value)));
                }
                Item::Shared(all) => {
                    for one in all {
                        errors.check(declared.variable(one));
                        if errors.is_full() {
                            return declared;
                        }
                    }
                }
                Item::Objects(sort, all) => {
                    for one in all {
                        errors.check(declared.object(sort, one));
                        if errors.is_full() {
                            return declared;
                        }
                    }
                }
                _ => {}
            }
        }
        for (name, _) in overrides {
            if !declared.parameters.iter().any(|(known, _)| known == name) {
                let known = declared.parameters.iter().map(|(known, _)| &**known);
                let error = Diagnostic::nowhere(format!("the program has no parameter '{name}'"));
                errors.push(*error.suggest(nearest(name, known)));
            }
        }
        declared
    }

    fn declare(&mut self, name: &Spelling, meaning: Meaning) -> Result<(), Failure> {
        if let Some((first, _)) = self.names.get(&name.value) {
            return Err(twice(name, *first));
        }
        self.names.insert(name.value.clone(), (name.span, meaning));
        Ok(())
    }

    /// Returns where a name is declared outside of threads.
    pub(super) fn place_of(&self, name: &str) -> Option<Span> {
        self.names.get(name).map(|(span, _)| *span)
    }

    /// Returns what a name stands for; `others` are names that are known here besides.
    pub(super) fn find<'a>(
        &'a self,
        name: &Spelling,
        others: impl IntoIterator<Item = &'a str>,
    ) -> Result<Meaning, Failure> {
        if let Some((_, meaning)) = self.names.get(&name.value) {
            return Ok(*meaning);
        }
        let known = self.names.keys().map(|name| &**name);
        let error = Diagnostic::new(name.span, format!("unknown name '{}'", name.value))
            .label("not declared");
        let near = nearest(&name.value, known.chain(others));
        Err(match (near, &*name.value) {
            (Some(near), _) => error.suggest(near),
            (None, "true") => error.suggest(String::from("write '1'")),
            (None, "false") => error.suggest(String::from("write '0'")),
            (None, _) => {
                error.note("declare it outside the threads: 'shared x', or 'mutex m' for a lock")
            }
        })
    }

    /// Returns what a name stands for, in words.
    pub(super) fn in_words(&self, meaning: Meaning) -> &'static str {
        match meaning {
            Meaning::Parameter(_) => "a parameter",
            Meaning::Variable(at) if self.variables[at].is_array => "a shared array",
            Meaning::Variable(_) => "a shared variable",
            Meaning::Object(at) => match self.objects[at].kind {
                ObjectKind::Mutex => "a mutex",
                ObjectKind::RwLock(_) => "a read-write lock",
                ObjectKind::Condition { .. } => "a condition",
                ObjectKind::Semaphore { .. } => "a semaphore",
                ObjectKind::Barrier { .. } => "a barrier",
            },
        }
    }

    /// Returns the error that a name stands for something else than what is needed here.
    pub(super) fn mixed(&self, name: &Spelling, meaning: Meaning, needed: &str) -> Failure {
        let word = self.in_words(meaning);
        let error = Diagnostic::new(
            name.span,
            format!("'{}' is {word}, not {needed}", name.value),
        )
        .label(format!("expected {needed}"));
        match self.place_of(&name.value) {
            Some(place) => error.related(place, "declared here"),
            None => error,
        }
    }

    /// Returns the value of an expression of numbers and parameters.
    pub(super) fn constant(&self, expression: &Expression) -> Result<i64, Failure> {
        let resolved = resolve(expression, &mut |leaf, span| match leaf {
            Leaf::Mention(mention) => match self.find(&mention.name, [])? {
                Meaning::Parameter(value) => {
                    check_index(mention, false, 1, None)?;
                    Ok(Term::<()>::Number(value))
                }
                meaning => Err(self.mixed(&mention.name, meaning, "a constant").note(
                    "the number must be known before the program runs; write it, or declare \
                           a 'param'",
                )),
            },
            _ => Err(Diagnostic::new(span, "not a constant")
                .label("expected numbers and parameters only")),
        })?;
        match resolved.value {
            Term::Number(value) => Ok(value),
            // Without leaves, every expression is worked out.
            _ => Err(Diagnostic::new(expression.span, "not a constant")),
        }
    }

    /// Returns the value of a constant that must be within bounds.
    pub(super) fn bounded(
        &self,
        expression: &Expression,
        what: &str,
        least: i64,
        most: usize,
    ) -> Result<usize, Failure> {
        let value = self.constant(expression)?;
        let number = usize::try_from(value).ok();
        let number = number.filter(|number| value >= least && *number <= most);
        number.ok_or_else(|| {
            Diagnostic::new(expression.span, format!("{what} cannot be {value}"))
                .label(format!("expected {least} to {most}"))
        })
    }

    /// Returns whether an object is one mutex, not an array.
    fn is_plain_mutex(&self, at: usize) -> bool {
        self.objects[at].kind == ObjectKind::Mutex && !self.objects[at].is_array
    }

    /// Returns how many there are under a name.
    fn length(&self, one: &Declaration) -> Result<usize, Failure> {
        let length = one.length.as_ref();
        length.map_or(Ok(1), |length| {
            self.bounded(length, "the size of an array", 1, MOST_CELLS)
        })
    }

    /// Returns the values of a variable at the start.
    fn values(&self, one: &Declaration) -> Result<Vec<i64>, Failure> {
        let length = self.length(one)?;
        let values = match &one.start {
            None => return Ok(vec![0; length]),
            Some(Start::All(value)) => return Ok(vec![self.constant(value)?; length]),
            Some(Start::Each(values)) => values,
        };
        let given = values.value.len();
        if one.length.is_some() && length != given {
            let message = format!("{given} values for an array of {length}");
            let error = Diagnostic::new(values.span, message);
            return Err(error.label(format!("expected {length} values")));
        }
        values
            .value
            .iter()
            .map(|value| self.constant(value))
            .collect()
    }

    fn variable(&mut self, one: &Declaration) -> Result<(), Failure> {
        let at = self.variables.len();
        self.declare(&one.name, Meaning::Variable(at))?;
        // Declared in any case, so that all that use the name do not become errors, too.
        let values = self.values(one);
        let cells = values.as_ref().map_or(0, Vec::len);
        let (start, error) = match values {
            Ok(values) => (values, None),
            Err(error) => (vec![0; MOST_CELLS], Some(error)),
        };
        self.variables.push(Variable {
            name: one.name.value.clone(),
            first: self.cells,
            start,
            is_array: one.length.is_some() || matches!(one.start, Some(Start::Each(_))),
        });
        self.cells = room_for(one, self.cells, cells)?;
        error.map_or(Ok(()), Err)
    }

    fn object(&mut self, sort: &Sort, one: &Declaration) -> Result<(), Failure> {
        let at = self.objects.len();
        let kind = self.kind(sort, one);
        let length = self.length(one);
        self.declare(&one.name, Meaning::Object(at))?;
        let units = *length.as_ref().unwrap_or(&0);
        self.objects.push(Object {
            name: one.name.value.clone(),
            kind: *kind.as_ref().unwrap_or(&sort_without_start(sort)),
            first: self.units,
            length: *length.as_ref().unwrap_or(&MOST_CELLS),
            is_array: one.length.is_some(),
        });
        self.units = room_for(one, self.units, units)?;
        length?;
        kind.map(|_| ())
    }

    fn kind(&self, sort: &Sort, one: &Declaration) -> Result<ObjectKind, Failure> {
        let number = |what: &str, least: i64, example: &str| {
            let Some(Start::All(value)) = &one.start else {
                let error = Diagnostic::new(one.name.span, format!("{what} is missing"));
                let name = &one.name.value;
                return Err(error.suggest(format!("write '{example} {name} = 1'")));
            };
            let most = usize::try_from(u32::MAX).unwrap_or(usize::MAX);
            let number = self.bounded(value, what, least, most)?;
            // At most `u32::MAX`.
            Ok(i64::try_from(number).unwrap_or(least))
        };
        match sort {
            Sort::Semaphore => {
                let start = number("the start of a semaphore", 0, "semaphore")?;
                return Ok(ObjectKind::Semaphore { start });
            }
            Sort::Barrier => {
                let size = number("the size of a barrier", 1, "barrier")?;
                return Ok(ObjectKind::Barrier { size });
            }
            _ if one.start.is_some() => {
                let message = format!("'{}' cannot have a value", one.name.value);
                let error = Diagnostic::new(one.name.span, message);
                return Err(
                    error.note("only variables, semaphores and barriers begin with a number")
                );
            }
            _ => {}
        }
        let Sort::Condition(mutex) = sort else {
            return Ok(sort_without_start(sort));
        };
        match self.find(mutex, [])? {
            Meaning::Object(at) if self.is_plain_mutex(at) => {
                Ok(ObjectKind::Condition { mutex: at })
            }
            meaning => Err(self.mixed(mutex, meaning, "a single mutex")),
        }
    }
}

/// Returns what an object is if nothing is known of its start.
fn sort_without_start(sort: &Sort) -> ObjectKind {
    match sort {
        Sort::Mutex => ObjectKind::Mutex,
        Sort::RwLock(preference) => ObjectKind::RwLock(*preference),
        Sort::Condition(_) => ObjectKind::Condition { mutex: 0 },
        Sort::Semaphore => ObjectKind::Semaphore { start: 0 },
        Sort::Barrier => ObjectKind::Barrier { size: 1 },
    }
}

/// Returns the sum, which has a limit.
fn room_for(one: &Declaration, taken: usize, more: usize) -> Result<usize, Failure> {
    let sum = taken + more;
    if sum <= MOST_CELLS {
        return Ok(sum);
    }
    let message = format!("more than {MOST_CELLS} elements in all");
    Err(Diagnostic::new(one.name.span, message).label("too large together with those before"))
}

pub(super) fn twice(name: &Spelling, first: Span) -> Failure {
    Diagnostic::new(name.span, format!("'{}' is declared twice", name.value))
        .label("declared again")
        .related(first, "first declared here")
}

/// Checks that a name has an index if it stands for an array, and none if not; and that a constant
/// index is in bounds.
pub(super) fn check_index(
    mention: &Mention,
    is_array: bool,
    length: usize,
    index: Option<i64>,
) -> Result<(), Failure> {
    let name = &mention.name.value;
    match (&mention.index, is_array) {
        (Some(written), false) => {
            let error = Diagnostic::new(written.span, format!("'{name}' is not an array"));
            Err(error.label("cannot have an index"))
        }
        (None, true) => {
            let error = Diagnostic::new(mention.name.span, format!("'{name}' is an array"));
            Err(error
                .label("expected an index")
                .suggest(format!("write '{name}[0]' for its first element")))
        }
        (Some(written), true) => match index.map(usize::try_from) {
            Some(index) if index.is_err() || index.is_ok_and(|index| index >= length) => {
                let error = Diagnostic::new(written.span, "the index is out of bounds");
                let last = length - 1;
                Err(error.label(format!("'{name}' has the elements 0 to {last}")))
            }
            _ => Ok(()),
        },
        (None, false) => Ok(()),
    }
}
