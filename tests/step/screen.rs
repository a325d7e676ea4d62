//! Every panel and everything that lies over them, as it looks.

use miscount::game::puzzle::{self, Score};
use miscount::model::{Ending, Goal};
use miscount::strategy::Settings;
use miscount::tui::{App, GameInfo, Overlay, ScreenTheme, draw};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Color;

use super::{app, gallery, picture, plain, press, race_app, settle, strategy, system_of, told};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 12)];

/// Holds the picture at every size to its snapshots.
fn shown(name: &str, app: &App<'_>) {
    for (width, height) in SIZES {
        let picture = picture(app, width, height, &ScreenTheme::new(false, false));
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), picture);
    }
}

#[test]
fn the_start() {
    let system = plain("unsynced", 2, 2);
    shown("start", &app(&system, "unsynced", 4));
}

#[test]
fn an_overwrite() {
    let system = plain("unsynced", 3, 2);
    let mut app = app(&system, "unsynced", 6);
    press(&mut app, "a B c a");
    shown("overwrite", &app);
}

#[test]
fn waiting_at_a_lock() {
    let system = plain("mutex-per-op", 3, 2);
    let mut app = app(&system, "mutex-per-op", 6);
    press(&mut app, "a a b");
    shown("waiting", &app);
}

#[test]
fn readers_and_a_writer_that_waits() {
    let split = Settings {
        split: true,
        ..Settings::default()
    };
    let system = strategy("rwlock", 3, 1, &split);
    let mut app = app(&system, "rwlock --split", 3);
    press(&mut app, "a b a a c c a");
    shown("readers", &app);
}

#[test]
fn waiting_for_a_variable_and_more_threads_than_fit() {
    let system = plain("spinlock", 7, 1);
    let mut app = app(&system, "spinlock", 7);
    press(&mut app, "6 7");
    shown("crowd", &app);
}

#[test]
fn folded_increments() {
    let system = plain("mutex-per-op", 2, 2);
    let mut app = app(&system, "mutex-per-op", 4);
    press(&mut app, "a x a b");
    shown("folded", &app);
}

#[test]
fn goals() {
    let system = plain("mutex-per-op", 2, 2);
    let mut app = app(&system, "mutex-per-op", 4);
    press(&mut app, "g Down");
    shown("goals", &app);
    // The impossible ones are the last.
    press(&mut app, "Up Up Up Up Up Enter h");
    shown("impossible", &app);
}

/// The instruction of the next step is never cut, whatever the size of a terminal with frames.
#[test]
fn the_next_instruction_is_shown_whole() {
    let system = system_of("aba");
    for width in [72, 80, 120] {
        let mut app = race_app("aba", &system);
        press(&mut app, "a a");
        let shown = picture(&app, width, 24, &ScreenTheme::new(false, false));
        let column = |line: &str| {
            line.split(['│', '┃'])
                .nth(1)
                .map(|text| text.trim().to_owned())
        };
        let text: Vec<_> = shown.lines().filter_map(column).collect();
        let text = text.join(" ");
        assert!(
            text.contains("2 _2 = compare_exchange top, node, below"),
            "{shown}"
        );
    }
}

/// Six schedules and one have the same chance: the panel says why.
#[test]
fn a_chance_that_surprises_is_explained_in_place() {
    let system = system_of("philosophers");
    let mut app = race_app("philosophers", &system);
    press(&mut app, "a b");
    let shown = picture(&app, 80, 24, &ScreenTheme::new(false, false));
    assert!(shown.contains("6 ways 50%"), "{shown}");
    assert!(shown.contains("Chance: each step"), "{shown}");
    // Alike where nothing is left to chance.
    press(&mut app, "c");
    let shown = picture(&app, 80, 24, &ScreenTheme::new(false, false));
    assert!(!shown.contains("Chance: each"), "{shown}");
}

#[test]
fn a_goal_out_of_reach() {
    let system = plain("unsynced", 2, 3);
    let mut app = app(&system, "unsynced", 6);
    app.game.set_goal(Some(Goal::total(2)));
    press(&mut app, "A");
    shown("lost", &app);
    press(&mut app, "u h");
    shown("hint", &app);
}

