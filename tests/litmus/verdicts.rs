//! The verdicts of tests against those that are known.

use std::fs;
use std::path::Path;

use miscount::model::{MemoryModel, Options, census};

use super::{file, files, holds, test};

#[test]
fn the_tests_of_the_project_have_their_verdicts() {
    let expected = fs::read_to_string(files().join("expected.csv")).unwrap();
    let mut judged = 0;
    for line in expected.lines().skip(1) {
        let [name, sc, tso] = line.split(',').collect::<Vec<_>>().try_into().unwrap();
        let race = file(&files().join(name));
        assert_eq!(holds(&race, MemoryModel::Sc), sc == "1", "{name} under sc");
        assert_eq!(
            holds(&race, MemoryModel::Tso),
            tso == "1",
            "{name} under tso"
        );
        judged += 1;
    }
    let there = fs::read_dir(files()).unwrap().count() - 1;
    assert_eq!(judged, there, "every file has its line");
}

/// Tests made by diy, with verdicts that others have found, where they lie beside the project.
#[test]
fn the_tests_beside_the_project_have_their_verdicts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/litmus-x86");
    let Ok(expected) = fs::read_to_string(folder.join("expected.csv")) else {
        return;
    };
    let mut wrong = Vec::new();
    for line in expected.lines().skip(1) {
        let (name, expected) = line.split_once(',').unwrap();
        let race = file(&folder.join(name));
        if holds(&race, MemoryModel::Tso) != (expected == "1") {
            wrong.push(name);
        }
        // What some order of steps explains, store buffers allow, too.
        let outcomes = |memory| {
            let system = race.system.clone().under(memory);
            let found = census(&system, &Options::default()).unwrap();
            let ends = found
                .outcomes
                .into_iter()
                .map(|one| format!("{:?}", one.end));
            ends.collect::<std::collections::BTreeSet<_>>()
        };
        let (sc, tso) = (outcomes(MemoryModel::Sc), outcomes(MemoryModel::Tso));
        assert!(!sc.is_empty() && sc.is_subset(&tso), "{name}");
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn what_a_kernel_test_says_is_impossible_is_so_in_every_order() {
    let mut never = 0;
    for entry in fs::read_dir(files()).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        if text.contains("Result: Never") {
            let race = file(&path);
            let found = census(&race.system, &Options::default()).unwrap();
            let is_seen = |end| race.satisfies(end) == Some(true);
            let seen = found.outcomes.iter().any(|one| is_seen(&one.end));
            assert!(!seen, "{}", path.display());
            never += 1;
        }
    }
    assert!(never >= 3);
}

/// Only accesses to locations are steps.
#[test]
fn registers_cost_no_schedules() {
    let with = "X86 one\n{ 0:EAX=3; }\n P0 | P1 ;\n MOV EBX,EAX | XOR EAX,EAX ;\n MOV [x],EBX | ADD EAX,$2 ;\n INC ECX | MOV [x],EAX ;\nexists (x=2)";
    let race = test("one.litmus", with);
    let found = census(&race.system, &Options::default()).unwrap();
    assert_eq!(found.schedules.to_string(), "2");
    let mut ends: Vec<_> = found
        .outcomes
        .iter()
        .map(|one| format!("{:?}", one.end))
        .collect();
    ends.sort();
    assert_eq!(ends, ["Values([2])", "Values([3])"]);
}

#[test]
fn arithmetic_and_exchanges_of_registers() {
    let text = "X86 sums\n{ x=5; 0:EAX=1; 0:EBX=2; }\n P0 ;\n XCHG EAX,EBX ;\n XADD [x],EAX ;\n SUB EBX,[x] ;\n XCHG EAX,EAX ;\nforall (0:EAX=5 /\\ 0:EBX=-6 /\\ x=7)";
    assert!(holds(&test("sums.litmus", text), MemoryModel::Tso));
}

/// By its first word, whatever its name; the thread's registers by either name.
#[test]
fn a_test_is_known_by_its_first_word() {
    let text = "(* a comment *) X86 T\n{}\n P0 ;\n MOV RAX,$1 ;\nforall 0:EAX=1";
    assert!(test("-", text).test.is_some());
}
