//! The game: undo and redo, goals, folding, playing by itself.

use miscount::game::puzzle;
use miscount::game::{Advance, Game, GoalStatus, increment_loops};
use miscount::model::{Completion, Ending, Goal, Machine, Named, ScheduleRun, replay};
use miscount::tui::{App, AppRequest, GameInfo, Overlay, ScreenTheme};
use proptest::prelude::*;

use super::{app, key, picture, plain, press, race_app, settle, system_of};

#[test]
fn undo_goes_back_to_the_start_and_redo_to_the_end() {
    let system = plain("unsynced", 2, 600);
    let mut game = Game::new(&system);
    let mut tokens = vec![game.schedule().to_string()];
    for step in 0..2_000 {
        game.play(step % 3 % 2, Advance::Steps(1))
            .unwrap_or_default();
        tokens.push(game.schedule().to_string());
    }
    tokens.dedup();
    for token in tokens.iter().rev().skip(1) {
        assert!(game.undo());
        assert_eq!(game.schedule().to_string(), *token);
    }
    assert!(!game.undo());
    assert_eq!(*game.machine(), Machine::new(&system));
    for token in &tokens[1..] {
        assert!(game.redo());
        assert_eq!(game.schedule().to_string(), *token);
    }
    assert!(!game.redo());
    // A new move replaces the undone ones.
    game.undo();
    game.play(1, Advance::Steps(2)).unwrap();
    assert!(!game.redo());
    game.restart();
    assert_eq!(game.steps(), 0);
    assert!(game.redo());
}

#[test]
fn a_key_that_cannot_move_a_thread_changes_nothing() {
    let system = plain("mutex-per-op", 2, 1);
    let mut app = app(&system, "mutex-per-op", 2);
    press(&mut app, "a b B");
    assert_eq!(app.game.schedule().to_string(), "A");
    assert_eq!(
        app.message.as_ref().unwrap().1,
        "B is blocked: it waits for lock `mutex`, held by A."
    );
    press(&mut app, "A a");
    assert_eq!(app.message.as_ref().unwrap().1, "A is done.");
    assert_eq!(app.game.schedule().to_string(), "A-");
}

#[test]
fn the_step_that_loses_the_goal_is_named_even_within_a_long_move() {
    let system = plain("unsynced", 2, 3);
    let mut app = app(&system, "unsynced", 6);
    // A has stored once for each of its first two loads; a single stale one is not enough for 2.
    press(&mut app, "A");
    app.game.set_goal(Some(Goal::total(2)));
    settle(&mut app);
    let Some(GoalStatus::Lost(told)) = app.game.goal_status() else {
        panic!("{:?}", app.game.goal_status());
    };
    let (number, thread) = (told.number, told.actor.thread());
    assert_eq!(thread, 0);
    // Up to the step before it could be reached.
    for (steps, lost) in [(number - 1, false), (number, true)] {
        let mut game = Game::new(&system);
        game.set_goal(Some(Goal::total(2)));
        game.play(0, Advance::Steps(steps)).unwrap();
        while game.think(1 << 16) {}
        assert_eq!(
            matches!(game.goal_status(), Some(GoalStatus::Lost(_))),
            lost
        );
    }
    press(&mut app, "u");
    assert_eq!(app.game.goal_status(), Some(GoalStatus::Reachable));
    press(&mut app, "U");
    assert!(matches!(app.game.goal_status(), Some(GoalStatus::Lost(_))));
}

#[test]
fn goals_that_no_schedule_reaches_are_said_so() {
    let system = plain("mutex-per-op", 2, 2);
    let mut app = app(&system, "mutex-per-op", 4);
    for (goal, standing) in [
        (Goal::total(3), GoalStatus::Unreachable),
        (Goal::deadlock(), GoalStatus::Unreachable),
        (Goal::total(4), GoalStatus::Reachable),
    ] {
        app.game.set_goal(Some(goal));
        settle(&mut app);
        assert_eq!(app.game.goal_status(), Some(standing));
    }
}

#[test]
fn waiting_is_about_the_threads_that_are_named() {
    let system = plain("mutex-per-op", 3, 1);
    let wait = |thread, holder| Goal::Wait {
        thread,
        holder: Some(holder),
    };
    for (keys, goal, reached) in [
        ("b", wait(0, 1), true),
        ("c", wait(0, 1), false),
        ("a", wait(0, 1), false),
        ("c", wait(0, 2), true),
    ] {
        let mut app = app(&system, "mutex-per-op", 3);
        app.game.set_goal(Some(goal.clone()));
        press(&mut app, keys);
        let standing = app.game.goal_status();
        assert_eq!(
            matches!(standing, Some(GoalStatus::Reached(_))),
            reached,
            "{keys} {goal}"
        );
        assert_eq!(app.game.par(), Some(0));
    }
}

