//! Games and systems too large to visit every state: nothing takes long at once, and the screen says
//! what is not known.

use miscount::game::{Advance, Game, GoalStatus};
use miscount::model::{Completeness, EndCondition, Ending, Goal, System};
use miscount::tui::{App, GameInfo, Menu, Overlay, ScreenTheme};

use super::{MANY_THREADS, app, key, picture, plain, press};

/// However long the game is, a goal is judged piece by piece.
#[test]
fn a_goal_of_a_long_game_is_judged_in_pieces() {
    let system = plain("atomic", 2, 300);
    let mut game = Game::new(&system);
    while game.think(1 << 16) {}
    for _ in 0..150 {
        game.play(0, Advance::Steps(2)).unwrap();
        game.play(1, Advance::Steps(2)).unwrap();
    }
    game.undo();
    game.set_goal(Some(Goal::total(600)));
    assert_eq!(game.goal_status(), Some(GoalStatus::Pending));
    let mut thoughts = 0;
    while game.is_solving() {
        game.think(16);
        thoughts += 1;
    }
    assert!(thoughts > 598 / 16, "{thoughts}");
    assert_eq!(game.goal_status(), Some(GoalStatus::Reachable));
    game.redo();
    assert_eq!(game.goal_status(), Some(GoalStatus::Reached(299)));
}

/// The verdict on a step holds until another step replaces it.
#[test]
fn a_verdict_holds_as_long_as_its_step_stands() {
    let system = plain("unsynced", 2, 3);
    let mut app = app(&system, "unsynced", 6);
    app.game.set_goal(Some(Goal::total(2)));
    press(&mut app, "a b A");
    assert!(matches!(app.game.goal_status(), Some(GoalStatus::Lost(_))));
    press(&mut app, "u a");
    assert!(matches!(
        app.game.goal_status(),
        Some(GoalStatus::Reachable)
    ));
    press(&mut app, "u u u");
    assert_eq!(app.game.goal_status(), Some(GoalStatus::Reachable));
    press(&mut app, "B");
    assert!(
        matches!(app.game.goal_status(), Some(GoalStatus::Lost(told)) if told.actor.thread() == 1)
    );
}

/// Where a run is longer than all that may be drawn, nothing is drawn for ever.
#[test]
fn random_schedules_without_an_end_are_given_up() {
    let system = plain("unsynced", 32, 1_000_000_000);
    let mut app = App::new(&system, GameInfo::default(), None);
    let mut thoughts = 0;
    while app.think(1 << 16) {
        thoughts += 1;
        assert!(thoughts < 10_000);
    }
    assert_eq!(app.game.extent(), Completeness::TooMany);
    let text = picture(&app, 80, 24, &ScreenTheme::new(false, false));
    let words = text.replace(['│', '┃'], " ");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("too long to sample"), "{text}");
    // A step makes them no shorter.
    app.key(&key("a"));
    assert!(!app.think(1 << 16));
    app.key(&key("u"));
    assert!(!app.think(1 << 16));
}

/// A screen that knows that there are too many states, and has not drawn much yet.
fn large(system: &System, correct: u64) -> App<'_> {
    let about = GameInfo {
        correct: Some(EndCondition::total(correct)),
        ..GameInfo::default()
    };
    let mut app = App::new(system, about, None);
    while matches!(app.game.extent(), Completeness::Growing(_)) {
        app.think(1 << 16);
    }
    assert_eq!(app.game.extent(), Completeness::TooMany);
    app
}

fn pursue(app: &mut App<'_>, goal: Goal) {
    app.game.set_goal(Some(goal));
    while app.game.is_solving() {
        app.think(1 << 10);
    }
}

fn line_of_the_goal(app: &App<'_>) -> String {
    let text = picture(app, 80, 24, &ScreenTheme::new(false, false));
    text.lines().nth(1).unwrap().to_owned()
}

#[test]
fn a_goal_of_a_large_size_is_judged_by_rule() {
    let system = plain("unsynced", MANY_THREADS, 2);
    let mut app = large(&system, 2 * MANY_THREADS as u64);
    pursue(&mut app, Goal::total(1));
    assert_eq!(app.game.goal_status(), Some(GoalStatus::Unreachable));
    assert_eq!(line_of_the_goal(&app), "No schedule can end with 1.");
    // The least of all has a way, and hints along it.
    pursue(&mut app, Goal::total(2));
    let before = line_of_the_goal(&app);
    assert!(before.starts_with("Goal: end with 2  ("), "{before}");
    assert!(before.ends_with("do it, yours 0)"), "{before}");
    let mut steps = 0;
    while app.game.machine().ending().is_none() {
        let thread = app.game.hint().unwrap();
        app.game.play(thread, Advance::Steps(1)).unwrap();
        steps += 1;
    }
    assert_eq!(steps, 4 * MANY_THREADS);
    assert_eq!(app.game.machine().ending(), Some(Ending::Total(2)));
    assert!(matches!(
        app.game.goal_status(),
        Some(GoalStatus::Reached(_))
    ));
    // Away from it the status is unknown.
    for name in ["r", "6", "1", "6"] {
        app.key(&key(name));
    }
    assert_eq!(app.game.goal_status(), Some(GoalStatus::Unknown));
    assert_eq!(
        line_of_the_goal(&app),
        "Goal: end with 2  (cannot be judged)"
    );
    app.key(&key("h"));
    let said = &app.message.as_ref().unwrap().1;
    assert_eq!(said, "No known way from here; u undoes.");
}

