//! What a program means once names are resolved.

use miscount::language::ast::{BinaryOperator, Operation, Preference, Quantifier, Target, Term};
use miscount::language::{
    CheckedStatement, FinalLeaf, ObjectKind, SourceFile, ThreadAction, ThreadLeaf, check,
    check_target, parse, parse_target, render,
};

use super::right;

/// Returns the actions of the only group of threads, each with the text it comes from.
fn actions(text: &str) -> Vec<(String, ThreadAction)> {
    let program = right("test", text);
    assert_eq!(program.groups.len(), 1);
    let spelt = |one: CheckedStatement| (text[one.span.range()].to_string(), one.value);
    program
        .groups
        .into_iter()
        .flat_map(|group| group.body)
        .map(spelt)
        .collect()
}

/// Returns the operations and ways out in a body, in order, as words.
fn operations(body: &[CheckedStatement]) -> Vec<String> {
    let mut words = Vec::new();
    for statement in body {
        match &statement.value {
            ThreadAction::Operate(operation, place) => {
                words.push(format!("{} {}", operation.spelling(), place.item));
            }
            ThreadAction::Break => words.push("break".into()),
            ThreadAction::Continue => words.push("continue".into()),
            ThreadAction::Return => words.push("return".into()),
            ThreadAction::While(_, body) | ThreadAction::Repeat(_, body) => {
                words.extend(operations(body));
            }
            ThreadAction::If(_, then, otherwise) => {
                words.extend(operations(then));
                words.extend(operations(otherwise));
            }
            _ => {}
        }
    }
    words
}

#[test]
fn cells_and_objects_are_numbered_through() {
    let program = right(
        "test",
        "param N = 3
         shared x = 7, a[N] = N - 1, b = [5, -6]
         mutex m, fork[N]
         rwlock l, k readers-first
         condition c on m
         semaphore s = 2
         barrier e = N
         thread first * 2 { fence }
         thread last { fence }",
    );
    let variables = program.variables.iter();
    let variables: Vec<_> = variables
        .map(|one| (&*one.name, one.first, &*one.start))
        .collect();
    assert_eq!(
        variables,
        [("x", 0, &[7][..]), ("a", 1, &[2, 2, 2]), ("b", 4, &[5, -6])]
    );
    let objects = program.objects.iter();
    let objects: Vec<_> = objects
        .map(|one| (&*one.name, one.first, one.length, one.kind))
        .collect();
    let read_write = ObjectKind::RwLock(Preference::ReadersFirst);
    assert_eq!(
        objects,
        [
            ("m", 0, 1, ObjectKind::Mutex),
            ("fork", 1, 3, ObjectKind::Mutex),
            ("l", 4, 1, read_write),
            ("k", 5, 1, read_write),
            ("c", 6, 1, ObjectKind::Condition { mutex: 0 }),
            ("s", 7, 1, ObjectKind::Semaphore { start: 2 }),
            ("e", 8, 1, ObjectKind::Barrier { size: 3 }),
        ]
    );
    let groups = program.groups.iter();
    let groups: Vec<_> = groups
        .map(|one| (one.name.as_deref(), one.first, one.count))
        .collect();
    assert_eq!(groups, [(Some("first"), 0, 2), (Some("last"), 2, 1)]);
    let shown: Vec<_> = program.shown.iter().map(|one| &*one.name).collect();
    assert_eq!(shown, ["x", "a[0]", "a[1]", "a[2]", "b[0]", "b[1]"]);
}

#[test]
fn parameters_are_replaced() {
    let source = SourceFile::new(
        "test",
        "param threads = 2\nparam N = threads * 2\nshared a[N]\nthreads threads { repeat N { a[0] += 1 } }",
    );
    let program = parse(&source).unwrap();
    for (set, expected) in [
        (vec![], (2, 4)),
        (vec![("threads", 3)], (3, 6)),
        (vec![("N", 9), ("threads", 5), ("N", 7)], (5, 7)),
    ] {
        let set: Vec<_> = set
            .into_iter()
            .map(|(name, value)| (String::from(name), value))
            .collect();
        let checked = check(&program, &set).unwrap();
        assert_eq!(
            (checked.groups[0].count, checked.variables[0].start.len()),
            expected
        );
        let (threads, elements) = (
            expected.0.try_into().unwrap(),
            expected.1.try_into().unwrap(),
        );
        let parameters = [("threads".into(), threads), ("N".into(), elements)];
        assert_eq!(checked.parameters, parameters);
        let [statement] = &checked.groups[0].body[..] else {
            panic!()
        };
        assert!(
            matches!(statement.value, ThreadAction::Repeat(times, _) if times == expected.1 as u64)
        );
    }
}