/// Following the hints solves every puzzle at par, and the screen says so.
#[test]
fn hints_lead_to_the_goal() {
    for name in puzzle::ALL {
        let system = system_of(name);
        let mut app = race_app(name, &system);
        let kept = loop {
            app.key(&key("h"));
            let hint = app.message.clone().unwrap().1;
            assert!(hint.starts_with("Hint: let "), "{hint}");
            if let AppRequest::Save(solved) = app.key(&key("Down")) {
                break solved;
            }
        };
        assert_eq!(Some(kept.switches), app.game.par(), "{name}");
        assert_eq!(kept.stars, 2, "with hints: {name}");
        assert_eq!(app.overlay, Some(Overlay::Solved(kept)));
        assert_eq!(
            app.game.goal_status(),
            Some(GoalStatus::Reached(kept.switches))
        );
        // Once is enough, until it was left and reached again.
        app.key(&key("Enter"));
        app.key(&key("u"));
        app.key(&key("U"));
        assert_eq!(app.overlay, None);
    }
}

#[test]
fn par_without_a_hint_has_three_stars() {
    let system = system_of("lost-update");
    let mut app = race_app("lost-update", &system);
    press(&mut app, "a B");
    let AppRequest::Save(solved) = app.key(&key("A")) else {
        panic!("not solved");
    };
    assert_eq!((solved.stars, solved.switches), (3, 2));
    assert_eq!(app.key(&key("n")), AppRequest::Next);
}

/// Steps of the automatic player give no stars, even if you play the last one.
#[test]
fn a_puzzle_that_plays_itself_gives_no_stars() {
    for name in puzzle::ALL {
        let system = system_of(name);
        let mut app = race_app(name, &system);
        press(&mut app, "p Down Down Enter");
        while app.auto.is_some() {
            assert_eq!(app.tick(), AppRequest::Nothing, "{name}");
        }
        assert_eq!(app.overlay, None, "{name}");
    }
    let system = system_of("lost-update");
    let mut app = race_app("lost-update", &system);
    press(&mut app, "p Down Down Enter");
    app.tick();
    press(&mut app, "z B");
    assert_eq!(app.key(&key("A")), AppRequest::Nothing);
    assert!(app.message.clone().unwrap().1.contains("no stars"));
    // Nor if it is played again, but for the last step.
    press(&mut app, "r U U");
    assert_eq!(app.key(&key("A")), AppRequest::Nothing);
    // A first step of your own begins a game of your own.
    press(&mut app, "r a B");
    let AppRequest::Save(solved) = app.key(&key("A")) else {
        panic!("not solved");
    };
    assert_eq!(solved.stars, 2, "it was seen");
}

#[test]
fn folded_increments_lose_nothing() {
    for name in [
        "unsynced",
        "mutex-per-op",
        "rwlock",
        "compare-exchange",
        "spinlock",
        "sharded",
    ] {
        let system = plain(name, 2, 3);
        assert!(increment_loops(&system, 0).len() == 1, "{name}");
        for thread in 0..2 {
            let text = increment_loops(&system, thread)[0].text(&system);
            let variable = match (name, thread) {
                ("sharded", 0) => "shard A",
                ("sharded", _) => "shard B",
                _ => "counter",
            };
            assert_eq!(text, format!("add 1 to {variable}"), "{name}");
        }
        let mut app = app(&system, name, 6);
        press(&mut app, "x a b b a b a");
        assert_eq!(
            app.game.machine().ending(),
            Some(Ending::Total(6)),
            "{name}"
        );
        assert_eq!(app.game.scenes().count(), 6);
        press(&mut app, "x r a");
        assert_eq!(app.game.steps(), 1);
    }
    let system = system_of("bank");
    assert_eq!(increment_loops(&system, 0), []);
    let mut app = App::new(&system, GameInfo::default(), None);
    press(&mut app, "x");
    assert!(!app.folded);
}

#[test]
fn a_batch_is_folded_increment_by_increment() {
    let settings = miscount::strategy::Settings {
        batch: std::num::NonZeroU64::new(2),
        ..Default::default()
    };
    let system = super::strategy("mutex-per-batch", 2, 4, &settings);
    let mut app = app(&system, "mutex-per-batch", 8);
    // The lock, two increments, the lock back.
    press(&mut app, "x a a");
    assert_eq!(app.game.steps(), 3);
    press(&mut app, "a a");
    assert_eq!(app.game.steps(), 6);
}

fn played(keys: &str) -> (String, Option<Ending>) {
    let system = plain("unsynced", 2, 3);
    let mut app = app(&system, "unsynced", 6);
    press(&mut app, keys);
    let mut ticks = 0;
    while app.auto.is_some() {
        app.tick();
        ticks += 1;
        assert!(ticks < 100);
    }
    (app.game.schedule().to_string(), app.game.machine().ending())
}

