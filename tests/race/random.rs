//! Random programs: the census beside two enumerations, one that shares nothing with the model and
//! tells outcomes, and one that walks the model's machine through every schedule and counts them.
//!
//! `MISCOUNT_RACES` sets how many are compared.

use std::cell::Cell;
use std::collections::BTreeSet;

use miscount::language::{SourceFile, read};
use miscount::model::{Ending, Options, Verdict, census};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

use super::spinning::goes_round;
use super::told;
use crate::language::enumeration::outcomes_within;
use crate::language::round_trip::{body as any_body, of_two_threads};
use crate::model::enumeration::{Found, enumerate};

/// Programs with more states are passed over: some never end (`while x == 0 { y += 1 }`).
const MOST_STATES: usize = 4_000;

/// Schedules are counted one by one up to this number.
const MOST_SCHEDULES: u64 = 3_000;

fn cases() -> u32 {
    let cases = std::env::var("MISCOUNT_RACES").ok();
    cases.map_or(300, |cases| cases.parse().expect("a number of programs"))
}

const DECLARED: &str = "shared x, y = 1, a[2]\nmutex m, n\ncondition c on m\nsemaphore s = 1\n\
                        barrier b = 2\n";

fn text(words: &'static str) -> BoxedStrategy<String> {
    Just(words.to_owned()).boxed()
}

/// A shared variable or an element, whose index can be out of bounds.
fn place() -> BoxedStrategy<String> {
    let places = vec!["x", "x", "y", "a[0]", "a[1]", "a[self % 2]", "a[r]", "a[y]"];
    select(places).prop_map(str::to_owned).boxed()
}

fn expression() -> BoxedStrategy<String> {
    let leaves = vec![
        "0",
        "1",
        "2",
        "r",
        "self",
        "x",
        "y",
        "a[0]",
        "a[r]",
        "trylock n",
    ];
    let leaf = select(leaves).prop_map(str::to_owned);
    let operators = vec!["+", "-", "*", "/", "%", "==", "!=", "<", "&&", "||"];
    leaf.prop_recursive(2, 6, 3, move |inside| {
        let two = (inside.clone(), select(operators.clone()), inside.clone());
        prop_oneof![
            4 => two.prop_map(|(left, operator, right)| format!("({left} {operator} {right})")),
            1 => inside.clone().prop_map(|operand| format!("!{operand}")),
            1 => (place(), inside.clone()).prop_map(|(to, by)| format!("fetch_add({to}, {by})")),
            1 => (place(), inside.clone()).prop_map(|(to, by)| format!("swap({to}, {by})")),
            1 => (place(), inside.clone(), inside.clone())
                .prop_map(|(to, old, new)| format!("cas({to}, {old}, {new})")),
        ]
    })
    .boxed()
}

fn simple() -> BoxedStrategy<String> {
    let operators = vec!["=", "+=", "-=", "*=", "atomic =", "atomic +=", "atomic -="];
    let assignment = (place(), select(operators));
    let synchronisation = vec![
        "acquire s",
        "release s",
        "release s",
        "arrive b",
        "notify c",
        "notify_all c",
        "lock m { wait c }",
        "lock m { while x == 0 { wait c } }",
        "lock m { x = 1; notify c }",
        "lock n; y += 1; unlock n",
        "unlock n",
        "fence",
        "return",
    ];
    prop_oneof![
        6 => (assignment, select(vec!["1", "2", "r", "r + 1"])).prop_map(
            |((to, operator), value)| match operator.strip_prefix("atomic ") {
                Some(operator) => format!("atomic {to} {operator} {value}"),
                None => format!("{to} {operator} {value}"),
            }
        ),
        2 => (place(), expression()).prop_map(|(to, value)| format!("{to} = {value}")),
        3 => expression().prop_map(|value| format!("r = {value}")),
        1 => (place(), select(vec!["==", "!=", ">"]), 0..3)
            .prop_map(|(at, relation, value)| format!("await {at} {relation} {value}")),
        1 => expression().prop_map(|value| format!("assert {value}")),
        4 => select(synchronisation).prop_map(str::to_owned),
    ]
    .boxed()
}

fn statement() -> BoxedStrategy<String> {
    simple()
        .prop_recursive(2, 5, 2, |inside| {
            let body = vec(inside, 1..3).prop_map(|all| all.join("; ")).boxed();
            let otherwise = option::of(body.clone());
            let spins = vec!["x == 0", "y != 1", "a[0] > 0", "cas(x, 0, 1) == 0"];
            let blocks = vec!["lock m", "lock n", "read l", "write l", "repeat 2"];
            let out = select(vec!["break", "continue"]);
            prop_oneof![
                2 => (expression(), body.clone(), otherwise).prop_map(|(condition, then, other)| {
                    let other = other.map(|other| format!(" else {{ {other} }}"));
                    format!("if {condition} {{ {then} }}{}", other.unwrap_or_default())
                }),
                1 => (select(spins.clone()), body.clone())
                    .prop_map(|(condition, body)| format!("while {condition} {{ {body} }}")),
                1 => select(spins).prop_map(|condition| format!("while {condition} {{ }}")),
                1 => (select(vec!["while x < 2", "repeat 2"]), body.clone(), expression(), out)
                    .prop_map(|(head, body, condition, out)| {
                        format!("{head} {{ {body}; if {condition} {{ {out} }} }}")
                    }),
                4 => (select(blocks), body).prop_map(|(head, body)| format!("{head} {{ {body} }}")),
            ]
        })
        .boxed()
}

