//! What stands behind the code of a test: `locations`, `filter`, and the condition.

use super::super::ast::{
    BinaryOperator, Expression, Leaf, Mention, Node, Spelling, Term, UnaryOperator,
};
use super::super::diagnostic::Diagnostic;
use super::super::source::Span;
use super::cursor::{Cursor, Parsed};
use super::lexer::TokenKind;
use super::test::LitmusQuantifier;

/// The words that can begin what stands behind the code.
const BEGINNINGS: [&str; 6] = ["locations", "filter", "exists", "forall", "final", "not"];

/// What stands behind the code.
pub(super) struct Tail {
    /// What is shown beside what the condition mentions.
    pub(super) locations: Vec<Expression>,
    pub(super) filter: Option<Expression>,
    pub(super) quantifier: LitmusQuantifier,
    pub(super) condition: Expression,
    /// Where the condition stands with its quantifier.
    pub(super) span: Span,
}

/// Reads the words of a condition: how a test calls registers and locations.
pub(super) trait Names {
    /// Returns what a register is called in its thread.
    fn register(&mut self, thread: usize, name: Spelling) -> Parsed<Spelling>;
    /// Notes that a location is mentioned.
    fn location(&mut self, name: &Spelling);
}

/// Returns whether what follows is no longer code.
pub(super) fn begins(cursor: &Cursor<'_>) -> bool {
    let is_word = |word: &str| {
        BEGINNINGS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(word))
    };
    cursor.is_end()
        || cursor.is_sign("~")
        || cursor.is_sign("<<")
        || cursor.word().is_some_and(is_word)
}

/// Reads what stands behind the code.
pub(super) fn tail(cursor: &mut Cursor<'_>, names: &mut dyn Names) -> Parsed<Tail> {
    let mut locations = Vec::new();
    let mut filter = None;
    loop {
        if cursor.take_sign(";") {
        } else if cursor.take_word("locations") {
            listed(cursor, names, &mut locations)?;
        } else if cursor.take_word("filter") {
            filter = Some(implication(cursor, names)?);
        } else {
            break;
        }
    }
    let start = cursor.span();
    let negated = cursor.take_sign("~") || cursor.take_word("not");
    let quantifier = if cursor.take_word("exists") {
        if negated {
            LitmusQuantifier::NotExists
        } else {
            LitmusQuantifier::Exists
        }
    } else if negated {
        return Err(cursor.unexpected("'exists'"));
    } else if cursor.take_word("forall") {
        LitmusQuantifier::Forall
    } else if cursor.take_word("final") {
        // Its quantifier for each model follows behind `with`; by itself it asks.
        LitmusQuantifier::Exists
    } else if cursor.is_end() {
        let condition = Expression::number(1, start);
        return Ok(Tail {
            locations,
            filter,
            quantifier: LitmusQuantifier::Forall,
            condition,
            span: start,
        });
    } else {
        return Err(cursor.unexpected("'exists', '~exists' or 'forall'"));
    };
    let condition = implication(cursor, names)?;
    let span = start.to(cursor.last_span());
    // What else may follow are notes for other programs.
    let is_over = cursor.is_end() || [";", "<<"].iter().any(|sign| cursor.is_sign(sign));
    if !is_over && cursor.word().is_none_or(|word| word != "with") {
        return Err(cursor.unexpected("the end of the condition"));
    }
    Ok(Tail {
        locations,
        filter,
        quantifier,
        condition,
        span,
    })
}

/// Reads a condition that stands alone.
pub(super) fn alone(cursor: &mut Cursor<'_>, names: &mut dyn Names) -> Parsed<Expression> {
    let condition = implication(cursor, names)?;
    if cursor.is_end() {
        return Ok(condition);
    }
    Err(cursor.unexpected("the end of the condition"))
}

