//! A race: a program as a system of the model, and what the program says of its outcomes.

use super::super::ast::{BinaryOperator, Expression, Quantifier, Target, Term};
use super::super::checked::{
    CheckedProgram, CheckedStatement, Claim, FinalExpression, FinalLeaf, ShownValue, ThreadAction,
    ThreadExpression, ThreadGroup, ThreadLeaf, Variable,
};
use super::super::diagnostic::Diagnostic;
use super::super::litmus::LitmusTest;
use super::super::source::SourceFile;
use super::body::Body;
use super::shared::Shared;
use crate::model::{
    Census, Ending, Fault, Label, MemoryModel, ModelError, Outcome, Program, Shown, System,
};

/// A program that can be run: a system, whose values at the end are those the program shows, then
/// those that only its conditions mention.
#[derive(Clone, Debug)]
pub struct Race {
    /// What was compiled: its name and its lines.
    pub source: SourceFile,
    /// What was compiled.
    pub program: CheckedProgram,
    /// Its system.
    pub system: System,
    /// The values at the end, in the order of [`Ending::Values`].
    pub shown: Vec<ShownValue>,
    /// What a litmus test says beside its program.
    pub test: Option<LitmusTest>,
    /// What is asked of its outcomes beside its claims.
    pub question: Option<Target<FinalExpression>>,
}

/// What a census says of a claim.
#[derive(Clone, Copy, Debug)]
pub struct ClaimVerdict<'c> {
    /// Whether it holds; `None` if the census ended before that was known.
    pub holds: Option<bool>,
    /// An outcome that shows it: one that contradicts `always` and `never`, or that `sometimes`
    /// asks for.
    pub example: Option<&'c Outcome>,
}

/// Compiles a program.
///
/// # Errors
///
/// What the machine has no room for.
pub(crate) fn compile(
    program: CheckedProgram,
    test: Option<LitmusTest>,
    source: &SourceFile,
    question: Option<Target<FinalExpression>>,
) -> Result<Race, Vec<Diagnostic>> {
    let mut shown = all_shown(&program, question.as_ref());
    if test.is_some() {
        for value in &mut shown {
            value.name = name_in_test(&program, value);
        }
    }
    let system = build(&program, &shown, source);
    let system = system.map_err(|error| vec![*Diagnostic::nowhere(error.to_string())])?;
    Ok(Race {
        program,
        system,
        shown,
        source: source.clone(),
        test,
        question,
    })
}

fn build(
    program: &CheckedProgram,
    shown: &[ShownValue],
    source: &SourceFile,
) -> Result<System, ModelError> {
    let mut system = System::builder();
    let shared = Shared::declare(program, &mut system);
    let context = (program, &shared, source);
    let mut registers = Vec::new();
    for group in &program.groups {
        let name = group.name.clone().unwrap_or_else(|| "thread".into());
        let is_numbered = group.body.iter().any(mentions_number);
        let mut alike: Option<Program> = None;
        for thread in group.first..group.first + group.count {
            let kept = kept_locals(shown, thread);
            let of_thread = match &alike {
                Some(alike) if kept.is_empty() => alike.clone(),
                _ => {
                    // A thread whose locals are read is not interchangeable with others.
                    let name = if kept.is_empty() {
                        name.clone()
                    } else {
                        format!("{name} {}", Label(thread))
                    };
                    Body::compile(context, group, (name, thread), &kept)?
                }
            };
            registers.push(of_thread.register_ids().collect::<Vec<_>>());
            system.thread(&of_thread);
            if !is_numbered && kept.is_empty() {
                alike = Some(of_thread);
            }
        }
    }
    for value in shown {
        system.show(match value.value {
            FinalLeaf::Cell(cell) => Shown::Variable(shared.cells[cell]),
            FinalLeaf::Local { thread, local } => Shown::Register(thread, registers[thread][local]),
        });
    }
    system.build()
}

