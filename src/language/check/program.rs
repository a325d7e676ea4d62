//! A whole program.

use super::super::MOST_THREADS;
use super::super::ast::{Expression, Item, RaceProgram, Spelling, Target, Topic};
use super::super::checked::{CheckedProgram, Claim, FinalExpression, GoalText, ThreadGroup};
use super::super::diagnostic::{Diagnostic, Errors, Failure};
use super::super::print::{claim_text, expression_text};
use super::super::source::Span;
use super::ends::{Ends, cells};
use super::names::{Declared, MOST_CELLS, twice};
use super::statements::thread;
use crate::model::{Label, parse_label};

/// Checks a program, where parameters may have other values than it gives them: `--set N=5`, and
/// `threads` and `increments` as `-t` and `-i` set them.
///
/// # Errors
///
/// Returns what is wrong with it, in order of the places, at most ten diagnostics.
pub fn check(
    program: &RaceProgram,
    overrides: &[(String, i64)],
) -> Result<CheckedProgram, Vec<Diagnostic>> {
    let mut errors = Errors::default();
    let declared = Declared::new(program, overrides, &mut errors);
    let groups = groups(program, &declared, &mut errors);
    let ends = Ends {
        declared: &declared,
        groups: &groups,
    };
    let mut checked = CheckedProgram::default();
    let mut given = Vec::new();
    for item in &program.items {
        if errors.is_full() {
            break;
        }
        errors.check(add(item.span, &item.value, &ends, &mut given, &mut checked));
    }
    if !errors.is_empty() {
        return Err(errors.sorted());
    }
    if checked.shown.is_empty() {
        checked.shown = declared.variables.iter().flat_map(cells).collect();
    }
    checked.groups = groups;
    checked.parameters = declared.parameters;
    checked.variables = declared.variables;
    checked.objects = declared.objects;
    Ok(checked)
}

/// Resolves what a claim could speak of, which does not stand in the program itself: the text of an
/// option. The program has passed [`check`] with the same overrides.
///
/// # Errors
///
/// Returns what is wrong with the target; the places are in its own source.
pub fn check_target(
    program: &RaceProgram,
    overrides: &[(String, i64)],
    target: &Target<Expression>,
) -> Result<Target<FinalExpression>, Vec<Diagnostic>> {
    let mut errors = Errors::default();
    let declared = Declared::new(program, overrides, &mut errors);
    let groups = groups(program, &declared, &mut errors);
    let ends = Ends {
        declared: &declared,
        groups: &groups,
    };
    ends.target(target).map_err(|mut error| {
        // These are places in the program.
        error.related.clear();
        vec![*error]
    })
}

/// Adds what an item says of the whole program.
fn add(
    span: Span,
    item: &Item,
    ends: &Ends<'_>,
    given: &mut Vec<(&'static str, Span)>,
    checked: &mut CheckedProgram,
) -> Result<(), Failure> {
    let mut once = |word: &'static str| {
        if let Some((_, first)) = given.iter().find(|(known, _)| *known == word) {
            let error = Diagnostic::new(span, format!("'{word}' is given twice"));
            return Err(error
                .label("given again")
                .related(*first, "first given here"));
        }
        given.push((word, span));
        Ok(())
    };
    match item {
        Item::Topic(topic, text) => {
            once(topic.spelling())?;
            let texts = &mut checked.texts;
            let place = match topic {
                Topic::Title => &mut texts.title,
                Topic::Story => &mut texts.story,
                Topic::Lesson => &mut texts.lesson,
                Topic::Source => &mut texts.source,
                Topic::Theme => &mut texts.theme,
            };
            place.clone_from(&text.value);
        }
        Item::Spurious => checked.spurious = true,
        Item::Show(values) => {
            for one in values {
                checked.shown.extend(ends.shown(one)?);
                if checked.shown.len() > MOST_CELLS {
                    let message = format!("more than {MOST_CELLS} values are shown");
                    return Err(Diagnostic::new(one.span, message));
                }
            }
        }
        Item::Expect(condition) => {
            once("expect")?;
            checked.expected = Some(ends.condition(condition)?);
            checked.expectation = Some(expression_text(condition));
        }
        Item::Claim(quantifier, target, under_tso) => checked.claims.push(Claim {
            quantifier: *quantifier,
            target: ends.target(&target.value)?,
            under_tso: *under_tso,
            text: claim_text(*quantifier, &target.value, *under_tso),
        }),
        Item::Goal(target, text) => checked.goals.push(GoalText {
            target: ends.target(&target.value)?,
            text: text.value.clone(),
        }),
        _ => {}
    }
    Ok(())
}

/// Checks the threads of a program.
fn groups(program: &RaceProgram, declared: &Declared, errors: &mut Errors) -> Vec<ThreadGroup> {
    let mut groups: Vec<ThreadGroup> = Vec::new();
    let mut names: Vec<&Spelling> = Vec::new();
    let mut threads = 0;
    for item in &program.items {
        let Item::Threads { name, count, body } = &item.value else {
            continue;
        };
        if let Some(name) = name {
            match names.iter().find(|known| known.value == name.value) {
                Some(first) => errors.push(*twice(name, first.span)),
                None => names.push(name),
            }
        }
        if errors.is_full() {
            return groups;
        }
        let count = errors
            .check(count_of(count.as_ref(), threads, declared))
            .unwrap_or(1);
        let (locals, body) = thread(declared, body, errors);
        groups.push(ThreadGroup {
            name: name.as_ref().map(|name| name.value.clone()),
            span: item.span,
            first: threads,
            count,
            locals,
            body,
        });
        threads += count;
    }
    if threads == 0 {
        let message = if program.items.is_empty() {
            "the program is empty"
        } else {
            "the program has no threads"
        };
        let error = Diagnostic::nowhere(message);
        errors.push(*error.suggest(String::from("write 'threads 2 { ... }'")));
    }
    for name in names {
        let named = |group: &&ThreadGroup| group.name.as_ref() == Some(&name.value);
        let first = groups.iter().find(named).map(|group| group.first);
        let other = parse_label(&name.value).filter(|label| *label < threads);
        if other.is_some() && other != first {
            let message = format!("'{}' is the label of another thread", name.value);
            let label = Label(first.unwrap_or(0));
            errors.push(
                *Diagnostic::new(name.span, message)
                    .label(format!("this thread is labelled {label}"))
                    .note("threads are labelled A, B, C, ... in program order"),
            );
        }
    }
    groups
}

/// Returns how many threads an item adds to these many.
fn count_of(
    count: Option<&Expression>,
    before: usize,
    declared: &Declared,
) -> Result<usize, Failure> {
    let Some(count) = count else {
        return if before < MOST_THREADS {
            Ok(1)
        } else {
            Err(Diagnostic::nowhere(format!(
                "more than {MOST_THREADS} threads"
            )))
        };
    };
    let number = declared.bounded(count, "the number of threads", 1, MOST_THREADS)?;
    if before + number <= MOST_THREADS {
        return Ok(number);
    }
    let message = format!("more than {MOST_THREADS} threads in all");
    Err(Diagnostic::new(count.span, message))
}