/// `[x; 0:EAX; int y;]`
fn listed(
    cursor: &mut Cursor<'_>,
    names: &mut dyn Names,
    into: &mut Vec<Expression>,
) -> Parsed<()> {
    cursor.expect_sign("[")?;
    loop {
        while cursor.take_sign(";") || cursor.take_sign(",") {}
        if cursor.take_sign("]") {
            return Ok(());
        }
        into.push(place(cursor, names)?);
        // `x int`, as some generators write.
        while cursor.word().is_some() || cursor.is_sign("*") {
            cursor.advance();
        }
        if ![";", ",", "]"].iter().any(|sign| cursor.is_sign(sign)) {
            return Err(cursor.unexpected("';' or ']'"));
        }
    }
}

pub(super) fn not(operand: Expression) -> Expression {
    let span = operand.span;
    Node::new(Term::Unary(UnaryOperator::Not, Box::new(operand)), span)
}

pub(super) fn and(left: Expression, right: Expression) -> Expression {
    Expression::binary(BinaryOperator::And, left, right)
}

pub(super) fn or(left: Expression, right: Expression) -> Expression {
    Expression::binary(BinaryOperator::Or, left, right)
}

fn implication(cursor: &mut Cursor<'_>, names: &mut dyn Names) -> Parsed<Expression> {
    cursor.nested(|cursor| {
        let left = disjunction(cursor, names)?;
        if !cursor.take_sign("=>") {
            return Ok(left);
        }
        let right = implication(cursor, names)?;
        Ok(or(not(left), right))
    })
}

fn disjunction(cursor: &mut Cursor<'_>, names: &mut dyn Names) -> Parsed<Expression> {
    chain(cursor, names, ["\\/", "||"], or, |cursor, names| {
        chain(cursor, names, ["/\\", "&&"], and, negation)
    })
}