/// Returns the values that a program shows, then the others that its conditions mention.
fn all_shown(
    program: &CheckedProgram,
    question: Option<&Target<FinalExpression>>,
) -> Vec<ShownValue> {
    let mut shown = program.shown.clone();
    let claims = program.claims.iter().map(|claim| &claim.target);
    let goals = program.goals.iter().map(|goal| &goal.target);
    let targets = claims
        .chain(goals)
        .chain(question)
        .filter_map(|target| match target {
            Target::Values(condition) => Some(condition),
            _ => None,
        });
    for condition in program.expected.iter().chain(targets) {
        condition.clone().for_each_leaf(&mut |leaf, _| {
            if shown.iter().all(|known| known.value != *leaf) {
                shown.push(ShownValue {
                    name: name(program, *leaf),
                    value: *leaf,
                });
            }
        });
    }
    shown
}

/// Returns what a value at the end is called.
fn name(program: &CheckedProgram, leaf: FinalLeaf) -> String {
    match leaf {
        FinalLeaf::Cell(cell) => {
            let holds = |v: &&Variable| (v.first..v.first + v.start.len()).contains(&cell);
            let variable = program.variables.iter().find(holds);
            variable.map_or_else(String::new, |v| v.cell_name(cell - v.first))
        }
        FinalLeaf::Local { thread, local } => {
            format!("{}.{}", Label(thread), local_name(program, thread, local))
        }
    }
}

/// Returns what a litmus test calls a value at the end: `0:EAX`, `x`.
fn name_in_test(program: &CheckedProgram, shown: &ShownValue) -> String {
    match shown.value {
        FinalLeaf::Cell(_) => shown.name.clone(),
        FinalLeaf::Local { thread, local } => {
            format!("{thread}:{}", local_name(program, thread, local))
        }
    }
}

fn local_name(program: &CheckedProgram, thread: usize, local: usize) -> &str {
    let is_in = |g: &&ThreadGroup| (g.first..g.first + g.count).contains(&thread);
    let group = program.groups.iter().find(is_in);
    let local = group.and_then(|group| group.locals.get(local));
    local.map_or("", String::as_str)
}

/// Returns the locals of a thread whose values are read at the end.
fn kept_locals(shown: &[ShownValue], of_thread: usize) -> Vec<usize> {
    let kept = shown.iter().filter_map(|value| match value.value {
        FinalLeaf::Local { thread, local } if thread == of_thread => Some(local),
        _ => None,
    });
    kept.collect()
}

/// Returns whether a statement depends on the number of its thread.
fn mentions_number(statement: &CheckedStatement) -> bool {
    let place = |place: &super::super::checked::Place| {
        place
            .index
            .as_deref()
            .is_some_and(expression_mentions_number)
    };
    let any = |body: &[CheckedStatement]| body.iter().any(mentions_number);
    match &statement.value {
        ThreadAction::SetLocal(_, value)
        | ThreadAction::Evaluate(value)
        | ThreadAction::Assert(value) => expression_mentions_number(value),
        ThreadAction::Store(to, value)
        | ThreadAction::Update(to, _, value)
        | ThreadAction::AtomicStore(to, value)
        | ThreadAction::AtomicUpdate(to, _, value)
        | ThreadAction::Await(to, value) => place(to) || expression_mentions_number(value),
        ThreadAction::Operate(_, on) => place(on),
        ThreadAction::If(condition, then, otherwise) => {
            expression_mentions_number(condition) || any(then) || any(otherwise)
        }
        ThreadAction::While(condition, body) => expression_mentions_number(condition) || any(body),
        ThreadAction::Repeat(_, body) => any(body),
        ThreadAction::Fence
        | ThreadAction::Break
        | ThreadAction::Continue
        | ThreadAction::Return => false,
    }
}

fn expression_mentions_number(expression: &ThreadExpression) -> bool {
    expression.any_within(&|leaf| *leaf == ThreadLeaf::ThreadNumber)
}

impl Race {
    /// Returns the names of the values at the end, in the order of [`Ending::Values`].
    pub fn value_names(&self) -> Vec<String> {
        match self.test {
            Some(_) => self.shown.iter().map(|shown| shown.name.clone()).collect(),
            None => self.system.shown_names().collect(),
        }
    }

    /// Returns the memory model that a claim speaks of where the race is looked at under this one: the
    /// condition of a litmus test is asked of any.
    pub fn memory_of(&self, claim: &Claim, under: MemoryModel) -> MemoryModel {
        if self.test.is_some() {
            under
        } else {
            claim.memory()
        }
    }

