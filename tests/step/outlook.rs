//! What can still come of a state, held against the census and against following every schedule.

use std::collections::BTreeMap;

use super::{MANY_THREADS, strategy, system_of};
use miscount::model::{
    Chance, Completeness, Ending, Finish, Goal, Machine, Options, Outlook, Route, System, census,
};
use miscount::strategy::Settings;

fn known<'s>(system: &'s System, apart: &[usize]) -> Outlook<'s> {
    let mut outlook = Outlook::new(system, apart);
    assert!(matches!(
        outlook.advance(usize::MAX),
        Completeness::Known(_)
    ));
    outlook
}

/// Follows every schedule from here: how many end how, and with which chance.
fn follow(machine: &Machine<'_>, fair: f64, to: &mut BTreeMap<String, (u128, f64)>) {
    if let Some(ending) = machine.ending() {
        let end = match ending {
            Ending::Deadlock(_) => "deadlock".into(),
            other => other.text(machine.system()),
        };
        let found = to.entry(end).or_default();
        found.0 += 1;
        found.1 += fair;
        return;
    }
    let threads = 0..machine.system().threads();
    let ready: Vec<_> = threads.filter(|&t| machine.is_ready(t)).collect();
    for &thread in &ready {
        let mut next = machine.clone();
        next.step(thread).unwrap();
        follow(&next, fair / ready.len() as f64, to);
    }
}

fn same(outlook: &Outlook<'_>, chances: &[Chance], followed: &BTreeMap<String, (u128, f64)>) {
    assert_eq!(chances.len(), followed.len());
    for chance in chances {
        let end = match chance.finish {
            Finish::Total(total) => total.to_string(),
            Finish::Deadlock => "deadlock".into(),
            Finish::Other(index) => outlook.ending(index).unwrap().text(outlook.system()),
        };
        let (schedules, fair) = followed[&end];
        assert_eq!(chance.schedules, Some(schedules), "{end}");
        assert!((chance.fair - fair).abs() < 1e-9, "{end}");
    }
}

/// Every state on some walks, with threads that are told apart and not.
#[test]
fn chances_are_those_of_following_every_schedule() {
    let split = Settings {
        split: true,
        ..Settings::default()
    };
    let mut systems = vec![
        strategy("unsynced", 2, 2, &Settings::default()),
        strategy("unsynced", 3, 1, &Settings::default()),
        strategy("rwlock", 2, 1, &split),
        strategy("compare-exchange", 2, 2, &Settings::default()),
        strategy("spinlock", 2, 2, &Settings::default()),
    ];
    for name in [
        "two-locks",
        "philosophers",
        "audit",
        "lost-wakeup",
        "retry",
        "aba",
    ] {
        systems.push(system_of(name));
    }
    for system in &systems {
        for apart in [vec![], vec![1]] {
            let outlook = known(system, &apart);
            for walk in 0..4_usize {
                let mut machine = Machine::new(system);
                let mut turn = walk;
                loop {
                    let mut followed = BTreeMap::new();
                    follow(&machine, 1.0, &mut followed);
                    same(&outlook, outlook.chances(&machine).unwrap(), &followed);
                    let threads = 0..system.threads();
                    let ready: Vec<_> = threads.filter(|&t| machine.is_ready(t)).collect();
                    if ready.is_empty() {
                        break;
                    }
                    machine.step(ready[turn % ready.len()]).unwrap();
                    turn = turn * 5 + 1 + walk;
                }
            }
        }
    }
}

#[test]
fn from_the_start_it_is_the_census() {
    for (threads, increments) in [(2, 10), (3, 4), (4, 2)] {
        let system = strategy("unsynced", threads, increments, &Settings::default());
        let counted = census(&system, &Options::default()).unwrap();
        let outlook = known(&system, &[]);
        let chances = outlook.chances(&Machine::new(&system)).unwrap();
        assert_eq!(chances.len(), counted.outcomes.len());
        for chance in chances {
            let Finish::Total(total) = chance.finish else {
                panic!("a deadlock without locks");
            };
            let outcome = counted.total(total).unwrap();
            assert_eq!(outcome.schedules, chance.schedules.unwrap().into());
            assert!((outcome.fair_share.unwrap() - chance.fair).abs() < 1e-9);
            let goal = Goal::total(total);
            let par = Route::new(&outlook, &goal).switches(&outlook, &Machine::new(&system), None);
            assert_eq!(par, outcome.switches, "{threads} x {increments}: {total}");
        }
    }
}

