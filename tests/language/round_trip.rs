//! Random programs: what is parsed and printed parses to the same, and nothing panics.
//!
//! `MISCOUNT_CASES` sets how many are tried; see CONTRIBUTING.md.

use miscount::language::ast::{
    BinaryOperator, Body, Declaration, Expression, Function, Item, Leaf, Mention, Node, Operation,
    Preference, Quantifier, RaceProgram, Sort, Spelling, Start, Statement, Target, Term, Topic,
    UnaryOperator,
};
use miscount::language::{SourceFile, Span, check, parse, render};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::print::print;

fn config() -> ProptestConfig {
    let cases = std::env::var("MISCOUNT_CASES").ok();
    ProptestConfig {
        cases: cases.map_or(2_000, |cases| cases.parse().expect("a number of cases")),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn node<T>(value: T) -> Node<T> {
    Node {
        value,
        span: Span::default(),
    }
}

/// Names that programs declare, and one that they do not.
fn name() -> impl Strategy<Value = Spelling> + Clone {
    const NAMES: [&str; 16] = [
        "x", "y", "a", "b", "m", "l", "c", "s", "e", "N", "r", "q", "threads", "title", "under",
        "unknown",
    ];
    select(&NAMES[..]).prop_map(|name| node(name.into()))
}

fn mention(index: BoxedStrategy<Expression>) -> impl Strategy<Value = Mention> {
    (name(), option::weighted(0.3, index)).prop_map(|(name, index)| Mention {
        name,
        index: index.map(Box::new),
    })
}

fn call(inside: BoxedStrategy<Expression>) -> impl Strategy<Value = Leaf> {
    let call = (
        select(Function::ALL),
        mention(inside.clone()).prop_map(node),
        vec(inside, 0..4),
    );
    call.prop_map(|(function, object, arguments)| Leaf::Call(function, object, arguments))
}

fn leaf(inside: BoxedStrategy<Expression>) -> impl Strategy<Value = Leaf> {
    prop_oneof![
        4 => mention(inside.clone()).prop_map(Leaf::Mention),
        1 => Just(Leaf::ThreadNumber),
        1 => (name(), name()).prop_map(|(thread, local)| Leaf::ThreadLocal(thread, local)),
        2 => call(inside),
    ]
}

fn expression() -> BoxedStrategy<Expression> {
    let number = prop_oneof![0..4_i64, 0..=i64::MAX].prop_map(|number| node(Term::Number(number)));
    number
        .prop_recursive(4, 24, 4, |inside| {
            let operands = (select(BinaryOperator::ALL), inside.clone(), inside.clone());
            let operand = (select(UnaryOperator::ALL), inside.clone());
            prop_oneof![
                4 => leaf(inside.boxed()).prop_map(|leaf| node(Term::Leaf(leaf))),
                3 => operands.prop_map(|(operator, left, right)| {
                    node(Term::Binary(operator, Box::new(left), Box::new(right)))
                }),
                1 => operand
                    .prop_map(|(operator, operand)| node(Term::Unary(operator, Box::new(operand)))),
            ]
        })
        .boxed()
}

fn simple_statement() -> BoxedStrategy<Statement> {
    let operator = option::of(select(vec![
        BinaryOperator::Add,
        BinaryOperator::Subtract,
        BinaryOperator::Multiply,
    ]));
    let to = mention(expression()).prop_map(node).boxed();
    prop_oneof![
        vec((name(), option::of(expression())), 1..3).prop_map(Statement::Local),
        (any::<bool>(), to.clone(), operator, expression()).prop_map(
            |(atomic, to, operator, value)| Statement::Assign {
                atomic,
                to,
                operator,
                value,
            }
        ),
        call(expression()).prop_map(|call| Statement::Evaluate(node(Term::Leaf(call)))),
        expression().prop_map(Statement::Await),
        expression().prop_map(Statement::Assert),
        select(vec![
            Statement::Fence,
            Statement::Break,
            Statement::Continue,
            Statement::Return,
        ]),
        (select(Operation::ALL), to).prop_map(|(operation, object)| Statement::Operate(
            node(operation),
            object,
            None
        )),
    ]
    .boxed()
}

fn statement() -> BoxedStrategy<Statement> {
    simple_statement()
        .prop_recursive(4, 24, 4, |inside| {
            let body = vec(inside.prop_map(node), 0..4).prop_map(node).boxed();
            let locks = vec![Operation::Lock, Operation::Read, Operation::Write];
            let object = mention(expression()).prop_map(node);
            prop_oneof![
                (expression(), body.clone(), option::of(body.clone())).prop_map(
                    |(condition, then, otherwise)| Statement::If {
                        condition,
                        then,
                        otherwise,
                    }
                ),
                (expression(), body.clone())
                    .prop_map(|(value, body)| Statement::While(value, body)),
                (expression(), body.clone())
                    .prop_map(|(value, body)| Statement::Repeat(value, body)),
                (select(locks), object, body).prop_map(|(operation, object, body)| {
                    Statement::Operate(node(operation), object, Some(body))
                }),
            ]
        })
        .boxed()
}

pub(crate) fn body() -> impl Strategy<Value = Body> {
    vec(statement().prop_map(node), 0..5).prop_map(node)
}

fn target() -> impl Strategy<Value = Node<Target<Expression>>> {
    prop_oneof![
        4 => expression().prop_map(Target::Values),
        1 => Just(Target::Deadlock),
        1 => Just(Target::Livelock),
        1 => Just(Target::Assertion),
        1 => Just(Target::Fault),
    ]
    .prop_map(node)
}

fn declarations() -> impl Strategy<Value = Vec<Declaration>> {
    let start = option::of(prop_oneof![
        expression().prop_map(Start::All),
        vec(expression(), 1..4).prop_map(|each| Start::Each(node(each))),
    ]);
    let one = (name(), option::of(expression()), start);
    let one = one.prop_map(|(name, length, start)| Declaration {
        name,
        length,
        start,
    });
    vec(one, 1..3)
}

fn item() -> impl Strategy<Value = Item> {
    let text = || any::<String>().prop_map(node);
    let sort = prop_oneof![
        Just(Sort::Mutex),
        select(Preference::ALL).prop_map(Sort::RwLock),
        name().prop_map(Sort::Condition),
        Just(Sort::Semaphore),
        Just(Sort::Barrier),
    ];
    let threads = (option::of(name()), option::of(expression()), body());
    prop_oneof![
        (select(Topic::ALL), text()).prop_map(|(topic, text)| Item::Topic(topic, text)),
        (name(), expression()).prop_map(|(name, value)| Item::Parameter(name, value)),
        declarations().prop_map(Item::Shared),
        (sort, declarations()).prop_map(|(sort, declared)| Item::Objects(sort, declared)),
        Just(Item::Spurious),
        threads.prop_map(|(name, count, body)| {
            // Threads without a name have a number.
            let count = count.or_else(|| name.is_none().then(|| node(Term::Number(2))));
            Item::Threads { name, count, body }
        }),
        vec(expression(), 1..3).prop_map(Item::Show),
        expression().prop_map(Item::Expect),
        (select(Quantifier::ALL), target(), any::<bool>())
            .prop_map(|(quantifier, target, under)| Item::Claim(quantifier, target, under)),
        (target(), text()).prop_map(|(target, text)| Item::Goal(target, text)),
    ]
}

fn program() -> impl Strategy<Value = RaceProgram> {
    vec(item().prop_map(node), 0..6).prop_map(|items| RaceProgram { items })
}

/// Declares the names that random threads use, so that some of them are right.
const DECLARED: &str = "param N = 2\nshared x, y = 1, a[3], b[2]\nmutex m, q\nrwlock l\n\
                        condition c on m\nsemaphore s = 1\nbarrier e = 2\n";

/// Returns a program of two threads that do this.
pub(crate) fn of_two_threads(body: Body) -> String {
    let count = Some(node(Term::Number(2)));
    let name = None;
    let threads = Item::Threads { name, count, body };
    let threads = print(&RaceProgram {
        items: vec![node(threads)],
    });
    format!("{DECLARED}{threads}")
}

/// Holds a text to the rules: it is wrong, with errors that can be shown, or parses to what prints
/// to the same.
fn keeps_the_rules(text: &str) -> Result<(), TestCaseError> {
    let source = SourceFile::new("random.race", text);
    let program = match parse(&source) {
        Ok(program) => program,
        Err(errors) => {
            prop_assert!((1..=10).contains(&errors.len()), "{errors:?}");
            render(&errors, &source);
            return Ok(());
        }
    };
    let printed = print(&program);
    let again = parse(&SourceFile::new("printed.race", &*printed));
    prop_assert_eq!(again.as_ref(), Ok(&program), "{}", printed);
    if let Err(errors) = check(&program, &[]) {
        prop_assert!((1..=10).contains(&errors.len()), "{errors:?}");
        render(&errors, &source);
    }
    Ok(())
}

/// Pieces of programs.
pub(crate) const PIECES: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\n",
    ";",
    ",",
    ".",
    "=",
    "==",
    "+",
    "-",
    "*",
    "/",
    "%",
    "!",
    "&&",
    "||",
    "<",
    ">=",
    "+=",
    "\"",
    "\"\"\"",
    "\\",
    "#",
    "//",
    "\t",
    "\r\n",
    "\0",
    "é",
    "数",
    "0",
    "1",
    "2",
    "99999999999999999999",
    "x",
    "a",
    "m",
    "l",
    "c",
    "s",
    "r",
    "N",
    "self",
    "title",
    "param",
    "shared",
    "mutex",
    "rwlock",
    "readers-first",
    "condition",
    "on",
    "semaphore",
    "barrier",
    "spurious",
    "threads 2 {",
    "thread T {",
    "thread T * 2 {",
    "show",
    "expect",
    "always",
    "never",
    "under tso",
    "deadlock",
    "goal",
    "local",
    "atomic",
    "await",
    "assert",
    "fence",
    "if x {",
    "else {",
    "else if x {",
    "while x {",
    "repeat 2 {",
    "break",
    "continue",
    "return",
    "lock m {",
    "unlock",
    "read l {",
    "write",
    "wait",
    "notify",
    "notify_all",
    "acquire",
    "release",
    "arrive",
    "fetch_add(",
    "swap(",
    "cas(x,",
    "trylock",
    "9223372036854775807",
    "shared z\n",
    "local r = 0\n",
    "await x == 1\n",
    "atomic ",
    "fence\n",
    "repeat 3 {",
    "spurious\n",
    "expect ",
    "never ",
    "return\n",
    "assert 0\n",
    "y",
    "EAX",
    "[x]",
    "$1",
    "|",
    "MFENCE",
    "exists ",
    "/\\",
    "\\/",
    "0:",
    "P0",
];

/// Programs that random search has found to break a rule once.
#[test]
fn what_was_found_keeps_the_rules() {
    for text in ["show fetch_add(x)", "show swap(x) == trylock(m, 1)"] {
        keeps_the_rules(text).unwrap();
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_the_grammar_makes_is_printed_and_parsed_again(program in program()) {
        let printed = print(&program);
        let again = parse(&SourceFile::new("printed.race", &*printed));
        prop_assert_eq!(again.as_ref(), Ok(&program), "{}", printed);
    }

    #[test]
    fn threads_that_the_grammar_makes_are_checked_without_panic(body in body()) {
        keeps_the_rules(&of_two_threads(body))?;
    }

    #[test]
    fn pieces_of_programs_keep_the_rules(pieces in vec(select(PIECES), 0..60)) {
        keeps_the_rules(&pieces.join(" "))?;
        keeps_the_rules(&pieces.concat())?;
    }

    #[test]
    fn bytes_keep_the_rules(bytes in vec(any::<u8>(), 0..200)) {
        keeps_the_rules(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn changed_programs_keep_the_rules(
        at in any::<prop::sample::Index>(),
        taken in 0..20_usize,
        put in vec(select(PIECES), 0..3),
    ) {
        let text = include_str!("../../programs/producer-consumer.race");
        let at = text.floor_char_boundary(at.index(text.len()));
        let end = text.floor_char_boundary((at + taken).min(text.len()));
        keeps_the_rules(&format!("{}{}{}", &text[..at], put.join(" "), &text[end..]))?;
    }
}
