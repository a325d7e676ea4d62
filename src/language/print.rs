//! From the syntax tree back to text, which parses to the same tree.

use std::fmt::Write as _;

use super::ast::{
    BinaryOperator, Body, Declaration, Expression, Function, Item, Leaf, Mention, Node,
    RaceProgram, Sort, Start, Statement, Target, Term,
};

/// Returns a program as text, laid out the usual way, without its comments.
pub fn print(program: &RaceProgram) -> String {
    let mut text = String::new();
    for item in &program.items {
        text += &item_text(&item.value);
        text.push('\n');
    }
    text
}

/// Returns an item as text.
pub(super) fn item_text(item: &Item) -> String {
    match item {
        Item::Topic(topic, text) => format!("{} {}", topic.spelling(), quoted(&text.value)),
        Item::Parameter(name, value) => format!("param {} = {}", name.value, expression(value)),
        Item::Shared(declared) => format!("shared {}", declarations(declared)),
        Item::Objects(sort, declared) => {
            let declared = declarations(declared);
            match sort {
                Sort::Mutex => format!("mutex {declared}"),
                Sort::RwLock(preference) => format!("rwlock {declared} {}", preference.spelling()),
                Sort::Condition(mutex) => format!("condition {declared} on {}", mutex.value),
                Sort::Semaphore => format!("semaphore {declared}"),
                Sort::Barrier => format!("barrier {declared}"),
            }
        }
        Item::Spurious => "spurious on".into(),
        Item::Threads { name, count, body } => {
            let count = count.as_ref().map(expression);
            let head = match (name, count) {
                (None, None) => "thread".into(),
                (None, Some(count)) => format!("threads {count}"),
                (Some(name), None) => format!("thread {}", name.value),
                (Some(name), Some(count)) => format!("thread {} * {count}", name.value),
            };
            let mut text = head + " ";
            block(&mut text, body, 0);
            text
        }
        Item::Show(values) => format!("show {}", joined(values, expression)),
        Item::Expect(condition) => format!("expect {}", expression(condition)),
        Item::Claim(quantifier, target, under_tso) => {
            let under = if *under_tso { " under tso" } else { "" };
            format!(
                "{} {}{under}",
                quantifier.spelling(),
                target_text(&target.value)
            )
        }
        Item::Goal(target, text) => {
            format!(
                "goal {} {}",
                target_text(&target.value),
                quoted(&text.value)
            )
        }
    }
}

fn target_text(target: &Target<Expression>) -> String {
    match target {
        Target::Values(condition) => expression(condition),
        Target::Deadlock => "deadlock".into(),
        Target::Livelock => "livelock".into(),
        Target::Assertion => "assertion".into(),
        Target::Fault => "fault".into(),
    }
}

fn joined<T>(all: &[T], text: impl Fn(&T) -> String) -> String {
    all.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn declarations(declared: &[Declaration]) -> String {
    joined(declared, |one| {
        let length = one.length.as_ref();
        let length = length.map_or(String::new(), |length| format!("[{}]", expression(length)));
        let start = match &one.start {
            None => String::new(),
            Some(Start::All(value)) => format!(" = {}", expression(value)),
            Some(Start::Each(values)) => format!(" = [{}]", joined(&values.value, expression)),
        };
        format!("{}{length}{start}", one.name.value)
    })
}

fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('\n', "\\n"))
}

fn block(text: &mut String, body: &Body, depth: usize) {
    text.push_str("{\n");
    for statement in &body.value {
        text.push_str(&"    ".repeat(depth + 1));
        print_statement(text, statement, depth + 1);
        text.push('\n');
    }
    text.push_str(&"    ".repeat(depth));
    text.push('}');
}

fn print_statement(text: &mut String, statement: &Node<Statement>, depth: usize) {
    let one = |word: &str, value: &Expression| format!("{word} {}", expression(value));
    match &statement.value {
        Statement::Local(declared) => {
            *text += "local ";
            *text += &joined(declared, |(name, value)| match value {
                None => name.value.clone(),
                Some(value) => format!("{} = {}", name.value, expression(value)),
            });
        }
        Statement::Assign {
            atomic,
            to,
            operator,
            value,
        } => {
            *text += if *atomic { "atomic " } else { "" };
            *text += &mention(&to.value);
            let operator = operator.map_or("", BinaryOperator::spelling);
            *text += &format!(" {operator}= {}", expression(value));
        }
        Statement::Evaluate(call) => *text += &expression(call),
        Statement::Await(condition) => *text += &one("await", condition),
        Statement::Assert(condition) => *text += &one("assert", condition),
        Statement::Fence => *text += "fence",
        Statement::Break => *text += "break",
        Statement::Continue => *text += "continue",
        Statement::Return => *text += "return",
        Statement::If {
            condition,
            then,
            otherwise,
        } => {
            *text += &one("if", condition);
            text.push(' ');
            block(text, then, depth);
            let Some(otherwise) = otherwise else { return };
            *text += " else ";
            match &*otherwise.value {
                [next] if matches!(next.value, Statement::If { .. }) => {
                    print_statement(text, next, depth);
                }
                _ => block(text, otherwise, depth),
            }
        }
        Statement::While(condition, body) => {
            *text += &one("while", condition);
            text.push(' ');
            block(text, body, depth);
        }
        Statement::Repeat(times, body) => {
            *text += &one("repeat", times);
            text.push(' ');
            block(text, body, depth);
        }
        Statement::Operate(operation, object, body) => {
            *text += &format!("{} {}", operation.value.spelling(), mention(&object.value));
            if let Some(body) = body {
                text.push(' ');
                block(text, body, depth);
            }
        }
    }
}

fn mention(mention: &Mention) -> String {
    let name = &mention.name.value;
    let index = mention.index.as_deref();
    index.map_or_else(
        || name.clone(),
        |index| format!("{name}[{}]", expression(index)),
    )
}

/// Returns an expression as text.
pub(super) fn expression(whole: &Expression) -> String {
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
        Leaf::Mention(one) => mention(one),
        Leaf::ThreadNumber => "self".into(),
        Leaf::ThreadLocal(thread, local) => format!("{}.{}", thread.value, local.value),
        Leaf::Call(Function::TryLock, one, arguments) if arguments.is_empty() => {
            format!("trylock {}", mention(&one.value))
        }
        Leaf::Call(function, one, arguments) => {
            let mut values = vec![mention(&one.value)];
            values.extend(arguments.iter().map(expression));
            format!("{}({})", function.spelling(), values.join(", "))
        }
    }
}