#[test]
fn what_is_too_large_is_given_up_and_says_so() {
    let system = strategy("unsynced", MANY_THREADS, 1_000, &Settings::default());
    let mut outlook = Outlook::new(&system, &[]);
    let mut growing = 0;
    outlook.advance(1);
    // The first state is the first whose number is still open.
    assert_eq!(outlook.number(&Machine::new(&system)), None);
    while let Completeness::Growing(states) = outlook.advance(1 << 16) {
        assert!(states >= growing);
        growing = states;
    }
    assert_eq!(outlook.extent(), Completeness::TooMany);
    assert_eq!(outlook.chances(&Machine::new(&system)), None);
}

/// The sizes that the guide names are the first that are not counted.
#[test]
fn the_first_sizes_that_are_too_large_are_those_of_the_readme() {
    let readme = include_str!("../../docs/guide.md").replace('\n', " ");
    for (threads, fits, too_large) in [(2, 18, 20), (3, 6, 7)] {
        assert!(readme.contains(&format!("{threads} x {too_large}")));
        for (increments, is_known) in [(fits, true), (too_large, false)] {
            let system = strategy("unsynced", threads, increments, &Settings::default());
            let extent = Outlook::new(&system, &[]).advance(usize::MAX);
            let known = matches!(extent, Completeness::Known(states) if states > 90_000);
            assert_eq!(known, is_known, "{threads} x {increments}: {extent:?}");
        }
    }
}

#[test]
fn schedules_beyond_128_bits_are_at_least_so_many() {
    let system = strategy("atomic", 2, 100, &Settings::default());
    let outlook = known(&system, &[]);
    let chances = outlook.chances(&Machine::new(&system)).unwrap();
    assert_eq!(chances.len(), 1);
    assert_eq!(chances[0].schedules, Some(u128::MAX));
    assert!((chances[0].fair - 1.0).abs() < 1e-9);
}

/// Programs whose threads can spin: from the start it is the census, which tells all threads apart and
/// lets the chances flow forwards, where the outlook solves equations backwards.
#[test]
fn where_threads_can_spin_it_is_the_census_too() {
    let mut circles = 0;
    for program in miscount::language::GALLERY {
        let system = system_of(program.name);
        let counted = census(&system, &Options::default()).unwrap();
        if !counted.is_endless {
            continue;
        }
        circles += 1;
        let outlook = known(&system, &[]);
        let mut chances = BTreeMap::new();
        // An end that is reached only without spinning has a number of schedules.
        let mut is_endless = false;
        for chance in outlook.chances(&outlook.start()).unwrap() {
            is_endless |= chance.schedules.is_none();
            let end = match chance.finish {
                Finish::Total(_) => panic!("a program without values"),
                Finish::Deadlock => "deadlock".into(),
                Finish::Other(index) => outlook.ending(index).unwrap().text(&system),
            };
            *chances.entry(end).or_insert(0.0) += chance.fair;
        }
        assert!(is_endless, "{}", program.name);
        let mut counted_chances = BTreeMap::new();
        for outcome in &counted.outcomes {
            let end = outcome.end.text(&system);
            *counted_chances.entry(end).or_insert(0.0) += outcome.fair_share.unwrap();
        }
        assert!(
            chances.keys().eq(counted_chances.keys()),
            "{chances:?} {counted_chances:?}"
        );
        for (end, fair) in &counted_chances {
            assert!(
                (chances[end] - fair).abs() < 1e-9,
                "{}: {end}",
                program.name
            );
        }
        // The fewest switches are those of the witnesses, which a search forwards has found.
        for outcome in &counted.outcomes {
            let goal = Goal::ending(&outcome.end, &system);
            let route = Route::new(&outlook, &goal);
            let fewest = route.switches(&outlook, &Machine::new(&system), None);
            assert_eq!(fewest, outcome.switches, "{}: {goal}", program.name);
        }
    }
    assert!(circles >= 8, "{circles}");
}

#[test]
fn a_livelock_is_the_only_end_of_a_state_without_a_way_out() {
    let system = system_of("naive-flags");
    let outlook = known(&system, &[]);
    let mut machine = Machine::new(&system);
    let goal = Goal::ending(&Ending::Livelock, &system);
    assert!(!outlook.has_reached(&goal, &machine));
    for thread in [0, 1] {
        machine.step(thread).unwrap();
    }
    assert!(outlook.has_reached(&goal, &machine));
    let [only] = outlook.chances(&machine).unwrap() else {
        panic!("several ends");
    };
    assert_eq!((only.schedules, only.fair), (None, 1.0));
    assert!(
        matches!(only.finish, Finish::Other(i) if outlook.ending(i) == Some(&Ending::Livelock))
    );
}