    /// Returns whether the condition of a litmus test holds of a final state; `None` if the test
    /// does not look at it.
    pub fn satisfies(&self, ending: &Ending) -> Option<bool> {
        let test = self.test.as_ref()?;
        let Ending::Values(values) = ending else {
            return None;
        };
        let holds = |condition| self.holds(condition, values);
        let is_seen = test.filter.as_ref().is_none_or(holds);
        is_seen.then(|| holds(&test.condition))
    }

    /// Returns whether a run that ended like this was correct; `None` if the program expects
    /// nothing and the threads all finished.
    pub fn is_correct(&self, ending: &Ending) -> Option<bool> {
        match (ending, &self.program.expected) {
            (Ending::Values(values), Some(expected)) => Some(self.holds(expected, values)),
            (Ending::Values(_) | Ending::Total(_), _) => None,
            (Ending::Deadlock(_) | Ending::Failed(..) | Ending::Livelock, _) => Some(false),
        }
    }

    /// Returns whether a run that ended like this is what a claim or a goal speaks of.
    pub fn matches(&self, target: &Target<FinalExpression>, ending: &Ending) -> bool {
        match (target, ending) {
            (Target::Values(condition), Ending::Values(values)) => self.holds(condition, values),
            (Target::Deadlock, Ending::Deadlock(_)) | (Target::Livelock, Ending::Livelock) => true,
            (Target::Assertion, Ending::Failed(_, failure)) => failure.fault == Fault::Assertion,
            (Target::Fault, Ending::Failed(_, failure)) => failure.fault != Fault::Assertion,
            _ => false,
        }
    }

    /// Returns what a census says of a claim.
    pub fn verdict<'c>(&self, claim: &Claim, census: &'c Census) -> ClaimVerdict<'c> {
        let is_whole = census.is_whole();
        let mut outcomes = census.outcomes.iter();
        let speaks_of = |outcome: &&Outcome| self.matches(&claim.target, &outcome.end);
        let example = match claim.quantifier {
            Quantifier::Always => outcomes
                .find(|outcome| matches!(outcome.end, Ending::Values(_)) && !speaks_of(outcome)),
            Quantifier::Never | Quantifier::Sometimes => outcomes.find(speaks_of),
        };
        let goes_round = claim.target == Target::Livelock && census.circle.is_some();
        let found = example.is_some() || goes_round;
        let is_found_good = claim.quantifier == Quantifier::Sometimes;
        ClaimVerdict {
            // What was found stays found; what was not may lie beyond a limit.
            holds: (found || is_whole).then_some(found == is_found_good),
            example,
        }
    }

    /// Returns whether a condition holds of these values. One that divides by zero does not.
    pub fn holds(&self, condition: &FinalExpression, values: &[u64]) -> bool {
        let value = |leaf: &FinalLeaf| {
            let place = self.shown.iter().position(|shown| shown.value == *leaf)?;
            Some(values.get(place)?.cast_signed())
        };
        work_out(condition, &value).is_some_and(|value| value != 0)
    }
}

/// Returns the value of an expression; `None` if it divides by zero, or a leaf has no value.
fn work_out<L>(expression: &Expression<L>, value: &dyn Fn(&L) -> Option<i64>) -> Option<i64> {
    match &expression.value {
        Term::Number(number) => Some(*number),
        Term::Leaf(leaf) => value(leaf),
        Term::Unary(operator, operand) => Some(operator.apply(work_out(operand, value)?)),
        Term::Binary(operator, left, right) => {
            let left = work_out(left, value)?;
            match operator {
                BinaryOperator::And if left == 0 => Some(0),
                BinaryOperator::Or if left != 0 => Some(1),
                BinaryOperator::And | BinaryOperator::Or => {
                    Some(i64::from(work_out(right, value)? != 0))
                }
                _ => {
                    let right = work_out(right, value)?.cast_unsigned();
                    let result = operator.arithmetic()?.apply(left.cast_unsigned(), right)?;
                    Some(result.cast_signed())
                }
            }
        }
    }
}