type Rule = fn(&mut Cursor<'_>, &mut dyn Names) -> Parsed<Expression>;

/// Reads operands with an operator between them. They are joined into a tree that is as flat as can
/// be: conditions of generated tests have hundreds of them, and everything that walks the tree recurses.
fn chain(
    cursor: &mut Cursor<'_>,
    names: &mut dyn Names,
    signs: [&str; 2],
    join: fn(Expression, Expression) -> Expression,
    operand: Rule,
) -> Parsed<Expression> {
    let mut operands = vec![operand(cursor, names)?];
    while signs.iter().any(|sign| cursor.take_sign(sign)) {
        operands.push(operand(cursor, names)?);
    }
    while operands.len() > 1 {
        let mut rest = operands.into_iter();
        let mut joined = Vec::new();
        while let Some(left) = rest.next() {
            joined.push(match rest.next() {
                Some(right) => join(left, right),
                None => left,
            });
        }
        operands = joined;
    }
    // There was at least one, and joining leaves one.
    operands
        .pop()
        .ok_or_else(|| cursor.unexpected("a condition"))
}

fn negation(cursor: &mut Cursor<'_>, names: &mut dyn Names) -> Parsed<Expression> {
    cursor.nested(|cursor| {
        let start = cursor.span();
        if cursor.take_sign("~") || cursor.take_sign("!") || cursor.take_word("not") {
            return Ok(not(negation(cursor, names)?));
        }
        if cursor.take_sign("(") {
            let inner = implication(cursor, names)?;
            cursor.expect_sign(")")?;
            return Ok(inner);
        }
        for (word, value) in [("true", 1), ("false", 0)] {
            if cursor.kind_behind(1) != TokenKind::Sign("=") && cursor.take_word(word) {
                return Ok(Expression::number(value, start));
            }
        }
        comparison(cursor, names)
    })
}

/// `0:EAX=1`, `x=2`, `[x]=2`, `x != 2`
fn comparison(cursor: &mut Cursor<'_>, names: &mut dyn Names) -> Parsed<Expression> {
    let left = place(cursor, names)?;
    let operator = if cursor.take_sign("=") || cursor.take_sign("==") {
        BinaryOperator::Equal
    } else if cursor.take_sign("!=") {
        BinaryOperator::NotEqual
    } else {
        return Err(cursor.unexpected("'=', and a value"));
    };
    let parenthesis = cursor.take_sign("(");
    let span = cursor.span();
    let is_place = cursor.kind_behind(1) == TokenKind::Sign(":") || cursor.is_sign("[");
    let right = if is_place {
        place(cursor, names)?
    } else if let Some(word) = cursor.word() {
        let message = format!("'{word}' is not a number");
        return Err(Diagnostic::new(span, message)
            .label("expected a number")
            .note("registers and locations hold numbers here, not addresses"));
    } else {
        let number = cursor.number("a number")?;
        Expression::number(number, span.to(cursor.last_span()))
    };
    if parenthesis {
        cursor.expect_sign(")")?;
    }
    Ok(Expression::binary(operator, left, right))
}

/// `0:EAX`, `P0:EAX`, `x`, `[x]`, `*x`, `x[1]`
fn place(cursor: &mut Cursor<'_>, names: &mut dyn Names) -> Parsed<Expression> {
    let start = cursor.span();
    if let Some(thread) = cursor.thread() {
        let name = cursor.name("a register")?;
        let register = names.register(thread, name)?;
        let span = start.to(register.span);
        let thread = Node::new(format!("P{thread}"), start);
        return Ok(Expression::leaf(Leaf::ThreadLocal(thread, register), span));
    }
    let bracket = cursor.take_sign("[");
    let _ = bracket || cursor.take_sign("*");
    let name = cursor.name("a register or a location, such as '0:EAX' or 'x'")?;
    names.location(&name);
    let mut index = None;
    if cursor.take_sign("[") {
        let span = cursor.span();
        index = Some(Box::new(Node::new(
            Term::Number(cursor.number("an index")?),
            span,
        )));
        cursor.expect_sign("]")?;
    }
    if bracket {
        cursor.expect_sign("]")?;
    }
    let span = start.to(cursor.last_span());
    Ok(Expression::leaf(
        Leaf::Mention(Mention { name, index }),
        span,
    ))
}

/// Returns a condition as herd prints it.
pub(super) fn text(condition: &Expression) -> String {
    match &condition.value {
        Term::Number(0) => "false".into(),
        Term::Number(1) => "true".into(),
        Term::Number(number) => number.to_string(),
        Term::Leaf(leaf) => place_text(leaf),
        Term::Unary(_, operand) => format!("not ({})", text(operand)),
        Term::Binary(operator, left, right) => match operator {
            BinaryOperator::And => {
                let side = |side: &Expression| match side.value {
                    Term::Binary(BinaryOperator::Or, ..) => format!("({})", text(side)),
                    _ => text(side),
                };
                format!("{} /\\ {}", side(left), side(right))
            }
            BinaryOperator::Or => format!("{} \\/ {}", text(left), text(right)),
            BinaryOperator::NotEqual => format!("not ({}={})", text(left), value_text(right)),
            _ => format!("{}={}", text(left), value_text(right)),
        },
    }
}

fn value_text(value: &Expression) -> String {
    match value.value {
        Term::Number(number) => number.to_string(),
        _ => text(value),
    }
}

/// Returns a location or a register as herd writes it.
pub(super) fn place_text(leaf: &Leaf) -> String {
    match leaf {
        Leaf::ThreadLocal(thread, register) => {
            let thread = thread.value.trim_start_matches('P');
            format!("{thread}:{}", register.value)
        }
        Leaf::Mention(mention) => match mention.index.as_ref().map(|index| &index.value) {
            Some(Term::Number(index)) => format!("{}[{index}]", mention.name.value),
            _ => format!("[{}]", mention.name.value),
        },
        Leaf::ThreadNumber | Leaf::Call(..) => String::new(),
    }
}
