//! Parts of the syntax tree as text again, which parses to the same.

use std::fmt::Write as _;

use super::ast::{Expression, Function, Leaf, Mention, Quantifier, Target, Term};

/// Returns a claim as text.
pub fn claim_text(quantifier: Quantifier, target: &Target<Expression>, under_tso: bool) -> String {
    let under = if under_tso { " under tso" } else { "" };
    format!("{} {}{under}", quantifier.spelling(), target_text(target))
}

/// Returns what a claim or a goal speaks of as text.
pub fn target_text(target: &Target<Expression>) -> String {
    match target {
        Target::Values(condition) => expression_text(condition),
        Target::Deadlock => "deadlock".into(),
        Target::Livelock => "livelock".into(),
        Target::Assertion => "assertion".into(),
        Target::Fault => "fault".into(),
    }
}

/// Returns the mention of a variable, a local or an object as text.
pub fn mention_text(mention: &Mention) -> String {
    let name = &mention.name.value;
    let index = mention.index.as_deref();
    index.map_or_else(
        || name.clone(),
        |index| format!("{name}[{}]", expression_text(index)),
    )
}

/// Returns an expression as text.
pub fn expression_text(whole: &Expression) -> String {
    let mut text = String::new();
    print_expression(&mut text, whole, 0);
    text
}

/// Binds more tightly than every operator between two operands.
const TIGHTEST: u8 = 5;

/// Prints an expression, in parentheses if its operator binds less tightly than asked for.
fn print_expression(text: &mut String, whole: &Expression, least: u8) {
    match &whole.value {
        Term::Number(number) => *text += &number.to_string(),
        Term::Leaf(leaf) => *text += &leaf_text(leaf),
        Term::Unary(operator, operand) => {
            *text += operator.spelling();
            print_expression(text, operand, TIGHTEST);
        }
        Term::Binary(operator, left, right) => {
            let precedence = operator.precedence();
            let (opening, closing) = if precedence < least {
                ("(", ")")
            } else {
                ("", "")
            };
            *text += opening;
            print_expression(text, left, precedence + u8::from(operator.compares()));
            // Writing to a string cannot fail.
            let _ = write!(text, " {} ", operator.spelling());
            print_expression(text, right, precedence + 1);
            *text += closing;
        }
    }
}

fn leaf_text(leaf: &Leaf) -> String {
    match leaf {
        Leaf::Mention(one) => mention_text(one),
        Leaf::ThreadNumber => "self".into(),
        Leaf::ThreadLocal(thread, local) => format!("{}.{}", thread.value, local.value),
        Leaf::Call(Function::TryLock, one, arguments) if arguments.is_empty() => {
            format!("trylock {}", mention_text(&one.value))
        }
        Leaf::Call(function, one, arguments) => {
            let mut values = vec![mention_text(&one.value)];
            values.extend(arguments.iter().map(expression_text));
            format!("{}({})", function.spelling(), values.join(", "))
        }
    }
}