#[test]
fn the_least_and_the_usual_are_goals_of_a_large_size() {
    let system = plain("unsynced", 2, 5_000);
    let mut app = large(&system, 10_000);
    app.think(1);
    app.key(&key("g"));
    let Some(Overlay::Menu(Menu { lines, .. })) = &app.overlay else {
        panic!("no menu");
    };
    let names: Vec<_> = lines.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!(names[..2], ["end with 2", "end with 5,000"]);
    assert_eq!(names[3], "no goal");
    // With locks nothing else than the correct total can come of it.
    let system = plain("mutex-per-op", MANY_THREADS, 10);
    let correct = 10 * MANY_THREADS as u64;
    let mut app = large(&system, correct);
    for (goal, standing) in [
        (Goal::total(correct - 1), GoalStatus::Unreachable),
        (
            Goal::total(correct),
            GoalStatus::OnSchedule(MANY_THREADS as u64 - 1),
        ),
        // Which no rule knows.
        (Goal::deadlock(), GoalStatus::Unknown),
    ] {
        pursue(&mut app, goal);
        assert_eq!(app.game.goal_status(), Some(standing));
    }
}

/// Each thread has its turn within a second, however many there are, and a long go takes little
/// more memory than its steps.
#[test]
fn what_plays_by_itself_keeps_pace_with_the_threads() {
    for threads in [2, 9, 1_024] {
        let system = plain("unsynced", threads, 2);
        let mut app = App::new(&system, GameInfo::default(), None);
        for name in ["p", "Down", "Enter"] {
            app.key(&key(name));
        }
        for _ in 0..8 {
            app.tick();
        }
        let steps = app.game.steps();
        assert!(steps >= threads as u64, "{threads}: {steps}");
        while app.auto.is_some() {
            app.tick();
        }
        let ending = app.game.machine().ending();
        assert_eq!(ending, Some(Ending::Total(2)), "{threads}");
        // Only the end of the history is kept.
        assert!(app.game.scenes().count() <= 200);
    }
}

/// Undo goes back to the same state whatever was kept on the way, and redo forward.
#[test]
fn long_games_are_undone_and_redone_to_the_same_states() {
    let system = plain("unsynced", 3, 40_000);
    let mut game = Game::new(&system);
    let mut states = vec![game.machine().clone()];
    for key in 0..900_u64 {
        let thread = usize::try_from(key % 3).unwrap();
        let steps = if key % 300 == 7 { 20_000 } else { 1 };
        game.play(thread, Advance::Steps(steps)).unwrap();
        states.push(game.machine().clone());
    }
    let check = |game: &Game<'_>, at: usize| assert!(*game.machine() == states[at], "{at}");
    for at in (0..900).rev() {
        assert!(game.undo());
        check(&game, at);
    }
    for at in 1..=900 {
        assert!(game.redo());
        check(&game, at);
    }
    game.restart();
    check(&game, 0);
    game.redo();
    check(&game, 1);
}

/// A token too long to type is shown by its ends, and by its file if there is one.
#[test]
fn a_token_that_is_too_long_to_type_is_not_written_out() {
    let system = plain("unsynced", 2, 1_000);
    let about = GameInfo {
        arguments: "unsynced -t 2 -i 1000".into(),
        ..GameInfo::default()
    };
    let mut app = App::new(&system, about, None);
    for name in ["A", "u", "p", "Down", "Enter"] {
        app.key(&key(name));
    }
    while app.auto.is_some() {
        app.tick();
    }
    assert_eq!(app.game.segments(), 4_000);
    assert_eq!(
        app.token(),
        "A,B,A,B,A,...,B,A,B,A,B (4,000 segments, too long to print)"
    );
    assert!(app.commands().is_empty());
    assert!(app.commands_note().unwrap().contains("-o FILE"));
    app.token_file = Some("here".into());
    assert_eq!(
        app.commands(),
        [
            "miscount replay unsynced -t 2 -i 1000 --schedule @here",
            "miscount step unsynced -t 2 -i 1000 --schedule @here",
        ]
    );
    assert_eq!(app.commands_note(), None);
    app.key(&key("t"));
    let text = picture(&app, 120, 40, &ScreenTheme::new(false, false));
    assert!(text.contains("--schedule @here"), "{text}");
    assert!(text.contains("written to here"), "{text}");
    app.forced(Ok(Ending::Total(1_000)));
    let text = picture(&app, 120, 40, &ScreenTheme::new(false, false));
    assert!(text.contains("too long to print"), "{text}");
}

/// A game that is too long to begin with is still forced.
#[test]
fn a_command_that_would_be_refused_is_not_given() {
    let system = plain("unsynced", 2, 1_000_000);
    let about = GameInfo {
        arguments: "unsynced".into(),
        ..GameInfo::default()
    };
    let mut app = App::new(&system, about, None);
    app.game.play(0, Advance::Steps(500_000)).unwrap();
    assert_eq!(app.commands().len(), 2);
    app.game.play(0, Advance::Steps(1)).unwrap();
    assert_eq!(
        app.commands(),
        ["miscount replay unsynced --schedule A500001"]
    );
    assert_eq!(
        app.commands_note().unwrap(),
        "step begins with at most 500,000 steps; these are 500,001."
    );
}