#[test]
fn the_rest_plays_itself() {
    assert_eq!(played("p Down Enter").1, Some(Ending::Total(3)));
    assert_eq!(played("p Down Down Enter").1, Some(Ending::Total(2)));
    assert_eq!(played("p Enter"), played("p Enter"));
    // From where it is: with two increments of each behind them, no less than 4 is left.
    let (_, ending) = played("x a b a b x p Down Down Enter");
    assert_eq!(ending, Some(Ending::Total(5)));
    // Any key stops it, and undo takes all of it back.
    let system = plain("unsynced", 2, 3);
    let mut app = app(&system, "unsynced", 6);
    press(&mut app, "p Down Enter");
    app.tick();
    app.tick();
    press(&mut app, "a");
    assert!(app.auto.is_none());
    assert_eq!(app.game.schedule().to_string(), "A,B");
    press(&mut app, "p Enter z");
    assert!(app.auto.is_none());
    press(&mut app, "b p Down Enter");
    app.tick();
    app.tick();
    press(&mut app, "z u");
    assert_eq!(app.game.schedule().to_string(), "A,B2");
    press(&mut app, "u u");
    assert_eq!(app.game.schedule().to_string(), "");
    press(&mut app, "U U U");
    assert_eq!(app.game.schedule().to_string(), "A,B2,A,B");
}

/// Each random game has another seed, and a name that `replay` accepts.
#[test]
fn a_fair_go_is_named_by_its_seed() {
    let system = plain("unsynced", 2, 50);
    let drawn = |seed| {
        let source = Named::Random(seed).source(&system);
        let mut plan = ScheduleRun::new(&system, source, Completion::Serial);
        plan.collect_schedule(usize::MAX)
            .unwrap()
            .unwrap()
            .to_string()
    };
    let mut app = App::new(&system, GameInfo::default(), None);
    app.set_seed(4711);
    for seed in [4711, 4712] {
        for name in ["p", "Enter"] {
            app.key(&key(name));
        }
        let said = &app.message.as_ref().unwrap().1;
        assert_eq!(
            *said,
            format!("Playing by itself (random:{seed}); any key stops it.")
        );
        while app.auto.is_some() {
            app.tick();
        }
        assert_eq!(app.game.schedule().to_string(), drawn(seed));
        app.key(&key("r"));
    }
    assert_ne!(drawn(4711), drawn(4712));
}

#[test]
fn the_worst_of_a_size_without_a_census_is_known_by_rule() {
    let system = plain("unsynced", 2, 5_000);
    let mut app = App::new(&system, GameInfo::default(), None);
    for name in ["p", "Down", "Down", "Enter"] {
        app.key(&key(name));
    }
    let mut ticks = 0;
    while app.auto.is_some() {
        app.tick();
        ticks += 1;
        // A few minutes at most, however long it is.
        assert!(ticks < 2_000);
    }
    assert_eq!(app.game.schedule().to_string(), "A,B9998,A,B,A-,B-");
    assert_eq!(app.game.machine().ending(), Some(Ending::Total(2)));
}

#[test]
fn where_states_are_too_many_schedules_are_drawn() {
    let system = plain("unsynced", 2, 40);
    let mut app = App::new(&system, GameInfo::default(), None);
    press(&mut app, "A b");
    let drawn = app.game.sample().unwrap();
    assert_eq!(drawn.runs(), 1_000);
    assert_eq!(drawn.ends().values().sum::<u64>(), 1_000);
    press(&mut app, "h");
    assert_eq!(app.game.hint(), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// With any keys at any size, nothing panics, and the history is a schedule that leads to the
    /// same state.
    #[test]
    fn any_keys_at_any_size(
        keys in prop::collection::vec(prop::sample::select(
            "a b c A B C 1 2 3 u U r x g h p t f i n ? Enter Esc Up Down Left Right End - z"
                .split(' ').collect::<Vec<_>>()), 0..60),
        (width, height) in (1_u16..140, 1_u16..50),
        which in 0_usize..3,
    ) {
        let system = match which {
            0 => plain("unsynced", 3, 2),
            1 => plain("mutex-per-op", 2, 2),
            _ => system_of("two-locks"),
        };
        let mut app = app(&system, "any", 6);
        for name in keys {
            app.key(&key(name));
            app.think(1 << 10);
            app.tick();
            picture(&app, width, height, &ScreenTheme::new(true, false));
        }
        let schedule = app.game.schedule();
        let mut plan = ScheduleRun::new(&system, schedule.segments().iter(), Completion::Serial);
        for _ in schedule.segments() {
            plan.next_move(&mut |_, _| {}).unwrap().unwrap();
        }
        prop_assert_eq!(plan.machine(), app.game.machine());
        prop_assert_eq!(schedule.switches() as u64, app.game.switches());
        if let Some(ending) = app.game.machine().ending() {
            prop_assert_eq!(replay(&system, &schedule, Completion::Strict).unwrap(), ending);
        }
    }
}