#[test]
fn constants_are_worked_out() {
    for (text, value) in [
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("10 - 4 - 3", 3),
        ("-7 / 2", -3),
        ("-7% 4", -3),
        ("1 < 2 == 1", 1),
        ("!0 + !5", 1),
        ("1 || 0 && 0", 1),
        ("- -5", 5),
        ("9_223_372_036_854_775_807 + 1", i64::MIN),
        ("(-9223372036854775807 - 1) / -1", i64::MIN),
        ("1 +\n 2", 3),
        ("(1\n + 2\n)", 3),
    ] {
        // A comparison is no operand of another.
        let text = text.replace("1 < 2 == 1", "(1 < 2) == 1");
        let program = right("test", &format!("shared x = {text}\nthreads 1 {{ fence }}"));
        assert_eq!(program.variables[0].start, [value], "{text}");
    }
}

#[test]
fn each_form_of_assignment_is_told_from_the_others() {
    let found = actions(
        "shared x, a[2]
         threads 2 {
             local r = x, s
             x = r
             a[r] += 2
             r *= 3
             atomic x -= 1
             atomic x = 5
             fetch_add(x, 1)
         }",
    );
    let texts: Vec<_> = found.iter().map(|(text, _)| &**text).collect();
    assert_eq!(
        texts,
        [
            "local r = x, s",
            "local r = x, s",
            "x = r",
            "a[r] += 2",
            "r *= 3",
            "atomic x -= 1",
            "atomic x = 5",
            "fetch_add(x, 1)",
        ]
    );
    let actions: Vec<_> = found.into_iter().map(|(_, action)| action).collect();
    assert!(matches!(
        &actions[..],
        [
            ThreadAction::SetLocal(0, _),
            ThreadAction::SetLocal(1, _),
            ThreadAction::Store(..),
            ThreadAction::Update(_, BinaryOperator::Add, _),
            ThreadAction::SetLocal(0, _),
            ThreadAction::AtomicUpdate(_, BinaryOperator::Subtract, _),
            ThreadAction::AtomicStore(..),
            ThreadAction::Evaluate(_),
        ]
    ));
}

#[test]
fn await_loads_one_variable_once() {
    let found = actions("shared a[2]\nthreads 2 { await a[self] == 1 || a[self] == self }");
    let [(_, ThreadAction::Await(place, condition))] = &found[..] else {
        panic!("{found:?}")
    };
    assert_eq!(place.item, 0);
    assert!(condition.any_leaf(&|leaf| *leaf == ThreadLeaf::Awaited));
    assert!(!condition.any_leaf(&|leaf| matches!(leaf, ThreadLeaf::Load(_))));
}

#[test]
fn every_way_out_of_a_block_releases_its_lock() {
    let program = right(
        "test",
        "shared x
         mutex m, n
         rwlock l
         threads 2 {
             lock m {
                 while x {
                     read l {
                         if x == 1 { break }
                         if x == 2 { continue }
                         lock n { return }
                     }
                 }
             }
             write l
             unlock l
         }",
    );
    assert_eq!(
        operations(&program.groups[0].body),
        [
            "lock 0", "read 2", "unlock 2", "break", "unlock 2", "continue", "lock 1", "unlock 1",
            "unlock 2", "unlock 0", "return", "unlock 1", "unlock 2", "unlock 0", "write 2",
            "unlock 2",
        ]
    );
}

#[test]
fn a_block_releases_the_element_it_has_locked() {
    let found = actions(
        "mutex fork[3]
         threads 3 {
             local i = self
             lock fork[i] { i = 0 }
             lock fork[(self + 1) % 3] { }
         }",
    );
    let places: Vec<_> = found
        .iter()
        .filter_map(|(_, action)| match action {
            ThreadAction::Operate(operation, place) => Some((*operation, place.clone())),
            _ => None,
        })
        .collect();
    let operations: Vec<_> = places.iter().map(|(operation, _)| *operation).collect();
    let (lock, unlock) = (Operation::Lock, Operation::Unlock);
    assert_eq!(operations, [lock, unlock, lock, unlock]);
    // The index is kept in a local that the program cannot change.
    let kept = places[0].1.index.as_ref().unwrap();
    assert_eq!(kept.value, Term::Leaf(ThreadLeaf::Local(1)));
    assert_eq!(places[0].1, places[1].1);
    assert_eq!(places[2].1, places[3].1);
}