#[test]
fn the_end() {
    let system = plain("unsynced", 2, 2);
    let mut app = app(&system, "unsynced", 4);
    press(&mut app, "a B A");
    shown("end", &app);
    press(&mut app, "t");
    shown("token", &app);
    app.forced(Ok(Ending::Total(2)));
    shown("forced", &app);
    app.forced(Err("the threads cannot start".into()));
    shown("not_forced", &app);
    app.overlay = None;
    press(&mut app, "p");
    shown("play", &app);
    press(&mut app, "Esc ?");
    shown("help", &app);
}

/// A sample says that it is one, and shows the least and the correct total, drawn or not.
#[test]
fn too_many_states() {
    let system = plain("unsynced", 5, 6);
    let mut app = app(&system, "unsynced", 30);
    let text = picture(&app, 80, 24, &ScreenTheme::new(false, false));
    for part in [
        "sampled: 1,000 schedules",
        "    2       0% minimum",
        "   30       0% correct",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    shown("sampled", &app);
    press(&mut app, "A");
    shown("many", &app);
}

/// A puzzle that was solved before.
fn puzzle_about(name: &str) -> GameInfo {
    let mut about = told(name);
    about.puzzle.as_mut().unwrap().before = Some(Score {
        stars: 2,
        switches: 7,
    });
    about
}

#[test]
fn a_puzzle_from_its_story_to_its_lesson() {
    let (name, goal) = ("impatient-peterson", gallery("impatient-peterson").goal());
    let system = system_of(name);
    let mut app = App::new(&system, puzzle_about(name), goal);
    settle(&mut app);
    shown("puzzle", &app);
    press(&mut app, "Enter A B");
    shown("puzzle_lost", &app);
    press(&mut app, "u u");
    while !matches!(app.overlay, Some(Overlay::Solved(_))) {
        let thread = app.game.hint().unwrap();
        press(&mut app, ["a", "b"][thread.thread()]);
    }
    shown("puzzle_solved", &app);
    press(&mut app, "Enter t");
    shown("puzzle_token", &app);
}

#[test]
fn a_deadlock() {
    let (name, goal) = ("philosophers", gallery("philosophers").goal());
    let system = system_of(name);
    let mut app = App::new(&system, puzzle_about(name), goal);
    settle(&mut app);
    press(&mut app, "Enter a b c Enter");
    shown("deadlock", &app);
}

/// Source lines beside the steps, arrays, queues, semaphores, failures, and threads that spin.
#[test]
fn race_programs() {
    for (name, keys) in [
        ("bank", "a B"),
        ("if-instead-of-while", "a a a b b b c"),
        ("aba", "a a b b b"),
        ("philosophers", "a b a"),
        ("peterson", "a a a b b b"),
        ("naive-flags", "a b"),
        ("producer-consumer", "a a b"),
    ] {
        let system = system_of(name);
        let mut app = race_app(name, &system);
        press(&mut app, keys);
        shown(&format!("race_{name}"), &app);
    }
}

#[test]
fn a_failure_is_told_with_its_line() {
    let system = system_of("if-instead-of-while");
    let mut app = race_app("if-instead-of-while", &system);
    while !matches!(app.overlay, Some(Overlay::Solved(_))) {
        let thread = app.game.hint().unwrap();
        press(&mut app, ["a", "b", "c"][thread.thread()]);
    }
    press(&mut app, "Enter");
    shown("race_failed", &app);
    let text = picture(&app, 80, 24, &ScreenTheme::new(false, false));
    assert!(text.contains("assertion, line 19 "), "{text}");
}

#[test]
fn a_screen_that_is_too_small_says_so() {
    let system = plain("unsynced", 2, 2);
    let app = app(&system, "unsynced", 4);
    for (width, height) in [(39, 24), (80, 11), (20, 5), (1, 1)] {
        let picture = picture(&app, width, height, &ScreenTheme::new(false, false));
        let words = picture.split_whitespace().collect::<Vec<_>>().join(" ");
        if width >= 20 && height >= 5 {
            assert!(words.contains("step needs 40 × 12"), "{picture}");
        }
        assert!(!picture.contains("load"), "{picture}");
    }
}

#[test]
fn ascii_is_ascii() {
    for keys in ["a b A", "g", "p", "t", "?", "i", "x a"] {
        let system = plain("mutex-per-op", 3, 2);
        let mut app = app(&system, "mutex-per-op", 6);
        press(&mut app, keys);
        for (width, height) in SIZES {
            let picture = picture(&app, width, height, &ScreenTheme::new(true, true));
            assert!(picture.is_ascii(), "{picture}");
        }
    }
    let (name, goal) = ("lost-update", gallery("lost-update").goal());
    let system = system_of(name);
    let mut app = App::new(&system, puzzle_about(name), goal);
    press(&mut app, "Enter a B A");
    let picture = picture(&app, 80, 24, &ScreenTheme::new(true, true));
    assert!(picture.is_ascii() && picture.contains("***"), "{picture}");
}

#[test]
fn colours_are_blue_and_orange_or_none() {
    let system = plain("unsynced", 2, 2);
    let mut app = app(&system, "unsynced", 4);
    press(&mut app, "a B a");
    let colours = |coloured| {
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        let theme = ScreenTheme::new(coloured, false);
        terminal.draw(|frame| draw(frame, &app, &theme)).unwrap();
        let cells = terminal.backend().buffer().content().iter();
        let mut found: Vec<_> = cells.map(|cell| format!("{:?}", cell.fg)).collect();
        found.sort();
        found.dedup();
        found
    };
    let named = |colours: &[Color]| colours.iter().map(|c| format!("{c:?}")).collect::<Vec<_>>();
    assert_eq!(colours(false), named(&[Color::Reset]));
    assert_eq!(
        colours(true),
        named(&[Color::LightBlue, Color::Reset, Color::Yellow])
    );
}

/// Pressing Down shows whatever has no room at first.
fn scrolled_through(app: &mut App<'_>, (width, height): (u16, u16)) -> String {
    let mut seen = String::new();
    for _ in 0..60 {
        let picture = picture(app, width, height, &ScreenTheme::new(false, false));
        let lines = picture.lines().filter_map(|line| {
            let (_, rest) = line.split_once('┃')?;
            Some(rest.rsplit_once('┃')?.0.trim().to_owned())
        });
        // The last line is new with each key.
        let lines: Vec<_> = lines.collect();
        if seen.is_empty() {
            seen = lines.join(" ");
        } else if app.scroll.get() > 0 {
            seen += &format!(" {}", lines.last().unwrap());
        }
        let before = app.scroll.get();
        press(app, "Down");
        let _ = self::picture(app, width, height, &ScreenTheme::new(false, false));
        if app.scroll.get() == before {
            break;
        }
    }
    seen
}

#[test]
fn a_lesson_can_be_read_to_its_end_on_the_smallest_screen() {
    for name in puzzle::ALL {
        let (subject, system) = (gallery(name), system_of(name));
        let mut app = App::new(&system, puzzle_about(name), subject.goal());
        settle(&mut app);
        let story = scrolled_through(&mut app, (40, 12));
        // Words may be broken at hyphens.
        let words = |text: &str| text.split_whitespace().collect::<String>();
        assert!(
            words(&story).contains(&words(&subject.words.story)),
            "{story}"
        );
        app.overlay = Some(Overlay::Solved(Score {
            stars: 2,
            switches: 7,
        }));
        app.scroll.set(0);
        let lesson = scrolled_through(&mut app, (40, 12));
        assert!(
            words(&lesson).contains(&words(&subject.words.why)),
            "{lesson}"
        );
        assert!(lesson.contains("Esc: stay"), "{lesson}");
    }
}

#[test]
fn a_long_token_can_be_read_to_its_end() {
    let system = plain("unsynced", 2, 12);
    let mut app = app(&system, "unsynced", 24);
    for _ in 0..24 {
        press(&mut app, "a b");
    }
    press(&mut app, "t");
    let seen = scrolled_through(&mut app, (40, 12)).replace(' ', "");
    let token = app.game.schedule().to_string();
    assert_eq!(seen.matches(&token).count(), 3, "{seen}");
}

#[test]
fn totals_that_have_no_room_are_folded_and_not_left_out() {
    let system = plain("unsynced", 2, 10);
    let app = app(&system, "unsynced", 20);
    let picture = |size: (u16, u16)| picture(&app, size.0, size.1, &ScreenTheme::new(false, false));
    let text = picture((80, 24));
    assert!(!text.contains(" more"), "{text}");
    // The least has its own row, and its tiny chance its own column.
    for row in ["    2         8  <0.01%", "15-19", " 20 ", "correct"] {
        assert!(text.contains(row), "{row}\n{text}");
    }
    shown("folded_totals", &app);
    let tall = picture((120, 60));
    assert!(tall.contains("   11 "), "{tall}");
}

#[test]
fn stars_lost_to_a_hint_are_said_so() {
    let (name, goal) = ("lost-update", gallery("lost-update").goal());
    let system = system_of(name);
    let mut app = App::new(&system, puzzle_about(name), goal);
    settle(&mut app);
    press(&mut app, "Enter h a B A");
    let text = picture(&app, 80, 24, &ScreenTheme::new(false, false));
    assert!(text.contains("★★☆  At par, with a hint."), "{text}");
    assert!(text.contains("Switches: 2, par 2."), "{text}");
}

#[test]
fn the_welcome_names_keys_that_work() {
    for (threads, keys) in [
        (1, "a lets the thread step."),
        (2, "a or b lets a thread step."),
        (5, "a to e let a thread step."),
        (6, "1 to 6 let a thread step."),
        (9, "1 to 9 let a thread step."),
        (12, "1 to 9 let a thread step, Right and Space the others."),
    ] {
        let system = plain("atomic", threads, 1);
        let app = app(&system, "atomic", threads as u64);
        let said = &app.message.as_ref().unwrap().1;
        assert!(said.contains(keys), "{said}");
    }
}

#[test]
fn numbers_are_grouped_and_things_counted_by_one_are_singular() {
    let system = plain("unsynced", 1, 600);
    let mut app = app(&system, "unsynced", 1200);
    press(&mut app, "b");
    assert_eq!(
        app.message.as_ref().unwrap().1,
        "There is only one thread, A."
    );
    press(&mut app, "A");
    assert_eq!(
        app.message.as_ref().unwrap().1,
        "All threads are done: 600 instead of 1,200; 600 lost. u undoes."
    );
    let system = plain("atomic", 1, 9);
    let mut app = self::app(&system, "atomic", 9);
    press(&mut app, "A");
    let text = picture(&app, 80, 24, &ScreenTheme::new(false, false));
    // One step is shown, not counted.
    assert!(!text.contains("more step"), "{text}");
    assert_eq!(miscount::page::plural(1, "switch"), "1 switch");
    assert_eq!(miscount::page::plural(2000, "switch"), "2,000 switches");
}

/// What matters of the line below the title is there at every size.
#[test]
fn how_the_goal_stands_fits_on_the_smallest_screen() {
    let (name, goal) = ("impatient-peterson", gallery("impatient-peterson").goal());
    let system = system_of(name);
    let mut app = App::new(&system, puzzle_about(name), goal);
    settle(&mut app);
    press(&mut app, "Enter A");
    let text = picture(&app, 40, 12, &ScreenTheme::new(false, false));
    assert!(
        text.contains("\nOut of reach since step 6 (A); u undoes\n"),
        "{text}"
    );
    let system = plain("unsynced", 5, 2);
    let app = self::app(&system, "unsynced: 5 threads, 2 increments each", 10);
    let text = picture(&app, 40, 12, &ScreenTheme::new(false, false));
    assert!(text.contains(" (A to C shown)\n"), "{text}");
}

/// What the threads share is all there on the smallest screen, and that an increment is half done
/// in the narrowest panel.
#[test]
fn what_matters_is_not_cut_away() {
    let (name, goal) = ("impatient-peterson", gallery("impatient-peterson").goal());
    let system = system_of(name);
    let mut app = App::new(&system, puzzle_about(name), goal);
    press(&mut app, "Enter");
    let text = picture(&app, 40, 12, &ScreenTheme::new(false, false));
    assert!(
        text.contains("\nflag = 0, 0  turn = 0  counter = 0\ngiven_up = 0\n"),
        "{text}"
    );
    let system = plain("unsynced", 3, 2);
    let mut app = self::app(&system, "unsynced", 6);
    press(&mut app, "a x");
    let text = picture(&app, 80, 24, &ScreenTheme::new(false, false));
    assert!(text.contains("(half done) "), "{text}");
}

/// The word behind the colour has room, also beside a deadlock.
#[test]
fn which_total_is_correct_is_written_out() {
    for name in ["lost-wakeup", "two-locks", "philosophers", "lost-update"] {
        let (name, goal) = (name, gallery(name).goal());
        let system = system_of(name);
        let mut app = App::new(&system, puzzle_about(name), goal);
        press(&mut app, "Enter");
        let text = picture(&app, 80, 24, &ScreenTheme::new(false, false));
        assert!(text.contains(" correct"), "{name}\n{text}");
    }
}