fn body() -> BoxedStrategy<String> {
    let statements = vec(statement(), 1..4);
    statements
        .prop_map(|all| format!("{{\n local r\n {}\n}}\n", all.join("\n ")))
        .boxed()
}

fn program() -> BoxedStrategy<String> {
    let threads = prop_oneof![
        2 => body().prop_map(|body| format!("threads 2 {body}")),
        1 => simple().prop_map(|only| format!("threads 3 {{ local r; {only} }}\n")),
        3 => (body(), body()).prop_map(|(one, other)| format!("thread {one}thread {other}")),
        1 => (simple(), simple()).prop_map(|(two, one)| {
            format!("threads 2 {{ local r; {two} }}\nthread {{ local r; {one} }}\n")
        }),
    ];
    let spurious = prop_oneof![4 => text(""), 1 => text("spurious on\n")];
    let lock = select(vec!["rwlock l writers-first\n", "rwlock l readers-first\n"]);
    let shown = prop_oneof![2 => text(""), 1 => text("show x, A.r\n")];
    (spurious, lock, threads, shown)
        .prop_map(|(spurious, lock, threads, shown)| {
            format!("{DECLARED}{spurious}{lock}{threads}{shown}")
        })
        .boxed()
}

/// What became of a random program.
enum Compared {
    /// Its outcomes are the same, with or without counted schedules.
    Alike { counted: bool, endless: bool },
    /// It is no program (a constant index that is out of bounds), or has too many states.
    PassedOver,
}

fn compare(text: &str) -> Result<Compared, TestCaseError> {
    let Ok(race) = read(SourceFile::new("random.race", text), &[], None) else {
        return Ok(Compared::PassedOver);
    };
    let Some(naive) = outcomes_within(&race.program, &race.shown, false, MOST_STATES) else {
        return Ok(Compared::PassedOver);
    };
    let found = census(&race.system, &Options::default())
        .map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
    prop_assert_eq!(found.verdict, Verdict::Exhausted, "{}", text);
    prop_assert_eq!(told(&found), naive, "{}", text);
    let chances: f64 = found
        .outcomes
        .iter()
        .filter_map(|outcome| outcome.fair_share)
        .sum();
    prop_assert!((chances - 1.0).abs() < 1e-9, "{}: {}", chances, text);
    let endless = found.is_endless;
    if let Some(circle) = &found.circle {
        let is_livelock = found.outcomes.iter().any(|one| one.end == Ending::Livelock);
        prop_assert!(endless && (is_livelock || !circle.is_certain), "{}", text);
        goes_round(text);
    }
    let counted = !endless && found.schedules <= MOST_SCHEDULES.into();
    if counted {
        let all = enumerate(&race.system);
        prop_assert_eq!(found.outcomes.len(), all.len(), "{}", text);
        for outcome in &found.outcomes {
            let end = Found::of(&race.system, outcome.end.clone());
            let tally = all.get(&end);
            prop_assert!(tally.is_some(), "{:?}: {}", end, text);
            let tally = tally.unwrap();
            prop_assert_eq!(&outcome.schedules, &tally.schedules.into(), "{}", text);
            prop_assert_eq!(outcome.switches, Some(tally.best.0 as u64), "{}", text);
            let fair = outcome.fair_share.unwrap();
            prop_assert!((fair - tally.chance).abs() < 1e-9, "{}", text);
        }
    }
    Ok(Compared::Alike { counted, endless })
}

#[test]
fn random_programs_end_as_two_enumerations_say() {
    let config = Config {
        cases: cases(),
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    };
    let [alike, schedules, spinning] = [const { Cell::new(0) }; 3];
    let words = Cell::new(BTreeSet::new());
    let mut runner = TestRunner::new(config);
    let result = runner.run(&program(), |text| {
        if let Compared::Alike { counted, endless } = compare(&text)? {
            alike.set(alike.get() + 1);
            schedules.set(schedules.get() + u32::from(counted));
            spinning.set(spinning.get() + u32::from(endless));
            let mut seen = words.take();
            seen.extend(text.split_whitespace().map(str::to_owned));
            words.set(seen);
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    let (all, alike, schedules, spinning) = (cases(), alike.get(), schedules.get(), spinning.get());
    println!("{alike} of {all} compared; schedules of {schedules} counted; {spinning} spin");
    // Most were compared, many of them schedule by schedule, and some spin.
    assert!(2 * alike > all, "{alike} of {all}");
    assert!(3 * schedules > all, "{schedules} of {all}");
    assert!(40 * spinning > all, "{spinning} of {all}");
    let words = words.take();
    for word in [
        "wait", "notify", "acquire", "arrive", "read", "write", "await", "while",
    ] {
        assert!(words.contains(word), "no program has {word}");
    }
}

/// What the whole grammar makes: large numbers, strange nesting. Most of it is no program, since
/// names are used for what they are not; what is one is compared as well.
#[test]
fn programs_of_the_whole_grammar_end_as_two_enumerations_say() {
    let config = Config {
        cases: 5 * cases(),
        failure_persistence: None,
        ..Config::default()
    };
    let alike = Cell::new(0);
    let result = TestRunner::new(config).run(&any_body(), |body| {
        let text = of_two_threads(body);
        // The enumeration unrolls loops, and some have a billion rounds.
        if !text.contains("repeat") && matches!(compare(&text)?, Compared::Alike { .. }) {
            alike.set(alike.get() + 1);
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    println!("{} of {} compared", alike.get(), 5 * cases());
    assert!(8 * alike.get() > cases(), "{} compared", alike.get());
}