#[test]
fn claims_goals_and_shown_values_are_about_the_end() {
    let program = right(
        "test",
        r#"
        param N = 2
        shared x, a[3]
        thread first { local r = x }
        threads N { local q, r = a[1] }
        show first.r, C.r, a, a[N]
        expect a[N - 1] + x == N
        always x == 0
        never deadlock
        sometimes B.r == 1 under tso
        goal fault "break it"
        "#,
    );
    let shown: Vec<_> = program
        .shown
        .iter()
        .map(|one| (&*one.name, one.value))
        .collect();
    let local = |thread, local| FinalLeaf::Local { thread, local };
    assert_eq!(
        shown,
        [
            ("first.r", local(0, 0)),
            ("C.r", local(2, 1)),
            ("a[0]", FinalLeaf::Cell(1)),
            ("a[1]", FinalLeaf::Cell(2)),
            ("a[2]", FinalLeaf::Cell(3)),
            ("a[2]", FinalLeaf::Cell(3)),
        ]
    );
    assert!(
        program
            .expected
            .unwrap()
            .any_leaf(&|leaf| *leaf == FinalLeaf::Cell(2))
    );
    let claims = program.claims.iter();
    let claims: Vec<_> = claims
        .map(|one| (one.quantifier, &*one.text, one.under_tso))
        .collect();
    assert_eq!(
        claims,
        [
            (Quantifier::Always, "always x == 0", false),
            (Quantifier::Never, "never deadlock", false),
            (Quantifier::Sometimes, "sometimes B.r == 1 under tso", true),
        ]
    );
    assert_eq!(program.goals[0].target, Target::Fault);
    assert_eq!(program.goals[0].text, "break it");
}

#[test]
fn lines_are_those_of_the_source() {
    let source = SourceFile::new("test", "shared x\r\n\r\nthreads 2 {\r\n\tx = 1; x = 2\r\n}");
    let program = check(&parse(&source).unwrap(), &[]).unwrap();
    let group = &program.groups[0];
    assert_eq!(source.line_number(group.span), 3);
    let lines = group
        .body
        .iter()
        .map(|statement| source.line_number(statement.span));
    assert_eq!(lines.collect::<Vec<_>>(), [4, 4]);
    assert_eq!(source.line(4), "\tx = 1; x = 2");
    assert_eq!((source.line(0), source.line(6)), ("", ""));
}

#[test]
fn texts_of_several_lines_are_paragraphs() {
    let text = "title \"a \\\"b\\\" \\\\ c\"\nstory \"\"\"\n    One\n    line.\n\n    Another \"one\".\n\"\"\"\nthreads 1 { fence }";
    let texts = right("test", text).texts;
    assert_eq!(texts.title, "a \"b\" \\ c");
    assert_eq!(texts.story, "One line.\nAnother \"one\".");
}

#[test]
fn a_condition_can_stand_alone() {
    let text = std::fs::read_to_string("programs/bank.race").unwrap();
    let program = parse(&SourceFile::new("bank.race", text)).unwrap();
    let target = |text: &str| {
        let source = SourceFile::new("--reach", text);
        let target = parse_target(&source);
        let target = target.and_then(|target| check_target(&program, &[], &target.value));
        target.map_err(|errors| {
            assert!(!errors.is_empty());
            render(&errors, &source)
        })
    };
    let Target::Values(condition) = target("paid == 160").unwrap() else {
        panic!()
    };
    assert!(condition.any_leaf(&|leaf| *leaf == FinalLeaf::Cell(1)));
    assert_eq!(target(" deadlock\n").unwrap(), Target::Deadlock);
    for (text, said) in [
        ("", "expected a value, found the end of the program"),
        ("payed == 160", "did you mean 'paid'?"),
        ("paid = 160", "to compare, write '=='"),
        (
            "paid == 160 account",
            "expected the end of the condition, found 'account'",
        ),
        ("paid[1] == 160", "'paid' is not an array"),
        ("paid == 160 @", "unexpected character '@'"),
        ("A.r == 160", "thread 'A' has no local 'r'"),
        (&"(".repeat(1000), "nested more than 200 levels deep"),
    ] {
        let error = target(text).unwrap_err();
        assert!(error.contains(said), "{text}: {error}");
    }
    let lock = parse(&SourceFile::new(
        "lock.race",
        "\n\n\nmutex m\nthreads 2 { lock m { } }",
    ))
    .unwrap();
    let source = SourceFile::new("--reach", "m == 1");
    let error = check_target(&lock, &[], &parse_target(&source).unwrap().value).unwrap_err();
    assert!(render(&error, &source).contains("'m' is a mutex, not a number"));
}
