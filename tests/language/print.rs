//! Programs as text, laid out the usual way.

use miscount::language::ast::{
    BinaryOperator, Body, Declaration, Expression, Item, Node, RaceProgram, Sort, Start, Statement,
};
use miscount::language::{claim_text, expression_text, mention_text, target_text};

/// Returns a program as text, laid out the usual way, without its comments.
pub(crate) fn print(program: &RaceProgram) -> String {
    let mut text = String::new();
    for item in &program.items {
        text += &item_text(&item.value);
        text.push('\n');
    }
    text
}

/// Returns an item as text.
fn item_text(item: &Item) -> String {
    match item {
        Item::Topic(topic, text) => format!("{} {}", topic.spelling(), quoted(&text.value)),
        Item::Parameter(name, value) => {
            format!("param {} = {}", name.value, expression_text(value))
        }
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
            let count = count.as_ref().map(expression_text);
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
        Item::Show(values) => format!("show {}", joined(values, expression_text)),
        Item::Expect(condition) => format!("expect {}", expression_text(condition)),
        Item::Claim(quantifier, target, under_tso) => {
            claim_text(*quantifier, &target.value, *under_tso)
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

fn joined<T>(all: &[T], text: impl Fn(&T) -> String) -> String {
    all.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn declarations(declared: &[Declaration]) -> String {
    joined(declared, |one| {
        let length = one.length.as_ref();
        let length = length.map_or(String::new(), |length| {
            format!("[{}]", expression_text(length))
        });
        let start = match &one.start {
            None => String::new(),
            Some(Start::All(value)) => format!(" = {}", expression_text(value)),
            Some(Start::Each(values)) => format!(" = [{}]", joined(&values.value, expression_text)),
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
    let one = |word: &str, value: &Expression| format!("{word} {}", expression_text(value));
    match &statement.value {
        Statement::Local(declared) => {
            *text += "local ";
            *text += &joined(declared, |(name, value)| match value {
                None => name.value.clone(),
                Some(value) => format!("{} = {}", name.value, expression_text(value)),
            });
        }
        Statement::Assign {
            atomic,
            to,
            operator,
            value,
        } => {
            *text += if *atomic { "atomic " } else { "" };
            *text += &mention_text(&to.value);
            let operator = operator.map_or("", BinaryOperator::spelling);
            *text += &format!(" {operator}= {}", expression_text(value));
        }
        Statement::Evaluate(call) => *text += &expression_text(call),
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
            *text += &format!(
                "{} {}",
                operation.value.spelling(),
                mention_text(&object.value)
            );
            if let Some(body) = body {
                text.push(' ');
                block(text, body, depth);
            }
        }
    }
}
