//! Sizes beyond all bounds, and ways round the score: nothing freezes, nothing is given away.

use miscount::game::Game;
use miscount::model::{Completeness, Ending, Goal, Machine, Outlook, Route};
use miscount::tui::{App, AppRequest, GameInfo, Overlay};

use super::{MANY_THREADS, key, plain, press, race_app, system_of};

const HUGE: u64 = 99_999_999_999;

#[test]
fn what_plays_by_itself_stops_by_itself() {
    let system = plain("unsynced", 2, HUGE);
    let mut app = App::new(&system, GameInfo::default(), None);
    for name in ["p", "Enter"] {
        app.key(&key(name));
    }
    while app.auto.is_some() {
        app.tick();
    }
    let steps = app.game.steps();
    assert!((10_000..1_000_000).contains(&steps), "{steps}");
    assert_eq!(app.message.as_ref().unwrap().1, "Paused. p continues.");
    // As what one key did it is undone, and comes back.
    app.key(&key("u"));
    assert_eq!(app.game.steps(), 0);
    app.key(&key("U"));
    assert_eq!(app.game.steps(), steps);
}

#[test]
fn the_worst_of_runs_without_end_is_not_looked_for() {
    for name in ["unsynced", "mutex-per-op", "atomic"] {
        let system = plain(name, MANY_THREADS, HUGE);
        let mut app = App::new(&system, GameInfo::default(), None);
        while !matches!(app.game.extent(), Completeness::TooMany) {
            app.think(1 << 13);
        }
        for name in ["p", "Down", "Down", "Enter"] {
            app.key(&key(name));
        }
        assert!(app.auto.is_none(), "{name}");
        let said = &app.message.as_ref().unwrap().1;
        assert!(said.starts_with("The runs are too long"), "{name}: {said}");
    }
}

#[test]
fn states_of_many_threads_take_no_more_memory_than_those_of_few() {
    let system = plain("unsynced", MANY_THREADS, HUGE);
    let mut outlook = Outlook::new(&system, &[]);
    let mut most = 0;
    while let Completeness::Growing(seen) = outlook.advance(1 << 12) {
        most = seen;
    }
    assert_eq!(outlook.extent(), Completeness::TooMany);
    // A state takes some 33 kB, and a quarter of a GB is what they may take.
    assert!((1_000..9_000).contains(&most), "{most}");
}

#[test]
fn what_was_seen_is_told_before_any_end_was() {
    let system = plain("unsynced", 2, 1_000);
    let mut outlook = Outlook::new(&system, &[]);
    assert!(matches!(outlook.advance(100), Completeness::Growing(50..)));
}

#[test]
fn a_game_begins_with_as_many_steps_as_are_played_in_no_time() {
    let system = plain("unsynced", 2, HUGE);
    for (token, fits) in [
        ("A400_000,B100_000", true),
        ("A400_000,B100_001", false),
        ("A500_000,B", false),
        ("A5000000000000", false),
        ("A-", false),
    ] {
        let mut game = Game::new(&system);
        let token = token.replace('_', "");
        assert_eq!(game.begin(&token.parse().unwrap()), fits, "{token}");
        assert!(game.steps() <= 500_000, "{token}");
    }
    let system = plain("unsynced", 2, 1_000);
    assert!(Game::new(&system).begin(&"A-,B-".parse().unwrap()));
}

#[test]
fn ways_that_are_found_piece_by_piece_are_the_same() {
    let system = plain("unsynced", 2, 3);
    let mut outlook = Outlook::new(&system, &[]);
    while let Completeness::Growing(_) = outlook.advance(1 << 10) {}
    let start = Machine::new(&system);
    for total in 1..=7 {
        let goal = Goal::total(total);
        let at_once = Route::new(&outlook, &goal);
        let mut pieces = Route::begin(&outlook);
        let mut looks = 1;
        while !pieces.advance(&outlook, &goal, 7) {
            looks += 1;
        }
        assert!(looks > 10, "{looks}");
        let [at_once, pieces] = [at_once, pieces].map(|r| r.switches(&outlook, &start, None));
        assert_eq!(at_once, pieces, "{total}");
    }
}

#[test]
fn only_the_goal_of_a_puzzle_solves_it() {
    let system = system_of("lost-update");
    let mut app = race_app("lost-update", &system);
    let puzzle_goal = app.game.goal().cloned();
    // The correct end is a goal that can be chosen, and no puzzle.
    press(&mut app, "g Down Down Enter");
    let goal = app.game.goal().cloned();
    assert_ne!(goal, puzzle_goal);
    assert_eq!(goal.unwrap().to_string(), "end with counter = 2");
    press(&mut app, "A");
    assert_eq!(app.key(&key("B")), AppRequest::Nothing);
    assert_eq!(app.overlay, None);
}

#[test]
fn going_back_does_not_make_a_hint_unseen() {
    let system = system_of("lost-update");
    for back in ["r", "u", "g Enter"] {
        let mut app = race_app("lost-update", &system);
        press(&mut app, "h a");
        press(&mut app, back);
        press(&mut app, "r a B");
        let AppRequest::Save(solved) = app.key(&key("A")) else {
            panic!("not solved after {back}");
        };
        assert_eq!(solved.stars, 2, "{back}");
    }
}

#[test]
fn who_starts_again_can_solve_it_again() {
    let system = system_of("lost-update");
    let mut app = race_app("lost-update", &system);
    for _ in 0..2 {
        press(&mut app, "a B");
        let want = app.key(&key("A"));
        assert!(matches!(want, AppRequest::Save(_)), "{want:?}");
        assert!(matches!(app.overlay, Some(Overlay::Solved(_))));
        press(&mut app, "Enter r");
    }
}

#[test]
fn the_worst_is_a_deadlock_where_there_is_one() {
    for name in ["two-locks", "philosophers", "lost-wakeup", "self-deadlock"] {
        let system = system_of(name);
        let mut app = race_app(name, &system);
        press(&mut app, "p Down Down Enter");
        while app.auto.is_some() {
            app.tick();
        }
        let ending = app.game.machine().ending();
        assert!(matches!(ending, Some(Ending::Deadlock(_))), "{ending:?}");
    }
}
